"""From the files of a study to its `raw_` tables: what is new is read, what changed is replaced, the rest stays.

Everything happens inside the caller's transaction. Knows files and the raw tables, not their meaning.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS
from timewaste.errors import ReadError, RefusedFiles, StudyError
from timewaste.issue import Issue
from timewaste.side_tables import SIDE_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from timewaste.config import Config, SourceConfig
    from timewaste.readers import Sheet
    from timewaste.readers.evidence import Reading
    from timewaste.store import Store

OWN_FILES = {"timewaste.toml", "report.html", "truth.json", "readme.md", *(f for f, _, _ in SIDE_TABLES.values())}
LOG_SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xlsm"}
_SOURCE_COLUMNS = {
    "source_id": "bigint", "file": "varchar", "sheet": "varchar", "file_sha256": "varchar", "told": "varchar",
    "file_format": "varchar", "instrument": "varchar", "time_zone": "varchar", "rep_default": "varchar",
    "encoding": "varchar", "delimiter": "varchar", "header_line": "bigint", "columns_understood": "varchar",
    "date_order": "varchar", "date_evidence": "varchar", "decimal_mark": "varchar", "duration_unit": "varchar",
    "duration_evidence": "varchar", "records": "bigint", "blank": "bigint", "skipped": "bigint",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file below the study's logs: where it is, its path as shown, and the hash of its bytes."""

    path: Path
    relative: str
    sha256: str


class Misread(Exception):  # noqa: N818 - a signal to read the file another way, never shown
    """The database read a CSV file otherwise than it is written; the transaction is lost."""

    def __init__(self, relative: str) -> None:
        """Remember which file."""
        self.relative = relative
        super().__init__(relative)


@dataclass(slots=True)
class Intake:
    """What a load did, file by file: for the load summary."""

    read: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    fits_nothing: list[str] = field(default_factory=list)


def log_paths(folder: Path) -> list[tuple[Path, str]]:
    """Return the log files of a study with their paths as shown, sorted: all below `logs/`, or the folder's own."""
    logs = folder / "logs"
    base = logs if logs.is_dir() else folder
    found = [
        (path, path.relative_to(base).as_posix())
        for path in base.rglob("*")
        if path.is_file() and not any(part.startswith((".", "~$")) for part in path.relative_to(base).parts)
    ]
    if base is folder:
        found = [
            (path, shown)
            for path, shown in found
            if shown.lower() not in OWN_FILES and path.suffix.lower() in LOG_SUFFIXES
        ]
    return sorted(
        ((path, shown) for path, shown in found if path.name.lower() != "readme.md"), key=lambda pair: pair[1]
    )


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex. Raises `StudyError` when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path), mend="Check the file.") from None


