"""The DuckDB file of a study: the only module that imports duckdb.

Knows tables and rows, not what they mean. Everything read from a log lands as text; no cast, sniffer or
date parser of the database ever sees it (`docs/adr/0003`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import duckdb
import polars as pl

from timewaste.errors import ModelError, QueryError, StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timewaste.readers import CsvScan

FORMAT = "1"
"""Version of the tables' layout: a study file of another one is rebuilt from its logs."""


# Kinds that Polars cannot hold, even within lists: they are read as text.
_UNREADABLE = re.compile(r"INTERVAL|TIME WITH TIME ZONE|BIT|UNION|VARIANT|GEOMETRY")


class _Capsule:
    """Hand a Polars frame to DuckDB through the Arrow C stream: pyarrow (176 MB) is not needed for it."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def quote(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


class Store:
    """One open database. A context manager: always closed, and a build is one transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None = None) -> None:
        """Wrap an open connection; use `Store.open` or `Store.memory`."""
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open (or make) the file. Raises `StudyError` when it is locked, damaged or not a database."""
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if read_only:  # the ad-hoc door: nothing but this file can be read, and nothing written
            config |= {"enable_external_access": "false", "lock_configuration": "true"}
        try:
            connection = duckdb.connect(str(path), read_only=read_only, config=config)
            connection.execute("select 1").fetchall()
        except duckdb.Error as error:
            raise _open_error(path, str(error)) from None
        return cls(connection, path)

    @classmethod
    def memory(cls) -> Self:
        """Open a database that lives in memory, for tests and single models."""
        return cls(duckdb.connect(":memory:"))

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._connection.close()

    def _failed(self, message: str) -> StudyError:
        """Return the error for a file that cannot be read or written: a full disk, or damage."""
        if "No space left" in message:
            return StudyError(
                "the disk is full", where=str(self._path), mend="Free some space; the study is as it was."
            )
        return _open_error(self._path, message)

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

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SELECT and return its rows as a Polars frame."""
        try:
            return pl.DataFrame(self._connection.sql(sql, params=dict(parameters) if parameters else None))
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise self._failed(str(error)) from None

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run a user's query: exactly one statement that reads. Raises `QueryError` with the database's words."""
        try:
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
                    f"two columns are called {min(twice)!r}",
                    where="query",
                    mend="Give them names of their own with `as`.",
                )
            kinds = [str(kind) for kind in relation.types]
            readable = ", ".join(
                f"cast({quote(name)} as varchar) as {quote(name)}" if _UNREADABLE.search(kind) else quote(name)
                for name, kind in zip(relation.columns, kinds, strict=True)
            )
            return pl.DataFrame(relation.project(readable))
        except duckdb.Error as error:
            raise _query_error(str(error)) from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: a failure or a kill inside leaves the file as it was before."""
        self._connection.execute("begin transaction")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")
        self._connection.execute("checkpoint")

    # ---------------------------------------------------------------- tables

    def tables(self) -> set[str]:
        """Return the names of all tables and views."""
        return {name for (name,) in self.execute("select table_name from information_schema.tables")}

    def write(self, table: str, frame: pl.DataFrame, *, append: bool = False) -> None:
        """Make `table` from a frame, or append to it by column name."""
        self._connection.register("incoming_frame", _Capsule(frame))
        try:
            if append:
                names = ", ".join(quote(name) for name in frame.columns)
                self._connection.execute(f"insert into {quote(table)} ({names}) select {names} from incoming_frame")
            else:
                self.drop(table)
                self._connection.execute(f"create table {quote(table)} as select * from incoming_frame")
        finally:
            self._connection.unregister("incoming_frame")

    def make(self, name: str, sql: str, *, view: bool, comment: str) -> None:
        """Make a table or view from a SELECT. Raises `ModelError` with the database's words."""
        self.drop(name)
        kind = "view" if view else "table"
        try:
            self._connection.execute(f"create {kind} {quote(name)} as {sql}")
        except duckdb.Error as error:
            raise ModelError(f"the model fails: {error}", where=name) from None
        self.comment(name, comment, view=view)

    def comment(self, name: str, comment: str, *, view: bool = False) -> None:
        """Store a sentence with a table, where every client shows it."""
        self._connection.execute(f"comment on {'view' if view else 'table'} {quote(name)} is {literal(comment)}")

    def count(self, sql: str, *, where: str) -> int:
        """Return the one number that a model's check gives. Raises `ModelError` when the check itself fails."""
        try:
            return int(self.execute(sql)[0][0])
        except duckdb.Error as error:
            raise ModelError(f"what the header promises cannot be checked: {error}", where=where) from None

    def drop(self, name: str) -> None:
        """Remove the table or view if it is there."""
        for (kind,) in self.execute("select table_type from information_schema.tables where table_name = ?", [name]):
            self._connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {quote(name)}")

    def selects_from(self, sql: str) -> set[str]:
        """Return the tables that one SELECT reads, without its own CTEs. Raises `ModelError` if it is no SELECT."""
        ((tree, statements),) = self.execute(
            "select tree, json_array_length(tree, '$.statements') from (select json_serialize_sql(?) as tree)",
            [sql],
        )
        if statements != 1:
            raise ModelError(f"not one SELECT statement: {tree[:300]}")
        return _table_names(tree)

    def copy_out(self, select: str, path: Path, *, partition_by: str = "") -> int:
        """Write the rows of a SELECT as Parquet and return how many: a file, or a folder for each value of a column.

        Raises `StudyError` when the place cannot be written.
        """
        parts = f", partition_by ({quote(partition_by)})" if partition_by else ""
        try:
            statement = f"copy ({select}) to {literal(str(path))} (format parquet, compression zstd{parts})"
            ((written,),) = self._connection.execute(statement).fetchall()
        except duckdb.IOException as error:
            raise StudyError(f"cannot be written: {error}", where=str(path), mend="Give another folder.") from None
        return int(written)

    def land_csv(self, table: str, source_id: int, scan: CsvScan) -> int:
        """Append a clean CSV file to the raw table, all as text, and return the number of rows landed.

        -1 if the database cannot read it as `scan` says: the transaction is then lost, and the file must be
        read by our own splitter.
        """
        columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(scan.column_count))
        chosen = {field: f"nullif(c{index}, '')" for field, index in scan.fields.items()}
        if scan.extra:
            pairs = ", ".join(f"{literal(header)}, nullif(c{index}, '')" for header, index in scan.extra.items())
            chosen["extra"] = f"cast(json_object({pairs}) as varchar)"
        statement = (
            f"insert into {quote(table)} (source_id, line, {', '.join(chosen)}) "
            f"select {source_id}, row_number() over () + {scan.skip_lines}, {', '.join(chosen.values())} "
            f"from read_csv({literal(str(scan.path))}, auto_detect = false, header = false, skip = {scan.skip_lines}, "
            f"delim = {literal(scan.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
            "strict_mode = true, null_padding = false, encoding = 'utf-8')"
        )
        try:
            self._connection.execute(statement).fetchall()
        except duckdb.Error:
            return -1
        ((landed,),) = self.execute(f"select count(*) from {quote(table)} where source_id = ?", [source_id])
        return int(landed)


def _open_error(path: Path | None, message: str) -> StudyError:
    if "Conflicting lock" in message or "Could not set lock" in message:
        return StudyError(
            "the study is in use by another program", where=str(path), mend=f"Close that program first. ({message})"
        )
    return StudyError(
        "this is not a database that can be opened",
        where=str(path),
        mend=f"Delete the file: it is rebuilt from the logs. ({message})",
    )


def _query_error(message: str) -> QueryError:
    if "read-only mode" in message:
        return QueryError("the study is open for reading only", where="query", mend="Give a SELECT statement.")
    if "Parameter" in message and "count" in message:
        return QueryError(
            f"parameters and query do not fit: {message}", where="query", mend="Give one --set for each $name."
        )
    return QueryError(
        message,
        mend="`timewaste sql STUDY --tables` lists the tables, "
        '`timewaste sql STUDY "describe entries"` the columns of one.',
    )


def _table_names(tree: str) -> set[str]:
    import json

    read: set[str] = set()
    own: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                read.add(node["table_name"])
            own.update(entry["key"] for entry in (node.get("cte_map") or {}).get("map", []))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(tree))
    return read - own
