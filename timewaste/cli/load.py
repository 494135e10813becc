"""The command `load`: what is new in the logs is read, and told file by file."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.accounts import by_file, print_accounts, print_readings, say_lost, say_refused
from timewaste.cli.client_tables import print_client_tables, say_left_out
from timewaste.cli.common import (
    FORMAT,
    QUIET,
    STUDY,
    Progress,
    command,
    is_table,
    open_fresh,
    print_table,
    say,
    say_copies,
    text,
)  # fmt: skip
from timewaste.cli.overview import print_overview, say_open
from timewaste.errors import EXIT_INTERRUPTED, EXIT_USER, StudyError, TimewasteError
from timewaste.shared_folders import shared_by
from timewaste.toml_checks import how_to_say
from timewaste.wording import counted, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timewaste.cli.common import Update
    from timewaste.client_tables.told import ClientTable
    from timewaste.errors import ReadError
    from timewaste.stopwatch import Stopwatch
    from timewaste.study import Refresh, Study, Tables, Tell

SHOWN_STEPS = 15
_READINGS = ("rpt_sources", "rpt_source_issues")


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
@click.option("--dry-run", is_flag=True, help="Show how the files are understood, and keep nothing.")
@click.option("--explain", is_flag=True, help="Show how every file was understood, not only the new ones.")
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
    dry_run: bool,
    explain: bool,
    profile: bool,
    quiet: bool,
) -> None:
    """Read what is new or changed in STUDY's logs and tell, file by file, how it was understood.

    Named FILES that lie elsewhere are copied into logs/ first. A file that cannot be read does not stop the
    others: what is wrong with it and how to mend it is told at the end, with exit code 2.

    \b
    Example:
      timewaste load acme ~/Downloads/week-12.xlsx
    """  # noqa: D301
    if dry_run:
        if engine or remote or staged or bring:
            raise click.UsageError("--dry-run knows one engine, this machine: leave the other options away.")
        _rehearse(study, files, output_format, quiet=quiet)
        return
    update = _update(engine, remote, staged, bring)
    copied = _copy_in(study, files)
    watch = _stopwatch(study) if profile else None
    try:
        opened, refresh = open_fresh(study, quiet=quiet, watch=watch, update=update, tells_refusals=True)
    except TimewasteError:
        for copy in copied:  # the study stays as it was, its logs too
            copy.unlink()
        raise
    with opened.store():
        refused, tables = opened.refused_logs, opened.client_tables
        if watch:
            _print_profile(watch, drawn=is_table(output_format))
        else:
            shown = None if explain else set(refresh.intake.read)
            told = [t for t in tables if explain or t.name in refresh.fresh_tables or t.problems]
            _print_load(opened, opened.rows(*_READINGS), told, shown, refused, output_format)
            _say_done(refresh, opened, quiet=quiet or output_format == "json")
    _end(refused, tables)


def _rehearse(study: Path, files: tuple[Path, ...], output_format: str, *, quiet: bool) -> None:
    """Show what a load would do, and leave the study as it is."""
    from timewaste.study import Study

    copied = _copy_in(study, files)
    try:
        opened = Study(study)
        with Progress(quiet=quiet) as progress:
            refresh, tables = opened.rehearse(*_READINGS, tell=progress)
    finally:
        for copy in copied:
            copy.unlink()
    if not quiet:
        say_copies(refresh.intake.copies)
    _print_load(opened, tables, refresh.tables, None, refresh.intake.refused, output_format)
    say(f"Nothing was kept. To load: {command('load')}", quiet=quiet)
    _end(refresh.intake.refused, refresh.tables)


def _end(refused: list[ReadError], tables: Sequence[ClientTable]) -> None:
    say_refused(refused)
    say_left_out(tables)
    say_open(refused)
    if refused or any(table.problems for table in tables):
        sys.exit(EXIT_USER)


def _print_load(
    study: Study,
    tables: Tables,
    client_tables: Sequence[ClientTable],
    shown: set[str] | None,
    refused: list[ReadError],
    output_format: str,
) -> None:
    """Print how the files were understood, all or those `shown`, and what became of their rows."""
    sources = tables["rpt_sources"]
    if output_format == "json":
        click.echo(json.dumps(sorted(sources, key=by_file), ensure_ascii=False, indent=1))
    else:
        new = [row for row in sources if shown is None or row["file"] in shown]
        print_overview(new, refused, drawn=is_table(output_format))
        _print_readings(study, new, tables["rpt_source_issues"], explain=shown is None)
        print_client_tables(client_tables)
        print_accounts(sources, drawn=is_table(output_format))
    say_lost(sources)


def _print_readings(
    study: Study, sources: list[dict[str, Any]], issues: list[dict[str, Any]], *, explain: bool
) -> None:
    said = tomllib.loads(study.settings_text())
    is_said = "time_zone" in said.get("study", {})
    advice = "" if is_said else how_to_say(said, "study", "time_zone", '"Europe/Berlin"')
    print_readings(sources, issues, show_all=explain, zone_advice=advice)


def _say_done(refresh: Refresh, study: Study, *, quiet: bool) -> None:
    intake = refresh.intake
    files = len({row["file"] for row in study.rows("source_accounts")["source_accounts"]})
    changed = len(set(intake.read) & set(intake.replaced))
    done = f"{len(intake.read) - changed} new, {changed} changed, {len(intake.removed)} gone"
    say(f"{counted(files, 'file', 'files')}: {done}; {len(refresh.models)} tables built.", quiet=quiet)
    if intake.cut_urls:
        say(
            f"{counted(intake.cut_urls, 'text holds a web address', 'texts hold web addresses')}: "
            "cut to the host, because what follows can tell secrets ([privacy] keep_urls = true keeps it).",
            quiet=quiet,
        )

    if refresh.strangers:
        say(
            plain(
                f"The database also holds {', '.join(refresh.strangers)}: not the study's, and lost when it is made "
                "anew. A SELECT in the study's queries/ folder becomes a table that stays."
            ),
            quiet=quiet,
        )
    if place := shared_by(study.folder):
        say(
            f"The study lies in a folder that {place} shares: other machines can read it, and its database is damaged "
            "when two of them write. Move the study's folder to a disk of this machine alone.",
            quiet=quiet,
        )


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
        if not file.is_file():  # it would be waited for
            raise StudyError(
                "a pipe or a device, not a file", where=str(file), mend="Save what it gives as a file, and load that."
            )
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
