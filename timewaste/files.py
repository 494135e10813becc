"""Writing files so that nobody ever finds half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from timewaste.errors import StudyError


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: a kill or a full disk leaves the old file or none, never a half one.

    Raises `StudyError` when the place cannot be written.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = stream.name
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # temporary files are private; a report is as public as any file
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise StudyError(
            f"cannot be written: {error.strerror}", where=str(path), mend="Choose another place with -o."
        ) from None
