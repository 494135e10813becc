"""What the texts of a client's column mean: text, whole numbers, numbers, dates. Told, or plain beyond doubt.

A column that nobody told stays text unless every cell of it is a plain number or a date in ISO: an id such as 007
keeps its zeros, and 1.500 and 03/04 are asked about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timewaste.client_tables.reading import PLACE
from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.evidence import proven_mark
from timewaste.transforms.durations import parse_number
from timewaste.transforms.times import parse_date, split_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import polars as pl

    from timewaste.client_tables.reading import Grid
    from timewaste.settings import TableConfig

_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:([.,])\d{1,12})?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_MARKED = re.compile(r"[+-]?[\d.,'\u2019\u00a0\u202f ]*\d")
# A sum of money names its currency before or behind; in one column it must be one.
_MONEY = re.compile(r"([€$£]|[A-Z]{3})?\s*([+-]?\s*[\d.,].*?)\s*([€$£]|[A-Z]{3})?")
_MOSTLY = 0.8
"""Share of cells from which on a column was likely meant to be of a kind, so that it is said what speaks against."""


class Typed(NamedTuple):
    """A column with its values, what kind it is, and what there is to say of it."""

    values: pl.Series
    kind: str
    note: str = ""


class _Unread(Exception):  # noqa: N818 - a text that is not of the kind, with what to say of it
    def __init__(self, text: str, what: str, mend: str) -> None:
        self.text, self.what, self.mend = text, what, mend
        super().__init__(what)


def typed(grid: Grid, place: int, name: str, kind: str, table: TableConfig) -> Typed:
    """Return a column of texts as what it is told to be, or as what it is beyond doubt where `kind` is "".

    Raises `ReadError` table/number, table/date or table/order with the row of the text that is not of its kind.
    """
    column = grid.frame.get_column(str(place))
    texts = column.drop_nulls().unique(maintain_order=True).to_list()
    block = f"[[table]] {table.name}"
    try:
        if kind in {"number", "whole"}:
            return _filled(column, _numbers(texts, table.decimal_mark, kind, block), kind)
        if kind == "date":
            return _filled(column, _dates(texts, table.date_order, block), kind)
    except _Unread as error:
        row = grid.frame.filter(column == error.text)[PLACE][0]
        code = {"date": "table/date"}.get(kind, "table/number")
        mend = error.mend.replace("{name}", name)
        raise ReadError(code, error.what, where=grid.at(row, grid.headers[place]), mend=mend) from None
    return Typed(column, "text") if kind or not texts else _beyond_doubt(grid, column, texts, table.decimal_mark)


def _filled(column: pl.Series, values: dict[str, float] | dict[str, dt.date], kind: str) -> Typed:
    import polars as pl

    held = {"whole": pl.Int64, "number": pl.Float64, "date": pl.Date, "text": pl.String}[kind]
    listed = [None if text is None else values[text] for text in column.to_list()]
    if kind == "whole":
        listed = [None if value is None else int(value) for value in listed]  # type: ignore[arg-type]
    return Typed(pl.Series(column.name, listed, dtype=held), kind)


# ------------------------------------------------------------------------ told


def _numbers(texts: Iterable[str], told_mark: str, kind: str, block: str) -> dict[str, float]:
    """Return the number of each text. Raises `_Unread`."""
    bare = {text: _bare(text, block) for text in texts}
    currencies = {currency: text for text, (currency, _) in bare.items() if currency}
    if len(currencies) > 1:
        *_, text = currencies.values()
        mend = f"Split the column in the file, and name both parts below {block}."
        raise _Unread(text, f"two currencies in one column: {' and '.join(currencies)}", mend)
    mark = told_mark or _mark(bare.values(), block)
    values: dict[str, float] = {}
    for text, (_, digits) in bare.items():
        number = parse_number(digits.lstrip("+-").strip(), mark)
        if number is None or (kind == "whole" and not number.is_integer()):
            wanted = "whole number" if kind == "whole" else "number"
            hint = f" with a decimal {'comma' if mark == ',' else 'point'}" if mark and kind == "number" else ""
            raise _Unread(text, f"{shorten(text)!r} is no {wanted}{hint}", _mend_number(text, block))
        values[text] = -number if digits.startswith("-") else number
    return values


def _mend_number(text: str, block: str) -> str:
    return (
        f'Correct the cell. If it means nothing, add below {block}: empty = ["{shorten(text)}"]. '
        'If the column holds texts: columns = { {name} = "text" }.'
    )


def _bare(text: str, block: str) -> tuple[str, str]:
    """Return the currency that stands beside a number, and the number."""
    match = _MONEY.fullmatch(text)
    if not match:
        raise _Unread(text, f"{shorten(text)!r} is no number", _mend_number(text, block))
    return match[1] or match[3] or "", match[2]


def _mark(bare: Iterable[tuple[str, str]], block: str) -> str:
    """Return the decimal mark that a column's numbers prove. Raises `_Unread` when they prove two, or leave it open."""
    proof: dict[str, str] = {}
    marked = ""
    for _, digits in bare:
        body = digits.lstrip("+-").strip()
        if re.search(r"\D", body):
            marked = marked or digits
            if _MARKED.fullmatch(body) and (found := proven_mark(body)):
                proof.setdefault(found, digits)
    say = f'Say below {block} what holds: decimal_mark = "." or ",".'
    if len(proof) > 1:
        raise _Unread(proof[","], f"{proof['.']} has a decimal point and {proof[',']} a decimal comma", say)
    if marked and not proof and re.search(r"[.,]", marked):
        raise _Unread(marked, f"{marked} may have decimals or thousands", say)
    return next(iter(proof), ".")


