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
    return texts.str.contains(_BROKEN) | is_total(texts)


def is_total(texts: pl.Series) -> pl.Series:
    """Tell of each text whether it is what stands before a sum."""
    return texts.str.contains(_TOTAL)


class TextBook:
    """The distinct texts of each field in the order they were met, and the number that each has."""

    def __init__(self, number: Number, known: Known | None = None) -> None:
        """Begin a book.

        `number` gives numbers (Int32) to the texts of a field that are met first; `known` tells the `text` and
        `text_id` of a field's older ones.
        """
        self._number, self._known = number, known
        self._fields: dict[str, _Field] = {}

    def numbers(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Return the columns, each a field's texts, as numbers (Int32), null where null or empty."""
        import polars as pl

        for name in texts.columns:
            if name not in self._fields:
                self._fields[name] = _Field()
                if self._known:
                    old = self._known(name)
                    self._fields[name].learn_old(old.get_column("text"), old.get_column("text_id"))
        fields = {name: self._fields[name] for name in texts.columns}
        # All columns at once, here and below: Polars then uses every core.
        codes = texts.select(pl.col(name).cast(field.kind).to_physical() for name, field in fields.items())
        for name, highest in codes.max().row(0, named=True).items():
            field = fields[name]
            if highest is not None and highest >= len(field.numbers):
                new = field.new(codes.get_column(name), texts.get_column(name))
                field.learn(new.get_column("code"), new.get_column("text"), self._number(name, new.get_column("text")))
        return codes.select(pl.lit(field.numbers).gather(pl.col(name)).alias(name) for name, field in fields.items())

    def has_doubtful(self, numbers: pl.DataFrame) -> bool:
        """Tell whether a text behind the numbers speaks against reading its file the fast way."""
        found = {name: field.doubtful for name, field in self._fields.items() if len(field.doubtful)}
        return any(
            numbers.get_column(name).is_in(found[name].implode()).any() for name in set(numbers.columns) & found.keys()
        )


class _Field:
    """The texts of one field: the categories know a text's code, `numbers` the number behind a code."""

    def __init__(self) -> None:
        import polars as pl

        self.kind = pl.Categorical(pl.Categories.random())
        # Categories live as long as a column has them: this one keeps the codes, and gives the empty text code 0.
        self._anchor = pl.Series([""]).cast(self.kind)
        self.numbers = pl.Series([None], dtype=pl.Int32)
        self.doubtful = pl.Series(dtype=pl.Int32)

    def new(self, codes: pl.Series, texts: pl.Series) -> pl.DataFrame:
        """Return `code, text` of the texts that have a code but no number yet, in the order they stand in the rows.

        Codes are given by several threads: which text has which is chance, so nothing may be ordered by them.
        """
        import polars as pl

        return (
            pl.DataFrame({"code": codes, "text": texts})
            .filter(pl.col("code") >= len(self.numbers))
            .unique("code", keep="first", maintain_order=True)
        )

    def learn(self, codes: pl.Series, texts: pl.Series, numbers: pl.Series) -> None:
        """Take in the numbers of texts; the codes follow those that are known without a gap."""
        self.numbers = self.numbers.append(numbers.gather(codes.arg_sort()))
        self.doubtful = self.doubtful.append(numbers.filter(doubtful(texts)))

    def learn_old(self, texts: pl.Series, numbers: pl.Series) -> None:
        """Take in texts that have their numbers from an earlier load."""
        self.learn(texts.cast(self.kind).to_physical(), texts, numbers)
