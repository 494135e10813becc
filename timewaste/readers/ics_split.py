"""The lines of a calendar file -> its parts, one at a time: nothing of a part is held longer than the part.

Knows BEGIN, END and folded lines, not what a property means. Only properties that are wanted are kept, so that bodies,
pictures and alarms cost nothing. One broken event spoils only itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, AnyStr

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PART_LIMIT = 4 << 20
LINE_LIMIT = 16 << 20
OLD_LIMIT = 64 << 20
CALENDAR_PROPERTIES = frozenset({b"X-WR-CALNAME", b"X-WR-TIMEZONE", b"X-OWNER", b"METHOD", b"PRODID", b"VERSION"})
EVENT_PROPERTIES = frozenset({
    b"UID", b"SEQUENCE", b"DTSTART", b"DTEND", b"DURATION", b"RRULE", b"RDATE", b"EXDATE", b"EXRULE", b"RECURRENCE-ID",
    b"DTSTAMP", b"CREATED", b"LAST-MODIFIED", b"SUMMARY", b"LOCATION", b"CATEGORIES", b"ORGANIZER", b"ATTENDEE",
    b"STATUS", b"TRANSP", b"CLASS", b"CONFERENCE", b"X-GOOGLE-CONFERENCE", b"X-MICROSOFT-SKYPETEAMSMEETINGURL",
    b"X-MICROSOFT-CDO-BUSYSTATUS", b"X-MICROSOFT-CDO-ALLDAYEVENT",
})  # fmt: skip
_NAME = re.compile(rb"[A-Za-z0-9-]+(?=[:;])")


@dataclass(slots=True)
class Part:
    """A piece of the file: `kind` is event, zone, property (of a calendar), begin or other.

    `line` is where it begins, `calendar` the number of the VCALENDAR it stands in. `lines` are its properties,
    unfolded. `problem` is a rule where it is broken, `note` what is wrong.
    """

    kind: str
    line: int
    calendar: int
    lines: list[bytes] = field(default_factory=list)
    problem: str = ""
    note: str = ""
    size: int = 0
    depth: int = 0

    def spoil(self, rule: str, note: str) -> None:
        """Note what is wrong with it; the first thing found counts."""
        if not self.problem:
            self.problem, self.note = rule, note


def read_lines(path: Path, relative: str, encoding: str) -> Iterator[bytes]:
    """Yield the physical lines without their ends, UTF-16 as UTF-8; of a line longer than 16 MB its beginning.

    Raises `ReadError` ics/too-large and ics/encoding.
    """
    if encoding.startswith("utf-16"):
        try:
            with path.open(encoding=encoding, newline="\n") as texts:
                for text in _whole_lines(texts, "\n"):
                    yield text.encode("utf-8", "surrogatepass").rstrip(b"\r\n")
        except UnicodeError:
            raise ReadError(
                "ics/encoding", "the file is not the UTF-16 that its first bytes say", where=relative,
                mend="Ask for the export again.",
            ) from None  # fmt: skip
        return
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        stream.seek(3 if head.startswith(b"\xef\xbb\xbf") else 0)
        if b"\n" not in head and b"\r" in head:
            yield from _old_lines(stream.read(OLD_LIMIT + 1), relative)
            return
        for line in _whole_lines(stream, b"\n"):
            yield line.rstrip(b"\r\n")


def _whole_lines(stream: IO[AnyStr], end: AnyStr) -> Iterator[AnyStr]:
    while line := stream.readline(LINE_LIMIT):
        yield line
        while len(line) == LINE_LIMIT and not line.endswith(end):  # a picture in one line: what is wanted is shorter
            line = stream.readline(LINE_LIMIT)


def _old_lines(content: bytes, relative: str) -> list[bytes]:
    if len(content) > OLD_LIMIT:
        raise ReadError(
            "ics/too-large",
            f"the file has no line ends but carriage returns, and more than {OLD_LIMIT >> 20} MB",
            where=relative,
            mend="Save it with usual line ends, or ask for the export again.",
        )
    return content.split(b"\r")


class Splitter:
    """Parts of one file, as they come. After it, `lines` and `is_cut` tell of the file as a whole."""

    def __init__(self) -> None:
        """Begin before the first line."""
        self.lines = 0
        self.is_cut = False
        self.stray = 0
        self._calendar = 0
        self._is_open = False
        self._part: Part | None = None
        self._depth = 0  # of components that are not wanted, outside events and zones
        self._logical: bytearray | None = None

    def parts(self, lines: Iterable[bytes]) -> Iterator[Part]:
        """Yield the parts in the order of the file; a calendar's property comes as a part of its own."""
        for number, line in enumerate(lines, start=1):
            self.lines = number
            if line[:1] in {b" ", b"\t"}:
                self._continue(line)
                continue
            yield from self._end_line()
            if line.strip(b" \t\0\x1a"):
                yield from self._take(line, number)
        yield from self._end_line()
        if self._part is not None:
            self._part.spoil("ics/truncated", "the file ends inside the event")
            self.is_cut = True
            yield self._part
        self.is_cut = self.is_cut or self._is_open

    def _continue(self, line: bytes) -> None:
        if self._logical is not None and self._part is not None:
            if self._has_room(self._part, line):
                self._logical += line[1:]
            else:
                self._logical = None
        elif self._logical is not None and len(self._logical) < 1 << 16:
            self._logical += line[1:]

    def _end_line(self) -> Iterator[Part]:
        logical, self._logical = self._logical, None
        if logical is None:
            return
        if self._part is not None:
            self._part.lines.append(bytes(logical))
        else:
            yield Part("property", self.lines, self._calendar, [bytes(logical)])

    def _take(self, line: bytes, number: int) -> Iterator[Part]:
        word = line[:6].upper()
        if word == b"BEGIN:":
            yield from self._begin(line[6:].strip().upper(), number)
        elif word[:4] == b"END:":
            yield from self._end(line[4:].strip().upper())
        elif self._part is not None:
            self._property(self._part, line, number)
        elif not self._depth:
            named = _NAME.match(line)
            if named is None:
                self.stray += 1
            elif named[0].upper() in CALENDAR_PROPERTIES:
                self._logical = bytearray(line)

    def _property(self, part: Part, line: bytes, number: int) -> None:
        if part.depth and part.kind == "event":
            return  # an alarm's
        named = _NAME.match(line)
        if named is None:
            part.spoil("ics/bad-event", f"line {number} is no property")
        elif (part.kind == "zone" or named[0].upper() in EVENT_PROPERTIES) and self._has_room(part, line):
            self._logical = bytearray(line)

    @staticmethod
    def _has_room(part: Part, line: bytes) -> bool:
        part.size += len(line)
        if part.size > PART_LIMIT:
            part.spoil("ics/too-large", f"more than {PART_LIMIT >> 20} MB")
            part.lines.clear()
        return part.size <= PART_LIMIT

    def _begin(self, what: bytes, number: int) -> Iterator[Part]:
        if what in {b"VCALENDAR", b"VEVENT", b"VTIMEZONE"}:
            if self._part is not None:
                self._part.spoil("ics/truncated", f"line {number} begins another one before its end")
                yield self._part
                self._part = None
            self._depth = 0
        if what == b"VCALENDAR":
            self._calendar += 1
            self._is_open = True
            yield Part("begin", number, self._calendar)
        elif what in {b"VEVENT", b"VTIMEZONE"}:
            self._part = Part("event" if what == b"VEVENT" else "zone", number, self._calendar)
        elif self._part is not None:
            self._part.depth += 1
            line = b"BEGIN:" + what[:40]
            if self._part.kind == "zone" and self._has_room(self._part, line):
                self._part.lines.append(line)
        else:
            self._depth += 1
            if self._depth == 1 and what in {b"VTODO", b"VJOURNAL"}:
                yield Part("other", number, self._calendar)

    def _end(self, what: bytes) -> Iterator[Part]:
        part = self._part
        if part is None:
            self._depth = max(0, self._depth - 1)
            if what == b"VCALENDAR":
                self._depth, self._is_open = 0, False
            return
        own = b"VEVENT" if part.kind == "event" else b"VTIMEZONE"
        if what in {own, b"VCALENDAR"}:
            if what != own:
                part.spoil("ics/truncated", "its calendar ends before it does")
                self._is_open = False
            elif part.depth:
                part.spoil("ics/bad-event", "an alarm in it has no end")
            self._part = None
            yield part
        elif part.depth:
            part.depth -= 1
        else:
            part.spoil("ics/bad-event", "an end without a beginning")
