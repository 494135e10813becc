"""The staged entries of a study as a folder of Parquet files, which any engine can read.

`stg_entries/week=2026-03-02/…` holds the entries, one folder for each week; every other table is one file.
`manifest.json` says what is there. Knows files and tables, not engines.
"""

from __future__ import annotations

import glob
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timewaste.errors import StudyError
from timewaste.files import write_atomically
from timewaste.sql_text import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timewaste.store import Store

FORMAT = "timewaste staged entries 1"
MANIFEST = "manifest.json"
ENTRIES = "stg_entries"
"""The table that has a row for every entry: the one that grows."""
_MADE = "made"

# The week is that of the date as typed, in the cell of the date or of the start, from its Monday on. A date that
# cannot be read has none.
_ENTRIES_BY_WEEK = f"""
    select
        {ENTRIES}.*,
        coalesce(strftime(date_trunc('week', date '1970-01-01' + cast(
            case when dates.has_date then dates.day_number else starts.day_number end as integer
        )), '%Y-%m-%d'), 'none') as week
    from {ENTRIES}
    left join int_moments as dates
        on {ENTRIES}.source_id = dates.source_id
        and {ENTRIES}.date_text_id = dates.text_id
    left join int_moments as starts
        on {ENTRIES}.source_id = starts.source_id
        and {ENTRIES}.start_text_id = starts.text_id
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder of staged entries holds; `fingerprint` is that of the study it was made from."""

    fingerprint: str
    tables: dict[str, int]  # rows by table
    columns: tuple[str, ...]  # of the entries, without the week
    weeks: dict[str, int]  # entries by Monday


def read_manifest(folder: Path) -> Manifest | None:
    """Return what a folder of staged entries holds, or nothing when it is not one, or not a complete one."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if values.pop("format") != FORMAT:
            return None
        return Manifest(**values | {"columns": tuple(values["columns"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def check_place(folder: Path) -> None:
    """Refuse a place where the staged entries cannot lie: a file, or a folder with other things in it."""
    if folder.exists() and not folder.is_dir():
        raise StudyError("this is a file", where=str(folder), mend="Give a folder, or a name that is free.")
    if folder.is_dir() and any(folder.iterdir()) and read_manifest(folder) is None:
        raise StudyError(
            "the folder holds other things than staged entries; nothing was written",
            where=str(folder), mend="Give an empty folder, a name that is free, or a folder written this way before.",
        )  # fmt: skip


def table_path(folder: Path, name: str) -> Path:
    """Return where a table lies that was handed over: a folder for the entries, a file for any other."""
    return folder / (name if name == ENTRIES else f"{name}.parquet")


def made_path(folder: Path, name: str) -> Path:
    """Return where the cluster keeps a table that it made."""
    return folder / _MADE / name


def write_staged(store: Store, tables: Iterable[str], folder: Path, fingerprint: str) -> Manifest:
    """Write the entries and `tables` to `folder`, in place of an earlier export, and return what it holds.

    Everything is written beside it first and put in place by renaming it: a kill leaves the earlier folder or
    none, never half of one. Raises `StudyError` for a place that holds other things or cannot be written.
    """
    check_place(folder)
    temporary = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        new = temporary / "new"
        new.mkdir()
        manifest = _fill(store, tables, new, fingerprint)
        if folder.exists():
            folder.rename(temporary / "old")
        new.rename(folder)
    except OSError as error:
        raise StudyError(
            f"cannot be written: {error.strerror or error}",
            where=str(folder), mend="Give a folder inside one that exists and that you may write to.",
        ) from error  # fmt: skip
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
    return manifest


def _fill(store: Store, tables: Iterable[str], folder: Path, fingerprint: str) -> Manifest:
    place = table_path(folder, ENTRIES)
    rows = {ENTRIES: copy_out(store, _ENTRIES_BY_WEEK, place, partition_by="week")}
    if not rows[ENTRIES]:  # without a row no file is written, and none would tell the columns
        (place / "week=none").mkdir(parents=True)
        copy_out(store, f"select * from {ENTRIES}", place / "week=none" / "data_0.parquet")
    for name in sorted(set(tables) - {ENTRIES}):
        rows[name] = copy_out(store, f"select * from {name}", table_path(folder, name))
    weeks = store.execute(f"select week, count(*) from {_parquet(place, '*/*.parquet')} group by week order by week")
    columns = tuple(store.frame(f"select * from {ENTRIES} limit 0").columns)
    manifest = Manifest(fingerprint, rows, columns, {str(week): int(count) for week, count in weeks})
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1)
    write_atomically(folder / MANIFEST, f"{text}\n".encode())
    return manifest


def copy_out(store: Store, select: str, path: Path, *, partition_by: str = "") -> int:
    """Write the rows of a SELECT as Parquet and return how many: a file, or a folder for each value of a column.

    Raises `StudyError` when the place cannot be written.
    """
    parts = f", partition_by ({quote(partition_by)})" if partition_by else ""
    try:
        ((written,),) = store.execute(
            f"copy ({select}) to {literal(str(path))} (format parquet, compression zstd{parts})"
        )
    except StudyError as error:  # it takes the fault for one of the database's own file
        mend = error.mend.partition("(")[2].rstrip(")") or "Free some space."
        raise StudyError("cannot be written", where=str(path), mend=mend) from None
    return int(written)


def bring(store: Store, name: str, folder: Path) -> None:
    """Make a table of the study from one that the cluster keeps below `folder`. Raises `StudyError` if it is gone."""
    place = made_path(folder, name)
    if not any(place.glob("*.parquet")):
        raise StudyError(f"the table {name} is no longer there", where=str(place), mend="Load the study again.")
    store.drop(name)
    store.execute(f"create table {quote(name)} as select * from {_parquet(place, '*.parquet')}")


def _parquet(folder: Path, pattern: str) -> str:
    """Return what to select from to read the Parquet files of a folder; `week=…` in their path is a column."""
    files = literal(f"{glob.escape(str(folder))}/{pattern}")
    return f"read_parquet({files}, hive_partitioning = true, hive_types_autocast = false)"
