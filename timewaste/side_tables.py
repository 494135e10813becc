"""What stands beside the logs: roster, aliases, opportunities, changes of stage, who was on leave; all as text.

Each file is optional; one that is there must be well-formed.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING

from timewaste.errors import ReadError, StudyError
from timewaste.files import file_hash
from timewaste.logs import SIDE_FILES
from timewaste.readers.scan import Unclean, scan_frames
from timewaste.readers.sheet import PlainTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from timewaste.store import Store

HEADER_LIMIT = 1 << 20
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # table: columns that must stand in its file, columns that may
    "raw_reps": (
        ("rep_id",),
        (
            "name",
            "email",
            "aliases",
            "team",
            "role",
            "region",
            "hired_on",
            "tier",
            "fte",
            "time_zone",
            "holiday_region",
        ),
    ),
    "raw_aliases": (("alias", "rep_id"), ()),
    "raw_opportunities": (
        ("opportunity_id",),
        ("account", "rep_id", "source", "amount", "created_on", "closed_on", "outcome"),
    ),
    "raw_stage_events": (("opportunity_id", "stage", "entered_at"), ()),
    "raw_leave": (("rep_id", "first_date"), ("last_date", "kind", "share")),
}
SIDE_TABLES = {table: (SIDE_FILES[table], *columns) for table, columns in COLUMNS.items()}


def side_fingerprints(folder: Path) -> dict[str, str]:
    """Return the hash of each table's file, "" where it is not there. Raises `StudyError` for an unreadable one."""
    paths = {table: folder / name for table, (name, _, _) in SIDE_TABLES.items()}
    return {table: _side_hash(path) if path.is_file() else "" for table, path in paths.items()}


def _side_hash(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path), mend="Check the file.") from None


def take_side_tables(store: Store, folder: Path, tables: Collection[str] = tuple(SIDE_TABLES)) -> None:
    """Fill the tables of the study's own CSV files, all as text; a file that is not there gives an empty table.

    Raises `ReadError` naming file and line.
    """
    import polars as pl

    for table in tables:
        name, required, optional = SIDE_TABLES[table]
        schema = {"line": pl.Int64} | dict.fromkeys((*required, *optional), pl.String)
        path = folder / name
        frame = _side_frame(path, required, schema) if path.is_file() else pl.DataFrame(schema=schema)
        if table == "raw_leave":
            _check_leave(frame, path)
        store.write(table, frame)
    if {"raw_leave", "raw_reps"} & set(tables):
        _check_people(store, folder)
    if "raw_reps" in tables:
        _check_zones(store, folder / SIDE_FILES["raw_reps"])
    if {"raw_reps", "raw_aliases"} & set(tables):
        _check_aliases(store, folder / SIDE_FILES["raw_aliases"])


def _check_zones(store: Store, path: Path) -> None:
    """Refuse a rep's zone that nobody knows. Raises `ReadError` naming the line."""
    from zoneinfo import ZoneInfo

    known: set[str] = set()
    query = "select trim(time_zone), line from raw_reps where trim(time_zone) <> '' order by line"
    for zone, line in store.execute(query):
        try:
            known |= {zone} if zone in known or ZoneInfo(zone) else set()
        except (OSError, ValueError, KeyError):
            raise ReadError(
                "reps/time_zone", f"unknown time zone {zone!r}", where=f"{path} line {line}",
                mend="Use an IANA name such as Europe/Berlin, or leave the cell empty: then the study's zone holds.",
            ) from None  # fmt: skip


def _check_aliases(store: Store, path: Path) -> None:
    """Refuse an alias without a rep, or of one whom the roster does not know. Raises `ReadError` naming the line."""
    rows = store.execute("select trim(alias), trim(rep_id), line from raw_aliases order by line")
    reps = {rep_id for (rep_id,) in store.execute("select trim(rep_id) from raw_reps")}
    for alias, rep_id, line in rows:
        where = f"{path} line {line}"
        if not (alias and rep_id):
            raise ReadError(
                "aliases/empty", f"{'rep_id' if alias else 'alias'} is empty", where=where,
                mend="Write whose spelling it is, as in: J. Smith,john-smith. Or delete the line.",
            )  # fmt: skip
        if reps and rep_id not in reps:
            near = get_close_matches(rep_id, sorted(reps), n=1)
            raise ReadError(
                "aliases/unknown_rep", f"reps.csv has no rep_id {rep_id!r}", where=where,
                mend=f"Did you mean {near[0]!r}?" if near else "Correct it, or add the rep to reps.csv.",
            )  # fmt: skip


