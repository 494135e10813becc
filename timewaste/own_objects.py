"""Which tables and views of a study's file the program made: what somebody else put there changes no figure unseen.

Knows names and definitions, not rows. `study_objects` keeps them as the last load left them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from timewaste.store import Store

OBJECTS = "study_objects"
SHOWN = 5


def keep_objects(store: Store, strangers: Collection[str]) -> None:
    """Write down what the file holds, but for what is not ours: the last step of whoever changed it."""
    import polars as pl

    made = sorted((name, found) for name, found in store.definitions().items() if name not in {OBJECTS, *strangers})
    store.write(OBJECTS, pl.DataFrame(made, schema={"name": pl.String, "definition": pl.String}, orient="row"))


def strangers_in(store: Store) -> list[str]:
    """Return the names of tables and views that the program did not make; none where it is not known."""
    ours = _ours(store)
    return sorted(store.definitions().keys() - ours.keys() - {OBJECTS}) if ours else []


def refuse_changed(store: Store, path: Path) -> None:
    """Raise `StudyError` when a table or view of ours is defined otherwise than we left it.

    One that is missing is made again where it is needed.
    """
    there = store.definitions()
    changed = sorted(name for name, definition in _ours(store).items() if there.get(name, definition) != definition)
    if changed:
        raise StudyError(
            f"the database holds what another program put in the place of {_listed(changed)}",
            where=str(path),
            mend="Delete the file: it is rebuilt from the logs. A table or view of your own needs a name of its own.",
        )


def refuse_taken(strangers: Collection[str], names: Collection[str], path: Path) -> None:
    """Raise `StudyError` when a table is to be made under the name of something that is not ours."""
    if taken := sorted(set(strangers) & set(names)):
        raise StudyError(
            f"the database holds a table or view that timewaste did not make, and the study makes one of that name: "
            f"{_listed(taken)}",
            where=str(path),
            mend=f"Rename it, or remove it in DuckDB: drop view {taken[0]}. Or delete the file: it is rebuilt from "
            "the logs, without it.",
        )


def refuse_loss(strangers: Collection[str], path: Path) -> None:
    """Raise `StudyError` where the file must be made anew and holds what would be lost with it."""
    if strangers:
        raise StudyError(
            "another version of timewaste made the database, and it must be made anew; it also holds what is not the "
            f"study's: {_listed(sorted(strangers))}",
            where=str(path),
            mend="Keep what you need of them (a SELECT becomes a table of the study in its queries/ folder), then "
            "delete the file: all else is rebuilt from the logs.",
        )


def _ours(store: Store) -> dict[str, str]:
    return dict(store.execute(f"select name, definition from {OBJECTS}")) if OBJECTS in store.tables() else {}


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + " …" * (len(names) > SHOWN)
