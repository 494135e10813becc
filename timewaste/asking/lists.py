"""What can be asked of a study, as frames: its tables and its named questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from timewaste.questions import questions

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from timewaste.store import Store

_INNER = ("raw_", "cfg_", "stg_", "int_", "model_ledger", "study_objects", "study_state")


def list_of_tables(store: Store, own: Collection[str], *, every: bool) -> pl.DataFrame:
    """Return one row per table: `table`, `holds`, `grain`, `is_own` (one of `own`).

    Without `every`, those that stand between the logs and the tables for explorers are left away.
    """
    rows = [
        (name, *map(str.strip, comment.partition("Grain:")[::2]), name in own)
        for name, comment in sorted(store.comments().items())
        if every or not name.startswith(_INNER)
    ]
    schema = {"table": pl.String, "holds": pl.String, "grain": pl.String, "is_own": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def list_of_questions(folder: Path) -> pl.DataFrame:
    """Return one row per question: `question`, `asks`, `parameters` with their defaults."""
    rows = [
        (one.name, one.sentence, ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in one.parameters))
        for one in questions(folder)
    ]
    schema = {"question": pl.String, "asks": pl.String, "parameters": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
