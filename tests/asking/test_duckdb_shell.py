"""DuckDB's own shell, of an older version: it opens a study's file as it is, and `shell` fences it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from timewaste.study import Study

SHELL = "import timewaste.asking.interactive as i, sys; i.find_spec = lambda _: None\n"
SHELL += "from timewaste.cli import run; sys.exit(run(sys.argv[1:]))"


@pytest.fixture(scope="module")
def duckdb_program() -> str:
    found = shutil.which("duckdb", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        reason = "DuckDB's own shell is not here: pip install duckdb-cli"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


@pytest.fixture
def shell(duckdb_program: str, clean_env: dict[str, str], tmp_path: Path) -> Callable[..., str]:
    def typed(folder: Path, text: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SHELL, "shell", "--quiet", str(folder)], input=text, text=True, cwd=tmp_path,
            env=clean_env | {"PATH": f"{Path(duckdb_program).parent}:/usr/bin:/bin"}, capture_output=True, check=False,
            timeout=300,
        )  # fmt: skip
        return done.stdout + done.stderr

    return typed


def test_every_table_and_comment_is_there_for_an_older_client(duckdb_program: str, sample: Study) -> None:
    def asked(query: str) -> list[str]:
        command = [duckdb_program, "-readonly", "-no-init", "-csv", "-noheader", str(sample.database), query]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.splitlines()

    (version,) = asked("select version()")
    assert version.startswith("v1."), "an older one was meant"
    names = asked("select table_name from duckdb_tables() union all select view_name from duckdb_views() "
                  "where not internal")  # fmt: skip
    assert {"entries", "rep_weeks", "verdicts"} <= set(names)
    for name in names:
        asked(f"select * from {name} limit 2")
    (seconds,) = asked("select sum(seconds) from entries")
    assert int(seconds) == sample.sql("select sum(seconds) from entries").item()
    (words,) = asked("select comment from duckdb_columns() where table_name = 'entries' and column_name = 'seconds'")
    assert "Unit: seconds." in words


def test_the_shell_answers_and_cannot_get_out(shell: Callable[..., str], sample: Study, tmp_path: Path) -> None:
    before = sample.database.read_bytes()
    said = shell(
        sample.folder,
        "select 40 + count(*) * 0 + 2 as answer from entries;\n"
        "select * from read_csv('/etc/passwd');\ncopy reps to 'x.csv';\nattach 'y.duckdb' as y;\n"
        "set memory_limit = '9GB';\ninsert into reps select * from reps;\ninstall httpfs;\n"
        ".shell touch out\n.output z.txt\n.read z.sql\n.open z.duckdb\n.safe_mode off\n.shell touch out\n",
    )
    assert " 42 " in said
    assert said.count("cannot be used in -safe mode") == 5
    assert "root:" not in said
    assert 'Cannot change configuration option "memory_limit"' in said
    assert list(tmp_path.iterdir()) == []
    assert sample.database.read_bytes() == before
