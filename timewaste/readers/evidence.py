"""What a file's own texts prove about the order of day and month, the decimal mark and the unit of durations.

Looks at every distinct text of the file, never at a sample. What is not proven is asked for, never assumed.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.readers.source_block import source_block
from timewaste.readers.unread import check_clocks, check_forms, check_order
from timewaste.transforms.durations import parse_number
from timewaste.transforms.times import MONTHS, parse_date, split_date, weekday_in, with_year
from timewaste.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Sheet

_CENTURY = 1900
_BARE = re.compile(r"-?(?:\d[\d.,'\u2019\u00a0\u202f ]*|[.,]\d+)")
_WORKBOOKS = {"xlsx", "xlsb", "xls", "ods"}
_NUMBER = re.compile(r"(?<![\d:.,])\d*(?:[.,'\u2019\u00a0\u202f ]\d+)+(?![\d:])")
_WEEK = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_ ]?(?:W|KW|CW|week)[-_ ]?(\d{1,2})(?!\d)", re.IGNORECASE)
_WEEK_ALONE = re.compile(r"(?<![^\W\d_])(?:KW|CW|week|woche|semaine|semana)[-_. ]?(\d{1,2})(?!\d)", re.IGNORECASE)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d|[-_.]?\d\d(?!\d))")
_NAMED = re.compile(r"([^\W\d_]{3,})[-_. ]*((?:19|20)\d\d)(?!\d)|(?<!\d)((?:19|20)\d\d)[-_. ]*([^\W\d_]{3,})")


class Reading(NamedTuple):
    """How the texts of one sheet are to be read, and what says so.

    `date_order` is `dmy`, `mdy` or `ymd`; `decimal_mark` is ".", ",", "both" or ""; `duration_unit` is
    `minutes`, `hours`, `days`, `mixed`, or "" where every duration names its own unit.
    """

    date_order: str
    date_evidence: str
    decimal_mark: str
    duration_unit: str
    duration_evidence: str


def decide(
    sheet: Sheet,
    *,
    date_texts: Sequence[str],
    duration_texts: Sequence[str],
    source: SourceConfig,
    clock_texts: Sequence[str] = (),
) -> Reading:
    """Return how the sheet's distinct date and duration texts are to be read.

    Raises `ReadError` date/ambiguous, date/contradiction, duration/ambiguous or number/format, and date/format or
    time/format where most texts cannot be read at all, with the lines to paste into timewaste.toml.
    """
    dates = sorted({text.strip(" \t,") for text in date_texts if text and text.strip(" \t,")})
    durations = sorted({text.strip() for text in duration_texts if text and text.strip()})
    check_forms(sheet, dates, source, partial(_date_order, sheet))
    whole = [with_year(text, source.date_order, source.century, source.year) for text in dates]
    order, why = (source.date_order, "timewaste.toml") if source.date_order else _date_order(sheet, whole)
    check_order(sheet, dates, source)
    clocks = sorted({text.strip() for text in clock_texts if text and text.strip()})
    check_clocks(sheet, clocks, has_durations=bool(durations))
    mark = source.decimal_mark or _decimal_mark(sheet, durations)
    unit, unit_why = _duration_unit(sheet, durations, mark, source)
    return Reading(order, why, mark, unit, unit_why)


# ------------------------------------------------------------------- dates


def _date_order(sheet: Sheet, texts: Sequence[str]) -> tuple[str, str]:
    """Return the order and its evidence: a part above 12, a weekday, or the period that a name tells."""
    seen = [(text, split_date(text)) for text in texts]
    open_ones = [(text, parts) for text, parts in seen if parts and parts[3] == ""]
    if not open_ones:
        if not any(parts for _, parts in seen):
            return "ymd", "no date can be read" if texts else "no dates"
        which = "every date" if all(parts for _, parts in seen) else "every date that can be read"
        return "ymd", f"{which} names its year first or its month by name"
    day_first = next((text for text, (a, b, _, _) in open_ones if 12 < a <= 31 and b <= 12), "")
    month_first = next((text for text, (a, b, _, _) in open_ones if 12 < b <= 31 and a <= 12), "")
    if day_first and month_first:
        raise ReadError(
            "date/contradiction",
            f"{day_first} has the day first and {month_first} the month first",
            where=sheet.place,
            mend="Split the file by how dates are written, or say which order holds (others are set aside):\n"
            + source_block(sheet.relative, 'date_order = "dmy"   # or "mdy"'),
        )
    if day_first or month_first:
        return ("dmy" if day_first else "mdy"), day_first or month_first
    both = [text for text, (a, b, _, _) in open_ones if a != b and max(a, b) <= 12]
    if not both:
        return "dmy", "no date is a day in both orders that would differ"
    for decided in (_by_weekday(both), _by_name(sheet, both)):
        if decided:
            return decided
    raise _ambiguous(sheet, both)


def _by_weekday(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the order that makes every weekday right that stands beside a date."""
    fits: dict[str, list[str]] = {"dmy": [], "mdy": []}
    named = 0
    for text in texts:
        weekday = weekday_in(text)
        named += weekday > 0
        for order, right in fits.items():
            day = parse_date(text, order)[0]
            if weekday and day and day.isoweekday() == weekday:
                right.append(text)
    whole = [order for order, right in fits.items() if named and len(right) == named]
    return (whole[0], f"the weekday of {fits[whole[0]][0]}") if len(whole) == 1 else None


