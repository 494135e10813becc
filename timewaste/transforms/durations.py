"""Texts of durations -> whole seconds. Each distinct text is looked at once.

The parsers are plain functions: text in, value or problem out. They never guess: what a bare number counts is
fixed by the `duration_unit` and `decimal_mark` that hold for its source.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

DAY = 86_400
_SPAN = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,]0+)?)?")
_UNITS = re.compile(
    r"(?:(?P<h>\d+(?:[.,]\d+)?)\s*(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?)\.?)?\s*"
    r"(?:(?P<m>\d+(?:[.,]\d+)?)\s*(?:m|mins?|minutes?|minuten?|minutos?|')\.?)?\s*"
    r"(?:(?P<s>\d+)\s*(?:s|secs?|seconds?|sek\.?|sekunden?)\.?)?",
    re.IGNORECASE,
)
_HOUR_MINUTE = re.compile(r"(\d{1,3})\s*h\s*([0-5]\d)", re.IGNORECASE)
_PERIOD = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_GROUPED = {
    ".": re.compile(r"\d{1,3}(?:[,'\u2019\u00a0\u202f ]\d{3})+(?:\.\d+)?"),
    ",": re.compile(r"\d{1,3}(?:[.'\u2019\u00a0\u202f ]\d{3})+(?:,\d+)?"),
}


def parse_number(text: str, decimal_mark: str) -> float | None:
    """Return a plain number, or None where the text is none or its marks contradict `decimal_mark`.

    `decimal_mark` is ".", ",", "both" (worksheets: numbers with a point, typed text with a comma) or ""
    (unknown: only texts without any mark). Thousands marks count only in whole groups of three.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    if decimal_mark == "both":
        decimal_mark = "," if "," in text else "."
    if decimal_mark not in _GROUPED:
        return None
    grouped = _GROUPED[decimal_mark].fullmatch(text)
    if grouped:
        text = re.sub(r"[^\d" + decimal_mark + "]", "", text)
    elif not _NUMBER.fullmatch(text) or ("," if decimal_mark == "." else ".") in text:
        return None
    return float(text.replace(",", "."))


def parse_duration(text: str, unit: str, decimal_mark: str) -> tuple[int | None, str | None]:
    """Return whole seconds, or a problem: number/format, or duration/ and format, negative, zero and so on.

    `unit` (minutes, hours, days, mixed or "") is what a bare number counts; in `mixed`, a decimal mark means
    hours and a whole number above 24 minutes.

    >>> parse_duration("1h30", "", "")
    (5400, None)
    """
    text = text.strip()
    if text[:1] in {"-", "\u2212"} and text[1:2].isdigit():
        return None, "duration/negative"
    if match := _SPAN.fullmatch(text):
        return _checked(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0))
    if match := _HOUR_MINUTE.fullmatch(text):
        return _checked(int(match[1]) * 3600 + int(match[2]) * 60)
    if (match := _PERIOD.fullmatch(text)) and any(match.groups()):
        return _checked(sum(float(part or 0) * size for part, size in zip(match.groups(), (3600, 60, 1), strict=True)))
    if (match := _UNITS.fullmatch(text)) and any(match.groups()):
        return _with_units(match, decimal_mark)
    return _bare(text, unit, decimal_mark)


def _with_units(match: re.Match[str], decimal_mark: str) -> tuple[int | None, str | None]:
    total = 0.0
    for name, size in (("h", 3600), ("m", 60), ("s", 1)):
        text = match[name] or "0"
        mark = decimal_mark or ("," if "," in text else ".")  # "1,5 h": three digits after the mark stay open
        if not decimal_mark and re.search(r"[.,]\d{3}$", text):
            return None, "number/format"
        number = parse_number(text, mark)
        if number is None:
            return None, "number/format"
        total += number * size
    return _checked(total)


def _bare(text: str, unit: str, decimal_mark: str) -> tuple[int | None, str | None]:
    number = parse_number(text, decimal_mark)
    if number is None:
        is_number = re.fullmatch(r"[\d.,'\u2019\u00a0\u202f ]*\d[\d.,'\u2019\u00a0\u202f ]*", text)
        return None, "number/format" if is_number else "duration/format"
    if number == 0:
        return None, "duration/zero"
    if unit == "mixed":
        whole = text.isdigit()
        if whole and number <= 24:
            return None, "duration/ambiguous"
        unit = "minutes" if whole else "hours"
    size = {"minutes": 60, "hours": 3600, "days": DAY}.get(unit)
    return _checked(number * size) if size else (None, "duration/ambiguous")


def _checked(seconds: float) -> tuple[int | None, str | None]:
    if seconds >= DAY + 0.5:
        return None, "duration/too_long"
    whole = round(seconds)
    return (whole, None) if whole else (None, "duration/zero")


@cache
def _parsed(text: str, unit: str, decimal_mark: str) -> tuple[int | None, str | None]:
    return parse_duration(text, unit, decimal_mark)


def int_durations(stg_duration_texts: pl.DataFrame) -> pl.DataFrame:
    """Seconds that the duration texts of each source mean, or why they mean none.

    Grain: one row per source and text.
    Expect: unique(source_id, text_id), check((seconds is null) <> (problem is null))
    """
    import polars as pl

    typed = [
        _parsed(text, unit or "", mark or "")
        for text, unit, mark in stg_duration_texts
        .select("duration_text", "duration_unit", "decimal_mark")
        .iter_rows()
    ]  # fmt: skip
    return (
        stg_duration_texts
        .select(pl.col("source_id").cast(pl.Int64), "text_id")
        .with_columns(
            pl.Series("seconds", [seconds for seconds, _ in typed], pl.Int64),
            pl.Series("problem", [problem for _, problem in typed], pl.String),
        )
        .sort("source_id", "text_id")
    )  # fmt: skip
