"""Texts of dates and clock times -> days and whole seconds. Each distinct text is looked at once.

The parsers are plain functions: text in, value or problem out. They know no files and never guess: what a
text means is fixed by the `date_order` that holds for its source.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

DAY = 86_400
EPOCH = dt.date(1970, 1, 1)

_MONTHS = """
    jan january januar jänner janvier janv
    feb february februar févr février fevrier fev
    mar march märz mär mrz maerz mars
    apr april avr avril
    may mai
    jun june juni juin
    jul july juli juil juillet
    aug august août aout
    sep sept september septembre
    oct october okt oktober octobre
    nov november novembre
    dec december dez dezember déc décembre decembre
"""
_DAYS = """
    monday mon montag mo lundi lun
    tuesday tue tues dienstag di mardi mar
    wednesday wed mittwoch mi mercredi mer
    thursday thu thur thurs donnerstag do jeudi jeu
    friday fri freitag fr vendredi ven
    saturday sat samstag sa samedi sam
    sunday sun sonntag so dimanche dim
"""
MONTHS = {name: n for n, names in enumerate(_MONTHS.split("\n")) for name in names.split()}
WEEKDAYS = {name: n for n, names in enumerate(_DAYS.split("\n")) for name in names.split()}

_WEEKDAY = re.compile(r"([^\W\d]+)\.?,?\s+(?=\d|[^\W\d]+\.?\s+\d)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_BASIC = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[.\s-]*(?:of )?([^\W\d]+)[.,\s-]+(\d{4})")
_NAME_DAY = re.compile(r"([^\W\d]+)[.\s-]*(\d{1,2})(?:st|nd|rd|th)?[,\s-]+(\d{4})")
_SHORT_YEAR = re.compile(
    r"(\d{1,2}\s?([-/.])\s?\d{1,2}\s?\2\s?|\d{1,2}(?:st|nd|rd|th)?[.\s-]*(?:of )?[^\W\d]+[.,\s-]+"
    r"|[^\W\d]+[.\s-]*\d{1,2}(?:st|nd|rd|th)?,\s*)['\u2019]?(\d\d)"
)
_NO_YEAR = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2?|(\d{1,2}[.\s-]*[^\W\d]+|[^\W\d]+[.\s-]*\d{1,2})\.?")
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?\s?m\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})\s*(?:([ap]\.?\s?m\.?)|h|uhr)", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(?:(z|utc|gmt)|([+-])(\d{2}):?(\d{2})?)", re.IGNORECASE)
_FRACTION = re.compile(r"0?[.,]\d+")


# ------------------------------------------------------------------- dates


def split_date(text: str) -> tuple[int, int, int, str] | None:
    """Return the three numbers of a date and their order: `ymd`, `dmy`, `mdy`, or "" where that is open."""
    text = text.strip().rstrip(", ")  # "3/19/2026, 2:00 PM": the comma stays with the day
    found = _date_parts(text)
    if found is None and (named := _WEEKDAY.match(text)) and named[1].casefold() in WEEKDAYS:
        return _date_parts(text[named.end() :])
    return found


def _date_parts(text: str) -> tuple[int, int, int, str] | None:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4]), "ymd"
    if match := _BASIC.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3]), "ymd"
    if match := _NUMERIC.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4]), ""
    if (match := _DAY_NAME.fullmatch(text)) and (month := MONTHS.get(match[2].casefold())):
        return int(match[1]), month, int(match[3]), "dmy"
    if (match := _NAME_DAY.fullmatch(text)) and (month := MONTHS.get(match[1].casefold())):
        return month, int(match[2]), int(match[3]), "mdy"
    return None


def with_year(text: str, order: str, century: int = 0, year: int = 0) -> str:
    """Return a date whose year has two digits, or that has none, with the year that is told; others as they are.

    >>> with_year("16.03.26", "dmy", century=2000), with_year("Mi 18.03.", "dmy", year=2026)
    ('16.03.2026', 'Mi 18.03.2026')
    """
    if not century and not year:
        return text
    text = text.strip().rstrip(", ")
    named = _WEEKDAY.match(text)
    before = named[0] if named and named[1].casefold() in WEEKDAYS else ""
    for start in dict.fromkeys((before, "")):  # "mar 18" may be a Tuesday or a day of March
        rest = text[len(start) :]
        if century and (match := _SHORT_YEAR.fullmatch(rest)):
            if order == "ymd" and match[2]:
                return f"{start}{century // 100}{rest}"
            return f"{start}{match[1]}{century + int(match[3])}"
        if year and (match := _NO_YEAR.fullmatch(rest)):
            day = f"{match[1]}{match[2]}{match[3]}{match[2]}" if match[1] else f"{match[4]} "
            return f"{start}{day}{year}"
    return text


def parse_date(text: str, order: str, century: int = 0, year: int = 0) -> tuple[dt.date | None, str | None]:
    """Return the day, or a problem: date/format, date/impossible.

    A year first or a month's name needs no `order` (`dmy`, `mdy`). Two-digit years are read only with their
    `century`, dates without a year only with their `year`.

    >>> parse_date("5.3.2026", "dmy")
    (datetime.date(2026, 3, 5), None)
    """
    parts = split_date(with_year(text, order, century, year))
    if parts is None:
        return None, "date/format"
    first, second, third, own = parts
    held = own or order
    if held == "ymd":
        year, month, day = parts[:3]
        if not own:  # the file says year first, the text says otherwise
            return None, "date/format"
    elif held in {"dmy", "mdy"}:
        year = third
        day, month = (first, second) if held == "dmy" else (second, first)
    else:
        return None, "date/format"
    try:
        return dt.date(year, month, day), None
    except ValueError:
        return None, "date/impossible"


def weekday_in(text: str) -> int:
    """Return the weekday that stands before a date (Monday 1), or 0."""
    named = _WEEKDAY.match(text.strip())
    return WEEKDAYS.get(named[1].casefold(), 0) if named and _date_parts(text.strip()) is None else 0


def int_dates(stg_date_texts: pl.DataFrame) -> pl.DataFrame:
    """Days that the date texts of each source mean, or why they mean none.

    Grain: one row per source and text.
    Expect: unique(source_id, date_text), check((local_date is null) <> (problem is null))
    """
    import polars as pl

    typed = [
        _date_in_window(text, order or "", century or 0, year or 0, earliest, latest)
        for text, order, century, year, earliest, latest in stg_date_texts
        .select("date_text", "date_order", "date_century", "date_year", "earliest_date", "latest_date")
        .iter_rows()
    ]  # fmt: skip
    return (
        stg_date_texts
        .select(pl.col("source_id").cast(pl.Int64), "date_text")
        .with_columns(
            pl.Series("local_date", [day for day, _ in typed], pl.Date),
            pl.Series("problem", [problem for _, problem in typed], pl.String),
        )
        .with_columns(pl.col("local_date").cast(pl.Int32).cast(pl.Int64).alias("day_number"))
        .select("source_id", "date_text", "local_date", "day_number", "problem")
        .sort("source_id", "date_text")
    )  # fmt: skip


@cache
def _date_in_window(  # noqa: PLR0913, PLR0917 - what decides a text
    text: str, order: str, century: int, year: int, earliest: dt.date, latest: dt.date
) -> tuple[dt.date | None, str | None]:
    day, problem = parse_date(text, order, century, year)
    if day and not earliest <= day <= latest:
        return None, "date/window"
    return day, problem


# ------------------------------------------------------------- clock times


@lru_cache(maxsize=1 << 16)  # a day has 86,400 seconds, and every file writes the same ones
def parse_clock(text: str) -> tuple[int | None, int | None, str | None]:
    """Return second of the day (24:00 is 86400), UTC offset in seconds if there is one, problem: time/format.

    >>> parse_clock("9:05 PM")
    (75900, None, None)
    """
    text = text.strip()
    if match := re.fullmatch(r"([01]\d|2[0-4])([0-5]\d)", text):
        return _clock(int(match[1]), int(match[2]), 0, "", None)
    if _FRACTION.fullmatch(text):  # an Excel time as a fraction of the day
        seconds = round(float(text.replace(",", ".")) * DAY)
        return (seconds, None, None) if seconds < DAY else (None, None, "time/format")
    match = _CLOCK.match(text)
    if match:
        hour, minute, second, half = int(match[1]), int(match[2]), int(match[3] or 0), match[4] or ""
    elif match := _HOUR.match(text):
        hour, minute, second, half = int(match[1]), 0, 0, match[2] or ""
    else:
        return None, None, "time/format"
    rest = text[match.end() :]
    if rest.strip().casefold() == "uhr":
        rest = ""
    offset = None
    if rest:
        zone = _OFFSET.fullmatch(rest)
        if not zone:
            return None, None, "time/format"
        offset = 0 if zone[1] else (int(zone[3]) * 3600 + int(zone[4] or 0) * 60) * (-1 if zone[2] == "-" else 1)
        if abs(offset) > 14 * 3600:
            return None, None, "time/format"
    return _clock(hour, minute, second, half[:1].lower(), offset)


def _clock(
    hour: int, minute: int, second: int, half: str, offset: int | None
) -> tuple[int | None, int | None, str | None]:
    if half:
        if not 1 <= hour <= 12:
            return None, None, "time/format"
        hour = hour % 12 + (12 if half == "p" else 0)
    if second == 60 and (hour, minute) == (23, 59):
        second = 59  # a leap second
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY:
        return None, None, "time/format"
    return total, offset, None


def int_clock_times(stg_clock_texts: pl.DataFrame) -> pl.DataFrame:
    """Seconds of the day that clock texts mean, with the offset from UTC where the text names one.

    Grain: one row per text.
    Expect: unique(clock_text), check((second_of_day is null) <> (problem is null))
    """
    import polars as pl

    typed = [parse_clock(text) for text in stg_clock_texts["clock_text"].to_list()]
    return (
        stg_clock_texts
        .select("clock_text")
        .with_columns(
            pl.Series("second_of_day", [second for second, _, _ in typed], pl.Int64),
            pl.Series("utc_offset_seconds", [offset for _, offset, _ in typed], pl.Int64),
            pl.Series("problem", [problem for _, _, problem in typed], pl.String),
        )
        .sort("clock_text")
    )  # fmt: skip
