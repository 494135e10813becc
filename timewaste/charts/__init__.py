"""Frames in, one Altair chart out. Charts know report tables, not files, databases or pages."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from timewaste.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import polars as pl


class Chart(NamedTuple):
    """A chart that can be asked for: its name, what it shows, the report tables it reads, its module."""

    name: str
    title: str
    reads: tuple[str, ...]
    module: str


CHARTS: Final = {
    chart.name: chart
    for chart in (
        Chart(
            "value-stream",
            "The selling process step by step: hours, waiting, verdicts.",
            ("rpt_stream_steps", "rpt_stream_activities", "rpt_stream_totals", "rpt_facts"),
            "value_stream",
        ),
        Chart(
            "week",
            "Where the week goes, by category and team.",
            ("rpt_week_by_category", "rpt_facts"),
            "week",
        ),
        Chart(
            "wasters",
            "What takes the time that is not spent selling, largest first.",
            ("rpt_wasters", "rpt_facts"),
            "wasters",
        ),
        Chart(
            "heat-map",
            "When in the week the hours are worked, and how much of them is selling.",
            ("rpt_heat_map", "rpt_facts"),
            "heat_map",
        ),
    )
}


def draw(name: str, frames: Mapping[str, pl.DataFrame]) -> alt.LayerChart:
    """Draw a chart by name from report tables by name.

    Raises `StudyError` when there is no such chart or one of its tables is missing.
    """
    chart = CHARTS.get(name)
    if chart is None:
        near = get_close_matches(name.replace("_", "-"), CHARTS, n=1)
        mend = f"Did you mean {near[0]}?" if near else f"Choose one of {', '.join(CHARTS)}."
        raise StudyError(f"there is no chart {name!r}", mend=mend)
    missing = [table for table in chart.reads if table not in frames]
    if missing:
        raise StudyError(f"the chart {name!r} needs the table {missing[0]!r}", mend="Bring the study up to date first.")
    module = importlib.import_module(f"timewaste.charts.{chart.module}")
    drawn: alt.LayerChart = module.draw(**{table: frames[table] for table in chart.reads})
    return drawn
