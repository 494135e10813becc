"""Running commands as processes of their own, and what each cost."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
MEGABYTE = 1_000_000
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the clock, seconds of CPU, most memory held, in MB."""

    wall: float
    cpu: float
    memory: float


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


def middle(costs: Sequence[Cost], what: str) -> float:
    """Return the median of `wall`, `cpu` or `memory`."""
    return median(float(getattr(cost, what)) for cost in costs)


def ratio(ours: Sequence[Cost], theirs: Sequence[Cost], what: str) -> float:
    """Return the median of the pairs' ratios: what a machine does besides hits both of a pair."""
    return median(float(getattr(a, what)) / float(getattr(b, what)) for a, b in zip(ours, theirs, strict=True))


def machine(load_before: float) -> list[str]:
    """Return lines that say what was measured on: no paths and no names of machines in them."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars"))
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {pages:.0f} GB of memory;",
        f"Python {platform.python_version()}, {packages}.",
        f"Load average before the first run: {load_before:.1f} (on a quiet machine it is near 0).",
    ]
