"""Pipedrive activities, deals, users and the changes of deals, as its API and copies of it give them.

An activity's day and clock time stand apart, both in UTC: together they may be another day where the rep is. Stages
are told by their number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.layout import Layout
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    UTC,
    Columns,
    Why,
    day,
    instant,
    is_false,
    is_moment,
    is_true,
    maker,
)

if TYPE_CHECKING:
    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.layouts.crm import Cells, Said

_TAG = re.compile(r"<[^<>]*>")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_MINUTES = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_NO_LENGTH = {"", "0", "0:00", "00:00", "00:00:00"}

ACTIVITY = {
    "rep": ("owner name", "owner id", "user id", "assigned to user id"),
    "date_text": ("due date",),
    "start_text": ("due time",),
    "duration_text": ("duration",),
    "label": ("subject",),
    "channel": ("type", "type name"),
    "opportunity": ("deal id",),
    "account": ("org name", "org id"),
    "notes": ("note",),
    "logged_text": ("add time",),
}
FLAGS = {
    "done": ("done",),
    "is_deleted": ("is deleted", "deleted", "fivetran deleted"),
    "is_active": ("active flag",),
}


def _activity(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell an activity: day and time it was set for, and its length. One that is not done is a plan."""
    date, clock = day(cells["date_text"]), cells["start_text"]
    has_clock = bool(_CLOCK.fullmatch(clock)) and is_moment(date)
    length = "" if cells["duration_text"] in _NO_LENGTH else cells["duration_text"]
    fields = {
        "rep": cells["rep"],
        "date_text": "" if has_clock else date,
        "start_text": instant(f"{date} {clock}", zone) if has_clock else clock,
        "duration_text": f"{length} min" if _MINUTES.fullmatch(length) else length,
        "label": cells["label"],
        "channel": cells["channel"].casefold(),
        "opportunity": cells["opportunity"],
        "account": cells["account"],
        "notes": _TAG.sub(" ", cells["notes"]).strip(),
        "logged_text": instant(cells["logged_text"], zone),
    }
    if is_true(cells["is_deleted"]) or is_false(cells["is_active"]):
        name = "is_deleted" if is_true(cells["is_deleted"]) else "is_active"
        return fields, Why("crm/deleted", columns.shown(FLAGS[name]), cells[name])
    if not is_true(cells["done"]):
        return fields, Why("crm/not_done", columns.shown(FLAGS["done"]), cells["done"])
    return fields, None


# ------------------------------------------------------------------- interface

LABELLED = {
    "rep": ("activity assigned to user", "assigned to user"),
    "date_text": ("activity due date", "due date"),
    "start_text": ("activity due time", "due time"),
    "duration_text": ("activity duration", "duration"),
    "label": ("activity subject", "subject"),
    "channel": ("activity type", "type"),
    "opportunity": ("deal id", "deal title", "deal"),
    "account": ("organization name", "organization", "activity organization"),
    "notes": ("activity note", "note"),
    "logged_text": ("activity add time", "add time", "activity created"),
}
LABEL_FLAGS = {"done": ("activity done", "done", "activity status")}
_DONE = {"done", "yes", "true", "1", "erledigt", "fertig", "terminé", "hecho"}


def _labelled(cells: Cells, columns: Columns, _zone: str) -> Said:
    """Tell an activity of the interface's export: its times are in the account's zone."""
    length = "" if cells["duration_text"] in _NO_LENGTH else cells["duration_text"]
    fields = {
        **{name: cells[name] for name in LABELLED},
        "date_text": instant(cells["date_text"], ""),
        "duration_text": length,
        "channel": cells["channel"].casefold(),
    }
    if cells["done"].casefold() not in _DONE:
        return fields, Why("crm/not_done", columns.shown(LABEL_FLAGS["done"]), cells["done"])
    return fields, None


# --------------------------------------------------------------- deals, users

DEAL = {
    "opportunity_id": ("id",),
    "account": ("org name", "org id name", "org id"),
    "rep_id": ("owner name", "user id name", "owner id", "user id id", "user id"),
    "source": ("origin", "channel"),
    "amount": ("value",),
    "created_on": ("add time",),
    "closed_on": ("close time", "won time", "lost time"),
    "outcome": ("status",),
}
STATUS = ("status",)


