"""Where the slot grids of a worksheet stand: their header, their rows, what belongs to none. Knows no entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.readers.excel_days import Day, day_cells
from timewaste.readers.excel_sheet import (
    TITLE_ROWS,
    address,
    cell_at,
    is_total_text,
    title_text,
    told_rep,
)
from timewaste.readers.excel_slots import Mark, mark
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet

BLOCK_ROWS = 2_000
_HOUR = re.compile(r"[01]?\d|2[0-3]")
_MINUTE = re.compile(r"0?0|0?5|[1-5][05]")
CELL_FIELDS = ("label", "code", "account", "opportunity", "stage", "channel", "notes", "rework", "waiting_on")


class DayColumn(NamedTuple):
    """A day across the grid: its header, and the column of each field that its cells hold."""

    day: Day
    fields: Mapping[str, int]


@dataclass(slots=True)
class Block:
    """One table of slots: the row of its header, what stood above it, and its rows.

    `has_minutes`: the hour stands once, in the column of times, and the minutes beside it; `hour` is the last one.
    """

    line: int
    titles: list[str]
    rep: str
    time_column: int
    end_column: int
    days: dict[int, DayColumn]
    has_minutes: bool = False
    hour: str = ""
    rows: dict[int, Sequence[str]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)


class Frame(NamedTuple):
    """Where a grid begins: the row of the days and the last row of its header, its days and its column of times.

    `has_minutes`: hours stand in the column of times and minutes in that of the ends.
    """

    line: int
    last_line: int
    days: dict[int, DayColumn]
    time_column: int
    end_column: int
    has_minutes: bool = False


# ------------------------------------------------------------- recognition


def find_frame(rows: Sequence[tuple[int, Sequence[str]]]) -> Frame | None:
    """Return the header of a grid among rows, or None: days across, and at least three clock times down beside them."""
    for place, (line, cells) in enumerate(rows):
        days = day_cells(cells)
        if not days:
            continue
        under = rows[place + 1 :]
        second = day_cells(under[0][1]) if under else {}
        if second and len(second.keys() & days.keys()) * 2 > len(days):
            days, under = _joined(days, second), under[1:]
        names = under[0][1] if under else ()
        columns, has_names = _day_columns(days, names)
        if has_names:
            under = under[1:]
        found = _time_columns(under[:40], min(days))
        if found and mark(line, cell_at(cells, found[0])) is None:
            last = (under[0][0] - 1) if under else line
            return Frame(line, last, columns, *found)
        hours = _hour_column(under[:40], min(days))
        if hours >= 0:
            last = (under[0][0] - 1) if under else line
            return Frame(line, last, columns, hours, hours + 1, has_minutes=True)
    return None


def _joined(days: Mapping[int, Day], second: Mapping[int, Day]) -> dict[int, Day]:
    """Unite a row of weekdays with a row of dates."""
    made = {}
    for column in sorted(days.keys() | second.keys()):
        one, other = days.get(column), second.get(column)
        if one and other:
            text = f"{one.text} {other.text}"
            made[column] = Day(text, one.weekday or other.weekday, one.parts or other.parts)
        elif one or other:
            made[column] = one or other  # type: ignore[assignment]
    return made


def _day_columns(days: Mapping[int, Day], names: Sequence[str]) -> tuple[dict[int, DayColumn], bool]:
    """Return the fields of each day's columns, where a second header row names them below the days."""
    order = sorted(days)
    ends = [*order[1:], (order[-1] + (order[1] - order[0])) if len(order) > 1 else order[-1] + len(CELL_FIELDS)]
    made = {}
    for column, end in zip(order, ends, strict=True):
        fields: dict[str, int] = {}
        for at in range(column, end):
            name = known_names().get(plain(cell_at(names, at)), ("", 0))[0]
            if name in CELL_FIELDS:
                fields.setdefault(name, at)
        if "label" not in fields:
            return {column: DayColumn(days[column], {"label": column}) for column in order}, False
        made[column] = DayColumn(days[column], {"label": fields.pop("label"), **fields})
    return made, True


def _time_columns(rows: Sequence[tuple[int, Sequence[str]]], first_day: int) -> tuple[int, int] | None:
    """Return the column of clock times left of the days, and that of their ends (-1 for none)."""
    for column in range(first_day):
        texts = [text for _, cells in rows if (text := cell_at(cells, column))]
        marks = [mark(0, text) for text in texts]
        if len(marks) >= 3 and all(marks[:3]) and sum(one is not None for one in marks) * 3 >= 2 * len(marks):
            next_ones = [mark(0, cell_at(cells, column + 1)) for _, cells in rows if mark(0, cell_at(cells, column))]
            return column, column + 1 if column + 1 < first_day and all(next_ones) else -1
    return None


