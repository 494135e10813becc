"""What `timewaste check` says of log quality, and the list of whom to ask."""

from __future__ import annotations

import csv
import io
import json

import pytest

from timewaste.cli import run
from timewaste.cli.quality import has_found, points

ROW = "a,2026-03-0{},{}:00,{}:00,{}\n"
LOG = "rep,date,start,end,activity\n" + "".join(
    ROW.format(day, hour, hour + 2, label)
    for day in (2, 4)
    for hour, label in ((10, "customer meeting"), (12, "=misc"), (14, "expense report"), (16, "customer meeting"))
)


@pytest.fixture
def folder(study):
    return str(study(LOG).folder)


def test_check_shows_detectors_grades_and_both_sides(folder, capsys):
    assert run(["check", folder, "--format", "plain"]) == 0
    out = capsys.readouterr().out
    assert "Missing days" in out
    assert "days without an entry: 1" in out
    assert "Written later, because no source says when its rows were written" in out
    assert "The whole study" in out
    assert "With and without doubtful data" in out
    quality = out[out.index("Log quality") :]
    assert len(quality[: quality.index("Effect:")].strip().splitlines()) <= 23


def test_check_as_json_has_the_three_tables(folder, capsys):
    assert run(["check", folder, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert len(shown["log_quality"]) == 22
    assert shown["source_grades"][0]["grade"] in "ABCD"
    assert {side["category"] for side in shown["rpt_quality_sides"]} >= {"selling", "non_work"}


def test_whom_to_ask_as_words_json_and_csv(folder, capsysbinary):
    assert run(["check", folder, "--ask", "--format", "plain"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "Nothing is logged for Tue 2026-03-03" in out
    assert "not for sharing" in out
    assert run(["check", folder, "--ask", "--format", "json"]) == 0
    asked = json.loads(capsysbinary.readouterr().out)
    assert {row["kind"] for row in asked} == {"missing", "vague"}
    assert run(["check", folder, "--ask", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert [row["kind"] for row in rows] == [row["kind"] for row in asked]


def test_csv_is_for_the_questions_only(folder, capsys):
    assert run(["check", folder, "--format", "csv"]) == 2
    assert "--ask" in capsys.readouterr().err


def test_nobody_to_ask(study, capsys):
    logs = "rep,date,start,end,activity\n" + "".join(
        ROW.format(2, hour, hour + 2, "customer meeting") for hour in (10, 12, 14, 16)
    )
    assert run(["check", str(study(logs).folder), "--ask", "--format", "plain"]) == 0
    assert capsys.readouterr().out == "Nobody needs to be asked anything.\n"


@pytest.mark.parametrize(
    ("value", "told"), [(None, "not measured"), (0.0, "0"), (0.004, "<0.01"), (-0.004, "<0.01"), (-1.234, "-1.23")]
)
def test_points_are_told_with_their_sign(value, told):
    assert points(value) == told


def test_a_detector_without_any_count_has_found_nothing():
    row = {"found": "1 rep", "affected_rows": None, "reps": 1, "days": None, "seconds": None}
    assert has_found(row)
    assert not has_found(row | {"reps": 0})
    assert not has_found(row | {"found": ""})
