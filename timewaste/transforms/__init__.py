"""Models in Polars: frames in, frame out; no files, no database.

Work on what SQL has made small: distinct texts, one row per rep, activity or step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def polars_models() -> tuple[Callable[..., pl.DataFrame], ...]:
    """Return every Polars model; a new one is a line here."""
    from timewaste.transforms.calendar import calendar
    from timewaste.transforms.durations import int_durations
    from timewaste.transforms.estimates import estimates
    from timewaste.transforms.headlines import rpt_headline, rpt_stream_totals
    from timewaste.transforms.holidays import holidays
    from timewaste.transforms.labels import int_labels
    from timewaste.transforms.people import int_reps
    from timewaste.transforms.quality import log_quality
    from timewaste.transforms.quality_ask import reps_to_ask
    from timewaste.transforms.quality_grades import source_grades
    from timewaste.transforms.quality_response import response_strata
    from timewaste.transforms.quality_signals import rep_signals
    from timewaste.transforms.stream import stream_steps, stream_totals
    from timewaste.transforms.tiers import tier_gaps
    from timewaste.transforms.times import int_clock_times, int_dates
    from timewaste.transforms.unresolved import unresolved_reps
    from timewaste.transforms.verdict_points import verdict_points
    from timewaste.transforms.verdict_scores import verdict_scores
    from timewaste.transforms.verdicts import verdicts

    return (
        int_dates, int_clock_times, int_durations, calendar, holidays, int_reps, unresolved_reps, int_labels,
        estimates, tier_gaps, verdict_points, verdict_scores, verdicts,
        stream_steps, stream_totals, rpt_headline, rpt_stream_totals,
        rep_signals, response_strata, log_quality, source_grades, reps_to_ask,
    )  # fmt: skip
