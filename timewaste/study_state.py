"""What a study's database remembers of its making: version, fingerprint, and the engine that made its tables."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from timewaste import __version__
from timewaste.errors import QueryError, StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timewaste.store import Store

FORMAT = "8"
"""Version of the tables' layout: a study file of another one is rebuilt from its logs."""
CLUSTER = "cluster"
"""The engine of a study whose tables a cluster made; a study made on this machine names none."""
MEANINGS = {
    "version": "Version of timewaste that made the tables. Another one makes them anew.",
    "format": "Version of the tables' layout. Another one is made anew.",
    "duckdb": "Version of DuckDB that wrote last.",
    "storage": "Oldest DuckDB whose file format this is: older ones cannot open it.",
    "made_at": "When the tables were last brought up to date, UTC. No table or report depends on it.",
    "data_hash": "First 12 characters of a hash of logs and settings, as in cfg_fingerprint.",
    "glance": "Hash of sizes and ages of all files the study is made of: equal means that nothing has changed.",
    "refused": "Files of the logs that cannot be read (refused_files).",
    "engine": "Where the tables were made: cluster, or empty for this machine.",
    "staged": "Folder between this machine and the cluster.",
    "stayed": "Tables whose rows stayed on the cluster.",
}
LOAD_THERE = "timewaste load STUDY --engine spark --remote sc://HOST:15002"


def remember(store: Store, state: dict[str, str]) -> None:
    """Write down how the database was made, in place of what stood there."""
    import polars as pl

    duckdb_version, storage = store.engine()
    hashes = store.rows_if_there("select data_hash from cfg_fingerprint")
    values = {
        "version": __version__, "format": FORMAT, "duckdb": duckdb_version, "storage": storage,
        "made_at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S}", "data_hash": hashes[0][0] if hashes else "",
    } | state  # fmt: skip
    told = [MEANINGS[name] for name in values]
    store.write("study_state", pl.DataFrame({"name": list(values), "value": list(values.values()), "meaning": told}))


def remembered(store: Store) -> dict[str, str]:
    """Return what was written down; nothing for a database that was never finished."""
    return {str(name): str(value) for name, value in store.rows_if_there("select name, value from study_state")}


def wrote_last(store: Store, state: dict[str, str]) -> bool:
    """Tell whether this program, with this DuckDB, wrote the file last: another one may tell definitions otherwise."""
    now = (__version__, FORMAT, store.engine()[0])
    return (state.get("version"), state.get("format"), state.get("duckdb")) == now


def stayed_tables(state: dict[str, str]) -> set[str]:
    """Return the names of the tables whose rows stayed on a cluster."""
    return set(state.get("stayed", "").split())


def refuse_stayed(store: Store, names: set[str]) -> None:
    """Raise `StudyError` when one of the tables stayed on a cluster; it says how to bring it."""
    stayed = sorted(names & stayed_tables(remembered(store))) if names else []
    if stayed:
        raise StudyError(
            f"{' and '.join(stayed)} stayed on the cluster: this machine does not hold the rows",
            mend=f"To bring them: {LOAD_THERE} {' '.join(f'--bring {name}' for name in stayed)}",
        )


def refuse_left_out(store: Store, names: set[str]) -> None:
    """Raise `StudyError` when one of the tables is the client's, or rests on one, and was left out; it says why."""
    left_out = store.rows_if_there("select name, problem, lost from raw_tables where is_left_out order by name")
    for table, problem, lost in left_out:
        for name in sorted(names & {table, *lost.split()}):
            rests = "" if name == table else f"rests on {table}, which "
            raise StudyError(f"{name} {rests}was left out of the study", mend=problem)


@contextmanager
def told_if_absent(store: Store, query: str) -> Iterator[None]:
    """Say of a query that fails because a table is not here where the table is, or why it is not."""
    try:
        yield
    except QueryError:
        if absent := store.absent(query):  # else the query's own error says more
            refuse_stayed(store, absent)
            refuse_left_out(store, absent)
        raise


def made_elsewhere(folder: Path, state: dict[str, str]) -> StudyError:
    """Return the error for a study that a cluster made and that is not up to date: nobody builds it here unasked."""
    return StudyError(
        "logs, settings or the program have changed since a cluster made the tables"
        if "glance" in state
        else "a cluster was to make the tables and did not come to the end",
        where=str(folder),
        mend=f"On the cluster: {LOAD_THERE}\nOn this machine: timewaste load STUDY --engine duckdb",
    )
