"""Calendars as tables: Outlook in three languages, Google, Microsoft Graph."""

from __future__ import annotations

import json

import pytest
from tracker_files import (
    GOOGLE,
    OUTLOOK_ENGLISH,
    OUTLOOK_FRENCH,
    OUTLOOK_GERMAN,
    graph,
    graph_event,
    outlook,
    zoned,
)

YES = {OUTLOOK_ENGLISH: "True", OUTLOOK_GERMAN: "Wahr", OUTLOOK_FRENCH: "Vrai"}
SECRET = {OUTLOOK_ENGLISH: "Private", OUTLOOK_GERMAN: "Privat", OUTLOOK_FRENCH: "Privé"}
every_language = pytest.mark.parametrize(
    "header", [OUTLOOK_ENGLISH, OUTLOOK_GERMAN, OUTLOOK_FRENCH], ids=["en", "de", "fr"]
)


@every_language
def test_outlook_is_read_by_name_not_by_place(read, header):
    found = read(outlook(header), rep="file")
    assert found.sheet.layout == "Outlook calendar CSV"
    assert found.sheet.instrument == "calendar"
    row = found.row(2)
    assert (row["date_text"], row["start_text"]) == ("31/12/2026", "10:00:00")
    assert (row["end_date_text"], row["end_text"]) == ("31/12/2026", "11:00:00")
    assert (row["label"], row["notes"]) == ("Project sync", "Weekly\nsync")
    assert "Okafor, Ben" in row["extra"]
    assert found.rules == []


@every_language
@pytest.mark.parametrize(("shown", "rule"), [("1", "calendar/tentative"), ("2", ""), ("3", "calendar/free"), ("4", "")])
def test_outlook_counts_busy_codes_its_own_way(read, header, shown, rule):
    found = read(outlook(header, shown=shown), rep="file")
    assert found.rules == ([(2, rule)] if rule else [])
    assert [issue.treatment for issue in found.issues] == (
        [] if not rule else ["noted" if shown == "1" else "set_aside"]
    )
    if shown == "4":
        assert json.loads(found.row(2)["extra"])["shown as"] == "out of office"


@every_language
@pytest.mark.parametrize("how", ["private", "sensitivity"])
def test_of_a_private_appointment_only_its_times_are_kept(read, header, how):
    said = {how: YES[header] if how == "private" else SECRET[header]}
    found = read(outlook(header, subject="Oncologist", **said), rep="file")
    row = found.row(2)
    assert row["label"] == "Private appointment"
    assert (row["notes"], row["extra"]) == (None, None)
    assert (row["date_text"], row["start_text"]) == ("31/12/2026", "10:00:00")
    assert found.rules == [(2, "calendar/private")]
    assert "Oncologist" not in repr(found.issues)


@every_language
def test_outlook_all_day_is_set_aside(read, header):
    found = read(outlook(header, all_day=YES[header]), rep="file")
    assert found.rules == [(2, "calendar/all_day")]
    private = read(outlook(header, "Oncologist", all_day=YES[header], private=YES[header], shown="3"), rep="file")
    assert private.rules == [(2, "calendar/all_day")]
    assert private.row(2)["extra"] is None
    assert "Oncologist" not in repr(private.frame.rows())


@pytest.mark.parametrize("subject", ["Canceled: Project sync", "Abgesagt: Projekt", "Annulé : projet"])
def test_what_outlook_marks_as_cancelled_is_set_aside(read, subject):
    assert read(outlook(OUTLOOK_ENGLISH, subject=subject), rep="file").rules == [(2, "calendar/cancelled")]


def test_outlook_in_the_code_page_of_its_windows(read):
    found = read(outlook(OUTLOOK_GERMAN, subject="Gespräch mit Jörg").encode("cp1252"), rep="file", encoding="cp1252")
    assert found.column("label") == ["Gespräch mit Jörg"]


# ------------------------------------------------------------------ Google


def test_google_calendar(read):
    found = read(
        GOOGLE.replace("All Day Event", "All day event") + "\n"
        "Visit,03/25/2026,10:00 AM,03/25/2026,11:30 AM,False,bring samples,Leeds,False\n"
        "Holiday,03/26/2026,,03/27/2026,,True,,,False\n"
        "Dentist,03/27/2026,10:00 AM,03/27/2026,11:00 AM,False,upper left,High Street,True\n"
        "Fair,03/28/2026,,,,,,,\n",
        rep="file",
    )
    assert found.sheet.layout == "Google Calendar CSV"
    assert found.sheet.instrument == "calendar"
    assert found.column("label") == ["Visit", "Holiday", "Private appointment", "Fair"]
    assert found.rules == [(3, "calendar/all_day"), (4, "calendar/private"), (5, "calendar/all_day")]
    assert "upper left" not in repr(found.frame.rows())
    assert "High Street" not in repr(found.frame.rows())


