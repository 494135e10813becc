"""The command line as a user meets it: what is printed where, exit codes, and what a message says."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import polars as pl
import pytest

from timewaste import __version__
from timewaste.charts import CHARTS
from timewaste.cli import COMMANDS, run
from timewaste.simulate import simulate
from timewaste.study import Study, open_study

HEADER = "Rep,Date,Start,End,Activity\n"
ROWS = "anna,2026-03-02,09:00,10:00,expenses\nanna,2026-03-02,10:00,11:00,customer visit\n"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A small simulated study, up to date; no test changes it."""
    folder = tmp_path_factory.mktemp("cli") / "demo"
    simulate(folder, reps=8, weeks=1, seed=3)
    open_study(folder)
    return folder


@pytest.fixture
def demo(fresh, tmp_path):
    """A copy of the small study to change at will."""
    return shutil.copytree(fresh, tmp_path / "demo")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Let the log of a fault be written into the test's own folder, and return a function that finds it."""
    (tmp_path / "logs-of-faults").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "logs-of-faults"))
    return lambda: list((tmp_path / "logs-of-faults").iterdir())


@pytest.fixture
def call(capsys):
    """Return a function: arguments -> exit code, stdout, stderr."""

    def _call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return _call


def write_study(folder, logs):
    """Write a study of one log, or of logs by name."""
    (folder / "logs").mkdir(parents=True)
    for name, text in (logs if isinstance(logs, dict) else {"log.csv": logs}).items():
        (folder / "logs" / name).write_text(text, encoding="utf-8")
    return folder


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


# ------------------------------------------------------------------ happy paths


def test_summary_says_the_answer_first_and_talks_elsewhere(call, fresh):
    code, out, err = call("summary", fresh)
    assert (code, err) == (0, "")
    title, headline = out.splitlines()[:2]
    assert title == "Northwind sales force, spring 2026"
    assert headline.startswith("Reps sell ")
    for heading in ("Where the week goes", "Top wasters", "What to do", "Time logged"):
        assert heading in out


def test_load_accounts_for_every_row_of_every_file(call, demo):
    (demo / "timewaste.duckdb").unlink()
    code, out, err = call("load", demo)
    assert code == 0
    assert "4 files: 4 new, 0 changed, 0 gone" in err
    code, out, err = call("load", demo, "--format", "json")
    assert (code, "0 new, 0 changed, 0 gone" in err) == (0, False)
    for row in json.loads(out):
        parts = ("entries", "duplicates", "set_aside", "blank", "skipped")
        assert row["records"] == sum(row[part] for part in parts) > 0


def test_load_tells_what_is_new_what_changed_and_what_is_gone(call, demo):
    added = demo / "logs" / "more.csv"
    added.write_text(HEADER + ROWS)
    assert "1 new, 0 changed, 0 gone" in call("load", demo)[2]
    added.write_text(HEADER + ROWS + "anna,2026-03-02,11:00,12:00,travel\n")
    assert "0 new, 1 changed, 0 gone" in call("load", demo)[2]
    added.unlink()
    assert "0 new, 0 changed, 1 gone" in call("load", demo)[2]
    assert "0 new, 0 changed, 0 gone; 0 tables built" in call("load", demo)[2]


def test_check_shows_accounts_that_balance(call, fresh):
    code, out, _ = call("check", fresh, "--days")
    assert code == 0
    for heading in ("What became of the rows", "Issues by kind", "Issues one by one", "Accounts in seconds"):
        assert heading in out
    code, out, _ = call("check", fresh, "--format", "json", "--days")
    shown = json.loads(out)
    for day in shown["day_accounts"]:
        parts = ("counted", "overlap", "duplicate", "set_aside")
        assert day["logged_seconds"] == sum(day[f"{part}_seconds"] for part in parts)
    assert shown["missed_bars"] == []


def test_check_lists_the_first_issues_and_with_all_every_one(call, fresh):
    total = len(json.loads(call("check", fresh, "--format", "json")[1])["issues"])
    assert total > 40
    short, everything = call("check", fresh)[1], call("check", fresh, "--all")[1]
    assert f"… and {total - 40} more: --all lists them." in short
    assert "--all lists them" not in everything
    assert len(everything.splitlines()) == len(short.splitlines()) + total - 40 - 2


