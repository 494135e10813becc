"""ActivityWatch's export: what was in front, while somebody was there, on which site. One sheet for each computer.

Its buckets run side by side, so they are united, never added up: an entry is a window, cut to when its user was
not away, and split by site where a browser is in front. An event's line is its number in the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from timewaste.errors import ReadError
from timewaste.issue import Issue
from timewaste.readers.activitywatch_spans import AWAY_RULE, Seen, Site, Windows
from timewaste.readers.layout import Told
from timewaste.readers.layouts.activitywatch import PRIVATE_BROWSING, host_of, moment, span_of, title_of
from timewaste.readers.layouts.cells import first
from timewaste.readers.told import told_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.json_lists import JsonFile
    from timewaste.readers.json_stream import JsonStream
    from timewaste.readers.json_values import Decoded
    from timewaste.readers.layouts.activitywatch import Span
    from timewaste.readers.sheet import Sheet, Tally

WINDOW, AWAY, WEB = "currentwindow", "afkstatus", "web.tab.current"
EVENTS_LIMIT = 1 << 24
_MARKS = {"events", "type", "client", "hostname"}
_BY_NAME = {"aw-watcher-window": WINDOW, "aw-watcher-afk": AWAY, "aw-watcher-web": WEB}
_NO_HOST = {"", "unknown"}


@dataclass(slots=True)
class Bucket:
    """A stream of events: what kind they are, on which computer, and how many."""

    key: str
    told: dict[str, str] = field(default_factory=dict)
    events: int = 0

    @property
    def kind(self) -> str:
        """Return the type; where a dump leaves it out, the name of the bucket tells it."""
        name = self.told.get("id") or self.key
        return self.told.get("type") or next((kind for start, kind in _BY_NAME.items() if name.startswith(start)), "")

    @property
    def host(self) -> str:
        """Return the computer, "" where the bucket does not know it."""
        host = self.told.get("hostname", "")
        return "" if host.casefold() in _NO_HOST else host


def is_export(file: JsonFile) -> bool:
    """Tell whether a JSON file is an object with buckets of events."""
    if not file.mentions("buckets"):
        return False
    with file.stream() as stream:
        if stream.peek() != "{":
            return False
        for key in stream.members():
            if key != "buckets":
                stream.skip()
                continue
            first_of = {"{": stream.members, "[": stream.elements}.get(stream.peek())
            for _ in first_of() if first_of else ():
                return stream.peek() == "{" and any(name in _MARKS for name in _names(stream))
            return False
    return False


def _names(stream: JsonStream) -> Iterator[str]:
    for name in stream.members():
        yield name
        stream.skip()


def sheets(file: JsonFile, source: SourceConfig) -> list[Sheet]:
    """Return one sheet for each computer. Raises `ReadError` (json/…, activitywatch/…)."""
    buckets: dict[str, Bucket] = {}
    for _ in _events(file, buckets):
        pass
    total = sum(bucket.events for bucket in buckets.values())
    if total >= EVENTS_LIMIT:
        raise ReadError(
            "activitywatch/too-many", f"{total:,} events", where=file.relative, mend="Export shorter periods, one each."
        )
    base = WINDOW if any(bucket.kind == WINDOW for bucket in buckets.values()) else WEB
    hosts = sorted({bucket.host for bucket in buckets.values() if bucket.kind == base})
    if not hosts:
        kinds = ", ".join(sorted({bucket.kind or "no type" for bucket in buckets.values()})) or "none"
        raise ReadError(
            "activitywatch/no-window",
            f"no bucket says which window was in front; there are: {kinds}",
            where=file.relative,
            mend="Export all buckets, with that of aw-watcher-window.",
        )
    owners = {key: _owner(bucket, hosts, base) for key, bucket in buckets.items()}
    return [
        told_sheet(
            relative=file.relative,
            sheet=host or None,
            format="json",
            layout="ActivityWatch export",
            rows=partial(_rows, file, _Use(host, base, owners, is_first=host == hosts[0])),
            columns={"start_text": "timestamp", "duration_text": "duration", "label": "data.title"},
            header_line=0,
            encoding="utf-8",
            notes=_notes(host, buckets, owners),
            instrument="timer",
            rep_default="" if source.rep else host,
            line_span=1 << max(total.bit_length(), 1),
        )
        for host in hosts
    ]


@dataclass(frozen=True, slots=True)
class _Use:
    """Which buckets are one computer's: host and kind by key; the first computer also accounts for those of none."""

    host: str
    base: str
    owners: Mapping[str, tuple[str, str] | None]
    is_first: bool

    def kind(self, key: str) -> str:
        """Return what a bucket's events are here: a kind, `unused`, or "" where they are another computer's."""
        owner = self.owners.get(key)
        if owner is None:
            return "unused" if self.is_first else ""
        return owner[1] if owner[0] == self.host else ""


