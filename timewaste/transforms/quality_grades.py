"""Grades A to D of every source and of the study, from bounds that stand in `defaults/quality.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

GRADES = ("A", "B", "C", "D")


def source_grades(
    int_source_quality: pl.DataFrame, int_quality_facts: pl.DataFrame, cfg_grades: pl.DataFrame,
    cfg_quality_limits: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Grade the log quality of every source and of the whole study: the worst criterion gives the grade.

    coverage_share = Σ min(counted, expected) / Σ expected, over the source's reps from its first to its last day;
    vague_share = unclassified / worked time; set_aside_share = rows set aside / rows with data;
    heaping_index = (share of lengths that are multiples of 15 minutes - chance) / (1 - chance), half_hour_index the
    same of 30 minutes; backfill_share = time written a day later or in a burst / counted time. A criterion that cannot
    be measured is null and takes no part; limited_by names those that the grade comes from, unless it is A.

    Grain: one row per source, and one for the study, whose source_id is null.
    Expect: unique(source_id), check(grade is null or grade in ('A', 'B', 'C', 'D'))
    Column: grade = Grade A to D; null where nothing can be measured.
    Column: limited_by = Criteria that the grade comes from; null for an A.
    Column: backfill_share = Part of the counted time that was written a day later or in a burst.
    Column: coverage_share = Counted time, no day beyond what was expected, over expected time.
    Column: half_hour_index = How far lengths of whole half hours go beyond chance: 0 not at all, 1 all lengths are.
    Column: heaping_index = How far lengths of whole quarter hours go beyond chance: 0 not at all, 1 all lengths are.
    Column: set_aside_share = Rows set aside over rows with data.
    Column: first_date = First day with counted time.
    Column: last_date = Last day with counted time.
    Column: reps = Reps with counted time.
    Column: counted_seconds = Time of the source that counts.
    """
    import polars as pl

    chance = dict(cfg_quality_limits.select("name", "value").iter_rows())
    summed = (
        "reps", "data_rows", "set_aside", "counted_seconds", "worked_seconds", "vague_seconds", "expected_seconds",
        "covered_seconds", "lengths", "on_15", "on_30", "written_entries", "later_seconds",
    )  # fmt: skip
    sources = int_source_quality.select(
        "source_id", "file", "sheet", "first_date", "last_date", pl.col(summed).cast(pl.Int64)
    ).sort("file", "sheet", "source_id")
    # reps and days are in several sources: their numbers are those of the study, and not sums
    study = sources.select(
        pl.lit(None, pl.Int64).alias("source_id"), pl.lit(None, pl.String).alias("file"),
        pl.lit(None, pl.String).alias("sheet"), pl.col("first_date").min(), pl.col("last_date").max(),
        pl.col(summed).sum(),
    ).with_columns(
        **int_quality_facts.select(pl.col("reps", "expected_seconds", "covered_seconds").cast(pl.Int64)).to_dict()
    )  # fmt: skip
    enough = pl.col("lengths") >= chance["min_lengths"]
    figures = pl.concat([study, sources]).with_columns(
        coverage_share=_ratio("covered_seconds", "expected_seconds"),
        vague_share=_ratio("vague_seconds", "worked_seconds"),
        set_aside_share=_ratio("set_aside", "data_rows"),
        heaping_index=pl.when(enough).then(_index("on_15", chance["chance_15_minutes"])),
        half_hour_index=pl.when(enough).then(_index("on_30", chance["chance_30_minutes"])),
        backfill_share=pl.when(pl.col("written_entries") > 0).then(_ratio("later_seconds", "counted_seconds")),
    )
    criteria = cfg_grades.to_dicts()
    steps = figures.with_columns(_step(row).alias(f"step_{row['criterion']}") for row in criteria)
    worst = pl.max_horizontal(pl.col("^step_.*$"))
    names = [
        pl.when(pl.col(f"step_{row['criterion']}") == pl.col("worst")).then(pl.lit(row["name"])) for row in criteria
    ]
    return (
        steps.with_columns(worst=worst)
        .with_columns(
            grade=pl.col("worst").replace_strict(dict(enumerate(GRADES)), return_dtype=pl.String),
            limited_by=pl.when(pl.col("worst") > 0).then(pl.concat_str(names, separator=", ", ignore_nulls=True)),
        )
        .select(
            "source_id", "file", "sheet", "grade", "limited_by", *(row["criterion"] for row in criteria),
            "first_date", "last_date", "reps", "data_rows", "counted_seconds",
        )
    )  # fmt: skip


def _ratio(part: str, whole: str) -> pl.Expr:
    import polars as pl

    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _index(part: str, chance: float) -> pl.Expr:
    """Return how far the share of round lengths goes beyond chance: 0 not at all, 1 they are all round."""
    import polars as pl

    return pl.max_horizontal((pl.col(part) / pl.col("lengths") - chance) / (1 - chance), pl.lit(0.0))


def _step(row: dict[str, Any]) -> pl.Expr:
    """Return 0 for an A to 3 for a D of one criterion; null where it is not measured."""
    import polars as pl

    value = pl.col(row["criterion"])
    bounds = [row[letter] for letter in ("a", "b", "c")]
    beyond = [value < bound if row["is_higher_better"] else value > bound for bound in bounds]
    return pl.when(value.is_not_null()).then(pl.sum_horizontal(test.cast(pl.Int64) for test in beyond))
