"""ActivityWatch: the CSV of one bucket, and that of a report. Its times carry their offset from UTC."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from timewaste.issue import Issue
from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import Cells, by_column, find_columns, first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.sheet import Tally

PRIVATE_BROWSING = "Private browsing"
_SECRET = re.compile(
    r"\b(?:incognito|inprivate|private browsing|privates? fenster|privater? modus|navigation privée)\b", re.IGNORECASE
)
_DURATION = re.compile(r"\d{1,9}(?:\.\d+)?(?:[eE]-\d+)?", re.ASCII)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIELDS = {"start_text": ("timestamp",), "duration_text": ("duration",), "label": ("title", "url", "app")}
_WINDOW = _FIELDS | {"title": ("title",), "app": ("app",), "url": ("url",), "incognito": ("incognito",)}


class Span(NamedTuple):
    """A stretch of time in microseconds from 1970-01-01 UTC."""

    start: int
    end: int


def span_of(timestamp: str, duration: str) -> Span | str:
    """Return when an event was, or the column that cannot be read: `timestamp` or `duration`."""
    try:
        start = dt.datetime.fromisoformat(timestamp.strip())
    except ValueError:
        return "timestamp"
    if start.tzinfo is None:
        start = start.replace(tzinfo=dt.UTC)
    if not _DURATION.fullmatch(duration.strip()):
        return "duration"
    begin = (start - _EPOCH) // dt.timedelta(microseconds=1)
    return Span(begin, begin + round(float(duration) * 1_000_000))


def moment(microseconds: int) -> str:
    """Return an instant as logs write it, in UTC and whole seconds.

    >>> moment(1_700_000_000_999_999)
    '2023-11-14T22:13:20Z'
    """
    at = _EPOCH + dt.timedelta(seconds=microseconds // 1_000_000)
    return f"{at.isoformat()[:19]}Z"  # a third of the time that strftime takes


@lru_cache(maxsize=1 << 14)  # the same windows come again and again
def title_of(app: str, title: str) -> str:
    """Return what stands for a window: its title, of a private one of a browser nothing."""
    return PRIVATE_BROWSING if _SECRET.search(title) else first(title, app)


@lru_cache(maxsize=1 << 14)
def host_of(url: str) -> str:
    """Return the host of a web address, "" where it has none.

    >>> host_of("https://crm.example.com/deal/7?token=x")
    'crm.example.com'
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _tell(cells: Cells) -> Iterator[Told]:
    title, app, host = cells["title"], cells["app"], host_of(cells["url"])
    label = PRIVATE_BROWSING if cells["incognito"].casefold() == "true" else first(title_of(app, title), host)
    is_private = label == PRIVATE_BROWSING
    span = span_of(cells["start_text"], cells["duration_text"])
    fields = {"start_text": cells["start_text"], "duration_text": cells["duration_text"], "label": label}
    extra = {"app": app} | ({"host": host} if host and not is_private else {})
    if isinstance(span, str):
        yield Told(fields, extra, f"activitywatch/{span}", span, cells[_SPOKEN[span]])
    elif span.start // 1_000_000 == span.end // 1_000_000:
        yield Told(fields | {"duration_text": ""}, extra, "tracker/zero_length", "duration", cells["duration_text"])
    else:
        times = {"start_text": moment(span.start), "end_text": moment(span.end), "duration_text": ""}
        yield Told(fields | times, extra)


_SPOKEN = {"timestamp": "start_text", "duration": "duration_text"}
REPORT = Layout(
    name="activitywatch_report",
    title="ActivityWatch report",
    needs=("timestamp", "duration", "category", "app", "title"),
    fields=_FIELDS | {"notes": ("title", "app")},
    translate=by_column(_WINDOW, _tell),
    instrument="timer",
)


def _alone(_rows: Iterable[Mapping[str, str]], _source: SourceConfig, tally: Tally) -> Translate:
    """Say that a bucket by itself does not know when somebody was there."""
    tally.notes.append(Issue(0, "timestamp", "activitywatch/no_presence", "one bucket", "noted"))
    columns: dict[str, str] = {}

    def tell(row: Mapping[str, str]) -> Iterator[Told]:
        columns.update({} if columns else find_columns(list(row), _WINDOW))
        return _tell(Cells(row, columns))

    return tell


WINDOWS = Layout(
    name="activitywatch_windows",
    title="ActivityWatch windows of one bucket",
    needs=("timestamp", "duration", "app", "title"),
    fields=_FIELDS | {"notes": ("title", "app")},
    translate=by_column(_WINDOW, _tell),
    survey=_alone,
    instrument="timer",
)
SITES = Layout(
    name="activitywatch_sites",
    title="ActivityWatch sites of one bucket",
    needs=("timestamp", "duration", "url", "title"),
    fields=_FIELDS | {"notes": ("title", "url")},
    translate=by_column(_WINDOW, _tell),
    survey=_alone,
    instrument="timer",
)
PRESENCE = Layout(
    name="activitywatch_presence",
    title="ActivityWatch presence of one bucket",
    needs=("timestamp", "duration", "status"),
    lacks=("app", "title", "url", "label", "activity"),
    refused=(
        "the bucket that says when somebody was there: it does not say what was done",
        "In ActivityWatch export all buckets as JSON: windows, sites and presence are then put together.",
    ),
)
LAYOUTS = (REPORT, WINDOWS, SITES, PRESENCE)
