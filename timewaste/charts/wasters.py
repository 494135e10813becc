"""The ranking of what takes the time not spent selling or preparing: hours, verdict, cost, and the cumulative share."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from timewaste.charts.canvas import (
    Label,
    Line,
    Mark,
    Rect,
    Shape,
    Style,
    compose,
    empty_state,
    label_lines,
)
from timewaste.charts.facts import how_we_know, only_row
from timewaste.charts.text_fit import clean, wrap
from timewaste.charts.theme import (
    HAIRLINE,
    INK,
    MIXED,
    MUTED,
    PAPER,
    VerdictStyle,
    verdict_edge,
    verdict_letter,
    verdict_style,
)
from timewaste.charts.verdict_marks import badge, verdict_legend
from timewaste.wording import (
    count_word,
    counted,
    hours,
    hours_range,
    number,
    percent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt
    import polars as pl

RANK: Final = 26.0
NAMES: Final = 270.0
BARS: Final = 330.0
FIGURES: Final = 178.0
COST: Final = 128.0
CUMULATIVE: Final = 216.0
TOP: Final = 74.0
PITCH: Final = 40.0
BAR_HEIGHT: Final = 24.0
MOST_TIME: Final = 0.8
MOST_LINES: Final = 25
FALLBACK_TITLE: Final = "What takes the time not spent selling or preparing"
_DOT: Final = "M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0Z"


class Waster(NamedTuple):
    """One line of the ranking; hours are per rep per week, `is_folded` says that it stands for several."""

    rank: str
    name: str
    verdict: str | None
    is_candidate: bool
    hours: float
    low: float | None
    high: float | None
    share: float | None
    cost: float | None
    cumulative: float | None
    reps: float | None
    is_folded: bool


class Scale(NamedTuple):
    """The places of the columns; `per_hour` is pixels per hour of the bars."""

    per_hour: float
    bars: float
    figures: float
    cost: float
    cumulative: float
    right: float


def draw(rpt_wasters: pl.DataFrame, rpt_facts: pl.DataFrame) -> alt.LayerChart:
    """Draw the ranking from hours per rep per week, shares 0..1 and costs per week in its currency."""
    ranked = read_wasters(rpt_wasters)
    if not ranked:
        return empty_state(FALLBACK_TITLE, "No entries yet")
    wasters = fold(ranked)
    scale = _scale(wasters)
    bottom = TOP + PITCH * len(wasters)
    marks, _, _ = verdict_legend(
        [(each.verdict, each.is_candidate) for each in wasters if not each.is_folded], 0, scale.right
    )
    marks += _head(wasters, scale, clean(only_row(rpt_facts).get("currency")), bottom)
    for place, waster in enumerate(wasters):
        marks += _waster_marks(waster, TOP + PITCH * (place + 0.5), scale)
    marks += _cumulative_marks(wasters, scale)
    parts = ("Hours per rep per week with their interval.", how_we_know(rpt_facts))
    subtitle = " ".join(part for part in parts if part)
    return compose(marks, size=(scale.right, bottom + 22), title=conclusion(ranked), subtitle=subtitle)


def read_wasters(frame: pl.DataFrame) -> list[Waster]:
    """Return the lines in the order of their rank."""
    return [_waster(row) for row in frame.sort("rank", nulls_last=True).iter_rows(named=True)]


def _waster(row: dict[str, Any]) -> Waster:
    rank = number(row["rank"])
    is_folded = row["activity_code"] is None
    return Waster(
        rank="" if rank is None or is_folded else f"{rank:.0f}",
        name=clean(row["activity"]) or clean(row["activity_code"]) or "(no name)",
        verdict=row["verdict"],
        is_candidate=bool(row["is_candidate"]) and bool(verdict_letter(row["verdict"])),
        hours=max(0.0, number(row["hours_per_rep_week"]) or 0.0),
        low=number(row["hours_per_rep_week_low"]),
        high=number(row["hours_per_rep_week_high"]),
        share=number(row["share"]),
        cost=number(row["cost_per_week"]),
        cumulative=number(row["cumulative_share"]),
        reps=number(row["reps_doing"]),
        is_folded=is_folded,
    )


def fold(wasters: Sequence[Waster], most: int = MOST_LINES) -> list[Waster]:
    """Return at most so many lines: the smallest activities become one, before the line of too few reps.

    Hours, shares and costs are summed; a sum with an unknown part is unknown.
    """
    if len(wasters) <= most:
        return list(wasters)
    rest = [each for each in wasters if each.is_folded]
    single = [each for each in wasters if not each.is_folded]
    kept = max(1, most - 1 - len(rest))
    return [*single[:kept], _sum_line(single[kept:]), *rest]


def _sum_line(members: Sequence[Waster]) -> Waster:
    shares = [each.share for each in members if each.share is not None]
    costs = [each.cost for each in members if each.cost is not None]
    return Waster(
        rank="",
        name=f"{len(members)} smaller activities",
        verdict=None,
        is_candidate=False,
        hours=sum(each.hours for each in members),
        low=None,
        high=None,
        share=sum(shares) if len(shares) == len(members) else None,
        cost=sum(costs) if len(costs) == len(members) else None,
        cumulative=members[-1].cumulative,
        reps=None,
        is_folded=True,
    )


def conclusion(wasters: Sequence[Waster]) -> str:
    """Return how few activities take most of the time, as far as the figures say so."""
    for place, waster in enumerate(wasters, start=1):
        if waster.is_folded or waster.cumulative is None:
            break
        if waster.cumulative >= MOST_TIME:
            verb = "activity takes" if place == 1 else "activities take"
            return f"{count_word(place)} {verb} {percent(waster.cumulative)} of the time not spent selling or preparing"
    first = wasters[0]
    return f"{first.name} takes {hours(first.hours)} of each rep's week, the most of all that is not selling"


def _scale(wasters: Sequence[Waster]) -> Scale:
    longest = max([*(each.hours for each in wasters), *(each.high or 0.0 for each in wasters)]) or 1.0
    bars = RANK + NAMES + 40
    figures = bars + BARS + 14
    has_cost = any(each.cost is not None for each in wasters)
    cost = figures + FIGURES
    cumulative = cost + (COST if has_cost else 0) + 24
    has_line = any(each.cumulative is not None for each in wasters)
    return Scale(BARS / longest, bars, figures, cost, cumulative, cumulative + (CUMULATIVE + 62 if has_line else 0))


def _head(wasters: Sequence[Waster], scale: Scale, currency: str, bottom: float) -> list[Mark]:
    """Head the columns and draw the frame of the cumulative share."""
    y, style = TOP - 16, Style(MUTED, bold=True)
    marks: list[Mark] = [
        Label(scale.bars, y, "Hours per rep per week", style),
        Line(0, TOP - 4, scale.right, TOP - 4, HAIRLINE),
    ]
    if any(each.cost is not None for each in wasters):
        heading = wrap(f"{currency} per week".strip(), COST - 8, bold=True, lines=1)[0]
        marks.append(Label(scale.cost + COST - 8, y, heading, Style(MUTED, align="right", bold=True), currency))
    if any(each.cumulative is not None for each in wasters):
        marks.append(Label(scale.cumulative, y, "Running share", style))
        for share in (0.0, MOST_TIME, 1.0):
            x = scale.cumulative + CUMULATIVE * share
            marks.append(Line(x, TOP - 4, x, bottom, HAIRLINE, 1, dashed=share == MOST_TIME))
        x = scale.cumulative + CUMULATIVE * MOST_TIME
        marks.append(Label(x, bottom + 11, percent(MOST_TIME), Style(MUTED, align="center")))
    return marks


def _style(waster: Waster) -> VerdictStyle:
    """Return the look of a line; one that stands for several activities has several verdicts."""
    return MIXED if waster.is_folded else verdict_style(waster.verdict)


def _tip(waster: Waster) -> str:
    style = _style(waster)
    interval = hours_range(waster.low, waster.high)
    known = [
        f"{hours(waster.hours)} per rep per week{f' ({interval})' if interval else ''}",
        f"{percent(waster.share)} of the week" if waster.share is not None else "",
        f"{style.word}{' (candidate)' if waster.is_candidate and style.letter else ''}",
        counted(waster.reps, "rep does it", "reps do it") if waster.reps is not None else "",
    ]
    return f"{waster.name}: {', '.join(part for part in known if part)}"


def _waster_marks(waster: Waster, y: float, scale: Scale) -> list[Mark]:
    """Draw one line: rank, name, letter, bar with its whisker, figures and cost."""
    tip = _tip(waster)
    marks: list[Mark] = [Label(RANK - 8, y, waster.rank, Style(MUTED, align="right"))] if waster.rank else []
    marks += label_lines(RANK, y, wrap(waster.name, NAMES), Style(INK, italic=waster.is_folded), tip)
    letter = verdict_letter(waster.verdict, is_candidate=waster.is_candidate)
    marks += badge(scale.bars - 21, y, letter, _style(waster), tip)
    end = scale.bars + waster.hours * scale.per_hour
    fill = _style(waster).candidate_colour if waster.is_candidate else _style(waster).colour
    marks.append(
        Rect(
            scale.bars,
            y - BAR_HEIGHT / 2,
            end,
            y + BAR_HEIGHT / 2,
            fill,
            verdict_edge(_style(waster)),
            dashed=waster.is_candidate,
            radius=1,
            tip=tip,
            hours=waster.hours,
        )
    )
    if waster.low is not None and waster.high is not None:
        low, high = (scale.bars + max(0.0, each) * scale.per_hour for each in (waster.low, waster.high))
        marks += [Line(low, y, high, y, PAPER, 4), Line(low, y, high, y, INK, 1.5)]
        marks += [Line(x, y - 4, x, y + 4, INK, 1.5) for x in (low, high)]
    figure = hours(waster.hours)
    marks.append(Label(scale.figures, y, figure, Style(INK, bold=True), tip))
    interval = hours_range(waster.low, waster.high)
    if interval:
        marks.append(Label(scale.figures + 66, y, f"({interval})", Style(MUTED), tip))
    if waster.cost is not None:
        marks.append(Label(scale.cost + COST - 8, y, f"{waster.cost:,.0f}", Style(INK, align="right"), tip))
    return marks


def _cumulative_marks(wasters: Sequence[Waster], scale: Scale) -> list[Mark]:
    """Draw the Pareto line downwards beside the bars, with the share at each line."""
    points = [
        (scale.cumulative + CUMULATIVE * min(1.0, each.cumulative), TOP + PITCH * (place + 0.5), each)
        for place, each in enumerate(wasters)
        if each.cumulative is not None
    ]
    marks: list[Mark] = [Line(x, y, x2, y2, INK, 1.5) for (x, y, _), (x2, y2, _) in itertools.pairwise(points)]
    for x, y, each in points:
        text = percent(each.cumulative)
        marks.append(Shape(x, y, _DOT, INK, None, f"Up to {each.name}: {text}"))
        # In a column of its own: beside the dots a figure would cross the line.
        marks.append(Label(scale.right, y, text, Style(INK, align="right")))
    return marks
