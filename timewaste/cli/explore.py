"""`sql`: the study's database, for questions of one's own."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timewaste.asking.watching import MEGABYTE, TIMEOUT, Asking
from timewaste.cli.common import QUIET, STUDY, say
from timewaste.cli.rows import give
from timewaste.errors import QueryError
from timewaste.logs import check_output

if TYPE_CHECKING:
    from timewaste.questions import Question

FORMATS = (*("auto", "table", "plain", "csv", "tsv", "json", "ndjson", "markdown", "html", "parquet", "xlsx", "arrow"),)
ENDINGS = {
    ".csv": "csv", ".tsv": "tsv", ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".md": "markdown",
    ".html": "html", ".parquet": "parquet", ".xlsx": "xlsx", ".arrow": "arrow", ".feather": "arrow",
}  # fmt: skip
FILES_ALONE = ("parquet", "xlsx", "arrow")
ROWS_ON_TERMINAL = 100
UNSAFE = "--unsafe: queries can read and write other files and the network; the study itself stays read-only."
TABLES_QUERY = """
select table_name as "table", comment from (
    select table_name, comment from duckdb_tables()
    union all
    select view_name, comment from duckdb_views() where not internal
) where comment is not null
order by not starts_with(comment, 'This study''s own'),
    regexp_matches(table_name, '^(raw|cfg|int|stg)_|^(model_ledger|study_objects|study_state)$'), table_name
"""


class Memory(click.ParamType[int]):
    """An amount of memory, such as 500MB or 4GB."""

    name = "memory"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return bytes."""
        match = re.fullmatch(r"(\d{1,6})\s*([MG])B?", str(value), re.IGNORECASE)
        size = int(match[1]) * MEGABYTE * (1024 if match[2].upper() == "G" else 1) if match else 0
        if size < 100 * MEGABYTE:
            self.fail(f"{value!r} is no amount of memory from 100MB on, such as 500MB or 4GB", param, ctx)
        return size


@click.command()
@STUDY
@click.argument("query", required=False)
@click.option("-f", "--file", "query_file", type=click.Path(path_type=Path, exists=True, dir_okay=False,
              allow_dash=True), help="Read the query from a file; - is what is piped in.")  # fmt: skip
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Bind $NAME in the query to VALUE.")
@click.option("--tables", is_flag=True, help="List the tables and what a row of each is.")
@click.option(
    "--list",
    "is_list",
    is_flag=True,
    help="List the named questions, and the study's own tables.",
)
@click.option("--explain", is_flag=True, help="Show how the query would be worked out, and do not run it.")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default="auto", help="How to print the rows.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--rows", type=click.IntRange(min=0), metavar="N",
              help=f"Show the first N rows, 0 for all. On a terminal: {ROWS_ON_TERMINAL}; elsewhere: all.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help=f"End the query after so many seconds.  [default: {TIMEOUT:.0f}]")  # fmt: skip
@click.option("--memory", type=Memory(), default="2GB", metavar="SIZE", show_default=True,
              help="End the query when it takes more.")  # fmt: skip
@click.option("--unsafe", is_flag=True, help="Let the query read and write other files, and run without a time limit.")
@QUIET
def sql(
    study: Path,
    query: str | None,
    query_file: Path | None,
    values: tuple[str, ...],
    output_format: str,
    output: Path | None,
    rows: int | None,
    timeout: float | None,
    memory: int,
    *,
    tables: bool,
    is_list: bool,
    explain: bool,
    unsafe: bool,
    quiet: bool,
) -> None:
    """Run one SELECT over STUDY's tables, read-only, and print the rows.

    QUERY is the SELECT itself, the name of a question with @ before it (--list shows them), or - for what is piped in.

    \b
    Example:
      timewaste sql acme "select category, sum(seconds) / 3600 as hours from entries group by category"
      timewaste sql acme @hours_by_account --set limit=10 -o accounts.xlsx
    """  # noqa: D301
    if is_list:
        _print_questions(study, drawn=output_format == "table" or (output_format == "auto" and sys.stdout.isatty()))
        return
    if output:
        check_output(study, output)
    form = _form(output_format, output, explain=explain)
    text, bound = _query(study, None if tables else query, None if tables else query_file, values)
    if unsafe:
        say(UNSAFE)
    if rows is None and not output and form == "table" and sys.stdout.isatty() and text != TABLES_QUERY:
        rows = ROWS_ON_TERMINAL
    asking = Asking(
        text,
        bound,
        form,
        rows=rows or None,
        explain=explain,
        timeout=timeout if timeout or unsafe else TIMEOUT,
        memory=memory,
        unsafe=unsafe,
    )
    give(study, asking, output, quiet=quiet)


