"""One pass over the bytes of a text file: what it is made of, counted without interpreting it.

Taken of files that are no plain table: what is wrong with their bytes decides how their records are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
CONTROLS = bytes(set(range(32)) - {9, 10, 13})
TOTAL_WORDS = (
    r"(?:(?:(?:grand|sub|sous)[ -]?)?totals?(?:[ -]g[eé]n[eé]ral)?|sum|(?:zwischen|gesamt|tages|wochen|monats)?summen?|"
    r"(?:ins)?gesamt(?:stunden|zeit|dauer)?|zwischentotal|somme|suma|soll|ist|saldo|[uü]bertrag)"
    r"(?:[ :/-]+(?:per|pro|par|of|for|der|des|the|week|weekly|woche|semaine|kw|cw|day|daily|tag|jour|month|monat|"
    r"monthly|mois|hours?|stunden|heures|std|h|minutes|min|time|zeit|\d{1,4}|mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)\.?)"
    r"{0,4}"
)
"""What stands before a sum, in the languages whose headers are known; patterns ignore case."""


@dataclass(slots=True)
class Census:
    """Counts over the whole file. `bad_lines` are lines that are not UTF-8."""

    size: int = 0
    line_feeds: int = 0
    carriage_pairs: int = 0
    lone_returns: int = 0
    controls: int = 0
    bad_lines: int = 0
    first_bad_byte: int = -1
    first_bad_line: int = 0
    has_multibyte: bool = False
    longest_gap: int = 0
    ends_with_newline: bool = False
    ends_with_substitute: bool = False

    @property
    def lines(self) -> int:
        """Return the number of physical lines."""
        ends = self.line_feeds or self.lone_returns
        return ends + (self.size > 0 and not self.ends_with_newline)


def take_census(path: Path) -> Census:
    """Count over the file in chunks that end at line ends."""
    census = Census()
    with path.open("rb") as stream:
        carry = b""
        while chunk := stream.read(CHUNK):
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
            _count(census, block[:cut])
            carry = block[cut:]
        _count(census, carry)
    return census


def _count(census: Census, block: bytes) -> None:
    if not block:
        return
    feeds = block.count(b"\n")
    if b"\r" in block:
        pairs = block.count(b"\r\n")
        census.carriage_pairs += pairs
        census.lone_returns += block.count(b"\r") - pairs
    controls = len(block) - len(block.translate(None, CONTROLS))
    if controls:
        census.controls += controls
    if not block.isascii():
        _check_utf8(census, block)
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
