"""The difference between top performers and the others, against a plain computation and a known truth."""

import math
import random
import statistics

import polars as pl
import pytest
from scipy import stats

from timewaste.transforms.tiers import tier_gaps

WEEK = 160_000


def study(shares: dict[tuple[str, str], list[float]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rep_effort and rep_activities for shares of A13 by (role, tier)."""
    effort, activities = [], []
    for (role, tier), values in shares.items():
        for number, share in enumerate(values):
            rep = f"{role}-{tier}-{number}"
            effort.append((rep, "team", role, tier, WEEK, 5, 1.0))
            for code, part in (("A13", share), ("S21", 1 - share)):
                if part:
                    activities.append((rep, "team", role, tier, code, "x", round(part * WEEK), 3, 900.0))
    return (
        pl.DataFrame(
            effort, schema=["rep_id", "team", "role", "tier", "base_seconds", "logged_days", "rep_weeks"], orient="row"
        ),
        pl.DataFrame(
            activities,
            schema=[
                "rep_id",
                "team",
                "role",
                "tier",
                "activity_code",
                "category",
                "seconds",
                "entries",
                "median_seconds",
            ],
            orient="row",
        ),
    )


def gap_of(frame: pl.DataFrame, code: str = "A13") -> tuple[float | None, bool | None]:
    return frame.filter(activity_code=code).select("top_gap", "is_top_gap_significant").row(0)


def test_one_role_is_the_t_test_of_the_books() -> None:
    top, core = [0.02, 0.03, 0.01, 0.02, 0.04, 0.03], [0.10, 0.12, 0.08, 0.11, 0.09, 0.13, 0.10]
    gap, told_apart = gap_of(tier_gaps(*study({("field", "top"): top, ("field", "core"): core})))
    mean = statistics.mean(top + core)
    assert gap == pytest.approx((statistics.mean(core) - statistics.mean(top)) / mean, rel=1e-4)
    assert stats.ttest_ind(core, top, equal_var=False).pvalue < 0.01
    assert told_apart is True


def test_a_difference_between_roles_is_not_one_between_tiers() -> None:
    draw = random.Random(3)
    shares = {
        ("field", "top"): [0.20 + draw.gauss(0, 0.01) for _ in range(9)],
        ("field", "core"): [0.20 + draw.gauss(0, 0.01) for _ in range(3)],
        ("inside", "top"): [0.02 + draw.gauss(0, 0.005) for _ in range(3)],
        ("inside", "core"): [0.02 + draw.gauss(0, 0.005) for _ in range(9)],
    }
    gap, _ = gap_of(tier_gaps(*study(shares)))
    assert gap is not None
    assert abs(gap) < 0.1, "pooled over roles the tiers would differ by more than half"


def test_too_few_reps_measure_nothing() -> None:
    assert gap_of(tier_gaps(*study({("field", "top"): [0.1] * 4, ("field", "core"): [0.2] * 20}))) == (None, None)
    assert gap_of(tier_gaps(*study({("field", "core"): [0.2] * 20}))) == (None, None)


def test_reps_without_the_activity_count_as_zero() -> None:
    top, core = [0.0, 0.0, 0.0, 0.0, 0.01], [0.10, 0.12, 0.08, 0.11, 0.09]
    gap, _ = gap_of(tier_gaps(*study({("field", "top"): top, ("field", "core"): core})))
    assert gap == pytest.approx((0.1 - 0.002) / 0.051, rel=1e-3)


def test_chance_alone_rarely_tells_tiers_apart() -> None:
    found = 0
    for seed in range(60):
        draw = random.Random(seed)
        shares = {("field", tier): [max(0.001, draw.gauss(0.1, 0.03)) for _ in range(12)] for tier in ("top", "core")}
        found += gap_of(tier_gaps(*study(shares)))[1] is True
    assert found <= 60 * 0.10 + 3 * math.sqrt(60 * 0.1 * 0.9)
