"""The matrix turned round: days down, activities across, in each cell how long. A cell is a day total.

A record is a filled cell of an activity; a cell that says zero is a blank one, a row of sums is one that is skipped.
Sums and what is no time beside the activities are left out, and named once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.excel_days import Unclear, parse_day, resolve
from timewaste.readers.excel_down_frame import DownFrame, find_frame
from timewaste.readers.excel_matrix import FillCount, Said, amount_rule, unit_of, which_unit
from timewaste.readers.excel_matrix_frame import is_nothing
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    MAX_CELLS,
    asked,
    cell_at,
    is_total_text,
    no_rep,
    shown,
    title_text,
    told_rep,
    too_many,
)
from timewaste.readers.layout import Told
from timewaste.readers.told import told_sheet
from timewaste.transforms.durations import parse_number
from timewaste.transforms.times import split_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_days import Day
    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Sheet, Tally

__all__ = ["DownFrame", "find_frame", "open_down"]


def open_down(worksheet: Worksheet, frame: DownFrame, notes: Sequence[Issue], *, rep: str = "") -> Sheet:
    """Return the table as a sheet. `rep` is whose it is where neither a column nor a title says.

    Raises `ReadError` (xlsx/which-day, xlsx/no-rep, duration/ambiguous).
    """
    if not frame.is_told:
        raise _no_unit(worksheet, frame)
    head = [row.cells for row in worksheet.head() if row.line <= frame.line]
    title = next((name for cells in head[:-1] if (name := told_rep(cells))), "")
    whose = title or rep
    if not (whose or worksheet.source.rep or "rep" in frame.side):
        raise no_rep(worksheet, line=frame.line, others=len(worksheet.spool.sheets) > 1)
    made, dates = _dates(worksheet, frame, head)
    numbers = [n for said in _all(worksheet, frame, whose, dates) if (n := _number(said))]
    unit, header = unit_of([cell_at(row, column) for row in head for column in range(len(row))])
    if numbers and not unit and not worksheet.source.duration_unit and max(numbers) < 1:
        raise which_unit(worksheet, frame.line, numbers[0])
    if title and not worksheet.source.rep:
        made.append(Issue(frame.line, "", "xlsx/rep_told", shorten(title), "noted"))
    if frame.left:
        made.append(Issue(frame.line, "", "xlsx/left_columns", shorten(", ".join(frame.left.values()), 120), "noted"))

    def rows(tally: Tally) -> Iterator[tuple[int, int, Told]]:
        filled = FillCount()
        for said in _all(worksheet, frame, whose, dates, filled):
            if said.is_nothing:
                tally.rows_read += 1
                tally.blank += 1
            else:
                yield said.line, said.part, said.told
        tally.notes += filled.notes()

    labels = list(frame.labels.values())
    return told_sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format=worksheet.format,
        layout="day matrix",
        rows=rows,
        columns={
            **{name: cell_at(head[-1], column) for name, column in frame.side.items()},
            "date_text": cell_at(head[-1], frame.date) or f"column {frame.date + 1}",
            "label": f"{labels[0]} \u2026 {labels[-1]}",
            "duration_text": header or "the cells below the activities",
        },
        headers=tuple(head[-1]),
        header_line=frame.line,
        header_unit=unit,
        notes=(*notes, *made, *worksheet.notes(frame.line)),
        rep_default="" if worksheet.source.rep else rep,
        line_span=LINE_SPAN,
    )


def _no_unit(worksheet: Worksheet, frame: DownFrame) -> ReadError:
    shown_labels = shorten(", ".join(frame.labels.values()), 120)
    return ReadError(
        "duration/ambiguous",
        f"a day in each row, and below {shown_labels} numbers that may be hours, minutes or how often",
        where=f"{worksheet.place}, line {frame.line}",
        mend="If they are lengths, add to timewaste.toml (if not, leave the sheet out with skip_sheets):\n"
        f'[[source]]\nmatch = "{worksheet.relative}"\nduration_unit = "hours"   # or "minutes", "days"',
    )


def _number(said: Said) -> float | None:
    return parse_number(said.told.fields.get("duration_text", ""), "both")


def _dates(worksheet: Worksheet, frame: DownFrame, head: Sequence[Sequence[str]]) -> tuple[list[Issue], dict[int, str]]:
    """Return the dates by row where they are written without a year, and what tells them; {} where all have one."""
    days: dict[int, Day] = {}
    for number, cells in worksheet.rows():
        if number > frame.line and (day := parse_day(cell_at(cells, frame.date))):
            days[number] = day
        if len(days) > MAX_CELLS // 10:
            raise too_many(worksheet)
    if all(split_date(day.text) for day in days.values()):
        return [], {}
    try:
        dates, why = resolve(days, worksheet.around([title_text(cells) for cells in head[:-1]]))
    except Unclear as unclear:
        raise asked(worksheet, unclear, frame.line) from None
    note = Issue(frame.line, "", "xlsx/days_told", shorten(why, 120), "noted")
    return [note], {row: date.isoformat() for row, date in dates.items()}


def _all(
    worksheet: Worksheet, frame: DownFrame, rep: str, dates: Mapping[int, str], filled: FillCount | None = None
) -> Iterator[Said]:
    """Yield what each cell below an activity says."""
    held: dict[str, str] = {}
    count = 0
    for number, cells in worksheet.rows():
        if number <= frame.line:
            continue
        if not any(cell_at(cells, column) for column in frame.labels):
            rep = told_rep(cells) or rep
            continue
        if rule := _skip_rule(frame, cells):
            value = shorten(" | ".join(cell for cell in cells if cell))
            yield Said(number, 0, Told({}, {}, rule, "", value, "skipped"))
            continue
        base, was_filled = _base(worksheet, frame, number, cells, held)
        if was_filled and filled:
            filled.add(number)
        if dates:
            base["date_text"] = dates.get(number, base["date_text"])
        if not base.get("rep") and not worksheet.source.rep:
            base["rep"] = rep
        for said in _row(worksheet, frame, number, cells, base):
            count += 1
            if count > MAX_CELLS:
                raise too_many(worksheet)
            yield said


def _skip_rule(frame: DownFrame, cells: Sequence[str]) -> str:
    if all(cell_at(cells, column) in {label, ""} for column, label in frame.labels.items()):
        return "row/repeated_header"
    beside = [cell_at(cells, column) for column in range(len(cells)) if column not in frame.labels]
    return "row/total" if any(is_total_text(text) for text in beside if text) else ""


def _base(
    worksheet: Worksheet, frame: DownFrame, row: int, cells: Sequence[str], held: dict[str, str]
) -> tuple[dict[str, str], bool]:
    """Return the fields beside the activities, and whether one is that of a row above: a rep, or a merged cell's."""
    made, was_filled = {}, False
    source = worksheet.source
    for name, column in {**frame.side, "date_text": frame.date}.items():
        text = cell_at(cells, column)
        is_merged = source.fill_merged and worksheet.merges.origin(row, column) is not None
        if text:
            held[name] = text
        elif is_merged or (name == "rep" and source.fill_down is not False):
            text = held.get(name, "")
            was_filled |= bool(text)
        made[name] = text
    return made, was_filled


def _row(
    worksheet: Worksheet, frame: DownFrame, row: int, cells: Sequence[str], base: Mapping[str, str]
) -> Iterator[Said]:
    extra = {name: text for name, column in frame.extra.items() if (text := cell_at(cells, column))}
    for column, label in frame.labels.items():
        text = cell_at(cells, column)
        odd = worksheet.part.odd.get((row, column), ("", ""))
        if not odd[0] and is_nothing(text):
            if text:
                yield Said(row, column, Told({}), is_nothing=True)
            continue
        rule, value = amount_rule(worksheet, row, column, text)
        fields = {**base, "label": label, "duration_text": text}
        yield Said(row, column, Told(fields, extra, rule, label if rule else "", shown(value, row, column)))
