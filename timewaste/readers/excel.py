"""Worksheets: .xlsx and .xlsm with one row per entry. The workbook itself is opened in a child process.

Every cell becomes a canonical text (dates ISO, times hh:mm, spans H:MM:SS); a row keeps its Excel number.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.columns import HEADER_ROWS, Header, Row, find_header, has_header
from timewaste.readers.excel_zip import ROW_LIMIT, Book, Part, column_letters, inspect_workbook
from timewaste.readers.records import BAD_CHARACTERS, RECORD_LIMIT, Record
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Tally

TIME_LIMIT = 120
TIME_FIELDS = ("date_text", "start_text", "end_date_text", "end_text", "duration_text", "logged_text")
KEY_FIELDS = (*TIME_FIELDS, "label", "rep", "opportunity")


@dataclass(frozen=True, slots=True)
class _Spool:
    """The rows of a workbook as the child wrote them, in a temporary file that vanishes when closed."""

    file: IO[bytes]
    sheets: tuple[tuple[str, bool], ...]
    starts: Mapping[int, int]

    def rows(self, sheet: int) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells of the sheet's rows that are not empty."""
        place = self.starts.get(sheet)
        while place is not None:
            self.file.seek(place)  # another sheet may have been read meanwhile
            lines = self.file.readlines(1 << 20)
            place = self.file.tell()
            for line in lines:
                said = json.loads(line)
                if said == "end" or said[0] != sheet:
                    return
                yield said[1], said[2]


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return every visible sheet with a header that we know, or the one that the config names.

    Raises `ReadError` (xlsx/…) when the workbook cannot be opened or no sheet is understood.
    """
    book = inspect_workbook(path, relative)
    spool = _run_worker(path, relative)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    notes = _book_notes(book)
    chosen = []
    for index, (name, is_visible) in enumerate(spool.sheets):
        if source.sheet:
            if name == source.sheet:
                chosen.append(index)
        elif not is_visible:
            notes.append(Issue(0, "", "xlsx/hidden_sheet", shorten(name), "noted"))
        elif has_header(_head(spool, index), source):
            chosen.append(index)
        elif next(spool.rows(index), None):
            notes.append(Issue(0, "", "xlsx/sheet_without_header", shorten(name), "noted"))
    if not chosen:
        raise _no_sheet(spool, relative, source)
    made = []
    for index in chosen:
        made.append(_sheet(spool, index, book, digest, relative, source, tuple(notes)))
        notes = []  # what concerns the whole workbook is said once
    return made


def _no_sheet(spool: _Spool, relative: str, source: SourceConfig) -> ReadError:
    names = ", ".join(shorten(name) + ("" if visible else " (hidden)") for name, visible in spool.sheets)
    if source.sheet:
        return ReadError(
            "xlsx/no-sheet", f"no sheet {source.sheet!r}; the workbook has: {names}", where=relative,
            mend="Correct `sheet` in the [[source]] block.",
        )  # fmt: skip
    visible = [index for index, (_, is_visible) in enumerate(spool.sheets) if is_visible]
    filled = next((index for index in visible if next(spool.rows(index), None)), None)
    if filled is None:
        return ReadError(
            "file/empty", f"no visible sheet holds anything; the workbook has: {names}", where=relative,
            mend=f'To read a hidden sheet, name it:\n[[source]]\nmatch = "{relative}"\nsheet = "…"',
        )  # fmt: skip
    place = f"{relative}, sheet {spool.sheets[filled][0]}"
    try:
        find_header(_head(spool, filled), source, place=place, relative=relative, kind="xlsx")
    except ReadError as error:
        return error
    raise AssertionError(place)


def _run_worker(path: Path, relative: str) -> _Spool:
    """Let the child write all rows to a temporary file. It may crash or hang without harm to us."""
    worker = Path(__file__).with_name("excel_worker.py")
    spool = tempfile.TemporaryFile()
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(worker), str(path)],
            stdin=subprocess.DEVNULL, stdout=spool, stderr=subprocess.PIPE, timeout=TIME_LIMIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ReadError(
            "xlsx/timeout", f"the workbook was not read within {TIME_LIMIT} seconds", where=relative,
            mend="Save the sheet with the list as CSV (UTF-8) and put that file in its place.",
        ) from None  # fmt: skip
    spool.seek(0)
    try:
        sheets = json.loads(spool.readline())["sheets"]
        return _Spool(spool, tuple((name, visible) for name, visible in sheets), _starts(spool))
    except (ValueError, KeyError, TypeError, StopIteration):
        tail = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = tail[-1] if tail else f"the reader stopped with code {done.returncode}"
        raise ReadError(
            "xlsx/unreadable" if done.returncode == 4 else "xlsx/crash", f"the workbook cannot be read: {shorten(why, 200)}",
            where=relative, mend="Open it in Excel and save it anew, or save the list as CSV (UTF-8).",
        ) from None  # fmt: skip


def _starts(spool: IO[bytes]) -> dict[int, int]:
    """Return where the rows of each sheet begin. Raises `StopIteration` if the child did not finish."""
    starts: dict[int, int] = {}
    last, place = b"", spool.tell()
    while line := spool.readline():
        index = line.partition(b",")[0]
        if line.startswith(b'"end"'):
            return starts
        if index != last:
            starts[int(index[1:])], last = place, index
        place += len(line)
    raise StopIteration


def _head(spool: _Spool, index: int) -> list[Row]:
    return [
        Row(number, number, cells)
        for number, cells in itertools.islice(spool.rows(index), HEADER_ROWS)
        if number
    ]


def _book_notes(book: Book) -> list[Issue]:
    said = (
        (book.has_macros, "xlsx/macros", ""), (book.has_links, "xlsx/external_links", ""),
        (book.is_1904, "xlsx/epoch_1904", "1904"),
    )  # fmt: skip
    return [Issue(0, "", rule, value, "noted") for holds, rule, value in said if holds]


def _sheet(
    spool: _Spool,
    index: int,
    book: Book,
    digest: str,
    relative: str,
    source: SourceConfig,
    notes: tuple[Issue, ...],
) -> Sheet:
    name = spool.sheets[index][0]
    header = find_header(
        _head(spool, index), source, place=f"{relative}, sheet {name}", relative=relative, kind="xlsx"
    )
    part = book.parts.get(name, Part())
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
        sha256=digest,
        notes=(*notes, *_sheet_notes(part, header, has_rows=_has_rows(spool, index, header))),
        read=read,
    )


def _has_rows(spool: _Spool, index: int, header: Header) -> bool:
    return any(number > header.line for number, _ in spool.rows(index))


def _widened(header: Header, width: int) -> Header:
    """Let the header reach over all used columns; a column without a header is kept under its letter."""
    cells = (*header.cells, *[""] * (width - len(header.cells)))
    extra = {name: index for name, index in header.extra.items() if cells[index].strip()}
    extra.update(
        {
            f"column {column_letters(i)}": i
            for i, cell in enumerate(cells)
            if not cell.strip() and i not in header.fields.values()
        }
    )
    return Header(
        line=header.line, last_line=header.last_line, cells=cells, fields=header.fields, extra=extra, unit=header.unit,
        notes=tuple(note for note in header.notes if note.column in extra),
    )  # fmt: skip


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


def _records(spool: _Spool, index: int, header: Header, part: Part) -> Iterator[Record]:
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
        odd = part.odd.get((row, column))
        if (
            odd
            and name in KEY_FIELDS
            and (
                odd[0] != "xlsx/negative_time"
                or (name in TIME_FIELDS and ":" in cells[column] and name != "duration_text")
            )
        ):
            return _with(record, odd[0], column, odd[1])
        text = cells[column]
        if name in TIME_FIELDS and text in {"TRUE", "FALSE"}:
            return _with(record, "xlsx/type", column, text)
        if name in {"opportunity", "rep"} and len(text) > 15 and _is_float_text(text):
            return _with(record, "xlsx/lost_digits", column, text)
    if sum(map(len, cells)) > RECORD_LIMIT:
        return Record(row, (), "csv/record-too-long", -1, shorten("".join(cells)), "\t".join(cells))
    if bad := next((cell for cell in cells if BAD_CHARACTERS.search(cell)), None):
        return Record(row, (), "csv/control", -1, bad, "\t".join(cells))
    return record


def _with(record: Record, rule: str, column: int, value: str) -> Record:
    return record._replace(
        rule=rule, column=column, value=f"{column_letters(column)}{record.line} {value}".strip()
    )


def _is_float_text(text: str) -> bool:
    return text.isdigit() or ("e+" in text and text.replace("e+", "").replace(".", "").isdigit())
