"""Write what can be read off the program: docs/cli.md, docs/tables.md, docs/questions.md, the lists in other pages.

`python docs/generate.py` writes, `python docs/generate.py --check` only compares and exits with 1 when a file
is not as it would be written. Same program, same bytes: nothing here depends on the terminal, the clock or chance.
"""  # noqa: INP001 - a script beside the pages it writes

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import textwrap
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from entities import entities_svg
from tables_page import tables_page

from timewaste.charts.export import svg
from timewaste.cli import cli
from timewaste.cli.accounts import print_readings
from timewaste.cli.answers import SUMMARY_TABLES, print_summary
from timewaste.cli.overview import print_overview
from timewaste.config import (
    BLOCKS,
    TABLES,
    load_defaults,
    load_issue_rules,
)
from timewaste.questions import questions
from timewaste.readers.layouts import layouts
from timewaste.settings import (
    DATE_ORDERS,
    DURATION_UNITS,
    INSTRUMENTS,
    OVERRIDE_VALUES,
    PERSONAL_BELOW,
    RAW_FIELDS,
    TABLE_KINDS,
    Config,
)
from timewaste.side_tables import SIDE_TABLES
from timewaste.study import Study, open_study
from timewaste.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from timewaste.questions import Question

DOCS = Path(__file__).resolve().parent
COLUMNS = 100
NOTE = "<!-- Written by docs/generate.py. Do not edit: change what it is read from, then run `make docs`. -->"

# ------------------------------------------------------------------- meanings
# What the program cannot say itself. A key or column without a meaning stops the run: see `_meaning`.


def _one_of(values: Iterable[str]) -> str:
    *others, last = (f"`{value}`" for value in values)
    return f"{', '.join(others)} or {last}"


