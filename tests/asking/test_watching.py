"""The process that answers: what it hands back, what ends it, and that nothing of it is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from timewaste.asking.frames import BEGUN, COLUMNS, DATA, END, ROWS
from timewaste.asking.watching import MEGABYTE, Answerer, Asking, StaleStudyError
from timewaste.errors import QueryError, StudyError
from timewaste.store import Store
from timewaste.study_state import told_if_absent

ROOT = Path(__file__).parents[2]
ENDLESS = "select count(*) as n from range(1000000) a, range(1000000) b, range(1000000) c where a.range <> 7"


@pytest.fixture(scope="module")
def database(sample_folder):
    from timewaste.study import open_study

    return open_study(sample_folder).database


def ask(database, query, glance=None, **more):
    with Answerer() as answerer:
        return list(answerer.ask(database, Asking(query, **more), glance))


def rows(database, query, **more):
    return [row for kind, content in ask(database, query, **more) if kind == ROWS for row in content]


def is_alive(process_id):
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def test_an_answer_tells_columns_rows_and_its_end(database):
    answer = ask(database, "select 1 as a, 'b' as c union all select 2, null order by a")
    assert [kind for kind, _ in answer] == [BEGUN, COLUMNS, ROWS, END]
    assert answer[1][1] == {"names": ["a", "c"], "is_number": [True, False]}
    assert answer[2][1] == [["1", "b"], ["2", ""]]
    assert answer[3][1]["rows"] == 2


def test_values_are_bound_and_never_part_of_the_query(database):
    hostile = "'; drop table study_state; --"
    assert rows(database, "select $name as name", values={"name": hostile}) == [[hostile]]
    assert rows(database, "select count(*) as n from reps where rep_id = $name", values={"name": hostile}) == [["0"]]


@pytest.mark.parametrize(
    ("query", "values", "said"),
    [
        ("select $a as a, $b as b", {"a": 1}, "no value is given for $b"),
        ("select $a as a", {"a": 1, "c": 2}, "the query has no $c"),
        ("select 1 as a", {"c": 2}, "the query has no $c"),
    ],
)
def test_values_and_query_must_fit(database, query, values, said):
    with pytest.raises(QueryError) as caught:
        ask(database, query, values=values)
    assert caught.value.what == said


def test_rows_beyond_the_limit_are_counted(database):
    answer = ask(database, "select range as n from range(25000)", rows=7)
    assert sum(len(content) for kind, content in answer if kind == ROWS) == 7
    assert (answer[-1][1]["rows"], answer[-1][1]["more"], answer[-1][1]["all_counted"]) == (7, 24_993, True)


def test_a_limit_that_is_met_says_nothing_of_more(database):
    end = ask(database, "select range as n from range(7)", rows=7)[-1][1]
    assert (end["rows"], end["more"]) == (7, 0)


def test_a_study_older_than_its_logs_is_told_before_anything_is_asked(database):
    with pytest.raises(StaleStudyError):
        ask(database, "select 1 as a", glance="another")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "timewaste.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StudyError, match="not a database"):
        ask(tmp_path / "timewaste.duckdb", "select 1 as a")


@pytest.mark.parametrize(
    ("query", "where", "what", "mend"),
    [
        ("select *\nfrom entrys", "query, line 2, column 6", "there is no table 'entrys'", 'Did you mean "entries"'),
        ("select secnds\nfrom entries", "query, line 1, column 8", "there is no column 'secnds'", '"seconds"'),
        ("select e.labl from entries as e", "query, line 1, column 8", "there is no column 'labl'", '"label"'),
        ("select 'é', labl from entries", "query, line 1, column 13", "there is no column 'labl'", '"label"'),
        ("select rond(1.5) as a", "query, line 1, column 8", "there is no function 'rond'", '"round"'),
        ("-- a\nselect seconds,, label from entries", "query, line 2, column 16", "syntax error", ""),
        ("select cast(label as integer) as n from entries", "query, line 1, column 8", "Could not convert", "try_cast"),
        ("select x.label from entries", "query, line 1, column 8", "reads no table 'x'", "entries"),
    ],
)
def test_an_error_points_at_the_place_and_at_the_nearest_name(database, query, where, what, mend):
    errors = []
    for form in ("plain", "csv"):
        with pytest.raises(QueryError) as caught:
            ask(database, query, form=form)
        errors.append(caught.value)
    error = errors[0]
    assert str(errors[1]) == str(error)
    assert error.where == where
    assert what in error.what
    assert mend in error.mend
    _, line, marks = error.what.split("\n")[-3:] if error.what.count("\n") >= 2 else ("", "", "")
    number, column = (int(word.strip(",")) for word in where.split()[2::2])
    assert line == f"  {number} | {query.splitlines()[number - 1]}"
    assert marks.index("^") == len(f"  {number} | ") + column - 1


def test_the_place_in_a_long_line_is_still_shown(database):
    query = f"select {'1 + ' * 200}secnds as n from entries"
    with pytest.raises(QueryError) as caught:
        ask(database, query)
    _, line, marks = caught.value.what.split("\n")
    assert len(line) < 120
    assert line[marks.index("^") :].startswith("secnds")


def test_an_explanation_is_no_run(database):
    answer = ask(database, ENDLESS, explain=True, timeout=30)
    assert "Range" in b"".join(content for kind, content in answer if kind == DATA).decode().title()


def test_time_that_the_reader_takes_is_not_the_querys(database):
    with Answerer() as answerer:
        answer = answerer.ask(database, Asking("select range as n from range(30000)", timeout=2.0), None)
        seen = 0
        for kind, content in answer:
            if kind == ROWS:
                seen += len(content)
                time.sleep(1)
    assert seen == 30_000


def test_more_memory_can_be_given(database):
    query = "select length(string_agg(range, ',')) as n from range(9000000)"
    with pytest.raises(QueryError, match="more memory than it may take"):
        ask(database, query, memory=100 * MEGABYTE)
    assert int(rows(database, query, memory=2000 * MEGABYTE)[0][0]) > 60_000_000


def test_the_environment_is_not_the_answerers(database, monkeypatch):
    monkeypatch.setenv("OWN_TOKEN", "hidden")
    with Answerer() as answerer:
        environment = Path(f"/proc/{answerer._process.pid}/environ")
        next(answerer.ask(database, Asking("select 1 as a"), None))
        if environment.exists():
            assert b"hidden" not in environment.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, -15)])
def test_who_ends_us_ends_the_query(database, clean_env, number, code):
    command = [sys.executable, "-m", "timewaste", "sql", database.parent, ENDLESS]
    process = subprocess.Popen(command, env=clean_env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.parent.exists():
        pytest.skip("needs /proc")
    deadline = time.monotonic() + 60
    child = ""
    while not child and time.monotonic() < deadline:
        child = children.read_text().strip()
        time.sleep(0.05)
    while Path(f"/proc/{child}/status").read_text().count("duckdb") == 0 and time.monotonic() < deadline:
        if int(Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[11]) > 100:  # it works: 1 s of CPU
            break
        time.sleep(0.05)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    if number == signal.SIGINT:
        assert err.strip() == "Interrupted; the study is as it was."
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def test_a_query_that_left_no_memory_is_told_by_its_own_error() -> None:
    with Store.memory() as store:
        store.execute("set memory_limit = '10KB'")  # too little to find out which tables a query reads
        with pytest.raises(QueryError, match="more memory"), told_if_absent(store, "select 1 from t"):
            raise QueryError("the query needs more memory than it may take")
