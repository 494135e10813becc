"""Whatever the study looks like, nothing on the map overlaps and nothing sticks out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.charts.stream_layout import (
    COLUMN,
    SMALLEST_BLOCK,
    Activity,
    block_tip,
    column_left,
    drawing_width,
    stack_columns,
    stacks_bottom,
)
from timewaste.charts.text_fit import text_width
from timewaste.charts.theme import verdict_style

TOP = 250.0
VERDICTS = ["eliminate", "simplify", "automate", "keep", "protect", "ignore", None]


@st.composite
def studies(draw):
    steps = draw(st.integers(1, 15))
    activity = st.builds(
        Activity,
        column=st.integers(0, steps),
        name=st.text(min_size=1, max_size=200),
        verdict=st.sampled_from(VERDICTS),
        is_candidate=st.booleans(),
        hours=st.floats(0.001, 40),
    )
    return steps, draw(st.lists(activity, max_size=40))


@settings(max_examples=60, deadline=None)
@given(studies())
def test_blocks_never_overlap_and_stay_inside(study):
    steps, activities = study
    stacks = stack_columns(activities, steps=steps, top=TOP)
    width, bottom = drawing_width(steps), stacks_bottom(stacks, TOP)
    for stack in stacks:
        for upper, lower in itertools.pairwise(stack.blocks):
            assert upper.bottom <= lower.y + 1e-6
            assert upper.has_label_inside
        for block in stack.blocks:
            assert block.x >= 0
            assert block.x2 <= width
            assert TOP <= block.y <= block.y2 <= bottom
            assert block.bottom <= bottom
            if block.has_label_inside:
                assert block.y <= block.label_y - block.label_height / 2 + 3
                assert block.label_y + block.label_height / 2 <= block.y2 + 3
            for line in block.lines:
                assert block.label_x + text_width(line) <= block.x2 + 1
    for one, other in itertools.pairwise(range(steps + 1)):
        assert column_left(one, steps) + COLUMN < column_left(other, steps)


@settings(max_examples=60, deadline=None)
@given(studies())
def test_no_activity_and_no_hour_is_lost(study):
    steps, activities = study
    stacks = stack_columns(activities, steps=steps, top=TOP)
    drawn = [each for stack in stacks for block in stack.blocks for each in block.members]
    assert sorted(drawn, key=repr) == sorted(activities, key=repr)
    for stack in stacks:
        assert stack.total == pytest.approx(sum(round(block.hours, 1) for block in stack.blocks))
        for block in stack.blocks:
            assert block.hours == pytest.approx(sum(each.hours for each in block.members))
            assert all(each.name in block_tip(block) for each in block.members)


@settings(max_examples=40, deadline=None)
@given(studies())
def test_the_worst_verdict_is_on_top_and_small_ones_share_the_last_block(study):
    steps, activities = study
    for stack in stack_columns(activities, steps=steps, top=TOP):
        whole = [block for block in stack.blocks if block.y2 - block.y >= SMALLEST_BLOCK and len(block.members) == 1]
        orders = [verdict_style(block.members[0].verdict).order for block in whole]
        assert orders == sorted(orders)
        assert all(len(block.members) == 1 for block in stack.blocks[:-1])
