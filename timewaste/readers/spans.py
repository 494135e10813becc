"""A column whose cells hold spans such as 9:30-10:15: start and end in one. Knows the first rows of a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timewaste.readers.columns import has_header
from timewaste.readers.excel_slots import clock_range
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain
from timewaste.readers.layouts import recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.columns import Row
    from timewaste.readers.records import Record

END_HEADER = "(end)"
_SPAN_NAMES = {
    "time", "times", "zeit", "zeiten", "uhrzeit", "zeitraum", "von bis", "from to", "slot", "time slot", "heure",
    "horaire", "interval", "period", "start end", "beginn ende", "in out",
}  # fmt: skip


def with_spans(source: SourceConfig, header: str) -> SourceConfig:
    """Return the settings under which a column of spans, if there is one, holds the starts."""
    columns = {**source.columns, "start_text": header, "end_text": END_HEADER}
    return replace(source, columns=columns) if header else source


def span_column(cells: Sequence[str], under: Sequence[Row], starts: Sequence[int]) -> int:
    """Return the column whose cells hold spans, or -1."""
    named = [column for column, cell in enumerate(cells) if plain(cell) in _SPAN_NAMES]
    for column in (*starts, *named):
        found = (row.cells[column].strip() for row in under if column < len(row.cells))
        texts = [text for text in found if text and plain(text) != plain(cells[column])]
        if texts and sum(clock_range(text) is not None for text in texts) * 2 > len(texts):
            return column
    return -1


def span_header(rows: Sequence[Row], source: SourceConfig) -> tuple[int, int]:
    """Return the place of the header row and its column of spans; (-1, -1) where none is, or ends have their own."""
    if source.columns.keys() & {"start_text", "end_text"}:
        return -1, -1
    for place, row in enumerate(rows):
        names = [known_names().get(plain(cell), ("", 0))[0] for cell in row.cells]
        is_own = "end_text" in names or (not source.columns and recognise(map(plain, row.cells), source.format))
        starts = [column for column, name in enumerate(names) if name == "start_text"]
        column = -1 if is_own else span_column(row.cells, rows[place + 1 :], starts)
        marked = row._replace(cells=[*row.cells, END_HEADER])
        if column >= 0 and has_header([marked], with_spans(source, row.cells[column])):
            return place, column
        if has_header([row], source):
            break
    return -1, -1


def split_span(record: Record, start: int, end: int) -> Record:
    """Return the record with a cell more, which holds the end of the span in the cell of the start."""
    if not record.cells:
        return record
    cells = [*record.cells, ""]
    if ends := clock_range(cells[start]):
        cells[start], cells[end] = ends
    return record._replace(cells=cells)