def _form(asked: str, output: Path | None, *, explain: bool) -> str:
    """Return the format that is asked for, that a file's ending says, or that fits where the rows go."""
    if explain:
        if asked not in {"auto", "plain", "table"}:
            raise QueryError(f"--explain gives text, no {asked}", where="--format", mend="Leave --format away.")
        return "plain"
    form = asked
    if asked == "auto":
        ending = output.suffix.lower() if output else ""
        if output and ending not in {*ENDINGS, ".txt", ""}:
            raise QueryError(
                f"a file cannot be written as {output.suffix}", mend=f"Choose {', '.join(ENDINGS)}, or say --format."
            )
        fallback = "csv" if output else "table" if sys.stdout.isatty() else "plain"
        form = ENDINGS.get(ending, fallback)
    if output and form in {"table", "plain"}:
        raise QueryError(f"{form} is for the terminal", mend="Write a file as csv, json, markdown or parquet.")
    if form in FILES_ALONE and not output:
        raise QueryError(f"{form} needs a file", mend=f"Add: -o rows.{form}")
    return form


def _query(
    study: Path, query: str | None, query_file: Path | None, values: tuple[str, ...]
) -> tuple[str, dict[str, object]]:
    """Return the query in words of SQL, and its parameters by name."""
    given = _given(values)
    if query is not None and query_file:
        raise QueryError("there are two queries: one in the file, one after STUDY", mend="Leave one of them away.")
    if query_file and str(query_file) != "-":
        try:
            query = query_file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise QueryError("the file is not UTF-8", where=str(query_file), mend="Save it as UTF-8.") from None
    elif query_file or query == "-":
        query = sys.stdin.read()
    if query is None:
        query = TABLES_QUERY
    if re.fullmatch(r"\s*@[\w-]+\s*", query):
        from timewaste.questions import question

        found = question(query.strip()[1:], study)
        return found.sql, dict(found.values(given))
    return query, {name: _value(value) for name, value in given.items()}


def _given(values: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QueryError(f"{pair!r} has no =", where="--set", mend="Write it as --set name=value.")
        given[name.strip().removeprefix("$")] = value
    return given


def _value(text: str) -> object:
    """Return a whole or decimal number as one; what only looks like it, such as 007, is text."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text, re.ASCII) else text


def _print_questions(study: Path, *, drawn: bool) -> None:
    from timewaste.cli.common import print_table, text
    from timewaste.own_tables import own_promises
    from timewaste.questions import questions
    from timewaste.study import DATABASE

    asked = questions(study)
    columns = [("name", "Name", text), ("asks", "Question", text), ("set", "Set", text)]
    for title, is_own in (("This study's own questions", True), ("Questions that come with timewaste", False)):
        rows = [
            {"name": f"@{one.name}", "asks": one.sentence, "set": _settable(one)}
            for one in asked if one.is_own is is_own
        ]  # fmt: skip
        if rows:
            print_table(rows, columns, drawn=drawn, title=title if any(one.is_own for one in asked) else "")
    own = [one._asdict() for one in own_promises(study, study / DATABASE)]
    heads = [("table", "Table", text), ("sentence", "Holds", text), ("promise", "Promises", text), ("state", "", text)]
    if own:
        print_table(own, heads, drawn=drawn, title="This study's own tables, from its queries/ folder")


def _settable(question: Question) -> str:
    return ", ".join(name if default is None else f"{name}={default}" for name, default, _ in question.parameters)
