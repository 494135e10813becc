"""HubSpot calls, meetings, tasks and owners: API properties, copies in a warehouse, and labels of the user interface.

A property is called `hs_call_title`, `properties.hs_call_title` (JSON) or `property_hs_call_title` (copies). API times
are UTC; the interface exports them in the account's zone, without saying so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue
from timewaste.readers.layout import Layout, Reading, Told
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    LEFT_OUT,
    UTC,
    Columns,
    Why,
    gone,
    instant,
    maker,
    milliseconds,
    one_of,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.layouts.crm import Cells, Said
    from timewaste.readers.sheet import Tally

ACCOUNT_ZONE = "HubSpot's interface exports times in the account's zone"


def properties(*names: str) -> tuple[str, ...]:
    """Return the plain header names of properties, in every spelling.

    >>> properties("hs_timestamp")
    ('hs timestamp', 'properties hs timestamp', 'property hs timestamp')
    """
    return tuple(
        f"{prefix}{one}" for name in names for one in spelled(name) for prefix in ("", "properties ", "property ")
    )


def any_property(*names: str) -> str:
    """Return a need that any of the properties meets, in any spelling."""
    return "|".join(properties(*names))


RECORD = {
    "rep": (*properties("hubspot_owner_id"), *spelled("owner_id")),
    "logged_text": (*properties("hs_createdate"), *spelled("createdAt", "created_at")),
    "account": ("associated company", "company name"),
    "opportunity": ("associated deal ids", "deal id"),
}
LABELS = {
    "rep": ("activity assigned to", "assigned to", "owner"),
    "start_text": ("activity date",),
    "logged_text": ("create date", "activity created at"),
    "account": ("associated company", "company name"),
    "opportunity": ("associated deal ids", "associated deal", "deal id"),
}


def _record(cells: Cells, zone: str, label: str, channel: str) -> dict[str, str]:
    return {
        "rep": cells["rep"],
        "start_text": instant(cells["start_text"], zone),
        "label": cells["label"] or label,
        "account": cells["account"],
        "opportunity": cells["opportunity"],
        "channel": channel,
        "notes": cells["notes"],
        "logged_text": instant(cells["logged_text"], zone),
    }


# --------------------------------------------------------------------- calls

CALL = RECORD | {
    "start_text": (*properties("hs_timestamp"), "timestamp"),
    "duration_text": (*properties("hs_call_duration"), "duration milliseconds"),
    "label": (*properties("hs_call_title"), "title"),
    "notes": (*properties("hs_call_body"), "body"),
}
CALL_FLAGS = LEFT_OUT | {"status": (*properties("hs_call_status"), "status")}
NEVER_PLACED = {"canceled", "cancelled", "queued", "missed"}


def _call(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell a call from its start; its duration is in milliseconds, and 0 where nobody timed it."""
    fields = _record(cells, zone, "Call", "call") | {"duration_text": milliseconds(cells["duration_text"])}
    return fields, gone(cells, columns) or _cancelled(cells, columns, CALL_FLAGS, "status", NEVER_PLACED)


def _cancelled(
    cells: Cells, columns: Columns, flags: Mapping[str, tuple[str, ...]], name: str, words: set[str]
) -> Why | None:
    if cells[name].casefold() not in words:
        return None
    return Why("crm/cancelled", columns.shown(flags[name]), cells[name])


CALL_LABELS = LABELS | {
    "duration_text": ("call duration", "call duration hh mm ss"),
    "label": ("call title", "title"),
    "notes": ("call notes", "call body"),
}
CALL_LABEL_FLAGS = LEFT_OUT | {"status": ("call status",)}
_DAY = 86_400
_PER_UNIT = {"minutes": "min", "hours": "h"}


def _survey_calls(rows: Iterable[Mapping[str, str]], source: SourceConfig, tally: Tally) -> Translate:
    """Find out what bare lengths count: HubSpot keeps milliseconds, and none but they can make a day of seconds."""
    headers: tuple[str, ...] = ()
    longest = ""
    for row in rows:
        headers = headers or tuple(row)
        lengths = (row.get(name, "").strip() for name in CALL_LABELS["duration_text"])
        longest = longest or next((one for one in lengths if _is_bare(one) and float(one) >= _DAY), "")
    if longest and not source.duration_unit:
        tally.notes.append(Issue(0, "Call duration", "crm/call_length", f"{longest} are milliseconds", "noted"))
    return _labelled_call(headers, source, is_milliseconds=bool(longest))


