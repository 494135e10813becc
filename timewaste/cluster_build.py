"""Build a study's models on two engines: what touches every entry on a cluster, the rest on this machine.

Knows models and tables. The same SQL files run on both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timewaste.build import LEDGER, check_promises, make_one
from timewaste.errors import ModelError, StudyError
from timewaste.models import broken_rows
from timewaste.staged import ENTRIES, bring, copy_out, made_path, table_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from timewaste.cluster import Cluster
    from timewaste.models import Model
    from timewaste.staged import Manifest
    from timewaste.store import Store

SHOWN = ("source_accounts", "leave_proposals")
"""Tables that a command prints, beside the reports."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where each model is made.

    A model runs on the cluster if it is SQL of a mart or report and reads the entries or a table that stayed on
    the cluster. Every other model runs here, because all that it reads is here. Of what the cluster makes, the
    reports, what a Polars model reads and what a command prints come home; the rest stays.
    """

    first: tuple[Model, ...]  # rest on nothing that the cluster makes
    later: tuple[Model, ...]  # the others, in build order
    there: frozenset[str]  # those of `later` that run on the cluster
    stays: frozenset[str]  # those of `there` whose rows stay

    @property
    def handed(self) -> tuple[str, ...]:
        """Return the tables that the cluster needs and that are made before it begins."""
        made_late = {model.name for model in self.later}
        reads = {name for model in self.later if model.name in self.there for name in model.reads}
        return tuple(sorted(reads - made_late))


def place(models: Iterable[Model]) -> Placement:
    """Return where each of the models, given in build order, is made."""
    models = tuple(models)
    wanted = {name for model in models if model.function is not None for name in model.reads}
    wanted |= {*SHOWN, *(model.name for model in models if model.layer == "report")}
    first: list[Model] = []
    later: list[Model] = []
    there: set[str] = set()
    stays: set[str] = set()
    for model in models:
        reads = set(model.reads)
        is_portable = model.function is None and model.layer in {"mart", "report"}
        if is_portable and reads & (stays | {ENTRIES}):
            there.add(model.name)
            if model.name not in wanted:
                stays.add(model.name)
        rests_on_cluster = model.name in there or reads & {earlier.name for earlier in later}
        (later if rests_on_cluster else first).append(model)
    return Placement(tuple(first), tuple(later), frozenset(there), frozenset(stays))


@dataclass(slots=True)
class ClusterBuild:
    """One build on both engines: the study's database here, the cluster there, and the folder between them."""

    store: Store
    cluster: Cluster
    folder: Path
    manifest: Manifest
    shown: set[str] = field(default_factory=set)  # tables that the cluster can read

    def run(self, placement: Placement, tell: Callable[[str], None]) -> list[str]:
        """Make every model that rests on what the cluster makes, in order, and return their names.

        Call it inside the store's transaction: a failure then leaves this side as it was. Raises `ModelError`,
        and `StudyError` when the cluster cannot read the folder.
        """
        for name in placement.handed:
            self._hand_over(name)
        self._check_entries()
        for model in placement.later:
            tell(model.name)
            if model.name not in placement.there:
                make_one(self.store, model)
            else:
                for name in model.reads:
                    self._hand_over(name)
                if model.name in placement.stays:
                    self._make_there(model)
                else:
                    self._make_and_fetch(model)
            # No fingerprint of the ledger's fits this: a build on this machine makes the table anew.
            self.store.execute(f"delete from {LEDGER} where name = ?", [model.name])
            if model.name not in placement.stays:
                self.store.execute(f"insert into {LEDGER} values (?, ?, '')", [model.name, "made with a cluster"])
        return [model.name for model in placement.later]

    def _check_entries(self) -> None:
        """Refuse to count what the cluster finds under our path when it is not what we put there."""
        found = self.cluster.fetch(ENTRIES, f"select count(*) as entries from {ENTRIES}").item()
        if found != self.manifest.tables[ENTRIES]:
            raise StudyError(
                f"the cluster reads {found:,} entries, but {self.manifest.tables[ENTRIES]:,} were written",
                where=str(self.folder), mend="Is it the same folder on every machine? If so, delete it and load again.",
            )  # fmt: skip

    def _hand_over(self, name: str) -> None:
        """Let the cluster read a table of this side; once."""
        if name in self.shown:
            return
        path = table_path(self.folder, name)
        if name not in self.manifest.tables:  # made since the entries were handed over
            copy_out(self.store, f"select * from {name}", path)
        self.cluster.show(name, path, self.manifest.columns if name == ENTRIES else ())
        self.shown.add(name)

    def _make_there(self, model: Model) -> None:
        self.cluster.keep(model.name, model.text, made_path(self.folder, model.name))
        self.shown.add(model.name)
        if not model.expects:
            return
        # In one statement, so that the engine may check several promises in one reading of the table.
        counts = [broken_rows(model.name, promise).replace('"', "`") for promise in model.expects]  # Spark's quotes
        columns = ", ".join(f"({count}) as promise_{number}" for number, count in enumerate(counts))
        broken = self.cluster.fetch(model.name, f"select {columns}").row(0)
        for promise, rows in zip(model.expects, broken, strict=True):
            if rows:
                raise ModelError(f"{rows} rows break what the model promises: {promise}", where=model.name)

    def _make_and_fetch(self, model: Model) -> None:
        self.store.write(model.name, self.cluster.fetch(model.name, model.text))
        self.store.comment(model.name, model.comment)
        check_promises(self.store, model)


def bring_home(store: Store, models: Iterable[Model], names: Iterable[str], folder: Path) -> None:
    """Make tables that stayed on the cluster tables of the study, with their comments."""
    comments = {model.name: model.comment for model in models}
    for name in names:
        bring(store, name, folder)
        store.comment(name, comments[name])
        store.execute(f"insert into {LEDGER} values (?, ?, '')", [name, "made with a cluster"])
