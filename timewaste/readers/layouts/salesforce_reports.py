"""Salesforce reports, saved as CSV: labels of the interface, dates as the user's country writes them.

The labels are those of an English interface; other names can be given with `columns` in a [[source]] block. Times are
in the zone of the user who saved the report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.layout import Layout, Reading, Told
from timewaste.readers.layouts.crm import INSTRUMENT, Columns, Why, instant, is_moment, long_id, maker, seconds
from timewaste.readers.layouts.salesforce import OPEN
from timewaste.readers.layouts.salesforce_opportunities import outcome
from timewaste.transforms.times import parse_clock, parse_date, split_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.layouts.crm import Cells, Said

ZONE = "a report shows times in the zone of whoever saved it"
_DATE_AND_CLOCK = re.compile(r"(.*?\d)(?:,\s*|\s+)(\d{1,2}[:.]\d{2}.*)")

# ---------------------------------------------------------------- activities

ACTIVITY = {
    "rep": ("assigned", "assigned to"),
    "date_text": ("date",),
    "start_text": ("start date time", "start time", "start"),
    "end_text": ("end date time", "end time", "end"),
    "label": ("subject",),
    "account": ("company account", "account name"),
    "opportunity": ("opportunity id", "opportunity", "opportunity name"),
    "channel": ("task subtype", "type", "activity type", "call type"),
    "notes": ("full comments", "comments", "description"),
    "logged_text": ("created date", "activity created date"),
}
LENGTHS = {"minutes": ("duration in minutes", "duration minutes"), "call": ("call duration", "call duration seconds")}
STATUS = {"status": ("status",)}


def _activity(cells: Cells, columns: Columns, _zone: str) -> Said:
    """Tell an activity: a day, and times and a length where the report has them. An open task is a plan."""
    minutes = f"{cells['minutes']} min" if cells["minutes"] else ""
    fields = {
        **{name: cells[name] for name in ACTIVITY},
        "opportunity": long_id(cells["opportunity"]),
        "duration_text": minutes or seconds(cells["call"]),
        "channel": cells["channel"].casefold(),
    }
    if cells["status"].casefold() in OPEN:
        return fields, Why("crm/not_done", columns.shown(STATUS["status"]), cells["status"])
    return fields, None


# -------------------------------------------- opportunities and their history

OPPORTUNITY = {
    "opportunity_id": ("opportunity id", "opportunity name"),
    "account": ("account name",),
    "rep_id": ("opportunity owner", "owner"),
    "source": ("lead source",),
    "amount": ("amount",),
    "created_on": ("created date", "opportunity created date"),
    "closed_on": ("close date",),
    "stage": ("stage",),
    "is_closed": ("closed",),
    "is_won": ("won",),
}
HISTORY = {
    "opportunity_id": ("opportunity id", "opportunity name"),
    "stage": ("to stage",),
    "entered_at": ("last modified", "last modified date", "edit date"),
}


def moment(text: str, order: str) -> str:
    """Return a day or moment of a report in ISO 8601, or the text where it is none.

    Raises `ReadError` date/ambiguous where `order` (dmy, mdy, ymd or "") does not say which number is the day.
    """
    if is_moment(instant(text)) or not text or len(text) > 40:
        return instant(text, "")
    match = _DATE_AND_CLOCK.fullmatch(text)
    written, clock = (match[1], match[2]) if match else (text, "")
    parts = split_date(written)
    if parts is not None and not parts[3] and not order:
        raise ReadError(
            "date/ambiguous",
            f"{text}: which number is the day?",
            mend='Say it in timewaste.toml:\n[[source]]\nmatch = "…"\ndate_order = "dmy"   # or "mdy"',
        )
    found, problem = parse_date(written, order)
    if problem or found is None:
        return text
    second, _offset, problem = parse_clock(clock) if clock else (None, None, None)
    if problem or (clock and second is None):
        return text
    return found.isoformat() if second is None else f"{found.isoformat()}T{_clock(second)}"


def _clock(second: int) -> str:
    minutes, seconds_left = divmod(second, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds_left:02}"


def _opportunity(cells: Cells, order: str) -> Said:
    result = outcome(cells["stage"], cells["is_closed"], cells["is_won"])
    fields = {
        **{name: cells[name] for name in OPPORTUNITY if name in {"account", "rep_id", "source", "amount"}},
        "opportunity_id": long_id(cells["opportunity_id"]),
        "created_on": moment(cells["created_on"], order),
        "closed_on": "" if result == "open" else moment(cells["closed_on"], order),
        "outcome": result,
    }
    return fields, None if fields["opportunity_id"] else Why("crm/no_id", "Opportunity ID", "")


def _history(cells: Cells, order: str) -> Said:
    fields = {
        "opportunity_id": long_id(cells["opportunity_id"]),
        "stage": cells["stage"],
        "entered_at": moment(cells["entered_at"], order),
    }
    is_sound = fields["opportunity_id"] and fields["stage"] and is_moment(fields["entered_at"])
    return fields, None if is_sound else Why("crm/no_stage_event", "", " | ".join(fields.values()))


def _dated(wanted: Mapping[str, tuple[str, ...]], tell_row: Callable[[Cells, str], Said]) -> Reading:
    """Return what makes the `translate` of a report whose dates must become days by themselves."""

    def make(headers: tuple[str, ...], source: SourceConfig) -> Translate:
        read = Columns(headers).reader(wanted)

        def translate(record: Mapping[str, str]) -> Iterator[Told]:
            fields, why = tell_row(read(record), source.date_order)
            yield Told(fields, {}, *(why or ()))

        return translate

    return Reading(wanted, make)


LAYOUTS = (
    Layout(
        name="salesforce_activity_report", title="Salesforce report of activities",
        fields=ACTIVITY | {"duration_text": LENGTHS["minutes"] + LENGTHS["call"]},
        needs=("subject", "date", "assigned|assigned to",
               "company account|priority|task subtype|activity id|task|company|opportunity"),
        translate=maker(ACTIVITY | LENGTHS | STATUS, _activity), instrument=INSTRUMENT, zone_reason=ZONE,
    ),
    Layout(
        name="salesforce_history_report", title="Salesforce report of opportunity history", target="stage_events",
        needs=("opportunity id|opportunity name", "from stage", "to stage", "|".join(HISTORY["entered_at"])),
        translate=_dated(HISTORY, _history), instrument=INSTRUMENT, zone_reason=ZONE,
    ),
    Layout(
        name="salesforce_opportunity_report", title="Salesforce report of opportunities", target="opportunities",
        needs=("opportunity id", "opportunity name", "stage", "close date"),
        translate=_dated(OPPORTUNITY, _opportunity), instrument=INSTRUMENT, zone_reason=ZONE,
    ),
)  # fmt: skip
