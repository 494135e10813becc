"""An event of a calendar as it stands. Knows its times and rules; what it says of people is for `ics_told`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.ics_rules import Rule, parse_rule
from timewaste.readers.ics_values import Length, Spoiled, Stamp, parse_length, parse_line, parse_stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.readers.ics_split import Part
    from timewaste.readers.ics_values import Line
    from timewaste.readers.ics_zones import Zone, Zones

DAY = dt.timedelta(days=1)
_NIGHT = dt.time(0, 0)
LISTED = ("RDATE", "EXDATE", "RRULE", "EXRULE", "ATTENDEE", "CATEGORIES", "CONFERENCE")

Key = tuple[str, dt.datetime]
"""A moment as one of three is written: ("utc", …), ("wall", …) of a floating time, ("day", midnight of a day)."""


class Moment(NamedTuple):
    """A time: the clock on the wall, its zone (None while it floats) and UTC (the wall clock, if it floats)."""

    wall: dt.datetime
    utc: dt.datetime
    zone: Zone | None

    @property
    def text(self) -> str:
        """Return it in ISO 8601, with the offset from UTC where the zone is known."""
        if self.zone is None:
            return self.wall.isoformat(timespec="seconds")
        offset = self.zone.offset(self.utc)
        seconds = round(offset.total_seconds())
        if seconds % 60:  # the local time of a town, before there were zones
            return f"{self.utc.isoformat(timespec='seconds')}Z"
        sign, size = "-" if seconds < 0 else "+", abs(seconds) // 60
        return f"{(self.utc + offset).isoformat(timespec='seconds')}{sign}{size // 60:02}:{size % 60:02}"

    @property
    def is_in_gap(self) -> bool:
        """Tell whether the clock on the wall never showed it: it was put forward then."""
        return self.zone is not None and self.utc + self.zone.offset(self.utc) != self.wall

    @property
    def keys(self) -> tuple[Key, Key, Key]:
        """Return all that a list of exceptions may say to mean it."""
        return ("utc", self.utc), ("wall", self.wall), ("day", self.wall.replace(hour=0, minute=0, second=0))


def moment_of(wall: dt.datetime, zone: Zone | None) -> Moment:
    """Return the moment of a wall clock."""
    return Moment(wall, wall if zone is None else zone.to_utc(wall), zone)


def end_after(start: Moment, length: Length) -> Moment:
    """Return the end: whole days by the clock on the wall, the rest exact."""
    moved = moment_of(start.wall + DAY * length.days, start.zone) if length.days else start
    seconds = dt.timedelta(seconds=length.seconds)
    if start.zone is None:
        return moment_of(moved.wall + seconds, None)
    utc = moved.utc + seconds
    return Moment(utc + start.zone.offset(utc), utc, start.zone)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands. `properties` has every property by name; `start` is None for a whole day.

    `recurrence` is what it replaces, with `is_onward` if all later ones change with it.
    """

    line: int
    calendar: int
    uid: str
    sequence: int
    properties: Mapping[str, Sequence[Line]]
    days: tuple[dt.date, dt.date] | None
    start: Moment | None
    length: Length
    rules: tuple[Rule, ...]
    recurrence: Key | None
    is_onward: bool

    @property
    def is_series(self) -> bool:
        """Tell whether it happens more than once."""
        return self.recurrence is None and bool(self.rules or "RDATE" in self.properties)

    def first(self, name: str) -> str:
        """Return the value of a property, "" if there is none."""
        lines = self.properties.get(name)
        return lines[0].value.strip() if lines else ""

    def end_of(self, start: Moment) -> Moment:
        """Return the end of an occurrence."""
        return end_after(start, self.length)


# ----------------------------------------------------------------- one event


def read_properties(part: Part, encoding: str) -> dict[str, list[Line]]:
    """Return the properties of a part by name. Raises `Spoiled` ics/encoding or ics/bad-event."""
    found: dict[str, list[Line]] = {}
    for raw in part.lines:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            name = raw.partition(b":")[0].partition(b";")[0].decode("ascii", "replace")
            raise Spoiled("ics/encoding", name, f"bytes that are not {encoding}") from None
        line = parse_line(text)
        there = found.setdefault(line.name, [])
        if there and line.name not in LISTED and line.name.startswith(("DT", "DURATION", "RECURRENCE", "UID")):
            if there[0].value.strip() != line.value.strip():
                raise Spoiled("ics/bad-event", line.name, "stands there twice")
            continue
        there.append(line)
    return found