def _side_frame(path: Path, required: Sequence[str], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return the file's rows: as a plain table where it is one, else line by line, which knows what is wrong."""
    import polars as pl

    try:
        return _plain_frame(path, required, schema)
    except Unclean:
        rows = list(_side_rows(path, required, list(schema)[1:]))
        return pl.DataFrame(rows, schema=schema, orient="row")


def _plain_frame(path: Path, required: Sequence[str], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    import polars as pl

    with path.open("rb") as stream:
        first = stream.readline(HEADER_LIMIT).removeprefix(codecs.BOM_UTF8)
    try:
        delimiter, header = _header(first.decode())
    except UnicodeDecodeError:
        raise Unclean from None
    if '"' in first.decode() or not set(required) <= set(header):
        raise Unclean
    plain = PlainTable(path=path, delimiter=delimiter, skip_lines=1, column_count=len(header))
    there = {name: f"c{header.index(name)}" for name in schema if name in header}
    rows = pl.concat([pl.DataFrame(schema=schema), *(
        frame.select("line", **{name: pl.col(column) for name, column in there.items()}) for frame in scan_frames(plain)
    )], how="diagonal")  # fmt: skip
    ids = rows.get_column(required[0]).str.strip_chars()
    if len(required) == 1 and (ids.is_null().any() or (ids == "").any() or ids.is_duplicated().any()):
        raise Unclean
    return rows


def _header(line: str) -> tuple[str, list[str]]:
    delimiter = ";" if line.count(";") > line.count(",") else ","
    return delimiter, [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _side_rows(path: Path, required: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            delimiter, _ = _header(first)
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header = [cell.strip().lower() for cell in next(reader, [])]
            for name in required:
                if name not in header:
                    raise ReadError(
                        "csv/no-header", f"column {name!r} is missing; found: {', '.join(header) or 'nothing'}",
                        where=str(path), mend=f"The first line must name: {', '.join(columns)}.",
                    )  # fmt: skip
            places: Mapping[str, int] = {name: header.index(name) for name in columns if name in header}
            ids: set[str] = set()
            for cells in reader:
                if not any(cells):
                    continue
                where = f"{path} line {reader.line_num}"
                if len(cells) != len(header):
                    raise ReadError(
                        "csv/ragged", f"{len(cells)} cells where the header has {len(header)}", where=where,
                        mend="Correct the line; a cell that holds a comma stands in quotes.",
                    )  # fmt: skip
                row = {name: cells[place] for name, place in places.items()}
                key = row[required[0]].strip()
                if len(required) == 1 and (not key or key in ids):
                    raise ReadError(
                        "csv/duplicate-id", f"{required[0]} {key!r} is {'there twice' if key else 'empty'}",
                        where=where, mend="Give every row an id of its own.",
                    )  # fmt: skip
                ids.add(key)
                yield (reader.line_num, *(row.get(name) or None for name in columns))
    except UnicodeDecodeError:
        raise ReadError("csv/encoding", "not UTF-8 text", where=str(path), mend="Save the file as UTF-8.") from None
    except csv.Error as error:
        message = f"not readable as CSV: {error}"
        raise ReadError("csv/quote", message, where=str(path), mend="Mend the quotes.") from None


def _check_leave(leave: pl.DataFrame, path: Path) -> None:
    """Refuse days and parts of days that cannot be read: a leave lost would count as days not logged."""
    for line, _, first, last, _, share in leave.iter_rows():
        days = [_day(text, path, line) for text in (first, last or first)]
        if days[1] < days[0]:
            raise ReadError(
                "leave/date", f"{last} lies before {first}", where=f"{path} line {line}", mend="Swap the two days."
            )
        try:
            is_part = not (share or "").strip() or 0 < float(share) <= 1
        except ValueError:
            is_part = False
        if not is_part:
            raise ReadError(
                "leave/share", f"{share!r} is no part of a day", where=f"{path} line {line}",
                mend="Write 0.5 for half a day; nothing means the whole day.",
            )  # fmt: skip


def _check_people(store: Store, folder: Path) -> None:
    """Refuse leave of people whom the roster does not know: it would be nobody's."""
    strangers = store.execute(
        "select line, rep_id from raw_leave where trim(rep_id) not in (select trim(rep_id) from raw_reps) "
        "and exists (select 1 from raw_reps) order by line"
    )
    if strangers:
        line, rep_id = strangers[0]
        raise ReadError(
            "leave/rep", f"{rep_id!r} is nobody's rep_id in {SIDE_FILES['raw_reps']}",
            where=f"{folder / SIDE_FILES['raw_leave']} line {line}", mend="Write it as it stands there.",
        )  # fmt: skip


def _day(text: str | None, path: Path, line: int) -> dt.date:
    day = (text or "").strip()
    try:
        if day[4:8:3] == "--":  # and not one of the other forms of ISO 8601
            return dt.date.fromisoformat(day)
    except ValueError:
        pass
    raise ReadError("leave/date", f"{text!r} is no day", where=f"{path} line {line}", mend="Write it as 2026-03-31.")