KEYS = {
    "study.title": "Stands over the report.",
    "study.currency": "Stands before every sum of money, such as `EUR`.",
    "study.time_zone": "IANA name of the zone the logs' clock times are in, such as `Europe/Berlin`.",
    "study.workdays_per_week": "Days in a working week, 1 to 7.",
    "study.workday_hours": "Hours in a working day, up to 24. The stream map counts waiting in these days.",
    "study.workday_starts": "When the working day starts, as `HH:MM`.",
    "study.earliest_date": "Dates before it are set aside as mistakes. Written without quotes.",
    "study.latest_date": "Dates after it are set aside as mistakes. Written without quotes.",
    "study.country": "Two letters of the country whose public holidays are no working days, such as `DE`.",
    "study.region": "Region of that country with holidays of its own, such as `BY`.",
    "study.holidays": "More days off, as `[2026-12-24, 2026-12-31]`. Leave of single reps stands in leave.csv.",
    "study.point_minutes": "Length given to entries that are a point in time, by channel, as "
    '`{ call = 10, email = 5 }`; `"*"` for any other. Such hours are marked, and `timewaste check` shows them.',
    "privacy.keep_urls": "Keep web addresses whole. Otherwise they are cut to their host: the rest can tell secrets.",
    "study.instruments": "Instruments, best first: where several tell the same time of a rep, the first one counts.",
    "privacy.min_group": "Nothing that is shared shows fewer people than this.",
    "privacy.all_agree": f"All who took part agree to be shown. A `min_group` below {PERSONAL_BELOW} needs it: "
    "each person can be told then.",
    "cost.rate": "Loaded cost of an hour. Without it no money is shown.",
    "cost.roles": "Loaded cost of an hour by role; goes before `rate`. As `[cost.roles]` with one line for each role.",
    "bars.max_unclassified_share": "Bar of `timewaste check --strict`: share of worked hours no rule knows, 0 to 1.",
    "bars.max_set_aside_share": "Bar of `timewaste check --strict`: share of rows set aside, 0 to 1.",
    "source.match": "Pattern over the path below `logs/`, such as `north/*.csv`. The first block that matches counts; "
    "blocks of the same pattern are put together.",
    "source.skip": "`true`: do not read these files.",
    "source.format": "Name of the export's format, such as `toggl`, where the file is not recognised by itself.",
    "source.sheet": "Name of the one sheet to read. Otherwise every sheet that holds a log is read.",
    "source.encoding": "Encoding of a text file, such as `cp1252`. Otherwise it is UTF-8, or UTF-16 with its mark.",
    "source.delimiter": "Character between the cells of a text file. Otherwise it is found.",
    "source.header_line": "Line of the header row, counted from 1. Otherwise (0) it is found.",
    "source.date_order": f"What 03/04/2026 means: {_one_of(DATE_ORDERS)}. Otherwise the file's dates must prove it.",
    "source.century": "`2000`: the year of 16.03.26 is 2026. Without it two-digit years are asked about.",
    "source.year": "Year of dates that name none, such as 18.03. Without it they are asked about.",
    "source.decimal_mark": 'What 1,500 means: `"."` or `","`. Otherwise the file\'s numbers must prove it.',
    "source.duration_unit": f"Unit of bare numbers: {_one_of(DURATION_UNITS)}. Otherwise the header must tell it.",
    "source.rep": '`"file"`: the file is named after the rep. `"sheet"`: the sheet is. Else the name of the one rep.',
    "source.instrument": f"How the time was taken: {_one_of(INSTRUMENTS)}.",
    "source.time_zone": "Zone of these files' clock times, where it is not the study's.",
    "source.skip_sheets": 'Sheets of a workbook to leave out, such as `["Summary", "Template*"]`. None: those named '
    "like a summary or template, where every other sheet is one rep's. `[]`: leave none out.",
    "source.include_hidden": "Read hidden sheets of a workbook too.",
    "source.fill_merged": "Let what stands in a merged cell count for every row that it covers. Never a length.",
    "source.fill_down": "In a worksheet, let an empty rep or date mean the one above. None: where the sheet shows so.",
    "source.week_start": "First day of a worksheet's first week, where it names weekdays only: `2026-03-02`.",
    "source.slot_minutes": "How long a slot of a grid is, where its clock times do not tell.",
    "source.columns": 'Field = header in the file: `columns = { label = "Was getan" }`. Goes before the known headers.',
    "source.from_date": "First day that counts in these calendars: `from_date = 2026-03-02`.",
    "source.to_date": "Last day that counts in these calendars; a series without an end stops there.",
    "source.tz_alias": 'Zones of a calendar that nobody knows: `tz_alias = { "Our zone" = "Europe/Berlin" }`.',
    "step.name": "Name of the step. With one `[[step]]` block the packaged steps no longer count.",
    "step.journey": "What the customer does meanwhile.",
    "step.stages": "Names of the CRM stages that belong to the step.",
    "activity.code": "Code of the activity. A code of the packaged taxonomy replaces that activity.",
    "activity.name": "Name as it stands in the report.",
    "activity.group": "Group it stands in.",
    "activity.category": "Category, as in the packaged taxonomy.",
    "activity.value_class": "Value class, as in the packaged taxonomy.",
    "activity.customer_facing": "`true` when the customer is there.",
    "activity.step": "Name of the step it belongs to; empty for work outside the steps.",
    "rule.id": "Name of the rule; it stands beside every entry the rule has classified.",
    "rule.match": "Regular expression, found anywhere in the label, in any case. The first match counts, yours first.",
    "rule.activity": "Code of the activity it means.",
    "rule.because": "Why, for whoever reads it later.",
    "override.activity": "Code of the activity that is judged.",
    "override.field": f"What is judged: {_one_of(OVERRIDE_VALUES)}.",
    "override.value": "The judgement. Each field has its own values: see below.",
    "override.reason": "Why. It is printed in the report.",
    "override.by": "Who says so.",
    "override.date": "When, such as `2026-03-31`.",
    "table.name": "Name of the table in SQL: lowercase letters, digits, underscores. Not one of the study's tables.",
    "table.file": "The file, below the study's folder and outside of `logs/`: CSV, a workbook or Parquet.",
    "table.about": "What a row says, in a sentence. Stands with the table wherever tables are listed.",
    "table.grain": "What a row is, such as `one row per rep and quarter.`",
    "table.sheet": "The sheet of a workbook, where several hold something.",
    "table.header_line": "Line or row of the header. Otherwise (0) the first one with two filled cells.",
    "table.encoding": "Encoding of a text file, such as `cp1252`. Otherwise it is UTF-8, or UTF-16 with its mark.",
    "table.delimiter": "Character between the cells of a text file. Otherwise it is found.",
    "table.rep": "Column that says whose a row is; the table gets a column `rep_id`.",
    "table.columns": "What columns hold, by header or by name: "
    '`columns = { "Quota (EUR)" = "number" }`. One of ' + _one_of(TABLE_KINDS) + ".",
    "table.date_order": f"What 03/04/2026 means: {_one_of(DATE_ORDERS)}. Otherwise the column's dates must prove it.",
    "table.decimal_mark": 'What 1,500 means: `"."` or `","`. Otherwise the column\'s numbers must prove it.',
    "table.empty": 'Cells that mean nothing: `empty = ["n/a", "-"]`.',
    "table.expect": 'What must be true of the rows: `expect = ["unique(rep_id, quarter)", "not_null(rep_id)", '
    '"check(quota > 0)"]`.',
}  # fmt: skip

