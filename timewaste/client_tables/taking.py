"""Bring the client's tables of a study up to date: what `[[table]]` blocks name, read when file or block changed.

A table that cannot be read, or that breaks what is promised of it, is left out, and so is what the study's own models
make of it: a join with half a table gives an answer that looks whole. The load goes on.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from timewaste.client_tables.checking import broken_promises
from timewaste.client_tables.kinds import typed
from timewaste.client_tables.naming import RESERVED, column_name, column_names
from timewaste.client_tables.people import RESTS_ON, People
from timewaste.client_tables.reading import PLACE, read_grid
from timewaste.client_tables.told import BOOK, ClientTable, Column, client_tables, prepare_book
from timewaste.errors import ConfigError, ReadError
from timewaste.files import file_hash
from timewaste.toml_checks import known_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from timewaste.client_tables.reading import Grid
    from timewaste.models import Model
    from timewaste.settings import TableConfig
    from timewaste.store import Store

REP_ID, REP_TEXT = "rep_id", "rep_text"
_SOURCE_KINDS = {"Int64": "whole", "Float64": "number", "Date": "date", "String": "text", "Boolean": "true or false"}


class Taken:
    """What became of the tables: all of them, those that are new, and the fingerprints of those that are there."""

    def __init__(self) -> None:
        """Begin with none."""
        self.tables: list[ClientTable] = []
        self.fresh: set[str] = set()
        self.prints: dict[str, str] = {}

    @property
    def left_out(self) -> list[ClientTable]:
        """The tables that are not in the study."""
        return [table for table in self.tables if table.problems]


def check_names(tables: Iterable[TableConfig], models: Iterable[Model], inputs: Iterable[str]) -> None:
    """Refuse a name that is a table's already, or none that SQL takes. Raises `ConfigError` with one that is free."""
    ours = {*(model.name for model in models), *inputs}
    for table in tables:
        if table.name in ours or table.name in RESERVED:
            what = "is a table of the study already" if table.name in ours else "is a word of SQL"
            free = next(name for name in (f"client_{table.name}", f"client_{table.name}_2") if name not in ours)
            raise ConfigError(
                f"{table.name} {what}", where=f"[[table]] {table.name}, name", mend=f'Call it name = "{free}".'
            )


def take_tables(
    store: Store, folder: Path, tables: Sequence[TableConfig], models: Sequence[Model], prints: Mapping[str, str]
) -> Taken:
    """Read the tables that are new or changed. `prints` are the fingerprints of the study's inputs.

    Call it when the logs have landed: they tell who takes part. Raises `ConfigError` for a block that cannot hold.
    """
    prepare_book(store)
    known = {
        name: (sha, told, fingerprint)
        for name, sha, told, fingerprint in store.execute(f"select name, file_sha256, told, fingerprint from {BOOK}")
    }
    before = {table.name: table for table in client_tables(store)}
    people: People | None = None
    taken, there = Taken(), store.tables()
    for table in tables:
        path = folder / table.file
        sha = file_hash(path) if path.is_file() else ""
        told = _told(table, prints)
        *same, fingerprint = known.get(table.name, ("", "", ""))
        if sha and same == [sha, told] and (before[table.name].problems or table.name in there):
            made = replace(before[table.name], lost=())
        else:
            if table.rep and people is None:
                people = People(store, models)
            made, frame = _take(path, table, people)
            fingerprint = _hash(frame.write_csv()) if frame is not None else ""
            if frame is not None:
                about = table.about.strip() or f"The client's own table, from {table.file}."
                store.write(table.name, frame, comment=about + (f" Grain: {table.grain}" if table.grain else ""))
            taken.fresh.add(table.name)
        if not made.problems:
            taken.prints[table.name] = fingerprint
        made = replace(made, lost=tuple(_resting_on(models, table.name)) if made.problems else ())
        taken.tables.append(made)
        store.execute(f"delete from {BOOK} where name = ?", [table.name])
        problem = str(made.problems[0]) if made.problems else ""
        values = [made.name, made.file, made.place, made.rows, bool(made.problems), problem, " ".join(made.lost)]
        values += [sha, told, fingerprint, made.as_text()]
        store.execute(f"insert into {BOOK} values ({', '.join('?' * len(values))})", values)
    for name in known.keys() - {table.name for table in tables}:
        store.execute(f"delete from {BOOK} where name = ?", [name])
    return taken


def _resting_on(models: Sequence[Model], name: str) -> list[str]:
    """Return the models that read a table, at any depth, in build order."""
    found = {name}
    for model in models:
        if set(model.reads) & found:
            found.add(model.name)
    return [model.name for model in models if model.name in found]


