"""JSON files: a list of records, a list within an object, one record in each line; ActivityWatch in its own module.

A record's line is its number in the list; in a file of one record for each line it is the line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers import activitywatch
from timewaste.readers.columns import Header, Row, find_header
from timewaste.readers.json_lists import choose, column_names, look_at, records, survey
from timewaste.readers.layouts.timewarrior import EXPORT as TIMEWARRIOR
from timewaste.readers.layouts.timewarrior import is_export
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import LINE_SPAN, Sheet
from timewaste.readers.told import layout_sheets, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.json_lists import JsonFile, Survey
    from timewaste.readers.records import Record
    from timewaste.readers.sheet import Tally


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the tables of a JSON file. Raises `ReadError` (json/…) when it is damaged or its keys are not known."""
    file = look_at(path, relative, source.encoding)
    if not file.is_lines and activitywatch.is_export(file):
        return activitywatch.sheets(file, source)
    found = survey(file)
    chosen = choose(found, file, source)
    names = column_names(found, chosen)
    _check_case(names, file)
    header = _header(names, chosen.first, file, source, is_empty=not chosen.count)

    def read_records(_tally: Tally) -> Iterator[Record]:
        yield from records(file, chosen.path, names, has_rows=chosen.is_table)
        file.check_unchanged()

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        yield from make_batches(read_records(tally), header, tally, sparse=True)

    notes = _notes(header, found, is_empty=not chosen.count)
    if header.layout and header.layout.is_told:
        return layout_sheets(
            header, source, read_records, relative=relative, sheet=None, format="json", line_span=LINE_SPAN,
            encoding=file.encoding.removesuffix("-sig"), notes=notes,
        )  # fmt: skip
    sheet = Sheet(
        relative=relative,
        sheet=None,
        format="json",
        headers=header.cells,
        columns=header.columns,
        header_line=0,
        header_unit=header.unit,
        encoding=file.encoding.removesuffix("-sig"),
        delimiter="",
        notes=notes,
        read=read,
    )
    return [under(sheet, header.layout)]


def _header(
    names: Sequence[str], first: Mapping[str, str], file: JsonFile, source: SourceConfig, *, is_empty: bool
) -> Header:
    """Return the keys, understood. Keys stand in no line; messages name the file alone."""
    if is_empty and not names:
        raise ReadError(
            "file/empty", "the list of records is empty", where=file.relative, mend="Ask for the period that is meant."
        )
    if not source.columns and source.format in {"", TIMEWARRIOR.name} and is_export(names, first):
        fields = {name: names.index(keys[0]) for name, keys in TIMEWARRIOR.fields.items() if keys[0] in names}
        return Header(
            line=0, last_line=0, cells=tuple(names), fields=fields, extra={}, unit="", notes=(), layout=TIMEWARRIOR
        )
    source = replace(source, header_line=0)
    header = find_header([Row(0, 0, names)], source, place=file.relative, relative=file.relative, kind="json")
    return replace(header, notes=tuple(note._replace(line=0) for note in header.notes))


def _check_case(names: Sequence[str], file: JsonFile) -> None:
    """Refuse two keys that differ in case alone: which of them counts is nowhere said."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise ReadError(
                "json/duplicate-header",
                f"the keys {shorten(other)!r} and {shorten(name)!r} differ in upper and lower case alone",
                where=file.relative,
                mend="Rename one, or leave it out of the export.",
            )


def _notes(header: Header, found: Survey, *, is_empty: bool) -> tuple[Issue, ...]:
    said = ((is_empty, "file/no_records", "0 records"), (bool(found.next_page), "json/next_page", found.next_page))
    return (*header.notes, *(Issue(0, "", rule, value, "noted") for holds, rule, value in said if holds))
