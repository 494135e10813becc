"""pm4py, with pandas or with Polars below it: the same functions, given another frame.

Runs in the peers' environment. The first argument chooses `pandas` or `polars`.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd
import pm4py
import polars as pl
from pm4py.objects.log.util import sorting
from pm4py.objects.log.util.interval_lifecycle import Parameters, assign_lead_cycle_time

from peers.running import Answer, Job, Outcome, do_jobs, measure, peak_memory, timed

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS_OPEN = [(0, 7 * 24 * 3600)]  # business hours that leave out nothing of the week
ROLES = {
    "case_id": "rep_day",
    "activity_key": "activity",
    "timestamp_key": "end",
    "start_timestamp_key": "start",
}  # fmt: skip


def read_pandas(folder: Path) -> pd.DataFrame:
    """Read, type and sort the log as pm4py wants a pandas frame; told what is a time, it is twice as fast."""
    frame = pd.read_csv(folder / "peers.csv", parse_dates=["start", "end"]).rename(columns={"rep": "org:resource"})
    return pm4py.format_dataframe(frame, **ROLES)


def read_polars(folder: Path) -> pl.LazyFrame:
    """Read, type and sort the log as pm4py wants a Polars frame; pm4py itself collects it."""
    lazy = pl.scan_csv(folder / "peers.csv").rename({"rep": "org:resource"})
    return pm4py.format_dataframe(lazy.with_columns(pl.col("start", "end").str.to_datetime()), **ROLES)


def seconds_by(log: Any, key: str) -> dict[str, float]:  # noqa: ANN401 - a frame of either library
    """Return the seconds of each value of a column."""
    return pm4py.get_service_time(
        log, aggregation_measure="sum", activity_key=key, start_timestamp_key="start_timestamp"
    )


def by_activity(log: Any) -> dict[str, float]:  # noqa: ANN401
    """Return the seconds of each activity."""
    return seconds_by(log, "concept:name")


def by_rep(log: Any) -> dict[str, float]:  # noqa: ANN401
    """Return the seconds of each rep and category: pm4py knows one key, so the two are joined to one."""
    if isinstance(log, pl.LazyFrame):
        pair = pl.concat_str("org:resource", "category", separator=" | ")
        return seconds_by(log.with_columns(rep_category=pair), "rep_category")
    return seconds_by(log.assign(rep_category=log["org:resource"] + " | " + log["category"]), "rep_category")


def busy(log: Any) -> dict[str, float]:  # noqa: ANN401
    """Return the seconds on the clock of each rep, overlaps counted once.

    No frame does it: pm4py makes its log of objects and adds up the cycle time within each case, a rep's day. Cases
    must be sorted by start: sorted by end, as they come, an entry that lies inside another one is taken off.
    """
    traces = sorting.sort_timestamp_log(pm4py.convert_to_event_log(log), "start_timestamp")
    chosen = {Parameters.START_TIMESTAMP_KEY: "start_timestamp", Parameters.BUSINESS_HOUR_SLOTS: ALWAYS_OPEN}
    seconds: Counter[str] = Counter()
    for trace in assign_lead_cycle_time(traces, parameters=chosen):
        seconds[trace[-1]["org:resource"]] += trace[-1]["@@approx_bh_partial_cycle_time"]
    return dict(seconds)


def whole(seconds: dict[str, float]) -> Answer:
    """Return the seconds as whole numbers. Stops the run if one is none: then something else was counted."""
    odd = {key: value for key, value in seconds.items() if value != int(value)}
    if odd:
        raise SystemExit(f"not whole seconds: {odd}")
    return {str(key): int(value) for key, value in seconds.items()}


def facts(log: Any) -> Answer:  # noqa: ANN401
    """Return what was read: rows, seconds, reps, first and last second."""
    frame = log.collect() if isinstance(log, pl.LazyFrame) else log
    start, end, reps = frame["start_timestamp"], frame["time:timestamp"], frame["org:resource"]
    return {
        "rows": len(frame),
        "seconds": int((end - start).sum().total_seconds()),
        "reps": reps.n_unique() if isinstance(log, pl.LazyFrame) else reps.nunique(),
        "first": int(start.min().timestamp()),
        "last": int(end.max().timestamp()),
    }


JOBS = {
    "activity": Job(by_activity, whole, is_query=True),
    "rep_category": Job(by_rep, whole, is_query=True),
    "busy": Job(busy, whole),
}
READERS = {"pandas": read_pandas, "polars": read_polars}


def one_pass(folder: Path) -> Outcome:
    """Read the log in `folder` and do all jobs."""
    log, cost = timed(READERS[sys.argv[1]], folder)
    memory = peak_memory()
    costs, answers = do_jobs(log, JOBS)
    return Outcome({"read": cost, **costs}, {"read": facts(log), **answers}, memory)


if __name__ == "__main__":
    measure(one_pass, ("pm4py", sys.argv[1]))
