"""Files of each format with the same log, for `readers.py` to read."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = ("Rep", "Date", "Start", "End", "Activity", "Notes")


def cells(count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of a log: 40 invented reps, 20 labels, half hours."""
    for n in range(count):
        day, hour = n // 40 % 28 + 1, 8 + n % 10
        yield f"rep {n % 40}", f"2026-03-{day:02}", f"{hour:02}:00", f"{hour:02}:30", f"call {n % 20}", f"note {n}"


def write_csv(path: Path, count: int) -> None:
    """Write a plain text table."""
    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(HEAD) + "\n")
        out.writelines(",".join(row) + "\n" for row in cells(count))


def write_quoted_csv(path: Path, count: int) -> None:
    """Write a text table that is not plain: an empty line at its end."""
    write_csv(path, count)
    with path.open("a", encoding="utf-8") as out:
        out.write("\n")


def write_gzip(path: Path, count: int) -> None:
    """Write a plain text table, compressed."""
    text = ",".join(HEAD) + "\n" + "".join(",".join(row) + "\n" for row in cells(count))
    path.write_bytes(gzip.compress(text.encode()))


def write_xlsx(path: Path, count: int) -> None:
    """Write a worksheet with dates and clock times as Excel keeps them."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Log")
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, HEAD)
        for row, (rep, _, _, _, label, note) in enumerate(cells(count), start=1):
            sheet.write_string(row, 0, rep)
            sheet.write_number(row, 1, 46082 + row % 28, day)
            sheet.write_number(row, 2, 0.375, clock)
            sheet.write_number(row, 3, 0.396, clock)
            sheet.write_string(row, 4, label)
            sheet.write_string(row, 5, note)


def write_ics(path: Path, count: int) -> None:
    """Write a calendar of single events."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made//EN\r\nX-WR-CALNAME:rep 1\r\n")
        for n, (_, day, start, end, label, _) in enumerate(cells(count)):
            stamps = [f"{day.replace('-', '')}T{clock.replace(':', '')}00Z" for clock in (start, end)]
            out.write(
                f"BEGIN:VEVENT\r\nUID:{n}@made\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:{stamps[0]}\r\n"
                f"DTEND:{stamps[1]}\r\nSUMMARY:{label}\r\nEND:VEVENT\r\n"
            )
        out.write("END:VCALENDAR\r\n")


def write_json(path: Path, count: int) -> None:
    """Write the intervals of a time tracker as one array."""
    with path.open("w", encoding="utf-8") as out:
        for n, (_, day, start, end, label, note) in enumerate(cells(count)):
            stamps = [f"{day.replace('-', '')}T{clock.replace(':', '')}00Z" for clock in (start, end)]
            told = {"id": n, "start": stamps[0], "end": stamps[1], "tags": [label], "annotation": note}
            out.write(("[" if n == 0 else ",") + json.dumps(told) + "\n")
        out.write("]\n")


def write_xes(path: Path, count: int) -> None:
    """Write an event log of completions, ten events a case."""
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">\n')
        rows = cells(count)
        for case in range(0, count, 10):
            out.write(f'<trace><string key="concept:name" value="Q-{case}"/>\n')
            for rep, day, start, _, label, note in islice(rows, 10):
                out.write(
                    f'<event><string key="concept:name" value="{label}"/><string key="org:resource" value="{rep}"/>'
                    f'<string key="note" value="{note}"/><string key="lifecycle:transition" value="complete"/>'
                    f'<date key="time:timestamp" value="{day}T{start}:00.000+01:00"/></event>\n'
                )
            out.write("</trace>\n")
        out.write("</log>\n")


def write_parquet(path: Path, count: int) -> None:
    """Write a table of texts."""
    import polars as pl

    pl.DataFrame(list(cells(count)), schema=list(HEAD), orient="row").write_parquet(path)


def write_html(path: Path, count: int) -> None:
    """Write the page that many systems call .xls."""
    with path.open("w", encoding="utf-8") as out:
        out.write("<html><body><table>\n")
        out.write("<tr>" + "".join(f"<th>{name}</th>" for name in HEAD) + "</tr>\n")
        out.writelines("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in cells(count))
        out.write("</table></body></html>\n")


def write_timewarrior(path: Path, count: int) -> None:
    """Write a month's data file of Timewarrior."""
    with path.open("w", encoding="utf-8") as out:
        for _, day, start, end, label, _ in cells(count):
            stamps = [f"{day.replace('-', '')}T{clock.replace(':', '')}00Z" for clock in (start, end)]
            out.write(f'inc {stamps[0]} - {stamps[1]} # "{label}"\n')
