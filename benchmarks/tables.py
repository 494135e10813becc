"""The figures of `load.py` as Markdown, each beside the goal it was set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from running import machine, middle, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from load import Measured, Starts
    from running import Cost

SLOWEST = 15
MILLION, TEN_MILLION = 900_000, 9_000_000  # rows from which a size counts as one and ten million


def results(sizes: Sequence[Measured], starts: Starts, pairs: int, load_before: float) -> str:
    """Return the page."""
    cost = [
        "| rows | CSV, MB | load, s | CPU, s | bare, s | CPU, s | load / bare | CPU / CPU |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    room = [
        "| rows | load, peak MB | bare, MB | database, MB | bare, MB | 1,000 rows more, s | summary, s | report, s |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in sizes:
        cost.append(
            f"| {size.rows:,} | {size.csv_mb:,.1f} | {middle(size.ours, 'wall'):.2f} | {middle(size.ours, 'cpu'):.2f} "
            f"| {middle(size.bare, 'wall'):.2f} | {middle(size.bare, 'cpu'):.2f} "
            f"| {ratio(size.ours, size.bare, 'wall'):.1f} | {ratio(size.ours, size.bare, 'cpu'):.1f} |"
        )
        room.append(
            f"| {size.rows:,} | {_peak(size.ours):,.0f} | {_peak(size.bare):,.0f} | {size.database_mb:,.1f} "
            f"| {size.bare_database_mb:,.1f} | {middle(size.added, 'wall'):.2f} | {middle(size.summary, 'wall'):.2f} "
            f"| {middle(size.report, 'wall'):.2f} |"
        )
    return "\n".join(
        [
            "# Loading a study, and bare DuckDB reading the same files",
            "",
            *machine(load_before),
            "",
            "*Load* is `timewaste load` from nothing: every text read and checked, all tables built, on disk.",
            "*Bare* is `bare.py`: the same files by told columns and formats into one table per team, on disk,",
            f"and one grouping. Medians of {pairs} pairs of fresh processes run in turn, {len(sizes[-1].ours)} at the",
            "largest size; the most of the peaks;",
            "ratios are medians of the pairs' ratios.",
            "",
            *cost,
            "",
            *room,
            "",
            *_least(sizes),
            "",
            "## Goals",
            "",
            "| goal | at most | measured | met |",
            "|---|--:|--:|---|",
            *(_goal(*goal) for goal in _goals(sizes, starts)),
            "",
            *_slowest(sizes[-1]),
            "",
            "To repeat: `python benchmarks/load.py` (`--sizes 100000,1000000` for a short run).",
            "",
        ]
    )  # fmt: skip


def _least(sizes: Sequence[Measured]) -> list[str]:
    """Return how near to bare DuckDB a load could come."""
    return [
        "*Least* is `floor.py`: the text kept as typed, entries typed and labelled by a look-up, overlaps cut, days",
        "summed, in four statements by hand; nothing is recognised, checked, explained, estimated or judged.",
        "",
        "| rows | least, s | CPU, s | least / bare, CPU | load / least, CPU |",
        "|--:|--:|--:|--:|--:|",
        *(
            f"| {size.rows:,} | {middle(size.least, 'wall'):.2f} | {middle(size.least, 'cpu'):.2f} "
            f"| {ratio(size.least, size.bare, 'cpu'):.1f} | {ratio(size.ours, size.least, 'cpu'):.1f} |"
            for size in sizes
        ),
    ]


def _goals(sizes: Sequence[Measured], starts: Starts) -> Iterator[tuple[str, float, float]]:
    """Yield what is to be reached, at most how much, and what was measured."""
    for size in sizes:
        most = 1.5 if size.rows >= MILLION else 3.0
        for what, name in (("cpu", "CPU"), ("wall", "clock")):
            yield f"load / bare DuckDB, {name}, {size.rows:,} rows", most, ratio(size.ours, size.bare, what)
    for size in sizes:
        for what, name in (("cpu", "CPU"), ("wall", "clock")):
            measured = ratio(size.parquet, size.bare_parquet, what)
            yield f"load / bare DuckDB from Parquet, {name}, {size.rows:,} rows", 3.0, measured
    large = next((size for size in sizes if size.rows >= TEN_MILLION), None)
    medium = next((size for size in sizes if MILLION <= size.rows < TEN_MILLION), None)
    if large and medium:
        growth = large.rows / medium.rows
        times = middle(large.ours, "wall") / middle(medium.ours, "wall")
        yield f"load, {growth:.2f} times the rows, clock", 1.05 * growth, times
    if large:
        yield f"load, peak memory in MB, {large.rows:,} rows", 2000, _peak(large.ours)
        added = middle(large.added, "wall") / middle(large.ours, "wall")
        yield f"1,000 rows more / full load, {large.rows:,} rows", 0.1, added
        page = middle(large.report, "wall") / middle(starts.report, "wall")
        yield f"report / report of the sample study, {large.rows:,} rows", 1.3, page
    yield "unchanged summary / one query in bare Python, CPU", 1.5, ratio(starts.summary, starts.bare_summary, "cpu")
    yield "sql / the same query in bare Python, CPU", 1.5, ratio(starts.sql, starts.bare_sql, "cpu")
    yield "--help / import click, CPU", 1.3, ratio(starts.help, starts.click, "cpu")


def _goal(name: str, most: float, measured: float) -> str:
    shown = "{:,.0f}" if most > 100 else "{:.2f}"
    return f"| {name} | {shown.format(most)} | {shown.format(measured)} | {'yes' if measured <= most else '**no**'} |"


def _slowest(size: Measured) -> list[str]:
    total = sum(cpu for _, _, cpu, _ in size.steps)
    return [
        f"## Where the time goes at {size.rows:,} rows",
        "",
        f"`timewaste load --profile`: the {SLOWEST} dearest of {len(size.steps)} steps, {total:.1f} s of CPU in all.",
        "",
        "| step | wall, s | CPU, s | share of CPU | bound by |",
        "|---|--:|--:|--:|---|",
        *(
            f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / total:.0%} | {bound} |"
            for name, wall, cpu, bound in size.steps[:SLOWEST]
        ),
    ]


def _peak(costs: Sequence[Cost]) -> float:
    return max(cost.memory for cost in costs)
