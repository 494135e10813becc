"""`timewaste sql` and `timewaste shell` as they are typed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from timewaste.asking.interactive import arguments, found_program, script
from timewaste.cli import run
from timewaste.errors import StudyError


@pytest.fixture(scope="module")
def study(sample_folder):
    from timewaste.study import open_study

    return open_study(sample_folder).folder


@pytest.fixture
def sql(study, capsys):
    """Return a function that runs `timewaste sql STUDY ...` and returns code, stdout and stderr."""

    def call(*arguments):
        code = run(["sql", str(study), *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def test_a_named_question_takes_its_defaults_and_what_is_set(sql):
    code, out, _ = sql("@hours_by_account", "--format", "csv")
    assert code == 0
    assert len(rows_of(out)) == 31
    assert len(rows_of(sql("@hours_by_account", "--set", "limit=3", "--format", "csv")[1])) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["@hours_by_acount"], "Did you mean @hours_by_account?"),
        (["@hours_by_account", "--set", "limt=3"], "Did you mean limit?"),
        (["@hours_by_account", "--set", "limit=many"], "limit is a number"),
        (["select 1 as a", "--set", "limit"], "--set name=value"),
        (["select $day as a"], "Add: --set day=..."),
        (["select 1 as a", "--explain", "--format", "csv"], "--explain gives text"),
        (["select 1 as a", "--memory", "much"], "500MB"),
        (["select 1 as a", "-o", "rows.pdf"], ".xlsx"),
        (["select 1 as a, 2 as a"], "two columns are called 'a'"),
        (["pivot entries on category using sum(seconds)"], "pivot ... on category in ("),
        (["select * from range(100001)", "--format", "table"], "--format plain or csv"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_way_out(sql, arguments, said):
    code, out, err = sql(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_the_list_names_every_question_with_what_can_be_set(sql):
    code, out, _ = sql("--list")
    assert code == 0
    line = next(line for line in out.splitlines() if line.startswith("@hours_by_account "))
    assert "How much time does each customer take" in line
    assert line.endswith("limit=30")


def test_a_studys_own_question_is_listed_and_asked(tmp_path, capsys):
    from studies import write_study

    query = "-- How many entries are there of one rep?\n-- Set: who = anna (the rep)\n"
    query += "select count(*) as entries from entries where rep_id = $who\n"
    logs = "Rep,Date,Start,End,Activity\nanna,2026-03-02,09:00,10:00,Calls\nben,2026-03-02,09:00,10:00,Calls\n"
    own = write_study(tmp_path / "own", logs, files={"queries/explore/of_one.sql": query})
    assert run(["sql", str(own), "--list"]) == 0
    assert "@of_one" in capsys.readouterr().out
    assert run(["sql", str(own), "@of_one", "--set", "who=ben", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"entries": 1}]


@pytest.mark.parametrize("how", [["-"], ["-f", "-"]])
def test_a_query_can_be_piped_in(study, clean_env, how):
    command = [sys.executable, "-m", "timewaste", "sql", str(study), *how, "--format", "csv"]
    done = subprocess.run(
        command, input="select 7 as a", env=clean_env, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout) == (0, "a\n7\n")


def test_numbers_are_bound_as_such_and_what_only_looks_like_one_is_text(sql):
    names = {"a": "3", "b": "-2.5", "c": "007", "d": "1_000", "e": "nan", "f": "", "g": "x=y", "h": "inf", "i": "1e5"}
    query = "select " + ", ".join(f"${name} as {name}" for name in names)
    options = [part for name, value in names.items() for part in ("--set", f"{name}={value}")]
    (row,) = json.loads(sql(query, *options, "--format", "json")[1])
    assert row == names | {"a": 3, "b": -2.5}


def test_a_date_that_is_set_compares_with_dates(sql):
    query = "select count(*) > 0 as any, count(distinct local_date) as days from entries where local_date = $day"
    assert rows_of(sql(query, "--set", "day=2026-03-03", "--format", "csv")[1])[1] == ["true", "1"]


def test_what_is_said_goes_to_stderr_and_data_to_stdout(sql):
    _, out, err = sql("select range as n from range(5)", "--rows", "2", "--format", "csv")
    assert out == "n\n0\n1\n"
    assert err.startswith("2 rows, ")
    assert "There are 3 more: --rows 0 shows all" in err


def test_an_explanation_tells_the_way_and_does_not_go_it(sql):
    endless = "select count(*) as n from range(1000000) a, range(1000000) b, range(1000000) c where a.range <> 7"
    code, out, _ = sql(endless, "--explain", "--timeout", "20")
    assert code == 0
    assert "│" in out
    assert sql("explain select 1 as a")[1].startswith("╭")


def test_unsafe_says_so_reads_other_files_and_leaves_the_study_alone(sql, study, tmp_path):
    (tmp_path / "quota.csv").write_text("rep_id,quota\nanna,7\n")
    before = (study / "timewaste.duckdb").read_bytes()
    query = f"select quota from '{tmp_path}/quota.csv'"
    assert sql(query)[0] == 2
    code, out, err = sql(query, "--unsafe", "--format", "csv", "--quiet")
    assert (code, out) == (0, "quota\n7\n")
    assert err.startswith("--unsafe: ")
    assert sql(f"copy (select 1 as a) to '{tmp_path}/out.csv'", "--unsafe")[0] == 0
    assert (tmp_path / "out.csv").read_text() == "a\n1\n"
    code, _, err = sql("delete from study_state", "--unsafe")
    assert (code, "reading only" in err) == (2, True)
    assert (study / "timewaste.duckdb").read_bytes() == before


def test_a_terminal_shows_the_first_rows_and_says_how_many_more(study, clean_env):
    pty = pytest.importorskip("pty")
    main, other = pty.openpty()
    command = [sys.executable, "-m", "timewaste", "sql", str(study), "select range as n from range(250)"]
    done = subprocess.run(
        command, stdout=other, stderr=subprocess.PIPE, env=clean_env | {"TERM": "dumb"}, timeout=300, check=False
    )
    os.close(other)
    shown = os.read(main, 100_000).decode().split()
    os.close(main)
    assert "99" in shown
    assert "100" not in shown
    assert "There are 150 more" in done.stderr.decode()


def test_new_logs_are_in_the_answer(tmp_path, capsys):
    from studies import write_study

    logs = "Rep,Date,Start,End,Activity\nanna,2026-03-02,09:00,10:00,Calls\n"
    own = write_study(tmp_path / "own", logs)
    for entries in (1, 2):
        assert run(["sql", str(own), "select count(*) as n from entries", "--format", "csv"]) == 0
        assert capsys.readouterr().out == f"n\n{entries}\n"
        (own / "logs" / "more.csv").write_text(logs.replace("anna", "ben"))


def test_asking_leaves_nothing_but_the_database(study, sql):
    before = sorted(path.name for path in study.iterdir())
    sql("select range as n from range(300000) order by hash(range)", "--format", "csv")
    assert sorted(path.name for path in study.iterdir()) == before


# ------------------------------------------------------------------------ shell


def test_the_shells_settings_fence_a_connection(study):
    import duckdb

    with duckdb.connect(str(study / "timewaste.duckdb"), read_only=True) as connection:
        for line in script(["harlequin"], 500 << 20, "/nowhere", unsafe=False).splitlines():
            connection.execute(line).fetchall()
        assert connection.execute("select count(*) > 0 from entries").fetchall() == [(True,)]
        for query in (
            "select * from read_text('/etc/hostname')", "set enable_external_access = true", "copy reps to 'x.csv'",
            "attach ':memory:' as own", "install httpfs", "delete from study_state", "set memory_limit = '9GB'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(query)


def test_a_shell_is_started_read_only_with_the_settings_and_nothing_of_the_users(tmp_path):
    database, settings = tmp_path / "a.duckdb", tmp_path / "settings.sql"
    assert arguments(["/usr/bin/duckdb"], database, settings, unsafe=False) == [
        "/usr/bin/duckdb", "-readonly", "-no-init", "-cmd", f".read '{settings}'", "-cmd", ".safe_mode", str(database),
    ]  # fmt: skip
    assert arguments(["python", "-m", "harlequin"], database, settings, unsafe=True) == [
        "python", "-m", "harlequin", "--read-only", "--profile", "None", "--init-path", str(settings), str(database),
    ]  # fmt: skip


def test_without_a_shell_it_is_told_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("timewaste.asking.interactive.find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r"timewaste\[shell\]"):
        found_program()


def test_the_shell_runs_the_program_and_cleans_up_after_it(study, clean_env, tmp_path):
    """The program is a script that notes how it was called and what its settings are."""
    fake = tmp_path / "duckdb"
    note = """#!/bin/sh
echo "$@" > TMP/called
cp "$(echo "$4" | tr -d "'" | cut -c7-)" TMP/settings
"""
    fake.write_text(note.replace("TMP", str(tmp_path)))
    fake.chmod(0o755)
    code = "import timewaste.asking.interactive as i, sys; i.find_spec = lambda _: None\n"
    code += "from timewaste.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "shell", str(study)], env=clean_env | {"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    called = (tmp_path / "called").read_text().split()
    assert called[:4] == ["-readonly", "-no-init", "-cmd", ".read"]
    assert "set memory_limit" in (tmp_path / "settings").read_text()
    assert not os.path.exists(called[4].strip("'"))  # noqa: PTH110 - a path of another's making
