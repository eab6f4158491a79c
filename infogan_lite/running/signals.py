"""What a signal does to a command: Ctrl-C, the end of a job and of a session end it alike."""

import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP"):  # not on Windows
    STOPS.append(signal.SIGHUP)


@contextmanager
def stoppable() -> Iterator[None]:
    """The end of a job or of a session is answered like Ctrl-C; warnings are one line each."""
    before = {number: signal.getsignal(number) for number in STOPS}
    for number in STOPS:
        if before[number] is not signal.SIG_IGN:  # under nohup a closed terminal is no reason
            signal.signal(number, signal.default_int_handler)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def no_more_signals() -> None:
    """What is kept now is not to be broken by a second Ctrl-C."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
