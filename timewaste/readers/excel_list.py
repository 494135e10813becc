"""The long list in a worksheet: one row per entry below a header, which may be repeated for each week.

What stands once for several rows is filled down; several intervals in one row become one record each. A record keeps
the number of its row. How the columns are understood is `excel_plan`'s; what follows from rows together is here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from timewaste.issue import Issue
from timewaste.readers.excel_fill import fill_down, split_intervals, to_midnight
from timewaste.readers.excel_plan import Plan, header_row, make_plan, tells_rep
from timewaste.readers.excel_rows import Counts, judge, judged
from timewaste.readers.excel_sheet import LINE_SPAN, title_text
from timewaste.readers.records import Record
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import WHOLE_LINES, Sheet
from timewaste.readers.told import layout_sheets, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from timewaste.readers.columns import Header
    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Tally

__all__ = ["has_more_rows", "header_row", "open_list", "tells_rep"]


def open_list(worksheet: Worksheet, notes: Sequence[Issue], *, rep: str = "") -> list[Sheet]:
    """Return the list as a sheet, or as those of the known export that it is.

    `rep` is whose it is where neither a column nor a title says. Raises `ReadError` (xlsx/…).
    """
    plan = make_plan(worksheet, rep)
    header, source = plan.header, worksheet.source
    said = (*notes, *header.notes, *plan.notes, *_own_notes(worksheet, header.line))
    if header.layout and header.layout.translate:
        return layout_sheets(
            header, source, partial(_plain_records, worksheet, header),
            relative=worksheet.relative, sheet=worksheet.name, format=worksheet.format, line_span=LINE_SPAN, notes=said,
        )  # fmt: skip

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        counts = Counts()
        yield from make_batches(_records(worksheet, plan, counts, tally), header, tally, sparse=True)
        tally.notes += counts.notes()

    sheet = Sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format=worksheet.format,
        headers=header.cells[: plan.width],
        columns=header.columns,
        header_line=header.line,
        header_unit=header.unit,
        encoding="",
        delimiter="",
        notes=said,
        read=read,
        rep_default=rep,
        titles=tuple(title_text(row.cells) for row in worksheet.head() if row.line < header.line),
        line_span=LINE_SPAN if plan.groups else WHOLE_LINES,
    )
    return [under(sheet, header.layout)]


def _own_notes(worksheet: Worksheet, line: int) -> list[Issue]:
    said = (
        (line > 1, "header/title_lines", f"header in row {line}"),
        (not has_more_rows(worksheet, line), "file/no_records", "0 records"),
    )
    own = [Issue(line, "", rule, value, "noted") for holds, rule, value in said if holds]
    return [*own, *worksheet.notes(line)]


def _plain_records(worksheet: Worksheet, header: Header, tally: Tally) -> Iterator[Record]:
    """Yield the rows below the header of a known export, as they stand there."""
    names = {column: name for name, column in header.fields.items()}
    width, expected = len(header.cells), header.line + 1
    for number, cells in worksheet.rows():
        if number <= header.line:
            continue
        tally.rows_read += number - expected
        tally.blank += number - expected
        expected = number + 1
        yield judge(Record(number, cells + [""] * (width - len(cells))), names, worksheet)


def has_more_rows(worksheet: Worksheet, line: int) -> bool:
    """Tell whether rows stand below the header, or below the first row that holds something (`line` 0)."""
    below = line or next((row.line for row in worksheet.head()), 0)
    return any(number > below for number, _ in worksheet.rows())


def _records(worksheet: Worksheet, plan: Plan, counts: Counts, tally: Tally) -> Iterator[Record]:
    """Yield a record per row below the header, or per interval; a gap in the row numbers is blank rows."""
    rows = fill_down(worksheet, plan, judged(worksheet, plan, counts, tally), counts, tally)
    split = (part for record in rows for part in split_intervals(record, plan))
    yield from to_midnight(split, plan, counts)
