"""The verdict on an activity as it stands: decided or computed, how to carry it out, why, and what it frees.

Knows scores, decisions and hours per rep-week; not entries or pictures. An override of the verdict decides;
the computed verdict stays beside it, and confidence and evidence go on describing what was measured.

Freed = hours x addressable x removable x adoption, by the final verdict. A candidate frees nothing, low, base
or high, because nobody has decided on it. Eliminating what is required frees nothing. Offloading frees only
the part that reps say somebody else could do; where the log does not ask, the factors of simplifying count.
Without an interval of the hours there is a base figure and no range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

SCORES = ("eliminate", "simplify", "automate")
NOT_JUDGED = ("unclassified", "non_work")
ENDS = {"": "base", "_low": "low", "_high": "high"}


def verdicts(  # noqa: PLR0913, PLR0917 - a model's parameters are the tables it reads
    activity_facts: pl.DataFrame,
    verdict_points: pl.DataFrame,
    verdict_scores: pl.DataFrame,
    cfg_taxonomy: pl.DataFrame,
    cfg_overrides: pl.DataFrame,
    cfg_limits: pl.DataFrame,
    cfg_routes: pl.DataFrame,
) -> pl.DataFrame:
    """Each activity's scores, computed and final verdict, route, confidence, evidence and freed seconds.

    Grain: one row per activity.
    Expect: unique(activity_code), not_null(computed_verdict, final_verdict, confidence, evidence)
    Column: final_verdict = Verdict as it stands: what people decided, else the computed one.
    Column: freed_seconds_per_rep_week = Time that the final verdict frees; 0 for candidates and where nothing is done.
    """
    import polars as pl

    limits = dict(cfg_limits.select("name", "value").iter_rows())
    judged = (
        verdict_scores.join(activity_facts.drop("value_class"), on="activity_code")
        .join(_decisions(cfg_overrides), on="activity_code", how="left")
        .with_columns(
            final_verdict=pl.coalesce("decided_verdict", "computed_verdict"),
            is_candidate=pl.col("is_candidate") & pl.col("decided_verdict").is_null(),
        )
    )
    return (
        judged.join(_default_routes(judged, cfg_taxonomy, cfg_routes), on="activity_code", how="left")
        .with_columns(route=_route(limits))
        .with_columns(*_freed(limits), confidence=_confidence(limits))
        .join(_told(verdict_scores, verdict_points), on="activity_code", how="left")
        .with_columns(evidence=_evidence(limits))
        .select(
            "activity_code",
            *(f"{name}_score" for name in SCORES),
            *(f"{name}_uncovered_share" for name in SCORES),
            "computed_verdict",
            "is_candidate",
            "final_verdict",
            "override_reason",
            "route",
            "confidence",
            "evidence",
            "freed_seconds_per_rep_week",
            "freed_seconds_per_rep_week_low",
            "freed_seconds_per_rep_week_high",
        )
        .sort("activity_code")
    )


def _decisions(cfg_overrides: pl.DataFrame) -> pl.DataFrame:
    """Return per activity decided_verdict, override_reason, consumer; of several overrides the latest."""
    import polars as pl

    field, value = pl.col("field"), pl.col("value")
    return (
        cfg_overrides.sort("activity_code", "decided_on", "value", "reason")
        .group_by("activity_code", maintain_order=True)
        .agg(
            decided_verdict=value.filter(field == "verdict").last(),
            override_reason=pl.col("reason").filter(field == "verdict").last(),
            consumer=value.filter(field == "consumer").last(),
        )
    )


def _default_routes(judged: pl.DataFrame, cfg_taxonomy: pl.DataFrame, cfg_routes: pl.DataFrame) -> pl.DataFrame:
    """Return activity_code and default_route: the nearest route in the table for the final verdict."""
    import polars as pl

    near = pl.DataFrame({"applies_to": ["activity", "group", "category", "any"], "distance": [0, 1, 2, 3]})
    return (
        judged.select("activity_code", "category", verdict="final_verdict")
        .join(cfg_taxonomy.select("activity_code", "activity_group"), on="activity_code", how="left")
        .select("activity_code", "verdict", activity="activity_code", group="activity_group", category="category")
        .with_columns(any=pl.lit(""))
        .unpivot(index=["activity_code", "verdict"], variable_name="applies_to", value_name="name")
        .join(cfg_routes, on=["applies_to", "name", "verdict"])
        .join(near, on="applies_to")
        .sort("activity_code", "distance")
        .unique(subset="activity_code", keep="first", maintain_order=True)
        .select("activity_code", default_route="route")
    )


def _route(limits: Mapping[str, float]) -> pl.Expr:
    """Return the route: three facts decide before the table does; NULL where there is nothing to do."""
    import polars as pl

    is_eliminated, is_simplified = (pl.col("final_verdict") == name for name in SCORES[:2])
    return (
        pl.when(is_eliminated & (pl.col("consumer") == "no"))
        .then(pl.lit("stop"))
        .when(is_eliminated & (pl.col("duplication_share") >= limits["merge_duplication_share"]))
        .then(pl.lit("merge"))
        .when(is_simplified & (pl.col("offloadable_share") >= limits["offload_share"]))
        .then(pl.lit("offload"))
        .otherwise("default_route")
    )


def _freed(limits: Mapping[str, float]) -> list[pl.Expr]:
    """Return the three freed columns, in seconds per rep-week, by the module's rule."""
    import polars as pl

    verdict = pl.col("final_verdict")
    is_acted_on = verdict.is_in(SCORES) & ~pl.col("is_candidate") & ~((verdict == "eliminate") & pl.col("is_required"))
    is_offloaded = (verdict == "simplify") & (pl.col("route") == "offload") & pl.col("offloadable_share").is_not_null()
    columns = []
    for suffix, end in ENDS.items():
        factors = {name: limits[f"removable_{name}_{end}"] for name in SCORES}
        removable = (
            pl.when(is_offloaded)
            .then(pl.col("offloadable_share") * limits[f"removable_offload_{end}"])
            .otherwise(verdict.replace_strict(factors, default=None, return_dtype=pl.Float64))
        )
        seconds = pl.col(f"seconds_per_rep_week{suffix}") * removable * limits[f"adoption_{end}"]
        columns.append(pl.when(is_acted_on).then(seconds).otherwise(0.0).alias(f"freed_seconds_per_rep_week{suffix}"))
    return columns


