"""Calls of Outreach and Salesloft, as their APIs and copies of them give them. Times are UTC.

A call takes the rep from dialling to hanging up, whether or not somebody answered; the moment of the answer is kept
beside it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    UTC,
    Columns,
    Why,
    instant,
    is_moment,
    maker,
    seconds,
    spelled,
)

if TYPE_CHECKING:
    from timewaste.readers.layouts.crm import Cells, Said

_ID = re.compile(r"\d+")
_IDS = re.compile(r"(\d+)(?:, ?\d+)+")


def attributes(*names: str) -> tuple[str, ...]:
    """Return the plain header names of attributes, plain or below `attributes`.

    >>> attributes("dialedAt")
    ('dialedat', 'attributes dialedat', 'dialed at', 'attributes dialed at')
    """
    return tuple(f"{prefix}{one}" for name in names for one in spelled(name) for prefix in ("", "attributes "))


def related(name: str) -> tuple[str, ...]:
    """Return the plain header names of the id of a related record."""
    return (f"{name} id", f"relationships {name} data id", f"{name} name", name)


def first_id(text: str) -> str:
    """Return the id in a cell, of a list the first: relations are lists even where there can be only one.

    >>> first_id("[12]"), first_id('{"id": 7, "_href": "https://api.example/v2/users/9"}'), first_id("ana@corp.example")
    ('12', '7', 'ana@corp.example')
    """
    if text[:1] in {"[", "{"}:
        found = _ID.search(text)
        return found.group() if found else ""
    several = _IDS.fullmatch(text)
    return several[1] if several else text


# ------------------------------------------------------------------ Outreach

OUTREACH = {
    "rep": related("user"),
    "start_text": attributes("dialedAt"),
    "end_text": attributes("completedAt"),
    "opportunity": related("opportunity"),
    "account": related("account"),
    "notes": attributes("note"),
    "logged_text": attributes("createdAt"),
}
OUTREACH_FLAGS = {
    "direction": attributes("direction"),
    "answered": attributes("answeredAt"),
    "outcome": attributes("outcome"),
}


def _outreach(cells: Cells, _columns: Columns, zone: str) -> Said:
    """Tell a call. One that was never answered says so in its label."""
    label = f"{cells['direction'].capitalize()} call".strip().capitalize()
    return {
        "rep": first_id(cells["rep"]),
        "start_text": instant(cells["start_text"] or cells["answered"], zone),
        "end_text": instant(cells["end_text"], zone),
        "label": label if cells["answered"] else f"{label}, no answer",
        "opportunity": first_id(cells["opportunity"]),
        "account": first_id(cells["account"]),
        "channel": "call",
        "notes": cells["notes"],
        "logged_text": instant(cells["logged_text"], zone),
    }, None


# ----------------------------------------------------------------- Salesloft

SALESLOFT = {
    "rep": related("user"),
    "start_text": spelled("created_at"),
    "duration_text": spelled("duration"),
    "notes": spelled("note"),
    "logged_text": spelled("created_at"),
}
SALESLOFT_FLAGS = {"direction": spelled("direction"), "status": spelled("status")}


def _salesloft(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell a call. Its record is written when it ends: it started its length before."""
    length = seconds(cells["duration_text"])
    written = instant(cells["start_text"], zone)
    fields = {
        "rep": first_id(cells["rep"]),
        "start_text": _before(written, length),
        "duration_text": length,
        "label": f"{cells['direction'].capitalize()} call".strip().capitalize(),
        "channel": "call",
        "notes": cells["notes"],
        "logged_text": written,
    }
    return fields, None if is_moment(written) else Why("date/format", columns.shown(SALESLOFT["start_text"]), written)


def _before(moment: str, length: str) -> str:
    """Return the moment that lies a length of whole seconds before another."""
    count = length.removesuffix(" s")
    try:
        start = dt.datetime.fromisoformat(moment) - dt.timedelta(seconds=int(count or 0))
    except (ValueError, OverflowError):
        return moment
    return start.isoformat().replace("+00:00", "Z")


# ------------------------------------------------------------------- layouts

LAYOUTS = (
    Layout(
        name="outreach_call", title="Outreach calls, from dialling to the end", fields=OUTREACH,
        needs=("|".join(attributes("dialedAt")), "|".join(attributes("completedAt")),
               "|".join(attributes("answeredAt", "userCallType"))),
        translate=maker(OUTREACH | OUTREACH_FLAGS, _outreach), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="salesloft_call", title="Salesloft calls, each begun its length before it was written", fields=SALESLOFT,
        needs=("created at", "duration", "direction", "call type|call uuid", "|".join(related("user"))),
        translate=maker(SALESLOFT | SALESLOFT_FLAGS, _salesloft), instrument=INSTRUMENT, zone_reason=UTC,
    ),
)  # fmt: skip
