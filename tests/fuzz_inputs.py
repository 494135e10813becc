"""What the fuzzer starts from, and how it spoils it: small logs of every kind, all people in them invented."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from worksheets import grid_rows, list_rows, matrix_rows, week, write
from xes_logs import GLOBALS, event, log, trace

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

SUFFIX = {
    "csv": "csv", "xlsx": "xlsx", "ics": "ics", "json": "json", "xes": "xes", "zip": "zip",
    "gzip": "csv.gz", "html": "xls",
}  # fmt: skip
PACKED = {"xlsx", "zip"}
HERE = Path(__file__).parent
OTHER_WORKBOOKS = (
    HERE / "readers/fixtures/log.xlsb", *sorted((HERE.parent / "sample_logs/formats/logs").glob("*.[ox][dl]s")),
)  # fmt: skip
HEAD = ("Rep", "Date", "Start", "End", "Activity", "Notes")

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


# ------------------------------------------------------------------ originals


def seeds(kind: str) -> list[bytes]:
    """Return whole logs of a kind."""
    return SEEDS[kind]()


def _rows(count: int = 12) -> list[tuple[str, ...]]:
    reps = ("Ida Holm", "Jörg Berg", "Mia, Lund")
    labels = ("call", 'demo "live"', "Angebot; neu", "two\nlines", "")
    return [
        (
            reps[n % 3],
            f"2026-03-{n % 28 + 1:02}",
            f"{8 + n % 9:02}:05",
            f"{8 + n % 9:02}:50",
            labels[n % 5],
            "x" * (n % 4),
        )
        for n in range(count)
    ]


def _table(delimiter: str = ",", end: str = "\n", *, quoted: bool = False, head: str = "", foot: str = "") -> str:
    def cell(text: str) -> str:
        needs = quoted or any(mark in text for mark in (delimiter, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if needs else text

    return head + "".join(delimiter.join(map(cell, row)) + end for row in (HEAD, *_rows())) + foot


def _csv() -> list[bytes]:
    plain = "\n".join(f"Ida,2026-03-{n:02},09:00,09:30,call {n}" for n in range(1, 29))
    return [
        _table().encode(), _table(";", "\r\n", quoted=True).encode("utf-8-sig"), _table("\t").encode("utf-16"),
        _table("|", "\r").encode(), _table(head="Log of\nthe team\n\n", foot="Total,,,,,\n").encode(),
        ("Rep,Date,Start,End,Activity\n" + plain + "\n").encode(),
        ("Rep,Date,Hours,Task\n" + "a,5.3.2026,1.5,x\n" * 9).encode(),
        ("case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition\n"
         + "Q1,Check,2026-03-02T09:00:00Z,Ida,start\nQ1,Check,2026-03-02T09:30:00Z,Ida,complete\n" * 4).encode(),
    ]  # fmt: skip


def _xlsx() -> list[bytes]:
    books = []
    for sheets, options in ((("Log",), {}), (("Ida", "Per", "Empty"), {"date_1904": True})):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
            book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
            day, clock = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "hh:mm"})
            for name in sheets:
                sheet = book.add_worksheet(name)
                if name == "Empty":
                    continue
                sheet.write_row(1, 1, HEAD)
                for row, cells in enumerate(_rows(), start=2):
                    sheet.write_row(row, 1, cells)
                    sheet.write(row, 2, 46027 + row, day)
                    sheet.write(row, 3, 0.375, clock)
                sheet.write_formula(20, 5, "=SUM(A1:A2)", None, "")
                sheet.merge_range("B16:B18", "Ida Holm")
        books.append(out.getvalue())
    for rows in (list_rows(week()), grid_rows(week(), weekdays=True), matrix_rows(week())):
        out = io.BytesIO()
        write(out, {"KW 10 2026": rows})
        books.append(out.getvalue())
    return [*books, *(path.read_bytes() for path in OTHER_WORKBOOKS)]


def _html() -> list[bytes]:
    rows = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in (HEAD, *_rows())]
    loose = "<br>\n<TR><TD>" + "\n<TR>".join("<TD>".join(cells) for cells in (HEAD, *_rows()))
    return [
        f"<html><meta charset=utf-8><table border=1>{''.join(rows)}</table></html>".encode(),
        f"<table><tr><td colspan=6>Log</td></tr>{loose}</table><table><tr><td>1</table>".encode(),
    ]


def _ics() -> list[bytes]:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made//EN\r\nX-WR-CALNAME:Ida Holm\r\n"
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )
    series = (
        "BEGIN:VEVENT\r\nUID:a@made\r\nDTSTART;TZID=W. Europe Standard Time:20260302T090000\r\nDURATION:PT45M\r\n"
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12\r\nEXDATE;TZID=W. Europe Standard Time:20260304T090000\r\n"
        "SUMMARY:Team call\\, weekly\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a@made\r\n"
        "RECURRENCE-ID;TZID=W. Europe Standard Time:20260309T090000\r\nDTSTART:20260309T100000Z\r\n"
        "DTEND:20260309T103000Z\r\nSUMMARY:Team call\\, moved\r\nEND:VEVENT\r\n"
    )
    others = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@made\r\nDTSTART:202603{n:02}T120000Z\r\nDTEND:202603{n:02}T123000Z\r\n"
        f"SUMMARY:Visit {n}\r\nSTATUS:{'CANCELLED' if n % 5 == 0 else 'CONFIRMED'}\r\n"
        f"CLASS:{'PRIVATE' if n % 4 == 0 else 'PUBLIC'}\r\nEND:VEVENT\r\n"
        for n in range(1, 12)
    )
    whole = "BEGIN:VEVENT\r\nUID:d@made\r\nDTSTART;VALUE=DATE:20260305\r\nSUMMARY:Trade fair\r\nEND:VEVENT\r\n"
    return [
        f"{head}{zone}{series}{others}{whole}END:VCALENDAR\r\n".encode(),
        f"{head}{others}END:VCALENDAR\r\n".encode(),
    ]


def _json() -> list[bytes]:
    watch = {
        "buckets": {
            "aw-watcher-window_pc": {
                "id": "aw-watcher-window_pc", "type": "currentwindow", "client": "aw-watcher-window", "hostname": "pc",
                "created": "2026-03-02T07:00:00+00:00",
                "events": [
                    {
                        "timestamp": f"2026-03-02T08:{n:02}:00+00:00", "duration": 60.5,
                        "data": {"app": "mail", "title": f"Offer {n}", "url": f"https://crm.example/deal/{n}?key=1"},
                    }
                    for n in range(20)
                ],
            }
        }
    }  # fmt: skip
    graph = {
        "value": [
            {
                "id": f"A{n}", "subject": f"Visit {n}", "isAllDay": False, "isCancelled": n == 3, "showAs": "busy",
                "sensitivity": "normal", "start": {"dateTime": f"2026-03-{n:02}T09:00:00.0000000", "timeZone": "UTC"},
                "end": {"dateTime": f"2026-03-{n:02}T09:30:00.0000000", "timeZone": "UTC"},
            }
            for n in range(1, 15)
        ]
    }  # fmt: skip
    warrior = [
        {"id": n, "start": f"202603{n:02}T090000Z", "end": f"202603{n:02}T093000Z", "tags": ["call", f"deal {n}"]}
        for n in range(1, 15)
    ]
    lines = "\n".join(json.dumps(each) for each in warrior)
    return [*(json.dumps(each, indent=1).encode() for each in (watch, graph, warrior)), lines.encode()]


def _xes() -> list[bytes]:
    steps = [
        ("Check", "START"),
        ("Check", "COMPLETE"),
        ("Send", "complete"),
        ("Wait", "In Progress"),
        ("Check", "start"),
    ]
    cases = []
    for day in range(1, 9):
        told = (
            event(label, f"2026-03-{day:02}T09:{n:02}:00.000+01:00", "Ida", how) for n, (label, how) in enumerate(steps)
        )
        cases.append(trace(*told, name=f"Q-{day}", amount="1200"))
    return [log(GLOBALS, *cases).encode(), log(*cases, event(), namespace="").encode("utf-16")]


def _zip() -> list[bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        members = {"team/ida.csv": _csv()[0], "book.xlsx": _xlsx()[0], "quotes.xes": _xes()[0], "__MACOSX/._a": b"\0"}
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return [out.getvalue()]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "csv": _csv, "xlsx": _xlsx, "ics": _ics, "json": _json, "xes": _xes, "zip": _zip,
    "html": _html,
    "gzip": lambda: [gzip.compress(content, mtime=0) for content in (_csv()[0], _xes()[0])],
}  # fmt: skip


# --------------------------------------------------------------------- damage


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
    parts = [match.span() for match in chance.choice(PARTS).finditer(data)]
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
    texts = [match.span(1) for match in TEXTS.finditer(data)]
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
