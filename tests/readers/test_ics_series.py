"""Series of a calendar: what is taken out, added, moved and changed, and where they stop."""

# ruff: noqa: DTZ001 - clocks on the wall have no zone

from __future__ import annotations

import datetime as dt
import json
import random
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ics_files import OWNER, berlin, calendar, event

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file


def days(found):
    whole = found.column("date_text")
    return [(start or whole[row])[5:16] for row, start in enumerate(found.column("start_text"))]


def series(*lines, rule="FREQ=DAILY;COUNT=4", **told):
    return event(f"RRULE:{rule}", *lines, start=berlin("20260302T090000"), end=berlin("20260302T093000"), **told)


WHOLE = ["03-02T09:00", "03-03T09:00", "03-04T09:00", "03-05T09:00"]


def test_every_occurrence_is_a_row_of_the_events_line(read):
    found = read(calendar(series()), "a.ics")
    assert days(found) == WHOLE
    assert found.column("line") == [5 + part * found.sheet.line_span for part in range(4)]
    assert found.sheet.tally.rows_read == 4


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("EXDATE;TZID=Europe/Berlin:20260303T090000", [0, 2, 3]),
        ("EXDATE:20260303T080000Z,20260305T080000Z", [0, 2]),
        ("EXDATE;TZID=America/New_York:20260303T030000", [0, 2, 3]),
        ("EXDATE;VALUE=DATE:20260304", [0, 1, 3]),
        ("EXDATE:20260302T090000", [1, 2, 3]),
        ("EXDATE;TZID=Europe/Berlin:20260303T091500", [0, 1, 2, 3]),
        ("EXRULE:FREQ=DAILY;INTERVAL=2", [1, 3]),
    ],
)
def test_what_is_taken_out_is_no_row(read, line, left):
    assert days(read(calendar(series(line)), "a.ics")) == [WHOLE[number] for number in left]


def test_added_times_count_and_a_period_has_its_own_end(read):
    found = read(
        calendar(
            series(
                "RDATE;TZID=Europe/Berlin:20260310T140000,20260302T090000",
                "RDATE:20260311T080000Z",
                "RDATE;VALUE=PERIOD:20260312T080000Z/20260312T100000Z,20260313T080000Z/PT15M",
                "RDATE;VALUE=DATE:20260314",
                rule="FREQ=DAILY;COUNT=1",
            )
        ),
        "a.ics",
    )
    assert list(zip(days(found), (text[11:16] for text in found.column("end_text")), strict=True)) == [
        ("03-02T09:00", "09:30"), ("03-10T14:00", "14:30"), ("03-11T09:00", "09:30"), ("03-12T09:00", "11:00"),
        ("03-13T09:00", "09:15"), ("03-14T09:00", "09:30"),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["RECURRENCE-ID;TZID=Europe/Berlin:20260303T090000", "RECURRENCE-ID:20260303T080000Z",
                                 "RECURRENCE-ID;VALUE=DATE:20260303"])  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_a_moved_occurrence_takes_the_place_of_the_one_it_names(read, key, order):
    moved = event(key, start=berlin("20260303T150000"), end=berlin("20260303T160000"), label="Demo, later")
    found = read(calendar(*[series(), moved][::order]), "a.ics")
    assert sorted(days(found)) == ["03-02T09:00", "03-03T15:00", "03-04T09:00", "03-05T09:00"]
    assert found.column("label").count("Demo, later") == 1
    ids = [json.loads(extra).get("recurrence_id") for extra in found.column("extra")]
    assert [text for text in ids if text] == [key.rpartition(":")[2]]


def test_an_occurrence_without_its_series_is_kept(read):
    found = read(calendar(event("RECURRENCE-ID:20260301T080000Z", "RRULE:FREQ=DAILY")), "a.ics")
    assert days(found) == ["03-02T09:00"]


def test_a_cancelled_occurrence_is_set_aside_and_the_rest_counts(read):
    gone = event("RECURRENCE-ID:20260303T080000Z", "STATUS:CANCELLED", start="20260303T080000Z", end=None)
    found = read(calendar(series(), gone), "a.ics")
    assert [(issue.rule, issue.treatment) for issue in found.issues] == [("calendar/cancelled", "set_aside")]
    assert found.frame.height == 4


