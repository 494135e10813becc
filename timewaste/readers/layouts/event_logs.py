"""Event logs in tables: one row per event of a case, as process-mining programs write them.

Rows with a start and an end are intervals, start and completion in two rows are paired, a completion alone is a
point. Knows header names and cells, not files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.events import Event, Pairs
from timewaste.readers.layout import Layout, Told, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Records
    from timewaste.readers.sheet import Tally

_CASE = ("case concept name", "case id", "caseid", "case")
_ACTIVITY = ("concept name", "activity", "activity id", "activityid")
_RESOURCE = ("org resource", "resource", "resourceid", "resource id")
_START = ("start timestamp", "start time", "starttimestamp", "starttime")
_END = (
    "time timestamp", "complete timestamp", "completetimestamp", "end time", "end timestamp", "endtime",
    "endtimestamp", "timestamp",
)  # fmt: skip
_TRANSITION = ("lifecycle transition", "lifecycle", "transition")
_FIELDS = {
    "opportunity": _CASE, "label": _ACTIVITY, "rep": _RESOURCE, "start_text": _START, "end_text": _END,
}  # fmt: skip


def _tell(
    cells: tuple[str, ...], source: SourceConfig, records: Records, tally: Tally
) -> Iterator[tuple[int, int, Told]]:
    """Yield what the rows tell; a start waits for its completion, whichever cases stand between them."""
    names = {plain(cell): cell for cell in reversed(cells)}
    columns = _columns(names, source)
    transition = next((name for name in _TRANSITION if name in names), "")
    known = {*columns.values(), transition}
    pairs = Pairs(tally)
    for line, record in records:
        yield from pairs.take(_event(line, record, columns, transition, names, known))
    yield from pairs.flush()
    pairs.note(1)


def _columns(names: Mapping[str, str], source: SourceConfig) -> dict[str, str]:
    """Return RAW field -> plain name of its column; the settings come first."""
    columns = {field: next((name for name in choices if name in names), "") for field, choices in _FIELDS.items()}
    columns |= {field: plain(header) for field, header in source.columns.items() if plain(header) in names}
    return {field: name for field, name in columns.items() if name}


def _event(  # noqa: PLR0913, PLR0917 - what is the same for every row is worked out once
    line: int,
    record: Mapping[str, str],
    columns: Mapping[str, str],
    transition: str,
    names: Mapping[str, str],
    known: set[str],
) -> Event:
    fields = {field: record.get(name, "") for field, name in columns.items()}
    begun, moment = fields.pop("start_text", "").strip(), fields.pop("end_text", "").strip()
    extra = {names.get(name, name): text for name, text in record.items() if name not in known}
    is_blank = not fields.get("opportunity", "").strip()
    return Event(
        line,
        fields,
        extra,
        moment,
        begun,
        record.get(transition, ""),
        rule="event/no_case" if is_blank else "",
        column=names.get(columns.get("opportunity", ""), "") if is_blank else "",
        treatment="noted" if is_blank else "set_aside",
    )


def _layout(name: str, title: str, *needs: str) -> Layout:
    return Layout(
        name=name, title=title, needs=needs, fields=_FIELDS, translate_table=_tell, instrument="system"
    )  # fmt: skip


_CASES, _ACTIVITIES, _RESOURCES = "case id|caseid", "activity|activity id|activityid", "|".join(_RESOURCE)

LAYOUTS = (
    _layout("event_log", "event log with XES names", "case concept name", "concept name", "time timestamp"),
    _layout(
        "event_log_intervals", "event log with start and end",
        _CASES, _ACTIVITIES, _RESOURCES, "|".join(_START), "|".join(_END),
    ),
    _layout(
        "event_log_completions", "event log of completions",
        _CASES, _ACTIVITIES, "complete timestamp|completetimestamp",
    ),
    _layout("event_log_moments", "event log of moments", _CASES, _ACTIVITIES, _RESOURCES, "timestamp|time timestamp"),
)  # fmt: skip
"""What a table must have to be taken for an event log: more than a daily log, which may name a case too."""
