"""Records that a reader or a layout has put into words (`Told`) -> a `Sheet` with the RAW columns."""

from __future__ import annotations

import json
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS
from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.footer import FOOTER
from timewaste.readers.layout import PRIVATE_LABEL, TARGETS, Told, plain, unique_names
from timewaste.readers.records import split_line
from timewaste.readers.sheet import BATCH_CHARACTERS, BATCH_ROWS, WHOLE_LINES, Sheet, Tally
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.columns import Header
    from timewaste.readers.layout import Layout, Translate
    from timewaste.readers.records import Record

_ENTRY_COLUMNS = RAW_FIELDS[:-1]
_BLANKS = " \t\r\n\u00a0"
_as_json = json.JSONEncoder(ensure_ascii=False).encode  # `dumps` makes an encoder for every row


def told_sheet(  # noqa: PLR0913 - each says one thing of the table
    *,
    relative: str,
    sheet: str | None,
    format: str,  # noqa: A002 - as the Sheet names it
    layout: str,
    rows: Callable[[Tally], Iterable[tuple[int, int, Told]]],
    columns: Mapping[str, str] | None = None,
    headers: tuple[str, ...] = (),
    header_line: int = 1,
    header_unit: str = "",
    encoding: str = "",
    delimiter: str = "",
    notes: Iterable[Issue] = (),
    instrument: str = "",
    time_zone: str = "",
    zone_reason: str = "",
    rep_default: str = "",
    target: str = "entries",
    line_span: int = WHOLE_LINES,
) -> Sheet:
    """Return a sheet over `rows`: physical line, number of the part (0, 1, …) where a line gives several, what it says.

    `rows` may count what it leaves out in the tally it is given (`rows_read` and `blank` or `skipped`); what it
    yields is counted here. It is called anew for each reading, and need hold nothing in memory.
    """

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        yield from told_batches(rows(tally), tally, target=target, line_span=line_span)

    return Sheet(
        relative=relative,
        sheet=sheet,
        format=format,
        headers=headers,
        columns=columns or {},
        header_line=header_line,
        header_unit=header_unit,
        encoding=encoding,
        delimiter=delimiter,
        notes=tuple(notes),
        read=read,
        layout=layout,
        instrument=instrument,
        time_zone=time_zone,
        zone_reason=zone_reason,
        rep_default=rep_default,
        target=target,
        line_span=line_span,
    )


def told_batches(
    rows: Iterable[tuple[int, int, Told]], tally: Tally, *, target: str = "entries", line_span: int = WHOLE_LINES
) -> Iterator[pl.DataFrame]:
    """Yield frames of `line` and the columns of the target; count in `tally` what was said, skipped or is wrong."""
    names = _ENTRY_COLUMNS if target == "entries" else TARGETS[target]
    lines: list[int] = []
    kept: list[Told] = []
    size = 0
    for line, part, told in rows:
        place = line + part * line_span
        tally.rows_read += 1
        if told.rule:
            tally.issues.append(Issue(place, told.column, told.rule, shorten(told.value), told.treatment))
            if told.treatment in {"skipped", "duplicate"} or (target != "entries" and told.treatment == "set_aside"):
                tally.skipped += told.treatment == "skipped"
                tally.duplicates += told.treatment == "duplicate"
                tally.set_aside += told.treatment == "set_aside"
                continue
        lines.append(place)
        kept.append(told)
        size += sum(map(len, told.fields.values())) + sum(map(len, told.extra.values()))
        if len(lines) == BATCH_ROWS or size > BATCH_CHARACTERS:
            yield _frame(lines, kept, names, has_extra=target == "entries")
            lines, kept, size = [], [], 0
    if lines:
        yield _frame(lines, kept, names, has_extra=target == "entries")


def _frame(lines: list[int], kept: list[Told], names: tuple[str, ...], *, has_extra: bool) -> pl.DataFrame:
    import polars as pl

    used = set().union(*(told.fields for told in kept))
    columns: dict[str, list[str | None]] = {
        name: [told.fields.get(name) for told in kept] if name in used else [None] * len(kept) for name in names
    }
    stripped = pl.col(names).str.strip_chars(_BLANKS)
    if has_extra:
        extras = ({name: text for name, text in told.extra.items() if text.strip(_BLANKS)} for told in kept)
        columns["extra"] = [_as_json(extra) if extra else None for extra in extras]
    frame = pl.DataFrame({"line": lines, **columns}, schema={"line": pl.Int64, **dict.fromkeys(columns, pl.String)})
    return frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())


# ------------------------------------------------------- records of a layout


def layout_sheets(  # noqa: PLR0913 - each says one thing of the table
    header: Header,
    source: SourceConfig,
    records: Callable[[Tally], Iterable[Record]],
    *,
    relative: str,
    sheet: str | None,
    format: str,  # noqa: A002 - as the Sheet names it
    line_span: int,
    encoding: str = "",
    delimiter: str = "",
    notes: Iterable[Issue] = (),
) -> list[Sheet]:
    """Return the sheets of a table whose header is of a layout that translates: one for each of its targets."""
    assert header.layout is not None  # noqa: S101 - what the caller looked at
    names = {plain(cell) for cell in header.cells}
    return [
        told_sheet(
            relative=relative,
            sheet=sheet,
            format=format,
            layout=layout.title,
            rows=partial(_translated, header, layout, source, records, relative=relative, delimiter=delimiter),
            columns=header.columns if layout is header.layout else {},
            headers=header.cells,
            header_line=header.line,
            header_unit=header.unit,
            encoding=encoding,
            delimiter=delimiter,
            notes=notes if layout is header.layout else (),
            instrument=layout.instrument,
            zone_reason=layout.zone_reason,
            target=layout.target,
            line_span=line_span,
        )
        for layout in (header.layout, *(one for one in header.layout.also if one.fits(names)))
    ]


