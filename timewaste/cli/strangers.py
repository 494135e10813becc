"""Who logged without standing in the roster, as the terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.cli.common import print_table, text
from timewaste.wording import count, percent, tenth

if TYPE_CHECKING:
    import polars as pl


def print_strangers(unresolved: pl.DataFrame, *, drawn: bool) -> None:
    """Print the rows of `unresolved_reps`, each with its line for aliases.csv; nothing where there are none."""
    if unresolved.is_empty():
        return
    print_table(
        unresolved.to_dicts(),
        (
            ("rep_text", "Who logged", text), ("rows", ">Rows", count), ("hours", ">Hours", tenth),
            ("suggestion_name", "Nearest", text),
            ("similarity", ">Similar", lambda share: "" if share is None else percent(share)),
            ("alias_line", "Line for aliases.csv", text),
        ),
        drawn=drawn,
        title="Not in reps.csv: a line below `alias,rep_id` in aliases.csv says whose spelling it is",
    )  # fmt: skip
