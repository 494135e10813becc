"""Slots -> rows of a log, with or without planted dirt, each with the time it truly counts for.

A day gets at most one planted thing, so that no two of them meddle with each other and the counted seconds
are known: a nested entry interrupts the outer one, an overlap is shared equally, a copy counts nothing, nor
does a row that ends before it starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.days import NESTED_SLOT
from timewaste.simulate.draw import whole
from timewaste.simulate.settings import (
    DUPLICATE_SHARE,
    ENTRIES_PER_DAY,
    MIDNIGHT_EVERY,
    NESTED_SHARE,
    OVERLAP_SHARE,
    REVERSED_EVERY,
    REVERSED_SHARE,
    SLOTS,
)

if TYPE_CHECKING:
    from timewaste.simulate.days import Slots
    from timewaste.simulate.draw import Bools, Cutter, Floats, Ints
    from timewaste.simulate.people import Chunk
    from timewaste.simulate.settings import Team

NOTHING, OVERLAP, NESTED, DUPLICATE, REVERSED, MIDNIGHT = range(6)
PLANTED = ("", "overlap", "nested", "duplicate", "end_before_start", "across_midnight")


@dataclass(slots=True)
class Rows:
    """The rows of a chunk in log order: by rep, day and start. Minutes of the day, seconds counted.

    `slot` is where in the day the row's own chance lies; `plant` is the number of a kind in `PLANTED`.
    """

    rep: Ints
    day: Ints
    slot: Ints
    start: Ints
    minutes: Ints
    leaf: Ints
    counted: Ints
    plant: Ints


def make_rows(cut: Cutter, chunk: Chunk, slots: Slots) -> Rows:
    """Return the rows of a chunk of reps; changes `slots` where something is planted in it."""
    kind_chance, place_chance, amount_chance = (cut.take(chunk.plan.days) for _ in range(3))
    added = [np.column_stack((rows, rows[:, 4] * 60, np.zeros_like(rows[:, 0]))) for rows in slots.extra]
    copied = np.zeros(slots.used.shape, dtype=np.bool_)
    if chunk.plan.dirt:
        kind = _kinds(kind_chance, chunk.team)
        _reverse_one(kind, slots, chunk)
        kind[_cross_midnight(slots, chunk)] = NOTHING
        place = whole(place_chance, np.maximum(slots.used.sum(axis=2), 1))
        _overlap(slots, kind == OVERLAP, place, 5 * (1 + whole(amount_chance, 3)))
        added.append(_nest(slots, kind == NESTED, chunk.words.leaf_of["A31"]))
        on = np.nonzero((kind == DUPLICATE) & slots.used[:, :, 0])
        copied[*on, place[on]] = True
        on = np.nonzero((kind == REVERSED) & slots.used[:, :, 0])
        slots.plant[*on, place[on]] = REVERSED
        slots.counted[*on, place[on]] = 0
    return _flatten(slots, copied, added)


def _kinds(chance: Floats, team: Team) -> Ints:
    shares = np.array([OVERLAP_SHARE, NESTED_SHARE, DUPLICATE_SHARE, REVERSED_SHARE]) * ENTRIES_PER_DAY
    if team.slug == "inside":
        shares[3] = 0.0  # their log has durations, which have no end to get wrong
    kind = np.searchsorted(np.cumsum(shares), chance, side="right") + 1
    return np.where(kind > len(shares), NOTHING, kind).astype(np.int64)


def _reverse_one(kind: Ints, slots: Slots, chunk: Chunk) -> None:
    """Plant a row that ends before it starts in some reps' first day: small studies need one too."""
    chosen = np.array([p.number % REVERSED_EVERY == 6 and chunk.team.slug != "inside" for p in chunk.people])
    fits = chosen[:, None] & slots.used[:, :, 0]
    rep = np.flatnonzero(fits.any(axis=1))
    kind[rep, fits.argmax(axis=1)[rep]] = REVERSED


def _cross_midnight(slots: Slots, chunk: Chunk) -> tuple[Ints, Ints]:
    """Move one closing journey of a few reps so that it spans midnight; return their (reps, days)."""
    last = np.maximum(slots.used.sum(axis=2) - 1, 0)[:, :, None]
    minutes = np.take_along_axis(slots.minutes, last, axis=2)[:, :, 0]
    travels = np.take_along_axis(slots.leaf, last, axis=2)[:, :, 0] == chunk.words.leaf_of["T1"]
    chosen = np.array([p.number % MIDNIGHT_EVERY == 4 and chunk.team.slug != "inside" for p in chunk.people])
    fits = chosen[:, None] & travels & (minutes >= 30) & slots.used[:, :, 0]
    fits[:, -1] = False
    day = fits.argmax(axis=1)
    rep = np.flatnonzero(fits.any(axis=1))
    day, at = day[rep], last[rep, day[rep], 0]
    slots.start[rep, day, at] = 1440 - 5 * (minutes[rep, day] // 10)
    slots.plant[rep, day, at] = MIDNIGHT
    return rep, day


def _overlap(slots: Slots, chosen: Bools, place: Ints, amount: Ints) -> None:
    """Let an entry run on into the next one, where that follows at once and is the longer."""
    rep, day = np.nonzero(chosen)
    at, more = np.minimum(place[rep, day], SLOTS - 2), amount[rep, day]
    here, after = (rep, day, at), (rep, day, at + 1)
    gap = slots.start[after] - slots.start[here] - slots.minutes[here]
    fits = slots.used[here] & slots.used[after] & (gap <= 10) & (slots.minutes[after] >= more + 5)
    here, after = tuple(part[fits] for part in here), tuple(part[fits] for part in after)
    more, gap = more[fits], gap[fits]
    slots.minutes[here] += gap + more
    slots.counted[here] = slots.minutes[here] * 60 - more * 30
    slots.counted[after] -= more * 30
    slots.plant[here] = OVERLAP


def _nest(slots: Slots, chosen: Bools, expenses: int) -> Ints:
    """Return five minutes of expenses inside the longest entry of the day, where that has an hour or more."""
    rep, day = np.nonzero(chosen)
    at = np.where(slots.used, slots.minutes, 0)[rep, day].argmax(axis=1)
    fits = (slots.minutes[rep, day, at] >= 60) & slots.used[rep, day, at] & (slots.leaf[rep, day, at] != expenses)
    rep, day, at = rep[fits], day[fits], at[fits]
    slots.counted[rep, day, at] -= 300
    start = slots.start[rep, day, at] + 25
    filled = (np.full(len(rep), value) for value in (5, expenses, 300, NESTED))
    return np.stack((rep, day, np.full(len(rep), NESTED_SLOT), start, *filled), axis=1)


def _flatten(slots: Slots, copied: Bools, added: list[Ints]) -> Rows:
    at = np.nonzero(slots.used)
    values = (slots.start, slots.minutes, slots.leaf, slots.counted, slots.plant)
    main = np.stack((*at, *(value[at] for value in values)), axis=1)
    copies = main[copied[at]].copy()
    copies[:, 6], copies[:, 7] = 0, DUPLICATE
    table = np.concatenate((main, *added, copies))
    days = slots.used.shape[1]
    order = np.argsort((table[:, 0] * days + table[:, 1]) * 2048 + table[:, 3], kind="stable")
    return Rows(*np.ascontiguousarray(table[order].T))
