"""Calendars: what a file says comes back, each event once, and one broken event spoils only itself."""

from __future__ import annotations

import pytest
from ics_files import OWNER, berlin, calendar, event

from timewaste.errors import ReadError


def spans(found):
    return list(zip(found.column("start_text"), found.column("end_text"), strict=True))


def counted(found):
    out = {issue.line for issue in found.issues if issue.treatment == "set_aside"}
    return found.frame.filter(~found.frame["line"].is_in(list(out)))


# ------------------------------------------------------------ single events


def test_an_event_is_a_row_with_its_line_and_offset(read):
    found = read(calendar(event(start=berlin("20260302T090000"), end=berlin("20260302T101500"))), "lena.ics")
    assert spans(found) == [("2026-03-02T09:00:00+01:00", "2026-03-02T10:15:00+01:00")]
    assert found.column("line") == [5]
    assert (found.sheet.format, found.sheet.instrument, found.sheet.layout) == (
        "ics", "calendar", "iCalendar of Google Calendar",
    )  # fmt: skip
    assert found.sheet.rep_default == "lena.hoff@northwind.example"
    assert found.issues == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("20260302T090000Z", "20260302T093000Z", ("2026-03-02T09:00:00+00:00", "2026-03-02T09:30:00+00:00")),
        ("20260302T090000", "20260302T093000", ("2026-03-02T09:00:00", "2026-03-02T09:30:00")),
        (
            ";TZID=GMT Standard Time:20260702T090000", ";TZID=GMT Standard Time:20260702T093000",
            ("2026-07-02T09:00:00+01:00", "2026-07-02T09:30:00+01:00"),
        ),
        (
            ";TZID=/mozilla.org/20070129_1/America/New_York:20260702T090000",
            ";TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260702T160000",
            ("2026-07-02T09:00:00-04:00", "2026-07-02T10:00:00-04:00"),
        ),
        (
            ";TZID=Europe/lisbon;VALUE=DATE-TIME:20260302T090000", "20260302T093000Z",
            ("2026-03-02T09:00:00+00:00", "2026-03-02T09:30:00+00:00"),
        ),
    ],
)  # fmt: skip
def test_times_and_zones_as_programs_write_them(read, start, end, expected):
    assert spans(read(calendar(event(start=start, end=end)), "a.ics")) == [expected]


@pytest.mark.parametrize(
    ("length", "end"),
    [
        ("PT1H30M", "2026-03-02T10:30:00+01:00"), ("P1DT1H", "2026-03-03T10:00:00+01:00"),
        ("P1W", "2026-03-09T09:00:00+01:00"), ("PT90S", "2026-03-02T09:01:30+01:00"),
        ("+PT1H", "2026-03-02T10:00:00+01:00"),
    ],
)  # fmt: skip
def test_an_end_may_be_told_by_a_length(read, length, end):
    found = read(calendar(event(f"DURATION:{length}", start=berlin("20260302T090000"), end=None)), "a.ics")
    assert found.column("end_text") == [end]


def test_without_an_end_there_is_no_length_and_none_is_invented(read):
    assert spans(read(calendar(event(end=None)), "a.ics")) == [("2026-03-02T09:00:00+00:00",) * 2]


def test_lengths_across_a_change_of_the_clock_are_those_of_utc(read):
    found = read(
        calendar(
            event(start=berlin("20261025T010000"), end=berlin("20261025T040000")),
            event("DURATION:PT24H", start=berlin("20261024T120000"), end=None),
            event("DURATION:P1D", start=berlin("20261024T120000"), end=None),
        ),
        "a.ics",
    )
    assert spans(found) == [
        ("2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00"),  # four hours, not three
        ("2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00+01:00"),
        ("2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00"),
    ]


