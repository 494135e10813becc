"""Headers of days in a worksheet -> dates: `Mon`, `2 Mar`, `Mo 02.03.`, a real date; the week is told beside them.

Knows texts, not rows and files. What week or year is meant is never assumed: it stands somewhere, or it is asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.excel_weeks import Told, named_day, told_week, told_years
from timewaste.transforms.times import MONTHS, WEEKDAYS, split_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LED = re.compile(r"([^\W\d_]{2,10})\.?(?:\s*[,(/-]?\s*(.*?)\)?)?", re.DOTALL)
_TRAILED = re.compile(r"(.*?\d.*?)\s*[,(/-]?\s*([^\W\d_]{2,10})\.?\)?", re.DOTALL)
_DAY_MONTH = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\.?")
_LIKE_NUMBER = re.compile(r"\d{1,2}\.\d{1,2}")  # 1.5 is an amount, unless 02.03 stands beside it
_SHORT_YEAR = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d\d)")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[.\s-]*([^\W\d_]+)\.?")
_NAME_DAY = re.compile(r"([^\W\d_]+)[.\s-]*(\d{1,2})(?:st|nd|rd|th)?\.?")
_ORDERS = ("dmy", "mdy")
WEEK = 'week_start = "…"   # the first day of the first week'  # an example would be taken for the answer
WIDEST = 500  # columns of a table of days: more than a year of them, and no row takes long


class Day(NamedTuple):
    """A header that may name a day: weekday (Monday 1, 0 for none) and the numbers of a date as `split_date` gives.

    The year is 0 where none stands; `parts` is None for a weekday alone.
    """

    text: str
    weekday: int
    parts: tuple[int, int, int, str] | None


class Unclear(Exception):  # noqa: N818 - it is asked, not failed
    """Days that may be read in more than one way, or not at all: `what`, and the setting that would say it."""

    def __init__(self, what: str, setting: str) -> None:
        """Keep what is open and the line of a [[source]] block that settles it."""
        self.what, self.setting = what, setting
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a block of days: texts above it, best first, and what the settings say.

    `anchor` is a day in the week of the block that the settings tell, None if they do not.
    """

    texts: Sequence[str]
    date_order: str = ""
    anchor: dt.date | None = None
    month: tuple[dt.date, str] | None = None


def parse_day(text: str) -> Day | None:
    """Return what day a header names, or None.

    >>> parse_day("Mo, 02.03.")
    Day(text='Mo, 02.03.', weekday=1, parts=(2, 3, 0, ''))
    """
    text = " ".join(text.split())
    if not 2 <= len(text) <= 40:
        return None
    if (match := _LED.fullmatch(text)) and (weekday := WEEKDAYS.get(match[1].casefold())):
        rest = (match[2] or "").strip()
        parts = _parts(rest)
        if parts or not rest:
            return Day(text, weekday, parts)
    if (
        (match := _TRAILED.fullmatch(text))
        and (weekday := WEEKDAYS.get(match[2].casefold()))
        and (parts := _parts(match[1].strip()))
    ):
        return Day(text, weekday, parts)
    parts = _parts(text)
    return Day(text, 0, parts) if parts else None


def _parts(text: str) -> tuple[int, int, int, str] | None:  # noqa: PLR0911 - one for each way to write it
    if not text or not any(ch.isdigit() for ch in text):
        return None
    if found := split_date(text.removesuffix(" 00:00")):
        return found
    if match := _SHORT_YEAR.fullmatch(text):
        return int(match[1]), int(match[3]), 2000 + int(match[4]), ""
    if (match := _DAY_MONTH.fullmatch(text)) and named_day(
        (int(match[1]), int(match[3]), 2000, ""), "dmy" if int(match[3]) <= 12 else "mdy"
    ):
        return int(match[1]), int(match[3]), 0, ""
    if (match := _DAY_NAME.fullmatch(text)) and (month := MONTHS.get(match[2].casefold())):
        return int(match[1]), month, 0, "dmy"
    if (match := _NAME_DAY.fullmatch(text)) and (month := MONTHS.get(match[1].casefold())):
        return month, int(match[2]), 0, "mdy"
    return None


