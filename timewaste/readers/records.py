"""Physical lines -> records of a text table, with true line numbers; a broken record spoils only itself.

Knows lines and cells, not what the columns mean. Used where the database's CSV reader would lose, melt or
misnumber rows.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

RECORD_LIMIT = 1_000_000
BAD_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\udc80-\udcff]")
_OK, _OPEN, _TEXT_AFTER = range(3)


class Record(NamedTuple):
    """One record: its first physical line and its cells; where `rule` is not "", why it cannot count.

    `column` is the index of the column where it went wrong, -1 if none; `raw` the full text, kept only then.
    """

    line: int
    cells: Sequence[str]
    rule: str = ""
    column: int = -1
    value: str = ""
    raw: str = ""


class Lines(NamedTuple):
    """How a text file is cut into lines."""

    path: Path
    encoding: str
    newline: str = "\n"
    has_lone_returns: bool = False
    ends_with_substitute: bool = False

    def read(self) -> Iterator[str]:
        """Yield the lines without their ends. Undecodable bytes become lone surrogates, never a guess."""
        wide = self.encoding.startswith("utf-16")
        errors = "replace" if wide else "surrogateescape"
        with self.path.open(encoding=self.encoding, errors=errors, newline=self.newline) as stream:
            for line in stream:
                text = line.removesuffix(self.newline).removesuffix("\r")
                if wide:
                    text = text.replace("\ufffd", "\udcff")
                if self.has_lone_returns and "\r" in text:
                    text = text.replace("\r", "\n")
                if self.ends_with_substitute and not line.endswith(self.newline):
                    text = text.rstrip("\x1a")
                    if not text:
                        continue
                yield text


def split_records(  # noqa: PLR0913 - each says one thing of the file
    lines: Iterable[str],
    delimiter: str,
    *,
    width: int = 0,
    first_line: int = 1,
    has_bad: bool = True,
    is_cut: bool = False,
    looks_whole: Callable[[str], bool] = lambda _line: False,
) -> Iterator[Record]:
    """Yield the records of `lines`. With `width` 0 any number of cells will do.

    `looks_whole` tells whether a line by itself looks like a complete record: an open quote is then held
    for unclosed, and reading resumes at that line. `is_cut` says
    that the last line has no end. Rules: csv/ragged, csv/too-many-cells, csv/unbalanced-quote,
    csv/text-after-quote, csv/encoding, csv/control, csv/record-too-long, csv/truncated.
    """
    csv.field_size_limit(1 << 30)
    feed = _Feed(lines, first_line)
    previous: Record | None = None
    for number, line in feed:
        if '"' in line:
            record = _quoted(number, line, delimiter, feed, looks_whole)
        elif len(line) > RECORD_LIMIT:
            record = _broken(number, [line], "csv/record-too-long", -1, line)
        else:
            record = Record(number, line.split(delimiter))
        if has_bad and not record.rule and (bad := BAD_CHARACTERS.search(line)):
            record = _bad_characters(number, line, bad.group())
        if width and not record.rule and len(record.cells) != width:
            record = _fit(record, line, width)
        if previous:
            yield previous
        previous = record
    if previous:
        cut = is_cut and previous.rule in {"csv/ragged", "csv/unbalanced-quote"}
        yield previous._replace(rule="csv/truncated") if cut else previous


class _Feed:
    """Lines with their numbers, some of which can be put back."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines, self._next, self._back = iter(lines), first, deque[tuple[int, str]]()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        if self._back:
            return self._back.popleft()
        line = next(self._lines)
        self._next += 1
        return self._next - 1, line

    def put_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._back.extendleft(reversed(lines))


def _quoted(number: int, line: str, delimiter: str, feed: _Feed, looks_whole: Callable[[str], bool]) -> Record:
    cells, state, column = split_line(line, delimiter)
    if state == _OPEN:
        return _open_quote((number, line), column, delimiter, feed, looks_whole)
    if state == _TEXT_AFTER:
        return _broken(number, [line], "csv/text-after-quote", column, line)
    if len(line) > RECORD_LIMIT:
        return _broken(number, [line], "csv/record-too-long", -1, line)
    return Record(number, cells)


