"""Who of the roster logged, and what the share would be had all groups logged alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

CELL = "cell"
"""The dimension whose groups carry the weights: role and tier together."""
STRANGERS = "not in the roster"


def response_strata(reps: pl.DataFrame, int_rep_habits: pl.DataFrame) -> pl.DataFrame:
    """Who of the roster logged, by role, tier and region, with the weight that makes up for who did not.

    weight = (N_h / N) / (n_h / n) with N_h of N reps of the roster in group h and n_h of n loggers: post-stratification
    (Holt and Smith, 1979). The weighted selling share is Σ w s / Σ w h over the rows of dimension `cell`: role and tier
    together, tiers of a role in one cell where one of them has no logger. A role without any logger is in no cell that
    can be weighted. Who logged without standing in the roster keeps the weight 1.

    Grain: one row per dimension and group.
    Expect: unique(dimension, stratum), not_null(dimension, stratum, roster_reps, logging_reps)
    Column: dimension = What the group is by: role, tier, region, or cell (role and tier).
    Column: stratum = Name of the group.
    Column: logging_reps = Reps of the group who logged.
    Column: response_share = Reps who logged over reps of the roster.
    Column: weight = Weight that makes up for who did not log; null where nobody of the group did.
    """
    import polars as pl

    loggers = int_rep_habits.filter(pl.col("worked_seconds") > 0).select("rep_id", "worked_seconds", "selling_seconds")
    people = reps.join(loggers, on="rep_id", how="left").with_columns(
        has_logged=pl.col("worked_seconds").is_not_null(),
        tier=pl.col("tier").fill_null("no tier"),
        region=pl.col("region").fill_null("no region"),
    )
    roster = people.filter("is_in_roster").with_columns(
        is_split=(pl.col("has_logged").any().over("role", "tier")).all().over("role")
    )
    cell = pl.when("is_split").then(pl.concat_str("role", "tier", separator=", ")).otherwise("role")
    strangers = people.filter(~pl.col("is_in_roster"), pl.col("has_logged")).with_columns(stratum=pl.lit(STRANGERS))
    parts = [
        roster.with_columns(dimension=pl.lit(name), stratum=by)
        for name, by in (("role", pl.col("role")), ("tier", pl.col("tier")), ("region", pl.col("region")), (CELL, cell))
    ]
    named = pl.concat([*parts, strangers.with_columns(dimension=pl.lit(CELL))], how="diagonal")
    worked = pl.col("worked_seconds")
    is_stranger = pl.col("stratum") == STRANGERS
    counted = named.group_by("dimension", "stratum").agg(
        roster_reps=pl.col("is_in_roster").sum().cast(pl.Int64),
        logging_reps=pl.col("has_logged").sum().cast(pl.Int64),
        worked_seconds=pl.col("worked_seconds").sum(),
        selling_seconds=pl.col("selling_seconds").sum(),
    )
    roster_part = pl.col("roster_reps") / pl.col("roster_reps").sum().over("dimension")
    logging_part = pl.col("logging_reps") / pl.col("logging_reps").filter(~is_stranger).sum().over("dimension")
    weight = roster_part / logging_part
    return (
        counted.with_columns(
            weight=pl.when(is_stranger).then(1.0).when(pl.col("logging_reps") > 0).then(weight),
            response_share=pl.when(~is_stranger).then(pl.col("logging_reps") / pl.col("roster_reps")),
            selling_share=pl.when(worked > 0).then(pl.col("selling_seconds") / worked),
        )
        .select(
            "dimension", "stratum", "roster_reps", "logging_reps", "response_share", "weight", "worked_seconds",
            "selling_seconds", "selling_share",
        )
        .sort("dimension", "stratum")
    )  # fmt: skip
