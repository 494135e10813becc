"""Spans of time that run side by side -> who was there, what lay in front, on which site. Whole seconds.

Knows spans, not files. Where spans of one kind lie over each other, the one that began last counts while it lasts:
what lay below goes on behind it. So a second is counted once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timewaste.readers.layouts.activitywatch import Span

AWAY_RULE = "activitywatch/away"
_MICRO = 1_000_000
_BROWSERS = (
    "firefox", "chrome", "chromium", "msedge", "microsoft edge", "safari", "brave", "opera", "vivaldi", "librewolf",
    "iexplore", "arc.exe", "waterfox", "zen browser",
)  # fmt: skip


class Site(NamedTuple):
    """What a browser's tab shows: its title, and the host of its address."""

    title: str
    host: str


class Piece(NamedTuple):
    """A piece of a window in whole seconds, and the site where it is a browser's."""

    start: int
    end: int
    site: Site | None


class Windows:
    """What is left of each window once everything else has been seen."""

    def __init__(
        self,
        shown: dict[int, list[tuple[int, int]]],
        lengths: set[int],
        there: Spans | None,
        sites: Spans,
        names: list[Site],
    ) -> None:
        """Take pieces by line, the lines that have a length at all, presence (None: always) and sites."""
        self._shown, self._lengths, self._there = shown, lengths, there
        self._sites, self._names = sites, names

    def pieces(self, line: int, app: str) -> list[Piece]:
        """Return the pieces of a window, in order of time."""
        parts = self._present(self._shown.get(line, []))
        if not _is_browser(app):
            return [Piece(start, end, None) for start, end in parts]
        return [piece for start, end in parts for piece in self._by_site(start, end)]

    def why_not(self, line: int) -> str:
        """Return the rule for why a window has no pieces."""
        if line not in self._lengths:
            return "tracker/zero_length"
        return AWAY_RULE if line in self._shown else "tracker/shadowed"

    def seconds_away(self) -> int:
        """Return how long windows were in front while nobody was there."""
        shown = [part for parts in self._shown.values() for part in parts]
        return sum(end - start for start, end in shown) - sum(end - start for start, end in self._present(shown))

    def _present(self, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if not self._there:
            return parts
        return [(begin, stop) for start, end in parts for begin, stop, _ in self._there.within(start, end)]

    def _by_site(self, start: int, end: int) -> Iterator[Piece]:
        """Yield a piece of a browser's window cut by the sites; neighbours on one page are one piece."""
        place, last = start, None
        cuts: list[Piece] = []
        for begin, stop, number in self._sites.within(start, end):
            if begin > place:
                cuts.append(Piece(place, begin, None))
            cuts.append(Piece(begin, stop, self._names[number]))
            place = stop
        if place < end:
            cuts.append(Piece(place, end, None))
        for cut in cuts:
            if last and last.site == cut.site and last.end == cut.start:
                last = last._replace(end=cut.end)
            else:
                if last:
                    yield last
                last = cut
        if last:
            yield last


@lru_cache(maxsize=1 << 10)
def _is_browser(app: str) -> bool:
    return any(name in app.casefold() for name in _BROWSERS)


class Spans:
    """Spans that do not overlap, in order, each with a number."""

    def __init__(self, spans: Sequence[tuple[int, int, int]]) -> None:
        """Take the spans in order of time."""
        self._spans = spans
        self._ends = array("q", (end for _, end, _ in spans))
        self._starts = array("q", (start for start, _, _ in spans))

    def within(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield the parts of the spans that lie between."""
        low, high = bisect_right(self._ends, start), bisect_left(self._starts, end)
        for begin, stop, number in self._spans[low:high]:
            yield max(begin, start), min(stop, end), number


class Seen:
    """Everything that an export says of one computer, gathered event by event."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._windows: list[tuple[int, int, int]] = []
        self._presence: list[tuple[int, int, int]] = []
        self._sites: list[tuple[int, int, int]] = []
        self._names: dict[Site, int] = {}

    def meet(self, line: int, span: Span, *, is_base: bool) -> None:
        """Take note of a window."""
        if is_base:
            _put(self._windows, span, line)

    def meet_presence(self, span: Span, *, is_there: bool) -> None:
        """Take note of somebody being there, or away."""
        _put(self._presence, span, int(is_there), also_empty=True)

    def meet_site(self, span: Span, site: Site) -> None:
        """Take note of a page that a browser showed."""
        _put(self._sites, span, self._names.setdefault(site, len(self._names)))

    def windows(self) -> Windows:
        """Return what is left of each window."""
        shown: dict[int, list[tuple[int, int]]] = {}
        for start, end, line in uppermost(self._windows):
            shown.setdefault(line, []).append((start, end))
        there = None
        if self._presence:
            known = [span for span in self._presence if span[0] < span[1]]
            there = Spans([span for span in uppermost(known) if span[2]])
        lines = {line for _, _, line in self._windows}
        return Windows(shown, lines, there, Spans(uppermost(self._sites)), list(self._names))


def _put(spans: list[tuple[int, int, int]], span: Span, number: int, *, also_empty: bool = False) -> None:
    start, end = span.start // _MICRO, span.end // _MICRO
    if start < end or also_empty:
        spans.append((start, end, number))


def uppermost(spans: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the spans as they are seen from above, in order of time: none overlaps another.

    >>> uppermost([(0, 100, 1), (20, 30, 2)])
    [(0, 20, 1), (20, 30, 2), (30, 100, 1)]
    """
    found: list[tuple[int, int, int]] = []
    open_ones: list[tuple[int, int, int]] = []
    place = 0

    def show(until: int) -> None:
        """Show what is open up to a time, from the top down."""
        nonlocal place
        while open_ones and place < until:
            _, end, number = open_ones[-1]
            if end > place:
                stop = min(end, until)
                if found and found[-1][1] == place and found[-1][2] == number:
                    found[-1] = (found[-1][0], stop, number)
                else:
                    found.append((place, stop, number))
                place = stop
            if end <= until:
                open_ones.pop()

    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        show(span[0])
        place = span[0]
        open_ones.append(span)
    show(max((end for _, end, _ in spans), default=0))
    return found