@pytest.mark.parametrize("ending", [".svg", ".html", ".json", ".png", ".pdf"])
def test_chart_writes_what_the_ending_says(call, fresh, tmp_path, ending):
    target = tmp_path / f"week{ending}"
    code, out, err = call("chart", fresh, "week", "-o", target)
    assert (code, out, err) == (0, "", f"Wrote {target}\n")
    begin = {".svg": b"<svg", ".html": b"<!doctype html", ".json": b"{", ".png": b"\x89PNG", ".pdf": b"%PDF"}[ending]
    assert target.read_bytes().lower().startswith(begin.lower())


@pytest.mark.parametrize("arguments", [(), ("--list",)])
def test_chart_lists_the_charts(call, fresh, arguments):
    code, out, _ = call("chart", fresh, *arguments)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(CHARTS)


def test_report_writes_one_page(call, demo, tmp_path):
    target = tmp_path / "page.html"
    code, out, err = call("report", demo, "-o", target)
    assert (code, err) == (0, f"Wrote {target}\n")
    assert out.startswith("Northwind sales force")
    assert b"</html>" in target.read_bytes()
    assert call("report", demo)[0] == 0
    assert (demo / "report.html").read_bytes() == target.read_bytes()


def test_init_makes_a_study_that_loads(call, tmp_path):
    folder = tmp_path / "acme"
    code, out, err = call("init", folder)
    assert (code, out) == (0, "")
    assert f"timewaste summary {folder}" in err
    (folder / "logs" / "a.csv").write_text(HEADER + ROWS)
    assert call("load", folder)[0] == 0


def test_simulate_gives_the_same_bytes_for_the_same_seed(call, tmp_path):
    for name in ("a", "b"):
        assert call("simulate", tmp_path / name, "--reps", 3, "--weeks", 1, "--seed", 5)[0] == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 5
    # workbooks are zip archives; what they hold is compared by the simulator's own tests
    texts = [file for file in files if file.suffix != ".xlsx"]
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in texts)


@pytest.mark.parametrize(
    ("shell", "word"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete --no-files")]
)
def test_completion_prints_the_script_of_the_shell(call, shell, word):
    code, out, err = call("completion", shell)
    assert (code, err) == (0, "")
    assert "_TIMEWASTE_COMPLETE" in out
    assert word in out


def test_completion_completes_commands(tw):
    done = tw(_TIMEWASTE_COMPLETE="bash_complete", COMP_WORDS="timewaste s", COMP_CWORD="1")
    assert done.out.decode().split() == ["plain,simulate", "plain,summary", "plain,sql", "plain,shell"]


def test_it_runs_as_a_module_and_tells_its_version(tw):
    done = tw("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.decode().split()[-1] == __version__


def test_help_lists_every_command_and_needs_no_study(call):
    code, out, _ = call("--help")
    assert code == 0
    listed = re.findall(r"^  (\w+)  ", out.partition("Commands:")[2], re.MULTILINE)
    assert listed == list(COMMANDS)


# ------------------------------------------------------------------- exit codes


def test_a_missed_bar_is_told_and_only_with_strict_an_error(call, tmp_path):
    study = write_study(
        tmp_path / "s", HEADER + "anna,2026-03-02,09:00,10:00,qwrtz\nanna,2026-03-02,10:00,x,expenses\n"
    )
    code, out, _ = call("check", study)
    assert code == 0
    missed = [line for line in out.splitlines() if line.startswith("Bar missed: ")]
    assert missed == [
        "Bar missed: unclassified share of hours is 100.0 %, more than 10.0 %",
        "Bar missed: rows set aside is 50.0 %, more than 5.0 %",
    ]
    assert call("check", study, "--strict")[0] == 1
    assert call("check", study, "--strict", "--format", "json")[0] == 1
    (study / "timewaste.toml").write_text("[bars]\nmax_unclassified_share = 1.0\nmax_set_aside_share = 0.5\n")
    assert call("check", study, "--strict")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sumary", "{demo}"], "Did you mean 'summary'?"),
        (["summary", "--fromat", "json", "{demo}"], "--format"),
        (["summary"], "STUDY"),
        (["summary", "nowhere"], "nowhere: there is no such folder\nTo make one: timewaste init FOLDER"),
        (["summary", "{demo}", "--format", "xml"], "'plain'"),
        (["chart", "{demo}", "wek"], "Did you mean week?"),
        (["chart", "{demo}", "qqqqq"], ", ".join(CHARTS)),
        (["chart", "{demo}", "week", "-o", "week.gif"], ".png"),
        (["chart", "{demo}", "week", "-o", "nowhere/week.svg"], "nowhere/week.svg"),
        (["sql", "{demo}", "select * from entrys"], 'Did you mean "entries"?'),
        (["sql", "{demo}", "selec 1"], "syntax error"),
        (["sql", "{demo}", "select 1 as a; select 2 as b"], "exactly one SELECT"),
        (["sql", "{demo}", " "], "exactly one SELECT"),
        (["sql", "{demo}", "select 1 as a", "--format", "parquet"], "-o"),
        (["sql", "{demo}", "select 1 as a", "-o", "nowhere/a.csv"], "nowhere/a.csv"),
        (["load", "{demo}", "nowhere.csv"], "nowhere.csv"),
        (["completion", "powershell"], "'fish'"),
        (["simulate", "new", "--reps", "2"], "3"),
    ],
)
def test_what_the_user_can_mend_says_how(call, fresh, here, arguments, said):
    code, out, err = call(*[argument.format(demo=fresh) for argument in arguments])
    assert (code, out) == (2, "")
    assert said in err
    assert "Error: " in err
    assert "Traceback" not in err
    assert list(here.iterdir()) == []


