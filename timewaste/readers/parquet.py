"""Parquet tables -> the RAW columns as text: what is typed there is written as a log would write it.

A row's line is its number + 1, as if the names of the columns stood in line 1.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS
from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.columns import Row, find_header
from timewaste.readers.records import Record
from timewaste.readers.rows import BLANKS
from timewaste.readers.sheet import BATCH_COLUMNS, LINE_SPAN, Sheet
from timewaste.readers.texts import is_total
from timewaste.readers.told import layout_sheets, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.columns import Header
    from timewaste.readers.sheet import Tally

ROWS_AT_ONCE = 500_000
_PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
# 0001-01-02 and 9999-12-30 as days from 1970-01-01: a zone may move a time by a day.
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the file's one table. Raises `ReadError` (parquet/…) when it is damaged or its columns are not known."""
    import polars as pl

    with _reading(relative):
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        texts = _texts(pl.scan_parquet(path), schema)
    header = find_header([Row(1, 1, tuple(schema))], source, place=relative, relative=relative, kind="parquet")

    def frames() -> Iterator[tuple[int, pl.DataFrame]]:
        return _frames(path, relative, texts, rows)

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        for start, frame in frames():
            tally.rows_read += frame.height
            yield _batch(frame, start, header, tally)

    def records(_tally: Tally) -> Iterator[Record]:
        for start, frame in frames():
            for number, cells in enumerate(frame.iter_rows(), start=start + 2):
                yield Record(number, tuple(cell or "" for cell in cells))

    empty = (Issue(1, "", "file/no_records", "0 records", "noted"),) if rows == 0 else ()
    notes = (*header.notes, *empty)
    if header.layout and header.layout.is_told:
        return layout_sheets(
            header, source, records, relative=relative, sheet=None, format="parquet", line_span=LINE_SPAN, notes=notes
        )
    sheet = Sheet(
        relative=relative,
        sheet=None,
        format="parquet",
        headers=header.cells,
        columns=header.columns,
        header_line=1,
        header_unit=header.unit,
        encoding="",
        delimiter="",
        notes=notes,
        read=read,
    )
    return [under(sheet, header.layout)]


def _frames(path: Path, relative: str, texts: list[pl.Expr], rows: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the table in parts, each with the number of its first row, from 0."""
    import polars as pl

    for start in range(0, rows, ROWS_AT_ONCE):
        with _reading(relative):
            frame = pl.scan_parquet(path).slice(start, ROWS_AT_ONCE).select(texts).collect()
        yield start, frame


@contextmanager
def _reading(relative: str) -> Iterator[None]:
    """Read within this: damage is refused, and what Polars prints when it panics over it is kept off the terminal."""
    import polars as pl

    sys.stderr.flush()
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReadError(
            "parquet/damaged", f"the Parquet file cannot be read: {reason}", where=relative,
            mend="Ask for the file again.",
        ) from None  # fmt: skip
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


def _texts(table: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    """Return the columns by number, c0 and so on, as the texts that a log would hold."""
    import polars as pl

    stamps = [name for name, kind in schema.items() if isinstance(kind, pl.Datetime)]
    midnights = table.select((pl.col(name).dt.time() == pl.time(0)).all() for name in stamps).collect()
    # Days that a tool keeps as times of day 0:00 are days.
    days = {name for name in stamps if midnights.get_column(name).item()}
    return [_text(name, kind, is_day=name in days).alias(f"c{n}") for n, (name, kind) in enumerate(schema.items())]


def _text(name: str, kind: pl.DataType, *, is_day: bool) -> pl.Expr:
    import polars as pl

    column = pl.col(name)
    if kind == pl.Date:
        return _when(column, "%Y-%m-%d", 1)
    if isinstance(kind, pl.Datetime):
        clock = " %H:%M:%S%:z" if kind.time_zone else " %H:%M:%S"
        return _when(column, "%Y-%m-%d" if is_day else f"%Y-%m-%d{clock}", 86_400 * _PER_SECOND[kind.time_unit])
    if kind == pl.Time:
        return column.dt.to_string("%H:%M:%S")
    if isinstance(kind, pl.Duration):
        seconds = column.dt.total_seconds()
        parts = [seconds // 3600, *((seconds // size % 60).cast(pl.String).str.zfill(2) for size in (60, 1))]
        return pl.concat_str(parts, separator=":")
    if kind == pl.Binary:
        return column.bin.encode("hex")
    return pl.struct(column).struct.json_encode() if kind.is_nested() else column.cast(pl.String)


def _when(column: pl.Expr, shape: str, day: int) -> pl.Expr:
    """Return a date as a text; one that no calendar has, which Polars cannot write, as the number behind it."""
    import polars as pl

    number = column.to_physical()
    in_calendar = number.is_between(_FIRST_DAY * day, (_LAST_DAY + 1) * day - 1)
    return pl.when(in_calendar).then(column).dt.to_string(shape).fill_null(number.cast(pl.String))


def _batch(frame: pl.DataFrame, start: int, header: Header, tally: Tally) -> pl.DataFrame:
    import polars as pl

    columns = pl.col(frame.columns)
    frame = frame.with_columns(
        pl.when(columns.str.strip_chars(BLANKS) != "").then(columns).name.keep(),
        pl.int_range(start + 2, start + 2 + frame.height, dtype=pl.Int64).alias("line"),
    )
    blank = frame.select(pl.all_horizontal(columns.is_null())).to_series()
    tally.blank += int(blank.sum())
    frame = frame.filter(~blank)
    skipped = _totals(frame, header)
    for row in frame.filter(skipped).iter_rows(named=True):
        shown = shorten(" | ".join(str(cell) for name, cell in row.items() if cell is not None and name != "line"))
        tally.issues.append(Issue(row["line"], "", "row/total", shown, "skipped"))
    tally.skipped += int(skipped.sum())
    frame = frame.filter(~skipped)
    named = {field: pl.col(f"c{header.fields[field]}") for field in RAW_FIELDS if field in header.fields}
    extra = {name: pl.col(f"c{index}") for name, index in header.extra.items()}
    missing = {field: pl.lit(None, pl.String) for field in RAW_FIELDS if field not in named}
    if extra:
        missing["extra"] = pl.struct(column.alias(name) for name, column in extra.items()).struct.json_encode()
    return frame.select("line", **named, **missing).select(BATCH_COLUMNS)


def _totals(frame: pl.DataFrame, header: Header) -> pl.Series:
    """Tell of each row whether it is a sum below the entries: it says so and has no date."""
    import polars as pl

    fields = header.fields
    dated = [pl.col(f"c{fields[name]}").is_not_null() for name in ("date_text", "start_text") if name in fields]
    says = [is_total(frame.get_column(f"c{index}")).fill_null(value=False) for index in {0, fields["label"]}]
    return frame.select(pl.any_horizontal(says) & ~pl.any_horizontal(dated)).to_series()
