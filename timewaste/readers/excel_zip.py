"""A look into a workbook before anything opens it: sizes, DOCTYPEs, used range, cells that hold no value.

Streams the XML inside the zip; memory does not grow with the file. Knows nothing of headers and fields.
"""

from __future__ import annotations

import errno
import html
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from timewaste.errors import ReadError
from timewaste.issue import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_ENTRIES = 10_000
MAX_ENTRY = 768 << 20
MAX_TOTAL = 1 << 30
MAX_RATIO = 300
MAX_RANGE = 1 << 30
ROW_LIMIT = 1_048_576
MAX_MERGES = 200_000
_SAVE_ANEW = "Open it in Excel and save it anew, or ask for the file again."
_CHUNK = 4 << 20
_MAX_TAG = 1 << 20
# No pattern may look at one place again and again: it stops at the next tag, and a name begins where a name may.
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br=\"(\d+)\"")
_CELL = re.compile(rb"\br=\"([A-Z]{1,4})\d+\"")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=\"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\"")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b[^<>]*\bhidden=\"(?:1|true)\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^<>]*\bhidden=\"(?:1|true)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*>")
_PADDING = re.compile(rb"formatCode=\"00+\"")
_ATTRIBUTE = re.compile(rb"(?<![\w:])([\w:]++)=\"([^\"]*+)\"")


@dataclass(slots=True)
class Part:
    """What the XML of one worksheet holds; rows and columns are counted from 1 and 0."""

    last_row: int = 0
    columns: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    has_filter: bool = False
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    odd: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    """(row, column) -> code and text of a cell that has no usable value."""
    needs_detail: bool = False


@dataclass(slots=True)
class Book:
    """What the zip holds: a `Part` per sheet name, and what a reader of its cells should know."""

    parts: dict[str, Part] = field(default_factory=dict)
    is_1904: bool = False
    has_macros: bool = False
    has_links: bool = False
    has_padding: bool = False


def column_index(letters: str | bytes) -> int:
    """Return the index of a column from 0.

    >>> column_index("AA")
    26
    """
    value = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        value = value * 26 + letter - 64
    return value - 1


def column_letters(index: int) -> str:
    """Return a column's letters from its index.

    >>> column_letters(26)
    'AA'
    """
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def inspect_workbook(path: Path, relative: str) -> Book:
    """Return what must be known before a parser may open the workbook. Raises `ReadError` (xlsx/…)."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive, relative)
            return _inspect(archive, relative)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        expat.ExpatError,
        zlib.error,
        ValueError,
    ) as error:
        raise _error("damaged", f"the workbook is damaged: {shorten(str(error), 120)}", relative) from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a part is said to lie before the file begins
            raise
        raise _error("damaged", "the workbook is damaged: its list of parts is wrong", relative) from None


def _error(code: str, what: str, relative: str, mend: str = _SAVE_ANEW) -> ReadError:
    return ReadError(f"xlsx/{code}", what, where=relative, mend=mend)


def check_sizes(archive: zipfile.ZipFile, relative: str) -> None:
    """Refuse a zip that unpacks to more than can be read. Raises `ReadError` xlsx/too-large."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _error("too-large", f"{len(entries)} parts inside the workbook; at most {MAX_ENTRIES}", relative)
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > MAX_ENTRY or (ratio > MAX_RATIO and entry.file_size > 16 << 20):
            raise _error(
                "too-large",
                f"{entry.filename} unpacks to {entry.file_size >> 20} MB, {ratio:.0f} times its packed size",
                relative,
                "This is no log of a size that can be read; export the list as CSV.",
            )
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _error("too-large", "the workbook unpacks to more than 1 GB", relative, "Export the list as CSV.")