def _dates(texts: Iterable[str], told_order: str, block: str) -> dict[str, dt.date]:
    """Return the day of each text. Raises `_Unread` where the order of day and month is neither told nor proven."""
    texts = list(texts)
    orders = {} if told_order else _orders(texts, block)
    days: dict[str, dt.date] = {}
    for text in texts:
        order = told_order or orders.get(_sign(text), "dmy")
        day, _ = parse_date(text, order)
        if day is None:
            is_open = (parts := split_date(text)) is not None and parts[3] == ""
            said = {"dmy": " with the day first", "mdy": " with the month first"}.get(order, "") if is_open else ""
            raise _Unread(
                text, f"{shorten(text)!r} is no date{said}",
                f"Correct the cell, such as 2026-03-31. If it means nothing, add below {block}: "
                f'empty = ["{shorten(text)}"]. If the column holds texts: columns = {{ {{name}} = "text" }}.',
            )  # fmt: skip
        days[text] = day
    return days


def _sign(text: str) -> str:
    """Return what stands between day and month: who writes 3/8 has another habit than who writes 3.8."""
    return next((letter for letter in text if letter in "./-"), "")


def _orders(texts: Iterable[str], block: str) -> dict[str, str]:
    """Return the order of day and month that the dates of each sign prove. Raises `_Unread`."""
    orders: dict[str, str] = {}
    open_ones: dict[str, str] = {}
    first: dict[str, str] = {}
    for text in texts:
        parts = split_date(text)
        if not parts or parts[3]:
            continue
        one, two, sign = parts[0], parts[1], _sign(text)
        order = "dmy" if 12 < one <= 31 and two <= 12 else "mdy" if 12 < two <= 31 and one <= 12 else ""
        if order and orders.setdefault(sign, order) != order:
            told = {"dmy": "the day first", "mdy": "the month first"}
            what = f"{first[sign]} has {told[orders[sign]]} and {text} {told[order]}"
            raise _Unread(text, what, "Write the dates of the column in one way, or tell it to be text.")
        if order:
            first.setdefault(sign, text)
        elif one != two:
            open_ones.setdefault(sign, text)
    for sign, text in open_ones.items():
        if sign not in orders:
            days = [parse_date(text, order)[0] for order in ("dmy", "mdy")]
            either = " or ".join(f"{day.day} {day:%B}" for day in days if day)
            raise _Unread(
                text, f"{text} is {either}, and no date written so says which",
                f'Say below {block} what holds: date_order = "dmy" or "mdy".',
            )  # fmt: skip
    return orders


# --------------------------------------------------------------- beyond doubt


def _beyond_doubt(grid: Grid, column: pl.Series, texts: list[str], told_mark: str) -> Typed:
    """Return whole numbers, numbers or dates where every cell is one beyond doubt; else text."""
    if all(map(_ISO.fullmatch, texts)) and all(parse_date(text, "")[0] for text in texts):
        return _filled(column, {text: day for text in texts if (day := parse_date(text, "")[0])}, "date")
    marks = [(text, match[1] or "") for text in texts if (match := _PLAIN.fullmatch(text))]
    wanted = told_mark or "."
    if len(marks) == len(texts) and all(mark in {"", wanted} for _, mark in marks):
        fractions = [text for text, mark in marks if mark]
        if told_mark or not fractions or any(proven_mark(text.lstrip("-")) for text in fractions):
            kind = "number" if fractions else "whole"
            return _filled(column, {text: float(text.replace(",", ".")) for text in texts}, kind)
        note = f"{fractions[0]} may have decimals or thousands: say decimal_mark"
        return Typed(column, "text", note)
    for word, is_one in (("dates", _looks_date), ("numbers", _looks_number)):
        alike = [text for text in texts if is_one(text)]
        if len(alike) >= _MOSTLY * len(texts):
            odd = next((text for text in texts if text not in set(alike)), "")
            row = grid.frame.filter(column == odd)[PLACE][0] if odd else 0
            against = f", but {grid.unit} {row} has {shorten(odd)!r}" if odd else f", such as {shorten(alike[0])!r}"
            return Typed(column, "text", f"looks like {word}{against}: `columns` can tell")
    return Typed(column, "text")


def _looks_number(text: str) -> bool:
    match = _MONEY.fullmatch(text)
    is_id = re.fullmatch(r"0\d+", text) is not None
    return bool(match and _MARKED.fullmatch(match[2]) and not is_id)


def _looks_date(text: str) -> bool:
    return split_date(text) is not None
