"""One JSON value: what it holds, or which rule it breaks, and where it ends.

Numbers stay the text that stands in the file: no digit of an id is lost, nothing is rounded.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from timewaste.issue import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORD_LIMIT = 16 << 20
DEPTH_LIMIT = 128
_MARK = re.compile(r'["{}\[\]]')
_STRING_STOP = re.compile(r'["\\]')
_DOUBTFUL = re.compile("\\\\u0000|\\\\u[dD][89a-fA-F]|[\x00\ud800-\udfff]")
_PRIVATE = re.compile(
    r'"(?:sensitivity|private|visibility|class|incognito)"\s*:\s*"?(?:private|personal|confid|true)', re.IGNORECASE
)


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
scan: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]
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
    return checked(value, text)


def checked(value: Any, raw: str) -> Decoded:  # noqa: ANN401 - any JSON
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
