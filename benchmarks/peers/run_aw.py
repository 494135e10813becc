"""aw-core, the library of ActivityWatch: lists of events, one Python object each. Runs in the peers' environment.

Of events that several rules match with equal rank, aw-core takes the last; so it is given the rules in turn about, and
the first wins as in timewaste. Labels are sorted first: hours go by what was found then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from csv import DictReader
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aw_core import Event
from aw_transform import categorize, merge_events_by_keys, period_union, sum_durations
from aw_transform.classify import Rule

from peers.invent import RULES, UNSORTED
from peers.running import Answer, Job, Outcome, do_jobs, measure, peak_memory, timed

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = [
    ([rule.category, rule.activity], Rule({"regex": rule.pattern, "ignore_case": True, "select_keys": ["title"]}))
    for rule in reversed(RULES)
]


def read(folder: Path) -> list[Event]:
    """Read the log into typed events; rep and label are an event's data, as app and title are."""
    events = []
    with (folder / "peers.csv").open(encoding="utf-8", newline="") as stream:
        for row in DictReader(stream):
            start = datetime.fromisoformat(row["start"]).replace(tzinfo=UTC)
            end = datetime.fromisoformat(row["end"]).replace(tzinfo=UTC)
            events.append(Event(timestamp=start, duration=end - start, data={"app": row["rep"], "title": row["label"]}))
    return events


def sort_labels(events: list[Event]) -> list[Event]:
    """Give each event the category of the rule that wins."""
    return categorize(events, CLASSES)


def by_activity(events: list[Event]) -> list[Event]:
    """Return one event of all seconds for each activity."""
    return merge_events_by_keys(events, ["$category"])


def by_rep(events: list[Event]) -> Answer:
    """Return the seconds of each rep and category: merged by rep and activity, and added up to categories."""
    seconds: Counter[str] = Counter()
    for event in merge_events_by_keys(events, ["app", "$category"]):
        seconds[f"{event.data['app']} | {_names(event)[0]}"] += _seconds(event)
    return dict(seconds)


def busy(events: list[Event]) -> Answer:
    """Return the seconds on the clock of each rep, overlaps counted once."""
    of_rep = defaultdict(list)
    for event in events:
        of_rep[event.data["app"]].append(event)
    # `period_union` empties the events it is given.
    return {rep: int(sum_durations(period_union(deepcopy(mine), [])).total_seconds()) for rep, mine in of_rep.items()}


def _names(event: Event) -> list[str]:
    """Return category and activity."""
    found = event.data["$category"]
    return [UNSORTED.category, UNSORTED.activity] if found == ["Uncategorized"] else found


def _seconds(event: Event) -> int:
    return int(event.duration.total_seconds())


def facts(events: list[Event]) -> Answer:
    """Return what was read: rows, seconds, reps, first and last second."""
    return {
        "rows": len(events),
        "seconds": sum(map(_seconds, events)),
        "reps": len({event.data["app"] for event in events}),
        "first": int(min(event.timestamp for event in events).timestamp()),
        "last": int(max(event.timestamp + event.duration for event in events).timestamp()),
    }


JOBS = {
    "labels": Job(sort_labels, lambda events: dict(Counter(_names(event)[1] for event in events))),
    "activity": Job(by_activity, lambda merged: {_names(event)[1]: _seconds(event) for event in merged}, is_query=True),
    "rep_category": Job(by_rep, dict, is_query=True),
    "busy": Job(busy, dict),
}


def one_pass(folder: Path) -> Outcome:
    """Read the log in `folder` and do all jobs."""
    events, cost = timed(read, folder)
    memory = peak_memory()
    costs, answers = do_jobs(events, JOBS)
    return Outcome({"read": cost, **costs}, {"read": facts(events), **answers}, memory)


if __name__ == "__main__":
    measure(one_pass, ("aw-core",))
