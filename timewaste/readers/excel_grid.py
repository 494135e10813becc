"""The slot grid: clock times down, days across, in each cell what was done; weeks may follow below each other.

A record is what stands in one place: a run of equal cells in adjacent slots of a day, or a merged cell over several,
is one record and one entry. An empty slot is no record. The notes tell how many slots there were.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.columns import known_names
from timewaste.readers.excel_days import Day, Unclear, day_cells, resolve
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    address,
    asked,
    cell_at,
    cell_rule,
    is_total_text,
    no_rep,
    shown,
    title_text,
    told_rep,
)
from timewaste.readers.excel_slots import DAY, Mark, Slot, mark, slots
from timewaste.readers.layout import Told, plain
from timewaste.readers.told import told_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Sheet, Tally

BLOCK_ROWS = 2_000
TITLE_ROWS = 20
CELL_FIELDS = ("label", "code", "account", "opportunity", "stage", "channel", "notes", "rework", "waiting_on")
DITTO = {'"', "''", "\u201d", "\u3003", "\u2033", "\u2193", "|", "dito", "ditto", "dto", "dto."}


class DayColumn(NamedTuple):
    """A day across the grid: its header, and the column of each field that its cells hold."""

    day: Day
    fields: Mapping[str, int]


@dataclass(slots=True)
class Block:
    """One table of slots: the row of its header, what stood above it, and its rows."""

    line: int
    titles: list[str]
    rep: str
    time_column: int
    end_column: int
    days: dict[int, DayColumn]
    rows: dict[int, Sequence[str]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)


class Frame(NamedTuple):
    """Where a grid begins: the row of the days and the last row of its header, its days and its column of times."""

    line: int
    last_line: int
    days: dict[int, DayColumn]
    time_column: int
    end_column: int


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


# ----------------------------------------------------------------- reading


def open_grid(worksheet: Worksheet, frame: Frame, notes: Sequence[Issue], *, rep: str = "") -> Sheet:
    """Return the grid as a sheet. `rep` is whose it is where no title names one.

    Raises `ReadError` (xlsx/…) for days, slots or a rep that nothing tells: every block is looked at before.
    """
    told: dict[str, tuple[int, str]] = {}
    outside: list[str] = []
    seen: dict[tuple[str, dt.date], int] = {}
    total = entries = 0
    for block in _blocks(worksheet, frame, outside):
        dates, why = _dates(worksheet, block)
        if (block.rep, min(dates.values())) in seen:
            line = seen[block.rep, min(dates.values())]
            raise asked(worksheet, Unclear(f"these days stand above row {line} already", ""), block.line)
        seen[block.rep, min(dates.values())] = block.line + 1
        told.setdefault("xlsx/days_told", (block.line, why))
        if not (rep or block.rep or worksheet.source.rep):
            raise no_rep(worksheet, line=block.line, others=len(worksheet.spool.sheets) > 1)
        if block.rep and not worksheet.source.rep:
            told.setdefault("xlsx/rep_told", (block.line, block.rep))
        for said in _entries(worksheet, block, dates, ""):
            entries += 1
            total += said.slots
    told["xlsx/slots"] = (frame.line, f"{total} slots in {entries} entries")
    if outside:
        told["xlsx/outside_table"] = (frame.line, f"{len(outside)} cells, the first {outside[0]}")
    made = [Issue(line, "", rule, shorten(text, 120), "noted") for rule, (line, text) in told.items()]

    def rows(_tally: Tally) -> Iterator[tuple[int, int, Told]]:
        for block in _blocks(worksheet, frame, []):
            dates, _ = _dates(worksheet, block)
            whose = "" if worksheet.source.rep else block.rep or rep
            for said in _entries(worksheet, block, dates, whose):
                yield said.line, said.part, said.told

    days = list(frame.days.values())
    header = next((cells for number, cells in worksheet.rows() if number == frame.line), [])
    return told_sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format="xlsx",
        layout="slot grid",
        rows=rows,
        columns={
            "start_text": cell_at(header, frame.time_column) or address(frame.line, frame.time_column),
            "date_text": f"{days[0].day.text} … {days[-1].day.text}",
            "label": "the cells below the days",
        },
        headers=tuple(header),
        header_line=frame.line,
        notes=(*notes, *made, *worksheet.notes(frame.line)),
        rep_default="" if worksheet.source.rep else rep,
        line_span=LINE_SPAN,
    )


def _dates(worksheet: Worksheet, block: Block) -> tuple[dict[int, dt.date], str]:
    try:
        return resolve({column: one.day for column, one in block.days.items()}, worksheet.around(block.titles))
    except Unclear as unclear:
        raise asked(worksheet, unclear, block.line) from None


def _blocks(worksheet: Worksheet, frame: Frame, outside: list[str]) -> Iterator[Block]:
    """Yield the tables of the sheet in turn; `outside` gets the cells that belong to none."""
    block: Block | None = None
    titles: list[str] = []
    rep = ""
    rows = _peeked(worksheet)
    for number, cells, ahead in rows:
        if number <= frame.last_line and number != frame.line:
            titles.append(title_text(cells))
            rep = told_rep(cells) or rep
            continue
        found = frame if number == frame.line else find_frame([(number, cells), *ahead]) if day_cells(cells) else None
        if found and found.line == number:
            if block:
                yield block
            block = Block(number, titles[-TITLE_ROWS:], rep, found.time_column, found.end_column, found.days)
            last, titles = found.last_line, []
        elif block is None or number <= last:
            continue
        elif not _take(block, number, cells, worksheet):
            rep = told_rep(cells) or rep
            titles.append(title_text(cells))
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


# ----------------------------------------------------------------- entries


class _Said(NamedTuple):
    line: int
    part: int
    slots: int
    told: Told


@dataclass(slots=True)
class _Run:
    """Adjacent slots that say the same."""

    first: Slot
    end: int
    values: tuple[str, ...]
    slots: int = 1


def _entries(worksheet: Worksheet, block: Block, dates: Mapping[int, dt.date], rep: str) -> Iterator[_Said]:
    """Yield what stands in the block, a run of equal slots as one. Raises `ReadError` if slots are unclear."""
    if not block.marks:
        return
    first, last = block.marks[0].row, block.marks[-1].row
    rows = {*block.rows, *(range(first, last) if last - first <= BLOCK_ROWS and worksheet.merges else ())}
    filled = {row for row in rows if _is_filled(worksheet, block, row)}
    if not filled:
        return
    try:
        found, _ = slots(block.marks, filled, minutes=worksheet.source.slot_minutes)
    except Unclear as unclear:
        raise asked(worksheet, unclear, block.line) from None
    placed = {slot.row for slot in found}
    for column, one in block.days.items():
        base = {"rep": rep}
        for run in _runs(worksheet, block, one, found):
            if isinstance(run, _Said):
                yield run
            elif column in dates:
                yield _told(run, one, dates[column], base)
            else:
                yield _no_day(run, one)
        for row in sorted(filled - placed):
            if text := cell_at(block.rows.get(row, ()), one.fields["label"]):
                value = shown(text, row, one.fields["label"])
                told = Told({"label": text}, rule="xlsx/no_slot_time", column=one.day.text, value=value)
                yield _Said(row, one.fields["label"], 1, told)


def _is_filled(worksheet: Worksheet, block: Block, row: int) -> bool:
    cells = block.rows.get(row, ())
    return any(
        worksheet.text(row, cells, at, block.rows) or (row, at) in worksheet.part.odd
        for one in block.days.values()
        for at in one.fields.values()
    )


def _runs(worksheet: Worksheet, block: Block, one: DayColumn, found: Sequence[Slot]) -> Iterator[_Run | _Said]:
    """Yield the runs of a day, and what is wrong with single cells."""
    run: _Run | None = None
    for slot in found:
        cells = block.rows.get(slot.row, ())
        values = tuple(worksheet.text(slot.row, cells, at, block.rows) for at in one.fields.values())
        if run and run.end == slot.start and _goes_on(values, run.values):
            run.end, run.slots = slot.end, run.slots + 1
            continue
        if run:
            yield run
            run = None
        wrong = _wrong(worksheet, slot.row, one, values)
        if wrong:
            yield wrong
        elif any(values):
            run = _Run(slot, slot.end, values)
    if run:
        yield run


def _goes_on(values: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """Tell whether a slot says what the one above it says: the same, or a ditto mark for the label and no more."""
    if values == before:
        return any(values)
    return values[0].casefold() in DITTO and not any(values[1:])


def _wrong(worksheet: Worksheet, row: int, one: DayColumn, values: Sequence[str]) -> _Said | None:
    for at, text in zip(one.fields.values(), values, strict=True):
        rule, value = cell_rule(text, worksheet.part.odd.get((row, at), ("", "")))
        if rule:
            fields = {} if text else {"label": ""}
            told = Told(fields, {"raw": text}, rule, one.day.text, shown(value, row, at))
            return _Said(row, one.fields["label"], 1, told)
    return None


def _no_day(run: _Run, one: DayColumn) -> _Said:
    at, text = one.fields["label"], run.values[0]
    told = Told({"label": text}, rule="date/impossible", column=one.day.text, value=shown(text, run.first.row, at))
    return _Said(run.first.row, at, run.slots, told)


def _told(run: _Run, one: DayColumn, date: dt.date, base: Mapping[str, str]) -> _Said:
    over, start = divmod(run.first.start, DAY)
    date += dt.timedelta(days=over)
    end = run.end - over * DAY
    fields = {
        **base,
        "date_text": date.isoformat(),
        "start_text": _clock_text(start),
        "end_text": _clock_text(end if end <= DAY else end - DAY),
        **dict(zip(one.fields, run.values, strict=True)),
    }
    if end > DAY:
        fields["end_date_text"] = (date + dt.timedelta(days=1)).isoformat()
    return _Said(run.first.row, one.fields["label"], run.slots, Told(fields))


def _clock_text(second: int) -> str:
    text = f"{second // 3600:02}:{second // 60 % 60:02}"
    return f"{text}:{second % 60:02}" if second % 60 else text