def _is_bare(length: str) -> bool:
    return length.isascii() and length.replace(".", "", 1).isdecimal()


def _labelled_call(headers: tuple[str, ...], source: SourceConfig, *, is_milliseconds: bool = False) -> Translate:
    """Return what tells a call of the user interface's export: a bare number there does not say what it counts."""
    columns = Columns(headers)
    read = columns.reader(CALL_LABELS | CALL_LABEL_FLAGS)
    unit = _PER_UNIT.get(source.duration_unit, "")

    def translate(record: Mapping[str, str]) -> Iterator[Told]:
        cells = read(record)
        length = cells["duration_text"]
        if is_milliseconds and not unit and _is_bare(length):
            length = milliseconds(length)
        elif _is_bare(length) and float(length):
            if not unit:
                raise ReadError(
                    "duration/ambiguous",
                    f"the column {columns.shown(CALL_LABELS['duration_text'])!r} does not say what {length} counts",
                    mend="If it is milliseconds, head it hs_call_duration and the time hs_timestamp. Else say it:\n"
                    '[[source]]\nmatch = "…"\nduration_unit = "minutes"   # or "hours"',
                )
            length = f"{length} {unit}"
        elif length == "0":
            length = ""
        fields = _record(cells, "", "Call", "call") | {"duration_text": length}
        why = gone(cells, columns) or _cancelled(cells, columns, CALL_LABEL_FLAGS, "status", NEVER_PLACED)
        yield Told(fields, {}, *(why or ()))

    return translate


# ------------------------------------------------------------------ meetings

MEETING = RECORD | {
    "start_text": (*properties("hs_meeting_start_time"), "start time", "meeting start time"),
    "end_text": (*properties("hs_meeting_end_time"), "end time", "meeting end time"),
    "label": (*properties("hs_meeting_title"), "title", "meeting name", "meeting title"),
    "notes": (*properties("hs_meeting_body"), "body", "meeting description", "internal meeting notes"),
}
MEETING_LABELS = MEETING | {"rep": LABELS["rep"], "logged_text": LABELS["logged_text"]}
MEETING_FLAGS = LEFT_OUT | {"outcome": (*properties("hs_meeting_outcome"), "meeting outcome")}
NOT_HELD = {"canceled", "cancelled", "rescheduled", "no show", "no_show"}


