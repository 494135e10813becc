"""Shares of time with their intervals. Knows reps, seconds and leaves; not entries, labels or pictures.

A share is pooled: p = Σs / Σh over the reps of the scope (s seconds of the figure, h worked seconds). Its
95 % interval takes the rep as the unit, because the entries of one rep are not independent (an interval over
entries covers the truth 60 % of the time):

    e_i = s_i - p h_i
    se  = sqrt(R / (R - 1) Σ e_i²) / Σh        the linearised ratio: Cochran, Sampling Techniques, ch. 6
    interval = expit(logit(p) ± t(R - 1) se / (p (1 - p)))

It stays inside 0 and 1, and covers 95 % of the time from 5 reps on (`tests/transforms/test_estimates.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

GRAIN = ["scope", "team", "kind", "name"]
FAILURE_DEMAND = ("F31", "F32", "F34", "A22")
"""Leaves that exist only because something went wrong before: complaints, late orders, bills, corrections."""


def estimates(rep_effort: pl.DataFrame, rep_activities: pl.DataFrame, cfg_taxonomy: pl.DataFrame) -> pl.DataFrame:
    """Shares of the worked time with 95 % intervals, for all reps and for each team.

    Grain: one row per scope, team, kind and name.
    Expect: unique(scope, team, kind, name), not_null(seconds), check(share is null or share between 0 and 1)
    Column: team = Team as it may be shown; all for every rep.
    Column: kind = What name is: measure, category or activity.
    Column: name = Name of the measure or category, or code of the activity.
    """
    import polars as pl

    figures = _figures(rep_activities, cfg_taxonomy)
    rep_seconds = (
        rep_activities.join(_members(cfg_taxonomy), on="activity_code")
        .group_by("rep_id", "kind", "name")
        .agg(pl.col("seconds").sum())
    )
    pooled = (
        _scopes(rep_effort)
        .join(figures, how="cross")
        .join(rep_seconds, on=["rep_id", "kind", "name"], how="left")
        .with_columns(pl.col("seconds").fill_null(0))
        .with_columns(pooled_share=pl.col("seconds").sum().over(GRAIN) / pl.col("base_seconds").sum().over(GRAIN))
        .with_columns(squared_error=(pl.col("seconds") - pl.col("pooled_share") * pl.col("base_seconds")) ** 2)
        .group_by(*GRAIN, "is_in_base")
        .agg(
            reps=pl.len().cast(pl.Int64),
            seconds=pl.col("seconds").sum(),
            base_seconds=pl.col("base_seconds").sum(),
            # floats add up the same only in the same order
            rep_weeks=pl.col("rep_weeks").sort().sum(),
            squared_error=pl.col("squared_error").sort().sum(),
        )
    )
    return (
        _with_interval(pooled)
        .with_columns(base_per_rep_week=pl.col("base_seconds") / _positive("rep_weeks"))
        .select(
            *GRAIN,
            "reps",
            "seconds",
            "share",
            "share_low",
            "share_high",
            seconds_per_rep_week=pl.col("seconds") / _positive("rep_weeks"),
            seconds_per_rep_week_low=pl.col("share_low") * pl.col("base_per_rep_week"),
            seconds_per_rep_week_high=pl.col("share_high") * pl.col("base_per_rep_week"),
            is_enough=pl.col("is_enough"),
        )
        .sort(GRAIN)
    )


def _positive(column: str) -> pl.Expr:
    """Return the column with 0 as NULL, to divide by."""
    import polars as pl

    return pl.when(pl.col(column) > 0).then(pl.col(column))


def _measures() -> dict[str, pl.Expr]:
    """Return the leaves of each named measure, as a filter over the taxonomy's base leaves."""
    import polars as pl

    category = pl.col("category")
    return {
        "selling_strict": (category == "selling") & pl.col("is_customer_facing"),
        "selling_standard": category == "selling",
        "selling_broad": category.is_in(["selling", "preparation"]),
        "administrative_wide": category.is_in(["administrative", "functional"]),
        "waste": pl.col("value_class") == "non_value_adding",
        "failure_demand": pl.col("activity_code").is_in(FAILURE_DEMAND),
        "non_selling": category != "selling",
    }


