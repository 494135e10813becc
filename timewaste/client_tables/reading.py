"""A file of the client's own -> one table of texts with the row each stood in. Knows files, not what texts mean.

Reading is strict: a row that cannot be placed refuses the table. Of a table that is joined, half is worse than none.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.census import take_census
from timewaste.readers.file_kind import detect_kind
from timewaste.readers.records import Lines, split_records
from timewaste.readers.text import HEAD_LINES
from timewaste.readers.text_encoding import UTF8, check_encoding, find_encoding
from timewaste.readers.text_head import DELIMITERS, find_delimiter
from timewaste.settings import SourceConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from timewaste.settings import TableConfig

    Rows = Iterator[tuple[int, Sequence[str]]]

PLACE = "row in file"
"""Column of a grid's frame: where a row stood, its first line in a text file, its row in a sheet. Never kept."""
BLANKS = " \t\r\n\u00a0\u202f\ufeff"
_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as it stands in a file.

    `frame` has `PLACE` and a column for each key of `headers`, named by that number: texts without the blanks around
    them, null for empty cells; or values as the file has them where it `is_typed`. `unit` is what a place is called.
    """

    what: str
    where: str
    unit: str
    headers: Mapping[int, str]
    frame: pl.DataFrame
    blank: int = 0
    is_typed: bool = False

    def at(self, place: object, header: str = "") -> str:
        """Return how a message names a row of the file, or a cell of it."""
        return f"{self.where}, {self.unit} {place}" + (f", column {shorten(header)}" if header else "")


def read_grid(path: Path, table: TableConfig) -> Grid:
    """Return the table that a file holds. Raises `ReadError` that says what is wrong with it, and where."""
    if not path.is_file():
        raise ReadError(
            "table/no_file", "there is no such file", where=table.file,
            mend=f"Put it there, or correct `file` of [[table]] {table.name}. The path begins in the study's folder.",
        )  # fmt: skip
    try:
        kind = detect_kind(path, table.file)
        if kind == "parquet":
            return _parquet(path, table)
        if kind == "xlsx":
            return _workbook(path, table)
        if kind == "csv":
            return _text(path, table)
    except ReadError as error:
        raise _of_a_table(error, table) from None
    except OSError as error:
        raise ReadError(
            "table/unreadable", f"cannot be read: {error.strerror or error}", where=table.file,
            mend="Check that it is still there, and that you may read it.",
        ) from None  # fmt: skip
    said = {"html": "a web page", "zip": "a zip archive", "gzip": "a gzip archive"}.get(kind, kind)
    mend = "Give CSV, a workbook or Parquet." + " Excel can open it and save it as .xlsx." * (kind == "html")
    raise ReadError("table/kind", f"this is {said}, not a table", where=table.file, mend=mend)


def _of_a_table(error: ReadError, table: TableConfig) -> ReadError:
    """Return a reader's error with what mends a table in the place of what mends a log."""
    if error.code == "csv/encoding" and "[[source]]" in error.mend:
        said = "utf-16" if "utf-16" in error.mend else "cp1252"
        error.mend = f'If that is right, add below [[table]] {table.name} in timewaste.toml:\n\nencoding = "{said}"'
    elif "[[source]]" in error.mend or "logs/" in error.mend:
        error.mend = "Open it, save it anew as .xlsx or as CSV (UTF-8), and put that in its place."
    error.what = error.what.replace(", not a log", ", not a table")
    return error


# ------------------------------------------------------------------ text files


def _text(path: Path, table: TableConfig) -> Grid:
    source = SourceConfig(encoding=table.encoding)
    encoding, newline = find_encoding(path, table.file, source)
    census = take_census(path)
    check_encoding(path, census, encoding, table.file)
    lines = Lines(path, encoding, newline, ends_with_substitute=census.ends_with_substitute)
    top = list(itertools.islice(lines.read(), HEAD_LINES))
    delimiter = table.delimiter.replace("\\t", "\t") or find_delimiter(top)
    if len(delimiter) != 1:
        raise ReadError(
            "table/delimiter", f"{delimiter!r} is no single character", where=table.file,
            mend=f"Write one of {' '.join(DELIMITERS[:2])} \\t | as `delimiter`.",
        )  # fmt: skip

    def rows() -> Rows:
        for record in split_records(lines.read(), delimiter, has_bad=bool(census.bad_lines or census.controls)):
            if record.rule:
                raise _broken(record.rule, f"{table.file}, line {record.line}", record.value)
            yield record.line, record.cells

    shown = "utf-8" if encoding in UTF8 else encoding
    said = f"csv · {_WORDS.get(delimiter, repr(delimiter))} · {shown}"
    return _grid(rows(), table, said, table.file, "line", is_strict=True)


def _broken(rule: str, where: str, value: str) -> ReadError:
    what = {
        "csv/unbalanced-quote": "a quote is opened and not closed",
        "csv/text-after-quote": "text stands behind a closing quote",
        "csv/encoding": "bytes that are no text in this encoding",
        "csv/control": "control characters",
        "csv/truncated": "the file ends within this row",
    }.get(rule, "a row that cannot be read")
    return ReadError(rule, f"{what}: {shorten(value)}", where=where, mend="Mend that line in the file.")


# ------------------------------------------------------------------- workbooks