def _open_quote(
    first: tuple[int, str], column: int, delimiter: str, feed: _Feed, looks_whole: Callable[[str], bool]
) -> Record:
    """Go on until the quote is closed, or until it is plain that it never was."""
    (number, line), held, size = first, [first], len(first[1])
    for following in feed:
        text = following[1]
        size += len(text)
        if size > RECORD_LIMIT:
            feed.put_back([following])
            return _broken(number, [text for _, text in held], "csv/record-too-long", column, line)
        if '"' not in text and looks_whole(text):  # the quote was never closed: resume here
            feed.put_back([following])
            break
        held.append(following)
        if _closes(text):
            whole = "\n".join(text for _, text in held)
            cells, state, _ = split_line(whole, delimiter)
            if state == _OK:
                bad = BAD_CHARACTERS.search(whole)
                return _bad_characters(number, whole, bad.group()) if bad else Record(number, cells)
            if state == _TEXT_AFTER:  # the closing quote belongs to another record: only the first line is lost
                feed.put_back(held[1:])
                return _broken(number, [line], "csv/unbalanced-quote", column, line)
    return _broken(number, [text for _, text in held], "csv/unbalanced-quote", column, line)


def _closes(line: str) -> bool:
    """Tell whether an open quoted cell ends on this line: it holds a run of an odd number of quotes."""
    return any(len(run) % 2 for run in re.findall('"+', line))


def split_line(text: str, delimiter: str) -> tuple[list[str], int, int]:
    """Return the cells of one record, how it ended, and the column where a quote is wrong."""
    if f"{delimiter} " not in text and not text.startswith(" "):
        try:
            return next(csv.reader((text,), delimiter=delimiter, strict=True)), _OK, -1
        except (csv.Error, StopIteration):
            pass  # our own loop below knows why
    cells: list[str] = []
    place = 0
    while place >= 0:
        start = _after_blanks(text, place)
        if text.startswith('"', start):
            cell, place = _quoted_cell(text, start + 1)
            if place < 0:
                return cells, _OPEN, len(cells)
            place = _after_blanks(text, place)
            if place < len(text) and not text.startswith(delimiter, place):
                return cells, _TEXT_AFTER, len(cells)
            cells.append(cell)
            place = place + 1 if place < len(text) else -1
        else:
            end = text.find(delimiter, place)
            cells.append(text[place:] if end < 0 else text[place:end])
            place = end + 1 if end >= 0 else -1
    return cells, _OK, -1


def _after_blanks(text: str, place: int) -> int:
    while text.startswith(" ", place):
        place += 1
    return place


def _quoted_cell(text: str, place: int) -> tuple[str, int]:
    parts = []
    while (end := text.find('"', place)) >= 0:
        parts.append(text[place:end])
        if not text.startswith('"', end + 1):
            return "".join(parts), end + 1
        parts.append('"')
        place = end + 2
    return "", -1


def _broken(number: int, lines: Sequence[str], rule: str, column: int, value: str) -> Record:
    value = _escaped(value)
    if len(lines) > 1:
        value = f"lines {number}-{number + len(lines) - 1}: {value}"
    return Record(number, (), rule, column, value, _escaped("\n".join(lines)))


def _bad_characters(number: int, line: str, found: str) -> Record:
    raw = _escaped(line)
    rule = "csv/encoding" if "\udc80" <= found <= "\udcff" else "csv/control"
    return Record(number, (), rule, -1, raw, raw)


def _escaped(text: str) -> str:
    """Keep what stood there: a byte that is not UTF-8 is written as a backslash escape."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _fit(record: Record, line: str, width: int) -> Record:
    """Accept empty cells beyond the width, as the database's reader does: they are trailing delimiters."""
    count = len(record.cells)
    if count > width and not "".join(record.cells[width:]):
        return record._replace(cells=record.cells[:width])
    if count == 1 and not record.cells[0].strip():
        return record._replace(cells=[""] * width)  # a blank line
    rule = "csv/ragged" if count < width else "csv/too-many-cells"
    return Record(record.line, (), rule, -1, f"{count} of {width} cells: {line}", line)