def _meeting(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell a meeting. One that still stands as scheduled counts: hardly anybody sets the outcome."""
    fields = _record(cells, zone, "Meeting", "meeting") | {"end_text": instant(cells["end_text"], zone)}
    why = gone(cells, columns) or _cancelled(cells, columns, MEETING_FLAGS, "outcome", NOT_HELD)
    if why is None and cells["outcome"].casefold() == "scheduled":
        why = Why("crm/scheduled", columns.shown(MEETING_FLAGS["outcome"]), cells["outcome"], "noted")
    return fields, why


def _labelled_meeting(cells: Cells, columns: Columns, _zone: str) -> Said:
    return _meeting(cells, columns, "")


# --------------------------------------------------------------------- tasks

TASK = RECORD | {
    "start_text": (*properties("hs_task_completion_date"), "completion date", *properties("hs_timestamp"), "timestamp"),
    "label": (*properties("hs_task_subject"), "subject"),
    "channel": (*properties("hs_task_type"), "task type"),
    "notes": (*properties("hs_task_body"), "body"),
}
TASK_FLAGS = LEFT_OUT | {"status": (*properties("hs_task_status"), "status", "task status")}
TASK_LABELS = TASK | {
    "rep": LABELS["rep"],
    "start_text": ("completed at", "completion date", "due date", "activity date"),
    "label": ("task title", "title", "subject"),
    "notes": ("task notes", "notes"),
    "logged_text": LABELS["logged_text"],
}
_TASK_CHANNELS = {"todo": "task", "to-do": "task", "": "task", "linked_in": "linkedin"}


def _task(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell a task: the moment it was ticked off, else the one it was due. An open one is a plan."""
    kind = cells["channel"].casefold()
    fields = _record(cells, zone, "Task", _TASK_CHANNELS.get(kind, kind))
    why = gone(cells, columns)
    if why is None and cells["status"].casefold() != "completed":
        why = Why("crm/not_done", columns.shown(TASK_FLAGS["status"]), cells["status"])
    return fields, why


def _labelled_task(cells: Cells, columns: Columns, _zone: str) -> Said:
    return _task(cells, columns, "")


# -------------------------------------------------------------------- owners

OWNER = LEFT_OUT | {
    "rep_id": spelled("id", "owner_id"),
    "user": spelled("userId", "user_id", "active_user_id"),
    "first": spelled("firstName"),
    "last": spelled("lastName"),
    "email": spelled("email"),
}


def _owner(cells: Cells, _columns: Columns, _zone: str) -> Said:
    """Tell who an owner is. One who has left keeps the work of before."""
    return {
        "rep_id": cells["rep_id"],
        "name": f"{cells['first']} {cells['last']}".strip(),
        "email": cells["email"],
        "aliases": ";".join(dict.fromkeys(one for one in (cells["rep_id"], cells["email"]) if one)),
    }, None


# ------------------------------------------------------------------- layouts

_CALL_TIME = f"{any_property('hs_timestamp')}|timestamp"
_CALL_WORDS = f"{any_property('hs_call_duration', 'hs_call_title', 'hs_call_status')}|duration milliseconds"
LAYOUTS = (
    Layout(
        name="hubspot_call", title="HubSpot calls", fields=CALL,
        needs=(_CALL_TIME, _CALL_WORDS),
        translate=maker(CALL | CALL_FLAGS, _call), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="hubspot_call_labels", title="HubSpot calls, as the interface exports them", fields=CALL_LABELS,
        needs=("activity date", "call duration|call duration hh mm ss", "activity assigned to|call title"),
        translate=Reading(CALL_LABELS | CALL_LABEL_FLAGS, _labelled_call), survey=_survey_calls,
        instrument=INSTRUMENT, zone_reason=ACCOUNT_ZONE,
    ),
    Layout(
        name="hubspot_meeting", title="HubSpot meetings", fields=MEETING,
        needs=(any_property("hs_meeting_start_time"), any_property("hs_meeting_end_time")),
        translate=maker(MEETING | MEETING_FLAGS, _meeting), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="hubspot_engagement_meeting", title="HubSpot meetings, as copied", fields=MEETING,
        needs=("engagement id", "start time", "end time", "meeting outcome|title"),
        translate=maker(MEETING | MEETING_FLAGS, _meeting), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="hubspot_meeting_labels", title="HubSpot meetings, as the interface exports them", fields=MEETING_LABELS,
        needs=("meeting start time", "meeting end time", "activity assigned to|meeting name|meeting title"),
        translate=maker(MEETING_LABELS | MEETING_FLAGS, _labelled_meeting), instrument=INSTRUMENT,
        zone_reason=ACCOUNT_ZONE,
    ),
    Layout(
        name="hubspot_task", title="HubSpot tasks", fields=TASK,
        needs=(any_property("hs_task_subject", "hs_task_type"), any_property("hs_task_status")),
        translate=maker(TASK | TASK_FLAGS, _task), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="hubspot_engagement_task", title="HubSpot tasks, as copied", fields=TASK,
        needs=("engagement id", "completion date", "status", "task type"),
        translate=maker(TASK | TASK_FLAGS, _task), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="hubspot_task_labels", title="HubSpot tasks, as the interface exports them", fields=TASK_LABELS,
        needs=("task title", "task status", "due date|completed at|activity date"),
        translate=maker(TASK_LABELS | TASK_FLAGS, _labelled_task), instrument=INSTRUMENT, zone_reason=ACCOUNT_ZONE,
    ),
    Layout(
        name="hubspot_owner", title="HubSpot owners", target="people",
        needs=(one_of("id", "owner_id"), one_of("userId", "portal_id", "active_user_id"), "email",
               one_of("firstName"), one_of("lastName")),
        translate=maker(OWNER, _owner), instrument=INSTRUMENT,
    ),
)  # fmt: skip