def _owner(bucket: Bucket, hosts: list[str], base: str) -> tuple[str, str] | None:
    """Return host and kind, None for what no entry is made of."""
    if bucket.kind not in {WINDOW, AWAY, WEB} or (bucket.kind == WINDOW and base != WINDOW):
        return None
    if bucket.host in hosts:
        return bucket.host, bucket.kind
    return (hosts[0], bucket.kind) if len(hosts) == 1 and not bucket.host else None


def _notes(host: str, buckets: Mapping[str, Bucket], owners: Mapping[str, tuple[str, str] | None]) -> Iterator[Issue]:
    mine = [buckets[key] for key, owner in owners.items() if owner and owner[0] == host]
    parallel = [bucket for bucket in mine if bucket.kind != WINDOW]
    unused = [buckets[key] for key, owner in owners.items() if owner is None]
    if not any(bucket.kind == AWAY for bucket in mine):
        yield Issue(0, "", "activitywatch/no_presence", host, "noted")
    for rule, of in (("activitywatch/parallel", parallel), ("activitywatch/unused", unused)):
        counted = ", ".join(f"{bucket.kind or bucket.key}: {bucket.events} events" for bucket in of if bucket.events)
        if counted:
            yield Issue(0, "", rule, counted, "noted")


# ------------------------------------------------------------------- reading


def _events(file: JsonFile, buckets: dict[str, Bucket]) -> Iterator[tuple[str, Decoded]]:
    """Yield the key of the bucket and the event, in the order of the file; gather what is told of buckets."""
    with file.stream() as stream:
        for key in stream.members():
            if key == "buckets" and stream.peek() == "{":
                for name in stream.members():
                    yield from _bucket(stream, buckets.setdefault(name, Bucket(name)))
            elif key == "buckets" and stream.peek() == "[":
                for number, _ in enumerate(stream.elements(), start=1):
                    yield from _bucket(stream, buckets.setdefault(f"number {number}", Bucket(f"number {number}")))
            elif key == "events" and stream.peek() == "{":
                for name in stream.members():
                    yield from _list(stream, buckets.setdefault(name, Bucket(name)))
            else:
                stream.skip()
        stream.finish()


def _bucket(stream: JsonStream, bucket: Bucket) -> Iterator[tuple[str, Decoded]]:
    if stream.peek() != "{":
        stream.skip()
        return
    for key in stream.members():
        if key == "events":
            yield from _list(stream, bucket)
        elif stream.peek() in {"{", "["}:
            stream.skip()
        else:
            value = stream.value(key)
            bucket.told[key] = value if isinstance(value, str) else ""


def _list(stream: JsonStream, bucket: Bucket) -> Iterator[tuple[str, Decoded]]:
    if stream.peek() != "[":
        stream.skip()
        return
    bucket.events = 0
    for _ in stream.elements():
        bucket.events += 1
        yield bucket.key, stream.record()


