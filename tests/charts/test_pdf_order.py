"""A PDF comes out the same each time and stays a PDF."""

from __future__ import annotations

import re

import pytest
from chart_frames import stream

from timewaste.charts import draw
from timewaste.charts.export import save
from timewaste.charts.pdf_order import in_fixed_order


def test_three_fonts_in_whatever_order_give_the_same_bytes(tmp_path):
    chart = draw("value-stream", stream())
    found = {save(chart, tmp_path / f"{turn}.pdf").read_bytes() for turn in range(5)}
    assert len(found) == 1


def test_the_table_points_at_its_objects(tmp_path):
    pdf = save(draw("value-stream", stream()), tmp_path / "map.pdf").read_bytes()
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF", pdf)[1])
    assert pdf[start:].startswith(b"xref")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf[start:])]
    assert all(pdf[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, start=1))
    assert len(places) > 10


def test_doing_it_twice_changes_nothing(tmp_path):
    pdf = save(draw("value-stream", stream()), tmp_path / "map.pdf").read_bytes()
    assert in_fixed_order(pdf) == pdf


@pytest.mark.parametrize("other", [b"", b"%PDF-1.7\nnothing", b"startxref\n3\n%%EOF"])
def test_what_is_built_otherwise_comes_back_as_it_is(other):
    assert in_fixed_order(other) == other
