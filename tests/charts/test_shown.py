"""A chart as a notebook shows it: spec and picture, nothing from the network, no script, however many rows."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import altair as alt
import pytest
from chart_frames import ALL, hostile

from timewaste.charts import draw
from timewaste.charts.canvas import Rect, compose
from timewaste.charts.shown import SPEC, ShownChart


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_gets_a_spec_with_its_data_and_a_picture(name):
    bundle = draw(name, ALL[name]())._repr_mimebundle_()
    assert list(bundle) == [SPEC, "image/svg+xml", "text/plain"]
    spec = json.loads(json.dumps(bundle[SPEC], allow_nan=False))
    alt.Chart.from_dict(spec)  # valid by Vega-Lite's own schema
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert sum(map(len, spec["datasets"].values())) > 3
    assert "url" not in json.dumps([layer.get("data") for layer in spec["layer"]])
    ET.fromstring(bundle["image/svg+xml"])  # noqa: S314 - our own picture


@pytest.mark.parametrize("name", ALL)
def test_hostile_text_is_no_script_in_a_notebook(name):
    bundle = draw(name, hostile(ALL[name]()))._repr_mimebundle_()
    assert "text/html" not in bundle
    assert "<script" not in bundle["image/svg+xml"]


def test_more_rows_than_altair_allows_are_drawn():
    marks = [Rect(number % 100, number // 100, 1, 1, "#000000", "#000000") for number in range(6000)]
    chart = compose(marks, size=(100, 60), title="Many", subtitle="")
    with alt.data_transformers.enable("default", max_rows=5000):
        assert sum(map(len, chart._repr_mimebundle_()[SPEC]["datasets"].values())) == 6000


def test_a_renderer_that_is_chosen_is_taken_and_a_change_keeps_the_kind():
    chart = draw("week", ALL["week"]()).properties(width=500)
    assert isinstance(chart, ShownChart)
    with alt.renderers.enable("svg"):
        assert list(chart._repr_mimebundle_()) == ["image/svg+xml"]
