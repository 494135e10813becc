"""The one palette, the type sizes and what each verdict and category looks like.

Colours are chosen so that neighbours differ in lightness too: the charts stay readable for colour-blind
readers and on a grey printer. A colour never carries a verdict alone: a letter stands beside it.
It does not know frames.
"""

from __future__ import annotations

from typing import Final, NamedTuple

# Fonts with the same advance widths, so that a page breaks its lines alike everywhere.
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"

# 10 pt is 13.3 px; nothing is set smaller than BODY.
BODY: Final = 13.4
HEADING: Final = 15.5
SUBTITLE: Final = 14.5
TITLE: Final = 23
# From one line to the next, in parts of the type size, and what a line needs from its top to its foot.
LEADING: Final = 1.18
LINE: Final = 13.5

# Three colours for what to do, three families for where the time goes (dark: first, light: second), and grey.
RED: Final = "#c0372b"
AMBER: Final = "#e5a82e"
BLUE: Final = "#22559c"
TEAL: Final = "#0f5f57"
PLUM: Final = "#75406f"
OCHRE: Final = "#8d6e3f"
GREY: Final = "#8b979b"
PALETTE: Final = (RED, AMBER, BLUE, TEAL, PLUM, OCHRE, GREY)

INK: Final = "#1d2a2e"
MUTED: Final = "#4f5d62"
HAIRLINE: Final = "#b9c3c5"
PALE: Final = "#e2e8e8"
PAPER: Final = "#ffffff"


class VerdictStyle(NamedTuple):
    """How a verdict looks: block colour, the lighter one of a candidate, text on the block, its letter."""

    word: str
    letter: str
    colour: str
    candidate_colour: str
    text_colour: str
    order: int


VERDICTS: Final = {
    "eliminate": VerdictStyle("eliminate", "E", RED, "#f6d9d5", PAPER, 0),
    "simplify": VerdictStyle("simplify", "S", AMBER, "#fbefd3", INK, 1),
    "automate": VerdictStyle("automate", "A", BLUE, "#d8e4f4", PAPER, 2),
    "keep": VerdictStyle("keep", "K", PALE, "#f3f6f6", INK, 3),
    "protect": VerdictStyle("protect", "P", PALE, "#f3f6f6", INK, 3),
}
UNJUDGED: Final = VerdictStyle("not judged", "", "#f0f3f3", "#f7f9f9", INK, 4)
MIXED: Final = VerdictStyle("several verdicts", "", PAPER, PAPER, INK, 5)

CATEGORIES: Final = {
    "selling": TEAL,
    "preparation": "#5fae9f",
    "functional": PLUM,
    "administrative": "#c79cc0",
    "development": OCHRE,
    "travel": "#e3cf9f",
    "unclassified": GREY,
    "non_work": PALE,
}
# Text on each category's colour: at least 4.5 : 1.
CATEGORY_TEXT: Final = {
    "selling": PAPER,
    "preparation": INK,
    "functional": PAPER,
    "administrative": INK,
    "development": PAPER,
    "travel": INK,
    "unclassified": INK,
    "non_work": INK,
}

# Light to dark, one hue: more hours, more ink.
HEAT: Final = ("#eef5f4", "#d2e6e2", "#a9cfc8", "#74b0a6", "#33796f", "#0f5f57")


def verdict_style(verdict: str | None) -> VerdictStyle:
    """Return the look of a verdict; `ignore`, NULL and anything unknown look unjudged."""
    return VERDICTS.get(verdict or "", UNJUDGED)


def verdict_colour(verdict: str | None, *, is_candidate: bool = False) -> str:
    """Return the fill of a block: the verdict's colour, or its tint while it is only a candidate."""
    style = verdict_style(verdict)
    return style.candidate_colour if is_candidate else style.colour


def verdict_letter(verdict: str | None, *, is_candidate: bool = False) -> str:
    """Return `E`, `S`, `A`, `K` or `P`, with a question mark for a candidate; empty when not judged."""
    letter = verdict_style(verdict).letter
    return f"{letter}?" if letter and is_candidate else letter


def category_colour(category: str | None) -> str:
    """Return a category's colour; what we do not know looks unclassified."""
    return CATEGORIES.get(category or "", GREY)


def category_text_colour(category: str | None) -> str:
    """Return the colour of text on a category's colour."""
    return CATEGORY_TEXT.get(category or "", INK)


def category_word(category: str | None) -> str:
    """Return the category as a reader sees it."""
    return (category or "unclassified").replace("_", "-")


def verdict_edge(style: VerdictStyle) -> str:
    """Return the outline of a block or badge: the verdict's colour, grey where that is pale."""
    return style.colour if style.order < 3 else "#a9b4b7"
