"""Rows -> what the rep typed: label, customer, opportunity, channel and when it was logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.draw import pick, whole
from timewaste.simulate.opportunities import CUSTOMERS, open_on_days
from timewaste.simulate.planting import DUPLICATE, NESTED
from timewaste.simulate.settings import (
    BACKFILL_EVERY,
    MULTIPLE_SHARE,
    SLOTS,
    STEPS,
    TYPO_SHARE,
    VAGUE_SHARE,
    calendar_day,
)
from timewaste.simulate.vocabulary import CASE_CUMULATIVE, CASES, FORMS, TYPED_FORMS, TYPOS

if TYPE_CHECKING:
    from timewaste.simulate.draw import Bools, Cutter, Floats, Ints
    from timewaste.simulate.opportunities import Pipeline
    from timewaste.simulate.people import Chunk
    from timewaste.simulate.planting import Rows
    from timewaste.simulate.settings import Plan
    from timewaste.simulate.vocabulary import Vocabulary

CLEAN, VAGUE, MULTIPLE, TYPO = range(4)
NAMED_SHARE = 0.35
FRIDAY_BURST = 16 * 60 + 50


@dataclass(slots=True)
class Typed:
    """What stands beside the times of `Rows`. -1 is an empty cell.

    `parts` (rows, 3) are the leaves a row of several activities names, the row's own first. `logged` is
    minutes since the window's first midnight.
    """

    kind: Ints
    label: Ints
    parts: Ints
    account: Ints
    opportunity: Ints
    channel: Ints
    logged: Ints
    burst: Bools


def type_rows(cut: Cutter, chunk: Chunk, rows: Rows, pipeline: Pipeline) -> Typed:
    """Return what the reps of a chunk typed beside the times."""
    plan, words = chunk.plan, chunk.words
    at = (rows.rep, rows.day, rows.slot)
    chance = {
        name: cut.take(plan.days, SLOTS)[at]
        for name in ("kind", "variant", "form", "account", "opportunity", "channel", "logged", "parts")
    }
    per_company = len(words.names["sectors"]) * len(words.names["legal"])
    opportunity = _opportunities(chunk, rows, pipeline, chance["opportunity"])
    own = pipeline.customers[rows.rep, whole(chance["account"] * 7 % 1, CUSTOMERS)]
    account = np.where((words.has_customer[rows.leaf] == 1) & (chance["account"] < 0.85), own, -1)
    account = np.where(opportunity >= 0, pipeline.account[opportunity], account)
    edges = np.cumsum([VAGUE_SHARE, MULTIPLE_SHARE, TYPO_SHARE])
    kind = (np.searchsorted(edges, chance["kind"], side="right") + 1) % 4
    is_work = np.array([category != "non_work" for category in words.categories])[rows.leaf]
    kind = np.where(is_work & (rows.plant != NESTED) & plan.dirt, kind, CLEAN)
    parts = _parts(rows, kind, chance["parts"], plan, is_work)
    kind = np.where((kind == MULTIPLE) & (parts[:, 1] < 0), CLEAN, kind)
    stem = np.where(account >= 0, account // per_company, -1)
    label = _labels(rows, kind, stem, words, chance)
    channel = words.channel_first[rows.leaf] + whole(chance["channel"], words.channel_count[rows.leaf])
    logged, burst = _logged(cut, chunk, rows, chance["logged"])
    return Typed(kind, label, parts, account, opportunity, channel, logged, burst)


def _opportunities(chunk: Chunk, rows: Rows, pipeline: Pipeline, chance: Floats) -> Ints:
    plan, words = chunk.plan, chunk.words
    first, count, opportunity = open_on_days(pipeline, plan)
    step = words.steps[rows.leaf]
    key = (rows.rep * plan.days + rows.day) * len(STEPS) + np.maximum(step, 0)
    found = (step >= 0) & (words.has_customer[rows.leaf] == 1) & (count[key] > 0) & (chance < 0.9)
    place = np.where(found, first[key] + whole(chance / 0.9, np.maximum(count[key], 1)), 0)
    return np.where(found, opportunity[place], -1) if len(opportunity) else np.full(len(step), -1)


def _parts(rows: Rows, kind: Ints, chance: Floats, plan: Plan, is_work: Bools) -> Ints:
    """Return the leaves named: those of the rows before and after on the same day join the row's own.

    The neighbours' leaves are drawn from the same shares, so the expected shares stay as they are.
    """
    parts = np.full((len(rows.leaf), 3), -1, dtype=np.int64)
    parts[:, 0] = rows.leaf
    at = np.flatnonzero(kind == MULTIPLE)
    if not plan.dirt or not len(at):
        return parts
    day = rows.rep * plan.days + rows.day
    for column, other in ((1, np.maximum(at - 1, 0)), (2, np.minimum(at + 1, len(day) - 1))):
        leaf = rows.leaf[other]
        fits = (day[other] == day[at]) & is_work[other] & (leaf != parts[at, 0]) & (leaf != parts[at, 1])
        fits &= (rows.plant[other] == 0) & ((chance[at] < 0.5) | (column == 1))
        parts[at, column] = np.where(fits, leaf, -1)
    copies = np.flatnonzero(rows.plant == DUPLICATE)
    parts[copies] = parts[copies - 1]
    alone = parts[:, 1] < 0
    parts[alone, 1], parts[alone, 2] = parts[alone, 2], -1
    return parts


def _labels(rows: Rows, kind: Ints, stem: Ints, words: Vocabulary, chance: dict[str, Floats]) -> Ints:
    leaf, variant, form, companies = (
        rows.leaf,
        chance["variant"],
        chance["form"],
        len(words.names["companies"]),
    )
    plain = whole(variant, words.plain_count[leaf])
    slip = CASES + whole(form, TYPOS)
    case = np.where(kind == TYPO, slip, pick(form, CASE_CUMULATIVE))
    label = words.plain_first[leaf] + plain * FORMS + case
    named = whole(variant, np.maximum(words.named_count[leaf], 1)) * TYPED_FORMS + (form * 13 % 1 < 0.3)
    has_name = (stem >= 0) & (words.named_count[leaf] > 0) & (kind == CLEAN) & (form * 7 % 1 < NAMED_SHARE)
    label = np.where(has_name, words.named_first[leaf] + named * companies + stem, label)
    return np.where(kind == VAGUE, words.vague_first + whole(variant, words.vague_count), label)


def _logged(cut: Cutter, chunk: Chunk, rows: Rows, chance: Floats) -> tuple[Ints, Bools]:
    """Return when each row was entered, and whether in the Friday burst of a backfilled week.

    Half the reps log within minutes, the others in the evening; a week of a few reps is filled in on Friday.
    """
    plan, people = chunk.plan, chunk.people
    prompt = cut.take() < 0.5
    ends = calendar_day(rows.day) * 1440 + rows.start + rows.minutes
    day = rows.rep * plan.days + rows.day
    latest = np.zeros(len(people) * plan.days, dtype=np.int64)
    np.maximum.at(latest, day, ends)
    first = np.searchsorted(day, day, side="left")
    evening = latest[day] + 5 + 2 * (np.arange(len(day)) - first)
    copies = np.flatnonzero(rows.plant == DUPLICATE)
    evening[copies] = evening[copies - 1]
    logged = np.where(prompt[rows.rep], ends + 1 + whole(chance, 9), evening)
    week = np.array([p.number // BACKFILL_EVERY % plan.weeks if p.number % BACKFILL_EVERY == 3 else -1 for p in people])
    friday = rows.day // 5 * 7 * 1440 + 4 * 1440 + FRIDAY_BURST
    burst = (week[rows.rep] == rows.day // 5) & (ends <= friday) & plan.dirt
    return np.where(burst, friday + whole(chance, 10), logged), burst
