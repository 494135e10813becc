"""Which files of a study are the client's own tables, as `[[table]]` blocks name them. Knows paths, not contents."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from timewaste.errors import ConfigError
from timewaste.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from timewaste.settings import TableConfig

_BLOCK = "[[table]]"


def table_paths(folder: Path) -> list[Path]:
    """Return the files that the study's `[[table]]` blocks name, there or not; none of settings that are damaged.

    Cheap where there are no such blocks: every command asks.
    """
    try:
        text = (folder / FILE_NAME).read_text(encoding="utf-8-sig")
        blocks = tomllib.loads(text).get("table", []) if _BLOCK in text else []
    except (OSError, ValueError):
        return []
    named = (block.get("file") for block in blocks if isinstance(block, dict))
    paths = {folder / name for name in named if isinstance(name, str) and name}
    return sorted(path for path in paths if _is_inside(path, folder))


def check_table_places(folder: Path, tables: Iterable[TableConfig]) -> None:
    """Refuse a file that lies outside of the study, or where it is read as a log. Raises `ConfigError`."""
    has_logs = (folder / "logs").is_dir()
    for table in tables:
        where, path = f"[[table]] {table.name}, file", folder / table.file
        if not _is_inside(path, folder):
            raise ConfigError(
                f"{table.file!r} lies outside of the study",
                where=where,
                mend="Copy the file into the study, such as client/: a study is one folder, to be kept and handed on "
                "as a whole, and its settings reach no other file of the machine.",
            )
        if not has_logs:
            raise ConfigError(
                "the study has no logs/ folder, so every table in it is read as a log",
                where=where,
                mend="Make a folder logs/ in it and move the logs there.",
            )
        if path.resolve().is_relative_to((folder / "logs").resolve()):
            raise ConfigError(
                f"{table.file!r} lies in logs/, where it is read as a log",
                where=where,
                mend="Move the file out of logs/, such as to client/.",
            )


def _is_inside(path: Path, folder: Path) -> bool:
    """Tell whether a path, its links followed, stays in the folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that the system has no file for; links in a circle
        return False
