"""Everhour: reports, whose users choose the columns, and time records as its API gives them. Days and lengths only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told, plain, unique_names
from timewaste.readers.layouts.cells import Cells, by_column, find_columns, first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate

_REPORT = {
    "rep": ("email", "member", "team member", "employee", "user"),
    "date_text": ("date", "day"),
    "duration_text": ("hours", "time", "time h", "reported time", "logged time", "total time"),
    "label": ("task", "task name"),
    "account": ("client",),
    "notes": ("comment", "comments", "notes"),
}
_GROUPED = ("rep", "date_text", "account", "project", "label")
_TOTAL = re.compile(r"(?:sub|grand )?[ -]?totals?(?: \w+)?:?|sum:?", re.IGNORECASE)
_RECORD = {
    "rep": ("user email", "user name", "user id", "user"),
    "date_text": ("date",),
    "duration_text": ("time",),
    "label": ("task name", "task"),
    "notes": ("comment",),
}


def _report(headers: tuple[str, ...], _source: SourceConfig) -> Translate:
    """Return what reads a grouped report: a cell like the one above is left blank, and each group has a sum."""
    names = unique_names([plain(header) for header in headers])
    columns = find_columns(names, _REPORT | {"project": ("project", "project name")})
    groups = sorted((name for name in _GROUPED if name in columns), key=lambda name: names.index(columns[name]))
    above = dict.fromkeys(groups, "")

    def tell(row: Mapping[str, str]) -> Iterator[Told]:
        cells = Cells(row, columns)
        shown = " | ".join(text for text in row.values() if text.strip())
        said = [cells[name] for name in groups]
        if any(_TOTAL.fullmatch(text) for text in said):
            yield Told({}, {}, "row/total", "", shown, "skipped")
            return
        begins = next((index for index, text in enumerate(said) if text), len(said))
        above.update(zip(groups[begins:], said[begins:], strict=True))
        fields = {name: cells[name] for name in _REPORT} | above
        project = fields.pop("project", "")
        extra = {"Project": project} if project else {}
        if begins < len(said) - 1 and not said[-1]:
            yield Told(fields, extra, "tracker/subtotal", "", shown)
        else:
            fields["label"] = first(fields["label"], fields["notes"])
            yield Told(fields, extra)

    return tell


def _tell_record(cells: Cells) -> Iterator[Told]:
    fields = {name: cells[name] for name in _RECORD}
    if re.fullmatch(r"\d{1,9}", fields["duration_text"], re.ASCII):
        fields["duration_text"] += " s"
    fields["label"] = first(fields["label"], fields["notes"])
    yield Told(fields)


RECORDS = Layout(
    name="everhour_records",
    title="Everhour time records",
    needs=("date", "time", "user|user id|user name", "islocked|isinvoiced|is locked|is invoiced"),
    fields=_RECORD,
    translate=by_column(_RECORD, _tell_record),
    instrument="timer",
)
REPORT = Layout(
    name="everhour",
    title="Everhour report",
    needs=(
        "date|day",
        "project",
        "task|task name",
        "hours|time|time h|reported time|logged time|total time",
        "task id|task number|section|estimate|reported time|logged time",
    ),
    lacks=("start", "start time", "start date", "from", "begin", "end", "end time", "duration", "first name"),
    fields=_REPORT | {"project": ("project", "project name")},
    translate=_report,
    instrument="timer",
    duration_unit="hours",
)
LAYOUTS = (RECORDS, REPORT)
