"""The first look at a calendar file: whose calendars are in it, its zones, and what single events say of series.

Holds what the second look needs to know beforehand, which is little: of events without an exception nothing stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.ics_events import Key, key_of, read_event, read_properties
from timewaste.readers.ics_rules import Work
from timewaste.readers.ics_series import LATEST, Window
from timewaste.readers.ics_told import Owner, find_owner, is_private
from timewaste.readers.ics_values import Spoiled, parse_line, parse_stamp, plain_text
from timewaste.readers.ics_zones import Zones
from timewaste.readers.zone_names import iana_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.ics_events import Event
    from timewaste.readers.ics_split import Part
    from timewaste.readers.ics_values import Line

MOST_KNOWN = 2_000_000
HELD_LIMIT = 32 << 20
HORIZON = dt.timedelta(days=366)
_STAMPS = {"DTSTAMP", "CREATED", "LAST-MODIFIED"}
_LOOKED_AT = (
    b"UID", b"SEQUENCE", b"CLASS", b"RECURRENCE-ID", b"RRULE", b"RDATE", b"DTSTART", b"DTEND", b"DTSTAMP", b"CREATED",
    b"LAST-MODIFIED",
)  # fmt: skip

Group = str | int
"""Whose series it is: the owner, or the number of the calendar where nobody is named."""


@dataclass(slots=True)
class Calendar:
    """A VCALENDAR, as far as its own properties tell."""

    number: int
    said: dict[str, Line] = field(default_factory=dict)
    owner: Owner = field(default_factory=Owner)

    def text(self, name: str) -> str:
        """Return what a property says, "" if there is none."""
        line = self.said.get(name)
        return plain_text(line.value) if line else ""

    @property
    def group(self) -> Group:
        """Return whose series these are."""
        return self.owner.name or self.number


@dataclass(slots=True)
class Survey:
    """What the first look gathers: filled by `take`, put in order by `known`."""

    encoding: str
    calendars: dict[int, Calendar] = field(default_factory=dict)
    events: int = 0
    private_events: int = 0
    others: int = 0
    series: int = 0
    open_series: int = 0
    declined: int = 0
    bad_lines: list[int] = field(default_factory=list)
    has_multibyte: bool = False
    described: dict[str, list[bytes]] = field(default_factory=dict)
    described_in: dict[int, dict[str, list[bytes]]] = field(default_factory=dict)
    newest: dict[tuple[int, str, str], int] = field(default_factory=dict)
    private: set[tuple[int, str]] = field(default_factory=set)
    overrides: list[tuple[int, str, Line]] = field(default_factory=list)
    onward: list[tuple[str, Part]] = field(default_factory=list)
    masters: set[tuple[int, str]] = field(default_factory=set)
    last_stamp: dt.date | None = None
    days: set[dt.date] = field(default_factory=set)
    held: int = 0

    def take(self, parts: Iterable[Part], relative: str) -> None:
        """Look at every part of the file. Raises `ReadError` ics/too-large."""
        for part in parts:
            if part.kind == "event":
                self._take_event(part)
            elif part.kind == "property":
                self._take_property(part)
            elif part.kind == "zone" and not part.problem:
                self._take_zone(part)
            self.others += part.kind == "other"
            known = len(self.overrides) + len(self.newest) + len(self.masters) + len(self.private)
            if known > MOST_KNOWN or self.held > HELD_LIMIT:
                raise ReadError(
                    "ics/too-large", "the file holds more series and exceptions than can be kept in mind",
                    where=relative, mend="Export shorter spans of time, a file for each.",
                )  # fmt: skip

    def calendar(self, number: int) -> Calendar:
        """Return a calendar by its number; events may stand outside of all."""
        if number not in self.calendars:
            self.calendars[number] = Calendar(number)
        return self.calendars[number]

    def _take_property(self, part: Part) -> None:
        try:
            line = parse_line(part.lines[0].decode(self.encoding))
        except UnicodeError:
            self.bad_lines.append(part.line)
        except Spoiled:
            return
        else:
            self.calendar(part.calendar).said.setdefault(line.name, line)

    def _take_zone(self, part: Part) -> None:
        named = next((raw for raw in part.lines if raw[:5].upper() in {b"TZID:", b"TZID;"}), None)
        if named is None:
            return
        name = named.partition(b":")[2].decode("utf-8", "replace").strip()
        lines = [raw for raw in part.lines if raw is not named]
        there = self.described.setdefault(name, lines)
        if there != lines:
            self.described_in.setdefault(part.calendar, {})[name] = lines
        if there is lines or there != lines:
            self.held += part.size

    def _take_event(self, part: Part) -> None:
        self.events += 1
        self.calendar(part.calendar)
        if part.problem:
            return
        whole = b"\n".join(part.lines)
        try:
            whole.decode(self.encoding)
        except UnicodeError:
            self.bad_lines.append(part.line)
            return
        self.has_multibyte = self.has_multibyte or not whole.isascii()
        self.declined += b"PARTSTAT=DECLINED" in whole.upper()
        said: dict[str, Line] = {}
        try:
            for raw in part.lines:
                if raw.startswith(_LOOKED_AT):
                    line = parse_line(raw.decode(self.encoding))
                    said.setdefault(line.name, line)
        except Spoiled:
            return
        self._note_days(said)
        self._note_exceptions(part, said)

    def _note_days(self, said: Mapping[str, Line]) -> None:
        """Note the days of single events and of stamps: a series without an end goes no further."""
        is_single = "RECURRENCE-ID" in said or "RRULE" not in said
        for name, line in said.items():
            if name in _STAMPS or name == "DTSTART" or (name == "DTEND" and is_single):
                try:
                    stamp = parse_stamp(line)
                except Spoiled:
                    continue
                if stamp.wall > LATEST:
                    continue
                if name in _STAMPS:
                    self.last_stamp = max(stamp.wall.date(), self.last_stamp or stamp.wall.date())
                elif not stamp.is_day:
                    self.days.add(stamp.wall.date())

    def _note_exceptions(self, part: Part, said: Mapping[str, Line]) -> None:
        number, uid = part.calendar, said["UID"].value.strip() if "UID" in said else ""
        if is_private({"CLASS": [said["CLASS"]]} if "CLASS" in said else {}):
            self.private_events += 1
            self.private.add((number, uid))
        replaced = said.get("RECURRENCE-ID")
        sequence = said["SEQUENCE"].value.strip() if "SEQUENCE" in said else ""
        if uid and sequence.isdecimal() and len(sequence) < 10 and int(sequence):
            key = (number, uid, replaced.value.strip() if replaced else "")
            self.newest[key] = max(int(sequence), self.newest.get(key, 0))
        if replaced is not None and uid:
            self.overrides.append((number, uid, replaced))
            if replaced.parameters.get("RANGE"):
                self.held += part.size
                self.onward.append((uid, part))
        elif "RRULE" in said or "RDATE" in said:
            self.series += 1
            self.masters.add((number, uid))
            rule = said["RRULE"].value.upper() if "RRULE" in said else "COUNT="
            self.open_series += "COUNT=" not in rule and "UNTIL=" not in rule


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the second look, in order."""

    calendars: Mapping[int, Calendar]
    zones: Zones
    work: Work
    window: Window
    replaced: Mapping[tuple[Group, str], set[Key]]
    onward: Mapping[tuple[Group, str], list[Event]]
    newest: Mapping[tuple[Group, str, str], int]
    private: set[tuple[Group, str]]

    def exceptions(self, event: Event) -> tuple[set[Key], list[Event]]:
        """Return the times of a series that other events tell, and the events that change all later ones."""
        group = self.calendars[event.calendar].group
        if not event.uid or event.recurrence is not None:
            return set(), []
        replaced = self.replaced.get((group, event.uid), set())
        if isinstance(group, int):
            replaced = replaced | self.replaced.get(("", event.uid), set())
        return replaced, self.onward.get((group, event.uid), [])

    def is_superseded(self, event: Event) -> bool:
        """Tell whether the file holds a later version of the same event."""
        group = self.calendars[event.calendar].group
        replaced = "" if event.recurrence is None else event.first("RECURRENCE-ID")
        return event.sequence < self.newest.get((group, event.uid, replaced), 0)

    def is_private(self, event: Event) -> bool:
        """Tell whether the event, or the series that it belongs to, is private."""
        return is_private(event.properties) or (self.calendars[event.calendar].group, event.uid) in self.private


