"""The staged entries as Parquet: complete or not there, never in the place of something else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from studies import write_study

from timewaste import staged
from timewaste.cluster_build import place
from timewaste.engines import export_staged
from timewaste.errors import StudyError
from timewaste.models import load_models
from timewaste.report import READS
from timewaste.staged import read_manifest
from timewaste.store import Store
from timewaste.study import Study, open_study
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from pathlib import Path

LOG = (
    "Rep,Date,Start,End,Activity\n"
    "anna,2026-03-01,09:00,10:00,expenses\n"  # a Sunday: of the week before
    "anna,2026-03-02,09:00,10:00,expenses\n"
    "anna,2026-03-08,09:00,10:00,travel\n"
    "anna,someday,09:00,10:00,travel\n"
    "anna,,09:00,10:00,travel\n"
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(write_study(tmp_path / "study", LOG))


def test_entries_lie_in_the_week_of_their_date_as_typed(study, tmp_path):
    manifest = export_staged(study, tmp_path / "out")
    assert manifest.weeks == {"2026-02-23": 1, "2026-03-02": 2, "none": 2}
    assert manifest.tables["stg_entries"] == 5
    for week, lines in (("2026-02-23", {2}), ("2026-03-02", {3, 4}), ("none", {5, 6})):
        rows = pl.read_parquet(tmp_path / "out" / "stg_entries" / f"week={week}" / "*.parquet", hive_partitioning=False)
        assert set(rows["line"]) == lines
        assert tuple(rows.columns) == manifest.columns


def test_every_row_and_every_small_table_that_the_cluster_reads_is_in_it(sample, tmp_path):
    manifest = export_staged(Study(sample.folder), tmp_path / "out")
    rows = pl.read_parquet(tmp_path / "out" / "stg_entries" / "*" / "*.parquet", hive_partitioning=False)
    with sample.store() as store:
        kept = store.frame("select * from stg_entries")
        models = load_models(store, polars_models())
        for name in manifest.tables.keys() - {"stg_entries"}:
            table = pl.read_parquet(tmp_path / "out" / f"{name}.parquet")
            assert table.sort(table.columns).equals(store.frame(f"select * from {name}").sort(table.columns)), name
    assert rows.sort("entry_id").equals(kept.sort("entry_id"))
    assert manifest.tables.keys() == set(place(models).handed)
    assert sum(manifest.weeks.values()) == kept.height == manifest.tables["stg_entries"]


def test_an_export_builds_no_mart_and_a_later_command_does(study, tmp_path):
    export_staged(study, tmp_path / "out")
    with study.store() as store:
        assert "entries" not in store.tables()
    study.refresh()
    assert study.frame("entries").height == 3
    export_staged(study, tmp_path / "out")
    assert study.refresh().models == ()  # an export of what is up to date changes nothing


def test_an_earlier_export_is_replaced_as_a_whole(study, tmp_path):
    export_staged(study, tmp_path / "out")
    (tmp_path / "out" / "made").mkdir()
    write_study(study.folder, "\n".join(LOG.splitlines()[:2]) + "\n")
    export_staged(study, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / "stg_entries").iterdir()] == ["week=2026-02-23"]
    assert not (tmp_path / "out" / "made").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"]


def test_a_folder_with_other_things_is_refused_and_left_alone(study, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("precious")
    with pytest.raises(StudyError, match="other things than staged entries"):
        export_staged(study, out)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]
    assert not study.database.exists()  # told before any work
    with pytest.raises(StudyError, match="this is a file"):
        export_staged(study, out / "thesis.txt")


def test_a_folder_whose_manifest_is_not_ours_is_refused(study, tmp_path):
    export_staged(study, tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    values = json.loads(manifest.read_text())
    for wrong in ("", "[]", json.dumps(values | {"format": "another"}), manifest.read_text()[:-20]):
        manifest.write_text(wrong)
        assert read_manifest(tmp_path / "out") is None
        with pytest.raises(StudyError, match="other things"):
            export_staged(study, tmp_path / "out")


def test_a_failure_half_way_leaves_the_earlier_export_or_nothing(study, tmp_path, monkeypatch):
    write = staged.copy_out
    left = [3]

    def fail(store: Store, select: str, path: Path, *, partition_by: str = "") -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return write(store, select, path, partition_by=partition_by)

    with monkeypatch.context() as patch:
        patch.setattr(staged, "copy_out", fail)
        with pytest.raises(StudyError, match="No space left"):
            export_staged(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    whole = export_staged(study, tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(staged, "copy_out", fail)
        with pytest.raises(StudyError, match="No space left"):
            export_staged(study, tmp_path / "out")
    assert read_manifest(tmp_path / "out") == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"]


def test_a_place_that_cannot_be_written_is_told(study, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be written"):
        export_staged(study, tmp_path / "file" / "below")


def test_the_command_says_what_it_wrote(tmp_path, tw):
    folder = write_study(tmp_path / "study", LOG)
    done = tw("export", folder, "--staged", tmp_path / "out [1]")  # brackets are a pattern to a database
    assert (done.code, done.out) == (0, b"")
    assert "5 entries of 2 weeks" in done.err
    assert tw("export", folder).code == 2


# ------------------------------------------------------------------ what is made where


@pytest.fixture(scope="module")
def models():
    with Store.memory() as store:
        return load_models(store, polars_models())


def test_what_is_read_here_is_here(models):
    placement = place(models)
    assert {"int_entries", "entries", "activity_facts", "rep_days"} <= placement.there
    assert {"int_entries", "entries", "rep_days", "issues"} <= placement.stays
    for model in models:
        if model.name not in placement.there:
            assert not set(model.reads) & placement.stays, model.name
    assert not placement.stays & {*READS, "source_accounts"}
    assert not any(name.startswith("rpt_") for name in placement.stays)


def test_no_model_is_lost_and_none_comes_before_what_it_reads(models):
    placement = place(models)
    in_order = [*placement.first, *placement.later]
    assert sorted(model.name for model in in_order) == sorted(model.name for model in models)
    assert not placement.there & {model.name for model in placement.first}
    names = {model.name for model in models}
    seen: set[str] = set()
    for model in in_order:
        assert set(model.reads) & names <= seen, model.name
        seen.add(model.name)


def test_a_study_that_was_built_here_can_be_exported_without_being_built_again(tmp_path):
    study = open_study(write_study(tmp_path / "study", LOG))
    before = study.state()
    export_staged(study, tmp_path / "out")
    assert study.state() == before
