"""How a verdict is shown in every chart: a letter in a badge, and a legend of the verdicts that occur."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from timewaste.charts.canvas import BADGE, WIDE_BADGE, Label, Mark, Rect, Shape, Style
from timewaste.charts.text_fit import text_width
from timewaste.charts.theme import (
    BODY,
    INK,
    PAPER,
    VerdictStyle,
    verdict_edge,
    verdict_letter,
    verdict_style,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

CANDIDATE: Final = "? and dashed: a candidate, not certain yet"


def badge(x: float, y: float, letter: str, style: VerdictStyle, tip: str = "") -> list[Mark]:
    """Draw a letter in a badge around a point; nothing without a letter."""
    if not letter:
        return []
    path = WIDE_BADGE if len(letter) > 1 else BADGE
    return [
        Shape(x, y, path, PAPER, verdict_edge(style), tip),
        Label(x, y + 0.5, letter, Style(INK, BODY, "center", bold=True), tip),
    ]


def verdict_legend(
    looks: Iterable[tuple[str | None, bool]], left: float, right: float
) -> tuple[list[Mark], float, float]:
    """Name the verdicts that occur, worst first, between two edges.

    Returns the marks and where the next entry of the legend would stand: x and the middle of its row.
    """
    known = {(verdict if verdict_letter(verdict) else None, is_candidate) for verdict, is_candidate in looks}
    verdicts = sorted({verdict for verdict, _ in known}, key=lambda each: (verdict_style(each).order, each or ""))
    marks: list[Mark] = []
    x, y = left, 12.0
    for verdict in verdicts:
        style = verdict_style(verdict)
        x, y = place_entry(x, y, style.word, (left, right))
        marks.append(Rect(x, y - 11, x + 34, y + 11, style.colour, verdict_edge(style)))
        marks += badge(x + 17, y, style.letter, style)
        marks.append(Label(x + 42, y, style.word))
        x += entry_width(style.word)
    if any(verdict and is_candidate for verdict, is_candidate in known):
        x, y = place_entry(x, y, CANDIDATE, (left, right))
        edge = verdict_edge(verdict_style(None))
        marks.append(Rect(x, y - 11, x + 34, y + 11, PAPER, edge, dashed=True))
        marks += badge(x + 17, y, "?", verdict_style(None))
        marks.append(Label(x + 42, y, CANDIDATE))
        x += entry_width(CANDIDATE)
    return marks, x, y


def entry_width(word: str) -> float:
    """Return the width that an entry with this word takes."""
    return 42 + text_width(word) + 22


def place_entry(x: float, y: float, word: str, edges: tuple[float, float]) -> tuple[float, float]:
    """Return where an entry stands: at x, or at the start of the next row when it would stick out."""
    left, right = edges
    return (left, y + 27) if x > left and x + entry_width(word) - 22 > right else (x, y)
