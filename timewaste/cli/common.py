"""What the commands share: the STUDY argument, formats, tables, progress."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from timewaste.wording import counted, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from timewaste.stopwatch import Stopwatch
    from timewaste.study import Refresh, Study, Tell

    Update = Callable[[Study, Tell], Refresh]

STUDY = click.argument("study", type=click.Path(path_type=Path, file_okay=False))
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress and no talk, only the data and errors.")
FORMAT = click.option(
    "--format",
    "output_format",
    type=click.Choice(["auto", "table", "plain", "json"]),
    default="auto",
    help="Tables on a terminal and plain text elsewhere, unless said otherwise.",
)


def command(name: str) -> str:
    """Return a command for the study that is at hand, to be pasted."""
    context = click.get_current_context(silent=True)  # there is none where the docs print what a command would
    study = context.params.get("study") if context else None
    return f"timewaste {name} {shlex.quote(str(study)) if study else 'STUDY'}"


def say(text: str = "", *, quiet: bool = False) -> None:
    """Print talk to stderr."""
    if not quiet:
        click.echo(text, err=True)


def is_table(output_format: str) -> bool:
    """Tell whether drawn tables are wanted: asked for, or on a terminal."""
    return output_format == "table" or (output_format == "auto" and sys.stdout.isatty())


class Progress:
    """A bar on stderr, shown only once something has taken more than a second; never when it is piped."""

    def __init__(self, *, quiet: bool) -> None:
        """Start the clock."""
        self._wanted = not quiet and sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Return the bar."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        if self._bar:
            self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell that `done` of `total` are done and `what` comes next."""
        if not self._wanted or time.monotonic() - self._started < 1:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(what, total=total)
        self._bar.update(self._task, description=what, completed=done, total=total)


def _refresh(study: Study, tell: Tell) -> Refresh:
    return study.refresh(tell)


def open_fresh(
    folder: Path,
    *,
    quiet: bool,
    watch: Stopwatch | None = None,
    update: Update = _refresh,
    tells_refusals: bool = False,
    output: Path | None = None,
) -> tuple[Study, Refresh]:
    """Return the study in `folder`, brought up to date with a progress bar, and what that took.

    `output` is what will be written: never a file that the study is made of.
    """
    from timewaste.logs import check_output
    from timewaste.study import Study

    study = Study(folder)
    if output:
        check_output(folder, output)
    return bring_up_to_date(study, quiet=quiet, watch=watch, update=update, tells_refusals=tells_refusals)


def bring_up_to_date(
    study: Study,
    *,
    quiet: bool,
    watch: Stopwatch | None = None,
    update: Update = _refresh,
    tells_refusals: bool = False,
) -> tuple[Study, Refresh]:
    """Bring a study up to date with a progress bar, and tell what there is to tell; return it, and what that took."""
    with Progress(quiet=quiet) as progress:

        def tell(what: str, done: int, total: int) -> None:
            if watch:
                watch.mark(what)
            progress(what, done, total)

        refresh = update(study, tell)
    if not quiet:
        say_copies(refresh.intake.copies)
        for match in refresh.intake.fits_nothing:
            say(plain(f"[[source]] match = {match!r} fits no file below logs/, or an earlier block took its files"))
        if not tells_refusals:
            tell_refused(refresh.refused)
    return study, refresh


def say_copies(copies: Iterable[tuple[str, str]]) -> None:
    """Say which files are not read because another has the same bytes."""
    for copy, first in copies:
        say(plain(f"{copy}: the same bytes as {first}; counted once"))


def tell_refused(refused: int) -> None:
    """Say that files are not in the study, if there are such."""
    if refused:
        files = counted(refused, "file is", "files are")
        say(f"{files} not in the study: timewaste load says why.")


def print_table(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[tuple[str, str, Callable[[Any], str]]],
    *,
    drawn: bool,
    title: str = "",
) -> None:
    """Print rows, by name, as a drawn or a plain table; `columns` gives name, heading and how a value is written.

    Headings that begin with `>` are numbers and stand to the right.
    """
    cells_of = [[write(row[name]) for name, _, write in columns] for row in rows]
    heads = [heading.removeprefix(">") for _, heading, _ in columns]
    right = [heading.startswith(">") for _, heading, _ in columns]
    if drawn:
        _print_drawn(cells_of, heads, right, title)
        return
    if title:
        click.echo(title)
    widths = [max(len(cell) for cell in cells) for cells in zip(heads, *cells_of, strict=True)]
    for row in (heads, *cells_of):
        cells = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        )
        click.echo("  ".join(cells).rstrip())
    click.echo()


def _print_drawn(rows: list[list[str]], heads: list[str], right: list[bool], title: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for heading, is_right in zip(heads, right, strict=True):
        table.add_column(heading, justify="right" if is_right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # Text: what a rep typed is never markup
    Console().print(table)


def text(value: Any) -> str:  # noqa: ANN401 - any cell
    """Write a cell as it is, made safe for a terminal; nothing for None."""
    return "" if value is None else plain(str(value))
