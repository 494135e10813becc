"""What the fuzzer starts from: small logs of every kind, all people in them invented."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter
from worksheets import grid_rows, list_rows, matrix_rows, week, write
from xes_logs import GLOBALS, event, log, trace

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIX = {
    "csv": "csv", "xlsx": "xlsx", "ics": "ics", "json": "json", "xes": "xes", "zip": "zip",
    "gzip": "csv.gz", "html": "xls", "timewarrior": "data", "parquet": "parquet",
}  # fmt: skip
SAMPLES = Path(__file__).parent.parent / "sample_logs/formats/logs"
FIXTURES = Path(__file__).parent / "readers/fixtures"
HEAD = ("Rep", "Date", "Start", "End", "Activity", "Notes")

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


def _samples(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(SAMPLES.glob(pattern))]


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
    return [*books, (FIXTURES / "log.xlsb").read_bytes(), *_samples("*.[ox][dl]*")]


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


def _timewarrior() -> list[bytes]:
    lines = [f'inc 202603{n:02}T090000Z - 202603{n:02}T093000Z # call "deal {n}" # "said yes"\n' for n in range(1, 15)]
    return ["".join(lines).encode(), "".join([*lines, "\n", "inc 20260316T090000Z # open\n"]).encode()]


def _parquet() -> list[bytes]:
    table = pl.DataFrame(_rows(), schema=HEAD, orient="row")
    typed = table.with_columns(
        pl.col("Date").str.to_date(), pl.col("Start", "End").str.to_time("%H:%M"), pl.col("Notes").str.len_chars()
    )
    logs = []
    for frame, compression in ((table, "uncompressed"), (typed, "zstd"), (typed, "uncompressed")):
        frame.write_parquet(out := io.BytesIO(), compression=compression)
        logs.append(out.getvalue())
    return logs


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "csv": lambda: [*_csv(), *_samples("*.csv")],
    "xlsx": _xlsx,
    "ics": lambda: [*_ics(), *_samples("*.ics")],
    "json": lambda: [*_json(), *_samples("*.json")],
    "xes": _xes,
    "zip": lambda: [*_zip(), *_samples("*.zip")],
    "html": _html,
    "gzip": lambda: [gzip.compress(content, mtime=0) for content in (_csv()[0], _xes()[0])],
    "timewarrior": _timewarrior,
    "parquet": _parquet,
}
