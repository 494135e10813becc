"""The study's database as a query meets it: this file and nothing else, one SELECT, within so much memory.

What the engine's settings do not hold (time, memory within one function), the limits of the process and the process
that watches over it do.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import duckdb

from timewaste.asking.places import query_error
from timewaste.errors import QueryError
from timewaste.sql_text import NUMBER, UNREADABLE, UNREADABLE_IN_PYTHON, quote
from timewaste.store import Store

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

ROWS_AT_ONCE = 10_000
EXPLAIN = "explain "
_PLAIN_KINDS = ("SELECT", "EXPLAIN")


class Limits(NamedTuple):
    """How far a query may go: bytes of memory, where it may put aside what does not fit, and whether it is fenced."""

    memory: int
    temporary: str
    unsafe: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The engine's settings. Half of the memory is the engine's; the rest is for functions and the rows read."""
        settings = {
            "errors_as_json": "true",
            "python_enable_replacements": "false",
            "memory_limit": f"{self.memory // 2048}KiB",
            "temp_directory": self.temporary,
            "max_temp_directory_size": f"{self.memory * 4 // 1024}KiB",
        }
        if self.unsafe:
            free = {"enable_external_access": "true", "lock_configuration": "false"}
            return settings | free | {"autoinstall_known_extensions": "true", "autoload_known_extensions": "true"}
        return settings | {"allow_community_extensions": "false", "allow_persistent_secrets": "false"}


class Answer:
    """The rows of one query, read once: as Python has them, or as frames."""

    def __init__(self, fence: Fence, query: str, values: Mapping[str, object], *, as_frames: bool) -> None:
        """Look at the query's columns; the rows are still to be read."""
        self._fence, self._query, self._values = fence, query, dict(values) or None
        self._relation: duckdb.DuckDBPyRelation | None = None
        unreadable = UNREADABLE if as_frames else UNREADABLE_IN_PYTHON
        if as_frames:
            self._look(unreadable)
            return
        with fence.telling(query):
            described = fence.connection.execute(query, self._values).description or []
        self._take_columns([column[0] for column in described], [str(column[1]) for column in described])
        if any(map(unreadable.search, self.kinds)):
            fence.connection.abort()
            self._look(unreadable)

    def _take_columns(self, names: list[str], kinds: list[str]) -> None:
        self.columns, self.kinds = tuple(names), kinds
        self.is_number = tuple(NUMBER.match(kind) is not None for kind in kinds)
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise QueryError(
                f"two columns are called {min(twice)!r}", where="query", mend="Give them names of their own with `as`."
            )

    def _look(self, unreadable: re.Pattern[str]) -> None:
        """Take the query as a relation, its columns cast to text where they cannot be read otherwise."""
        with self._fence.telling(self._query):
            relation: duckdb.DuckDBPyRelation | None = self._fence.connection.sql(self._query, params=self._values)
            if relation is None:
                self._take_columns([], [])
                return
            self._take_columns(list(relation.columns), [str(kind) for kind in relation.types])
            if any(map(unreadable.search, self.kinds)):
                readable = (
                    f"cast({quote(name)} as varchar) as {quote(name)}" if unreadable.search(kind) else quote(name)
                    for name, kind in zip(self.columns, self.kinds, strict=True)
                )
                relation = relation.project(", ".join(readable))
            self._relation = relation

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows, some thousands at a time."""
        with self._fence.telling(self._query):
            if self._relation is not None:
                rows = self._relation.iter_rows(ROWS_AT_ONCE)
                while batch := list(islice(rows, ROWS_AT_ONCE)):
                    yield batch
                return
            while batch := self._fence.connection.fetchmany(ROWS_AT_ONCE):
                yield batch

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows as frames, at least one."""
        from timewaste.arrow_batches import StreamError, frames

        with self._fence.telling(self._query):
            try:
                yield from frames(self._relation)
            except StreamError as error:
                raise duckdb.Error(str(error)) from None


