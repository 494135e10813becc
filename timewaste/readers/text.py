"""Text tables: comma, semicolon, tab or pipe between the cells.

A clean file is handed to the database's CSV reader (`Sheet.scan`); any other is read record by record.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue
from timewaste.readers.census import Census, take_census
from timewaste.readers.records import Lines, split_records
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import CsvScan, Sheet
from timewaste.readers.text_encoding import UTF8, check_encoding, find_encoding
from timewaste.readers.text_head import Head, understand_head

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    lines: Lines
    head: Head
    census: Census


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
            census = take_census(path, delimiter=",", header=b"")
            check_encoding(path, census, encoding, relative, in_header=True)
        raise
    bytes_of_header = head.header_text.encode("utf-8", "surrogateescape")
    census = take_census(path, delimiter=head.delimiter, header=bytes_of_header)
    is_header_bad = _BAD_BYTE.search(head.header_text) is not None
    check_encoding(path, census, encoding, relative, in_header=is_header_bad)
    lines = Lines(
        path,
        encoding,
        newline,
        has_lone_returns=newline == "\n" and census.lone_returns > 0,
        ends_with_substitute=census.ends_with_substitute,
    )
    return [_sheet(_Table(lines=lines, head=head, census=census), relative)]


def _sheet(table: _Table, relative: str) -> Sheet:
    head, header = table.head, table.head.header
    before = table.lines.path.stat()

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        yield from make_batches(_records(table), header, tally)
        now = table.lines.path.stat()
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ReadError("file/changed", "the file changed while it was read", where=relative, mend="Run it again.")

    return Sheet(
        relative=relative,
        sheet=None,
        format="csv",
        headers=header.cells,
        columns=header.columns,
        header_line=header.line,
        header_unit=header.unit,
        encoding=table.lines.encoding,
        delimiter=head.delimiter,
        sha256=table.census.sha256,
        notes=_notes(table),
        read=read,
        scan=_scan(table),
    )


def _records(table: _Table) -> Iterator[Record]:
    head, census, fields = table.head, table.census, table.head.header.fields
    dates = [fields[name] for name in ("date_text", "start_text") if name in fields]

    def looks_whole(line: str) -> bool:
        cells = line.split(head.delimiter)
        return len(cells) == head.width and any(_DIGIT.search(cells[index]) for index in dates)

    return split_records(
        itertools.islice(table.lines.read(), head.header.last_line, None),
        head.delimiter,
        width=head.width,
        first_line=head.header.last_line + 1,
        has_bad=bool(census.bad_lines or census.controls or table.lines.encoding not in UTF8),
        is_cut=not census.ends_with_newline,
        looks_whole=looks_whole,
    )


def _scan(table: _Table) -> CsvScan | None:
    """Return the fast way, if nothing in the bytes speaks against it; the count of rows has the last word."""
    census, head, header = table.census, table.head, table.head.header
    is_clean = (
        table.lines.encoding in UTF8
        and census.is_uniform
        and census.controls == census.bad_lines == census.blank_lines == census.suspects == census.longest_gap == 0
        and census.quotes % 2 == 0
        and not head.trailing
        and header.line == header.last_line
        and census.lines > header.line
    )
    if not is_clean:
        return None
    return CsvScan(
        path=table.lines.path,
        delimiter=head.delimiter,
        skip_lines=header.line,
        column_count=head.width,
        fields=header.fields,
        extra=header.extra,
        records=census.lines - header.line,
    )


def _notes(table: _Table) -> tuple[Issue, ...]:
    census, header = table.census, table.head.header
    feeds, pairs = census.line_feeds, census.carriage_pairs
    said = (
        (header.line > 1, "header/title_lines", f"{header.line - 1} lines before the header"),
        (table.lines.has_lone_returns, "csv/lone_return", f"{census.lone_returns} inside cells"),
        (0 < pairs < feeds, "csv/mixed_line_ends", f"{pairs} CRLF, {feeds - pairs} LF"),
        (table.head.trailing, "csv/trailing_delimiter", ""),
        (census.ends_with_substitute, "csv/substitute_at_end", "\\x1a"),
        (census.lines <= header.last_line, "file/no_records", "0 records"),
    )
    return (
        *header.notes,
        *(Issue(header.line, "", rule, value, "noted") for holds, rule, value in said if holds),
    )
