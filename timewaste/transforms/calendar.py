"""Local days of each time zone in whole seconds of UTC: what SQL models need instead of time functions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from timewaste.errors import ConfigError

if TYPE_CHECKING:
    import polars as pl

DAY = 86_400
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class LocalDay(NamedTuple):
    """A day of a zone, and where its clock jumps.

    A wall clock time s >= `shift_at_second` is s - `shift_seconds` seconds after the day's start. Times from
    `gap_from_second` up to `shift_at_second` do not exist on that day; of a doubled hour the first occurrence
    is meant. The last three are None on a day without a change of the clocks.
    """

    day_start_second: int
    day_seconds: int
    shift_at_second: int | None
    shift_seconds: int | None
    gap_from_second: int | None


def calendar(int_calendar_spans: pl.DataFrame, cfg_settings: pl.DataFrame) -> pl.DataFrame:
    """Days of each time zone in use: where they begin in UTC, how long they are, where the clocks change.

    Covers a day before each span and two after it: what was logged there can reach beyond.

    Grain: one row per time zone and day.
    Expect: unique(time_zone, local_date), not_null(day_start_second), check(day_seconds >= 0)
    Column: time_zone = IANA name of the zone whose day it is.
    Column: local_date = The day.
    Column: day_start_second = When the day begins, in seconds since 1970-01-01 UTC.
    Column: day_seconds = Length of the day: 86400, but for days on which the clocks change.
    Column: shift_at_second = Clock time from which the clocks are changed, in seconds after midnight; null on other
      days.
    Column: shift_seconds = What the clocks are put forward by; negative where back, null on other days.
    Column: gap_from_second = Clock time from which times do not exist, up to shift_at_second; null on other days.
    """
    import polars as pl

    days = [
        (zone, first + dt.timedelta(days=offset), *local_day(zone, first + dt.timedelta(days=offset)))
        for zone, first, last in int_calendar_spans.select("time_zone", "first_date", "last_date").iter_rows()
        for offset in range(-1, (last - first).days + 3)  # entries across midnight, and offsets of up to 14 hours
    ]
    frame = pl.DataFrame(
        days,
        schema={"time_zone": pl.String, "local_date": pl.Date, **dict.fromkeys(LocalDay._fields, pl.Int64)},
        orient="row",
    )
    workdays = int(cfg_settings["workdays_per_week"][0])
    return (
        frame
        .unique(["time_zone", "local_date"])
        .sort("time_zone", "local_date")
        .with_columns(
            pl.col("local_date").cast(pl.Int32).cast(pl.Int64).alias("day_number"),
            pl.col("local_date").dt.weekday().cast(pl.Int64).alias("weekday_number"),
            pl.col("local_date").dt.truncate("1w").alias("week_start_date"),
        )
        .with_columns((pl.col("weekday_number") <= workdays).alias("is_workday"))
        .with_columns(
            (pl.col("is_workday").cast(pl.Int64).cum_sum() - pl.col("is_workday").cast(pl.Int64))
            .over("time_zone")
            .alias("working_day_number"),
        )
        .select(
            "time_zone", "local_date", "day_number", "day_start_second", "day_seconds", "shift_at_second",
            "shift_seconds", "gap_from_second", "weekday_number", "week_start_date", "is_workday",
            "working_day_number",
        )
    )  # fmt: skip


def local_day(zone_name: str, day: dt.date) -> LocalDay:
    """Return where a local day lies in UTC and where its clock jumps.

    At most one change of the clocks in a day is expected. Raises `ConfigError` for an unknown zone.
    """
    zone = _zone(zone_name)
    start, end = _day_start(zone, day), _day_start(zone, day + dt.timedelta(days=1))
    midnight = int((dt.datetime.combine(day, dt.time(), dt.UTC) - _EPOCH).total_seconds())
    first_wall = start + _offset(zone, start) - midnight
    if first_wall > 0:  # the clock jumped over midnight: the day begins later on the clock
        return LocalDay(start, end - start, first_wall, first_wall, 0)
    before, after = _offset(zone, start), _offset(zone, end - 1)
    if before != after:
        change = _change(zone, start, end - 1)
        if after > before:
            gap = change + before - midnight
            return LocalDay(start, end - start, gap + after - before, after - before, gap)
        return LocalDay(start, end - start, change + before - midnight, after - before, None)
    if end - start < DAY:  # the clock jumps at the end of this day, into the next
        return LocalDay(start, end - start, DAY, DAY - (end - start), end - start)
    return LocalDay(start, end - start, None, None, None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"unknown time zone {name!r}", where="time_zone", mend="Use an IANA name such as Europe/Berlin."
        ) from None


def _offset(zone: ZoneInfo, instant: int) -> int:
    local = (_EPOCH + dt.timedelta(seconds=instant)).astimezone(zone)
    return int((local.utcoffset() or dt.timedelta()).total_seconds())


def _day_start(zone: ZoneInfo, day: dt.date) -> int:
    """Return the UTC second at which the day begins: its first midnight, or the jump over it."""
    midnight = dt.datetime.combine(day, dt.time(), zone)
    wall = int((dt.datetime.combine(day, dt.time(), dt.UTC) - _EPOCH).total_seconds())
    instant = int(midnight.timestamp())
    if instant + _offset(zone, instant) == wall:
        return instant
    return _change(zone, instant - DAY, instant)  # midnight is in a gap


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """Return the first second with another offset than at `low`, by bisection."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
