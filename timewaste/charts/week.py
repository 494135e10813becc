"""The week by category: one 100 % bar per team, all reps first, with the interval of the selling share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from timewaste.charts.canvas import Label, Line, Mark, Rect, Style, compose, empty_state, label_lines
from timewaste.charts.facts import how_we_know
from timewaste.charts.text_fit import clean, text_width, wrap
from timewaste.charts.theme import (
    BODY,
    HAIRLINE,
    HEADING,
    INK,
    MUTED,
    category_colour,
    category_text_colour,
    category_word,
)
from timewaste.wording import NBSP, counted, hours, number, percent, percent_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt
    import polars as pl

NAMES: Final = 196.0
BAR: Final = 880.0
TOTAL: Final = 96.0
BAR_HEIGHT: Final = 46.0
LEGEND: Final = 56.0
PITCH: Final = 96.0
FALLBACK_TITLE: Final = "Where the week goes"


class Part(NamedTuple):
    """A category's piece of a bar: from and to are shares of the bar, hours are per rep per week."""

    category: str
    start: float
    end: float
    hours: float | None
    share: float
    low: float | None
    high: float | None


class Bar(NamedTuple):
    """The week of one team."""

    team: str
    reps: float | None
    parts: tuple[Part, ...]
    outside: float | None


def draw(rpt_week_by_category: pl.DataFrame, rpt_facts: pl.DataFrame) -> alt.LayerChart:
    """Draw one bar per team from shares 0..1 of worked time and hours per rep per week."""
    bars = read_bars(rpt_week_by_category)
    if not bars:
        return empty_state(FALLBACK_TITLE, "No entries yet")
    marks = _legend(bars[0])
    for row, bar in enumerate(bars):
        marks += _bar_marks(bar, LEGEND + row * PITCH, is_first=row == 0)
    marks += [Line(NAMES, LEGEND - 4, NAMES, LEGEND + len(bars) * PITCH - 22, HAIRLINE)]
    parts = ("Share of worked time, hours per rep per week.", how_we_know(rpt_facts), _interval_note(bars))
    size = (NAMES + BAR + TOTAL, LEGEND + len(bars) * PITCH - 12)
    return compose(marks, size=size, title=_title(bars[0]), subtitle=" ".join(part for part in parts if part))


def read_bars(frame: pl.DataFrame) -> list[Bar]:
    """Return the bars in their order; time that is no work stands outside a bar when not in its base."""
    ordered = frame.sort("team_order", "team", "category_order", "category")
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in ordered.iter_rows(named=True):
        groups.setdefault((row["team_order"], clean(row["team"])), []).append(row)
    return [_bar(team, rows) for (_, team), rows in groups.items()]


def _bar(team: str, rows: Sequence[dict[str, Any]]) -> Bar:
    shares = sum(number(row["share"]) or 0.0 for row in rows)
    is_outside = shares > 1.005
    inside = [row for row in rows if not (is_outside and row["category"] == "non_work")]
    whole = max(1.0, sum(number(row["share"]) or 0.0 for row in inside))
    parts, start = [], 0.0
    for row in inside:
        share = number(row["share"]) or 0.0
        end = start + share / whole
        low, high = number(row["share_low"]), number(row["share_high"])
        category = row["category"] or "unclassified"
        parts.append(Part(category, start, end, number(row["hours_per_rep_week"]), share, low, high))
        start = end
    outside = [number(row["hours_per_rep_week"]) for row in rows if row["category"] == "non_work" and is_outside]
    return Bar(team or "(no team)", number(rows[0]["reps"]), tuple(parts), outside[0] if outside else None)


def _selling(bar: Bar) -> Part | None:
    return next((part for part in bar.parts if part.category == "selling"), None)


def _title(bar: Bar) -> str:
    selling = _selling(bar)
    if selling is None:
        return FALLBACK_TITLE
    interval = percent_range(selling.low, selling.high)
    return f"Reps sell {percent(selling.share)} of the week{f' ({interval})' if interval else ''}"


def _interval_note(bars: Sequence[Bar]) -> str:
    has_interval = any(part.low is not None and part.category == "selling" for bar in bars for part in bar.parts)
    return "Whiskers: interval of the selling share." if has_interval else ""


def _legend(bar: Bar) -> list[Mark]:
    """Name each category above its piece of the first bar; names push each other aside, never overlap."""
    parts = [part for part in bar.parts if part.end > part.start]
    wide = [text_width(category_word(part.category)) + 34 for part in parts]
    edge = NAMES + BAR + TOTAL
    lefts: list[float] = []
    for part in parts:
        wanted = NAMES + BAR * part.start
        lefts.append(max(wanted, lefts[-1] + wide[len(lefts) - 1] if lefts else NAMES))
    for place in range(len(lefts) - 1, -1, -1):
        lefts[place] = min(lefts[place], edge - wide[place])
        edge = lefts[place]
    marks: list[Mark] = []
    for part, left in zip(parts, lefts, strict=True):
        start, end = NAMES + BAR * part.start, NAMES + BAR * part.end
        target = min(max(left + 7, start + 4), end - 4) if end - start > 8 else (start + end) / 2
        marks.append(Rect(left, 5, left + 14, 19, category_colour(part.category), "#7d898c"))
        marks.append(Label(left + 20, 12.5, category_word(part.category)))
        marks.append(Line(left + 7, 24, left + 7, 30, "#7d898c"))
        marks.append(Line(left + 7, 30, target, LEGEND - 4, "#7d898c"))
    return marks