def read_event(part: Part, properties: Mapping[str, Sequence[Line]], zones: Zones) -> Event:
    """Return the event of a part. Raises `Spoiled` with the rule that it is set aside by."""
    if part.problem:
        raise Spoiled(part.problem, "", part.note)
    try:
        return _event(part, properties, zones)
    except OverflowError:
        raise Spoiled("ics/bad-event", "DTSTART", "a time beyond all years") from None


def _event(part: Part, properties: Mapping[str, Sequence[Line]], zones: Zones) -> Event:
    if "DTSTART" not in properties:
        raise Spoiled("ics/bad-event", "DTSTART", "missing")
    said = properties["DTSTART"][0]
    start = parse_stamp(said)
    days, moment, length = None, None, Length(0, 0)
    if start.is_day:
        days = _whole_days(start, properties)
    else:
        moment = _moment(start, zones, "DTSTART")
        length = _length(moment, properties, zones)
        days = _hidden_days(moment, length, properties)
    replaced = properties.get("RECURRENCE-ID")
    sequence = properties["SEQUENCE"][0].value.strip() if "SEQUENCE" in properties else ""
    event = Event(
        line=part.line,
        calendar=part.calendar,
        uid=properties["UID"][0].value.strip() if "UID" in properties else "",
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0,
        properties=properties,
        days=days,
        start=moment,
        length=length,
        rules=() if replaced else tuple(parse_rule(line) for line in properties.get("RRULE", ())),
        recurrence=key_of(replaced[0], zones) if replaced else None,
        is_onward=replaced is not None and replaced[0].parameters.get("RANGE", "").upper() == "THISANDFUTURE",
    )
    for line in (*properties.get("EXDATE", ()), *properties.get("RDATE", ())):
        if line.parameters.get("TZID"):
            zones.find(line.parameters["TZID"].strip(), line.name)
    return event


def _moment(stamp: Stamp, zones: Zones, column: str) -> Moment:
    return moment_of(stamp.wall, zones.find(stamp.zone, column) if stamp.zone else zones.floating)


def _whole_days(start: Stamp, properties: Mapping[str, Sequence[Line]]) -> tuple[dt.date, dt.date]:
    """Return the first day and the day after the last one."""
    first = last = start.wall.date()
    if "DTEND" in properties:
        end = parse_stamp(properties["DTEND"][0])
        if not end.is_day:
            raise Spoiled("ics/bad-event", "DTEND", "a time, where DTSTART is a day")
        last = end.wall.date()
    elif "DURATION" in properties:
        length = parse_length(properties["DURATION"][0])
        last = first + DAY * (length.days + length.seconds // 86_400)
    if last < first:
        raise Spoiled("ics/negative", "DTEND", properties["DTEND"][0].value)
    return first, max(last, first + DAY)


def _length(start: Moment, properties: Mapping[str, Sequence[Line]], zones: Zones) -> Length:
    lengths = []
    if "DTEND" in properties:
        line = properties["DTEND"][0]
        stamp = parse_stamp(line)
        if stamp.is_day:
            raise Spoiled("ics/bad-event", "DTEND", "a day, where DTSTART is a time")
        end = _moment(stamp, zones, "DTEND")
        if (end.zone is None) != (start.zone is None):
            raise Spoiled("ics/bad-event", "DTEND", "one of start and end names a zone, the other none")
        if end.utc < start.utc:
            raise Spoiled("ics/negative", "DTEND", line.value)
        lengths.append(Length(0, round((end.utc - start.utc).total_seconds())))
    if "DURATION" in properties:
        lengths.append(parse_length(properties["DURATION"][0]))
    if len(lengths) == 2 and lengths[0].seconds != lengths[1].days * 86_400 + lengths[1].seconds:
        raise Spoiled("ics/bad-event", "DURATION", "another length than DTEND says")
    return lengths[0] if lengths else Length(0, 0)


def _hidden_days(
    start: Moment, length: Length, properties: Mapping[str, Sequence[Line]]
) -> tuple[dt.date, dt.date] | None:
    """Return the days of an event that lasts from midnight to midnight: some programs write a whole day so."""
    flag = properties.get("X-MICROSOFT-CDO-ALLDAYEVENT")
    first, end = start.wall.date(), end_after(start, length).wall
    is_day = start.wall.time() == end.time() == _NIGHT and end.date() > first
    if not is_day and not (flag and flag[0].value.strip().upper() == "TRUE"):
        return None
    return first, max(end.date(), first + DAY)


def key_of(line: Line, zones: Zones, value: str | None = None) -> Key:
    """Return the moment that a property, or one value of its list, means."""
    stamp = parse_stamp(line, value)
    if stamp.is_day:
        return "day", stamp.wall
    if not stamp.zone:
        return "wall", stamp.wall
    return "utc", zones.find(stamp.zone, line.name).to_utc(stamp.wall)
