"""The pipeline: opportunities, their way through the steps, and which are open on which day.

Days are numbered from the window's first Monday (0); an opportunity starts up to half a year earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.draw import normals, whole
from timewaste.simulate.settings import (
    BACK_SHARE,
    HISTORY_DAYS,
    LOST_SHARE,
    MEAN_OPEN_DAYS,
    MEDIAN_LEAD_DAYS,
    SIGMA_LEAD,
    STEPS,
)

if TYPE_CHECKING:
    from timewaste.simulate.draw import Cutter, Floats, Ints
    from timewaste.simulate.people import Chunk
    from timewaste.simulate.settings import Plan, Team

MOVES = 16
WON, LOST = len(STEPS), len(STEPS) + 1
STAGES = (*STEPS, "Won", "Lost")
SOURCES = ("outbound", "inbound", "referral", "partner", "event")
SOURCE_COUNT = len(SOURCES)
CUSTOMERS = 12  # of one rep


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The opportunities of a chunk of reps.

    Stage rows are (opportunity, stage, minute) in order, an opportunity being rep * per_rep + place; those of
    the window only. `stage_minute` counts from the window's first midnight and may be negative.
    """

    per_rep: int
    rep: Ints
    account: Ints
    source: Ints
    amount: Ints
    is_known: Ints
    stage_opportunity: Ints
    stage: Ints
    stage_minute: Ints
    customers: Ints


def opportunities_per_rep(plan: Plan, team: Team) -> int:
    """Return how many opportunities start per rep, such that `team.open_opportunities` are open at a time."""
    return round(team.open_opportunities / MEAN_OPEN_DAYS * (HISTORY_DAYS + 7 * plan.weeks))


def make_pipeline(cut: Cutter, chunk: Chunk, companies: int) -> Pipeline:
    """Return the pipeline of a chunk of reps."""
    plan, team, reps = chunk.plan, chunk.team, len(chunk.people)
    count = opportunities_per_rep(plan, team)
    customers = whole(cut.take(CUSTOMERS), companies)
    created, who, origin, size = (cut.take(count) for _ in range(4))
    start = np.floor(created * (HISTORY_DAYS + 7 * plan.weeks)).astype(np.int64) - HISTORY_DAYS
    median = 60_000 if team.slug == "key-account" else 18_000
    amount = np.round(median * np.exp(0.9 * normals(size)) / 100).astype(np.int64) * 100
    account = np.take_along_axis(customers, whole(who, CUSTOMERS), axis=1)
    rows = _walk(cut.take(count, MOVES, 4).reshape(-1, MOVES, 4), _weekday(start.reshape(-1)))
    last_minute = (7 * plan.weeks - 2) * 1440
    kept = rows[rows[:, 2] < last_minute]
    order = np.lexsort((kept[:, 2], kept[:, 0]))
    known = np.zeros(reps * count, dtype=np.int64)
    known[kept[:, 0]] = 1
    return Pipeline(
        per_rep=count,
        rep=np.repeat(np.arange(reps), count),
        account=account.reshape(-1),
        source=whole(origin, SOURCE_COUNT).reshape(-1),
        amount=amount.reshape(-1),
        is_known=known,
        stage_opportunity=kept[order, 0],
        stage=kept[order, 1],
        stage_minute=kept[order, 2],
        customers=customers,
    )


def _weekday(day: Ints) -> Ints:
    """Return the day, or the Monday after it when it falls on a weekend."""
    weekday = day % 7
    return np.where(weekday >= 5, day + 7 - weekday, day)


def _walk(chance: Floats, day: Ints) -> Ints:
    """Return rows (opportunity, stage, minute) of every opportunity's way to Won or Lost."""
    lost_share, median = np.array(LOST_SHARE), np.array(MEDIAN_LEAD_DAYS)
    step = np.zeros(len(day), dtype=np.int64)
    alive = np.arange(len(day))
    rows = []
    for move in range(MOVES):
        u = chance[alive, move]
        minute = day[alive] * 1440 + 480 + 5 * whole(u[:, 0], 120)
        rows.append(np.stack((alive, step[alive], minute), axis=1))
        moving = step[alive] < len(STEPS)
        alive, u = alive[moving], u[moving]
        here = step[alive]
        lead = np.round(median[here] * np.exp(SIGMA_LEAD * normals(u[:, 1]))).astype(np.int64)
        day[alive] = _weekday(day[alive] + np.maximum(lead, 1))
        back = (u[:, 2] < BACK_SHARE) & (here >= 1) & (here <= 4)
        step[alive] = np.where(u[:, 3] < lost_share[here], LOST, np.where(back, here - 1, here + 1))
    return np.concatenate(rows)


def open_on_days(pipeline: Pipeline, plan: Plan) -> tuple[Ints, Ints, Ints]:
    """Return (first, count, opportunity): which opportunities are in a step all day long.

    `first` and `count` are indexed by (rep * workdays + workday) * steps + step and point into `opportunity`.
    """
    same = pipeline.stage_opportunity[1:] == pipeline.stage_opportunity[:-1]
    end_day = np.full(len(pipeline.stage), 7 * plan.weeks + 1, dtype=np.int64)
    end_day[:-1][same] = pipeline.stage_minute[1:][same] // 1440
    first_day = np.maximum(pipeline.stage_minute // 1440 + 1, 0)
    first_work = first_day // 7 * 5 + np.minimum(first_day % 7, 5)
    end_work = np.minimum(np.maximum(end_day, 0) // 7 * 5 + np.minimum(np.maximum(end_day, 0) % 7, 5), plan.days)
    length = np.where(pipeline.stage < len(STEPS), np.maximum(end_work - first_work, 0), 0)
    visit = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(visit)) - np.repeat(np.cumsum(length) - length, length)
    opportunity = pipeline.stage_opportunity[visit]
    key = (pipeline.rep[opportunity] * plan.days + first_work[visit] + offset) * len(STEPS) + pipeline.stage[visit]
    reps = int(pipeline.rep[-1]) + 1
    count = np.bincount(key, minlength=reps * plan.days * len(STEPS)).astype(np.int64)
    return np.cumsum(count) - count, count, opportunity[np.argsort(key, kind="stable")]
