"""A series of a calendar -> its occurrences: by rules and lists, without what is taken out or told elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.ics_events import DAY, Event, Moment, key_of, moment_of
from timewaste.readers.ics_rules import Rule, Work, parse_rule, rule_times
from timewaste.readers.ics_values import Spoiled, Stamp, parse_length, parse_stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from timewaste.readers.ics_events import Key
    from timewaste.readers.ics_values import Line
    from timewaste.readers.ics_zones import Zones

MOST_OCCURRENCES = 3_500
MOST_OF_FILE = 100_000
LATEST = dt.datetime(2200, 1, 1)  # noqa: DTZ001 - a wall clock; no study is later


class Occurrence(NamedTuple):
    """One time of an event; `event` is what holds for it, and `is_off_rule` the first that the rule does not name."""

    start: Moment
    end: Moment
    event: Event
    is_off_rule: bool = False


class Window(NamedTuple):
    """The days to look at, both included: as the settings say, and where a series without an end stops."""

    first: dt.date | None
    last: dt.date | None
    open_last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Tell whether the settings want a day."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def occurrences(  # noqa: PLR0913 - each says one thing of the series
    event: Event,
    *,
    replaced: Collection[Key],
    onward: Sequence[Event],
    window: Window,
    zones: Zones,
    work: Work,
    most: int,
) -> list[Occurrence]:
    """Return the times of an event within the window, without those that are taken out or told by another event.

    Raises `Spoiled` ics/recurrence-bomb when they are more than `most`.
    """
    start = event.start
    if start is None:  # a day has no times
        return []
    out = set(replaced)
    for line in event.properties.get("EXDATE", ()):
        out |= {key_of(line, zones, value) for value in line.value.split(",") if value.strip()}
    found: dict[dt.datetime, tuple[Moment, Moment | None]] = {}
    is_off_rule = bool(event.rules)
    for moment, end, is_by_rule in _all_times(event, start, window, zones, work):
        is_off_rule = is_off_rule and not (is_by_rule and moment.utc == start.utc)
        if window.holds(moment.wall.date()) and out.isdisjoint(moment.keys):
            found.setdefault(moment.utc, (moment, end))
            if len(found) > most:
                raise Spoiled("ics/recurrence-bomb", "RRULE", event.first("RRULE") or f"more than {most} times")
    for line in event.properties.get("EXRULE", ()) if found else ():
        until = window._replace(open_last=max(moment.wall.date() for moment, _ in found.values()))
        gone = set(_rule_walls(parse_rule(line), start, until, zones, work))
        found = {utc: times for utc, times in found.items() if times[0].wall not in gone}
    return [
        _placed(event, onward, moment, end, is_off_rule=is_off_rule and moment.utc == start.utc)
        for _, (moment, end) in sorted(found.items())
    ]


def _all_times(
    event: Event, start: Moment, window: Window, zones: Zones, work: Work
) -> Iterator[tuple[Moment, Moment | None, bool]]:
    """Yield the start, the times of the rules, and those of RDATE: with an end of its own, and whether by a rule."""
    yield start, None, False
    for rule in event.rules:
        for wall in _rule_walls(rule, start, window, zones, work):
            yield moment_of(wall, start.zone), None, True
    for line in event.properties.get("RDATE", ()):
        for value in line.value.split(","):
            first, _, last = value.strip().partition("/")
            stamp = parse_stamp(line, first)
            if stamp.is_day:  # the day, at the time of the series
                stamp = Stamp(dt.datetime.combine(stamp.wall.date(), start.wall.time()), "")
            moment = _like(start, stamp, zones, line.name)
            yield moment, _period_end(moment, last, line, zones) if last else None, False


def _like(start: Moment, stamp: Stamp, zones: Zones, column: str) -> Moment:
    """Return a further time of a series, by the clock of the series."""
    if not stamp.zone or start.zone is None:
        return moment_of(stamp.wall, start.zone)
    utc = zones.find(stamp.zone, column).to_utc(stamp.wall)
    return Moment(utc + start.zone.offset(utc), utc, start.zone)


def _period_end(start: Moment, text: str, line: Line, zones: Zones) -> Moment:
    if text[:1].upper() in {"P", "+", "-"}:
        length = parse_length(line, text)
        utc = start.utc + DAY * length.days + dt.timedelta(seconds=length.seconds)
        end = Moment(utc if start.zone is None else utc + start.zone.offset(utc), utc, start.zone)
    else:
        end = _like(start, parse_stamp(line, text), zones, line.name)
    if end.utc < start.utc:
        raise Spoiled("ics/negative", line.name, text)
    return end


def _rule_walls(rule: Rule, start: Moment, window: Window, zones: Zones, work: Work) -> Iterator[dt.datetime]:
    """Yield the wall clocks of a rule up to its own end, the window's, and that of all years."""
    last = LATEST
    if window.last or rule.is_open:
        day = window.last or max(window.open_last, start.wall.date())
        last = dt.datetime.combine(day, dt.time(23, 59, 59))
    if rule.until is not None:
        until = _until(rule.until, start, zones)
        if until > last == LATEST:  # the end of a series that has none
            raise Spoiled("ics/recurrence-bomb", rule.name, rule.text)
        last = min(last, until)
    left = rule.count
    for number, wall in enumerate(rule_times(rule, start.wall, last, work)):
        if rule.count:
            left -= 2 if number == 0 and wall != start.wall else 1  # the start counts as the first, named or not
            if left < 0:
                return
        yield wall
        if rule.count and left == 0:
            return


def _until(until: Stamp, start: Moment, zones: Zones) -> dt.datetime:
    if until.is_day:
        return dt.datetime.combine(until.wall.date(), dt.time(23, 59, 59))
    if until.zone == "UTC" and start.zone is not None:
        utc = zones.find("UTC", "RRULE").to_utc(until.wall)
        return utc + start.zone.offset(utc)
    return until.wall


def _placed(
    event: Event, onward: Sequence[Event], start: Moment, end: Moment | None, *, is_off_rule: bool
) -> Occurrence:
    """Return the occurrence, changed as the latest change says that holds from an earlier one on."""
    changes = [change for change in onward if change.recurrence is not None and _is_from(change.recurrence, start)]
    if not changes:
        return Occurrence(start, end or event.end_of(start), event, is_off_rule)
    change = max(changes, key=lambda change: change.recurrence[1] if change.recurrence else start.utc)
    if change.start is None or change.recurrence is None:
        return Occurrence(start, end or event.end_of(start), replace(event, properties=change.properties), is_off_rule)
    kind, told = change.recurrence
    zone = change.start.zone or start.zone
    was = told if kind != "utc" or zone is None else told + zone.offset(told)
    if kind == "day":
        was = dt.datetime.combine(told.date(), start.wall.time())
    here = start.wall if start.zone is None or zone is None else start.utc + zone.offset(start.utc)
    moved = moment_of(here + (change.start.wall - was), zone)
    return Occurrence(moved, change.end_of(moved), replace(change, line=event.line), is_off_rule)


def _is_from(key: Key, start: Moment) -> bool:
    kind, told = key
    return (start.utc if kind == "utc" else start.wall) >= told