def _by_name(sheet: Sheet, texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the order under which every date lies in the period that file or sheet is named after."""
    years = {parts[2] for text in texts if (parts := split_date(text))}
    year = years.pop() if len(years) == 1 and min(years) > _CENTURY else 0
    names = (sheet.sheet or "", *reversed(sheet.relative.split("/")))
    spans = [span for name in names if (span := _period(name, year))]
    if not spans:
        return None
    first, last, name = spans[0]
    whole = []
    for order in ("dmy", "mdy"):
        days = [parse_date(text, order)[0] for text in texts]
        if all(day and first <= day <= last for day in days):
            whole.append(order)
    return (whole[0], f"all dates lie in {name}, which the name tells") if len(whole) == 1 else None


def _period(name: str, year_of_dates: int) -> tuple[dt.date, dt.date, str] | None:
    """Return the days that a name tells, and the words of it; a week without a year is one of the dates' only year."""
    if match := _WEEK.search(name):
        return _week(int(match[1]), int(match[2]), match[0])
    if year_of_dates and (match := _WEEK_ALONE.search(name)):
        return _week(year_of_dates, int(match[1]), match[0])
    year, month, said = 0, 0, ""
    if match := _MONTH.search(name):
        year, month, said = int(match[1]), int(match[2]), match[0]
    else:
        for match in _NAMED.finditer(name):
            if number := MONTHS.get((match[1] or match[4]).casefold()):
                year, month, said = int(match[2] or match[3]), number, match[0]
                break
    if not month:
        return None
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1), said


def _week(year: int, week: int, said: str) -> tuple[dt.date, dt.date, str] | None:
    try:
        first = dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return first, first + dt.timedelta(days=6), said


def _ambiguous(sheet: Sheet, texts: Sequence[str]) -> ReadError:
    """Return the question; the order that leaves the days nearer to each other is proposed."""
    text, shown, spans = texts[0], {}, {}
    for order in ("dmy", "mdy"):
        days = [day for each in texts if (day := parse_date(each, order)[0])]
        shown[order] = f"{days[0].day} {days[0]:%B}" if days else "no day"
        spans[order] = (max(days) - min(days)).days + 1 if days else 0
    best, other = sorted(spans, key=lambda order: (spans[order], order))
    reach = f", in {counted(spans[best], 'day', 'days')} with all others" if spans[best] < spans[other] else ""
    return ReadError(
        "date/ambiguous",
        f"{text} is {shown['dmy']} or {shown['mdy']}, and no date in the file says which",
        where=sheet.place,
        mend="Add to timewaste.toml:\n"
        + source_block(
            sheet.relative,
            f'date_order = "{best}"   # {text} is {shown[best]}{reach}; or "{other}": {text} is {shown[other]}',
        ),
    )


