"""Text tables: comma, semicolon, tab or pipe between the cells.

A plain file is read in blocks (`Sheet.scan`); any other record by record.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue
from timewaste.readers.census import Census, take_census
from timewaste.readers.footer import mark_footer
from timewaste.readers.records import Lines, split_records
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import LINE_SPAN, CsvScan, Sheet
from timewaste.readers.spans import split_span
from timewaste.readers.text_encoding import UTF8, check_encoding, find_encoding
from timewaste.readers.text_head import Head, understand_head
from timewaste.readers.told import layout_sheets, under

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.records import Record
    from timewaste.readers.sheet import Tally

HEAD_LINES = 400
_DIGIT = re.compile(r"\d")
_BAD_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    path: Path
    relative: str
    encoding: str
    newline: str
    head: Head


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the file's one table.

    Raises `ReadError` (csv/…) when encoding, delimiter or header are not understood.
    """
    encoding, newline = find_encoding(path, relative, source)
    top = list(itertools.islice(Lines(path, encoding, newline).read(), HEAD_LINES))
    try:
        head = understand_head(top, source, relative)
    except ReadError:
        if any(_BAD_BYTE.search(line) for line in top):  # the likelier reason why no header is known
            census = take_census(path)
            check_encoding(path, census, encoding, relative, in_header=True)
        raise
    if _BAD_BYTE.search(head.header_text):
        check_encoding(path, take_census(path), encoding, relative, in_header=True)
    table = _Table(path=path, relative=relative, encoding=encoding, newline=newline, head=head)
    return _sheets(table, source, is_empty=len(top) <= head.header.last_line)


def _sheets(table: _Table, source: SourceConfig, *, is_empty: bool) -> list[Sheet]:
    head, header = table.head, table.head.header
    before = table.path.stat()

    def check_unchanged() -> None:
        now = table.path.stat()
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ReadError(
                "file/changed", "the file changed while it was read", where=table.relative, mend="Run it again."
            )

    def records(tally: Tally) -> Iterator[Record]:
        census = take_census(table.path)
        check_encoding(table.path, census, table.encoding, table.relative)
        lines = Lines(
            table.path,
            table.encoding,
            table.newline,
            has_lone_returns=table.newline == "\n"
            and not table.encoding.startswith("utf-16")
            and census.lone_returns > 0,
            ends_with_substitute=census.ends_with_substitute,
        )
        tally.notes = _census_notes(census, header.line, has_lone_returns=lines.has_lone_returns)
        found = mark_footer(_records(table, lines, census))
        start, end = (header.fields.get(name, -1) for name in ("start_text", "end_text"))
        yield from (split_span(record, start, end) for record in found) if head.has_spans else found
        check_unchanged()

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        yield from make_batches(records(tally), header, tally)

    notes, layout = _head_notes(table, is_empty=is_empty), header.layout
    if layout and layout.is_told:
        return layout_sheets(
            header, source, records, relative=table.relative, sheet=None, format="csv", line_span=LINE_SPAN,
            encoding=table.encoding, delimiter=head.delimiter, notes=notes,
        )  # fmt: skip
    sheet = Sheet(
        relative=table.relative,
        sheet=None,
        format="csv",
        headers=header.cells,
        columns=header.columns,
        header_line=header.line,
        header_unit=header.unit,
        encoding=table.encoding,
        delimiter=head.delimiter,
        notes=notes,
        read=read,
        titles=head.titles,
        scan=_scan(table, check_unchanged),
    )
    return [under(sheet, layout)]


def _records(table: _Table, lines: Lines, census: Census) -> Iterator[Record]:
    head, fields = table.head, table.head.header.fields
    dates = [fields[name] for name in ("date_text", "start_text") if name in fields]

    def looks_whole(line: str) -> bool:
        cells = line.split(head.delimiter)
        return len(cells) == head.width and any(_DIGIT.search(cells[index]) for index in dates)

    return split_records(
        itertools.islice(lines.read(), head.header.last_line, None),
        head.delimiter,
        width=head.width,
        first_line=head.header.last_line + 1,
        has_bad=bool(census.bad_lines or census.controls or lines.encoding not in UTF8),
        is_cut=not census.ends_with_newline,
        looks_whole=looks_whole,
    )


def _scan(table: _Table, check_unchanged: Callable[[], None]) -> CsvScan | None:
    """Return the fast way if nothing in the head speaks against it; the scan itself looks at the rest."""
    head, header = table.head, table.head.header
    if (
        head.has_spans
        or table.encoding not in UTF8
        or table.newline != "\n"
        or head.trailing
        or header.line != header.last_line
    ):
        return None
    return CsvScan(
        path=table.path,
        delimiter=head.delimiter,
        skip_lines=header.line,
        column_count=head.width,
        fields=header.fields,
        extra=header.extra,
        header_label=header.cells[header.fields["label"]].strip(),
        check_unchanged=check_unchanged,
    )


def _head_notes(table: _Table, *, is_empty: bool) -> tuple[Issue, ...]:
    header = table.head.header
    said = (
        (header.line > 1, "header/title_lines", f"{header.line - 1} lines before the header"),
        (table.head.trailing, "csv/trailing_delimiter", ""),
        (is_empty, "file/no_records", "0 records"),
    )
    return (*header.notes, *_noted(header.line, said))


def _census_notes(census: Census, header_line: int, *, has_lone_returns: bool) -> list[Issue]:
    feeds, pairs = census.line_feeds, census.carriage_pairs
    said = (
        (has_lone_returns, "csv/lone_return", f"{census.lone_returns} inside cells"),
        (0 < pairs < feeds, "csv/mixed_line_ends", f"{pairs} CRLF, {feeds - pairs} LF"),
        (census.ends_with_substitute, "csv/substitute_at_end", "\\x1a"),
    )
    return _noted(header_line, said)


def _noted(line: int, said: Iterable[tuple[bool, str, str]]) -> list[Issue]:
    return [Issue(line, "", rule, value, "noted") for holds, rule, value in said if holds]
