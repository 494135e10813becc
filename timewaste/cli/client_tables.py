"""How the client's own tables were understood, as `load` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timewaste.wording import count, counted, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timewaste.client_tables.told import ClientTable, Column

SHOWN_STRANGERS = 8
KINDS = {"whole": "whole number"}


def print_client_tables(tables: Iterable[ClientTable]) -> None:
    """Print a paragraph for each table: what it is, its columns, whose its rows are, what was checked."""
    for table in tables:
        end = ", left out" if table.problems else ""
        click.secho(plain(f"{table.place} = table {table.name}{end}"), bold=True)
        for name, said in _lines(table):
            click.echo(f"  {name:<8} {plain(said)}")
        click.echo()


def say_left_out(tables: Iterable[ClientTable]) -> None:
    """Tell on stderr which of the client's tables are not in the study, why, and how to mend each."""
    for table in tables:
        for error in table.problems:
            words = "\n".join(map(plain, str(error).splitlines()))
            click.echo(f"\nLeft out, table {table.name}: {words}", err=True)
        if table.lost:
            click.echo(f"Left out with it, as they rest on {table.name}: {', '.join(table.lost)}", err=True)


def _lines(table: ClientTable) -> Iterable[tuple[str, str]]:
    if table.what:
        yield "is", table.what
        blank = f" + {counted(table.blank, 'blank row', 'blank rows')}" if table.blank else ""
        yield "rows", counted(table.rows, "row", "rows") + blank
    for number, column in enumerate(table.columns):
        yield "" if number else "columns", _column(column)
    if table.rep:
        yield "people", f"by {table.rep!r}: {counted(table.found, 'rep', 'reps')} known"
        if table.strangers:
            yield "", f"nobody's, so without rep_id: {_strangers(table.strangers)}"
    if table.checks and not table.problems:
        yield "checks", f"{', '.join(table.checks)}: {'holds' if len(table.checks) == 1 else 'all hold'}"
    for number, error in enumerate(table.problems):
        yield "" if number else "wrong", f"{error.code}: {error.what}"


def _column(column: Column) -> str:
    header = f" = {column.header}" if column.header and column.header != column.name else ""
    note = f" ({column.note})" if column.note else ""
    return f"{column.name} {KINDS.get(column.kind, column.kind)}{header}{note}"


def _strangers(strangers: Sequence[tuple[str, int]]) -> str:
    shown = [f"{text} ({counted(rows, 'row', 'rows')})" for text, rows in strangers[:SHOWN_STRANGERS]]
    more = len(strangers) - SHOWN_STRANGERS
    return ", ".join(shown) + (f" and {count(more)} more: check the roster and its aliases" if more > 0 else "")