def _hour_column(rows: Sequence[tuple[int, Sequence[str]]], first_day: int) -> int:
    """Return the column of hours that stand once each, with their quarters or halves in the next one; -1 if none."""
    for column in range(first_day - 1):
        pairs = [(cell_at(cells, column), cell_at(cells, column + 1)) for _, cells in rows]
        table = list(takewhile(lambda pair: _HOUR.fullmatch(pair[0] or "0") and _MINUTE.fullmatch(pair[1]), pairs))
        hours = [int(hour) for hour, _ in table if hour]
        minutes = {int(minute) for _, minute in table}
        if len(table) >= 3 and table[0][0] and hours == sorted(hours) and 0 in minutes and len(minutes) > 1:
            return column
    return -1


# ----------------------------------------------------------------- reading


def find_blocks(worksheet: Worksheet, frame: Frame, outside: list[str]) -> Iterator[Block]:
    """Yield the tables of the sheet in turn; `outside` gets the cells that belong to none."""
    block: Block | None = None
    titles: list[str] = []
    rep = ""
    rows = _peeked(worksheet)
    for number, cells, ahead in rows:
        if number <= frame.last_line and number != frame.line:
            titles.append(title_text(cells))
            del titles[:-TITLE_ROWS]
            rep = told_rep(cells) or rep
            continue
        found = frame if number == frame.line else find_frame([(number, cells), *ahead]) if day_cells(cells) else None
        if found and found.line == number:
            if block:
                yield block
            block = Block(number, list(titles), rep, *found[3:5], found.days, has_minutes=found.has_minutes)
            last, titles = found.last_line, []
        elif block is None or number <= last:
            continue
        elif not _take(block, number, cells, worksheet):
            rep = told_rep(cells) or rep
            titles.append(title_text(cells))
            del titles[:-TITLE_ROWS]
            _note_outside(block, number, cells, outside)
        else:
            titles = []
            _note_outside(block, number, cells, outside)
    if block:
        yield block


def _peeked(worksheet: Worksheet) -> Iterator[tuple[int, list[str], list[tuple[int, list[str]]]]]:
    """Yield the rows with up to ten that follow each."""
    held: list[tuple[int, list[str]]] = []
    for row in worksheet.rows():
        held.append(row)
        if len(held) > 10:
            yield *held[0], held[1:]
            held.pop(0)
    while held:
        yield *held[0], held[1:]
        held.pop(0)


def _take(block: Block, number: int, cells: Sequence[str], worksheet: Worksheet) -> bool:
    """Add a row to the block: one that names a time, or one between two that do."""
    text = cell_at(cells, block.time_column)
    end = cell_at(cells, block.end_column) if block.end_column >= 0 else ""
    if block.has_minutes and _MINUTE.fullmatch(end):
        block.hour = text or block.hour
        text, end = (f"{block.hour}:{end:0>2}" if _HOUR.fullmatch(block.hour) else ""), ""
    found = mark(number, text, end)
    if found:
        block.marks.append(found)
    elif text or is_total_text(next(filter(str.strip, cells), "")) or not _has_cells(block, cells):
        return False
    block.rows[number] = cells
    if len(block.rows) > BLOCK_ROWS:
        raise ReadError(
            "xlsx/too-many-slots",
            f"more than {BLOCK_ROWS} rows of slots below row {block.line}",
            where=worksheet.place,
            mend="A day has 1,440 minutes. Split the sheet, a week in each block with its days above it.",
        )
    return True


def _has_cells(block: Block, cells: Sequence[str]) -> bool:
    return any(cell_at(cells, at) for one in block.days.values() for at in one.fields.values())


def _note_outside(block: Block, number: int, cells: Sequence[str], outside: list[str]) -> None:
    """Note cells beside and below the slots that hold something, unless they are titles or sums."""
    used = {block.time_column, block.end_column}
    used |= {at for one in block.days.values() for at in one.fields.values()}
    if number not in block.rows:
        used = set()
        if len([cell for cell in cells if cell.strip()]) <= 2 or is_total_text(next(filter(str.strip, cells), "")):
            return
    if len(outside) < 1000:
        outside += [address(number, at) for at, cell in enumerate(cells) if cell.strip() and at not in used]
