"""A picture of what a load costs, by its size, beside bare DuckDB: `results.json` of `load.py` becomes `cost.svg`.

`results.json` is a list with one object per size: `rows`; `load_wall`, `load_cpu`, `bare_wall`, `bare_cpu` in seconds;
`load_mb` and `bare_mb`, the most memory held. The look is that of the report's charts.
"""

from __future__ import annotations

import argparse
import json
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import polars as pl

from timewaste.charts.export import save
from timewaste.charts.theme import BODY, FONT, GREY, HEADING, INK, MUTED, PAPER, SUBTITLE, TEAL, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).parent
WIDTH, HEIGHT = 360, 320
NAMES = {"load": "timewaste load", "bare": "bare DuckDB"}
COLOURS = {"load": TEAL, "bare": GREY}
TEXT_COLOURS = {"load": TEAL, "bare": MUTED}
GAP = 36  # pixels that two lines of labels need
MARGIN = 1.8  # how much further than the figures the axis goes


class Panel(NamedTuple):
    """One of the two drawings: its heading, the field of its line, that of its rings if it has any, and its unit."""

    heading: str
    line: str
    rings: str | None
    unit: str


PANELS = (Panel("Seconds", "cpu", "wall", "s"), Panel("Peak memory, MB", "mb", None, "MB"))


def draw(points: Sequence[Mapping[str, float]]) -> alt.HConcatChart:
    """Draw seconds and memory against rows, both axes logarithmic; raises `ValueError` for fewer than two sizes."""
    if len({point["rows"] for point in points}) < 2:
        raise ValueError("a line needs two sizes at least")
    ordered = sorted(points, key=lambda point: point["rows"])
    title = conclusion(ordered)
    chart = alt.hconcat(*(_panel(ordered, panel) for panel in PANELS), spacing=44)
    return chart.properties(
        background=PAPER,
        padding=16,
        description=title,
        title=alt.Title(
            title,
            subtitle=[
                "A study read from nothing, checked, all tables made; and the same CSV files typed by DuckDB alone.",
                "Lines are CPU seconds, rings seconds on the clock. Both axes are logarithmic.",
            ],
            anchor="start", frame="group", font=FONT, fontSize=TITLE, color=INK, subtitleFont=FONT,
            subtitleFontSize=SUBTITLE, subtitleColor=MUTED, subtitlePadding=7, offset=18,
        ),
    ).configure(font=FONT, view=alt.ViewConfig(stroke=None))  # fmt: skip


def conclusion(ordered: Sequence[Mapping[str, float]]) -> str:
    """Return in a sentence how many times the CPU a load takes, at the smallest and at the largest size."""
    ends = (ordered[0], ordered[-1])
    first, last = (_factor(point["load_cpu"] / point["bare_cpu"]) for point in ends)
    if first == last:
        return f"A load takes {last} times the CPU of bare DuckDB at every size"
    few, many = (rows_word(point["rows"]) for point in ends)
    return f"A load takes {first} times the CPU of bare DuckDB at {few} rows, {last} times at {many}"


