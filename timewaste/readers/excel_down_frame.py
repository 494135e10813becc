"""Where a table of days and activities stands: days down, activities across, amounts below. Knows the first rows only.

Numbers beside days are often no lengths at all: calls, kilometres, money. That they are is told by a unit, by how they
are written, or by parts of hours that fit into a day; else it is asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.excel_days import WIDEST, parse_day
from timewaste.readers.excel_matrix_frame import is_amount, is_nothing
from timewaste.readers.excel_sheet import cell_at, is_total_text, told_unit
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain
from timewaste.transforms.durations import parse_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[tuple[int, Sequence[str]]]

_SIDE_FIELDS = ("rep", "account", "opportunity", "stage", "channel", "notes")
_TIME_FIELDS = ("date_text", "start_text", "end_date_text", "end_text", "duration_text", "logged_text")
_NO_TIME = re.compile(
    r".*[#%\u20ac$\u00a3].*|.*\b(?:km|kilomet\w*|miles|number of|no\. of|count|anzahl|nombre|eur|usd|umsatz|revenue|"
    r"turnover|saldo|\u00fcberstunden|overtime|differen[zc]e?|soll|target|ziel|arbeitszeit|kw|week|woche|semaine)\b.*",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"\d+:\d\d(?::\d\d)?|.*\d\s*[a-z]+.*", re.IGNORECASE)


class DownFrame(NamedTuple):
    """The row of the activities, the column of the days, the activities, the columns beside them, and what is left out.

    `is_told` says that something proves the numbers to be lengths.
    """

    line: int
    date: int
    labels: dict[int, str]
    side: dict[str, int]
    extra: dict[str, int]
    left: dict[int, str]
    is_told: bool

    @property
    def last_line(self) -> int:
        """Return the last row of the header."""
        return self.line


def find_frame(rows: Rows, unit: str) -> DownFrame | None:
    """Return the header of a table with days down and at least two activities across, or None.

    `unit` is what the settings say of bare numbers.
    """
    for place, (line, cells) in enumerate(rows):
        if sum(bool(cell.strip()) for cell in cells[:WIDEST]) < 3:
            continue
        under = rows[place + 1 :]
        date = next((at for at in range(min(len(cells), 6)) if _are_days(under, at, cell_at(cells, at))), -1)
        if date < 0:
            return None
        frame = _columns(line, cells, under, date)
        filled = [at for at in frame.labels if any(is_amount(cell_at(row, at)) for _, row in under)]
        if len(filled) < 2:
            return None
        titles = [" ".join(row) for _, row in rows[:place]] + list(cells)
        return frame._replace(is_told=bool(unit or told_unit(titles)[0]) or _are_lengths(under, frame.labels))
    return None


def _are_days(rows: Rows, column: int, header: str) -> bool:
    if parse_day(header):
        return False
    texts = [text for _, cells in rows if (text := cell_at(cells, column)) and not is_total_text(text)]
    texts = [text for text in texts if text != header]
    return bool(texts) and sum(parse_day(text) is not None for text in texts) * 3 >= 2 * len(texts)


def _columns(line: int, cells: Sequence[str], rows: Rows, date: int) -> DownFrame:
    """Tell the columns apart: activities have a name that is no field's, and amounts below or nothing."""
    frame = DownFrame(line, date, {}, {}, {}, {}, is_told=False)
    for column, cell in enumerate(cells[:WIDEST]):
        header = cell_at(cells, column)
        if column == date or not header:
            continue
        field = known_names().get(plain(cell), ("", 0))[0]
        texts = [text for _, row in rows if (text := cell_at(row, column)) and text != header]
        amounts = sum(is_amount(text) or is_nothing(text) for text in texts)
        is_text = amounts * 2 <= len(texts) and (bool(texts) or field == "notes")  # amounts below `E-mail` are work
        if is_text and field in _SIDE_FIELDS and field not in frame.side:
            frame.side[field] = column
        elif field in _TIME_FIELDS or is_total_text(header) or _NO_TIME.fullmatch(header) or parse_day(header):
            frame.left[column] = header
        elif amounts * 3 >= 2 * len(texts) and any(ch.isalpha() for ch in header) and column > date:
            frame.labels[column] = header
        else:
            frame.left[column] = header
    frame.extra.update({header: column for column, header in frame.left.items() if not is_total_text(header)})
    return frame


def _are_lengths(rows: Rows, labels: Mapping[int, str]) -> bool:
    """Tell whether the amounts can only be lengths: most are written as such, or they are parts of a day's hours."""
    lines = [[text for at in labels if not is_nothing(text := cell_at(row, at))] for _, row in rows]
    texts = [text for line in lines for text in line]
    if sum(_WRITTEN.fullmatch(text) is not None for text in texts) * 3 >= 2 * len(texts):
        return True
    numbers = [[number for text in line if (number := parse_number(text, "both")) is not None] for line in lines]
    return all(sum(line) <= 24 for line in numbers) and any(n > 1 and n % 1 for line in numbers for n in line)
