"""Days: what a rep does from morning to evening, as slots of a day.

The category of a slot is drawn apart from its length, and a rep's shares apart from the rep's hours: so the
expected share of time of a category is the rep's share, and the team's mean is the known truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.draw import normals, pick, rep_shares, whole
from timewaste.simulate.settings import (
    DAY_HOURS_SD,
    EVENING_SHARE,
    LEAVE_SHARE,
    LUNCH_SHARE,
    MAX_MINUTES,
    MEDIAN_MINUTES,
    MISSING_SHARE,
    PERSONAL_SHARE,
    ROUNDED_SHARE,
    SIGMA_MINUTES,
    SLOTS,
    WORK_CATEGORIES,
    tier_shares,
    top_factors,
)
from timewaste.simulate.vocabulary import category_places, leaf_starts

if TYPE_CHECKING:
    from timewaste.simulate.draw import Bools, Cutter, Floats, Ints
    from timewaste.simulate.people import Chunk

LUNCH_SLOT, PERSONAL_SLOT, LEAVE_SLOT, NESTED_SLOT = SLOTS - 1, SLOTS - 2, SLOTS - 3, SLOTS - 4


@dataclass(slots=True)
class Slots:
    """Arrays (reps, days, slots) of minutes of the day and leaves, and rows that stand between the slots.

    `counted` is seconds; `used` tells which slots hold an entry; `missing` is (reps, days). `extra` rows are
    (rep, day, slot of chance, start, minutes, leaf).
    """

    start: Ints
    minutes: Ints
    leaf: Ints
    counted: Ints
    plant: Ints
    used: Bools
    missing: Bools
    extra: list[Ints]


def make_days(cut: Cutter, chunk: Chunk) -> Slots:
    """Return the days of a chunk of reps, before anything is planted."""
    plan, team, words, days = chunk.plan, chunk.team, chunk.words, chunk.plan.days
    leaf = _leaves(cut, chunk)
    length, rounding, gap = (cut.take(days, SLOTS) for _ in range(3))
    minutes = _minutes(length, rounding)
    before = np.cumsum(minutes, axis=2) - minutes
    fte = np.array([person.fte for person in chunk.people])
    week = fte * (team.week_hours + team.week_hours_sd * np.clip(normals(cut.take()), -2.5, 2.5))
    day_factor = 1 + DAY_HOURS_SD * np.clip(normals(cut.take(days)), -2, 2)
    target = np.minimum(week[:, None] * 12 * day_factor, 690.0)
    chance = [cut.take(days) for _ in range(9)]
    leave = chance[0] < LEAVE_SHARE
    missing = (chance[1] < MISSING_SHARE) & ~leave & plan.dirt
    used = (before + minutes / 2 < target[:, :, None]) & ~(leave | missing)[:, :, None]
    gaps = np.where(gap < 0.7, 0, np.where(gap < 0.9, 5, 10)).astype(np.int64)
    gaps[:, :, 0] = 0
    start = 465 + 5 * whole(chance[2], 8)[:, :, None] + before + np.cumsum(gaps, axis=2)
    on = np.nonzero(leave)
    whole_day = np.full(len(on[0]), 480)
    extra = [_rows(on, LEAVE_SLOT, words.leaf_of["N3"], whole_day, whole_day)]
    lunch, personal = 15 * (2 + whole(chance[4], 3)), 30 * (1 + whole(chance[6], 3))
    on, at = _break(start, used, 720, lunch, chance[3] < LUNCH_SHARE)
    extra.append(_rows(on, LUNCH_SLOT, words.leaf_of["N1"], at, lunch[on]))
    on, at = _break(start, used, 900, personal, chance[5] < PERSONAL_SHARE)
    extra.append(_rows(on, PERSONAL_SLOT, words.leaf_of["N2"], at, personal[on]))
    used &= start + minutes <= 1410
    _evening(start, minutes, used, chance[7] < EVENING_SHARE, 1200 + 5 * whole(chance[8], 12))
    return Slots(start, minutes, leaf, minutes * 60, np.zeros_like(leaf), used, missing, extra)


def _leaves(cut: Cutter, chunk: Chunk) -> Ints:
    plan, people, team = chunk.plan, chunk.people, chunk.team
    means = np.array([tier_shares(team, chunk.team_size, is_top=person.tier == "top") for person in people])
    cumulative = np.cumsum(rep_shares(cut.take(len(WORK_CATEGORIES)), means), axis=1)
    cumulative[:, -1] = 1.0
    # Three slots share one draw, turned by a third of a circle: a day's mix then varies by some 14 points
    # rather than 18. Shuffled within each half day, so that no category always follows another.
    base = cut.take(plan.days, 2, SLOTS // 6)
    turned = np.concatenate([base, (base + 1 / 3) % 1, (base + 2 / 3) % 1], axis=3)
    order = np.argsort(cut.take(plan.days, 2, SLOTS // 2), axis=3, kind="stable")
    chance = np.take_along_axis(turned, order, axis=3).reshape(len(people), plan.days, SLOTS)
    category = np.zeros(chance.shape, dtype=np.int64)
    for number in range(len(WORK_CATEGORIES) - 1):
        category += chance >= cumulative[:, number, None, None]
    within = np.minimum(cut.take(plan.days, SLOTS), 1 - 1e-9)
    place: Floats = np.add(category_places()[category], within)
    leaf = pick(place, leaf_starts(chunk.words, team.number, {}))
    top = np.array([person.tier == "top" for person in people])
    factors = top_factors(team, chunk.team_size)
    leaf[top] = pick(place[top], leaf_starts(chunk.words, team.number, factors))
    return leaf


def _minutes(length: Floats, rounding: Floats) -> Ints:
    exact = MEDIAN_MINUTES * np.exp(SIGMA_MINUTES * normals(length))
    quarter = 15 * np.maximum(np.floor(exact / 15 + 0.5), 1)
    minutes = np.where(rounding < ROUNDED_SHARE, quarter, np.maximum(np.floor(exact + 0.5), 5))
    return np.minimum(minutes, MAX_MINUTES).astype(np.int64)


def _rows(on: tuple[Ints, ...], slot: int, leaf: int, start: Ints, minutes: Ints) -> Ints:
    count = len(start)
    return np.stack((*on, np.full(count, slot), start, minutes, np.full(count, leaf)), axis=1)


def _break(start: Ints, used: Bools, at: int, minutes: Ints, happens: Bools) -> tuple[tuple[Ints, ...], Ints]:
    """Put a break before the first slot that starts at `at` or later; move that and the later slots back.

    Returns the (reps, days) that have one, and when it starts.
    """
    late = (start >= at) & used
    first = late.argmax(axis=2)
    chosen = late.any(axis=2) & happens
    break_start = np.take_along_axis(start, first[:, :, None], axis=2)[:, :, 0]
    start += np.where(chosen[:, :, None] & (np.arange(SLOTS) >= first[:, :, None]), minutes[:, :, None], 0)
    on = np.nonzero(chosen)
    return on, break_start[on]


def _evening(start: Ints, minutes: Ints, used: Bools, happens: Bools, at: Ints) -> None:
    """Move the day's last slot into the evening, where it happens and there is room."""
    last = np.maximum(used.sum(axis=2) - 1, 0)[:, :, None]
    ends = np.take_along_axis(start + minutes, last, axis=2)[:, :, 0]
    short = np.take_along_axis(minutes, last, axis=2)[:, :, 0] <= 90
    on = np.nonzero(happens & (ends <= 1200) & short & used[:, :, 0])
    start[on[0], on[1], last[on[0], on[1], 0]] = at[on]