SIDE_FILES = {
    "raw_reps": ("Who takes part, and where they belong. Without it everybody who logged is one team.", {
        "rep_id": "Name of the rep within the study; every rep has one of their own.",
        "name": "Name as it may stand in the logs.",
        "email": "Address as it may stand in the logs.",
        "aliases": "Other spellings, parted by semicolons: `J. Smith; jsmith`, ids of a CRM.",
        "team": "Team; empty means `No team`.",
        "role": "Role, as in `[cost.roles]`; empty means `no role`.",
        "region": "Region.",
        "hired_on": "First day of work, `2026-03-31`.",
        "tier": "`top`, `core` or `bottom` by results. Top performers are compared with the rest.",
        "fte": "Part of a full working week, such as 0.8; empty means 1.",
        "holiday_region": "Whose public holidays count: `BY`, or `AT-9` in another country. Else the study's.",
        "time_zone": "IANA name of the rep's zone, where it is not the study's; a zone that a file names goes before.",
    }),
    "raw_aliases": ("Spellings that the roster does not have. `timewaste check` prints the lines, ready to paste.", {
        "alias": "Who logged, as it stands in the logs.",
        "rep_id": "Whose spelling it is, as in reps.csv.",
    }),
    "raw_opportunities": ("Opportunities, as the CRM exports them. Without it there is no stream map.", {
        "opportunity_id": "Name of the opportunity; every one has its own. The logs use the same.",
        "account": "Customer.",
        "rep_id": "Rep whose opportunity it is.",
        "source": "Where it came from.",
        "amount": "Worth, a plain number with a point before the decimals.",
        "created_on": "Day it was made.",
        "closed_on": "Day it was won or lost; empty while it is open.",
        "outcome": "`won` or `lost`; empty while it is open.",
    }),
    "raw_stage_events": ("When each opportunity entered each stage. Without it there is no stream map.", {
        "opportunity_id": "Name of the opportunity.",
        "stage": "Name of the stage as the CRM has it. `Won` or `Lost` ends it.",
        "entered_at": "`2026-03-02 10:15`, local time of the study; a day alone means its first minute.",
    }),
    "raw_leave": ("Who was away and when: such days need no log. See [log-quality.md](log-quality.md).", {
        "rep_id": "Name of the rep, as in reps.csv.",
        "first_date": "First day away, `2026-03-02`.",
        "last_date": "Last day away; empty means the first.",
        "kind": "Such as `holiday` or `sick`; empty means `leave`.",
        "share": "Part of each day, such as 0.5; empty means all of it.",
    }),
}  # fmt: skip

FIELD_MEANINGS = {
    "rep": "Who logged. Name, e-mail address or `rep_id`.",
    "date_text": "Day.",
    "start_text": "Start; may hold the day as well.",
    "end_date_text": "Last day, where it is not the first.",
    "end_text": "End; may hold the day as well.",
    "duration_text": "Length of time. A unit in the header counts.",
    "label": "What was done.",
    "code": "Code of the activity, where the log has one.",
    "account": "Customer.",
    "opportunity": "Name of the opportunity, as in opportunities.csv.",
    "stage": "Stage of the opportunity.",
    "channel": "How it was done, such as telephone or e-mail.",
    "notes": "Anything else.",
    "logged_text": "When the line was written.",
    "rework": "Whether it repeats work that was done before.",
    "could_do": "Who else could have done it.",
    "waiting_on": "Who or what was waited for.",
}


def _meaning(meanings: Mapping[str, str], name: str) -> str:
    if name not in meanings:
        sys.exit(f"docs/generate.py: say what {name} means")
    return meanings[name]


