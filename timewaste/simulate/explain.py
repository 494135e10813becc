"""The two files of a synthetic study that people read: `README.md` and `timewaste.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timewaste.simulate.settings import (
    COULD_DO,
    CURRENCY,
    RATE,
    ROLE_RATES,
    TEAMS,
    TIME_ZONE,
    TITLE,
    TOP_ACTIVITY_SHIFT,
    WORK_CATEGORIES,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from timewaste.simulate.settings import Plan

EXPLAINED = {
    "missing_day": "days without any entry",
    "vague": "entries with a label that says nothing",
    "misspelt": "entries with a slip of the keyboard in the label",
    "several_activities": "entries that name two or three activities",
    "overlap": "entries that run on into the next one",
    "nested": "five minutes of expenses inside a longer entry",
    "duplicate": "rows that repeat the row above them",
    "end_before_start": "rows that end before they start",
    "across_midnight": "journeys that span midnight",
    "backfilled": "entries typed in one burst on Friday afternoon",
}


def settings_text(plan: Plan) -> str:
    """Return the study's `timewaste.toml`."""
    roles = "\n".join(f"{role} = {rate}" for role, rate in ROLE_RATES.items())
    workbooks = (
        """
# Every key account manager keeps an own workbook; the file's name is the rep_id.
[[source]]
match = "key-account/*.xlsx"
rep = "file"
"""
        if plan.workbooks
        else ""
    )
    return f"""# The settings of an invented study. Whatever is left out has the packaged default.

[study]
title = "{TITLE}"
currency = "{CURRENCY}"
time_zone = "{TIME_ZONE}"

# What an hour of a rep costs the company, all in all.
[cost]
rate = {RATE}

[cost.roles]
{roles}
{workbooks}
# Judgements no log can give. They change the computed verdicts, and the report says so.
[[override]]
activity = "A32"
field = "required"
value = "yes"
reason = "Working-time law and the works agreement ask for the time sheet."
by = "C. Okafor, consultant"
date = 2026-03-30

[[override]]
activity = "A13"
field = "consumer"
value = "no"
reason = "None of the five sales managers asked had opened a weekly activity report since January."
by = "C. Okafor, consultant"
date = 2026-03-31
"""


def readme_text(plan: Plan, truth: dict[str, Any], examples: Callable[[str, int], list[dict[str, Any]]]) -> str:
    """Return the study's `README.md`, from the values of its `truth.json`."""
    parts = [_head(plan, truth), _files(plan, truth), _planted(truth, examples), _answer(truth)]
    return "\n".join(parts)


def _head(plan: Plan, truth: dict[str, Any]) -> str:
    said = truth["parameters"]
    return f"""# {TITLE}: an invented study

Nobody in here exists. `timewaste simulate` made this folder from a sales force whose true answer is known:
{plan.reps:,} reps in three teams log their time from {said["first_date"]} to {said["last_date"]}
(seed {plan.seed}, {truth["rows"]:,} rows). The same arguments give the same bytes.
"""


def _files(plan: Plan, truth: dict[str, Any]) -> str:
    count: dict[str, int] = {}
    rows: dict[str, int] = {}
    for name, lines in truth["files"].items():
        team = name.split("/")[1]
        count[team] = count.get(team, 0) + 1
        rows[team] = rows.get(team, 0) + lines
    shapes = {
        "field": "CSV with semicolons, days as dd.mm.yyyy, start and end, full names",
        "inside": "CSV with commas, ISO days, start and length, e-mail addresses",
        "key-account": "a workbook per rep with title rows; the file's name is the rep_id"
        if plan.workbooks
        else "CSV as the field team's",
    }
    lines = [
        f"| `logs/{team}/` | {shapes[team]} | {count[team]} | {rows[team]:,} |" for team in shapes if team in count
    ]
    pipeline = truth["pipeline"]
    outcomes = f"{pipeline['won']:,} won, {pipeline['lost']:,} lost, {pipeline['open']:,} open"
    return f"""## The files

| what | how it looks | files | rows |
|---|---|---|---|
{chr(10).join(lines)}
| `reps.csv` | the roster | 1 | {plan.reps:,} |
| `opportunities.csv` | {outcomes} | 1 | {pipeline["opportunities"]:,} |
| `stage_history.csv` | when each opportunity came into each stage | 1 | {pipeline["visits"]:,} |

Every worked entry also answers two questions; lunch, leave and private time leave them empty.

* Was it done again? Column `Redo` or `Rework`: yes, no.
* Who could have done it? Column `Could be done by`, `Who could do it` or `Who could do this`:
  {", ".join(COULD_DO)}.

How likely an answer is depends on the activity alone: `expected.activities` of `truth.json` has the shares.

`timewaste.toml` holds the settings, `truth.json` all that is below and more.
"""


def _planted(truth: dict[str, Any], examples: Callable[[str, int], list[dict[str, Any]]]) -> str:
    if not truth["parameters"]["dirt"]:
        return "## What is planted\n\nNothing: every label is clear, every row clean, no day is missing.\n"
    lines = ["## What is planted", "", "| what | how many | for example |", "|---|---|---|"]
    for kind, said in EXPLAINED.items():
        first = examples(kind, 1)
        example = ""
        if first and "file" in first[0]:
            item = first[0]
            label = item["label"].replace("|", "\\|")
            example = f"`{item['file']}` line {item['line']}: {item['rep_id']}, {item['date']}, `{label}`"
        elif first:
            example = f"{first[0]['rep_id']}, {first[0]['date']}"
        lines.append(f"| {said} | {truth['planted'][kind]['count']:,} | {example} |")
    return "\n".join(lines) + "\n"


def _answer(truth: dict[str, Any]) -> str:
    names = ["all", *(team.name for team in TEAMS)]
    lines = [
        "## The true answer",
        "",
        "Shares of worked time (breaks and leave are out) in the population the reps were drawn from, and in",
        "brackets what these reps really did. A good study's interval holds the first 95 times in 100.",
        "",
        "| category | " + " | ".join("all reps" if name == "all" else name for name in names) + " |",
        "|---|" + "---|" * len(names),
    ]
    expected, realised = truth["expected"], truth["realised"]
    for category in WORK_CATEGORIES:
        cells = [
            f"{expected[name]['shares'][category]:.1%} ({realised[name]['shares'][category]:.1%})" for name in names
        ]
        lines.append(f"| {category} | " + " | ".join(cells) + " |")
    vague = truth["parameters"]["vague_share"]
    less = " and ".join(f"a {-shift:.0%} smaller share on {code}" for code, shift in TOP_ACTIVITY_SHIFT.items())
    lines += [
        "",
        f"Of all worked time {vague:.0%} carries a vague label, whatever it was: a log cannot tell more of",
        "it than `unclassified`, and every share above is smaller by that part when it is read from the log.",
        "",
        f"Reps of the top tier are expected to spend {less} of their worked time",
        "than the others of their team; their other administrative activities have what these lose. Their",
        "categories differ a little too: `parameters` of `truth.json` has both.",
    ]
    return "\n".join(lines) + "\n"
