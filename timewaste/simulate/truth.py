"""The true answer: what a study was drawn from, what was really written, and where the dirt lies.

Seconds are those a reader should count: a nested entry interrupts the outer one, overlaps are shared equally,
copies count once, rows that end before they start not at all, a row of several activities equally for each.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from timewaste.simulate.labelling import MULTIPLE, TYPO, VAGUE
from timewaste.simulate.planting import DUPLICATE, MIDNIGHT, NESTED, OVERLAP, PLANTED, REVERSED
from timewaste.simulate.settings import (
    FIRST_DATE,
    FORMAT_VERSION,
    MISSING_SHARE,
    TEAMS,
    TITLE,
    TOP_ACTIVITY_SHIFT,
    TOP_SHIFT,
    VAGUE_SHARE,
    WORK_CATEGORIES,
    workdays,
)

if TYPE_CHECKING:
    import polars as pl

    from timewaste.simulate.answers import Answers
    from timewaste.simulate.draw import Bools, Ints
    from timewaste.simulate.labelling import Typed
    from timewaste.simulate.people import Chunk
    from timewaste.simulate.planting import Rows
    from timewaste.simulate.settings import Plan
    from timewaste.simulate.vocabulary import Vocabulary
    from timewaste.simulate.writing import Places

MOST_LABELS, MOST_ITEMS = 20_000, 200
KINDS = (*PLANTED[1:], "vague", "several_activities", "misspelt", "backfilled", "missing_day")
LABEL_KINDS = {VAGUE: "vague", MULTIPLE: "several_activities", TYPO: "misspelt"}


class Tally:
    """Adds up the truth chunk by chunk."""

    def __init__(self, plan: Plan, words: Vocabulary) -> None:
        """Start from nothing."""
        self._plan, self._words = plan, words
        leaves = len(words.codes)
        self._seconds = {team.name: np.zeros(leaves, dtype=np.int64) for team in TEAMS}
        self._reworked = {team.name: np.zeros(leaves, dtype=np.int64) for team in TEAMS}
        self._offloadable = {team.name: np.zeros(leaves, dtype=np.int64) for team in TEAMS}
        self._vague = {team.name: 0 for team in TEAMS}
        self._entries = {team.name: 0 for team in TEAMS}
        self._weights = {team.name: 0.0 for team in TEAMS}
        self._reps = {team.name: 0 for team in TEAMS}
        self._planted: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
        self._items: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        self._labels: dict[str, Counter[str]] | None = {}

    def add(self, chunk: Chunk, rows: Rows, typed: Typed, label: pl.Series, missing: Bools) -> None:
        """Add a chunk of reps of one team."""
        people, team = chunk.people, chunk.team
        each = _each(rows, typed)
        self._seconds[team.name] += self._by_leaf(typed, each)
        self._vague[team.name] += int(rows.counted[typed.kind == VAGUE].sum())
        self._entries[team.name] += int(((rows.plant != DUPLICATE) & (rows.plant != REVERSED)).sum())
        self._weights[team.name] += sum(person.fte for person in people) * team.week_hours
        self._reps[team.name] += len(people)
        self._add_labels(label, typed, each)
        self._planted["missing_day"] += int(missing.sum())
        days = workdays(self._plan.weeks)
        for rep, day in np.argwhere(missing)[: self._room("missing_day")].tolist():
            self._items["missing_day"].append({"rep_id": people[rep].rep_id, "date": days[day].isoformat()})

    def add_answers(self, chunk: Chunk, rows: Rows, typed: Typed, answers: Answers) -> None:
        """Add the time that was done again, and that somebody else could have done; parts share an answer."""
        each, team = _each(rows, typed), chunk.team.name
        self._reworked[team] += self._by_leaf(typed, each * answers.is_rework)
        self._offloadable[team] += self._by_leaf(typed, each * answers.is_offloadable)

    def _by_leaf(self, typed: Typed, each: Ints) -> Ints:
        totals = np.zeros(len(self._words.codes), dtype=np.int64)
        for column in range(3):
            at = typed.parts[:, column] >= 0
            added = np.bincount(typed.parts[at, column], weights=each[at], minlength=len(totals))
            totals += added.astype(np.int64)
        return totals

    def locate(self, chunk: Chunk, rows: Rows, typed: Typed, label: pl.Series, places: Places) -> None:
        """Note where planted things stand."""
        people, (names, file, line) = chunk.people, places
        chosen: dict[str, Bools] = {
            PLANTED[number]: rows.plant == number for number in (OVERLAP, NESTED, DUPLICATE, REVERSED, MIDNIGHT)
        }
        chosen |= {name: (typed.kind == kind) & (rows.plant != DUPLICATE) for kind, name in LABEL_KINDS.items()}
        chosen["backfilled"] = typed.burst & (rows.plant != DUPLICATE)
        days = workdays(self._plan.weeks)
        for kind, mask in chosen.items():
            self._planted[kind] += int(mask.sum())
            for at in np.flatnonzero(mask)[: self._room(kind)].tolist():
                self._items[kind].append(
                    {
                        "file": names[file[at]],
                        "line": int(line[at]),
                        "rep_id": people[rows.rep[at]].rep_id,
                        "date": days[rows.day[at]].isoformat(),
                        "label": label[at],
                    }
                )

    def _room(self, kind: str) -> int:
        return MOST_ITEMS + 1 - len(self._items[kind])

    def _add_labels(self, label: pl.Series, typed: Typed, each: Ints) -> None:
        import polars as pl

        if self._labels is None:
            return
        for column in range(3):
            at = np.flatnonzero(typed.parts[:, column] >= 0)
            if not len(at):
                continue
            sums = (
                pl.DataFrame(
                    {
                        "label": label.gather(pl.Series(at)),
                        "leaf": typed.parts[at, column],
                        "seconds": each[at],
                    }
                )
                .group_by("label", "leaf")
                .agg(pl.col("seconds").sum())
            )
            for text, leaf, seconds in sums.iter_rows():
                self._labels.setdefault(text, Counter())[self._words.codes[leaf]] += seconds
        if len(self._labels) > MOST_LABELS:
            self._labels = None

    def result(self, files: dict[str, int], pipeline: dict[str, int]) -> dict[str, Any]:
        """Return the whole truth as JSON has it."""
        plan = self._plan
        truth: dict[str, Any] = {
            "title": TITLE,
            "parameters": {
                "version": FORMAT_VERSION,
                "reps": plan.reps,
                "weeks": plan.weeks,
                "seed": plan.seed,
                "dirt": plan.dirt,
                "workbooks": plan.workbooks,
                "first_date": FIRST_DATE.isoformat(),
                "last_date": workdays(plan.weeks)[-1].isoformat(),
                "vague_share": VAGUE_SHARE if plan.dirt else 0.0,
                "missing_share": MISSING_SHARE if plan.dirt else 0.0,
                "top_tier_category_shift": TOP_SHIFT,
                "top_tier_activity_shift": TOP_ACTIVITY_SHIFT,
            },
            "expected": {**self._expected(), "activities": _expected_answers(self._words)},
            "realised": {name: self._realised(names) for name, names in self._scopes()},
            "rows": sum(files.values()),
            "files": files,
            "pipeline": pipeline,
            "planted": {
                kind: {"count": self._planted[kind], "items": self._items[kind]}
                if self._planted[kind] <= MOST_ITEMS
                else {"count": self._planted[kind]}
                for kind in KINDS
            },
        }
        if self._labels is not None:
            truth["labels"] = {text: dict(sorted(seconds.items())) for text, seconds in sorted(self._labels.items())}
        return truth

    def examples(self, kind: str, count: int) -> list[dict[str, Any]]:
        """Return the first items of a kind of dirt."""
        return self._items[kind][:count]

    def _scopes(self) -> list[tuple[str, list[str]]]:
        return [("all", [team.name for team in TEAMS]), *((team.name, [team.name]) for team in TEAMS)]

    def _expected(self) -> dict[str, Any]:
        shares = {team.name: np.array(team.shares) for team in TEAMS}
        total = sum(self._weights.values())
        vague = VAGUE_SHARE if self._plan.dirt else 0.0
        answer = {}
        for scope, names in self._scopes():
            weight = sum(self._weights[name] for name in names)
            mean = np.sum([shares[name] * self._weights[name] for name in names], axis=0) / weight
            exact = {category: round(float(share), 6) for category, share in zip(WORK_CATEGORIES, mean, strict=True)}
            logged = {category: round(share * (1 - vague), 6) for category, share in exact.items()}
            answer[scope] = {
                "reps": sum(self._reps[name] for name in names),
                "hours_weight": round(weight / total, 6),
                "shares": exact,
                "logged_shares": {**logged, "unclassified": round(vague, 6)},
            }
        return answer

    def _realised(self, names: list[str]) -> dict[str, Any]:
        seconds, reworked, offloadable = (
            sum((of_team[name] for name in names), np.zeros(len(self._words.codes), dtype=np.int64))
            for of_team in (self._seconds, self._reworked, self._offloadable)
        )
        categories: Counter[str] = Counter()
        for category, amount in zip(self._words.categories, seconds.tolist(), strict=True):
            categories[category] += amount
        base = sum(amount for category, amount in categories.items() if category != "non_work")
        return {
            "entries": sum(self._entries[name] for name in names),
            "seconds": dict(categories),
            "base_seconds": base,
            "shares": {name: round(categories[name] / base, 6) if base else 0.0 for name in WORK_CATEGORIES},
            "activity_seconds": dict(zip(self._words.codes, seconds.tolist(), strict=True)),
            "rework_seconds": dict(zip(self._words.codes, reworked.tolist(), strict=True)),
            "offloadable_seconds": dict(zip(self._words.codes, offloadable.tolist(), strict=True)),
            "vague_seconds": sum(self._vague[name] for name in names),
        }


def _each(rows: Rows, typed: Typed) -> Ints:
    """Return the counted seconds of each part of a row."""
    each: Ints = rows.counted // np.maximum((typed.parts >= 0).sum(axis=1), 1)
    return each


def _expected_answers(words: Vocabulary) -> dict[str, dict[str, float]]:
    """Return for each activity that is work the shares of its time that the two answers give."""
    return {
        code: {"rework_share": float(rework), "offloadable_share": float(offloadable)}
        for code, category, rework, offloadable in zip(
            words.codes, words.categories, words.rework, words.offloadable, strict=True
        )
        if category != "non_work"
    }
