"""The ranking: order, colours, figures and what the title may claim."""

from __future__ import annotations

import polars as pl
import pytest
from chart_frames import WASTERS, data_rows, facts, rows, texts, wasters

from timewaste.charts import draw, theme
from timewaste.charts.wasters import MOST_LINES, conclusion, read_wasters


def bars(chart):
    return [row for row in data_rows(chart) if row.get("hours") is not None]


def test_the_title_counts_the_activities_that_take_most_time():
    assert (
        conclusion(read_wasters(wasters()["rpt_wasters"]))
        == "Two activities take 85\u00a0% of the time not spent selling or preparing"
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


def many(count):
    values = [
        (n, f"A{n}", f"Work {n}", "administrative", "keep", n % 2 == 0, 2.0 - n / 100, None, None, 0.01, 9.0, n / 50, 8)
        for n in range(1, count + 1)
    ]
    last = (count + 1, None, "4 other activities", None, None, False, 0.3, None, None, 0.01, 9.0, 1.0, None)
    return {"rpt_wasters": rows(WASTERS, *values, last), "rpt_facts": facts()}


def test_a_long_ranking_folds_its_smallest_and_keeps_every_hour():
    frames = many(40)
    chart = draw("wasters", frames)
    drawn = bars(chart)
    assert len(drawn) == MOST_LINES
    assert sum(row["hours"] for row in drawn) == pytest.approx(
        frames["rpt_wasters"]["hours_per_rep_week"].sum(), abs=0.01
    )
    assert {"17 smaller activities", "4 other activities"} <= set(texts(chart))
    assert f"{17 * 9:,}" in texts(chart)
    assert "not judged" not in texts(chart)
    assert draw("wasters", frames).to_dict()["description"].startswith("40 activities take 80")


def test_a_ranking_that_fits_is_not_folded():
    assert len(bars(draw("wasters", many(MOST_LINES - 1)))) == MOST_LINES
    assert not any("smaller" in text for text in texts(draw("wasters", many(MOST_LINES - 1))))
