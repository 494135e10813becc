"""An activity's three scores and the verdict they come to.

Knows hours, points and limits; not what people decided on the verdict, routes or words.

The order of the rules:

1. What the customer wants and takes part in is protected. Unclassified and non-work time is not judged,
   and an activity too small to matter is not either: both are `ignore`.
2. The first of eliminate, simplify, automate that reaches `verdict_score`: speeding up what nobody needs only
   makes waste run faster. What law or contract requires is never eliminated, and what a rep does together with
   a customer is never automated.
3. Else the best of the three as a candidate, if it reaches `candidate_score`; else keep.
4. A score that rests on less than `decision_known_share` of its weight, measured or judged by somebody, makes a
   candidate only, and simplify then stands behind an automate that rests on more: an assumption decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

SCORES = ("eliminate", "simplify", "automate")
NOT_JUDGED = ("unclassified", "non_work")


def verdict_scores(
    activity_facts: pl.DataFrame,
    estimates: pl.DataFrame,
    verdict_points: pl.DataFrame,
    cfg_overrides: pl.DataFrame,
    cfg_limits: pl.DataFrame,
) -> pl.DataFrame:
    """Each activity's hours, scores and computed verdict, before anybody decided otherwise.

    Grain: one row per activity.
    Expect: unique(activity_code), not_null(computed_verdict, is_candidate)
    Column: value_class = Value class, as people judged it, else as in the taxonomy.
    Column: is_required = Whether law or contract requires it, as people judged.
    Column: leading_verdict = Score that leads: eliminate, simplify or automate.
    Column: leading_score = Height of the leading score.
    Column: leading_known_share = Part of its weight that is measured or judged by somebody.
    Column: lead = How far it leads over the best of the others; negative where it is ahead by doctrine only.
    """
    import polars as pl

    limits = dict(cfg_limits.select("name", "value").iter_rows())
    can_eliminate = pl.when(pl.col("is_required").not_()).then("eliminate_score")
    can_automate = pl.when(pl.col("is_customer_facing").not_()).then("automate_score")
    contenders = {"eliminate": can_eliminate, "simplify": pl.col("simplify_score"), "automate": can_automate}
    return (
        _subjects(activity_facts, estimates)
        .join(_scores(verdict_points), on="activity_code", how="left")
        .join(_decided(cfg_overrides), on="activity_code", how="left")
        .with_columns(
            value_class=pl.coalesce("decided_class", "value_class"),
            is_required=pl.col("is_required").fill_null(value=False),
        )
        .with_columns(_leading(contenders, limits))
        .with_columns(computed_verdict=_verdict(limits))
        .with_columns(
            is_candidate=pl.col("computed_verdict").is_in(SCORES)
            & (
                (pl.col("leading_score") < limits["verdict_score"])
                | (pl.col("leading_known_share") < limits["decision_known_share"])
            )
        )
        .select(
            "activity_code",
            "value_class",
            "is_required",
            "seconds_per_rep_week",
            "seconds_per_rep_week_low",
            "seconds_per_rep_week_high",
            *(f"{name}_score" for name in SCORES),
            *(f"{name}_uncovered_share" for name in SCORES),
            "leading_verdict",
            "leading_score",
            "leading_known_share",
            "lead",
            "computed_verdict",
            "is_candidate",
        )
        .sort("activity_code")
    )


def _subjects(activity_facts: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Return the activities with their share and seconds per rep-week over all reps."""
    import polars as pl

    of_all = estimates.filter((pl.col("scope") == "all") & (pl.col("kind") == "activity")).select(
        pl.col("name").alias("activity_code"),
        "share",
        "seconds_per_rep_week",
        "seconds_per_rep_week_low",
        "seconds_per_rep_week_high",
    )
    return activity_facts.select(
        "activity_code",
        "category",
        "value_class",
        "is_customer_facing",
    ).join(of_all, on="activity_code", how="left")


