"""Which files of a study are its logs, and what beside them it is made of. Knows names and ages, not contents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timewaste.files import file_hash
from timewaste.upkeep import Change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timewaste.errors import ReadError
    from timewaste.store import Store

SIDE_FILES = {
    "raw_reps": "reps.csv",
    "raw_aliases": "aliases.csv",
    "raw_opportunities": "opportunities.csv",
    "raw_stage_events": "stage_history.csv",
    "raw_leave": "leave.csv",
}
"""What stands beside the logs, and the table each fills."""
OWN_FILES = {"timewaste.toml", "report.html", "truth.json", "readme.md", *SIDE_FILES.values()}
LOG_SUFFIXES = {
    ".csv",
    ".txt",
    ".tsv",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".parquet",
    ".ics",
    ".json",
    ".ndjson",
    ".jsonl",
    ".data",
    ".xes",
    ".zip",
    ".gz",
}


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file below the study's logs: where it is, its path as shown, its size and age, and the hash of its bytes."""

    path: Path
    relative: str
    size: int
    changed_at: int
    sha256: str


@dataclass(slots=True)
class Intake:
    """What a load did, file by file: for the load summary."""

    read: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    fits_nothing: list[str] = field(default_factory=list)
    refused: list[ReadError] = field(default_factory=list)
    cut_urls: int = 0
    change: Change = field(default_factory=lambda: Change(frozenset(), frozenset()))


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


def log_files(paths: Sequence[tuple[Path, str]], store: Store | None = None) -> list[LogFile]:
    """Return the files with their hashes. One of the size and age that the store remembers is not read again.

    Raises `StudyError` when one cannot be read.
    """
    known: dict[tuple[str, int, int], str] = {}
    if store is not None:
        rows = store.execute("select file, file_bytes, file_changed_at, file_sha256 from raw_sources")
        known = {(file, size, changed_at): sha for file, size, changed_at, sha in rows}
    found = []
    for path, shown in paths:
        stat = path.stat()
        sha = known.get((shown, stat.st_size, stat.st_mtime_ns)) or file_hash(path)
        found.append(LogFile(path, shown, stat.st_size, stat.st_mtime_ns, sha))
    return found
