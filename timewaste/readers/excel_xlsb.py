"""A look into a binary workbook (.xlsb) before anything opens it: sizes, merged cells, cells that hold no value.

Reads the headers of the records and the few that matter here; what a cell holds is the parser's matter.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.readers.excel_zip import MAX_MERGES, MAX_RANGE, Book, Part, check_sizes, column_letters, relation_targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

WORKBOOK = "xl/workbook.bin"
_ROW, _RK, _ERROR, _REAL, _NUMBER_FORMULA, _ERROR_FORMULA = 0, 2, 3, 5, 9, 11
_CELLS = range(1, 12)
_DATA_BEGINS, _DATA_ENDS = 145, 146
_COLUMN, _WORKBOOK_SETTINGS, _SHEET, _MERGE = 60, 153, 156, 176
_MAX_RECORD = 1 << 20
_BLOCK = 1 << 20
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_SAVE_ANEW = "Open it in Excel and save it as .xlsx, or ask for the file again."


class _Record(NamedTuple):
    kind: int
    content: bytes


def is_xlsb(path: Path) -> bool:
    """Tell whether a zip is a binary workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return WORKBOOK in names and "xl/workbook.xml" not in names


def inspect_xlsb(path: Path, relative: str) -> Book:
    """Return what must be known before a parser may open the workbook. Raises `ReadError` (xlsx/…)."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive, relative)
            return _inspect(archive, relative)
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, ValueError, struct.error, zlib.error,
    ) as error:  # fmt: skip
        raise ReadError("xlsx/damaged", f"the workbook is damaged: {error}", where=relative, mend=_SAVE_ANEW) from None


def _inspect(archive: zipfile.ZipFile, relative: str) -> Book:
    names = set(archive.namelist())
    targets = relation_targets(archive, "xl/_rels/workbook.bin.rels", relative)
    book = Book(has_macros="xl/vbaProject.bin" in names, has_links="xl/externalLinks/externalLink1.bin" in names)
    with archive.open(WORKBOOK) as stream:
        for record in _records(stream):
            if record.kind == _WORKBOOK_SETTINGS:
                book.is_1904 = bool(struct.unpack_from("<I", record.content)[0] & 1)
            elif record.kind == _SHEET:
                relation, rest = _text(record.content[8:])
                part = f"xl/{targets.get(relation.encode(), '').removeprefix('/xl/')}"
                if part in names:
                    book.parts[_text(rest)[0]] = _inspect_sheet(archive, part, relative)
    return book


def _text(content: bytes) -> tuple[str, bytes]:
    """Return a counted text at the beginning, and what follows it."""
    (length,) = struct.unpack_from("<I", content)
    end = 4 + 2 * min(length, _MAX_RECORD)
    return content[4:end].decode("utf-16-le", "replace"), content[end:]


def _records(stream: IO[bytes]) -> Iterator[_Record]:
    """Yield the records of a part. Raises `ValueError` for one that is cut off or too long."""
    held, place, is_over = b"", 0, False
    while True:
        if not is_over and len(held) - place < _MAX_RECORD + 8:
            block = stream.read(_BLOCK + _MAX_RECORD)
            held, place, is_over = held[place:] + block, 0, not block
        if place >= len(held):
            return
        kind, place = _number(held, place, 2)
        length, place = _number(held, place, 4)
        if length > _MAX_RECORD:
            raise ValueError(f"a record of {length:,} bytes")
        if place + length > len(held):
            raise ValueError("cut off in a record")
        yield _Record(kind, held[place : place + length])
        place += length


def _number(content: bytes, place: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, at most so many of them, and the place after it."""
    value = 0
    for step in range(most):
        if place + step >= len(content):
            raise ValueError("cut off between records")
        byte = content[place + step]
        value |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            break
    return value, place + step + 1


def _inspect_sheet(archive: zipfile.ZipFile, name: str, relative: str) -> Part:
    part, row, is_data = Part(), 0, False
    with archive.open(name) as stream:
        for kind, content in _records(stream):
            is_data = kind == _DATA_BEGINS or (is_data and kind != _DATA_ENDS)
            if is_data and kind == _ROW:
                row = 1 + int(struct.unpack_from("<I", content)[0])
                if row <= part.last_row:
                    raise ReadError(
                        "xlsx/duplicate-row", f"{name}: row {row} stands twice or out of order", where=relative,
                        mend=_SAVE_ANEW,
                    )  # fmt: skip
                part.last_row = row
                part.hidden_rows += len(content) > 11 and bool(content[11] & 0x10)
            elif is_data and kind in _CELLS:
                (column,) = struct.unpack_from("<I", content)
                part.columns = max(part.columns, column + 1)
                if odd := _odd(kind, content):
                    part.odd[row, column] = odd
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", content)
                part.merges.append((top + 1, left, bottom + 1, right))
                if len(part.merges) > MAX_MERGES:
                    raise ValueError(f"more than {MAX_MERGES} merged cells")
            elif kind == _COLUMN:
                part.hidden_columns += len(content) > 16 and content[16] & 1
    if part.last_row * max(part.columns, 1) * 32 > MAX_RANGE or part.columns > 16_384:
        raise ReadError(
            "xlsx/used-range",
            f"{name} has {part.last_row} rows up to column {column_letters(part.columns - 1)} in use",
            where=relative,
            mend="Go to the last cell (Ctrl+End), delete the empty rows and columns up to it, and save.",
        )
    return part


def _odd(kind: int, content: bytes) -> tuple[str, str] | None:
    """Return code and text of a cell that has no usable value, None for any other."""
    if kind in {_ERROR, _ERROR_FORMULA}:
        return "xlsx/error_cell", _ERRORS.get(content[8], "#ERROR")
    if kind == _RK:
        (number,) = struct.unpack_from("<i", content, 8)
        value = float(number >> 2)  # else the upper half of a real number, whose sign is the same
    elif kind in {_REAL, _NUMBER_FORMULA}:
        (value,) = struct.unpack_from("<d", content, 8)
    else:
        return None
    return ("xlsx/negative_time", f"{value:g}") if value < 0 else None
