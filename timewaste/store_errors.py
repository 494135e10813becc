"""What the database engine says when something fails -> an error that says what to do. Knows words, no database."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from timewaste.errors import QueryError, StudyError

if TYPE_CHECKING:
    from pathlib import Path

# How the system says that a file or a folder may not be written to.
_BARRED = ("Permission denied", "Read-only file system", "Operation not permitted")


def open_error(path: Path | None, message: str, version: str) -> StudyError:
    """Return the error for a file that cannot be opened; `version` is the engine's."""
    if versions := re.search(r"storage version number (\d+), but we can only read .* between (\d+) and (\d+)", message):
        found, oldest, newest = versions.groups()
        age = "newer" if int(found) > int(newest) else "older"
        return StudyError(
            f"the database was written by a{'n' * (age == 'older')} {age} DuckDB: its storage is version {found}, and "
            f"DuckDB {version} reads {oldest} to {newest}",
            where=str(path),
            mend="Delete the file: it is rebuilt from the logs."
            + " Or install that DuckDB: pip install --upgrade duckdb" * (age == "newer"),
        )
    message = _plain_words(message)
    if "Conflicting lock" in message or "Could not set lock" in message:
        return StudyError(
            "the study is in use by another program", where=str(path), mend=f"Close that program first. ({message})"
        )
    if any(words in message for words in _BARRED):
        return StudyError(
            "the study cannot be opened: its folder or its database may not be written to",
            where=str(path),
            mend=f"Copy the study to a folder that you may write to. ({message})",
        )
    return StudyError(
        "this is not a database that can be opened",
        where=str(path),
        mend=f"Delete the file: it is rebuilt from the logs. ({message})",
    )


def _plain_words(message: str) -> str:
    """Return what the engine says, where it says it in JSON."""
    kind, _, rest = message.partition(": ")
    try:
        return f"{kind}: {json.loads(rest)['exception_message']}"
    except (ValueError, KeyError, TypeError):
        return message


def query_error(message: str) -> QueryError:
    """Return the error for a user's query that fails."""
    message = _plain_words(message)
    if "read-only mode" in message:
        return QueryError("the study is open for reading only", where="query", mend="Give a SELECT statement.")
    if "Parameter" in message and "count" in message:
        return QueryError(
            f"parameters and query do not fit: {message}", where="query", mend="Give one --set for each $name."
        )
    return QueryError(
        message,
        mend="`timewaste sql STUDY --tables` lists the tables, "
        '`timewaste sql STUDY "describe entries"` the columns of one.',
    )
