"""The database's one door: what reads only cannot write, reach a file or change a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.errors import ModelError, QueryError, StudyError
from timewaste.sql_text import literal, quote
from timewaste.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with Store.open(path) as store:
        store.execute("create table t as select 1 as n")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return path


@pytest.fixture
def reading(database: Path) -> Iterator[Store]:
    with Store.open(database, read_only=True) as store:
        yield store


@pytest.mark.parametrize(
    "statement",
    [
        "create table u as select 1", "insert into t values (2)", "update t set n = 2", "delete from t", "drop table t",
        "alter table t add column m int", "create view v as select 1", "attach ':memory:' as m",
        "attach '{folder}/o.duckdb' as o", "copy t to '{folder}/o.csv'", "copy t to '{folder}/o.parquet'",
        "copy t from '{folder}/x.csv'", "export database '{folder}/out'", "install httpfs", "load httpfs",
        "set threads = 1", "set enable_external_access = true", "set lock_configuration = false",
        "reset enable_external_access", "create secret (type s3)", "select * from '{folder}/x.csv'",
        "select * from read_csv('{folder}/x.csv')", "select * from read_text('{folder}/x.csv')",
        "select * from read_blob('/etc/passwd')", "select * from glob('{folder}/*')",
        "select * from read_csv('https://example.org/x.csv')", "import database '{folder}'",
    ],
)  # fmt: skip
def test_the_reading_door_refuses(statement: str, reading: Store, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(QueryError):
        reading.query(statement.replace("{folder}", str(tmp_path)))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert reading.query("select n from t").rows() == [(1,)]


@pytest.mark.parametrize("text", ["", "-- nothing", "select 1; select 2", "select 1; drop table t"])
def test_a_query_is_exactly_one_statement(text: str, reading: Store) -> None:
    with pytest.raises(QueryError) as caught:
        reading.query(text)
    assert "statements" in caught.value.what or "empty" in caught.value.what


def test_values_are_bound_and_a_missing_one_is_said(reading: Store) -> None:
    assert reading.query("select $a as a", {"a": "'; drop table t"}).rows() == [("'; drop table t",)]
    with pytest.raises(QueryError) as caught:
        reading.query("select $a as a")
    assert "a" in caught.value.what


@pytest.mark.parametrize(
    "expression",
    [
        "interval 1 day", "timetz '10:00:00+02'", "'101'::bit", "uuid()", "1::hugeint", "'x'::blob", "map{'a': 1}",
        "now()", "null", "1.5::decimal(38, 2)", "{'t': time '10:00'}", "date 'infinity'", "[1, 2]", "'a'::enum('a')",
    ],
)  # fmt: skip
def test_every_kind_of_value_can_be_read(expression: str, reading: Store) -> None:
    assert reading.query(f"select {expression} as value").shape == (1, 1)


def test_two_columns_of_one_name_are_shown_or_refused(reading: Store) -> None:
    try:
        assert reading.query("select n as a, n as a from t").width == 2
    except QueryError as error:
        assert "a" in error.what  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    "query",
    [
        "select [interval 1 day] as a",
        "select {'i': interval 1 day} as a",
        "select union_value(k := 1) as a",
    ],
)
def test_what_polars_cannot_hold_is_text_or_an_error_of_ours(query: str, reading: Store) -> None:
    try:
        assert reading.query(query).height == 1
    except QueryError as error:
        assert error.what  # noqa: PT017 - either is right


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_names_and_texts_are_quoted(text: str) -> None:
    with Store.memory() as store:
        assert store.execute(f"select {literal(text)}") == [(text,)]
        store.execute(f"create table {quote(text)} as select 1 as n")
        assert store.tables() == {text}
        store.drop(text)
        assert store.tables() == set()


def test_a_transaction_is_all_or_nothing(database: Path) -> None:
    with Store.open(database) as store:
        with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012 - the last line raises
            store.execute("create table u as select 1 as n")
            store.execute("insert into t values (2)")
            _ = 1 / 0
        assert store.tables() == {"t"}
        assert store.execute("select * from t") == [(1,)]
        with store.transaction():
            store.execute("insert into t values (2)")
    with Store.open(database, read_only=True) as store:
        assert store.execute("select count(*) from t") == [(2,)]


def test_a_transaction_that_a_statement_broke_is_rolled_back_too(database: Path) -> None:
    with Store.open(database) as store:
        with pytest.raises(ModelError), store.transaction():  # noqa: PT012 - the last line raises
            store.execute("insert into t values (2)")
            store.make("m", "select nothing from t", view=False, comment="")
        assert store.execute("select * from t") == [(1,)]


def test_what_is_no_database_is_said_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    for content in (b"not a database at all" * 1000, b"\0" * 20_000):
        path.write_bytes(content)
        for read_only in (False, True):
            with pytest.raises(StudyError) as caught:
                Store.open(path, read_only=read_only)
            assert caught.value.where == str(path)
            assert "Delete the file" in caught.value.mend


def test_frames_are_written_and_appended_by_name() -> None:
    with Store.memory() as store:
        store.write("t", pl.DataFrame({"a": [1], "b": ["x"]}))
        store.write("t", pl.DataFrame({"b": ["y"], "a": [2]}), append=True)
        assert store.frame("select a, b from t order by a").rows() == [(1, "x"), (2, "y")]
        store.write("t", pl.DataFrame({"c": [True]}))
        assert store.frame("select * from t").rows() == [(True,)]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select * from a join b using (n)", {"a", "b"}),
        ("with c as (select * from a), d as (select * from c) select * from d", {"a"}),
        ("select (select max(n) from a) from b where exists (select 1 from c)", {"a", "b", "c"}),
        ("select 1 union all select n from a", {"a"}),
        ("select 1", set()),
    ],
)
def test_what_a_select_reads_is_found_by_parsing_it(sql: str, tables: set[str]) -> None:
    with Store.memory() as store:
        assert store.selects_from(sql) == tables


@pytest.mark.parametrize("sql", ["drop table a", "select from where", "insert into a values (1)", ""])
def test_what_is_no_select_is_refused(sql: str) -> None:
    with Store.memory() as store, pytest.raises(ModelError):
        store.selects_from(sql)


def test_what_lost_a_transaction_is_not_hidden_by_clearing_up(tmp_path):
    import duckdb

    with Store.open(tmp_path / "x.duckdb") as store:
        store.execute("create table numbers (n integer)")
        with pytest.raises(duckdb.ConversionException, match="words"), store.transaction():
            store.write("numbers", pl.DataFrame({"n": ["words"]}), append=True)
        store.write("numbers", pl.DataFrame({"n": [1]}), append=True)
        assert store.execute("select n from numbers") == [(1,)]
