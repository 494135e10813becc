"""The same SQL files on other engines: every model and every explore query gives DuckDB's values there too."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest
from engines import differences, sail, spark
from studies import write_study

from timewaste.cluster import Cluster
from timewaste.cluster_build import place
from timewaste.engines import export_staged, load_on_cluster
from timewaste.errors import ModelError, QueryError, StudyError
from timewaste.models import load_models, queries_folder
from timewaste.questions import read_question
from timewaste.staged import copy_out
from timewaste.store import Store
from timewaste.study import Study, open_study
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

with Store.memory() as _store:
    MODELS = {model.name: model for model in load_models(_store, polars_models())}
PLACEMENT = place(MODELS.values())
SQL_HERE = sorted(
    model.name
    for model in MODELS.values()
    if model.function is None and model.layer in {"mart", "report"} and model.name not in PLACEMENT.there
)
EXPLORE = sorted((queries_folder() / "explore").glob("*.sql"))
DAY = "Rep,Date,Start,End,Activity\nanna,2026-03-02,09:00,10:00,expenses\n"


class Engine(NamedTuple):
    """A server, a session on it, and a study whose tables it made, all of them brought home."""

    url: str
    cluster: Cluster
    study: Study


@pytest.fixture(scope="module", params=["sail", "spark"])
def engine(request, sample, tmp_path_factory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        url = stack.enter_context(sail() if request.param == "sail" else spark(folder))
        study = Study(shutil.copytree(sample.folder, folder / "study"))  # the texts keep their numbers
        load_on_cluster(study, url, bring=sorted(PLACEMENT.stays))
        yield Engine(url, stack.enter_context(Cluster.connect(url)), study)


@pytest.fixture(scope="module")
def sail_url() -> Iterator[str]:
    with sail() as url:
        yield url


def is_ordered(text: str) -> bool:
    return bool(re.search(r"^order by ", text, re.MULTILINE))


def shown_tables(engine: Engine, text: str, folder: Path) -> None:
    """Let the engine read what a query reads, as DuckDB made it."""
    with Store.open(engine.study.database) as store:
        for name in store.selects_from(text):
            path = folder / f"{name}.parquet"
            copy_out(store, f"select * from {name}", path)
            engine.cluster.show(name, path)


# ------------------------------------------------------------------ the same values


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.layer in {"mart", "report"}])
def test_a_table_made_on_the_cluster_holds_the_same_values(engine, sample, name):
    model = MODELS[name]
    ordered = model.function is not None or is_ordered(model.text)
    got, want = engine.study.frame(name), sample.frame(name)
    assert differences(got, want, ordered=ordered and name not in PLACEMENT.stays) == []


@pytest.mark.parametrize("name", SQL_HERE)
def test_a_model_that_is_small_enough_for_this_machine_could_run_there_too(engine, sample, name, tmp_path):
    text = MODELS[name].text
    shown_tables(engine, text, tmp_path)
    assert differences(engine.cluster.fetch(name, text), sample.frame(name), ordered=is_ordered(text)) == []


@pytest.mark.parametrize("path", EXPLORE, ids=lambda path: path.stem)
def test_an_explore_query_gives_the_same_answer(engine, sample, path, tmp_path):
    asked = read_question(path)
    values = {name: repr(value) for name, value in asked.values().items()}
    bound = re.sub(r"\$(\w+)\b", lambda match: values[match[1]], asked.sql)  # the parameters are DuckDB's
    shown_tables(engine, bound, tmp_path)
    got, want = engine.cluster.fetch(path.stem, bound), sample.sql(bound)
    assert differences(got, want, ordered=True) == []


def test_the_page_is_the_same_to_the_byte(engine, sample, tmp_path):
    pages = [study.report(tmp_path / name).read_bytes() for name, study in (("a", engine.study), ("b", sample))]
    assert pages[0] == pages[1]


def test_every_sql_model_is_compared():
    made_there = {name for name in PLACEMENT.there if MODELS[name].layer in {"mart", "report"}}
    assert made_there == PLACEMENT.there
    portable = {path.stem for name in ("marts", "reports") for path in (queries_folder() / name).glob("*.sql")}
    assert portable == made_there | set(SQL_HERE)


def test_the_comparison_can_fail():
    want = pl.DataFrame({"a": [1, 2], "share": [0.1, 0.2], "label": ["x", None]})
    assert differences(want.cast({"a": pl.Int32}), want, ordered=True) == []
    assert differences(want.reverse(), want, ordered=False) == []
    assert differences(want.with_columns(pl.col("share") * (1 + 1e-12)), want, ordered=True) == []
    for wrong in (
        want.reverse(), want.head(1), want.with_columns(pl.col("share") * (1 + 1e-8)),
        want.select("label", "a", "share"), want.with_columns(label=pl.lit("x")), want.cast({"a": pl.Float64}),
        want.drop("a"),
    ):  # fmt: skip
        assert differences(wrong, want, ordered=True)


# ------------------------------------------------------------------ a study on a cluster


def test_what_stays_says_so_and_can_be_brought_without_the_server(sail_url, tmp_path):
    study = Study(write_study(tmp_path / "study", DAY))
    load_on_cluster(study, sail_url)
    assert {"entries", "issues", "day_accounts"} <= study.stayed
    assert study.frame("rpt_facts")["entries"].to_list() == [1]
    for ask in (lambda: study.sql("select * from entries"), lambda: study.frame("entries")):
        with pytest.raises(StudyError, match="entries stayed on the cluster") as told:
            ask()
        assert "--bring entries" in told.value.mend
    with pytest.raises(QueryError, match="syntax error"):
        study.sql("select from from")
    load_on_cluster(study, "sc://127.0.0.1:1", bring=["entries"])
    assert study.sql("select rep_id, seconds from entries").rows() == [("anna", 3600)]
    assert "entries" not in study.stayed
    assert "issues" in study.stayed


def test_nothing_is_done_twice_and_a_change_is_not_built_here_unasked(sail_url, tmp_path):
    folder = write_study(tmp_path / "study", DAY)
    study = open_study(folder)
    assert load_on_cluster(study, sail_url).models
    with study.store() as store:
        assert not store.tables() & study.stayed  # what was built here before is gone
    assert load_on_cluster(study, sail_url).models == ()
    assert study.refresh().models == ()
    write_study(folder, DAY + "ben,2026-03-03,09:00,11:00,expenses\n")
    with pytest.raises(StudyError, match="have changed since a cluster made the tables"):
        study.refresh()
    assert load_on_cluster(study, sail_url).models
    assert study.frame("rpt_facts")["entries"].to_list() == [2]
    study.refresh(anew=True)
    assert study.stayed == set()
    assert study.frame("entries").height == 2
    with study.store() as store:
        assert store.execute("select count(*) from model_ledger where fingerprint like 'made%'") == [(0,)]


def test_a_model_that_fails_there_is_named_and_the_logs_are_kept(sail_url, tmp_path):
    study = Study(write_study(tmp_path / "study", DAY))
    own = study.folder / "queries" / "marts" / "own.sql"
    own.parent.mkdir(parents=True)
    for select, expect, said in (
        ("list(seconds) as all_seconds from entries", "", "fails on the cluster"),
        ("seconds as seconds from entries", "not_null(seconds), check(seconds < 1)", "1 rows break .* check"),
    ):
        own.write_text(f"-- X.\n-- Grain: one.\n-- Expect: {expect}\nselect {select}")
        with pytest.raises(ModelError, match=said) as told:
            load_on_cluster(study, sail_url)
        assert told.value.where == "own"
        assert len(str(told.value)) < 700
        with pytest.raises(StudyError, match="did not come to the end"):
            study.refresh()
    own.unlink()
    assert load_on_cluster(study, sail_url).intake.read == []
    assert study.frame("rpt_facts")["entries"].to_list() == [1]


def test_a_study_without_a_single_row_goes_there_and_comes_back(sail_url, tmp_path):
    folder = write_study(tmp_path / "study", DAY.splitlines()[0] + "\n")
    there, here = Study(folder), open_study(write_study(tmp_path / "here", DAY.splitlines()[0] + "\n"))
    load_on_cluster(there, sail_url, bring=["entries"])
    assert there.frame("entries").is_empty()
    assert differences(there.frame("rpt_measures"), here.frame("rpt_measures"), ordered=True) == []


def test_a_folder_that_the_cluster_does_not_see_or_sees_differently_is_told(sail_url, tmp_path):
    with Cluster.connect(sail_url) as cluster, pytest.raises(StudyError, match=r"cannot read gone\.parquet") as told:
        cluster.show("gone", tmp_path / "gone.parquet")
    assert "--staged DIR" in told.value.mend
    study = Study(write_study(tmp_path / "study", DAY + "ben,2026-03-17,09:00,11:00,expenses\n"))
    export_staged(study, tmp_path / "staged")
    for file in (tmp_path / "staged" / "stg_entries" / "week=2026-03-16").iterdir():
        file.unlink()
    with pytest.raises(StudyError, match="the cluster reads 1 entries, but 2 were written"):
        load_on_cluster(study, sail_url, tmp_path / "staged")


def test_the_command_line_loads_there(sail_url, tmp_path, tw):
    folder = write_study(tmp_path / "study", DAY)
    there = ("--engine", "spark", "--remote", sail_url)
    done = tw("load", folder, *there, "--staged", tmp_path / "shared")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert "Warning" not in done.err
    assert (tmp_path / "shared" / "manifest.json").is_file()
    assert tw("summary", folder).code == 0
    assert b"Time logged 1.0" in tw("check", folder).out.replace(b"\xc2\xa0", b" ")
    asked = tw("sql", folder, "select * from entries")
    assert (asked.code, asked.out) == (2, b"")
    assert "--bring entries" in asked.err
    assert "issues" in tw("check", folder, "--all").err
    assert tw("load", folder, *there, "--bring", "entries").code == 0
    assert b"3600" in tw("sql", folder, "select seconds from entries").out
    assert "Did you mean entries" in tw("load", folder, *there, "--bring", "entrys").err


# ------------------------------------------------------------------ what can go wrong before anything is done


@pytest.mark.parametrize(
    ("remote", "said"),
    [
        ("sc://127.0.0.1:1", "no server answers"),
        ("http://127.0.0.1:15002", "no address of a Spark Connect server"),
        ("sc://127.0.0.1:99999", "no address of a Spark Connect server"),
        ("sc://127.0.0.1:1/;token=secret", "no server answers"),
    ],
)
def test_without_a_server_nothing_is_touched(tmp_path, remote, said):
    study = Study(write_study(tmp_path / "study", DAY))
    with pytest.raises(StudyError, match=said) as told:
        load_on_cluster(study, remote)
    assert "secret" not in str(told.value)
    assert not study.database.exists()
    assert not (study.folder / "staged").exists()


def test_a_server_of_another_kind_is_told_in_seconds():
    pytest.importorskip("pyspark")

    def answer(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        with pytest.raises(StudyError, match="does not take us in"):
            Cluster.connect(f"sc://127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)


def test_without_the_client_the_extra_is_named(tmp_path, clean_env):
    folder = write_study(tmp_path / "study", DAY)
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"sc://127.0.0.1:{server.getsockname()[1]}"
        code = (
            "import sys\n"
            "sys.modules['pyspark'] = None\n"
            "from timewaste.cli import run\n"
            f"sys.exit(run(['load', {str(folder)!r}, '--engine', 'spark', '--remote', {remote!r}]))"
        )
        done = subprocess.run([sys.executable, "-c", code], env=clean_env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'timewaste[spark]'" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "spark"], "--remote"),
        (["--bring", "entries"], "go with --engine spark"),
        (["--engine", "duckdb", "--staged", "x"], "go with --engine spark"),
    ],
)
def test_options_that_do_not_fit_are_refused(tw, tmp_path, options, said):
    done = tw("load", write_study(tmp_path / "study", DAY), *options)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "study" / "timewaste.duckdb").exists()
