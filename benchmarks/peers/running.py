"""How a contender is measured: in a process of its own, the same way for all. Knows jobs, not what they do.

Each process first does everything once on a log of a few rows: imports, first calls and compiled patterns are out of
the figures for all alike. Then the log is read and each job done. A query is done twice on the log and the second time
counts; reading, sorting out overlaps and sorting labels are done once, as they are in life.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
MEGABYTE = 1_000_000
Answer = dict[str, int]
Cost = tuple[float, float]  # seconds on the clock, seconds of CPU of all threads


class Job(NamedTuple):
    """What is timed, from what was read to a result, and how the result is told as whole numbers by key, untimed."""

    work: Callable[[Any], Any]
    tell: Callable[[Any], Answer]
    is_query: bool = False


class Outcome(NamedTuple):
    """What one pass gave: costs and answers by job, the most memory in MB up to the log read, and notes in seconds."""

    costs: dict[str, Cost]
    answers: dict[str, Answer]
    read_memory: float
    notes: dict[str, float] = {}  # noqa: RUF012 - never changed


def timed(work: Callable[..., Any], *given: object) -> tuple[Any, Cost]:
    """Do the work and return its result and its cost."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work(*given)
    return result, (time.perf_counter() - wall, time.process_time() - cpu)


def peak_memory() -> float:
    """Return the most memory, in MB, that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / MEGABYTE


def do_jobs(log: Any, jobs: Mapping[str, Job]) -> tuple[dict[str, Cost], dict[str, Answer]]:  # noqa: ANN401
    """Do the jobs in their order on a log that was read, and return costs and answers."""
    costs: dict[str, Cost] = {}
    answers: dict[str, Answer] = {}
    for name, job in jobs.items():
        if job.is_query:
            job.work(log)
        result, costs[name] = timed(job.work, log)
        answers[name] = job.tell(result)
    return costs, answers


def measure(one_pass: Callable[[Path], Outcome], packages: Sequence[str]) -> None:
    """Measure the contender on the folder that the command line names, after one pass over a folder of few rows.

    The command line: the folder of few rows, the folder, the file to write. It gets costs, answers, the most memory
    held in MB and the versions of `packages`.
    """
    few_rows, folder, target = (Path(text) for text in sys.argv[-3:])
    one_pass(few_rows)
    outcome = one_pass(folder)
    found = {
        **outcome._asdict(),
        "memory": peak_memory(),
        "versions": {name: version(name) for name in packages},
    }
    target.write_text(json.dumps(found), encoding="utf-8")
    os._exit(0)  # without what libraries say or tidy up at shutdown
