"""Calendar files of a test's own, put together from properties."""

from __future__ import annotations

GOOGLE = "PRODID:-//Google Inc//Google Calendar 70.9054//EN"
OWNER = "X-WR-CALNAME:lena.hoff@northwind.example"


def event(*lines, start="20260302T090000Z", end="20260302T093000Z", uid="a@x", label="Demo"):
    """Return an event: what is told by name unless it is None, then further properties."""
    named = [("DTSTART", start), ("DTEND", end), ("UID", uid), ("SUMMARY", label)]
    told = [name + (text if text.startswith(";") else f":{text}") for name, text in named if text is not None]
    return "\n".join(["BEGIN:VEVENT", *told, *lines, "END:VEVENT"])


def calendar(*parts, head=(OWNER,)):
    """Return a calendar with these events and zones."""
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", GOOGLE, *head, *parts, "END:VCALENDAR", ""])


def berlin(text):
    """Return a time by Berlin's clock, as a property's parameters and value."""
    return f";TZID=Europe/Berlin:{text}"