def test_a_wrong_setting_names_file_key_and_the_nearest_name(call, demo):
    path = demo / "timewaste.toml"
    path.write_text("[study]\ntitel = 'x'\n")
    code, _, err = call("summary", demo)
    assert code == 2
    assert f"{path}: study: unknown name 'titel'" in err
    assert "Did you mean 'title'?" in err


def test_every_file_that_cannot_be_read_is_named_at_once_and_stops_no_other(call, demo):
    (demo / "logs" / "a.csv").write_text("hello\n")
    (demo / "logs" / "b.pdf").write_bytes(b"%PDF-1.7")
    code, out, err = call("load", demo)
    assert code == 2
    assert "In all" in out
    assert "[csv/no-table] a.csv" in err
    assert "[file/pdf] b.pdf" in err
    assert "[[source]]" in err


def test_our_own_fault_is_one_line_and_a_log(call, demo, log, monkeypatch):
    def break_down(*_):
        raise RuntimeError("the answer is 41")

    monkeypatch.setattr(Study, "refresh", break_down)
    code, out, err = call("summary", demo)
    assert (code, out) == (3, "")
    assert "Traceback" not in err
    (written,) = log()
    assert err.splitlines() == ["This is a fault in timewaste: the answer is 41", f"What happened stands in {written}"]
    text = written.read_text(encoding="utf-8")
    assert text.startswith(f"timewaste {__version__}, Python ")
    assert "Traceback" in text
    assert "RuntimeError: the answer is 41" in text


def test_an_interrupt_leaves_the_study_as_it_was(call, demo, log, monkeypatch):
    before = open_study(demo).sql("select count(*) as n from entries")["n"][0]

    def interrupt(*_):
        raise KeyboardInterrupt

    (demo / "logs" / "new.csv").write_text(HEADER + ROWS)
    with monkeypatch.context() as patch:
        patch.setattr("timewaste.build.check_promises", interrupt)
        code, out, err = call("summary", demo)
    assert (code, out, log()) == (130, "", [])
    assert err.strip() == "Interrupted; the study is as it was."
    with Study(demo).store() as store:
        assert store.execute("select count(*) from entries") == [(before,)]
    assert call("load", demo)[0] == 0


