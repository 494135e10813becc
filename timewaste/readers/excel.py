"""Worksheets: .xlsx and .xlsm with one row per entry. The workbook itself is opened in a child process.

Every cell becomes a canonical text (dates ISO, times hh:mm, spans H:MM:SS); a row keeps its Excel number.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.columns import HEADER_ROWS, Header, Row, find_header, has_header, no_header
from timewaste.readers.excel_spool import Spool, run_worker
from timewaste.readers.excel_zip import ROW_LIMIT, Book, Part, column_letters, inspect_workbook
from timewaste.readers.records import BAD_CHARACTERS, RECORD_LIMIT, Record
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Tally

TIME_FIELDS = ("date_text", "start_text", "end_date_text", "end_text", "duration_text", "logged_text")
KEY_FIELDS = (*TIME_FIELDS, "label", "rep", "opportunity")
ID_FIELDS = ("rep", "opportunity", "code")
_LOST_DIGITS = re.compile(r"\d{16,}|\d(?:\.\d+)?e\+\d+")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A workbook whose rows lie in the spool."""

    spool: Spool
    book: Book
    relative: str
    source: SourceConfig


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return every visible sheet with a header that we know, or the one that the config names.

    Raises `ReadError` (xlsx/…) when the workbook cannot be opened or no sheet is understood.
    """
    book = inspect_workbook(path, relative)
    opened = _Opened(run_worker(path, relative, is_1904=book.is_1904), book, relative, source)
    chosen, notes = _choose(opened)
    if not chosen:
        raise _no_sheet(opened)
    notes += _book_notes(book)
    # What concerns the whole workbook is said once, with its first sheet.
    return [_sheet(opened, index, notes if index == chosen[0] else []) for index in chosen]


def _choose(opened: _Opened) -> tuple[list[int], list[Issue]]:
    spool, source = opened.spool, opened.source
    if source.sheet:
        return [index for index, (name, _) in enumerate(spool.sheets) if name == source.sheet], []
    chosen, notes = [], []
    for index, (name, is_visible) in enumerate(spool.sheets):
        if not is_visible:
            notes.append(Issue(0, "", "xlsx/hidden_sheet", shorten(name), "noted"))
        elif has_header(_head(spool, index), source):
            chosen.append(index)
        elif next(spool.rows(index), None):
            notes.append(Issue(0, "", "xlsx/sheet_without_header", shorten(name), "noted"))
    return chosen, notes


def _no_sheet(opened: _Opened) -> ReadError:
    spool, relative, source = opened.spool, opened.relative, opened.source
    names = ", ".join(shorten(name) + ("" if visible else " (hidden)") for name, visible in spool.sheets)
    if source.sheet:
        return ReadError(
            "xlsx/no-sheet",
            f"no sheet {source.sheet!r}; the workbook has: {names}",
            where=relative,
            mend="Correct `sheet` in the [[source]] block.",
        )
    visible = [index for index, (_, is_visible) in enumerate(spool.sheets) if is_visible]
    filled = next((index for index in visible if next(spool.rows(index), None)), None)
    if filled is None:
        return ReadError(
            "file/empty",
            f"no visible sheet holds anything; the workbook has: {names}",
            where=relative,
            mend=f'To read a hidden sheet, name it:\n[[source]]\nmatch = "{relative}"\nsheet = "…"',
        )
    place = f"{relative}, sheet {spool.sheets[filled][0]}"
    return no_header(_head(spool, filled), source, place=place, relative=relative, kind="xlsx")


def _head(spool: Spool, index: int) -> list[Row]:
    return [Row(number, number, cells) for number, cells in itertools.islice(spool.rows(index), HEADER_ROWS) if number]


def _book_notes(book: Book) -> list[Issue]:
    said = (
        (book.has_macros, "xlsx/macros", ""),
        (book.has_links, "xlsx/external_links", ""),
        (book.is_1904, "xlsx/epoch_1904", "1904"),
        (book.has_padding, "xlsx/padded_numbers", "format 00…"),
    )
    return [Issue(0, "", rule, value, "noted") for holds, rule, value in said if holds]


def _sheet(opened: _Opened, index: int, notes: list[Issue]) -> Sheet:
    spool, relative = opened.spool, opened.relative
    name = spool.sheets[index][0]
    place = f"{relative}, sheet {name}"
    header = find_header(_head(spool, index), opened.source, place=place, relative=relative, kind="xlsx")
    part = opened.book.parts.get(name, Part())
    header = _widened(header, max(part.columns, len(header.cells)))

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        yield from make_batches(_records(spool, index, header, part), header, tally, sparse=True)

    return Sheet(
        relative=relative,
        sheet=name,
        format="xlsx",
        headers=header.cells,
        columns=header.columns,
        header_line=header.line,
        header_unit=header.unit,
        encoding="",
        delimiter="",
        notes=(*notes, *_sheet_notes(part, header, has_rows=_has_rows(spool, index, header))),
        read=read,
    )


def _has_rows(spool: Spool, index: int, header: Header) -> bool:
    return any(number > header.line for number, _ in spool.rows(index))


def _widened(header: Header, width: int) -> Header:
    """Let the header reach over all used columns; a column without a header is kept under its letter."""
    cells = (*header.cells, *[""] * (width - len(header.cells)))
    extra = {name: index for name, index in header.extra.items() if cells[index].strip()}
    taken = header.fields.values()
    bare = [index for index, cell in enumerate(cells) if not cell.strip() and index not in taken]
    notes = tuple(note for note in header.notes if note.column in extra)
    extra |= {f"column {column_letters(index)}": index for index in bare}
    return replace(header, cells=cells, extra=extra, notes=notes)


def _sheet_notes(part: Part, header: Header, *, has_rows: bool) -> tuple[Issue, ...]:
    said = (
        (header.line > 1, "header/title_lines", f"header in row {header.line}"),
        (part.hidden_rows > 0 or part.has_filter, "xlsx/hidden_rows", f"{part.hidden_rows} hidden rows"),
        (part.last_row >= ROW_LIMIT, "xlsx/row_limit", f"{part.last_row} rows"),
        (not has_rows, "file/no_records", "0 records"),
    )
    return (
        *header.notes,
        *(Issue(header.line, "", rule, value, "noted") for holds, rule, value in said if holds),
    )


def _records(spool: Spool, index: int, header: Header, part: Part) -> Iterator[Record]:
    """Yield a record per row below the header; a gap in the row numbers is blank rows."""
    width = len(header.cells)
    names = {column: name for name, column in header.fields.items()}
    merged = _merged(part, names, header.line)
    expected = header.line + 1
    for number, cells in spool.rows(index):
        if number <= header.line:
            continue
        for blank in range(expected, number):
            yield Record(blank, [""] * width)
        expected = number + 1
        full = cells + [""] * (width - len(cells))
        yield _judge(Record(number, full), names, part, merged)


def _merged(part: Part, names: Mapping[int, str], header_line: int) -> dict[int, int]:
    """Return row -> a mapped column whose cell is covered by a merged one above or left of it."""
    covered: dict[int, int] = {}
    for top, left, bottom, right in part.merges:
        for column in (c for c in names if left <= c <= right):
            for row in range(max(top + (column == left), header_line + 1), min(bottom, part.last_row) + 1):
                covered.setdefault(row, column)
    return covered


def _judge(record: Record, names: Mapping[int, str], part: Part, merged: Mapping[int, int]) -> Record:
    """Return the record with the first thing wrong with a cell that matters; its cells are kept."""
    row, cells = record.line, record.cells
    if row in merged:
        return _with(record, "xlsx/merged", merged[row], cells[merged[row]])
    for column, name in names.items():
        rule, value = _cell_rule(cells[column], name, part.odd.get((row, column), ("", "")))
        if rule:
            return _with(record, rule, column, value)
    if sum(map(len, cells)) > RECORD_LIMIT:
        return Record(row, (), "csv/record-too-long", -1, "".join(cells), "\t".join(cells))
    if bad := next((cell for cell in cells if BAD_CHARACTERS.search(cell)), None):
        return Record(row, (), "csv/control", -1, bad, "\t".join(cells))
    return record


def _cell_rule(text: str, name: str, odd: tuple[str, str]) -> tuple[str, str]:
    """Return what is wrong with a cell of the RAW field `name`, and its text; "" if nothing."""
    rule, value = odd
    is_time = name in TIME_FIELDS
    if rule == "xlsx/negative_time":  # a negative duration is text by now, and a plain number has no colon
        if is_time and ":" in text and not text.startswith("-"):
            return rule, value
    elif rule and name in KEY_FIELDS:
        return rule, value
    if is_time and text in {"TRUE", "FALSE"}:
        return "xlsx/type", text
    if name in ID_FIELDS and _LOST_DIGITS.fullmatch(text):
        return "xlsx/lost_digits", text
    return "", ""


def _with(record: Record, rule: str, column: int, value: str) -> Record:
    return record._replace(rule=rule, column=column, value=f"{column_letters(column)}{record.line} {value}".strip())
