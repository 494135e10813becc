"""Models are found by name, ordered by what they read, checked by what they promise, made only when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from timewaste.build import LEDGER, _make, build
from timewaste.errors import ModelError
from timewaste.models import (
    Model,
    _header,
    _polars_model,
    _sql_model,
    broken_rows,
    load_models,
)
from timewaste.store import Store
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timewaste.study import Study

HEAD = "-- A sentence.\n-- Grain: one row per n.\n-- Expect: {}\n\n"


@pytest.fixture
def store() -> Store:
    store = Store.memory()
    store.execute("create table raw_things (n bigint)")
    store.execute("insert into raw_things values (1), (2), (3)")
    return store


@pytest.fixture
def sql(store: Store, tmp_path: Path) -> Callable[..., Model]:
    """Return a function that writes a SQL model into the folder of its layer and reads it."""

    def make(name: str, select: str, expect: str = "not_null(n)", folder: str = "marts", head: str = HEAD) -> Model:
        path = tmp_path / folder / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(head.format(expect) + select, encoding="utf-8")
        return _sql_model(store, path)

    return make


def rows(store: Store, table: str) -> list[int]:
    return [n for (n,) in store.execute(f"select n from {table} order by n")]


# -------------------------------------------------------------------- headers


def test_a_header_is_a_sentence_a_grain_and_promises() -> None:
    text = "One.\nTwo.\nGrain: one row per\nday.\nExpect: unique(a, b), not_null(c),\ncheck(f(x, (y)) = 1)"
    assert _header(text, "") == (
        "One. Two.",
        "one row per day.",
        ("unique(a, b)", "not_null(c)", "check(f(x, (y)) = 1)"),
        (),
    )
    assert _header("One. Grain: a.", "") == ("One.", "a.", (), ())
    assert _header("One. Grain: a. Expect: unique(a).", "")[2] == ("unique(a)",)


def test_a_header_says_what_columns_mean() -> None:
    text = "One.\nGrain: a.\nExpect: unique(a)\nColumn: a = The first.\nColumn: b = A second = one,\n  in two lines."
    columns = (("a", "The first."), ("b", "A second = one, in two lines."))
    assert _header(text, "") == ("One.", "a.", ("unique(a)",), columns)
    for bad in ("a The first.", "a =", "a b = Two names."):
        with pytest.raises(ModelError, match="cannot be understood") as caught:
            _header(f"One.\nGrain: a.\nColumn: {bad}", "that_model")
        assert caught.value.where == "that_model"


@pytest.mark.parametrize("text", ["", "A sentence.", "Grain: one row.", "Expect: unique(a)"])
def test_a_header_without_sentence_or_grain_is_refused(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        _header(text, "that_model")
    assert caught.value.where == "that_model"


def test_a_model_of_a_staging_name_or_kept_as_one_is_a_view(sql) -> None:
    assert sql("stg_a", "select n from raw_things", folder="staging").is_view
    assert sql("m", "select 1 as n", head=HEAD + "-- Kept: as a view\n").is_view is False  # the header ended before
    assert sql("k", "select 1 as n", head="-- A.\n-- Grain: b.\n-- Expect: not_null(n)\n-- Kept: as a view\n\n").is_view
    assert not sql("m", "select 1 as n").is_view


def test_a_function_is_a_model_by_its_name_docstring_and_parameters() -> None:
    def shares(raw_things: pl.DataFrame, cfg_limits: pl.DataFrame) -> pl.DataFrame:
        """Shares of things.

        Grain: one row per n.
        Expect: unique(n)
        """
        return raw_things.join(cfg_limits, how="cross")

    model = _polars_model(shares)
    assert (model.name, model.reads, model.layer) == ("shares", ("raw_things", "cfg_limits"), "mart")
    assert model.comment == "Shares of things. Grain: one row per n."


@pytest.mark.parametrize(
    ("promise", "broken"),
    [
        ("unique(n)", 1), ("unique(n, m)", 0), ("not_null(m)", 1), ("not_null(n, m)", 1), ("not_null(n)", 0),
        ("check(n > 1)", 2), ("check(m > 0)", 1), ("check(n >= 1)", 0), ("check(n in (1, 2))", 0),
    ],
)  # fmt: skip
def test_promises_count_the_rows_that_break_them(promise: str, broken: int) -> None:
    with Store.memory() as store:
        store.execute("create table t as select * from (values (1, 1), (1, null), (2, 1)) as v(n, m)")
        assert store.execute(broken_rows("t", promise)) == [(broken,)]


def test_a_promise_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        broken_rows("t", "sorted(n)")
    assert "sorted(n)" in caught.value.what


# --------------------------------------------------------------- finding, order


def write_model(folder: Path, name: str, select: str, expect: str = "not_null(n)") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(expect) + select, encoding="utf-8")
    return folder


def load(folder: Path) -> list[Model]:
    with Store.memory() as store:
        return load_models(store, polars_models(), folder)


def test_every_model_comes_after_what_it_reads(tmp_path: Path) -> None:
    models = load(tmp_path)
    names = [model.name for model in models]
    assert len(names) == len(set(names)) > 50
    for place, model in enumerate(models):
        for read in model.reads:
            assert read.startswith(("raw_", "cfg_")) or read in names[:place]


def test_a_studys_own_model_joins(tmp_path: Path) -> None:
    names = [m.name for m in load(write_model(tmp_path, "marts/aa.sql", "select count(*) as n from entries"))]
    assert names.index("aa") > names.index("entries")


@pytest.mark.parametrize(
    ("name", "select", "what"),
    [
        ("marts/aa.sql", "select n from rpt_facts", "later layer report"),
        ("staging/stg_aa.sql", "select n from entries", "later layer mart"),
        ("marts/aa.sql", "select n from nowhere", "reads nowhere, which no model makes"),
        ("marts/aa.sql", "select n from stg_nowhere", "reads stg_nowhere, which no model makes"),
        ("marts/entries.sql", "select 1 as n", "two models have this name"),
        ("marts/rpt_aa.sql", "select 1 as n", "does not belong in marts/"),
        ("reports/aa.sql", "select 1 as n", "does not belong in reports/"),
        ("staging/aa.sql", "select 1 as n", "does not belong in staging/"),
        ("marts/aa.sql", "select n from aa", "circle"),
        ("marts/aa.sql", "select 1 as n; drop table raw_entries", "not one SELECT"),
        ("marts/aa.sql", "delete from raw_entries", "not one SELECT"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_name(name: str, select: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(write_model(tmp_path, name, select))
    assert what in caught.value.what
    assert name.rpartition("/")[2].removesuffix(".sql") in caught.value.where + caught.value.what


def test_a_circle_names_its_models(tmp_path: Path) -> None:
    write_model(tmp_path, "marts/aa.sql", "select n from bb")
    with pytest.raises(ModelError) as caught:
        load(write_model(tmp_path, "marts/bb.sql", "select n from aa"))
    assert "aa -> bb -> aa" in caught.value.what or "bb -> aa -> bb" in caught.value.what


# -------------------------------------------------------------------- building


def test_only_what_changed_is_made_and_what_rests_on_it(store: Store, sql) -> None:
    inputs = {"raw_things": "1", "raw_others": "1"}
    store.execute("create table raw_others (n bigint)")
    first, second = sql("aa", "select n from raw_things"), sql("bb", "select n + 1 as n from aa")
    other = sql("cc", "select n from raw_others")
    assert list(build(store, [first, second, other], inputs).made) == ["aa", "bb", "cc"]
    assert rows(store, "bb") == [2, 3, 4]
    assert list(build(store, [first, second, other], inputs).made) == []
    assert list(build(store, [first, second, other], inputs | {"raw_others": "2"}).made) == ["cc"]
    second = sql("bb", "select n + 2 as n from aa")
    assert list(build(store, [first, second, other], inputs | {"raw_others": "2"}).made) == ["bb"]
    store.execute("insert into raw_things values (9)")
    assert list(build(store, [first, second, other], {"raw_things": "2", "raw_others": "2"}).made) == ["aa", "bb"]
    assert rows(store, "bb") == [3, 4, 5, 11]
    store.drop("aa")
    assert list(build(store, [first, second, other], {"raw_things": "2", "raw_others": "2"}).made) == ["aa"]


def test_a_model_nobody_has_any_more_goes(store: Store, sql) -> None:
    first, second = sql("aa", "select n from raw_things"), sql("bb", "select n from aa")
    build(store, [first, second], {"raw_things": "1"})
    build(store, [first], {"raw_things": "1"})
    assert store.tables() == {"raw_things", "aa", LEDGER}


def test_comments_are_in_the_database(store: Store, sql) -> None:
    build(store, [sql("aa", "select n from raw_things")], {"raw_things": "1"})
    assert store.execute("select comment from duckdb_tables() where table_name = 'aa'") == [
        ("A sentence. Grain: one row per n.",)
    ]


@pytest.mark.parametrize(
    ("select", "expect"),
    [
        ("select 1 as n from raw_things", "unique(n)"),
        ("select null as n from raw_things", "not_null(n)"),
        ("select n from raw_things", "check(n < 3)"),
        ("select no_such_column as n from raw_things", "not_null(n)"),
        ("select cast('x' as bigint) as n", "not_null(n)"),
    ],
)
def test_a_model_that_fails_leaves_yesterdays_tables(store: Store, sql, select: str, expect: str) -> None:
    with store.transaction():
        build(store, [sql("aa", "select n from raw_things"), sql("bb", "select n from aa")], {"raw_things": "1"})
    ledger = store.execute(f"select * from {LEDGER} order by all")
    with pytest.raises(ModelError) as caught, store.transaction():
        build(store, [sql("aa", "select n * 10 as n from raw_things"), sql("bb", select, expect)], {"raw_things": "1"})
    assert caught.value.where == "bb"
    assert rows(store, "aa") == rows(store, "bb") == [1, 2, 3]
    assert store.execute(f"select * from {LEDGER} order by all") == ledger


def test_a_promise_about_no_column_is_said(store: Store, sql) -> None:
    with pytest.raises(ModelError):
        build(store, [sql("aa", "select n from raw_things", "not_null(nn)")], {"raw_things": "1"})


def test_an_input_that_is_not_there_is_said(store: Store, sql) -> None:
    with pytest.raises(ModelError):
        build(store, [sql("aa", "select n from raw_nothing")], {"raw_things": "1"})


def test_two_selects_are_not_one(sql) -> None:
    with pytest.raises(ModelError):
        sql("aa", "select 1 as n; select 2 as n")


def test_a_function_gets_its_tables_in_the_order_of_its_parameters(store: Store) -> None:
    def larger(raw_things: pl.DataFrame, cfg_limits: pl.DataFrame) -> pl.DataFrame:
        """Things over the limit.

        Grain: one row per n.
        Expect: check(n > 1)
        """
        return raw_things.filter(pl.col("n") > cfg_limits["value"][0])

    store.execute("create table cfg_limits as select 1 as value")
    build(store, [_polars_model(larger)], {"raw_things": "1", "cfg_limits": "1"})
    assert rows(store, "larger") == [2, 3]


# ---------------------------------------------------------------- the real models


def test_no_model_depends_on_the_order_of_the_rows_it_reads(sample: Study) -> None:
    """Tables have no order, and threads give them another one each time: the same rows must come out, to the bit."""
    unlike = []
    with Store.memory() as memory, sample.store() as store:
        models = load_models(memory, polars_models())
        for model in models:
            if model.is_view:
                continue
            made = []
            for is_turned in (False, True):
                for name in model.reads:
                    frame = store.frame(f"select * from {name}")
                    memory.write(name, frame.reverse() if is_turned else frame)
                _make(memory, model, memory.tables())
                made.append(sorted(memory.execute(f"select * from {model.name}"), key=repr))
                for name in {model.name, *model.reads}:
                    memory.drop(name)
            if made[0] != made[1]:
                unlike.append(model.name)
    assert unlike == [], " ".join(unlike)
