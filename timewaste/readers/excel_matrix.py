"""The matrix: activities down, days across, in each cell how long. A cell is a day total: it has no clock time.

A record is a filled cell; a cell that says zero is a blank one, a row of sums is one record that is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.columns import unit_in
from timewaste.readers.excel_days import Day, Unclear, day_cells, is_numbered, resolve
from timewaste.readers.excel_matrix_frame import Frame, find_frame, is_nothing
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    MAX_CELLS,
    TITLE_ROWS,
    asked,
    cell_at,
    cell_rule,
    is_total_text,
    no_rep,
    shown,
    title_text,
    told_rep,
    told_unit,
    too_many,
)
from timewaste.readers.layout import Told, plain
from timewaste.readers.source_block import source_block
from timewaste.readers.told import told_sheet
from timewaste.transforms.durations import parse_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Sheet, Tally

__all__ = ["FillCount", "Frame", "Said", "amount_rule", "find_frame", "open_matrix", "unit_of", "which_unit"]


@dataclass(slots=True)
class _Block:
    """The table being read: its header, its dates, whose it is, and the last names that stood beside the rows."""

    frame: Frame
    dates: dict[int, dt.date]
    why: str
    rep: str
    held: dict[str, str]


def open_matrix(worksheet: Worksheet, frame: Frame, notes: Sequence[Issue], *, rep: str = "") -> Sheet:
    """Return the matrix as a sheet. `rep` is whose it is where neither a column nor a title says.

    Raises `ReadError` (xlsx/which-day, xlsx/no-rep, duration/ambiguous): every block is looked at before.
    """
    made: list[Issue] = []
    texts: list[str] = [cell_at(row, column) for row in _head(worksheet, frame) for column in range(len(row))]
    numbers: list[float] = []
    for count, (block, told) in enumerate(_all(worksheet, frame, rep, made)):
        if count > MAX_CELLS:
            raise too_many(worksheet)
        if not (block.rep or worksheet.source.rep or "rep" in block.frame.side):
            raise no_rep(worksheet, line=block.frame.line, others=len(worksheet.spool.sheets) > 1)
        if told and (number := parse_number(told.told.fields.get("duration_text", ""), "both")):
            numbers.append(number)
            del numbers[1000:]
    unit, header = unit_of(texts)
    if numbers and not unit and not worksheet.source.duration_unit and max(numbers) < 1:
        raise which_unit(worksheet, frame.line, numbers[0])
    filled = FillCount()

    def rows(tally: Tally) -> Iterator[tuple[int, int, Told]]:
        for _, said in _all(worksheet, frame, rep, [], filled):
            if said is None:
                continue
            if said.is_nothing:
                tally.rows_read += 1
                tally.blank += 1
            else:
                yield said.line, said.part, said.told
        tally.notes += filled.notes()

    head = next((cells for number, cells in worksheet.rows() if number == frame.line), [])
    days = list(frame.days.values())
    columns = {name: cell_at(head, column) or f"column {column + 1}" for name, column in frame.side.items()}
    columns |= {
        "date_text": f"{days[0].text} … {days[-1].text}",
        "duration_text": header or "the cells below the days",
    }
    return told_sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format=worksheet.format,
        layout="activity matrix",
        rows=rows,
        columns=columns,
        headers=tuple(head),
        header_line=frame.line,
        header_unit=unit,
        notes=(*notes, *made, *worksheet.notes(frame.line)),
        rep_default="" if worksheet.source.rep else rep,
        line_span=LINE_SPAN,
    )


def _head(worksheet: Worksheet, frame: Frame) -> list[Sequence[str]]:
    return [row.cells for row in worksheet.head() if row.line <= frame.last_line]


def unit_of(texts: Sequence[str]) -> tuple[str, str]:
    """Return the unit that the titles or the header beside the days name, and where."""
    unit, said = told_unit(texts)
    if unit:
        return unit, said
    named = {unit: text for text in texts if len(text) <= 30 and (unit := unit_in(plain(text))) in {"hours", "minutes"}}
    return next(iter(named.items())) if len(named) == 1 else ("", "")


def which_unit(worksheet: Worksheet, line: int, number: float) -> ReadError:
    """Return the error for lengths below 1 that may be parts of an hour or of a day."""
    return ReadError(
        "duration/ambiguous",
        f"{number:g} may be an hour's part or a day's, and no number in the sheet says which",
        where=f"{worksheet.place}, line {line}",
        mend="Add to timewaste.toml:\n"
        + source_block(worksheet.relative, 'duration_unit = "hours"   # or "minutes", "days"'),
    )


class Said(NamedTuple):
    """What a cell says: its row, its column, and whether it says that nothing was done."""

    line: int
    part: int
    told: Told
    is_nothing: bool = False


class FillCount:
    """Counts the rows that took a name from the row above."""

    def __init__(self) -> None:
        """Begin with none."""
        self._first, self._count = 0, 0

    def add(self, row: int) -> None:
        """Count one row."""
        self._first, self._count = self._first or row, self._count + 1

    def notes(self) -> list[Issue]:
        """Return the note, and begin anew."""
        found = [Issue(self._first, "", "xlsx/filled_down", f"{self._count} rows", "noted")] if self._count else []
        self._first = self._count = 0
        return found


def _all(
    worksheet: Worksheet, frame: Frame, rep: str, notes: list[Issue], filled: FillCount | None = None
) -> Iterator[tuple[_Block, Said | None]]:
    """Yield each block, at first with None, then with what its cells say; `notes` gets what told days and rep."""
    block: _Block | None = None
    titles: list[str] = []
    whose = rep
    seen: dict[tuple[str, dt.date], int] = {}
    for number, cells in worksheet.rows():
        days = frame.days if number == frame.line else day_cells(cells)
        if number == frame.line or (block and number > block.frame.last_line and _again(frame, days)):
            found = frame if number == frame.line else frame._replace(line=number, last_line=number, days=days)
            block = _begin(worksheet, found, list(titles), whose)
            first = (whose, min(block.dates.values()))
            if first in seen:
                raise asked(worksheet, Unclear(f"these days stand above row {seen[first]} already", ""), number)
            seen[first] = number
            if len(seen) == 1:
                notes += _told_notes(block, rep, worksheet)
            titles = []
            yield block, None
        elif block is None or (number > block.frame.last_line and _is_title(block, cells)):
            titles.append(title_text(cells))
            del titles[:-TITLE_ROWS]
            whose = told_rep(cells) or whose
        elif number > block.frame.last_line:
            titles = []
            for said in _row(worksheet, block, number, cells, filled):
                yield block, said


def _again(frame: Frame, days: Mapping[int, Day]) -> bool:
    """Tell whether a row is the header of a further block: days in the same columns."""
    if is_numbered(days) != is_numbered(frame.days):
        return False
    return len(days) >= 2 and len(days.keys() & frame.days.keys()) * 2 > len(frame.days)


def _begin(worksheet: Worksheet, frame: Frame, titles: Sequence[str], rep: str) -> _Block:
    try:
        dates, why = resolve(frame.days, worksheet.around(titles))
    except Unclear as unclear:
        raise asked(worksheet, unclear, frame.line) from None
    return _Block(frame, dates, why, rep, {})


def _told_notes(block: _Block, rep: str, worksheet: Worksheet) -> Iterator[Issue]:
    yield Issue(block.frame.line, "", "xlsx/days_told", shorten(block.why, 120), "noted")
    if block.rep and block.rep != rep and not worksheet.source.rep:
        yield Issue(block.frame.line, "", "xlsx/rep_told", shorten(block.rep), "noted")


def _is_title(block: _Block, cells: Sequence[str]) -> bool:
    """Tell whether a row has texts but nothing below any day."""
    return not any(cell_at(cells, column) for column in block.frame.days)


def _row(
    worksheet: Worksheet, block: _Block, row: int, cells: Sequence[str], filled: FillCount | None
) -> Iterator[Said]:
    """Yield what the cells of a row say; a row of sums is said once."""
    frame = block.frame
    if any(is_total_text(text) for column in range(min(frame.days)) if (text := cell_at(cells, column))):
        value = shorten(" | ".join(cell for cell in cells if cell))
        yield Said(row, 0, Told({}, {}, "row/total", "", value, "skipped"))
        return
    base, was_filled = _base(worksheet, block, row, cells)
    if was_filled and filled:
        filled.add(row)
    extra = {name: cell_at(cells, column) for name, column in frame.extra.items()}
    for column, day in frame.days.items():
        text = cell_at(cells, column)
        odd = worksheet.part.odd.get((row, column), ("", ""))
        if not odd[0] and is_nothing(text):
            if text:
                yield Said(row, column, Told({}), is_nothing=True)
            continue
        rule, value = amount_rule(worksheet, row, column, text)
        if not rule and column not in block.dates:
            rule, value = "date/impossible", day.text
        if not rule and not base["label"]:
            rule, value = "xlsx/no_label", text
        date = block.dates[column].isoformat() if column in block.dates else ""
        fields = {**base, "date_text": date, "duration_text": text}
        yield Said(row, column, Told(fields, extra, rule, day.text if rule else "", shown(value, row, column)))


def _base(worksheet: Worksheet, block: _Block, row: int, cells: Sequence[str]) -> tuple[dict[str, str], bool]:
    """Return the fields beside the days, and whether one is that of a row above: a rep, or what a merged cell says."""
    made, was_filled = {}, False
    source = worksheet.source
    for name, column in block.frame.side.items():
        text = cell_at(cells, column)
        is_merged = source.fill_merged and worksheet.merges.origin(row, column) is not None
        if text:
            block.held[name] = text
        elif is_merged or (name == "rep" and source.fill_down is not False):
            text = block.held.get(name, "")
            was_filled |= bool(text)
        made[name] = text
    if not made.get("rep") and not source.rep:
        made["rep"] = block.rep
    return made, was_filled


def amount_rule(worksheet: Worksheet, row: int, column: int, text: str) -> tuple[str, str]:
    """Return what is wrong with a cell that holds an amount, and its text; "" if nothing."""
    rule, value = cell_rule(text, worksheet.part.odd.get((row, column), ("", "")))
    if rule:
        return rule, value
    if worksheet.merges.begins(row, column):
        return "xlsx/merged", text  # for which of its days, or activities, would be a guess
    return ("xlsx/type", text) if text in {"TRUE", "FALSE"} else ("", "")
