"""What the child process does with a workbook (`child_main`): its sheets, and their rows as canonical texts.

A 2 KB workbook can make the parser abort the process.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from timewaste.readers.child_main import Blocks

MEMORY_LIMIT = 4 << 30
EPOCH_1900 = dt.datetime(1899, 12, 31)  # noqa: DTZ001 - wall clock; serial 1 is 1900-01-01
EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_PERIOD = re.compile(r"(-?)PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.\d+)?S)?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write_tables(path: Path, said: Mapping[str, Any], blocks: Blocks) -> dict[int, int]:
    """Write the sheets and their rows, and return where each sheet's begin. Raises `OSError` or `ValueError`."""
    import python_calamine

    epoch = EPOCH_1904 if said["is_1904"] else EPOCH_1900
    try:
        with path.open("rb") as stream:  # by content: what the file is called says nothing
            return _write(python_calamine.load_workbook(stream), epoch, blocks)
    except python_calamine.CalamineError as error:
        raise ValueError(str(error)) from None


def _write(book: CalamineWorkbook, epoch: dt.datetime, blocks: Blocks) -> dict[int, int]:
    import python_calamine

    sheets = [
        (m.name, m.visible == python_calamine.SheetVisibleEnum.Visible)
        for m in book.sheets_metadata
        if m.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    kinds = {**KINDS, dt.datetime: lambda value: stamp_text(value, epoch)}
    blocks.line(sheets)
    starts = {}
    for index, (name, _) in enumerate(sheets):
        starts[index] = blocks.place
        for number, cells in _rows(book.get_sheet_by_name(name), kinds):
            blocks.line((index, number, cells))
    return starts


def _rows(sheet: CalamineSheet, kinds: dict[type, Callable[[Any], str]]) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:
        return
    pad = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [kinds[type(cell)](cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, pad + cells


def number_text(value: float) -> str:
    """Return a number as text: without a point when it is whole."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def stamp_text(value: dt.datetime, epoch: dt.datetime = EPOCH_1900) -> str:
    """Return date and time, rounded to the second; within a year of the epoch it is a duration."""
    if value.microsecond:
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    if value < epoch + dt.timedelta(days=366):
        return span_text(value - epoch)
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
        return value if value[:2] not in {"PT", "-P"} else _period_text(value)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value).replace("\r\n", "\n").replace("\r", "\n")


def _period_text(value: str) -> str:
    """Return a span of over a day, which an .ods file gives as PT30H00M00S, as H:MM:SS."""
    match = _PERIOD.fullmatch(value)
    if not match or not any(match.groups()[1:]):
        return value
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    sign = -1 if match[1] else 1
    return span_text(sign * dt.timedelta(seconds=hours * 3600 + minutes * 60 + seconds))


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