def test_a_time_that_never_was_counts_by_the_clock_before_and_is_told(read):
    found = read(calendar(event(start=berlin("20260329T023000"), end=berlin("20260329T050000"))), "a.ics")
    assert spans(found) == [("2026-03-29T03:30:00+02:00", "2026-03-29T05:00:00+02:00")]
    assert [(issue.rule, issue.treatment) for issue in found.issues] == [("calendar/time_gap", "noted")]


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (event(start=None), "ics/bad-event"),
        (event(start="20260230T090000Z"), "ics/bad-event"),
        (event(start="tomorrow"), "ics/bad-event"),
        (event("DTSTART:20260303T090000Z"), "ics/bad-event"),
        (event("this is no property"), "ics/bad-event"),
        (event("RRULE:FREQ=FORTNIGHTLY"), "ics/bad-event"),
        (event("RRULE:FREQ=DAILY", "EXDATE:never"), "ics/bad-event"),
        (event("RRULE:FREQ=DAILY", "RDATE:20260305T090000Z/x"), "ics/bad-event"),
        (event(start="20260302", end="20260302T100000Z"), "ics/bad-event"),
        (event(end="20260303"), "ics/bad-event"),
        (event(end="20260302T093000"), "ics/bad-event"),
        (event("DURATION:PT2H"), "ics/bad-event"),
        (event("DURATION:PT", end=None), "ics/bad-event"),
        (event("BEGIN:VALARM", "ACTION:DISPLAY"), "ics/bad-event"),
        (event(start="00010101T000000", end="99991231T235959Z"), "ics/bad-event"),
        (event(start=";TZID=Asia/Tokyo:00010101T000000", end=None), "ics/bad-event"),
        (event("RDATE:99991231T235900Z"), "ics/bad-event"),
        (event("RDATE:00010101T000000Z", start=";TZID=America/New_York:20260302T030000"), "ics/bad-event"),
        (event(end="20260302T083000Z"), "ics/negative"),
        (event("DURATION:-PT30M", end=None), "ics/negative"),
        (event(start="20260303", end="20260302"), "ics/negative"),
        (event("RDATE;VALUE=PERIOD:20260305T090000Z/20260305T080000Z"), "ics/negative"),
        (event(start=";TZID=Customized Time Zone:20260302T090000", end=None), "ics/unknown-zone"),
        (event(start=';TZID="(UTC+01:00) Amsterdam":20260302T090000', end=None), "ics/unknown-zone"),
        (event(start=";TZID=(UTC+01:00) Amsterdam:20260302T090000", end=None), "ics/unknown-zone"),
        (event(start=";TZID=GMT+0100:20260302T090000", end=None), "ics/unknown-zone"),
        (event("EXDATE;TZID=Nowhere:20260302T090000", "RRULE:FREQ=DAILY"), "ics/unknown-zone"),
        (event("RRULE:FREQ=SECONDLY"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=MINUTELY;COUNT=3"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=DAILY;INTERVAL=0"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=DAILY;COUNT=1000000000"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=DAILY;UNTIL=99991231"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=YEARLY;UNTIL=99991231"), "ics/recurrence-bomb"),
        (event("RRULE:FREQ=HOURLY;COUNT=9999;BYMINUTE=0,10,20,30,40,50"), "ics/recurrence-bomb"),
    ],
)  # fmt: skip
def test_one_broken_event_spoils_only_itself(read, bad, rule):
    good = [event(uid=f"{number}@x") for number in range(20)]
    found = read(calendar(*good[:10], bad, *good[10:]), "a.ics")
    line = 5 + 10 * 6
    assert [(issue.line, issue.rule, issue.treatment) for issue in found.issues] == [(line, rule, "set_aside")]
    assert found.sheet.tally.rows_read == 21
    assert counted(found).height == 20


def test_an_event_that_begins_before_the_last_one_ends(read):
    text = calendar("BEGIN:VEVENT\nDTSTART:20260302T090000Z\nSUMMARY:Half", event())
    found = read(text, "a.ics")
    assert found.rules == [(5, "ics/truncated")]
    assert counted(found).height == 1


def test_many_dates_and_deep_nesting_end_soon(read):
    dates = ",".join(f"2026{month:02}{day:02}T{hour:02}{minute:02}00Z" for month in range(1, 13)
                     for day in range(1, 29) for hour in range(24) for minute in range(0, 60, 3))  # fmt: skip
    deep = "BEGIN:X\n" * 50_000
    found = read(
        calendar(event(f"RDATE:{dates[:3_000_000]}"), event(deep + "END:X"), event(f"RDATE:{dates * 3}"), event()),
        "a.ics",
    )
    assert [rule for _, rule in found.rules] == ["ics/recurrence-bomb", "ics/bad-event", "ics/too-large"]
    assert counted(found).height == 1


def test_all_series_of_a_file_share_a_bound(read, monkeypatch):
    monkeypatch.setattr("timewaste.readers.ics.MOST_OF_FILE", 25)
    series = [event("RRULE:FREQ=DAILY;COUNT=10", uid=f"{number}@x") for number in range(4)]
    found = read(calendar(*series, event(uid="single@x")), "a.ics")
    assert [rule for _, rule in found.rules] == ["ics/recurrence-bomb"] * 2
    assert counted(found).height == 21