def test_an_interrupted_load_on_a_cluster_does_not_say_that_nothing_changed(call, demo, log, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("timewaste.engines.load_on_cluster", interrupt)
        code, out, err = call("load", demo, "--engine", "spark", "--remote", "sc://localhost:1")
    assert (code, out, log()) == (130, "", [])
    assert err.strip().startswith("Interrupted; what was read of the logs is kept.")


@pytest.mark.parametrize("arguments", [["summary"], ["sql", "select * from entries"], ["check", "--format", "json"]])
def test_a_reader_that_goes_away_is_no_error(fresh, clean_env, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command, *rest = arguments
    done = subprocess.run([sys.executable, "-m", "timewaste", command, fresh, *rest], stdout=writing, env=clean_env,
                          stderr=subprocess.PIPE, text=True, timeout=300, check=False)  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


# ------------------------------------------------------------------ what is kept


def test_init_overwrites_nothing(call, demo):
    before = (demo / "timewaste.toml").read_bytes()
    code, _, err = call("init", demo)
    assert code == 2
    assert "a study is there already" in err
    assert (demo / "timewaste.toml").read_bytes() == before


def test_init_adds_what_is_missing(call, tmp_path):
    folder = write_study(tmp_path / "acme", HEADER + ROWS)
    log = next((folder / "logs").iterdir())
    before = log.read_bytes()
    (folder / "reps.csv").write_text("rep_id\nanna\n")
    code, _, err = call("init", folder)
    assert code == 0
    assert "What was there stays as it is: reps.csv, logs." in err
    assert (log.read_bytes(), (folder / "reps.csv").read_text()) == (before, "rep_id\nanna\n")
    assert "[study]" in (folder / "timewaste.toml").read_text()
    assert call("load", folder)[0] == 0


def test_init_hides_no_log_of_a_plain_folder(call, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + ROWS)
    code, _, err = call("init", tmp_path)
    assert code == 0
    assert not (tmp_path / "logs").exists()
    assert f"Put the log files into {tmp_path}, then" in err
    assert "a.csv" in call("load", tmp_path)[1]


def test_simulate_refuses_a_folder_that_is_not_empty(call, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    code, _, err = call("simulate", tmp_path)
    assert code == 2
    assert "not empty" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_load_copies_named_files_in_and_keeps_what_is_there(call, demo, tmp_path):
    outside = tmp_path / "week.csv"
    outside.write_text(HEADER + ROWS)
    assert call("load", demo, outside)[0] == 0
    assert (demo / "logs" / "week.csv").read_bytes() == outside.read_bytes()
    assert call("load", demo, outside)[0] == 0, "the same file again"
    outside.write_text(HEADER + ROWS.replace("expenses", "travel"))
    code, _, err = call("load", demo, outside)
    assert code == 2
    assert "another file of this name is there already" in err
    assert (demo / "logs" / "week.csv").read_text() == HEADER + ROWS
    assert call("load", demo, demo / "logs" / "week.csv")[0] == 0, "a file that lies there already"


def test_load_into_a_plain_folder_hides_no_log_of_it(call, tmp_path):
    outside = tmp_path / "b.csv"
    outside.write_text(HEADER + ROWS)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.csv").write_text(HEADER + ROWS.replace("anna", "ben"))
    code, out, _ = call("load", tmp_path / "plain", outside, "--format", "json")
    assert code == 0
    assert [row["file"] for row in json.loads(out)] == ["a.csv", "b.csv"]


def test_load_makes_no_study_of_a_misspelt_name(call, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + ROWS)
    code, _, err = call("load", tmp_path / "amce", tmp_path / "a.csv")
    assert code == 2
    assert "no such folder" in err
    assert not (tmp_path / "amce").exists()


def test_a_small_group_is_not_drawn_and_the_message_says_what_to_do(call, tmp_path):
    study = write_study(tmp_path / "s", HEADER + ROWS)
    for command in (["report"], ["chart"]):
        code, _, err = call(command[0], study, *(["week"] if command[0] == "chart" else []))
        assert code == 2
        assert "[privacy]\nmin_group = 1\nall_agree = true" in err
    assert not (study / "report.html").exists()


# -------------------------------------------------------------------------- sql


def test_sql_lists_tables_with_what_a_row_of_each_is(call, fresh):
    code, out, _ = call("sql", fresh, "--tables")
    assert code == 0
    assert out == call("sql", fresh)[1]
    entries = next(line for line in out.splitlines() if line.startswith("entries "))
    assert "Grain: one row per entry" in entries


QUESTION = "select category, sum(seconds) as seconds from entries group by category order by category"


@pytest.fixture(scope="module")
def answer(fresh):
    return Study(fresh).sql(QUESTION).cast({"seconds": pl.Int64}).rows()


def test_sql_as_csv(call, fresh, answer):
    header, *rows = rows_of(call("sql", fresh, QUESTION, "--format", "csv")[1])
    assert header == ["category", "seconds"]
    assert [(category, int(seconds)) for category, seconds in rows] == answer


def test_sql_as_json(call, fresh, answer):
    rows = json.loads(call("sql", fresh, QUESTION, "--format", "json")[1])
    assert [(row["category"], int(row["seconds"])) for row in rows] == answer


def test_sql_as_markdown(call, fresh, answer):
    head, rule, *rows = call("sql", fresh, QUESTION, "--format", "markdown")[1].splitlines()
    assert head == "| category | seconds |"
    assert rule == "| --- | ---: |"
    assert rows == [f"| {category} | {seconds} |" for category, seconds in answer]
    assert call("sql", fresh, "select 'a|b' as x", "--format", "markdown")[1].splitlines()[-1] == r"| a\|b |"


def test_sql_as_plain_text_stands_in_columns(call, fresh, answer):
    head, *rows = call("sql", fresh, QUESTION)[1].rstrip().splitlines()
    assert head.split() == ["category", "seconds"]
    assert [tuple(row.split()) for row in rows] == [(category, str(seconds)) for category, seconds in answer]
    assert len({len(row) for row in rows}) == 1, "numbers end at the same place"


@pytest.mark.parametrize(
    ("name", "begin"), [("a.csv", b"category,"), ("a.json", b"[\n {"), ("a.md", b"| "), ("a.txt", b"category,")]
)
def test_sql_writes_the_format_that_the_ending_says(call, fresh, tmp_path, name, begin):
    code, out, _ = call("sql", fresh, QUESTION, "-o", tmp_path / name)
    assert (code, out) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_sql_to_parquet(call, fresh, tmp_path, answer):
    assert call("sql", fresh, QUESTION, "-o", tmp_path / "a.parquet")[0] == 0
    assert pl.read_parquet(tmp_path / "a.parquet").cast({"seconds": pl.Int64}).rows() == answer


def test_csv_disarms_what_a_spreadsheet_would_run(call, fresh):
    query = "select '=1+1' as a, '@x' as b, '+1' as c, '-1' as d, -1 as n, 'a=b' as e, null as f"
    assert rows_of(call("sql", fresh, query, "--format", "csv")[1])[1] == [
        "'=1+1",
        "'@x",
        "'+1",
        "'-1",
        "-1",
        "a=b",
        "",
    ]


def test_a_failure_leaves_the_old_file_whole(call, fresh, tmp_path, monkeypatch):
    target = tmp_path / "a.csv"
    target.write_text("old")
    assert call("sql", fresh, "select * from nothing", "-o", target)[0] == 2

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = call("sql", fresh, QUESTION, "-o", target)
    assert code == 2
    assert "No space left on device" in err
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    "query",
    [
        "delete from entries", "drop table entries", "create table a as select 1 as b",
        "update entries set seconds = 0", "insert into study_state values ('a', 'b')",
        "copy entries to '{outside}/a.csv'",
        "select * from read_csv('{outside}/secret.csv')", "select * from read_text('{outside}/secret.csv')",
        "attach '{outside}/b.duckdb' as b", "set enable_external_access = true", "install httpfs",
        "select 1 as a; delete from entries",
    ],
)  # fmt: skip
def test_sql_reads_the_study_and_nothing_else(call, fresh, tmp_path, query):
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    before = (fresh / "timewaste.duckdb").read_bytes()
    code, out, err = call("sql", fresh, query.format(outside=tmp_path))
    assert "secret\n" not in out
    assert code == 2, f"{out}{err}"
    assert (fresh / "timewaste.duckdb").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_sql_takes_a_query_from_a_file_and_binds_values(call, fresh, tmp_path):
    path = tmp_path / "q.sql"
    path.write_text("select $name as name, $number as number")
    code, out, _ = call("sql", fresh, "-f", path, "--set", "name=a'b", "--set", "number=3", "--format", "json")
    assert (code, json.loads(out)) == (0, [{"name": "a'b", "number": 3}])
    code, _, err = call("sql", fresh, "-f", path, "--set", "name")
    assert code == 2
    assert "--set name=value" in err


# ----------------------------------------------------------------------- printing


@pytest.mark.parametrize("arguments", [["summary"], ["check"], ["load"], ["sql", "select * from reps"]])
def test_piped_output_is_plain_and_drawn_when_asked_for(call, fresh, arguments):
    command, *rest = arguments
    code, out, _ = call(command, fresh, *rest)
    assert code == 0
    assert out.isprintable() or all(line.isprintable() for line in out.replace("\u00a0", " ").splitlines())
    assert not set(out) & set("─━│┃\x1b")
    drawn = call(command, fresh, *rest, "--format", "table")[1]
    assert "─" in drawn
    assert "\x1b" not in drawn


@pytest.mark.parametrize("command", ["summary", "check", "load"])
def test_json_is_the_only_thing_on_stdout(call, fresh, command):
    code, out, _ = call(command, fresh, "--format", "json")
    assert code == 0
    assert json.loads(out)


@pytest.mark.parametrize("arguments", [["load"], ["check"], ["summary"], ["chart", "week", "-o", "{tmp}/w.svg"],
                                       ["report", "-o", "{tmp}/r.html"], ["sql", "select 1 as a"]])  # fmt: skip
def test_quiet_prints_data_and_no_talk(call, demo, tmp_path, arguments):
    shutil.copy(demo / "logs" / "field" / "2026-W10.csv", demo / "logs" / "field" / "copy.csv")
    command, *rest = arguments
    code, _, err = call(command, demo, *[part.format(tmp=tmp_path) for part in rest], "--quiet")
    assert (code, err) == (0, "")


def test_a_copy_of_a_file_is_told(call, demo):
    shutil.copy(demo / "logs" / "field" / "2026-W10.csv", demo / "logs" / "field" / "copy.csv")
    err = call("load", demo)[2]
    assert "field/copy.csv: the same bytes as field/2026-W10.csv; counted once" in err


HOSTILE = "e\x1b[31mvil\x07"


@pytest.mark.parametrize("drawn", ["plain", "table", "markdown"])
def test_control_characters_do_not_reach_the_terminal(call, fresh, drawn):
    query = "select concat('a', chr(27), '[31m', chr(7), chr(10), 'b') as label"
    out = call("sql", fresh, query, "--format", drawn)[1]
    assert not set(out) & {"\x1b", "\x07"}
    assert r"a\x1b[31m\x07\nb" in out


@pytest.mark.parametrize("drawn", ["plain", "table", "json"])
def test_what_a_rep_typed_does_not_steer_the_terminal(call, tmp_path, drawn):
    rows = HEADER + ROWS + f"anna,2026-03-02,11:00,12:00,{HOSTILE}\n[red]ben,2026-03-02,xx,12:00,{HOSTILE}\n"
    study = write_study(tmp_path / "s", {f"{HOSTILE}.csv": rows})
    for command in ("load", "check", "summary"):
        code, out, _ = call(command, study, "--format", drawn)
        assert code == 0
        assert not set(out) & {"\x1b", "\x07"}


def test_a_label_is_never_read_as_markup(call, fresh):
    assert "[red]x[/red]" in call("sql", fresh, "select '[red]x[/red]' as label", "--format", "table")[1]


def test_a_terminal_gets_drawn_tables(fresh, clean_env):
    pty = pytest.importorskip("pty")
    main, other = pty.openpty()
    command = [sys.executable, "-m", "timewaste", "sql", fresh, "select count(*) as rows from reps"]
    done = subprocess.run(command, stdout=other, stderr=subprocess.DEVNULL, env=clean_env | {"TERM": "dumb"},
                          timeout=300, check=False)  # fmt: skip
    os.close(other)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert done.returncode == 0
    assert "─" in shown
    assert "8" in shown
