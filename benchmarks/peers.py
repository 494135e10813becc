"""How fast timewaste is beside pm4py (on pandas and on Polars) and aw-core: the same log, the same answers, five jobs.

1. Read and type the CSV. 2. Hours per activity. 3. Hours per rep and category. 4. Busy time per rep: the union of its
intervals. 5. Sort labels into activities by the same 14 rules. Each contender does what it can, by its own functions; a
dash in the results says why not.

What the figures are:

* The log is `peers/invent.py`'s: one set of rows in two files. timewaste reads `logs/log.csv`, as a rep would send
  it. The peers read `peers.csv`: whole timestamps, and case, activity and category as columns, since pm4py has no way
  to find them. That file has about twice the bytes.
* Each contender runs in a process of its own (`peers/run_*.py`), in turn, N times; medians count. Clock and CPU time
  are taken inside the process. A pass over 300 rows goes before, so that imports count for nobody; a question (jobs 2
  and 3) is asked twice and the second time counts.
* timewaste's reading is all that `Study.refresh` does until the typed entries are there, on disk; its labels and its
  busy time are the further steps of the same load that `int_wordings` and `rep_days` rest on, and a question each.
* Hours (2 and 3) are as logged, overlaps twice, as the peers' functions count. Job 4 is what the clock says.
* Before any time counts, answers are compared: the same keys, hours to the second, in every run. A difference stops
  the benchmark. For pm4py the activity is what the label was written for; timewaste and aw-core find it by rules.
* The peers live in an environment of their own in the data folder, made by pip from `peers/requirements.txt`: pm4py
  is AGPL, and nothing of ours imports it.

Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from peers.jobs import CONTENDERS, OURS, Measured, Run, check
from peers.table import results

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
RESULTS = HERE / "results-peers.md"
REQUIREMENTS = HERE / "peers" / "requirements.txt"
FEW_ROWS = 300
MEGABYTE = 1_000_000


class Command(NamedTuple):
    """How a contender is started: the module, its own arguments, and whether in the peers' environment."""

    module: str
    arguments: tuple[str, ...] = ()
    is_peer: bool = True


COMMANDS = dict(
    zip(
        CONTENDERS,
        (
            Command("peers.run_timewaste", is_peer=False),
            Command("peers.run_pm4py", ("pandas",)),
            Command("peers.run_pm4py", ("polars",)),
            Command("peers.run_aw"),
        ),
        strict=True,
    )
)


def make_environment(folder: Path) -> Path:
    """Make the peers' environment in `folder` unless it holds what is wanted, and return its Python."""
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
        subprocess.run(install, check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def make_log(folder: Path, rows: int) -> Measured:
    """Invent the log unless it is there, and return what there is to know of it."""
    facts = folder / "facts.json"  # written last
    if not facts.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        # In a process of its own: a child's peak memory counts from its parent's.
        call = "import pathlib, sys, peers.invent as log; log.write_study(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
        subprocess.run([sys.executable, "-c", call, folder, str(rows)], check=True, cwd=HERE)
    sizes = [(folder / name).stat().st_size / MEGABYTE for name in ("logs/log.csv", "peers.csv")]
    return Measured(**json.loads(facts.read_text(encoding="utf-8")), log_mb=sizes[0], peers_mb=sizes[1])


def run(contender: str, python: Path, few_rows: Path, folder: Path) -> Run:
    """Run a contender once, in a process of its own. Stops the benchmark if it fails."""
    command = COMMANDS[contender]
    target = folder / "run.json"
    target.unlink(missing_ok=True)
    start = [python if command.is_peer else sys.executable, "-m", command.module, *command.arguments]
    paths = [] if command.is_peer else [str(HERE.parent)]  # the peers see nothing of the package
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *paths])}
    done = subprocess.run(
        [*start, few_rows, folder, target], cwd=HERE, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode or not target.is_file():
        raise SystemExit(f"{contender} ended with {done.returncode}\n{done.stderr}")
    return Run(**json.loads(target.read_text(encoding="utf-8")))


def measure(folder: Path, rows: int, pairs: int, python: Path) -> Measured:
    """Run all contenders in turn, so many times, on a log of so many rows; the first answers are what all must give."""
    few_rows = folder.parent / str(FEW_ROWS)
    make_log(few_rows, FEW_ROWS)
    found = make_log(folder, rows)
    found.runs = {name: [] for name in CONTENDERS}
    for number in range(pairs):
        turn = number % len(CONTENDERS)
        for name in (*CONTENDERS[turn:], *CONTENDERS[:turn]):
            found.runs[name].append(run(name, python, few_rows, folder))
        latest = {name: runs[-1] for name, runs in found.runs.items()}
        check(latest, found.runs[OURS][0])
        told = (f"{name} {sum(wall for wall, _ in latest[name].costs.values()):.1f} s" for name in CONTENDERS)
        print(f"  {rows:,} rows, run {number + 1} of {pairs}, answers equal: {', '.join(told)}", flush=True)
    return found


def machine(measured: Measured, load_before: float) -> list[str]:
    """Return the lines about the machine and the versions; no names of machines."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions: dict[str, str] = {}
    for runs in measured.runs.values():
        versions |= runs[0].versions
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {pages:.0f} GB of memory;",
        f"Python {platform.python_version()}, {', '.join(f'{name} {number}' for name, number in versions.items())}.",
        f"Load average before the first run: {load_before:.1f} (on a quiet machine it is near 0).",
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, measure every size, write the results."""
    parser = argparse.ArgumentParser(description="Times timewaste beside pm4py and aw-core, after comparing answers.")
    parser.add_argument("--sizes", default="100000,1000000", help="entries, separated by commas")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each, in turn")
    parser.add_argument("--data", type=Path, default=HERE / "data" / "peers", help="where logs and environment go")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to write")
    parser.add_argument("--keep", action="store_true", help="keep the logs for the next run")
    given = parser.parse_args(arguments)
    data = given.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    python = make_environment(data / "environment")
    load_before = os.getloadavg()[0]
    measured = []
    for rows in (int(text) for text in given.sizes.split(",")):
        measured.append(measure(data / str(rows), rows, given.pairs, python))
        text = results(measured, given.pairs, machine(measured[0], load_before))
        given.results.write_text(text, encoding="utf-8", newline="\n")
        if not given.keep:
            shutil.rmtree(data / str(rows))
    print(given.results.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
