"""Events of a system's log -> pieces of time: a start and its completion are an interval, a completion alone a point.

Knows events, cases and transitions, not files: event logs in XML and in tables are told alike.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from timewaste.issue import Issue
from timewaste.readers.layout import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timewaste.readers.sheet import Tally

OPENING = {"start", "resume"}
CLOSING = {"complete", "suspend", "ate_abort", "pi_abort"}
MAX_OPEN = 200_000
MAX_OPEN_CHARACTERS = 50_000_000
"""How many starts, and how much text of theirs, wait for their completion at most: memory has a bound."""

_NOT_KNOWN = {"unknown", "__invalid__", "missing", "n/a", "none", "null", "nan", "undefined", "-"}
_SYSTEM = {"system", "__system__"}


class Event(NamedTuple):
    """One event: its number or line, RAW fields without times, what has no field, and when it was.

    `begun` is its own start, where the log tells start and end in one event; `transition` what the event does to
    the activity (`lifecycle:transition`), "" for a completion. `rule`, `column` and `value` say what is wrong.
    """

    line: int
    fields: Mapping[str, str]
    extra: Mapping[str, str]
    moment: str
    begun: str = ""
    transition: str = ""
    rule: str = ""
    column: str = ""
    value: str = ""
    treatment: str = "set_aside"


class Pairs:
    """The starts that wait for their completion: first in, first out, per case, activity and resource."""

    def __init__(self, tally: Tally) -> None:
        """Begin with no start; what is told by a completion is counted in `tally` as skipped."""
        self._tally = tally
        self._waiting: dict[int, Event] = {}  # in the order they came
        self._by_key: dict[tuple[str, str, str], deque[Event]] = {}
        self._characters = 0
        self._paired = 0

    def take(self, event: Event) -> Iterator[tuple[int, int, Told]]:
        """Yield line, part and what is told, now that this event is known."""
        transition = event.transition.strip().casefold()
        is_sound = not event.rule or event.treatment == "noted"
        if is_sound and transition in OPENING and not event.begun:
            yield from self._hold(event)
            return
        start = self._release(event) if is_sound and transition in CLOSING and not event.begun else None
        yield event.line, 0, _interval(start, event) if start else _told(event)

    def flush(self) -> Iterator[tuple[int, int, Told]]:
        """Yield the starts that were never completed, as rows that do not count; go on with none."""
        for event in self._waiting.values():
            yield event.line, 0, _unpaired(event)
        self._waiting.clear()
        self._by_key.clear()
        self._characters = 0

    def note(self, line: int) -> None:
        """Put into the tally how many starts are told by their completion, as a note at the header's line."""
        if self._paired:
            said = f"{self._paired} starts"
            self._tally.notes.append(Issue(line, "", "event/paired", said, "noted"))

    def _hold(self, event: Event) -> Iterator[tuple[int, int, Told]]:
        self._waiting[event.line] = event
        self._by_key.setdefault(_key(event), deque()).append(event)
        self._characters += _size(event)
        while len(self._waiting) > MAX_OPEN or self._characters > MAX_OPEN_CHARACTERS:
            oldest = next(iter(self._waiting.values()))
            self._drop(_key(oldest))
            yield oldest.line, 0, _unpaired(oldest)

    def _release(self, event: Event) -> Event | None:
        key = _key(event)
        if key not in self._by_key:
            return None
        self._tally.rows_read += 1
        self._tally.skipped += 1
        self._paired += 1
        return self._drop(key)

    def _drop(self, key: tuple[str, str, str]) -> Event:
        """Take the first start of a key out."""
        waiting = self._by_key[key]
        event = waiting.popleft()
        if not waiting:
            del self._by_key[key]
        del self._waiting[event.line]
        self._characters -= _size(event)
        return event


def _key(event: Event) -> tuple[str, str, str]:
    fields = event.fields
    return fields.get("opportunity", ""), fields.get("label", ""), fields.get("rep", "")


def _size(event: Event) -> int:
    return sum(map(len, event.extra.values())) + sum(map(len, event.fields.values())) + 100


def _told(event: Event) -> Told:
    """Return an event that has its own start, or none: an interval or a point."""
    if event.begun:
        return _judged(event, {**event.fields, **_moment("", event.begun), **_moment("end_", event.moment)}, {})
    return _judged(event, {**event.fields, **_moment("", event.moment)}, _transition(event))


def _interval(start: Event, end: Event) -> Told:
    fields = {**end.fields, **_moment("", start.moment), **_moment("end_", end.moment)}
    differing = {f"start {name}": text for name, text in start.extra.items() if end.extra.get(name) != text}
    if start.rule and not end.rule:
        end = end._replace(rule=start.rule, column=start.column, value=start.value, treatment=start.treatment)
    return _judged(end, fields, differing | _transition(end))


def _unpaired(event: Event) -> Told:
    fields = {**event.fields, **_moment("", event.moment)}
    return _judged(event, fields, _transition(event))._replace(
        rule="event/unpaired", column="", value=event.fields.get("label", ""), treatment="set_aside"
    )


def _transition(event: Event) -> dict[str, str]:
    return {"lifecycle:transition": event.transition} if event.transition else {}


def _moment(which: str, text: str) -> dict[str, str]:
    """Return a time as the RAW field it belongs to: a date alone is no clock time."""
    if ":" in text:
        return {f"{which or 'start_'}text": text}
    return {f"{which}date_text": text}


def _judged(event: Event, fields: Mapping[str, str], more: Mapping[str, str]) -> Told:
    """Return what the event tells; a resource that says nobody is no rep, and the system itself no person."""
    extra = {**event.extra, **more}
    rep = fields.get("rep", "").strip()
    if rep.casefold() in _NOT_KNOWN:
        fields = {**fields, "rep": ""}
        extra["org:resource"] = rep
    if event.rule:
        return Told(fields, extra, event.rule, event.column, event.value, event.treatment)
    if rep.casefold() in _SYSTEM:
        return Told(fields, extra, "event/system", "org:resource", rep)
    return Told(fields, extra)
