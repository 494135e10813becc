"""Files: what one holds in a word, and writing so that nobody ever finds half of one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from timewaste.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "timewaste-unpacked-"
_JUST_MADE = 60
FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
"""How the system says that there is no room: on the disk, for a file of this size, or for this user."""


def fault_of_machine(error: BaseException) -> StudyError | None:
    """Return what to tell of an error that is neither ours nor a file's: a full disk, no place for temporary files."""
    if not isinstance(error, OSError):
        return None
    if error.errno in FULL:
        return StudyError(
            "the disk is full", where=str(error.filename or ""),
            mend="Free some space, or set TMPDIR to a folder on another disk; no load is kept in part.",
        )  # fmt: skip
    if error.errno == errno.ENOENT and "temporary directory" in str(error):
        return StudyError(
            "no folder for temporary files can be written to", mend="Set TMPDIR to a folder that you may write to."
        )
    return None


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: a kill or a full disk leaves the old file or none, never a half one.

    Raises `StudyError`, caused by the `OSError`, when the place cannot be written.
    """
    with atomic_file(path) as stream:
        stream.write(data)


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """Open what becomes the file at `path` once all is written; until then, and after a failure, the old one stands.

    Raises `StudyError`, caused by the `OSError`, when the place cannot be written.
    """
    try:
        with _written_and_swapped(path) as stream:
            yield stream
    except OSError as error:
        raise StudyError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            mend="Free some space."
            if error.errno in FULL
            else "Choose with -o a file in a folder that exists and that you may write to.",
        ) from error


@contextmanager
def _written_and_swapped(path: Path) -> Iterator[IO[bytes]]:
    # A long name must not become too long by what is put around it.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # temporary files are private; a report is as public as any file
        Path(temporary).replace(path)
        _settle(path.parent)
    except BaseException:  # an interrupt must not leave the temporary file either
        Path(temporary).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Make the new name of a file outlast a power cut, where the system has a way to say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def private_files() -> Iterator[None]:
    """Let what is made meanwhile be readable by its owner alone, whoever makes it, where the system knows owners."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def keep_private(path: Path) -> None:
    """Close a file to all but its owner; a file of somebody else, or a disk without owners, stays as it is."""
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & 0o077:
            path.chmod(mode & 0o700)


class PrivateFolder:
    """A folder beside other temporary files, readable by nobody else; removed with the object, or with the process.

    A killed process leaves its folder behind: whoever makes or clears one next removes it. A folder that is in use is
    known by its lock, which ends with the process.
    """

    def __init__(self) -> None:
        """Make the folder."""
        clear_abandoned_folders()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        handle = _locked(self.path)
        self.remove = weakref.finalize(self, _remove, self.path, handle)


def clear_abandoned_folders() -> None:
    """Remove the private folders of processes that are no more."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            stat = path.lstat()
            is_new = (
                abs(time.time() - stat.st_mtime) < _JUST_MADE
            )  # perhaps not locked yet; the clock may have been set back
            if is_new or stat.st_uid != os.getuid() or not path.is_dir() or path.is_symlink():
                continue
            handle = _locked(path)
        except (OSError, AttributeError):  # in use, or a system without users and locks of this kind
            continue
        _remove(path, handle)


def _locked(folder: Path) -> int | None:
    """Return a handle that holds the folder's lock. Raises `BlockingIOError` when another process holds it."""
    try:
        import fcntl
    except ImportError:  # where there are no such locks, folders left behind are the system's to clear
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _remove(folder: Path, handle: int | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if handle is not None:
        os.close(handle)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
