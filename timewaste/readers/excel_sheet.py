"""A worksheet as every shape of log sees it: its rows, its merged cells, and what stands around the table.

Knows titles that tell a rep (`Name: Eva Kern`), a unit (`in hours`) or a week; not what a table means.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers.census import TOTAL_WORDS
from timewaste.readers.columns import Row, unit_in
from timewaste.readers.excel_days import WEEK, Around
from timewaste.readers.excel_names import people_in, titles_alone
from timewaste.readers.excel_weeks import told_month, told_years, week_number
from timewaste.readers.excel_zip import ROW_LIMIT, Part, column_letters
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain
from timewaste.readers.no_table import HEADER_ROWS
from timewaste.readers.records import BAD_CHARACTERS, RECORD_LIMIT
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.excel_days import Unclear
    from timewaste.readers.excel_merges import Merges
    from timewaste.readers.excel_spool import Spool

LINE_SPAN = 1 << 20
MAX_CELLS = 500_000
TITLE_ROWS = 20
_NOBODY = re.compile(r"[\W_]*|[<(\[].*[>)\]]|(?:your )?name|n/?a", re.IGNORECASE)
_LABELLED = re.compile(r"([^:=]{2,40})[:=](.*)", re.DOTALL)
_UNIT = re.compile(
    r"\(\s*(?:in |all )?(\w+)\.?\s*\)|\b(?:in|en)\s+(\w+)\b|\b(hours|minutes|stunden|minuten)\s+(?:per|pro)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    # What can be nothing else may be followed by what it is the sum of.
    r"(?:(?:zwischen|tages|wochen|monats|gesamt)summen?|gesamt(?:stunden|zeit|dauer)|zwischentotal|"
    r"(?:sub|sous|grand)[ -]?totals?)(?:[\s:/(-].{0,60})?|"
    + TOTAL_WORDS
    + r"(?:\s+(?:per |pro |of |for )?(?:the )?(?:week|woche|kw|day|tag|month|monat|hours|stunden|minutes|"
    r"minuten|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)\w*)?[\s\d.]*:?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """One sheet of a workbook whose rows lie in the spool.

    `first_week` is the smallest number of a week among the names of the sheets, as in `Week 1`, 0 where none has one.
    `format` is that of the workbook: xlsx, xls or ods.
    """

    spool: Spool
    index: int
    part: Part
    merges: Merges
    relative: str
    source: SourceConfig
    first_week: int = 0
    format: str = "xlsx"

    @property
    def name(self) -> str:
        """Return the sheet's name."""
        return self.spool.sheets[self.index][0]

    @property
    def place(self) -> str:
        """Return file and sheet as messages name them."""
        return f"{self.relative}, sheet {self.name}"

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield number and cells of the rows that are not empty."""
        return self.spool.rows(self.index)

    def head(self) -> list[Row]:
        """Return the first rows that are not empty."""
        return [Row(number, number, cells) for number, cells in itertools.islice(self.rows(), HEADER_ROWS)]

    def around(self, titles: Sequence[str]) -> Around:
        """Return what tells the days of a block, with the titles above it, the nearest last."""
        names = [self.name[:200], *reversed(PurePosixPath(self.relative).with_suffix("").parts)]
        texts = [*reversed(titles), *names]
        anchor = dt.date.fromisoformat(self.source.week_start) if self.source.week_start else None
        number = next((n for text in (*reversed(titles), self.name) if (n := week_number(text))), 0)
        if anchor and number and self.first_week:
            anchor += dt.timedelta(days=7 * (number - self.first_week))
        month = (anchor.replace(day=1), "timewaste.toml") if anchor else None
        month = month or next((found for text in texts if (found := told_month(text))), None)
        return Around(texts=texts, date_order=self.source.date_order, anchor=anchor, month=month)

    def proposed_week(self) -> str:
        """Return the setting for the week that the sheet or file numbers, if just one year stands anywhere; else ""."""
        stem = PurePosixPath(self.relative).stem
        titles = [title_text(row.cells) for row in self.head()[:TITLE_ROWS]]
        number = self.first_week or next((n for text in (*titles, stem) if (n := week_number(text))), 0)
        beside = range(min(len(self.spool.sheets), TITLE_ROWS))
        rows = (cells for index in beside for _, cells in itertools.islice(self.spool.rows(index), TITLE_ROWS))
        texts = (*titles, self.relative, *(name for name, _ in self.spool.sheets), *map(title_text, rows))
        years = {year for text in texts for year in told_years([text])}
        try:
            (year,) = years
            day = dt.date.fromisocalendar(year, number, 1)
        except ValueError:
            return ""
        return f'week_start = "{day}"   # week {number} of {year}: correct it if another is meant'

    def text(self, row: int, cells: Sequence[str], column: int, above: Mapping[int, Sequence[str]]) -> str:
        """Return what a cell shows: its own text, or that of the merged cell over it, whose row is in `above`."""
        own = cell_at(cells, column)
        if own or not self.source.fill_merged:
            return own
        origin = self.merges.origin(row, column)
        return cell_at(above.get(origin[0], ()), origin[1]) if origin else ""

    def notes(self, header_line: int) -> list[Issue]:
        """Return what is to be said of hidden rows and columns, and of a sheet at the limit of its length."""
        part = self.part
        said = (
            (part.hidden_rows > 0 or part.has_filter, "xlsx/hidden_rows", f"{part.hidden_rows} hidden rows"),
            (part.hidden_columns > 0, "xlsx/hidden_columns", f"{part.hidden_columns} hidden columns"),
            (part.last_row >= ROW_LIMIT, "xlsx/row_limit", f"{part.last_row} rows"),
        )
        return [Issue(header_line, "", rule, value, "noted") for holds, rule, value in said if holds]


def cell_at(cells: Sequence[str], column: int) -> str:
    """Return the text of a cell without blanks around it; "" beyond the end of the row."""
    return cells[column].strip(" \t\r\n\u00a0") if column < len(cells) else ""


def address(row: int, column: int) -> str:
    """Return a cell's address.

    >>> address(7, 2)
    'C7'
    """
    return f"{column_letters(column)}{row}"


def cell_rule(text: str, odd: tuple[str, str]) -> tuple[str, str]:
    """Return what is wrong with a cell that holds a label or an amount, and its text; "" if nothing."""
    rule, value = odd
    if rule and rule != "xlsx/negative_time":
        return rule, value
    if len(text) > RECORD_LIMIT:
        return "csv/record-too-long", text
    return ("csv/control", text) if BAD_CHARACTERS.search(text) else ("", "")


@lru_cache(maxsize=4096)
def is_total_text(text: str) -> bool:
    """Tell whether a text heads a sum: `Total`, `Summe Mo:`, `Total week 10`, `Zwischensumme Verkauf`."""
    return _TOTAL.fullmatch(text.strip()) is not None


def told_rep(cells: Sequence[str]) -> str:
    """Return the rep whom a title row names, as in `Name: Eva Kern` or `Mitarbeiter | Eva Kern`; "" if none."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    for number, cell in enumerate(filled):
        match = _LABELLED.fullmatch(cell)
        name, value = (match[1].strip(), match[2].strip()) if match else (cell, "")
        if not _is_rep_word(name):
            continue
        if not value and number + 1 < len(filled) and (match or len(filled) <= 4):
            value = filled[number + 1]
        if _is_person(value, is_address="mail" in name.casefold()):
            return value
    return ""