# ----------------------------------------------------------------- the file


@pytest.mark.parametrize(
    "write_as",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\n  \n" + text.encode(),
        lambda text: text.encode() + b"\x1a",
    ],
    ids=["lf", "bom", "crlf", "crcrlf", "cr", "blank lines", "utf-16", "blank first", "ctrl-z"],
)
def test_bytes_of_every_kind_are_read(read, write_as):
    found = read(write_as(calendar(event(label="Gespräch, Müller"), event(uid="b@x", label="日本"))), "a.txt")
    assert found.column("label") == ["Gespräch, Müller", "日本"]
    assert found.sheet.notes == ()


def test_lines_are_unfolded_as_bytes(read):
    text = calendar(event(label="LABEL")).encode().replace(b"\n", b"\r\n")
    folded = "Gespräch\\, Acme\\nRaum 4; Süd".encode()
    for cut in range(1, len(folded)):
        piece = folded[:cut] + b"\r\n " + folded[cut:]
        found = read(text.replace(b"LABEL", piece), "a.ics")
        assert found.column("label") == ["Gespräch, Acme\nRaum 4; Süd"]


def test_bytes_of_another_encoding_are_asked_about(read):
    text = calendar(event(label="Müller"), event(uid="b@x"))
    with pytest.raises(ReadError) as caught:
        read(text.encode("cp1252"), "a.ics")
    assert caught.value.code == "ics/encoding"
    assert caught.value.where == "a.ics, line 5"
    assert 'encoding = "cp1252"' in caught.value.mend
    assert read(text.encode("cp1252"), "a.ics", encoding="cp1252").column("label") == ["Müller", "Demo"]
    with pytest.raises(ReadError, match="unknown encoding"):
        read(text, "a.ics", encoding="cp99")


def test_one_bad_byte_in_a_file_that_is_utf8_costs_one_event(read):
    good = [event(uid=f"{number}@x", label="Müller") for number in range(200)]
    text = calendar(*good, event(label="M?ller")).encode().replace(b"M?ller", b"M\xfcller")
    found = read(text, "a.ics")
    assert [rule for _, rule in found.rules] == ["ics/encoding"]
    assert counted(found).height == 200
    assert "\ufffd" not in str(found.frame.rows())


@pytest.mark.parametrize("cut", range(20, 260, 7))
def test_a_file_cut_off_anywhere_keeps_what_is_whole(read, cut):
    text = calendar(event(), event(uid="b@x"))[: 90 + cut]
    found = read(text, "a.ics")
    whole = text.count("END:VEVENT\n") + text.endswith("END:VEVENT")
    assert counted(found).height == whole
    assert found.sheet.tally.rows_read == text.count("BEGIN:VEVENT")
    assert "ics/cut_off" in found.noted or "END:VCALENDAR" in text


def test_two_calendars_in_one_file_are_two_people(read):
    other = calendar(event(label="Visit"), head=("X-WR-CALNAME:Ana Ruiz",))
    found = read(calendar(event()) + other, "team.ics")
    assert found.column("rep") == ["lena.hoff@northwind.example", "Ana Ruiz"]
    told = read(calendar(event()) + other, "team.ics", rep="L. Hoff")
    assert told.column("rep") == [None, None]


def test_events_without_a_calendar_are_read(read):
    found = read(event() + "\n", "lena.ics")
    assert found.column("label") == ["Demo"]
    assert found.sheet.rep_default == "lena"


def test_tasks_and_stray_lines_are_told_and_not_read(read):
    task = "BEGIN:VTODO\nDTSTART:20260302T090000Z\nSUMMARY:Call\nBEGIN:VALARM\nEND:VALARM\nEND:VTODO"
    found = read(calendar(task, "something else", event()), "a.ics")
    assert found.column("label") == ["Demo"]
    assert {"ics/other_items", "ics/stray_lines"} <= found.noted


def test_an_empty_calendar_is_told(read):
    assert "file/no_records" in read(calendar(), "a.ics").noted


def test_an_error_page_and_an_old_calendar_are_refused(read):
    for text, code in (("<!DOCTYPE html><html>no access</html>", "file/html"),
                       (calendar(event()).replace("VERSION:2.0", "VERSION:1.0"), "ics/old-version")):  # fmt: skip
        with pytest.raises(ReadError) as caught:
            read(text, "a.ics")
        assert caught.value.code == code


