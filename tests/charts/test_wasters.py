"""The ranking: order, colours, figures and what the title may claim."""

from __future__ import annotations

import polars as pl
import pytest
from chart_frames import data_rows, texts, wasters

from timewaste.charts import draw, theme
from timewaste.charts.wasters import conclusion, read_wasters


def bars(chart):
    return [row for row in data_rows(chart) if row.get("hours") is not None]


def test_the_title_counts_the_activities_that_take_most_time():
    assert (
        conclusion(read_wasters(wasters()["rpt_wasters"]))
        == "Two activities take 85\u00a0% of the time not spent selling"
    )


def test_a_folded_line_is_not_counted_as_one_activity():
    frame = wasters()["rpt_wasters"].with_columns(pl.Series("cumulative_share", [0.4, 0.6, 1.0]))
    assert conclusion(read_wasters(frame)).startswith("Internal meetings takes 6.0")


def test_drawn_hours_are_the_hours_of_the_frame_at_one_scale():
    frames = wasters()
    drawn = bars(draw("wasters", frames))
    assert sum(row["hours"] for row in drawn) == pytest.approx(frames["rpt_wasters"]["hours_per_rep_week"].sum())
    scales = [(row["x2"] - row["x"]) / row["hours"] for row in drawn]
    assert max(scales) == pytest.approx(min(scales), rel=0.01)


def test_a_bar_has_the_colour_and_the_letter_of_its_verdict():
    chart = draw("wasters", wasters())
    by_name = {row["tip"].split(":")[0]: row["fill"] for row in bars(chart)}
    assert by_name["Internal meetings"] == theme.AMBER
    assert by_name["Expense reports"] == theme.VERDICTS["automate"].candidate_colour
    assert {"S", "A?"} <= set(texts(chart))


def test_no_rate_no_cost():
    frames = wasters()
    assert "EUR per week" in texts(draw("wasters", frames))
    frames["rpt_wasters"] = frames["rpt_wasters"].with_columns(pl.lit(None, pl.Float64).alias("cost_per_week"))
    assert "EUR per week" not in texts(draw("wasters", frames))
