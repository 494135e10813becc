"""A study: one engagement, one folder. What the command line and a notebook share; a thin tie."""

from __future__ import annotations

import hashlib
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timewaste import __version__
from timewaste.errors import ConfigError, StudyError
from timewaste.files import clear_abandoned_folders
from timewaste.logs import Intake, log_files, log_paths
from timewaste.settings import FILE_NAME
from timewaste.study_state import CLUSTER, made_elsewhere, refuse_stayed, remember, remembered, told_if_stayed
from timewaste.toml_checks import how_to_say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import altair as alt
    import polars as pl

    from timewaste.config import Config
    from timewaste.errors import ReadError
    from timewaste.logs import LogFile
    from timewaste.models import Model
    from timewaste.store import Store

    Tell = Callable[[str, int, int], None]
    Choose = Callable[[list[Model]], list[Model]]
    Tables = dict[str, list[dict[str, Any]]]
    Look = Callable[[Store, "Refresh"], None]

DATABASE = "timewaste.duckdb"
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


class _Rehearsed(Exception):  # noqa: N818 - nothing failed: what was tried is taken back
    """Ends a transaction that is not to be kept."""


def open_study(folder: str | Path) -> Study:
    """Return the study in `folder`, brought up to date with its logs and settings.

    Raises `StudyError` when there is no such folder or nothing to read in it, `ReadError`s for unreadable logs.
    """
    study = Study(Path(folder))
    study.refresh()
    return study


class Study:
    """One folder: `timewaste.toml`, `logs/`, and what is made of them. Frames come as Polars, charts as Altair."""

    def __init__(self, folder: Path) -> None:
        """Point at a folder; nothing is read before `refresh`."""
        if not folder.is_dir():
            raise StudyError("there is no such folder", where=str(folder), mend="To make one: timewaste init FOLDER")
        self.folder = folder
        self.database = folder / DATABASE

    @cached_property
    def config(self) -> Config:
        """The settings, checked: `timewaste.toml` over the packaged defaults."""
        from timewaste.config import load_config
        from timewaste.transforms.labels import check_rules

        config = load_config(self.folder)
        for rule_id, reason in check_rules((rule.id, rule.match) for rule in config.own_rules):
            raise ConfigError(reason, where=f"{self.folder / FILE_NAME}: rule {rule_id}", mend="Correct its pattern.")
        return config

    # ------------------------------------------------------------ up to date

    def refresh(self, tell: Tell = lambda _what, _done, _all: None, *, anew: bool = False) -> Refresh:
        """Read what is new, rebuild what depends on it, and do nothing twice.

        One transaction: a failure or a kill leaves the study as it was. What a cluster made is built here only when
        `anew` says so. Raises `RefusedFiles`, `ConfigError`, `ModelError`, `StudyError`.
        """
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
        from timewaste.input_tables import INPUTS
        from timewaste.intake import fingerprints, prepare, take_in
        from timewaste.models import load_models
        from timewaste.refusals import TRANSIENT
        from timewaste.stopwatch import ENDING
        from timewaste.store import FORMAT, Store
        from timewaste.transforms import polars_models

        state = self.state()
        if state and (state.get("format"), state.get("version")) != (FORMAT, __version__):
            self.database.unlink()
        with Store.open(self.database) as store, store.transaction():
            prepare(store)
            files = log_files(log_paths(self.folder), store)
            prints = self._take_settings(store, files)
            models = load_models(store, polars_models(), self.folder / "queries")
            _make_first(store, models)
            intake = take_in(store, self.config, files, tell)
            prints |= fingerprints(store)
            chosen = only(models)
            built = build(store, chosen, prints, _numbered(tell, chosen), intake.change)
            tell(ENDING, len(chosen), len(chosen))
            if any(error.code in TRANSIENT for error in intake.refused):
                new_state = new_state | {"glance": ""}  # next time it may be otherwise, and no file shows it
            remember(store, new_state | {"refused": str(len(intake.refused))})
            for name, comment in INPUTS.items():
                store.comment(name, comment)
            refresh = Refresh(intake, built.made, built.mended, len(intake.refused))
            look(store, refresh)
        return refresh

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

    def state(self) -> dict[str, str]:
        """Return what the database remembers of its making: version, glance, engine; nothing if there is none."""
        from timewaste.store import Store

        if not self.database.is_file():
            return {}
        with Store.open(self.database, read_only=True) as store:
            return remembered(store)

    @property
    def refused(self) -> list[ReadError]:
        """Why each file that is not in the study could not be read."""
        from timewaste.refusals import refusals

        with self.store() as store:
            return refusals(store)

    def settings_text(self) -> str:
        """Return the study's `timewaste.toml` as it stands, "" if there is none."""
        path = self.folder / FILE_NAME
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


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
