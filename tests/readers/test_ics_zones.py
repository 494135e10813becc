"""Time zones of calendars: by name, as programs write them, and as a file describes them."""

# ruff: noqa: DTZ001 - clocks on the wall have no zone

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.readers.ics_rules import Work
from timewaste.readers.ics_values import Spoiled
from timewaste.readers.ics_zones import FileZone, KnownZone, Zones
from timewaste.readers.zone_names import iana_zone

BERLIN = b"""BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU""".split(b"\n")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"), ("Europe/lisbon", "Europe/Lisbon"), ("UTC", "UTC"),
        ("GMT Standard Time", "Europe/London"), ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"), ("Eastern Standard Time", "America/New_York"),
        ("/mozilla.org/20070129_1/America/New_York", "America/New_York"),
        ("/mozilla.org/20070129_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"), ("tzone://Microsoft/Utc", "UTC"),
        ("Customized Time Zone", ""), ("(UTC+01:00) Amsterdam, Berlin", ""), ("GMT+0100", ""), ("Eastern", ""),
        ("Western/Central Europe", ""), ("tzone://Microsoft/Custom", ""), ("", ""), ("localtime", ""),
        ("../../etc/passwd", ""),
    ],
)  # fmt: skip
def test_names_are_known_or_not_and_never_guessed(name, zone):
    assert iana_zone(name) == zone


DESCRIBED, KNOWN = FileZone(BERLIN, Work()), KnownZone("Europe/Berlin")


@settings(max_examples=300, deadline=None)
@given(st.datetimes(dt.datetime(1997, 1, 1), dt.datetime(2036, 1, 1)))
def test_a_described_zone_is_the_zone_it_describes(wall):
    assert DESCRIBED.to_utc(wall) == KNOWN.to_utc(wall)
    assert DESCRIBED.offset(wall) == KNOWN.offset(wall)
    expected = wall.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(dt.UTC).replace(tzinfo=None)
    assert KNOWN.to_utc(wall) == expected


@pytest.mark.parametrize(
    "wall", [dt.datetime(2026, 3, 29, 2, 30), dt.datetime(2026, 10, 25, 2, 30), dt.datetime(2026, 10, 25, 3)]
)
def test_a_described_zone_agrees_where_the_clock_is_changed(wall):
    assert DESCRIBED.to_utc(wall) == KNOWN.to_utc(wall)


def test_settings_go_first_then_names_then_the_file():
    zones = Zones({"Ours": BERLIN, "Europe/Berlin": BERLIN}, {"theirs": "Asia/Tokyo", "UTC ": "Asia/Tokyo"})
    noon = dt.datetime(2026, 7, 1, 12)
    assert zones.find("Ours", "DTSTART").offset(noon) == dt.timedelta(hours=2)
    assert zones.find("Theirs", "DTSTART").offset(noon) == dt.timedelta(hours=9)
    assert isinstance(zones.find("Europe/Berlin", "DTSTART"), KnownZone)
    with pytest.raises(Spoiled) as caught:
        zones.find("Nobody's", "DTEND")
    assert (caught.value.rule, caught.value.column, caught.value.value) == ("ics/unknown-zone", "DTEND", "Nobody's")
    assert zones.differing(2026) == []


def test_one_name_may_mean_two_zones_in_two_calendars():
    plus_three = [line.replace(b"+0200", b"+0300").replace(b"+0100", b"+0300") for line in BERLIN]
    zones = Zones({"Own": BERLIN}, {}, described_in={2: {"Own": plus_three}})
    noon = dt.datetime(2026, 7, 1, 12)
    offsets = [zones.of(number).find("Own", "DTSTART").offset(noon) for number in (1, 2, 2)]
    assert offsets == [dt.timedelta(hours=2), dt.timedelta(hours=3), dt.timedelta(hours=3)]


@pytest.mark.parametrize(
    "lines",
    [
        [], [b"BEGIN:STANDARD"], [b"BEGIN:STANDARD", b"TZOFFSETFROM:+0100", b"TZOFFSETTO:+0100"],
        [line.replace(b"YEARLY", b"SECONDLY") for line in BERLIN],
        [line.replace(b"YEARLY", b"DAILY") for line in BERLIN],
        [line.replace(b"+0100", b"+99") for line in BERLIN], [line.replace(b"T020000", b"") + b"x" for line in BERLIN],
    ],
)  # fmt: skip
def test_what_describes_no_zone_is_no_zone(lines):
    with pytest.raises(Spoiled):
        Zones({"Own": lines}, {}).find("Own", "DTSTART")


def test_a_change_on_a_fixed_day_is_on_that_day():
    fixed = [line.split(b";BYMONTH")[0] for line in BERLIN]
    zone = FileZone([line.replace(b"1601", b"1980") for line in fixed], Work())
    offsets = [zone.offset(dt.datetime(2026, 3, day, 12)) for day in (24, 26)]
    assert offsets == [dt.timedelta(hours=1), dt.timedelta(hours=2)]


def test_a_zone_described_otherwise_than_it_is_is_told():
    wrong = [line.replace(b"+0", b"-0") for line in BERLIN]
    assert Zones({"Europe/Berlin": wrong}, {}).differing(2026) == ["Europe/Berlin"]
