"""A study beyond one machine: its staged entries as files, and its tables made on a Spark Connect server.

Ties the study, the folder of staged entries and the cluster. Logs are read here: the cluster begins where every
row of every file has been landed and every distinct text has been understood.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from timewaste.cluster_build import ClusterBuild, bring_home, place
from timewaste.errors import StudyError
from timewaste.staged import check_place, read_manifest, write_staged
from timewaste.study import Refresh
from timewaste.study_state import CLUSTER, remember, stayed_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timewaste.models import Model
    from timewaste.staged import Manifest
    from timewaste.store import Store
    from timewaste.study import Study

    Tell = Callable[[str, int, int], None]

FOLDER = "staged"
"""Where the staged entries lie in a study, if no other place is named."""


def _silent(_what: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def export_staged(study: Study, folder: Path, tell: Tell = _silent) -> Manifest:
    """Write the staged entries of a study, brought up to date, to `folder` as Parquet and return what is there.

    The marts are not built for it. Raises as `Study.refresh` does, and `StudyError` for a place that cannot be used.
    """
    check_place(folder)
    state = study.state()
    if state.get("glance") != study.glance():
        study.stage(lambda models: [*place(models).first], tell, engine=state.get("engine", ""))
    with _open(study) as (store, models):
        return write_staged(store, place(models).handed, folder, study.glance())


def load_on_cluster(
    study: Study, remote: str, folder: Path | None = None, bring: Sequence[str] = (), tell: Tell = _silent
) -> Refresh:
    """Bring a study up to date, with everything that touches every entry made on the server at `remote`.

    The entries go to `folder`, which the cluster must see under the same path and be able to write to; `bring`
    names tables whose rows shall come home although no report needs them. Nothing is done twice. Reading the logs
    is kept even if the cluster fails: it can be the longest part. Raises as `Study.refresh` does, and `StudyError`
    when there is no client, no server or no way to the folder.
    """
    state = study.state()
    if state.get("glance") == study.glance() and state.get("engine") == CLUSTER:
        kept = Path(state["staged"])
        if folder is None or folder.resolve() == kept:
            _bring_later(study, bring)
            return Refresh()
    from timewaste.cluster import Cluster

    folder = (folder or study.folder / FOLDER).resolve()
    check_place(folder)
    _check_names(study, bring)
    with Cluster.connect(remote) as cluster:
        read = study.stage(lambda models: [*place(models).first], tell, engine=CLUSTER)
        glance = study.glance()
        with _open(study) as (store, models):
            placement = place(models)
            manifest = read_manifest(folder)
            if manifest is None or manifest.fingerprint != glance:
                tell(str(folder), 0, len(placement.later) + 1)
                manifest = write_staged(store, placement.handed, folder, glance)
            numbers = {model.name: number for number, model in enumerate(placement.later, start=1)}
            made = ClusterBuild(store, cluster, folder, manifest).run(
                placement, lambda name: tell(name, numbers[name], len(numbers) + 1)
            )
            wanted = sorted(placement.stays & set(bring))
            bring_home(store, models, wanted, folder)
            remember(store, {
                "glance": glance, "engine": CLUSTER, "staged": str(folder),
                "stayed": " ".join(sorted(placement.stays - set(wanted))),
            })  # fmt: skip
    return Refresh(read.intake, (*read.models, *made))


def _bring_later(study: Study, names: Sequence[str]) -> None:
    """Bring tables home that an earlier load left on the cluster; the server is not needed for it."""
    state = study.state()
    _check_names(study, names)
    with _open(study) as (store, models):
        stayed = stayed_tables(state)
        wanted = sorted(stayed & set(names))
        bring_home(store, models, wanted, Path(state["staged"]))
        remember(store, state | {"stayed": " ".join(sorted(stayed - set(wanted)))})


def _check_names(study: Study, names: Sequence[str]) -> None:
    from difflib import get_close_matches

    from timewaste.store import Store

    with Store.memory() as store:
        known = {model.name for model in _models(store, study)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "docs/tables.md lists the tables."
            raise StudyError(f"there is no table {name!r}", where="--bring", mend=hint)


def _models(store: Store, study: Study) -> list[Model]:
    """Return the study's models, but those that rest on a table of the client's that was left out."""
    from timewaste.client_tables.told import client_tables

    lost = {name for table in client_tables(store) for name in table.lost}
    return [model for model in study.models(store) if model.name not in lost]


@contextmanager
def _open(study: Study) -> Iterator[tuple[Store, list[Model]]]:
    """Open the study's database to change it, all or nothing, with its models in build order."""
    from timewaste.client_tables.told import meanings
    from timewaste.glossary import describe
    from timewaste.own_objects import keep_objects, strangers_in
    from timewaste.store import Store

    with Store.open(study.database) as store, store.transaction():
        models, strangers = _models(store, study), strangers_in(store)
        yield store, models
        describe(store, models, meanings(store))
        keep_objects(store, strangers)
