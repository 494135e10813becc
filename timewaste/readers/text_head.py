"""The top of a text table: delimiter, header row, and how many cells a record has."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.columns import Header, Row, find_header, is_header_like
from timewaste.readers.no_table import HEADER_ROWS
from timewaste.readers.records import split_line, split_records
from timewaste.readers.spans import END_HEADER, span_header, with_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.records import Record

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 2_000
_UNFRAMED = {"csv/unbalanced-quote", "csv/text-after-quote"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The delimiter, the header as understood and as it stands, the number of cells of a record.

    `titles` are the lines above it. `trailing`: every line ends in one delimiter more. `has_spans`: the starts hold
    the ends too, which get a cell of their own after the last.
    """

    delimiter: str
    header: Header
    header_text: str
    width: int
    trailing: bool
    titles: tuple[str, ...] = ()
    has_spans: bool = False


def understand_head(lines: Sequence[str], source: SourceConfig, relative: str) -> Head:
    """Return what the first lines of a file say of it. Raises `ReadError` (csv/…)."""
    delimiter = source.delimiter.replace("\\t", "\t") or find_delimiter(lines)
    records = list(split_records(lines, delimiter, has_bad=False))
    rows = _rows(records, lines, delimiter, relative)
    rows = [_narrow(row, relative) for row in rows]
    place, spans = span_header(rows, source)
    if spans >= 0:
        source = with_spans(source, rows[place].cells[spans])
        rows[place] = rows[place]._replace(cells=[*rows[place].cells, END_HEADER])
    header = find_header(rows, source, place=relative, relative=relative, kind="csv")
    text = "\n".join(lines[header.line - 1 : header.last_line])
    own = header if spans < 0 else replace(header, cells=header.cells[:-1])
    width, trailing = _width(own, [record for record in records if record.line > header.last_line])
    own = _cut(own, width)
    if spans >= 0:
        fields = {**own.fields, "end_text": width}
        own = replace(own, cells=(*own.cells, END_HEADER), fields=fields)
    return Head(
        delimiter=delimiter, header=own, header_text=text, width=width, trailing=trailing,
        titles=tuple(line[:400] for line in lines[: header.line - 1]), has_spans=spans >= 0,
    )  # fmt: skip


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts most of the first 50 lines into the same number of cells."""

    def score(delimiter: str) -> tuple[bool, int, int]:
        rows = [split_line(line, delimiter)[0] for line in lines[:HEADER_ROWS] if line.strip()]
        counts = [len(row) for row in rows if len(row) > 1]
        common = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return any(is_header_like(row) for row in rows if len(row) > 1), counts.count(common), common

    return max(DELIMITERS, key=score)


def _rows(records: Sequence[Record], lines: Sequence[str], delimiter: str, relative: str) -> list[Row]:
    """Return the first 50 records as rows; refuse an unclosed quote in the header, which swallows all."""
    rows = []
    for record, after in itertools.zip_longest(records[:HEADER_ROWS], records[1 : HEADER_ROWS + 1]):
        if record is None:
            break
        last = (after.line if after else record.line + 1) - 1
        line = lines[record.line - 1]
        if record.rule in _UNFRAMED or last > record.line:
            fits = not record.rule and after is not None and len(after.cells) == len(record.cells)
            if not fits and is_header_like(line.replace('"', "").split(delimiter)):
                raise ReadError(
                    "csv/unbalanced-quote",
                    f"a quote in the header row is not closed: {shorten(line)}",
                    where=f"{relative}, line {record.line}",
                    mend="Close or remove the quote in that line.",
                )
        rows.append(Row(record.line, last, record.cells))
    return rows


def _narrow(row: Row, relative: str) -> Row:
    """Return a row that may be a header; one far too wide for it stays without cells, and no time is lost on it."""
    if len(row.cells) <= MAX_COLUMNS:
        return row
    if not is_header_like(row.cells):
        return row._replace(cells=())
    raise ReadError(
        "csv/too-many-columns",
        f"{len(row.cells):,} columns; a log has at most {MAX_COLUMNS:,}",
        where=f"{relative}, line {row.line}",
        mend="Export only the columns that are needed.",
    )


def _width(header: Header, records: Sequence[Record]) -> tuple[int, bool]:
    """Return how many cells a record has, and whether every line ends in one more delimiter."""
    width = len(header.cells)
    if width > 1 and not header.cells[-1].strip():
        return width - 1, True
    counts = [len(record.cells) for record in records if len(record.cells) > 1]
    ends = [record.cells[-1] for record in records if len(record.cells) == width + 1]
    return width, bool(ends) and len(ends) == len(counts) and not any(cell.strip() for cell in ends)


def _cut(header: Header, width: int) -> Header:
    """Leave out a last column that is only a trailing delimiter."""
    if width == len(header.cells):
        return header
    extra = {name: index for name, index in header.extra.items() if index < width}
    notes = tuple(note for note in header.notes if note.column in extra)
    return replace(header, cells=header.cells[:width], extra=extra, notes=notes)
