"""What a study's database remembers of its making: version, fingerprint, and the engine that made its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste import __version__
from timewaste.errors import StudyError

if TYPE_CHECKING:
    from timewaste.store import Store

CLUSTER = "cluster"
"""The engine of a study whose tables a cluster made; a study made on this machine names none."""
LOAD_THERE = "timewaste load STUDY --engine spark --remote sc://HOST:15002"


def remember(store: Store, state: dict[str, str]) -> None:
    """Write down how the database was made, in place of what stood there."""
    import polars as pl

    from timewaste.store import FORMAT

    values = {"format": FORMAT, "version": __version__} | state
    store.write("study_state", pl.DataFrame({"name": list(values), "value": list(values.values())}))


def remembered(store: Store) -> dict[str, str]:
    """Return what was written down; nothing for a database that was never finished."""
    if "study_state" not in store.tables():
        return {}
    return {str(name): str(value) for name, value in store.execute("select name, value from study_state")}


def stayed_tables(state: dict[str, str]) -> set[str]:
    """Return the names of the tables whose rows stayed on a cluster."""
    return set(state.get("stayed", "").split())


def refuse_stayed(store: Store, names: set[str]) -> None:
    """Raise `StudyError` when one of the tables stayed on a cluster; it says how to bring it."""
    stayed = sorted(names & stayed_tables(remembered(store)))
    if stayed:
        raise StudyError(
            f"{' and '.join(stayed)} stayed on the cluster: this machine does not hold the rows",
            mend=f"To bring them: {LOAD_THERE} {' '.join(f'--bring {name}' for name in stayed)}",
        )
