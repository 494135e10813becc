"""`shell`: the study's database in an interactive program that others keep: Harlequin, or DuckDB's own shell."""

from __future__ import annotations

from pathlib import Path

import click

from timewaste.cli.common import QUIET, STUDY, open_fresh, say
from timewaste.cli.explore import UNSAFE, Memory
from timewaste.errors import StudyError


@click.command()
@STUDY
@click.option("--memory", type=Memory(), default="2GB", metavar="SIZE", show_default=True,
              help="What queries may take.")  # fmt: skip
@click.option("--unsafe", is_flag=True, help="Let queries read and write other files.")
@QUIET
def shell(study: Path, memory: int, *, unsafe: bool, quiet: bool) -> None:
    """Ask STUDY's tables in an interactive shell: read-only and fenced, as `sql` is.

    It stands on Harlequin (pip install 'timewaste[shell]'), or on the duckdb program where that is what there is.

    \b
    Example:
      timewaste shell acme
    """  # noqa: D301
    from timewaste.asking.interactive import found_program, run

    program = found_program()
    opened, _ = open_fresh(study, quiet=quiet)
    if unsafe:
        say(UNSAFE)
    if code := run(program, opened.database, memory, unsafe=unsafe):
        raise StudyError(
            f"{Path(program[-1]).name} ended with {code}",
            where=str(opened.database),
            mend="What it said stands above. If it cannot open the file, take one that can: "
            "pip install 'timewaste[shell]'",
        )
