"""Rectangles, lines, shapes and labels at pixel positions; the one place that makes Altair layers of them.

The charts compute where things stand; this module knows Altair and nothing about time or sales. Field names
in the spec are fixed (`x`, `y`, `text`, `fill`, ...): text from a log is only ever a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from timewaste.charts.text_fit import balance, text_width
from timewaste.charts.theme import BODY, FONT, INK, LEADING, MUTED, PAPER, SUBTITLE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import altair as alt


class Style(NamedTuple):
    """How a label is set; `align` is left, center or right of its x."""

    colour: str = INK
    size: float = BODY
    align: str = "left"
    bold: bool = False
    italic: bool = False


class Rect(NamedTuple):
    """A rectangle; `tip` is its full story, `hours` what its size stands for."""

    x: float
    y: float
    x2: float
    y2: float
    fill: str
    stroke: str | None = None
    dashed: bool = False
    radius: float = 3
    tip: str = ""
    hours: float | None = None


class Line(NamedTuple):
    """A straight line."""

    x: float
    y: float
    x2: float
    y2: float
    colour: str = MUTED
    width: float = 1
    dashed: bool = False


class Shape(NamedTuple):
    """An SVG path in pixels around its position."""

    x: float
    y: float
    path: str
    fill: str
    stroke: str | None = None
    tip: str = ""


class Label(NamedTuple):
    """One line of text, vertically centred on y; `tip` says what was cut."""

    x: float
    y: float
    text: str
    style: Style = Style()
    tip: str = ""


Mark = Rect | Line | Shape | Label

BADGE: Final = "M-8,-6a2,2 0 0 1 2,-2h12a2,2 0 0 1 2,2v12a2,2 0 0 1 -2,2h-12a2,2 0 0 1 -2,-2Z"
WIDE_BADGE: Final = "M-11,-6a2,2 0 0 1 2,-2h18a2,2 0 0 1 2,2v12a2,2 0 0 1 -2,2h-18a2,2 0 0 1 -2,-2Z"
WORST: Final = "M-5,4.5L5,4.5L0,-4.5Z"


def label_lines(x: float, middle: float, lines: Sequence[str], style: Style, tip: str = "") -> list[Label]:
    """Return the lines of one text, centred around a middle."""
    height = style.size * LEADING
    top = middle - height * (len(lines) - 1) / 2
    return [Label(x, top + height * row, line, style, tip) for row, line in enumerate(lines)]


def _row(mark: Mark) -> dict[str, Any]:
    """Return the fields of a mark that its layer plots."""
    place = {"x": round(mark.x, 1), "y": round(mark.y, 1)}
    tip = {"tip": mark.tip} if not isinstance(mark, Line) and mark.tip else {}
    if isinstance(mark, Label):
        return {**place, "text": mark.text, "fill": mark.style.colour, "size": mark.style.size, **tip}
    if isinstance(mark, Shape):
        return {**place, "fill": mark.fill, "stroke": mark.stroke or mark.fill, **tip}
    end = {"x2": round(mark.x2, 1), "y2": round(mark.y2, 1)}
    if isinstance(mark, Line):
        return {**place, **end, "stroke": mark.colour, "size": mark.width}
    size = {} if mark.hours is None else {"hours": round(mark.hours, 3)}
    return {**place, **end, "fill": mark.fill, "stroke": mark.stroke or mark.fill, **size, **tip}


def _kind(mark: Mark) -> tuple[Any, ...]:
    """Return what all marks of one layer share, the painting order first."""
    if isinstance(mark, Rect):
        # A block with a size to read, a tip or a dash is another layer than a background.
        return (0, mark.dashed, mark.radius, bool(mark.tip), mark.hours is not None)
    if isinstance(mark, Line):
        return (1, mark.dashed)
    if isinstance(mark, Shape):
        return (2, mark.path, bool(mark.tip))
    return (3, mark.style.align, mark.style.bold, mark.style.italic, bool(mark.tip))


def _mark_of(chart: alt.Chart, first: Mark) -> Any:  # noqa: ANN401 - Altair's mark methods return Any
    """Choose the mark and the look that the whole layer shares."""
    quiet = not (isinstance(first, Label) or (isinstance(first, Rect | Shape) and first.tip))
    dash: Any = {"strokeDash": [5, 3]} if isinstance(first, Rect | Line) and first.dashed else {}
    if isinstance(first, Rect):
        return chart.mark_rect(cornerRadius=first.radius, strokeWidth=1.2, aria=not quiet, opacity=1, **dash)
    if isinstance(first, Line):
        return chart.mark_rule(strokeCap="square", aria=False, opacity=1, **dash)
    if isinstance(first, Shape):
        return chart.mark_point(shape=first.path, size=4, filled=False, strokeWidth=1, opacity=1, aria=not quiet)
    return chart.mark_text(
        align=first.style.align,  # type: ignore[arg-type]
        baseline="middle",
        font=FONT,
        fontWeight="bold" if first.style.bold else "normal",
        fontStyle="italic" if first.style.italic else "normal",
        opacity=1,
    )


def _encodings(rows: Sequence[dict[str, Any]], first: Mark) -> dict[str, Any]:
    """Plot every field as it is: pixels, colours and sizes need no scale."""
    import altair as alt

    fields = rows[0].keys()
    found: dict[str, Any] = {
        "x": alt.X("x:Q").scale(None).axis(None),
        "y": alt.Y("y:Q").scale(None).axis(None),
    }
    if "x2" in fields:
        found |= {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    if "stroke" in fields:
        found["stroke"] = alt.Stroke("stroke:N").scale(None).legend(None)
    if "fill" in fields:
        found["fill"] = alt.Fill("fill:N").scale(None).legend(None)
    if "text" in fields:
        found["text"] = alt.Text("text:N")
        found["size"] = alt.Size("size:Q").scale(None).legend(None)
        found["description"] = alt.Description("text:N")
    elif "size" in fields:
        found["strokeWidth"] = alt.StrokeWidth("size:Q").scale(None).legend(None)
    if "tip" in fields:
        found["tooltip"] = alt.Tooltip("tip:N")
        if not isinstance(first, Label):
            found["description"] = alt.Description("tip:N")
    return found


def layers(marks: Iterable[Mark]) -> list[alt.Chart]:
    """Return one Altair layer per look: rectangles first, then lines, shapes and labels."""
    import altair as alt

    groups: dict[tuple[Any, ...], list[Mark]] = {}
    for mark in marks:
        groups.setdefault(_kind(mark), []).append(mark)
    drawn = []
    for key in sorted(groups, key=lambda kind: kind[0]):
        members = groups[key]
        rows = [_row(mark) for mark in members]
        chart = _mark_of(alt.Chart(alt.InlineData(values=rows)), members[0])
        drawn.append(chart.encode(**_encodings(rows, members[0])))
    return drawn


def compose(marks: Iterable[Mark], *, size: tuple[float, float], title: str, subtitle: str) -> alt.LayerChart:
    """Return the chart: layers, the conclusion as title and as description, how we know it as subtitle.

    `size` is width and height in pixels; titles are broken into lines that fit the width.
    """
    import altair as alt

    from timewaste.charts.shown import ShownChart

    width, height = size
    heading = balance(title, width, TITLE, lines=3, bold=True)
    below = balance(subtitle, width, SUBTITLE, lines=3) if subtitle else ()
    chart: alt.LayerChart = (
        ShownChart(layer=layers(marks))
        .properties(
            width=round(width),
            height=round(height),
            background=PAPER,
            padding=16,
            title=alt.Title(
                list(heading),
                subtitle=list(below),
                anchor="start",
                frame="group",
                font=FONT,
                fontSize=TITLE,
                fontWeight="bold",
                color=INK,
                subtitleFont=FONT,
                subtitleFontSize=SUBTITLE,
                subtitleColor=MUTED,
                subtitlePadding=7,
                offset=14,
            ),
            description=title,
            usermeta={"description": title},
        )
        .configure(font=FONT, view=alt.ViewConfig(stroke=None))
    )
    return chart


def empty_state(title: str, message: str) -> alt.LayerChart:
    """Return a small chart that says why there is nothing to see."""
    width = max(420.0, text_width(message, SUBTITLE) + 40)
    marks: list[Mark] = [
        Rect(0, 0, width, 120, "#f7f9f9", "#b9c3c5"),
        Label(width / 2, 60, message, Style(MUTED, SUBTITLE, "center")),
    ]
    return compose(marks, size=(width, 120), title=title, subtitle="")
