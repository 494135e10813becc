"""What an event says beside its times: whose it is, whether it counts, where and with whom. Private texts end here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timewaste.readers.ics_values import plain_text, split_values
from timewaste.readers.layout import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.readers.ics_events import Event
    from timewaste.readers.ics_series import Occurrence
    from timewaste.readers.ics_values import Line

PRIVATE_LABEL = "Private appointment"
EMAIL = re.compile(r"[^@\s<>,;:/\"]+@[^@\s<>,;:/\"]+\.[^@\s<>,;:/\".]+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://([^/\s?#]+)\S*", re.IGNORECASE)
_ONLINE = re.compile(
    r"://|\b(teams|zoom|webex|skype|google meet|gotomeeting|online|video|virtual|virtuell|videokonferenz|visio)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?i)(tel|phone|telephone|telefon|telefonisch|call|anruf|téléphone)\b|\+?[\d\s()/.-]{6,}$")
_LINKS = ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE")
_NO_PERSON = re.compile(
    r"(?i)\b(my|mein|calend[ae]r\w*|calendrier|kalender|work|arbeit|home|privat\w*|holidays?|feiertage?|birthdays?"
    r"|geburtstage?|team|sales|vertrieb|termine|meetings?|events?|tasks?|room|default|shared|the|of|for)\b"
)
_PERSON = re.compile(r"[^\W\d_][\w'\u2019.-]*,? (?:[^\W\d_][\w'\u2019.-]*\.? ){0,2}[^\W\d_][\w'\u2019.-]*")
_FREE_MAIL = frozenset({
    "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "icloud", "me", "mac", "gmx", "web",
    "aol", "proton", "protonmail", "t-online", "freenet", "posteo", "mailbox", "orange", "wanadoo", "laposte", "libero",
})  # fmt: skip
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "edu", "gov", "gob", "or", "ne", "go"})
_TENTATIVE = {"TENTATIVE", "NEEDS-ACTION"}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: as the file says it, and the e-mail address where it is known."""

    name: str = ""
    email: str = ""


def find_owner(calendar_name: str, owner_line: Line | None, file_name: str, rep: str) -> Owner:
    """Return whose calendar it is: by the settings, the calendar's own owner or name, or the name of the file.

    >>> find_owner("Holidays in Norway", None, "anna.berg@northwind.example", "").name
    'anna.berg@northwind.example'
    """
    told = file_name if rep in {"file", "sheet"} else rep
    if told:
        return Owner(told, _email(told))
    owner = owner_line.value.strip().removeprefix("mailto:").removeprefix("MAILTO:") if owner_line else ""
    for text in (owner, calendar_name, file_name):
        if email := _email(text):
            return Owner(email, email)
    name = calendar_name.strip()[:60]
    if _PERSON.fullmatch(name) and not _NO_PERSON.search(name) and name != name.casefold():
        return Owner(name)
    return Owner()


def _email(text: str) -> str:
    text = text.strip()
    is_group = "calendar.google.com" in text.casefold()
    return text if EMAIL.fullmatch(text) and not is_group else ""


def organisation(email: str) -> str:
    """Return the part of an e-mail address that names the organisation, "" for a free mail service.

    >>> organisation("li@sales.acme.co.uk"), organisation("li@gmail.com")
    ('acme', '')
    """
    parts = email.strip().casefold().rpartition("@")[2].split(".")
    parts.pop()
    if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
        parts.pop()
    found = parts[-1] if parts else ""
    return "" if found in _FREE_MAIL else found


def is_private(properties: Mapping[str, Sequence[Line]]) -> bool:
    """Tell whether the texts are nobody's business; a class that is not known counts as private."""
    return any(line.value.strip().upper() not in {"", "PUBLIC"} for line in properties.get("CLASS", ()))


def tell(occurrence: Occurrence, owner: Owner, *, rep: str, method: str, private: bool) -> Told:
    """Return the row of an occurrence that has a start."""
    event = occurrence.event
    fields = {"rep": rep, "start_text": occurrence.start.text, "end_text": occurrence.end.text}
    rule, column, value = _why_not(event, owner, method)
    treatment = "set_aside"
    if not rule:
        rule, column, value = _what_to_note(occurrence, owner)
        treatment = "noted"
    texts, extra = _texts(event, owner, private=private)
    return Told({**fields, **texts}, extra, rule, column, value, treatment)