def know(survey: Survey, source: SourceConfig, file_name: str) -> Known:
    """Put in order what the first look gathered."""
    for calendar in survey.calendars.values():
        calendar.owner = find_owner(
            calendar.text("X-WR-CALNAME"), calendar.said.get("X-OWNER"), file_name, source.rep
        )  # fmt: skip
    groups = {number: calendar.group for number, calendar in survey.calendars.items()}
    zones = Zones(
        survey.described, source.tz_alias, described_in=survey.described_in, floating_in=_floating_in(survey, source)
    )
    replaced: dict[tuple[Group, str], set[Key]] = {}
    for number, uid, line in survey.overrides:
        is_lone = isinstance(groups[number], int) and (number, uid) not in survey.masters
        try:
            key = key_of(line, zones.of(number))
        except (Spoiled, OverflowError):  # the event itself is set aside for it
            continue
        replaced.setdefault(("" if is_lone else groups[number], uid), set()).add(key)
    newest: dict[tuple[Group, str, str], int] = {}
    for (number, uid, place), sequence in survey.newest.items():
        newest_key = (groups[number], uid, place)
        newest[newest_key] = max(sequence, newest.get(newest_key, 0))
    return Known(
        calendars=survey.calendars,
        zones=zones,
        work=Work(),
        window=Window(source.from_date, source.to_date, _open_end(survey)),
        replaced=replaced,
        onward=_onward(survey, groups, zones),
        newest=newest,
        private={(groups[number], uid) for number, uid in survey.private if uid},
    )


def _floating_in(survey: Survey, source: SourceConfig) -> dict[int, str]:
    """Return the zone of floating times by calendar, where the calendars of the file differ in it."""
    named = {number: iana_zone(calendar.text("X-WR-TIMEZONE")) for number, calendar in survey.calendars.items()}
    zones = {number: zone for number, zone in named.items() if zone}
    return {} if source.time_zone or len(set(zones.values())) < 2 else zones


def _onward(survey: Survey, groups: Mapping[int, Group], zones: Zones) -> dict[tuple[Group, str], list[Event]]:
    found: dict[tuple[Group, str], list[Event]] = {}
    for uid, part in survey.onward:
        try:
            event = read_event(part, read_properties(part, survey.encoding), zones.of(part.calendar))
        except Spoiled:  # as above
            continue
        if event.is_onward:
            found.setdefault((groups[part.calendar], uid), []).append(event)
    return found


def _open_end(survey: Survey) -> dt.date:
    """Return the last day of what the file tells by itself; what lies a year beyond its last stamp does not count."""
    days = survey.days
    if survey.last_stamp is None:
        return max(days, default=dt.date.min)
    return max((survey.last_stamp, *(day for day in days if day <= survey.last_stamp + HORIZON)))
