"""Which column of a log feeds which RAW field: header names against `defaults/columns.toml`.

Knows header cells, not files: text tables and worksheets are matched alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.excel_names import rep_line
from timewaste.readers.header_names import LONGEST, columns_block, known_names
from timewaste.readers.layout import Layout, plain, unique_names
from timewaste.readers.layouts import recognise
from timewaste.readers.no_table import HEADER_ROWS, NEEDED, listed, no_header
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timewaste.config import SourceConfig

BREAKS = {
    "pause", "pausen", "pause min", "pause h", "pause minuten", "mittagspause", "break", "breaks", "break min",
    "break h", "break minutes", "unpaid break", "lunch break", "pauses", "pausa", "descanso",
}  # fmt: skip


class Row(NamedTuple):
    """One row near the top of a table: first and last physical line, and its cells."""

    line: int
    last_line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header row, understood: RAW fields and unknown headers, each with the index of its column.

    `layout` is the known export that the headers are of, if they are; its `translate` then reads the rows.
    """

    line: int
    last_line: int
    cells: tuple[str, ...]
    fields: Mapping[str, int]
    extra: Mapping[str, int]
    unit: str
    notes: tuple[Issue, ...]
    layout: Layout | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Return RAW field -> header as found; what a known export's layout reads beside those stands by its use."""
        beside = self.layout.columns(unique_names([plain(cell) for cell in self.cells])) if self.layout else {}
        return {name: self.cells[index] for name, index in {**beside, **self.fields}.items()}


def find_header(rows: Iterable[Row], source: SourceConfig, *, place: str, relative: str, kind: str) -> Header:
    """Return the header among the first 50 rows: the first row in which known names stand for label and date.

    `kind` is the file format, with which the codes of a `ReadError` begin: no-header, unknown-column,
    duplicate-header, missing-column, no-rep.
    """
    top = list(rows)
    for row in top:
        if source.header_line and row.line != source.header_line:
            continue
        if layout := _layout_of(row.cells, source):
            return _laid_out(row, layout, source, place, relative, kind)
        if source.header_line or _is_header(row.cells, source):
            header = _understand(row, source, place, kind)
            _check_enough(header, source, place, relative, kind)
            return header
    if source.format:
        raise ReadError(
            f"{kind}/no-layout",
            f"no header row of the format {source.format!r} in the first {HEADER_ROWS} lines",
            where=place,
            mend="Correct `format` in the [[source]] block, or leave it out.",
        )
    raise no_header(top, source, place=place, relative=relative, kind=kind)


def has_header(rows: Iterable[Row], source: SourceConfig) -> bool:
    """Tell whether `find_header` would take one of the rows for the header."""
    if source.header_line:
        return any(row.line == source.header_line for row in rows)
    return any(_is_header(row.cells, source) or _layout_of(row.cells, source) for row in rows)


def _layout_of(cells: Sequence[str], source: SourceConfig) -> Layout | None:
    """Return the known export whose header the cells are; columns that the settings name come before it."""
    if source.columns:
        return None
    return recognise((plain(cell) for cell in cells), source.format)


def _laid_out(  # noqa: PLR0913, PLR0917 - as `find_header`
    row: Row, layout: Layout, source: SourceConfig, place: str, relative: str, kind: str
) -> Header:
    if layout.refused[0]:
        raise ReadError(f"{kind}/no-log", layout.refused[0], where=f"{place}, line {row.line}", mend=layout.refused[1])
    names = unique_names([plain(cell) for cell in row.cells])
    found = {name: next((h for h in headers if h in names), "") for name, headers in layout.fields.items()}
    fields = {name: names.index(header) for name, header in found.items() if header}
    extra = {} if layout.is_told else _extra(row.cells, set(fields.values()))
    header = Header(
        line=row.line,
        last_line=row.last_line,
        cells=tuple(row.cells),
        fields=fields,
        extra=extra,
        unit=layout.duration_unit or (unit_in(names[fields["duration_text"]]) if "duration_text" in fields else ""),
        notes=(),
        layout=layout,
    )
    if not layout.is_told:
        _check_enough(header, source, place, relative, kind)
    return header


def is_header_like(cells: Sequence[str]) -> bool:
    """Tell whether at least two cells are known header names of different fields, or all are a known export's."""
    names = [plain(cell) for cell in cells]
    return len({known_names()[name][0] for name in names if name in known_names()}) >= 2 or recognise(names) is not None


def _is_header(cells: Sequence[str], source: SourceConfig) -> bool:
    said = {plain(header): name for name, header in source.columns.items()}
    found = {said.get(name) or known_names().get(name, ("", 0))[0] for name in map(plain, cells)} - {""}
    return len(found) >= 2 and "label" in found and bool(found & {"date_text", "start_text"})


