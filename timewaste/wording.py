"""Numbers, counts and texts as a reader sees them: hours to 0.1, whole per cent, ranges with an en dash.

A number that was not measured is written so, never as 0. Charts, page and terminal share these words.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Final

NOT_MEASURED: Final = "not measured"
NBSP: Final = "\u00a0"
EN_DASH: Final = "\u2013"
_WORDS: Final = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
)  # fmt: skip


def number(value: object) -> float | None:
    """Return the value as a finite float, or None when it was not measured."""
    if value is None or isinstance(value, str):
        return None
    found = float(value)  # type: ignore[arg-type]
    return found if math.isfinite(found) else None


def tenth(value: object) -> str:
    """Return a figure to one decimal, such as `2.3`; a small one above 0 is `<0.1`."""
    found = number(value)
    if found is None:
        return NOT_MEASURED
    if 0 < found < 0.05:
        return "<0.1"
    return f"{round(found, 1) + 0.0:,.1f}"


def with_unit(value: object, unit: str) -> str:
    """Return a figure to one decimal with its unit, such as `2.3 h`."""
    return NOT_MEASURED if number(value) is None else f"{tenth(value)}{NBSP}{unit}"


def hours(value: object) -> str:
    """Return hours, such as `2.3 h`."""
    return with_unit(value, "h")


def days(value: object) -> str:
    """Return days, such as `4.4 d`."""
    return with_unit(value, "d")


def whole_percent(share: object) -> str:
    """Return a share as whole per cent without the sign, such as `31`."""
    found = number(share)
    if found is None:
        return NOT_MEASURED
    if 0 < found < 0.005:
        return "<1"
    return f"{math.floor(found * 100 + 0.5)}"


def percent(share: object) -> str:
    """Return a share as per cent, such as `31 %`."""
    return NOT_MEASURED if number(share) is None else f"{whole_percent(share)}{NBSP}%"


def percent_range(low: object, high: object) -> str:
    """Return `28-34 %` with an en dash; empty when there is no interval."""
    if number(low) is None or number(high) is None:
        return ""
    if whole_percent(low) == whole_percent(high):
        return percent(low)
    return f"{whole_percent(low)}{EN_DASH}{percent(high)}"


def hours_range(low: object, high: object) -> str:
    """Return `1.9-2.7 h` with an en dash; empty when there is no interval."""
    if number(low) is None or number(high) is None:
        return ""
    if tenth(low) == tenth(high):
        return hours(low)
    return f"{tenth(low)}{EN_DASH}{hours(high)}"


def count(value: object) -> str:
    """Return a whole number with thousands marked, such as `9,812`; one with a fraction to 0.1."""
    found = number(value)
    if found is None:
        return NOT_MEASURED
    return f"{int(found):,}" if found == int(found) else tenth(found)


def counted(value: object, one: str, many: str) -> str:
    """Return a count with its noun, such as `1 rep` or `23 reps`."""
    return f"{count(value)} {one if number(value) == 1 else many}"


def grade_sentence(grade: str | None, limited_by: str | None, coverage_share: float | None) -> str:
    """Return how far the log can be trusted; empty where nothing of it can be measured.

    >>> grade_sentence("B", "Coverage, Vague labels", 0.951).replace(NBSP, " ")
    'Log quality B, on a scale from A to D, because of coverage and vague labels; 95 % of the expected time was logged.'
    """
    if grade is None:
        return ""
    because = f", because of {' and '.join(limited_by.lower().rsplit(', ', 1))}" if limited_by else ""
    covered = "" if coverage_share is None else f"; {percent(coverage_share)} of the expected time was logged"
    return f"Log quality {grade}, on a scale from A to D{because}{covered}."


def count_word(value: int) -> str:
    """Return a small count as a word that may open a sentence, such as `Seven`."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else f"{value:,}"


def money(value: object, currency: str) -> str:
    """Return an amount without decimals, such as `EUR 12,480`."""
    found = number(value)
    return NOT_MEASURED if found is None else f"{currency}{NBSP}{found:,.0f}".strip(NBSP)


def plain(words: str) -> str:
    r"""Return text without control characters: what a rep typed must not steer a terminal.

    >>> plain("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    spaced = "".join(" " if unicodedata.category(ch) == "Zs" else ch for ch in words)
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in spaced)