def _deal(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell an opportunity: Pipedrive says itself whether it is open, won or lost."""
    fields = {
        **cells,
        "created_on": instant(cells["created_on"], zone),
        "closed_on": instant(cells["closed_on"], zone),
        "outcome": cells["outcome"].casefold(),
    }
    if fields["outcome"] == "deleted":
        return fields, Why("crm/deleted", columns.shown(STATUS), cells["outcome"])
    if not fields["opportunity_id"]:
        return fields, Why("crm/no_id", columns.shown(DEAL["opportunity_id"]), "")
    return fields, None


USER = {"rep_id": ("id",), "name": ("name",), "email": ("email",)}


def _user(cells: Cells, _columns: Columns, _zone: str) -> Said:
    return {**cells, "aliases": cells["rep_id"]}, None


# --------------------------------------------------------------------- changes

CHANGE = {
    "opportunity_id": ("deal id", "data item id", "item id", "data deal id"),
    "entered_at": ("time", "log time", "data log time", "timestamp"),
    "stage": ("new value", "data new value"),
    "field": ("field key", "data field key"),
    "is_bulk": ("is bulk update flag", "data is bulk update flag"),
    "event": ("object",),
}


def _change(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell that a deal entered a stage. What happened to it otherwise stands in the same list."""
    fields = {
        "opportunity_id": cells["opportunity_id"],
        "stage": cells["stage"],
        "entered_at": instant(cells["entered_at"], zone),
    }
    if cells["event"] and cells["event"].casefold() != "dealchange":
        return fields, Why("crm/other_event", columns.shown(CHANGE["event"]), cells["event"], "skipped")
    if cells["field"] != "stage_id":
        return fields, Why("crm/other_field", columns.shown(CHANGE["field"]), cells["field"], "skipped")
    for name in ("opportunity_id", "stage", "entered_at"):
        if not fields[name] or (name == "entered_at" and not is_moment(fields[name])):
            return fields, Why("crm/no_stage_event", columns.shown(CHANGE[name]), fields[name])
    if is_true(cells["is_bulk"]):
        return fields, Why("crm/bulk_change", columns.shown(CHANGE["is_bulk"]), cells["is_bulk"], "noted")
    return fields, None


def _nameless(_headers: tuple[str, ...], _source: SourceConfig) -> Translate:
    raise ReadError(
        "crm/no_deal",
        "these changes do not say of which deal they are",
        mend="Add a column deal_id to the file, or leave it out in timewaste.toml:\n"
        '[[source]]\nmatch = "…"\nskip = true',
    )


# ------------------------------------------------------------------- layouts

_CHANGE_NEEDS = ("field key|data field key", "new value|data new value")
_CHANGE_TIME = "time|log time|data log time|timestamp"
LAYOUTS = (
    Layout(
        name="pipedrive_activity_labels", title="Pipedrive activities, as the interface exports them", fields=LABELLED,
        needs=("activity subject|subject", "activity due date|due date", "activity done|done|activity status",
               "activity assigned to user|assigned to user"),
        translate=maker(LABELLED | LABEL_FLAGS, _labelled), instrument=INSTRUMENT,
        zone_reason="Pipedrive's interface exports times in the account's zone",
    ),
    Layout(
        name="pipedrive_activity", title="Pipedrive activities", fields=ACTIVITY,
        needs=("due date", "due time", "duration", "type", "subject", "done"),
        translate=maker(ACTIVITY | FLAGS, _activity), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="pipedrive_change", title="Pipedrive changes of deals", target="stage_events",
        needs=(*_CHANGE_NEEDS, _CHANGE_TIME, "|".join(CHANGE["opportunity_id"])),
        translate=maker(CHANGE, _change), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="pipedrive_nameless_change", title="Pipedrive changes of one deal", target="stage_events",
        needs=(*_CHANGE_NEEDS, "time", "actor user id|change source"), translate=_nameless, instrument=INSTRUMENT,
    ),
    Layout(
        name="pipedrive_deal", title="Pipedrive deals", target="opportunities",
        needs=("id", "title", "stage id", "status", "add time", "value"), translate=maker(DEAL, _deal),
        instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="pipedrive_user", title="Pipedrive users", target="people",
        needs=("id", "name", "email", "active flag|is admin|is you", "last login|icon url|role id|timezone name"),
        translate=maker(USER, _user), instrument=INSTRUMENT,
    ),
)  # fmt: skip
