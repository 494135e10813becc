"""The command `check`: how good the logs are."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.accounts import print_accounts
from timewaste.cli.common import QUIET, STUDY, is_table, open_fresh, print_table, say, text
from timewaste.cli.quality import ASK, CHECK_FORMAT, CHECK_TABLES, print_quality, was_asked
from timewaste.cli.strangers import print_strangers
from timewaste.errors import EXIT_BAR_MISSED
from timewaste.wording import count, hours, percent, tenth

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from timewaste.study import Study

SHOWN_ISSUES = 40
SHOWN_LABELS = 15


@click.command()
@STUDY
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar of [bars] in timewaste.toml is missed.")
@click.option("--all", "show_all", is_flag=True, help=f"List every issue, not the first {SHOWN_ISSUES}.")
@click.option("--days", is_flag=True, help="List the account of every rep and day.")
@ASK
@CHECK_FORMAT
@QUIET
def check(study: Path, output_format: str, *, strict: bool, show_all: bool, days: bool, ask: bool, quiet: bool) -> None:
    """Show STUDY's log quality: what became of every row and second, and every issue with its place.

    \b
    Example:
      timewaste check acme --strict
    """  # noqa: D301
    opened, _ = open_fresh(study, quiet=quiet)
    if was_asked(opened, output_format, ask=ask, show_all=show_all):
        return
    names = [*CHECK_TABLES]
    if days:
        names.append("day_accounts")
    if "issues" in opened.stayed and not show_all:
        names.remove("issues")
        say("The issues one by one stayed on the cluster: --all says how to bring them.", quiet=quiet)
    frames = opened.frames(*names)
    missed = missed_bars(opened, frames)
    if output_format == "json":
        shown = {name: frames[name].to_dicts() for name in names if name != "rpt_measures"} | {"missed_bars": missed}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1, default=str))
    else:
        _print_check(frames, drawn=is_table(output_format), show_all=show_all, days=days)
        print_quality(frames, drawn=is_table(output_format))
        for line in missed:
            click.echo(f"Bar missed: {line}")
    if strict and missed:
        sys.exit(EXIT_BAR_MISSED)


def missed_bars(study: Study, frames: dict[str, pl.DataFrame]) -> list[str]:
    """Return a sentence for each bar of the config that the study misses."""
    config = study.config
    accounts = frames["rpt_accounts"].row(0, named=True)
    shares = dict(frames["rpt_measures"].filter(scope="all", kind="category").select("name", "share").iter_rows())
    unclassified = shares.get("unclassified") or 0.0
    data_rows = accounts["records"] - accounts["blank"] - accounts["skipped"]
    aside = accounts["set_aside"] / data_rows if data_rows else 0.0
    lines = []
    for what, value, bar in (
        ("unclassified share of hours", unclassified, config.max_unclassified_share),
        ("rows set aside", aside, config.max_set_aside_share),
    ):
        if value > bar:
            lines.append(f"{what} is {value * 100:.1f} %, more than {bar * 100:.1f} %")
    return lines


def _print_check(frames: dict[str, pl.DataFrame], *, drawn: bool, show_all: bool, days: bool) -> None:
    print_accounts(frames["source_accounts"].to_dicts(), drawn=drawn, title="What became of the rows")
    totals: dict[str, Any] = frames["rpt_accounts"].row(0, named=True)
    click.echo(
        f"Time logged {hours(totals['logged_hours'])} = counted {hours(totals['counted_hours'])}"
        f" + overlap {hours(totals['overlap_hours'])} + duplicates {hours(totals['duplicate_hours'])}"
        f" + set aside {hours(totals['set_aside_hours'])}"
    )
    click.echo(
        f"In seconds: {totals['logged_seconds']:,} = {totals['counted_seconds']:,} + {totals['overlap_seconds']:,}"
        f" + {totals['duplicate_seconds']:,} + {totals['set_aside_seconds']:,}"
    )
    if totals["unread_length"]:
        click.echo(f"{count(totals['unread_length'])} of the rows set aside give no readable length of time.")
    if totals["imputed_hours"]:
        share = percent(totals["imputed_hours"] / totals["logged_hours"])
        click.echo(
            f"{hours(totals['imputed_hours'])} of it, {share}, are lengths that [study] point_minutes gives to points "
            "in time."
        )
    click.echo()
    if frames["rpt_issue_counts"].is_empty():
        click.echo("No issues.\n")
    else:
        _print_issues(frames, drawn=drawn, show_all=show_all)
    if frames["rpt_unclassified_labels"].height:
        print_table(
            frames["rpt_unclassified_labels"].head(SHOWN_LABELS).to_dicts(),
            (("label", "Label", text), ("rule_id", "Rule", text), ("reps", ">Reps", count), ("hours", ">Hours", tenth)),
            drawn=drawn,
            title="Labels nobody could sort: a [[rule]] in timewaste.toml gives one its activity",
        )
    if frames["rpt_unplaced_stages"].height:
        print_table(
            frames["rpt_unplaced_stages"].to_dicts(),
            (("stage", "Stage", text), ("opportunities", ">Opportunities", count)),
            drawn=drawn,
            title="Stages in no step of the process: `stages` of a [[step]] in timewaste.toml gives one its step",
        )
    print_strangers(frames["unresolved_reps"], drawn=drawn)
    if days:
        columns = [("rep_id", "Rep", text), ("local_date", "Day", text)]
        columns += [(f"{name}_seconds", f">{name.replace('_', ' ').capitalize()}", count)
                    for name in ("logged", "counted", "overlap", "duplicate", "set_aside")]  # fmt: skip
        print_table(
            frames["day_accounts"].sort("rep_id", "local_date", nulls_last=True).to_dicts(),
            columns,
            drawn=drawn,
            title="Accounts in seconds",
        )


def _print_issues(frames: dict[str, pl.DataFrame], *, drawn: bool, show_all: bool) -> None:
    print_table(
        frames["rpt_issue_counts"].to_dicts(),
        (
            ("rule", "Issue", text), ("issues", ">Times", count), ("hours", ">Hours", tenth),
            ("treatment", "Treatment", text), ("title", "What it means", text),
        ),
        drawn=drawn, title="Issues by kind",
    )  # fmt: skip
    to_do = {row["rule"]: row["mend"] for row in frames["rpt_issue_counts"].to_dicts() if row["severity"] != "notice"}
    if to_do:
        click.secho("How to mend them", bold=True)
        click.echo("\n".join(f"{rule}: {mend}" for rule, mend in to_do.items()) + "\n")
    if "issues" not in frames:
        return
    issues = frames["issues"]
    shown = issues if show_all else issues.head(SHOWN_ISSUES)
    print_table(
        shown.to_dicts(),
        (
            ("file", "File", text), ("sheet", "Sheet", text), ("line", ">Line", text), ("rep_id", "Rep", text),
            ("local_date", "Day", text), ("rule", "Issue", text), ("value", "Value", text),
            ("treatment", "Treatment", text),
        ),
        drawn=drawn, title="Issues one by one",
    )  # fmt: skip
    if shown.height < issues.height:
        click.echo(f"… and {count(issues.height - shown.height)} more: --all lists them.\n")
