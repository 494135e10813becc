"""A Spark Connect server: the only module that imports pyspark. Knows tables and rows, not what they mean.

Runs the SQL of the models as it stands in `queries/`. Every table that stays there is a Parquet folder: it is
computed once, and can be brought home later without the server.
"""

from __future__ import annotations

import re
import socket
import sys
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from timewaste.errors import ModelError, StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

EXTRA = "timewaste[spark]"
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow or a bad cast is an error, as it is in DuckDB
}
_NARROW = {"tinyint", "smallint", "int"}
_PATIENCE = 10
"""Seconds to wait for a server to answer at all: the client itself would try for minutes."""


class Cluster:
    """One open session on a Spark Connect server. A context manager: always closed."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401 - pyspark need not be installed
        """Wrap an open session; use `Cluster.connect`."""
        self._session = session

    @classmethod
    def connect(cls, remote: str) -> Self:
        """Open a session on `sc://host:port`. Raises `StudyError` when there is no client or no server."""
        _reach(remote)
        with _quiet_client():
            try:
                from pyspark.errors import PySparkException
                from pyspark.logger import PySparkLogger
                from pyspark.sql import SparkSession
                from pyspark.sql.connect.client.retries import DefaultPolicy
            except ImportError as error:
                raise StudyError(
                    f"the client of Spark Connect is not installed ({error})",
                    where="--engine spark",
                    mend=f"Install it: python -m pip install '{EXTRA}'",
                ) from None
            for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
                PySparkLogger.getLogger(name).disabled = True  # it prints each error as JSON; we say it in a sentence
            try:
                session = SparkSession.builder.remote(remote).create()
                session.client.set_retry_policies([DefaultPolicy(max_retries=3)])
                for name, value in _SETTINGS.items():
                    session.conf.set(name, value)
                # Once it has answered, a pause of two minutes is waited out, but not the ten that are its default.
                session.client.set_retry_policies([DefaultPolicy(max_retries=7)])
            except PySparkException as error:
                raise StudyError(
                    f"the server does not take us in: {_words(error)}",
                    where=_shown(remote),
                    mend="It must be a Spark Connect server, version 4.0 or newer.",
                ) from None
        return cls(session)

    def __enter__(self) -> Self:
        """Return the open session."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Close the session; after a failure or an interrupt also stop what still runs there."""
        with suppress(Exception):
            if kind is not None:
                self._session.interruptAll()
            self._session.stop()

    def show(self, name: str, path: Path, columns: tuple[str, ...] = ()) -> None:
        """Make the rows of a Parquet file or folder readable as `name`.

        Raises `StudyError` when the cluster does not find them there.
        """
        from pyspark.errors import PySparkException

        try:
            frame = self._session.read.parquet(str(path))
            if not frame.columns:  # asking looks at the files; some engines find an empty table where there is none
                raise _unseen(path, "there is nothing")
            if columns:
                frame = frame.select(*columns)
            frame.createOrReplaceTempView(name)
        except PySparkException as error:
            raise _unseen(path, _words(error)) from None

    def keep(self, name: str, sql: str, folder: Path) -> None:
        """Run a model, write its rows to `folder` as Parquet, and make them readable there as `name`.

        Raises `ModelError` with the engine's words.
        """
        from pyspark.errors import PySparkException

        try:
            frame = self._session.sql(sql)
            kinds = dict(frame.dtypes)
            if _NARROW & set(kinds.values()):  # Spark numbers rows in 32 bits, DuckDB in 64
                frame = frame.selectExpr(
                    *(f"cast({column} as bigint) as {column}" if kind in _NARROW else column
                      for column, kind in kinds.items())
                )  # fmt: skip
            frame.write.mode("overwrite").parquet(str(folder))
            if not folder.exists():  # some engines write no file when there is no row
                folder.mkdir(parents=True)
                self._frame(frame.limit(0)).write_parquet(folder / "empty.parquet")
        except PySparkException as error:
            raise ModelError(f"the model fails on the cluster: {_words(error)}", where=name) from None
        self.show(name, folder)

    def fetch(self, name: str, sql: str) -> pl.DataFrame:
        """Run a model and return its rows in its order. Raises `ModelError` with the engine's words."""
        from pyspark.errors import PySparkException

        try:
            return self._frame(self._session.sql(sql))
        except PySparkException as error:
            raise ModelError(f"the model fails on the cluster: {_words(error)}", where=name) from None

    @staticmethod
    def _frame(frame: Any) -> pl.DataFrame:  # noqa: ANN401 - pyspark need not be installed
        """Return the rows as a Polars frame, whole numbers in 64 bits as DuckDB gives them."""
        import polars as pl
        import polars.selectors as cs

        rows = pl.DataFrame(pl.from_arrow(frame.toArrow()))
        return rows.with_columns(cs.integer().cast(pl.Int64))


@contextmanager
def _quiet_client() -> Iterator[None]:
    """Let the client be imported without its warnings, and in programs that have no file.

    It warns of pandas 3 on every import, though frames cross as Arrow here. And where the main module has no file,
    as in `python -c`, it takes itself for a test run of its own and ends the program.
    """
    main = sys.modules["__main__"]
    has_file = hasattr(main, "__file__")
    if not has_file:
        main.__file__ = __file__
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if not has_file:
            del main.__file__


def _unseen(path: Path, words: str) -> StudyError:
    return StudyError(
        f"the cluster cannot read {path.name}: {words}",
        where=str(path.parent),
        mend="Give with --staged DIR a folder that this machine and every machine of the cluster see under the "
        "same path.",
    )


def _reach(remote: str) -> None:
    """Knock at the server's door. Raises `StudyError` for an address that is none, or where nobody answers."""
    match = re.fullmatch(r"sc://(\[[^\]]+\]|[^:/;\s]+)(?::(\d{1,5}))?(/.*)?", remote)
    if not match or int(match[2] or 0) > 65535:
        raise StudyError(
            "this is no address of a Spark Connect server", where="--remote",
            mend="Write it as sc://HOST:15002.",
        )  # fmt: skip
    try:
        socket.create_connection((match[1].strip("[]"), int(match[2] or 15002)), timeout=_PATIENCE).close()
    except OSError as error:
        raise StudyError(
            f"no server answers ({error.strerror or error})", where=_shown(remote),
            mend="Start one, such as SPARK_HOME/sbin/start-connect-server.sh, or correct --remote.",
        ) from None  # fmt: skip


def _shown(remote: str) -> str:
    """Return an address without its parameters: a token among them must not stand in a message."""
    return re.split(r"[/;]", remote.removeprefix("sc://"), maxsplit=1)[0].join(("sc://", ""))


def _words(error: Exception) -> str:
    """Return what the engine said, without the stack of its own calls."""
    text = str(error).split("JVM stacktrace:")[0]
    details = re.search(r'details = "(.*?)"\n', text, re.DOTALL)  # when no engine answered, but the network
    lines = [line.strip() for line in (details[1] if details else text).splitlines()]
    return " ".join(line for line in lines if line)[:500]