def _confidence(limits: Mapping[str, float]) -> pl.Expr:
    """Return high, medium or low by the number of missed bars; a figure that is missing misses its bar.

    The lead counts where a score gave the verdict, the uncovered weight where one gave or failed to give it.
    """
    import polars as pl

    hours = pl.col("seconds_per_rep_week")
    half_width = (pl.col("seconds_per_rep_week_high") - pl.col("seconds_per_rep_week_low")) / 2 / hours
    uncovered = pl.coalesce(
        *(pl.when(pl.col("leading_verdict") == name).then(f"{name}_uncovered_share") for name in SCORES), pl.lit(1.0)
    )
    is_scored = pl.col("computed_verdict").is_in(SCORES)
    is_kept = pl.col("computed_verdict") == "keep"
    holds = [
        (pl.col("reps_doing") >= limits["confident_reps"]) & (pl.col("entries") >= limits["confident_entries"]),
        half_width <= limits["confident_half_width"],
        pl.col("rule_share") >= limits["confident_rule_share"],
        ~is_scored | (pl.col("lead") >= limits["confident_lead"]),
        ~(is_scored | is_kept) | (uncovered <= limits["confident_uncovered"]),
    ]
    missed = pl.sum_horizontal(~bar.fill_null(value=False) for bar in holds)
    return (
        pl.when(pl.col("category").is_in(NOT_JUDGED) | (missed > 1))
        .then(pl.lit("low"))
        .when(missed == 1)
        .then(pl.lit("medium"))
        .otherwise(pl.lit("high"))
    )


