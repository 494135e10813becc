"""One simulation from beginning to end: chunk by chunk of reps, so that memory stays bounded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.errors import StudyError
from timewaste.simulate.answers import STREAM, answer_rows, draws
from timewaste.simulate.days import make_days
from timewaste.simulate.draw import Cutter, uniforms
from timewaste.simulate.explain import readme_text, settings_text
from timewaste.simulate.labelling import type_rows
from timewaste.simulate.look_up import Lookups
from timewaste.simulate.opportunities import MOVES, make_pipeline, opportunities_per_rep
from timewaste.simulate.people import Chunk, roster, write_roster
from timewaste.simulate.pipeline_files import PipelineFiles
from timewaste.simulate.planting import Rows, make_rows
from timewaste.simulate.settings import SLOTS, TEAMS, Plan, team_sizes
from timewaste.simulate.truth import Tally
from timewaste.simulate.vocabulary import load_vocabulary
from timewaste.simulate.writing import LogFiles, Places, log_frame, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from timewaste.simulate.labelling import Typed
    from timewaste.simulate.people import Person
    from timewaste.simulate.vocabulary import Vocabulary

CELLS = 250_000  # slots of a chunk: about 150 MB at work
MOST_WORKBOOKS, MOST_WORKBOOK_WEEKS = 60, 12


@dataclass(frozen=True, slots=True)
class Output:
    """Where everything of one simulation goes."""

    folder: Path
    lookups: Lookups
    logs: LogFiles
    pipelines: PipelineFiles
    tally: Tally


def simulate(  # noqa: PLR0913
    folder: Path,
    *,
    reps: int = 24,
    weeks: int = 4,
    seed: int = 7,
    dirt: bool = True,
    workbooks: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write a synthetic study with a known true answer into `folder`, which must be new or empty.

    `dirt` plants the faults real logs have; without it every label is clear and every row clean. Key account
    managers keep workbooks (`workbooks`), by default in studies of at most 60 of them and 12 weeks, else CSV.
    `progress` is called with the reps written and the reps in all. The same arguments give the same bytes.
    Raises `StudyError`.
    """
    plan = _plan(reps, weeks, seed, dirt=dirt, workbooks=workbooks)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(
            "the folder is not empty",
            where=str(folder),
            mend="Name a new folder: a simulation never overwrites.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    words = load_vocabulary()
    people = roster(plan, words.names)
    tally, lookups = Tally(plan, words), Lookups(plan, words)
    output = Output(folder, lookups, LogFiles(folder, plan), PipelineFiles(folder), tally)
    try:
        done = 0
        for chunk in _chunks(people, plan, words):
            _write_chunk(chunk, output)
            done += len(chunk.people)
            if progress is not None:
                progress(done, len(people))
    finally:
        output.logs.close()
        output.pipelines.close()
    write_roster(folder / "reps.csv", people, words.names["regions"])
    truth = tally.result(output.logs.rows, output.pipelines.counts())
    contents = {
        "truth.json": json.dumps(truth, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        "README.md": readme_text(plan, truth, tally.examples),
        "timewaste.toml": settings_text(plan),
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


def _plan(reps: int, weeks: int, seed: int, *, dirt: bool, workbooks: bool | None) -> Plan:
    if reps < len(TEAMS) or weeks < 1 or seed < 0:
        raise StudyError(
            f"cannot simulate {reps} reps over {weeks} weeks with seed {seed}",
            mend=f"Ask for {len(TEAMS)} reps or more (one per team), 1 week or more and a seed from 0.",
        )
    if workbooks is None:
        workbooks = team_sizes(reps)[-1] <= MOST_WORKBOOKS and weeks <= MOST_WORKBOOK_WEEKS
    return Plan(reps=reps, weeks=weeks, seed=seed, dirt=dirt, workbooks=workbooks)


def _chunks(people: list[Person], plan: Plan, words: Vocabulary) -> Iterator[Chunk]:
    """Yield the reps in order, some at a time, never two teams together."""
    size = max(1, CELLS // (plan.days * SLOTS))
    for team in TEAMS:
        members = [person for person in people if person.team is team]
        for first in range(0, len(members), size):
            yield Chunk(plan, words, members[first : first + size])


def _write_chunk(chunk: Chunk, output: Output) -> None:
    plan, team, people = chunk.plan, chunk.team, chunk.people
    numbers = np.array([person.number for person in people])
    cut = Cutter(uniforms(plan.seed, numbers, _draws(plan, opportunities_per_rep(plan, team))))
    pipeline = make_pipeline(cut, chunk, len(output.lookups.accounts))
    slots = make_days(cut, chunk)
    rows = make_rows(cut, chunk, slots)
    typed = type_rows(cut, chunk, rows, pipeline)
    answers = answer_rows(Cutter(uniforms(plan.seed, numbers, draws(plan.days), stream=STREAM)), chunk, rows)
    frame = log_frame(output.lookups, chunk, rows, typed, answers, pipeline)
    output.tally.add(chunk, rows, typed, frame["label"], slots.missing)
    output.tally.add_answers(chunk, rows, typed, answers)
    if team.slug == "key-account" and plan.workbooks:
        places = _write_workbooks(chunk, rows, typed, frame, output)
    else:
        places = output.logs.append(team, frame, rows.day)
    output.tally.locate(chunk, rows, typed, frame["label"], places)
    output.pipelines.append(output.lookups, people, pipeline)


def _draws(plan: Plan, opportunities: int) -> int:
    """Return at least as many uniforms as a rep uses: per rep, per day, per slot and per opportunity."""
    return 64 + plan.days * (16 + SLOTS * 14) + opportunities * (4 + MOVES * 4)


def _write_workbooks(chunk: Chunk, rows: Rows, typed: Typed, frame: pl.DataFrame, output: Output) -> Places:
    names, line = [], np.zeros_like(rows.rep)
    for number, person in enumerate(chunk.people):
        at = np.flatnonzero(rows.rep == number)
        line[at] = 5 + np.arange(len(at))
        names.append(f"logs/{chunk.team.slug}/{person.rep_id}.xlsx")
        own = Rows(*(getattr(rows, name)[at] for name in Rows.__slots__))
        write_workbook(output.folder / names[-1], person, own, typed.logged[at], frame[at])
        output.logs.rows[names[-1]] = len(at)
    return Places(names, rows.rep, line)