def test_alarms_bodies_and_pictures_cost_nothing(read):
    alarm = "BEGIN:VALARM\nDTSTART:20200101T000000Z\nSUMMARY:Wake up\nTRIGGER:-PT15M\nEND:VALARM"
    found = read(calendar(event(alarm, f"ATTACH;ENCODING=BASE64:{'A' * 5_000_000}", "DESCRIPTION:PIN 1234")), "a.ics")
    assert found.column("label") == ["Demo"]
    assert "1234" not in str(found.frame.rows())


def test_a_file_can_be_read_again(read):
    found = read(calendar(event("RRULE:FREQ=DAILY;COUNT=5"), event(start=None)), "a.ics")
    again = list(found.sheet.batches())
    assert again[0].equals(found.frame)
    assert found.sheet.tally.rows_read == 6


def test_a_file_that_changes_meanwhile_is_refused(write, read):
    found = read(calendar(event()), "a.ics")
    write(calendar(event(), event()), "a.ics")
    with pytest.raises(ReadError, match="changed while it was read"):
        list(found.sheet.batches())


# -------------------------------------------------------------------- zones

ZONE = """BEGIN:VTIMEZONE
TZID:{}
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0400
TZOFFSETTO:+0300
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0300
TZOFFSETTO:+0400
END:DAYLIGHT
END:VTIMEZONE"""


def test_a_zone_of_the_files_own_is_used_before_or_after_its_events(read):
    one = event("DURATION:PT1H", start=";TZID=Customized Time Zone:20260702T090000", end=None)
    zone = ZONE.format("Customized Time Zone")
    for parts in ((zone, one), (one, zone)):
        found = read(calendar(*parts), "a.ics")
        assert spans(found) == [("2026-07-02T09:00:00+04:00", "2026-07-02T10:00:00+04:00")]


def test_a_known_name_wins_over_another_description_and_that_is_told(read):
    found = read(calendar(ZONE.format("Europe/Berlin"), event(start=berlin("20260702T090000"), end=None)), "a.ics")
    assert found.column("start_text") == ["2026-07-02T09:00:00+02:00"]
    assert "ics/zone_differs" in found.noted


def test_a_zone_that_runs_for_ever_is_no_zone(read):
    zone = ZONE.format("Own").replace("YEARLY", "SECONDLY")
    found = read(calendar(zone, event(start=";TZID=Own:20260702T090000", end=None), event()), "a.ics")
    assert found.rules == [(20, "ics/unknown-zone")]


def test_an_alias_from_the_settings_makes_a_zone_known(read):
    text = calendar(event("DURATION:PT1H", start=";TZID=Eastern:20260702T090000", end=None))
    assert read(text, "a.ics").rules == [(5, "ics/unknown-zone")]
    found = read(text, "a.ics", tz_alias={"Eastern": "America/New_York"})
    assert found.column("start_text") == ["2026-07-02T09:00:00-04:00"]


def test_floating_times_have_the_calendars_zone_and_utc_ones_keep_their_instant(read):
    head = (OWNER, "X-WR-TIMEZONE:Asia/Tokyo")
    floating = event(start="20260302T090000", end="20260302T093000", uid="b@x")
    found = read(calendar(event(), floating, head=head), "a.ics")
    assert found.column("start_text") == ["2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00"]
    assert (found.sheet.time_zone, found.sheet.zone_reason) == ("Asia/Tokyo", "X-WR-TIMEZONE in the file")
    two = calendar(floating, head=head) + calendar(floating, head=("X-WR-TIMEZONE:America/New_York",))
    found = read(two, "a.ics")
    assert found.column("start_text") == ["2026-03-02T09:00:00+09:00", "2026-03-02T09:00:00-05:00"]
    assert found.sheet.time_zone == ""
    assert read(two, "a.ics", time_zone="UTC").column("start_text") == ["2026-03-02T09:00:00"] * 2
    odd = read(calendar(floating, head=("X-WR-TIMEZONE:Nowhere",)), "a.ics")
    assert (odd.sheet.time_zone, "ics/calendar_zone" in odd.noted) == ("", True)


def test_the_local_time_of_a_town_is_written_in_utc(read):
    found = read(calendar(event("DURATION:PT1H", start=berlin("18800302T090000"), end=None)), "a.ics")
    assert spans(found) == [("1880-03-02T08:06:32Z", "1880-03-02T09:06:32Z")]
