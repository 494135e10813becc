"""SQL and types as text: names and literals in quotes, what a statement reads, which types are what. No database."""

from __future__ import annotations

import json
import re

# Kinds that Polars cannot hold, even within lists: they are read as text.
UNREADABLE = re.compile(r"INTERVAL|TIME WITH TIME ZONE|BIT|UNION|VARIANT|GEOMETRY")
# A time with a zone needs pytz to become a Python object.
UNREADABLE_IN_PYTHON = re.compile(UNREADABLE.pattern + "|TIMESTAMP WITH TIME ZONE")
NUMBER = re.compile(r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$")


def quote(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def table_names(tree: str) -> set[str]:
    """Return the tables that a SELECT reads, without its own CTEs; `tree` is what json_serialize_sql makes of it."""
    read: set[str] = set()
    own: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                read.add(node["table_name"])
            own.update(entry["key"] for entry in (node.get("cte_map") or {}).get("map", []))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(tree))
    return read - own
