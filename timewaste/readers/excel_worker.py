"""The child process that opens workbooks: started by file name, imports nothing of the package, may die.

A 2 KB workbook can make the parser abort the process, so nobody else opens one. Reads the path from the
command line and writes JSON lines: first the sheets (name, visible), then for every row that is not empty
[sheet index, row number, cells], where cells are canonical texts and a flag per odd cell.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEMORY_LIMIT = 4 << 30
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def main(path: str) -> int:
    """Write the sheets and rows of the workbook to standard output."""
    _limit_memory()
    import python_calamine

    try:
        book = python_calamine.load_workbook(path)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        sys.stderr.write(str(error))
        return 4
    sheets = [
        [m.name, m.visible == python_calamine.SheetVisibleEnum.Visible]
        for m in book.sheets_metadata
        if m.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    out = sys.stdout
    out.write(json.dumps({"sheets": sheets}) + "\n")
    for index, (name, _) in enumerate(sheets):
        for number, cells in _rows(book.get_sheet_by_name(name)):
            out.write(json.dumps([index, number, cells], ensure_ascii=True, separators=(",", ":")) + "\n")
    out.write('"end"\n')
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:
        return
    pad = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [KINDS[type(cell)](cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, pad + cells


def number_text(value: float) -> str:
    """Return a number as text: without a point when it is whole."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def stamp_text(value: dt.datetime) -> str:
    """Return date and time, rounded to the second; a time of 24 h or more counts from the epoch as a duration."""
    if value.microsecond:
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    if value.year <= 1900:
        return span_text(value - dt.datetime(1899, 12, 31 if value < dt.datetime(1900, 3, 1) else 30))
    if value.hour == value.minute == value.second == 0:
        return value.date().isoformat()
    return f"{value.date().isoformat()} {clock_text(value.time())}"


def clock_text(value: dt.time) -> str:
    """Return hh:mm, with seconds only where there are some."""
    seconds = value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def span_text(value: dt.timedelta) -> str:
    """Return a duration as H:MM:SS, also over 24 hours and below zero."""
    seconds = round(value.total_seconds())
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def plain_text(value: str) -> str:
    """Return text with Excel's escapes of control characters resolved: _x000D_ is a line end."""
    if "_x" not in value:
        return value
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value).replace("\r\n", "\n").replace("\r", "\n")


KINDS: dict[type, Callable[[Any], str]] = {
    str: plain_text,
    float: number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: stamp_text,
    dt.time: clock_text,
    dt.timedelta: span_text,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
