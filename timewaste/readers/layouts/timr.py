"""timr: working times and project times. Headers are English, values German; breaks lie somewhere within an entry."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import by_column, clock_in, first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layouts.cells import Cells

_FIELDS = {
    "rep": ("user",),
    "start_text": ("start",),
    "end_text": ("end",),
    "label": ("notes",),
}
_COLUMNS = _FIELDS | {"duration": ("duration",), "break": ("break",), "type": ("type",), "task": ("task",)}
_MOMENT = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?")


def _moment(text: str) -> dt.datetime | None:
    """Return a time that is written the German way, or None."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the source's
    except ValueError:
        return None


def _tell(cells: Cells) -> Iterator[Told]:
    start, end = _moment(cells["start_text"]), _moment(cells["end_text"])
    fields = {
        "rep": cells["rep"],
        "start_text": start.isoformat(" ") if start else cells["start_text"],
        "end_text": end.isoformat(" ") if end else cells["end_text"],
        "label": first(cells["label"], cells["task"], cells["type"]),
    }
    rest = cells["break"].replace(",", ".")
    if cells["start_text"] and not cells["end_text"]:
        yield Told(fields, {}, "tracker/running", "End", cells["start_text"])
    elif start and start == end:
        yield Told(fields, {}, "tracker/zero_length", "Start", first(cells["label"], cells["type"]))
    elif not start or not end or rest in {"", "0", "0.0", "0.00"}:
        yield Told(fields)
    else:
        yield _with_break(cells, start, end, rest)


def _with_break(cells: Cells, start: dt.datetime, end: dt.datetime, rest: str) -> Told:
    """Return an entry with a break in it: nobody knows where it lay, so the day is told and how long the work was."""
    label = first(cells["label"], cells["task"], cells["type"])
    if not re.fullmatch(r"\d{1,4}(?:\.\d+)?", rest):
        times = {"start_text": start.isoformat(" "), "end_text": end.isoformat(" ")}
        return Told({"rep": cells["rep"], "label": label, **times}, {}, "tracker/break_format", "Break", cells["break"])
    seconds = round((end - start).total_seconds() - float(rest) * 60)
    fields = {
        "rep": cells["rep"], "date_text": start.date().isoformat(), "label": label,
        "duration_text": clock_in(seconds) if seconds >= 0 else f"-{clock_in(-seconds)}",
    }  # fmt: skip
    times = {"Start": start.isoformat(" "), "End": end.isoformat(" ")}
    return Told(fields, times, "tracker/break_inside", "Break", cells["break"], "noted")


TIMES = Layout(
    name="timr",
    title="timr export",
    needs=("user", "employee number", "type", "start", "end", "manually changed", "duration", "break"),
    fields=_FIELDS,
    translate=by_column(_COLUMNS, _tell),
    instrument="timer",
)
LAYOUTS = (TIMES,)
