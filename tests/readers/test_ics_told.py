"""Calendars: which events count, whose they are, and what of their texts is kept."""

from __future__ import annotations

import json

import pytest
from ics_files import berlin, calendar, event


def spans(found):
    return list(zip(found.column("start_text"), found.column("end_text"), strict=True))


def extra(found, row=0):
    return json.loads(found.column("extra")[row])


# ----------------------------------------------------------- does it count


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["STATUS:CANCELLED"], "calendar/cancelled"),
        (["ATTENDEE;PARTSTAT=DECLINED;CN=L:mailto:Lena.Hoff@northwind.example"], "calendar/declined"),
        (["ATTENDEE;EMAIL=lena.hoff@northwind.example;PARTSTAT=DECLINED:/principals/7"], "calendar/declined"),
        (["TRANSP:TRANSPARENT"], "calendar/free"),
        (["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], "calendar/free"),
        (["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"], "calendar/all_day"),
    ],
)
def test_what_took_no_time_is_kept_and_set_aside(read, lines, rule):
    found = read(calendar(event(*lines)), "a.ics")
    assert [(issue.rule, issue.treatment) for issue in found.issues] == [(rule, "set_aside")]
    assert found.column("label") == ["Demo"]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["STATUS:TENTATIVE"], "calendar/tentative"),
        (["X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], "calendar/tentative"),
        (["ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lena.hoff@northwind.example"], "calendar/tentative"),
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:someone.else@northwind.example"], ""),
        (["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRANSP:OPAQUE", "STATUS:CONFIRMED"], ""),
    ],
)
def test_what_may_have_taken_place_counts(read, lines, rule):
    found = read(calendar(event(*lines)), "a.ics")
    assert [(issue.rule, issue.treatment) for issue in found.issues] == ([(rule, "noted")] if rule else [])


def test_a_whole_calendar_may_be_a_cancellation(read):
    found = read(calendar(event(), head=("METHOD:CANCEL",)), "a.ics")
    assert found.rules == [(5, "calendar/cancelled")]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (";VALUE=DATE:20260302", ";VALUE=DATE:20260304", ("2026-03-02", "2026-03-04")),
        (";VALUE=DATE:20260302", None, ("2026-03-02", "2026-03-03")),
        ("20260302", "20260302", ("2026-03-02", "2026-03-03")),
        (berlin("20260328T000000"), berlin("20260330T000000"), ("2026-03-28", "2026-03-30")),  # 47 hours
        (berlin("20260302T000000"), berlin("20260303T000000"), ("2026-03-02", "2026-03-03")),
        ("20260302T000000", "20260304T000000", ("2026-03-02", "2026-03-04")),
    ],
)
def test_whole_days_are_set_aside_once_and_a_series_of_them_too(read, start, end, days):
    found = read(calendar(event("RRULE:FREQ=WEEKLY;COUNT=3", start=start, end=end)), "a.ics")
    assert found.rules == [(5, "calendar/all_day")]
    assert found.frame.select("date_text", "end_date_text").rows() == [days]
    assert extra(found)["recurrence"] == "FREQ=WEEKLY;COUNT=3"


def test_who_declined_is_not_known_without_an_owner_and_that_is_told(read):
    text = calendar(event("ATTENDEE;PARTSTAT=DECLINED:mailto:lena.hoff@northwind.example"), head=())
    found = read(text, "a.ics")
    assert found.issues == []
    assert [note.value for note in found.sheet.notes if note.rule == "calendar/owner_unknown"] == [
        "1 events that somebody declined"
    ]
    assert read(text, "a.ics", rep="lena.hoff@northwind.example").rules == [(4, "calendar/declined")]
    assert read(text, "lena.hoff@northwind.example.ics").rules == [(4, "calendar/declined")]
    named = calendar(
        event('ATTENDEE;CN="Lena Hoff";PARTSTAT=DECLINED:mailto:l@x.example'), head=("X-WR-CALNAME:Lena Hoff",)
    )
    assert read(named, "a.ics").rules == [(5, "calendar/declined")]


# ----------------------------------------------------------- what it says


@pytest.mark.parametrize("kind", ["PRIVATE", "CONFIDENTIAL", "X-SECRET", "private"])
def test_of_a_private_event_no_text_is_kept(read, kind):
    secret = event(
        f"CLASS:{kind}", "LOCATION:Clinic", "CATEGORIES:Health", "ORGANIZER;CN=Dr. Weiss:mailto:weiss@clinic.example",
        "ATTENDEE:mailto:weiss@clinic.example", "DESCRIPTION:blood test", label="Dr. Weiss",
    )  # fmt: skip
    found = read(calendar(secret), "a.ics")
    everything = str(found.frame.rows()) + str(found.issues) + str(found.sheet)
    for word in ("Weiss", "weiss", "Clinic", "clinic", "Health", "blood"):
        assert word not in everything
    assert (found.column("label"), found.column("account")) == (["Private appointment"], [None])
    assert [note.value for note in found.sheet.notes if note.rule == "calendar/private"] == ["1 events"]


