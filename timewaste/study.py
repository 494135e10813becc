"""A study: one engagement, one folder. What the command line and a notebook share; a thin tie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timewaste import __version__
from timewaste.files import clear_abandoned_folders
from timewaste.logs import Intake, log_files, log_paths
from timewaste.own_objects import keep_objects, refuse_loss, refuse_taken, strangers_in
from timewaste.study_reading import DATABASE, StudyReading
from timewaste.study_state import CLUSTER, FORMAT, made_elsewhere, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from timewaste.client_tables.told import ClientTable
    from timewaste.logs import LogFile
    from timewaste.models import Model
    from timewaste.store import Store

    Tell = Callable[[str, int, int], None]
    Choose = Callable[[list[Model]], list[Model]]
    Tables = dict[str, list[dict[str, Any]]]
    Look = Callable[[Store, "Refresh"], None]

__all__ = ["DATABASE", "Refresh", "Study", "open_study"]
# What evidence of dates and durations is taken from, before the models are built: one kept as a table stands in as a
# view of another name, which the intake drops again.
FIRST_VIEWS = ("stg_sources", "stg_moments", "stg_duration_texts")


@dataclass(frozen=True, slots=True)
class Refresh:
    """What it took to bring a study up to date."""

    intake: Intake = field(default_factory=Intake)
    models: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    refused: int = 0
    tables: tuple[ClientTable, ...] = ()
    fresh_tables: frozenset[str] = frozenset()
    strangers: tuple[str, ...] = ()


class _Rehearsed(Exception):  # noqa: N818 - nothing failed: what was tried is taken back
    """Ends a transaction that is not to be kept."""


def open_study(folder: str | Path) -> Study:
    """Return the study in `folder`, brought up to date with its logs and settings.

    Raises `StudyError` when there is no such folder or nothing to read in it, `ReadError`s for unreadable logs.
    """
    study = Study(Path(folder))
    study.refresh()
    return study


class Study(StudyReading):
    """One folder: `timewaste.toml`, `logs/`, and what is made of them. Frames come as Polars, charts as Altair."""

    # ------------------------------------------------------------ up to date

    def refresh(self, tell: Tell = lambda _what, _done, _all: None, *, anew: bool = False) -> Refresh:
        """Read what is new, rebuild what depends on it, and do nothing twice.

        One transaction: a failure or a kill leaves the study as it was. What a cluster made is built here only when
        `anew` says so. Raises `RefusedFiles`, `ConfigError`, `ModelError`, `StudyError`.
        """
        self.close()  # who writes must be alone
        clear_abandoned_folders()
        state, glance = self.state(), self.glance()
        made_there = state.get("engine") == CLUSTER
        if state.get("glance") == glance and not (made_there and anew):
            return Refresh(refused=int(state.get("refused", "0")))
        if made_there and not anew:
            raise made_elsewhere(self.folder, state)
        return self._rebuild({"glance": glance}, tell)

    def stage(self, only: Choose, tell: Tell = lambda _what, _done, _all: None, *, engine: str = "") -> Refresh:
        """Read what is new and make the models that `only` chooses, as `refresh`; `engine` makes the others later."""
        return self._rebuild({"engine": engine}, tell, only)

    def rehearse(self, *names: str, tell: Tell = lambda _what, _done, _all: None) -> tuple[Refresh, Tables]:
        """Return what `refresh` would do, and the rows of tables as they would be. The study stays as it is.

        Raises as `refresh` does.
        """
        existed = self.database.is_file()
        seen: list[tuple[Refresh, Tables]] = []

        def look(store: Store, refresh: Refresh) -> None:
            seen.append((refresh, {name: store.rows(f"select * from {name}").dicts() for name in names}))
            raise _Rehearsed

        try:
            self._rebuild({}, tell, look=look)
        except _Rehearsed:
            return seen[0]
        finally:
            if not existed:
                self.database.unlink(missing_ok=True)
        raise AssertionError  # pragma: no cover - `look` always raises

    def _rebuild(
        self,
        new_state: dict[str, str],
        tell: Tell,
        only: Choose = lambda models: models,
        look: Look = lambda _store, _refresh: None,
    ) -> Refresh:
        from timewaste.build import build
        from timewaste.client_tables.taking import take_tables
        from timewaste.client_tables.told import meanings
        from timewaste.glossary import describe
        from timewaste.input_tables import INPUTS
        from timewaste.intake import fingerprints, prepare, take_in
        from timewaste.refusals import TRANSIENT
        from timewaste.stopwatch import ENDING
        from timewaste.store import Store

        self.close()
        state = self.state()
        if state and (state.get("format"), state.get("version")) != (FORMAT, __version__):
            with self.store() as store:
                refuse_loss(strangers_in(store), self.database)
            self.database.unlink()
        with Store.open(self.database) as store, store.transaction():
            strangers = strangers_in(store)
            prepare(store)
            files = log_files(log_paths(self.folder), store)
            prints = self._take_settings(store, files)
            models = self.models(store)
            refuse_taken(
                strangers,
                {*INPUTS, *(model.name for model in models), *(table.name for table in self.config.tables)},
                self.database,
            )
            _make_first(store, models)
            intake = take_in(store, self.config, files, tell)
            prints |= fingerprints(store)
            taken = take_tables(store, self.folder, self.config.tables, models, prints)
            prints |= taken.prints
            chosen = only(_without(models, taken.left_out))
            built = build(store, chosen, prints, _numbered(tell, chosen), intake.change)
            tell(ENDING, len(chosen), len(chosen))
            problems = [*intake.refused, *(error for table in taken.left_out for error in table.problems)]
            if any(error.code in TRANSIENT for error in problems):
                new_state = new_state | {"glance": ""}  # next time it may be otherwise, and no file shows it
            refused = len(intake.refused) + len(taken.left_out)
            remember(store, new_state | {"refused": str(refused)})
            keep_objects(store, strangers)
            for name, comment in INPUTS.items():
                store.comment(name, comment)
            describe(store, models, meanings(store))
            refresh = Refresh(
                intake, built.made, built.mended, refused, tuple(taken.tables), frozenset(taken.fresh), tuple(strangers)
            )
            look(store, refresh)
        return refresh

    def models(self, store: Store) -> list[Model]:
        """Return the models in build order, the study's own among them. Raises `ModelError`, `ConfigError`."""
        from timewaste.client_tables.taking import check_names
        from timewaste.input_tables import INPUTS
        from timewaste.models import load_models
        from timewaste.transforms import polars_models

        tables = self.config.tables
        models = load_models(store, polars_models(), self.folder / "queries", given={table.name for table in tables})
        check_names(tables, models, INPUTS)
        return models

    def _take_settings(self, store: Store, files: list[LogFile]) -> dict[str, str]:
        """Bring the tables of settings and the study's own books up to date; return their fingerprints."""
        from timewaste.build import ledger
        from timewaste.config_frames import config_frames
        from timewaste.side_tables import side_fingerprints, take_side_tables

        known, there = ledger(store), store.tables()
        prints = side_fingerprints(self.folder)
        take_side_tables(store, self.folder, [table for table, value in prints.items() if known.get(table) != value])
        text = "\n".join(f"{file.relative} {file.sha256}" for file in files) + self.settings_text()
        for name, frame in config_frames(self.config, data_hash=_hash(text)[:12]).items():
            prints[name] = _hash(frame.write_csv())
            if known.get(name) != prints[name]:
                store.write(name, frame, is_new=name not in there)
        return prints

    def glance(self) -> str:
        """Return a hash of everything the study is made of, by size and time of the files: cheap to take.

        Raises `StudyError` when there is no log to read.
        """
        from timewaste.glance import glance

        return glance(self.folder)


def _without(models: list[Model], left_out: Iterable[ClientTable]) -> list[Model]:
    """Return the models but those that rest on a table of the client's that was left out."""
    lost = {name for table in left_out for name in table.lost}
    return [model for model in models if model.name not in lost]


def _make_first(store: Store, models: list[Model]) -> None:
    for model in models:
        if model.name in FIRST_VIEWS:
            name = model.name if model.is_view else f"intake_{model.name}"
            store.make(name, model.text, view=True, comment=model.comment)


def _numbered(tell: Tell, models: list[Model]) -> Callable[[str], None]:
    places = {model.name: number for number, model in enumerate(models)}
    return lambda name: tell(name, places[name], len(models))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
