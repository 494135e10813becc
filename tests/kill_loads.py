"""Kills loads at random moments and looks at what is left: no source may be there in part, twice or not at all.

Run it as `python tests/kill_loads.py --kills 200 --seed 1`; it is no test that is collected. Each load is a process of
its own that gets SIGKILL. After each kill the database must open, and every source in it must have all its rows; every
tenth load may finish, and what it built must be, row by row, what an undisturbed load of the same files builds.
"""

from __future__ import annotations

import argparse
import collections
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
FILES, ROWS = 8, 1_500
FINISH_EVERY = 10
SUMS = (
    "select count(*), sum(seconds), sum(hash(entry_id, rep_id, local_date, seconds)::hugeint) from entries",
    "select list((file, records, entries, duplicates, set_aside) order by file) from source_accounts",
)


def main() -> int:
    """Kill so many loads, and print what came of it; 1 if anything was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    chance = random.Random(said.seed)
    came_of: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as place:
        study = Path(place) / "study"
        (study / "logs").mkdir(parents=True)
        for number in range(FILES):
            write_log(study, number, chance)
        began = time.monotonic()
        load(study)
        whole = time.monotonic() - began
        killed = broken = 0
        while killed < said.kills:
            shape(study, chance)
            finishes = killed % FINISH_EVERY == FINISH_EVERY - 1
            if load(study, after=chance.uniform(0.1, 1.05) * whole):
                killed += 1
                came_of[state(study)] += 1
            else:
                came_of["ended before the kill"] += 1
            faults = look(study) + (compare(study, Path(place) / "fresh") if finishes else [])
            for fault in faults:
                broken += 1
                print(f"{killed}: {fault}", flush=True)
    common = ", ".join(f"{count} {what}" for what, count in came_of.most_common())
    print(f"{killed} kills, {broken} faults; {common}; an undisturbed load took {whole:.1f} s")
    return 1 if broken else 0


def write_log(study: Path, number: int, chance: random.Random) -> None:
    """Write a log of one rep, its labels and lengths by chance."""
    rows = (
        f"rep {number},2026-03-{1 + row % 28:02},{8 + row % 9:02}:{row % 60:02},"
        f"{chance.randrange(1, 50)},task {chance.randrange(400)}"
        for row in range(ROWS)
    )
    text = "rep,date,start,minutes,activity\n" + "\n".join(rows) + "\n"
    (study / "logs" / f"log-{number}.csv").write_text(text, encoding="utf-8")


def shape(study: Path, chance: random.Random) -> None:
    """Change what is to be done: a file or two are new again, one may go, now and then all is to be built anew."""
    for number in chance.sample(range(FILES), 2):
        write_log(study, number, chance)
    if chance.random() < 0.3:
        (study / "logs" / f"log-{chance.randrange(FILES)}.csv").unlink(missing_ok=True)
    if chance.random() < 0.1:
        (study / "timewaste.duckdb").unlink(missing_ok=True)


def load(study: Path, after: float | None = None) -> bool:
    """Load the study; tell whether the load was killed `after` so many seconds."""
    command = [sys.executable, "-m", "timewaste", "load", str(study), "--quiet"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            _, said = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return True
    if process.returncode:
        raise RuntimeError(f"the load ended with {process.returncode}: {said.decode()}")
    return False


def state(study: Path) -> str:
    """Return what a kill left: no database, one with or without a write-ahead log, spilled rows."""
    names = {path.name for path in study.iterdir()}
    if "timewaste.duckdb" not in names:
        return "no database"
    beside = [
        word for word, name in (("log", "timewaste.duckdb.wal"), ("spill", "timewaste.duckdb.tmp")) if name in names
    ]
    return f"database and {' and '.join(beside)}" if beside else "database"


def look(study: Path) -> list[str]:
    """Return what is wrong with the database as the kill left it; it is opened as a load would."""
    path = study / "timewaste.duckdb"
    if not path.exists():
        return []
    try:
        with duckdb.connect(str(path)) as database:
            tables = {name for (name,) in database.execute("select table_name from duckdb_tables()").fetchall()}
            if "raw_sources" not in tables:
                return []
            rows = database.execute(
                "select s.file, count(distinct s.source_id), count(e.line) from raw_sources s "
                "left join raw_entries e using (source_id) group by s.file order by s.file"
            ).fetchall()
    except duckdb.Error as error:
        return [f"the database does not open: {error}"]
    return [
        f"{file}: {sources} sources, {lines} rows" for file, sources, lines in rows if (sources, lines) != (1, ROWS)
    ]


def compare(study: Path, fresh: Path) -> list[str]:
    """Let a load finish and return where it differs from one that nobody disturbed."""
    load(study)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    shutil.copytree(study / "logs", fresh / "logs")
    load(fresh)
    found, wanted = (sums(folder) for folder in (study, fresh))
    left = [path.name for path in study.iterdir() if path.name.startswith("timewaste.duckdb.")]
    faults = [f"{left} left after a load"] if left else []
    return faults if found == wanted else [*faults, f"{found} built, {wanted} expected"]


def sums(folder: Path) -> list[object]:
    """Return what the entries and the accounts of a study come to."""
    with duckdb.connect(str(folder / "timewaste.duckdb"), read_only=True) as database:
        return [database.execute(query).fetchall() for query in SUMS]


if __name__ == "__main__":
    sys.exit(main())
