"""Headers of a client's table -> plain names of columns, which SQL takes without quotes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "å": "a", "ł": "l", "đ": "d",
    "%": " percent ", "€": " eur ", "$": " usd ", "£": " gbp ", "#": " number ", "&": " and ",
}  # fmt: skip
# Words that SQL does not take as the name of a column or table everywhere.
_TAKEN = """
    all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check
    collate collation column concurrently constraint create cross default deferrable desc describe distinct do
    else end except false fetch for foreign freeze from full glob group having ilike in initially inner intersect
    into is isnull join lambda lateral leading left like limit natural not notnull null offset on only or order
    outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right
    select semi show similar some summarize symmetric table tablesample then to trailing true union unique unpack
    unpivot using variadic verbose when where window with
"""
RESERVED = frozenset(_TAKEN.split())
MOST_LETTERS = 60


def column_name(header: str) -> str:
    """Return the plain name of a header: lowercase letters, digits, underscores; "" where nothing is left.

    >>> column_name("Ziel-Umsatz (T€)"), column_name("2026"), column_name("Order")
    ('ziel_umsatz_t_eur', '_2026', 'order_')
    """
    lowered = unicodedata.normalize("NFC", header).casefold()
    spelled = "".join(_LETTERS.get(letter, letter) for letter in lowered)
    taken_apart = unicodedata.normalize("NFKD", spelled).casefold()
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    name = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:MOST_LETTERS].rstrip("_")
    if name[:1].isdigit():
        return f"_{name}"
    return f"{name}_" if name in RESERVED else name


def column_names(headers: Mapping[int, str], *, where: str, taken: Sequence[str] = ()) -> dict[int, str]:
    """Return the name of each column, by its place. `taken` are names that are not free.

    Raises `ReadError` table/header for a header that names nothing, table/same_name for two of one name.
    """
    names: dict[int, str] = {}
    for place, header in headers.items():
        name = column_name(header)
        if not name:
            raise ReadError(
                "table/header", f"column {place + 1} is called {shorten(header)!r}, which makes no name", where=where,
                mend="Give it a header of letters or digits in the file.",
            )  # fmt: skip
        if name in taken:
            raise ReadError(
                "table/same_name", f"the header {shorten(header)!r} makes the name {name}, and `rep` fills {name}",
                where=where, mend="Rename the column in the file, or leave `rep` away: then the column stays as it is.",
            )  # fmt: skip
        if name in names.values():
            first = next(headers[other] for other, known in names.items() if known == name)
            raise ReadError(
                "table/same_name",
                f"the headers {shorten(first)!r} and {shorten(header)!r} make one name, {name}",
                where=where,
                mend="Rename one of them in the file.",
            )
        names[place] = name
    return names
