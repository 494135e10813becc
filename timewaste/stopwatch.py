"""Where the time of a load goes: seconds on the clock and of CPU, step by step."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

READING = "reading the logs"
BEFORE = "start, settings and files"
ENDING = "writing to disk"
# Below this share of the clock the processor waited; above that one both cores were at work.
WAITING, SEVERAL = 0.7, 1.3


class Step(NamedTuple):
    """What one step took: seconds on the clock, seconds of CPU, and what kept it from being faster."""

    name: str
    wall_seconds: float
    cpu_seconds: float

    @property
    def bound_by(self) -> str:
        """Return what bounds the step: `one core` or `all cores` that computed, or `waiting` for disk or others."""
        ratio = self.cpu_seconds / self.wall_seconds if self.wall_seconds > 0 else 1.0
        return "waiting" if ratio < WAITING else "all cores" if ratio > SEVERAL else "one core"


@dataclass(slots=True)
class Stopwatch:
    """Takes the time whenever a refresh tells what comes next; files of logs are one step."""

    files: set[str] = field(default_factory=set)
    _marks: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what comes before the first step."""
        self.mark(BEFORE)

    def mark(self, name: str) -> None:
        """Begin the step `name`."""
        self._marks.append((READING if name in self.files else name, time.perf_counter(), time.process_time()))

    def steps(self) -> list[Step]:
        """End the last step and return all, dearest first."""
        self.mark("")
        taken: dict[str, tuple[float, float]] = {}
        for (name, wall, cpu), (_, next_wall, next_cpu) in pairwise(self._marks):
            before = taken.get(name, (0.0, 0.0))
            taken[name] = (before[0] + next_wall - wall, before[1] + next_cpu - cpu)
        steps = [Step(name, wall, cpu) for name, (wall, cpu) in taken.items()]
        return sorted(steps, key=lambda step: (-step.cpu_seconds, step.name))


def peak_megabytes() -> float | None:
    """Return the most memory that this process has held, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size * (1 if sys.platform == "darwin" else 1024) / 1_000_000
