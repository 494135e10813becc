"""Where the matrix of a worksheet stands: days across, activities down, amounts below. Knows the first rows only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.excel_days import Day, day_cells
from timewaste.readers.excel_sheet import (
    cell_at,
)
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


SIDE_FIELDS = ("rep", "label", "code", "account", "opportunity", "stage", "channel", "notes", "rework", "waiting_on")
_AMOUNT = re.compile(
    r"-?\d[\d.,:' \u2019]*(?:e[+-]?\d+)?\s*(?:h|hrs?|hours?|std\.?|stunden?|m|mins?|minutes?|minuten?|heures?)?\.?"
    r"(?:\s?\d+\s*m?(?:in)?)?",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"0*[.,:]?0*(?::00)?\s*(?:h|m|min|std)?|[-\u2013\u2014/.]+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")


class Frame(NamedTuple):
    """Where a matrix begins: the row of the days, the last row of its header, the days, and the columns beside them."""

    line: int
    last_line: int
    days: dict[int, Day]
    side: dict[str, int]
    extra: dict[str, int]


def find_frame(rows: Sequence[tuple[int, Sequence[str]]]) -> Frame | None:
    """Return the header of a matrix among rows, or None: at least two days across, texts beside them, amounts below."""
    for place, (line, cells) in enumerate(rows):
        days = day_cells(cells)
        if len(days) < 2:
            continue
        under = list(rows[place + 1 :])
        second = day_cells(under[0][1]) if under else {}
        last, names = line, list(cells)
        if len(second.keys() & days.keys()) * 2 > len(days):
            days = {
                column: Day(
                    f"{days[column].text} {second[column].text}",
                    days[column].weekday or second[column].weekday,
                    days[column].parts or second[column].parts,
                )
                for column in sorted(days.keys() & second.keys())
            }
            last = under.pop(0)[0]
            names = [cell_at(cells, at) or cell_at(rows[place + 1][1], at) for at in range(min(days))]
        side, extra = _side(names, under[:40], min(days))
        if side and _has_amounts(under[:40], days):
            return Frame(line, last, days, side, extra)
    return None


def _side(
    names: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], first_day: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the columns left of the days that have a field, and the others by header; ({}, {}) without labels."""
    side: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for column in range(first_day):
        name, rank = known_names().get(plain(cell_at(names, column)), ("", 0))
        if name in SIDE_FIELDS and rank < ranks.get(name, 1 << 30):
            side[name], ranks[name] = column, rank
    if "label" not in side:
        taken = set(side.values())
        texts = [
            column
            for column in range(first_day)
            if column not in taken and any(_is_text(cell_at(cells, column)) for _, cells in rows)
        ]
        if not texts:
            return {}, {}
        side["label"] = texts[-1]
    extra = {
        cell_at(names, column) or f"column {column + 1}": column
        for column in range(first_day)
        if column not in side.values()
    }
    return side, extra


def is_amount(text: str) -> bool:
    """Tell whether a text reads like a length; no amount is longer than 40 characters."""
    return len(text) <= 40 and _AMOUNT.fullmatch(text) is not None


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that nothing was done: empty, zero, a dash."""
    return len(text) <= 20 and _NOTHING.fullmatch(text) is not None


def _is_text(text: str) -> bool:
    return any(ch.isalpha() for ch in text) and not is_amount(text)


def _has_amounts(rows: Sequence[tuple[int, Sequence[str]]], days: Mapping[int, Day]) -> bool:
    found = [text for _, cells in rows for column in days if (text := cell_at(cells, column))]
    amounts = sum(is_amount(text) or is_nothing(text) for text in found if not _DATE.match(text))
    return bool(found) and amounts * 3 >= len(found) * 2