def _scores(verdict_points: pl.DataFrame) -> pl.DataFrame:
    """Return per activity the three scores, and the shares of the weight uncovered and known (not assumed)."""
    import polars as pl

    # Rounded, so that a score of .60 on paper does not miss .60 by a last digit.
    columns: dict[str, pl.Expr] = {}
    for name in SCORES:
        is_here = pl.col("score") == name
        contribution = pl.col("contribution").filter(is_here).drop_nulls()
        weight, missing = pl.col("weight").filter(is_here), pl.col("points").filter(is_here).is_null()
        columns[f"{name}_score"] = pl.when(contribution.len() > 0).then(contribution.sum().round(9))
        columns[f"{name}_uncovered_share"] = (weight.filter(missing).sum() / weight.sum()).round(9)
        known = ~missing & ~pl.col("is_assumed").filter(is_here)
        columns[f"{name}_known_share"] = (weight.filter(known).sum() / weight.sum()).round(9)
    return (
        verdict_points.sort("activity_code", "score", "input")
        .group_by("activity_code", maintain_order=True)
        .agg(**columns)
    )


def _decided(cfg_overrides: pl.DataFrame) -> pl.DataFrame:
    """Return per activity decided_class and is_required; of several overrides the latest counts."""
    import polars as pl

    field, value = pl.col("field"), pl.col("value")
    return (
        cfg_overrides.sort("activity_code", "decided_on", "value")
        .group_by("activity_code", maintain_order=True)
        .agg(
            decided_class=value.filter(field == "value_class").last(),
            is_required=value.filter(field == "required").last() == "yes",
        )
    )


def _leading(contenders: Mapping[str, pl.Expr], limits: Mapping[str, float]) -> list[pl.Expr]:
    """Return the leading score's name, its height, its known weight and its lead over the best of the others.

    By doctrine eliminate leads when it reaches the bar, were it on assumptions: whether anybody needs the work is
    asked first. Then the first of the others that reaches it on enough that is known, the first that reaches it,
    the highest.
    """
    import polars as pl

    best = pl.max_horizontal(*contenders.values())
    is_reached = {name: score >= limits["verdict_score"] for name, score in contenders.items()}
    is_known = {name: pl.col(f"{name}_known_share") >= limits["decision_known_share"] for name in contenders}
    needless = pl.when(is_reached["eliminate"]).then(pl.lit("eliminate"))
    decided = [pl.when(is_reached[name] & is_known[name]).then(pl.lit(name)) for name in SCORES[1:]]
    reaches = [pl.when(is_reached[name]).then(pl.lit(name)) for name in SCORES[1:]]
    highest = [pl.when(score == best).then(pl.lit(name)) for name, score in contenders.items()]
    leading = pl.coalesce(needless, *decided, *reaches, *highest)
    own = pl.coalesce(pl.when(leading == name).then(score) for name, score in contenders.items())
    known = pl.coalesce(pl.when(leading == name).then(f"{name}_known_share") for name in contenders)
    others = pl.max_horizontal(pl.when(leading != name).then(score) for name, score in contenders.items())
    return [
        leading.alias("leading_verdict"),
        own.alias("leading_score"),
        known.alias("leading_known_share"),
        (own - others.fill_null(0)).round(9).alias("lead"),
    ]


def _verdict(limits: Mapping[str, float]) -> pl.Expr:
    """Return the verdict by the module's rules."""
    import polars as pl

    is_protected = (pl.col("value_class") == "value_adding") & pl.col("is_customer_facing")
    is_left_out = pl.col("category").is_in(NOT_JUDGED)
    is_small = (pl.col("seconds_per_rep_week") < limits["min_hours_per_rep_week"] * 3600) | (
        pl.col("share") < limits["min_share_of_base"]
    )
    return (
        pl.when(is_protected & ~is_left_out)
        .then(pl.lit("protect"))
        .when(is_left_out | is_small)
        .then(pl.lit("ignore"))
        .when(pl.col("leading_score") >= limits["candidate_score"])
        .then("leading_verdict")
        .otherwise(pl.lit("keep"))
    )
