"""The map draws all hours of the frame, in the verdict's colour, and never a 0 for what was not measured."""

from __future__ import annotations

import polars as pl
import pytest
from chart_frames import ACTIVITY, data_rows, rows, stream, texts

from timewaste.charts import draw, theme
from timewaste.charts.stream_parts import HEADER, NO_LADDER, wait_days
from timewaste.wording import EN_DASH, NOT_MEASURED


def blocks(chart):
    return [row for row in data_rows(chart) if row.get("hours") is not None]


def test_drawn_hours_are_the_hours_of_the_frame():
    frames = stream()
    drawn = sum(row["hours"] for row in blocks(draw("value-stream", frames)))
    assert drawn == pytest.approx(frames["rpt_stream_activities"]["hours_per_rep_week"].sum(), abs=0.005)


def test_block_heights_share_one_scale():
    drawn = [row for row in blocks(draw("value-stream", stream())) if row["hours"] > 1]
    scales = [(row["y2"] - row["y"] + 2) / row["hours"] for row in drawn]
    assert max(scales) == pytest.approx(min(scales), rel=0.01)


def test_a_verdict_has_its_colour_and_its_letter():
    chart = draw("value-stream", stream())
    by_tip = {row["tip"].split(":")[0]: row for row in blocks(chart)}
    assert by_tip["Dead-lead follow-up"]["fill"] == theme.VERDICTS["eliminate"].colour
    assert by_tip["CRM data entry"]["fill"] == theme.VERDICTS["automate"].candidate_colour
    assert by_tip["Internal meetings"]["fill"] == theme.UNJUDGED.colour
    assert {"E", "A?", "K"} <= set(texts(chart))


def test_small_activities_fold_and_keep_their_story():
    chart = draw("value-stream", stream())
    folded = next(row for row in blocks(chart) if "Tiny one" in row["tip"])
    assert "Tiny two" in folded["tip"]
    assert folded["hours"] == pytest.approx(0.07)
    assert "2 others" in texts(chart)


def test_the_total_over_a_stack_is_the_sum_of_its_labels():
    assert "2.4 h" in {text.replace("\u00a0", " ") for text in texts(draw("value-stream", stream()))}


def test_the_worst_of_a_row_is_red_and_bold_and_marked():
    chart = draw("value-stream", stream())
    spec = chart.to_dict()
    rows = {row["text"]: row for row in data_rows(chart) if "text" in row}
    assert rows["7.9\u00a0h"]["fill"] in {theme.RED, theme.INK}
    red = [row for row in data_rows(chart) if row.get("text") == "10.5\u00a0d"]
    assert [row["fill"] for row in red] == [theme.RED]
    assert any(layer["mark"].get("fontWeight") == "bold" for layer in spec["layer"])
    assert "worst step of its row" in texts(chart)


def test_null_is_not_measured_and_never_zero():
    frames = stream()
    frames["rpt_stream_steps"] = frames["rpt_stream_steps"].with_columns(
        pl.lit(None, pl.Float64).alias(name)
        for name in ("process_hours", "lead_days", "complete_accurate_share", "people")
    )
    frames["rpt_stream_totals"] = frames["rpt_stream_totals"].with_columns(
        pl.lit(None, pl.Float64).alias("activity_ratio")
    )
    chart = draw("value-stream", frames)
    found = texts(chart)
    assert found.count(EN_DASH) == 2 * 4
    assert f"{EN_DASH} {NOT_MEASURED}" in found  # the legend
    assert found.count(NOT_MEASURED) == 2  # the totals
    assert sum(f"lead time {NOT_MEASURED}" in row.get("tip", "") for row in data_rows(chart)) > 0
    assert NO_LADDER in " ".join(found)
    assert not {"0.0\u00a0h", "0.0\u00a0d", "0\u00a0%"} & set(found)


def test_wait_is_lead_less_process_in_working_days():
    assert wait_days({"lead_days": 10.0, "process_hours": 4.0}, {"workday_hours": 8.0}) == pytest.approx(9.5)
    assert wait_days({"lead_days": 0.1, "process_hours": 4.0}, {}) == 0
    assert wait_days({"lead_days": None, "process_hours": 4.0}, {}) is None


def test_a_long_name_stands_whole_in_the_tip():
    long = "Chasing pricing approvals through four regional committees " * 4
    chart = draw("value-stream", stream((long, long)))
    assert any(long.strip() in row.get("tip", "") for row in blocks(chart))
    assert any(row.get("text", "").endswith("\u2026") for row in data_rows(chart))


def test_the_title_is_the_conclusion_of_the_totals():
    assert draw("value-stream", stream()).to_dict()["description"] == "Prospecting eats 2.3 h"


def test_one_box_heads_all_columns_of_the_work_across_all_steps():
    frames = stream()
    more = [(None, f"X{n}", f"Report {n}", "administrative", "keep", False, 2.0, 9, 9, 0.0) for n in range(9)]
    frames["rpt_stream_activities"] = pl.concat([frames["rpt_stream_activities"], rows(ACTIVITY, *more)])
    chart = draw("value-stream", frames)
    assert texts(chart).count("Across all steps") == 1
    lefts = {row["x"] for row in blocks(chart) if "Report" in row["tip"]}
    assert len(lefts) == 3
    box = next(row for row in data_rows(chart) if row.get("stroke") == HEADER and row["fill"] == theme.PAPER)
    assert box["x"] <= min(lefts)
    assert box["x2"] >= max(row["x2"] for row in blocks(chart))
