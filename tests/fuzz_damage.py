"""How the fuzzer spoils a log: damage of the bytes, and other words where one stood."""

from __future__ import annotations

import gzip
import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

PACKED = {"xlsx", "zip"}
LOOKED_THROUGH = 6_000
"""Bytes in which parts are looked for: the patterns take the square of it where an element does not end."""

COMMON = (
    b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b" ", b"\xa0", b"\xff", b"\xc3", b"\xe2\x80\xa8",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"Total", b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN",
    b"2026-02-30", b"0001-01-01", b"24:00", b"\xf0\x9f\x98\x80", "\u202e".encode(), b"=1+1", b"{}", b"%s%n",
    b"\\", b"/",
)  # fmt: skip
TOKENS = {
    "csv": (b",", b";", b"\t", b"|", b",,,,,", b'","', b'",', b',"', b"Rep,Date,Start,End,Activity", b"' "),
    "xlsx": (
        b"<", b">", b"/>", b"</row>", b'<row r="2">', b'<c r="XFD1048576"><v>1</v></c>', b"&amp;", b"&#0;", b"&a;",
        b"<!DOCTYPE a [<!ENTITY a 'x'>]>", b' t="e"', b' t="s"', b' r="A0"', b' r="ZZZZ9"', b' s="99"', b"<f/>",
        b"<v>2958466</v>", b"<v>-1</v>", b'<mergeCell ref="A1:XFD9"/>', b' hidden="1"', b' xml:space="preserve"',
    ),
    "ics": (
        b"BEGIN:VEVENT", b"END:VEVENT", b"\r\n ", b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=DAILY;INTERVAL=0",
        b"COUNT=999999999", b"UNTIL=99991231", b"DTSTART:20260230T090000Z", b"DURATION:-PT30M",
        b"TZID=Nowhere/None:", b"EXDATE:20260302",
        b"RDATE:20260302T090000Z,", b"UID:", b"RECURRENCE-ID:20260309T090000Z", b"BYMONTHDAY=30;BYMONTH=2", b":", b";",
    ),
    "json": (
        b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"1e400", b'"a":', b'"\\ud800"', b'"\\u0000"', b"[[[[[",
    ),
    "xes": (
        b"<", b">", b"/>", b"</trace>", b"<trace>", b"<event>", b"</event>", b"<!--", b"-->", b"<![CDATA[", b"]]>",
        b"&#8;", b"&a;", b"<!DOCTYPE log>", b"<?x?>", b'<string key="concept:name" value="x"/>',
        b'<date key="time:timestamp"/>', b"<list>", b"<global>", b'key=""',
        b' xmlns="a"', b"<a:b/>", b'<?xml version="1.1" encoding="utf-16"?>',
    ),
}  # fmt: skip
TOKENS["html"] = (
    b"<", b">", b"/>", b"<table>", b"</table>", b"<tr>", b"<td rowspan=99999>", b"<td colspan=999>", b"<!--", b"-->",
    b"<![CDATA[", b"<script>", b"&#0;", b"&#x110000;", b"&amp", b"<a b='", b"<meta charset=utf-16>", b"</td></tr>",
)  # fmt: skip
TOKENS["zip"] = TOKENS["gzip"] = TOKENS["csv"] + (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b")
TOKENS["timewarrior"] = (
    b"inc ", b"inc", b" - ", b" # ", b"#", b'"', b'\\"', b"20260230T090000Z", b"20260302T090000Z", b"exc ", b"Z",
)  # fmt: skip
TOKENS["parquet"] = (b"PAR1", b"\x15\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\x0f", b"\x19", b"\x2c", b"\x00" * 8)


def spoil(content: bytes, kind: str, others: list[bytes], chance: random.Random) -> bytes:
    """Return a log with one to six faults; in a zip they stand mostly inside its members."""
    if kind in PACKED and content.startswith(b"PK") and chance.random() < 0.75:
        return _spoil_members(content, kind, chance)
    if kind == "gzip" and chance.random() < 0.7:
        return gzip.compress(_spoil_bytes(gzip.decompress(content), TOKENS["csv"], others, chance), mtime=0)
    return _spoil_bytes(content, TOKENS[kind], others, chance)


def _spoil_bytes(content: bytes, tokens: tuple[bytes, ...], others: list[bytes], chance: random.Random) -> bytes:
    data = bytearray(content)
    damages = TIDY if chance.random() < 0.5 else DAMAGES
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        chance.choice(damages)(data, tokens, others, chance)
    return bytes(data)


def _span(data: bytearray, chance: random.Random, longest: int = 400) -> tuple[int, int]:
    first = chance.randrange(len(data) + 1)
    return first, min(len(data), first + chance.choice((1, 4, 30, longest)))


def _flip(data: bytearray, _tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, _tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    first, last = _span(data, chance)
    del data[first : last if chance.random() < 0.8 else len(data)]


def _insert(data: bytearray, tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    first, _ = _span(data, chance)
    data[first:first] = chance.choice((*COMMON, *tokens))


def _replace(data: bytearray, tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    first, last = _span(data, chance, 40)
    data[first:last] = chance.choice((*COMMON, *tokens))


def _run(data: bytearray, tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    first, _ = _span(data, chance)
    data[first:first] = chance.choice((*COMMON, *tokens, b"a")) * chance.choice((10, 300, 20_000))


def _again(data: bytearray, _tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    first, last = _span(data, chance, 2_000)
    data[last:last] = data[first:last] * chance.choice((1, 2, 50))


def _splice(data: bytearray, _tokens: tuple[bytes, ...], others: list[bytes], chance: random.Random) -> None:
    other = chance.choice(others)
    first, _ = _span(data, chance)
    data[first : len(data) if chance.random() < 0.5 else first] = other[chance.randrange(len(other)) :]


def _move(data: bytearray, _tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    """Leave out, repeat or move a whole part: a line, an element, an object."""
    parts = [match.span() for match in chance.choice(PARTS).finditer(data[:LOOKED_THROUGH])]
    if not parts:
        return
    first, last = chance.choice(parts)
    part = bytes(data[first:last])
    place = chance.choice(parts)[0]
    what = chance.random()
    if what < 0.4:
        data[place:place] = part * chance.choice((1, 1, 3, 200))
    else:
        del data[first:last]
        if what > 0.7 and place <= first:
            data[place:place] = part


def _change(data: bytearray, _tokens: tuple[bytes, ...], _others: list[bytes], chance: random.Random) -> None:
    """Put another text where one stands, so that the frame around it stays whole."""
    texts = [match.span(1) for match in TEXTS.finditer(data[:LOOKED_THROUGH])]
    if texts:
        first, last = chance.choice(texts)
        other = chance.choice(texts)
        data[first:last] = bytes(data[slice(*other)]) if chance.random() < 0.4 else chance.choice(VALUES)


PARTS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rb"[^\n]*\n", rb"<[^<>/]+/>", rb"<(event|trace|row|c|v|is|t)\b.*?</\1>", rb"BEGIN:VEVENT.*?END:VEVENT\r?\n",
        rb"\{[^{}]*\},?", rb'"[^"]*"', rb"[^,;\t\n]*[,;\t]",
    )
)  # fmt: skip
TEXTS = re.compile(rb'(?:"|>|:|,)([^"<>:,\n\r]+)(?="|<|:|,|\r|\n)')
VALUES = (
    b"", b" ", b"x" * 70_000, b"-1", b"0", b"1e400", b"99999999999999999999", b"2026-02-30", b"2026-02-30T25:61:61Z",
    b"2026-03-29T02:30:00", b"1970-01-01T00:00:00Z", b"9999-12-31T23:59:59+14:00", b"20260230T250000Z", b"3/4/2026",
    b"start", b"complete", b"NaN", b"System", "\u202e\u00a0é".encode(), b"UNKNOWN", b"Total", b"PT99999999H",
    b"1904", b"s", b"e",
)  # fmt: skip
TIDY = (_move, _change, _change)
DAMAGES = (_flip, _cut, _insert, _insert, _replace, _replace, _run, _again, _splice)


def _spoil_members(content: bytes, kind: str, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    number = chance.randrange(len(members))
    if kind == "xlsx" and chance.random() < 0.7:  # the cells are where the reader looks closest
        number = next((n for n, (name, _) in enumerate(members) if "worksheets/" in name), number)
    name, data = members[number]
    what = chance.random()
    if what < 0.06:
        members.pop(number)
    elif what < 0.12:
        members[number] = (
            chance.choice(("../x", "a" * 300, "xl/workbook.xml", "é\u202e.csv", name.upper(), "mimetype")),
            data,
        )
    else:
        tokens = TOKENS["csv" if name.endswith(".csv") else "xes" if name.endswith(".xes") else "xlsx"]
        members[number] = (name, _spoil_bytes(data, tokens, [other for _, other in members], chance))
    out = io.BytesIO()
    kind_of_zip = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(out, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        for name, data in members:
            packed.writestr(zipfile.ZipInfo(name), data, kind_of_zip)
    return out.getvalue()
