"""Local days in whole seconds of UTC, held against zoneinfo."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timewaste.errors import ConfigError
from timewaste.transforms.calendar import calendar, local_day

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe",
    "America/Havana", "America/St_Johns", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran",
    "America/Santiago", "Pacific/Chatham",
)  # fmt: skip


def instant(zone, day, second):
    """Return the UTC second of a wall clock time by zoneinfo, first occurrence; None inside a gap."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second)
    utc = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(dt.UTC)
    if utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        return None
    return int(utc.timestamp())


def elapsed(found, second):
    """Return the seconds since the day's start, as the SQL models compute it; None inside a gap."""
    if found.shift_at_second is None:
        return second
    if found.gap_from_second is not None and found.gap_from_second <= second < found.shift_at_second:
        return None
    return second - found.shift_seconds if second >= found.shift_at_second else second


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), st.dates(dt.date(1995, 1, 1), dt.date(2035, 12, 31)), st.integers(0, 86_399))
@example("Europe/Berlin", dt.date(2026, 3, 29), 7200)
@example("Europe/Berlin", dt.date(2026, 10, 25), 7200)
@example("Europe/Berlin", dt.date(2026, 10, 25), 10_800)
@example("America/Sao_Paulo", dt.date(2018, 11, 4), 1800)
@example("America/Sao_Paulo", dt.date(2018, 2, 17), 86_000)
@example("Asia/Beirut", dt.date(2025, 3, 30), 3600)
@example("Australia/Lord_Howe", dt.date(2026, 10, 4), 8000)
@example("America/Havana", dt.date(2025, 11, 2), 0)
@example("Pacific/Apia", dt.date(2011, 12, 30), 40_000)
def test_wall_clock_times_are_where_zoneinfo_says(zone, day, second):
    found = local_day(zone, day)
    truth = instant(zone, day, second)
    since = elapsed(found, second)
    assert (None if since is None else found.day_start_second + since) == truth


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), st.dates(dt.date(1995, 1, 1), dt.date(2035, 12, 30)))
def test_days_follow_each_other_without_gap_or_overlap(zone, day):
    found, following = local_day(zone, day), local_day(zone, day + dt.timedelta(days=1))
    assert found.day_start_second + found.day_seconds == following.day_start_second
    assert elapsed(found, 86_400) == found.day_seconds


@pytest.mark.parametrize("zone", ZONES)
def test_every_change_of_the_clocks_in_ten_years(zone):
    day = dt.date(2016, 1, 1)
    while day < dt.date(2026, 1, 1):
        found = local_day(zone, day)
        if found.shift_at_second is not None:
            for second in range(0, 86_400, 900):
                since = elapsed(found, second)
                assert (None if since is None else found.day_start_second + since) == instant(zone, day, second)
        day += dt.timedelta(days=1)


def test_calendar_table():
    spans = pl.DataFrame(
        {
            "time_zone": ["Europe/Berlin", "UTC"],
            "first_date": [dt.date(2026, 3, 27), dt.date(2026, 3, 30)],
            "last_date": [dt.date(2026, 3, 31), dt.date(2026, 3, 30)],
        }
    )
    found = calendar(spans, pl.DataFrame({"workdays_per_week": [5]}))
    whole = found.filter(pl.col("time_zone") == "Europe/Berlin")
    assert (whole["local_date"].min(), whole["local_date"].max()) == (dt.date(2026, 3, 26), dt.date(2026, 4, 2))
    berlin = whole.filter(pl.col("local_date").is_between(dt.date(2026, 3, 27), dt.date(2026, 3, 31)))
    assert berlin["weekday_number"].to_list() == [5, 6, 7, 1, 2]
    assert berlin["is_workday"].to_list() == [True, False, False, True, True]
    assert berlin["working_day_number"].to_list() == [1, 2, 2, 2, 3]
    assert berlin["day_seconds"].to_list() == [86_400, 86_400, 82_800, 86_400, 86_400]
    assert berlin["shift_at_second"].to_list() == [None, None, 10_800, None, None]
    assert berlin["shift_seconds"].to_list() == [None, None, 3600, None, None]
    assert berlin["gap_from_second"].to_list() == [None, None, 7200, None, None]
    assert berlin["week_start_date"].to_list() == [dt.date(2026, 3, 23)] * 3 + [dt.date(2026, 3, 30)] * 2
    assert berlin["day_number"].to_list() == list(range(20_539, 20_544))
    utc = found.filter(time_zone="UTC", local_date=dt.date(2026, 3, 30))
    assert utc["day_start_second"].to_list() == [20_542 * 86_400]
    assert calendar(spans.clear(), pl.DataFrame({"workdays_per_week": [5]})).schema == found.schema


def test_an_unknown_zone_is_refused():
    with pytest.raises(ConfigError) as caught:
        local_day("Mars/Olympus", dt.date(2026, 1, 1))
    assert "Mars/Olympus" in caught.value.what
