"""The words of a calendar: a property line, texts, days and times, lengths.

Plain functions: text in, value out. What is not of the form raises `Spoiled`, which names the rule, the property and
what stands there; the event it stands in is then set aside.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNQUOTED_COLON = re.compile(r'(?:[^":]++|"[^"]*+")*+:')
_PARAMETER = re.compile(r'(?:[^";]++|"[^"]*+")++')
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ENDS_IN_TIME = re.compile(r"\d{8}(?:T\d{6}Z?)?(?:[,/][0-9TZPWDHMS+-]+)*", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(\d\d)([Zz]?)")
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)


class Spoiled(Exception):  # noqa: N818 - becomes an issue about one event, is never shown as an error
    """An event, or a zone, cannot be understood: the rule, the property, what stands there."""

    def __init__(self, rule: str, column: str, value: str) -> None:
        """Keep the three parts, as an `Issue` has them."""
        self.rule, self.column, self.value = rule, column, value
        super().__init__(rule)


class Line(NamedTuple):
    """A property: its name in capitals, its parameters by name in capitals, its value as it stands."""

    name: str
    parameters: Mapping[str, str]
    value: str


class Stamp(NamedTuple):
    """A day or a time as written: the clock on the wall, and what is said of its zone.

    `zone` is "UTC" for a time that ends in Z, the TZID where there is one, "" for a floating time.
    """

    wall: dt.datetime
    zone: str = ""
    is_day: bool = False


class Length(NamedTuple):
    """A length: days follow the clock on the wall, seconds are exact."""

    days: int
    seconds: int


def parse_line(text: str) -> Line:
    """Return the property that an unfolded line holds. Raises `Spoiled` ics/bad-event.

    >>> parse_line('DTSTART;TZID="(UTC-03:00) Brasilia":20260302T090000').parameters["TZID"]
    '(UTC-03:00) Brasilia'
    """
    named = _NAME.match(text)
    if not named or text[named.end() : named.end() + 1] not in {":", ";"}:
        raise Spoiled("ics/bad-event", "", "a line that is no property")
    if text[named.end()] == ":":
        return Line(named[0].upper(), {}, text[named.end() + 1 :])
    quoted = _UNQUOTED_COLON.match(text)
    at = quoted.end() - 1 if quoted else text.find(":")
    if at < 0:
        raise Spoiled("ics/bad-event", named[0].upper(), "no value")
    name = named[0].upper()
    if "TZID" in text[:at].upper() and not _ENDS_IN_TIME.fullmatch(text[at + 1 :].strip()):
        at = _last_colon(text, at)
    parameters = {}
    for part in _PARAMETER.findall(text[named.end() : at]):
        key, _, value = part.partition("=")
        parameters[key.strip().upper()] = value.strip().strip('"')
    return Line(name, parameters, text[at + 1 :])


def _last_colon(text: str, at: int) -> int:
    """Return where the value begins when a zone's name holds colons and stands without quotes."""
    last = text.rfind(":")
    return last if _ENDS_IN_TIME.fullmatch(text[last + 1 :].strip()) else at


def plain_text(value: str) -> str:
    r"""Return a text with its escapes resolved.

    >>> plain_text("Demo\\, Acme\\nroom 4")
    'Demo, Acme\nroom 4'
    """
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def split_values(value: str) -> list[str]:
    r"""Return the parts of a list; an escaped comma does not part.

    >>> split_values("Sales,a\\,b")
    ['Sales', 'a,b']
    """
    return [plain_text(part) for part in re.split(r"(?<!\\),", value)]


def parse_stamp(line: Line, value: str | None = None) -> Stamp:
    """Return the day or time of a property, or of one `value` of its list. Raises `Spoiled` ics/bad-event."""
    text = (line.value if value is None else value).strip()
    try:
        if match := _DATE.fullmatch(text):
            return Stamp(dt.datetime(int(match[1]), int(match[2]), int(match[3])), is_day=True)  # noqa: DTZ001
        if match := _TIME.fullmatch(text):
            parts = [int(part) for part in match.groups()[:6]]
            if parts[5] == 60:  # a leap second
                parts[5] = 59
            wall = dt.datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - the zone is told beside it
            return Stamp(wall, "UTC" if match[7] else line.parameters.get("TZID", "").strip())
    except ValueError:
        pass
    raise Spoiled("ics/bad-event", line.name, text)


def parse_length(line: Line, value: str | None = None) -> Length:
    """Return a length. Raises `Spoiled` ics/bad-event, and ics/negative for one below zero.

    >>> parse_length(Line("DURATION", {}, "P1DT1H30M"))
    Length(days=1, seconds=5400)
    """
    text = (line.value if value is None else value).strip()
    match = _LENGTH.fullmatch(text)
    if not match or not any(match.groups()[1:]):
        raise Spoiled("ics/bad-event", line.name, text)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = Length(weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)
    if match[1] == "-" and length != (0, 0):
        raise Spoiled("ics/negative", line.name, text)
    return length
