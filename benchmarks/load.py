"""How long a study takes to load, beside bare DuckDB reading the same files; what a second look costs; where time goes.

For each size a study of logs is simulated. Then, each time in a process of its own and in turn: A, `timewaste load`
from nothing (read, checked, all tables built, on disk), B, `bare.py` (the same files typed into one table per team, on
disk, and one grouping), and `floor.py`, the least that a load must do. The same from Parquet. Then a week of 1,000 rows
is added, and the unchanged study is asked. Wall time moves with whatever else the machine does; CPU time hardly.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from running import HERE, MEGABYTE, Cost, middle, run
from tables import results

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPES = {100_000: (450, 4), 1_000_000: (1500, 12), 10_000_000: (5000, 36)}  # rows: reps, weeks
ROWS_PER_REP_WEEK = 58.3
ADDED_ROWS = 1000
LARGE = 10_000_000  # from here on fewer pairs must do: each takes minutes
SUMS = "select category, sum(seconds) as seconds from entries group by category order by category"


@dataclass(slots=True)
class Measured:
    """Everything measured of one size."""

    rows: int
    csv_mb: float
    ours: list[Cost] = field(default_factory=list)
    bare: list[Cost] = field(default_factory=list)
    least: list[Cost] = field(default_factory=list)
    parquet: list[Cost] = field(default_factory=list)
    bare_parquet: list[Cost] = field(default_factory=list)
    added: list[Cost] = field(default_factory=list)
    summary: list[Cost] = field(default_factory=list)
    report: list[Cost] = field(default_factory=list)
    database_mb: float = 0.0
    bare_database_mb: float = 0.0
    steps: list[tuple[str, float, float, str]] = field(default_factory=list)


@dataclass(slots=True)
class Starts:
    """What starting costs, each beside its yardstick, in turn."""

    help: list[Cost] = field(default_factory=list)
    click: list[Cost] = field(default_factory=list)
    summary: list[Cost] = field(default_factory=list)
    bare_summary: list[Cost] = field(default_factory=list)
    sql: list[Cost] = field(default_factory=list)
    bare_sql: list[Cost] = field(default_factory=list)
    report: list[Cost] = field(default_factory=list)


def make_study(folder: Path, rows: int) -> None:
    """Simulate a study of about so many rows, all CSV, unless a finished one is there."""
    if (folder / "timewaste.toml").is_file():  # written last
        return
    shutil.rmtree(folder, ignore_errors=True)
    reps, weeks = SHAPES.get(rows, (max(24, round(rows / ROWS_PER_REP_WEEK / 4)), 4))
    call = "import pathlib, sys, timewaste.simulate as simulator\n"
    call += f"simulator.simulate(pathlib.Path(sys.argv[1]), reps={reps}, weeks={weeks}, workbooks=False)"
    cost = run("-c", call, str(folder))
    print(f"{rows:,} rows simulated in {cost.wall:.1f} s, {cost.memory:.0f} MB")


def measure(folder: Path, pairs: int) -> Measured:
    """Load the study in `folder` A B A B … and return what it cost; the databases are removed between."""
    files = sorted((folder / "logs").rglob("*.csv"))
    found = Measured(
        rows=json.loads((folder / "truth.json").read_text(encoding="utf-8"))["rows"],
        csv_mb=sum(file.stat().st_size for file in files) / MEGABYTE,
    )
    bare = folder / "bare.duckdb"
    for number in range(1, pairs + 1):
        found.ours.append(load_anew(folder))
        found.bare.append(run(str(HERE / "bare.py"), str(folder), str(bare)))
        found.bare_database_mb = bare.stat().st_size / MEGABYTE
        bare.unlink()
        found.least.append(run(str(HERE / "floor.py"), str(folder), str(bare)))
        bare.unlink()
        told = (f"{name} {_one_line(costs[-1])}" for name, costs in (("bare", found.bare), ("least", found.least)))
        print(f"  pair {number}: {_one_line(found.ours[-1])} | {' | '.join(told)}", flush=True)
    found.database_mb = (folder / "timewaste.duckdb").stat().st_size / MEGABYTE
    for _ in range(pairs):
        found.summary.append(run("-m", "timewaste", "summary", str(folder)))
        found.report.append(run("-m", "timewaste", "report", "--quiet", str(folder)))
    measure_added(folder, found, pairs)
    return found


def load_anew(folder: Path) -> Cost:
    """Load a study from nothing."""
    (folder / "timewaste.duckdb").unlink(missing_ok=True)
    return run("-m", "timewaste", "load", "--quiet", str(folder))


def measure_added(folder: Path, found: Measured, pairs: int) -> None:
    """Add a file of 1,000 rows, as of the year after, to the loaded study, and replace it by another."""
    first = min((folder / "logs" / "field").glob("*.csv"))
    with first.open(encoding="utf-8-sig") as stream:  # no more than is needed: a child's peak counts from the parent's
        lines = list(islice(stream, 1 + pairs * ADDED_ROWS))
    added = folder / "logs" / "field" / "2027-W10.csv"
    for number in range(pairs):
        rows = lines[1 + number * ADDED_ROWS : 1 + (number + 1) * ADDED_ROWS]
        text = re.sub(r";(\d\d)\.(\d\d)\.2026;", r";2027-\2-\1;", "".join([lines[0], *rows]))
        added.write_text(text, encoding="utf-8")
        found.added.append(run("-m", "timewaste", "load", "--quiet", str(folder)))
        print(f"  1,000 rows more: {_one_line(found.added[-1])}", flush=True)
    added.unlink()


def measure_parquet(folder: Path, found: Measured, pairs: int) -> None:
    """Load the same logs from Parquet beside bare DuckDB."""
    study, bare = folder.parent / f"{folder.name}-parquet", folder / "bare.duckdb"
    shutil.rmtree(study, ignore_errors=True)
    run(str(HERE / "bare.py"), str(folder), str(study), "--write")  # a process of its own: its memory is not ours
    for name in ("timewaste.toml", "reps.csv", "opportunities.csv", "stage_history.csv"):
        shutil.copy(folder / name, study / name)
    for _ in range(pairs):
        found.parquet.append(load_anew(study))
        found.bare_parquet.append(run(str(HERE / "bare.py"), str(study), str(bare), "--parquet"))
        bare.unlink()
        print(f"  Parquet: {_one_line(found.parquet[-1])} | bare {_one_line(found.bare_parquet[-1])}", flush=True)
    shutil.rmtree(study)


def measure_starts(data: Path, pairs: int) -> Starts:
    """Take the time of the small questions, on the sample study."""
    study = data / "sample"
    shutil.rmtree(study, ignore_errors=True)
    shutil.copytree(HERE.parent / "sample_logs", study, ignore=shutil.ignore_patterns("*.duckdb", "report.html"))
    run("-m", "timewaste", "load", "--quiet", str(study))
    opened = f"duckdb.connect({str(study / 'timewaste.duckdb')!r}, read_only=True)"
    starts = Starts()
    for _ in range(max(pairs, 7)):  # short, so more of them
        starts.help.append(run("-c", "from timewaste.__main__ import main; main()", "--help"))
        starts.click.append(run("-c", "import click"))
        starts.summary.append(run("-m", "timewaste", "summary", str(study)))
        starts.bare_summary.append(_bare_query(opened, "select * from rpt_accounts"))
        starts.sql.append(run("-m", "timewaste", "sql", str(study), SUMS))
        starts.bare_sql.append(_bare_query(opened, SUMS))
    for _ in range(pairs):
        starts.report.append(run("-m", "timewaste", "report", "--quiet", str(study)))
    shutil.rmtree(study)
    return starts


def _bare_query(opened: str, query: str) -> Cost:
    return run("-c", f"import duckdb\nwith {opened} as c: print(c.execute({query!r}).fetchall())")


def steps_of(folder: Path) -> list[tuple[str, float, float, str]]:
    """Return name, seconds, CPU seconds and bound of each step of one more load, in a process of its own."""
    command = [sys.executable, str(HERE / "steps.py"), str(folder)]
    paths = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=paths)
    return [tuple(step) for step in json.loads(done.stdout.splitlines()[-1])]


def points(sizes: Sequence[Measured]) -> str:
    """Return the medians as JSON, for the picture."""
    return json.dumps(
        [
            {
                "rows": size.rows,
                "load_wall": middle(size.ours, "wall"), "load_cpu": middle(size.ours, "cpu"),
                "bare_wall": middle(size.bare, "wall"), "bare_cpu": middle(size.bare, "cpu"),
                "load_mb": max(cost.memory for cost in size.ours),
                "bare_mb": max(cost.memory for cost in size.bare),
            }
            for size in sizes
        ],
        indent=1,
    )  # fmt: skip


def _one_line(cost: Cost) -> str:
    return f"{cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.memory:,.0f} MB"


def main() -> None:
    """Read the command line, measure every size, write the results."""
    parser = argparse.ArgumentParser(description="Times loads of simulated studies beside bare DuckDB.")
    parser.add_argument("--sizes", default="100000,1000000,10000000", help="rows, separated by commas")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each, in turn")
    parser.add_argument("--large-pairs", type=int, default=3, help="the same for 10,000,000 rows and more")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where the studies go")
    parser.add_argument("--results", type=Path, default=HERE / "results.md", help="the file to write")
    parser.add_argument("--keep", action="store_true", help="keep the studies for the next run")
    given = parser.parse_args()
    load_before = os.getloadavg()[0]
    data = given.data.resolve()
    starts, measured = measure_starts(data, given.pairs), []
    for rows in (int(text) for text in given.sizes.split(",")):
        folder = data / str(rows)
        make_study(folder, rows)
        pairs = given.large_pairs if rows >= LARGE else given.pairs
        found = measure(folder, pairs)
        measure_parquet(folder, found, pairs)
        found.steps = steps_of(folder)
        measured.append(found)
        if not given.keep:
            shutil.rmtree(folder)
        given.results.write_text(results(measured, starts, given.pairs, load_before), encoding="utf-8", newline="\n")
        given.results.with_suffix(".json").write_text(points(measured), encoding="utf-8", newline="\n")
    print(given.results.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
