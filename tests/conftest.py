"""The sample study, built once, and small studies of a test's own."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings
from studies import Figures, write_study

from timewaste.simulate import simulate
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
# What a shell may carry that must not change a figure; tests that ask for `clean_env` start without it.
NOISE = ("TZ", "LC_ALL", "LANG", "PYTHONHASHSEED", "COLUMNS", "NO_COLOR", "FORCE_COLOR")


# In CI the same examples every time: a commit is judged by what it changed. Elsewhere new ones, to find more.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

# DuckDB 2.0 prints forty lines about its types at the interpreter's end when Polars has read a result of it.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give the tests of one engine to one worker: a server for each worker would cost a minute."""
    from xdist.scheduler import LoadScopeScheduling

    class OneServerEach(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if "test_engines.py" not in nodeid:
                return nodeid
            return "spark" if "[spark" in nodeid else "sail"

    return OneServerEach(config, log)


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


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Study]:
    """Return a function: logs, config, other files -> a study of its own, up to date."""
    made = 0

    def make(logs: str | dict[str, str | bytes], config: str = "", files: dict[str, str] | None = None) -> Study:
        nonlocal made
        made += 1
        return open_study(write_study(tmp_path / f"study-{made}", logs, config, files))

    return make


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Return a function: a study's folder (and a config in place of its own) -> the tables of its accounts."""
    return Figures()
