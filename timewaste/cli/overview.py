"""The table that a load of several files begins with: what each is, what it gave, and which of them wait for somebody.

Knows what was understood and what was refused, not why in full: that stands below, file by file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.common import command, print_table, text
from timewaste.issue import shorten
from timewaste.wording import count, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.errors import ReadError

SHOWN_FILES = 60
"""Files that need nobody and get a line of their own; of thousands of files only the others matter."""
QUESTION = "a question"
ANOTHER = "another file"
LOOK = "a look"
_PLACE = re.compile(r", line \d+$")


def _blank(value: object) -> str:
    return "" if value is None else count(value)


_COLUMNS = (
    ("place", "File", text), ("what", "What it is", text), ("records", ">Rows", _blank),
    ("entries", ">Entries", _blank), ("needs", "Needs", text),
)  # fmt: skip


def print_overview(sources: Sequence[Mapping[str, Any]], refused: Sequence[ReadError], *, drawn: bool) -> None:
    """Print a line for each table and each refused file, those that wait for somebody first; nothing for one alone."""
    waiting = [_refused(error) for error in refused]
    rows = [_read(source) for source in sorted(sources, key=lambda row: (row["file"] or "", row["sheet"] or ""))]
    waiting += [row for row in rows if row["needs"]]
    fine = [row for row in rows if not row["needs"]]
    if len(waiting) + len(fine) < 2:
        return
    print_table([*waiting, *fine[:SHOWN_FILES]], _COLUMNS, drawn=drawn)
    if len(fine) > SHOWN_FILES:
        click.echo(f"… and {counted(len(fine) - SHOWN_FILES, 'more', 'more')} that need nothing.\n")


def need(error: ReadError) -> str:
    """Return what a refused file waits for: an answer in the settings, or another file in its place."""
    return QUESTION if "[[source]]" in error.mend and not error.code.endswith(("/no-header", "/no-table")) else ANOTHER


def say_open(refused: Sequence[ReadError]) -> None:
    """Tell on stderr, in one line, how many files ask something and how many cannot be read at all."""
    asked = sum(need(error) == QUESTION for error in refused)
    others = len(refused) - asked
    parts = []
    if asked:
        parts.append(f"{counted(asked, 'file waits', 'files wait')} for an answer in timewaste.toml")
    if others:
        parts.append(f"{counted(others, 'file cannot', 'files cannot')} be read as a log")
    if len(refused) > 1:
        click.echo(f"\n{' and '.join(parts)}; then: {command('load')}", err=True)


def _refused(error: ReadError) -> dict[str, Any]:
    place = _PLACE.sub("", error.where)
    return {"place": place, "what": shorten(error.what, 48), "records": None, "entries": None, "needs": need(error)}


def _read(source: Mapping[str, Any]) -> dict[str, Any]:
    data = source["records"] - source["blank"] - source["skipped"]
    is_lost = source["target"] == "entries" and (not source["entries"] or 2 * source["set_aside"] > data)
    sheet = f", sheet {source['sheet']}" if source["sheet"] else ""
    return {
        "place": f"{source['file']}{sheet}", "what": shorten(source["what"], 48), "records": source["records"],
        "entries": source["entries"], "needs": LOOK if is_lost else "",
    }  # fmt: skip
