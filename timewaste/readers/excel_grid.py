"""The slot grid: clock times down, days across, in each cell what was done; weeks may follow below each other.

A record is what stands in one place: a run of equal cells in adjacent slots of a day, or a merged cell over several,
is one record and one entry. An empty slot is no record. The notes tell how many slots there were.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from timewaste.issue import Issue, shorten
from timewaste.readers.excel_days import Unclear, resolve
from timewaste.readers.excel_grid_blocks import BLOCK_ROWS, Block, DayColumn, Frame, find_blocks, find_frame
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    MAX_CELLS,
    address,
    asked,
    cell_at,
    cell_rule,
    no_rep,
    shown,
    too_many,
)
from timewaste.readers.excel_slots import DAY, Slot, slots
from timewaste.readers.layout import Told
from timewaste.readers.told import told_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Sheet, Tally

__all__ = ["Frame", "find_frame", "open_grid"]

DITTO = {'"', "''", "\u201d", "\u3003", "\u2033", "\u2193", "|", "dito", "ditto", "dto", "dto."}


def open_grid(worksheet: Worksheet, frame: Frame, notes: Sequence[Issue], *, rep: str = "") -> Sheet:
    """Return the grid as a sheet. `rep` is whose it is where no title names one.

    Raises `ReadError` (xlsx/…) for days, slots or a rep that nothing tells: every block is looked at before.
    """
    made = _looked_through(worksheet, frame, rep)

    def rows(_tally: Tally) -> Iterator[tuple[int, int, Told]]:
        for block in find_blocks(worksheet, frame, []):
            dates, _ = _dates(worksheet, block)
            whose = "" if worksheet.source.rep else block.rep or rep
            for said in _entries(worksheet, block, dates, whose):
                yield said.line, said.part, said.told

    days = list(frame.days.values())
    header = next((cells for number, cells in worksheet.rows() if number == frame.line), [])
    return told_sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format=worksheet.format,
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


def _looked_through(worksheet: Worksheet, frame: Frame, rep: str) -> list[Issue]:
    """Look at every block, and return what told its days and its rep. Raises `ReadError`."""
    told: dict[str, tuple[int, str]] = {}
    outside: list[str] = []
    seen: dict[tuple[str, dt.date], int] = {}
    total = entries = 0
    for block in find_blocks(worksheet, frame, outside):
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
            if total > MAX_CELLS:
                raise too_many(worksheet)
    told["xlsx/slots"] = (frame.line, f"{total} slots in {entries} entries")
    if outside:
        told["xlsx/outside_table"] = (frame.line, f"{len(outside)} cells, the first {outside[0]}")
    return [Issue(line, "", rule, shorten(text, 120), "noted") for rule, (line, text) in told.items()]


def _dates(worksheet: Worksheet, block: Block) -> tuple[dict[int, dt.date], str]:
    try:
        return resolve({column: one.day for column, one in block.days.items()}, worksheet.around(block.titles))
    except Unclear as unclear:
        raise asked(worksheet, unclear, block.line) from None


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
        "start_text": clock_text(start),
        "end_text": clock_text(end if end <= DAY else end - DAY),
        **dict(zip(one.fields, run.values, strict=True)),
    }
    if end > DAY:
        fields["end_date_text"] = (date + dt.timedelta(days=1)).isoformat()
    return _Said(run.first.row, one.fields["label"], run.slots, Told(fields))


def clock_text(second: int) -> str:
    """Return the clock time of a second of the day, with seconds where there are some."""
    text = f"{second // 3600:02}:{second // 60 % 60:02}"
    return f"{text}:{second % 60:02}" if second % 60 else text
