"""Queries that try to get out: none reads, writes or changes anything but its own answer, none outlives its limits."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from timewaste.asking.frames import END, ROWS
from timewaste.asking.watching import MEGABYTE, SLACK, Answerer, Asking
from timewaste.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = "what stands in the other file"
WRITES = (
    "delete from entries", "update entries set seconds = 0", "insert into study_state values ('a', 'b')",
    "create table own as select 1 as a", "create or replace view entries as select 1 as a", "drop table study_state",
    "alter table study_state rename to other", "truncate study_state",
    "merge into study_state using study_state as s on true when matched then delete",
    "create schema own", "create sequence own", "create type own as enum ('a')",
    "create index own on study_state (name)", "comment on table study_state is 'x'", "checkpoint", "force checkpoint",
    "vacuum", "analyze", "begin transaction", "commit",
    "with gone as (delete from study_state returning *) select * from gone",
    "with added as (insert into study_state values ('a', 'b') returning *) select * from added",
    "with changed as (update study_state set value = '' returning *) select * from changed",
    "explain analyze delete from study_state", "explain analyze create table own as select 1 as a",
    "select 1 as a; drop table study_state", "select 1 as a;;select 2 as a",
    "prepare own as delete from study_state", "execute own",
)  # fmt: skip
REDEFINES = (
    "create temp macro sum(x) as 0", "create macro sum(x) as 0", "create temp macro entries() as table select 1 as a",
    "create temp view entries as select 1 as a", "create temp table entries as select 1 as a",
    "set variable own = 1", "create temp table own (a integer); select * from own",
)  # fmt: skip
READS = (
    "select * from read_csv('{secret}')", "select * from read_csv_auto('{secret}')", "select * from '{secret}'",
    "select * from read_text('{secret}')", "select * from read_blob('{secret}')", "select * from sniff_csv('{secret}')",
    "select * from read_json('{secret}')", "select * from read_ndjson_objects('{secret}')",
    "select * from read_parquet('{secret}')", "select * from parquet_scan('{secret}')",
    "select * from parquet_metadata('{secret}')", "select * from parquet_schema('{secret}')",
    "select * from glob('{folder}/*')", "from '{folder}/*.csv'", "summarize '{secret}'", "describe '{secret}'",
    "select * from read_duckdb('{secret}')", "select * from query('from read_text(''{secret}'')')",
    "select * from query_table('{secret}')", "select * from read_text('/proc/self/environ')",
    "select (select content from read_text('{secret}')) as a",
    "select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''{secret}'')'))",
    "select getenv('HOME') as a", "select * from read_csv('/dev/stdin')", "select * from read_csv('file://{secret}')",
)  # fmt: skip
LEAVES = (
    "copy study_state to '{folder}/out.csv'", "copy study_state to '/dev/stdout'", "copy study_state from '{secret}'",
    "copy (select 1 as a) to '{folder}/out.parquet' (format parquet)", "export database '{folder}/out'",
    "import database '{folder}'", "attach '{folder}/own.duckdb' as own", "attach ':memory:' as own",
    "attach '{secret}' as own (type sqlite)", "detach timewaste", "use memory", "install httpfs", "load httpfs",
    "load '{folder}/own.duckdb_extension'", "install '{folder}/own.duckdb_extension'", "force install httpfs",
    "update extensions", "create secret own (type s3)", "create persistent secret own (type s3)", "drop secret own",
    "select * from read_csv('https://127.0.0.1:9/a.csv')", "select * from 's3://own/a.parquet'",
    "attach 'https://127.0.0.1:9/a.duckdb' as own", "select * from read_text('http://169.254.169.254/')",
    "with out as (copy study_state to '{folder}/out.csv') select * from out",
)  # fmt: skip
SETTINGS = (
    "set enable_external_access = true", "set lock_configuration = false", "reset lock_configuration",
    "set memory_limit = '100GB'", "set max_temp_directory_size = '1TB'", "set temp_directory = '{folder}'",
    "set global threads = 64", "set log_query_path = '{folder}/out.log'", "set profiling_output = '{folder}/out.json'",
    "set allowed_directories = ['/']", "set allowed_paths = ['{secret}']", "set home_directory = '{folder}'",
    "set extension_directories = ['{folder}']", "set python_enable_replacements = true",
    "set errors_as_json = false", "set schema = 'information_schema'", "set search_path = 'main'",
    "set allow_unsigned_extensions = true", "set secret_directory = '{folder}'",
    "pragma enable_profiling", "pragma memory_limit = '100GB'", "pragma profiling_output = '{folder}/out.json'",
    "pragma database_list", "pragma enable_logging",
    "call enable_logging(storage := 'file', storage_path := '{folder}')",
    "select * from enable_logging(storage := 'file')", "call disable_logging()", "call set_config('threads', '64')",
    "call pragma_version()", "select set_config('memory_limit', '100GB', false) as a",
    "select * from enable_profiling()", "reset all", "pragma force_checkpoint", "select * from force_checkpoint()",
)  # fmt: skip
PYTHON = (
    "select * from HIDDEN",
    "select * from request",
    "select * from sys",
    "select * from answer",
    "select * from df",
    "select * from arrow_scan(1, 2, 3)",
    "select * from pandas_scan(1)",
    "select * from python_map_function(1)",
)
ATTACKS = WRITES + REDEFINES + READS + LEAVES + SETTINGS + PYTHON


@pytest.fixture(scope="module")
def database(sample_folder):
    from timewaste.study import open_study

    return open_study(sample_folder).database


def ask(database: Path, query: str, **limits: object) -> list[list[str]]:
    with Answerer() as answerer:
        answer = answerer.ask(database, Asking(query, **limits), None)
        return [row for kind, content in answer if kind == ROWS for row in content]


def state_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("query", ATTACKS)
def test_nothing_gets_out(database, tmp_path, query):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"a\n{HIDDEN}\n")
    before = state_of(database.parent), state_of(tmp_path)
    with pytest.raises(QueryError) as caught:
        ask(database, query.format(secret=secret, folder=tmp_path), timeout=20)
    assert HIDDEN not in str(caught.value)
    assert (state_of(database.parent), state_of(tmp_path)) == before


def test_there_are_enough_of_them():
    assert len(set(ATTACKS)) >= 120


RUNAWAYS = {
    "cross_join": "select count(*) as n from range(1000000) a, range(1000000) b, range(1000000) c where a.range <> 7",
    "endless_recursion": "with recursive r as (select 1 as i union all select i + 1 from r) select max(i) as i from r",
    "doubling_recursion": "with recursive r as (select 1 as i union all select i + 1 from r, range(2)) "
    "select count(*) as n from r",
    "repeat": "select max(length(repeat('a', 1000000000) || range)) as n from range(9)",
    "lpad": "select max(length(lpad('x', 1000000000, 'y'))) as n from range(50)",
    "levenshtein": "select max(levenshtein(repeat('ab', 40000 + range), repeat('ba', 50000))) as n from range(99)",
    "list": "select list_sum(list_transform(range(1000000000), lambda x: x + 1)) as n",
    "list_aggregate": "select len(list(a.range)) as n from range(100000) a, range(100000) b",
    "string_agg": "select length(string_agg(a.range, ',')) as n from range(100000) a, range(100000) b",
    "sort": "select md5(a.range::varchar) as m from range(100000) a, range(10000) b order by m",
    "many_joins": "select count(*) as n from " + ", ".join(f"entries e{number}" for number in range(300)),
    "deep_nesting": "select " + "(" * 3000 + "1" + ")" * 3000 + " as n",
    "wide_rows": "select repeat('a', 1000000) as a from range(1000000000)",
    "regex": "select count(*) as n from range(1000000000) where regexp_matches(repeat('a', 1000) || range, '(a*)*b')",
}
ENDED = r"took longer than 2 s|more memory than it may take|expression depth"
TIMEOUT, MEMORY = 2.0, 300 * MEGABYTE


@contextmanager
def most_memory(pid: int) -> Iterator[list[int]]:
    """Look at a process while it runs, and gather the most bytes that it has held so far."""
    seen: list[int] = [0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            with suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                seen.extend(int(size) * 1024 for size in re.findall(r"VmHWM:\s+(\d+)", status))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


@pytest.mark.parametrize("query", RUNAWAYS.values(), ids=RUNAWAYS.keys())
def test_what_runs_away_is_ended_in_time_and_memory(database, query):

    with Answerer() as answerer:
        process = answerer._process
        answer = answerer.ask(database, Asking(query, timeout=TIMEOUT, memory=MEMORY), None)
        next(answer)
        begun = time.monotonic()
        with most_memory(process.pid) as most, pytest.raises(QueryError, match=ENDED):
            list(answer)
        spent = time.monotonic() - begun
    assert process.returncode is not None
    # Ten times as long is what it must never come near; how near it keeps on a quiet machine is measured elsewhere.
    assert spent < TIMEOUT * 10
    assert 0 < max(most) < MEMORY + SLACK + 200 * MEGABYTE
    assert not answerer._temporary.exists()


def test_after_all_that_a_query_is_still_answered(database):
    assert ask(database, "select count(*) > 0 as n from entries") == [["True"]]


def test_an_answer_ends_with_its_end(database):
    with Answerer() as answerer:
        kinds = [kind for kind, _ in answerer.ask(database, Asking("select 1 as a"), None)]
    assert kinds[-1] == END
