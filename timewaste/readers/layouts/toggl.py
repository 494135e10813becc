"""Toggl Track: the detailed report. Its times are those of the exporting user's clock and name no zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.config import load_defaults
from timewaste.readers.layout import Layout, Told, plain
from timewaste.readers.layouts.cells import by_column, clock_in, first, seconds_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layouts.cells import Cells

DATES = tuple(
    plain(header)
    for field in load_defaults("columns.toml")["field"]
    if field["name"] in {"date_text", "start_text"}
    for header in field["headers"]
)
"""Every header that says when: a table with one of them is no mere sum."""
_FIELDS = {
    "rep": ("email", "user"),
    "date_text": ("start date",),
    "start_text": ("start time",),
    "end_date_text": ("end date",),
    "end_text": ("end time",),
    "duration_text": ("duration",),
    "label": ("description",),
    "account": ("client",),
}
_COLUMNS = _FIELDS | {"user": ("user",), "task": ("task", ""), "tags": ("tags",), "project": ("project",)}


def _tell(cells: Cells) -> Iterator[Told]:
    """Tell an interval. Where nothing was typed, the task, the tags or the project say what was done."""
    fields = {name: cells[name] for name in _FIELDS}
    fields["rep"] = first(cells["rep"], cells["user"])
    seconds = seconds_in(cells["duration_text"])
    if seconds is not None and cells["duration_text"][-1:] in "mM":  # a spreadsheet took the length for a time of day
        fields["duration_text"] = clock_in(seconds)
    extra = {"User": cells["user"]} if cells["user"] != fields["rep"] else {}
    if cells["start_text"] and not cells["end_text"] and not seconds:
        yield Told(fields, extra, "tracker/running", "End time", cells["start_text"])
        return
    label = first(cells["task"], cells["tags"], cells["project"])
    if label and not fields["label"]:
        yield Told(fields | {"label": label}, extra, "tracker/label_elsewhere", "Description", label, "noted")
    else:
        yield Told(fields, extra)


DETAILED = Layout(
    name="toggl",
    title="Toggl Track detailed report",
    needs=(
        "start date",
        "start time",
        "end date",
        "end time",
        "duration",
        "project",
        "description",
        "billable|tags|email|user|client",
    ),
    lacks=("duration h", "subject", "location"),
    fields=_FIELDS,
    translate=by_column(_COLUMNS, _tell),
    instrument="timer",
)
SUMMARY = Layout(
    name="toggl_summary",
    title="Toggl Track summary report",
    needs=(
        "duration|total duration",
        "project|client|user|member",
        "title|description|tags|task|client|billable|email|amount",
    ),
    lacks=(*DATES, "label", "activity", "week", "month"),
    refused=(
        "a summary: it has durations but no dates, so nobody can tell when the time was spent",
        "If it is from Toggl Track, open Reports > Detailed and export that as CSV.",
    ),
)
LAYOUTS = (DETAILED, SUMMARY)
