"""Texts of dates, clock times and durations: what is read, and what is refused instead of guessed."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timewaste.transforms.durations import int_durations, parse_duration
from timewaste.transforms.times import (
    int_clock_times,
    int_dates,
    parse_clock,
    parse_date,
    weekday_in,
)

FIFTH = dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-03-05", ""), ("2026/3/5", "mdy"), ("2026.03.05", "dmy"), ("20260305", ""), ("05.03.2026", "dmy"),
        ("5.3.2026", "dmy"), ("5. 3. 2026", "dmy"), ("03/05/2026", "mdy"), ("05-03-2026", "dmy"), (" 5/3/2026 ", "dmy"),
        ("5 Mar 2026", ""), ("5. März 2026", ""), ("05-Mar-2026", ""), ("March 5, 2026", ""), ("Mar 5, 2026", ""),
        ("5th of March 2026", ""), ("5 mars 2026", ""), ("Thu 05.03.2026", "dmy"), ("Do, 05.03.2026", "dmy"),
        ("Thursday, March 5, 2026", ""), ("jeudi 5 mars 2026", ""),
    ],
)  # fmt: skip
def test_dates(text, order):
    assert parse_date(text, order) == (FIFTH, None)


@pytest.mark.parametrize(
    "text", ["5/1/26", "05.03.26", "5 Mar 26", "46027", "today", "", "2026-3", "5.3/2026", "Foo 5 2026"]
)
def test_dates_that_would_need_a_guess(text):
    assert parse_date(text, "dmy") == (None, "date/format")


def test_a_date_without_known_order_is_not_read():
    assert parse_date("05.03.2026", "") == (None, "date/format")
    assert parse_date("05.03.2026", "ymd") == (None, "date/format")


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("16.03.26", "dmy", (2026, 3, 16)), ("3/16/26", "mdy", (2026, 3, 16)), ("26-03-16", "ymd", (2026, 3, 16)),
        ("17-Mar-26", "", (2026, 3, 17)), ("5 Mar '26", "", (2026, 3, 5)), ("Mar 5, 26", "", (2026, 3, 5)),
        ("Mo 16.3.26", "dmy", (2026, 3, 16)), ("16.03.1999", "dmy", (1999, 3, 16)), ("2026-03-16", "", (2026, 3, 16)),
        ("Mi 18.03.", "dmy", (2031, 3, 18)), ("18.3", "dmy", (2031, 3, 18)), ("3/18", "mdy", (2031, 3, 18)),
        ("18. März", "", (2031, 3, 18)), ("Mar 18", "", (2031, 3, 18)), ("mar 18 mars", "", (2031, 3, 18)),
    ],
)  # fmt: skip
def test_a_year_that_is_told(text, order, found):
    assert parse_date(text, order, century=2000, year=2031) == (dt.date(*found), None)


@pytest.mark.parametrize("text", ["KW 12", "1.5.3", "16.03.126", "", "Mo", "1/2-26"])
def test_a_told_year_makes_no_date_of_other_texts(text):
    assert parse_date(text, "dmy", century=2000, year=2026) == (None, "date/format")


@pytest.mark.parametrize("text", ["3/19/2026,", "3/19/2026 ,"])
def test_a_comma_between_day_and_time_says_nothing(text):
    assert parse_date(text, "mdy") == (dt.date(2026, 3, 19), None)


@pytest.mark.parametrize("text", ["30.02.2026", "2026-13-01", "31.04.2026", "32.01.2026", "0.1.2026"])
def test_impossible_dates(text):
    assert parse_date(text, "dmy") == (None, "date/impossible")


@given(st.dates(dt.date(1900, 1, 1)), st.sampled_from(["/", ".", "-"]))
def test_every_date_comes_back(day, mark):
    for order, text in {
        "dmy": f"{day.day}{mark}{day.month}{mark}{day.year:04}",
        "mdy": f"{day.month:02}{mark}{day.day:02}{mark}{day.year:04}",
        "ymd": day.isoformat(),
    }.items():
        assert parse_date(text, order) == (day, None)


def test_weekday_names():
    texts = ("Mon 5.3.2026", "So. 5.3.2026", "mar 3.3.2026", "5 Mar 2026", "Mar 5, 2026")
    assert [weekday_in(text) for text in texts] == [1, 7, 2, 0, 0]


@pytest.mark.parametrize(
    ("text", "second", "offset"),
    [
        ("9:05", 32_700, None), ("09:05", 32_700, None), ("09:05:30", 32_730, None), ("9.05", 32_700, None),
        ("9h30", 34_200, None), ("0930", 34_200, None), ("9:05 AM", 32_700, None), ("9:05pm", 75_900, None),
        ("9:05 p.m.", 75_900, None), ("12:00 AM", 0, None), ("12:30 PM", 45_000, None), ("9 am", 32_400, None),
        ("9 Uhr", 32_400, None), ("9:30 Uhr", 34_200, None), ("24:00", 86_400, None), ("00:00", 0, None),
        ("23:59:60", 86_399, None), ("09:05Z", 32_700, 0), ("09:05 UTC", 32_700, 0), ("09:05:00+05:30", 32_700, 19_800),
        ("09:05-0300", 32_700, -10_800), ("0.375", 32_400, None), ("0,5", 43_200, None), (".5", 43_200, None),
        ("09:05:30.000", 32_730, None),
    ],
)  # fmt: skip
def test_clock_times(text, second, offset):
    assert parse_clock(text) == (second, offset, None)


@pytest.mark.parametrize(
    "text",
    [
        "930", "9", "9:5", "14:00 PM", "0:30 AM", "25:00", "24:01", "12:60", "12:00:60", "9:05 garbage", "noon", "",
        "1.375", "0.999999", "09:05+15:00", "09:05 Europe/Berlin", "-1:00", "2026-01-05 09:05", "2930",
    ],
)  # fmt: skip
def test_clock_times_that_would_need_a_guess(text):
    assert parse_clock(text) == (None, None, "time/format")


@given(st.integers(0, 86_399))
def test_every_second_of_the_day_comes_back(second):
    clock = (dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)).time()
    for text in (f"{clock:%H:%M:%S}", f"{clock:%I:%M:%S %p}", f"{clock:%H.%M.%S}"):
        assert parse_clock(text) == (second, None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:30", 5400), ("01:30:00", 5400), ("24:00", 86_400), ("1h30", 5400), ("1h30m", 5400), ("1 h 30 min", 5400),
        ("90 min", 5400), ("90m", 5400), ("90'", 5400), ("1.5h", 5400), ("1.5 hours", 5400), ("1 Std. 30 Min.", 5400),
        ("2 Stunden", 7200), ("45 Minuten", 2700), ("PT1H30M", 5400), ("pt90m", 5400), ("1h", 3600), ("30s", 30),
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["", "minutes", "mixed"])
def test_durations_with_a_unit_need_no_other(text, seconds, unit):
    assert parse_duration(text, unit, ".") == (seconds, None)


@pytest.mark.parametrize(
    ("text", "unit", "mark", "found"),
    [
        ("90", "minutes", "", (5400, None)), ("1.5", "hours", ".", (5400, None)), ("1,5", "hours", ",", (5400, None)),
        (".5", "hours", ".", (1800, None)), ("0.0625", "days", ".", (5400, None)),
        ("0.041666666666666664", "days", ".", (3600, None)), ("1.5", "mixed", ".", (5400, None)),
        ("90", "mixed", ".", (5400, None)), ("2", "mixed", ".", (None, "duration/ambiguous")),
        ("90", "", "", (None, "duration/ambiguous")), ("1,5 h", "", ",", (5400, None)), ("1,5 h", "", "", (5400, None)),
        ("1,5 h", "", ".", (None, "number/format")), ("1.234 h", "", "", (None, "number/format")),
        ("1,5", "hours", ".", (None, "number/format")), ("1.5", "hours", ",", (None, "number/format")),
        ("1,5", "hours", "", (None, "number/format")), ("1.234", "minutes", ",", (74_040, None)),
        ("1.234", "hours", ".", (4442, None)), ("12.34.5", "minutes", ".", (None, "number/format")),
        ("-30", "minutes", ".", (None, "duration/negative")), ("\u22121:30", "", "", (None, "duration/negative")),
        ("0", "minutes", ".", (None, "duration/zero")), ("0:00", "", "", (None, "duration/zero")),
        ("26:15:00", "", "", (None, "duration/too_long")), ("1500", "minutes", "", (None, "duration/too_long")),
        ("9" * 400, "minutes", "", (None, "duration/too_long")), ("1:75", "", "", (None, "duration/format")),
        ("abc", "hours", ".", (None, "duration/format")), ("1e3", "minutes", ".", (None, "duration/format")),
        ("0x1F", "minutes", ".", (None, "duration/format")), ("1_000", "minutes", ".", (None, "duration/format")),
    ],
)  # fmt: skip
def test_bare_durations(text, unit, mark, found):
    assert parse_duration(text, unit, mark) == found


@given(st.integers(1, 86_400))
def test_every_duration_comes_back(seconds):
    hours, rest = divmod(seconds, 3600)
    assert parse_duration(f"{hours}:{rest // 60:02}:{rest % 60:02}", "", "") == (seconds, None)
    assert parse_duration(repr(seconds / 86_400), "days", ".") == (seconds, None) or "e" in repr(seconds / 86_400)
    assert parse_duration(f"{hours} h {rest // 60} min {rest % 60} s", "", "") == (seconds, None)


def test_int_dates():
    frame = pl.DataFrame(
        {
            "source_id": [2, 1, 1, 1],
            "date_text": ["03/04/2026", "2026-03-05", "05.03.1926", "x"],
            "date_order": ["mdy", "dmy", "dmy", "dmy"],
            "date_century": [0, 0, 0, None],
            "date_year": [0, 0, 0, None],
            "earliest_date": [dt.date(2000, 1, 1)] * 4,
            "latest_date": [dt.date(2030, 1, 1)] * 4,
        }
    )
    found = int_dates(frame)
    assert found.rows() == [
        (1, "05.03.1926", None, None, "date/window"),
        (1, "2026-03-05", FIFTH, (FIFTH - dt.date(1970, 1, 1)).days, None),
        (1, "x", None, None, "date/format"),
        (2, "03/04/2026", dt.date(2026, 3, 4), 20_516, None),
    ]
    assert found.schema["local_date"] == pl.Date
    assert int_dates(frame.clear()).schema == found.schema


def test_int_clock_times():
    found = int_clock_times(pl.DataFrame({"clock_text": ["9:05Z", "24:00", "x"]}))
    assert found.rows() == [("24:00", 86_400, None, None), ("9:05Z", 32_700, 0, None), ("x", None, None, "time/format")]
    assert int_clock_times(pl.DataFrame(schema={"clock_text": pl.String})).schema == found.schema


def test_int_durations():
    frame = pl.DataFrame(
        {
            "source_id": [1, 2, 2],
            "text_id": [7, 8, 7],
            "duration_text": ["1.5", "1,5", "1.5"],
            "duration_unit": ["hours", "hours", None],
            "decimal_mark": [".", ",", None],
        }
    )
    found = int_durations(frame)
    assert found.rows() == [(1, 7, 5400, None), (2, 7, None, "number/format"), (2, 8, 5400, None)]
    assert int_durations(frame.clear()).schema == found.schema
