"""What the benchmarks promise: equal answers before times, losing rows by name, the same log every time."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))  # last: `coverage` and `load` are names of other packages too

from peers import invent, run_timewaste, table  # noqa: E402
from peers.jobs import CANNOT, CONTENDERS, JOBS, OURS, Measured, Run, check, differences  # noqa: E402
from picture import conclusion, draw  # noqa: E402

ROWS = 2_000


# ------------------------------------------------------------ equal answers first


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"A11": 3600, "S21": 60}, []),
        ({"A11": 3601, "S21": 60}, ["'A11' is 3,601, not 3,600"]),
        ({"A11": 3600}, ["'S21' is missing"]),
        ({"A11": 3600, "S21": 60, "T1": 0}, ["'T1' should not be there"]),
        ({}, ["'A11' is missing", "'S21' is missing"]),
    ],
)
def test_one_second_or_one_key_makes_answers_differ(found: dict[str, int], told: list[str]) -> None:
    assert differences({"A11": 3600, "S21": 60}, found) == told


def run(contender: str, seconds: float = 1.0, **answers: dict[str, int]) -> Run:
    """Return a run of a contender in which every job that it can do took so long."""
    jobs = [job for job in JOBS if (job, contender) not in CANNOT]
    given = {job: answers.get(job, {"A11": 3600}) for job in jobs}
    notes = {"whole load": 9.0, "open study: activity": 0.006, "reading: log.csv": 0.7, "reading: int_entries": 0.8}
    return Run(dict.fromkeys(jobs, (seconds, seconds)), given, 100.0, 200.0, notes, {})


def test_a_contender_who_counts_otherwise_stops_the_benchmark() -> None:
    runs = {name: run(name) for name in CONTENDERS}
    check(runs, runs[OURS])
    with pytest.raises(SystemExit, match=r"aw-core answers otherwise, busy time .*'A11' is 3,599, not 3,600"):
        check(runs | {"aw-core": run("aw-core", busy={"A11": 3599})}, runs[OURS])


def test_a_job_is_measured_or_its_dash_has_a_reason() -> None:
    runs = {name: run(name) for name in CONTENDERS}
    del runs["aw-core"].answers["labels"]
    with pytest.raises(SystemExit, match="aw-core, sort labels"):
        check(runs, runs[OURS])
    runs = {name: run(name) for name in CONTENDERS}
    runs["pm4py, pandas"].answers["labels"] = {"A11": 1}
    with pytest.raises(SystemExit, match="pm4py, pandas, sort labels"):
        check(runs, runs[OURS])


# ---------------------------------------------------------------------- the table


def measured(**seconds: float) -> Measured:
    """Return what was measured of one size; the seconds of each job, contender by contender."""
    found = Measured(rows=1000, labels=10, log_mb=1.0, peers_mb=2.0)
    for name, took in zip(CONTENDERS, seconds.values(), strict=True):
        found.runs[name] = [run(name, took * factor) for factor in (1, 1, 50)]  # the median leaves out the last
    return found


def test_a_losing_row_says_by_how_much_and_why() -> None:
    text = table.results([measured(ours=2.0, pandas=4.0, polars=0.5, aw=3.0)], 3, ["Some machine."])
    row = next(line for line in text.splitlines() if line.startswith("| hours per activity"))
    assert row == "| hours per activity | 2.00 (2.00) | 4.00 (4.00) | 0.50 (0.50) | 3.00 (3.00) | 0.25 (0.25) |"
    assert (
        "* **hours per activity**: pm4py, Polars takes 0.50 s, timewaste 2.00 s, 4.0 times as long and 4.0 times the "
        "CPU. Every question opens the study's file anew" in text
    )
    assert "to a study that is open this question takes 0.006 s." in text
    assert "The dearest steps are int_entries 0.80 s, log.csv 0.70 s." in text
    assert "* **sort labels" not in text  # only aw-core can do it, and it takes longer
    labels = next(line for line in text.splitlines() if line.startswith("| sort labels"))
    assert labels == "| sort labels into activities, 14 rules | 2.00 (2.00) | — | — | 3.00 (3.00) | 1.5 (1.5) |"
    assert "* pm4py, pandas; pm4py, Polars — sort labels into activities, 14 rules: it has no rules for labels" in text


def test_nothing_is_called_lost_that_is_not() -> None:
    text = table.results([measured(ours=1.0, pandas=4.0, polars=2.0, aw=3.0)], 3, [])
    assert "timewaste is the best in every row." in text


# ------------------------------------------------------------------------ the log


def test_the_log_is_the_same_every_time_and_a_longer_one_begins_like_a_shorter() -> None:
    entries = list(invent.invent(ROWS))
    assert len(entries) == ROWS
    assert entries == list(invent.invent(ROWS))
    assert entries[:100] == list(invent.invent(100))


def test_the_log_has_what_the_jobs_need() -> None:
    entries = list(invent.invent(ROWS))
    nested = reaching = 0
    for first, second in pairwise(entries):
        if (first.rep, first.day) == (second.rep, second.day) and second.start < first.end:
            nested += second.end <= first.end
            reaching += second.end > first.end
    assert nested > 0
    assert reaching > 0
    assert {entry.rule for entry in entries} == {*invent.RULES, invent.UNSORTED}
    assert all(0 <= entry.start < entry.end < 24 * 60 for entry in entries)
    assert len({(entry.rep, entry.day, entry.start, entry.end, entry.label) for entry in entries}) == ROWS  # no copies


def busy_minutes(spans: Iterable[tuple[int, int]]) -> int:
    """Return the minutes that the spans cover, counted one by one."""
    return len({minute for start, end in spans for minute in range(start, end)})


def test_timewaste_answers_as_a_count_by_hand_does(tmp_path: Path) -> None:
    invent.write_study(tmp_path, ROWS)
    outcome = run_timewaste.one_pass(tmp_path)
    entries = list(invent.invent(ROWS))
    activities: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    spans = defaultdict(list)
    for entry in entries:
        seconds = (entry.end - entry.start) * 60
        activities[entry.rule.activity] += seconds
        categories[f"{entry.rep} | {entry.rule.category}"] += seconds
        spans[entry.rep, entry.day].append((entry.start, entry.end))
    busy: Counter[str] = Counter()
    for (rep, _), of_day in spans.items():
        busy[rep] += busy_minutes(of_day) * 60
    assert outcome.answers == {
        "read": {
            "rows": ROWS,
            "seconds": activities.total(),
            "reps": len(busy),
            "first": min(invent.second_of(entry.day, entry.start) for entry in entries),
            "last": max(invent.second_of(entry.day, entry.end) for entry in entries),
        },
        "activity": activities,
        "rep_category": categories,
        "busy": busy,
        "labels": Counter(entry.rule.activity for entry in entries),
    }
    assert outcome.costs.keys() == JOBS.keys()
    assert json.loads((tmp_path / "facts.json").read_text())["labels"] == len({entry.label for entry in entries})


def test_every_model_of_a_load_has_one_job() -> None:
    jobs = run_timewaste.jobs_of_steps()
    assert {jobs[table] for table in run_timewaste.ENDS.values()} == {"read", "labels", "busy"}
    assert jobs["int_dates"] == "read"
    assert jobs["stg_labels"] == "labels"
    assert jobs["int_overlap_pieces"] == "busy"
    assert jobs["rpt_wasters"] == "rest"


# -------------------------------------------------------------------- the picture

POINTS = [
    {
        "rows": 1_000_000,
        "load_wall": 21,
        "load_cpu": 28,
        "bare_wall": 2.6,
        "bare_cpu": 4,
        "load_mb": 788,
        "bare_mb": 286,
    },
    {"rows": 100_000, "load_wall": 7, "load_cpu": 8, "bare_wall": 0.6, "bare_cpu": 0.5, "load_mb": 466, "bare_mb": 118},
]


def test_the_picture_says_what_the_points_say() -> None:
    assert draw(POINTS).to_dict()["title"]["text"] == (
        "A load takes 16 times the CPU of bare DuckDB at 100 k rows, 7.0 times at 1 M"
    )
    texts = [
        value["text"]
        for rows in draw(POINTS).to_dict()["datasets"].values()
        for value in rows
        if "text" in value
    ]  # fmt: skip
    assert sorted(texts) == sorted(
        ["timewaste load", "bare DuckDB"] * 2
        + ["8.0 s", "28 s", "0.5 s", "4.0 s", "466 MB", "788 MB", "118 MB", "286 MB"]
    )


def test_equal_factors_are_told_once() -> None:
    assert conclusion([{"rows": 1, "load_cpu": 3, "bare_cpu": 2}, {"rows": 2, "load_cpu": 6, "bare_cpu": 4}]) == (
        "A load takes 1.5 times the CPU of bare DuckDB at every size"
    )


def test_one_size_is_no_line() -> None:
    with pytest.raises(ValueError, match="two sizes"):
        draw(POINTS[:1])
