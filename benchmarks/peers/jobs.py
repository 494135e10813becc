"""What is measured, by whom, and what was found. Knows words and figures, no library.

To add a job: a line in `JOBS`, and in each `run_` module that can do it a function under the same name; who cannot
gets its reason in `CANNOT`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.running import Answer, Cost

OURS = "timewaste"
CONTENDERS = (OURS, "pm4py, pandas", "pm4py, Polars", "aw-core")
SHOWN = 5
# What timewaste notes of itself, in seconds: the whole load, each step of reading, a question to a study that is open.
WHOLE_LOAD = "whole load"
READING = "reading: "
OPEN_STUDY = "open study: "


class Question(NamedTuple):
    """A job: what it is called, and why timewaste takes longer where it does; {dearest} and {open_study} are put in."""

    name: str
    when_slower: str


_OPENING = (
    "Every question opens the study's file anew, and `entries` is a view that works the counted time out again from "
    "the typed entries; to a study that is open this question takes {open_study} s. The peer has the sorted log in "
    "memory already, overlaps still in it."
)
JOBS = {
    "read": Question(
        "read and type the log",
        "timewaste hashes the file, keeps every cell as it was typed with file and line on disk, finds out for itself "
        "how dates and clock times are written, works out zones and reps, and checks what each table promises. The "
        "peer is told which columns are times and keeps its columns in memory. The dearest steps are "
        "{dearest}.",
    ),
    "activity": Question("hours per activity", _OPENING),
    "rep_category": Question("hours per rep and category", _OPENING),
    "busy": Question(
        "busy time per rep, overlaps counted once",
        "timewaste also shares each overlap among its entries and makes the table of all counted time with it.",
    ),
    "labels": Question(
        "sort labels into activities, 14 rules",
        "timewaste asks its packaged rules after the study's, and takes labels apart that name several activities. "
        "Most of that goes to compiling the packaged rules, however long the log is.",
    ),
}
_NO_RULES = "it has no rules for labels, the activity must stand in the log"
CANNOT = {("labels", "pm4py, pandas"): _NO_RULES, ("labels", "pm4py, Polars"): _NO_RULES}


class Run(NamedTuple):
    """What one process found: costs and answers by job, most memory in MB up to the log read and at all, notes."""

    costs: dict[str, Cost]
    answers: dict[str, Answer]
    read_memory: float
    memory: float
    notes: dict[str, float]
    versions: dict[str, str]


@dataclass(slots=True)
class Measured:
    """Everything measured of one size: the log's rows, distinct labels and file sizes, and each contender's runs."""

    rows: int
    labels: int
    log_mb: float
    peers_mb: float
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def wall(self, job: str, contender: str) -> float | None:
        """Return the median of the seconds on the clock, or None where the contender cannot do the job."""
        return self._median(job, contender, 0)

    def cpu(self, job: str, contender: str) -> float | None:
        """Return the median of the seconds of CPU, or None where the contender cannot do the job."""
        return self._median(job, contender, 1)

    def _median(self, job: str, contender: str, which: int) -> float | None:
        found = [run.costs[job][which] for run in self.runs[contender] if job in run.costs]
        return median(found) if found else None

    def note(self, name: str) -> float | None:
        """Return the median of a note of timewaste's, or None if it notes nothing of the kind."""
        found = [run.notes[name] for run in self.runs[OURS] if name in run.notes]
        return median(found) if found else None

    def dearest(self) -> list[tuple[str, float]]:
        """Return the steps of timewaste's reading that take longest, each with the median of its seconds."""
        steps = {name.removeprefix(READING): self.note(name) for name in self.runs[OURS][0].notes if READING in name}
        return sorted(((name, wall or 0.0) for name, wall in steps.items()), key=lambda step: -step[1])[:3]


def differences(expected: Answer, found: Answer) -> list[str]:
    """Return in words what two answers to one job do not have in common: keys or whole numbers; empty if equal."""
    lines = [f"{key!r} is missing" for key in sorted(expected.keys() - found.keys())]
    lines += [f"{key!r} should not be there" for key in sorted(found.keys() - expected.keys())]
    lines += [
        f"{key!r} is {found[key]:,}, not {expected[key]:,}"
        for key in sorted(expected.keys() & found.keys())
        if expected[key] != found[key]
    ]
    return lines


def check(runs: Mapping[str, Run], reference: Run) -> None:
    """Stop the benchmark unless each contender answers each job that it can do as `reference` does, to the second."""
    for contender, run in runs.items():
        for job, question in JOBS.items():
            cannot = (job, contender) in CANNOT
            if cannot == (job in run.answers):
                raise SystemExit(f"{contender}, {question.name}: measured and told why not, or neither")
            if cannot:
                continue
            wrong = differences(reference.answers[job], run.answers[job])
            if wrong:
                more = f"; {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
                raise SystemExit(f"{contender} answers otherwise, {question.name}: {'; '.join(wrong[:SHOWN])}{more}")
