"""Bringing tables up to date for the sources that came or went, and for the reps who logged in them.

A table kept by source holds rows that rest on one source each; one kept by rep, on the entries of one rep. When logs
come or go, only these rows are taken out and worked out anew, by the model's own SELECT over inputs narrowed to them.
That is right as long as the rest that the model reads is what it was: settings, its own text, and small tables whose
old rows all stand. What is not so is made anew as a whole, and so is what rests on it.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from timewaste.models import Model
    from timewaste.store import Store

BY_SOURCE = ("stg_entries", "raw_source_texts")
"""What the first tables kept by source read: a row per record, and a row per source and text."""
CHANGED = "changed_reps"
BEFORE = "before_"
_UNIQUE = re.compile(r"unique\((.*)\)")
# Rows without a rep are kept with those of every rep that changed.
_OF_REPS = f"(rep_number is null or rep_number in (select rep_number from {CHANGED}))"
_OF_REP_IDS = "(rep_id is null or rep_id in ({}))".format(
    " union ".join(
        f"select rep_id from {names} where text_id in (select rep_number from {CHANGED})"
        for names in ("int_rep_numbers", f"{BEFORE}int_rep_numbers")  # somebody may be gone
    )
)


@dataclass(frozen=True, slots=True)
class Change:
    """The sources that came and went since the last build."""

    added: frozenset[int]
    removed: frozenset[int]


class Upkeep:
    """What one build may mend instead of making it anew."""

    def __init__(
        self,
        store: Store,
        models: Sequence[Model],
        stale: Collection[str],
        same: Collection[str],
        change: Change | None,
    ) -> None:
        """`stale` names the models to build, `same` the tables that nothing but logs has changed for."""
        self._store, self._models, self._change = store, models, change
        self._by_name = {model.name: model for model in models}
        self._stale, self._same = stale, same
        self._disturbed: set[str] = set()  # made anew as a whole, with old rows changed or gone
        self._mended: set[str] = set()
        self._remembered: list[str] = []
        self._numbered: set[str] | None = None
        self._worked_out: list[str] = []
        self._knows_reps = False  # whose entries changed
        self._depths: dict[str, frozenset[str]] = {}
        # Small tables between the logs and the rows: of these, only additions leave the rows right.
        self._small = {
            name
            for model in models
            if model.per
            for name in self._reads(model.name)
            if name in self._by_name and not self._by_name[name].is_view and not self._by_name[name].per
        }

    # -------------------------------------------------------------- questions

    def can_mend(self, model: Model) -> bool:
        """Tell whether only the rows of some sources or reps need to be worked out anew."""
        if self._change is None or not model.per or model.name not in self._same:
            return False
        if model.per == "rep" and not self._knows_reps:
            return False
        return not self._reads(model.name) & self._disturbed

    def was_mended(self, model: Model) -> bool:
        """Tell whether the model's table was mended in this build."""
        return model.name in self._mended

    def _reads(self, name: str) -> frozenset[str]:
        """Return what a model reads, itself or through views."""
        if name not in self._depths:
            found: set[str] = set()
            for read in self._by_name[name].reads:
                found.add(read)
                if read in self._by_name and self._by_name[read].is_view:
                    found |= self._reads(read)
            self._depths[name] = frozenset(found)
        return self._depths[name]

    # --------------------------------------------------------------- mending

    @contextmanager
    def narrowed(self, model: Model) -> Iterator[None]:
        """Let the model see only the rows that changed: its inputs, and itself once it is mended."""
        assert self._change is not None  # noqa: S101 - `can_mend` says so
        store, narrowed = self._store, []
        for name in sorted(self._reads(model.name)):
            if name in BY_SOURCE and model.per == "source":
                store.narrow(name, f"source_id in ({_listed(self._change.added)})")
            elif name in self._mended - {model.name} and name not in self._worked_out and self._has(name, model.per):
                store.narrow(name, self._condition(name, model.per))
            else:
                continue
            narrowed.append(name)
        yield
        # After a failure the transaction is lost, and these views with it: nothing is cleared up that hides it.
        for name in [*narrowed, *([model.name] if self.was_mended(model) else [])]:
            store.widen(name)

    def mend(self, model: Model) -> None:
        """Take the rows out that changed and work them out anew."""
        assert self._change is not None  # noqa: S101 - `can_mend` says so
        store, seen = self._store, self._condition(model.name, model.per)
        tells_reps = model.per == "source" and self._has(model.name, "rep")
        reps = f"select distinct rep_number from {model.name} where {seen}"
        if tells_reps:
            store.execute(f"create temp table {CHANGED} as {reps}")
        store.replace_rows(model.name, model.text, seen)
        if tells_reps:
            store.execute(f"insert into {CHANGED} {reps}")
            self._knows_reps = True
        store.narrow(model.name, seen)
        self._mended.add(model.name)

    def _has(self, name: str, unit: str) -> bool:
        """Tell whether a mended table's rows belong to a source, or to a rep."""
        return unit == self._by_name[name].per or (unit == "rep" and name in self._numbered_tables())

    def _condition(self, name: str, unit: str) -> str:
        """Return which rows of a table belong to the sources, or the reps, that changed."""
        assert self._change is not None  # noqa: S101 - else nothing is mended
        if unit == "source":
            return f"source_id in ({_listed(self._change.added | self._change.removed)})"
        return _OF_REPS if name in self._numbered_tables() else _OF_REP_IDS

    def _numbered_tables(self) -> set[str]:
        if self._numbered is None:
            self._numbered = self._store.tables_with("rep_number")
        return self._numbered

    # ------------------------------------------------------- what must not change

    def remember(self, model: Model) -> None:
        """Keep a small table's rows, to be compared with its new ones."""
        if self._change is not None and model.name in self._small and model.name in self._same:
            self._store.execute(f"create temp table {BEFORE}{model.name} as select * from {model.name}")
            self._remembered.append(model.name)

    def compare(self, model: Model) -> None:
        """Note whether a table made anew says of something else than it did before."""
        if model.is_view:
            return
        key = next((match[1] for promise in model.expects if (match := _UNIQUE.fullmatch(promise))), "")
        if model.name in self._remembered and key:
            # A row that is gone disturbs nobody: what it was about is gone too. One that says something else does.
            ((changed,),) = self._store.execute(
                f"select count(*) from (select * from {BEFORE}{model.name} except all select * from {model.name}) "
                f"where ({key}) in (select ({key}) from {model.name})"
            )
            if not changed:
                return
        self._disturbed.add(model.name)

    # ------------------------------------------------------------ worked out once

    def work_out(self, model: Model) -> None:
        """Put a table before a view that many models read, for this build: narrowed if all of them can be mended."""
        readers = [self._by_name[name] for name in self._stale if model.name in self._reads(name)]
        if all(self.can_mend(reader) for reader in readers if not reader.is_view):
            narrowed = [name for name in sorted(self._mended & self._reads(model.name)) if self._has(name, "rep")]
            for name in narrowed:
                self._store.narrow(name, self._condition(name, "rep"))
            self._store.work_out(model.name)
            for name in narrowed:
                self._store.widen(name)
        else:
            self._disturbed.add(model.name)
            self._store.work_out(model.name)
        self._worked_out.append(model.name)

    def finish(self) -> None:
        """Remove what stood before views, what was remembered and the list of changed reps."""
        for name in self._worked_out:
            self._store.forget_work(name)
        for name in self._remembered:
            self._store.execute(f"drop table {BEFORE}{name}")
        if self._knows_reps:
            self._store.execute(f"drop table {CHANGED}")


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(map(str, sorted(numbers))) or "null"
