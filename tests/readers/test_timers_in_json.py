"""Timewarrior and TimeCamp: what their JSON and Timewarrior's own files tell."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracker_files import TIMEWARRIOR, timecamp

from timewaste.config import SourceConfig
from timewaste.readers import open_file

SETTINGS = "color: on\ntemp.report.end: \ntemp.report.start: 20260401T000000Z\ntemp.version: 1.7.1\nverbose: on\n\n"


@pytest.mark.parametrize("content", [TIMEWARRIOR, SETTINGS + TIMEWARRIOR, SETTINGS.replace("\n", "\r\n") + TIMEWARRIOR])
def test_timewarrior_export_and_what_it_hands_to_extensions(read, content):
    found = read(content, "log.json", rep="file")
    assert found.sheet.layout == "Timewarrior export"
    assert found.sheet.time_zone == ""  # the offset stands with each time; days are the rep's
    assert found.column("start_text") == ["2026-06-30T10:21:28Z", "2026-06-30T14:39:40Z", "2026-06-30T14:40:10Z"]
    assert found.column("end_text") == ["2026-06-30T10:21:31Z", "2026-06-30T14:39:43Z", None]
    assert found.column("label") == [None, "call, Acme GmbH", None]
    assert found.column("notes") == [None, "price talk", None]
    assert found.column("extra") == [None] * 3  # ids shift with every new entry
    assert found.rules == [(3, "tracker/running")]


def test_timewarrior_annotation_alone_says_what_was_done(read):
    found = read('[{"id":1,"start":"20260630T102128Z","end":"20260630T102131Z","annotation":"visit"}]', "log", rep="x")
    assert (found.column("label"), found.column("notes")) == (["visit"], [None])


def test_timewarrior_data_file(read):
    found = read(
        'inc 20260427T080000Z - 20260427T120000Z # foo "two words" # "an \\"annotation\\""\n'
        "inc 20260428T080000Z - 20260428T090000Z\n"
        "\n"
        'inc 20260428T100000Z - 20260428T110000Z # "a # b"\n'
        "exc 20260428T100000Z\n"
        "inc 20260429T080000Z # foo\n",
        "2026-04.data",
        rep="file",
    )
    assert found.sheet.layout == "Timewarrior data file"
    assert found.column("label") == ["foo, two words", None, "a # b", None, "foo"]
    assert found.column("notes") == ['an "annotation"', None, None, None, None]
    assert found.column("start_text")[0] == "2026-04-27T08:00:00Z"
    assert found.rules == [(5, "timewarrior/line"), (6, "tracker/running")]
    assert found.sheet.tally.blank == 1


TAGS = st.lists(st.text(st.sampled_from('ab "\\#é'), min_size=1, max_size=6), max_size=3)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TAGS, st.text(st.sampled_from('ab "\\#'), max_size=6)), min_size=1, max_size=6))
def test_timewarrior_lines_come_back(tmp_path, rows):
    def quoted(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = []
    for tags, annotation in rows:
        said = f" # {' '.join(map(quoted, tags))}" if tags or annotation else ""
        lines.append(f"inc 20260427T080000Z - 20260427T120000Z{said}{' # ' + quoted(annotation) if annotation else ''}")
    path = tmp_path / "2026-04.data"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (sheet,) = open_file(path, "2026-04.data", SourceConfig(rep="file"))
    (frame,) = sheet.batches()
    expected = [(", ".join(tags).strip() or annotation.strip()) or None for tags, annotation in rows]
    assert frame["label"].to_list() == expected


# ---------------------------------------------------------------- TimeCamp


def test_timecamp_entries(read):
    found = read(json.dumps([timecamp()]), "log.json")
    assert found.sheet.layout == "TimeCamp entries"
    row = found.row(1)
    assert (row["rep"], row["date_text"], row["start_text"]) == ("Ana Ruiz", "2026-03-20", "12:00:00")
    assert (row["end_date_text"], row["end_text"], row["duration_text"]) == ("2026-03-20", "13:00:00", "3600 s")
    assert (row["label"], row["notes"], row["opportunity"]) == ("Offers", "for Northwind", "0064600000J5S5T")


def test_timecamp_past_midnight_without_times_and_running(read):
    found = read(
        json.dumps(
            [
                timecamp(start_time="23:30:00", end_time="00:30:00"),
                timecamp(start_time="00:00:00", end_time="00:00:00", duration="1800"),
                timecamp(end_time="", duration="0"),
                timecamp(name="", user_name=""),
            ]
        ),
        "log.json",
    )
    assert found.column("end_date_text")[0] == "2026-03-21"
    assert found.column("start_text")[1] is None
    assert found.column("duration_text")[1] == "1800 s"
    assert found.rules == [(3, "tracker/running")]
    assert (found.column("label")[3], found.column("rep")[3]) == ("for Northwind", "123")
