"""The bars of the week: order, lengths, labels and the interval."""

from __future__ import annotations

import pytest
from chart_frames import data_rows, texts, week

from timewaste.charts import draw, theme
from timewaste.charts.week import BAR, read_bars


def test_the_title_is_the_selling_share_with_its_range():
    assert draw("week", week()).to_dict()["description"] == "Reps sell 31\u00a0% of the week (28\u201334\u00a0%)"


def test_all_reps_come_first_and_bars_are_whole():
    bars = read_bars(week()["rpt_week_by_category"])
    assert [bar.team for bar in bars] == ["All reps", "Field"]
    assert [bar.parts[-1].end for bar in bars] == pytest.approx([1.0, 1.0])


def test_drawn_hours_are_the_hours_of_the_frame():
    frames = week()
    worked = frames["rpt_week_by_category"].filter(category="selling")["hours_per_rep_week"].sum() + 36 + 33.5 + 1
    drawn = [row for row in data_rows(draw("week", frames)) if row.get("hours") is not None]
    assert sum(row["hours"] for row in drawn) == pytest.approx(worked)
    for row in drawn:
        share = (row["x2"] - row["x"] + 1.4) / BAR
        assert share == pytest.approx(row["hours"] / 50, abs=0.003)


def test_a_category_has_its_colour():
    drawn = [row for row in data_rows(draw("week", week())) if row.get("hours") is not None]
    assert all(row["fill"] == theme.CATEGORIES["selling"] for row in drawn if "selling" in row["tip"])


def test_what_is_too_narrow_for_a_label_is_told_under_the_bar():
    assert any("travel" in text and "1.0" in text and "2" in text for text in texts(draw("week", week())))


def test_time_that_is_not_work_stands_outside_the_bar():
    assert "+ 3.0\u00a0h" in texts(draw("week", week()))
