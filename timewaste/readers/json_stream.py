"""JSON read from left to right: one value at a time, in memory bounded by the longest record. Knows JSON, not logs."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Self, TextIO

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.json_values import RECORD_LIMIT, Decoded, Frame, checked, decode, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1 << 18
MEMBERS_LIMIT = 100_000
_BLANKS = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[^\s,\]}]*")
_NOT_JSON = "Ask for the export again; do not edit it by hand."
_LOST = ("\ufffd", "\udcff")
"""What stands where a byte could not be read: no record may hold it."""


def open_text(path: Path, encoding: str, skip: int = 0) -> TextIO:
    """Open a file `skip` bytes on. Bytes that cannot be decoded become lone surrogates or U+FFFD."""
    stream = path.open("rb")
    stream.seek(skip)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


class JsonStream:
    """A JSON text as it is walked through. Every error is a `ReadError` with file and line."""

    def __init__(self, path: Path, relative: str, encoding: str = "utf-8-sig", skip: int = 0) -> None:
        """Open the file, `skip` bytes on. Bytes that are not UTF-8 become lone surrogates, which no record may hold."""
        self._relative = relative
        self._stream = open_text(path, encoding, skip)
        self._text, self._at, self._lines_before = "", 0, 0
        self._read = False

    def __enter__(self) -> Self:
        """Return the stream."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stream.close()

    @property
    def line(self) -> int:
        """Return the physical line, from 1."""
        return self._lines_before + self._text.count("\n", 0, self._at) + 1

    def error(self, code: str, what: str, mend: str = _NOT_JSON) -> ReadError:
        """Return the error with the place where the stream stands."""
        return ReadError(code, what, where=f"{self._relative}, line {self.line}", mend=mend)

    def _more(self, *, keep_from: int) -> bool:
        """Read on; what stands before `keep_from` is forgotten."""
        chunk = self._stream.read(CHUNK).replace(*_LOST)
        self._lines_before += self._text.count("\n", 0, keep_from)
        self._text, self._at = self._text[keep_from:] + chunk, self._at - keep_from
        return bool(chunk)

    def peek(self) -> str:
        """Return the next character that is not blank, "" at the end."""
        while True:
            if self._at < len(self._text) and self._text[self._at] > " ":
                return self._text[self._at]
            end = _BLANKS.match(self._text, self._at)
            self._at = end.end() if end else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(keep_from=self._at):
                return ""

    def _take(self, wanted: str, what: str) -> None:
        found = self.peek()
        if found == wanted:
            self._at += 1
        elif not found:
            raise self.error("json/truncated", "the file ends in the middle: it is cut off")
        else:
            raise self.error("json/syntax", f"{what} expected, {shorten(self._text[self._at : self._at + 20])!r} found")

    def members(self) -> Iterator[str]:
        """Walk through an object: at each key the caller takes the value, by whatever means."""
        self._take("{", "an object")
        names: set[str] = set()
        while self.peek() != "}":
            if names:
                self._take(",", "a comma between two keys")
            if self.peek() != '"':
                self._take('"', "a key in quotes")
            name = str(self.value("a key"))
            if name in names:
                raise self.error("json/duplicate_key", f"the key {shorten(name)!r} stands twice")
            names.add(name)
            if len(names) > MEMBERS_LIMIT:
                raise self.error("json/too-many-keys", f"an object with more than {MEMBERS_LIMIT:,} keys")
            self._take(":", "a colon behind the key")
            self.peek()
            yield name
        self._at += 1

    def elements(self) -> Iterator[None]:
        """Walk through an array: at each element the caller takes the value."""
        self._take("[", "an array")
        is_first = True
        while self.peek() != "]":
            if not is_first:
                self._take(",", "a comma between two records")
                self.peek()
            is_first = False
            yield
        self._at += 1

    def record(self) -> Decoded:
        """Take the next value. One that cannot be understood is passed over as far as its brackets reach."""
        if self.peek() not in {"{", "["}:
            raw = self._raw()
            return decode(raw) if raw else decode(self._unreadable())
        try:
            value, end = scan(self._text, self._at)
        except (ValueError, RecursionError, StopIteration):
            return decode(self._raw())
        raw, self._at = self._text[self._at : end], end
        return decode(raw) if len(raw) > RECORD_LIMIT else checked(value, raw)

    def _unreadable(self) -> str:
        if not self.peek():
            raise self.error("json/truncated", "the file ends in the middle: it is cut off")
        raise self.error("json/syntax", f"a value expected, {shorten(self._text[self._at : self._at + 20])!r} found")

    def value(self, what: str) -> Any:  # noqa: ANN401 - any JSON
        """Take a value that the file cannot do without."""
        found = self.record()
        if found.rule:
            raise self.error(found.rule, f"{what} cannot be read: {found.shown}")
        return found.value

    def _raw(self) -> str:
        """Take the text of the next value, whether it is right or not."""
        if self.peek() in '{["' and self.peek():
            frame = Frame()
            end = self._scan(frame.feed)
        else:
            end = self._scan(self._scalar_end)
        raw, self._at = self._text[self._at : end], end
        return raw

    def _scalar_end(self, text: str, place: int) -> int:
        match = _SCALAR.match(text, place)
        end = match.end() if match else place
        return end if end < len(text) else -1

    def _scan(self, feed: Callable[[str, int], int]) -> int:
        place = self._at
        while (end := feed(self._text, place)) < 0:
            seen = len(self._text) - self._at
            if seen > RECORD_LIMIT:
                raise self.error(
                    "json/record_too_long", f"one record is longer than {RECORD_LIMIT >> 20} MB",
                    "Ask for an export with one record for each entry.",
                )  # fmt: skip
            keep = self._at
            if not self._more(keep_from=keep):
                if feed == self._scalar_end:
                    return len(self._text)
                raise self.error("json/truncated", "the file ends in the middle of a record: it is cut off")
            place = self._at + seen
        return end

    def skip(self) -> None:
        """Pass over a value, however long, without keeping it."""
        if self.peek() not in '{["' or not self.peek():
            if not self._raw():
                self._unreadable()
            return
        frame = Frame()
        while (end := frame.feed(self._text, self._at)) < 0:
            self._at = len(self._text)
            if not self._more(keep_from=self._at):
                raise self.error("json/truncated", "the file ends in the middle: it is cut off")
        self._at = end

    def finish(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise self.error("json/syntax", f"text after the end: {shorten(self._text[self._at : self._at + 20])!r}")