def prepare(store: Store) -> None:
    """Make the raw tables if they are not there."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _SOURCE_COLUMNS.items())
    store.execute(f"create table if not exists raw_sources ({columns})")
    fields = ", ".join(f"{name} varchar" for name in RAW_FIELDS)
    store.execute(f"create table if not exists raw_entries (source_id bigint, line bigint, {fields})")
    store.execute(
        "create table if not exists raw_issues (source_id bigint, line bigint, column_name varchar, "
        "rule varchar, value varchar, treatment varchar)"
    )


def take_in(
    store: Store,
    config: Config,
    files: Sequence[LogFile],
    by_hand: Collection[str] = (),
    tell: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> Intake:
    """Bring the raw tables in line with `files`. Raises `RefusedFiles` naming every file that cannot be read.

    `by_hand` names files that the database's CSV reader must not touch; it raises `Misread` for one that should
    be among them.
    """
    done = Intake()
    used = {config.source_for(file.relative).match for file in files}
    done.fits_nothing = [source.match for source in config.sources if source.match not in used]
    known: dict[str, tuple[str, str]] = {
        file: (sha, told) for file, sha, told in store.execute("select file, file_sha256, told from raw_sources")
    }
    wanted: dict[str, LogFile] = {}
    first_of: dict[str, str] = {}
    for file in files:
        if config.source_for(file.relative).skip:
            continue
        if file.sha256 in first_of:
            done.copies.append((file.relative, first_of[file.sha256]))
            continue
        first_of[file.sha256] = file.relative
        wanted[file.relative] = file
    current = {
        name
        for name, file in wanted.items()
        if known.get(name) == (file.sha256, _told(config.source_for(name)))
    }  # fmt: skip
    done.unchanged = len(current)
    for name in sorted(known.keys() - current):
        _forget(store, name)
        (done.replaced if name in wanted else done.removed).append(name)
    refused: list[ReadError] = []
    todo = [file for name, file in sorted(wanted.items()) if name not in current]
    for number, file in enumerate(todo):
        tell(file.relative, number, len(todo))
        try:
            _take_file(store, file, config.source_for(file.relative), fast=file.relative not in by_hand)
            done.read.append(file.relative)
        except ReadError as error:
            refused.append(error)
    if refused:
        raise RefusedFiles(refused)
    for view in ("intake_stg_date_texts", "intake_stg_duration_texts"):
        store.drop(view)
    return done


def _told(source: SourceConfig) -> str:
    return hashlib.sha256(repr((source, sorted(source.columns.items()))).encode()).hexdigest()[:16]


def _forget(store: Store, name: str) -> None:
    for table in ("raw_entries", "raw_issues"):
        store.execute(
            f"delete from {table} where source_id in (select source_id from raw_sources where file = ?)", [name]
        )
    store.execute("delete from raw_sources where file = ?", [name])


def _take_file(store: Store, file: LogFile, source: SourceConfig, *, fast: bool) -> None:
    from timewaste.readers import open_file

    for sheet in open_file(file.path, file.relative, source):
        source_id = _source_id(store, file.sha256, sheet.sheet or "")
        issues, counts = _land(store, source_id, sheet, fast=fast)
        row: dict[str, object] = dict.fromkeys(_SOURCE_COLUMNS)
        row |= {
            "source_id": source_id, "file": file.relative, "sheet": sheet.sheet, "file_sha256": file.sha256,
            "told": _told(source), "file_format": sheet.format, "instrument": source.instrument,
            "time_zone": source.time_zone, "rep_default": _rep_default(file, sheet, source),
            "encoding": sheet.encoding, "delimiter": sheet.delimiter, "header_line": sheet.header_line,
            "columns_understood": json.dumps(sheet.columns, ensure_ascii=False, sort_keys=True), **counts,
        }  # fmt: skip
        store.execute(f"insert into raw_sources values ({', '.join('?' * len(row))})", list(row.values()))
        _note(store, source_id, issues)
        reading = _decide(store, source_id, sheet, source)
        if reading.duration_unit == "mixed":
            where = sheet.columns.get("duration_text", "")
            _note(
                store,
                source_id,
                [Issue(sheet.header_line, where, "duration/mixed", reading.duration_evidence, "noted")],
            )
        store.execute(
            "update raw_sources set date_order = ?, date_evidence = ?, decimal_mark = ?, duration_unit = ?, "
            "duration_evidence = ? where source_id = ?",
            [
                reading.date_order, reading.date_evidence, reading.decimal_mark, reading.duration_unit,
                reading.duration_evidence, source_id,
            ],
        )  # fmt: skip


def _source_id(store: Store, sha256: str, sheet: str) -> int:
    """Return a number that depends on the content alone: 30 bits, so that it and a line fit in one integer."""
    number = int(hashlib.sha256(f"{sha256}\0{sheet}".encode()).hexdigest()[:8], 16) & 0x3FFFFFFF
    while store.execute("select 1 from raw_sources where source_id = ?", [number]):
        number += 1
    return number


def _rep_default(file: LogFile, sheet: Sheet, source: SourceConfig) -> str | None:
    if source.rep == "file":
        return file.path.stem
    if source.rep == "sheet":
        return sheet.sheet or file.path.stem
    return source.rep or None


def _land(store: Store, source_id: int, sheet: Sheet, *, fast: bool) -> tuple[list[Issue], dict[str, int]]:
    """Put the rows into `raw_entries`, and return the issues found and what became of the records."""
    import polars as pl

    if fast and sheet.scan is not None:
        landed = store.land_csv("raw_entries", source_id, sheet.scan)
        if landed != sheet.scan.records:
            raise Misread(sheet.relative)
        return list(sheet.notes), {"records": landed, "blank": 0, "skipped": 0}
    for batch in sheet.batches():
        store.write("raw_entries", batch.with_columns(pl.lit(source_id).alias("source_id")), append=True)
    tally = sheet.tally
    counts = {"records": tally.rows_read, "blank": tally.blank, "skipped": tally.skipped}
    return [*sheet.notes, *tally.issues], counts


def _note(store: Store, source_id: int, issues: Sequence[Issue]) -> None:
    import polars as pl

    if not issues:
        return
    frame = pl.DataFrame(
        [(source_id, i.line, i.column, i.rule, i.value, i.treatment) for i in issues],
        schema={
            "source_id": pl.Int64, "line": pl.Int64, "column_name": pl.String, "rule": pl.String,
            "value": pl.String, "treatment": pl.String,
        },
        orient="row",
    )  # fmt: skip
    store.write("raw_issues", frame, append=True)


def _decide(store: Store, source_id: int, sheet: Sheet, source: SourceConfig) -> Reading:
    from timewaste.readers.evidence import decide

    def texts(column: str, view: str) -> list[str]:
        query = f"select distinct {column} from {view} where source_id = {source_id} order by {column}"
        return [text for (text,) in store.execute(query)]

    return decide(
        sheet,
        date_texts=texts("date_text", "intake_stg_date_texts"),
        duration_texts=texts("duration_text", "intake_stg_duration_texts"),
        source=source,
    )
