"""TimeCamp: entries as its API gives them. All numbers are texts; lengths are seconds; times name no zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import by_column, end_day, first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layouts.cells import Cells

_FIELDS = {
    "rep": ("email", "user name", "user id"),
    "date_text": ("date",),
    "start_text": ("start time",),
    "end_text": ("end time",),
    "duration_text": ("duration",),
    "label": ("name", "task name"),
    "opportunity": ("addons external id",),
    "notes": ("description", "task note"),
}
_COLUMNS = _FIELDS | {"user": ("user name",), "number": ("user id",), "note": ("task note",)}


def _tell(cells: Cells) -> Iterator[Told]:
    fields = {name: cells[name] for name in _FIELDS}
    fields["rep"] = first(cells["rep"], cells["user"], cells["number"])
    fields["notes"] = first(cells["notes"], cells["note"])
    fields["label"] = first(cells["label"], fields["notes"])
    extra = {"user_name": cells["user"], "user_id": cells["number"]}
    text = cells["duration_text"]
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    if seconds is not None:
        fields["duration_text"] = f"{seconds} s"
    if cells["start_text"] and not cells["end_text"] and not seconds:
        yield Told(fields, extra, "tracker/running", "end_time", cells["start_text"])
        return
    if seconds and cells["start_text"] == cells["end_text"]:
        fields["start_text"] = fields["end_text"] = ""  # a length was typed in, no times
    else:
        fields["end_date_text"] = end_day(cells["date_text"], cells["start_text"], cells["end_text"], seconds)
    yield Told(fields, extra)


ENTRIES = Layout(
    name="timecamp",
    title="TimeCamp entries",
    needs=("user id", "task id", "date", "start time", "end time", "duration", "name|task name"),
    fields=_FIELDS,
    translate=by_column(_COLUMNS, _tell),
    instrument="timer",
)
LAYOUTS = (ENTRIES,)
