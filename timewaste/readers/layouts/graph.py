"""Microsoft Graph: the events of a calendar as its API gives them. A time and its zone stand side by side."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from timewaste.readers.layout import Layout, Reading, plain, unique_names
from timewaste.readers.layouts.appointments import Kind, appointment, is_private_word, shown_as
from timewaste.readers.layouts.cells import Cells, find_columns, is_true
from timewaste.readers.zone_names import iana_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Told, Translate
    from timewaste.readers.sheet import Tally

_FIELDS = {
    "start_text": ("start datetime",),
    "end_text": ("end datetime",),
    "label": ("subject",),
    # The whole text of an invitation is not needed: its beginning is kept.
    "notes": ("bodypreview", "body content", "body contenttype"),
    "channel": ("isonlinemeeting",),
}
_KIND = {
    "start_zone": ("start timezone",), "end_zone": ("end timezone",), "all_day": ("isallday",),
    "cancelled": ("iscancelled",), "shown": ("showas",), "sensitivity": ("sensitivity",), "type": ("type",),
    "response": ("responsestatus response",), "is_organizer": ("isorganizer",),
    "organizer": ("organizer emailaddress address",),
}  # fmt: skip
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def instant(text: str, zone: str) -> str | None:
    """Return a time with its offset from UTC, None where its zone is not known.

    >>> instant("2026-07-01T09:00:00.0000000", "W. Europe Standard Time")
    '2026-07-01T09:00:00+02:00'
    """
    match = _MOMENT.fullmatch(text)
    if not match or not zone:
        return text
    if match[2]:
        return match[1] + match[2]
    if zone.upper() == "UTC":
        return f"{match[1]}Z"
    name = iana_zone(zone)
    if not name:
        return None
    try:
        return dt.datetime.fromisoformat(match[1]).replace(tzinfo=ZoneInfo(name)).isoformat()
    except (ValueError, OverflowError):
        return text


def _survey(rows: Iterable[Mapping[str, str]], source: SourceConfig, _tally: Tally) -> Translate:
    """Find out whose calendar it is: whoever organised what the calendar's owner organised."""
    owners: set[str] = set()
    columns: dict[str, str] = {}
    for row in rows:
        columns = columns or find_columns(list(row), _FIELDS | _KIND)
        cells = Cells(row, columns)
        if is_true(cells["is_organizer"]) and cells["organizer"] and len(owners) < 2:
            owners.add(cells["organizer"].casefold())
    owner = owners.pop() if len(owners) == 1 and not source.rep else ""
    return lambda row: _tell(Cells(row, columns or find_columns(list(row), _FIELDS | _KIND)), owner)


def _plain(headers: tuple[str, ...], _source: SourceConfig) -> Translate:
    columns = find_columns(unique_names([plain(header) for header in headers]), _FIELDS | _KIND)
    return lambda row: _tell(Cells(row, columns), "")


def _tell(cells: Cells, owner: str) -> Iterator[Told]:
    kind = Kind(
        shown_as=shown_as(cells["shown"]),
        is_private=is_private_word(cells["sensitivity"]),
        is_all_day=is_true(cells["all_day"]),
        is_cancelled=is_true(cells["cancelled"]),
        is_declined=cells["response"].casefold() == "declined",
        is_series=cells["type"].casefold() == "seriesmaster",
    )
    times = {name: instant(cells[f"{name}_text"], cells[f"{name}_zone"]) for name in ("start", "end")}
    fields = {
        "rep": owner,
        "start_text": times["start"] or cells["start_text"],
        "end_text": times["end"] or cells["end_text"],
        "label": cells["label"],
        "notes": cells["notes"],
        "channel": "online meeting" if is_true(cells["channel"]) else "",
    }
    told = appointment(fields, {}, kind)
    if None in times.values() and (not told.rule or told.treatment == "noted"):
        zone = cells["start_zone"] if times["start"] is None else cells["end_zone"]
        told = told._replace(rule="calendar/unknown_zone", column="timeZone", value=zone, treatment="set_aside")
    yield told


EVENTS = Layout(
    name="graph",
    title="Microsoft Graph events",
    needs=("subject", "start datetime", "end datetime", "start timezone", "isallday|showas|iscancelled|icaluid|type"),
    fields=_FIELDS,
    translate=Reading(_FIELDS | _KIND, _plain),
    survey=_survey,
    instrument="calendar",
)
LAYOUTS = (EVENTS,)
