"""A look into an .xls workbook before anything opens it: its streams, its sheets, cells that hold no value.

Reads the compound file and the headers of the records in it; what a cell holds is the parser's matter.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.excel_zip import MAX_MERGES, Book, Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_FILE = 256 << 20
_FREE = 0xFFFFFFFA
_SAVE_ANEW = "Open it in Excel and save it as .xlsx, or ask for the file again."
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_NUMBER, _RK, _MULTI_RK, _FORMULA, _BOOL_ERROR = 0x203, 0x27E, 0xBD, 0x06, 0x205
_CELLS = {_NUMBER, _RK, _FORMULA, _BOOL_ERROR, 0xFD, 0x204, 0xD6}


def inspect_xls(path: Path, relative: str) -> Book:
    """Return what must be known before a parser may open the workbook. Raises `ReadError` (xlsx/…, file/document)."""
    size = path.stat().st_size
    if size > MAX_FILE:
        raise _error("xlsx/too-large", f"an .xls file of {size >> 20} MB", relative, "Export the list as CSV.")
    content = path.read_bytes()
    try:
        streams = _directory(content)
        entry = streams.get("Workbook") or streams.get("Book")
        if "EncryptedPackage" in streams:
            raise _encrypted(relative)
        if entry is None:
            raise _error(
                "file/document", "an old Office document, not a workbook", relative, "Ask for the table itself."
            )
        book = _walk(_stream(content, entry, streams["Root Entry"]), relative)
    except (struct.error, ValueError, IndexError, KeyError) as error:
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _encrypted(relative) from None
        raise _error("xlsx/damaged", f"the workbook is damaged: {error}", relative, _SAVE_ANEW) from None
    book.has_macros = "_VBA_PROJECT_CUR" in streams
    return book


def _error(code: str, what: str, relative: str, mend: str) -> ReadError:
    return ReadError(code, what, where=relative, mend=mend)


def _encrypted(relative: str) -> ReadError:
    mend = "Open it in Excel, remove the password (File > Info > Protect Workbook), and save it."
    return _error("xlsx/encrypted", "the workbook is protected by a password", relative, mend)


# ----------------------------------------------------------- compound file


def _directory(content: bytes) -> dict[str, tuple[int, int]]:
    """Return the first sector and the size of each stream by name."""
    (start,) = struct.unpack_from("<I", content, 48)
    table = _chain(content, start, _sector_size(content))
    streams: dict[str, tuple[int, int]] = {}
    for place in range(0, len(table) - 127, 128):
        (length,) = struct.unpack_from("<H", table, place + 64)
        name = table[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        first, size = struct.unpack_from("<II", table, place + 116)
        if name:
            streams.setdefault(name, (first, size))
    return streams


def _sector_size(content: bytes) -> int:
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in {9, 12}:
        raise ValueError("odd sector size")
    return 1 << int(shift)


def _table(content: bytes) -> list[int]:
    """Return the table of which sector follows each."""
    size = _sector_size(content)
    listed = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if more >= _FREE:
            break
        *part, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        listed += part
    following: list[int] = []
    for sector in listed:
        if sector < _FREE and len(following) * size <= len(content) + size * size:
            piece = content[(sector + 1) * size : (sector + 2) * size]
            following += struct.unpack(f"<{len(piece) // 4}I", piece[: len(piece) // 4 * 4])
    return following


def _chain(content: bytes, sector: int, size: int) -> bytes:
    following = _table(content)
    pieces: list[bytes] = []
    for _ in range(len(content) // size + 1):
        if sector >= _FREE:
            return b"".join(pieces)
        pieces.append(content[(sector + 1) * size : (sector + 2) * size])
        sector = following[sector]
    raise ValueError("its sectors go round in a circle")


def _stream(content: bytes, entry: tuple[int, int], root: tuple[int, int]) -> bytes:
    first, length = entry
    (cutoff,) = struct.unpack_from("<I", content, 56)
    if length >= cutoff:
        return _chain(content, first, _sector_size(content))[:length]
    (mini_start,) = struct.unpack_from("<I", content, 60)
    size = _sector_size(content)
    table = _chain(content, mini_start, size)
    following = struct.unpack(f"<{len(table) // 4}I", table)
    small = _chain(content, root[0], size)
    pieces: list[bytes] = []
    for _ in range(len(following) + 1):
        if first >= _FREE:
            break
        pieces.append(small[first * 64 : first * 64 + 64])
        first = following[first]
    return b"".join(pieces)[:length]


# ------------------------------------------------------------------ records


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, kind and content of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _walk(stream: bytes, relative: str) -> Book:
    book, begins, part = Book(), dict[int, str](), Part()
    for place, kind, data in _records(stream):
        if place in begins:
            part = book.parts.setdefault(begins[place], Part())
        if kind == 0x2F:
            raise _encrypted(relative)
        if kind == 0x22:
            book.is_1904 = data[:1] == b"\1"
        elif kind == 0x85 and len(data) > 8:
            begins[struct.unpack_from("<I", data)[0]] = _sheet_name(data)
        else:
            _note(part, kind, data)
    return book


def _note(part: Part, kind: int, data: bytes) -> None:
    """Keep what a record says of its sheet."""
    if kind in _CELLS or kind == _MULTI_RK:
        _note_cell(part, kind, data)
    elif kind == 0x208:
        part.hidden_rows += bool(data[12] & 0x20)
    elif kind == 0x7D:
        first, last = struct.unpack_from("<HH", data)
        part.hidden_columns += min(last - first + 1, 256) if data[8] & 1 else 0
    elif kind == 0x9D:
        part.has_filter = True
    elif kind == 0xE5:
        _note_merges(part, data)


def _sheet_name(data: bytes) -> str:
    length, flags = data[6], data[7]
    return data[8 : 8 + length * 2].decode("utf-16-le") if flags & 1 else data[8 : 8 + length].decode("latin-1")


def _note_merges(part: Part, data: bytes) -> None:
    (count,) = struct.unpack_from("<H", data)
    for number in range(min(count, (len(data) - 2) // 8, MAX_MERGES - len(part.merges))):
        top, bottom, left, right = struct.unpack_from("<4H", data, 2 + number * 8)
        part.merges.append((top + 1, left, bottom + 1, right))


def _note_cell(part: Part, kind: int, data: bytes) -> None:
    """Keep how far the sheet reaches, and cells with an error or a negative number, which no date can be."""
    row, column = struct.unpack_from("<HH", data)
    part.last_row = max(part.last_row, row + 1)
    part.columns = max(part.columns, column + 1)
    if kind == _MULTI_RK:
        count = (len(data) - 6) // 6
        part.columns = max(part.columns, column + count)
        for number in range(count):
            _note_number(part, row, column + number, _rk(data[6 + number * 6 : 10 + number * 6]))
    elif kind == _RK:
        _note_number(part, row, column, _rk(data[6:10]))
    elif kind == _NUMBER or (kind == _FORMULA and data[12:14] != b"\xff\xff"):
        _note_number(part, row, column, struct.unpack_from("<d", data, 6)[0])
    elif (kind == _BOOL_ERROR and data[7]) or (kind == _FORMULA and data[6] == 2):
        code = data[6] if kind == _BOOL_ERROR else data[8]
        part.odd[row + 1, column] = ("xlsx/error_cell", _ERRORS.get(code, "#ERROR"))


def _note_number(part: Part, row: int, column: int, value: float) -> None:
    if value < 0:
        part.odd[row + 1, column] = ("xlsx/negative_time", f"{value:g}")


def _rk(data: bytes) -> float:
    """Return a number that is packed into 30 bits."""
    (bits,) = struct.unpack("<i", data)
    value = float(bits >> 2) if bits & 2 else struct.unpack("<d", struct.pack("<q", (bits & ~3) << 32))[0]
    return float(value) / 100 if bits & 1 else float(value)
