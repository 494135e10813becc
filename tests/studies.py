"""Small studies of a test's own: their files, and the tables of their time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from timewaste.build import build
from timewaste.config import load_config
from timewaste.config_frames import config_frames
from timewaste.intake import prepare, take_in
from timewaste.logs import log_files, log_paths
from timewaste.models import load_models
from timewaste.side_tables import take_side_tables
from timewaste.store import Store
from timewaste.study import _make_first
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from timewaste.config import Config
    from timewaste.models import Model


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


class Figures:
    """Builds only what the accounts of time rest on, in memory: a second faster than a whole study."""

    TABLES = (
        "entries", "day_accounts", "source_accounts", "issues", "same_time", "int_entries", "int_day_pieces",
        "int_labels",
    )  # fmt: skip

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
        config = config or load_config(folder)
        with Store.memory() as store:
            prepare(store)
            take_side_tables(store, folder)
            for name, frame in config_frames(config, data_hash="").items():
                store.write(name, frame)
            _make_first(store, self.models)
            take_in(store, config, log_files(log_paths(folder)))
            made = {model.name for model in self.models}
            inputs = {name: "" for model in self.models for name in model.reads if name not in made}
            build(store, self.models, inputs)
            return {name: store.frame(f"select * from {name}") for name in self.TABLES}
