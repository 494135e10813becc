"""Files: what one holds in a word, and writing so that nobody ever finds half of one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from timewaste.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            mend="Choose with -o a file in a folder that exists and that you may write to.",
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
    except BaseException:  # an interrupt must not leave the temporary file either
        Path(temporary).unlink(missing_ok=True)
        raise


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex. Raises `StudyError` when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path), mend="Check the file.") from None
