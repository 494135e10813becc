"""What a JSON record says: its texts by key, those of nested objects by the keys that lead to them."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from timewaste.issue import shorten
from timewaste.readers.json_stream import open_text
from timewaste.readers.json_values import RECORD_LIMIT, Decoded, broken, decode
from timewaste.readers.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def record_of(number: int, decoded: Decoded, names: Sequence[str], *, has_rows: bool) -> Record:
    """Return a record with a cell for each name; `has_rows` says that records are lists of cells."""
    if decoded.rule:
        return Record(number, (), decoded.rule, -1, decoded.shown, decoded.raw)
    value = decoded.value
    if isinstance(value, dict) and not has_rows:
        row = flat(value)
        return Record(number, tuple(row.get(name, "") for name in names))
    is_row = has_rows and isinstance(value, list)
    if is_row and len(value) == len(names):
        return Record(number, tuple(_text(cell) for cell in value))
    raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Record(number, (), "json/cells" if is_row else "json/no_object", -1, shorten(raw), raw)


def line_records(path: Path, encoding: str, skip: int) -> Iterator[tuple[int, Decoded]]:
    """Yield line and record. A line that breaks off at the end of the file is told as that."""
    with open_text(path, encoding, skip) as text:
        for number in itertools.count(1):
            line = text.readline(RECORD_LIMIT + 1).replace("\ufffd", "\udcff")
            if not line:
                return
            if len(line) > RECORD_LIMIT and not line.endswith("\n"):
                while (rest := text.readline(RECORD_LIMIT)) and not rest.endswith("\n"):
                    pass
                yield number, broken("json/record_too_long", "", line[: RECORD_LIMIT // 16])
            elif line.strip():
                decoded = decode(line)
                if decoded.rule == "json/syntax" and not line.endswith("\n"):
                    decoded = decoded._replace(rule="json/truncated")
                yield number, decoded


def flat(value: Mapping[str, Any]) -> dict[str, str]:
    """Return a record's texts by key, of nested objects by the keys that lead to them.

    >>> flat({"start": {"dateTime": "9:00"}, "tags": ["a", "b"], "done": True, "note": None})
    {'start.dateTime': '9:00', 'tags': 'a, b', 'done': 'true', 'note': ''}
    """
    found: dict[str, str] = {}
    _flatten(value, "", found)
    return found


def _flatten(value: Mapping[str, Any], before: str, found: dict[str, str]) -> None:
    for key, inner in value.items():
        name = f"{before}{key}"
        if isinstance(inner, dict) and inner:
            _flatten(inner, f"{name}.", found)
        else:
            # `{"a.b": 1, "a": {"b": 2}}`: both are kept.
            found[name if name not in found else f"{name} (2)"] = _text(inner)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return value
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(inner, list | dict) for inner in value):
        return ", ".join(_text(inner) for inner in value)
    return json.dumps(value, ensure_ascii=False)
