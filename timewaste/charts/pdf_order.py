"""The same PDF again: the writer of our PDFs numbers its fonts in a random order, this module in a fixed one.

It renumbers whole objects and leaves what they hold as it is. It does not know charts.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(rb"(\d{10}) (\d{5}) ([fn])")
_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_FONTS: Final = re.compile(rb"(/Font <<\n)((?:\s*/\w+ \d+ 0 R\n)+)(\s*>>)")


def in_fixed_order(pdf: bytes) -> bytes:
    """Return the PDF with its objects numbered and written in the order in which the document names them.

    A file that is not built as expected (one classic cross-reference table) comes back as it is.
    """
    start = _START.search(pdf)
    if start is None or not pdf[int(start[1]) :].startswith(b"xref"):
        return pdf
    table, trailer = pdf[int(start[1]) : start.start()].split(b"trailer", 1)
    objects = _objects(pdf, table, int(start[1]))
    numbers = _numbers(objects, trailer)
    if numbers.keys() != objects.keys():
        return pdf
    head = pdf[: pdf.index(b" 0 obj")].rstrip(b"0123456789")
    return _written(head, {numbers[old]: _renumbered(body, numbers) for old, body in objects.items()}, trailer, numbers)


def _objects(pdf: bytes, table: bytes, end: int) -> dict[int, bytes]:
    """Return what stands after `N 0 obj` for each object, the fonts of a page sorted by name."""
    places = sorted((int(match[1]), number) for number, match in enumerate(_NUMBER.finditer(table)) if match[3] == b"n")
    ends = [place for place, _ in places[1:]] + [end]
    return {
        number: _FONTS.sub(_sorted_fonts, pdf[place:stop].partition(b" obj")[2])
        for (place, number), stop in zip(places, ends, strict=True)
    }


def _sorted_fonts(match: re.Match[bytes]) -> bytes:
    return match[1] + b"".join(sorted(match[2].splitlines(keepends=True))) + match[3]


def _numbers(objects: dict[int, bytes], trailer: bytes) -> dict[int, int]:
    """Return new numbers from 1, in the order in which objects are first named from the trailer on."""
    numbers: dict[int, int] = {}
    waiting = _named(trailer)
    while waiting:
        old = waiting.pop(0)
        if old in numbers or old not in objects:
            continue
        numbers[old] = len(numbers) + 1
        waiting += _named(objects[old])
    return numbers


def _named(body: bytes) -> list[int]:
    """Return the objects that a dictionary names; what a stream holds is no reference."""
    return [int(old) for old in _REFERENCE.findall(body.partition(b"stream\n")[0])]


def _renumbered(body: bytes, numbers: dict[int, int]) -> bytes:
    head, word, rest = body.partition(b"stream\n")
    return _REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1])], head) + word + rest


def _written(head: bytes, objects: dict[int, bytes], trailer: bytes, numbers: dict[int, int]) -> bytes:
    """Write the file anew, with the cross-reference table that fits it."""
    parts, size, entries = [head], len(head), [b"0000000000 65535 f\r\n"]
    for number in sorted(objects):
        entries.append(b"%010d 00000 n\r\n" % size)
        parts.append(b"%d 0 obj" % number + objects[number])
        size += len(parts[-1])
    table = b"xref\n0 %d\n" % len(entries) + b"".join(entries)
    end = b"trailer" + _renumbered(trailer, numbers) + b"startxref\n%d\n%%%%EOF" % size
    return b"".join([*parts, table, end])
