"""The header names that are known, and what to propose for the columns of a table that are not."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from timewaste.config import load_defaults
from timewaste.readers.layout import plain
from timewaste.readers.source_block import quoted, source_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timewaste.config import SourceConfig

_NEAR = 0.85
"""How alike a header and a known name are where one is the other, mistyped."""
LONGEST = 60
"""Characters of a header that is compared with names: comparing takes the square of its length."""
_MOST = 200


@cache
def known_names() -> dict[str, tuple[str, int]]:
    """Return plain header name -> RAW field and rank, 0 for the field's best name."""
    fields = load_defaults("columns.toml")["field"]
    return {plain(header): (f["name"], rank) for f in fields for rank, header in enumerate(f["headers"])}


def columns_block(cells: Sequence[str], relative: str, source: SourceConfig) -> str:
    """Return a `[[source]]` block to paste: what the table lacks, each with its header where one is near, else "…"."""
    free = [cell for cell in cells[:_MOST] if len(cell) <= LONGEST and plain(cell) and plain(cell) not in known_names()]
    there = {known_names().get(plain(cell), ("", 0))[0] for cell in cells} | set(source.columns)
    named: dict[str, str] = {}

    def propose(*fields: str, otherwise: str) -> None:
        if there & {*fields, otherwise}:
            return
        ranked = [(_likeness(cell, field), cell, field) for field in fields for cell in free]
        best = max(ranked, key=lambda one: one[0], default=(0.0, "", ""))
        if best[0] < _NEAR:
            named[otherwise] = "…"
            return
        named[best[2]] = best[1]
        there.add(best[2])
        free.remove(best[1])

    if not source.rep:
        propose("rep", otherwise="rep")
    propose("date_text", "start_text", otherwise="date_text")
    # An end says how long only beside a start.
    has_start = "start_text" in there
    ends = ("duration_text", "end_text") if has_start else ("duration_text",)
    if not (has_start and "end_text" in there):
        propose(*ends, otherwise="end_text" if has_start else "duration_text")
    propose("label", otherwise="label")
    pairs = ", ".join(f"{field} = {quoted(header)}" for field, header in named.items())
    return source_block(relative, f"columns = {{ {pairs} }}" if pairs else "skip = true")


def _likeness(cell: str, field: str) -> float:
    """Return how alike a header is to the nearest known name of a field, 0 to 1."""
    name = plain(cell)
    return max(SequenceMatcher(None, name, one).ratio() for one, (found, _) in known_names().items() if found == field)
