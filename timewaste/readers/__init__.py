"""Readers: a file of a known shape -> sheets with the RAW columns, text as typed, and where it stood.

Readers know files and header names, not dates, durations or activities: typing is the models' work.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.file_kind import detect_kind
from timewaste.readers.sheet import BATCH_COLUMNS, CsvScan, Sheet, Tally

if TYPE_CHECKING:
    from pathlib import Path

    from timewaste.config import SourceConfig

__all__ = ["BATCH_COLUMNS", "READERS", "CsvScan", "Sheet", "Tally", "dismiss", "open_file"]

READERS = {
    "csv": "text",
    "gzip": "archive",
    "html": "html",
    "ics": "ics",
    "json": "json_logs",
    "parquet": "parquet",
    "timewarrior": "timewarrior",
    "xes": "xes",
    "xlsx": "excel",
    "zip": "archive",
}
"""Format -> module of this package with `open_sheets(path, relative, source) -> list[Sheet]`; imported when needed."""


def open_file(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the tables of entries in a file, understood but not yet read; the format is told by the content.

    `relative` is the path below `logs/`, as messages and `[[source]]` blocks name it. Raises `ReadError` when
    the file as a whole cannot be read or is not understood.
    """
    try:
        module = import_module(f"{__name__}.{READERS[detect_kind(path, relative)]}")
        sheets: list[Sheet] = module.open_sheets(path, relative, source)
    except OSError as error:
        raise ReadError(
            "file/unreadable",
            f"cannot be read: {error.strerror}",
            where=relative,
            mend="Check that it is still there.",
        ) from None
    return sheets


def dismiss() -> None:
    """Let go of what is kept running from one file to the next; call it when all are read."""
    if children := sys.modules.get(f"{__name__}.children"):
        children.dismiss()
