"""Where the records of a JSON file stand: a list, a list within an object, or one record in each line.

Knows lists and keys, not what they mean.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.json_stream import RECORD_LIMIT, Decoded, JsonStream, broken, decode, open_text
from timewaste.readers.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timewaste.config import SourceConfig

LINES = "lines"
NAMES_LIMIT = 2_000
_USUAL = ("value", "data", "results", "records", "items", "entries", "events", "rows")
_NEXT = ("@odata.nextLink", "nextLink", "nextRecordsUrl", "next_page", "next")
_HEADERS = ("row_headers", "columns", "headers", "fields")
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFile:
    """A JSON file and what was seen at its top: how it is encoded and how many bytes come before the JSON."""

    path: Path
    relative: str
    encoding: str
    skip: int
    is_lines: bool

    def stream(self) -> JsonStream:
        """Return the text to walk through."""
        return JsonStream(self.path, self.relative, self.encoding, self.skip)


@dataclass(slots=True)
class Found:
    """A list in the file: how many elements it has, the names in its records, and the first record."""

    path: str
    count: int = 0
    records: int = 0
    names: dict[str, None] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)
    has_rows: bool = False

    @property
    def is_table(self) -> bool:
        """Tell whether its elements are lists of cells."""
        return self.has_rows and not self.records

    def meet(self, value: Any, file: JsonFile) -> None:  # noqa: ANN401 - any JSON
        """Take note of one element."""
        self.count += 1
        if isinstance(value, list):
            self.has_rows = True
        if not isinstance(value, dict):
            return
        self.records += 1
        row = flat(value)
        self.first = self.first or row
        self.names.update(dict.fromkeys(row))
        if len(self.names) > NAMES_LIMIT:
            raise ReadError(
                "json/too-many-keys",
                f"the records have more than {NAMES_LIMIT:,} different keys",
                where=file.relative,
                mend="Ask for an export in which every record has the same keys.",
            )


@dataclass(slots=True)
class Survey:
    """Every list of a file, the texts beside them, and the columns where rows are lists of cells."""

    lists: dict[str, Found] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Sequence[str]] = field(default_factory=dict)

    @property
    def next_page(self) -> str:
        """Return the name of the key that says that the list goes on elsewhere, or ""."""
        return next((name for name in _NEXT if self.texts.get(name)), "")


def look_at(path: Path, relative: str) -> JsonFile:
    """Return how the file's JSON is to be read. Raises `ReadError` json/encoding."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    skip = 0
    if encoding == "utf-8-sig" and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        start = next((head.find(end) + len(end) for end in (b"\n\n[", b"\r\n\r\n[") if end in head), 1)
        skip = start - 1
    with open_text(path, encoding, skip) as text:
        lines = [line for line in _lines(text) if line[1].strip()][:3]
    return JsonFile(path=path, relative=relative, encoding=encoding, skip=skip, is_lines=_are_records(lines))


def _are_records(lines: Sequence[tuple[int, str]]) -> bool:
    """Tell whether the first lines are one record each: two of them stand for themselves."""
    objects = [line.lstrip().startswith("{") for _, line in lines]
    whole = [isinstance(decode(line).value, dict) for _, line in lines]
    if len(lines) < 2 or not objects[0]:
        return False
    return (whole[0] and objects[1]) or (len(lines) > 2 and whole[1] and whole[2])


