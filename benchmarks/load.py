"""How long a study takes to load, beside bare DuckDB reading the same files; and where the time goes.

For each size a study of CSV logs is simulated. Then, each time in a process of its own and in turn:
A, `timewaste load` from nothing (read, checked, all tables built, on disk), and B, `bare.py` (the same files typed into
one table per team, on disk, and one grouping). Wall time moves with whatever else the machine does; CPU time hardly.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
SHAPES = {100_000: (450, 4), 1_000_000: (1500, 12), 10_000_000: (5000, 36)}  # rows: reps, weeks
ROWS_PER_REP_WEEK = 58.3
MEGABYTE = 1_000_000
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
TARGET = 1.5
SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the clock, seconds of CPU, most memory held, in MB."""

    wall: float
    cpu: float
    memory: float


@dataclass(slots=True)
class Measured:
    """Everything measured of one size."""

    rows: int
    csv_mb: float
    ours: list[Cost] = field(default_factory=list)
    bare: list[Cost] = field(default_factory=list)
    database_mb: float = 0.0
    bare_database_mb: float = 0.0
    summary: list[Cost] = field(default_factory=list)
    report: list[Cost] = field(default_factory=list)
    steps: dict[str, tuple[float, float]] = field(default_factory=dict)


def run(*command: str) -> Cost:
    """Run a Python command from the checkout to its end and return its cost. Stops the benchmark if it fails."""
    start = time.perf_counter()
    # The parent stays small and simulates nothing itself: a child's peak memory counts from the parent's.
    process = subprocess.Popen([sys.executable, *command], cwd=HERE.parent, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT / MEGABYTE)


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
    database, bare = folder / "timewaste.duckdb", folder / "bare.duckdb"
    for number in range(1, pairs + 1):
        database.unlink(missing_ok=True)
        found.ours.append(run("-m", "timewaste", "load", "--quiet", str(folder)))
        bare.unlink(missing_ok=True)
        found.bare.append(run(str(HERE / "bare.py"), str(folder), str(bare)))
        print(f"  pair {number}: {_one_line(found.ours[-1])} | bare {_one_line(found.bare[-1])}", flush=True)
    found.database_mb = database.stat().st_size / MEGABYTE
    found.bare_database_mb = bare.stat().st_size / MEGABYTE
    bare.unlink()
    for _ in range(pairs):
        found.summary.append(run("-m", "timewaste", "summary", str(folder)))
        found.report.append(run("-m", "timewaste", "report", "--quiet", str(folder)))
    return found


def steps_of(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the seconds and CPU seconds of each step of one more load, in a process of its own."""
    command = [sys.executable, str(HERE / "step_times.py"), str(folder)]
    paths = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=paths)
    return {name: (wall, cpu) for name, (wall, cpu) in json.loads(done.stdout.splitlines()[-1]).items()}


# --------------------------------------------------------------------- results


def results(sizes: Sequence[Measured], pairs: int, load_before: float) -> str:
    """Return the results as Markdown: no paths and no names of machines in it."""
    cost = [
        "| rows | CSV, MB | load, s | CPU, s | bare, s | CPU, s | load / bare | CPU / CPU |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    room = [
        "| rows | load, peak MB | bare, peak MB | database, MB | bare, MB | unchanged summary, s | report, s |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in sizes:
        cost.append(
            f"| {size.rows:,} | {size.csv_mb:,.1f} | {_wall(size.ours):.2f} | {_cpu(size.ours):.2f} "
            f"| {_wall(size.bare):.2f} | {_cpu(size.bare):.2f} "
            f"| {_ratio(size, 'wall'):.1f} | {_ratio(size, 'cpu'):.1f} |"
        )
        room.append(
            f"| {size.rows:,} | {_memory(size.ours):,.0f} | {_memory(size.bare):,.0f} | {size.database_mb:,.1f} "
            f"| {size.bare_database_mb:,.1f} | {_wall(size.summary):.2f} | {_wall(size.report):.2f} |"
        )
    return "\n".join(
        [
            "# Loading a study, and bare DuckDB reading the same files",
            "",
            *_machine(load_before),
            "",
            "*Load* is `timewaste load` from nothing: every text read and checked, all tables built, on disk.",
            "*Bare* is `bare.py`: the same files by told columns and formats into one table per team, on disk,",
            f"and one grouping. Medians of {pairs} pairs of fresh processes run in turn, the most of the peaks;",
            f"ratios are medians of the pairs' ratios. The goal for CPU / CPU is {TARGET}.",
            "",
            *cost,
            "",
            *room,
            "",
            *_slowest(sizes[-1]),
            "",
            "To repeat: `python benchmarks/load.py` (`--sizes 100000,1000000` for a short run).",
            "",
        ]
    )  # fmt: skip


def _machine(load_before: float) -> list[str]:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars"))
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {pages:.0f} GB of memory;",
        f"Python {platform.python_version()}, {packages}.",
        f"Load average before the first run: {load_before:.1f} (on a quiet machine it is near 0).",
    ]


def _slowest(size: Measured) -> list[str]:
    total = sum(cpu for _, cpu in size.steps.values())
    chosen = sorted(size.steps.items(), key=lambda step: -step[1][1])[:SLOWEST]
    return [
        f"The {SLOWEST} dearest of {len(size.steps)} steps at {size.rows:,} rows, of {total:.1f} s of CPU in one load:",
        "",
        "| step | wall, s | CPU, s | share of CPU |",
        "|---|--:|--:|--:|",
        *(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / total:.0%} |" for name, (wall, cpu) in chosen),
    ]


def _one_line(cost: Cost) -> str:
    return f"{cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.memory:,.0f} MB"


def _wall(costs: Sequence[Cost]) -> float:
    return median(cost.wall for cost in costs)


def _cpu(costs: Sequence[Cost]) -> float:
    return median(cost.cpu for cost in costs)


def _memory(costs: Sequence[Cost]) -> float:
    return max(cost.memory for cost in costs)


def _ratio(size: Measured, what: str) -> float:
    pairs = zip(size.ours, size.bare, strict=True)
    return median(float(getattr(ours, what)) / float(getattr(bare, what)) for ours, bare in pairs)


def main() -> None:
    """Read the command line, measure every size, write the results."""
    parser = argparse.ArgumentParser(description="Times loads of simulated studies beside bare DuckDB.")
    parser.add_argument("--sizes", default="100000,1000000,10000000", help="rows, separated by commas")
    parser.add_argument("--pairs", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where the studies go")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to write")
    parser.add_argument("--keep", action="store_true", help="keep the studies for the next run")
    given = parser.parse_args()
    load_before = os.getloadavg()[0]
    measured = []
    for rows in (int(text) for text in given.sizes.split(",")):
        folder = given.data.resolve() / str(rows)
        make_study(folder, rows)
        measured.append(measure(folder, given.pairs))
        measured[-1].steps = steps_of(folder)
        if not given.keep:
            shutil.rmtree(folder)
        given.results.write_text(results(measured, given.pairs, load_before), encoding="utf-8", newline="\n")
    print(given.results.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
