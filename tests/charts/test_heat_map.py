"""The heat map shows no cell of too few reps and claims nothing of them."""

from __future__ import annotations

import polars as pl
import pytest
from chart_frames import HEAT, data_rows, heat_map, rows, texts

from timewaste.charts import draw


def test_the_title_names_the_best_and_the_worst_hour():
    title = draw("heat-map", heat_map()).to_dict()["description"].replace("\u00a0", " ")
    assert title == "Reps sell most on Monday 9\u201310 (50 %) and least on Monday 10\u201311 (10 %)"


def test_only_shown_cells_carry_hours():
    drawn = [row["hours"] for row in data_rows(draw("heat-map", heat_map())) if row.get("hours") is not None]
    assert sum(drawn) == pytest.approx(0.8 + 0.9 + 0.4)


def test_a_suppressed_cell_gives_nothing_away_even_if_its_figures_are_there():
    frames = heat_map()
    frames["rpt_heat_map"] = frames["rpt_heat_map"].with_columns(
        hours_per_rep_week=pl.when(pl.col("is_shown")).then("hours_per_rep_week").otherwise(0.777),
        selling_share=pl.when(pl.col("is_shown")).then("selling_share").otherwise(0.99),
    )
    assert draw("heat-map", frames).to_dict() == draw("heat-map", heat_map()).to_dict()


def test_the_notes_explain_what_occurs():
    note = next(text for text in texts(draw("heat-map", heat_map())) if text.startswith("Hatched"))
    assert "too few reps" in note
    assert "Blank" in note
    assert "not measured" in note


def test_the_note_names_the_least_group_when_the_facts_do():
    frames = heat_map()
    frames["rpt_facts"] = frames["rpt_facts"].with_columns(min_group=pl.lit(5))
    assert any("fewer than 5 reps" in text for text in texts(draw("heat-map", frames)))


def test_edges_where_nothing_may_be_shown_are_left_out_and_named():
    frames = heat_map()
    hidden = [(2, "Tuesday", 0, None, None, 1, False), (2, "Tuesday", 22, None, None, 1, False)]
    weekend = (7, "Sunday", 9, None, None, 2, False)
    frames["rpt_heat_map"] = pl.concat([frames["rpt_heat_map"], rows(HEAT, *hidden, weekend)])
    found = texts(draw("heat-map", frames))
    assert not {"0\u20131", "22\u201323", "Sunday"} & set(found)
    assert {"9\u201310", "11\u201312", "Tuesday"} <= set(found)
    assert any("Left out (too few reps to show): Sunday, before 9, after 12." in text for text in found)


def test_a_map_of_too_few_reps_only_is_still_drawn():
    frames = heat_map()
    frames["rpt_heat_map"] = frames["rpt_heat_map"].filter(~pl.col("is_shown"))
    assert "Tuesday" in texts(draw("heat-map", frames))
