"""What every chart says of the study it draws: who was measured, for how long, from how many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timewaste.wording import counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


def only_row(frame: pl.DataFrame) -> Mapping[str, Any]:
    """Return the row of a one-row frame, or an empty mapping."""
    return frame.row(0, named=True) if frame.height else {}


def how_we_know(facts: pl.DataFrame) -> str:
    """Return who was measured for how long, such as `23 reps, 4 weeks, 9,812 entries.`; else nothing."""
    row = only_row(facts)
    parts = [
        counted(row[name], one, many)
        for name, one, many in (
            ("reps", "rep", "reps"),
            ("weeks", "week", "weeks"),
            ("entries", "entry", "entries"),
        )
        if number(row.get(name)) is not None
    ]
    return f"{', '.join(parts)}." if parts else ""
