"""Calendars in iCalendar files -> rows: every event once, every occurrence of a series once.

The file is looked at twice, part by part: first for what single events say of others, then for the rows. Neither look
holds more than one event. The work for a series is bounded by counting, so no file can make it run for ever.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.ics_events import read_event, read_properties
from timewaste.readers.ics_series import MOST_OCCURRENCES, MOST_OF_FILE, occurrences
from timewaste.readers.ics_split import Splitter, read_lines
from timewaste.readers.ics_survey import Survey, know
from timewaste.readers.ics_told import tell, tell_days, tell_left_out
from timewaste.readers.ics_values import Spoiled
from timewaste.readers.layout import Told
from timewaste.readers.source_block import source_block
from timewaste.readers.told import told_sheet
from timewaste.readers.zone_names import iana_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.ics_events import Event
    from timewaste.readers.ics_series import Occurrence
    from timewaste.readers.ics_split import Part
    from timewaste.readers.ics_survey import Known
    from timewaste.readers.sheet import Sheet, Tally

MAX_BAD_SHARE = 0.01
MOST_LINES = 1 << 28
COLUMNS = {
    "start_text": "DTSTART", "end_text": "DTEND", "label": "SUMMARY", "account": "ATTENDEE", "channel": "LOCATION",
}  # fmt: skip
_PRODUCTS = (
    ("google", "Google Calendar"), ("exchange", "Microsoft Exchange"), ("outlook", "Microsoft Outlook"),
    ("apple", "Apple Calendar"), ("ical", "Apple Calendar"), ("mozilla", "Thunderbird"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """A calendar file that was looked at once."""

    path: Path
    relative: str
    encoding: str
    survey: Survey
    known: Known
    lines: int
    line_span: int
    names_reps: bool
    floating: str


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the file's one table of events. Raises `ReadError` (ics/…) when the file as a whole is not understood."""
    encoding = _encoding(path, relative, source)
    text_encoding = "utf-8" if encoding.startswith("utf") else encoding
    survey, splitter = Survey(text_encoding), Splitter()
    survey.take(splitter.parts(read_lines(path, relative, encoding)), relative)
    _check(survey, splitter, relative, source)
    known = know(survey, source, PurePosixPath(relative).stem)
    owners = {calendar.owner.name for calendar in survey.calendars.values()}
    zones = {iana_zone(calendar.text("X-WR-TIMEZONE")) for calendar in survey.calendars.values()} - {""}
    book = _Book(
        path=path,
        relative=relative,
        encoding=encoding,
        survey=survey,
        known=known,
        lines=splitter.lines,
        line_span=1 << max(20, splitter.lines.bit_length()),
        names_reps=not source.rep and len(owners) > 1,
        floating=next(iter(zones)) if len(zones) == 1 else "",
    )
    only = owners.pop() if len(owners) == 1 else ""
    return [_sheet(book, splitter, only or PurePosixPath(relative).stem)]


def _encoding(path: Path, relative: str, source: SourceConfig) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not source.encoding:
        return "utf-8"
    try:
        return codecs.lookup(source.encoding).name.removesuffix("-sig")
    except LookupError:
        raise ReadError(
            "ics/encoding", f"unknown encoding {source.encoding!r}", where=relative,
            mend='Use "utf-8", "utf-16" or "cp1252".',
        ) from None  # fmt: skip


def _check(survey: Survey, splitter: Splitter, relative: str, source: SourceConfig) -> None:
    """Refuse what no row of can be trusted: another encoding, an old form, too many lines."""
    few = len(survey.bad_lines) <= MAX_BAD_SHARE * survey.events and survey.has_multibyte
    if survey.bad_lines and not few:
        mend = "Add to timewaste.toml:\n" + source_block(relative, 'encoding = "cp1252"')
        raise ReadError(
            "ics/encoding",
            f"{len(survey.bad_lines)} events hold bytes that are not {survey.encoding}",
            where=f"{relative}, line {survey.bad_lines[0]}",
            mend="Ask for the export again." if source.encoding else mend,
        )
    if any(calendar.text("VERSION").startswith("1") for calendar in survey.calendars.values()):
        raise ReadError(
            "ics/old-version", "this is vCalendar 1.0, not iCalendar", where=relative,
            mend="Export it as iCalendar (.ics), or as CSV.",
        )  # fmt: skip
    if splitter.lines > MOST_LINES:
        raise ReadError(
            "ics/too-large", f"more than {MOST_LINES:,} lines", where=relative,
            mend="Export shorter spans of time, a file for each.",
        )  # fmt: skip


