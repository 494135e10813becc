"""Rules of recurrence -> the times they mean, by the clock on the wall, in order.

The work is bounded by counting, not by a clock: the same file gives the same times on every machine, and a rule
that would run for ever ends as `Spoiled` ics/recurrence-bomb.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timewaste.readers.ics_values import Spoiled, Stamp, parse_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.ics_values import Line

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
REFUSED = ("MINUTELY", "SECONDLY")
WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
STEPS_PER_RULE = 200_000
STEPS_PER_FILE = 8_000_000
_DAY = dt.timedelta(days=1)
_RANGES = {
    "BYSECOND": (0, 60), "BYMINUTE": (0, 59), "BYHOUR": (0, 23), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53), "BYMONTH": (1, 12), "BYSETPOS": (-366, 366),
}  # fmt: skip
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(slots=True)
class Work:
    """How many days and times may still be looked at: by one rule, and by all of a file."""

    of_file: int = STEPS_PER_FILE
    of_rule: int = STEPS_PER_RULE

    def refill(self) -> None:
        """Begin with a file anew."""
        self.of_file = STEPS_PER_FILE

    def begin(self) -> None:
        """Begin with another rule."""
        self.of_rule = STEPS_PER_RULE

    def step(self, count: int, rule: Rule) -> None:
        """Count work. Raises `Spoiled` ics/recurrence-bomb when there was too much."""
        self.of_rule -= count
        self.of_file -= count
        if self.of_rule < 0 or self.of_file < 0:
            raise Spoiled("ics/recurrence-bomb", rule.name, rule.text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written. `by` holds its numbers, `days` its weekdays with the place of each in month or year."""

    name: str
    text: str
    frequency: str
    interval: int
    count: int
    until: Stamp | None
    week_start: int
    by: dict[str, tuple[int, ...]]
    days: tuple[tuple[int, int], ...]

    @property
    def is_open(self) -> bool:
        """Tell whether the rule names no end."""
        return not self.count and self.until is None


def parse_rule(line: Line) -> Rule:
    """Return the rule. Raises `Spoiled`: ics/bad-event if it is none, ics/recurrence-bomb if nobody can mean it."""
    said: dict[str, str] = {}
    for part in line.value.strip().strip(";").split(";"):
        key, _, value = part.partition("=")
        said[key.strip().upper()] = value.strip().upper()
    frequency = said.pop("FREQ", "")
    if frequency in REFUSED:
        raise Spoiled("ics/recurrence-bomb", line.name, line.value)
    if frequency not in FREQUENCIES:
        raise Spoiled("ics/bad-event", line.name, line.value)
    count = _numbers(said.pop("COUNT", ""), (1, 10**12), line)
    interval = _numbers(said.pop("INTERVAL", "1"), (0, 10**9), line)
    if len(interval) != 1 or len(count) > 1:
        raise Spoiled("ics/bad-event", line.name, line.value)
    if interval[0] == 0:
        raise Spoiled("ics/recurrence-bomb", line.name, line.value)
    until = parse_stamp(line, said.pop("UNTIL")) if said.get("UNTIL") else None
    week_start = WEEKDAYS.get(said.pop("WKST", "MO"))
    days = _weekdays(said.pop("BYDAY", ""), line)
    is_short = frequency not in {"YEARLY", "MONTHLY"}
    by = {key: _numbers(said.pop(key), span, line) for key, span in _RANGES.items() if key in said}
    if week_start is None or said.keys() - {"UNTIL", ""} or (any(place for place, _ in days) and is_short):
        raise Spoiled("ics/bad-event", line.name, line.value)
    return Rule(
        line.name, line.value, frequency, interval[0], count[0] if count else 0, until, week_start,
        {key: numbers for key, numbers in by.items() if numbers}, days,
    )  # fmt: skip