def day_cells(cells: Sequence[str]) -> dict[int, Day]:
    """Return the cells of a row that name days, by column; {} where they cannot be the days across a table."""
    cells = cells[:WIDEST]
    found = {column: day for column, cell in enumerate(cells) if (day := parse_day(cell))}
    numbers = {column: int(cell) for column, cell in enumerate(cells) if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", cell)}
    if not found and len(numbers) >= 7:
        values = list(numbers.values())
        if all(b - a == 1 for a, b in pairwise(values)):
            return {column: Day(cells[column], 0, (n, 0, 0, "day")) for column, n in numbers.items()}
    if any(_LIKE_NUMBER.fullmatch(day.text) for day in found.values()) and not any(
        re.match(r"0\d", day.text) for day in found.values()
    ):
        found = {column: day for column, day in found.items() if not _LIKE_NUMBER.fullmatch(day.text)}
    said = [(day.weekday, day.parts) for day in found.values()]
    return found if len(set(said)) == len(said) else {}


def is_numbered(days: Mapping[int, Day]) -> bool:
    """Tell whether the days are the numbers of a month's days."""
    return any(day.parts is not None and day.parts[3] == "day" for day in days.values())


def resolve(days: Mapping[int, Day], around: Around) -> tuple[dict[int, dt.date], str]:
    """Return the date of each column, and what says so. Raises `Unclear`."""
    if all(day.parts is None for day in days.values()):
        return _by_weekday(days, around)
    bare = next((day for day in days.values() if day.parts is None), None)
    if bare:
        raise Unclear(f"{bare.text!r} stands without a date among days with one", "")
    if is_numbered(days):
        return _by_month(days, around)
    return _by_date(days, around)


def _by_weekday(days: Mapping[int, Day], around: Around) -> tuple[dict[int, dt.date], str]:
    ordered = list(days.values())
    first = ordered[0].weekday
    told = _told(around, first)
    start = told.day if told.day.isoweekday() == first else told.day - dt.timedelta(days=told.day.isoweekday() - 1)
    dates, day = {}, start
    for column, one in days.items():
        day += dt.timedelta(days=(one.weekday - day.isoweekday()) % 7)
        dates[column] = day
    if max(dates.values()) - start > dt.timedelta(days=6):
        raise Unclear(f"the days from {ordered[0].text!r} to {ordered[-1].text!r} are no single week", "")
    if told.is_number and min(dates.values()).isocalendar()[:2] != max(dates.values()).isocalendar()[:2]:
        raise Unclear(f"{told.said} names one week, and the days stand in two", f'week_start = "{start}"')
    return dates, f"the week of {start}, which {told.said!r} tells"


def _told(around: Around, first: int) -> Told:
    if around.anchor:
        return Told(around.anchor, "timewaste.toml", is_number=False)
    years = told_years(around.texts)
    for text in around.texts:
        if told := told_week(text, weekday=first, years=years, order=around.date_order):
            return told
    raise Unclear("weekdays without a date, and nothing says which week they are of", WEEK)


def _by_month(days: Mapping[int, Day], around: Around) -> tuple[dict[int, dt.date], str]:
    if around.month is None:
        raise Unclear(
            "days are numbered, and nothing says of which month", 'week_start = "…"   # first day of the month'
        )
    first, said = around.month
    dates = {}
    for column, day in days.items():
        number = day.parts[0] if day.parts else 0
        try:
            dates[column] = first.replace(day=number)
        except ValueError:
            continue  # a sheet of 31 columns for every month
    return dates, f"days of the month that {said!r} tells"


def _by_date(days: Mapping[int, Day], around: Around) -> tuple[dict[int, dt.date], str]:
    """Return the dates under the one order and year that fit: real days, ascending, on the weekdays written."""
    orders = [around.date_order] if around.date_order in _ORDERS else list(_ORDERS)
    if all(day.parts and day.parts[3] for day in days.values()):
        orders = orders[:1]  # every date names its own order
    years = _years(days, around)
    fits: dict[tuple[tuple[int, dt.date], ...], str] = {}
    for order in orders:
        for year in years:
            dates = _checked(days, {column: _date(day, order, year) for column, day in days.items()})
            if dates:
                fits.setdefault(tuple(sorted(dates.items())), order)
    if len(fits) > 1:
        close = {dates: order for dates, order in fits.items() if _is_close(dates)}
        fits = close or fits
    if len(fits) == 1:
        dates = dict(next(iter(fits)))
        return dates, f"the dates {min(dates.values())} to {max(dates.values())} in the header"
    shown = " | ".join(day.text for day in days.values())
    if not fits:
        raise Unclear(f"these are no days that follow each other, or not on these weekdays: {shown}", "")
    raise Unclear(f"the dates {shown} can be read in more than one order", 'date_order = "dmy"   # or "mdy"')


def _years(days: Mapping[int, Day], around: Around) -> list[int]:
    if all(day.parts and day.parts[2] for day in days.values()):
        return [0]
    if around.anchor:
        return [around.anchor.year, around.anchor.year + 1] if around.anchor.month == 12 else [around.anchor.year]
    years = told_years(around.texts)
    if len(years) != 1:
        raise Unclear("the dates have no year, and nothing says which", WEEK)
    return years


def _date(day: Day, order: str, year: int) -> dt.date | None:
    return named_day(day.parts, order, year) if day.parts else None


def _checked(days: Mapping[int, Day], dates: Mapping[int, dt.date | None]) -> dict[int, dt.date]:
    """Return the dates if all are days, ascend, and fall on the weekdays written beside them; else {}."""
    real = {column: date for column, date in dates.items() if date is not None}
    if len(real) < len(dates) or any(b <= a for a, b in pairwise(real.values())):
        return {}
    if any(days[column].weekday not in {0, date.isoweekday()} for column, date in real.items()):
        return {}
    return real


def _is_close(dates: Iterable[tuple[int, dt.date]]) -> bool:
    ordered = [date for _, date in dates]
    return len(ordered) > 1 and all((b - a).days <= 4 for a, b in pairwise(ordered))
