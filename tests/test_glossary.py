"""Every column that a user meets says what it holds; what is said is used, and of columns that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from timewaste.glossary import comment, describe, glossary
from timewaste.input_tables import INPUTS
from timewaste.models import load_models
from timewaste.store import Column, Store
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from timewaste.models import Model
    from timewaste.study import Study


@pytest.fixture(scope="module")
def columns(sample: Study) -> list[Column]:
    with sample.store() as store:
        return [column for column in store.columns() if not column.table.startswith("int_")]


@pytest.fixture(scope="module")
def own(sample: Study) -> dict[str, dict[str, str]]:
    """Return what tables say of their columns themselves: models in their headers, others in the glossary."""
    with sample.store() as store:
        models = load_models(store, polars_models())
    return {table: dict(told) for table, told in glossary().tables.items()} | {
        model.name: dict(model.columns) for model in models
    }


def test_every_column_of_every_table_has_a_comment(columns: list[Column]) -> None:
    assert [f"{column.table}.{column.name}" for column in columns if not column.comment] == []
    assert all(re.fullmatch(r"[A-Z%].*\.", column.comment) for column in columns)
    assert max(len(column.comment) for column in columns) <= 220


def test_every_table_has_a_comment(sample: Study) -> None:
    with sample.store() as store:
        rows = store.execute(
            "select table_name from duckdb_tables() where comment is null union all "
            "select view_name from duckdb_views() where not internal and comment is null"
        )
    assert rows == []


def test_nothing_in_the_glossary_is_unused(columns: list[Column], own: dict[str, dict[str, str]]) -> None:
    general = {column.name for column in columns if column.name not in own.get(column.table, {})}
    assert sorted(set(glossary().columns) - general) == []
    rest = {name for name in general if name not in glossary().columns}
    assert [p for p in glossary().patterns if not any(re.fullmatch(p, name) for name in rest)] == []
    used = {glossary().unit(column.name) for column in columns}
    assert set(glossary().units.values()) - used == set()


def test_no_exception_names_a_column_that_is_not_there(sample: Study, own: dict[str, dict[str, str]]) -> None:
    with sample.store() as store:
        there = {(column.table, column.name) for column in store.columns()}
    assert [(table, name) for table, told in own.items() for name in told if (table, name) not in there] == []


def test_an_exception_says_something_else_than_the_glossary(own: dict[str, dict[str, str]]) -> None:
    same = [(t, n) for t, told in own.items() for n, words in told.items() if glossary().sentence(n) == words]
    assert same == []


def test_what_is_measured_has_its_unit(columns: list[Column]) -> None:
    for column in columns:
        if column.kind == "VARCHAR":
            assert "Unit:" not in column.comment
        elif column.name.endswith("seconds"):
            assert column.comment.endswith("Unit: seconds.")
        elif column.name.endswith("_share"):
            assert column.comment.endswith("Unit: 0 to 1.")
        elif "hours" in column.name:
            assert "Unit: hours" in column.comment


def test_units_and_patterns() -> None:
    column = Column("t", "freed_hours_per_rep_week_low", "DOUBLE", "")
    assert comment(column, {}) == (
        "Lower end of the range of freed_hours_per_rep_week; null where no range can be given. "
        "Unit: hours per rep and week."
    )
    assert comment(Column("t", "amount", "VARCHAR", ""), {"amount": "As typed."}) == "As typed."
    assert comment(Column("t", "a_word_nobody_knows", "DOUBLE", ""), {}) == ""


def test_comments_stay_right_when_tables_are_made_anew_mended_or_dropped(study: Callable[..., Study]) -> None:
    log = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,expenses\n"
    one = study({"a.csv": log, "b.csv": log.replace("anna", "ben")})
    (one.folder / "logs" / "b.csv").write_text(log.replace("anna", "cleo").replace("10:00", "11:00"), encoding="utf-8")
    refresh = one.refresh()
    assert refresh.mended
    with one.store() as store:
        assert [c for c in store.columns() if not c.comment and not c.table.startswith("int_")] == []


def test_a_studys_own_model_tells_its_columns(study: Callable[..., Study]) -> None:
    own = (
        "-- Hours of each rep.\n-- Grain: one row per rep.\n-- Expect: unique(rep_id)\n"
        "-- Column: well_paid = Whether it's paid.\n\n"
        "select rep_id, sum(seconds) / 3600 as hours, true as well_paid from entries group by rep_id\n"
    )
    one = study("rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,expenses\n",
                files={"queries/marts/my_reps.sql": own})  # fmt: skip
    with one.store() as store:
        told = {column.name: column.comment for column in store.columns() if column.table == "my_reps"}
    assert told["well_paid"] == "Whether it's paid."
    assert told["rep_id"].startswith("Id of the rep")


def test_describing_twice_writes_nothing(models_of: Callable[[Store], list[Model]]) -> None:
    with Store.memory() as store:
        store.execute("create table study_state (name varchar, value varchar)")
        models = models_of(store)
        describe(store, models)
        before = store.columns()
        store.comment_columns = lambda comments: pytest.fail(str(comments)) if comments else None  # type: ignore[method-assign]
        describe(store, models)
        assert store.columns() == before
        assert all(column.comment for column in before)


@pytest.fixture
def models_of() -> Callable[[Store], list[Model]]:
    return lambda store: load_models(store, polars_models())


def test_every_input_is_told() -> None:
    assert set(glossary().tables) - set(INPUTS) == set()
