"""Every distinct text of the logs once: rows carry numbers, and what a text means is asked once per text.

Knows texts and columns, not files or tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.census import TOTAL_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    Number = Callable[[str, pl.Series], pl.Series]
    Known = Callable[[str], pl.DataFrame]

# What a plain table never holds: only our own splitter reads a file with such a text rightly.
_BROKEN = r'[\x00-\x08\x0b-\x1f]|^[ \t\x{a0}]+$|^[ \t\x{a0}]+"'
_TOTAL = rf"(?i)^[ \t\x{{a0}}]*{TOTAL_WORDS}[ \t\x{{a0}}]*:?[ \t\x{{a0}}]*$"


def doubtful(texts: pl.Series) -> pl.Series:
    """Tell of each text whether a plain table would not hold it: control characters, blanks alone, a total row."""
    return texts.str.contains(_BROKEN) | texts.str.contains(_TOTAL)


class TextBook:
    """The distinct texts of each field in the order they were met, and the number that each has."""

    def __init__(self, number: Number, known: Known | None = None) -> None:
        """Begin a book.

        `number` gives numbers (Int32) to the texts of a field that are met first; `known` tells the `text` and
        `text_id` of a field's older ones.
        """
        self._number, self._known = number, known
        self._fields: dict[str, _Field] = {}

    def numbers(self, name: str, column: pl.Series) -> pl.Series:
        """Return a column of texts as numbers (Int32), null where it is null or empty."""
        if name not in self._fields:
            self._fields[name] = _Field()
            if self._known:
                old = self._known(name)
                self._fields[name].take(old.get_column("text"), lambda _texts: old.get_column("text_id"))
        return self._fields[name].take(column, lambda texts: self._number(name, texts))

    def has_doubtful(self, name: str, numbers: pl.Series) -> bool:
        """Tell whether a text behind the numbers speaks against reading its file the fast way."""
        found = self._fields[name].doubtful
        return len(found) > 0 and bool(numbers.is_in(found.implode()).any())


class _Field:
    """The texts of one field: the categories know a text's code, `numbers` the number behind a code."""

    def __init__(self) -> None:
        import polars as pl

        self._kind = pl.Categorical(pl.Categories.random())
        # Categories live as long as a column has them: this one keeps the codes, and gives the empty text code 0.
        self._anchor = pl.Series([""]).cast(self._kind)
        self.numbers = pl.Series([None], dtype=pl.Int32)
        self.doubtful = pl.Series(dtype=pl.Int32)

    def take(self, column: pl.Series, number: Callable[[pl.Series], pl.Series]) -> pl.Series:
        import polars as pl

        codes = column.cast(self._kind).to_physical()
        known = len(self.numbers)
        if (codes >= known).any():
            new = (
                pl.DataFrame({"code": codes, "text": column})
                .filter(pl.col("code") >= known)
                .unique("code")
                .sort("code")
                .get_column("text")
            )
            numbers = number(new)
            self.numbers = self.numbers.append(numbers)
            self.doubtful = self.doubtful.append(numbers.filter(doubtful(new)))
        return self.numbers.gather(codes)
