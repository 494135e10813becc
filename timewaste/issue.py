"""An issue: one thing wrong with one place in a log. A value, never an exception."""

from __future__ import annotations

from typing import NamedTuple


class Issue(NamedTuple):
    """One thing a reader found wrong with one record; the record itself is kept.

    `rule` is a stable code such as `csv/ragged`, explained in `defaults/issue_rules/`. `line` is the
    physical line of a text file or the row of a sheet, from 1. `value` is the offending text, shortened.
    `treatment` is `set_aside` (not an entry), `blank` or `skipped` (not data) or `noted` (kept as it is).
    """

    line: int
    column: str
    rule: str
    value: str
    treatment: str


def shorten(text: str, limit: int = 40) -> str:
    r"""Return `text` fit for a message: control characters escaped, at most `limit` characters.

    >>> shorten("a\x00b")
    'a\\x00b'
    """
    shown = "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
