"""timewaste: everything through `Study`, as the commands do it.

A load makes all tables in one go; what belongs to which job is told by the models that a table rests on. *Reading*
is all that a load does until the typed entries are there: hashes, settings, the texts kept as typed on disk, dates,
clock times and reps. *Sorting labels* is what their activities rest on beyond that, and the join. *Busy time* is what
the counted time of each rep and day rests on beyond both (overlaps found, cut and shared), and the question. What a
load does besides, and writing the finished file, belongs to no job: the note `whole load` has it.
"""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from peers.jobs import OPEN_STUDY, READING, WHOLE_LOAD
from peers.running import Answer, Cost, Job, Outcome, do_jobs, measure, peak_memory, timed
from timewaste.models import load_models
from timewaste.stopwatch import BEFORE, ENDING
from timewaste.store import Store
from timewaste.study import Study
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The tables that end a job of the load, in the order of the load; a job's steps are all that its table rests on.
ENDS = {"read": "int_entries", "labels": "int_wordings", "busy": "rep_days"}

TYPED = """
    select count(*) as rows, cast(sum(seconds) as bigint) as seconds, count(distinct rep_number) as reps,
        min(start_second) as first, max(start_second + seconds) as last
    from int_entries
"""
# Hours are as logged, what overlaps twice, as the peers' functions count them.
BY_ACTIVITY = """
    select activity_code as key, cast(sum(logged_seconds) filter (where is_first_piece) as bigint) as seconds
    from entries group by activity_code
"""
BY_REP = """
    select rep_id || ' | ' || category as key,
        cast(sum(logged_seconds) filter (where is_first_piece) as bigint) as seconds
    from entries group by rep_id, category
"""
BUSY = "select rep_id as key, cast(sum(counted_seconds) as bigint) as seconds from rep_days group by rep_id"
LABELS = """
    select int_wordings.activity_code as key, count(*) as entries
    from int_entries inner join int_wordings on int_entries.wording_id = int_wordings.wording_id
    group by int_wordings.activity_code
"""


def jobs_of_steps() -> dict[str, str]:
    """Return the job of each model that a load makes for one."""
    with Store.memory() as store:
        models = load_models(store, polars_models())
    rests_on: dict[str, set[str]] = {}
    for model in models:
        rests_on[model.name] = {model.name}.union(*(rests_on.get(name, ()) for name in model.reads))
    jobs: dict[str, str] = {}
    for job, table in ENDS.items():
        jobs |= dict.fromkeys(rests_on[table] - jobs.keys(), job)
    return {**dict.fromkeys(rests_on, "rest"), **jobs}


def load(study: Study) -> tuple[dict[str, Cost], dict[str, float]]:
    """Load the study from nothing; return the cost of each job's steps, and notes: the whole, and each reading step."""
    study.database.unlink(missing_ok=True)
    jobs = jobs_of_steps()
    marks = [(BEFORE, perf_counter(), process_time())]
    study.refresh(lambda what, _done, _all: marks.append((what, perf_counter(), process_time())))
    marks.append(("", perf_counter(), process_time()))
    missing = set(ENDS.values()) - {what for what, _, _ in marks}
    if missing:
        raise SystemExit(f"the load told nothing of {', '.join(sorted(missing))}: correct ENDS")
    costs = dict.fromkeys((*ENDS, "rest"), (0.0, 0.0))
    notes = {WHOLE_LOAD: marks[-1][1] - marks[0][1]}
    for (what, wall, cpu), (_, next_wall, next_cpu) in pairwise(marks):
        # What else is no model is a log file, or what comes before the first.
        job = jobs.get(what, "rest" if what == ENDING else "read")
        costs[job] = (costs[job][0] + next_wall - wall, costs[job][1] + next_cpu - cpu)
        if job == "read":
            notes[READING + what] = next_wall - wall
    return costs, notes


def asks(query: str) -> Callable[[Study], list[tuple[str, int]]]:
    """Return a function that asks a study and returns keys with whole numbers."""
    return lambda study: study.sql(query).rows()


def one_pass(folder: Path) -> Outcome:
    """Load the study in `folder` and do all jobs."""
    study = Study(folder)
    steps, notes = load(study)
    memory = peak_memory()
    queries = {"activity": BY_ACTIVITY, "rep_category": BY_REP}
    jobs = {
        **{name: Job(asks(query), dict, is_query=True) for name, query in queries.items()},
        "busy": Job(asks(BUSY), dict),
        "labels": Job(asks(LABELS), dict),
    }
    costs, answers = do_jobs(study, jobs)
    for job in ("busy", "labels"):
        costs[job] = (costs[job][0] + steps[job][0], costs[job][1] + steps[job][1])
    read: Answer = study.sql(TYPED).row(0, named=True)
    with study.store() as store:
        for name, query in queries.items():
            store.query(query)
            _, (notes[OPEN_STUDY + name], _) = timed(store.query, query)
    return Outcome({"read": steps["read"], **costs}, {"read": read, **answers}, memory, notes)


if __name__ == "__main__":
    measure(one_pass, ("duckdb", "polars"))
