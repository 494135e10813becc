"""`export`: what other programs take over from a study."""

from __future__ import annotations

from pathlib import Path

import click

from timewaste.cli.common import QUIET, STUDY, Progress, say
from timewaste.wording import counted


@click.command()
@STUDY
@click.option(
    "--staged",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write the staged entries to; one written this way before is replaced.",
)
@QUIET
def export(study: Path, staged: Path, *, quiet: bool) -> None:
    """Write STUDY's staged entries as Parquet, a folder for each week, with the small tables the models need.

    Every row of every log is in it, text as typed: the people behind the logs can be told from it.

    \b
    Example:
      timewaste export acme --staged acme-staged
    """  # noqa: D301
    from timewaste.engines import export_staged
    from timewaste.staged import ENTRIES
    from timewaste.study import Study

    with Progress(quiet=quiet) as progress:
        manifest = export_staged(Study(study), staged, progress)
    entries = counted(manifest.tables[ENTRIES], "entry", "entries")
    weeks = counted(len(manifest.weeks.keys() - {"none"}), "week", "weeks")
    tables = counted(len(manifest.tables) - 1, "small table", "small tables")
    say(f"{staged}: {entries} of {weeks}, and {tables}.", quiet=quiet)
