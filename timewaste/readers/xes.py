"""Event logs in XES: what a system has written down of the cases that went through it, as entries.

A start and its completion are an interval, a completion alone is a point. Rows are numbered as the events stand in
the file. Streams: memory does not grow with the file.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.events import Event, Pairs
from timewaste.readers.told import told_sheet
from timewaste.readers.xes_events import CASE, NAME_OF_CASE, read_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Told
    from timewaste.readers.sheet import Sheet, Tally
    from timewaste.readers.xes_events import XesEvent

HEAD_EVENTS = 500
KEYS = {
    "opportunity": NAME_OF_CASE,
    "label": "concept:name",
    "rep": "org:resource",
    "start_text": "start_timestamp",
    "end_text": "time:timestamp",
}
TRANSITION = "lifecycle:transition"
_STAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?(?:Z|[+-]\d\d(?::?\d\d)?))?)?", re.IGNORECASE
)


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the file's events as one table.

    Raises `ReadError` (xml/…, xes/…) when its beginning is no event log or it holds no event.
    """
    head = list(itertools.islice(read_events(path, relative), HEAD_EVENTS))
    if not head:
        raise ReadError(
            "xes/no-events",
            "the log holds no event",
            where=relative,
            mend="Ask for the export again; an XES log holds <trace>s with <event>s.",
        )
    headers = tuple(dict.fromkeys(name for event in head for name in event.attributes))
    keys = {**KEYS, **source.columns}
    _check_columns(headers, source, relative)
    before = path.stat()

    def rows(tally: Tally) -> Iterator[tuple[int, int, Told]]:
        yield from _rows(read_events(path, relative), keys, tally)
        now = path.stat()
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ReadError("file/changed", "the file changed while it was read", where=relative, mend="Run it again.")

    return [
        told_sheet(
            relative=relative,
            sheet=None,
            format="xes",
            layout="XES event log",
            rows=rows,
            columns={field: key for field, key in keys.items() if key in headers},
            headers=headers,
            instrument="system",
        )
    ]


def _check_columns(headers: tuple[str, ...], source: SourceConfig, relative: str) -> None:
    missing = next((key for key in source.columns.values() if key not in headers), None)
    if missing is not None:
        raise ReadError(
            "xes/unknown-column",
            f"no event has the attribute {missing!r}, which `columns` names; found: {' | '.join(headers[:20])}",
            where=relative,
            mend=f"Correct `columns` in the [[source]] block; a trace's own attributes begin with {CASE!r}.",
        )


def _rows(events: Iterator[XesEvent], keys: Mapping[str, str], tally: Tally) -> Iterator[tuple[int, int, Told]]:
    """Yield what the events tell; the starts of a trace wait for their completion until it ends."""
    pairs, trace = Pairs(tally), 0
    known = {*keys.values(), TRANSITION}
    for found in events:
        if found.trace != trace:
            if trace:
                yield from pairs.flush()
            trace = found.trace
        yield from pairs.take(_event(found, keys, known))
    yield from pairs.flush()
    pairs.note(1)


def _event(found: XesEvent, keys: Mapping[str, str], known: set[str]) -> Event:
    """Return the event in the words of the study."""
    said = found.attributes
    fields = {field: said[key] for field, key in keys.items() if key in said}
    extra = {key: text for key, text in said.items() if key not in known}
    begun, moment = fields.pop("start_text", ""), fields.pop("end_text", "")
    problem, column, value = found.rule, found.column, said.get(found.column, "")
    treatment = found.treatment
    for key, text in ((keys["start_text"], begun), (keys["end_text"], moment)):
        if text and not _STAMP.fullmatch(text.strip()) and not problem:
            problem, column, value = "event/bad_time", key, text
    if problem == "event/bad_time":  # such a text must not speak for the order of day and month
        extra |= {key: text for key, text in ((keys["start_text"], begun), (keys["end_text"], moment)) if text}
        begun = moment = ""
    if not problem and not fields.get("opportunity", "").strip():
        problem = "event/no_case" if found.trace else "event/outside_trace"
        column, treatment = keys["opportunity"], "noted"
    return Event(
        found.number, fields, extra, moment, begun, said.get(TRANSITION, ""), problem, column, value, treatment
    )  # fmt: skip