def _numbers(text: str, span: tuple[int, int], line: Line) -> tuple[int, ...]:
    if not text:
        return ()
    numbers = []
    for part in text.split(","):
        if not re.fullmatch(r"[+-]?\d{1,13}", part) or not span[0] <= int(part) <= span[1]:
            raise Spoiled("ics/bad-event", line.name, line.value)
        if int(part) == 0 and span[0] < 0:  # counted from the end or the beginning: there is no place 0
            raise Spoiled("ics/bad-event", line.name, line.value)
        numbers.append(int(part))
    return tuple(sorted(set(numbers)))


def _weekdays(text: str, line: Line) -> tuple[tuple[int, int], ...]:
    days = set()
    for part in text.split(",") if text else ():
        match = _BYDAY.fullmatch(part.strip())
        if not match or (match[1] and int(match[1]) == 0):
            raise Spoiled("ics/bad-event", line.name, line.value)
        days.add((int(match[1] or 0), WEEKDAYS[match[2]]))
    return tuple(sorted(days))


def rule_times(rule: Rule, start: dt.datetime, last: dt.datetime | None, work: Work) -> Iterator[dt.datetime]:
    """Yield the times from `start` on, which need not be one of them, up to `last`; not cut by the rule's count.

    `last` is the end of the window and the rule's `until` in the clock of `start`. Raises `Spoiled`
    ics/recurrence-bomb when it takes too much work.
    """
    work.begin()
    try:
        for days, times in _periods(rule, start, last, work):
            if "BYSETPOS" in rule.by:
                work.step(len(days) * len(times) * 10, rule)  # all of a period is held at once
            found = (dt.datetime.combine(day, time) for day in days for time in times)
            for moment in _places(rule, list(found)) if "BYSETPOS" in rule.by else found:
                if last is not None and moment > last:
                    return
                work.step(1, rule)
                if moment >= start:
                    yield moment
    except OverflowError:  # the end of all years
        return


def _places(rule: Rule, found: list[dt.datetime]) -> list[dt.datetime]:
    places = {place - 1 if place > 0 else len(found) + place for place in rule.by["BYSETPOS"]}
    return [found[place] for place in sorted(places) if 0 <= place < len(found)]


def _periods(
    rule: Rule, start: dt.datetime, last: dt.datetime | None, work: Work
) -> Iterator[tuple[list[dt.date], list[dt.time]]]:
    """Yield the days and times of each period that the rule steps through."""
    fits = _Fits(rule, start.date())
    if rule.frequency == "HOURLY":
        yield from _hours(rule, start, last, work, fits)
        return
    times = _times(rule, start, (start.hour,))
    work.step(len(times), rule)
    for days in _steps(rule, start.date()):
        if last is not None and days[0] > last.date():
            return
        work.step(len(days), rule)
        if good := [day for day in days if fits(day)]:
            yield good, times


def _hours(
    rule: Rule, start: dt.datetime, last: dt.datetime | None, work: Work, fits: _Fits
) -> Iterator[tuple[list[dt.date], list[dt.time]]]:
    hour = start.replace(minute=0, second=0)
    while last is None or hour <= last:
        work.step(1, rule)
        if fits(hour.date()) and hour.hour in rule.by.get("BYHOUR", (hour.hour,)):
            yield [hour.date()], _times(rule, start, (hour.hour,))
        hour += dt.timedelta(hours=rule.interval)


def _times(rule: Rule, start: dt.datetime, hours: tuple[int, ...]) -> list[dt.time]:
    if rule.frequency != "HOURLY":
        hours = rule.by.get("BYHOUR", hours)
    return [
        dt.time(hour, minute, second)
        for hour in hours
        for minute in rule.by.get("BYMINUTE", (start.minute,))
        for second in rule.by.get("BYSECOND", (start.second,))
        if second < 60
    ]


