"""Where the records of a JSON file stand: a list, a list within an object, or one record in each line.

Knows lists and keys, not what they mean.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.json_records import flat, line_records, record_of
from timewaste.readers.json_stream import JsonStream, open_text
from timewaste.readers.json_values import RECORD_LIMIT, decode
from timewaste.readers.source_block import quoted, source_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.json_values import Decoded
    from timewaste.readers.records import Record

LINES = "lines"
NAMES_LIMIT = 2_000
_LISTS_LIMIT = 1_000
_USUAL = ("value", "data", "results", "records", "items", "entries", "events", "rows")
_NEXT = ("@odata.nextLink", "nextLink", "nextRecordsUrl", "next_page", "next")
_HEADERS = ("row_headers", "columns", "headers", "fields")
_HEAD = 1 << 16
_PART = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFile:
    """A JSON file and what was seen at its top: how it is encoded and how many bytes come before the JSON."""

    path: Path
    relative: str
    encoding: str
    skip: int
    is_lines: bool
    stamp: tuple[int, int]

    def stream(self) -> JsonStream:
        """Return the text to walk through."""
        return JsonStream(self.path, self.relative, self.encoding, self.skip)

    def mentions(self, key: str) -> bool:
        """Tell whether a key stands anywhere in the file: quick, and sure only where it does not."""
        wanted, before = f'"{key}"'.encode(), b""
        if not self.encoding.startswith("utf-8"):
            return True
        with self.path.open("rb") as stream:
            while part := stream.read(_PART):
                if wanted in before + part:
                    return True
                before = part[-len(wanted) :]
        return False

    def check_unchanged(self) -> None:
        """Raise `ReadError` when the file has changed since it was looked at."""
        if _stamp(self.path) != self.stamp:
            raise ReadError(
                "file/changed", "the file changed while it was read", where=self.relative, mend="Run it again."
            )


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


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def look_at(path: Path, relative: str, encoding: str = "") -> JsonFile:
    """Return how the file's JSON is to be read; `encoding` is the one that the settings name."""
    stamp = _stamp(path)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    encoding = encoding or ("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    skip = 0
    if encoding == "utf-8-sig" and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        start = next((head.find(end) + len(end) for end in (b"\n\n[", b"\r\n\r\n[") if end in head), 1)
        skip = start - 1
    with open_text(path, encoding, skip) as text:
        lines = list(itertools.islice((line for line in _lines(text) if line.strip()), 3))
    is_lines = len(lines) > 1 and _are_records(lines)
    return JsonFile(path=path, relative=relative, encoding=encoding, skip=skip, is_lines=is_lines, stamp=stamp)


def _are_records(lines: Sequence[str]) -> bool:
    """Tell whether the first lines are one record each: two of them stand for themselves."""
    objects = [line.lstrip().startswith("{") for line in lines]
    if not all(objects[:2]):
        return False
    whole = [begins and isinstance(decode(line).value, dict) for begins, line in zip(objects, lines, strict=True)]
    return whole[0] or (len(lines) > 2 and whole[1] and whole[2])


def _lines(text: TextIO) -> Iterator[str]:
    """Yield the first lines, no further than a record may be long."""
    for _ in range(20):
        line = text.readline(RECORD_LIMIT + 1)
        if not line or len(line) > RECORD_LIMIT:
            return
        yield line


def survey(file: JsonFile) -> Survey:
    """Go through the whole file once, and return what lists it holds. Raises `ReadError` (json/…)."""
    found = Survey()
    if file.is_lines:
        one = found.lists[LINES] = Found(LINES)
        for _, decoded in line_records(file.path, file.encoding, file.skip):
            one.meet(decoded.value, file)
        return found
    with file.stream() as stream:
        for path, element, in_list in walk(stream):
            if element is None:
                found.lists[path] = Found(path)
                if len(found.lists) > _LISTS_LIMIT:
                    raise stream.error(
                        "json/no-records", f"more than {_LISTS_LIMIT} lists", "Ask for one list of records."
                    )
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
        block = source_block(file.relative, f"sheet = {quoted(lists[0].path)}")
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
        for number, decoded in line_records(file.path, file.encoding, file.skip):
            yield record_of(number, decoded, names, has_rows=False)
        return
    with file.stream() as stream:
        number = 0
        for where, element, in_list in walk(stream):
            if element and in_list and where == path:
                number += 1
                yield record_of(number, element, names, has_rows=has_rows)
