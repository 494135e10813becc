"""From the files of a study to its `raw_` tables: what is new is read, what changed is replaced, the rest stays.

Everything happens inside the caller's transaction. Knows files and the raw tables, not their meaning.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timewaste.addresses import without_addresses
from timewaste.errors import ReadError, RefusedFiles
from timewaste.issue import Issue
from timewaste.landing import (
    ROW_TABLES,
    TARGET_TABLES,
    Landing,
    forget_rows,
    next_text_id,
    prepare_rows,
    texts_by_source,
)
from timewaste.logs import Intake, check_unchanged, unreadable
from timewaste.readers import dismiss
from timewaste.readers.evidence import decide
from timewaste.refusals import forget_refusals, known_refusals, prepare_refusals, refusals, remember_refusals
from timewaste.sources import SOURCE_COLUMNS, no_rep, rep_default_of, source_number, source_row
from timewaste.upkeep import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from timewaste.config import Config, SourceConfig
    from timewaste.logs import LogFile
    from timewaste.readers import Sheet
    from timewaste.store import Store


def prepare(store: Store) -> None:
    """Make the raw tables if they are not there."""
    columns = ", ".join(f"{name} {kind}" for name, kind in SOURCE_COLUMNS.items())
    store.execute(f"create table if not exists raw_sources ({columns})")
    prepare_rows(store)
    prepare_refusals(store)
    store.execute(
        "create table if not exists raw_issues (source_id bigint, line bigint, column_name varchar, "
        "rule varchar, value varchar, treatment varchar)"
    )


def fingerprints(store: Store) -> dict[str, str]:
    """Return a fingerprint of each raw table's content: what was read, and how."""
    files = list(store.execute("select distinct file, file_sha256, told, target from raw_sources order by all"))
    prints = dict.fromkeys(("raw_sources", "raw_issues", *ROW_TABLES), _hash(files))
    for target, table in TARGET_TABLES.items():
        prints[table] = _hash([file for file in files if file[-1] == target])
    prints["raw_refused"] = _hash(store.execute("select file, file_sha256, told from raw_refused order by all"))
    return prints


def _hash(rows: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(map(str, rows)).encode()).hexdigest()


