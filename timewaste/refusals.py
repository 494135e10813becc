"""Files that cannot be read: why, kept with the study, so that they do not stop the others and are not tried twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timewaste.logs import LogFile
    from timewaste.store import Store


TRANSIENT = frozenset({"file/changed", "file/interrupted", "file/link", "file/name", "file/special", "file/unreadable"})
"""Codes that speak of the moment and the machine, not of a file's content: such a file is tried at each load."""


def prepare_refusals(store: Store) -> None:
    """Make the table if it is not there."""
    store.execute(
        "create table if not exists raw_refused (file varchar, file_sha256 varchar, told varchar, code varchar, "
        "place varchar, what varchar, mend varchar)"
    )


def refusals(store: Store) -> list[ReadError]:
    """Return why each file that is not in the study could not be read, by name."""
    rows = store.execute("select code, what, place, mend from raw_refused order by file, place, code, what")
    return [ReadError(code, what, where=place, mend=mend) for code, what, place, mend in rows]


def known_refusals(store: Store) -> dict[str, tuple[str, str]]:
    """Return the files refused for what they hold, by name, each with its hash and a hash of what it was told."""
    rows = store.execute("select file, file_sha256, told, code from raw_refused")
    return {file: (sha, told) for file, sha, told, code in rows if code not in TRANSIENT}


def forget_refusals(store: Store, current: set[str]) -> None:
    """Forget the refusals of all files but the `current` ones: the others are gone or tried again."""
    for (file,) in store.execute("select distinct file from raw_refused"):
        if file not in current:
            store.execute("delete from raw_refused where file = ?", [file])


def remember_refusals(store: Store, refused: Iterable[tuple[LogFile, str, ReadError]]) -> None:
    """Keep why files cannot be read, with a hash of what they were told."""
    for file, told, error in refused:
        values = [file.relative, file.sha256, told, error.code, error.where, error.what, error.mend]
        store.execute("insert into raw_refused values (?, ?, ?, ?, ?, ?, ?)", values)
