"""JSON read from left to right: one value at a time, in memory bounded by the longest record.

Knows JSON, not logs. Numbers stay the text that stands in the file: no digit of an id is lost, nothing is rounded.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self, TextIO

from timewaste.errors import ReadError
from timewaste.issue import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1 << 18
RECORD_LIMIT = 16 << 20
DEPTH_LIMIT = 128
_BLANKS = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'["{}\[\]]')
_STRING_STOP = re.compile(r'["\\]')
_SCALAR = re.compile(r"[^\s,\]}]*")
_DOUBTFUL = re.compile("\\\\u0000|\\\\u[dD][89a-fA-F]|[\x00\ud800-\udfff]")
_PRIVATE = re.compile(
    r'"(?:sensitivity|private|visibility|class|incognito)"\s*:\s*"?(?:private|personal|confid|true)', re.IGNORECASE
)
_NOT_JSON = "Ask for the export again; do not edit it by hand."


_LOST = ("\ufffd", "\udcff")
"""What stands where a byte could not be read: no record may hold it."""


def open_text(path: Path, encoding: str, skip: int = 0) -> TextIO:
    """Open a file `skip` bytes on. Bytes that cannot be decoded become lone surrogates or U+FFFD."""
    stream = path.open("rb")
    stream.seek(skip)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


class Decoded(NamedTuple):
    """A record: its value, or the rule that it breaks (json/…) with what stands there and the text as it is."""

    value: Any
    rule: str = ""
    shown: str = ""
    raw: str = ""


class _RefusedError(ValueError):
    """A value that JSON readers understand differently, or not at all: `rule` says which."""

    def __init__(self, rule: str, shown: str) -> None:
        self.rule, self.shown = rule, shown
        super().__init__(rule)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RefusedError("json/duplicate_key", next(name for name in names if names.count(name) > 1))
    return found


def _number(text: str) -> str:
    if len(text) > 300 or "e" in text or "E" in text:
        value = float(text)
        if value in {float("inf"), float("-inf")}:
            raise _RefusedError("json/number", text)
    return text


def _constant(text: str) -> NoReturn:
    raise _RefusedError("json/number", text)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_number, parse_int=str, parse_constant=_constant)
_scan: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]
"""The value at a place and the place behind it: what `raw_decode` calls, with a plain error where there is none."""


def decode(text: str) -> Decoded:
    """Return what a text that should be one JSON value holds. Never raises."""
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        return broken("json/too_deep", "", text)
    except _RefusedError as error:
        return broken(error.rule, error.shown, text)
    except ValueError as error:
        return broken("json/syntax", str(error), text)
    return _checked(value, text)


def _checked(value: Any, raw: str) -> Decoded:  # noqa: ANN401 - any JSON
    """Refuse what no table can hold: lone surrogates, bytes that are not UTF-8, NUL; and nesting without end."""
    if raw.count("{") + raw.count("[") > DEPTH_LIMIT:
        frame = Frame()
        frame.feed(raw, 0)
        if frame.deepest > DEPTH_LIMIT:
            return broken("json/too_deep", f"{frame.deepest} levels", raw)
    if not (raw.isascii() and "\\u" not in raw and "\0" not in raw) and _DOUBTFUL.search(raw):
        for text in texts_of(value):
            if "\0" in text:
                return broken("json/control", text, raw)
            if any("\ud800" <= ch <= "\udfff" for ch in text):
                return broken("json/encoding", text, raw)
    return Decoded(value)


def broken(rule: str, shown: str, raw: str) -> Decoded:
    """Return a record that cannot count; of a private one no text is kept."""
    if _PRIVATE.search(raw):
        shown = raw = ""
    raw = raw[:RECORD_LIMIT].encode("utf-8", "backslashreplace").decode()
    return Decoded(None, rule, shorten(shown), raw)


def texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield every text in a value, and every key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


class Frame:
    """Finds where a JSON value ends, without understanding it; the text may come in pieces."""

    def __init__(self) -> None:
        """Begin before the value's first character."""
        self.depth = self.deepest = 0
        self._in_string = self._escaped = False

    def feed(self, text: str, place: int) -> int:
        """Return the place behind the value that begins at or goes on at `place`, or -1 if it goes on."""
        while place < len(text):
            if self._escaped:
                self._escaped = False
                place += 1
                continue
            match = (_STRING_STOP if self._in_string else _MARK).search(text, place)
            if not match:
                return -1
            place, found = match.end(), match.group()
            if found == "\\":
                self._escaped = True
            elif found == '"':
                self._in_string = not self._in_string
            elif found in "{[":
                self.depth += 1
                self.deepest = max(self.deepest, self.depth)
            else:
                self.depth -= 1
            if self.depth <= 0 and not self._in_string:
                return place
        return -1


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
            value, end = _scan(self._text, self._at)
        except (ValueError, RecursionError, StopIteration):
            return decode(self._raw())
        raw, self._at = self._text[self._at : end], end
        return decode(raw) if len(raw) > RECORD_LIMIT else _checked(value, raw)

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
