"""Logs that come, change and go: the tables are those of a study made from nothing, and only some rows are touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal
from studies import write_study

from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "rep,date,start,end,duration,activity,account,opportunity\n"
ROSTER = "rep_id,name,team\nR1,Anna,North\nR2,Ben,North\nR3,Cleo,South\n"
STAGES = (
    "opportunity_id,stage,entered_at\nO1,Prospecting,2026-03-01 09:00\nO1,Qualification,2026-03-04 09:00\n"
    "O2,Prospecting,2026-03-02 09:00\n"
)
WEEKS = {
    "a.csv": HEAD
    + "Anna,2026-03-02,09:00,10:00,,customer meeting,Acme,O1\n"
    + "Ben,2026-03-02,09:00,10:30,,expense report,,\n"
    + "Ben,2026-03-02,22:30,01:30,,driving,,\n"
    + "Cleo,2026-03-03,,,2h,emails + quotes,Beta,O2\n"
    + "Dora,2026-03-03,08:00,09:00,,zzz,,\n",
    # the same hours as a.csv tells, an overlap with them, and the same day total once more
    "b.csv": HEAD
    + "Anna,2026-03-02,09:00,10:00,,customer meeting,Acme,O1\n"
    + "Ben,2026-03-02,10:00,11:00,,crm,Acme ,O1\n"
    + "Cleo,2026-03-03,,,2h,emails + quotes,Beta,O2\n"
    + "Cleo,2026-03-03,,,23h,lunch,,\n"
    + "Anna,2026-03-05,13:00,12:00,,call,,\n",
    # a new rep, a new label, later days
    "c.csv": HEAD
    + "Emil,2026-03-10,09:00,10:00,,sales meeting,Acme,O2\n"
    + "Anna,2026-03-10,09:00,09:30,,crm notes,Beta,O1\n"
    + "Anna,2026-03-10,10:00,10:30,,visit report,Beta,O1\n",
}
TABLES = (
    "entries", "day_accounts", "source_accounts", "issues", "rep_days", "rep_weeks", "hour_load", "rep_activities",
    "activity_facts", "stage_visits", "estimates", "verdicts", "rpt_unclassified_labels",
    "rpt_accounts", "stg_records", "quality_flags", "log_quality", "coverage_days", "same_time", "opportunities",
)  # fmt: skip
ROWS = {
    "stg_moments", "int_moments", "int_entries", "int_overlap_days", "int_duplicates", "int_lengths", "rep_days",
    "rep_weeks", "day_accounts",
}  # fmt: skip


def settle(folder: Path, logs: dict[str, str]) -> Study:
    """Bring a study's logs to `logs` and the study up to date."""
    for path in (folder / "logs").glob("*.csv"):
        if path.name not in logs:
            path.unlink()
    write_study(folder, logs, files={"reps.csv": ROSTER, "stage_history.csv": STAGES})
    return Study(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    settle(folder, {"a.csv": WEEKS["a.csv"]}).refresh()
    return folder


def assert_as_new(study: Study, tmp_path: Path, logs: dict[str, str]) -> None:
    fresh = tmp_path / "fresh"
    settle(fresh, logs)
    for name, frame in open_study(fresh).frames(*TABLES).items():
        numbers = [column for column in frame.columns if column.endswith("_text_id")]  # the order of reading
        assert_frame_equal(
            study.frame(name).drop(numbers), frame.drop(numbers), check_row_order=False, check_exact=True
        )


@pytest.mark.parametrize(
    "names",
    [
        ["a.csv", "c.csv"],
        ["a.csv", "b.csv"],  # overlaps, duplicates and an overfull day with what was there
        ["b.csv"],  # one goes, another comes
        ["a.csv", "b.csv", "c.csv"],
    ],
)
def test_logs_that_come_and_go_touch_only_their_rows(folder, tmp_path, names):
    logs = {name: WEEKS[name] for name in names}
    study = settle(folder, logs)
    assert set(study.refresh().mended) >= ROWS
    assert_as_new(study, tmp_path, logs)


def test_another_day_of_the_same_reps_touches_only_their_activities(folder, tmp_path):
    logs = {"a.csv": WEEKS["a.csv"], "g.csv": HEAD + "Anna,2026-03-04,09:00,10:00,,customer meeting,Acme,O1\n"}
    study = settle(folder, logs)
    assert set(study.refresh().mended) >= ROWS | {"rep_activities"}
    assert_as_new(study, tmp_path, logs)


def test_a_log_put_back_and_one_corrected_leave_no_trace(folder, tmp_path):
    both = {name: WEEKS[name] for name in ("a.csv", "b.csv")}
    settle(folder, both).refresh()
    corrected = {"a.csv": WEEKS["a.csv"].replace("Dora", "Ben").replace("10:30", "10:00"), "b.csv": WEEKS["b.csv"]}
    study = settle(folder, corrected)
    assert set(study.refresh().mended) >= ROWS
    assert_as_new(study, tmp_path, corrected)
    study = settle(folder, {"a.csv": WEEKS["a.csv"]})
    assert set(study.refresh().mended) >= ROWS
    assert_as_new(study, tmp_path, {"a.csv": WEEKS["a.csv"]})
    texts = study.sql("select text from raw_texts")["text"].to_list()
    assert "Acme " not in texts, "what was taken back is gone"


def test_an_earlier_day_moves_the_calendar_and_so_makes_all_anew(folder, tmp_path):
    earlier = HEAD + "Anna,2026-02-02,09:00,10:00,,customer meeting,Acme,O1\n"
    logs = {"a.csv": WEEKS["a.csv"], "d.csv": earlier}
    study = settle(folder, logs)
    refresh = study.refresh()
    assert "int_entries" in refresh.models
    assert "int_entries" not in refresh.mended
    assert_as_new(study, tmp_path, logs)


def test_a_label_that_explains_another_makes_the_hours_anew_and_not_the_entries(folder, tmp_path):
    def activity() -> str:
        return str(study.sql("select activity_code from entries where label = 'timesheat'").item())

    # A slip of the finger only where somebody else writes the word right.
    logs = {"a.csv": WEEKS["a.csv"], "e.csv": HEAD + "Anna,2026-03-04,09:00,10:00,,timesheat,,\n"}
    study = settle(folder, logs)
    study.refresh()
    assert activity() == "U"
    logs["f.csv"] = HEAD + "Ben,2026-03-04,09:00,10:00,,timesheet,,\n"
    study = settle(folder, logs)
    refresh = study.refresh()
    assert activity() != "U"
    assert "int_entries" in refresh.mended
    assert "int_lengths" in set(refresh.models) - set(refresh.mended)
    assert_as_new(study, tmp_path, logs)


def test_a_model_of_the_study_that_reads_entries_sees_all_of_them(folder, tmp_path):
    own = (
        "-- Hours in all.\n-- Grain: one row.\n\nwith\n\nfinal as (\n    select\n        sum(seconds) as seconds\n"
        "    from entries\n)\n\nselect * from final\n"
    )
    (folder / "queries" / "marts").mkdir(parents=True)
    (folder / "queries" / "marts" / "all_hours.sql").write_text(own, encoding="utf-8")
    Study(folder).refresh()
    logs = {name: WEEKS[name] for name in ("a.csv", "c.csv")}
    study = settle(folder, logs)
    study.refresh()
    assert study.sql("select seconds from all_hours").item() == study.sql("select sum(seconds) from entries").item()
    assert_as_new(study, tmp_path, logs)
