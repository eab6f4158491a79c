"""The command line of all experiments: python -m benchmarks [NAME[:PART] ...] [options]"""

import sys

from benchmarks.experiments import listing


def main() -> None:
    """List what there is; torch and the rest are loaded only if there is more to do."""
    if len(sys.argv) == 1:
        print(listing())
        return
    import tyro

    from benchmarks import runner
    from benchmarks.options import Options

    runner.main(tyro.cli(Options, prog="python -m benchmarks"))


if __name__ == "__main__":
    main()
