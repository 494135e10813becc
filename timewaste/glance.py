"""A look at everything a study is made of, by size and age of the files: cheap enough for every command."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from timewaste import __version__
from timewaste.errors import StudyError
from timewaste.logs import SIDE_FILES, log_paths, size_and_age
from timewaste.models import queries_folder
from timewaste.settings import FILE_NAME
from timewaste.study_state import FORMAT
from timewaste.table_files import table_paths


def glance(folder: Path) -> str:
    """Return a hash over logs, settings, side files, the client's tables, models and program.

    Raises `StudyError` without a log.
    """
    paths = log_paths(folder)
    if not paths:
        raise StudyError("no log files found", where=str(folder), mend="Put the log files into its logs/ folder.")
    own = [folder / name for name in (FILE_NAME, *SIDE_FILES.values())]
    lines = [__version__, FORMAT, *(f"{shown} {size_and_age(path)}" for path, shown in paths)]
    lines += [f"{path.name} {size_and_age(path)}" for path in own if path.is_file()]
    lines += [f"{path} {size_and_age(path)}" for path in table_paths(folder)]
    for place in (queries_folder(), Path(__file__).parent, folder / "queries"):
        lines += _listing(place, (".sql", ".py", ".toml"))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _listing(folder: Path, endings: tuple[str, ...]) -> list[str]:
    """Return name, size and age of the files below a folder, sorted: with as few questions as the system allows."""
    found, folders = [], [str(folder)] if folder.is_dir() else []
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.append(entry.path)
                elif entry.name.endswith(endings):
                    stat = entry.stat()
                    found.append(f"{entry.path} {stat.st_size} {stat.st_mtime_ns}")
    return sorted(found)
