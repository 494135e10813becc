"""The DuckDB file of a study: the only module that imports duckdb.

Knows tables and rows, not what they mean. Everything read from a log lands as text; no cast, sniffer or
date parser of the database ever sees it (`docs/adr/0003`).
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import duckdb

from timewaste.arrow_batches import StreamError, frames
from timewaste.errors import ModelError, QueryError, StudyError
from timewaste.files import FULL, keep_private, private_files
from timewaste.sql_text import NUMBER, UNREADABLE, literal, quote, table_names
from timewaste.store_errors import open_error, query_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import polars as pl

_FULL = tuple(os.strerror(code) for code in FULL)
BUILD_MEMORY = "800MB"
STORAGE = "v1.5.0"
"""The oldest DuckDB that shall open a study's file: many a client still carries a 1.5."""


class Rows(NamedTuple):
    """Rows of a query, with the names of its columns and which of them hold numbers."""

    columns: tuple[str, ...]
    is_number: tuple[bool, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows by name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Column(NamedTuple):
    """A column of a table or view, its type as the engine writes it, and the sentence beside it, "" for none."""

    table: str
    name: str
    kind: str
    comment: str


class _Capsule:
    """Hand a Polars frame to DuckDB through the Arrow C stream: pyarrow (176 MB) is not needed for it."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame: pl.DataFrame | None = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        assert self._frame is not None  # noqa: S101 - registered only while it holds one
        return self._frame.__arrow_c_stream__(requested_schema)

    def let_go(self) -> None:
        """Free the frame: DuckDB 2.0 keeps the object that was registered, also after it is unregistered."""
        self._frame = None


class Store:
    """One open database. A context manager: always closed, and a build is one transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None = None) -> None:
        """Wrap an open connection; use `Store.open` or `Store.memory`."""
        self._connection = connection
        self._path = path
        self._catalog: str | None = None
        self._private: AbstractContextManager[None] = nullcontext()
        self._tells_places = False

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, settings: Mapping[str, str] | None = None) -> Self:
        """Open (or make) the file. Raises `StudyError` when it is locked, damaged or not a database."""
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if read_only:  # the ad-hoc door: nothing but this file can be read, and nothing written
            config |= {"enable_external_access": "false", "lock_configuration": "true", "errors_as_json": "true"}
        else:  # what does not fit is spilled beside the file: a build must not take the machine for itself
            config |= {"memory_limit": BUILD_MEMORY, "storage_compatibility_version": STORAGE}
            keep_private(path)  # it holds all logs, and may be older than this rule
        try:
            with nullcontext() if read_only else private_files():
                connection = duckdb.connect(str(path), read_only=read_only, config=config | dict(settings or {}))
            connection.execute("select 1").fetchall()
            if not read_only:  # nobody else has it open: what a killed run spilled, names and all, is of no use
                shutil.rmtree(f"{path}.tmp", ignore_errors=True)
                _check_functions(connection, path)
        except duckdb.Error as error:
            raise open_error(path, str(error), duckdb.__version__) from None
        store = cls(connection, path)
        store._private = nullcontext() if read_only else private_files()
        store._tells_places = read_only
        return store

    @classmethod
    def memory(cls) -> Self:
        """Open a database that lives in memory, for tests and single models."""
        return cls(duckdb.connect(":memory:"))

    def __enter__(self) -> Self:
        """Return the open store. What the database spills beside itself meanwhile is its owner's alone."""
        self._private.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        try:
            self._connection.close()
        finally:
            self._private.__exit__(None, None, None)

    def _failed(self, message: str) -> StudyError:
        """Return the error for a file that cannot be read or written: a full disk, or damage."""
        if _is_full(message):
            return StudyError(
                "the disk is full", where=str(self._path), mend="Free some space; no load is kept in part."
            )
        return open_error(self._path, message, duckdb.__version__)

    def interrupt(self) -> None:
        """Stop the statement that runs now, from another thread."""
        self._connection.interrupt()

    # ---------------------------------------------------------------- statements

    def execute(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows. Never fetches times with a zone."""
        try:
            return self._connection.execute(sql, parameters or None).fetchall()
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise self._failed(str(error)) from None

    def rows_if_there(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one SELECT as `execute` does; nothing where a table that it reads is not there."""
        try:
            return self.execute(sql)
        except duckdb.CatalogException:
            return []

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SELECT and return its rows as a Polars frame."""
        try:
            return _frame(self._connection.sql(sql, params=dict(parameters) if parameters else None))
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, StreamError) as error:
            raise self._failed(str(error)) from None

    def rows(self, sql: str) -> Rows:
        """Run one SELECT of our own and return its rows: for the few that a terminal shows, without Polars."""
        try:
            return _rows(self._connection.sql(sql))
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise self._failed(str(error)) from None

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run a user's query: exactly one statement that reads. Raises `QueryError` with the database's words."""
        try:
            return _frame(self._asked(sql, parameters))
        except (duckdb.Error, StreamError) as error:
            raise self._query_error(sql, str(error), parameters) from None

    def relation(self, sql: str, parameters: Mapping[str, object] | None = None) -> duckdb.DuckDBPyRelation:
        """Return a user's query as a relation, whose rows are worked out when they are asked for.

        It lives as long as this store is open. Raises `QueryError` as `query` does.
        """
        try:
            return self._asked(sql, parameters)
        except duckdb.Error as error:
            raise self._query_error(sql, str(error), parameters) from None

    def parameters(self, sql: str) -> set[str] | None:
        """Return the `$name`s of a query; None where it cannot be understood."""
        try:
            return {
                name for statement in self._connection.extract_statements(sql) for name in statement.named_parameters
            }
        except duckdb.Error:
            return None

    def _query_error(self, sql: str, message: str, parameters: Mapping[str, object] | None) -> QueryError:
        """Return the error for the engine's words, which are kept with it as the engine tells them with the place."""
        error = query_error(message)
        error.words = message
        if self._tells_places:
            try:  # as a relation it is not told where; as a query it is
                self._connection.execute(f"explain {sql}", dict(parameters) if parameters else None)
            except duckdb.Error as told:
                error.words = f"explain {told}"
        return error

    def _asked(self, sql: str, parameters: Mapping[str, object] | None) -> duckdb.DuckDBPyRelation:
        _check_functions(self._connection, self._path)
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            what = f"{len(statements)} statements" if statements else "the query is empty"
            raise QueryError(what, where="query", mend="Give exactly one SELECT statement.")
        relation = self._connection.sql(sql, params=dict(parameters) if parameters else None)
        if relation is None:
            raise QueryError("this statement returns no rows", where="query", mend="Give a SELECT statement.")
        twice = {name for name in relation.columns if relation.columns.count(name) > 1}
        if twice:
            raise QueryError(
                f"two columns are called {min(twice)!r}", where="query", mend="Give them names of their own with `as`."
            )
        kinds = [str(kind) for kind in relation.types]
        if not any(map(UNREADABLE.search, kinds)):
            return relation
        readable = ", ".join(
            f"cast({quote(name)} as varchar) as {quote(name)}" if UNREADABLE.search(kind) else quote(name)
            for name, kind in zip(relation.columns, kinds, strict=True)
        )
        return relation.project(readable)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: a failure or a kill inside leaves the file as it was before."""
        self._connection.execute("begin transaction")
        try:
            yield
            self._connection.execute("commit")
            self._connection.execute("checkpoint")
        except BaseException as error:
            with suppress(duckdb.Error):  # after a failed commit there is nothing left to take back
                self._connection.execute("rollback")
            if _is_full(str(error)) and not isinstance(error, StudyError):  # which has told where already
                raise self._failed(str(error)) from None
            raise

    def engine(self) -> tuple[str, str]:
        """Return the version of DuckDB and that of the file's storage, such as `v2.0.0` and `v2.0.0+`."""
        ((version, storage),) = self.execute(
            "select version(), tags['storage_version'] from duckdb_databases() where database_name = current_database()"
        )
        return str(version), str(storage)

    # ---------------------------------------------------------------- tables

    def tables(self) -> set[str]:
        """Return the names of all tables and views."""
        return {
            name
            for (name,) in self.execute(
                "select table_name from duckdb_tables() where schema_name = 'main' "
                "union all select view_name from duckdb_views() where not internal and schema_name = 'main'"
            )
        }

    def definitions(self) -> dict[str, str]:
        """Return a hash of how each table and view of the file is defined; those of other schemas are `schema.name`.

        Names of types are left out: a view says `string` where it is made, `VARCHAR` once it was read again. Nothing
        for a file of another storage, which tells the same otherwise each time.
        """
        if self.engine()[1] != f"{STORAGE}+":
            return {}
        told = r"md5(regexp_replace(lower(sql), ' as [a-z0-9_ ]+([()\[])', ' as \1', 'g'))"
        kept = "not internal and not temporary and database_name = current_database()"
        return dict(
            self.execute(
                "select if(schema_name = 'main', name, concat_ws('.', schema_name, name)), "
                f"{told} from ("
                f"select schema_name, table_name as name, sql from duckdb_tables() where {kept} "
                f"union all select schema_name, view_name, sql from duckdb_views() where {kept})"
            )
        )

    def comments(self) -> dict[str, str]:
        """Return what each table and view says of itself, by name."""
        rows = self.execute(
            "select table_name, comment from duckdb_tables() where comment is not null and schema_name = 'main' "
            "union all select view_name, comment from duckdb_views() "
            "where comment is not null and not internal and schema_name = 'main'"
        )
        return dict(rows)

    def write(
        self, table: str, frame: pl.DataFrame, *, append: bool = False, comment: str = "", is_new: bool = False
    ) -> None:
        """Make `table` from a frame, or append to it by column name. `is_new` says that no such table is there."""
        capsule = _Capsule(frame)
        self._connection.register("incoming_frame", capsule)
        try:
            if append:
                names = ", ".join(quote(name) for name in frame.columns)
                self._connection.execute(f"insert into {quote(table)} ({names}) select {names} from incoming_frame")
            else:
                if not is_new:
                    self.drop(table)
                self._connection.execute(f"create table {quote(table)} as select * from incoming_frame")
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise self._failed(str(error)) from None
        finally:
            with suppress(duckdb.Error):  # in a lost transaction: it must not hide why it was lost
                self._connection.unregister("incoming_frame")
            capsule.let_go()
        if comment:
            self.comment(table, comment)

    def make(self, name: str, sql: str, *, view: bool, comment: str, is_new: bool = False) -> None:
        """Make a table or view from a SELECT. Raises `ModelError` with the database's words."""
        if not is_new:
            self.drop(name)
        kind = "view" if view else "table"
        try:
            self._connection.execute(f"create {kind} {quote(name)} as {sql}")
        except duckdb.Error as error:
            raise ModelError(f"the model fails: {error}", where=name) from None
        self.comment(name, comment, view=view)

    def work_out(self, view: str) -> None:
        """Put a table of a view's rows before the view, for as long as it is read often. Raises `ModelError`."""
        try:
            self._connection.execute(f"create temp table {quote(view)} as select * from {quote(view)}")
        except duckdb.Error as error:
            raise ModelError(f"the model fails: {error}", where=view) from None

    def forget_work(self, view: str) -> None:
        """Remove the table that `work_out` put before a view."""
        self._connection.execute(f"drop table temp.{quote(view)}")

    def narrow(self, name: str, condition: str) -> None:
        """Put a view of some rows before a table or view: whoever reads `name` sees only these."""
        self._connection.execute(f"create temp view {quote(name)} as select * from {self._own(name)} where {condition}")

    def widen(self, name: str) -> None:
        """Remove the view that `narrow` put before `name`."""
        self._connection.execute(f"drop view temp.{quote(name)}")

    def replace_rows(self, table: str, sql: str, condition: str) -> None:
        """Remove the rows of `table` that fulfil a condition, and add those of a SELECT. Raises `ModelError`."""
        try:
            self._connection.execute(f"delete from {self._own(table)} where {condition}")
            self._connection.execute(f"insert into {self._own(table)} by name {sql}")
        except duckdb.Error as error:
            raise ModelError(f"the model fails: {error}", where=table) from None

    def tables_with(self, column: str) -> set[str]:
        """Return the names of the tables and views that have a column of this name."""
        found = self.execute("select table_name from duckdb_columns() where column_name = ? and not internal", [column])
        return {name for (name,) in found}

    def _own(self, name: str) -> str:
        """Return the name of the file's own table, whatever stands before it."""
        if self._catalog is None:
            ((self._catalog,),) = self.execute("select current_database()")
        return f"{quote(str(self._catalog))}.main.{quote(name)}"

    def comment(self, name: str, comment: str, *, view: bool = False) -> None:
        """Store a sentence with a table, where every client shows it."""
        self._connection.execute(f"comment on {'view' if view else 'table'} {quote(name)} is {literal(comment)}")

    def columns(self) -> list[Column]:
        """Return the columns of all tables and views, in order."""
        found = self.execute(
            "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
            "where not internal and schema_name = 'main' order by table_name, column_index"
        )
        return [Column(*row) for row in found]

    def comment_columns(self, comments: Mapping[Column, str]) -> None:
        """Store sentences with columns of tables and views, all in one go."""
        if comments:
            self._connection.execute(
                "; ".join(
                    f"comment on column {quote(column.table)}.{quote(column.name)} is {literal(text)}"
                    for column, text in comments.items()
                )
            )

    def counts(self, queries: Sequence[str], *, where: str) -> list[int]:
        """Return the one number that each of a model's checks gives. Raises `ModelError` when a check itself fails."""
        try:
            ((*numbers,),) = self.execute(f"select {', '.join(f'({query})' for query in queries)}")
        except duckdb.Error as error:
            raise ModelError(f"what the header promises cannot be checked: {error}", where=where) from None
        return [int(number) for number in numbers]

    def drop(self, name: str) -> None:
        """Remove the table or view if it is there."""
        for (kind,) in self.execute(
            "select 'table' from duckdb_tables() where table_name = $1 and schema_name = 'main' union all "
            "select 'view' from duckdb_views() where view_name = $1 and schema_name = 'main'",
            [name],
        ):
            self._connection.execute(f"drop {kind} {quote(name)}")

    def selects_from(self, sql: str) -> set[str]:
        """Return the tables that one SELECT reads, without its own CTEs. Raises `ModelError` if it is no SELECT."""
        ((tree, statements),) = self.execute(
            "select tree, json_array_length(tree, '$.statements') from (select json_serialize_sql(?) as tree)",
            [sql],
        )
        if statements != 1:
            raise ModelError(f"not one SELECT statement: {tree[:300]}")
        return table_names(tree)

    def absent(self, sql: str) -> set[str]:
        """Return the tables that one SELECT reads and that are not there; none of what is no SELECT.

        None either when a query before has left no memory to look.
        """
        try:
            return self.selects_from(sql) - self.tables()
        except (ModelError, duckdb.OutOfMemoryException):
            return set()


def _frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Return the rows, taken batch by batch: Polars never lets go of a stream that it reads as a whole."""
    import polars as pl

    return pl.concat(list(frames(relation)), rechunk=False)


def _is_full(message: str) -> bool:
    return any(words in message for words in _FULL)


def _rows(relation: duckdb.DuckDBPyRelation) -> Rows:
    is_number = tuple(NUMBER.match(str(kind)) is not None for kind in relation.types)
    return Rows(tuple(relation.columns), is_number, relation.fetchall())


def _check_functions(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    """Refuse a database that defines functions: one called sum would change every figure, and nothing would tell."""
    names = connection.execute("select function_name from duckdb_functions() where not internal order by 1").fetchall()
    if names:
        connection.close()
        raise StudyError(
            f"the database defines functions of its own: {', '.join(name for (name,) in names[:5])}",
            where=str(path),
            mend="Delete the file: it is rebuilt from the logs. Ask whoever sent it what they are for.",
        )
