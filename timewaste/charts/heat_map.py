"""Hours of the day by weekday: the shade is hours worked, the text in a cell the share of selling in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from timewaste.charts.canvas import Label, Line, Mark, Rect, Style, compose, empty_state
from timewaste.charts.facts import how_we_know, only_row
from timewaste.charts.text_fit import clean, shorten_to
from timewaste.charts.theme import BODY, HAIRLINE, HEAT, INK, MUTED, PAPER
from timewaste.wording import (
    EN_DASH,
    NOT_MEASURED,
    counted,
    hours,
    number,
    percent,
    tenth,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt
    import polars as pl

DAYS: Final = 110.0
CELL: Final = 64.0
CELL_HEIGHT: Final = 42.0
TOP: Final = 92.0
NARROWEST: Final = 720.0
FALLBACK_TITLE: Final = "When the week's hours are worked"
# A cell with few hours has a share that says little: the title speaks of cells with this part of the fullest.
ENOUGH: Final = 0.25


def draw(rpt_heat_map: pl.DataFrame, rpt_facts: pl.DataFrame) -> alt.LayerChart:
    """Draw hours per rep per week and selling shares 0..1; cells of too few reps are hatched."""
    rows = rpt_heat_map.sort("weekday_number", "hour").to_dicts()
    if not rows:
        return empty_state(FALLBACK_TITLE, "No entries with a time of day yet")
    shown = [row for row in rows if _is_shown(row)]
    inside = _inside(rows, shown)
    first, last = min(row["hour"] for row in inside), max(row["hour"] for row in inside)
    weekdays = {row["weekday_number"]: clean(row["weekday"]) for row in inside}
    cells = {(row["weekday_number"], row["hour"]): row for row in inside}
    most = max((number(row["hours_per_rep_week"]) or 0.0 for row in shown), default=0.0)
    marks = [*_scale_marks(most), *_hour_marks(first, last)]
    for place, day in enumerate(sorted(weekdays)):
        y = TOP + CELL_HEIGHT * place
        name = weekdays[day] or f"Day {day}"
        marks.append(Label(0, y + CELL_HEIGHT / 2, shorten_to(name, DAYS - 12), Style(INK), name))
        for hour in range(first, last + 1):
            marks += _cell(cells.get((day, hour)), DAYS + CELL * (hour - first), y, most)
    bottom = TOP + CELL_HEIGHT * len(weekdays)
    has_blank = len(cells) < len(weekdays) * (last - first + 1)
    left_out = _left_out(rows, inside) if len(inside) < len(rows) else ""
    marks += _note(inside, only_row(rpt_facts).get("min_group"), bottom, left_out, has_blank=has_blank)
    width = max(NARROWEST, DAYS + CELL * (last - first + 1) + 12)
    parts = ("Shade = hours per rep per week; text = share of selling in them.", how_we_know(rpt_facts))
    subtitle = " ".join(part for part in parts if part)
    return compose(marks, size=(width, bottom + 40), title=conclusion(shown, most), subtitle=subtitle)


def _inside(rows: Sequence[dict[str, Any]], shown: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the rows of the days and hours between which something may be shown; all when nothing may."""
    if not shown:
        return rows
    days = {row["weekday_number"] for row in shown}
    first, last = min(row["hour"] for row in shown), max(row["hour"] for row in shown)
    return [row for row in rows if row["weekday_number"] in days and first <= row["hour"] <= last]


def _left_out(rows: Sequence[dict[str, Any]], inside: Sequence[dict[str, Any]]) -> str:
    """Name the days and hours that stand outside the map, such as `Sunday, before 7, after 21`."""
    first, last = min(row["hour"] for row in inside), max(row["hour"] for row in inside)
    kept = {row["weekday_number"] for row in inside}
    days = dict.fromkeys(clean(row["weekday"]) for row in rows if row["weekday_number"] not in kept)
    logged = [row["hour"] for row in rows if row["weekday_number"] in kept]
    early = [f"before {first}"] if min(logged) < first else []
    late = [f"after {last + 1}"] if max(logged) > last else []
    return ", ".join([*days, *early, *late])


def _is_shown(row: dict[str, Any]) -> bool:
    return bool(row["is_shown"]) and number(row["hours_per_rep_week"]) is not None


def _clock(hour: int) -> str:
    return f"{hour}{EN_DASH}{hour + 1}"


