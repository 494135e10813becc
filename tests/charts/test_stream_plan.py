"""The cut into columns is the best there is, in order, and loses nothing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timewaste.charts.stream_plan import MOST_ACROSS, across_parts, cut, make_plan

SIZES = st.lists(st.floats(0.01, 40), max_size=9)


@given(SIZES, st.integers(1, MOST_ACROSS))
def test_runs_are_in_order_and_whole(sizes, parts):
    runs = cut(sizes, parts)
    assert len(runs) <= parts
    assert [place for start, end in runs for place in range(start, end)] == list(range(len(sizes)))
    assert all(start < end for start, end in runs)


@given(SIZES.filter(bool), st.integers(1, MOST_ACROSS))
def test_no_other_cut_has_a_lower_highest_run(sizes, parts):
    def highest(edges):
        return max(sum(sizes[start:end]) for start, end in itertools.pairwise([0, *edges, len(sizes)]))

    best = min(highest(edges) for edges in itertools.combinations_with_replacement(range(len(sizes) + 1), parts - 1))
    assert max(sum(sizes[start:end]) for start, end in cut(sizes, parts)) == pytest.approx(best)


def test_a_column_that_lowers_nothing_is_not_opened():
    assert across_parts([9.0], 1.0) == 1
    assert across_parts([9.0, 1.0, 1.0], 1.0) == 2


def test_a_map_without_hours_has_a_scale_and_a_width():
    plan = make_plan([[], [], []])
    assert (plan.steps, plan.across, plan.scale) == (2, 1, 1.0)
    assert plan.width > plan.across_right
