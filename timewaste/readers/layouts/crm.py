"""What the exports of all CRMs share: columns in several spellings, moments in UTC, ids, and why a record is left out.

Knows header names and cells. A cell is "" where it is empty, missing or a null reference.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.layout import Reading, Told, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate

    Cells = Mapping[str, str]
    Said = tuple[dict[str, str], "Why | None"]
    TellRow = Callable[[Cells, "Columns", str], Said]


class Why(NamedTuple):
    """What is to be said of a record: rule, column as in the file, what stands there, and what is done about it."""

    rule: str
    column: str
    value: str
    treatment: str = "set_aside"


INSTRUMENT = "crm"
UTC = "the CRM writes times in UTC"
_BLANKS = " \t\r\n\u00a0"
_NULL_REFERENCES = {"0" * 15, "0" * 15 + "AAA"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORT_ID = re.compile(r"[0-9A-Za-z]{15}")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)
_EPOCH_MILLISECONDS = re.compile(r"\d{13}", re.ASCII)
_TRUE = {"1", "true", "t", "yes", "y"}
_FALSE = {"0", "false", "f", "no", "n"}


# ----------------------------------------------------------------- columns


def spelled(*names: str) -> tuple[str, ...]:
    """Return the plain header names of API names: as the vendor writes them, and as copies in snake case do.

    >>> spelled("IsAllDayEvent")
    ('isalldayevent', 'is all day event')
    """
    found = (plain(name) for name in names), (" ".join(_WORD.findall(name)).casefold() for name in names)
    return tuple(dict.fromkeys(one for pair in zip(*found, strict=True) for one in pair))


def one_of(*names: str) -> str:
    """Return a need that any of the API names meets, in any spelling."""
    return "|".join(spelled(*names))


class Columns:
    """The columns of one table, by their plain header names."""

    def __init__(self, headers: Sequence[str]) -> None:
        """Take the header cells as found."""
        self._shown: dict[str, str] = {}
        for header in headers:
            self._shown.setdefault(plain(header), " ".join(header.split()))

    def reader(self, wanted: Mapping[str, Iterable[str]]) -> Callable[[Mapping[str, str]], dict[str, str]]:
        """Return what gives the texts of a record by our names; of several columns the first that is filled."""
        there = {name: tuple(one for one in names if one in self._shown) for name, names in wanted.items()}

        empty = dict.fromkeys(there, "")
        pairs = [(name, one) for name, names in there.items() for one in names]

        def read(record: Mapping[str, str]) -> dict[str, str]:
            cells = empty.copy()
            for name, one in pairs:
                if record.get(one) and not cells[name]:
                    cells[name] = cell(record, one)
            return cells

        return read

    def shown(self, names: Iterable[str]) -> str:
        """Return the header, as found, of the first of the columns that is there, or ""."""
        return next((self._shown[name] for name in names if name in self._shown), "")


def cell(record: Mapping[str, str], name: str) -> str:
    """Return a cell's text, "" where it is empty, missing or a null reference."""
    text = (record.get(name) or "").strip(_BLANKS)
    return "" if text in _NULL_REFERENCES else text


# ------------------------------------------------------------------- cells


def is_true(text: str) -> bool:
    """Tell whether a cell says yes: exports write 1 and 0, or true and false."""
    return text.casefold() in _TRUE


def is_false(text: str) -> bool:
    """Tell whether a cell says no; an empty one says nothing."""
    return text.casefold() in _FALSE


def zone_of(source: SourceConfig) -> str:
    """Return what a time without a zone is written with: Z, for UTC, or nothing where the settings name a zone."""
    return "" if source.time_zone else "Z"


