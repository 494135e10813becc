"""One week of a team in the files of many tools, loaded at once; the minutes were added up by hand, file by file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from timewaste.study import Study, open_study

FORMATS = Path(__file__).parents[1] / "sample_logs" / "formats"
SECONDS = {  # of the entries of each file: what its README row and its cells say
    "clockify-detailed.csv": 5 * 480 * 60,
    "eva-kern-grid.xlsx": 27 * 30 * 60,
    "exchange-jonas-brandt.ics": (2 * 60 + 60) * 60,
    "expenses.xes.gz": (25 + 10) * 60,
    "google-calendar.ical.zip": (4 * 15 + 60) * 60,
    "graph-tom-becker.json": (60 + 30) * 60,
    "harvest-detailed.csv": 5 * 345 * 60,
    "jonas-brandt-matrix.ods": 915 * 60,
    "kimai-export.csv": (3 * 300 + 135) * 60,
    "luc-activitywatch.json": (30 + 20) * 60,
    "luc-org-clock.csv": 430 * 60,
    "luc-timewarrior.json": 150 * 60,
    "mira-oduya-list.xls": 240 * 60,
    "outlook-eva-kern.csv": (5 * 150 + 60) * 60,
    "pipedrive-activities.json": 30 * 60,
    "rescuetime.csv": 2 * (300 + 280 + 240),
    "sf-Event.csv": 2 * 60 * 60,
    "sf-Task.csv": (8 + 9 + 5) * 60,
    "timr-report.csv": (120 + 45 + 210 + 7) * 60,
    "toggl-week10.csv": 5 * 400 * 60,
    "visits-own-list.csv": (90 + 120) * 60,
}
OTHERS = {"hubspot-deals.csv", "sf-Opportunity.csv", "sf-OpportunityHistory.csv", "sf-User.csv"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("formats") / "study"
    shutil.copytree(FORMATS, folder, ignore=shutil.ignore_patterns("*.duckdb*"))
    return open_study(folder)


def test_every_file_is_read_and_every_row_accounted_for(study: Study) -> None:
    assert study.refused == []
    accounts = study.frame("source_accounts")
    assert set(accounts["file"]) == SECONDS.keys() | OTHERS == {path.name for path in (FORMATS / "logs").iterdir()}
    for row in accounts.iter_rows(named=True):
        parts = row["entries"] + row["duplicates"] + row["set_aside"] + row["blank"] + row["skipped"]
        assert row["records"] == parts > 0, row["file"]


def test_the_time_of_each_file_is_what_stands_in_it(study: Study) -> None:
    found = study.sql(
        "select file, sum(seconds) as seconds from int_entries inner join stg_sources using (source_id) "
        "where problem is null group by file"
    )
    assert dict(found.iter_rows()) == SECONDS


def test_everybody_is_a_rep_of_the_roster(study: Study) -> None:
    assert set(study.sql("select distinct rep_id from entries")["rep_id"]) == {"r1", "r2", "r3", "r4", "r5", "r6"}


def test_nothing_private_is_kept(study: Study) -> None:
    content = study.database.read_bytes()
    for word in ("Zahnarzt", "Doctor"):
        assert word.encode() not in content


def test_the_stages_of_the_opportunities_are_there(study: Study) -> None:
    stages = study.sql(
        "select opportunity_id, stage from stg_stage_events order by opportunity_id, entered_date, line"
    ).rows()
    assert [stage for opportunity, stage in stages if opportunity == "0066000000D00001AAA"] == [
        "Qualification", "Proposal", "Negotiation",
    ]  # fmt: skip
    assert ("9001", "Demo") in stages
    won = study.sql("select amount from opportunities where outcome = 'won'")["amount"].to_list()
    assert won == [91_000.0]


def test_a_rep_abroad_has_days_of_their_own_zone(study: Study) -> None:
    """09:00 in Madrid and in Berlin are one instant; a Toggl export names neither."""
    zones = study.sql("select rep_id, time_zone from stg_reps where time_zone is not null order by rep_id").rows()
    assert zones == [("r4", "Europe/Paris"), ("r5", "Europe/Madrid")]
    starts = study.sql(
        "select min(start_second % 86400) as second from int_entries inner join stg_sources using (source_id) "
        "where file = 'toggl-week10.csv'"
    )
    assert starts.item() == 8 * 3600
