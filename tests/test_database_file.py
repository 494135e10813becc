"""The file as others meet it: it tells what made it, opens anywhere as it is, and is never misread."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from timewaste import __version__
from timewaste.cli.explore import TABLES_QUERY
from timewaste.errors import StudyError
from timewaste.store import Store
from timewaste.study import DATABASE, Study, open_study
from timewaste.study_state import FORMAT, MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,expenses\n"
WORD, ALL = 0xBF58476D1CE4E5B9, (1 << 64) - 1


@pytest.fixture
def small(study: Callable[..., Study]) -> Study:
    return study(LOG)


def state(study: Study) -> dict[str, str]:
    return dict(study.sql("select name, value from study_state").rows())


def of_storage(content: bytes, version: int) -> bytes:
    """Return the file as a DuckDB of another storage version would have begun it, its checksum right."""
    checksum, word = struct.unpack_from("<QQ", content)  # DUCK, and the version in the half after it
    other = (word & 0xFFFFFFFF) | (version << 32)
    checksum ^= (word * WORD & ALL) ^ (other * WORD & ALL)
    return struct.pack("<QQ", checksum, other) + content[16:]


# ------------------------------------------------------------------- what it tells


def test_the_file_tells_what_made_it_from_what_and_when(small: Study) -> None:
    told = state(small)
    assert (told["version"], told["format"]) == (__version__, FORMAT)
    assert told["duckdb"] == f"v{duckdb.__version__}"
    assert re.fullmatch(r"v\d+\.\d+\.\d+\+", told["storage"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", told["made_at"])
    assert told["data_hash"] == small.rows("cfg_fingerprint")["cfg_fingerprint"][0]["data_hash"]
    meanings = small.sql("select name, meaning from study_state").rows()
    assert {name: MEANINGS[name] for name, _ in meanings} == dict(meanings)


def test_no_model_reads_the_clock(small: Study) -> None:
    texts = [model.text for model in _models(small)]
    assert not [text for text in texts if re.search(r"now\(\)|current_(date|time)|today\(\)|datetime\.now", text)]
    assert not [model.name for model in _models(small) if "study_state" in model.reads]


def _models(study: Study) -> list:
    from timewaste.models import load_models
    from timewaste.transforms import polars_models

    with study.store() as store:
        return load_models(store, polars_models())


# -------------------------------------------------------------------- other versions


@pytest.mark.parametrize("what", ["format", "version"])
def test_a_database_of_another_format_or_program_is_made_anew(
    what: str, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(small.database) as store:
        store.execute(f"update study_state set value = '99' where name = '{what}'")
        store.execute("update cfg_study set title = 'misread'")
    if what == "format":  # nothing else tells it: the files and the program are the same
        monkeypatch.setattr("timewaste.glance.FORMAT", "another")
    else:
        monkeypatch.setattr("timewaste.glance.__version__", "another")
    again = open_study(small.folder)
    assert state(again)[what] != "99"
    assert again.rows("cfg_study")["cfg_study"][0]["title"] != "misread"


def test_a_database_of_an_older_duckdb_is_used_and_stays_readable(small: Study) -> None:
    """The storage of DuckDB 1: the tables are copied into such a file, as an older program would have made it."""
    new = small.database.rename(small.database.with_suffix(".new"))
    with duckdb.connect(str(small.database), config={"storage_compatibility_version": "v1.0.0"}) as old:
        old.execute(f"attach '{new}' as new (read_only)")
        old.execute(f"copy from database new to {small.database.stem}")
    (small.folder / "logs" / "more.csv").write_text(LOG.replace("anna", "ben"), encoding="utf-8")
    again = open_study(small.folder)
    assert set(again.frame("entries")["rep_id"]) == {"anna", "ben"}
    assert state(again)["storage"] == "v1.0.0+"


@pytest.mark.parametrize(("version", "age"), [(998, "a newer"), (63, "an older")])
def test_a_database_of_a_storage_that_cannot_be_read_says_so(version: int, age: str, small: Study) -> None:
    small.database.write_bytes(of_storage(small.database.read_bytes(), version))
    with pytest.raises(StudyError) as caught:
        open_study(small.folder)
    assert caught.value.what.startswith(f"the database was written by {age} DuckDB: its storage is version {version}, ")
    assert re.search(rf"and DuckDB {duckdb.__version__} reads \d+ to \d+$", caught.value.what)
    assert str(caught.value.mend).startswith("Delete the file: it is rebuilt from the logs.")
    assert ("pip install" in str(caught.value.mend)) is (version == 998)
    small.database.unlink()
    assert open_study(small.folder).frame("entries").height == 1


# ------------------------------------------------------------------ any other client


def test_every_table_and_column_can_be_named_without_quotes(sample: Study) -> None:
    with duckdb.connect(str(sample.database), read_only=True) as plain:
        tables: dict[str, list[str]] = {}
        for table, column in plain.execute(
            "select table_name, column_name from duckdb_columns() where not internal order by all"
        ).fetchall():
            tables.setdefault(table, []).append(column)
        assert len(tables) > 100
        for table, columns in tables.items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", table)
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in columns)
            listed = ", ".join(columns)
            plain.execute(f"select {listed} from {table} group by {listed} order by {listed} limit 1").fetchall()
            named = ", ".join(f"{table}.{column} as {column}" for column in columns)
            plain.execute(f"select {named} from {table} limit 0").fetchall()


def test_the_list_of_tables_shows_the_marts_first(sample: Study) -> None:
    listed = sample.sql(TABLES_QUERY)["table"].to_list()
    inner = [bool(re.match("(raw|cfg|int|stg)_|(model_ledger|study_objects|study_state)$", name)) for name in listed]
    assert inner == sorted(inner)


def test_two_processes_read_at_once_while_nothing_writes(sample: Study) -> None:
    ask = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print(c.execute('select count(*) from entries').fetchall()[0][0], flush=True); sys.stdin.read(); c.close()"
    )
    command = [sys.executable, "-c", ask, str(sample.database)]
    others = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = {int(other.stdout.readline()) for other in others if other.stdout}
    assert counts == {sample.frame("entries").height}
    for other in others:
        other.communicate("")


def test_the_comments_are_in_the_file(sample_copy: Path) -> None:
    with duckdb.connect(str(sample_copy / DATABASE), read_only=True) as plain:
        ((words,),) = plain.execute(
            "select comment from duckdb_columns() where table_name = 'rep_days' and column_name = 'worked_seconds'"
        ).fetchall()
    assert words == "Counted time without non-work, such as lunch and leave. Unit: seconds."