def _rows(file: JsonFile, use: _Use, tally: Tally) -> Iterator[tuple[int, int, Told]]:
    """Look at all events first: who was there, on which site, and which window lay over which."""
    seen = Seen()
    for line, (key, decoded) in enumerate(_events(file, {}), start=1):
        kind, event = use.kind(key), _Event(decoded)
        if kind in {AWAY, WEB, WINDOW} and not event.told and event.span:
            seen.meet(line, event.span, is_base=kind == use.base)
            if kind == AWAY:
                seen.meet_presence(event.span, is_there=event.text("status") == "not-afk")
            elif kind == WEB and use.base == WINDOW:
                seen.meet_site(event.span, event.site())
    windows, gone = seen.windows(), Counter[str]()
    for line, (key, decoded) in enumerate(_events(file, {}), start=1):
        kind, event = use.kind(key), _Event(decoded)
        if not kind:
            continue
        if event.told:
            yield line, 0, event.told
            continue
        told = list(_tell(line, event, windows, file)) if kind == use.base else []
        for part, one in enumerate(told):
            yield line, part, one
        if not told:
            tally.rows_read += 1
            tally.skipped += 1
            gone[windows.why_not(line) if kind == use.base else ""] += 1
    file.check_unchanged()
    tally.notes += [
        Issue(0, "", rule, _counted(rule, number, windows), "noted") for rule, number in gone.items() if rule
    ]


def _counted(rule: str, events: int, windows: Windows) -> str:
    """Return how many events gave no entry; where nobody was there, also how much time that was."""
    away = f"; nobody was there for {windows.seconds_away() / 3600:.1f} hours" if rule == AWAY_RULE else ""
    return f"{events} events{away}"


class _Event:
    """One event: its span and what it says, or `told`: why it cannot be read."""

    def __init__(self, decoded: Decoded) -> None:
        self.told: Told | None = None
        self.span: Span | None = None
        self._data: Mapping[str, Any] = {}
        if decoded.rule:
            self.told = Told({}, {"raw": decoded.raw}, decoded.rule, "", decoded.shown)
            return
        event = decoded.value if isinstance(decoded.value, dict) else {}
        data = event.get("data")
        self._data = data if isinstance(data, dict) else {}
        span = span_of(*(str(event.get(name) or "") for name in ("timestamp", "duration")))
        if isinstance(span, str):
            extra = {name: str(event.get(name) or "") for name in ("timestamp", "duration")} | {"app": self.text("app")}
            self.told = Told({}, extra, f"activitywatch/{span}", span, str(event.get(span) or ""))
        else:
            self.span = span

    def text(self, name: str) -> str:
        """Return a text of the event's data, "" where there is none."""
        value = self._data.get(name)
        return value.strip() if isinstance(value, str) else ""

    def site(self) -> Site:
        """Return what a browser's tab shows; of a private one nothing."""
        if self._data.get("incognito") is True:
            return Site(PRIVATE_BROWSING, "")
        return Site(title_of("", self.text("title")), host_of(self.text("url")))


def _tell(line: int, event: _Event, windows: Windows, file: JsonFile) -> Iterator[Told]:
    """Tell a window as its pieces, if anything is left of it."""
    assert event.span is not None  # noqa: S101 - told apart before
    app = event.text("app")
    site = event.site()
    label = first(title_of(app, event.text("title")), site.host) if site.title != PRIVATE_BROWSING else site.title
    pieces = windows.pieces(line, app)
    if len(pieces) > (1 << 32) // EVENTS_LIMIT:
        raise ReadError(
            "activitywatch/too-many", f"event {line} falls into {len(pieces)} pieces", where=file.relative,
            mend="Export shorter periods, one each.",
        )  # fmt: skip
    for piece in pieces:
        shown = piece.site or site
        is_private = PRIVATE_BROWSING in {label, shown.title}
        text = PRIVATE_BROWSING if is_private else first(shown.title if piece.site else "", label)
        times = {"start_text": moment(piece.start * 1_000_000), "end_text": moment(piece.end * 1_000_000)}
        yield Told(
            times | {"label": text}, {"app": app} | ({"host": shown.host} if shown.host and not is_private else {})
        )
