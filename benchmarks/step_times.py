"""Where the time of a load goes: load a study from nothing and print the seconds of each step as JSON.

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


def step_times(folder: Path) -> dict[str, float]:
    """Load the study anew and return the seconds of each step by name; all log files are one step."""
    (folder / DATABASE).unlink(missing_ok=True)
    files = {shown for _, shown in log_paths(folder)}
    marks = [("hashes, roster, pipeline", time.perf_counter())]
    Study(folder).refresh(lambda what, _done, _all: marks.append((what, time.perf_counter())))
    marks.append(("", time.perf_counter()))
    steps: dict[str, float] = {}
    for (name, start), (_, end) in pairwise(marks):
        key = "reading the logs" if name in files else name
        steps[key] = steps.get(key, 0.0) + end - start
    steps[f"{marks[-2][0]}, write to disk"] = steps.pop(marks[-2][0])
    return steps


if __name__ == "__main__":
    print(json.dumps(step_times(Path(sys.argv[1]))), flush=True)
    os._exit(0)  # without DuckDB's talk at shutdown
