"""Which encoding and which line end a text file has: by its first bytes or the config, never by a guess."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.census import Census

LINE_LIMIT = 64 << 20
MAX_BAD_SHARE = 0.01
UTF8 = ("utf-8", "utf-8-sig")
_HEAD = 1 << 18
_CELL_END = re.compile(rb"[\r\n,;\t|\"]")


def find_encoding(path: Path, relative: str, source: SourceConfig) -> tuple[str, str]:
    r"""Return Python's name of the encoding, and the line end: "\n" (also for CRLF) or "\r".

    Raises `ReadError` csv/encoding for an unknown name or for UTF-16 without a mark, csv/record-too-long.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        is_cut = b"\n" in head or b"\r" in head or len(head) < _HEAD
        if not is_cut and not re.search(rb"[\r\n]", stream.read(LINE_LIMIT)):
            raise too_long(relative)
    return _encoding_of(head, relative, source), "\r" if b"\r" in head and b"\n" not in head else "\n"


def _encoding_of(head: bytes, relative: str, source: SourceConfig) -> str:
    said = _known_name(source.encoding, relative)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    even, odd = head[:200:2], head[1:200:2]
    looks_utf16 = max(even.count(0), odd.count(0)) > len(even) * 0.6
    if said == "utf-16":
        return "utf-16-le" if odd.count(0) >= even.count(0) else "utf-16-be"
    if said or not looks_utf16:
        return said or "utf-8"
    raise ReadError(
        "csv/encoding",
        "looks like UTF-16 text without a byte order mark",
        where=relative,
        mend=f"Save it as UTF-8, or add to timewaste.toml:\n{_block(relative, 'utf-16')}",
    )


def _known_name(name: str, relative: str) -> str:
    if not name:
        return ""
    try:
        "".encode(name)  # a codec of text, not of bytes
        return codecs.lookup(name).name
    except LookupError:
        raise ReadError(
            "csv/encoding",
            f"unknown encoding {name!r}",
            where=relative,
            mend='Use "utf-8", "utf-16" or "cp1252".',
        ) from None


def _block(relative: str, encoding: str) -> str:
    return source_block(relative, f'encoding = "{encoding}"')


def too_long(relative: str) -> ReadError:
    """Return the error for a file with a line that no table has."""
    return ReadError(
        "csv/record-too-long",
        "a line is longer than 64 MB",
        where=relative,
        mend="This is not a table of entries; remove it from logs/.",
    )


def check_encoding(path: Path, census: Census, encoding: str, relative: str, *, in_header: bool = False) -> None:
    """Raise `ReadError` csv/encoding when the file as a whole is not the UTF-8 that it should be.

    Few bad lines (under 1 %) in a file that otherwise proves to be UTF-8, by other letters beyond ASCII, are
    records to set aside, not a reason to refuse the file.
    """
    if census.longest_gap > LINE_LIMIT:
        raise too_long(relative)
    few = census.bad_lines < MAX_BAD_SHARE * census.lines and census.has_multibyte and not in_header
    if not census.bad_lines or few or encoding not in UTF8:
        return
    at = min(20, census.first_bad_byte)
    with path.open("rb") as stream:
        stream.seek(census.first_bad_byte - at)
        around = stream.read(at + 20)
    value = _CELL_END.split(around[:at])[-1] + _CELL_END.split(around[at:])[0]
    raise ReadError(
        "csv/encoding",
        f"not UTF-8: byte {around[at]:02X} at offset {census.first_bad_byte}; in cp1252 it would read "
        f"{shorten(value.decode('cp1252', 'replace'))!r}",
        where=f"{relative}, line {census.first_bad_line}",
        mend=f"If that is right, add to timewaste.toml:\n{_block(relative, 'cp1252')}",
    )