def test_a_moved_instance_of_a_private_series_is_private(read):
    found = read(
        calendar(
            event("RRULE:FREQ=DAILY;COUNT=2", "CLASS:PRIVATE", label="Therapy"),
            event("RECURRENCE-ID:20260303T090000Z", start="20260303T120000Z", end="20260303T130000Z", label="Therapy"),
        ),
        "a.ics",
    )
    assert found.column("label") == ["Private appointment"] * 2
    assert found.sheet.tally.rows_read == 2


@pytest.mark.parametrize(
    "bad",
    [
        event("CLASS:PRIVATE", start="gestern", label="Therapy"),
        event("CLASS:PRIVATE", "Therapy went on", label="Therapy"),
        event("CLASS:PRIVATE", start=";TZID=Nowhere:20260302T090000", label="Therapy"),
        "BEGIN:VEVENT\nSUMMARY:Therapy\nDTSTART:20260302T090000Z",
    ],
)
def test_of_an_event_that_is_set_aside_for_its_form_no_text_is_kept(read, bad):
    found = read(calendar(bad, event(uid="b@x")), "a.ics")
    assert len(found.issues) == 1
    assert "Therapy" not in str(found.frame.rows()) + str(found.issues)


@pytest.mark.parametrize(
    ("lines", "account"),
    [
        (["ATTENDEE:mailto:li@acme.example", "ATTENDEE:mailto:jo@northwind.example"], "acme"),
        (
            ["ATTENDEE:mailto:li@sales.acme.co.uk", "ATTENDEE:MAILTO:bo@Bolt.se", "ORGANIZER:mailto:x@bolt.se"],
            "bolt, acme",
        ),
        (["ORGANIZER:mailto:li@acme.example"], "acme"),
        (["ATTENDEE:mailto:li@gmail.com", "ATTENDEE;CUTYPE=ROOM:mailto:r4@rooms.example"], None),
        (["ATTENDEE:mailto:jo@eu.northwind.example", "ATTENDEE:mailto:c_1@resource.calendar.google.com"], None),
        (["ATTENDEE:invalid:nomail", "ATTENDEE:mailto:"], None),
    ],
)  # fmt: skip
def test_the_account_is_the_other_firm(read, lines, account):
    assert read(calendar(event(*lines)), "a.ics").column("account") == [account]
    if account:
        assert read(calendar(event(*lines), head=()), "a.ics").column("account") == [None]


@pytest.mark.parametrize(
    ("lines", "channel"),
    [
        (["LOCATION:https://zoom.us/j/123?pwd=secret"], "video"), (["LOCATION:Microsoft Teams Meeting"], "video"),
        (["X-GOOGLE-CONFERENCE:https://meet.google.com/abc"], "video"),
        (["LOCATION:Acme\\, Hauptstr. 4\\, Ulm"], "on site"),
        (["LOCATION:Telefon"], "phone"), (["LOCATION:+49 89 123456"], "phone"), ([], None), (["LOCATION: "], None),
        (["LOCATION:Microsoft Teams Meeting; Room 4"], None),
        (["LOCATION:Room 4", "X-GOOGLE-CONFERENCE:https://meet.google.com/abc"], None),
    ],
)  # fmt: skip
def test_the_channel_is_told_only_where_the_place_is_plain(read, lines, channel):
    found = read(calendar(event(*lines)), "a.ics")
    assert found.column("channel") == [channel]
    assert "secret" not in str(found.frame.rows())


def test_what_has_no_field_is_kept_beside(read):
    found = read(
        calendar(
            event(
                "LOCATION:Room 4",
                "CATEGORIES:Sales,Key\\, big",
                "STATUS:CONFIRMED",
                "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
                "ORGANIZER;CN=Jo:mailto:jo@northwind.example",
                "ATTENDEE:mailto:a@x.example",
                "ATTENDEE:mailto:b@x.example",
            )
        ),
        "a.ics",
    )
    assert extra(found) == {
        "uid": "a@x", "status": "CONFIRMED", "busy_status": "OOF", "location": "Room 4", "attendees": "2",
        "organizer": "jo@northwind.example", "categories": "Sales, Key, big",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rep"),
    [
        ("lena.hoff@northwind.example", "lena.hoff@northwind.example"), ("Lena Hoff", "Lena Hoff"),
        ("Hoff, Lena", "Hoff, Lena"), ("Jean-Luc O'Brien", "Jean-Luc O'Brien"), ("Work", "north"),
        ("Holidays in Norway", "north"), ("Sales Team", "north"), ("Mein Kalender", "north"), ("", "north"),
        ("abc123@group.calendar.google.com", "north"), ("Q1 2026", "north"),
        ("Calendar", "north"),
    ],
)  # fmt: skip
def test_a_calendar_is_its_owners_or_the_files(read, name, rep):
    found = read(calendar(event(), head=(f"X-WR-CALNAME:{name}",)), "north.ics")
    assert found.sheet.rep_default == rep


def test_the_owner_that_outlook_writes_goes_first(read):
    head = ('X-OWNER;CN="Ana Ruiz":mailto:ana.ruiz@northwind.example', "X-WR-CALNAME:Kalender")
    assert read(calendar(event(), head=head), "a.ics").sheet.rep_default == "ana.ruiz@northwind.example"
