"""`sql`: the study's database, for questions of one's own."""

from __future__ import annotations

import json
import math
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timewaste.cli.common import QUIET, STUDY, open_fresh, print_table, text
from timewaste.errors import QueryError

if TYPE_CHECKING:
    import polars as pl

    from timewaste.store import Rows

FORMATS = ("auto", "table", "plain", "csv", "json", "markdown", "parquet")
TABLES_QUERY = """
select table_name as "table", comment from (
    select table_name, comment from duckdb_tables()
    union all
    select view_name, comment from duckdb_views() where not internal
) where comment is not null
order by regexp_matches(table_name, '^(raw|cfg|int|stg)_|^(model_ledger|study_state)$'), table_name
"""


@click.command()
@STUDY
@click.argument("query", required=False)
@click.option(
    "-f",
    "--file",
    "query_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the query from a file.",
)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Bind $NAME in the query to VALUE.")
@click.option("--tables", is_flag=True, help="List the tables and what a row of each is.")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default="auto", help="How to print the rows.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@QUIET
def sql(
    study: Path,
    query: str | None,
    query_file: Path | None,
    values: tuple[str, ...],
    output_format: str,
    output: Path | None,
    *,
    tables: bool,
    quiet: bool,
) -> None:
    """Run one SELECT over STUDY's tables, read-only, and print the rows.

    \b
    Example:
      timewaste sql acme "select category, sum(seconds) / 3600 as hours from entries group by category"
    """  # noqa: D301
    opened, _ = open_fresh(study, quiet=quiet, output=output)
    if query_file:
        query = query_file.read_text(encoding="utf-8")
    if tables or query is None:
        query = TABLES_QUERY
    if output_format == "auto":
        suffixes = {".json": "json", ".md": "markdown", ".parquet": "parquet", ".csv": "csv"}
        if output and output.suffix.lower() not in {*suffixes, ".txt", ""}:
            raise QueryError(
                f"a file cannot be written as {output.suffix}", mend=f"Choose {', '.join(suffixes)}, or say --format."
            )
        fallback = "table" if sys.stdout.isatty() and not output else "csv" if output else "plain"
        output_format = suffixes.get(output.suffix.lower(), fallback) if output else fallback
    bound = _bound(values)
    if output_format in {"table", "plain"}:
        _print_rows(opened.sql_rows(query, **bound), output, output_format)
    else:
        _write(opened.sql(query, **bound), output_format, output)


def _print_rows(found: Rows, output: Path | None, output_format: str) -> None:
    if output:
        raise QueryError(f"{output_format} is for the terminal", mend="Write a file as csv, json, markdown or parquet.")
    columns = [
        (name, f">{name}" if is_number else name, text)
        for name, is_number in zip(found.columns, found.is_number, strict=True)
    ]
    print_table(found.dicts(), columns, drawn=output_format == "table")


def _bound(values: tuple[str, ...]) -> dict[str, object]:
    """Return the parameters by name: whole and decimal numbers as numbers, the rest as text."""
    bound: dict[str, object] = {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QueryError(f"{pair!r} has no =", where="--set", mend="Write it as --set name=value.")
        for kind in (int, float, str):
            try:
                bound[name] = kind(value)
                break
            except ValueError:
                continue
    return bound


def _write(frame: pl.DataFrame, output_format: str, output: Path | None) -> None:
    from timewaste.files import write_atomically

    if output_format == "parquet" and output is None:
        raise QueryError("parquet needs a file", mend="Add: -o rows.parquet")
    data = encoded(frame, output_format)
    if output:
        write_atomically(output, data)
    else:
        sys.stdout.buffer.write(data)


def _json_value(value: object) -> object:
    """Return the value as JSON has it: a decimal as a number, a number that is none as null."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def encoded(frame: pl.DataFrame, output_format: str) -> bytes:
    """Return the rows as a file has them; a text that a spreadsheet would run is defused in CSV."""
    import io

    import polars as pl

    if output_format == "json":
        records = [{name: _json_value(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]
        return (json.dumps(records, ensure_ascii=False, indent=1, default=str, allow_nan=False) + "\n").encode()
    if output_format == "parquet":
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        return buffer.getvalue()
    if output_format == "markdown":
        rows = [frame.columns, ["---:" if kind.is_numeric() else "---" for kind in frame.dtypes]]
        rows += [[text(cell).replace("|", "\\|") for cell in row] for row in frame.iter_rows()]
        return "".join(f"| {' | '.join(row)} |\n" for row in rows).encode()
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    frame = frame.with_columns(
        pl.Series(name, [json.dumps(cell, default=str) for cell in frame[name].to_list()], pl.String) for name in nested
    )
    # A text that a spreadsheet would run as a formula gets an apostrophe before it.
    safe = frame.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]."))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    )
    return safe.write_csv().encode()
