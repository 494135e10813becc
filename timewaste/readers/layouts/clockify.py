"""Clockify: the detailed report in its many headers, and the summary by day. Its times name no zone.

Quotes within texts are written as two apostrophes; columns may be renamed and added by each workspace.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Reading, Told, plain, unique_names
from timewaste.readers.layouts.cells import Cells, find_columns, first, seconds_in
from timewaste.readers.layouts.toggl import DATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate

_FIELDS = {
    "rep": ("email", "user"),
    "date_text": ("start date",),
    "start_text": ("start time",),
    "end_date_text": ("end date",),
    "end_text": ("end time",),
    "duration_text": ("duration h",),
    "label": ("description",),
    "account": ("client",),
}
_COLUMNS = _FIELDS | {
    "user": ("user",), "task": ("task", "activity"), "tags": ("tags",), "project": ("project",), "type": ("type",),
}  # fmt: skip
_SUMMED = {
    "rep": ("user", "email", "member"),
    "date_text": ("date", "day"),
    "duration_text": ("time h",),
    "label": ("description", "task", "activity", "tag", "tags", "project"),
    "account": ("client",),
}
_STANDARD = {
    "project", "client", "description", "task", "activity", "user", "group", "email", "tags", "type", "billable",
    "invoiced", "invoice id", "start date", "start time", "end date", "end time", "duration h", "duration decimal",
    "date of creation",
}  # fmt: skip
_DEAL = re.compile(r"\b(?:deal|opp|opportunity|case)\b")
_BREAKS = {"break", "pause"}


def _detailed(headers: tuple[str, ...], _source: SourceConfig) -> Translate:
    names = unique_names([plain(header) for header in headers])
    deal = tuple(name for name in names if name not in _STANDARD and _DEAL.search(name))
    columns = find_columns(names, _COLUMNS | ({"opportunity": deal} if deal else {}))
    return lambda row: _tell(Cells(row, columns))


def _tell(cells: Cells) -> Iterator[Told]:
    fields = {name: cells[name] for name in (*_FIELDS, "opportunity")}
    fields["rep"] = first(cells["rep"], cells["user"])
    fields["label"] = fields["label"].replace("''", '"')
    fields["account"] = _named(fields["account"])
    extra = {"User": cells["user"]} if cells["user"] != fields["rep"] else {}
    if cells["start_text"] and not cells["end_text"] and not seconds_in(cells["duration_text"]):
        yield Told(fields, extra, "tracker/running", "End Time", cells["start_text"])
    elif cells["type"].casefold() in _BREAKS:
        # A break is one whatever was typed: "Break" stands before it.
        fields["label"] = "Break" if not fields["label"] else f"Break: {fields['label']}"
        yield Told(fields, extra)
    elif not fields["label"] and (label := first(*(_named(cells[name]) for name in ("task", "tags", "project")))):
        yield Told(fields | {"label": label}, extra, "tracker/label_elsewhere", "Description", label, "noted")
    else:
        yield Told(fields, extra)


def _named(text: str) -> str:
    """Return a name, "" where Clockify says that there is none: `(Without client)`."""
    return "" if text.casefold().startswith(("(without ", "(no ")) else text


def _summed(headers: tuple[str, ...], _source: SourceConfig) -> Translate:
    names = unique_names([plain(header) for header in headers])
    columns = find_columns(names, _SUMMED)
    labels = [name for name in _SUMMED["label"] if name in names]

    def tell(row: dict[str, str]) -> Iterator[Told]:
        cells = Cells(row, columns)
        fields = {name: _named(cells[name]) for name in _SUMMED}
        fields["label"] = first(*(_named(row.get(name, "").strip()) for name in labels)).replace("''", '"')
        yield Told(fields)

    return tell  # type: ignore[return-value]


DETAILED = Layout(
    name="clockify",
    title="Clockify detailed report",
    needs=("start date", "start time", "end time", "duration h", "project|description|task|activity"),
    fields=_FIELDS,
    translate=Reading(_COLUMNS, _detailed),
    instrument="timer",
    may_end=("client",),
)
SUMMARY = Layout(
    name="clockify_summary",
    title="Clockify summary report by day",
    needs=("date|day", "time h", "time decimal"),
    fields={name: headers[:1] if name == "label" else headers for name, headers in _SUMMED.items()},
    translate=_summed,
    instrument="timer",
)
WITHOUT_DAYS = Layout(
    name="clockify_summary_without_days",
    title="Clockify summary report without days",
    needs=("time h", "time decimal"),
    lacks=DATES,
    refused=(
        "a summary without dates: nobody can tell when the time was spent",
        "In Clockify export Reports > Detailed as CSV, or group the summary by date and by user.",
    ),
)
LAYOUTS = (DETAILED, SUMMARY, WITHOUT_DAYS)
