"""What each column means: a sentence and a unit beside every column of the database, where every client shows them.

A name means the same wherever it stands, so that one line of `defaults/glossary.toml` tells it for all tables. Where a
model's column means something else, or more, the header of the model says so. Knows names and words, no rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from timewaste.config import load_defaults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timewaste.models import Model
    from timewaste.store import Column, Store

_NONE: Mapping[str, Mapping[str, str]] = {}
_MEASURED = re.compile(r"(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL")


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of `defaults/glossary.toml`: see its head for what each part holds."""

    columns: Mapping[str, str]
    patterns: Mapping[str, str]
    units: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]

    def sentence(self, name: str) -> str:
        """Return what a column of that name means in every table; "" for a name that is not told."""
        if name in self.columns:
            return self.columns[name]
        found = ((re.fullmatch(pattern, name), words) for pattern, words in self.patterns.items())
        return next((words.format(match[1]) for match, words in found if match), "")

    def unit(self, name: str) -> str:
        """Return the unit of what a column of that name measures; "" for what has none."""
        return next((unit for pattern, unit in self.units.items() if re.fullmatch(pattern, name)), "")


@cache
def glossary() -> Glossary:
    """Return the packaged glossary."""
    return Glossary(**load_defaults("glossary.toml"))


def comment(column: Column, own: Mapping[str, str]) -> str:
    """Return the sentence and unit of a column; `own` is what its table says. "" where nothing is known of it.

    >>> from timewaste.store import Column
    >>> comment(Column("entries", "seconds", "BIGINT", ""), {"seconds": "Time that counts here."})
    'Time that counts here. Unit: seconds.'
    """
    words = glossary()
    sentence = own.get(column.name) or words.sentence(column.name)
    unit = words.unit(column.name) if _MEASURED.match(column.kind) else ""
    return f"{sentence} Unit: {unit}." if sentence and unit else sentence


def describe(store: Store, models: Iterable[Model], foreign: Mapping[str, Mapping[str, str]] = _NONE) -> None:
    """Write the comments that are not there yet, or not so, to the columns of all tables but the int_ ones.

    `foreign` are tables to which our words do not apply, each with what its columns mean. A table that was made anew
    has no comments, one that was mended has kept them: so the cost is that of what is new.
    """
    own: dict[str, Mapping[str, str]] = dict(glossary().tables)
    own |= {model.name: dict(model.columns) for model in models}
    wanted = {
        column: foreign[column.table].get(column.name, "")
        if column.table in foreign
        else comment(column, own.get(column.table, {}))
        for column in store.columns()
    }
    store.comment_columns(
        {
            column: text
            for column, text in wanted.items()
            if text and text != column.comment and not column.table.startswith("int_")
        }
    )
