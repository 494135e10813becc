"""Where the time of a load goes: load a study from nothing and print what each step took as JSON.

A step is what `Study.refresh` tells of: a log file read or a model made and checked. What comes before the first is
hashing, the roster and the pipeline; the last model's time includes the write to disk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

from timewaste.intake import log_paths
from timewaste.study import DATABASE, Study

FIRST = "imports, hashes, roster, pipeline"


def step_times(folder: Path) -> dict[str, tuple[float, float]]:
    """Load the study anew and return each step's seconds on the clock and of CPU; all log files are one step."""
    (folder / DATABASE).unlink(missing_ok=True)
    files = {shown for _, shown in log_paths(folder)}
    marks = [(FIRST, time.perf_counter(), time.process_time())]
    Study(folder).refresh(lambda what, _done, _all: marks.append((what, time.perf_counter(), time.process_time())))
    marks.append(("", time.perf_counter(), time.process_time()))
    steps: dict[str, tuple[float, float]] = {}
    for (name, wall, cpu), (_, next_wall, next_cpu) in pairwise(marks):
        key = "reading the logs" if name in files else name
        before = steps.get(key, (0.0, 0.0))
        steps[key] = (before[0] + next_wall - wall, before[1] + next_cpu - cpu)
    last = marks[-2][0]
    steps[f"{last}, write to disk"] = steps.pop(last)
    return steps


if __name__ == "__main__":
    print(json.dumps(step_times(Path(sys.argv[1]))), flush=True)
    os._exit(0)  # without DuckDB's talk at shutdown
