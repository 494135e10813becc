"""What a `[[table]]` block promises of its rows, counted in a database of its own: nothing else can be read there."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from timewaste.client_tables.reading import PLACE
from timewaste.errors import ModelError, ReadError
from timewaste.issue import shorten
from timewaste.models import broken_rows
from timewaste.sql_text import quote
from timewaste.store import Store
from timewaste.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from timewaste.client_tables.reading import Grid
    from timewaste.settings import TableConfig

_SHOWN = 3
_LISTED = re.compile(r"(unique|not_null)\((.*)\)", re.DOTALL)


def broken_promises(frame: pl.DataFrame, grid: Grid, table: TableConfig) -> list[ReadError]:
    """Return what the rows break, one error for each promise, with the first rows that do.

    `frame` has the columns by their names, and `PLACE`.
    """
    if not table.expect:
        return []
    with Store.memory() as store:
        store.execute("set enable_external_access = false")
        store.write(table.name, frame)
        return [error for promise in table.expect if (error := _broken(store, frame, promise, grid, table))]


def _broken(store: Store, frame: pl.DataFrame, promise: str, grid: Grid, table: TableConfig) -> ReadError | None:
    where = f"[[table]] {table.name}, expect"
    listed = _LISTED.fullmatch(promise)
    columns = [name.strip() for name in listed[2].split(",")] if listed else []
    known = [name for name in frame.columns if name != PLACE]
    for name in columns:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            mend = f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(known)}."
            return ReadError("table/expect", f"{promise}: the table has no column {name!r}", where=where, mend=mend)
    try:
        (count,) = store.counts([broken_rows(table.name, promise)], where=where)
    except ModelError as error:
        what = error.what.partition(": ")[2].partition("\n")[0]
        mend = f"A promise speaks of one row of the table; it has {', '.join(known)}."
        return ReadError("table/expect", f"{promise} cannot be checked: {what}", where=where, mend=mend)
    if not count:
        return None
    if listed and listed[1] == "unique":
        what = f"{counted(count, 'combination comes', 'combinations come')} more than once"
        shown = _twins(frame, columns, grid.unit)
    else:
        condition = " or ".join(f"{quote(name)} is null" for name in columns) if listed else _not(promise)
        rows = store.execute(f"select {quote(PLACE)} from {quote(table.name)} where {condition} order by 1")
        what = f"{counted(count, 'row breaks', 'rows break')} it"
        shown = f"{grid.unit} {', '.join(str(place) for (place,) in rows[:_SHOWN])}" + " …" * (len(rows) > _SHOWN)
    return ReadError(
        "table/check", f"{promise}: {what} ({shown})", where=grid.where,
        mend=f"Mend the rows in the file, or take the promise out of [[table]] {table.name} if it is not true of them.",
    )  # fmt: skip


def _not(promise: str) -> str:
    return f"not coalesce({promise.removeprefix('check')}, false)"


def _twins(frame: pl.DataFrame, columns: list[str], unit: str) -> str:
    """Return the first combinations that come again, each with its rows."""
    import polars as pl

    places = pl.col(PLACE)
    twins = (
        frame
        .group_by(columns, maintain_order=True)
        .agg(places)
        .filter(pl.col(PLACE).list.len() > 1)
        .head(_SHOWN)
    )  # fmt: skip
    shown = [
        f"{', '.join('nothing' if cell is None else shorten(str(cell)) for cell in key)} in {unit} "
        + " and ".join(map(str, found[:_SHOWN]))
        for *key, found in twins.iter_rows()
    ]
    return "; ".join(shown)
