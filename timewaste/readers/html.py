"""Tables of an HTML page, as many systems export them under the name .xls: read as worksheets of texts.

A child process parses the page (`html_worker`); what a table means is told as in any workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.excel import sheets_of
from timewaste.readers.excel_spool import run_worker
from timewaste.readers.excel_zip import Book

if TYPE_CHECKING:
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Sheet

MAX_FILE = 128 << 20
_SAVE_AS = "Open it in Excel, save it as .xlsx or as CSV (UTF-8), and put that file in its place."


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the tables of the page that are logs. Raises `ReadError`: file/html where none is, or as worksheets do."""
    if (size := path.stat().st_size) > MAX_FILE:
        raise ReadError("file/html", f"an HTML page of {size >> 20} MB", where=relative, mend="Export the list as CSV.")
    try:
        spool = run_worker(path, relative, worker="html_worker.py")
    except ReadError as error:
        if error.code == "file/interrupted":  # no fault of the page
            raise
        raise ReadError(
            "file/html", f"an HTML page that cannot be read: {error.what}", where=relative, mend=_SAVE_AS
        ) from None
    if not spool.sheets:
        raise ReadError(
            "file/html", "this is an HTML page without a table, not a log", where=relative,
            mend="Often this is the page that asks for a password: export the log again.",
        )  # fmt: skip
    try:
        return sheets_of(spool, "html", Book(), relative, source)
    except ReadError as error:
        if error.code != "xlsx/no-header":
            raise
        raise ReadError(
            "file/html", f"this is an HTML page, and no table on it is a log: {error.what}", where=error.where,
            mend=error.mend,
        ) from None  # fmt: skip