# --------------------------------------------------------------- durations


def _decimal_mark(sheet: Sheet, texts: Sequence[str]) -> str:
    """Return the mark that the numbers prove; three digits after a single mark prove nothing."""
    proof: dict[str, str] = {}
    for text in texts:
        for number in _NUMBER.findall(text):
            if mark := proven_mark(number):
                proof.setdefault(mark, text)
    if len(proof) < 2:
        return next(iter(proof), "")
    if sheet.format in _WORKBOOKS:
        return "both"  # numbers come with a point, typed text with the comma of its country
    raise ReadError(
        "number/format",
        f"{proof['.']!r} has a decimal point and {proof[',']!r} a decimal comma",
        where=sheet.place,
        mend="Say which holds (the others are set aside):\n"
        + source_block(sheet.relative, 'decimal_mark = "."   # or ","'),
    )


def proven_mark(number: str) -> str:
    """Return the decimal mark that one number proves, "" if none.

    >>> proven_mark("1,5"), proven_mark("1.234,5"), proven_mark("1.500")
    (',', ',', '')
    """
    marks = [ch for ch in number if not ch.isdigit()]
    last = marks[-1]
    digits_after = len(number) - number.rindex(last) - 1
    if last in ".," and marks.count(last) == 1 and (len(marks) > 1 or digits_after != 3 or number[0] in "0.,"):
        return last
    if last in ".," and len(marks) > 1 and len(set(marks)) == 1:
        return "," if last == "." else "."  # 1.234.567: the mark groups thousands
    return ""


def _duration_unit(sheet: Sheet, texts: Sequence[str], mark: str, source: SourceConfig) -> tuple[str, str]:
    """Return the unit of bare numbers: config, then the header, then the sizes of the numbers."""
    if source.duration_unit:
        return source.duration_unit, "timewaste.toml"
    bare = [text for text in texts if _BARE.fullmatch(text)]
    if sheet.header_unit and bare:
        return sheet.header_unit, f"the header {sheet.columns.get('duration_text', '')!r}"
    numbers = ((text, parse_number(text.lstrip("-"), mark)) for text in bare)
    values = [(text, number) for text, number in numbers if number]
    if not values:
        return "", "every duration names its unit" if texts else "no durations"
    if sheet.format in _WORKBOOKS and all(number < 1 for _, number in values):
        return "days", f"every number is below 1, as in {values[0][0]}: a fraction of a day"
    hour, large = _hour_proof(values), _minute_proof(values)
    if hour and large:
        return "mixed", f"{hour} can only be hours and {large} only minutes"
    if hour or large:
        return ("hours" if hour else "minutes"), hour or large
    raise ReadError(
        "duration/ambiguous",
        f"{values[0][0]} may be minutes or hours, and no number in the file says which",
        where=sheet.place,
        mend="Add to timewaste.toml:\n"
        + source_block(sheet.relative, 'duration_unit = "hours"   # or "minutes", "days"'),
    )


def _minute_proof(values: Sequence[tuple[str, float]]) -> str:
    """Return a whole number that is too large for hours."""
    return next((text for text, number in values if number > 24 and number.is_integer()), "")


def _hour_proof(values: Sequence[tuple[str, float]]) -> str:
    """Return a fraction that can only be hours: 1 or more, or below 1 beside numbers that cannot be days."""
    fractions = [(text, number) for text, number in values if not number.is_integer()]
    if not fractions:
        return ""
    beside = any(number > 1 for _, number in values)
    return next((text for text, number in fractions if 1 <= number <= 24), fractions[0][0] if beside else "")
