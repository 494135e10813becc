"""Make what is not up to date: tables of models, in order, each checked against what its header promises."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ModelError
from timewaste.models import broken_examples, broken_rows
from timewaste.upkeep import Change, Upkeep
from timewaste.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from timewaste.models import Model
    from timewaste.store import Store

LEDGER = "model_ledger"
LOGS = ("raw_entries", "raw_texts", "raw_source_texts", "raw_sources", "raw_issues", "raw_crm_people")
"""The inputs that change with the logs; all others are settings and the study's own books."""


class Built(NamedTuple):
    """The tables of one build: all that were brought up to date, and those of them that only had rows replaced."""

    made: tuple[str, ...]
    mended: tuple[str, ...]


def build(
    store: Store,
    models: Iterable[Model],
    inputs: Mapping[str, str],
    tell: Callable[[str], None] = lambda _name: None,
    change: Change | None = None,
) -> Built:
    """Make what is not up to date, in order, and return what was made.

    `inputs` gives a fingerprint for every input table. A model is made anew when its own text or anything it
    reads, at any depth, has changed. With `change`, the sources that came and went since the last build, tables kept
    by source or by rep are brought up to date for these alone. Call it inside the store's transaction: a failure then
    leaves the tables of the last good build. Raises `ModelError`.
    """
    models = list(models)
    prints, settled = _fingerprints(models, inputs), _fingerprints(models, dict(inputs) | dict.fromkeys(LOGS, ""))
    known, known_settled = _both_ledgers(store)
    there = store.tables()
    stale = [model for model in models if known.get(model.name) != prints[model.name] or model.name not in there]
    same = {name for name in settled if known_settled.get(name) == settled[name] and name in there}
    wanted = {name for model in stale for name in model.reads}
    upkeep = Upkeep(store, models, {model.name for model in stale}, same, change)
    for model in models:
        if model in stale:
            tell(model.name)
            upkeep.remember(model)
            if upkeep.can_mend(model):
                with upkeep.narrowed(model):
                    upkeep.mend(model)
                    check_promises(store, model)
            elif not (model.is_view and model.name in same):  # what a view says follows its tables by itself
                _make(store, model, there)
                upkeep.compare(model)
        if model.is_worked_out and model.name in wanted:
            upkeep.work_out(model)
        if model in stale and not upkeep.was_mended(model):
            check_promises(store, model)
    upkeep.finish()
    for name in known.keys() - prints.keys():
        store.drop(name)
    if stale or known.keys() - prints.keys():
        _write_ledger(store, prints, settled)
    made = tuple(model.name for model in stale)
    return Built(made, tuple(model.name for model in stale if upkeep.was_mended(model)))


def _fingerprints(models: Iterable[Model], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return a fingerprint per table: of a model's own text and of everything it reads, at any depth."""
    prints: dict[str, str] = dict(inputs)
    for model in models:
        missing = sorted(set(model.reads) - prints.keys())
        if missing:
            raise ModelError(f"reads {missing[0]}, which is not there", where=model.name)
        parts = [model.text, *(f"{name}={prints[name]}" for name in sorted(model.reads))]
        prints[model.name] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return prints


def ledger(store: Store) -> dict[str, str]:
    """Return the fingerprint of every table as it was built last."""
    return _both_ledgers(store)[0]


def _both_ledgers(store: Store) -> tuple[dict[str, str], dict[str, str]]:
    store.execute(f"create table if not exists {LEDGER} (name varchar, fingerprint varchar, settled varchar)")
    rows = store.execute(f"select name, fingerprint, settled from {LEDGER}")
    return {name: value for name, value, _ in rows}, {name: value for name, _, value in rows}


def _write_ledger(store: Store, prints: Mapping[str, str], settled: Mapping[str, str]) -> None:
    import polars as pl

    names = list(prints)
    columns = {"name": names, "fingerprint": list(prints.values()), "settled": [settled[name] for name in names]}
    store.write(LEDGER, pl.DataFrame(columns))


def make_one(store: Store, model: Model) -> None:
    """Make one table as a whole from tables that are there, and check its promises. Raises `ModelError`."""
    _make(store, model, store.tables())
    check_promises(store, model)


def _make(store: Store, model: Model, there: Collection[str]) -> None:
    is_new = model.name not in there
    if model.function is None:
        try:
            store.make(model.name, model.text, view=model.is_view, comment=model.comment, is_new=is_new)
        except ModelError as error:
            error.where = model.place
            raise
        return
    # In a fixed order: a sum of fractions depends on it in the last digit.
    frames = [store.frame(f"select * from {name} order by all") for name in model.reads]
    store.write(model.name, model.function(*frames), comment=model.comment, is_new=is_new)


def check_promises(store: Store, model: Model) -> None:
    """Raise `ModelError` when rows break what a model promises; all is counted in one question."""
    if not model.expects:
        return
    counts = store.counts([broken_rows(model.name, promise) for promise in model.expects], where=model.place)
    for promise, broken in zip(model.expects, counts, strict=True):
        if broken:
            what = counted(broken, "key", "keys") if promise.startswith("unique") else counted(broken, "row", "rows")
            what += f" break{'s' * (broken == 1)} what the model promises: {promise}"
            raise ModelError(
                what + _examples(store, model, promise),
                where=model.place,
                mend="Correct the query or its Expect line. Until then nothing is changed, and no command runs with it."
                if model.own_path
                else "This is a fault in the model or in data nobody foresaw; nothing was changed.",
            )


def _examples(store: Store, model: Model, promise: str) -> str:
    """Return some of the rows that break a promise of a study's own model, a line each; the others are ours to mend."""
    if not model.own_path:
        return ""
    rows = store.rows(broken_examples(model.name, promise)).dicts()
    return "".join("\n  " + ", ".join(f"{name} = {value}" for name, value in row.items()) for row in rows)
