"""The roster: invented people, unique however many, with team, tier and start date.

A rep's id is the name as a file name would have it: "Jürgen O'Connor" -> `juergen-oconnor`.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from timewaste.simulate.settings import TEAMS, TIERS, Team, team_sizes

if TYPE_CHECKING:
    from pathlib import Path

    from timewaste.simulate.settings import Plan
    from timewaste.simulate.vocabulary import Vocabulary

SPELLED = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "'": "",
    }
)  # fmt: skip
GOLDEN = 0.6180339887  # steps of this part of the way round spread evenly
MAIL_DOMAIN = "northwind.example"


class Person(NamedTuple):
    """One rep. `number` seeds the rep's own stream of chance, `place` is the place in the team."""

    number: int
    place: int
    team: Team
    name: str
    rep_id: str
    tier: str
    fte: float

    @property
    def email(self) -> str:
        """The address the inside team logs in with."""
        return f"{self.rep_id.replace('-', '.')}@{MAIL_DOMAIN}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some reps of one team, worked on together."""

    plan: Plan
    words: Vocabulary
    people: list[Person]

    @property
    def team(self) -> Team:
        """The team they are all of."""
        return self.people[0].team

    @property
    def team_size(self) -> int:
        """The reps of the whole team, in this chunk or not."""
        return team_sizes(self.plan.reps)[self.team.number]


def slug(name: str) -> str:
    """Return the name in lower-case ASCII letters and hyphens."""
    plain = unicodedata.normalize("NFKD", name.translate(SPELLED))
    letters = "".join(ch if ch.isalnum() else "-" if ch in " -" else "" for ch in plain if ch.isascii())
    return "-".join(part for part in letters.lower().split("-") if part)


def person_name(number: int, seed: int, first: list[str], last: list[str]) -> str:
    """Return the name of the rep `number`: no two numbers share one.

    Walks through all pairs of first and last name in steps without a common factor; a middle initial, then a
    second last name, tell the following rounds apart.
    """
    pairs = len(first) * len(last)
    step = next(step for step in range(int(pairs * GOLDEN), 2 * pairs) if math.gcd(step, pairs) == 1)
    lap, place = divmod(number, pairs)
    pair = (place * step + seed * 7919) % pairs
    second, initial = divmod(lap, 27)
    middle = f" {chr(ord('A') + initial - 1)}." if initial else ""
    ending = "" if second == 0 else f"-{last[(second - 1) % len(last)]}" * (1 + (second - 1) // len(last))
    return f"{first[pair % len(first)]}{middle} {last[pair // len(first)]}{ending}"


def roster(plan: Plan, names: dict[str, list[str]]) -> list[Person]:
    """Return all reps, team by team."""
    people: list[Person] = []
    for team, size in zip(TEAMS, team_sizes(plan.reps), strict=True):
        for place in range(size):
            number = len(people)
            name = person_name(number, plan.seed, names["first"], names["last"])
            fte = 0.8 if number % 13 == 12 else 1.0
            people.append(Person(number, place, team, name, slug(name), TIERS[place % 3], fte))
    return people


def write_roster(path: Path, people: list[Person], regions: list[str]) -> None:
    """Write `reps.csv`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("rep_id", "name", "email", "team", "role", "region", "hired_on", "tier", "fte"))
        for person in people:
            hired = dt.date(2013, 1, 7) + dt.timedelta(days=(person.number * 1307) % 4500)
            region = regions[person.number * 3 % len(regions)]
            team, role = person.team.name, person.team.name.replace(" ", "_")
            who = (person.rep_id, person.name, person.email, team, role, region)
            writer.writerow((*who, hired.isoformat(), person.tier, person.fte))
