"""Clock times down the side of a slot grid -> slots with start and end. Knows times, not cells.

What cannot be told from the times themselves (how long the last slot before a gap is) is asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.excel_days import Unclear
from timewaste.transforms.times import parse_clock

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

DAY = 86_400
_CLOCK = r"\d{1,2}(?:\s?[:.h]\s?\d{2})?(?::\d{2})?\s?(?:[ap]\.?\s?m\.?|uhr|h)?"
_RANGE = re.compile(rf"({_CLOCK})\s*(?:-|\u2013|\u2014|bis|to|till|until|\u00e0)\s*({_CLOCK})", re.IGNORECASE)
_WORD_RANGE = re.compile(rf"(?:from|von|de)\s+{_RANGE.pattern}", re.IGNORECASE)
LONGEST = 4 * 3600


class Mark(NamedTuple):
    """A row that names a time: its number, the second of the day, and the end where it names one (else None)."""

    row: int
    start: int
    end: int | None


class Slot(NamedTuple):
    """A row of the grid: when it begins and ends, in seconds after the first midnight."""

    row: int
    start: int
    end: int


@lru_cache(4096)
def clock(text: str) -> int | None:
    """Return the second of the day that a text names, 24:00 being 86400, or None."""
    text = text.strip()
    if not text or len(text) > 24 or not text[0].isdigit():
        return None
    second, offset, problem = parse_clock(text)
    return None if problem or offset is not None else second


def clock_range(text: str) -> tuple[str, str] | None:
    """Return the two ends of a span of time in one text, as clock texts.

    >>> clock_range("9:30-10:15")
    ('9:30', '10:15')
    """
    match = _RANGE.fullmatch(text.strip()) or _WORD_RANGE.fullmatch(text.strip())
    if not match:
        return None
    first, last = match[1].strip(), match[2].strip()
    half = re.search(r"[ap]\.?\s?m\.?$", last, re.IGNORECASE)
    if half and not re.search(r"[ap]\.?\s?m", first, re.IGNORECASE) and not first[-1:].isalpha():
        return None  # 9:30-1:15 pm: whether the start is before noon is not said
    texts = (_spelled(first), _spelled(last))
    return texts if all(clock(each) is not None for each in texts) else None


def _spelled(text: str) -> str:
    return f"{text}:00" if text.isdigit() and len(text) <= 2 else text


def mark(row: int, text: str, end_text: str = "") -> Mark | None:
    """Return the time that a row names, or None."""
    if ends := clock_range(text):
        start, end = clock(ends[0]), clock(ends[1])
        return Mark(row, start, end) if start is not None else None
    start = clock(text)
    return None if start is None or start == DAY else Mark(row, start, clock(end_text))


def slots(marks: Sequence[Mark], filled: Collection[int], *, minutes: int = 0) -> tuple[list[Slot], int]:
    """Return the slots of a block, rows between marks included, and the usual length in seconds.

    `filled` are the rows that hold something, `minutes` the length that the settings name. Raises `Unclear`.
    """
    starts = _ascending(marks)
    if all(one.end is not None for one in marks):
        return _spans(marks, starts)
    usual = _usual([b - a for a, b in pairwise(starts)])
    step = minutes * 60 or usual
    if not 60 <= step <= LONGEST:
        raise Unclear(f"a slot of {step // 60} minutes is none that a log has", "slot_minutes = 15")
    rows = [one.row for one in marks]
    between = sorted(row for row in filled if rows[0] < row and row not in set(rows))
    if (between or _is_spaced(rows)) and step != minutes * 60:
        return _divided(rows, starts, usual, has_between=bool(between))
    if minutes and _is_spaced(rows) and usual == step * (rows[1] - rows[0]):
        return _divided(rows, starts, usual, has_between=True)
    for number, start in enumerate(starts):
        gap = starts[number + 1] - start if number + 1 < len(starts) else step
        if gap < step or (gap > step and not minutes and rows[number] in filled):
            raise Unclear(
                f"most slots are {step // 60} minutes, the one in row {rows[number]} is {gap // 60}",
                f"slot_minutes = {step // 60}",
            )
    return [Slot(row, start, start + step) for row, start in zip(rows, starts, strict=True)], step


def _usual(gaps: Sequence[int]) -> int:
    counts = Counter(gap for gap in gaps if gap > 0)
    return min(counts, key=lambda gap: (-counts[gap], gap)) if counts else 0


def _is_spaced(rows: Sequence[int]) -> bool:
    """Tell whether at least one row lies between every two: the parts of an hour may be meant."""
    return len(rows) > 2 and len({b - a for a, b in pairwise(rows)}) == 1 and rows[1] - rows[0] > 1


def _ascending(marks: Sequence[Mark]) -> list[int]:
    """Return the starts, counted on over noon on a 12-hour clock and over midnight. Raises `Unclear`."""
    gaps = [b.start - a.start for a, b in pairwise(marks)]
    step, shift = _usual(gaps), 0
    starts = [marks[0].start]
    for one in marks[1:]:
        start = one.start + shift
        if start <= starts[-1]:
            fits = [more for more in (DAY // 2, DAY) if start + more - starts[-1] == step]
            if len(fits) != 1:
                raise Unclear(f"the times in row {one.row} do not go on from those above", "")
            shift += fits[0]
            start = one.start + shift
        starts.append(start)
    if starts[-1] - starts[0] >= DAY:
        raise Unclear(f"the times down to row {marks[-1].row} are more than a day", "")
    return starts


def _spans(marks: Sequence[Mark], starts: Sequence[int]) -> tuple[list[Slot], int]:
    made = []
    for one, start in zip(marks, starts, strict=True):
        length = ((one.end or 0) - one.start) % DAY
        if not 60 <= length <= LONGEST:
            length = length % (DAY // 2)  # 12:30-1:00
        if not 60 <= length <= LONGEST:
            raise Unclear(f"the slot in row {one.row} is {length // 60} minutes long", "")
        made.append(Slot(one.row, start, start + length))
    late = next((b.row for a, b in pairwise(made) if a.end > b.start), 0)
    if late:
        raise Unclear(f"the slot in row {late} begins before the one above it ends", "")
    return made, _usual([slot.end - slot.start for slot in made])


def _divided(rows: Sequence[int], starts: Sequence[int], step: int, *, has_between: bool) -> tuple[list[Slot], int]:
    """Return slots for the rows between the times: only every second or fourth row names its own."""
    count = rows[1] - rows[0] if len(rows) > 1 else 0
    is_even = all(b - a == count for a, b in pairwise(rows)) and all(b - a == step for a, b in pairwise(starts))
    if not has_between or not is_even or count < 2 or step % (count * 60):
        raise Unclear(
            f"the times stand {count} rows apart, and how long one row is cannot be told",
            f"slot_minutes = {max(step // 60 // max(count, 1), 1)}",
        )
    size = step // count
    made = [
        Slot(row + part, start + part * size, start + (part + 1) * size)
        for row, start in zip(rows, starts, strict=True)
        for part in range(count)
    ]
    return made, size
