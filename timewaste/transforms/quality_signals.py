"""Signs of filling in boxes: worth a conversation, never a verdict, and never shown with a name to others.

Each sign is ranked within a role, because roles differ in how they work. One sign is a habit; three strong ones
together are rare, and how rare by chance is told by shuffling every sign among the reps of the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

SIGNALS = {
    "later_share": "rows written later",
    "half_hour_share": "lengths of whole half hours",
    "repeated_share": "rows alike on three days or more",
    "copied_share": "days alike",
    "off_day_share": "work on holidays, leave and weekends",
    "evenness": "days of one length",
}
SHUFFLES = 100


def rep_signals(int_rep_habits: pl.DataFrame, cfg_quality_limits: pl.DataFrame) -> pl.DataFrame:
    """How many signs of box-ticking each rep shows; for the consultant alone.

    A sign's rank is its place within the role, from 0 (lowest) to 1 (highest), equal values sharing the mean place. It
    speaks when the rank is at least `signal_rank` and the value above the role's median. score is the mean rank of the
    signs that can be measured. Worth a conversation: at least `signals_needed` signs speak and the score is at least
    `score_needed`. expected_by_chance is how many of the role would be when each sign is shuffled among its reps (the
    mean of 100 shuffles). Null in roles of fewer than `role_reps` reps.

    Grain: one row per rep with counted time.
    Expect: unique(rep_id), not_null(rep_id, role, is_worth_a_conversation)
    Column: later_share = Part of the rows with a time of writing that were written a day later or in a burst.
    Column: half_hour_share = Part of the lengths that are whole half hours.
    Column: repeated_share = Part of the rows with clock times that are alike on several days.
    Column: copied_share = Part of the full days that are like another.
    Column: off_day_share = Part of the worked time that lies on holidays, leave and weekends.
    Column: evenness = How even the length of the days is, up to 1: all days are of one length.
    Column: signals = Signs that speak.
    Column: signs = Signs that speak, in words.
    Column: score = Mean rank of the signs within the role, 0 to 1; null where nothing can be compared.
    Column: is_worth_a_conversation = Whether enough signs speak and the score is high enough: a reason to ask, no
      proof.
    Column: expected_by_chance = Reps of the role that would be worth a conversation by chance alone.
    """
    import polars as pl

    limits = dict(cfg_quality_limits.select("name", "value").iter_rows())
    names = list(SIGNALS)
    habits = int_rep_habits.with_columns(later_share=pl.col("late_share") + pl.col("burst_share")).sort(
        "role", "rep_id"
    )
    value, reps = pl.col(names), pl.col("rep_id").count().over("role")
    place = value.rank("average").over("role")
    known = value.count().over("role")
    is_ranked = (known >= limits["role_reps"]) & (reps >= limits["role_reps"])
    ranks = habits.select(pl.when(is_ranked).then((place - 1) / (known - 1)))
    above = habits.select(value > value.median().over("role"))
    speaking = ranks.select(
        ((pl.col(name) >= limits["signal_rank"]) & above[name]).fill_null(value=False) for name in names
    )
    words = [pl.when(pl.col(name)).then(pl.lit(text)) for name, text in SIGNALS.items()]
    judged = habits.with_columns(
        score=ranks.mean_horizontal(),
        signals=speaking.select(n=pl.sum_horizontal(pl.col(names).cast(pl.Int64)))["n"],
        signs=speaking.select(words=pl.concat_str(words, separator=", ", ignore_nulls=True))["words"],
    ).with_columns(
        is_worth_a_conversation=(
            (pl.col("signals") >= limits["signals_needed"]) & (pl.col("score") >= limits["score_needed"])
        ).fill_null(value=False)
    )
    by_chance = {
        role: _by_chance(ranks.filter(judged["role"] == role), speaking.filter(judged["role"] == role), limits)
        for role in judged["role"].unique().sort()
    }
    return judged.with_columns(
        expected_by_chance=pl.col("role").replace_strict(by_chance, return_dtype=pl.Float64)
    ).select(
        "rep_id", "role", *names, "signals", "signs", "score", "is_worth_a_conversation", "expected_by_chance"
    ).sort("rep_id")  # fmt: skip


def _by_chance(ranks: pl.DataFrame, speaking: pl.DataFrame, limits: dict[str, float]) -> float | None:
    """Return how many reps of a role would be flagged if no sign had to do with another."""
    import numpy as np

    if ranks.is_empty() or all(ranks[name].null_count() == ranks.height for name in ranks.columns):
        return None
    values, said = ranks.fill_null(np.nan).to_numpy(), speaking.to_numpy()
    orders = np.random.default_rng(ranks.height).random((SHUFFLES, *values.shape)).argsort(axis=1)
    shuffled = np.take_along_axis(values[None], orders, axis=1)
    known = ~np.isnan(shuffled)
    score = np.where(known, shuffled, 0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    signs = np.take_along_axis(said[None], orders, axis=1).sum(axis=2)
    flagged = (score >= limits["score_needed"]) & (signs >= limits["signals_needed"])
    return float(flagged.sum()) / SHUFFLES
