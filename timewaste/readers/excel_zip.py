"""A look into a workbook before anything opens it: sizes, DOCTYPEs, the used range, and cells that are not values.

Streams the XML inside the zip; memory does not grow with the file. Knows nothing of headers and fields.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_ENTRIES = 10_000
MAX_ENTRY = 768 << 20
MAX_TOTAL = 1 << 30
MAX_RATIO = 300
MAX_RANGE = 1 << 30
ROW_LIMIT = 1_048_576
_CHUNK = 4 << 20
_MAX_TAG = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d+)\"")
_CELL = re.compile(rb"\br=\"([A-Z]{1,4})\d+\"")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\"")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=\"(?:1|true)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)=\"([^\"]*)\"")


@dataclass(slots=True)
class Part:
    """What the XML of one worksheet holds; rows and columns are counted from 1 and 0."""

    last_row: int = 0
    columns: int = 0
    hidden_rows: int = 0
    has_filter: bool = False
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    odd: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    """(row, column) -> code and text of a cell that has no usable value."""
    needs_detail: bool = False


@dataclass(slots=True)
class Book:
    """What the zip holds: a `Part` per sheet name, and whether the epoch is 1904."""

    parts: dict[str, Part] = field(default_factory=dict)
    is_1904: bool = False
    has_macros: bool = False
    has_links: bool = False


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
            _check_sizes(archive, relative)
            return _inspect(archive, relative)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        expat.ExpatError,
    ) as error:
        raise _error("damaged", f"the workbook is damaged: {error}", relative) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _error("damaged", f"the workbook is damaged: {error}", relative) from None
        raise


def _error(
    code: str,
    what: str,
    relative: str,
    mend: str = "Open it in Excel and save it anew, or ask for the file again.",
) -> ReadError:
    return ReadError(f"xlsx/{code}", what, where=relative, mend=mend)


def _check_sizes(archive: zipfile.ZipFile, relative: str) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _error(
            "too-large", f"{len(entries)} parts inside the workbook; at most {MAX_ENTRIES}", relative
        )
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
        raise _error(
            "too-large", "the workbook unpacks to more than 1 GB", relative, "Export the list as CSV."
        )


def _inspect(archive: zipfile.ZipFile, relative: str) -> Book:
    names = {info.filename for info in archive.infolist()}
    home = next(
        (n for n in ("xl/workbook.xml", *sorted(names)) if n in names and n.endswith("workbook.xml")), ""
    )
    text = b"".join(_chunks(archive, home, relative))
    book = Book(
        is_1904=bool(re.search(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"", text)),
        has_macros=any(name.endswith("vbaProject.bin") for name in names),
        has_links="xl/externalLinks/externalLink1.xml" in names,
    )
    folder = posixpath.dirname(home)
    relations = f"{folder}/_rels/{posixpath.basename(home)}.rels".lstrip("/")
    targets = {}
    for tag in (
        _RELATION.findall(b"".join(_chunks(archive, relations, relative))) if relations in names else ()
    ):
        said = dict(_ATTRIBUTE.findall(tag))
        targets[said.get(b"Id", b"")] = said.get(b"Target", b"").decode()
    for tag in _SHEET.findall(text):
        said = dict(_ATTRIBUTE.findall(tag))
        target = targets.get(
            said.get(b"r:id", next((v for k, v in said.items() if k.endswith(b":id")), b"")), ""
        )
        part = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        if part in names:
            book.parts[_unescape(said.get(b"name", b""))] = _inspect_sheet(archive, part, relative)
    done = {home, relations}
    for name in names - done:  # every other XML part is looked through for a DOCTYPE only
        if name.endswith((".xml", ".rels")) and "/worksheets/" not in name:
            for _ in _chunks(archive, name, relative):
                pass
    return book


def _unescape(text: bytes) -> str:
    import html

    return html.unescape(text.decode("utf-8", "replace"))


def _chunks(archive: zipfile.ZipFile, name: str, relative: str) -> Iterator[bytes]:
    """Yield a part in pieces that end before a tag begins. Raises `ReadError` on a DOCTYPE or odd encoding."""
    with archive.open(name) as stream:
        carry = b""
        while piece := stream.read(_CHUNK):
            block = carry + piece
            if not carry and block.startswith((b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")):
                raise _error("encoding", f"{name} is not UTF-8", relative)
            if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
                raise ReadError(
                    "xml/doctype", f"{name} holds a DOCTYPE, which no spreadsheet program writes", where=relative,
                    mend="Do not trust this file; ask its sender for another export.",
                )  # fmt: skip
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
        part.has_filter |= b"autoFilter" in block
        for left, top, right, bottom in _MERGE.findall(block) if b"mergeCell" in block else ():
            part.merges.append((int(top), column_index(left), int(bottom), column_index(right)))
    part.last_row = max(part.last_row, seen_rows)
    part.columns = max((column_index(letters) + 1 for letters in columns), default=0)
    if part.last_row * max(part.columns, 1) * 32 > MAX_RANGE or part.columns > 16_384:
        raise _error(
            "used-range",
            f"{name} claims a used range of {part.last_row} rows to column {column_letters(part.columns - 1)}",
            relative,
            "Go to the last cell (Ctrl+End), delete the empty rows and columns that have been used, and save.",
        )
    if part.needs_detail:
        _find_odd_cells(archive, name, part)
    return part


def _find_odd_cells(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    """Note error cells, formulas that were never calculated, and negative numbers, which dates cannot be."""
    row, column, kind, has_formula, texts, is_value = 0, -1, "", False, list[str](), False

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal row, column, kind, has_formula, is_value
        tag = tag.rpartition(":")[2]
        if tag == "row":
            row, column = int(said.get("r", row + 1)), -1
        elif tag == "c":
            letters = said.get("r", "").rstrip("0123456789")
            column, kind = column_index(letters) if letters else column + 1, said.get("t", "n")
            has_formula = False
            texts.clear()
        has_formula |= tag == "f"
        is_value = tag in {"v", "t"}

    def text(data: str) -> None:
        if is_value:
            texts.append(data)

    def end(tag: str) -> None:
        nonlocal is_value
        is_value = False
        if tag.rpartition(":")[2] == "c":
            value = "".join(texts)
            if kind == "e":
                part.odd[row, column] = ("xlsx/error_cell", value)
            elif has_formula and not value and kind != "str":
                part.odd[row, column] = ("xlsx/uncalculated", "")
            elif kind == "n" and value.startswith("-"):
                part.odd[row, column] = ("xlsx/negative_time", value)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.buffer_text = True
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
