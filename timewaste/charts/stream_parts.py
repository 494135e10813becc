"""The parts of the value-stream map on fixed rows: legend, journey, process boxes, ladder, totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from timewaste.charts.canvas import (
    WORST,
    Label,
    Line,
    Mark,
    Rect,
    Shape,
    Style,
    label_lines,
)
from timewaste.charts.stream_plan import COLUMN, GAP, LEFT, RIGHT_PANEL, Plan, column_left
from timewaste.charts.text_fit import clean, text_width, wrap
from timewaste.charts.theme import (
    BODY,
    HAIRLINE,
    HEADING,
    INK,
    MUTED,
    PAPER,
    RED,
)
from timewaste.charts.verdict_marks import entry_width, place_entry, verdict_legend
from timewaste.wording import EN_DASH, NOT_MEASURED, count, counted, days, hours, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.charts.stream_layout import Activity

CHEVRON_HEIGHT: Final = 44.0
HEADER_HEIGHT: Final = 48.0
DATA_ROW: Final = 23.0
BOX_HEIGHT: Final = HEADER_HEIGHT + 4 * DATA_ROW + 10
LADDER_HEIGHT: Final = 104.0
TOTALS_HEIGHT: Final = 120.0
WORST_STEP: Final = "worst step of its row"
HEADER: Final = "#22373c"
JOURNEY: Final = "#e4eeec"
LADDER: Final = "Time ladder: waiting above (working days), work below (hours)"
NO_LADDER: Final = "Lead and process times not measured: no stage history"
_HALF: Final = COLUMN / 2
_CHEVRON: Final = f"M-{_HALF},-22L{_HALF - 10},-22L{_HALF + 3},0L{_HALF - 10},22L-{_HALF},22L-{_HALF - 13},0Z"
_ARROW: Final = "M0,-5L9,0L0,5Z"


class Figure(NamedTuple):
    """One line of a data box."""

    name: str
    text: str
    is_worst: bool


def legend_marks(
    activities: Sequence[Activity], steps: Sequence[Mapping[str, Any]], width: float
) -> tuple[list[Mark], float]:
    """Name the looks that occur, worst first, and return the marks with the height that they take."""
    looks = [(each.verdict, each.is_candidate) for each in activities]
    marks, x, y = verdict_legend(looks, LEFT, width)
    names = ("process", "lead", "complete_accurate", "people")
    has_worst = any(step[f"is_worst_{name}"] for step in steps for name in names)
    if has_worst:
        x, y = place_entry(x, y, WORST_STEP, (LEFT, width))
        marks.append(Shape(x + 7, y, WORST, RED))
        marks.append(Label(x + 19, y, WORST_STEP, Style(RED, bold=True)))
    if any(figure.text == NOT_MEASURED for step in steps for figure in figures(step)):
        x, y = place_entry(x + (entry_width(WORST_STEP) if has_worst else 0), y, NOT_MEASURED, (LEFT, width))
        marks.append(Label(x + 2, y, f"{EN_DASH} {NOT_MEASURED}", Style(MUTED)))
    return marks, y + 12


def journey_marks(steps: Sequence[Mapping[str, Any]], y: float) -> list[Mark]:
    """Draw the customer's journey, one chevron over each step; nothing when the study names none."""
    if not any(clean(step["journey"]) for step in steps):
        return []
    marks: list[Mark] = []
    for column, step in enumerate(steps):
        text = clean(step["journey"])
        x = column_left(column, len(steps)) + COLUMN / 2
        middle = y + CHEVRON_HEIGHT / 2
        marks.append(Shape(x, middle, _CHEVRON, JOURNEY, None, f"Customer: {text or 'not named'}"))
        style = Style(MUTED, BODY, "center", italic=True)
        lines = wrap(text, COLUMN - 40) if text else ("not named",)
        marks += label_lines(x + 2, middle, lines, style, f"Customer: {text}")
    return marks


