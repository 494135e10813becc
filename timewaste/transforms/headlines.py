"""The sentences that carry the answer: one wording for the page, the map and the terminal.

Numbers follow one discipline: hours to 0.1, shares to 1 per cent, ranges with an en dash.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from timewaste.wording import count_word, hours, hours_range, percent, percent_range


def rpt_headline(
    rpt_facts: pl.DataFrame, rpt_measures: pl.DataFrame, rpt_actions: pl.DataFrame, cfg_limits: pl.DataFrame
) -> pl.DataFrame:
    """Say the answer in sentences: what selling gets, what the rest takes, what can be freed.

    Freed hours and their range add up the activities whose verdict is decided and that enough reps do to be shown;
    the selling capacity equivalent is the part of the freed hours assumed to go into selling (`reinvested_share`)
    over the selling hours of one rep.

    Grain: one row.
    Expect: not_null(headline)
    Column: headline = The answer in sentences.
    Column: decisions = Activities whose verdict frees time and that may be shown.
    Column: freed_hours_per_rep_week = Time that these verdicts free together.
    Column: capacity_reps = Reps whose selling time the freed hours come to, as far as they go into selling.
    Column: reinvested_share = Part of the freed hours that is assumed to go into selling (cfg_limits).
    """
    facts: dict[str, Any] = rpt_facts.row(0, named=True)
    measures = {
        name: (share, week)
        for name, share, week in rpt_measures.filter(scope="all", kind="measure")
        .select("name", "share", "hours_per_rep_week")
        .iter_rows()
    }
    freeing = _freeing(rpt_actions)
    freed = float(freeing[_FREED[0]].sum())
    low, high = (_sum_if_all_known(freeing[column]) for column in _FREED[1:])
    reinvested = dict(cfg_limits.select("name", "value").iter_rows())["reinvested_share"]
    selling_hours = measures.get("selling_standard", (None, None))[1]
    waste_hours = measures.get("administrative_wide", (None, None))[1]
    capacity = reinvested * freed * facts["reps"] / selling_hours if selling_hours else None
    selling_range = percent_range(facts["selling_share_low"], facts["selling_share_high"])
    selling_range = selling_range or "too little data for a range"
    if not facts["reps"]:
        headline = "No time has been logged yet."
    else:
        headline = (
            f"Reps sell {percent(facts['selling_share'])} of the week ({selling_range}). "
            f"{hours(waste_hours)} per rep go to administrative and functional work"
        )
        if freeing.height and freed >= 0.05:
            headline += (
                f"; {_some(freeing.height, 'decision frees', 'decisions free')} "
                f"{hours_range(low, high) or hours(freed)} per rep and week"
            )
            if capacity is not None and capacity >= 0.95:
                headline += f", the selling time of about {_some(round(capacity), 'rep', 'reps')}"
        headline += "."
    return pl.DataFrame(
        {
            "headline": [headline],
            "decisions": [freeing.height],
            "freed_hours_per_rep_week": [freed],
            "freed_hours_per_rep_week_low": [low],
            "freed_hours_per_rep_week_high": [high],
            "capacity_reps": [capacity],
            "reinvested_share": [reinvested],
        },
        schema_overrides=dict.fromkeys((*_FREED, "capacity_reps"), pl.Float64),
    )


def rpt_stream_totals(
    stream_totals: pl.DataFrame,
    rpt_actions: pl.DataFrame,
    cfg_settings: pl.DataFrame,
) -> pl.DataFrame:
    """Give the totals of the value stream, and the sentence that stands over its map.

    Grain: one row.
    Expect: not_null(conclusion)
    Column: conclusion = The sentence that stands over the map.
    Column: workday_hours = Length of a working day.
    Column: freed_hours_per_rep_week = Time that the verdicts that may be shown free together.
    """
    freeing = _freeing(rpt_actions)
    freed = float(freeing["freed_hours_per_rep_week"].sum())
    worst = freeing.sort("freed_hours_per_rep_week", "activity_code", descending=[True, False])["activity"]
    if freed >= 0.05:
        names = ", then in ".join(name[0].lower() + name[1:] for name in worst.head(2))
        conclusion = f"{hours(freed)} per rep and week can be given back, most of it in {names}"
    else:
        conclusion = "No activity has earned a verdict that frees time"
    workday = float(cfg_settings["workday_seconds"][0])
    return stream_totals.select(
        (pl.col("lead_working_seconds") / workday).alias("lead_days"),
        (pl.col("process_seconds") / 3600).alias("process_hours"),
        "activity_ratio",
        "rolled_complete_accurate_share",
        pl.lit(freed).alias("freed_hours_per_rep_week"),
        pl.lit(conclusion).alias("conclusion"),
        pl.lit(workday / 3600).alias("workday_hours"),
    )


_FREED = ("freed_hours_per_rep_week", "freed_hours_per_rep_week_low", "freed_hours_per_rep_week_high")


def _some(number: int, one: str, many: str) -> str:
    return f"{count_word(number).lower()} {one if number == 1 else many}"


def _freeing(rpt_actions: pl.DataFrame) -> pl.DataFrame:
    """Return the shown activities whose verdict frees time."""
    return rpt_actions.filter("is_shown").filter(pl.col("freed_hours_per_rep_week") > 0)


def _sum_if_all_known(ends: pl.Series) -> float | None:
    """Return the sum, or None where one end is not measured: leaving it out would make the range too low."""
    return None if ends.null_count() else float(ends.sum())
