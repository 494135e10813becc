"""Commands about the logs themselves: `load` and `check`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.common import FORMAT, QUIET, STUDY, is_table, open_fresh, print_table, say, text
from timewaste.cli.strangers import print_strangers
from timewaste.errors import EXIT_BAR_MISSED, EXIT_INTERRUPTED, StudyError, TimewasteError
from timewaste.wording import count, counted, hours, tenth

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from timewaste.cli.common import Update
    from timewaste.stopwatch import Stopwatch
    from timewaste.study import Refresh, Study, Tell

SHOWN_ISSUES = 40
SHOWN_LABELS = 15
SHOWN_STEPS = 15
ACCOUNT = (
    ("file", "File", text), ("sheet", "Sheet", text), ("records", ">Rows", count), ("entries", ">Entries", count),
    ("duplicates", ">Duplicates", count), ("set_aside", ">Set aside", count), ("blank", ">Blank", count),
    ("skipped", ">Skipped", count),
)  # fmt: skip
CHECKED = (
    "source_accounts", "rpt_accounts", "rpt_issue_counts", "issues", "rpt_unclassified_labels", "unresolved_reps",
    "rpt_measures",
)  # fmt: skip


@click.command()
@STUDY
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    help="Where the tables are made: on this machine, or on a cluster. As before, unless said otherwise.",
)
@click.option("--remote", metavar="URL", help="The Spark Connect server, as sc://HOST:15002.")
@click.option(
    "--staged",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that the cluster sees under the same path, for the staged entries. STUDY/staged if not given.",
)
@click.option("--bring", multiple=True, metavar="TABLE", help="A table whose rows shall not stay on the cluster.")
@click.option("--profile", is_flag=True, help="Show where the time went, step by step, and what bounds each step.")
@FORMAT
@QUIET
def load(
    study: Path,
    files: tuple[Path, ...],
    engine: str | None,
    remote: str | None,
    staged: Path | None,
    bring: tuple[str, ...],
    output_format: str,
    *,
    profile: bool,
    quiet: bool,
) -> None:
    """Read what is new or changed in STUDY's logs and show, per file, what became of its rows.

    Named FILES that lie elsewhere are copied into logs/ first.

    \b
    Example:
      timewaste load acme ~/Downloads/week-12.xlsx
    """  # noqa: D301
    update = _update(engine, remote, staged, bring)
    copied = _copy_in(study, files)
    watch = _stopwatch(study) if profile else None
    try:
        opened, refresh = open_fresh(study, quiet=quiet, watch=watch, update=update)
    except TimewasteError:
        for copy in copied:  # the study stays as it was, its logs too
            copy.unlink()
        raise
    if watch:
        _print_profile(watch, drawn=is_table(output_format))
        return
    accounts = sorted(opened.rows("source_accounts")["source_accounts"], key=_by_file)
    if output_format == "json":
        click.echo(json.dumps(accounts, ensure_ascii=False, indent=1))
        return
    print_table(accounts, ACCOUNT, drawn=is_table(output_format))
    intake = refresh.intake
    changed = len(set(intake.read) & set(intake.replaced))
    done = f"{len(intake.read) - changed} new, {changed} changed, {len(intake.removed)} gone"
    files_read = len({row["file"] for row in accounts})
    say(f"{counted(files_read, 'file', 'files')}: {done}; {len(refresh.models)} tables built.", quiet=quiet)


def _update(engine: str | None, remote: str | None, staged: Path | None, bring: tuple[str, ...]) -> Update:
    """Return what brings a study up to date on the engine that is named."""
    if engine != "spark":
        if remote or staged or bring:
            raise click.UsageError("--remote, --staged and --bring go with --engine spark.")
        return lambda study, tell: study.refresh(tell, anew=engine == "duckdb")
    if not remote:
        raise click.UsageError("--engine spark needs --remote sc://HOST:15002, the address of its server.")

    def there(study: Study, tell: Tell) -> Refresh:
        from timewaste.engines import load_on_cluster

        try:
            return load_on_cluster(study, remote, staged, bring, tell)
        except KeyboardInterrupt:  # reading the logs is kept, so the study is not as it was
            say("Interrupted; what was read of the logs is kept. The same command goes on from there.", quiet=False)
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None

    return there


def _by_file(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["file"] or "", row["sheet"] or ""


def _stopwatch(study: Path) -> Stopwatch:
    from timewaste.logs import log_paths
    from timewaste.stopwatch import Stopwatch

    return Stopwatch({shown for _, shown in log_paths(study)})


def _print_profile(watch: Stopwatch, *, drawn: bool) -> None:
    from timewaste.stopwatch import Step, peak_megabytes

    steps = watch.steps()
    wall, cpu = sum(step.wall_seconds for step in steps), sum(step.cpu_seconds for step in steps)
    rows = [step._asdict() | {"bound": step.bound_by} for step in steps[:SHOWN_STEPS]]
    if rest := steps[SHOWN_STEPS:]:
        name = counted(len(rest), "more step", "more steps")
        rows.append(
            Step(name, sum(s.wall_seconds for s in rest), sum(s.cpu_seconds for s in rest))._asdict() | {"bound": ""}
        )
    columns = (
        ("name", "Step", text), ("wall_seconds", ">Seconds", "{:.2f}".format),
        ("cpu_seconds", ">CPU seconds", "{:.2f}".format), ("share", ">Share", "{:.0%}".format),
        ("bound", "Bound by", text),
    )  # fmt: skip
    print_table([row | {"share": row["cpu_seconds"] / cpu} for row in rows], columns, drawn=drawn)
    peak = peak_megabytes()
    memory = f", at most {peak:,.0f} MB of memory" if peak else ""
    click.echo(f"In all {wall:.2f} seconds, {cpu:.2f} of CPU{memory}.")


def _copy_in(study: Path, files: tuple[Path, ...]) -> list[Path]:
    """Copy the files that lie elsewhere into the study's logs, and return the copies."""
    from timewaste.logs import log_paths
    from timewaste.study import Study

    logs = study / "logs"
    if files and not logs.is_dir() and log_paths(Study(study).folder):
        logs = study  # a plain folder of logs stays one: a new logs/ would hide the files beside it
    copied = []
    for file in files:
        target = logs / file.name
        if file.resolve().is_relative_to(logs.resolve()):
            continue
        if target.exists() and target.read_bytes() != file.read_bytes():
            raise StudyError(
                "another file of this name is there already", where=str(target),
                mend="Rename one of them; or delete the old one if this is its newer version.",
            )  # fmt: skip
        if not target.exists():
            logs.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
            copied.append(target)
    return copied


@click.command()
@STUDY
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar of [bars] in timewaste.toml is missed.")
@click.option("--all", "show_all", is_flag=True, help=f"List every issue, not the first {SHOWN_ISSUES}.")
@click.option("--days", is_flag=True, help="List the account of every rep and day.")
@FORMAT
@QUIET
def check(study: Path, output_format: str, *, strict: bool, show_all: bool, days: bool, quiet: bool) -> None:
    """Show STUDY's log quality: what became of every row and second, and every issue with its place.

    \b
    Example:
      timewaste check acme --strict
    """  # noqa: D301
    opened, _ = open_fresh(study, quiet=quiet)
    names = list(CHECKED)
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
    print_table(
        sorted(frames["source_accounts"].to_dicts(), key=_by_file),
        ACCOUNT,
        drawn=drawn,
        title="What became of the rows",
    )
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