def figures(step: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Return the data box of a step as text; NULL is "not measured"."""
    return (
        Figure("Process time", hours(step["process_hours"]), bool(step["is_worst_process"])),
        Figure("Lead time", days(step["lead_days"]), bool(step["is_worst_lead"])),
        Figure(
            "Right first time",
            percent(step["complete_accurate_share"]),
            bool(step["is_worst_complete_accurate"]),
        ),
        Figure("People", count(step["people"]), bool(step["is_worst_people"])),
    )


def _step_name(step: Mapping[str, Any]) -> str:
    return clean(step["step"]) or f"Step {step['step_number']}"


def _step_tip(step: Mapping[str, Any]) -> str:
    told = ", ".join(f"{each.name.lower()} {each.text}" for each in figures(step))
    visits = number(step["visits"])
    seen = "visits not measured" if visits is None else f"from {counted(visits, 'visit', 'visits')}"
    return f"{_step_name(step)}: {told}; {seen}"


def process_marks(steps: Sequence[Mapping[str, Any]], y: float) -> list[Mark]:
    """Draw a process box with its data box for each step, and the arrows between them."""
    marks: list[Mark] = []
    for column, step in enumerate(steps):
        x = column_left(column, len(steps))
        tip = _step_tip(step)
        marks.append(Rect(x, y, x + COLUMN, y + BOX_HEIGHT, PAPER, HAIRLINE, tip=tip))
        marks.append(Rect(x, y, x + COLUMN, y + HEADER_HEIGHT, HEADER, tip=tip))
        style = Style(PAPER, HEADING, "center", bold=True)
        lines = wrap(_step_name(step), COLUMN - 20, HEADING, bold=True)
        marks += label_lines(x + COLUMN / 2, y + HEADER_HEIGHT / 2, lines, style, tip)
        for row, figure in enumerate(figures(step)):
            marks += _figure_marks(figure, x, y + HEADER_HEIGHT + 5 + DATA_ROW * (row + 0.5), tip)
        if column + 1 < len(steps):
            middle = y + HEADER_HEIGHT / 2
            marks.append(Line(x + COLUMN + 3, middle, x + COLUMN + GAP - 10, middle, MUTED, 2))
            marks.append(Shape(x + COLUMN + GAP - 10, middle, _ARROW, MUTED))
    return marks


def _figure_marks(figure: Figure, x: float, y: float, tip: str) -> list[Mark]:
    right = x + COLUMN - 5
    is_measured = figure.text != NOT_MEASURED
    name = Label(x + 5, y, figure.name, Style(MUTED), tip)
    if not is_measured:
        # The words would touch the name of the row; the legend and the tip say them.
        return [name, Label(right, y, EN_DASH, Style(MUTED, align="right"), tip)]
    if not figure.is_worst:
        return [name, Label(right, y, figure.text, Style(INK, align="right"), tip)]
    place = right - text_width(figure.text, bold=True) - 7
    return [
        name,
        Shape(place, y, WORST, RED, None, tip),
        Label(right, y, figure.text, Style(RED, align="right", bold=True), tip),
    ]


def across_header(plan: Plan, y: float) -> list[Mark]:
    """Head the work that belongs to no step with one box over all its columns."""
    middle = (plan.across_left + plan.across_right) / 2
    heading = Style(INK, HEADING, "center", bold=True)
    note = Style(MUTED, align="center", italic=True)
    return [
        Rect(plan.across_left, y, plan.across_right, y + HEADER_HEIGHT, PAPER, HEADER, dashed=True),
        Label(middle, y + HEADER_HEIGHT / 2, "Across all steps", heading),
        Label(middle, y + HEADER_HEIGHT + 17, "work tied to no step", note),
    ]


def wait_days(step: Mapping[str, Any], totals: Mapping[str, Any]) -> float | None:
    """Return lead time less process time in working days, not below 0; None when either was not measured."""
    lead, process = number(step["lead_days"]), number(step["process_hours"])
    workday = number(totals.get("workday_hours")) or 8.0
    return None if lead is None or process is None else max(0.0, lead - process / workday)


def ladder_marks(steps: Sequence[Mapping[str, Any]], totals: Mapping[str, Any], y: float) -> list[Mark]:
    """Draw the time ladder: waiting on the upper rung before a step, process time on the lower one."""
    if not steps:
        return []
    room = column_left(len(steps) - 1, len(steps)) + COLUMN - LEFT
    if not any(number(step[name]) is not None for step in steps for name in ("lead_days", "process_hours")):
        lines = wrap(NO_LADDER, room, lines=3)
        return list(label_lines(LEFT, y + 8 * (len(lines) - 1), lines, Style(MUTED, italic=True)))
    lines = wrap(LADDER, room, lines=3, bold=True)
    below = 16 * (len(lines) - 1)
    marks: list[Mark] = [*label_lines(LEFT, y + below / 2, lines, Style(MUTED, bold=True))]
    upper, lower = y + below + 46, y + below + 74
    for column, step in enumerate(steps):
        x = column_left(column, len(steps))
        start = x - GAP
        marks.append(Line(start, upper, x, upper, INK, 2.5))
        marks.append(Line(x, upper, x, lower, INK, 2.5))
        marks.append(Line(x, lower, x + COLUMN, lower, INK, 2.5))
        marks.append(Line(x + COLUMN, upper, x + COLUMN, lower, INK, 2.5))
        wait = wait_days(step, totals)
        middle = max(start + GAP / 2, 2 + text_width(days(wait)) / 2)
        marks.append(_rung(middle, upper - 13, days(wait), f"Wait before or in {_step_name(step)}"))
        work = hours(step["process_hours"])
        marks.append(_rung(x + COLUMN / 2, lower + 14, work, f"Process time of {_step_name(step)}"))
    return marks


def _rung(x: float, y: float, text: str, what: str) -> Label:
    is_measured = text != NOT_MEASURED
    style = Style(INK if is_measured else MUTED, BODY, "center", italic=not is_measured)
    return Label(x, y, text, style, f"{what}: {text}")


def totals_marks(totals: Mapping[str, Any], x: float, y: float) -> list[Mark]:
    """Write what the ladder adds up to, and the hours that the verdicts give back."""
    rows = (
        ("Lead time", days(totals.get("lead_days")), "working days from the first step to the last"),
        ("Process time", hours(totals.get("process_hours")), "hours of work on one opportunity"),
        ("Activity ratio", percent(totals.get("activity_ratio")), "process time / lead time"),
        (
            "Right first time, all steps",
            percent(totals.get("rolled_complete_accurate_share")),
            "product of the steps' shares complete and accurate",
        ),
        ("Can be given back", hours(totals.get("freed_hours_per_rep_week")), "hours per rep per week"),
    )
    marks: list[Mark] = [Line(x, y - 14, x + RIGHT_PANEL, y - 14, HAIRLINE)]
    for row, (name, text, meaning) in enumerate(rows):
        tip = f"{name}: {text} ({meaning})"
        is_measured = text != NOT_MEASURED
        style = Style(INK if is_measured else MUTED, BODY, "right", bold=is_measured, italic=not is_measured)
        marks.append(Label(x, y + 6 + 25 * row, name, Style(INK), tip))
        marks.append(Label(x + RIGHT_PANEL, y + 6 + 25 * row, text, style, tip))
    return marks