# --------------------------------------------------------------------- cli.md


def cli_page() -> str:
    """Return docs/cli.md: the help of every command, 100 columns wide whatever the terminal."""
    top = cli.make_context("timewaste", [], resilient_parsing=True, terminal_width=COLUMNS)
    parts = ["# Commands", NOTE, CLI_WORDS, "## timewaste", _text_block(cli.get_help(top))]
    for name in cli.list_commands(top):
        command = cli.get_command(top, name)
        if command is None:
            continue
        context = command.make_context(name, [], parent=top, resilient_parsing=True)
        parts += [f"## timewaste {name}", _text_block(command.get_help(context))]
    return "\n\n".join(parts) + "\n"


CLI_WORDS = """\
Data goes to stdout, talk and progress to stderr. On a terminal tables are drawn; in a pipe they are plain text.

| exit code | means |
|---:|---|
| 0 | done |
| 1 | `check --strict`: the study misses a bar of its own |
| 2 | something you can mend: the message says what, where and how |
| 3 | a fault in timewaste: the message names a log file to send |
| 130 | you interrupted it; the study is as it was |"""


def _text_block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


# ------------------------------------------------------------ study-folder.md


def study_lists() -> dict[str, str]:
    """Return the lists that stand between marks in docs/study-folder.md, by mark."""
    return {"side files": _side_files(), "settings": _settings(), "headers": _headers()}


