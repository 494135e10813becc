"""Numbers -> texts: the tables that files are written from, and the ids and dates made on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.settings import FIRST_DATE, workdays

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from timewaste.simulate.draw import Bools, Ints
    from timewaste.simulate.people import Person
    from timewaste.simulate.settings import Plan
    from timewaste.simulate.vocabulary import Vocabulary

CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440)]
LENGTH = [f"{minute // 60}:{minute % 60:02d}" for minute in range(1441)]


def look_up(texts: Sequence[str | None], numbers: Ints) -> pl.Series:
    """Return the texts with these numbers, null for -1."""
    import polars as pl

    table = pl.Series([*texts, None], dtype=pl.String)
    return table.gather(pl.Series(np.where(numbers < 0, len(texts), numbers)))


@dataclass(slots=True)
class Lookups:
    """The tables of texts that do not change from chunk to chunk."""

    plan: Plan
    words: Vocabulary
    accounts: list[str] = field(init=False)
    days: list[dt.date] = field(init=False)
    iso_dates: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Build the tables."""
        names = self.words.names
        self.accounts = [
            f"{company} {sector} {legal}"
            for company in names["companies"]
            for sector in names["sectors"]
            for legal in names["legal"]
        ]
        self.days = workdays(self.plan.weeks)
        span = range(7 * self.plan.weeks + 7)
        self.iso_dates = [(FIRST_DATE + dt.timedelta(days=day)).isoformat() for day in span]


def opportunity_id(person: Person, place: int) -> str:
    """Return the id of the rep's opportunity with this place."""
    return f"OPP-{person.number + 1:04d}-{place + 1:03d}"


def date_texts(day: Ints, is_set: Bools) -> pl.Series:
    """Return ISO dates for days since the window's first Monday, null where not set."""
    if not len(day):
        return look_up([], day)
    first = int(day.min())
    table = [(FIRST_DATE + dt.timedelta(days=number)).isoformat() for number in range(first, int(day.max()) + 1)]
    return look_up(table, np.where(is_set, day - first, -1))