def _bar_marks(bar: Bar, y: float, *, is_first: bool) -> list[Mark]:
    """Draw one bar: its name, its pieces with hours and per cent, the whisker and what was too narrow."""
    size = HEADING if is_first else BODY
    tip = bar.team if bar.reps is None else f"{bar.team}: {counted(bar.reps, 'rep', 'reps')}"
    lines = wrap(bar.team, NAMES - 20, size, bold=True)
    reps = [] if bar.reps is None else [counted(bar.reps, "rep", "reps")]
    middle = y + BAR_HEIGHT / 2
    marks: list[Mark] = [
        *label_lines(0, middle - (9 if reps else 0), lines, Style(INK, size, bold=True), tip),
        *(Label(0, middle + 10 + 9 * (len(lines) - 1), text, Style(MUTED), tip) for text in reps),
    ]
    narrow = []
    for part in bar.parts:
        if part.end <= part.start:
            continue
        drawn, has_label = _part_marks(part, y, bar.team)
        marks += drawn
        if not has_label:
            told = f"{category_word(part.category)} {hours(part.hours)}, {percent(part.share)}"
            narrow.append(told.replace(" ", NBSP))
    if bar.parts:
        total = sum(part.hours or 0.0 for part in bar.parts)
        marks.append(Label(NAMES + BAR + 10, middle, hours(total), Style(INK, bold=True), f"{bar.team}: worked hours"))
    if bar.outside:
        for row, text in enumerate((f"+ {hours(bar.outside)}", "non-work")):
            marks.append(Label(NAMES + BAR + 10, middle + 17 * (row + 1), text, Style(MUTED)))
    return marks + _whisker(_selling(bar), y) + _narrow_note(_selling(bar), narrow, y)


def _part_marks(part: Part, y: float, team: str) -> tuple[list[Mark], bool]:
    """Draw a piece and its label, on two lines; a piece too narrow for both keeps the per cent alone."""
    x, x2 = NAMES + BAR * part.start, NAMES + BAR * part.end
    interval = percent_range(part.low, part.high)
    known = f"{hours(part.hours)} per rep per week, {percent(part.share)}{f' ({interval})' if interval else ''}"
    tip = f"{team}, {category_word(part.category)}: {known}"
    fill = category_colour(part.category)
    inset = min(0.7, (x2 - x) / 4)
    marks: list[Mark] = [Rect(x + inset, y, x2 - inset, y + BAR_HEIGHT, fill, radius=1, tip=tip, hours=part.hours)]
    style = Style(category_text_colour(part.category), BODY, "center", bold=part.category == "selling")
    lines = (percent(part.share), hours(part.hours))
    if max(text_width(line, bold=style.bold) for line in lines) + 4 > x2 - x:
        return marks, False
    return marks + list(label_lines((x + x2) / 2, y + BAR_HEIGHT / 2, lines, style, tip)), True


def _whisker(selling: Part | None, y: float) -> list[Mark]:
    """Draw the interval of the selling share under the bar, on the bar's own scale."""
    if selling is None or selling.low is None or selling.high is None:
        return []
    low, high = NAMES + BAR * max(0.0, selling.low), NAMES + BAR * min(1.0, selling.high)
    line = y + BAR_HEIGHT + 11
    ends = [Line(x, line - 5, x, line + 5, INK, 2) for x in (low, high)]
    point = NAMES + BAR * selling.end
    return [
        Line(low, line, high, line, INK, 2),
        *ends,
        Line(point, y + BAR_HEIGHT, point, line, INK, 2),
        Label(high + 8, line, f"selling {percent_range(selling.low, selling.high)}", Style(INK)),
    ]


def _narrow_note(selling: Part | None, narrow: Sequence[str], y: float) -> list[Mark]:
    """Name at the right under the bar what has no room for its label in it."""
    if not narrow:
        return []
    taken = BAR * min(1.0, selling.high) + 150 if selling is not None and selling.high is not None else 0.0
    text = "; ".join(narrow)
    lines = wrap(text, max(BAR - taken, 220.0), lines=2)
    style = Style(MUTED, BODY, "right")
    middle = y + BAR_HEIGHT + 11 + 8 * (len(lines) - 1)
    return list(label_lines(NAMES + BAR, middle, lines, style, text))
