"""The sample study, built once, and small studies of a test's own."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from timewaste.config import load_config
from timewaste.config_frames import config_frames
from timewaste.intake import LogFile, Misread, file_hash, log_paths, prepare, take_in
from timewaste.models import build, load_models
from timewaste.side_tables import take_side_tables
from timewaste.simulate import simulate
from timewaste.store import Store
from timewaste.study import Study, _make_first, open_study
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from timewaste.config import Config
    from timewaste.models import Model

ROOT = Path(__file__).parents[1]
# What a shell may carry that must not change a figure; tests that ask for `clean_env` start without it.
NOISE = ("TZ", "LC_ALL", "LANG", "PYTHONHASHSEED", "COLUMNS", "NO_COLOR", "FORCE_COLOR")


# DuckDB 2.0 prints forty lines about its types at the interpreter's end when Polars has read a result of it.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


class Done(NamedTuple):
    """What a command left: exit code, stdout as bytes, stderr as text."""

    code: int
    out: bytes
    err: str


@pytest.fixture
def clean_env() -> dict[str, str]:
    """Return the environment without what changes languages, zones or hashes, for commands run in a process."""
    env = {name: value for name, value in os.environ.items() if name not in NOISE}
    return env | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def tw(clean_env: dict[str, str]) -> Callable[..., Done]:
    """Return a function that runs `timewaste` in a process of its own, with more environment if wanted."""

    def run(*arguments: str | Path, **env: str) -> Done:
        command = [sys.executable, "-m", "timewaste", *map(str, arguments)]
        done = subprocess.run(command, env=clean_env | env, capture_output=True, timeout=300, check=False)
        return Done(done.returncode, done.stdout, done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the simulated study (24 reps, 4 weeks, seed 7) once for each worker; nobody changes it."""
    folder = tmp_path_factory.mktemp("sample") / "study"
    simulate(folder, reps=24, weeks=4, seed=7)
    return folder


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> Study:
    """Return the simulated study, up to date; a test that changes a study takes `sample_copy`."""
    return open_study(sample_folder)


@pytest.fixture
def sample_copy(sample: Study, tmp_path: Path) -> Path:
    """Return a folder with a copy of the sample study, database included, to change at will."""
    return Path(shutil.copytree(sample.folder, tmp_path / "sample"))


def write_study(
    folder: Path, logs: str | dict[str, str | bytes], config: str = "", files: dict[str, str] | None = None
) -> Path:
    """Write a study: the text of one log or logs by name below logs/, `timewaste.toml`, and other files by name."""
    texts = {"log.csv": logs} if isinstance(logs, str) else logs
    everything = {f"logs/{name}": content for name, content in texts.items()} | (files or {})
    if config:
        everything["timewaste.toml"] = config
    for name, content in everything.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Study]:
    """Return a function: logs, config, other files -> a study of its own, up to date."""
    made = 0

    def make(logs: str | dict[str, str | bytes], config: str = "", files: dict[str, str] | None = None) -> Study:
        nonlocal made
        made += 1
        return open_study(write_study(tmp_path / f"study-{made}", logs, config, files))

    return make


class Figures:
    """Builds only what the accounts of time rest on, in memory: a second faster than a whole study."""

    TABLES = ("entries", "day_accounts", "source_accounts", "issues", "int_entries", "int_day_pieces", "int_labels")

    @cached_property
    def models(self) -> list[Model]:
        """Return the models that `TABLES` rest on, in build order."""
        with Store.memory() as store:
            models = load_models(store, polars_models())
        wanted = set(self.TABLES)
        for model in reversed(models):
            wanted |= set(model.reads) if model.name in wanted else set()
        return [model for model in models if model.name in wanted]

    def __call__(self, folder: Path, config: Config | None = None) -> dict[str, pl.DataFrame]:
        """Return `TABLES` of the study in `folder`."""
        by_hand: set[str] = set()
        while True:
            try:
                return self._build(folder, config or load_config(folder), by_hand)
            except Misread as misread:
                by_hand.add(misread.relative)

    def _build(self, folder: Path, config: Config, by_hand: set[str]) -> dict[str, pl.DataFrame]:
        files = [LogFile(path, shown, file_hash(path)) for path, shown in log_paths(folder)]
        with Store.memory() as store:
            prepare(store)
            take_side_tables(store, folder)
            for name, frame in config_frames(config, data_hash="").items():
                store.write(name, frame)
            _make_first(store, self.models)
            take_in(store, config, files, by_hand)
            made = {model.name for model in self.models}
            inputs = {name: "" for model in self.models for name in model.reads if name not in made}
            build(store, self.models, inputs)
            return {name: store.frame(f"select * from {name}") for name in self.TABLES}


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Return a function: a study's folder (and a config in place of its own) -> the tables of its accounts."""
    return Figures()
