"""Every chart: registry, empty state, hostile text, only plotted columns."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from chart_frames import ALL, data_rows, hostile, texts

from timewaste.charts import CHARTS, draw
from timewaste.charts.export import svg
from timewaste.errors import StudyError

FIELDS = {"x", "y", "x2", "y2", "fill", "stroke", "size", "text", "tip", "hours"}


def test_registry_names_its_modules_and_tables():
    assert set(CHARTS) == set(ALL)
    for name, chart in CHARTS.items():
        assert chart.name == name
        assert set(chart.reads) == set(ALL[name]())


def test_an_unknown_chart_names_the_known_ones():
    with pytest.raises(StudyError) as caught:
        draw("pie", {})
    assert "value-stream" in caught.value.mend


def test_a_missing_table_is_named():
    with pytest.raises(StudyError, match="rpt_week_by_category"):
        draw("week", {})


@pytest.mark.parametrize("name", ALL)
def test_every_chart_renders_as_svg_with_its_conclusion(name):
    chart = draw(name, ALL[name]())
    root = ET.fromstring(svg(chart))  # noqa: S314 - our own picture
    spec = chart.to_dict()
    assert root.get("aria-label") == spec["description"] == spec["usermeta"]["description"]
    assert " ".join(spec["title"]["text"]) == spec["description"]


@pytest.mark.parametrize("name", ALL)
def test_an_empty_study_gives_a_readable_chart(name):
    frames = {table: frame.clear() for table, frame in ALL[name]().items()}
    chart = draw(name, frames)
    assert any(text.startswith("No ") for text in texts(chart))
    svg(chart)


@pytest.mark.parametrize("name", ALL)
def test_a_single_row_is_enough(name):
    svg(draw(name, {table: frame.head(1) for table, frame in ALL[name]().items()}))


@pytest.mark.parametrize("name", ALL)
def test_hostile_text_is_only_ever_a_value(name):
    chart = draw(name, hostile(ALL[name]()))
    assert all(set(row) <= FIELDS for row in data_rows(chart))
    drawn = svg(chart)
    assert "<script" not in drawn
    ET.fromstring(drawn)  # noqa: S314 - our own picture


@pytest.mark.parametrize("name", ALL)
def test_columns_that_are_not_drawn_stay_out(name):
    frames = {
        table: frame.with_columns(pl.lit("canary@example.com").alias("e_mail")) for table, frame in ALL[name]().items()
    }
    assert "canary" not in json.dumps(draw(name, frames).to_dict())


@pytest.mark.parametrize("name", ALL)
def test_not_a_number_never_reaches_the_spec(name):
    frames = {
        table: frame.with_columns(
            pl.lit(float("nan")).alias(column) for column, kind in frame.schema.items() if kind == pl.Float64
        )
        for table, frame in ALL[name]().items()
    }
    json.dumps(draw(name, frames).to_dict(), allow_nan=False)


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_rows_does_not_matter(name):
    frames = ALL[name]()
    turned = {table: frame.reverse() for table, frame in frames.items()}
    assert draw(name, frames).to_dict() == draw(name, turned).to_dict()
