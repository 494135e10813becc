"""RescueTime: seconds in an app or on a site, by buckets of 5 minutes, an hour or a day.

Within a bucket nobody knows when: its rows are lengths of its day, without a place on the clock. Several devices
can fill a bucket with more seconds than it has: they ran side by side, and are counted as the time that passed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from timewaste.errors import ReadError
from timewaste.issue import Issue
from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.sheet import Tally

_FIELDS = {
    "date_text": ("date",),
    "duration_text": ("time spent seconds",),
    "label": ("activity",),
}
_BUCKET = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2}):(\d{2})")
_LENGTHS = {300: "5 minutes", 3600: "an hour", 86_400: "a day"}


def _plain(_headers: tuple[str, ...], source: SourceConfig) -> Translate:
    return _Buckets({}, source).tell


def _survey(rows: Iterable[Mapping[str, str]], source: SourceConfig, tally: Tally) -> Translate:
    """Add up every bucket; say in a note how long they are taken to be."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        seconds = _seconds(row)
        if seconds and _BUCKET.fullmatch(_bucket(row)):
            found[_bucket(row)].append(seconds)
    buckets = _Buckets(found, source)
    if found:
        value = f"buckets of {_LENGTHS[buckets.length]}, by the times that stand under Date"
        tally.notes.append(Issue(0, "Date", "bucket/length", value, "noted"))
    return buckets.tell


def _bucket(row: Mapping[str, str]) -> str:
    return row.get("date", "").strip()


def _seconds(row: Mapping[str, str]) -> int | None:
    text = row.get("time spent seconds", "").strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


class _Buckets:
    """What every bucket holds, and how long buckets are."""

    def __init__(self, found: Mapping[str, Sequence[int]], source: SourceConfig) -> None:
        self.length = _length(found)
        self._zone = ZoneInfo(source.time_zone) if source.time_zone else None
        over = {bucket: seconds for bucket, seconds in found.items() if sum(seconds) > self._room(bucket)}
        if self.length == 86_400 and over:
            bucket = min(over)
            raise ReadError(
                "rescuetime/bucket",
                f"the bucket {bucket} holds {sum(over[bucket]) / 3600:.1f} hours: buckets are longer than a day, or "
                "several devices ran side by side",
                mend="Export with buckets of an hour or 5 minutes: a day's work cannot be told from longer ones.",
            )
        self._left = {bucket: deque(scale(seconds, self._room(bucket))) for bucket, seconds in over.items()}

    def _room(self, bucket: str) -> int:
        """Return how many seconds a bucket has: the hour that comes twice in autumn has twice as many."""
        if not self._zone or self.length == 86_400:
            return self.length
        naive = dt.datetime.fromisoformat(bucket)
        offsets = {naive.replace(tzinfo=self._zone, fold=fold).utcoffset() or dt.timedelta() for fold in (0, 1)}
        later = naive.replace(tzinfo=self._zone, fold=1).utcoffset() or dt.timedelta()
        return self.length * (2 if len(offsets) == 2 and later == min(offsets) else 1)

    def tell(self, row: Mapping[str, str]) -> Iterator[Told]:
        """Tell a row as a length of its bucket's day."""
        bucket, seconds = _bucket(row), _seconds(row)
        match = _BUCKET.fullmatch(bucket)
        fields = {
            "date_text": match[1] if match else bucket,
            "duration_text": row.get("time spent seconds", "") if seconds is None else f"{seconds} s",
            "label": first(row.get("activity", "").strip(), row.get("category", "").strip()),
        }
        extra = {"bucket": bucket}
        if not seconds or bucket not in self._left:
            yield Told(fields, extra)
            return
        scaled = self._left[bucket].popleft()
        extra["original_seconds"] = str(seconds)
        shown = f"{seconds} s counted as {scaled} s"
        if scaled:
            yield Told(fields | {"duration_text": f"{scaled} s"}, extra, "bucket/overfull", "Date", shown, "noted")
        else:
            yield Told(fields, extra, "bucket/squeezed_out", "Date", shown)


def _length(buckets: Iterable[str]) -> int:
    """Return the seconds of a bucket: what the times of day under Date let it be at most."""
    clocks = [match.groups()[1:] for bucket in buckets if (match := _BUCKET.fullmatch(bucket))]
    if any(clock[1:] != ("00", "00") for clock in clocks):
        return 300
    return 3600 if any(clock[0] != "00" for clock in clocks) else 86_400


def scale(seconds: Sequence[int], room: int) -> list[int]:
    """Return whole seconds in the same proportion whose sum is `room`: largest remainders first, then the first.

    >>> scale([400, 150, 50], 300)
    [200, 75, 25]
    """
    total = sum(seconds)
    parts = [divmod(part * room, total) for part in seconds]
    short = room - sum(whole for whole, _ in parts)
    up = set(sorted(range(len(parts)), key=lambda index: (-parts[index][1], index))[:short])
    return [whole + (index in up) for index, (whole, _) in enumerate(parts)]


BUCKETS = Layout(
    name="rescuetime",
    title="RescueTime rows",
    needs=("date", "time spent seconds", "activity|category", "number of people|productivity"),
    fields=_FIELDS,
    translate=_plain,
    survey=_survey,
    instrument="timer",
)
RANKS = Layout(
    name="rescuetime_ranks",
    title="RescueTime ranks",
    needs=("rank", "time spent seconds"),
    lacks=("date",),
    refused=(
        "a list of the most used, without days: nobody can tell when the time was spent",
        "In RescueTime ask for perspective=interval, with resolution minute, hour or day.",
    ),
)
LAYOUTS = (BUCKETS, RANKS)