def _told(verdict_scores: pl.DataFrame, verdict_points: pl.DataFrame) -> pl.DataFrame:
    """Return per activity, in words: drivers (the two facts that weigh most), judgements, missing.

    Of an activity that is kept everything missing counts, else what its leading score misses.
    """
    import polars as pl

    is_driver = (pl.col("contribution") > 0) & ~pl.col("is_assumed") & pl.col("is_leading")
    as_driver = pl.col("reading") + pl.when("is_judged").then(pl.lit(" (judged)")).otherwise(pl.lit(""))
    is_rest = pl.col("is_judged") & pl.col("is_leading") & ~(pl.col("driver_rank") <= 2).fill_null(value=False)
    return (
        verdict_points.join(
            verdict_scores.select("activity_code", "leading_verdict", "computed_verdict"), on="activity_code"
        )
        .with_columns(is_leading=(pl.col("score") == pl.col("leading_verdict")).fill_null(value=False))
        .with_columns(is_told=pl.col("is_leading") | (pl.col("computed_verdict") == "keep"))
        .with_columns(weighs=pl.when(is_driver).then("contribution"))
        .sort(
            "activity_code",
            "weighs",
            "weight",
            "score",
            "input",
            descending=[False, True, True, False, False],
            nulls_last=True,
        )
        .with_columns(
            driver_rank=pl.when(pl.col("weighs").is_not_null()).then(
                pl.int_range(1, pl.len() + 1).over("activity_code")
            )
        )
        .group_by("activity_code", maintain_order=True)
        .agg(
            drivers=as_driver.filter(pl.col("driver_rank") <= 2).str.join(" and "),
            judgements=pl.col("reading").filter(is_rest).str.join(", "),
            missing=pl.col("reading")
            .filter(pl.col("points").is_null() & pl.col("is_told"))
            .unique(maintain_order=True)
            .str.join(", "),
        )
    )


def _evidence(limits: Mapping[str, float]) -> pl.Expr:
    """Return the sentence: hours and interval, share of reps, why, what was judged, what was not measured."""
    import polars as pl

    low, high = _hours("seconds_per_rep_week_low"), _hours("seconds_per_rep_week_high")
    interval = pl.format(" (95 % interval {} to {})", low, high)
    reps = pl.when(pl.col("reps") > 0).then((pl.col("reps_doing") / pl.col("reps") * 100).round(0)).cast(pl.Int64)
    is_weighed = pl.col("computed_verdict").is_in([*SCORES, "keep"])
    return pl.concat_str(
        pl.format("{} h per rep-week", _hours("seconds_per_rep_week")).fill_null("hours per rep-week not known"),
        interval.fill_null(" (no interval)"),
        pl.format(", {} % of reps; ", reps).fill_null("; "),
        _because(limits),
        pl.when(is_weighed).then(_listed("; judged: ", "judgements")).otherwise(pl.lit("")),
        pl.when(is_weighed).then(_listed("; not measured: ", "missing")).otherwise(pl.lit("")),
        pl.format("; decided: {}", "decided_verdict").fill_null(""),
        pl.lit("."),
    )


def _because(limits: Mapping[str, float]) -> pl.Expr:
    """Return the computed verdict and its reason in words."""
    import polars as pl

    verdict = pl.col("computed_verdict")
    was_candidate = (pl.col("leading_score") < limits["verdict_score"]) | (
        pl.col("leading_known_share") < limits["decision_known_share"]
    )
    head = pl.when(was_candidate).then(pl.format("candidate to {}", verdict)).otherwise(verdict)
    score = pl.col("leading_score").round(2)
    return (
        pl.when(verdict.is_in(SCORES))
        .then(pl.concat_str(head, _listed(" because ", "drivers")))
        .when(verdict == "protect")
        .then(pl.lit("protect because the customer wants it and takes part"))
        .when(pl.col("category").is_in(NOT_JUDGED))
        .then(pl.lit("not judged"))
        .when(verdict == "ignore")
        .then(pl.lit("too small to judge"))
        .otherwise(pl.format("keep because no score is high (the highest, {}, is {})", "leading_verdict", score))
        .fill_null("keep because nothing is known that speaks for a change")
    )


def _hours(column: str) -> pl.Expr:
    import polars as pl

    return (pl.col(column) / 3600).round(1).cast(pl.String)


def _listed(head: str, column: str) -> pl.Expr:
    """Return `head` and the list, or nothing where the list is empty."""
    import polars as pl

    return pl.when(pl.col(column) != "").then(pl.concat_str(pl.lit(head), column)).otherwise(pl.lit(""))
