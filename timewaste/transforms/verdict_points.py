"""What each known fact adds to an activity's three scores: the receipts behind a verdict.

Knows facts, judgements and weights; not thresholds, verdicts or hours. Every input is turned into points by
`ramp(x; a, b) = clip((x - a) / (b - a), 0, 1)`; where the input is not measured there are no points, and the
weights of the others are raised to make up for it. A judgement nobody has made counts as known, with half the
points, and is marked as assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

JUDGED = ("no_consumer", "rule_based", "stability")
JUDGED_POINTS = {"yes": 0.0, "no": 1.0, "1": 0.0, "3": 0.5, "5": 1.0}
# (input, is_inverted, judged as or "" for a measured one, how its value is written, words).
READINGS = (
    ("value_class", False, "non_value_adding", "", "it gives the customer nothing"),
    ("value_class", False, "business_necessary", "", "only the business needs it"),
    ("value_class", False, "value_adding", "", "the customer wants it"),
    ("no_consumer", False, "no", "", "nobody uses the result"),
    ("no_consumer", False, "yes", "", "somebody uses the result"),
    ("no_consumer", False, "unknown", "", "consumer unknown"),
    ("rule_based", False, "1", "", "it follows no fixed rules"),
    ("rule_based", False, "3", "", "it partly follows fixed rules"),
    ("rule_based", False, "5", "", "it follows fixed rules"),
    ("rule_based", False, "unknown", "", "fixed rules unknown"),
    ("stability", False, "1", "", "its systems change often"),
    ("stability", False, "3", "", "its systems change now and then"),
    ("stability", False, "5", "", "its systems are stable"),
    ("stability", False, "unknown", "", "stability unknown"),
    ("duplication_share", False, "", "percent", "{} % of it repeats other records"),
    ("top_gap", False, "", "percent", "top performers spend {} % less time on it"),
    ("action_gap", False, "", "percent", "customers act {} % less often after it than without it"),
    ("rework_share", False, "", "percent", "{} % of it is rework"),
    ("rework_share", True, "", "percent", "only {} % of it is rework"),
    ("duration_cv", False, "", "percent", "how long it takes varies by {} %"),
    ("duration_cv", True, "", "percent", "how long it takes varies by only {} %"),
    ("rep_spread", False, "", "number", "slower reps take {} times as long as faster ones"),
    ("handoffs", False, "", "number", "it is handed over {} times per case"),
    ("wait_share", False, "", "percent", "{} % of its lead time is waiting"),
    ("offloadable_share", False, "", "percent", "somebody else could do {} % of it"),
    ("occurrences_per_rep_week", False, "", "number", "it comes up {} times per rep-week"),
    ("template_share", False, "", "percent", "{} % of it uses the same words"),
    ("digital_share", False, "", "percent", "{} % of it is done on a screen"),
    ("prevalence", False, "", "percent", "{} % of reps do it"),
)
MISSING = {
    "duplication_share": "repetition of other records",
    "top_gap": "difference to top performers",
    "action_gap": "customers' reaction",
    "rework_share": "rework",
    "duration_cv": "spread of durations",
    "rep_spread": "spread between reps",
    "handoffs": "handovers",
    "wait_share": "waiting",
    "offloadable_share": "who else could do it",
    "occurrences_per_rep_week": "frequency",
    "template_share": "repeated wording",
    "digital_share": "channel",
    "prevalence": "share of reps",
}
MEASURED = tuple(MISSING)


def verdict_points(
    activity_facts: pl.DataFrame,
    cfg_overrides: pl.DataFrame,
    cfg_scores: pl.DataFrame,
    cfg_limits: pl.DataFrame,
) -> pl.DataFrame:
    """Points and share of the score that each input gives each activity; NULL points = not measured.

    Grain: one row per activity, score and input.
    Expect: unique(activity_code, score, input), not_null(weight, reading)
    Column: is_judged = Whether the input is a judgement and no measurement.
    Column: is_assumed = Whether it is a judgement that nobody has made: half the points are assumed.
    Column: value = Value of the input; null where it is not measured.
    Column: weight = Weight of the input in the score.
    Column: points = Points, 0 to 1; null where the input is not measured.
    Column: contribution = Part of the score that comes from this input: points times weight, over the weight that is
      known.
    Column: reading = The input in words.
    """
    import polars as pl

    whole = ["activity_code", "score"]
    ramp = (pl.col("value") - pl.col("ramp_from")) / (pl.col("ramp_to") - pl.col("ramp_from"))
    covered_weight = pl.col("weight").filter(pl.col("points").is_not_null()).sum().over(whole)
    return (
        pl.concat([_measured(activity_facts), _judged(activity_facts, cfg_overrides, cfg_limits)])
        .join(cfg_scores, on="input")
        .with_columns(clipped=ramp.clip(0, 1))
        .with_columns(points=pl.when("is_inverted").then(1 - pl.col("clipped")).otherwise("clipped"))
        .sort(*whole, "input")
        .with_columns(contribution=pl.col("points") * pl.col("weight") / covered_weight)
        .join(_readings(), on=["input", "is_inverted", "judged_as"], how="left")
        .with_columns(reading=_reading())
        .select(
            "activity_code",
            "score",
            "input",
            "is_judged",
            "is_assumed",
            "value",
            "weight",
            "points",
            "contribution",
            "reading",
        )
        .sort(*whole, "input")
    )


def _measured(activity_facts: pl.DataFrame) -> pl.DataFrame:
    """Return the measured inputs in long form; one that no model measures yet is NULL for every activity."""
    import polars as pl

    has_reps = pl.col("reps") > 0
    is_told_apart = pl.col("is_top_gap_significant")
    facts = activity_facts.with_columns(
        prevalence=pl.when(has_reps).then(pl.col("reps_doing") / pl.col("reps")),
        # a gap whose interval holds 0 is measured, and is no gap
        top_gap=pl.when(is_told_apart)
        .then("top_gap")
        .when(is_told_apart.not_() & pl.col("top_gap").is_not_null())
        .then(0.0),
    )
    return (
        facts.select(
            "activity_code",
            *(
                pl.col(name).cast(pl.Float64).fill_nan(None)
                if name in facts.columns
                else pl.lit(None, pl.Float64).alias(name)
                for name in MEASURED
            ),
        )
        .unpivot(index="activity_code", variable_name="input", value_name="value")
        .with_columns(
            judged_as=pl.lit(""),
            is_judged=pl.lit(False),
            is_assumed=pl.lit(False),
        )
    )


def _judged(activity_facts: pl.DataFrame, cfg_overrides: pl.DataFrame, cfg_limits: pl.DataFrame) -> pl.DataFrame:
    """Return the judged inputs in long form: what the latest override says, else `unknown`.

    The value class is known from the taxonomy; an override changes it.
    """
    import polars as pl

    limits = dict(cfg_limits.select("name", "value").iter_rows())
    points = {name.removeprefix("points_"): value for name, value in limits.items() if name.startswith("points_")}
    said = (
        cfg_overrides.select(
            "activity_code", "decided_on", "value", input=pl.col("field").replace("consumer", "no_consumer")
        )
        .sort("activity_code", "input", "decided_on", "value")
        .unique(subset=["activity_code", "input"], keep="last", maintain_order=True)
        .select("activity_code", "input", said="value")
    )
    return (
        activity_facts.select("activity_code", "value_class", *(pl.lit("unknown").alias(name) for name in JUDGED))
        .unpivot(index="activity_code", variable_name="input", value_name="default")
        .join(said, on=["activity_code", "input"], how="left")
        .with_columns(
            judged_as=pl.coalesce("said", "default"),
            is_judged=pl.col("said").is_not_null() | pl.col("input").is_in(JUDGED),
        )
        .select(
            "activity_code",
            "input",
            pl.col("judged_as").replace_strict({**JUDGED_POINTS, **points}, return_dtype=pl.Float64).alias("value"),
            "judged_as",
            "is_judged",
            is_assumed=pl.col("judged_as") == "unknown",
        )
    )


def _readings() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(READINGS, schema=["input", "is_inverted", "judged_as", "written_as", "words"], orient="row")


def _reading() -> pl.Expr:
    """Return the input in words: with its value where it is known, else the name of what is missing."""
    import polars as pl

    percent = (pl.col("value") * 100).round(0).cast(pl.Int64).cast(pl.String)
    number = pl.col("value").round(1).cast(pl.String)
    shown = pl.when(pl.col("written_as") == "percent").then(percent).otherwise(number)
    return (
        pl.when(pl.col("points").is_null())
        .then(pl.col("input").replace(MISSING))
        .otherwise(pl.col("words").str.replace("{}", shown.fill_null(""), literal=True))
    )
