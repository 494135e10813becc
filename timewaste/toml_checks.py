"""Names and types of what stands in a TOML file, refused with the nearest allowed name."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from timewaste.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


WORDS: dict[type, str] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dt.date: "a date without quotes, such as 2026-03-31",
    dict: "a table",
    list: "a list in [ ]",
}


def known_name(name: str, allowed: Iterable[str], where: str) -> None:
    """Refuse a name that is not allowed, and suggest the nearest. Raises `ConfigError`."""
    names = list(allowed)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Allowed: {', '.join(names[:12])}{' …' * (len(names) > 12)}."
        raise ConfigError(f"unknown name {name!r}", where=where or name, mend=hint)


def checked_table(table: object, allowed: Mapping[str, tuple[type, ...]], where: str) -> dict[str, Any]:
    """Return the table if its keys and the types of its values are allowed. Raises `ConfigError`."""
    if not isinstance(table, dict):
        raise ConfigError("must be a table", where=where, mend=f"Write it as [{where}] with keys below it.")
    for key, value in table.items():
        known_name(key, allowed, where)
        kinds = allowed[key]
        is_wrong = (isinstance(value, bool) and bool not in kinds) or isinstance(value, dt.datetime)
        if is_wrong or not isinstance(value, kinds):
            wanted = " or ".join(dict.fromkeys(WORDS[kind] for kind in kinds))
            raise ConfigError(f"{value!r} must be {wanted}", where=f"{where}.{key}", mend="Correct the value.")
    return dict(table)


def how_to_say(said: Mapping[str, Any], table: str, key: str, value: str) -> str:
    """Return what to do to `timewaste.toml`, with lines to paste: a table may stand in it only once.

    >>> how_to_say({"study": {}}, "study", "country", '"DE"').split()[-3:]
    ['country', '=', '"DE"']
    """
    line = f"{key} = {value}"
    if table not in said:
        return f"add to timewaste.toml:\n\n[{table}]\n{line}"
    if key in said[table]:
        return f"change the line {key} below [{table}] of timewaste.toml to:\n\n{line}"
    return f"add below the line [{table}] of timewaste.toml:\n\n{line}"


def check_day(text: str, where: str) -> None:
    """Refuse a text that is neither empty nor a day in ISO. Raises `ConfigError`."""
    try:
        dt.date.fromisoformat(text or "2000-01-01")
    except ValueError:
        raise ConfigError(f"{text!r} is not a day", where=where, mend='Write it as "2026-03-02".') from None


def checked_dates(days: list[object], where: str) -> tuple[dt.date, ...]:
    """Return the days of a list in order if all of them are dates. Raises `ConfigError`."""
    found: list[dt.date] = []
    for day in days:
        if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
            raise ConfigError(f"{day!r} must be {WORDS[dt.date]}", where=where, mend="Correct the value.")
        found.append(day)
    return tuple(sorted(set(found)))
