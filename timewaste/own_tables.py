"""The tables that a study makes for itself, from the SELECTs of its `queries/` folder, and whether their promises hold.

Knows models and the study's database as the last load left it; changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ModelError, StudyError
from timewaste.models import broken_rows, own_models
from timewaste.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timewaste.models import Model
    from timewaste.store import Store

NOT_MADE = "not made yet"


class Promise(NamedTuple):
    """One promise of a table: what it says, and how it stands with the rows of the last load."""

    table: str
    sentence: str
    promise: str
    state: str


def own_promises(folder: Path, database: Path) -> list[Promise]:
    """Return what each of the study's own tables promises; a table that promises nothing has one empty promise.

    The state is `holds`, `broken by 3 rows`, `not made yet`, or why it cannot be checked. Raises `ModelError`.
    """
    from timewaste.store import Store

    if not any((folder / "queries").glob("*/*.sql")):
        return []
    with Store.memory() as parser:
        models = own_models(parser, folder / "queries")
    try:
        with Store.open(database, read_only=True) as store:
            return [one for model in models for one in _promises(model, store)]
    except StudyError:
        return [one for model in models for one in _promises(model, None)]


def _promises(model: Model, store: Store | None) -> Iterator[Promise]:
    is_made = store is not None and model.name in store.tables()
    for promise in model.expects or ("",):
        state = NOT_MADE
        if store is not None and is_made:
            state = _state(store, model, promise) if promise else ""
        yield Promise(model.name, model.sentence, promise, state)


def _state(store: Store, model: Model, promise: str) -> str:
    try:
        (broken,) = store.counts([broken_rows(model.name, promise)], where=model.place)
    except ModelError as error:
        return str(error.what).partition("\n")[0]
    return "holds" if not broken else f"broken by {counted(broken, 'row', 'rows')}"
