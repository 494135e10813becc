"""How files were understood and what became of their rows, as `load` and `check` print it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from timewaste.cli.common import command, print_table, say, text
from timewaste.config import RAW_FIELDS
from timewaste.readers.layout import TARGETS as FIELDS_OF
from timewaste.wording import count, counted, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timewaste.errors import ReadError

SHOWN_FILES = 12
FIELD_WORDS = {"date_text": "date", "start_text": "start", "end_date_text": "end date", "end_text": "end",
               "duration_text": "duration", "logged_text": "logged at", "could_do": "could do",
               "waiting_on": "waiting on", "opportunity_id": "opportunity", "rep_id": "rep", "created_on": "created",
               "closed_on": "closed", "entered_at": "entered"}  # fmt: skip
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MARKS = {".": "decimal point", ",": "decimal comma", "both": "decimal point and comma"}
TARGETS = {"opportunities": "opportunities", "stage_events": "changes of stage", "people": "people"}
ACCOUNT = (
    ("file", "File", text), ("sheet", "Sheet", text), ("records", ">Rows", count), ("entries", ">Entries", count),
    ("duplicates", ">Duplicates", count), ("set_aside", ">Set aside", count), ("blank", ">Blank", count),
    ("skipped", ">Skipped", count),
)  # fmt: skip


def by_file(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return what rows of accounts are sorted by."""
    return row["file"] or "", row["sheet"] or ""


def say_refused(refused: Sequence[ReadError]) -> None:
    """Tell on stderr which files are not in the study, why, and how to mend each."""
    for error in refused:
        click.echo("\nNot read: " + "\n".join(map(plain, str(error).splitlines())), err=True)


def say_lost(accounts: Iterable[Mapping[str, Any]]) -> None:
    """Tell on stderr, in one line for each, which logs give no entries or have most of their rows set aside."""
    files: dict[str, dict[str, int]] = {}
    for row in sorted((row for row in accounts if row["target"] == "entries"), key=by_file):
        sums = files.setdefault(row["file"], dict.fromkeys((name for name, _, _ in ACCOUNT[2:]), 0))
        for name in sums:
            sums[name] += row[name] or 0
    for file, sums in files.items():
        rows = sums["records"] - sums["blank"] - sums["skipped"]
        if sums["entries"] and 2 * sums["set_aside"] <= rows:
            continue
        said = f"{counted(rows, 'row', 'rows')} of data, {counted(sums['entries'], 'entry', 'entries')}"
        said += f", {counted(sums['duplicates'], 'duplicate', 'duplicates')}, {count(sums['set_aside'])} set aside"
        click.echo(plain(f"Look at {file}: {said}. Why: {command('check')}"), err=True)


def print_readings(
    sources: Iterable[Mapping[str, Any]],
    issues: Iterable[Mapping[str, Any]],
    *,
    show_all: bool,
    zone_advice: str = "",
) -> None:
    """Print a paragraph for each source: what it is, how its columns and times were read, what is wrong with it.

    `zone_advice` is how to name the study's time zone, where the settings do not.
    """
    of: dict[int, list[Mapping[str, Any]]] = {}
    for issue in issues:
        of.setdefault(issue["source_id"], []).append(issue)
    ordered = sorted(sources, key=by_file)
    # Where some must be left out, those that somebody must look at come first.
    shown = ordered if show_all else sorted(ordered, key=lambda source: not source["set_aside"])[:SHOWN_FILES]
    for source in shown:
        place = source["file"] + (f", sheet {source['sheet']}" if source["sheet"] else "")
        click.secho(plain(place), bold=True)
        for name, said in _lines(source, of.get(source["source_id"], [])):
            click.echo(f"  {name:<8} {plain(said)}")
        click.echo()
    if len(shown) < len(ordered):
        say(f"… and {counted(len(ordered) - len(shown), 'more', 'more')}: --explain shows them all.")
    assumed = [s for s in ordered if s["zone_from"] == "study" and s["target"] == "entries"]
    if assumed and zone_advice:
        say(
            f"No time zone is set: clock times were read as {assumed[0]['time_zone']}, the default. "
            f"If that is wrong, {zone_advice}\n"
        )


