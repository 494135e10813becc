"""Time zones of a calendar: known by name, or described in the file itself. An unknown zone is never taken for another.

A zone turns the clock on the wall into UTC and back. Wall clocks and UTC are both plain datetimes without a zone.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timewaste.readers.ics_rules import Work, parse_rule, rule_times
from timewaste.readers.ics_values import Spoiled, parse_line, parse_stamp
from timewaste.readers.zone_names import iana_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_CHANGES = 20_000
YEARS = (1970, 2110)
_UTC = dt.timezone.utc  # noqa: UP017 - the shorter name is the constant here
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")


class Zone(Protocol):
    """What places a wall clock; a time that the change to summer time leaves out counts by the clock before it."""

    def to_utc(self, wall: dt.datetime) -> dt.datetime:
        """Return the moment; of two the earlier."""

    def offset(self, utc: dt.datetime) -> dt.timedelta:
        """Return how far the wall clock is ahead of UTC."""


class KnownZone:
    """A zone of the IANA database."""

    def __init__(self, name: str) -> None:
        """Take it by its IANA name."""
        from zoneinfo import ZoneInfo

        self.name = name
        self._zone = ZoneInfo(name)

    def to_utc(self, wall: dt.datetime) -> dt.datetime:
        """Return the moment; of two the earlier."""
        offset = wall.replace(tzinfo=self._zone).utcoffset() or dt.timedelta()
        return wall - offset

    def offset(self, utc: dt.datetime) -> dt.timedelta:
        """Return how far the wall clock is ahead of UTC."""
        return utc.replace(tzinfo=_UTC).astimezone(self._zone).utcoffset() or dt.timedelta()


class _Change(NamedTuple):
    wall: dt.datetime  # from this wall clock on the new offset holds
    utc: dt.datetime
    before: dt.timedelta
    after: dt.timedelta


class FileZone:
    """A zone as a VTIMEZONE of the file describes it."""

    def __init__(self, lines: Iterable[bytes], work: Work, years: tuple[int, int] = YEARS) -> None:
        """Take the lines of the VTIMEZONE, and the years that its rules are needed for.

        Raises `Spoiled` ics/unknown-zone when they do not describe a zone.
        """
        changes: list[_Change] = []
        try:
            for observance in _observances(lines):
                changes += _changes(observance, work, years)
                if len(changes) > MOST_CHANGES:
                    raise Spoiled("ics/unknown-zone", "VTIMEZONE", "too many changes of the clock")
        except (KeyError, OverflowError):
            changes = []
        if not changes:
            raise Spoiled("ics/unknown-zone", "VTIMEZONE", "no change of the clock")
        self._changes = sorted(changes, key=lambda change: change.utc)
        self._walls = [change.wall for change in self._changes]
        self._utcs = [change.utc for change in self._changes]

    def to_utc(self, wall: dt.datetime) -> dt.datetime:
        """Return the moment; of two the earlier."""
        at = bisect_right(self._walls, wall)
        return wall - (self._changes[at - 1].after if at else self._changes[0].before)

    def offset(self, utc: dt.datetime) -> dt.timedelta:
        """Return how far the wall clock is ahead of UTC."""
        at = bisect_right(self._utcs, utc)
        return self._changes[at - 1].after if at else self._changes[0].before


def _observances(lines: Iterable[bytes]) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = []
    for raw in lines:
        text = raw.decode("utf-8", "replace")
        if text.upper().startswith("BEGIN:"):
            found.append({})
        elif found:
            line = parse_line(text)
            found[-1].setdefault(line.name, []).append(text)
    return found


def _changes(said: Mapping[str, list[str]], work: Work, years: tuple[int, int]) -> list[_Change]:
    before = _offset(said["TZOFFSETFROM"][0])
    after = _offset(said["TZOFFSETTO"][0])
    start = parse_stamp(parse_line(said["DTSTART"][0])).wall
    walls = {start}
    for text in said.get("RDATE", ()):
        line = parse_line(text)
        walls |= {parse_stamp(line, value).wall for value in line.value.split(",")}
    for text in said.get("RRULE", ()):
        rule = parse_rule(parse_line(text))
        if rule.frequency != "YEARLY":
            raise Spoiled("ics/unknown-zone", "VTIMEZONE", text)
        says_day = bool(rule.days or "BYMONTHDAY" in rule.by)
        if says_day and not rule.count and rule.interval == 1 and start.year < years[0]:
            start = start.replace(year=years[0], day=1)  # a rule of Outlook's begins in 1601
        last = dt.datetime(years[1], 12, 31)  # noqa: DTZ001 - a wall clock
        if rule.until is not None:
            last = min(last, rule.until.wall + (before if rule.until.zone else dt.timedelta()))
        for number, wall in enumerate(rule_times(rule, start, last, work), start=1):
            walls.add(wall)
            if number == rule.count or number > MOST_CHANGES:
                break
    late = max(after - before, dt.timedelta())
    return [_Change(wall + late, wall - before, before, after) for wall in walls]


def _offset(text: str) -> dt.timedelta:
    line = parse_line(text)
    match = _OFFSET.fullmatch(line.value.strip())
    if not match or int(match[2]) > 23 or int(match[3]) > 59:
        raise Spoiled("ics/unknown-zone", line.name, line.value)
    size = dt.timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -size if match[1] == "-" else size


class Zones:
    """The zones that a file's events name, each made once."""

    def __init__(
        self,
        described: Mapping[str, list[bytes]],
        aliases: Mapping[str, str],
        *,
        described_in: Mapping[int, Mapping[str, list[bytes]]] | None = None,
        floating_in: Mapping[int, str] | None = None,
        floating: str = "",
    ) -> None:
        """Take what the file describes, by TZID, and what the settings say of names that are not known.

        `described_in` is what single calendars of the file describe otherwise, `floating_in` the zones of their
        floating times where these differ, `floating` that zone where there is one.
        """
        self._described = described
        self._described_in = described_in or {}
        self._floating_in = floating_in or {}
        self._aliases = {name.strip().casefold(): zone for name, zone in aliases.items()}
        self._work = Work()
        self._made: dict[str, Zone | Spoiled] = {"UTC": KnownZone("UTC")}
        self._of: dict[int, Zones] = {}
        self.floating: Zone | None = KnownZone(floating) if floating else None

    def of(self, calendar: int) -> Zones:
        """Return the zones as one calendar of the file knows them."""
        own, floating = self._described_in.get(calendar), self._floating_in.get(calendar, "")
        if own is None and not floating:
            return self
        if calendar not in self._of:
            self._of[calendar] = Zones({**self._described, **(own or {})}, self._aliases, floating=floating)
        return self._of[calendar]

    def find(self, name: str, column: str) -> Zone:
        """Return the zone of a TZID: by the settings, by its name, or as described. Raises `Spoiled`."""
        if name not in self._made:
            self._made[name] = self._make(name)
        made = self._made[name]
        if isinstance(made, Spoiled):
            raise Spoiled("ics/unknown-zone", column, name)
        return made

    def _make(self, name: str) -> Zone | Spoiled:
        known = self._aliases.get(name.strip().casefold()) or iana_zone(name)
        if known:
            return KnownZone(known)
        try:
            return FileZone(self._described[name], self._work)
        except KeyError:
            return Spoiled("ics/unknown-zone", "", name)
        except Spoiled as error:
            return error

    def differing(self, year: int) -> list[str]:
        """Return the names of zones that the file describes otherwise than they are, at noon of some day of `year`."""
        found = []
        for name, lines in sorted(self._described.items()):
            known = self._aliases.get(name.strip().casefold()) or iana_zone(name)
            if not known:
                continue
            try:
                own, real = FileZone(lines, self._work, (year - 1, year + 1)), KnownZone(known)
            except Spoiled:
                continue
            noons = [dt.datetime(year, month, 15, 12) for month in range(1, 13)]  # noqa: DTZ001
            if any(own.offset(noon) != real.offset(noon) for noon in noons):
                found.append(name)
        return found
