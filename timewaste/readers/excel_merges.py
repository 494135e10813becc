"""Merged cells of a worksheet: which cell holds the value that a covered one shows. Knows addresses only."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timewaste.readers.excel_zip import Part

MAX_WIDTHS = 2_000_000


class Merges:
    """Finds the merged range that covers a cell, in a time that does not grow with their size."""

    def __init__(self, part: Part) -> None:
        """Sort the ranges by column; beyond two million columns of ranges in all, the rest is not looked at."""
        self._columns: dict[int, list[tuple[int, int, int]]] = {}
        left_over = MAX_WIDTHS
        for top, left, bottom, right in sorted(part.merges):
            width = min(right, part.columns or 16_384) - left + 1
            left_over -= max(width, 1)
            if left_over < 0:
                break
            for column in range(left, left + width):
                self._columns.setdefault(column, []).append((top, bottom, left))

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._columns)

    def origin(self, row: int, column: int) -> tuple[int, int] | None:
        """Return row and column of the cell whose value a covered cell shows; None for any other cell."""
        ranges = self._columns.get(column)
        if not ranges:
            return None
        place = bisect_right(ranges, (row, 1 << 30, 0)) - 1
        if place < 0:
            return None
        top, bottom, left = ranges[place]
        return (top, left) if row <= bottom and (row, column) != (top, left) else None

    def begins(self, row: int, column: int) -> bool:
        """Tell whether the cell's value counts for more cells than its own."""
        ranges = self._columns.get(column, [])
        place = bisect_right(ranges, (row, 1 << 30, 0)) - 1
        return place >= 0 and ranges[place][0] == row and ranges[place][2] == column
