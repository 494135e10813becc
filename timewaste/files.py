"""Files: what one holds in a word, and writing so that nobody ever finds half of one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from timewaste.errors import StudyError


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: a kill or a full disk leaves the old file or none, never a half one.

    Raises `StudyError`, caused by the `OSError`, when the place cannot be written.
    """
    try:
        _write_and_swap(path, data)
    except OSError as error:
        raise StudyError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            mend="Choose with -o a file in a folder that exists and that you may write to.",
        ) from error


def _write_and_swap(path: Path, data: bytes) -> None:
    # A long name must not become too long by what is put around it.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # temporary files are private; a report is as public as any file
        Path(temporary).replace(path)
    except BaseException:  # an interrupt must not leave the temporary file either
        Path(temporary).unlink(missing_ok=True)
        raise


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
