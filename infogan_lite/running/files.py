"""Files that are written whole or not at all, by one program at a time."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a temporary file beside the old one, then let it take its place.

    An interruption, a crash or a full disk leaves the one or the other, whole.  The mode is
    that of the old file, or follows the umask; a link stays, and what it points to is replaced.

    Raises:
        OSError: if that is not a place for a file, or the disk is full.
    """
    target = _target(path)
    temporary = target.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode) & 0o777)
        os.replace(temporary, target)
    except OSError as error:
        raise OSError(f"could not write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # it is gone if all went well
            temporary.unlink()


def try_place(path: str | Path) -> None:
    """Find out now whether ``write_whole`` will find its folder and may write there.

    Raises:
        OSError: if not, with the reason.
    """
    temporary = _target(path).with_name(f".{secrets.token_hex(6)}.part")
    try:
        open(temporary, "xb").close()
        temporary.unlink()
    except OSError as error:
        raise OSError(f"could not write {path}: {error.strerror or error}") from error


@contextmanager
def only_writer(path: str | Path) -> Iterator[None]:
    """Be the only program that writes a file; errors as ``take``."""
    lock = take(path)
    try:
        yield
    finally:
        let_go(lock)


def take(path: str | Path, again: bool = False) -> FileLock:
    """Become the only one that writes a file, until ``let_go`` or the end of the program.

    Args:
        path: which.
        again: whether this program may take it twice, as a notebook whose cell is run again.

    Raises:
        OSError: if another program is writing it, or it cannot be written.
    """
    try_place(path)
    target = _target(path)
    beside = target.with_name(f".{target.name[:200]}.lock")
    lock = FileLock(beside, thread_local=False, is_singleton=again)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise OSError(f"could not write {path}: another training is writing it now") from None
    return lock


def let_go(lock: FileLock) -> None:
    """The end of ``take``."""
    if lock.lock_counter == 1:
        with suppress(OSError):  # Windows removes no open file
            os.unlink(lock.lock_file)
    lock.release()


def _target(path: str | Path) -> Path:
    """The file behind a path, which need not be there yet."""
    target = Path(os.path.realpath(Path(path).expanduser()))
    try:
        str(target).encode()
    except UnicodeEncodeError:
        reason = "its name is not UTF-8, so nothing would read it again"
        raise OSError(f"could not write {path}: {reason}") from None
    try:
        os.lstat(target)
    except FileNotFoundError:
        return target
    except OSError as error:  # a name that is too long, for one
        raise OSError(f"could not write {path}: {error.strerror or error}") from error
    if not target.is_file():
        raise OSError(f"could not write {path}: there is something that is no regular file")
    if not os.access(target, os.W_OK):
        raise OSError(f"could not write {path}: the file there is read-only")
    return target
