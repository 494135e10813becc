"""How wide the value-stream map is, on which scale, and in how many columns the work across all steps stands.

Pure arithmetic on hours and pixels. The work that belongs to no step is often several times that of any step:
in one column it would leave the rest of the map empty, so it stands in up to three side by side.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMN: Final = 165.0
GAP: Final = 16.0
LEFT: Final = 24.0
ACROSS_GAP: Final = 36.0
ACROSS_BETWEEN: Final = 8.0
MOST_ACROSS: Final = 3
RIGHT_PANEL: Final = 244.0
NARROWEST: Final = 880.0
SMALLEST_BLOCK: Final = 20.0
LEAST_TALL: Final = 440.0
MOST_TALL: Final = 480.0
# The work across all steps may stand this much higher than the tallest step before it takes another column.
LEVEL: Final = 1.25
READABLE: Final = 0.95


class Plan(NamedTuple):
    """The frame of the map: steps, columns of the work across all steps, pixels per hour of all blocks."""

    steps: int
    across: int
    scale: float

    @property
    def across_left(self) -> float:
        """The left edge of the work across all steps."""
        return column_left(self.steps, self.steps)

    @property
    def across_right(self) -> float:
        """The right edge of the work across all steps."""
        return self.across_left + self.across * (COLUMN + ACROSS_BETWEEN) - ACROSS_BETWEEN

    @property
    def width(self) -> float:
        """The width of the drawing: the steps, and at their right the widest of what stands there."""
        return max(NARROWEST, max(self.across_right, self.across_left + RIGHT_PANEL) + 4)


def column_left(column: int, steps: int) -> float:
    """Return the left edge of a column; column number `steps` is the one across all steps."""
    left = LEFT + column * (COLUMN + GAP)
    return left if column < steps else left + (ACROSS_GAP - GAP if steps else 0)


def make_plan(columns: Sequence[Sequence[float]]) -> Plan:
    """Return the frame for the hours of each column in drawing order; the last column is across all steps."""
    *steps, across = columns
    tallest_step = max((sum(step) for step in steps), default=0.0)
    parts = across_parts(across, tallest_step)
    tallest = max([tallest_step, *(sum(across[start:end]) for start, end in cut(across, parts))])
    sizes = [size for column in columns for size in column]
    return Plan(len(steps), parts, pixels_per_hour(sizes, tallest))


def pixels_per_hour(sizes: Sequence[float], tallest: float) -> float:
    """Return the one scale of all stacks: nearly all hours shall lie in blocks that hold a line of text."""
    if not sizes:
        return 1.0
    needed, sum_hours, wanted = sum(sizes) * READABLE, 0.0, 0.0
    for size in sorted(sizes, reverse=True):
        wanted = (SMALLEST_BLOCK + 3) / size
        sum_hours += size
        if sum_hours >= needed:
            break
    return min(max(wanted, LEAST_TALL / tallest), MOST_TALL / tallest)


def across_parts(sizes: Sequence[float], tallest_step: float) -> int:
    """Return in how many columns the sizes stand: as few as bring them level with the tallest step."""
    heights = [
        max((sum(sizes[start:end]) for start, end in cut(sizes, parts)), default=0.0)
        for parts in range(1, MOST_ACROSS + 1)
    ]
    for parts, height in enumerate(heights, start=1):
        # A further column that lowers nothing would only be a hole.
        if height <= max(LEVEL * tallest_step, heights[-1] * 1.02):
            return parts
    return MOST_ACROSS


def cut(sizes: Sequence[float], parts: int) -> tuple[tuple[int, int], ...]:
    """Cut a row of sizes into at most so many runs, in order, the largest sum of a run as small as can be.

    >>> cut([3, 1, 1, 2], 2)
    ((0, 1), (1, 4))
    """
    sums = [0.0, *itertools.accumulate(sizes)]
    limits = sorted(sums[end] - sums[start] for start, end in itertools.combinations(range(len(sums)), 2))
    for limit in limits:
        runs = _fill(sums, limit * (1 + 1e-9))
        if runs is not None and len(runs) <= parts:
            return runs
    return ()


def _fill(sums: Sequence[float], limit: float) -> tuple[tuple[int, int], ...] | None:
    """Put as much into each run as the limit allows; None when one size alone is above it."""
    runs, start = [], 0
    while start < len(sums) - 1:
        end = start
        while end < len(sums) - 1 and sums[end + 1] - sums[start] <= limit:
            end += 1
        if end == start:
            return None
        runs.append((start, end))
        start = end
    return tuple(runs)
