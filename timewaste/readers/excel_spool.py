"""The rows of a workbook, read by a child process into a temporary file.

Knows rows and cells, not headers. Only the child opens workbooks: it may crash, hang or run out of memory.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers import children

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from timewaste.readers.children import Answer


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
            place = self.file.tell() if lines else None
            for line in lines:
                said = json.loads(line)
                if said[0] != sheet:
                    return
                yield said[1], said[2]


def run_worker(path: Path, relative: str, *, is_1904: bool = False, worker: str = "excel_worker.py") -> Spool:
    """Let the child `worker` write all rows to a temporary file, and return it.

    Raises `ReadError` xlsx/timeout, xlsx/unreadable, xlsx/crash or file/interrupted.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as its sheets
    try:
        answer = children.ask(worker, path, spool, is_1904=is_1904)
    except BaseException:
        spool.close()
        raise
    if "starts" not in answer.said:
        spool.close()
        raise _refusal(answer, relative)
    spool.seek(0)
    sheets = tuple((name, visible) for name, visible in json.loads(spool.readline()))
    return Spool(spool, sheets, {int(index): place for index, place in answer.said["starts"].items()})


def _refusal(answer: Answer, relative: str) -> ReadError:
    """Return the error for a workbook that gave no rows."""
    if answer.is_late:
        return ReadError(
            "xlsx/timeout",
            f"the workbook was not read within {children.TIME_LIMIT} seconds",
            where=relative,
            mend="Save the sheet with the list as CSV (UTF-8) and put that file in its place.",
        )
    if answer.is_ended:
        return ReadError(
            "file/interrupted",
            "the system ended the program that read the file, as it does when memory runs out",
            where=relative,
            mend="Close other programs and load again. If it happens again, save the list as CSV (UTF-8).",
        )
    refused = answer.said.get("refused")
    return ReadError(
        "xlsx/crash" if refused is None else "xlsx/unreadable",
        f"the workbook cannot be read: {shorten(refused or answer.why, 200)}",
        where=relative,
        mend="Open it in Excel and save it anew, or save the list as CSV (UTF-8).",
    )
