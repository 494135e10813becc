"""Salesforce events and tasks as Data Loader, the weekly export and copies in a warehouse write them (API names).

Times are UTC, whether they say so or not; the day of a task or of an all-day event is a day, not midnight UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.layout import PRIVATE_LABEL, Layout
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    LEFT_OUT,
    UTC,
    Columns,
    Why,
    day,
    gone,
    instant,
    is_false,
    is_true,
    long_id,
    maker,
    one_of,
    seconds,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timewaste.readers.layouts.crm import Cells, Said

DONE = {"completed", "complete", "closed", "done", "abgeschlossen", "erledigt", "terminé", "completado", "completada"}
OPEN = {
    "not started", "in progress", "waiting on someone else", "waiting on input", "deferred", "open", "to do",
    "nicht gestartet", "nicht begonnen", "in bearbeitung", "zurückgestellt", "offen", "non démarré", "en cours",
    "no iniciado", "no iniciada", "en curso", "reportado",
}  # fmt: skip
CHANNELS = {"listemail": "email", "list email": "email", "e-mail": "email", "event": "meeting", "telephone": "call"}
OPPORTUNITY_PREFIX, ACCOUNT_PREFIX = "006", "001"

ACTIVITY = {
    "rep": spelled("OwnerId"),
    "label": spelled("Subject"),
    "account": (*spelled("Account.Name"), *spelled("AccountId")),
    "notes": spelled("Description"),
    "logged_text": spelled("CreatedDate"),
}
EVENT = ACTIVITY | {
    "date_text": spelled("ActivityDate"),
    "start_text": spelled("StartDateTime", "ActivityDateTime"),
    "end_text": spelled("EndDateTime"),
    "duration_text": spelled("DurationInMinutes"),
    "channel": spelled("Type"),
}
TASK = ACTIVITY | {
    "date_text": spelled("ActivityDate"),
    "duration_text": spelled("CallDurationInSeconds"),
    "channel": spelled("TaskSubtype"),
}
FLAGS = LEFT_OUT | {"what": spelled("WhatId"), "is_series": spelled("IsRecurrence")}


# -------------------------------------------------------- events and tasks


def _activity(cells: Cells, zone: str) -> dict[str, str]:
    """Return what events and tasks have in common; the first characters of an id say what it is of."""
    what = long_id(cells["what"])
    return {
        "rep": long_id(cells["rep"]),
        "label": cells["label"],
        "account": long_id(cells["account"]) or (what if what.startswith(ACCOUNT_PREFIX) else ""),
        "opportunity": what if what.startswith(OPPORTUNITY_PREFIX) else "",
        "notes": cells["notes"],
        "logged_text": instant(cells["logged_text"], zone),
    }


def _left_out(cells: Cells, columns: Columns) -> Why | None:
    if why := gone(cells, columns):
        return why
    if is_true(cells["is_series"]):  # its occurrences have records of their own
        return Why("crm/series", columns.shown(FLAGS["is_series"]), cells["is_series"], "skipped")
    return None


EVENT_FLAGS = FLAGS | {
    "is_all_day": spelled("IsAllDayEvent"),
    "is_private": spelled("IsPrivate"),
    "show_as": spelled("ShowAs"),
}


def _event(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell an event: an interval from start and end, or start and minutes. A private one keeps no text."""
    fields = _activity(cells, zone)
    fields["start_text"] = instant(cells["start_text"], zone)
    fields["end_text"] = instant(cells["end_text"], zone)
    fields["duration_text"] = f"{cells['duration_text']} min" if cells["duration_text"] else ""
    fields["channel"] = _channel(cells["channel"]) or "meeting"
    is_private = is_true(cells["is_private"])
    if is_private:
        fields |= {"label": PRIVATE_LABEL, "notes": "", "account": "", "opportunity": ""}
    why = _left_out(cells, columns)
    # Only an all-day event has no start; copies leave out the column that says it is one.
    if is_true(cells["is_all_day"]) or not cells["start_text"]:
        fields |= {"date_text": day(cells["date_text"] or cells["start_text"]), "start_text": "", "end_text": ""}
        shown = columns.shown(EVENT_FLAGS["is_all_day"])
        return fields, why or Why("calendar/all_day", shown, cells["is_all_day"])
    if cells["show_as"].casefold() == "free":
        why = why or Why("calendar/free", columns.shown(EVENT_FLAGS["show_as"]), cells["show_as"])
    if is_private and why is None:
        why = Why("calendar/private", columns.shown(EVENT_FLAGS["is_private"]), "", "noted")
    return fields, why


TASK_FLAGS = FLAGS | {
    "is_closed": spelled("IsClosed"),
    "status": spelled("Status"),
    "type": spelled("Type"),
    "call_type": spelled("CallType"),
}


def _task(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell a task: a day, for the time it has is when it was written down; a length only if it was a timed call."""
    fields = _activity(cells, zone)
    fields["date_text"] = day(cells["date_text"])
    fields["duration_text"] = seconds(cells["duration_text"])
    subtype = _channel(cells["channel"])
    own = _channel(cells["type"]) or ("call" if cells["call_type"] else "")
    fields["channel"] = (own if subtype in {"", "task"} else subtype) or "task"
    return fields, _left_out(cells, columns) or not_done(cells, columns, TASK_FLAGS)


def not_done(cells: Cells, columns: Columns, flags: Mapping[str, tuple[str, ...]]) -> Why | None:
    """Return why a task that may still be open does not count: it is a plan until it is done."""
    closed, status = cells["is_closed"], cells["status"]
    if is_false(closed) or (not closed and status.casefold() in OPEN):
        name = "is_closed" if closed else "status"
        return Why("crm/not_done", columns.shown(flags[name]), status or closed)
    if not closed and status.casefold() not in DONE:
        return Why("crm/status_unknown", columns.shown(flags["status"]), status, "noted")
    return None


def _channel(text: str) -> str:
    return CHANNELS.get(text.casefold(), text.casefold())


# ------------------------------------------------------------------- layouts

_EVENT_NEEDS = (
    one_of("OwnerId"), one_of("Subject"), one_of("ActivityDateTime", "StartDateTime"),
    one_of("DurationInMinutes", "EndDateTime"),
)  # fmt: skip
_TASK_NEEDS = (one_of("OwnerId"), one_of("Subject"), one_of("ActivityDate"), one_of("IsClosed", "Status"))
LAYOUTS = (
    Layout(
        name="salesforce_event", title="Salesforce Event", needs=_EVENT_NEEDS, fields=EVENT,
        translate=maker(EVENT | EVENT_FLAGS, _event), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="salesforce_task", title="Salesforce Task", needs=_TASK_NEEDS, fields=TASK,
        translate=maker(TASK | TASK_FLAGS, _task), instrument=INSTRUMENT, zone_reason=UTC,
    ),
)  # fmt: skip
