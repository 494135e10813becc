"""Where the rows of a query go: a terminal, a pipe or a file. What is said about them goes to stderr."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import IO, TYPE_CHECKING, Any

import click

from timewaste.asking import frames
from timewaste.asking.watching import Answerer, StaleStudyError
from timewaste.cli.common import bring_up_to_date, print_table, say, tell_refused
from timewaste.errors import QueryError
from timewaste.wording import count, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from timewaste.asking.watching import Asking

DRAWN_AT_MOST = 100_000


def give(folder: Path, asking: Asking, output: Path | None, *, quiet: bool) -> None:
    """Bring the study up to date if need be, ask, and print or write the rows. Raises `QueryError`, `StudyError`."""
    with Answerer(unsafe=asking.unsafe) as first:  # loads the engine while we look whether the study is fresh
        from timewaste.study import Study

        study = Study(folder)
        glance = study.glance()
        if study.database.is_file():
            try:
                _give(first.ask(study.database, asking, glance), asking, output, quiet=quiet)
            except StaleStudyError:
                pass
            else:
                return
    bring_up_to_date(study, quiet=quiet)
    with Answerer(unsafe=asking.unsafe) as second:
        _give(second.ask(study.database, asking, None), asking, output, quiet=True if quiet else None)


def _give(answer: Iterator[tuple[bytes, Any]], asking: Asking, output: Path | None, *, quiet: bool | None) -> None:
    """Print or write an answer. `quiet` None: the refused files have been told already."""
    kind, begun = next(answer)
    assert kind == frames.BEGUN  # noqa: S101 - else the answer has raised
    if quiet is False:
        tell_refused(begun["refused"])
    if output:
        from timewaste.files import atomic_file

        place: Any = atomic_file(output)
    else:
        place = nullcontext(sys.stdout.buffer)
    with place as stream:
        end = _pass_on(answer, stream, drawn=asking.form == "table")
    if not quiet:
        _tell(end, asking, output)


def _pass_on(answer: Iterator[tuple[bytes, Any]], stream: IO[bytes], *, drawn: bool) -> dict[str, Any]:
    printed: _Plain | _Drawn | None = None
    for kind, content in answer:
        if kind == frames.DATA:
            stream.write(content)
        elif kind == frames.COLUMNS:
            printed = (_Drawn if drawn else _Plain)(content["names"], content["is_number"])
        elif kind == frames.ROWS:
            assert printed  # noqa: S101 - the columns go before
            printed.add(content)
        elif kind == frames.END:
            if printed:
                printed.finish()
            stream.flush()
            return dict(content)
    return {}  # pragma: no cover - an answer without an end has raised


def _tell(end: dict[str, Any], asking: Asking, output: Path | None) -> None:
    if asking.explain:
        return
    where = f" in {output}" if output else ""
    say(f"{counted(end['rows'], 'row', 'rows')}{where}, {end['seconds']:.2f} s")
    if end["more"]:
        more = count(end["more"]) if end["all_counted"] else f"more than {count(end['more'])}"
        say(
            f"There are {more} more: "
            + ("--rows 0 writes all." if output else "--rows 0 shows all, -o FILE writes them.")
        )


class _Drawn:
    """A drawn table: all rows are needed before the first line can be drawn."""

    def __init__(self, names: list[str], is_number: list[bool]) -> None:
        self._names, self._is_number = names, is_number
        self._rows: list[list[str]] = []

    def add(self, rows: list[list[str]]) -> None:
        self._rows += rows
        if len(self._rows) > DRAWN_AT_MOST:
            raise QueryError(
                f"a drawn table holds {count(DRAWN_AT_MOST)} rows at most, and there are more",
                where="--format",
                mend="Say --format plain or csv, or show fewer: --rows 1000.",
            )

    def finish(self) -> None:
        columns: list[tuple[str, str, Callable[[Any], str]]] = [
            (name, f">{name}" if is_number else name, str)
            for name, is_number in zip(self._names, self._is_number, strict=True)
        ]
        print_table((dict(zip(self._names, row, strict=True)) for row in self._rows), columns, drawn=True)


class _Plain:
    """Columns of plain text. Their widths are those of the first rows; later rows widen them as they come."""

    def __init__(self, names: list[str], is_number: list[bool]) -> None:
        self._names, self._is_right = names, is_number
        self._widths = [0] * len(names)
        self._has_head = False

    def add(self, rows: list[list[str]]) -> None:
        lines = rows if self._has_head else [self._names, *rows]
        self._has_head = True
        longest = (max(map(len, cells)) for cells in zip(*lines, strict=True))
        self._widths = [max(pair) for pair in zip(self._widths, longest, strict=True)]
        click.echo("\n".join(map(self._line, lines)))

    def _line(self, row: list[str]) -> str:
        return "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, self._widths, self._is_right, strict=True)
        ).rstrip()

    def finish(self) -> None:
        if not self._has_head:
            self.add([])
        click.echo()
