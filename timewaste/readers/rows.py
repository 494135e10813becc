"""Records with cells -> batches with the RAW columns. Knows the header, not the file format."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS
from timewaste.issue import Issue, shorten
from timewaste.readers.census import TOTAL_WORDS
from timewaste.readers.footer import FOOTER
from timewaste.readers.sheet import BATCH_CHARACTERS, BATCH_COLUMNS, BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from timewaste.readers.columns import Header
    from timewaste.readers.records import Record
    from timewaste.readers.sheet import Tally

BLANKS = " \t\r\n\u00a0"
_CELL = 16  # what a cell takes, be it empty: a table may be wide
_TOTAL = re.compile(TOTAL_WORDS + r"\s*:?", re.IGNORECASE)


def make_batches(
    records: Iterable[Record], header: Header, tally: Tally, *, sparse: bool = False
) -> Iterator[pl.DataFrame]:
    """Yield frames of `line` and the RAW fields; count and note in `tally` what is blank, skipped or broken.

    `sparse` leaves empty cells out of `extra`, for worksheets, whose stray columns are mostly empty.
    """
    lines: list[int] = []
    cells: list[Sequence[str]] = []
    broken: list[tuple[int, str]] = []
    size = 0
    for record in records:
        tally.rows_read += 1
        if record.rule == FOOTER:
            tally.skipped += 1
            tally.issues.append(Issue(record.line, "", FOOTER, shorten(record.value), "skipped"))
            continue
        if record.rule:
            tally.issues.append(_issue(record, header))
        elif not "".join(record.cells).strip(BLANKS):
            tally.blank += 1
            continue
        elif rule := _skip_rule(record.cells, header):
            tally.skipped += 1
            shown = shorten(" | ".join(cell for cell in record.cells if cell))
            tally.issues.append(Issue(record.line, "", rule, shown, "skipped"))
            continue
        if record.cells:
            lines.append(record.line)
            cells.append(record.cells)
            size += sum(map(len, record.cells)) + _CELL * len(record.cells)
        else:
            broken.append((record.line, record.raw))
            size += len(record.raw)
        if len(lines) + len(broken) == BATCH_ROWS or size > BATCH_CHARACTERS:
            yield _frame(lines, cells, broken, header, sparse=sparse)
            lines, cells, broken, size = [], [], [], 0
    if lines or broken:
        yield _frame(lines, cells, broken, header, sparse=sparse)


def _issue(record: Record, header: Header) -> Issue:
    column = header.cells[record.column] if 0 <= record.column < len(header.cells) else ""
    return Issue(record.line, column, record.rule, shorten(record.value), "set_aside")


def _skip_rule(cells: Sequence[str], header: Header) -> str:
    fields = header.fields
    label = cells[fields["label"]].strip(BLANKS)
    if label == header.cells[fields["label"]].strip(BLANKS) and all(
        cells[index].strip(BLANKS) == header.cells[index].strip(BLANKS) for index in fields.values()
    ):
        return "row/repeated_header"
    first = cells[0].strip(BLANKS)
    is_label = _TOTAL.fullmatch(label) is not None
    if not is_label and not _TOTAL.fullmatch(first):
        return ""
    # A sum may stand under a date that was filled in for it, but it has no place on the clock.
    placed = ("start_text", "end_text") if is_label else ("date_text", "start_text")
    texts = [cells[fields[name]].strip(BLANKS) for name in placed if name in fields]
    return "" if any(text and not _TOTAL.fullmatch(text) for text in texts) else "row/total"


def _frame(
    lines: Sequence[int],
    cells: Sequence[Sequence[str]],
    broken: Sequence[tuple[int, str]],
    header: Header,
    *,
    sparse: bool,
) -> pl.DataFrame:
    """Return the records with cells and those that have none, in the order of their lines."""
    import polars as pl

    frames = [_cells_frame(lines, cells, header, sparse=sparse)] if lines else []
    if broken:
        kept = [json.dumps({"raw": raw}, ensure_ascii=False) for _, raw in broken]
        columns = {"line": [line for line, _ in broken], **dict.fromkeys(RAW_FIELDS), "extra": kept}
        schema = {"line": pl.Int64, **dict.fromkeys(RAW_FIELDS, pl.String)}
        frames.append(pl.DataFrame(columns, schema=schema).select(BATCH_COLUMNS))
    return frames[0] if len(frames) == 1 else pl.concat(frames).sort("line")


def _cells_frame(lines: Sequence[int], cells: Sequence[Sequence[str]], header: Header, *, sparse: bool) -> pl.DataFrame:
    import polars as pl

    columns = list(zip(*cells, strict=True))
    wanted = {**header.fields, **{f"extra {index}": index for index in header.extra.values()}}
    frame = pl.DataFrame(
        {"line": lines, **{name: columns[index] for name, index in wanted.items()}},
        schema={"line": pl.Int64, **dict.fromkeys(wanted, pl.String)},
    ).with_columns(
        pl.when(pl.col(pl.String).str.strip_chars(BLANKS) != "").then(pl.col(pl.String)).name.keep(),
    )
    missing = [name for name in RAW_FIELDS[:-1] if name not in header.fields]
    return (
        frame
        .with_columns(_extra(frame, header, sparse=sparse).alias("extra"))
        .with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
        .select(BATCH_COLUMNS)
    )  # fmt: skip


def _extra(frame: pl.DataFrame, header: Header, *, sparse: bool) -> pl.Expr | pl.Series:
    import polars as pl

    names = {f"extra {index}": name for name, index in header.extra.items()}
    if not names:
        return pl.lit(None, pl.String)
    if not sparse:
        return pl.struct(pl.col(name).alias(header_name) for name, header_name in names.items()).struct.json_encode()
    rows = frame.select(*names).rename(names).iter_rows(named=True)
    kept = ({name: value for name, value in row.items() if value is not None} for row in rows)
    return pl.Series([json.dumps(row, ensure_ascii=False) if row else None for row in kept], dtype=pl.String)
