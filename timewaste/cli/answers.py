"""Commands that give the answer: `summary`, `chart`, `report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.common import FORMAT, QUIET, STUDY, command, is_table, open_fresh, print_table, say, text
from timewaste.errors import StudyError
from timewaste.wording import count, counted, grade_sentence, hours, hours_range, money, percent, percent_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUMMARY_TABLES = (
    "rpt_headline", "rpt_facts", "rpt_measures", "rpt_week_by_category", "rpt_wasters", "rpt_actions", "rpt_accounts",
    "rpt_stream_totals", "rpt_grade",
)  # fmt: skip
MEASURES = {
    "selling_strict": "Selling, strict: with the customer",
    "selling_standard": "Selling",
    "selling_broad": "Selling, broad: with preparation",
    "administrative_wide": "Administrative in the wide sense",
    "functional": "  of it functional",
    "administrative": "  of it administrative",
}


@click.command()
@STUDY
@FORMAT
@QUIET
def summary(study: Path, output_format: str, *, quiet: bool) -> None:
    """Print the answer for STUDY: selling time, the week, the top wasters and their verdicts.

    \b
    Example:
      timewaste summary acme
    """  # noqa: D301
    opened, _ = open_fresh(study, quiet=quiet)
    tables = opened.rows(*SUMMARY_TABLES)
    if output_format == "json":
        click.echo(json.dumps(tables, ensure_ascii=False, indent=1, default=str))
        return
    print_summary(tables, drawn=is_table(output_format))


def print_summary(tables: Mapping[str, Sequence[dict[str, Any]]], *, drawn: bool) -> None:
    """Print the answer, headline first; `tables` are the rows of `SUMMARY_TABLES`."""
    facts = tables["rpt_facts"][0]
    if facts["title"]:
        click.echo(facts["title"])
    click.echo(f"{tables['rpt_headline'][0]['headline']}\n")
    click.echo(
        f"{counted(facts['reps'], 'rep', 'reps')}, {facts['first_date']} to {facts['last_date']}, "
        f"{counted(facts['entries'], 'entry', 'entries')} ({facts['instruments'] or 'no instrument'}), "
        f"{hours(facts['week_hours'])} worked per rep and week. "
        f"Ranges hold 19 times in 20 for similar reps and weeks. {grade_sentence(**tables['rpt_grade'][0])}".rstrip()
        + "\n"
    )
    if facts["reps"] < facts["min_group"]:
        click.echo(
            f"Fewer than {facts['min_group']} reps: these figures describe people who can be told. Not for sharing.\n"
        )
    measures = {row["name"]: row for row in tables["rpt_measures"] if row["scope"] == "all"}
    print_table(
        [_ranged(measures[name], "share") for name in MEASURES if name in measures],
        (
            ("name", "Where the week goes", MEASURES.__getitem__), ("hours_per_rep_week", ">Per rep and week", hours),
            ("share", ">Share", percent), ("range", ">Range", lambda ends: percent_range(*ends)),
        ),
        drawn=drawn,
    )  # fmt: skip
    print_table(
        [_ranged(row, "share") for row in tables["rpt_week_by_category"]],
        (
            ("team", "Team", text), ("category", "Category", text), ("reps", ">Reps", count),
            ("hours_per_rep_week", ">Per rep and week", hours), ("share", ">Share", percent),
            ("range", ">Range", lambda ends: percent_range(*ends)),
        ),
        drawn=drawn,
    )  # fmt: skip
    _print_wasters(tables, facts["currency"], drawn=drawn)


def _ranged(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the row with the ends of an estimate as one cell."""
    return row | {"range": (row[f"{name}_low"], row[f"{name}_high"])}


def _print_wasters(tables: Mapping[str, Sequence[dict[str, Any]]], currency: str, *, drawn: bool) -> None:
    print_table(
        [_ranged(row, "hours_per_rep_week") | {"judged": row} for row in tables["rpt_wasters"][:12]],
        (
            ("rank", ">#", count), ("activity", "Top wasters", text), ("judged", "Verdict", verdict_text),
            ("hours_per_rep_week", ">Per rep and week", hours),
            ("range", ">Range", lambda ends: hours_range(*ends)),
            ("cost_per_week", ">Cost a week", lambda value: money(value, currency)),
            ("cumulative_share", ">Adds up to", percent),
        ),
        drawn=drawn,
    )  # fmt: skip
    freed = "freed_hours_per_rep_week"
    decided = [row for row in tables["rpt_actions"] if (row[freed] or 0) > 0]
    if decided:
        print_table(
            [_ranged(row, freed) for row in sorted(decided, key=lambda row: (-row[freed], row["activity_code"]))],
            (
                ("activity", "What to do", text), ("verdict", "Verdict", text), ("route", "How", text),
                (freed, ">Frees", hours), ("range", ">Range", lambda ends: hours_range(*ends)),
                ("confidence", "Confidence", text),
            ),
            drawn=drawn,
        )  # fmt: skip
    totals = tables["rpt_accounts"][0]
    click.echo(
        f"Time logged {hours(totals['logged_hours'])} = counted {hours(totals['counted_hours'])}"
        f" + overlap {hours(totals['overlap_hours'])} + duplicates {hours(totals['duplicate_hours'])}"
        f" + set aside {hours(totals['set_aside_hours'])}. Details: {command('check')}"
    )


def verdict_text(judged: dict[str, Any]) -> str:
    """Return the verdict, with a question mark for a candidate."""
    return f"{judged['verdict'] or ''}{'?' if judged['is_candidate'] else ''}"


@click.command()
@STUDY
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it.")
@click.option("--list", "list_names", is_flag=True, help="List the charts.")
@QUIET
def chart(study: Path, name: str | None, output: Path | None, *, list_names: bool, quiet: bool) -> None:
    """Write the chart NAME of STUDY; the ending of the file decides: .html, .png, .svg, .pdf or .json.

    \b
    Example:
      timewaste chart acme value-stream -o map.svg
    """  # noqa: D301
    from difflib import get_close_matches

    from timewaste.charts import CHARTS

    if output and name is None:
        raise StudyError("no chart is named", mend=f"Name one before -o: {', '.join(CHARTS)}.")
    if list_names or name is None:
        for known in CHARTS.values():
            click.echo(f"{known.name:<14}{known.title}")
        return
    if name not in CHARTS:
        near = get_close_matches(name, CHARTS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Charts: {', '.join(CHARTS)}."
        raise StudyError(f"there is no chart {name!r}", mend=hint)
    from timewaste.charts.export import save

    opened, _ = open_fresh(study, quiet=quiet, output=output)
    target = output or Path(f"{name}.html")
    save(opened.chart(name), target)
    say(f"Wrote {target}", quiet=quiet)


@click.command()
@STUDY
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@QUIET
def report(study: Path, output: Path | None, *, quiet: bool) -> None:
    """Write the executive's page for STUDY, one HTML file that opens without a network, and print the answer.

    \b
    Example:
      timewaste report acme -o acme.html
    """  # noqa: D301
    opened, _ = open_fresh(study, quiet=quiet, output=output)
    path = opened.report(output)
    print_summary(opened.rows(*SUMMARY_TABLES), drawn=is_table("auto"))
    say(f"Wrote {path}", quiet=quiet)
