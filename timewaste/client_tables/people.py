"""Whose a row of a client's table is: the spellings of a column -> rep_ids, as those of the logs. Never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.transforms.people import identity_key, int_reps, name_key, roster_spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timewaste.models import Model
    from timewaste.store import Store

ROSTER = ("stg_reps", "stg_aliases", "stg_people")
LOGGED = ("stg_rep_texts", "stg_owner_texts")
RESTS_ON = ("raw_reps", "raw_aliases", "raw_crm_people", "raw_source_texts", "raw_sources", "raw_opportunities",
            "raw_crm_opportunities")  # fmt: skip
"""The inputs that decide who is who."""


class People:
    """Who takes part in a study, by every spelling."""

    def __init__(self, store: Store, models: Sequence[Model]) -> None:
        """Look at the roster, and at who logged; the views that tell are made if they are not there yet."""
        _make_views(store, models)
        frames = {name: store.frame(f"select * from {name} order by all") for name in (*LOGGED, *ROSTER)}
        self._roster = roster_spellings(*(frames[name] for name in ROSTER))
        logged = int_reps(**frames)
        self._logged = {identity_key(text): rep_id for text, rep_id, _ in logged.iter_rows()}

    def rep_ids(self, texts: Iterable[str]) -> dict[str, str | None]:
        """Return the rep_id of each text, None for who is nobody of the study or may be several."""
        return {
            text: self._roster[key] if (key := name_key(text)) in self._roster else self._logged.get(identity_key(text))
            for text in texts
        }


def _make_views(store: Store, models: Sequence[Model]) -> None:
    needed = {*LOGGED, *ROSTER}
    for model in reversed(models):
        needed |= set(model.reads) if model.name in needed else set()
    there = store.tables()
    for model in models:
        if model.name in needed and model.is_view and model.name not in there:
            store.make(model.name, model.text, view=True, comment=model.comment, is_new=True)