class Fence(Store):
    """A study's database that a stranger may ask. Opened for reading only, fenced or not."""

    limits: Limits

    @classmethod
    def around(cls, path: Path, limits: Limits) -> Self:
        """Open the file. Raises `StudyError` when it cannot be opened."""
        fence = cls.open(path, read_only=True, settings=limits.settings)
        fence.limits = limits
        return fence

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection."""
        return self._connection

    def telling(self, query: str) -> _Telling:
        """Return a context that turns the engine's errors into ours, with the place in the query."""
        return _Telling(self, query)

    def ask(self, query: str, values: Mapping[str, object], *, as_frames: bool = False) -> Answer:
        """Return the answer to one SELECT. Raises `QueryError`."""
        if self.limits.unsafe:
            query = self._run_all_but_last(query)
        else:
            self._check(query)
        self._check_values(query, values)
        return Answer(self, query, values, as_frames=as_frames)

    def plan(self, query: str, values: Mapping[str, object]) -> str:
        """Return how the engine would go about a query, drawn as text. Raises `QueryError`."""
        self._check(query)
        self._check_values(query, values)
        (statement,) = self._statements(query)
        is_told = _kind(statement) == "EXPLAIN"
        with self.telling(query):
            rows = self.execute(query if is_told else EXPLAIN + query, dict(values))
        return "\n".join(str(row[-1]) for row in rows)

    def is_explain(self, query: str) -> bool:
        """Tell whether the query is itself an EXPLAIN."""
        statements = self._statements(query)
        return len(statements) == 1 and _kind(statements[0]) == "EXPLAIN"

    def _statements(self, query: str) -> list[Any]:
        with self.telling(query):
            return self._connection.extract_statements(query)

    def _check(self, query: str) -> None:
        """Refuse what is not one statement that reads. A SELECT that writes is the engine's to refuse."""
        statements = self._statements(query)
        if len(statements) != 1:
            what = f"{len(statements)} statements" if statements else "the query is empty"
            raise QueryError(what, where="query", mend="Give exactly one SELECT statement.")
        kind = _kind(statements[0])
        if kind == "MULTI":
            raise QueryError(
                "PIVOT needs to know its values beforehand",
                where="query",
                mend="Name them: pivot ... on category in ('selling', 'travel') using sum(seconds)",
            )
        if kind not in _PLAIN_KINDS:
            raise QueryError(
                f"{kind} is not allowed: the study is open for reading only",
                where="query",
                mend="Give exactly one SELECT statement.",
            )

    def _run_all_but_last(self, query: str) -> str:
        """Run the statements that go before the last, such as ATTACH, and return the last."""
        statements = self._statements(query)
        if not statements:
            raise QueryError("the query is empty", where="query", mend="Give exactly one SELECT statement.")
        for statement in statements[:-1]:
            with self.telling(statement.query):
                self._connection.execute(statement.query).fetchall()
        return str(statements[-1].query) if len(statements) > 1 else query

    def _check_values(self, query: str, values: Mapping[str, object]) -> None:
        names = set(self._statements(query)[0].named_parameters)
        if missing := sorted(names - set(values)):
            raise QueryError(
                f"no value is given for {', '.join(f'${name}' for name in missing)}",
                where="query",
                mend=f"Add: {' '.join(f'--set {name}=...' for name in missing)}",
            )
        if unused := sorted(set(values) - names):
            known = ", ".join(f"${name}" for name in sorted(names)) or "none"
            raise QueryError(f"the query has no ${unused[0]}", where="--set", mend=f"What it asks for: {known}.")


def _kind(statement: Any) -> str:  # noqa: ANN401 - the engine's own
    try:
        return str(statement.type.name)
    except ValueError:  # newer than the list of kinds that Python has
        return "this statement"


class _Telling:
    """Turns what the engine raises into a `QueryError` that points at the place."""

    def __init__(self, fence: Fence, query: str) -> None:
        self._fence, self._query = fence, query

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, duckdb.Error):
            message = str(error)
            if not message.partition(": ")[2].startswith("{"):  # as a relation it is not told where; as a query it is
                message = self._asked_plainly() or message
            raise query_error(message, self._query, self._fence) from None
        if isinstance(error, MemoryError):
            raise query_error("Out of Memory Error", self._query, self._fence) from None

    def _asked_plainly(self) -> str:
        try:
            self._fence.connection.execute(EXPLAIN + self._query)
        except duckdb.InvalidInputException:  # it has $names: that their values are missing says nothing of the query
            return ""
        except duckdb.Error as error:
            return f"{EXPLAIN}{error}"
        return ""
