"""A study keeps itself up to date: it does nothing twice, survives a kill, and the same folder gives the same bytes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from studies import write_study

from timewaste.errors import ConfigError, ModelError, RefusedFiles, StudyError
from timewaste.store import Store
from timewaste.study import DATABASE, Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = "rep,date,start,end,activity\n"
MONDAY = HEADER + "anna,2026-03-02,09:00,10:00,customer meeting\nben,2026-03-02,09:00,09:30,expenses\n"
TUESDAY = HEADER + "anna,2026-03-03,09:00,11:00,customer meeting\nben,2026-03-03,09:00,09:30,zzzz\n"
AMBIGUOUS = HEADER + "anna,03/04/2026,09:00,10:00,expenses\n"
GOOD = HEADER + "zoe,2026-03-04,09:00,10:00,expenses\n"
RULE = '[[rule]]\nid = "mine"\nmatch = "zzzz"\nactivity = "A31"\n'


@pytest.fixture(scope="module")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_study(tmp_path_factory.mktemp("small") / "study", {"monday.csv": MONDAY, "tuesday.csv": TUESDAY})
    open_study(folder)
    return folder


@pytest.fixture
def folder(small_study: Path, tmp_path: Path) -> Path:
    """Return a copy of a small study that is up to date, to change."""
    return shutil.copytree(small_study, tmp_path / "study")


def hours(study: Study) -> dict[str, float]:
    query = "select rep_id, sum(seconds) / 3600 as hours from entries group by rep_id order by rep_id"
    return dict(study.sql(query).iter_rows())


def report_tables(folder: Path) -> dict[str, pl.DataFrame]:
    study = Study(folder)
    with study.store() as store:
        names = sorted(name for name in store.tables() if name.startswith("rpt_"))
    return study.frames(*names)


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for name, frame in one.items():
        assert frame.equals(other[name]), name


# --------------------------------------------------------------- nothing twice


def test_a_second_refresh_does_nothing(folder: Path) -> None:
    Study(folder).refresh()  # the copy has times of its own
    stamp = (folder / DATABASE).stat().st_mtime_ns
    refresh = Study(folder).refresh()
    assert (refresh.models, refresh.intake.read, refresh.intake.replaced, refresh.intake.removed) == ((), [], [], [])
    assert (folder / DATABASE).stat().st_mtime_ns == stamp


def test_a_touched_file_is_not_read_again(folder: Path) -> None:
    before = report_tables(folder)
    os.utime(folder / "logs" / "monday.csv", (1, 1))
    refresh = Study(folder).refresh()
    assert refresh.intake.read == []
    assert refresh.intake.unchanged == 2
    assert refresh.models == ()
    assert_same(report_tables(folder), before)


def test_a_changed_file_replaces_its_own_rows_and_a_removed_one_takes_them_along(folder: Path) -> None:
    path = folder / "logs" / "monday.csv"
    path.write_text(MONDAY.replace("10:00", "13:00"), encoding="utf-8")
    study = Study(folder)
    refresh = study.refresh()
    assert (refresh.intake.read, refresh.intake.replaced, refresh.intake.unchanged) == (
        ["monday.csv"],
        ["monday.csv"],
        1,
    )
    assert hours(study) == {"anna": 6, "ben": 1}
    path.unlink()
    refresh = study.refresh()
    assert (refresh.intake.read, refresh.intake.removed) == ([], ["monday.csv"])
    assert hours(study) == {"anna": 2, "ben": 0.5}
    with study.store() as store:
        assert store.execute("select count(*), count(distinct source_id) from raw_entries") == [(2, 1)]
        assert store.execute("select file from raw_sources") == [("tuesday.csv",)]


def test_a_copy_under_another_name_counts_once(folder: Path) -> None:
    before = hours(Study(folder))
    shutil.copy(folder / "logs" / "monday.csv", folder / "logs" / "copy of monday.csv")
    study = Study(folder)
    assert study.refresh().intake.copies == [("monday.csv", "copy of monday.csv")]
    assert hours(study) == before
    assert study.frame("source_accounts")["duplicates"].sum() == 0
    (folder / "logs" / "copy of monday.csv").unlink()
    study.refresh()
    assert hours(study) == before


def test_a_new_rule_looks_at_labels_and_not_at_times(folder: Path) -> None:
    (folder / "timewaste.toml").write_text(RULE, encoding="utf-8")
    study = Study(folder)
    refresh = study.refresh()
    assert refresh.intake.read == []
    assert {"int_labels", "entries"} <= set(refresh.models)
    assert not {"int_entries", "int_dates", "calendar", "int_duplicates"} & set(refresh.models)
    assert study.sql("select activity_code from entries where label = 'zzzz'").item() == "A31"


def test_another_smallest_group_rebuilds_no_entries(folder: Path) -> None:
    (folder / "timewaste.toml").write_text("[privacy]\nmin_group = 3\n", encoding="utf-8")
    made = Study(folder).refresh().models
    assert made
    assert not {"int_entries", "entries", "int_labels", "day_accounts"} & set(made)


def test_settings_of_one_source_read_only_its_files_again(folder: Path) -> None:
    (folder / "timewaste.toml").write_text('[[source]]\nmatch = "mon*"\ninstrument = "timer"\n', encoding="utf-8")
    study = Study(folder)
    assert study.refresh().intake.read == ["monday.csv"]
    assert set(study.frame("entries")["instrument"]) == {"timer", "self_log"}


def test_a_deleted_database_comes_back_the_same(folder: Path) -> None:
    before = report_tables(folder)
    (folder / DATABASE).unlink()
    assert sorted(open_study(folder).frame("stg_sources")["file"]) == ["monday.csv", "tuesday.csv"]
    assert_same(report_tables(folder), before)


def test_a_database_of_another_version_is_made_anew(folder: Path) -> None:
    with Store.open(folder / DATABASE) as store:
        store.execute("update study_state set value = 'other' where name in ('version', 'glance')")
    assert sorted(Study(folder).refresh().intake.read) == ["monday.csv", "tuesday.csv"]


# ------------------------------------------------------------- refused, broken


def test_a_refused_file_does_not_stop_the_others_and_says_what_to_add(folder: Path) -> None:
    before = report_tables(folder)
    for name in ("x.csv", "sub/y.csv"):
        write_study(folder, {name: AMBIGUOUS.replace("anna", name[0])})
    write_study(folder, {"z.csv": GOOD})
    study = Study(folder)
    intake = study.refresh().intake
    assert intake.read == ["z.csv"]
    assert study.sql("select distinct rep_id from entries where rep_id = 'zoe'").height == 1
    assert (
        study.sql("select count(*) from raw_entries where source_id not in (select source_id from raw_sources)").item()
        == 0
    )
    errors = intake.refused
    assert [error.code for error in errors] == ["date/ambiguous"] * 2
    assert {error.where.partition(",")[0] for error in errors} == {"x.csv", "sub/y.csv"}
    assert study.frame("refused_files")["file"].to_list() == ["sub/y.csv", "x.csv"]
    (folder / "logs" / "z.csv").unlink()
    again = Study(folder).refresh().intake  # the same bytes, told the same: not tried again, not forgotten
    assert [str(error) for error in again.refused] == [str(error) for error in errors]
    for error in errors:
        assert "3 April" in error.what
        assert "4 March" in error.what
        assert '[[source]]\nmatch = "' in error.mend
        assert 'date_order = "dmy"' in error.mend
    after = report_tables(folder)
    for facts in (before, after):  # the fingerprint is of all files that lie there
        facts["rpt_facts"] = facts["rpt_facts"].drop("data_hash")
    assert_same(after, before)

    said = "\n".join(
        line for error in errors for line in error.mend.splitlines() if line.startswith(("[[", "match", "date"))
    )
    (folder / "timewaste.toml").write_text(said, encoding="utf-8")
    study = open_study(folder)
    assert study.sql("select distinct local_date from entries where rep_id in ('x', 's')").rows() == [
        (pl.date(2026, 4, 3).pipe(pl.select).item(),)
    ]
    assert study.frame("refused_files").is_empty()


def test_a_study_of_refused_files_alone_is_refused(tmp_path: Path) -> None:
    write_study(tmp_path, {"x.csv": AMBIGUOUS})
    with pytest.raises(RefusedFiles) as caught:
        Study(tmp_path).refresh()
    assert [error.code for error in caught.value.errors] == ["date/ambiguous"]


def test_a_broken_setting_leaves_the_study(folder: Path) -> None:
    before = report_tables(folder)
    (folder / "timewaste.toml").write_text("[study]\ntime_zone = 'Mars'\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        open_study(folder)
    assert_same(report_tables(folder), before)


def test_a_studys_own_model_joins_fails_and_goes(folder: Path) -> None:
    head = "-- Minutes of each rep.\n-- Grain: one row per rep.\n-- Expect: unique(rep_id), check(minutes {})\n\n"
    body = "select rep_id, sum(seconds) / 60 as minutes from entries group by rep_id\n"
    path = folder / "queries" / "marts" / "minutes.sql"
    path.parent.mkdir(parents=True)
    path.write_text(head.format("> 0") + body, encoding="utf-8")
    study = Study(folder)
    assert study.refresh().models == ("minutes",)
    assert sorted(study.frame("minutes").rows()) == [("anna", 180), ("ben", 60)]
    path.write_text(head.format("> 100") + body, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        study.refresh()
    assert (caught.value.where, "minutes > 100" in caught.value.what) == ("queries/marts/minutes.sql", True)
    assert sorted(study.frame("minutes").rows()) == [("anna", 180), ("ben", 60)]
    path.unlink()
    study.refresh()
    with study.store() as store:
        assert "minutes" not in store.tables()


def test_a_folder_of_logs_is_a_study(tmp_path: Path) -> None:
    (tmp_path / "monday.csv").write_text(MONDAY, encoding="utf-8")
    study = open_study(tmp_path)
    assert hours(study) == {"anna": 1, "ben": 0.5}
    assert Study(tmp_path).refresh().models == ()  # its own database is no log


def test_reps_who_were_away_all_the_time_do_not_stop_a_study(tmp_path: Path) -> None:
    logs = HEADER + "".join(f"{rep},2026-03-02,12:00,13:00,lunch\n" for rep in ("anna", "ben"))
    study = open_study(write_study(tmp_path, logs + "anna,2026-03-02,09:00,12:00,customer meeting\n"))
    assert hours(study) == {"anna": 4, "ben": 1}


def test_a_folder_that_is_none_or_empty_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(StudyError) as caught:
            open_study(path)
        assert str(path) in caught.value.where
        assert caught.value.mend
    assert not (tmp_path / DATABASE).exists()


def test_an_unknown_table_is_said_with_the_nearest(folder: Path) -> None:
    with pytest.raises(StudyError) as caught:
        Study(folder).frame("entires")
    assert "entries" in caught.value.mend


def test_few_people_are_not_shown(folder: Path) -> None:
    study = Study(folder)
    for draw in (study.report, lambda: study.chart("week")):
        with pytest.raises(StudyError) as caught:
            draw()
        assert "min_group = 2" in caught.value.mend
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    "keep",
    [
        0.0,
        0.3,
    ],
)
def test_a_damaged_database_is_said_and_its_deletion_mends_it(folder: Path, keep: float) -> None:
    path = folder / DATABASE
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)] or b"no database" * 2000)
    with pytest.raises(StudyError) as caught:
        open_study(folder)
    assert caught.value.where == str(path)
    assert "Delete the file" in caught.value.mend
    path.unlink()
    assert hours(open_study(folder)) == {"anna": 3, "ben": 1}


def test_a_database_in_use_is_said_with_exit_code_2(folder: Path, tw: Callable[..., Any]) -> None:
    connection = duckdb.connect(str(folder / DATABASE))
    try:
        write_study(folder, {"wednesday.csv": MONDAY.replace("03-02", "03-04")})
        done = tw("load", folder)
    finally:
        connection.close()
    assert done.code == 2
    assert "in use" in done.err
    assert "Traceback" not in done.err
    assert tw("load", folder).code == 0


# ------------------------------------------------------------------ same bytes


@pytest.mark.slow
def test_zone_language_hash_seed_and_order_of_files_change_no_byte(sample_folder: Path, tmp_path: Path, tw) -> None:
    made = []
    for number, env in enumerate(
        (
            {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
        )
    ):
        folder = tmp_path / str(number)
        files = [path for path in sample_folder.rglob("*") if path.is_file() and DATABASE not in path.name]
        for path in sorted(files, reverse=number > 0):  # written in another order: directories list otherwise
            target = folder / path.relative_to(sample_folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        assert tw("report", folder, **env).code == 0
        parts = [(folder / "report.html").read_bytes()]
        tables = ["rpt_wasters", "rpt_week_by_category", "rpt_heat_map", "issues", "verdicts", "estimates"]
        for table in (*tables, "entries order by all"):
            done = tw("sql", folder, f"select * from {table}", "--format", "csv", **env)
            parts.append(done.out)
        assert all(len(part) > 100 for part in parts)
        made.append(parts)
    assert [one == other for one, other in zip(*made, strict=True)] == [True] * len(made[0])


# ------------------------------------------------------------------------ kills


def big_log(rows: int, month: int) -> str:
    numbers = range(rows)
    lines = (
        f"rep-{n % 701},2026-{month:02}-{n // 701 % 28 + 1:02},{n // 19_628 % 24:02}:{n * 7 % 60:02},"
        f"{n % 50 + 5} min,{'customer meeting' if n % 3 else f'task {n % 400}'}"
        for n in numbers
    )
    return "rep,date,start,duration,activity\n" + "\n".join(lines) + "\n"


def accounts(folder: Path) -> tuple[Any, ...]:
    with Study(folder).store() as store:
        return (
            *store.execute("select * from rpt_accounts")[0],
            *store.execute("select count(*), sum(source_id), sum(line) from raw_entries")[0],
            *store.execute("select count(*), sum(seconds), sum(start_second) from entries")[0],
        )


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_study_before_or_after(tmp_path: Path, clean_env: dict[str, str]) -> None:
    folder = write_study(tmp_path / "study", {"a.csv": big_log(20_000, 3)})
    open_study(folder)
    before = accounts(folder)
    undisturbed = shutil.copytree(folder, tmp_path / "undisturbed")
    for place in (folder, undisturbed):
        write_study(place, {"b.csv": big_log(180_000, 4)})
    command = [sys.executable, "-m", "timewaste", "load", "-q"]
    started = time.monotonic()
    subprocess.run([*command, str(undisturbed)], env=clean_env, check=True, capture_output=True)
    whole = time.monotonic() - started
    after = accounts(undisturbed)
    assert after != before

    kept = (folder / DATABASE).read_bytes()
    dice, killed, states = random.Random(7), 0, []
    while killed < 6:
        process = subprocess.Popen(
            [*command, str(folder)], env=clean_env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # From the start of Python to the last checkpoint, and most often near the end, where the file is written.
        share = (killed + dice.random()) / 6
        try:
            process.wait(whole * (0.15 + 0.8 * share**0.6))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        states.append(accounts(folder))
        assert states[-1] in (before, after)
        if states[-1] == after:
            (folder / f"{DATABASE}.wal").unlink(missing_ok=True)
            (folder / DATABASE).write_bytes(kept)
    assert before in states
    open_study(folder)
    assert accounts(folder) == after
    found = report_tables(folder)
    for name, frame in report_tables(undisturbed).items():
        assert_frame_equal(found[name], frame, rel_tol=1e-9)


def test_a_log_of_changes_left_by_a_kill_outlives_no_deleted_database(folder: Path) -> None:
    """A user who deletes the database after a crash may leave the file beside it that held its last changes."""
    before = report_tables(folder)
    code = "; ".join(
        (
            f"import duckdb, os; c = duckdb.connect({str(folder / DATABASE)!r})",
            "c.execute('create table stray as select 1 as n')",
            "os._exit(1)",
        )
    )
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert (folder / f"{DATABASE}.wal").exists()
    (folder / DATABASE).unlink()
    open_study(folder)
    assert_same(report_tables(folder), before)


# ------------------------------------------------- the sample against its truth


@pytest.fixture(scope="module")
def truth(sample: Study) -> dict[str, Any]:
    return json.loads((sample.folder / "truth.json").read_text(encoding="utf-8"))


def test_the_samples_accounts_are_as_planted(sample: Study, truth: dict[str, Any]) -> None:
    planted = {kind: item["count"] for kind, item in truth["planted"].items()}
    totals = sample.frame("rpt_accounts").row(0, named=True)
    assert totals["counted_seconds"] == sum(truth["realised"]["all"]["seconds"].values())
    assert totals["records"] == truth["rows"]
    assert totals["duplicates"] == planted["duplicate"]
    assert totals["set_aside"] == planted["end_before_start"]
    assert totals["entries"] == truth["realised"]["all"]["entries"]
    rules = dict(sample.frame("issues").group_by("rule").len().iter_rows())
    assert rules["entry/across_midnight"] == planted["across_midnight"]
    assert rules["entry/end_before_start"] == planted["end_before_start"]
    assert rules["entry/duplicate"] == planted["duplicate"]


def test_the_samples_planted_rows_are_the_ones_found(sample: Study, truth: dict[str, Any]) -> None:
    issues = sample.frame("issues")
    for kind, rule in (("duplicate", "entry/duplicate"), ("end_before_start", "entry/end_before_start")):
        found = issues.filter(rule=rule).select("rep_id", pl.col("local_date").cast(pl.String), "value").rows()
        items = truth["planted"][kind]["items"]
        assert sorted((rep, day) for rep, day, _ in found) == sorted((item["rep_id"], item["date"]) for item in items)
    disturbed = (
        truth["planted"]["overlap"]["items"]
        + truth["planted"]["nested"]["items"]
        + truth["planted"]["duplicate"]["items"]
    )
    with sample.store() as store:
        days = store.execute(
            "select rep_id, cast(local_date as varchar) from int_overlap_days "
            "join int_rep_numbers on int_overlap_days.rep_number = text_id order by all"
        )
    assert days == sorted({(item["rep_id"], item["date"]) for item in disturbed})


def test_the_samples_backfilled_rows_are_those_written_a_day_late(sample: Study, truth: dict[str, Any]) -> None:
    # A burst at the end of the week is planted whole; its rows of the same day were written down in time.
    planted = {(item["file"].removeprefix("logs/"), item["line"]) for item in truth["planted"]["backfilled"]["items"]}
    late = {
        (file, line)
        for file, line in sample.frame("issues").filter(rule="entry/backfilled").select("file", "line").rows()
    }
    assert late
    assert late <= planted
    delays = sample.sql(
        "select file, line, written_after_seconds - seconds as delay from int_entries "
        "join stg_sources using (source_id) where problem is null and written_after_seconds is not null"
    )
    assert {(file, line) for file, line, delay in delays.rows() if delay > 86_400} == late
    in_time = {(file, line) for file, line, delay in delays.rows() if delay <= 86_400}
    assert planted - late <= in_time


def test_the_samples_teams_count_what_was_drawn(sample: Study, truth: dict[str, Any]) -> None:
    found = sample.sql(
        "select team, sum(seconds)::bigint as seconds from entries join reps using (rep_id) group by team"
    )
    assert {team.lower(): seconds for team, seconds in found.iter_rows()} == {
        team: sum(scope["seconds"].values()) for team, scope in truth["realised"].items() if team != "all"
    }


def test_the_samples_labels_are_understood(sample: Study, truth: dict[str, Any]) -> None:
    entries = sample.frame("entries")
    classified = entries.filter(pl.col("category") != "unclassified")["seconds"].sum()
    assert classified >= 0.90 * entries["seconds"].sum()

    # A label's truth is the seconds of each activity it stood for. A split label gives an equal part to each activity
    # named, in the truth as here; so for each label the seconds both agree on are the lesser of the two, activity by
    # activity. Labels that say nothing ("-", "misc") have no answer in their text and are unclassified, thus left out.
    said = (
        entries.filter(pl.col("category") != "unclassified")
        .group_by("label", "activity_code")
        .agg(pl.col("seconds").sum())
    )
    right = sum(min(seconds, truth["labels"].get(label, {}).get(code, 0)) for label, code, seconds in said.iter_rows())
    assert right >= 0.97 * classified


def test_the_samples_shares_are_near_what_was_realised(sample: Study, truth: dict[str, Any]) -> None:
    shares = dict(
        sample.sql(
            "select category, sum(share) from rpt_week_by_category where team_order = 0 group by category"
        ).iter_rows()
    )
    realised = truth["realised"]["all"]
    vague = realised["vague_seconds"] / realised["base_seconds"]
    assert shares["unclassified"] == pytest.approx(vague, abs=0.03)
    for category, share in realised["shares"].items():
        assert shares[category] == pytest.approx(share * (1 - vague), abs=0.02)


def test_a_row_set_aside_still_tells_its_length(study) -> None:
    made = study(
        "rep;date;start;end;duration;activity\n"
        "anna;2026-03-02;09:00;10:00;;expenses\n"
        ";2026-03-02;08:00;09:15;;expenses\n"  # nobody's
        "anna;2026-02-30;10:00;11:30;;expenses\n"  # no such day
        "anna;;;;0:30;expenses\n"  # no day at all
        "anna;2026-03-02;late;;;expenses\n"  # no length
    )
    accounts = made.frame("rpt_accounts").row(0, named=True)
    assert accounts["counted_seconds"] == 3600
    assert accounts["set_aside_seconds"] == 4500 + 5400 + 1800
    assert accounts["logged_seconds"] == 3600 + 4500 + 5400 + 1800
    assert accounts["unread_length"] == 1


def test_a_block_that_fits_no_file_is_told(tmp_path: Path) -> None:
    config = "[[source]]\nmatch = 'lgo.csv'\ndate_order = 'dmy'\n"
    refresh = Study(write_study(tmp_path, MONDAY, config)).refresh()
    assert refresh.intake.fits_nothing == ["lgo.csv"]


def test_mixed_units_of_durations_are_told(study) -> None:
    made = study("rep;date;duration;activity\nanna;2026-03-02;1,5;expenses\nanna;2026-03-02;45;quote\n")
    assert made.frame("entries")["seconds"].sort().to_list() == [2700, 5400]
    assert "duration/mixed" in made.frame("issues")["rule"].to_list()


def test_a_roster_with_semicolons_is_read(study) -> None:
    made = study(MONDAY, files={"reps.csv": "rep_id;name;team\nanna;Anna;North\n"})
    assert made.frame("reps").filter(rep_id="anna")["team"].to_list() == ["North"]


def test_the_ranking_of_wasters_leaves_out_selling_and_preparation_only(sample: Study) -> None:
    measures = sample.frame("rpt_measures").filter(scope="all", kind="category")
    others = measures.filter(~measures["name"].is_in(["selling", "preparation", "non_work"]))
    wasters = sample.frame("rpt_wasters")
    assert wasters["hours_per_rep_week"].sum() == pytest.approx(others["hours_per_rep_week"].sum())
    assert wasters["cumulative_share"].max() == pytest.approx(1)
    assert wasters["activity"].to_list()[-1] == "Unclassified"