def test_all_later_occurrences_may_change_at_once(read):
    onward = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260304T090000", start=berlin("20260304T140000"),
        end=berlin("20260304T150000"), label="Demo, afternoons",
    )  # fmt: skip
    found = read(calendar(series(), onward), "a.ics")
    rows = sorted(zip(days(found), found.column("end_text"), found.column("label"), strict=True))
    assert rows == [
        ("03-02T09:00", "2026-03-02T09:30:00+01:00", "Demo"),
        ("03-03T09:00", "2026-03-03T09:30:00+01:00", "Demo"),
        ("03-04T14:00", "2026-03-04T15:00:00+01:00", "Demo, afternoons"),
        ("03-05T14:00", "2026-03-05T15:00:00+01:00", "Demo, afternoons"),
    ]


def test_the_exceptions_of_one_person_are_not_those_of_another(read):
    moved = event("RECURRENCE-ID:20260303T080000Z", start="20260303T150000Z", end="20260303T160000Z")
    for heads in ((OWNER,), ("X-WR-CALNAME:Ana Ruiz",)), ((), ()):
        found = read(calendar(series(), moved, head=heads[0]) + calendar(series(), head=heads[1]), "team.ics")
        assert found.frame.height == 8
        assert days(found).count("03-03T09:00") == 1


def test_a_series_may_lie_in_another_calendar_than_its_exception(read):
    moved = event("RECURRENCE-ID:20260303T080000Z", start="20260303T150000Z", end="20260303T160000Z")
    found = read(calendar(series(), head=()) + calendar(moved, head=()), "lena.ics")
    assert "03-03T09:00" not in days(found)
    assert found.frame.height == 4


def test_events_without_an_identity_are_not_one_event(read):
    lone = [event(uid=text, label=f"{number}") for number, text in enumerate([None, None, "", ""])]
    moved = event("RECURRENCE-ID:20260303T080000Z", uid="", start="20260303T150000Z", end="20260303T160000Z")
    found = read(calendar(*lone, series(uid=""), moved), "a.ics")
    assert found.frame.height == 4 + 4 + 1
    assert found.column("label")[:4] == ["0", "1", "2", "3"]


def test_of_two_versions_the_later_counts_and_equal_ones_are_left_to_be_compared(read):
    old, new = event("SEQUENCE:1"), event("SEQUENCE:3", start="20260302T140000Z", end="20260302T150000Z")
    found = read(calendar(new, old), "a.ics")
    assert [rule for _, rule in found.rules] == ["calendar/superseded"]
    same = read(calendar(event(), event(), event(start="20260303T090000Z", end="20260303T093000Z")), "a.ics")
    assert (same.frame.height, same.issues) == (3, [])