# ------------------------------------------------------------------- Graph


def test_graph_events_are_instants_of_the_calendars_owner(read):
    found = read(graph(graph_event()), "events.json")
    assert found.sheet.layout == "Microsoft Graph events"
    assert found.sheet.instrument == "calendar"
    row = found.row(1)
    assert row["rep"] == "ana@x.example"
    assert (row["start_text"], row["end_text"]) == ("2026-01-20T09:00:00Z", "2026-01-20T10:00:00Z")
    assert (row["label"], row["notes"], row["channel"]) == ("Demo", "agenda", "online meeting")
    extra = json.loads(row["extra"])
    assert extra["location.displayName"] == "Room 7"
    assert extra["categories"] == "red, deal"
    assert "ben@x.example" in extra["attendees"]
    assert "<p>" not in row["extra"]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("W. Europe Standard Time", "2026-07-01T09:00:00+02:00"),
        ("Eastern Standard Time", "2026-07-01T09:00:00-04:00"),
        ("Europe/Berlin", "2026-07-01T09:00:00+02:00"),
        ("tzone://Microsoft/Utc", "2026-07-01T09:00:00+00:00"),
        ("UTC", "2026-07-01T09:00:00Z"),
    ],
)
def test_graph_zones_stand_beside_their_times(read, zone, start):
    found = read(graph(graph_event(start=zoned("07-01T09:00", zone), end=zoned("07-01T10:00", "UTC"))), "events.json")
    assert found.column("start_text") == [start]
    assert found.column("end_text") == ["2026-07-01T10:00:00Z"]


def test_a_graph_zone_that_nobody_knows_is_never_guessed(read):
    found = read(
        graph(graph_event(start=zoned("07-01T09:00", "tzone://Microsoft/Custom")), graph_event()), "events.json"
    )
    assert found.rules == [(1, "calendar/unknown_zone")]
    assert found.issues[0].treatment == "set_aside"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"isCancelled": True}, "calendar/cancelled"),
        ({"responseStatus": {"response": "declined"}}, "calendar/declined"),
        ({"showAs": "free"}, "calendar/free"),
        ({"isAllDay": True}, "calendar/all_day"),
        ({"type": "seriesMaster"}, "calendar/series_master"),
        ({"type": "seriesMaster", "isCancelled": True}, "calendar/series_master"),
        ({"showAs": "tentative"}, "calendar/tentative"),
        ({"showAs": "oof"}, ""),
        ({"type": "occurrence"}, ""),
        ({"type": "exception"}, ""),
    ],
)
def test_what_kind_of_graph_event_counts(read, said, rule):
    found = read(graph(graph_event(**said)), "events.json")
    assert found.rules == ([(1, rule)] if rule else [])
    assert all(issue.treatment == ("noted" if rule == "calendar/tentative" else "set_aside") for issue in found.issues)


@pytest.mark.parametrize("sensitivity", ["private", "personal", "confidential"])
def test_of_a_private_graph_event_only_its_times_are_kept(read, sensitivity):
    found = read(graph(graph_event(subject="Oncologist", sensitivity=sensitivity)), "events.json")
    row = found.row(1)
    assert (row["label"], row["notes"], row["channel"], row["extra"]) == ("Private appointment", None, None, None)
    assert row["rep"] == "ana@x.example"


def test_a_broken_private_event_keeps_no_text_either(read):
    broken = '{"subject": "Oncologist", "sensitivity": "private", "x": NaN}'
    found = read('{"value": [' + broken + ", " + json.dumps(graph_event()) + "]}", "events.json")
    assert found.rules == [(1, "json/number")]
    assert "Oncologist" not in repr(found.frame.rows()) + repr(found.issues)


def test_one_page_of_several_says_so(read):
    found = read(
        graph(graph_event(), **{"@odata.nextLink": "https://graph.example/v1.0/me?skip=10&token=x"}), "events.json"
    )
    assert "json/next_page" in found.noted
    assert "token" not in repr(found.sheet.notes)
    assert "json/next_page" not in read(graph(graph_event()), "events.json").noted


def test_events_of_others_do_not_tell_whose_calendar_it_is(read):
    found = read(graph(graph_event(isOrganizer=False)), "events.json", rep="ana@x.example")
    assert found.column("rep") == [None]
