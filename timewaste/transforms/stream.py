"""The value stream's steps and totals. Knows visits of opportunities to steps; not calendars or pictures.

Lead time is the Kaplan-Meier median of the working time in a step (Kaplan and Meier 1958): visits still open
are censored, not left out, because the slow ones are those still open. A visit ends by moving on, going back
or being lost alike. The median is the first time at which the survival is 0.5 or less.

Process time per visit is estimated by person-period exposure, since a log of two weeks seldom holds a visit:

    process = Σ logged seconds / Σ working seconds of visits inside the log's window
              * mean working seconds of a visit

where the mean is the area under the Kaplan-Meier curve up to the longest time seen (the restricted mean).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ENOUGH_VISITS = 5
"""Fewer visits (for %C&A: fewer completed ones) do not make a figure of a step."""


def stream_steps(stage_visits: pl.DataFrame, cfg_steps: pl.DataFrame) -> pl.DataFrame:
    """Each step's lead, process and wait time (working seconds), %C&A, people, losses; NULL = not measured.

    Grain: one row per step.
    Expect: unique(step_number), not_null(step, visits), check(wait_seconds is null or wait_seconds >= 0)
    Column: open_visits = Visits that were not over at the end of the log.
    Column: lead_working_seconds = Lead time in working hours: half of the visits are shorter; null with fewer than
      five visits.
    Column: wait_seconds = Wait time: lead less process time, in working hours; null where one is not measured.
    Column: lost_share = Part of the completed visits after which the opportunity was lost.
    """
    import polars as pl

    # No entry on any opportunity in the step: reps do not log it so, which is not the same as no work.
    process_seconds = (
        pl.when((pl.col("window_working_seconds") > 0) & (pl.col("logged_seconds") > 0))
        .then(pl.col("logged_seconds") / pl.col("window_working_seconds") * pl.col("mean_working_seconds"))
        .round(0)
        .cast(pl.Int64)
    )
    # A process time beyond the lead time says that the two were not measured on the same work: no wait then.
    wait_seconds = pl.col("lead_working_seconds") - pl.col("process_seconds")
    return (
        cfg_steps.select("step_number", "step", "journey")
        .join(_counts(stage_visits), on="step_number", how="left")
        .join(_survival(stage_visits), on="step_number", how="left")
        .with_columns(pl.col("visits", "open_visits").fill_null(0))
        .with_columns(
            pl.when(pl.col("visits") >= ENOUGH_VISITS).then("median_working_seconds").alias("lead_working_seconds"),
            process_seconds.alias("process_seconds"),
        )
        .with_columns(pl.when(wait_seconds >= 0).then(wait_seconds).alias("wait_seconds"))
        .select(
            "step_number",
            "step",
            "journey",
            "visits",
            "open_visits",
            "lead_working_seconds",
            "process_seconds",
            "wait_seconds",
            "complete_accurate_share",
            "people",
            "lost_share",
        )
        .sort("step_number")
    )


def _counts(stage_visits: pl.DataFrame) -> pl.DataFrame:
    """Return per step the counts of visits, the sums of seconds, and the shares and means over visits."""
    import polars as pl

    is_completed = ~pl.col("is_open")
    has_log = pl.col("logged_reps") > 0
    return (
        stage_visits.group_by("step_number")
        .agg(
            visits=pl.len().cast(pl.Int64),
            open_visits=pl.col("is_open").sum().cast(pl.Int64),
            logged_seconds=pl.col("logged_seconds").sum(),
            window_working_seconds=pl.col("window_working_seconds").sum(),
            returned=(is_completed & pl.col("is_returned")).sum().cast(pl.Int64),
            lost=(is_completed & pl.col("is_lost")).sum().cast(pl.Int64),
            people=pl.col("logged_reps").filter(has_log).mean(),
        )
        .with_columns(completed=pl.col("visits") - pl.col("open_visits"))
        .with_columns(
            complete_accurate_share=pl.when(pl.col("completed") >= ENOUGH_VISITS).then(
                1 - pl.col("returned") / pl.col("completed")
            ),
            lost_share=pl.when(pl.col("completed") > 0).then(pl.col("lost") / pl.col("completed")),
        )
    )


def _survival(stage_visits: pl.DataFrame) -> pl.DataFrame:
    """Return per step the Kaplan-Meier median (NULL if not reached) and the restricted mean, in seconds."""
    import polars as pl

    survival = pl.col("survival")
    return (
        stage_visits.group_by("step_number", "lead_working_seconds")
        .agg(
            left=(~pl.col("is_open")).sum().cast(pl.Int64),
            seen=pl.len().cast(pl.Int64),
        )
        .sort("step_number", "lead_working_seconds")
        .with_columns(
            at_risk=(pl.col("seen").sum() - pl.col("seen").cum_sum() + pl.col("seen")).over("step_number"),
            since=pl.col("lead_working_seconds").shift(1, fill_value=0).over("step_number"),
        )
        .with_columns(survival=(1 - pl.col("left") / pl.col("at_risk")).cum_prod().over("step_number"))
        .with_columns(survival_before=survival.shift(1, fill_value=1.0).over("step_number"))
        .group_by("step_number", maintain_order=True)
        .agg(
            # a product such as 9/10 · 8/9 · … that is one half on paper can miss it by a last digit
            median_working_seconds=pl.col("lead_working_seconds").filter(survival <= 0.5 + 1e-12).min(),
            mean_working_seconds=((pl.col("lead_working_seconds") - pl.col("since")) * pl.col("survival_before")).sum(),
        )
    )


def stream_totals(stream_steps: pl.DataFrame) -> pl.DataFrame:
    """Totals of the stream over its measured steps: lead and process time, activity ratio, rolled %C&A.

    Grain: one row.
    Expect: not_null(steps_measured)
    Column: lead_working_seconds = Lead times of the measured steps, added up, in working hours.
    Column: process_seconds = Process times of the measured steps, added up.
    Column: steps_measured = Steps of which lead and process time are both measured.
    """
    import polars as pl

    lead, process = pl.col("lead_working_seconds"), pl.col("process_seconds")
    complete_accurate = pl.col("complete_accurate_share").drop_nulls()
    is_measured = lead.is_not_null() & process.is_not_null()
    # ΣPT / ΣLT, never the mean of the steps' ratios (Martin and Osterling, Metrics-Based Process Mapping)
    ratio = process.filter(is_measured).sum() / lead.filter(is_measured).sum()
    return stream_steps.sort("step_number").select(
        pl.when(lead.count() > 0).then(lead.sum()).alias("lead_working_seconds"),
        pl.when(process.count() > 0).then(process.sum()).alias("process_seconds"),
        pl.when(lead.filter(is_measured).sum() > 0).then(ratio).alias("activity_ratio"),
        pl.when(complete_accurate.len() > 0).then(complete_accurate.product()).alias("rolled_complete_accurate_share"),
        is_measured.sum().cast(pl.Int64).alias("steps_measured"),
    )