def _workbook(path: Path, table: TableConfig) -> Grid:
    from timewaste.readers.excel import inspect_book
    from timewaste.readers.excel_spool import run_worker

    kind, book = inspect_book(path, table.file)
    spool = run_worker(path, table.file, is_1904=book.is_1904)
    filled = [
        (index, name) for index, (name, is_visible) in enumerate(spool.sheets)
        if (is_visible or name == table.sheet) and next(spool.rows(index), None)
    ]  # fmt: skip
    names = ", ".join(shorten(name) for _, name in filled)
    chosen = [index for index, name in filled if table.sheet in {"", name}]
    if not chosen:
        raise ReadError(
            "table/sheet",
            f"no sheet {table.sheet!r} with cells; it has: {names}" if table.sheet else "no visible sheet has cells",
            where=table.file, mend=f"Correct `sheet` of [[table]] {table.name}.",
        )  # fmt: skip
    if len(chosen) > 1:
        raise ReadError(
            "table/sheet", f"the workbook has {len(chosen)} sheets: {names}", where=table.file,
            mend=f'Say which one below [[table]] {table.name} in timewaste.toml:\n\nsheet = "{filled[0][1]}"',
        )  # fmt: skip
    name = spool.sheets[chosen[0]][0]
    where = f"{table.file}, sheet {shorten(name)}"
    said = f"{kind} · sheet {shorten(name)}"
    return _grid(spool.rows(chosen[0]), table, said, where, "row", is_strict=False)


# --------------------------------------------------------------- rows to a grid


def _grid(rows: Rows, table: TableConfig, said: str, where: str, unit: str, *, is_strict: bool) -> Grid:  # noqa: PLR0913
    """Return the grid of rows below the header. Strict: a row has as many cells as the header."""
    import polars as pl

    line, header, passed = _header(rows, table, where)
    width = len(header)
    found: list[tuple[Any, ...]] = []
    blank = 0
    for number, cells in itertools.chain(passed, rows):
        texts = [cell.strip(BLANKS) for cell in cells]
        if not any(texts):
            blank += 1
            continue
        texts += [""] * (width - len(texts)) if not is_strict or len(texts) == 1 == width else []
        if len(texts) < width or any(texts[width:]):
            raise ReadError(
                "table/ragged", f"{len(cells)} cells where the header in {unit} {line} has {width}",
                where=f"{where}, {unit} {number}",
                mend="Mend the row; a cell that holds the delimiter stands in quotes. Is that no header? Say which "
                f"{unit} is with `header_line`.",
            )  # fmt: skip
        found.append((number, *(text or None for text in texts[:width])))
    schema = {PLACE: pl.Int64} | {str(place): pl.String for place in range(width)}
    frame = pl.DataFrame(found, schema=schema, orient="row")
    headers = {place: name for place, name in enumerate(header) if name}
    for place in range(width):
        if place not in headers and (filled := frame.filter(pl.col(str(place)).is_not_null())).height:
            raise ReadError(
                "table/header", f"column {place + 1} has no header and holds {shorten(filled[str(place)][0])!r}",
                where=f"{where}, {unit} {filled[PLACE][0]}",
                mend=f"Name it in {unit} {line} of the file. Is that no header? `header_line` says which is.",
            )  # fmt: skip
    if frame.is_empty():
        raise ReadError(
            "table/empty", f"no rows below the header in {unit} {line}", where=where, mend="Ask for it again."
        )
    return Grid(
        f"{said} · header in {unit} {line}", where, unit, headers, frame.select(PLACE, *map(str, headers)), blank
    )


def _header(rows: Rows, table: TableConfig, where: str) -> tuple[int, list[str], Iterable[tuple[int, Sequence[str]]]]:
    """Return line and cells of the header, and rows after it that have been taken already.

    It is the row that `header_line` names; otherwise the first with two filled cells, and the first with any where
    the table has but one column.
    """
    passed: list[tuple[int, Sequence[str]]] = []
    for number, cells in rows:
        names = [" ".join(cell.strip(BLANKS).split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if table.header_line:
            if number == table.header_line and names:
                return number, names, ()
            if number > table.header_line:
                break
        elif sum(map(bool, names)) > 1:
            return number, names, ()
        elif names:
            passed.append((number, cells))
    if table.header_line or not passed:
        what = f"nothing stands in {table.header_line}" if table.header_line else "the file holds no table"
        raise ReadError("table/header", what, where=where, mend=f"Correct `header_line` of [[table]] {table.name}.")
    (number, cells), *rest = passed
    return number, [cell.strip(BLANKS) for cell in cells if cell.strip(BLANKS)][:1], rest


# --------------------------------------------------------------------- Parquet


def _parquet(path: Path, table: TableConfig) -> Grid:
    """Return the table as it is typed in the file; what no column of ours holds is written as text."""
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReadError(
            "parquet/damaged", f"cannot be read: {reason}", where=table.file, mend="Ask for the file again."
        ) from None
    headers = dict(enumerate(frame.columns))
    columns = [_held(pl.col(name), frame.schema[name]).alias(str(place)) for place, name in headers.items()]
    places = pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(PLACE)
    if frame.is_empty() or not headers:
        raise ReadError("table/empty", "no rows", where=table.file, mend="Ask for the file again.")
    return Grid("parquet", table.file, "row", headers, frame.select(places, *columns), is_typed=True)


def _held(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    import polars as pl

    if kind.is_integer() and kind not in {pl.UInt64, pl.Int128, pl.UInt128}:
        return column.cast(pl.Int64)
    if kind.is_numeric():
        return column.cast(pl.Float64)
    if kind in {pl.Boolean, pl.Date} or (isinstance(kind, pl.Datetime) and not kind.time_zone):
        return column
    if kind.is_nested():
        return pl.struct(column).struct.json_encode()
    if kind == pl.Binary:
        return column.bin.encode("hex")
    text = column.cast(pl.String).str.strip_chars(BLANKS)
    return pl.when(text != "").then(text)
