"""The value-stream map: customer's journey, process boxes, the hours under each step, the time ladder.

It draws what the report tables say; positions come from `stream_layout`, the boxes and the ladder from
`stream_parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from timewaste.charts.canvas import (
    Label,
    Line,
    Mark,
    Rect,
    Style,
    compose,
    empty_state,
    label_lines,
)
from timewaste.charts.facts import how_we_know, only_row
from timewaste.charts.stream_layout import (
    BADGE_PLACE,
    HOOK,
    PAD,
    WIDE_BADGE_PLACE,
    Activity,
    Block,
    Stack,
    block_tip,
    plan_of,
    stack_columns,
    stacks_bottom,
)
from timewaste.charts.stream_parts import (
    BOX_HEIGHT,
    CHEVRON_HEIGHT,
    LADDER_HEIGHT,
    TOTALS_HEIGHT,
    across_header,
    journey_marks,
    ladder_marks,
    legend_marks,
    process_marks,
    totals_marks,
)
from timewaste.charts.stream_plan import COLUMN, LEFT, Plan, column_left
from timewaste.charts.text_fit import clean
from timewaste.charts.theme import BODY, HAIRLINE, INK, MUTED, verdict_edge, verdict_letter
from timewaste.charts.verdict_marks import badge
from timewaste.wording import number, tenth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair as alt
    import polars as pl

FALLBACK_TITLE: Final = "Where the hours go along the selling process"
ROW_GAP: Final = 22.0


class Rows(NamedTuple):
    """Where the rows of the map stand, in pixels from the top."""

    legend: float
    journey: float
    boxes: float
    caption: float
    stacks: float
    ladder: float
    bottom: float


def draw(
    rpt_stream_steps: pl.DataFrame,
    rpt_stream_activities: pl.DataFrame,
    rpt_stream_totals: pl.DataFrame,
    rpt_facts: pl.DataFrame,
) -> alt.LayerChart:
    """Draw the map from the report tables of the same names; hours are per rep per week, lead times in days.

    A figure that is NULL is written "not measured". Activities whose step is not among the steps stand in
    the column across all steps, so that no hour is lost.
    """
    steps = rpt_stream_steps.sort("step_number").to_dicts()
    totals = only_row(rpt_stream_totals)
    title = clean(totals.get("conclusion")) or FALLBACK_TITLE
    activities = read_activities(steps, rpt_stream_activities)
    if not steps and not activities:
        return empty_state(FALLBACK_TITLE, "No steps and no entries yet")
    plan = plan_of(activities, len(steps))
    legend, legend_height = legend_marks(activities, steps, plan.width)
    rows = _rows(legend_height, steps, activities, plan)
    stacks = stack_columns(activities, plan, top=rows.stacks)
    marks = [
        *legend,
        *journey_marks(steps, rows.journey),
        *process_marks(steps, rows.boxes),
        *_stack_marks(stacks, plan, rows),
        *ladder_marks(steps, totals, rows.ladder),
        *totals_marks(totals, plan.across_left, rows.ladder),
    ]
    if any(stack.column == len(steps) for stack in stacks):
        marks += across_header(plan, rows.boxes)
    subtitle = " ".join(
        part
        for part in (
            "Sales value stream, current state.",
            how_we_know(rpt_facts),
            "Block height = hours per rep per week; colour and letter = verdict.",
        )
        if part
    )
    return compose(marks, size=(plan.width, rows.bottom), title=title, subtitle=subtitle)


def read_activities(steps: Sequence[Mapping[str, Any]], frame: pl.DataFrame) -> list[Activity]:
    """Return the activities with hours above 0, each in the column of its step or in the one across all."""
    column_of = {step["step_number"]: column for column, step in enumerate(steps)}
    found = []
    for row in frame.sort("step_number", "activity_code", "activity", nulls_last=True).iter_rows(named=True):
        size = number(row["hours_per_rep_week"])
        if size is None or size <= 0:
            continue
        found.append(
            Activity(
                column=column_of.get(row["step_number"], len(steps)),
                name=clean(row["activity"]) or clean(row["activity_code"]) or "(no name)",
                verdict=row["verdict"],
                # What is not judged cannot be a candidate.
                is_candidate=bool(row["is_candidate"]) and bool(verdict_letter(row["verdict"])),
                hours=size,
                entries=number(row["entries"]),
                reps=number(row["reps_doing"]),
                freed=number(row["freed_hours_per_rep_week"]),
            )
        )
    return found


def _rows(legend_height: float, steps: Sequence[Mapping[str, Any]], activities: Sequence[Activity], plan: Plan) -> Rows:
    """Stack the rows of the map; the journey takes no room when the study has none."""
    journey = legend_height + 16
    has_journey = any(clean(step["journey"]) for step in steps)
    boxes = journey + (CHEVRON_HEIGHT + ROW_GAP if has_journey else 0)
    caption = boxes + BOX_HEIGHT + ROW_GAP + 4
    stacks = caption + 36
    bottom = stacks_bottom(stack_columns(activities, plan, top=stacks), stacks)
    ladder = bottom + 2 * ROW_GAP
    return Rows(0, journey, boxes, caption, stacks, ladder, ladder + max(LADDER_HEIGHT, TOTALS_HEIGHT))


def _stack_marks(stacks: Sequence[Stack], plan: Plan, rows: Rows) -> list[Mark]:
    """Draw all stacks with the hours of each column above; an empty column keeps its baseline."""
    steps = plan.steps
    marks: list[Mark] = [
        Label(
            LEFT if steps else column_left(0, 0),
            rows.caption,
            "Hours per rep per week",
            Style(MUTED, bold=True),
        )
    ]
    filled = {stack.column for stack in stacks}
    for column in range(steps):
        if column not in filled:
            x = column_left(column, steps)
            marks.append(Line(x, rows.stacks, x + COLUMN, rows.stacks, HAIRLINE))
            marks.append(Label(x, rows.stacks + 14, "no hours logged", Style(MUTED, italic=True)))
    for stack in stacks:
        x = column_left(stack.column, steps)
        right = plan.across_right if stack.column == steps else x + COLUMN
        marks.append(
            Label(
                right - PAD,
                rows.stacks - 13,
                f"{tenth(stack.total)} h",
                Style(INK, bold=True, align="right"),
            )
        )
        marks.append(Label(x, rows.stacks - 13, "total", Style(MUTED)))
        for block in stack.blocks:
            marks += _block_marks(block)
    return marks


def _block_marks(block: Block) -> list[Mark]:
    """Draw one block: its area is its hours, a hair of paper keeps it from its neighbours."""
    tip = block_tip(block)
    is_outlined = block.is_candidate or not block.letter
    text = INK if block.is_candidate or not block.has_label_inside else block.style.text_colour
    inset = min(1.0, (block.y2 - block.y) / 4)
    marks: list[Mark] = [
        Rect(
            block.x + 0.6,
            block.y + inset,
            block.x2 - 0.6,
            block.y2 - inset,
            _block_fill(block),
            stroke=verdict_edge(block.style) if is_outlined else None,
            dashed=block.is_candidate,
            tip=tip,
            hours=block.hours,
        )
    ]
    if not block.has_label_inside:
        # A hook ties the name to the block that is too flat for it.
        x, edge = block.x + 2, verdict_edge(block.style)
        marks.append(Line(x, block.y2, x, block.hours_y, edge, 1.5))
        marks.append(Line(x, block.hours_y, block.x + HOOK, block.hours_y, edge, 1.5))
    place = WIDE_BADGE_PLACE if block.is_candidate else BADGE_PLACE
    place += 0 if block.has_label_inside else HOOK
    marks += badge(block.x + place, block.hours_y, block.letter, block.style, tip)
    marks += label_lines(block.label_x, block.label_y, block.lines, Style(text, BODY), tip)
    marks.append(Label(block.x2 - PAD, block.hours_y, tenth(block.hours), Style(text, BODY, "right", bold=True), tip))
    return marks


def _block_fill(block: Block) -> str:
    if not block.letter:
        return block.style.colour
    return block.style.candidate_colour if block.is_candidate else block.style.colour
