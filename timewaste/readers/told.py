"""Records that a reader or a layout has put into words (`Told`) -> a `Sheet` with the RAW columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS
from timewaste.issue import Issue, shorten
from timewaste.readers.layout import TARGETS
from timewaste.readers.sheet import BATCH_ROWS, WHOLE_LINES, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import polars as pl

    from timewaste.readers.layout import Told
    from timewaste.readers.sheet import Tally

BATCH_CHARACTERS = 32_000_000
"""A frame of long texts ends here, before it has all its rows."""

_ENTRY_COLUMNS = RAW_FIELDS[:-1]
_BLANKS = " \t\r\n\u00a0"


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

    columns: dict[str, list[str | None]] = {
        name: [(told.fields.get(name) or "").strip(_BLANKS) or None for told in kept] for name in names
    }
    if has_extra:
        extras = ({name: text for name, text in told.extra.items() if text.strip(_BLANKS)} for told in kept)
        columns["extra"] = [json.dumps(extra, ensure_ascii=False) if extra else None for extra in extras]
    return pl.DataFrame({"line": lines, **columns}, schema={"line": pl.Int64, **dict.fromkeys(columns, pl.String)})
