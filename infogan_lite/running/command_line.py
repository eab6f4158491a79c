"""The command line: python -m infogan_lite train | evaluate | traverse | explore | report | sweep.

The options of ``train`` and ``sweep`` are the fields of ``Settings``; ``--help`` lists them.
"""

import os
import sys
from typing import Annotated, NoReturn, Union

import tyro

import infogan_lite
from infogan_lite.history import TrainingDiverged
from infogan_lite.running.commands.look import Evaluate, Explore, Report, Traverse
from infogan_lite.running.commands.options import Start
from infogan_lite.running.commands.sweep import Sweep
from infogan_lite.running.commands.train import Begin, Train
from infogan_lite.running.distributed import LostProcess
from infogan_lite.running.signals import stoppable

ABOUT = """Train an InfoGAN on digits or on your own pictures, and see what its codes do.

    python -m infogan_lite train --data my-pictures --out mine.safetensors
    python -m infogan_lite explore mine.safetensors

Each command has options of its own: python -m infogan_lite train --help lists them."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a mistake ends with one line on stderr and the exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file's name need not be UTF-8
    if (sys.argv[1:] if arguments is None else arguments) == ["--version"]:
        print(f"infogan_lite {infogan_lite.__version__}")
        return
    try:
        with stoppable():
            command(arguments)()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except (ValueError, TypeError, OSError, TrainingDiverged) as error:
        say(error)
    except MemoryError:
        say(MemoryError("there is not enough memory"))
    except RuntimeError as error:  # of no class of its own: torch's on a CPU, pathlib's on ~nobody
        if "memory" not in str(error) and "home directory" not in str(error):
            raise
        say(error)


Command = Train | Evaluate | Traverse | Explore | Report | Sweep


def command(arguments: list[str] | None) -> Command:
    """What the arguments ask for."""
    given = sys.argv[1:] if arguments is None else arguments
    for name in ("--seeds", "--vary"):  # each a list, of which all but the last would be lost
        if (n := [text.partition("=")[0] for text in given].count(name)) > 1:
            raise ValueError(f"{name} is given {n} times: give it once, with all its values")
    # Data and preset come first: they say what the other options are changes of.
    asked = not {"-h", "--help"} & set(given)
    kinds = {"train": (Begin, Train), "sweep": (Start, Sweep)}
    defaults = {name: whole() for name, (_, whole) in kinds.items()}
    if asked and given and given[0] in kinds:
        part, whole = kinds[given[0]]
        first, _ = tyro.cli(part, args=given, return_unknown_args=True, add_help=False)
        defaults[given[0]] = whole(**first.defaults())
    commands = Union[  # noqa: UP007
        Annotated[Train, tyro.conf.subcommand("train", default=defaults["train"])],
        Annotated[Evaluate, tyro.conf.subcommand("evaluate")],
        Annotated[Traverse, tyro.conf.subcommand("traverse")],
        Annotated[Explore, tyro.conf.subcommand("explore")],
        Annotated[Report, tyro.conf.subcommand("report")],
        Annotated[Sweep, tyro.conf.subcommand("sweep", default=defaults["sweep"])],
    ]
    return tyro.cli(commands, args=given, prog="python -m infogan_lite", description=ABOUT)


def say(error: Exception) -> NoReturn:
    """One line on stderr.  Of several processes the first in trouble gets here, or all alike."""
    alike = 0 < _number("RANK") < _number("WORLD_SIZE") and not hasattr(error, "__notes__")
    if not alike or isinstance(error, LostProcess):
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
    raise SystemExit(2) from None


def _number(name: str) -> int:
    """What torchrun sets; 0 for all else, also for what ``processes`` refuses."""
    text = os.environ.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


if __name__ == "__main__":
    main()