def test_a_start_that_its_rule_does_not_name_counts_and_is_told(read):
    found = read(calendar(series(rule="FREQ=WEEKLY;BYDAY=WE;COUNT=3")), "a.ics")
    assert days(found) == ["03-02T09:00", "03-04T09:00", "03-11T09:00"]
    assert [(issue.line, issue.rule, issue.treatment) for issue in found.issues] == [
        (5, "calendar/start_off_rule", "noted")
    ]
    never = read(calendar(series(rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")), "a.ics")
    assert days(never) == ["03-02T09:00"]
    assert [rule for _, rule in never.rules] == ["calendar/start_off_rule"]


def test_a_series_of_which_nothing_is_left_is_counted(read):
    found = read(calendar(series("EXDATE;VALUE=DATE:20260302", rule="FREQ=DAILY;COUNT=1")), "a.ics")
    assert found.frame.height == 0
    assert (found.sheet.tally.rows_read, found.sheet.tally.skipped) == (1, 1)
    assert found.rules == [(5, "calendar/no_occurrence")]


@pytest.mark.parametrize(
    ("until", "count"),
    [("20260304T080000Z", 3), ("20260304T075959Z", 2), ("20260304", 3), ("20260304T090000", 3), ("20260301", 1)],
)
def test_the_end_of_a_series_is_included(read, until, count):
    assert read(calendar(series(rule=f"FREQ=DAILY;UNTIL={until}")), "a.ics").frame.height == count


def test_a_series_keeps_its_clock_when_the_clock_is_changed(read):
    found = read(
        calendar(
            event("RRULE:FREQ=DAILY;COUNT=3", start=berlin("20260328T023000"), end=berlin("20260328T033000")),
            event("RRULE:FREQ=DAILY;COUNT=3", start=berlin("20261024T013000"), end=berlin("20261024T033000")),
        ),
        "a.ics",
    )
    assert list(zip(found.column("start_text"), found.column("end_text"), strict=True)) == [
        ("2026-03-28T02:30:00+01:00", "2026-03-28T03:30:00+01:00"),
        ("2026-03-29T03:30:00+02:00", "2026-03-29T04:30:00+02:00"),  # 2:30 never was
        ("2026-03-30T02:30:00+02:00", "2026-03-30T03:30:00+02:00"),
        ("2026-10-24T01:30:00+02:00", "2026-10-24T03:30:00+02:00"),
        ("2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+01:00"),  # two hours, as the first time
        ("2026-10-26T01:30:00+01:00", "2026-10-26T03:30:00+01:00"),
    ]
    assert [rule for _, rule in found.rules] == ["calendar/time_gap"]


# ------------------------------------------------------------------- window


def test_a_series_without_an_end_stops_where_the_file_does(read):
    text = calendar(series(rule="FREQ=WEEKLY"), event(start="20260318T120000Z", end="20260318T123000Z", uid="b@x"))
    found = read(text, "a.ics")
    assert days(found) == ["03-02T09:00", "03-09T09:00", "03-16T09:00", "03-18T12:00"]
    assert [note.value for note in found.sheet.notes if note.rule == "calendar/window"] == [
        "to 2026-03-18; 1 without an end"
    ]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (["DTSTAMP:20260320T120000Z"], "2026-03-20"),
        (["CREATED:20260101T120000Z", "LAST-MODIFIED:20260321T000000Z"], "2026-03-21"),
        (["DTSTAMP:99990320T120000Z"], "2026-03-02"),
        (["DTSTAMP:soon"], "2026-03-02"),
    ],
)
def test_stamps_tell_when_the_file_was_made(read, lines, last):
    found = read(calendar(series(*lines, rule="FREQ=WEEKLY")), "a.ics")
    assert [note.value[3:13] for note in found.sheet.notes if note.rule == "calendar/window"] == [last]


def test_one_event_far_ahead_and_whole_days_do_not_draw_a_series_out(read):
    far = event(start="20990302T090000Z", end="20990302T093000Z", uid="far@x")
    day = event(start="20260901", end="20260902", uid="day@x")
    found = read(calendar(series("DTSTAMP:20260310T120000Z", rule="FREQ=WEEKLY"), far, day), "a.ics")
    assert days(found)[:2] == ["03-02T09:00", "03-09T09:00"]
    assert found.frame.height == 4


def test_a_series_with_an_end_is_read_to_its_end(read):
    assert read(calendar(series("DTSTAMP:20260101T120000Z")), "a.ics").frame.height == 4


def test_dates_from_the_settings_bound_everything(read):
    parts = [series(rule="FREQ=DAILY"), series(rule="FREQ=DAILY;COUNT=9", uid="b@x"), event(uid="c@x")]
    said = {"from_date": dt.date(2026, 3, 4), "to_date": dt.date(2026, 3, 5)}
    found = read(calendar(*parts), "a.ics", **said)
    assert days(found) == ["03-04T09:00", "03-05T09:00"] * 2 + ["03-02T09:00"]
    assert [(issue.rule, issue.treatment) for issue in found.issues] == [("calendar/outside_dates", "set_aside")]
    old = event("RRULE:FREQ=DAILY", start="19900101T090000Z", end="19900101T100000Z")
    assert [rule for _, rule in read(calendar(old, event(uid="b@x")), "a.ics").rules] == ["ics/recurrence-bomb"]
    assert read(calendar(old), "a.ics", **said).frame.height == 2


# --------------------------------------------------------------- properties

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


@st.composite
def plans(draw):
    """Draw series by their own words: zone, start, minutes, frequency, step, count, and the days to take out."""
    plan = []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 12, 31))).replace(second=0, microsecond=0)
        plan.append({
            "zone": draw(st.sampled_from(ZONES)), "start": start, "minutes": draw(st.integers(1, 600)),
            "week": draw(st.booleans()), "step": draw(st.integers(1, 3)), "count": draw(st.integers(1, 40)),
            "out": draw(st.sets(st.integers(0, 40), max_size=4)),
            "label": draw(st.text(st.sampled_from("aü,;\\\n😀 "), max_size=8)),
        })  # fmt: skip
    return plan


def walls(one):
    size = dt.timedelta(days=(7 if one["week"] else 1) * one["step"])
    return [one["start"] + size * number for number in range(one["count"])]


def expected(one):
    """Return start, seconds and label as plain arithmetic on UTC gives them."""
    zone = ZoneInfo(one["zone"])
    out = []
    for number, wall in enumerate(walls(one)):
        if number not in one["out"]:
            instant = wall.replace(tzinfo=zone).astimezone(dt.UTC)
            out.append((instant.isoformat(), one["minutes"] * 60, one["label"].strip() or None))
    return out


