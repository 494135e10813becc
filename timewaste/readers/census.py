"""One pass over the bytes of a text file: what it is made of, counted without interpreting it.

The counts are independent of every CSV parser, so that a parser's count can be checked against them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
CONTROLS = bytes(set(range(32)) - {9, 10, 13})
TOTAL_WORDS = r"(?:(?:grand |sub-? ?)?totals?(?: hours| time)?|sum|(?:zwischen|gesamt)?summe|gesamt|somme)"


@dataclass(slots=True)
class Census:
    """Counts over the whole file. `bad_lines` are lines that are not UTF-8."""

    size: int = 0
    sha256: str = ""
    line_feeds: int = 0
    carriage_pairs: int = 0
    lone_returns: int = 0
    quotes: int = 0
    controls: int = 0
    nuls: int = 0
    blank_lines: int = 0
    bad_lines: int = 0
    first_bad_byte: int = -1
    first_bad_line: int = 0
    is_ascii: bool = True
    has_multibyte: bool = False
    longest_gap: int = 0
    ends_with_newline: bool = False
    ends_with_substitute: bool = False
    suspects: int = 0
    """Cells that the database's reader would keep or strip otherwise than we do, and likely total rows."""

    @property
    def lines(self) -> int:
        """Return the number of physical lines."""
        ends = self.line_feeds or self.lone_returns
        return ends + (self.size > 0 and not self.ends_with_newline)

    @property
    def is_uniform(self) -> bool:
        """Tell whether every line ends in LF, or every line in CRLF."""
        return self.lone_returns == 0 and self.carriage_pairs in {0, self.line_feeds}


def take_census(path: Path, *, delimiter: str, header: bytes) -> Census:
    """Count over the file in chunks that end at line ends; `header` is the header row, to find repeats."""
    census, digest = Census(), hashlib.sha256()
    suspects = _Suspects(delimiter.encode(), header)
    with path.open("rb") as stream:
        carry = b""
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            block = carry + chunk
            # A pure-CR file has no LF to cut at; a long line is carried on until it ends.
            cut = block.rfind(b"\n") + 1 or (block.rfind(b"\r", 0, -1) + 1 if b"\n" not in block else 0)
            if cut == 0:
                if len(block) >= CHUNK:
                    census.longest_gap = max(census.longest_gap, len(block))
                if len(block) < 64 * CHUNK:
                    carry = block
                    continue
                cut = len(block)
            _count(census, block[:cut], suspects)
            carry = block[cut:]
        _count(census, carry, suspects)
    census.sha256 = digest.hexdigest()
    return census


def _count(census: Census, block: bytes, suspects: _Suspects) -> None:
    if not block:
        return
    feeds = block.count(b"\n")
    census.blank_lines += block.startswith((b"\n", b"\r\n")) + block.count(b"\n\n")
    if b"\r" in block:
        pairs = block.count(b"\r\n")
        census.carriage_pairs += pairs
        census.lone_returns += block.count(b"\r") - pairs
        census.blank_lines += block.count(b"\n\r\n")
    census.quotes += block.count(b'"')
    controls = len(block) - len(block.translate(None, CONTROLS))
    if controls:
        census.controls += controls
        census.nuls += block.count(b"\0")
    if not block.isascii():
        census.is_ascii = False
        _check_utf8(census, block)
    census.suspects += suspects.count(block)
    census.line_feeds += feeds
    census.size += len(block)
    census.ends_with_newline = block.endswith((b"\n", b"\r"))
    census.ends_with_substitute = block.rstrip(b"\r\n").endswith(b"\x1a")


def _check_utf8(census: Census, block: bytes) -> None:
    try:
        block.decode()
    except UnicodeDecodeError:
        offset, number = census.size, census.line_feeds or census.lone_returns
        separator = b"\n" if b"\n" in block else b"\r"
        for line in block.split(separator):
            number += 1
            try:
                line.decode()
            except UnicodeDecodeError as error:
                if census.first_bad_byte < 0:
                    census.first_bad_byte, census.first_bad_line = offset + error.start, number
                census.bad_lines += 1
            else:
                census.has_multibyte |= not line.isascii()
            offset += len(line) + 1
    else:
        census.has_multibyte = True


class _Suspects:
    """Byte patterns that must be read by our own splitter: cheap finds first, a regex only where one hits."""

    def __init__(self, delimiter: bytes, header: bytes) -> None:
        starts = (delimiter, b"\n")
        words = (b"total", b"summe", b"gesamt", b"somme")
        self._words = (*words, *(start + b"sum" for start in (*starts, b'"')))
        self._blanks = {
            byte: tuple(start + blank for start in (*starts, b'"'))
            for byte, blank in ((b" ", b" "), (b"\t", b"\t"), (b"\xc2", b"\xc2\xa0"))
            if byte != delimiter
        }
        if delimiter == b"\t":  # a tab begins a cell of blanks only behind a quote that begins a cell
            self._blanks[b'"'] = (b'\t"\t', b'\n"\t')
        self._header, self._empty, self._headers_seen = b"\n" + header, b"\n" + delimiter, 0
        self._patterns = _suspect_patterns(delimiter)

    def count(self, block: bytes) -> int:
        """Return 1 if something in the block is suspect."""
        block = b"\n" + block
        self._headers_seen += block.count(self._header) if len(self._header) > 1 else 0
        if self._headers_seen > 1:
            return 1
        lowered = block.lower()
        found = self._empty in block or any(word in lowered for word in self._words)
        if not found:
            found = any(
                byte in block and any(blank in block for blank in blanks) for byte, blanks in self._blanks.items()
            )
        return int(found and any(pattern.search(lowered) for pattern in self._patterns))


def _suspect_patterns(delimiter: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Return patterns that each begin with one literal byte, which the engine skips to at memory speed."""
    d = re.escape(delimiter)
    end = rb"(?=[\r\n]|$|" + d + rb")"
    blank = rb"(?:[ \t]|\xc2\xa0)" if delimiter != b"\t" else rb"(?: |\xc2\xa0)"
    quoted_blank = rb"(?:[ \t]|\xc2\xa0)"
    tails = (
        rb'"? *' + TOTAL_WORDS.encode() + rb' *:? *"? *' + end,  # a total row
        blank + rb"+" + end,  # a cell of blanks
        rb'"' + quoted_blank + rb'+"' + end,
        rb' +"',  # blanks before a quoted cell
    )
    found = [start + tail for start in (d, rb"\n", rb"\r") for tail in tails]
    found += [rb'" +' + end]  # blanks after a quoted cell
    found += [start + d + rb"+(?=[\r\n]|$)" for start in (rb"\n", rb"\r")]  # a record of empty cells
    return tuple(map(re.compile, found))
