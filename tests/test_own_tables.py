"""A study's own tables: told apart, with their promises; one that breaks says which rows, where, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timewaste.errors import ModelError
from timewaste.own_tables import NOT_MADE, own_promises
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Tw = Callable[..., Done]

LOG = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,expenses\nben,2026-03-02,09:00,11:00,expenses\n"
OWN = """-- Hours of each rep.
-- Grain: one row per rep.
-- Expect: unique(rep_id), check(hours < {limit})

select rep_id as rep_id, cast(sum(seconds) as double) / 3600 as hours from entries group by rep_id
"""
ASKED = "-- Who logged?\n-- Grain: one row per rep.\nselect distinct rep_id from entries\n"


@pytest.fixture
def own(study: Callable[..., Study]) -> Path:
    files = {"queries/marts/my_hours.sql": OWN.format(limit=9), "queries/explore/who.sql": ASKED}
    return study(LOG, files=files).folder


def test_the_list_shows_own_questions_and_tables_with_their_promises(own: Path, tw: Tw) -> None:
    code, out, _ = tw("sql", own, "--list")
    assert code == 0
    mine, packaged, tables = (part.splitlines() for part in out.decode().strip().split("\n\n"))
    assert mine[0] == "This study's own questions"
    assert mine[2].startswith("@who")
    assert packaged[0] == "Questions that come with timewaste"
    assert len(packaged) > 35
    assert [line.split()[0] for line in tables[2:]] == ["my_hours", "my_hours"]
    assert [line.rstrip().endswith("holds") for line in tables[2:]] == [True, True]


def test_the_tables_show_own_ones_first(own: Path, tw: Tw) -> None:
    _, out, _ = tw("sql", own, "--tables", "--format", "plain")
    first = out.decode().splitlines()[1]
    assert first.startswith("my_hours")
    assert "This study's own (queries/marts/my_hours.sql): Hours of each rep." in first
    assert "Promises, checked at every build: unique(rep_id), check(hours < 9)." in first


def test_a_broken_promise_says_which_rows_where_and_how_to_mend_it(own: Path, tw: Tw) -> None:
    (own / "queries" / "marts" / "my_hours.sql").write_text(OWN.format(limit=2), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        open_study(own)
    assert caught.value.where == "queries/marts/my_hours.sql"
    assert caught.value.what == "1 row breaks what the model promises: check(hours < 2)\n  rep_id = ben, hours = 2.0"
    assert caught.value.mend == (
        "Correct the query or its Expect line. Until then nothing is changed, and no command runs with it."
    )
    code, _, err = tw("summary", own)
    assert code == 2
    assert "queries/marts/my_hours.sql: 1 row breaks" in err
    assert [one.state for one in own_promises(own, own / "timewaste.duckdb")] == ["holds", "broken by 1 row"]
    (own / "queries" / "marts" / "my_hours.sql").unlink()
    assert "my_hours" not in open_study(own).sql("select table_name from duckdb_tables()")["table_name"].to_list()


def test_a_key_that_is_there_twice_is_shown(own: Path) -> None:
    twice = OWN.format(limit=9).replace("unique(rep_id)", "unique(hours > 0)")
    (own / "queries" / "marts" / "my_hours.sql").write_text(twice, encoding="utf-8")
    with pytest.raises(ModelError, match=r"1 key breaks what the model promises: unique\(hours > 0\)") as caught:
        open_study(own)
    assert caught.value.what.endswith(" = True, times = 2")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select rep_di from entries", 'Referenced column "rep_di" not found'),
        ("select rep_id from entires", "reads entires, which no model makes"),
        ("select rep_id, from entries group by", "not one SELECT statement"),
        ("select 1; select 2", "not one SELECT statement"),
    ],
)
def test_a_query_that_fails_points_at_its_file(query: str, said: str, own: Path, tw: Tw) -> None:
    path = own / "queries" / "marts" / "my_hours.sql"
    path.write_text(f"-- Hours of each rep.\n-- Grain: one row per rep.\n\n{query}\n", encoding="utf-8")
    code, _, err = tw("summary", own)
    assert code == 2
    assert "my_hours.sql" in err
    assert said in err
    assert "Traceback" not in err
    if "entires" in query:
        assert "Did you mean entries?" in err


def test_a_table_that_was_not_made_yet_is_told_so(study: Callable[..., Study]) -> None:
    folder = study(LOG).folder
    assert own_promises(folder, folder / "timewaste.duckdb") == []
    (folder / "queries" / "marts").mkdir(parents=True)
    (folder / "queries" / "marts" / "my_hours.sql").write_text(OWN.format(limit=9), encoding="utf-8")
    assert {one.state for one in own_promises(folder, folder / "timewaste.duckdb")} == {NOT_MADE}
    assert {one.state for one in own_promises(folder, folder / "none.duckdb")} == {NOT_MADE}