def written(number, one):
    zone, start = ZoneInfo(one["zone"]), one["start"]
    end = (start.replace(tzinfo=zone).astimezone(dt.UTC) + dt.timedelta(minutes=one["minutes"])).astimezone(dt.UTC)
    label = one["label"].replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")
    frequency = "WEEKLY" if one["week"] else "DAILY"
    out = [walls(one)[at] for at in sorted(one["out"]) if at < one["count"]]
    lines = [f"RRULE:FREQ={frequency};INTERVAL={one['step']};COUNT={one['count']}"]
    lines += [f"EXDATE;TZID={one['zone']}:" + ",".join(f"{wall:%Y%m%dT%H%M%S}" for wall in out)] if out else []
    return event(
        *lines,
        start=f";TZID={one['zone']}:{start:%Y%m%dT%H%M%S}",
        end=f"{end:%Y%m%dT%H%M%SZ}",
        uid=f"{number}@x",
        label=label,
    )


def read_all(path):
    (sheet,) = open_file(path, path.name, SourceConfig())
    rows = [row for batch in sheet.batches() for row in batch.iter_rows(named=True)]
    tally = sheet.tally
    assert len(rows) + tally.blank + tally.skipped == tally.rows_read
    return rows, sheet


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans(), end=st.sampled_from(["\n", "\r\n"]), fold=st.integers(20, 75))
def test_what_is_written_comes_back(tmp_path, plan, end, fold):
    raw = calendar(*[written(number, one) for number, one in enumerate(plan)]).encode()
    folded = [line[at : at + fold] for line in raw.split(b"\n") for at in range(0, max(1, len(line)), fold)]
    firsts = [at == 0 for line in raw.split(b"\n") for at in range(0, max(1, len(line)), fold)]
    text = b"".join(
        (b"" if first else b" ") + piece + end.encode() for piece, first in zip(folded, firsts, strict=True)
    )
    path = tmp_path / "a.ics"
    path.write_bytes(text)
    rows, sheet = read_all(path)
    found = []
    for row in rows:
        start, stop = (dt.datetime.fromisoformat(row[name]) for name in ("start_text", "end_text"))
        found.append((start.astimezone(dt.UTC).isoformat(), round((stop - start).total_seconds()), row["label"]))
    assert sorted(found, key=str) == sorted((row for one in plan for row in expected(one)), key=str)
    whole = [one for one in plan if expected(one)]
    assert sheet.tally.rows_read == len(rows) + len(plan) - len(whole)
    assert {issue.rule for issue in sheet.tally.issues} <= {"calendar/time_gap", "calendar/no_occurrence"}


SEED = calendar(
    series("EXDATE;VALUE=DATE:20260303", "RDATE;VALUE=PERIOD:20260312T080000Z/PT15M", label="Gespräch\\, Müller"),
    event("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260304T090000", "SEQUENCE:2", "STATUS:TENTATIVE"),
    event("DURATION:P1DT2H", 'ATTENDEE;CN="Li: x";PARTSTAT=DECLINED:mailto:li@acme.example', end=None, uid="c@x"),
    event("RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270101T000000Z", "CLASS:PRIVATE", uid="d@x"),
    event(start=";TZID=Own:20260302T090000", end=";TZID=Own:20260302T093000", uid="e@x"),
    "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
    "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE",
).encode()  # fmt: skip
PIECES = [b"\n", b"\r", b"\0", b":", b";", b'"', b"9", b"0", b"-", b"Z", b"\xff", b" ", b"",
          b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"\nRRULE:FREQ=HOURLY\n", b"=", b",", b"\\"]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_damage_anywhere_is_refused_or_told_and_never_a_crash(tmp_path, seed):
    chance = random.Random(seed)
    path = tmp_path / "a.ics"
    codes = set()
    for _ in range(25):
        raw = bytearray(SEED)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(20, len(raw))
            raw[at : at + chance.choice([0, 0, 1, 1, 5, 40])] = chance.choice([*PIECES, bytes([chance.randrange(256)])])
        path.write_bytes(raw)
        try:
            rows, sheet = read_all(path)
        except ReadError as error:
            codes.add(error.code)
            continue
        begun = len(re.findall(rb"^BEGIN:[ \t\v\f\r]*VEVENT[ \t\v\f\r]*$", raw, re.MULTILINE | re.IGNORECASE))
        per_line = {row["line"] % sheet.line_span for row in rows} | {
            issue.line % sheet.line_span for issue in sheet.tally.issues
        }
        assert len(per_line) == begun  # every event is told, as a row or by an issue
        for row in rows:
            if row["start_text"]:
                assert row["end_text"] >= row["start_text"][:8]
    assert codes <= {"ics/encoding", "ics/old-version"}