def _lines(text: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - a text stream
    """Yield the first lines, no further than a record may be long."""
    for number in itertools.islice(itertools.count(1), 20):
        line = text.readline(RECORD_LIMIT + 1)
        if not line or len(line) > RECORD_LIMIT:
            return
        yield number, line


def survey(file: JsonFile) -> Survey:
    """Go through the whole file once, and return what lists it holds. Raises `ReadError` (json/…)."""
    found = Survey()
    if file.is_lines:
        one = found.lists[LINES] = Found(LINES)
        for _, decoded in _line_records(file):
            one.meet(decoded.value, file)
        return found
    with file.stream() as stream:
        for path, element, in_list in walk(stream):
            if element is None:
                found.lists[path] = Found(path)
            elif in_list:
                found.lists[path].meet(element.value, file)
                if path.rpartition(".")[2] in _HEADERS and isinstance(element.value, str):
                    parent = path.rpartition(".")[0]
                    found.columns[parent] = [*found.columns.get(parent, ()), element.value]
            elif len(found.texts) < NAMES_LIMIT and isinstance(element.value, str):
                found.texts[path] = element.value
        stream.finish()
    return found


def walk(stream: JsonStream, path: str = "", depth: int = 0) -> Iterator[tuple[str, Decoded | None, bool]]:
    """Yield path, value and whether it is a list's element, of every list and scalar that is not within a list.

    Where a list begins, None comes before its elements.
    """
    first = stream.peek()
    if first == "[":
        yield path, None, True
        for _ in stream.elements():
            yield path, stream.record(), True
    elif first == "{" and depth < 4:
        for key in stream.members():
            yield from walk(stream, f"{path}.{key}" if path else key, depth + 1)
    elif first == "{":
        stream.skip()
    else:
        yield path, stream.record(), False


def choose(found: Survey, file: JsonFile, source: SourceConfig) -> Found:
    """Return the list whose records are the log's. Raises `ReadError` that names those which there are."""
    lists = [one for one in found.lists.values() if one.records or (one.has_rows and _columns(found, one))]
    if source.sheet:
        if one := found.lists.get(source.sheet):
            return one
        raise _no_records(f"there is no list {source.sheet!r}", found, file, "Correct `sheet` in the [[source]] block.")
    usual = [one for one in lists if one.path.rpartition(".")[2] in _USUAL]
    if len(lists) == 1 or (len(usual) == 1 and "." not in usual[0].path):
        return lists[0] if len(lists) == 1 else usual[0]
    if not lists and any(one.path in {"", *_USUAL} and not one.count for one in found.lists.values()):
        return next(one for one in found.lists.values() if one.path in {"", *_USUAL})
    if lists:
        block = f'[[source]]\nmatch = "{file.relative}"\nsheet = "{lists[0].path}"'
        raise _no_records("several lists of records", found, file, f"Say which is the log in timewaste.toml:\n{block}")
    raise _no_records("no list of records", found, file, "Needed: a list of objects, one for each entry.")


def _no_records(what: str, found: Survey, file: JsonFile, mend: str) -> ReadError:
    lists = [f"{one.path or 'top level'} ({one.count} elements)" for one in found.lists.values()]
    names = [*lists, *found.texts]
    shown = " | ".join(shorten(name, 60) for name in names[:12]) + (" | …" if len(names) > 12 else "")
    return ReadError("json/no-records", f"{what}; the file has {shown or 'nothing'}", where=file.relative, mend=mend)


def _columns(found: Survey, one: Found) -> Sequence[str]:
    return found.columns.get(one.path.rpartition(".")[0], ())


def column_names(found: Survey, one: Found) -> tuple[str, ...]:
    """Return the names of a list's columns: the keys of its records, or what stands beside rows of cells."""
    return tuple(_columns(found, one)) if one.is_table else tuple(one.names)


def records(file: JsonFile, path: str, names: Sequence[str], *, has_rows: bool) -> Iterator[Record]:
    """Yield the records of a list with a cell for each name; the line is a record's number, in NDJSON its line."""
    if file.is_lines:
        for number, decoded in _line_records(file):
            yield _record(number, decoded, names, has_rows=False)
        return
    with file.stream() as stream:
        number = 0
        for where, element, in_list in walk(stream):
            if element and in_list and where == path:
                number += 1
                yield _record(number, element, names, has_rows=has_rows)


def _record(number: int, decoded: Decoded, names: Sequence[str], *, has_rows: bool) -> Record:
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


def _line_records(file: JsonFile) -> Iterator[tuple[int, Decoded]]:
    """Yield line and record. A line that breaks off at the end of the file is told as that."""
    with open_text(file.path, file.encoding, file.skip) as text:
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
