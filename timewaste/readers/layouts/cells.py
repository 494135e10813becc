"""What exports of many vendors share: columns in several languages, truth in words, lengths and days.

Knows header names and cells.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Reading, plain, unique_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Told, Translate

_BLANKS = " \t\r\n\u00a0"
_TRUE = {
    "true", "yes", "y", "1", "-1", "on", "wahr", "ja", "ein", "vrai", "oui", "actif", "activé", "verdadero", "sí", "si",
    "vero", "sì", "waar",
}  # fmt: skip
_LENGTH = re.compile(r"(-?)(\d{1,5}):([0-5]\d)(?::([0-5]\d))?(?:\s*([AaPp])\.?[Mm]\.?)?")


class Cells(dict[str, str]):
    """The cells of one record, by what they are for the layout; a name without a column is ""."""

    def __init__(self, row: Mapping[str, str], columns: Mapping[str, str]) -> None:
        """Take the cells of a row; `columns` gives the plain header of each name."""
        super().__init__({name: row.get(header, "").strip(_BLANKS) for name, header in columns.items()})

    def __missing__(self, name: str) -> str:
        """Return the text of a cell that is not there."""
        return ""


def by_column(names: Mapping[str, tuple[str, ...]], tell: Callable[[Cells], Iterable[Told]]) -> Reading:
    """Return a `translate` that gives `tell` each record's cells under the names of `names`, best header first."""

    def make(headers: tuple[str, ...], _source: SourceConfig) -> Translate:
        columns = find_columns(unique_names([plain(header) for header in headers]), names)
        return lambda row: tell(Cells(row, columns))

    return Reading(names, make)


def find_columns(there: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the header that stands for each name, of those that are there."""
    found = {name: next((header for header in headers if header in there), None) for name, headers in names.items()}
    return {name: header for name, header in found.items() if header is not None}


def is_true(text: str) -> bool:
    """Tell whether a cell says yes, in the languages that exports are written in."""
    return text.strip(_BLANKS).casefold() in _TRUE


def first(*texts: str) -> str:
    """Return the first text that is not empty, or ""."""
    return next((text for text in texts if text), "")


def seconds_in(text: str) -> int | None:
    """Return the seconds of `H:MM` or `H:MM:SS`, which may go beyond a day, or None.

    A spreadsheet writes 2 hours as `02:00:00 AM`.

    >>> seconds_in("26:15:00"), seconds_in("12:30:34 AM"), seconds_in("0.5")
    (94500, 1834, None)
    """
    match = _LENGTH.fullmatch(text.strip(_BLANKS))
    if not match:
        return None
    hours = int(match[2])
    if match[5]:
        hours = hours % 12 + (12 if match[5] in "pP" else 0)
    total = hours * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    return -total if match[1] else total


def clock_in(seconds: int) -> str:
    """Return a length as logs write it.

    >>> clock_in(5025)
    '1:23:45'
    """
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def day_in(text: str) -> dt.date | None:
    """Return the day of an ISO date, or None."""
    try:
        return dt.date.fromisoformat(text.strip(_BLANKS)[:10])
    except ValueError:
        return None


def end_day(date: str, start: str, end: str, seconds: int | None) -> str:
    """Return the ISO day on which an entry ends that names only the day of its start, "" where that is open.

    `seconds` is its length, if it is told: it says how many midnights lie between, where start and end fit it.
    """
    day, begin, stop = day_in(date), seconds_in(start), seconds_in(end)
    if day is None or begin is None or stop is None:
        return ""
    span = (stop - begin) % 86_400
    if seconds is None or seconds <= 0:
        days = 1 if stop < begin else 0
    elif abs(seconds - span) % 86_400 in {*range(61), *range(86_340, 86_400)}:
        days = (begin + seconds + 60) // 86_400 if stop != begin else round(seconds / 86_400)
        days = (begin + span + round((seconds - span) / 86_400) * 86_400) // 86_400
    else:
        return (day + dt.timedelta(days=1)).isoformat() if stop < begin else ""
    try:
        return (day + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return ""
