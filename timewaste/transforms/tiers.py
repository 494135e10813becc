"""Do top performers spend their time otherwise? Compared within roles only, and never for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ENOUGH_REPS = 5
FALSE_DISCOVERY_RATE = 0.10


def tier_gaps(rep_effort: pl.DataFrame, rep_activities: pl.DataFrame) -> pl.DataFrame:
    """How much less of their week top performers give to an activity than the others of their role.

    Per role, the difference of the mean shares of both tiers; over the roles, their mean weighted by
    n_top * n_rest / (n_top + n_rest), with the variance of independent means and a t distribution. top_gap is
    the difference relative to the mean share of all. Over the activities the false discovery rate is held at 10 %
    (Benjamini and Hochberg). Null where fewer than five reps stand on either side. It shows that they differ, not why.

    Grain: one row per activity that was logged.
    Expect: unique(activity_code), not_null(activity_code)
    """
    import polars as pl

    reps = rep_effort.select("rep_id", "role", "base_seconds", is_top=pl.col("tier") == "top").drop_nulls("is_top")
    if min((reps["is_top"]).sum(), (~reps["is_top"]).sum()) < ENOUGH_REPS:
        return _empty(rep_activities)
    logged = rep_activities.select("rep_id", "activity_code", "seconds")
    shares = (
        reps.join(logged.select(pl.col("activity_code").unique()), how="cross")
        .join(logged, on=["rep_id", "activity_code"], how="left")
        .with_columns(share=pl.col("seconds").fill_null(0) / pl.col("base_seconds"))
        .sort("activity_code", "rep_id")
    )
    top, rest = pl.col("share").filter("is_top"), pl.col("share").filter(~pl.col("is_top"))
    n_top, n_rest = top.len().cast(pl.Float64), rest.len().cast(pl.Float64)
    by_role = (
        shares.group_by("activity_code", "role")
        .agg(
            difference=rest.mean() - top.mean(),
            variance=top.var() / n_top + rest.var() / n_rest,
            weight=n_top * n_rest / (n_top + n_rest),
            freedom=n_top + n_rest - 2,
        )
        .drop_nulls()
        .sort("activity_code", "role")
    )
    weight = pl.col("weight")
    gaps = (
        by_role.group_by("activity_code", maintain_order=True)
        .agg(
            difference=(pl.col("difference") * weight).sum() / weight.sum(),
            error=(pl.col("variance") * weight**2).sum().sqrt() / weight.sum(),
            freedom=pl.col("freedom").sum(),
        )
        .filter(pl.col("error") > 0)
        .join(shares.group_by("activity_code").agg(mean=pl.col("share").mean()), on="activity_code")
        .filter(pl.col("mean") > 0)
    )
    return (
        gaps.with_columns(top_gap=pl.col("difference") / pl.col("mean"), p=_p_value(gaps))
        .with_columns(bar=pl.col("p").rank("ordinal") / pl.len() * FALSE_DISCOVERY_RATE)
        .with_columns(highest=pl.col("p").filter(pl.col("p") <= pl.col("bar")).max())
        .select(
            "activity_code",
            "top_gap",
            is_top_gap_significant=(pl.col("p") <= pl.col("highest")).fill_null(value=False),
        )
        .join(logged.select(pl.col("activity_code").unique()), on="activity_code", how="right")
        .select("activity_code", "top_gap", "is_top_gap_significant")
        .sort("activity_code")
    )


def _p_value(gaps: pl.DataFrame) -> pl.Series:
    """Return the two-sided p of each difference over its standard error."""
    import polars as pl
    from scipy.special import stdtr

    ratio = (gaps["difference"] / gaps["error"]).abs().to_numpy()
    return pl.Series("p", 2 * stdtr(gaps["freedom"].to_numpy(), -ratio), dtype=pl.Float64)


def _empty(rep_activities: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return (
        rep_activities.select(pl.col("activity_code").unique())
        .with_columns(top_gap=pl.lit(None, pl.Float64), is_top_gap_significant=pl.lit(None, pl.Boolean))
        .sort("activity_code")
    )
