"""What the engine says of a query that fails, as the user needs it: the place in the query, and the nearest name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from timewaste.errors import ModelError, QueryError

if TYPE_CHECKING:
    from timewaste.store import Store

LOOK = '`timewaste sql STUDY --tables` lists the tables, `timewaste sql STUDY "describe entries"` the columns of one.'
FENCED = "A query reads the study and nothing else, and changes no setting; --unsafe lifts that."
_EXPLAIN = "explain "  # what a query is asked with when only its place of failure is wanted
_LONGEST_LINE = 100
_FORBIDDEN = re.compile(
    r"disabled by configuration|configuration has been locked|Cannot change configuration|extensions? .* disabled"
    r"|not allowed|has been disabled"
)
_WRITES = re.compile(r"Can only (?:delete from|update|insert into|merge into) base table")
_COLUMN = re.compile(
    r'Referenced column "(.+)" (?:was )?not found|.*".+" does not have a column named "(.+)"', re.DOTALL
)
_TABLE = re.compile(r'Referenced table "(.+)" not found')
_TYPES = re.compile(r"No function matches the given name and argument types '(.+?)'\.")
_AMBIGUOUS = re.compile(r'Ambiguous reference to column name "(.+?)" \(use: (.+)\)')
_SYNTAX = re.compile(r'syntax error at or near "(.+)"')
_WORDS = ("select", "from", "where", "group", "order", "having", "limit", "inner", "left", "with", "union", "case")
_MANY_COLUMNS = 30


def query_error(message: str, query: str, store: Store) -> QueryError:
    """Return the error for the engine's words about `query`: what, where, and how to mend it."""
    told, shift = _told(message)
    words = str(told.get("exception_message", message)).strip()
    place, excerpt = _place(query, told, shift)
    what, mend = _what_and_mend(words, told, query, store)
    return QueryError(what + excerpt, where=place, mend=mend)


def _told(message: str) -> tuple[dict[str, Any], int]:
    """Return what the engine tells apart, and how many bytes stood before the query."""
    shift = len(_EXPLAIN) if message.startswith(_EXPLAIN) else 0
    kind, _, rest = message[shift:].partition(": ")
    try:
        told = json.loads(rest)
    except ValueError:
        return {"kind": kind, "exception_message": rest or kind}, shift
    return (told if isinstance(told, dict) else {}) | {"kind": kind}, shift


