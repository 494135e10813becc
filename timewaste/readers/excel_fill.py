"""What the rows of a list mean together: a day that stands once, several intervals, a night cut at midnight."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from timewaste.readers.excel_plan import DATE, END, Plan
from timewaste.readers.excel_rows import Counts, is_total, skip
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    cell_at,
)
from timewaste.readers.excel_slots import clock, clock_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.records import Record
    from timewaste.readers.sheet import Tally


class _Fill:
    """What stands above in the columns of rep and date, and whether an empty cell below means the same."""

    def __init__(self, worksheet: Worksheet, plan: Plan) -> None:
        self._worksheet, self._plan = worksheet, plan
        fields = plan.header.fields
        self.columns = [fields[name] for name in ("rep", DATE) if name in fields and fields[name] < plan.width]
        self._held: dict[int, str] = {}
        self._says: dict[int, bool] = {}
        self._clock = -1

    def may(self, column: int) -> bool:
        """Tell whether empty cells of a column mean what stands above: by the settings, else by the sheet."""
        if column not in self._says:
            wanted = self._worksheet.source.fill_down
            self._says[column] = _stands_once(self._worksheet, self._plan, column) if wanted is None else wanted
        return self._says[column]

    def keep(self, cells: Sequence[str]) -> None:
        """Hold what a row says; the clock starts anew with it."""
        for column in self.columns:
            if cells[column].strip():
                self._clock = -1
                self._held[column] = cells[column]

    def missing(self, cells: Sequence[str], moment: int | None) -> dict[int, str]:
        """Return what is to be filled in; nothing where the row begins before the one above it."""
        is_later = moment is None or moment >= self._clock
        self._clock = self._clock if moment is None else moment
        empty = [column for column in self.columns if not cells[column].strip() and column in self._held]
        return {column: self._held[column] for column in empty if is_later and self.may(column)}


def fill_down(
    worksheet: Worksheet, plan: Plan, records: Iterable[Record], counts: Counts, tally: Tally
) -> Iterator[Record]:
    """Fill down a rep and a date that stand on the first of their rows only, where the sheet shows that they do."""
    fields = plan.header.fields
    fill = _Fill(worksheet, plan)
    times = [fields[name] for name in ("start_text", "duration_text") if name in fields]
    times += [at for group in plan.groups for name, at in group.items() if name == "start_text"]
    start, label = fields.get("start_text", -1), fields["label"]
    for record in records:
        cells = record.cells
        if not cells:
            yield record
            continue
        fill.keep(cells)
        has_time = any(cells[at].strip() for at in times)
        if cells[label].strip() and has_time:
            missing = fill.missing(cells, clock(cells[start].strip()) if start >= 0 else None)
            if missing:
                cells = list(cells)
                for column, text in missing.items():
                    cells[column] = text
                    counts.add("xlsx/filled_down", plan.header.cells[column], record.line)
                record = record._replace(cells=cells)  # noqa: PLW2901
            yield record
        elif not record.rule and _is_heading(cells, fill, plan):
            skip(tally, record.line, "row/title", cells)
        else:
            yield record


def _is_heading(cells: Sequence[str], fill: _Fill, plan: Plan) -> bool:
    """Tell whether a row names only the day, or day and rep, of the rows below it."""
    filled = {at for at, cell in enumerate(cells[: plan.width]) if cell.strip()}
    date = plan.header.fields.get(DATE, -1)
    return date in filled and filled <= set(fill.columns) and fill.may(date)


def _stands_once(worksheet: Worksheet, plan: Plan, column: int) -> bool:
    """Tell whether a column never repeats what stands above it: an empty cell then means the same as above.

    A date is repeated where the row above has it too and no other rep; a rep, where no other date.
    """
    fields = plan.header.fields
    names = {at: name for name, at in fields.items() if at < plan.width}
    other = fields.get("rep" if column == fields.get(DATE) else DATE, -1)
    last: tuple[str, str] = ("", "")
    for number, cells in worksheet.rows():
        if number <= plan.header.line or is_total(cells, names):
            continue
        own, beside = cell_at(cells, column), cell_at(cells, other) if other >= 0 else ""
        if own and own == last[0] and beside in {"", last[1]}:
            return False
        last = (own, beside)
    return True


def split_intervals(record: Record, plan: Plan) -> Iterator[Record]:
    """Yield a record for each interval of a row, and start and end of a span that stands in one cell."""
    if not record.cells:
        yield record
        return
    parts = [record]
    if plan.groups and not record.rule:
        first = plan.groups[0]
        parts = []
        for number, group in enumerate(plan.groups):
            cells = list(record.cells)
            if number and not any(cells[at].strip() for at in group.values()):
                continue
            for name, at in group.items():
                cells[first[name]] = record.cells[at]
            parts.append(record._replace(line=record.line + number * LINE_SPAN, cells=cells))
        if len(parts) > 1 and not any(parts[0].cells[at].strip() for at in first.values()):
            parts = parts[1:]
    start, end = plan.header.fields.get("start_text", -1), plan.header.fields.get(END, -1)
    for part in parts:
        if start >= 0 and end >= 0 and not part.cells[end].strip() and (ends := clock_range(part.cells[start])):
            cells = list(part.cells)
            cells[start], cells[end] = ends
            yield part._replace(cells=cells)
        else:
            yield part


def to_midnight(records: Iterable[Record], plan: Plan, counts: Counts) -> Iterator[Record]:
    """Let an entry that ends at 23:59:59 reach midnight where the next one begins there, on the next day."""
    fields = plan.header.fields
    if END not in fields or "start_text" not in fields or DATE not in fields:
        yield from records
        return
    end, start, date = fields[END], fields["start_text"], fields[DATE]
    before: Record | None = None
    for record in records:
        if before:
            if (
                before.cells and record.cells and before.cells[end].strip() == "23:59:59"
                and clock(record.cells[start]) == 0 and _is_next(before.cells[date], record.cells[date])
            ):  # fmt: skip
                cells = list(before.cells)
                cells[end] = "24:00"
                before = before._replace(cells=cells)
                counts.add("xlsx/midnight_gap", plan.header.cells[end], before.line)
            yield before
        before = record
    if before:
        yield before


def _is_next(one: str, other: str) -> bool:
    try:
        return dt.date.fromisoformat(other.strip()) - dt.date.fromisoformat(one.strip()) == dt.timedelta(days=1)
    except ValueError:
        return False