def _figures(rep_activities: pl.DataFrame, cfg_taxonomy: pl.DataFrame) -> pl.DataFrame:
    """Return kind, name and is_in_base of every figure; one that a team did not log is a true zero."""
    import polars as pl

    measures = pl.DataFrame({"name": list(_measures())}).select(
        pl.lit("measure").alias("kind"),
        "name",
        pl.lit(True).alias("is_in_base"),
    )
    categories = cfg_taxonomy.select(
        pl.lit("category").alias("kind"),
        pl.col("category").alias("name"),
        pl.col("category").ne("non_work").alias("is_in_base"),
    )
    activities = (
        rep_activities.filter(pl.col("seconds") > 0)
        .join(cfg_taxonomy.select("activity_code", leaf_category="category"), on="activity_code")
        .select(
            pl.lit("activity").alias("kind"),
            pl.col("activity_code").alias("name"),
            pl.col("leaf_category").ne("non_work").alias("is_in_base"),
        )
    )
    return pl.concat([measures, categories, activities]).unique()


def _members(cfg_taxonomy: pl.DataFrame) -> pl.DataFrame:
    """Return kind, name and activity_code: which leaves make up which figure."""
    import polars as pl

    base_leaves = cfg_taxonomy.filter(pl.col("category") != "non_work")
    measures = [
        base_leaves.filter(is_member).select(
            pl.lit("measure").alias("kind"), pl.lit(name).alias("name"), "activity_code"
        )
        for name, is_member in _measures().items()
    ]
    categories = cfg_taxonomy.select(
        pl.lit("category").alias("kind"),
        pl.col("category").alias("name"),
        "activity_code",
    )
    activities = cfg_taxonomy.select(
        pl.lit("activity").alias("kind"),
        pl.col("activity_code").alias("name"),
        "activity_code",
    )
    return pl.concat([*measures, categories, activities])


def _scopes(rep_effort: pl.DataFrame) -> pl.DataFrame:
    """Return scope, team, rep_id, base_seconds, rep_weeks: who worked, once among all and once in the team.

    A rep without a team counts among all only.
    """
    import polars as pl

    worked = rep_effort.filter(pl.col("base_seconds") > 0)
    columns = ["rep_id", "base_seconds", "rep_weeks"]
    everyone = worked.select(pl.lit("all").alias("scope"), pl.lit("all").alias("team"), *columns)
    teams = worked.filter(pl.col("team") != "").select(pl.lit("team").alias("scope"), "team", *columns)
    return pl.concat([everyone, teams])


def _with_interval(pooled: pl.DataFrame) -> pl.DataFrame:
    """Add share, its interval and is_enough; none below two reps, at 0 or 1, or outside the base."""
    import polars as pl
    from scipy.special import stdtrit

    degrees = pooled.filter(pl.col("reps") >= 2).select("reps").unique().sort("reps")
    quantiles = degrees.with_columns(
        t=pl.Series([float(stdtrit(reps - 1, 0.975)) for reps in degrees["reps"]], dtype=pl.Float64)
    )
    share, reps = pl.col("share"), pl.col("reps")
    return (
        pooled.join(quantiles, on="reps", how="left")
        .with_columns(share=pl.when("is_in_base").then(pl.col("seconds") / pl.col("base_seconds")))
        .with_columns(
            standard_error=(reps / (reps - 1) * pl.col("squared_error")).sqrt() / pl.col("base_seconds"),
            logit=(share / (1 - share)).log(),
        )
        .with_columns(half_width=pl.col("t") * pl.col("standard_error") / (share * (1 - share)))
        .with_columns(
            is_enough=((reps >= 2) & (share > 0) & (share < 1) & pl.col("standard_error").is_finite()).fill_null(False)
        )
        .with_columns(
            # the outer min and max take back a last digit lost in exp and log
            share_low=pl.when("is_enough").then(
                pl.min_horizontal("share", 1 / (1 + (pl.col("half_width") - pl.col("logit")).exp()))
            ),
            share_high=pl.when("is_enough").then(
                pl.max_horizontal("share", 1 / (1 + (-pl.col("half_width") - pl.col("logit")).exp()))
            ),
        )
    )