def _sheet(book: _Book, splitter: Splitter, rep: str) -> Sheet:
    before = book.path.stat()

    def rows(_tally: Tally) -> Iterator[tuple[int, int, Told]]:
        yield from _rows(book)
        now = book.path.stat()
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ReadError(
                "file/changed", "the file changed while it was read", where=book.relative, mend="Run it again."
            )

    product = " ".join(calendar.text("PRODID") for calendar in book.survey.calendars.values()).casefold()
    return told_sheet(
        relative=book.relative,
        sheet=None,
        format="ics",
        layout=f"iCalendar of {next((name for word, name in _PRODUCTS if word in product), 'another program')}",
        rows=rows,
        columns=COLUMNS,
        headers=tuple(COLUMNS.values()),
        encoding=book.encoding,
        notes=_notes(book, splitter),
        instrument="calendar",
        time_zone=book.floating,
        zone_reason="X-WR-TIMEZONE in the file" if book.floating else "",
        rep_default=rep,
        line_span=book.line_span,
    )


# ---------------------------------------------------------------------- rows


def _rows(book: _Book) -> Iterator[tuple[int, int, Told]]:
    left = MOST_OF_FILE
    book.known.work.refill()
    for part in Splitter().parts(read_lines(book.path, book.relative, book.encoding)):
        if part.kind != "event":
            continue
        told = _told(book, part, left)
        left -= len(told) if len(told) > 1 else 0
        for number, one in enumerate(told):
            yield part.line, number, one


def _told(book: _Book, part: Part, left: int) -> list[Told]:
    """Return the rows of one event: at least one."""
    known, event = book.known, None
    calendar = known.calendars.get(part.calendar)
    rep = calendar.owner.name if book.names_reps and calendar else ""
    try:
        properties = read_properties(part, book.survey.encoding)
        event = read_event(part, properties, known.zones.of(part.calendar))
        return _counted(book, event, rep, left)
    except Spoiled as error:
        if event is not None:
            return [tell_left_out(event, (error.rule, error.column, error.value), rep=rep)]
        return [Told({"rep": rep}, {}, error.rule, error.column, error.value)]
    except OverflowError:  # a time beyond all years, by a list or a length
        return [Told({"rep": rep}, {}, "ics/bad-event", "DTSTART", "a time beyond all years")]


def _counted(book: _Book, event: Event, rep: str, left: int) -> list[Told]:
    known = book.known
    calendar = known.calendars[event.calendar]
    method, private = calendar.text("METHOD").upper(), known.is_private(event)
    if known.is_superseded(event):
        return [tell_left_out(event, ("calendar/superseded", "SEQUENCE", str(event.sequence)), rep=rep)]
    if event.days is not None:
        return [tell_days(event, calendar.owner, rep=rep, method=method, private=private)]
    times = _occurrences(book, event, left)
    if not times:
        where = known.window.first or known.window.last
        if event.start is not None and where and not event.is_series:
            return [tell_left_out(event, ("calendar/outside_dates", "DTSTART", event.start.text), rep=rep)]
        return [tell_left_out(event, ("calendar/no_occurrence", "", ""), rep=rep, treatment="skipped")]
    return [tell(time, calendar.owner, rep=rep, method=method, private=private) for time in times]


def _occurrences(book: _Book, event: Event, left: int) -> list[Occurrence]:
    replaced, onward = book.known.exceptions(event)
    most = min(MOST_OCCURRENCES, (1 << 32) // book.line_span)
    return occurrences(
        event,
        replaced=replaced,
        onward=onward,
        window=book.known.window,
        zones=book.known.zones.of(event.calendar),
        work=book.known.work,
        most=min(most, left) if event.is_series else most,
    )


# --------------------------------------------------------------------- notes


def _notes(book: _Book, splitter: Splitter) -> Iterator[Issue]:
    """Yield what is to be said of the file as a whole."""
    survey, window = book.survey, book.known.window
    if not survey.events:
        yield _note("file/no_records", "0 events")
    if splitter.is_cut:
        yield _note("ics/cut_off", "END:VCALENDAR is missing", line=splitter.lines)
    if splitter.stray:
        yield _note("ics/stray_lines", f"{splitter.stray} lines")
    if survey.others:
        yield _note("ics/other_items", f"{survey.others} tasks or journals")
    if survey.private_events:
        yield _note("calendar/private", f"{survey.private_events} events", column="CLASS")
    if survey.open_series:
        first = f"from {window.first} " if window.first else ""
        shown = f"{first}to {window.last or window.open_last}; {survey.open_series} without an end"
        yield _note("calendar/window", shown, column="RRULE")
    for name in book.known.zones.differing(window.open_last.year):
        yield _note("ics/zone_differs", name, column="TZID")
    yield from _owner_notes(book)


def _owner_notes(book: _Book) -> Iterator[Issue]:
    calendars = book.survey.calendars.values()
    unknown = sorted({name for c in calendars if (name := c.text("X-WR-TIMEZONE")) and not iana_zone(name)})
    for name in unknown:
        yield _note("ics/calendar_zone", name, column="X-WR-TIMEZONE")
    if any(not calendar.owner.email for calendar in calendars):
        shown = f"{book.survey.declined} events that somebody declined" if book.survey.declined else ""
        yield _note("calendar/owner_unknown", shown, column="X-WR-CALNAME")


def _note(rule: str, value: str, *, column: str = "", line: int = 1) -> Issue:
    return Issue(line, column, rule, shorten(value), "noted")