def _factor(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"


def rows_word(rows: float) -> str:
    """Return a number of rows in few characters: 105 k, 1.05 M."""
    size, unit = (rows / 1e6, "M") if rows >= 999_500 else (rows / 1e3, "k")
    return f"{size:.3g} {unit}"


def _panel(ordered: Sequence[Mapping[str, float]], panel: Panel) -> alt.LayerChart:
    fields = [field for field in (panel.line, panel.rings) if field]
    values = [point[f"{name}_{field}"] for point in ordered for name in NAMES for field in fields]
    x = alt.X("rows:Q").scale(type="log", nice=False, padding=62).axis(
        title="rows", values=[point["rows"] for point in ordered], grid=False, labelExpr=_labels(ordered),
        labelFont=FONT, labelFontSize=BODY, labelColor=MUTED, titleFont=FONT, titleFontSize=BODY, titleColor=MUTED,
        titleFontWeight="normal", domainColor=GREY, ticks=False, labelPadding=6,
    )  # fmt: skip
    # Every point has its figure beside it: an axis would only say it again.
    y = alt.Y("value:Q", axis=None).scale(type="log", domain=[min(values) / MARGIN, max(values) * MARGIN], nice=False)
    layers: list[alt.Chart] = []
    for name in NAMES:
        line = _frame(ordered, f"{name}_{panel.line}")
        plain = alt.Chart(line).encode(x=x, y=y)
        layers.append(plain.mark_line(color=COLOURS[name], strokeWidth=2.5, aria=False))
        layers.append(plain.mark_point(color=COLOURS[name], filled=True, size=60, opacity=1))
        if panel.rings:
            rings = alt.Chart(_frame(ordered, f"{name}_{panel.rings}")).encode(x=x, y=y)
            layers.append(rings.mark_point(color=COLOURS[name], filled=False, size=80, strokeWidth=1.6, opacity=1))
    layers += _texts(ordered, panel, _push(ordered[-1], panel, values))
    heading = alt.Title(panel.heading, anchor="start", font=FONT, fontSize=HEADING, color=INK, offset=10)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=heading)


def _labels(ordered: Sequence[Mapping[str, float]]) -> str:
    words = {f"{point['rows']:.0f}": rows_word(point["rows"]) for point in ordered}
    return f"({json.dumps(words)})[round(datum.value)]"


def _frame(ordered: Sequence[Mapping[str, float]], field: str) -> pl.DataFrame:
    return pl.DataFrame({"rows": [point["rows"] for point in ordered], "value": [point[field] for point in ordered]})


def _texts(ordered: Sequence[Mapping[str, float]], panel: Panel, push: float) -> Iterator[alt.Chart]:
    """Yield the figures at the points and, beside the ends of the lines, what they are; `push` keeps ends apart."""
    for name, direction in (("load", -1), ("bare", 1)):
        *earlier, last = ordered
        field = f"{name}_{panel.line}"
        aside = {"align": "right" if name == "load" else "left", "dx": direction * 9, "dy": direction * 16}
        for point in earlier:  # left above the upper line, right below the lower one and its rings
            yield _text(point, field, _figure(point[field], panel), name, aside)
        beside = {"align": "left", "dx": 12}
        yield _text(last, field, NAMES[name], name, beside | {"dy": push * direction - 8, "fontWeight": "bold"})
        yield _text(last, field, _figure(last[field], panel), name, beside | {"dy": push * direction + 8})


def _text(point: Mapping[str, float], field: str, text: str, name: str, place: dict[str, Any]) -> alt.Chart:
    spot = pl.DataFrame({"rows": [point["rows"]], "value": [point[field]], "text": [text]})
    look = {"baseline": "middle", "font": FONT, "fontSize": BODY, "color": TEXT_COLOURS[name], "opacity": 1}
    return alt.Chart(spot).mark_text(**look, **place).encode(x="rows:Q", y="value:Q", text="text:N")


def _figure(value: float, panel: Panel) -> str:
    return f"{value:,.0f} {panel.unit}" if value >= 10 else f"{value:.1f} {panel.unit}"


def _push(last: Mapping[str, float], panel: Panel, values: Sequence[float]) -> float:
    """Return by how many pixels each end's label gives way, so that two ends close together can both be read."""
    per_pixel = (log(max(values) * MARGIN) - log(min(values) / MARGIN)) / HEIGHT
    distance = (log(last[f"load_{panel.line}"]) - log(last[f"bare_{panel.line}"])) / per_pixel
    return max(0.0, GAP - abs(distance)) / 2 * (1 if distance >= 0 else -1)


def main() -> None:
    """Read the command line and the points, write the picture."""
    parser = argparse.ArgumentParser(description="Draws what a load costs by its size.")
    parser.add_argument("points", type=Path, nargs="?", default=HERE / "results.json")
    parser.add_argument("picture", type=Path, nargs="?", default=HERE / "cost.svg", help="an .svg, .png, .pdf or .html")
    given = parser.parse_args()
    save(draw(json.loads(given.points.read_text(encoding="utf-8"))), given.picture)


if __name__ == "__main__":
    main()
