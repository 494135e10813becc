"""Whatever the study looks like, nothing on the map overlaps and nothing sticks out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.charts.stream_layout import Activity, block_tip, plan_of, stack_columns, stacks_bottom
from timewaste.charts.stream_plan import COLUMN, SMALLEST_BLOCK, column_left
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
    plan = plan_of(activities, steps)
    stacks = stack_columns(activities, plan, top=TOP)
    width, bottom = plan.width, stacks_bottom(stacks, TOP)
    for stack in stacks:
        for upper, lower in itertools.pairwise(stack.blocks):
            assert upper.has_label_inside
            if lower.x == upper.x:
                assert upper.bottom <= lower.y + 1e-6
            else:
                assert stack.column == steps
                assert upper.x2 < lower.x
                assert lower.y == TOP
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
    stacks = stack_columns(activities, plan_of(activities, steps), top=TOP)
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
    for stack in stack_columns(activities, plan_of(activities, steps), top=TOP):
        whole = [block for block in stack.blocks if block.y2 - block.y >= SMALLEST_BLOCK and len(block.members) == 1]
        orders = [verdict_style(block.members[0].verdict).order for block in whole]
        assert orders == sorted(orders)
        assert all(len(block.members) == 1 for block in stack.blocks[:-1])


def work(column, *hours):
    return [Activity(column, f"Work {place}", "keep", False, size) for place, size in enumerate(hours)]


def test_work_across_all_steps_stands_as_high_as_the_tallest_step():
    activities = [*work(0, 3.0, 3.0), *work(1, 2.0), *work(2, *[1.0] * 18)]
    plan = plan_of(activities, 2)
    *_, across = stack_columns(activities, plan, top=TOP)
    assert len({block.x for block in across.blocks}) == plan.across == 3
    assert max(block.y2 for block in across.blocks) == pytest.approx(TOP + 6 * plan.scale)
    assert across.total == pytest.approx(18)
    assert plan.width >= plan.across_right


def test_a_little_work_across_all_steps_keeps_one_column():
    assert plan_of([*work(0, 3.0, 3.0), *work(1, 2.0, 2.0)], 1).across == 1


def test_half_an_hour_holds_a_line_in_a_usual_week():
    activities = [*work(0, 2.0, 2.0, 1.5, 0.5), *work(7, *[1.0] * 12, *[0.5] * 12)]
    plan = plan_of(activities, 7)
    assert plan.scale * 0.5 >= SMALLEST_BLOCK
    assert plan.width <= 1850