def conclusion(shown: Sequence[dict[str, Any]], most: float) -> str:
    """Return when reps sell most and least, among the hours that are worked enough to say so."""
    told = [
        row
        for row in shown
        if number(row["selling_share"]) is not None and row["hours_per_rep_week"] >= ENOUGH * most > 0
    ]
    if not told:
        return FALLBACK_TITLE
    ordered = sorted(told, key=lambda row: (row["selling_share"], row["weekday_number"], row["hour"]))
    high, low = ordered[-1], ordered[0]
    best = f"{clean(high['weekday'])} {_clock(high['hour'])} ({percent(high['selling_share'])})"
    if percent(high["selling_share"]) == percent(low["selling_share"]):
        return f"Reps sell {percent(high['selling_share'])} of each hour, whatever the time of the week"
    worst = f"{clean(low['weekday'])} {_clock(low['hour'])} ({percent(low['selling_share'])})"
    return f"Reps sell most on {best} and least on {worst}"


def _shade(size: float, most: float) -> int:
    """Return the step of the shade, 0 for the lightest."""
    return min(len(HEAT) - 1, int(size / most * len(HEAT))) if most > 0 else 0


def _scale_marks(most: float) -> list[Mark]:
    """Show the shades with the hours they stand for."""
    if most <= 0:
        return []
    marks: list[Mark] = [Label(0, 14, "Hours per rep", Style(MUTED)), Label(0, 31, "per week", Style(MUTED))]
    for step, colour in enumerate(HEAT):
        x = DAYS + 46 * step
        marks.append(Rect(x, 6, x + 46, 24, colour, HAIRLINE, radius=0))
        marks.append(Label(x, 36, tenth(most * step / len(HEAT)) if step else "0", Style(MUTED, align="center")))
    marks.append(Label(DAYS + 46 * len(HEAT), 36, tenth(most), Style(MUTED, align="center")))
    return marks


def _hour_marks(first: int, last: int) -> list[Mark]:
    """Write the clock hours over the columns."""
    style = Style(MUTED, align="center")
    return [Label(DAYS + CELL * (hour - first + 0.5), TOP - 14, _clock(hour), style) for hour in range(first, last + 1)]


def _cell(row: dict[str, Any] | None, x: float, y: float, most: float) -> list[Mark]:
    """Draw one cell: shade and text, hatched for too few reps, an empty frame where nothing was logged."""
    left, top, right, bottom = x + 1, y + 1, x + CELL - 1, y + CELL_HEIGHT - 1
    if row is None:
        return [Rect(left, top, right, bottom, PAPER, "#e4e9e9", radius=2)]
    when = f"{clean(row['weekday'])} {_clock(row['hour'])}"
    if not _is_shown(row):
        strokes = [Line(left + step, bottom - 4, left + step + 28, top + 4, HAIRLINE) for step in (4, 13, 22, 31)]
        return [
            Rect(left, top, right, bottom, PAPER, HAIRLINE, radius=2, tip=f"{when}: too few reps"),
            *strokes,
        ]
    size = number(row["hours_per_rep_week"]) or 0.0
    step = _shade(size, most)
    share = percent(row["selling_share"])
    told = f"{when}: {hours(size)} per rep per week, selling {share}"
    tip = f"{told}, {counted(row['reps'], 'rep', 'reps')}" if number(row["reps"]) is not None else told
    style = Style(PAPER if step >= 4 else INK, BODY, "center")
    text = "?" if share == NOT_MEASURED else share
    return [
        Rect(left, top, right, bottom, HEAT[step], radius=2, tip=tip, hours=size),
        Label((left + right) / 2, (top + bottom) / 2, text, style, tip),
    ]


def _note(rows: Sequence[dict[str, Any]], min_group: object, y: float, left_out: str, *, has_blank: bool) -> list[Mark]:
    """Say what a hatched cell and a question mark are, and what is left out, when there is any."""
    notes = []
    least = number(min_group)
    few = "too few reps to show" if least is None else f"fewer than {least:.0f} reps"
    if any(not _is_shown(row) for row in rows):
        notes.append(f"Hatched: {few}.")
    if left_out:
        notes.append(f"Left out ({few}): {left_out}.")
    if any(_is_shown(row) and number(row["selling_share"]) is None for row in rows):
        notes.append("?: selling share not measured.")
    if has_blank:
        notes.append("Blank: nothing logged.")
    return [Label(0, y + 22, " ".join(notes), Style(MUTED))] if notes else []