def tell_days(event: Event, owner: Owner, *, rep: str, method: str, private: bool) -> Told:
    """Return the row of an event that takes whole days, once for all of a series: it is no working time."""
    first, after = event.days or (None, None)
    rule, column, value = _why_not(event, owner, method)
    if rule in {"", "calendar/free"}:
        is_away = event.first("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "OOF"
        value = f"{'out of office, ' if is_away else ''}{first} to before {after}"
        rule, column = "calendar/all_day", "DTSTART"
    texts, extra = _texts(event, owner, private=private)
    if event.rules:
        extra["recurrence"] = event.first("RRULE")
    fields = {"rep": rep, "date_text": str(first), "end_date_text": str(after), **texts}
    return Told(fields, extra, rule, column, value)


def tell_left_out(event: Event, why: tuple[str, str, str], *, rep: str, treatment: str = "set_aside") -> Told:
    """Return the row of an event that is not looked at further: its times, none of its texts."""
    fields = {"rep": rep}
    if event.start is not None:
        fields |= {"start_text": event.start.text, "end_text": event.end_of(event.start).text}
    return Told(fields, {"uid": event.uid}, *why, treatment)


# ------------------------------------------------------------ does it count


def _why_not(event: Event, owner: Owner, method: str) -> tuple[str, str, str]:
    status, busy = event.first("STATUS").upper(), event.first("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    if status == "CANCELLED" or method == "CANCEL":
        return "calendar/cancelled", "STATUS", status or method
    if _own_answer(event, owner) == "DECLINED":
        return "calendar/declined", "ATTENDEE", "DECLINED"
    shown = event.first("TRANSP").upper()
    if busy == "FREE" or (shown == "TRANSPARENT" and not busy):
        return "calendar/free", "X-MICROSOFT-CDO-BUSYSTATUS" if busy else "TRANSP", busy or shown
    return "", "", ""


def _what_to_note(occurrence: Occurrence, owner: Owner) -> tuple[str, str, str]:
    event = occurrence.event
    if occurrence.start.is_in_gap:
        return "calendar/time_gap", "DTSTART", occurrence.start.wall.isoformat(" ", timespec="minutes")
    if occurrence.is_off_rule:
        return "calendar/start_off_rule", "RRULE", event.first("RRULE")
    for name in ("STATUS", "X-MICROSOFT-CDO-BUSYSTATUS"):
        if event.first(name).upper() == "TENTATIVE":
            return "calendar/tentative", name, "TENTATIVE"
    answer = _own_answer(event, owner)
    return ("calendar/tentative", "ATTENDEE", answer) if answer in _TENTATIVE else ("", "", "")


def _own_answer(event: Event, owner: Owner) -> str:
    """Return what the owner of the calendar answered to the invitation, "" if there is none."""
    for line in event.properties.get("ATTENDEE", ()):
        is_own = _address(line) == owner.email.casefold() if owner.email else False
        if not owner.email and owner.name:
            is_own = line.parameters.get("CN", "").casefold() == owner.name.casefold()
        if is_own:
            return line.parameters.get("PARTSTAT", "").upper()
    return ""


def _address(line: Line) -> str:
    text = line.value.strip().casefold().removeprefix("mailto:")
    return text if "@" in text else line.parameters.get("EMAIL", "").casefold()


# ------------------------------------------------------------- what it says


def _texts(event: Event, owner: Owner, *, private: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Return the RAW fields and the extra ones; of a private event only what says nothing of its content."""
    extra = {
        "uid": event.uid,
        "recurrence_id": "" if event.recurrence is None else event.first("RECURRENCE-ID"),
        "status": event.first("STATUS"),
        "busy_status": event.first("X-MICROSOFT-CDO-BUSYSTATUS"),
    }
    if private:
        return {"label": PRIVATE_LABEL}, {**extra, "class": event.first("CLASS") or "PRIVATE"}
    people = [
        line
        for line in event.properties.get("ATTENDEE", ())
        if line.parameters.get("CUTYPE", "").upper() not in {"RESOURCE", "ROOM"}
    ]
    location = plain_text(event.first("LOCATION"))
    organizers = event.properties.get("ORGANIZER", ())
    categories = [name for line in event.properties.get("CATEGORIES", ()) for name in split_values(line.value)]
    fields = {
        "label": plain_text(event.first("SUMMARY")),
        "account": _account(people, organizers, owner),
        "channel": _channel(event, location),
    }
    return fields, extra | {
        "location": _URL.sub(r"\1", location),
        "organizer": next((_address(line) or line.parameters.get("CN", "") for line in organizers), ""),
        "categories": ", ".join(name for name in categories if name),
        "attendees": str(len(people)) if people else "",
    }


def _account(people: Sequence[Line], organizers: Sequence[Line], owner: Owner) -> str:
    """Return the other organisations, most people first; none where the owner's own is not known."""
    if not owner.email:
        return ""
    own = organisation(owner.email)
    own_domain = owner.email.casefold().rpartition("@")[2]
    counts: Counter[str] = Counter()
    for address in {_address(line) for line in (*people, *organizers)}:
        name = organisation(address) if EMAIL.fullmatch(address) else ""
        if name and name != own and not address.endswith((f"@{own_domain}", ".calendar.google.com")):
            counts[name] += 1
    return ", ".join(name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _channel(event: Event, location: str) -> str:
    """Return `video`, `phone` or `on site` where the place says so plainly; a link and a room say nothing."""
    place = _URL.sub("", location).strip(" \n,;-")
    has_link = any(name in event.properties for name in _LINKS) or bool(_ONLINE.search(location))
    if has_link:
        return "video" if not place or (_ONLINE.search(place) and not re.search(r"[;,/\n]", place)) else ""
    if not place:
        return ""
    return "phone" if _PHONE.match(place) else "on site"