def _told(table: TableConfig, prints: Mapping[str, str]) -> str:
    """Return a hash of everything but the file that decides how the table comes out."""
    said = sorted((name, sorted(v.items()) if name == "columns" else v) for name, v in asdict(table).items())
    people = [prints.get(name, "") for name in RESTS_ON] if table.rep else []
    return _hash(repr((said, people)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# ------------------------------------------------------------------ one table


def _take(path: Path, table: TableConfig, people: People | None) -> tuple[ClientTable, pl.DataFrame | None]:
    """Return what is known of one table, and its rows unless it is left out."""
    made = ClientTable(name=table.name, file=table.file, place=table.file)
    try:
        grid = read_grid(path, table)
        made = replace(made, what=grid.what, place=grid.where, rows=grid.frame.height, blank=grid.blank)
        frame, columns = _columns(grid, table)
        if people:
            frame, found, strangers = _with_reps(frame, table, people)
            made = replace(made, rep=table.rep, found=found, strangers=strangers)
            columns = [Column(REP_ID, "", "text"), *columns]
        made = replace(made, columns=tuple(columns), checks=table.expect)
        problems = broken_promises(frame, grid, table)
    except ReadError as error:
        return replace(made, problems=(error,)), None
    if problems:
        return replace(made, problems=tuple(problems)), None
    return made, frame.drop(PLACE)


def _columns(grid: Grid, table: TableConfig) -> tuple[pl.DataFrame, list[Column]]:
    """Return the grid with its columns named and typed, and what is known of each."""
    import polars as pl

    rep = _place_of(table.rep, grid, f"[[table]] {table.name}, rep") if table.rep else -1
    grid = _without_empty(grid, table)
    is_rep_id = rep >= 0 and column_name(grid.headers[rep]) == REP_ID
    taken = [REP_ID, *([REP_TEXT] if is_rep_id else [])] if table.rep else []
    headers = {place: header for place, header in grid.headers.items() if not (is_rep_id and place == rep)}
    names = column_names(headers, where=grid.where, taken=taken)
    if is_rep_id:  # what is typed stays beside what it means
        names[rep] = REP_TEXT
    told = {_place_of(key, grid, f"[[table]] {table.name}, columns"): kind for key, kind in table.columns.items()}
    columns, held = [], {}
    for place, header in grid.headers.items():
        name, kind = names[place], told.get(place, "text" if place == rep else "")
        if grid.is_typed:
            values = grid.frame.get_column(str(place))
            if kind and kind != _SOURCE_KINDS.get(str(values.dtype), ""):
                values, kind, note = _retyped(grid, place, name, kind, table)
            else:
                kind, note = _SOURCE_KINDS.get(str(values.dtype), "time"), ""
        else:
            values, kind, note = typed(grid, place, name, kind, table)
        held[name] = values
        columns.append(Column(name, header, kind, note))
    frame = pl.DataFrame([grid.frame.get_column(PLACE), *(values.alias(name) for name, values in held.items())])
    return frame, columns


def _retyped(grid: Grid, place: int, name: str, kind: str, table: TableConfig) -> Any:  # noqa: ANN401 - as `typed`
    """Read a column that the file types otherwise from its texts."""
    import polars as pl

    texts = grid.frame.with_columns(pl.col(str(place)).cast(pl.String))
    return typed(replace(grid, frame=texts), place, name, kind, table)


def _without_empty(grid: Grid, table: TableConfig) -> Grid:
    """Take the texts that mean nothing out of the grid."""
    import polars as pl
    import polars.selectors as cs

    if not table.empty:
        return grid
    texts = cs.string()
    frame = grid.frame.with_columns(pl.when(~texts.is_in(list(table.empty))).then(texts).name.keep())
    return replace(grid, frame=frame)


def _place_of(key: str, grid: Grid, where: str) -> int:
    """Return the place of a column that is named by its header or its plain name. Raises `ReadError`."""
    for place, header in grid.headers.items():
        if key == header or column_name(key) == column_name(header) != "":
            return place
    try:
        known_name(key, [*grid.headers.values(), *map(column_name, grid.headers.values())], where)
    except ConfigError as error:
        what = f"the table has no column {key!r}"
        raise ReadError("table/column", what, where=where, mend=error.mend) from None
    raise AssertionError  # pragma: no cover - a known name is found above


def _with_reps(
    frame: pl.DataFrame, table: TableConfig, people: People
) -> tuple[pl.DataFrame, int, tuple[tuple[str, int], ...]]:
    """Return the frame with the rep_id of each row before its columns, how many spellings are known, and who is not."""
    import polars as pl

    column = column_name(table.rep)
    texts = frame.get_column(REP_TEXT if column == REP_ID else column).cast(pl.String)
    counts = dict(texts.drop_nulls().value_counts(sort=True).sort("count", texts.name, descending=[True, False]).rows())
    ids = people.rep_ids(counts)
    strangers = tuple((text, rows) for text, rows in counts.items() if ids[text] is None)
    resolved = pl.Series(REP_ID, [ids.get(text) for text in texts], dtype=pl.String)
    rest = [name for name in frame.columns if name != PLACE]
    return frame.with_columns(resolved).select(PLACE, REP_ID, *rest), len(ids) - len(strangers), strangers
