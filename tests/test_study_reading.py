"""What a study tells in Python: frames, answers, relations, lists, and errors in words of Python."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import timewaste
from timewaste.errors import QueryError, StudyError
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable


def test_types_are_shipped() -> None:
    assert (Path(timewaste.__file__).parent / "py.typed").is_file()


def test_a_value_is_bound_and_never_pasted(sample: Study) -> None:
    query = "select count(*) as entries from entries where rep_id = $who and local_date >= $day"
    everybody = sample.sql("select rep_id, count(*) as entries from entries group by all order by 1")
    who, entries = everybody.row(0)
    assert sample.sql(query, who=who, day=dt.date(2020, 1, 1)).item() == entries
    assert sample.sql(query, who="' or 1 = 1 --", day="2020-01-01").item() == 0


@pytest.mark.parametrize(
    ("query", "values", "words"),
    [
        ("select secnds from entries", {}, ["line 1, column 8", "no column 'secnds'", 'Did you mean "seconds"']),
        ("select *\nfrom entris", {}, ["line 2, column 6", "no table 'entris'", 'Did you mean "entries"']),
        ("select nothing_alike from entries", {}, ["no column 'nothing_alike'", "local_date"]),
        ("select 1 as one from zzzqqq", {}, ["no table 'zzzqqq'", "study.tables() lists the tables"]),
        ("select $who as who", {}, ["no value is given for $who", "Add: who=..."]),
        ("select $who as who", {"who": 1, "whom": 2}, ["the query has no $whom", "What it asks for: $who."]),
        ("select 1 as one", {"who": 1}, ["the query has no $who", "nothing"]),
        ("select 1 as a; select 2 as b", {}, ["2 statements"]),
        ("select from", {}, ["syntax error", "^^^^"]),
        ("delete from entries", {}, ["reading only"]),
        ("select * from read_csv('/etc/passwd')", {}, ["not allowed", "A query reads the study and nothing else"]),
        ("select 1 as a, 2 as a", {}, ["two columns are called 'a'"]),
    ],
)
def test_an_error_says_where_and_what_to_do_in_python(
    sample: Study, query: str, values: dict[str, object], words: list[str]
) -> None:
    for ask in (sample.sql, sample.relation):
        with pytest.raises(QueryError) as caught:
            ask(query, **values)
        said = str(caught.value)
        for word in words:
            assert word in said
        assert "--" not in said
        assert "timewaste sql" not in said
    sample.close()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda study: study.frame("rep_week"), "Did you mean rep_weeks?"),
        (lambda study: study.relation("rep_week"), "Did you mean rep_weeks?"),
        (lambda study: study.chart("value_stream"), "Did you mean value-stream?"),
        (lambda study: study.chart("pie"), "Choose one of value-stream, week"),
        (lambda study: study.question("hours_by_acount"), "Did you mean hours_by_account?"),
        (lambda study: study.question("why"), "study.questions()"),
        (lambda study: study.question("hours_by_account", limi=3), "Did you mean limit?"),
        (lambda study: study.question("hours_by_account", limit="x"), "Such as: limit=30"),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(
    sample: Study, ask: Callable[[Study], object], words: str
) -> None:
    with pytest.raises((QueryError, StudyError)) as caught:
        ask(sample)
    assert words in str(caught.value)
    sample.close()


def test_a_named_question_takes_values_of_python(sample: Study) -> None:
    assert sample.question("hours_by_account", limit=5).height == 5
    assert sample.question("@hours_by_account", limit="3").height == 3
    assert sample.question("hours_by_account").height > 5


def test_the_lists_name_what_can_be_asked(sample: Study) -> None:
    tables = sample.tables()
    assert tables.columns == ["table", "holds", "grain", "is_own"]
    assert tables.filter(table="rep_weeks")["grain"].item() == "one row per rep, week and activity."
    assert not any(name.startswith(("raw_", "int_")) for name in tables["table"])
    assert "raw_entries" in sample.tables(every=True)["table"]
    assert all(sample.frame(name).width for name in tables["table"])
    asked = sample.questions()
    assert asked.filter(question="hours_by_account")["parameters"].item() == "limit=30"
    assert list(sample.charts()) == ["value-stream", "week", "wasters", "heat-map"]


def test_a_relation_is_worked_out_when_asked_and_ends_with_the_study(sample_copy: Path) -> None:
    with Study(sample_copy) as study:
        entries = study.relation("entries")
        assert isinstance(entries, duckdb.DuckDBPyRelation)
        long = entries.filter("seconds >= 3600").aggregate("category, count(*) as entries", "category")
        expected = study.sql("select category, count(*) as entries from entries where seconds >= 3600 group by all")
        assert sorted(pl.DataFrame(long).rows()) == sorted(expected.rows())
        assert study.relation("select count(*) as n from entries where category = $one", one="selling").fetchall()
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        entries.fetchall()
    assert study.frame("entries").height  # asked again, it opens again


def test_a_relation_cannot_change_the_study_or_read_beside_it(sample_copy: Path) -> None:
    (sample_copy / "beside.csv").write_text("a\n1\n", encoding="utf-8")
    with Study(sample_copy) as study:
        relation = study.relation("entries")
        with pytest.raises(duckdb.Error, match="read-only"):
            relation.create("mine")
        with pytest.raises(duckdb.Error, match="disabled"):
            relation.query("entries", f"select * from read_csv('{sample_copy}/beside.csv')").fetchall()
        with pytest.raises(duckdb.Error, match="disabled"):
            relation.write_parquet(str(sample_copy / "out.parquet"))


def test_bringing_a_study_up_to_date_ends_its_relations(sample_copy: Path) -> None:
    study = open_study(sample_copy)
    entries = study.relation("entries")
    before = study.frame("entries").height
    log = next((sample_copy / "logs").rglob("*.csv"))
    log.unlink()
    study.refresh()
    assert study.frame("entries").height < before
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        entries.fetchall()


def test_a_study_that_is_gone_holds_no_database(sample_copy: Path) -> None:
    study = open_study(sample_copy)
    study.relation("entries")
    del study
    gc.collect()
    with duckdb.connect(str(sample_copy / "timewaste.duckdb")) as alone:  # a writer, with settings of its own
        assert alone.execute("select count(*) > 0 from entries").fetchall() == [(True,)]


def test_a_study_says_what_it_is(sample: Study, tmp_path: Path) -> None:
    said = repr(sample)
    assert said.startswith(f"Study({str(sample.folder)!r})")
    assert "24 reps, 2026-03-02 to 2026-03-27" in said
    assert "study.questions()" in said
    assert "<br>24 reps" in sample._repr_html_()
    (tmp_path / "log.csv").write_text("rep\n", encoding="utf-8")
    assert "not loaded yet: study.refresh()" in repr(Study(tmp_path))


def test_the_page_of_a_study_shows_no_markup_of_its_names(study: Callable[..., Study]) -> None:
    log = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,customer visit\n"
    one = study(log, '[study]\ntitle = "<script>alert(1)</script>"\n')
    assert "<script>" not in one._repr_html_()


def test_a_program_that_reads_a_study_ends_without_a_word(sample_copy: Path) -> None:
    (sample_copy / "timewaste.duckdb").unlink()
    code = (
        "import sys, timewaste\n"
        "study = timewaste.open_study(sys.argv[1])\n"
        "study.frame('rep_weeks'); study.sql('select 1 as a where false'); study.question('hours_by_account')\n"
        "study.chart('week'); study.report(); print(study.relation('entries').limit(1).fetchall() != [])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, sample_copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