def _steps(rule: Rule, first: dt.date) -> Iterator[list[dt.date]]:
    """Yield the days of each year, month, week or day that the rule looks at, without those no month of it holds."""
    if rule.frequency == "DAILY":
        while True:
            yield [first]
            first += _DAY * rule.interval
    if rule.frequency == "WEEKLY":
        monday = first - _DAY * ((first.weekday() - rule.week_start) % 7)
        while True:
            yield [monday + _DAY * number for number in range(7)]
            monday += _DAY * 7 * rule.interval
    year, month = first.year, first.month
    if rule.frequency == "MONTHLY":
        while year < dt.MAXYEAR - 1:
            yield _month_days(year, month)
            year, month = year + (month - 1 + rule.interval) // 12, (month - 1 + rule.interval) % 12 + 1
        return
    months = rule.by.get("BYMONTH") or ((first.month,) if _is_by_start(rule) else tuple(range(1, 13)))
    if "BYWEEKNO" in rule.by:
        months = tuple(range(1, 13))
    while year < dt.MAXYEAR - 1:
        yield [day for month in months for day in _month_days(year, month)]
        year += rule.interval


def _month_days(year: int, month: int) -> list[dt.date]:
    return [dt.date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


def _is_by_start(rule: Rule) -> bool:
    """Tell whether a yearly rule says no day, so that the day of the start holds."""
    return not rule.days and not rule.by.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}


class _Fits:
    """Whether a day is one that the rule means: what it does not say is taken from the start."""

    def __init__(self, rule: Rule, first: dt.date) -> None:
        self._by = dict(rule.by)
        self._week_start = rule.week_start
        days = rule.days
        if _is_by_start(rule):
            if rule.frequency in {"YEARLY", "MONTHLY"}:
                self._by["BYMONTHDAY"] = (first.day,)
                if rule.frequency == "YEARLY":
                    self._by.setdefault("BYMONTH", (first.month,))
            elif rule.frequency == "WEEKLY":
                days = ((0, first.weekday()),)
        elif "BYWEEKNO" in self._by and not days and not self._by.keys() & {"BYMONTHDAY", "BYYEARDAY"}:
            days = ((0, first.weekday()),)
        self._any = {day for place, day in days if not place}
        self._placed = [(place, day) for place, day in days if place]
        self._in_month = rule.frequency == "MONTHLY" or "BYMONTH" in self._by

    def __call__(self, day: dt.date) -> bool:
        """Tell whether the day fits every part of the rule."""
        by = self._by
        if "BYMONTH" in by and day.month not in by["BYMONTH"]:
            return False
        if "BYMONTHDAY" in by:
            size = calendar.monthrange(day.year, day.month)[1]
            if day.day not in by["BYMONTHDAY"] and day.day - size - 1 not in by["BYMONTHDAY"]:
                return False
        if "BYYEARDAY" in by:
            number, size = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
            if number not in by["BYYEARDAY"] and number - size - 1 not in by["BYYEARDAY"]:
                return False
        if "BYWEEKNO" in by and not self._is_in_week(day):
            return False
        return (not self._any and not self._placed) or day.weekday() in self._any or self._is_placed(day)

    def _is_placed(self, day: dt.date) -> bool:
        if not self._placed:
            return False
        if self._in_month:
            number, size = day.day, calendar.monthrange(day.year, day.month)[1]
        else:
            number, size = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
        from_start, from_end = (number - 1) // 7 + 1, -((size - number) // 7 + 1)
        return any(day.weekday() == weekday and place in {from_start, from_end} for place, weekday in self._placed)

    def _is_in_week(self, day: dt.date) -> bool:
        """Tell whether the day lies in one of the weeks of the year that most of its week lies in."""
        year = day.year + 1
        while day < (first := _first_week(year, self._week_start)):
            year -= 1
        number = (day - first).days // 7 + 1
        size = (_first_week(year + 1, self._week_start) - first).days // 7
        return number in self._by["BYWEEKNO"] or number - size - 1 in self._by["BYWEEKNO"]


def _first_week(year: int, week_start: int) -> dt.date:
    """Return the first day of week 1: the first week with four days or more in the year."""
    fourth = dt.date(year, 1, 4)
    return fourth - _DAY * ((fourth.weekday() - week_start) % 7)