def under(sheet: Sheet, layout: Layout | None) -> Sheet:
    """Return the sheet with what a layout that only renames its columns tells of it."""
    if layout is None:
        return sheet
    return replace(
        sheet,
        layout=layout.title,
        instrument=layout.instrument,
        zone_reason=layout.zone_reason,
    )


def _translated(  # noqa: PLR0913 - each says one thing of the table
    header: Header,
    layout: Layout,
    source: SourceConfig,
    records: Callable[[Tally], Iterable[Record]],
    tally: Tally,
    *,
    relative: str,
    delimiter: str,
) -> Iterator[tuple[int, int, Told]]:
    """Yield what the layout makes of each record; broken, blank and repeated ones are told apart first."""
    names = unique_names([plain(cell) for cell in header.cells])

    def ended(tally: Tally) -> Iterator[Record]:
        return (_ended(record, names, layout, delimiter) for record in records(tally))

    with _naming(relative):
        yield from _told_rows(header, layout, source, ended, tally)


@contextmanager
def _naming(relative: str) -> Iterator[None]:
    """Name the file in what a layout, which does not know it, says of it."""
    try:
        yield
    except ReadError as error:
        error.where = error.where or relative
        error.mend = error.mend.replace('[[source]]\nmatch = "…"', source_block(relative))
        raise


def _told_rows(
    header: Header,
    layout: Layout,
    source: SourceConfig,
    records: Callable[[Tally], Iterable[Record]],
    tally: Tally,
) -> Iterator[tuple[int, int, Told]]:
    aside: deque[tuple[int, int, Told]] = deque()
    rows = _good_rows(header, records(tally), tally, aside)
    if layout.translate_table:
        told_rows = layout.translate_table(header.cells, source, rows, tally)
    else:
        told_rows = _one_by_one(header, layout, source, records, rows, tally)
    for row in told_rows:
        while aside:
            yield aside.popleft()
        yield row
    yield from aside


def _good_rows(
    header: Header, records: Iterable[Record], tally: Tally, aside: deque[tuple[int, int, Told]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells by plain name of the records that are whole; put into `aside` what is told of others."""
    names = unique_names([plain(cell) for cell in header.cells])
    first = [cell.strip() for cell in header.cells]
    for record in records:
        cells = record.cells
        if record.rule:
            column = header.cells[record.column] if 0 <= record.column < len(header.cells) else ""
            kept = {"raw": record.raw} if record.raw else dict(zip(header.cells, cells, strict=False))
            treatment = "skipped" if record.rule == FOOTER else "set_aside"
            aside.append((record.line, 0, Told({}, kept, record.rule, column, record.value, treatment)))
        elif not "".join(cells).strip(_BLANKS):
            tally.rows_read += 1
            tally.blank += 1
        elif cells[0].strip() == first[0] and [cell.strip() for cell in cells] == first:
            aside.append((record.line, 0, Told({}, {}, "row/repeated_header", "", " | ".join(cells), "skipped")))
        else:
            yield record.line, dict(zip(names, cells, strict=False))


def _one_by_one(  # noqa: PLR0913, PLR0917 - each says one thing of the table
    header: Header,
    layout: Layout,
    source: SourceConfig,
    records: Callable[[Tally], Iterable[Record]],
    rows: Iterable[tuple[int, dict[str, str]]],
    tally: Tally,
) -> Iterator[tuple[int, int, Told]]:
    """Yield what the layout makes of each row, with the cells that it does not know; not those of a private one."""
    names = unique_names([plain(cell) for cell in header.cells])
    known = {name for headers in layout.fields.values() for name in headers}
    spare = {name: cell for name, cell in zip(names, header.cells, strict=True) if name not in known}
    translate, noted = _translate(header, layout, source, records)
    for line, row in rows:
        for part, told in enumerate(translate(row)):
            if told.fields.get("label") != PRIVATE_LABEL:
                extra = {cell: row.get(name, "") for name, cell in spare.items()} | dict(told.extra)
                yield line, part, Told(told.fields, extra, *told[2:])
            else:
                yield line, part, told
    tally.notes += noted


def _translate(
    header: Header, layout: Layout, source: SourceConfig, records: Callable[[Tally], Iterable[Record]]
) -> tuple[Translate, list[Issue]]:
    """Return what translates the rows, and what there is to note once all rows have been looked at for it."""
    assert layout.translate is not None  # noqa: S101 - only such layouts come here
    if not layout.survey:
        return layout.translate(header.cells, source), []
    seen = Tally()
    names = unique_names([plain(cell) for cell in header.cells])
    rows = (dict(zip(names, one.cells, strict=False)) for one in records(Tally()) if one.cells and not one.rule)
    return layout.survey(rows, source, seen), seen.notes


def _ended(record: Record, names: Sequence[str], layout: Layout, delimiter: str) -> Record:
    """Return a record whole that leaves out its last cells, where the export does so with empty ones."""
    if record.rule != "csv/ragged" or not layout.may_end:
        return record
    cells = split_line(record.raw, delimiter)[0]
    missing = names[len(cells) :]
    if not missing or not set(missing) <= set(layout.may_end):
        return record
    return record._replace(cells=(*cells, *[""] * len(missing)), rule="", raw="")
