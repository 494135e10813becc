"""Who logged: spellings -> reps of the roster. Never merges two people by guess."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def identity_key(text: str) -> str:
    """Return what two spellings of one name have in common: Unicode form, case and blanks do not count.

    >>> identity_key("  ANNA  Müller ") == identity_key("anna mu\u0308ller")
    True
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def int_reps(stg_rep_texts: pl.DataFrame, stg_reps: pl.DataFrame) -> pl.DataFrame:
    """Spellings of who logged, each with the rep it stands for: id, name or e-mail of the roster, else itself.

    Grain: one row per spelling.
    Expect: unique(rep_text), not_null(rep_text, rep_id, is_in_roster)
    """
    import polars as pl

    known: dict[str, str | None] = {}
    for column in ("rep_name", "email", "rep_id"):  # an id outranks an e-mail, and that a name
        seen: dict[str, set[str]] = {}
        for text, rep_id in zip(stg_reps[column], stg_reps["rep_id"], strict=True):
            if text:
                seen.setdefault(identity_key(text), set()).add(rep_id)
        # Two people of one name: the spelling decides nothing, and stays a person of its own.
        known.update({key: next(iter(ids)) if len(ids) == 1 else None for key, ids in seen.items()})
    first_spelling: dict[str, str] = {}
    rows = []
    for (text,) in stg_rep_texts.select("rep_text").unique().sort("rep_text").iter_rows():
        key = identity_key(text)
        rep_id = known.get(key)
        rows.append((text, rep_id or first_spelling.setdefault(key, " ".join(text.split())), rep_id is not None))
    schema = {"rep_text": pl.String, "rep_id": pl.String, "is_in_roster": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("rep_text")