def instant(text: str, zone: str = "Z") -> str:
    """Return a moment in ISO 8601 to the second, with its offset or else `zone`; a day stays a day.

    What is written in another way comes back as it is.

    >>> instant("2018-10-13 17:16:45"), instant("2021-01-07 6:49:18.5+0200"), instant("2023-03-01")
    ('2018-10-13T17:16:45Z', '2021-01-07T06:49:18+02:00', '2023-03-01')
    """
    if _EPOCH_MILLISECONDS.fullmatch(text):
        return f"{dt.datetime.fromtimestamp(int(text) // 1000, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    match = _MOMENT.fullmatch(text)
    if not match:
        return text
    year, month, date, hour, minute, second, offset = match.groups()
    written = f"{year}-{month:>02}-{date:>02}"
    if hour is None:
        return written
    return f"{written}T{hour:>02}:{minute}:{second or '00'}{_offset(offset) if offset else zone}"


def _offset(text: str) -> str:
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    return "Z" if digits == "0000" else f"{text[0]}{digits[:2]}:{digits[2:]}"


def day(text: str) -> str:
    """Return the day of a cell that holds one, whatever clock time an export adds: it is never shifted by a zone.

    >>> day("2023-03-01 00:00:00"), day("2023-03-01T00:00:00.000Z")
    ('2023-03-01', '2023-03-01')
    """
    written = instant(text)
    return written[:10] if _MOMENT.fullmatch(written) else text


def is_moment(text: str) -> bool:
    """Tell whether a text is a day or moment as `instant` writes them, and one that the calendar has."""
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return _MOMENT.fullmatch(text) is not None


def seconds(text: str) -> str:
    """Return a length in seconds, as text with its unit; "" where there is none or it is 0."""
    return _length(text, 1)


def milliseconds(text: str) -> str:
    """Return a length in milliseconds as whole seconds with their unit; "" where there is none or it is 0.

    >>> milliseconds("63500"), milliseconds("0")
    ('64 s', '')
    """
    return _length(text, 1000)


def _length(text: str, per_second: int) -> str:
    try:
        whole = int(float(text) / per_second + 0.5)
    except (ValueError, OverflowError):
        return text
    if whole < 0:
        return text
    return f"{whole} s" if whole else ""


def long_id(text: str) -> str:
    """Return a Salesforce id of 18 characters: the last three of them say which of the first 15 are capitals.

    >>> long_id("0064600000J5S5T")
    '0064600000J5S5TAAV'
    """
    if not _SHORT_ID.fullmatch(text):
        return text
    parts = (text[start : start + 5] for start in (0, 5, 10))
    return text + "".join(_SUFFIX[sum(1 << n for n, letter in enumerate(part) if letter.isupper())] for part in parts)


# ----------------------------------------------------------------- records

LEFT_OUT = {
    "is_deleted": spelled("IsDeleted", "_fivetran_deleted", "archived", "deleted"),
    "is_current": ("fivetran active",),
}
"""Columns that say of a record of any CRM that it is gone."""


def gone(cells: Mapping[str, str], columns: Columns) -> Why | None:
    """Return why a record that was deleted, or is only an earlier version, does not count."""
    if is_true(cells["is_deleted"]):
        return Why("crm/deleted", columns.shown(LEFT_OUT["is_deleted"]), cells["is_deleted"])
    if is_false(cells["is_current"]):
        return Why("crm/old_version", columns.shown(LEFT_OUT["is_current"]), cells["is_current"], "skipped")
    return None


def maker(wanted: Mapping[str, tuple[str, ...]], tell_row: TellRow) -> Reading:
    """Return what makes the `translate` of a layout in which one record says one thing.

    `tell_row` makes fields, and what is to be said of them, from the texts of the columns in `wanted`.
    """
    return Reading(wanted, functools.partial(_translate, wanted, tell_row))


def _translate(
    wanted: Mapping[str, tuple[str, ...]], tell_row: TellRow, headers: Sequence[str], source: SourceConfig
) -> Translate:
    columns = Columns(headers)
    read = columns.reader(wanted)
    zone = zone_of(source)

    def translate(record: Mapping[str, str]) -> tuple[Told]:
        fields, why = tell_row(read(record), columns, zone)
        return (Told(fields, {}, *(why or ())),)

    return translate