def _inspect(archive: zipfile.ZipFile, relative: str) -> Book:
    names = {info.filename for info in archive.infolist()}
    home = next((n for n in ("xl/workbook.xml", *sorted(names)) if n in names and n.endswith("workbook.xml")), "")
    text = b"".join(_chunks(archive, home, relative))
    book = Book(
        is_1904=re.search(rb"<(?:\w+:)?workbookPr\b[^<>]*\bdate1904=\"(?:1|true)\"", text) is not None,
        has_macros=any(name.endswith("vbaProject.bin") for name in names),
        has_links="xl/externalLinks/externalLink1.xml" in names,
    )
    folder = posixpath.dirname(home)
    relations = f"{folder}/_rels/{posixpath.basename(home)}.rels".lstrip("/")
    targets = relation_targets(archive, relations, relative) if relations in names else {}
    for tag in _SHEET.findall(text):
        said = dict(_ATTRIBUTE.findall(tag))
        target = targets.get(next((value for key, value in said.items() if key.endswith(b":id")), b""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if part in names:
            name = html.unescape(said.get(b"name", b"").decode("utf-8", "replace"))
            book.parts[name] = _inspect_sheet(archive, part, relative)
    for name in names - {home, relations}:  # every other part is looked through for a DOCTYPE
        if name.endswith((".xml", ".rels")) and "/worksheets/" not in name:
            for piece in _chunks(archive, name, relative):
                book.has_padding |= name.endswith("styles.xml") and _PADDING.search(piece) is not None
    return book


def relation_targets(archive: zipfile.ZipFile, relations: str, relative: str) -> dict[bytes, str]:
    """Return what each id in a part of relations stands for. Raises `ReadError` as for any part."""
    said = (dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(b"".join(_chunks(archive, relations, relative))))
    return {each.get(b"Id", b""): each.get(b"Target", b"").decode("utf-8", "replace") for each in said}


def _chunks(archive: zipfile.ZipFile, name: str, relative: str) -> Iterator[bytes]:
    """Yield a part in pieces that end before a tag. Raises `ReadError` for a DOCTYPE or odd encoding."""
    with archive.open(name) as stream:
        carry = b""
        while piece := stream.read(_CHUNK):
            block = carry + piece
            if not carry and block.startswith((b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")):
                raise _error("encoding", f"{name} is not UTF-8", relative)
            if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
                raise ReadError(
                    "xml/doctype",
                    f"{name} holds a DOCTYPE, which no spreadsheet program writes",
                    where=relative,
                    mend="Do not trust this file; ask its sender for another export.",
                )
            cut = block.rfind(b"<")
            cut = len(block) if cut <= 0 or len(block) - cut > _MAX_TAG else cut
            yield block[:cut]
            carry = block[cut:]
        yield carry


def _inspect_sheet(archive: zipfile.ZipFile, name: str, relative: str) -> Part:
    part, seen_rows = Part(), 0
    columns: set[bytes] = set()
    for block in _chunks(archive, name, relative):
        rows = [int(row) for row in _ROW.findall(block)]
        for row in rows:
            if row <= part.last_row:
                raise _error("duplicate-row", f"{name}: row {row} stands twice or out of order", relative)
            part.last_row = row
        seen_rows += block.count(b"<row") + block.count(b":row ")
        columns.update(_CELL.findall(block))
        part.needs_detail |= b't="e"' in block or b"<f" in block or b":f>" in block or b"<v>-" in block
        part.hidden_rows += len(_HIDDEN.findall(block)) if b"hidden=" in block else 0
        part.hidden_columns += len(_HIDDEN_COLUMNS.findall(block)) if b"hidden=" in block else 0
        part.has_filter |= b"autoFilter" in block
        for left, top, right, bottom in _MERGE.findall(block) if b"mergeCell" in block else ():
            part.merges.append((int(top), column_index(left), int(bottom), column_index(right)))
        if len(part.merges) > MAX_MERGES:
            raise _error("too-large", f"{name} has more than {MAX_MERGES} merged cells", relative)
    part.last_row = max(part.last_row, seen_rows)
    part.columns = max((column_index(letters) + 1 for letters in columns), default=0)
    if part.last_row * max(part.columns, 1) * 32 > MAX_RANGE or part.columns > 16_384:
        raise _error(
            "used-range",
            f"{name} has {part.last_row} rows up to column {column_letters(part.columns - 1)} in use",
            relative,
            "Go to the last cell (Ctrl+End), delete the empty rows and columns up to it, and save.",
        )
    if part.needs_detail:
        _find_odd_cells(archive, name, part)
    return part


def _find_odd_cells(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    """Note error cells, formulas that were never calculated, and negative numbers, which dates cannot be."""
    watch = _CellWatch(part.odd)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = watch.start, watch.end
    parser.CharacterDataHandler = watch.text
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


class _CellWatch:
    """Follows the elements of a worksheet and knows the address of each cell, written or not."""

    def __init__(self, odd: dict[tuple[int, int], tuple[str, str]]) -> None:
        self._odd = odd
        self._row, self._column, self._kind = 0, -1, ""
        self._has_formula = self._is_value = False
        self._texts: list[str] = []

    def start(self, tag: str, said: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(said.get("r", self._row + 1)), -1
        elif tag == "c":
            letters = said.get("r", "").rstrip("0123456789")
            self._column = column_index(letters) if letters else self._column + 1
            self._kind, self._has_formula, self._texts = said.get("t", "n"), False, []
        self._has_formula |= tag == "f"
        self._is_value = tag in {"v", "t"}

    def text(self, data: str) -> None:
        if self._is_value:
            self._texts.append(data)

    def end(self, tag: str) -> None:
        self._is_value = False
        if tag.rpartition(":")[2] != "c":
            return
        value, place = "".join(self._texts), (self._row, self._column)
        if self._kind == "e":
            self._odd[place] = ("xlsx/error_cell", value)
        elif self._has_formula and not value and self._kind != "str":
            self._odd[place] = ("xlsx/uncalculated", "")
        elif self._kind == "n" and value.startswith("-"):
            self._odd[place] = ("xlsx/negative_time", value)