def _is_person(text: str, *, is_address: bool) -> bool:
    """Tell whether a text may be a rep's name, or address where an address is asked for: `E-mail` is also work."""
    if not any(ch.isalpha() for ch in text) or len(text) > 80 or (is_address and "@" not in text):
        return False
    return not _NOBODY.fullmatch(text) and plain(text) not in known_names()


def _is_rep_word(text: str) -> bool:
    return known_names().get(plain(text), ("", 0))[0] == "rep"


def told_unit(texts: Sequence[str]) -> tuple[str, str]:
    """Return the unit of bare numbers that titles name (`in hours`, `(min)`), and the title; "" if none or two."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _UNIT.finditer(text[:400]):
            unit = unit_in(plain(next(filter(None, match.groups()))))
            if unit in {"hours", "minutes"}:
                found.setdefault(unit, text)
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def title_text(cells: Sequence[str]) -> str:
    """Return a row above a table as one text."""
    return " ".join(" ".join(cells).split())[:400]


def no_rep(worksheet: Worksheet, *, line: int, others: int) -> ReadError:
    """Return the error for a table that nothing names a rep for."""
    sheets = ['# or, if every sheet is one rep\'s: rep = "sheet"'] if others else []
    titles = titles_alone(row.cells for row in worksheet.head())
    people = [each.replace("\\", "").replace('"', "") for each in people_in((*titles, worksheet.name))]
    said = f'rep = "{people[0]}"   # as the sheet seems to say' if people else 'rep = "file"   # or the name itself'
    return ReadError(
        "xlsx/no-rep",
        "nothing says whose time it is: no column, no title such as `Name: …`, no name of a rep on the sheet",
        where=f"{worksheet.place}, line {line}",
        mend="If the file is one rep's, add to timewaste.toml:\n" + source_block(worksheet.relative, said, *sheets),
    )


def asked(worksheet: Worksheet, unclear: Unclear, row: int) -> ReadError:
    """Return the error that asks how the days in the header of a table are meant."""
    setting = (worksheet.proposed_week() if unclear.setting == WEEK else "") or unclear.setting
    mend = (
        "Add to timewaste.toml:\n" + source_block(worksheet.relative, setting)
        if unclear.setting
        else "Correct the header in the sheet, one day in each cell, such as 2026-03-02."
    )
    return ReadError("xlsx/which-day", unclear.what, where=f"{worksheet.place}, line {row}", mend=mend)


def too_many(worksheet: Worksheet) -> ReadError:
    """Return the error for a grid or matrix that no people have filled in."""
    return ReadError(
        "xlsx/too-large",
        f"more than {MAX_CELLS} cells below the days",
        where=worksheet.place,
        mend="Split the workbook, a rep or a month in each, or export a list as CSV.",
    )


def shown(text: str, row: int, column: int) -> str:
    """Return address and text of a cell for an issue."""
    return f"{address(row, column)} {shorten(text)}".strip()
