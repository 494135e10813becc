"""Commands that make folders: `init`, `simulate`; and `completion`."""

from __future__ import annotations

from pathlib import Path

import click

from timewaste.cli.common import QUIET, Progress, say
from timewaste.errors import StudyError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@QUIET
def init(folder: Path, *, quiet: bool) -> None:
    """Make a new study in FOLDER: a commented timewaste.toml, logs/ and an example reps.csv.

    Nothing that is there already is overwritten.

    \b
    Example:
      timewaste init acme
    """  # noqa: D301
    from importlib import resources

    from timewaste.logs import log_paths

    there = [name for name in ("timewaste.toml", "reps.csv", "logs") if (folder / name).exists()]
    if len(there) == 3:
        raise StudyError("a study is there already", where=str(folder), mend="Choose a new folder.")
    logs = folder / "logs"
    if not logs.exists() and folder.is_dir() and log_paths(folder):
        logs = folder  # a plain folder of logs stays one: a new logs/ would hide the files beside it
    logs.mkdir(parents=True, exist_ok=True)
    templates = resources.files("timewaste").joinpath("defaults", "study")
    for name in ("timewaste.toml", "reps.csv"):
        if name not in there:
            (folder / name).write_bytes(templates.joinpath(name).read_bytes())
    left = f" What was there stays as it is: {', '.join(there)}." if there else ""
    say(f"Made {folder}.{left} Put the log files into {logs}, then: timewaste summary {folder}", quiet=quiet)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--reps", type=click.IntRange(3, 100_000), default=24, show_default=True, help="Salespeople.")
@click.option("--weeks", type=click.IntRange(1, 520), default=4, show_default=True, help="Weeks of logs.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option("--clean", is_flag=True, help="Plant no mistakes: no vague labels, overlaps, duplicates, gaps.")
@QUIET
def simulate(folder: Path, reps: int, weeks: int, seed: int, *, clean: bool, quiet: bool) -> None:
    """Write a synthetic study into FOLDER, with the true answer in truth.json and README.md.

    \b
    Example:
      timewaste simulate demo --reps 60 --weeks 2 --seed 11
    """  # noqa: D301
    from timewaste.simulate import simulate as write

    with Progress(quiet=quiet) as progress:
        write(folder, reps=reps, weeks=weeks, seed=seed, dirt=not clean,
              progress=lambda done, total: progress("reps written", done, total))  # fmt: skip
    say(f"Wrote {folder}: {reps} reps, {weeks} weeks. Next: timewaste summary {folder}", quiet=quiet)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes SHELL complete timewaste's commands and options.

    \b
    Example:
      timewaste completion bash >> ~/.bashrc
    """  # noqa: D301
    from click.shell_completion import get_completion_class

    from timewaste.cli import cli

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choice above lists what click has
    click.echo(kind(cli, {}, "timewaste", "_TIMEWASTE_COMPLETE").source())
