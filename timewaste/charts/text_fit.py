"""How wide a text is, and how to set it into a given width without losing its meaning.

Widths are estimated on the safe side, without a font engine, so that every machine breaks lines alike.
It does not know charts.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from timewaste.charts.theme import BODY

ELLIPSIS: Final = "\u2026"

# Advance widths of Helvetica in thousandths of the type size (Adobe Font Metrics, core 14 fonts).
_WIDTHS: Final = {
    **dict.fromkeys("abdeghnopqu0123456789#$L_?", 556),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("ft !,./:;I[]\\", 278),
    **dict.fromkeys("ijl'", 222),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("()-r`{}", 334),
    **dict.fromkeys("+<=>~^", 584),
    **dict.fromkeys('"*|', 389),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("%", 889),
    **dict.fromkeys("W\u2026", 1000),
    **dict.fromkeys("@", 1015),
    "\u00a0": 278,
    "\u202f": 200,
    "\u2013": 556,
    "\u2014": 1000,
    "\u00b7": 333,
}
_UNKNOWN: Final = 780
_WIDE: Final = 1350
_BOLD: Final = 1.07
# A machine without any of the named fonts shows a wider one; this much of it is allowed for.
_SAFETY: Final = 1.12
_INVISIBLE: Final = {"Mn", "Me", "Cf"}
_CONTROL: Final = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: object) -> str:
    """Return the text on one line, without characters that SVG or JSON cannot carry."""
    if text is None:
        return ""
    kept = "".join(" " if unicodedata.category(mark) in _CONTROL else mark for mark in str(text))
    return " ".join(word for word in kept.split(" ") if word).strip()


def _advance(mark: str) -> int:
    known = _WIDTHS.get(mark)
    if known is not None:
        return known
    if unicodedata.category(mark) in _INVISIBLE:
        return 0
    if unicodedata.east_asian_width(mark) in {"W", "F"} or ord(mark) > 0xFFFF:
        return _WIDE
    base = unicodedata.normalize("NFD", mark)[0]
    return _WIDTHS.get(base, _UNKNOWN)


def text_width(text: str, size: float = BODY, *, bold: bool = False) -> float:
    """Return the estimated width in pixels, rather too wide than too narrow."""
    units = sum(_advance(mark) for mark in text)
    return units / 1000 * size * _SAFETY * (_BOLD if bold else 1)


def shorten_to(text: str, width: float, size: float = BODY, *, bold: bool = False) -> str:
    """Cut the text so that it fits the width with an ellipsis; as it is when it fits."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1].rstrip()
    # A joiner or an accent without the letter that it belongs to would change what is left.
    while kept and unicodedata.category(kept[-1]) == "Cf":
        kept = kept[:-1]
    return kept + ELLIPSIS


def wrap(
    text: str,
    width: float,
    size: float = BODY,
    *,
    lines: int = 2,
    bold: bool = False,
) -> tuple[str, ...]:
    """Set the text into at most so many lines, broken between words; an ellipsis only when that fails."""
    words = clean(text).split(" ")  # a no-break space keeps a figure and its unit together
    done: list[str] = []
    current = ""
    for position, word in enumerate(words):
        longer = f"{current} {word}" if current else word
        if not current or text_width(longer, size, bold=bold) <= width:
            current = longer
            continue
        if len(done) == lines - 1:
            rest = " ".join([current, *words[position:]])
            return (*done, shorten_to(rest, width, size, bold=bold))
        done.append(shorten_to(current, width, size, bold=bold))
        current = word
    return (*done, shorten_to(current, width, size, bold=bold)) if current or not done else tuple(done)


def balance(
    text: str,
    width: float,
    size: float = BODY,
    *,
    lines: int = 2,
    bold: bool = False,
) -> tuple[str, ...]:
    """Set the text like `wrap`, its lines about equally long, so that no single word stands alone."""
    best = wrap(text, width, size, lines=lines, bold=bold)
    while len(best) > 1:
        width -= 8
        narrower = wrap(text, width, size, lines=lines, bold=bold)
        if len(narrower) > len(best) or any(line.endswith(ELLIPSIS) for line in narrower):
            break
        best = narrower
    return best