def take_in(
    store: Store,
    config: Config,
    files: Sequence[LogFile],
    tell: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> Intake:
    """Bring the raw tables in line with `files`. A file that cannot be read is left out and remembered.

    Raises `RefusedFiles`, which names them all, when no file can be read.
    """
    done = Intake()
    used = {config.source_for(file.relative).match for file in files}
    done.fits_nothing = [source.match for source in config.sources if source.match not in used]
    known: dict[str, tuple[str, str]] = {
        file: (sha, told) for file, sha, told in store.execute("select file, file_sha256, told from raw_sources")
    }
    wanted = _wanted(config, files, done)
    there = known | known_refusals(store)
    current = {
        name
        for name, file in wanted.items()
        if there.get(name) == (file.sha256, _told(config, name))
    }  # fmt: skip
    done.unchanged = len(current & known.keys())
    stale = sorted(known.keys() - current)
    for name in stale:
        (done.replaced if name in wanted else done.removed).append(name)
    first = next_text_id(store)  # before any text goes: a number that meant something else is not given again
    removed = _forget(store, stale)
    forget_refusals(store, current)
    todo = [file for name, file in sorted(wanted.items()) if name not in current]
    barred = [(file, file.problem) for file in files if file.problem and not config.source_for(file.relative).skip]
    remember_refusals(store, [(file, _told(config, file.relative), error) for file, error in barred])
    try:
        with Landing(store, first, keep_urls=config.keep_urls) as landing:
            taken = _take_files(landing, store, config, todo, done, tell)
            done.cut_urls = landing.cut_urls
    finally:
        dismiss()
    done.change = Change(frozenset(sheet.source_id for sheet in taken), removed)
    done.refused = refusals(store)
    ((sources,),) = store.execute("select count(*) from raw_sources")
    if done.refused and not sources:
        raise RefusedFiles(done.refused)
    return done


def _wanted(config: Config, files: Sequence[LogFile], done: Intake) -> dict[str, LogFile]:
    """Return the files to have in the study by name: not those to skip or barred to us, and of copies the first."""
    wanted: dict[str, LogFile] = {}
    first_of: dict[str, str] = {}
    for file in files:
        if file.problem or config.source_for(file.relative).skip:
            continue
        if file.sha256 in first_of:
            done.copies.append((file.relative, first_of[file.sha256]))
            continue
        first_of[file.sha256] = file.relative
        wanted[file.relative] = file
    return wanted


def _told(config: Config, relative: str) -> str:
    """Return a hash of all settings that the rows of a file depend on when they land."""
    source = config.source_for(relative)
    said = (source, sorted(source.columns.items()), config.keep_urls)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _forget(store: Store, names: Sequence[str]) -> frozenset[int]:
    """Remove files from the raw tables, and return the sources they were."""
    gone = [
        source_id
        for name in names
        for (source_id,) in store.execute("select source_id from raw_sources where file = ?", [name])
    ]
    forget_rows(store, gone)
    for source_id in gone:
        for table in ("raw_issues", "raw_sources"):
            store.execute(f"delete from {table} where source_id = ?", [source_id])
    return frozenset(gone)


# ------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Taken:
    """A sheet whose rows have landed, and what is known of it so far."""

    source_id: int
    file: LogFile
    sheet: Sheet
    source: SourceConfig
    row: dict[str, object]
    issues: list[Issue]


def _take_files(  # noqa: PLR0913, PLR0917
    landing: Landing,
    store: Store,
    config: Config,
    todo: Sequence[LogFile],
    done: Intake,
    tell: Callable[[str, int, int], None],
) -> list[_Taken]:
    """Land the files, then decide how the times of each are to be read. Raises `RefusedFiles`."""
    ids = {source_id for (source_id,) in store.execute("select source_id from raw_sources")}
    taken: list[_Taken] = []
    refused: list[tuple[LogFile, ReadError]] = []
    for number, file in enumerate(todo):
        tell(file.relative, number, len(todo))
        begun: list[_Taken] = []
        try:
            _take_file(landing, file, config, ids, begun)
        except ReadError as error:
            refused.append((file, error))
        except OSError as error:
            refused.append((file, unreadable(file.relative, error)))
        taken += begun
    landing.finish()
    entries = [one for one in taken if one.sheet.target == "entries"]
    refused += _decide(store, entries)
    store.drop("intake_stg_moments")
    out = {file.relative for file, _ in refused}
    kept = [one for one in taken if one.file.relative not in out]
    _write_sources(store, kept, keep_urls=config.keep_urls)
    forget_rows(store, [one.source_id for one in taken if one.file.relative in out])
    remember_refusals(store, [(file, _told(config, file.relative), error) for file, error in refused])
    done.read += [file.relative for file in todo if file.relative not in out]
    return kept


def _take_file(landing: Landing, file: LogFile, config: Config, ids: set[int], begun: list[_Taken]) -> None:
    """Land the sheets of a file and add them to `begun`, also the one that then cannot be read to its end."""
    from timewaste.readers import open_file

    source = config.source_for(file.relative)
    for sheet in open_file(file.path, file.relative, source):
        source_id = source_number(ids, file.sha256, sheet)
        row: dict[str, object] = dict.fromkeys(SOURCE_COLUMNS)
        one = _Taken(source_id, file, sheet, source, row, [])
        begun.append(one)
        issues, counts = landing.land(source_id, sheet)
        one.issues.extend(issues)
        rep_default = rep_default_of(sheet, source)
        if sheet.target == "entries" and not rep_default and counts["records"] and not landing.has_reps(source_id):
            raise no_rep(sheet)
        row |= source_row(file, sheet, source, counts)
        row |= {
            "source_id": source_id, "told": _told(config, file.relative), "rep_default": rep_default,
            "rep_default_text_id": landing.number_of("rep", rep_default),
        }  # fmt: skip
    check_unchanged(file)


def _decide(store: Store, taken: Sequence[_Taken]) -> list[tuple[LogFile, ReadError]]:
    """Complete the sources by how their dates and durations are to be read; return what is left open."""
    ids = [sheet.source_id for sheet in taken]
    dates = texts_by_source(store, "intake_stg_moments", "date_text", ids)
    clocks = texts_by_source(store, "intake_stg_moments", "clock_text", ids)
    durations = texts_by_source(store, "stg_duration_texts", "duration_text", ids)
    refused = []
    for one in taken:
        try:
            reading = decide(
                one.sheet,
                date_texts=dates.get(one.source_id, ()),
                clock_texts=clocks.get(one.source_id, ()),
                duration_texts=durations.get(one.source_id, ()),
                source=one.source,
            )
        except ReadError as error:
            refused.append((one.file, error))
            continue
        one.row.update(reading._asdict())
        if reading.duration_unit == "mixed":
            where = one.sheet.columns.get("duration_text", "")
            one.issues.append(Issue(one.sheet.header_line, where, "duration/mixed", reading.duration_evidence, "noted"))
    return refused


def _write_sources(store: Store, taken: Sequence[_Taken], *, keep_urls: bool) -> None:
    import polars as pl

    kinds = {"varchar": pl.String, "bigint": pl.Int64, "integer": pl.Int32}
    schema = {name: kinds[kind] for name, kind in SOURCE_COLUMNS.items()}
    store.write("raw_sources", pl.DataFrame([one.row for one in taken], schema=schema, orient="row"), append=True)
    issues = [
        (one.source_id, issue.line, issue.column, issue.rule, issue.value, issue.treatment)
        for one in taken
        for issue in one.issues
    ]
    schema = {
        "source_id": pl.Int64, "line": pl.Int64, "column_name": pl.String, "rule": pl.String,
        "value": pl.String, "treatment": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(issues, schema=schema, orient="row")
    if not keep_urls:
        frame = frame.with_columns(without_addresses(frame.get_column("value"))[0])
    store.write("raw_issues", frame, append=True)