def _understand(row: Row, source: SourceConfig, place: str, kind: str) -> Header:
    where = f"{place}, line {row.line}"
    names = [plain(cell) for cell in row.cells]
    fields = _configured(row.cells, names, source, where, kind)
    taken = set(fields.values())
    choices: dict[str, list[tuple[int, int]]] = {}
    for index, name in enumerate(names):
        if index not in taken and name in known_names() and known_names()[name][0] not in fields:
            found, rank = known_names()[name]
            choices.setdefault(found, []).append((rank, index))
    for found, ranked in choices.items():
        ranked.sort()
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            raise _duplicate(row.cells[ranked[0][1]], found, where, kind)
        fields[found] = ranked[0][1]
    breaks = _take_off_breaks(names, fields, source)
    extra = _extra(row.cells, set(fields.values()))
    notes = [Issue(row.line, cell, "header/unknown_column", shorten(cell), "noted") for cell in extra]
    return Header(
        line=row.line,
        last_line=row.last_line,
        cells=tuple(row.cells),
        fields=fields,
        extra=extra,
        unit=unit_in(names[fields["duration_text"]]) if "duration_text" in fields else "",
        notes=(*(Issue(row.line, row.cells[index], rule, "", "noted") for index, rule in breaks), *notes),
    )


def _take_off_breaks(names: Sequence[str], fields: dict[str, int], source: SourceConfig) -> list[tuple[int, str]]:
    """Leave out the end where a column of breaks stands between it and the length, and return what to note.

    An entry from 8:00 to 12:45 with a break of 45 minutes lasts four hours, and only the length says so.
    """
    found = next((index for index, name in enumerate(names) if name in BREAKS and index not in fields.values()), None)
    if found is None or "end_text" not in fields or "end_text" in source.columns:
        return []
    if "duration_text" not in fields:
        return [(found, "header/break_ignored")]
    for field in ("end_text", "end_date_text"):
        fields.pop(field, None)
    return [(found, "header/break_column")]


def _extra(cells: Sequence[str], taken: set[int]) -> dict[str, int]:
    """Return the headers of the columns that feed no field, each with its index."""
    extra: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if index not in taken:
            name = " ".join(cell.split()) or f"column {index + 1}"
            extra[name if name not in extra else f"{name} ({index + 1})"] = index
    return extra


def _configured(
    cells: Sequence[str], names: Sequence[str], source: SourceConfig, where: str, kind: str
) -> dict[str, int]:
    fields = {}
    for field, header in source.columns.items():
        hits = [index for index, cell in enumerate(cells) if cell == header] or [
            index for index, name in enumerate(names) if name == plain(header)
        ]
        if len(hits) > 1:
            raise _duplicate(header, field, where, kind)
        if not hits:
            near = get_close_matches(header, [c for c in cells[:200] if c.strip() and len(c) <= LONGEST], n=1)
            raise ReadError(
                f"{kind}/unknown-column",
                f"no column {header!r}, which `columns` names for {field}; found: {listed(cells)}",
                where=where,
                mend=f"Did you mean {near[0]!r}?" if near else "Correct `columns` in the [[source]] block.",
            )
        fields[field] = hits[0]
    return fields


def unit_in(name: str) -> str:
    """Return the unit that a plain header name tells: minutes, hours, days or ""."""
    words = set(name.split())
    if words & {"minutes", "minute", "min", "mins", "minuten", "minuti", "minutos"}:
        return "minutes"
    if words & {
        "hours",
        "hour",
        "h",
        "hrs",
        "hr",
        "std",
        "stunden",
        "stunde",
        "decimal",
        "heures",
        "heure",
        "dezimal",
    }:
        return "hours"
    return "days" if words & {"days", "tage", "jours"} else ""


def _duplicate(header: str, field: str, where: str, kind: str) -> ReadError:
    return ReadError(
        f"{kind}/duplicate-header",
        f"two columns are headed {shorten(header)!r}, and both would be the {field}",
        where=where,
        mend=f'Rename one, or name the right one in a [[source]] block: columns = {{ {field} = "…" }}',
    )


def _check_enough(header: Header, source: SourceConfig, place: str, relative: str, kind: str) -> None:
    where, fields = f"{place}, line {header.line}", header.fields
    missing = [
        words
        for words, wanted in (
            ("a label", ("label",)), ("a date or a start", ("date_text", "start_text")),
            ("an end or a duration", ("end_text", "duration_text")),
        )
        if not any(name in fields for name in wanted)
    ]  # fmt: skip
    if missing:
        raise ReadError(
            f"{kind}/missing-column",
            f"no column for {' and '.join(missing)}; found: {listed(header.cells)}",
            where=where,
            mend=f"Needed: {NEEDED}. Add to timewaste.toml:\n{columns_block(header.cells, relative, source)}",
        )
    if "rep" not in fields and not source.rep:
        raise ReadError(
            f"{kind}/no-rep",
            f"no column says whose time it is; found: {listed(header.cells)}",
            where=where,
            mend="If the file is one rep's, add to timewaste.toml:\n"
            + source_block(relative, rep_line(PurePosixPath(relative).stem)),
        )
