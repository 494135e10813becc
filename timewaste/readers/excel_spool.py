"""The rows of a workbook, read by a child process into a temporary file.

Knows rows and cells, not headers. Only the child opens workbooks: it may crash, hang or run out of memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIME_LIMIT = 120
UNREADABLE = 4  # the worker's exit code for a workbook that its parser refuses


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Spool:
    """The rows of a workbook as the child wrote them, in a temporary file that vanishes when closed."""

    file: IO[bytes]
    sheets: tuple[tuple[str, bool], ...]
    starts: Mapping[int, int]

    def __post_init__(self) -> None:
        """Close the file when nobody holds the rows any more."""
        weakref.finalize(self, self.file.close)

    def rows(self, sheet: int) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells of the sheet's rows that are not empty."""
        place = self.starts.get(sheet)
        while place is not None:
            self.file.seek(place)  # another sheet may have been read meanwhile
            lines = self.file.readlines(1 << 20)
            place = self.file.tell()
            for line in lines:
                said = json.loads(line)
                if said == "end" or said[0] != sheet:
                    return
                yield said[1], said[2]


def run_worker(path: Path, relative: str, *, is_1904: bool = False, worker: str = "excel_worker.py") -> Spool:
    """Let the child `worker` write all rows to a temporary file, and return it.

    Raises `ReadError` xlsx/timeout, xlsx/unreadable or xlsx/crash.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as its sheets
    try:
        return _fill(spool, path, relative, [worker, *(["1904"] if is_1904 else [])])
    except BaseException:
        spool.close()
        raise


def _fill(spool: IO[bytes], path: Path, relative: str, said: list[str]) -> Spool:
    worker, *options = said
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell
            [sys.executable, "-P", str(Path(__file__).with_name(worker)), str(path), *options],
            stdin=subprocess.DEVNULL,
            stdout=spool,
            stderr=subprocess.PIPE,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReadError(
            "xlsx/timeout",
            f"the workbook was not read within {TIME_LIMIT} seconds",
            where=relative,
            mend="Save the sheet with the list as CSV (UTF-8) and put that file in its place.",
        ) from None
    spool.seek(0)
    try:
        sheets = json.loads(spool.readline())["sheets"]
        return Spool(spool, tuple((name, visible) for name, visible in sheets), _starts(spool))
    except (ValueError, KeyError, TypeError):
        tail = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = tail[-1] if tail else f"the reader stopped with code {done.returncode}"
        raise ReadError(
            "xlsx/unreadable" if done.returncode == UNREADABLE else "xlsx/crash",
            f"the workbook cannot be read: {shorten(why, 200)}",
            where=relative,
            mend="Open it in Excel and save it anew, or save the list as CSV (UTF-8).",
        ) from None


def _starts(spool: IO[bytes]) -> dict[int, int]:
    """Return where the rows of each sheet begin. Raises `ValueError` if the child did not finish."""
    starts: dict[int, int] = {}
    last, place = b"", spool.tell()
    while line := spool.readline():
        index = line.partition(b",")[0]
        if line.startswith(b'"end"'):
            return starts
        if index != last:
            starts[int(index[1:])], last = place, index
        place += len(line)
    raise ValueError("cut off")
