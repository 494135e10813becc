"""Timewarrior: `timew export`, and the lines of its data files. Times are UTC in ISO's basic form; tags say what.

The offset is written with each time: the day that it belongs to is one of the study's zone, not of UTC.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import by_column, first

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from timewaste.readers.layouts.cells import Cells

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)
_NAMES = {"id", "start", "end", "tags", "annotation"}
_FIELDS = {"start_text": ("start",), "end_text": ("end",), "label": ("tags",), "notes": ("annotation",)}


def extended(text: str) -> str:
    """Return an instant as logs write it.

    >>> extended("20240630T102128Z")
    '2024-06-30T10:21:28Z'
    """
    match = _MOMENT.fullmatch(text)
    return "{}-{}-{}T{}:{}:{}Z".format(*match.groups()) if match else text


def is_export(names: Collection[str], first_record: Mapping[str, str]) -> bool:
    """Tell whether records are Timewarrior's: no other keys than its own, and a start as it writes them."""
    return "start" in names and set(names) <= _NAMES and bool(_MOMENT.fullmatch(first_record.get("start", "")))


def tell(start: str, end: str, tags: str, annotation: str) -> Told:
    """Return an interval. Its tags are what was done; where there are none, the annotation is."""
    tags, annotation = tags.strip(), annotation.strip()
    fields = {
        "start_text": extended(start), "end_text": extended(end), "label": first(tags, annotation),
        "notes": annotation if tags else "",
    }  # fmt: skip
    if start and not end:
        return Told(fields, {}, "tracker/running", "end", fields["start_text"])
    return Told(fields)


def _tell(cells: Cells) -> Iterator[Told]:
    yield tell(cells["start_text"], cells["end_text"], cells["label"], cells["notes"])


EXPORT = Layout(
    name="timewarrior",
    title="Timewarrior export",
    needs=("start", "end|id|tags|annotation"),
    # The number of an interval counts from the newest: it says nothing, and is not kept.
    fields=_FIELDS | {"code": ("id",)},
    translate=by_column(_FIELDS, _tell),
    instrument="timer",
)
