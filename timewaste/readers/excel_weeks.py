"""Which week, month or year a title, a sheet's name or a file's name tells. Knows texts, not worksheets."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from timewaste.transforms.times import MONTHS, split_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORDS = (
    r"(?:weeks?|wk|w/c|w/b|woche|wochen|kw|cw|kalenderwoche|semaine|semana|settimana|"
    r"starting|commencing|beginning|starts|vom|ab|from|von|du)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YEAR_WEEK = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_ /.]*(?:KW|CW|W|wk|week|woche|kalenderwoche)[-_ .]*(\d{1,2})(?!\d)", re.IGNORECASE
)
_WEEK_YEAR = re.compile(
    r"(?<![^\W\d_])(?:KW|CW|W|wk|week|woche|kalenderwoche|semaine)[-_ .]*(\d{1,2})[-_ /.,(]+((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![^\W\d_])(?:KW|CW|kalenderwoche|calendar week)[-_ .]*(\d{1,2})(?!\d)", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<![^\W\d_])(?:week|woche|wk|semaine|KW|CW|W)[-_ .#]*(\d{1,2})(?!\d)", re.IGNORECASE)
_FULL = re.compile(
    r"(?<![\d.])((?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d"
    r"|\d{1,2}(?:st|nd|rd|th)?[.\s-]*[^\W\d_]{3,9}[.,\s-]+(?:19|20)\d\d"
    r"|[^\W\d_]{3,9}[.\s-]*\d{1,2}(?:st|nd|rd|th)?[,\s-]+(?:19|20)\d\d)(?!\d)"
)
_SPAN = re.compile(
    r"(?<!\d)(\d{1,2})\.(?:\s?(\d{1,2})\.)?\s*(?:-|\u2013|bis|to)\s*(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)"
)
_WORD_SPAN = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s*(?:-|\u2013|bis|to)\s*\d{1,2}\.?\s+([^\W\d_]{3,9})\s+((?:19|20)\d\d)", re.IGNORECASE
)
_LEADS = re.compile(rf"(?<![^\W\d_]){_WORDS}(?![^\W\d_])[^\d]{{0,25}}$", re.IGNORECASE)
_DATE_WORD = re.compile(
    r"(?<![^\W\d_])(?:date|day|datum|tag|jour|le|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\s*[:,]?$",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,9})[-_. ]*((?:19|20)\d\d)(?!\d)|(?<!\d)((?:19|20)\d\d)[-_. ]*([^\W\d_]{3,9})")
_MONTH_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d|[-_.]?\d\d(?!\d))")


class Told(NamedTuple):
    """A day of the week that a text tells, the text, and whether it is the number of a week."""

    day: dt.date
    said: str
    is_number: bool


def named_day(parts: tuple[int, int, int, str], order: str, year: int = 0) -> dt.date | None:
    """Return the day that the numbers of a date mean under an order (`dmy`, `mdy`), or None."""
    first, second, third, own = parts
    if own == "ymd":
        year, month, day = first, second, third
    else:
        day, month = (second, first) if (own or order) == "mdy" else (first, second)
        year = third or year
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def told_years(texts: Iterable[str]) -> list[int]:
    """Return the years that the first of the texts to name any names."""
    for text in texts:
        if years := sorted({int(year) for year in _YEAR.findall(text)}):
            return years
    return []


def told_week(  # noqa: PLR0911 - one for each way to write it
    text: str, *, weekday: int, years: Sequence[int], order: str
) -> Told | None:
    """Return the week that a text tells, if it does so in one way only.

    A date counts where a word such as `week of` leads to it, where it begins a span of up to seven days, or where it
    is all the text. `weekday` is that of the table's first day: a date in doubtful order must fall on it or on Monday.

    >>> told_week("Week of 2 March 2026", weekday=1, years=[], order="").day
    datetime.date(2026, 3, 2)
    """
    for pattern, (year_at, week_at) in ((_YEAR_WEEK, (1, 2)), (_WEEK_YEAR, (2, 1))):
        if match := pattern.search(text):
            return _iso(int(match[year_at]), int(match[week_at]), match[0])
    if match := _SPAN.search(text):
        day, month = int(match[1]), int(match[2] or match[4])
        return _safe(int(match[5]), month, day, match[0])
    if (match := _WORD_SPAN.search(text)) and (month := MONTHS.get(match[2].casefold(), 0)):
        return _safe(int(match[3]), month, int(match[1]), match[0])
    found = list(_FULL.finditer(text))
    for number, match in enumerate(found):
        is_alone = text.strip() == match[0].strip()
        if not (is_alone or _LEADS.search(text[: match.start()])):
            continue
        follows = found[number + 1][0] if number + 1 < len(found) else ""
        if told := _dated(match[0], follows, weekday, order):
            return told
    if found and len(found) == 2 and (told := _dated(found[0][0], found[1][0], weekday, order, needs_span=True)):
        return told
    if (match := _NUMBERED.search(text)) and len(years) == 1:
        return _iso(years[0], int(match[1]), f"{match[0]} {years[0]}")
    return None


def _iso(year: int, week: int, said: str) -> Told | None:
    try:
        return Told(dt.date.fromisocalendar(year, week, 1), said.strip(), is_number=True)
    except ValueError:
        return None


def _safe(year: int, month: int, day: int, said: str) -> Told | None:
    try:
        return Told(dt.date(year, month, day), said.strip(), is_number=False)
    except ValueError:
        return None


def _dated(text: str, follows: str, weekday: int, order: str, *, needs_span: bool = False) -> Told | None:
    """Return the day a text names: under the order that is said, or the only one that makes sense."""
    parts, last = split_date(text), split_date(follows) if follows else None
    if parts is None:
        return None
    orders = [order] if order in {"dmy", "mdy"} else ["dmy", "mdy"]
    days = {day: each for each in orders if (day := named_day(parts, each))}
    if last and (needs_span or len(days) > 1):
        days = {
            day: each for day, each in days.items()
            if (end := named_day(last, each)) and 0 <= (end - day).days <= 6
        }  # fmt: skip
    if len(days) > 1:
        days = {day: each for day, each in days.items() if day.isoweekday() in {1, weekday}}
    return Told(next(iter(days)), text.strip(), is_number=False) if len(days) == 1 else None


def week_number(text: str) -> int:
    """Return the number in a name such as `Week 3` or `KW 10`, or 0."""
    match = _ORDINAL.search(text)
    return int(match[1]) if match else 0


def told_day(text: str, order: str) -> Told | None:
    """Return the one day that a title names, alone or after a word such as `Date:`, and in one way only."""
    for match in _FULL.finditer(text):
        before = text[: match.start()].strip()
        if before and not _DATE_WORD.search(before):
            continue
        parts = split_date(match[0])
        orders = [order] if order in {"dmy", "mdy"} else ["dmy", "mdy"]
        days = {day for each in orders if parts and (day := named_day(parts, each))}
        if len(days) == 1:
            return Told(next(iter(days)), match[0].strip(), is_number=False)
    return None


def told_month(text: str) -> tuple[dt.date, str] | None:
    """Return the first day of the month that a text names with its year, and the words."""
    if match := _MONTH_NUMBER.search(text):
        return dt.date(int(match[1]), int(match[2]), 1), match[0]
    for match in _MONTH_YEAR.finditer(text):
        if number := MONTHS.get((match[1] or match[4]).casefold()):
            return dt.date(int(match[2] or match[3]), number, 1), match[0]
    return None
