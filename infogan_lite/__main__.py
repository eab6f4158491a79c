"""python -m infogan_lite: the command line."""

from infogan_lite.running.command_line import main

if __name__ == "__main__":
    main()