def _side_files() -> str:
    parts = []
    for table, (name, required, optional) in SIDE_TABLES.items():
        what, meanings = SIDE_FILES[table]
        lines = [f"### {name}", "", what, "", "| column | | holds |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {'required' if column in required else ''} | {_meaning(meanings, column)} |"
            for column in (*required, *optional)
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _activities() -> str:
    """Return the codes that a rule may give."""
    rows = [
        f"| `{activity['code']}` | {activity['name']} | {activity['category']} |"
        for activity in load_defaults("taxonomy.toml")["activity"]
    ]
    words = 'What `activity` of a rule may be; with a study\'s own: `timewaste sql STUDY "from cfg_taxonomy"`.'
    return "\n".join(["### The activities", "", words, "", "| code | activity | category |", "|---|---|---|", *rows])


def _settings() -> str:
    parts = []
    study_defaults = {"roles" if f.name == "role_rates" else f.name: _default(f) for f in fields(Config)}
    for table, allowed in TABLES.items():
        if table == "limits":
            defaults: dict[str, Any] = load_defaults("verdicts.toml")["limits"]
            rows = [f"| `{key}` | {_toml(value)} |" for key, value in defaults.items()]
            words = "Limits of the verdicts. What each is for stands in `timewaste/defaults/verdicts.toml`."
            parts.append("\n".join(["### [limits]", "", words, "", "| key | default |", "|---|---|", *rows]))
            continue
        if table == "quality":
            rows = [
                f"| `{limit['name']}` | {_toml(limit['value'])} | {limit['because']} |"
                for limit in load_defaults("quality.toml")["limit"]
            ]
            words = "Thresholds of log quality. What they are used for stands in [log-quality.md](log-quality.md)."
            parts.append("\n".join(["### [quality]", "", words, "", "| key | default | |", "|---|---|---|", *rows]))
            continue
        rows = [f"| `{key}` | {_toml(study_defaults[key])} | {_meaning(KEYS, f'{table}.{key}')} |" for key in allowed]
        parts.append("\n".join([f"### [{table}]", "", "| key | default | |", "|---|---|---|", *rows]))
    for block, (kind, allowed, required) in BLOCKS.items():
        block_defaults = {f.name: _default(f) for f in fields(kind)}
        rows = [
            f"| `{key}` | {'required' if key in required else _toml(block_defaults[key])} | "
            f"{_meaning(KEYS, f'{block}.{key}')} |"
            for key in allowed
        ]
        parts.append("\n".join([f"### [[{block}]]", "", "| key | default | |", "|---|---|---|", *rows]))
        if block == "rule":
            parts.append(_activities())
    values = "\n".join(
        f"- `{name}`: {', '.join(f'`{value}`' for value in allowed)}" for name, allowed in OVERRIDE_VALUES.items()
    )
    return "\n\n".join([*parts, f"Values of an override:\n\n{values}"])


def _default(spec: Any) -> object:  # noqa: ANN401 - a dataclass field of any kind
    if spec.default_factory is not MISSING:
        return spec.default_factory()
    return None if spec.default is MISSING else spec.default


def _toml(value: object) -> str:
    if value is None or value in ("", (), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[{}]`".format(", ".join(f'"{one}"' for one in value))
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _headers() -> str:
    known = {entry["name"]: entry["headers"] for entry in load_defaults("columns.toml")["field"]}
    lines = [
        f"| `{field}` | {_meaning(FIELD_MEANINGS, field)} | {', '.join(known.get(field, ()))} |"
        for field in RAW_FIELDS[:-1]  # the last one, extra, takes the columns that nobody knows
    ]
    return "\n".join(["| field | holds | headers that are recognised |", "|---|---|---|", *lines])


# ----------------------------------------------------------------- formats.md


def known_layouts() -> str:
    """Return the table of exports that are known, by what their rows are."""
    rows = ["| export | `format =` | its rows are | instrument |", "|---|---|---|---|"]
    for layout in sorted((one for one in layouts() if not one.refused[0]), key=lambda one: one.title.casefold()):
        targets = (layout.target, *(also.target for also in layout.also))
        words = " and ".join(target.replace("stage_events", "changes of stage") for target in targets)
        instrument = layout.instrument if layout.target == "entries" else ""
        rows.append(f"| {layout.title} | `{layout.name}` | {words} | {instrument.replace('_', ' ')} |")
    return "\n".join(rows)


def known_issues() -> str:
    """Return the table of what may be said of a record, by code."""
    rows = ["| code | what it means | what to do | |", "|---|---|---|---|"]
    for rule in sorted(load_issue_rules(), key=lambda rule: rule["code"]):
        title, mend = (rule[part].replace("|", "\\|") for part in ("title", "mend"))
        rows.append(f"| `{rule['code']}` | {title} | {mend} | {rule['severity']} |")
    return "\n".join(rows)


def with_lists(text: str, lists: Mapping[str, str]) -> str:
    """Return the page with each list put between `<!-- begin NAME -->` and `<!-- end NAME -->`."""
    for name, content in lists.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            sys.exit(f"docs/generate.py: the page needs one {begin} and one {end}")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{content}\n{end}{rest.partition(end)[2]}"
    return text


# ------------------------------------------------------------ the sample study


def sample_answer() -> tuple[str, str, str, str]:
    """Return what `timewaste summary sample_logs` prints, in short, its value-stream map, questions.md, tables.md."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sample_logs"
        shutil.copytree(DOCS.parent / "sample_logs", copy, ignore=shutil.ignore_patterns("*.duckdb*", "report.html"))
        study = open_study(copy)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            print_summary(study.rows(*SUMMARY_TABLES), drawn=False)
        head, facts, measures, _week, wasters, decided, *_ = printed.getvalue().split("\n\n")
        shown = [*wasters.split("\n")[:9], "…"]
        text = "\n\n".join([*(_filled(part) for part in (head, facts)), measures, "\n".join(shown), decided])
        printed_summary = f"```text\n$ timewaste summary sample_logs\n{text}\n```"
        picture = svg(study.chart("value-stream"))
        return printed_summary, picture, questions_page(study), tables_page(NOTE, study)


def sample_reading() -> str:
    """Return how `timewaste load sample_logs/formats --dry-run` begins."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "formats"
        shutil.copytree(DOCS.parent / "sample_logs" / "formats", copy, ignore=shutil.ignore_patterns("*.duckdb*"))
        _, tables = Study(copy).rehearse("rpt_sources", "rpt_source_issues")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        print_overview(tables["rpt_sources"], [], drawn=False)
        print_readings(tables["rpt_sources"], tables["rpt_source_issues"], show_all=True)
    table, *shown = printed.getvalue().split("\n\n")[:3]
    shown.insert(0, "\n".join([*table.split("\n")[:9], "\u2026"]))
    return "```text\n" + "\n\n".join(shown) + "\n\n…\n```"


def _filled(text: str) -> str:
    return "\n".join(textwrap.fill(line, 118) for line in text.split("\n"))


# ---------------------------------------------------------------- questions.md

SHOWN_ROWS = 8

QUESTIONS_WORDS = """\
Each has a name: `timewaste sql STUDY @rework` asks it, `timewaste sql STUDY --list` lists them all, and
`--set name=value` sets a parameter. They stand in `queries/explore/`, to copy and change: they read the tables of
[tables.md](tables.md), and hours are counted hours unless the sentence says otherwise. Groups stand in an answer
however few reps they are: hand on none smaller than `min_group`.

A study has questions of its own: put a SELECT into its folder as `queries/explore/NAME.sql`, with a header that says
what it asks. One of the same name takes the place of the one below.

```sql
-- Which customers of one rep took most time?
-- Grain: one row per account.
-- Set: rep = anna (rep_id looked at)
-- Set: limit = 10 (accounts shown)
```

What follows is what the [sample study](../sample_logs/README.md) answers, as it is set here."""


def questions_page(study: Study) -> str:
    """Return docs/questions.md: every named question, its parameters, and how the sample study's answer begins."""
    asked = questions()
    listed = "\n".join(f"- [{one.name}](#{one.name}): {one.sentence.partition('?')[0]}?" for one in asked)
    entries = [_question_entry(one, study.sql(one.sql, **one.values())) for one in asked]
    return "\n\n".join(["# Named questions", NOTE, QUESTIONS_WORDS, listed, *entries]) + "\n"


def _question_entry(asked: Question, frame: pl.DataFrame) -> str:
    parts = [f"## {asked.name}", asked.sentence, f"Grain: {asked.grain}"]
    if asked.parameters:
        rows = [f"| `{name}` | `{default}` | {meaning} |" for name, default, meaning in asked.parameters]
        parts.append("\n".join(["| parameter | default | means |", "|---|---|---|", *rows]))
    if frame.is_empty():
        return "\n\n".join([*parts, "The sample study has nothing of the kind: no rows."])
    lines = [
        f"| {' | '.join(frame.columns)} |",
        f"|{'|'.join('---:' if kind.is_numeric() else '---' for kind in frame.dtypes)}|",
        *(f"| {' | '.join(map(_shown, row))} |" for row in frame.head(SHOWN_ROWS).rows()),
    ]
    more = frame.height - SHOWN_ROWS
    return "\n\n".join(
        [*parts, "\n".join(lines), *([f"… and {counted(more, 'row', 'rows')} more."] if more > 0 else [])]
    )


def _shown(cell: object) -> str:
    """Return a cell as a table of a page shows it: lower-case truth, nothing for nothing, no mark-up of its own."""
    text = str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)
    return "".join(f"\\{sign}" if sign in "|*_<`[" else sign for sign in text)


# ---------------------------------------------------------------------- files


def pages(docs: Path = DOCS) -> dict[str, str]:
    """Return every generated page by file name."""
    by_hand = (docs / "study-folder.md").read_text(encoding="utf-8")
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    answer, picture, asked, tables = sample_answer()
    return {
        "bad-input.md": with_lists((docs / "bad-input.md").read_text(encoding="utf-8"), {"issues": known_issues()}),
        "cli.md": cli_page(),
        "tables.md": tables,
        "entities.svg": entities_svg(),
        "questions.md": asked,
        "formats.md": with_lists((docs / "formats.md").read_text(encoding="utf-8"), {"layouts": known_layouts()}),
        "study-folder.md": with_lists(by_hand, study_lists()),
        "value-stream-map.svg": picture,
        "../README.md": with_lists(readme, {"summary": answer, "formats": sample_reading()}),
    }


def outdated(made: Mapping[str, str], docs: Path = DOCS) -> list[str]:
    """Return the names of the pages that are not as they would be written."""
    there = {name: docs / name for name in made}
    return [
        name for name, text in made.items()
        if not there[name].is_file() or there[name].read_bytes() != text.encode()
    ]  # fmt: skip


def main(arguments: list[str], docs: Path = DOCS) -> int:
    """Write the pages, or with `--check` say which ones are out of date."""
    made = pages(docs)
    late = outdated(made, docs)
    if "--check" in arguments:
        for name in late:
            sys.stderr.write(f"docs/{name} is out of date: make docs\n")
        return 1 if late else 0
    for name in late:
        (docs / name).write_bytes(made[name].encode())
        sys.stdout.write(f"wrote docs/{name}\n")
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # as `timewaste` does: at the interpreter's own end DuckDB prints forty lines of its own