def _lines(source: Mapping[str, Any], issues: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    yield "is", _what(source)
    columns: dict[str, str] = json.loads(source["columns_understood"] or "{}")
    if columns:
        fields = FIELDS_OF.get(source["target"], RAW_FIELDS)
        named = ((FIELD_WORDS.get(name, name), columns[name]) for name in fields if name in columns)
        beside = sorted({header for name, header in columns.items() if name not in fields})
        also = f"; also {', '.join(beside)}" if beside else ""
        yield "columns", ", ".join(f"{name} = {header}" for name, header in named) + also
    kept = [issue["example"] for issue in issues if issue["rule"] == "header/unknown_column"]
    extra = sum(issue["issues"] for issue in issues if issue["rule"] == "header/unknown_column")
    if kept:
        yield (
            "kept",
            counted(extra, "more column is kept and can be queried", "more columns are kept and can be queried"),
        )
    if source["target"] == "entries":
        if source["rep_default"]:
            yield "rep", source["rep_default"]
        order, proof = ORDERS.get(source["date_order"] or "", ""), source["date_evidence"] or ""
        proof = f"as {proof} proves" if proof[:1].isdecimal() or proof[-1:].isdecimal() else proof
        yield "dates", f"{order} ({proof})" if order else proof
        yield "zone", f"{source['time_zone']} ({_zone_from(source)})"
        if numbers := _numbers(source):
            yield "numbers", numbers
    entries = TARGETS.get(source["target"], "entries")
    yield (
        "rows",
        (
            f"{count(source['records'])} = {count(source['entries'])} {entries}"
            f" + {count(source['duplicates'])} duplicates + {count(source['set_aside'])} set aside"
            f" + {count(source['blank'])} blank + {count(source['skipped'])} skipped"
        ),
    )
    told = [issue for issue in issues if issue["rule"] != "header/unknown_column"]
    for number, issue in enumerate(told):
        treated = issue["treatment"].replace("_", " ")
        title = (issue["title"] or "").rstrip(".")
        if issue["treatment"] == "noted" and issue["issues"] == 1 and issue["example"]:
            title += f" ({issue['example']})"
        yield "" if number else "issues", f"{issue['rule']} ({count(issue['issues'])}), {treated}: {title}"


def _what(source: Mapping[str, Any]) -> str:
    ending = source["file"].rpartition(".")[2].lower()
    is_other_workbook = source["file_format"] == "xlsx" and ending in {"xls", "ods", "xlsm"}
    parts = [source["what"], ending if is_other_workbook else source["file_format"]]
    if source["delimiter"]:
        parts.append(DELIMITERS.get(source["delimiter"], source["delimiter"]))
    if source["encoding"]:
        parts.append(source["encoding"])
    if source["header_line"]:
        parts.append(f"header in line {source['header_line']}")
    return " · ".join([*parts, f"taken as {source['instrument'].replace('_', ' ')}"])


def _zone_from(source: Mapping[str, Any]) -> str:
    if source["zone_from"] == "layout":
        return source["zone_reason"] or "as this format writes it"
    if source["zone_from"] == "settings":
        return "set for this file"
    return "; ".join(["the study's", *([source["zone_reason"]] if source["zone_reason"] else [])])


def _numbers(source: Mapping[str, Any]) -> str:
    said = []
    if source["decimal_mark"]:
        said.append(MARKS.get(source["decimal_mark"], source["decimal_mark"]))
    if source["duration_unit"]:
        said.append(f"bare lengths are {source['duration_unit']} ({source['duration_evidence']})")
    return "; ".join(said)


def print_accounts(accounts: Iterable[Mapping[str, Any]], *, drawn: bool, title: str = "") -> None:
    """Print what became of the rows of each file, with their sum where there are several."""
    rows = [{**row, "sheet": row["sheet"] or TARGETS.get(row["target"], "")} for row in sorted(accounts, key=by_file)]
    if len(rows) > 1:
        sums = {name: sum(row[name] for row in rows) for name, _, _ in ACCOUNT[2:]}
        rows.append({"file": "In all", "sheet": None, **sums})
    print_table(rows, ACCOUNT, drawn=drawn, title=title)
