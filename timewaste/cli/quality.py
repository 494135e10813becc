"""What `check` prints of log quality: the 22 detectors, grades, results on both sides, and whom to ask."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.common import is_table, print_table, text
from timewaste.wording import NOT_MEASURED, count, counted, hours, number, percent, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from timewaste.study import Study

CHECK_TABLES = (
    "source_accounts", "rpt_accounts", "rpt_issue_counts", "issues", "rpt_unclassified_labels", "unresolved_reps",
    "rpt_unplaced_stages",
    "rpt_measures", "log_quality", "source_grades", "rpt_quality_sides", "leave_proposals",
)  # fmt: skip
SHOWN_SOURCES = 12
SHOWN_QUESTIONS = 40
CHECK_FORMAT = click.option(
    "--format",
    "output_format",
    type=click.Choice(["auto", "table", "plain", "json", "csv"]),
    default="auto",
    help="Tables on a terminal and plain text elsewhere, unless said otherwise; csv goes with --ask.",
)
ASK = click.option("--ask", is_flag=True, help="List whom to ask what, the longest time at stake first.")


def print_quality(frames: Mapping[str, pl.DataFrame], *, drawn: bool) -> None:
    """Print what the detectors found and changed, the grades, and the week with and without doubtful data."""
    rows = frames["log_quality"].to_dicts()
    found = [row for row in rows if has_found(row)]
    print_table(
        found,
        (
            ("detector", ">#", text), ("name", "Log quality", text), ("affected_rows", ">Rows", _blank),
            ("reps", ">Reps", _blank), ("days", ">Days", _blank), ("seconds", ">Time", _time),
            ("effect_points", ">Effect", points), ("treatment", "Treatment", text), ("found", "Found", text),
        ),
        drawn=drawn,
    )  # fmt: skip
    click.echo("Effect: the selling share as reported less the share under the other treatment, in points.")
    for head, some in (
        ("Nothing found", [row for row in rows if not has_found(row) and not row["reason"]]),
        ("Effect not measured", [row for row in found if row["reason"]]),
        ("Not measured", [row for row in rows if not has_found(row) and row["reason"]]),
    ):
        if some:
            click.echo(f"{head}: {_by_reason(some)}.")
    click.echo()
    _print_leave(frames["leave_proposals"])
    _print_grades(frames["source_grades"].to_dicts(), drawn=drawn)
    _print_sides(frames["rpt_quality_sides"].to_dicts(), drawn=drawn)


def _print_leave(proposals: pl.DataFrame) -> None:
    """Print the lines that leave.csv lacks, ready to be pasted: whoever knows the people decides which are right."""
    if proposals.is_empty():
        return
    import polars as pl

    from timewaste.asking.frame_writers import csv_bytes

    lines = proposals.sort("rep_id", "first_date", "last_date").select(
        "rep_id", "first_date", "last_date", kind=pl.lit("leave")
    )
    click.echo(
        "Looks like leave, by events of whole days and rows without a length. What is right goes into leave.csv, "
        "so that these days are missing no longer:"
    )
    click.echo("\n".join(map(plain, csv_bytes(lines).decode().splitlines())) + "\n")


def has_found(row: Mapping[str, Any]) -> bool:
    """Tell whether a detector found anything that deserves a line."""
    return bool(row["found"]) and bool(row["affected_rows"] or row["reps"] or row["days"] or row["seconds"])


def _by_reason(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return names with the reason they share, such as `A and B, because …; C, because …`."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row["reason"] or "", []).append(row["name"])
    return "; ".join(f"{', '.join(names)}{f', because {why}' if why else ''}" for why, names in reasons.items())


def _print_grades(grades: Sequence[dict[str, Any]], *, drawn: bool) -> None:
    of_study = [row for row in grades if row["source_id"] is None]
    sources = sorted((row for row in grades if row["source_id"] is not None), key=_worst_first)
    shown = [row | {"file": "The whole study"} for row in of_study] + sources[:SHOWN_SOURCES]
    print_table(
        shown,
        (
            ("file", "Grades", text), ("sheet", "Sheet", text), ("grade", "Grade", text),
            ("limited_by", "Because of", text), ("coverage_share", ">Coverage", percent),
            ("vague_share", ">Vague", percent), ("set_aside_share", ">Set aside", percent),
            ("heaping_index", ">Heaping", _index), ("backfill_share", ">Later", percent),
        ),
        drawn=drawn,
    )  # fmt: skip
    if len(sources) > SHOWN_SOURCES:
        click.echo(
            f"… and {counted(len(sources) - SHOWN_SOURCES, 'source', 'sources')} with the same grade or a better one: "
            "table source_grades.\n"
        )


def _worst_first(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return -ord(row["grade"] or "A"), row["file"] or "", row["sheet"] or ""


def _print_sides(sides: Sequence[dict[str, Any]], *, drawn: bool) -> None:
    both = [
        row
        | {"change": None if None in (row["share"], row["sound_share"]) else 100 * (row["sound_share"] - row["share"])}
        for row in sides
        if row["hours"]
    ]
    print_table(
        both,
        (
            ("category", "With and without doubtful data", text), ("hours", ">All", hours), ("share", ">Share", _share),
            ("sound_hours", ">Without", hours), ("sound_share", ">Share", _share), ("change", ">Points", _points),
        ),
        drawn=drawn,
    )  # fmt: skip


def was_asked(study: Study, output_format: str, *, ask: bool, show_all: bool) -> bool:
    """Print whom to ask if that is wanted, and tell whether it was. Raises `UsageError` for CSV of anything else."""
    if output_format == "csv" and not ask:
        raise click.UsageError("--format csv goes with --ask.")
    if ask:
        print_questions(study, output_format, show_all=show_all)
    return ask


def print_questions(study: Study, output_format: str, *, show_all: bool) -> None:
    """Print whom to ask what: as tables, JSON or CSV."""
    frame = study.frame("reps_to_ask")
    if output_format == "json":
        click.echo(json.dumps(frame.to_dicts(), ensure_ascii=False, indent=1, default=str))
        return
    if output_format == "csv":
        from timewaste.asking.frame_writers import csv_bytes

        sys.stdout.buffer.write(csv_bytes(frame))
        return
    if frame.is_empty():
        click.echo("Nobody needs to be asked anything.")
        return
    shown = frame if show_all else frame.head(SHOWN_QUESTIONS)
    print_table(
        shown.to_dicts(),
        (
            ("rep_id", "Rep", text), ("team", "Team", text), ("at_stake_seconds", ">At stake", _time),
            ("question", "Question", text),
        ),
        drawn=is_table(output_format),
        title="Whom to ask today; for your eyes, not for sharing",
    )  # fmt: skip
    if shown.height < frame.height:
        click.echo(f"… and {count(frame.height - shown.height)} more: --all lists them.")


def points(value: object) -> str:
    """Return points with their sign, such as `+0.25`; `<0.01` for what is there but small."""
    found = number(value)
    if found is None:
        return NOT_MEASURED
    if found == 0:
        return "0"
    return "<0.01" if abs(found) < 0.005 else f"{found:+.2f}"


def _time(seconds: object) -> str:
    found = number(seconds)
    return "" if found is None else hours(found / 3600)


def _blank(value: object) -> str:
    return "" if value is None else count(value)


def _index(value: object) -> str:
    found = number(value)
    return NOT_MEASURED if found is None else f"{found:.2f}"


def _points(value: object) -> str:
    return "" if value is None else points(value)


def _share(value: object) -> str:
    return "" if value is None else percent(value)
