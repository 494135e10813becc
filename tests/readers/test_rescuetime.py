"""RescueTime: buckets, of which some hold more seconds than they last."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timewaste.errors import ReadError
from timewaste.readers.layouts.rescuetime import scale

HEADER = "Date,Time Spent (seconds),Number of People,Activity,Category,Productivity"


def rescue(*rows):
    return HEADER + "\r\n" + "".join(f"{date},{seconds},1,{app},Business,2\r\n" for date, seconds, app in rows)


def test_buckets_are_totals_of_their_day(read):
    found = read(
        rescue(("2026-09-01T10:55:00", 72, "crm.example.com"), ("2026-09-01T10:55:00", 56, "Outlook")), rep="file"
    )
    assert found.sheet.layout == "RescueTime rows"
    row = found.row(2)
    assert (row["date_text"], row["start_text"], row["duration_text"]) == ("2026-09-01", None, "72 s")
    assert row["label"] == "crm.example.com"
    extra = json.loads(row["extra"])
    assert (extra["bucket"], extra["Category"], extra["Productivity"]) == ("2026-09-01T10:55:00", "Business", "2")
    assert found.rules == []
    assert [note.value for note in found.sheet.tally.notes] == [
        "buckets of 5 minutes, by the times that stand under Date"
    ]


def test_an_overfull_bucket_is_scaled_to_the_time_that_passed(read):
    found = read(
        rescue(
            ("2026-09-01T10:55:00", 300, "Outlook"),
            ("2026-09-01T10:55:00", 200, "phone"),
            ("2026-09-01T10:55:00", 100, "Excel"),
            ("2026-09-01T11:00:00", 300, "Outlook"),
        ),
        rep="file",
    )
    assert found.column("duration_text") == ["150 s", "100 s", "50 s", "300 s"]
    assert found.rules == [(line, "bucket/overfull") for line in (2, 3, 4)]
    assert json.loads(found.row(2)["extra"])["original_seconds"] == "300"
    again = next(found.sheet.batches())
    assert again["duration_text"].to_list() == found.column("duration_text")


def test_hours_and_days_as_buckets(read):
    hours = read(rescue(("2026-09-01T10:00:00", 3000, "a"), ("2026-09-01T10:00:00", 3000, "b")), rep="file")
    assert hours.column("duration_text") == ["1800 s", "1800 s"]
    days = read(rescue(("2026-09-01T00:00:00", 30000, "a"), ("2026-09-02T00:00:00", 3000, "b")), rep="file")
    assert days.column("duration_text") == ["30000 s", "3000 s"]


def test_the_hour_that_comes_twice_has_room_for_two(read):
    rows = rescue(("2026-10-25T02:30:00", 300, "a"), ("2026-10-25T02:30:00", 250, "b"), ("2026-10-25T03:30:00", 9, "a"))
    assert read(rows, rep="file", time_zone="Europe/Berlin").column("duration_text") == ["300 s", "250 s", "9 s"]
    assert read(rows, rep="file").column("duration_text") == ["164 s", "136 s", "9 s"]


def test_weeks_cannot_be_told_from_days_but_by_what_they_hold(read):
    with pytest.raises(ReadError, match="longer than a day") as caught:
        read(rescue(("2026-09-07T00:00:00", 90000, "a"), ("2026-09-14T00:00:00", 30000, "b")), rep="file")
    assert caught.value.where == "log.csv"


def test_ranks_without_days_are_refused(read):
    content = {"row_headers": ["Rank", "Time Spent (seconds)", "Activity"], "rows": [[1, 72, "outlook"]]}
    with pytest.raises(ReadError, match="without days") as caught:
        read(json.dumps(content), "rows.json", rep="file")
    assert "interval" in caught.value.mend


def test_json_with_row_headers(read):
    content = {
        "notes": "data is an array of arrays",
        "row_headers": ["Date", "Time Spent (seconds)", "Number of People", "Activity", "Document", "Productivity"],
        "rows": [["2026-09-01T10:55:00", 72, 1, "outlook", "Inbox", 2], ["2026-09-01T10:55:00", 1, 1, "x"]],
    }
    found = read(json.dumps(content), "rows.json", rep="file")
    assert found.sheet.layout == "RescueTime rows"
    assert found.row(1)["duration_text"] == "72 s"
    assert json.loads(found.row(1)["extra"])["Document"] == "Inbox"
    assert found.rules == [(2, "json/cells")]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=20), st.integers(1, 600))
def test_scaled_seconds_add_up_and_keep_their_order(seconds, room):
    scaled = scale(seconds, room)
    assert sum(scaled) == room
    assert all(abs(part * room / sum(seconds) - new) < 1 for part, new in zip(seconds, scaled, strict=True))
    ranked = sorted(zip(seconds, scaled, strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(ranked) if a[0] < b[0])
