"""The results as Markdown: what was measured of each size, side by side, and where timewaste loses. No paths in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peers.jobs import CANNOT, CONTENDERS, JOBS, OPEN_STUDY, OURS, WHOLE_LOAD, Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

PEERS = tuple(name for name in CONTENDERS if name != OURS)
MEMORY = {"peak memory, log read, MB": "read_memory", "peak memory, all jobs, MB": "memory"}
WHEN_LARGER = "DuckDB and Polars are both in timewaste's process, and all tables are made before the first question."


def results(sizes: Sequence[Measured], pairs: int, machine: Sequence[str]) -> str:
    """Return the whole file: how it was measured, a section for each size, what peers cannot do."""
    lines = [
        "# timewaste beside its peers",
        "",
        *machine,
        "",
        f"Seconds on the clock and, in brackets, of CPU: medians of {pairs} runs of each in turn, each in a process of",
        "its own. All answers were equal before a time counted, hours to the second. Imports are out of the figures;",
        "a question on a log already read is asked twice and the second time counts. *Best peer / ours* above 1 means",
        "that timewaste is faster, or smaller. For timewaste *log read* is the whole load with all its tables.",
        "Where the machine did other things too, CPU is the figure to compare.",
        "",
    ]
    for size in sizes:
        lines += section(size)
    reasons = {
        f"{JOBS[job].name}: {reason}": [name for other, name in CANNOT if other == job and CANNOT[job, name] == reason]
        for (job, _), reason in CANNOT.items()
    }
    return "\n".join(
        [
            *lines,
            "## What a dash stands for",
            "",
            *(f"* {'; '.join(names)} — {reason}." for reason, names in reasons.items()),
            "",
            "To repeat: `python benchmarks/peers.py`. What each job is for each contender stands in `peers/run_*.py`.",
            "",
        ]
    )


def section(size: Measured) -> list[str]:
    """Return the lines about one size: its log, the table, the rows that timewaste loses."""
    return [
        f"## {size.rows:,} entries",
        "",
        f"{size.labels:,} distinct labels: timewaste looks at each once, aw-core at each label of a rep. timewaste",
        f"reads {size.log_mb:,.1f} MB of dates, clock times and labels, the peers {size.peers_mb:,.1f} MB with whole",
        "timestamps, cases, activities and categories in them.",
        f"A whole load, all tables made, checked and on disk, takes timewaste {size.note(WHOLE_LOAD) or 0:.2f} s.",
        "",
        f"| job | {' | '.join(CONTENDERS)} | best peer / ours |",
        f"|---|{'--:|' * (len(CONTENDERS) + 1)}",
        *(_row(size, job) for job in JOBS),
        *(_memory_row(size, title) for title in MEMORY),
        "",
        *_lost(size),
        "",
    ]


def _row(size: Measured, job: str) -> str:
    cells = []
    for name in CONTENDERS:
        wall, cpu = size.wall(job, name), size.cpu(job, name)
        cells.append("—" if wall is None or cpu is None else f"{_seconds(wall)} ({_seconds(cpu)})")
    wall, cpu = best_peer(size, job)[1:]
    ratio = f"{_factor(wall / _ours(size, job)[0])} ({_factor(cpu / _ours(size, job)[1])})"
    return f"| {JOBS[job].name} | {' | '.join(cells)} | {ratio} |"


def _memory_row(size: Measured, title: str) -> str:
    most = _most(size, title)
    ratio = min(most[name] for name in PEERS) / most[OURS]
    return f"| {title} | {' | '.join(f'{most[name]:,.0f}' for name in CONTENDERS)} | {_factor(ratio)} |"


def _most(size: Measured, title: str) -> dict[str, float]:
    return {name: max(getattr(run, MEMORY[title]) for run in size.runs[name]) for name in CONTENDERS}


def best_peer(size: Measured, job: str) -> tuple[str, float, float]:
    """Return the fastest peer on the clock and its seconds on the clock, and the fewest seconds of CPU of any peer."""
    walls = {name: wall for name in PEERS if (wall := size.wall(job, name)) is not None}
    cpus = [cpu for name in PEERS if (cpu := size.cpu(job, name)) is not None]
    best = min(walls, key=lambda name: walls[name])
    return best, walls[best], min(cpus)


def _ours(size: Measured, job: str) -> tuple[float, float]:
    wall, cpu = size.wall(job, OURS), size.cpu(job, OURS)
    if wall is None or cpu is None:
        raise SystemExit(f"timewaste has no figure for {JOBS[job].name}")
    return wall, cpu


def _lost(size: Measured) -> list[str]:
    """Return a line for each row in which some peer needs less time, on the clock or of CPU."""
    lines: list[str] = []
    for job, question in JOBS.items():
        name, wall, cpu = best_peer(size, job)
        ours, our_cpu = _ours(size, job)
        if ours <= wall and our_cpu <= cpu:
            continue
        dearest = ", ".join(f"{name} {_seconds(took)} s" for name, took in size.dearest())
        why = question.when_slower.format(open_study=_seconds(size.note(OPEN_STUDY + job) or 0.0), dearest=dearest)
        lines.append(
            f"* **{question.name}**: {name} takes {_seconds(wall)} s, timewaste {_seconds(ours)} s, "
            f"{_factor(ours / wall)} times as long and {_factor(our_cpu / cpu)} times the CPU. {why}"
        )
    for title in MEMORY:
        most = _most(size, title)
        best = min(PEERS, key=lambda name: most[name])
        if most[best] < most[OURS]:
            lines.append(
                f"* **{title}**: {best} holds {most[best]:,.0f}, timewaste {most[OURS]:,.0f}, "
                f"{_factor(most[OURS] / most[best])} times as much. {WHEN_LARGER}"
            )
    return ["Where timewaste is not the best:", "", *lines] if lines else ["timewaste is the best in every row."]


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _factor(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
