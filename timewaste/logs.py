"""Which files of a study are its logs, and what beside them it is made of. Knows names and ages, not contents."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timewaste.errors import ReadError, StudyError
from timewaste.files import file_hash
from timewaste.settings import FILE_NAME
from timewaste.table_files import table_paths
from timewaste.upkeep import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.store import Store

LOGS = "logs"
SIDE_FILES = {
    "raw_reps": "reps.csv",
    "raw_aliases": "aliases.csv",
    "raw_opportunities": "opportunities.csv",
    "raw_stage_events": "stage_history.csv",
    "raw_leave": "leave.csv",
}
"""What stands beside the logs, and the table each fills."""
LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
"""What systems leave in every folder that somebody has opened; what begins with a dot is passed over anyway."""
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

_MENDS = {
    "file/link": "Copy what is meant into logs/.",
    "file/name": "Rename the file.",
    "file/special": "Save what it gives as a file.",
    "file/unreadable": "Check that it is still there, and that you may read it.",
}


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file below the study's logs: where it is, its path as shown, its size and age, and the hash of its bytes.

    `problem` says why it cannot even be opened; there is no hash then.
    """

    path: Path
    relative: str
    size: int
    changed_at: int
    sha256: str
    problem: ReadError | None = None


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


def check_folder(folder: Path) -> None:
    """Raise `StudyError` for a folder that is not there, and for the logs of a study instead of the study."""
    if not folder.is_dir():
        raise StudyError("there is no such folder", where=str(folder), mend="To make one: timewaste init FOLDER")
    whole = folder.resolve().parent
    is_study = (folder / FILE_NAME).is_file() or not (whole / FILE_NAME).is_file()
    if folder.resolve().name == LOGS and not is_study:
        name = folder.parent if folder.name == LOGS else whole
        raise StudyError("these are the logs of a study, not the study", where=str(folder), mend=f"Say: {name}")


def log_paths(folder: Path) -> list[tuple[Path, str]]:
    """Return the log files of a study with their paths as shown, sorted: all below `logs/`, or the folder's own.

    What lies among them and is no file (a pipe, a dead link, a folder that may not be read) is one of them: it is
    to be told, not passed over.
    """
    logs = folder / LOGS
    base = logs if logs.is_dir() else folder
    found = [
        (path, path.relative_to(base).as_posix())
        for path in _below(base)
        if not any(part.startswith((".", "~$")) for part in path.relative_to(base).parts)
        and path.name.lower() not in LITTER
    ]
    if base is folder:
        found = [
            (path, shown)
            for path, shown in found
            if shown.lower() not in OWN_FILES and path.suffix.lower() in LOG_SUFFIXES
        ]
    return sorted(
        ((path, _shown(shown)) for path, shown in found if path.name.lower() != "readme.md"), key=lambda pair: pair[1]
    )


def _below(base: Path) -> Iterator[Path]:
    """Yield what is no folder below `base`, and the folders that are not gone into: links, and those barred to us."""
    barred: list[OSError] = []
    for at, folders, files in os.walk(base, onerror=barred.append):
        here = Path(at)
        yield from (here / name for name in files)
        yield from (here / name for name in folders if (here / name).is_symlink())
    yield from (Path(error.filename) for error in barred)


def _shown(name: str) -> str:
    """Return a name as it can be written: bytes that are no UTF-8 as backslash escapes."""
    return name if name.isascii() else os.fsencode(name).decode(errors="backslashreplace")


def log_files(paths: Sequence[tuple[Path, str]], store: Store | None = None) -> list[LogFile]:
    """Return the files with their hashes. One of the size and age that the store remembers is not read again."""
    known: dict[tuple[str, int, int], str] = {}
    if store is not None:
        rows = store.execute("select file, file_bytes, file_changed_at, file_sha256 from raw_sources")
        known = {(file, size, changed_at): sha for file, size, changed_at, sha in rows}
    return [_log_file(path, shown, known) for path, shown in paths]


def _log_file(path: Path, shown: str, known: Mapping[tuple[str, int, int], str]) -> LogFile:
    try:
        _check_openable(path, shown)
        stat = path.stat()
        sha = known.get((shown, stat.st_size, stat.st_mtime_ns)) or file_hash(path)
    except ReadError as error:
        return LogFile(path, shown, 0, 0, "", error)
    except OSError as error:
        return LogFile(path, shown, 0, 0, "", unreadable(shown, error))
    return LogFile(path, shown, stat.st_size, stat.st_mtime_ns, sha)


def check_output(folder: Path, path: Path) -> None:
    """Refuse to write over what a study is made of, or where it would be read as a log. Raises `StudyError`."""
    target = path.resolve()
    own = {folder / name for name in ("timewaste.toml", "timewaste.duckdb", *SIDE_FILES.values())}
    own |= {*(found for found, _ in log_paths(folder)), *table_paths(folder)}
    if target in {found.resolve() for found in own} or target.is_relative_to((folder / LOGS).resolve()):
        raise StudyError(
            "the study itself is made of this; nothing was written", where=str(path),
            mend="Choose another name, outside of logs/.",
        )  # fmt: skip


def size_and_age(path: Path) -> str:
    """Return what changes when a file does, without reading it; "gone" where there is none."""
    try:
        stat = path.stat() if path.exists() else path.lstat()
    except OSError:
        return "gone"
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _check_openable(path: Path, shown: str) -> None:
    """Raise `ReadError` for what stands among the logs and is no file, before anything waits for it."""
    code = what = ""
    if path.is_symlink() and not path.is_file():
        there = path.is_dir()
        code, what = "file/link", "a link to a folder, which is not followed" if there else "a link that leads nowhere"
    elif path.is_dir():
        code, what = "file/unreadable", "a folder that may not be read"
    elif path.exists() and not path.is_file():
        code, what = "file/special", "a pipe or a device, not a file"
    elif any("\ud800" <= letter <= "\udfff" for letter in str(path)):
        code, what = "file/name", "its name is not UTF-8"
    if code:
        raise ReadError(code, what, where=shown, mend=_MENDS[code])


def check_unchanged(file: LogFile) -> None:
    """Raise `ReadError` file/changed when the file is no longer what was hashed: what was read may be half of each."""
    stat = file.path.stat()
    if (stat.st_size, stat.st_mtime_ns) != (file.size, file.changed_at):
        raise ReadError("file/changed", "the file changed while it was read", where=file.relative, mend="Run it again.")


def unreadable(shown: str, error: OSError) -> ReadError:
    """Return the error for a file that the system does not let us read."""
    return ReadError(
        "file/unreadable",
        f"cannot be read: {error.strerror or error}",
        where=shown,
        mend=_MENDS["file/unreadable"],
    )
