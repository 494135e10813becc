"""Does a 95 % interval hold the truth 95 times in 100? Studies are simulated, loaded and compared with their truth.

Every study goes the whole way: `simulate` writes its files, dirt planted, and `Study.refresh` reads them and makes
`estimates`. The truth is `truth.json`: the shares the study was drawn from, less what is logged under labels so vague
that nobody could sort them. Knows the table `estimates` and the truth's layout; not how either is made.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from timewaste.simulate import simulate
from timewaste.study import open_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RESULTS = Path(__file__).parent / "results-coverage.md"
BAR = 0.93
CATEGORIES = ("selling", "preparation", "functional", "administrative", "travel", "development", "unclassified")


class Case(NamedTuple):
    """One interval of one study beside its truth. Shares are 0 to 1; low and high are None without an interval."""

    seed: int
    scope: str
    category: str
    truth: float
    share: float
    low: float | None
    high: float | None

    @property
    def is_held(self) -> bool:
        """Tell whether the interval holds the truth."""
        return self.low is not None and self.high is not None and self.low <= self.truth <= self.high


def compare(seed: int, reps: int, weeks: int, folder: str) -> list[Case]:
    """Simulate and load one study in a new folder below `folder`, and return its intervals beside the truth."""
    home = Path(tempfile.mkdtemp(prefix=f"seed-{seed}-", dir=folder))
    try:
        simulate(home / "study", reps=reps, weeks=weeks, seed=seed)
        expected = json.loads((home / "study" / "truth.json").read_text(encoding="utf-8"))["expected"]
        rows = open_study(home / "study").sql(
            "select team, name, share, share_low, share_high from estimates where kind = 'category'"
        )
    finally:
        shutil.rmtree(home)
    measured = {(team, name): values for team, name, *values in rows.iter_rows()}
    return [
        Case(seed, scope, category, truth, *measured[scope, category])
        for scope in sorted(expected.keys() - {"activities"})
        for category, truth in expected[scope]["logged_shares"].items()
    ]


def compare_all(studies: int, reps: int, weeks: int, jobs: int) -> Iterator[Case]:
    """Yield the cases of `studies` simulations with the seeds 1, 2, 3, …, some at the same time."""
    # Children of a fork server inherit no locks of Polars' threads, and leave without DuckDB's talk at shutdown.
    server = multiprocessing.get_context("forkserver")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs, mp_context=server) as pool:
        waiting = [pool.submit(compare, seed, reps, weeks, folder) for seed in range(1, studies + 1)]
        for number, future in enumerate(waiting, start=1):
            yield from future.result()
            print(f"\r{number} of {studies} studies", end="", flush=True)
    print()


def table(cases: Sequence[Case]) -> list[str]:
    """Return a Markdown table: one row per category over all scopes, then all of them together."""
    lines = [
        "| category | truth, all reps | intervals | hold truth | too low | too high | bias, points | width, points |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for category in CATEGORIES:
        of_category = [case for case in cases if case.category == category]
        whole = [case.truth for case in of_category if case.scope == "all"]
        lines.append(_row(category, f"{_mean(whole) * 100:.1f} %", of_category))
    return [*lines, _row("**all**", "", cases)]


def table_by_scope(cases: Sequence[Case]) -> list[str]:
    """Return a Markdown table of the share of intervals that hold the truth: categories down, scopes across."""
    scopes = list(dict.fromkeys(case.scope for case in cases))
    lines = [f"| category | {' | '.join(scopes)} |", f"|---|{'--:|' * len(scopes)}"]
    for category in CATEGORIES:
        cells = []
        for scope in scopes:
            chosen = [case for case in cases if case.category == category and case.scope == scope]
            cells.append(f"{_held(chosen):.1%} ({_bias(chosen):+.2f})")
        lines.append(f"| {category} | {' | '.join(cells)} |")
    return lines


def _row(name: str, truth: str, cases: Sequence[Case]) -> str:
    low = _mean(case.low is not None and case.truth < case.low for case in cases)
    high = _mean(case.high is not None and case.truth > case.high for case in cases)
    width = _mean(case.high - case.low for case in cases if case.low is not None and case.high is not None)
    return (
        f"| {name} | {truth} | {len(cases):,} | {_held(cases):.1%} | {high:.1%} | {low:.1%} "
        f"| {_bias(cases):+.2f} ± {_bias_error(cases):.2f} | {width * 100:.1f} |"
    )


def _held(cases: Sequence[Case]) -> float:
    return _mean(case.is_held for case in cases)


def _bias(cases: Sequence[Case]) -> float:
    return 100 * _mean(case.share - case.truth for case in cases)


def _bias_error(cases: Sequence[Case]) -> float:
    """Return the standard error of the bias in points; the study is the unit, since its scopes share their reps."""
    by_seed = [
        _mean(case.share - case.truth for case in group)
        for _, group in groupby(sorted(cases), key=lambda case: case.seed)
    ]
    centre = _mean(by_seed)
    spread = sum((value - centre) ** 2 for value in by_seed) / max(len(by_seed) - 1, 1)
    return 100 * sqrt(spread / len(by_seed))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


def write(cases: Sequence[Case], studies: int, reps: int, weeks: int) -> bool:
    """Write the results and return whether every category meets the bar."""
    missed = [name for name in CATEGORIES if _held([case for case in cases if case.category == name]) < BAR]
    verdict = f"missed by {', '.join(missed)}" if missed else "met by every category"
    text = "\n".join(
        [
            "# Intervals against the truth",
            "",
            f"{studies} simulated studies of {reps} reps over {weeks} weeks, seeds 1 to {studies}, dirt planted,",
            "each loaded like any other. A 95 % interval should hold the true share 95 times in 100; the bar of at",
            f"least {BAR:.0%} for every category is {verdict}.",
            "",
            *table(cases),
            "",
            "*Too low* and *too high* are intervals that lie below or above the truth; *bias* is the mean of",
            "measured less true share, with its standard error over studies; *width* is the mean interval's.",
            "",
            "By scope: share of intervals that hold the truth, and bias in points.",
            "",
            *table_by_scope(cases),
            "",
            "The truth is the expected *logged* share: vague labels, 7 % of entries, count as unclassified and are",
            "missing from every other category in proportion.",
            "",
            f"To repeat: `python benchmarks/coverage.py --studies {studies}`",
            "",
        ]
    )
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    print(text)
    return not missed


def main() -> None:
    """Read the command line, run the studies, write the results; exit with 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description="Compares intervals of simulated studies with their truth.")
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--reps", type=int, default=24)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2, help="studies at the same time")
    given = parser.parse_args()
    cases = list(compare_all(given.studies, given.reps, given.weeks, given.jobs))
    if not write(cases, given.studies, given.reps, given.weeks):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
