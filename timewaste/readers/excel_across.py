"""The slot grid turned round: days down, clock times across, in each cell what was done.

A record is a run of equal cells in adjacent slots of a day, or a merged cell over several; it keeps the row of its day.
An empty slot is no record.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from timewaste.issue import Issue, shorten
from timewaste.readers.excel_days import Day, Unclear, parse_day, resolve
from timewaste.readers.excel_grid import DITTO, clock_text
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    MAX_CELLS,
    asked,
    cell_at,
    cell_rule,
    is_total_text,
    no_rep,
    shown,
    title_text,
    told_rep,
    too_many,
)
from timewaste.readers.excel_slots import DAY, Slot, mark, slots
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import Told, plain
from timewaste.readers.told import told_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Sheet, Tally

FEWEST = 4
"""Clock times in a row that make it the header of such a table: a list has two, or three with a break."""
WIDEST = 400


class AcrossFrame(NamedTuple):
    """The row of the times, their slots (each names its column as its row), the column of the days, and of the rep."""

    line: int
    slots: tuple[Slot, ...]
    date: int
    side: dict[str, int]

    @property
    def last_line(self) -> int:
        """Return the last row of the header."""
        return self.line


def find_frame(rows: Sequence[tuple[int, Sequence[str]]], minutes: int) -> AcrossFrame | None:
    """Return the header of a table with days down and at least four clock times across, or None.

    `minutes` is how long a slot is, where the settings say so.
    """
    for place, (line, cells) in enumerate(rows):
        times = [one for at, cell in enumerate(cells[:WIDEST]) if (one := mark(at, cell.strip()))]
        if len(times) < FEWEST or any(b.row - a.row != 1 for a, b in pairwise(times)):
            continue
        under = rows[place + 1 :]
        date = next((at for at in range(times[0].row) if _are_days(under, at)), -1)
        if date < 0:
            continue
        try:
            found, _ = slots(times, {one.row for one in times}, minutes=minutes)
        except Unclear:
            return None
        fields = {at: known_names().get(plain(cells[at]), ("", 0))[0] for at in range(times[0].row)}
        reps = [at for at, field in fields.items() if field == "rep" and at != date]
        return AcrossFrame(line, tuple(found), date, {"rep": reps[0]} if reps else {})
    return None


def _are_days(rows: Sequence[tuple[int, Sequence[str]]], column: int) -> bool:
    texts = [text for _, cells in rows if (text := cell_at(cells, column)) and not is_total_text(text)]
    return bool(texts) and 3 * sum(parse_day(text) is not None for text in texts) >= 2 * len(texts)


def open_across(worksheet: Worksheet, frame: AcrossFrame, notes: Sequence[Issue], *, rep: str = "") -> Sheet:
    """Return the table as a sheet. `rep` is whose it is where neither a column nor a title says.

    Raises `ReadError` (xlsx/which-day, xlsx/no-rep, xlsx/too-large).
    """
    head = [row.cells for row in worksheet.head() if row.line <= frame.line]
    title = next((name for cells in head[:-1] if (name := told_rep(cells))), "")
    whose = title or rep
    if not (whose or worksheet.source.rep or frame.side):
        raise no_rep(worksheet, line=frame.line, others=len(worksheet.spool.sheets) > 1)
    dates, why = _dates(worksheet, frame, [title_text(cells) for cells in head[:-1]])
    base = {"rep": "" if worksheet.source.rep else whose}
    made = [Issue(frame.line, "", "xlsx/days_told", shorten(why, 120), "noted")]
    if title and not worksheet.source.rep:
        made.append(Issue(frame.line, "", "xlsx/rep_told", shorten(title), "noted"))
    said = list(_counted(worksheet, frame, dates, base))
    made.append(Issue(frame.line, "", "xlsx/slots", f"{sum(said)} slots in {len(said)} entries", "noted"))
    first, last = frame.slots[0], frame.slots[-1]
    return told_sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format=worksheet.format,
        layout="slot grid, days down",
        rows=lambda tally: _rows(worksheet, frame, dates, base, tally),
        columns={
            **{name: cell_at(head[-1], column) for name, column in frame.side.items()},
            "date_text": cell_at(head[-1], frame.date) or f"column {frame.date + 1}",
            "start_text": f"{clock_text(first.start)} \u2026 {clock_text(last.start % DAY)}",
            "label": "the cells below the times",
        },
        headers=tuple(head[-1]),
        header_line=frame.line,
        notes=(*notes, *made, *worksheet.notes(frame.line)),
        rep_default="" if worksheet.source.rep else rep,
        line_span=LINE_SPAN,
    )


def _dates(worksheet: Worksheet, frame: AcrossFrame, titles: Sequence[str]) -> tuple[dict[int, dt.date], str]:
    days: dict[int, Day] = {}
    for number, cells in worksheet.rows():
        if number > frame.line and (day := parse_day(cell_at(cells, frame.date))):
            days[number] = day
        if len(days) > MAX_CELLS // 10:
            raise too_many(worksheet)
    with suppress(ValueError):  # dates in cells of dates, in whatever order, for whatever reps
        return {row: dt.date.fromisoformat(day.text) for row, day in days.items()}, "every day names its year"
    try:
        return resolve(days, worksheet.around(titles))
    except Unclear as unclear:
        raise asked(worksheet, unclear, frame.line) from None


def _counted(
    worksheet: Worksheet, frame: AcrossFrame, dates: Mapping[int, dt.date], base: Mapping[str, str]
) -> Iterator[int]:
    """Yield how many slots each entry has. Raises `ReadError` where there are too many."""
    total = 0
    for number, cells in _below(worksheet, frame):
        for _, count, _told in _day(worksheet, frame, number, cells, dates.get(number), base):
            total += count
            if total > MAX_CELLS:
                raise too_many(worksheet)
            if count:
                yield count


def _below(worksheet: Worksheet, frame: AcrossFrame) -> Iterator[tuple[int, Sequence[str]]]:
    yield from (pair for pair in worksheet.rows() if pair[0] > frame.line)


def _rows(
    worksheet: Worksheet, frame: AcrossFrame, dates: Mapping[int, dt.date], base: Mapping[str, str], _tally: Tally
) -> Iterator[tuple[int, int, Told]]:
    for number, cells in _below(worksheet, frame):
        for part, _, told in _day(worksheet, frame, number, cells, dates.get(number), base):
            yield number, part, told


def _day(  # noqa: PLR0913, PLR0917 - what a row is, and what holds for it
    worksheet: Worksheet, frame: AcrossFrame, row: int, cells: Sequence[str], date: dt.date | None,
    base: Mapping[str, str],
) -> Iterator[tuple[int, int, Told]]:  # fmt: skip
    """Yield the runs of a row: the column of the first slot, how many slots, what they say."""
    if any(is_total_text(cell_at(cells, at)) for at in range(frame.slots[0].row)):
        yield 0, 0, Told({}, {}, "row/total", "", shorten(" | ".join(cell for cell in cells if cell)), "skipped")
        return
    said = {**base, **{name: text for name, at in frame.side.items() if (text := cell_at(cells, at))}}
    for first, last, count, text in _runs(worksheet, frame, row, cells):
        where = shown(text, row, first.row)
        rule, value = cell_rule(text, worksheet.part.odd.get((row, first.row), ("", "")))
        if rule:
            yield first.row, count, Told({"label": text}, {}, rule, "", shown(value, row, first.row))
        elif date is None:
            yield first.row, count, Told({**said, "label": text}, {}, "date/impossible", "", where)
        else:
            yield first.row, count, Told(_fields(said, text, date, first, last))


def _runs(
    worksheet: Worksheet, frame: AcrossFrame, row: int, cells: Sequence[str]
) -> Iterator[tuple[Slot, Slot, int, str]]:
    """Yield first and last slot, how many, and the text of adjacent slots that say the same."""
    run: list[Slot] = []
    held = ""
    for slot in frame.slots:
        text = worksheet.text(row, cells, slot.row, {row: cells})
        is_odd = bool(worksheet.part.odd.get((row, slot.row)))
        goes_on = bool(run) and run[-1].end == slot.start and not is_odd and (text == held or text.casefold() in DITTO)
        if goes_on:
            run.append(slot)
            continue
        if run:
            yield run[0], run[-1], len(run), held
        run, held = ([slot], text) if text or is_odd else ([], "")
    if run:
        yield run[0], run[-1], len(run), held


def _fields(said: Mapping[str, str], text: str, date: dt.date, first: Slot, last: Slot) -> dict[str, str]:
    over, start = divmod(first.start, DAY)
    day = date + dt.timedelta(days=over)
    end = last.end - over * DAY
    later = {"end_date_text": (day + dt.timedelta(days=1)).isoformat()} if end > DAY else {}
    return {
        **said, "date_text": day.isoformat(), "start_text": clock_text(start),
        "end_text": clock_text(end if end <= DAY else end - DAY), "label": text, **later,
    }  # fmt: skip
