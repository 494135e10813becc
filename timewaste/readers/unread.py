"""Dates and clock times of a file that nobody can read: asked about where they are the most, not set aside in silence.

A few slips are set aside row by row. Where most texts of a file have no reading, the file is written in a way that
has to be told, and loading it with next to nothing would look like a file without work in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.source_block import quoted, source_block
from timewaste.transforms.times import parse_clock, parse_date, split_date, with_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Sheet

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_FEW = 2
_DATES = "2026-03-16, 16.03.2026, 3/16/2026, 16 March 2026"
_CLOCKS = "9:05, 09:05:00, 9:05 AM, 9.05, 9h05, 0905"


def check_forms(
    sheet: Sheet, texts: Sequence[str], source: SourceConfig, order_of: Callable[[list[str]], tuple[str, str]]
) -> None:
    """Ask where most of the distinct dates are written in no known form, or without a year that can be told.

    `order_of` gives the order of day and month that texts prove. Raises `ReadError` date/format.
    """
    unread = [text for text in texts if _completed(text, source.date_order, source.century, source.year) is None]
    if 2 * len(unread) <= len(texts):
        return
    short = [text for text in unread if _completed(text, source.date_order, 2000, 0)]
    without = [text for text in unread if _completed(text, source.date_order, 0, 2000)]
    if short and len(short) >= len(without):
        lines = _century_lines(short, source, order_of)
        what, mend = "has a year of two digits", "Say which century it is in timewaste.toml:\n"
    elif without:
        what, mend = "names no year", "Say which year it is in timewaste.toml:\n"
        lines = [_year_line(sheet, texts, without[0])]
    else:
        short, what, mend = unread, "cannot be read as a date", f"Understood are: {_DATES}. Write the dates so"
        lines = _column_lines(sheet, "date_text")
        mend += ", or name the right column in timewaste.toml:\n" if lines else "."
    raise ReadError(
        "date/format",
        f"{shorten((short or without)[0])!r} {what}; {len(unread)} of {len(texts)} different dates cannot be read",
        where=sheet.place,
        mend=mend + source_block(sheet.relative, *lines) if lines else mend,
    )


def check_order(sheet: Sheet, texts: Sequence[str], source: SourceConfig) -> None:
    """Ask where most dates mean no day in the order that the settings name. Raises `ReadError` date/format."""
    order = source.date_order
    if not order:
        return
    unread = [text for text in texts if parse_date(text, order, source.century, source.year)[0] is None]
    if 2 * len(unread) > len(texts):
        raise ReadError(
            "date/format",
            f"{shorten(unread[0])!r} is no date when read as {order}, which date_order says; "
            f"{len(unread)} of {len(texts)} different dates cannot be read so",
            where=sheet.place,
            mend="Correct `date_order` in the [[source]] block, or leave it out.",
        )


def check_clocks(sheet: Sheet, texts: Sequence[str], *, has_durations: bool) -> None:
    """Ask where most of the distinct clock times cannot be read. Raises `ReadError` time/format.

    One or two words beside durations ("all day") are set aside with their rows.
    """
    unread = [text for text in texts if parse_clock(text)[2]]
    if 2 * len(unread) <= len(texts) or (has_durations and len(unread) <= _FEW):
        return
    lines = _column_lines(sheet, "start_text")
    mend = f"Understood are: {_CLOCKS}. Write the times so"
    raise ReadError(
        "time/format",
        f"{shorten(unread[0])!r} cannot be read as a clock time; {len(unread)} of {len(texts)} different ones cannot",
        where=sheet.place,
        mend=f"{mend}, or name the right columns in timewaste.toml:\n{source_block(sheet.relative, *lines)}"
        if lines
        else f"{mend}.",
    )


def _completed(text: str, order: str, century: int, year: int) -> tuple[int, int, int, str] | None:
    return split_date(with_year(text, order, century, year))


def _century_lines(
    texts: Sequence[str], source: SourceConfig, order_of: Callable[[list[str]], tuple[str, str]]
) -> list[str]:
    """Return the lines that say the century, with what they make of a date, and the order where it is open."""
    try:
        order = source.date_order or order_of([with_year(text, "", 2000) for text in texts])[0]
        open_one = ""
    except ReadError:
        order, open_one = "dmy", 'date_order = "dmy"   # or "mdy", or "ymd" where the year comes first'
    text = next((text for text in texts if parse_date(text, order, 2000)[0]), texts[0])
    day = parse_date(text, order, 2000)[0]
    lines = [f"century = 2000   # {shorten(text)} is {day.day} {day:%B %Y}" if day else "century = 2000"]
    if open_one:
        lines.append(open_one)
    elif not source.date_order and text[:2].isdecimal() and text[-2:].isdecimal() and not _has_letters(text):
        lines.append('# date_order = "ymd"   # where the year comes first')
    return lines


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _year_line(sheet: Sheet, texts: Sequence[str], text: str) -> str:
    """Return the line that says the year: the one that a title, the file's name, its sheet or its other dates name."""
    for named in (sheet.titles, (sheet.sheet or "", sheet.relative), texts):
        years = {year for name in named for year in _YEAR.findall(name)}
        if len(years) == 1:
            return f"year = {years.pop()}   # of {shorten(text)} and all other dates without a year"
    return f'year = "…"   # a number: the year of {shorten(text)} and all other dates without one'


def _column_lines(sheet: Sheet, field: str) -> list[str]:
    """Return the line that names another column, for tables whose columns the settings can name."""
    names = [name for name in (field, "date_text", "start_text") if name in sheet.columns and not sheet.layout]
    return [f'columns = {{ {names[0]} = "…" }}   # now {quoted(sheet.columns[names[0]])}'] if names else []