def _place(query: str, told: dict[str, Any], shift: int) -> tuple[str, str]:
    """Return line and column in words, and that line with a mark below it."""
    match = re.fullmatch(r"\[(\d+),(\d+)\]", str(told.get("location", "")))
    if not match:
        return "query", ""
    start, length = int(match[1]) - shift, int(match[2])
    before = query.encode()[: max(start, 0)].decode(errors="ignore")
    marked = query.encode()[start : start + length].decode(errors="ignore").partition("\n")[0]
    number, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    line = query.split("\n")[number - 1].replace("\t", " ").rstrip("\r") if number <= query.count("\n") + 1 else ""
    cut = max(0, column - 1 - _LONGEST_LINE // 2)
    shown = line[cut : cut + _LONGEST_LINE]
    carets = "^" * max(1, min(len(marked), len(shown) - (column - 1 - cut)))
    prefix = f"  {number} | "
    excerpt = f"\n{prefix}{shown}\n{' ' * (len(prefix) + column - 1 - cut)}{carets}"
    return f"query, line {number}, column {column}", excerpt


def _what_and_mend(words: str, told: dict[str, Any], query: str, store: Store) -> tuple[str, str]:
    first, kind = words.partition("\n")[0].strip(), str(told.get("kind"))
    if "read-only" in words or "is not an table" in words or _WRITES.match(words):
        return "the study is open for reading only", "Give a SELECT statement."
    if _FORBIDDEN.search(words):
        return f"not allowed: {first}", FENCED
    if "Out of Memory" in kind or "bad alloc" in words:
        return "the query needs more memory than it may take", "Ask for less, or give it more: --memory 8GB."
    if "must appear in the GROUP BY" in first:
        return first.partition(" or must be part")[0], "Add it to GROUP BY, or take one value of it, such as min(...)."
    if kind == "Conversion Error":
        day = "A day is written as '2026-03-31'. try_cast(... as date) gives null for what is none."
        return words, day if "date field" in words else "try_cast(... as ...) gives null for what cannot be converted."
    return _missing(first, told, query, store) or _slip(first) or (words, LOOK)


def _slip(first: str) -> tuple[str, str] | None:
    """Return what to say of a slip of the pen: a word or bracket missing, types that do not fit, a name of two."""
    if "WHERE clause cannot contain aggregates" in first:
        return first, "What is counted over a group is tested in HAVING, after GROUP BY."
    if types := _TYPES.match(first):
        return (
            f"no function {types[1]!r} for such types",
            "Change the type of one: cast(... as ...). Texts are joined with ||.",
        )
    if ambiguous := _AMBIGUOUS.match(first):
        return f"several tables have a column {ambiguous[1]!r}", "Say which: " + ambiguous[2].replace("'", "") + "."
    if syntax := _SYNTAX.match(first):
        from difflib import get_close_matches

        near = get_close_matches(syntax[1].lower(), _WORDS, n=1)
        if near and near[0] != syntax[1].lower():
            return first, f'Did you mean "{near[0]}"?'
        return first, "What stands before it? A comma, a bracket or a word of SQL may be missing or misspelt."
    return None


def _missing(first: str, told: dict[str, Any], query: str, store: Store) -> tuple[str, str] | None:
    """Return what to say of a name that is none, if that is the matter."""
    if told.get("error_subtype") == "MISSING_ENTRY":
        kind, name = str(told.get("type", "")), str(told.get("name", ""))
        if kind == "Table":
            return f"there is no table {name!r}", _nearest(name, sorted(store.tables())) or LOOK
        if "Function" in kind:
            names = store.execute("select distinct function_name from duckdb_functions() order by function_name")
            return f"there is no function {name!r}", _nearest(name, [str(name) for (name,) in names]) or LOOK
    if column := _COLUMN.match(first):
        name = column[1] or column[2]
        what = f"there is no column {name!r} in what the query reads"
        return what, _nearest(name, _columns(query, store)) or _columns_told(name, query, store)
    if table := _TABLE.match(first):
        read = _tables(query, store)
        told_read = f"It reads {', '.join(read)}." if read else LOOK
        return f"the query reads no table {table[1]!r}", _nearest(table[1], read) or told_read
    return None


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(f'{one!r}' for one in near)}?".replace("'", '"') if near else ""


def _columns_told(name: str, query: str, store: Store) -> str:
    """Return how to mend a column that is none and like none: a text in double quotes, or what there is to choose."""
    if re.search(rf'[=<>(,]\s*"{re.escape(name)}"', query):
        return f"Text stands between single quotes: '{name}'."
    read = _tables(query, store)
    if len(read) != 1:
        return LOOK
    columns = store.execute(
        "select column_name from duckdb_columns() where table_name = ? order by column_index", [read[0]]
    )
    listed = ", ".join(str(column) for (column,) in columns)
    return f"{read[0]} has {listed}." if 0 < len(columns) <= _MANY_COLUMNS else LOOK


def _columns(query: str, store: Store) -> list[str]:
    """Return the columns of the tables that a query reads; of all tables where that cannot be told."""
    read = _tables(query, store)
    known = store.execute("select table_name, column_name from duckdb_columns() where not internal")
    own = sorted({str(column) for table, column in known if table in read})
    return own or sorted({str(column) for _, column in known})


def _tables(query: str, store: Store) -> list[str]:
    """Return the tables that a query reads, none where it cannot be taken apart."""
    try:
        return sorted(store.selects_from(query))
    except ModelError:
        return []
