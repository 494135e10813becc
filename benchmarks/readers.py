"""Rows per second of each reader beside the library it stands on, as a Markdown table on standard output.

For each format a log of so many entries is written. Then, each time in a process of its own and in turn, we read it as
a load does (understood, every cell a text of the RAW columns, every record accounted for), and the bare library reads
all its values. Imports are not counted. Formats that have no reader yet are left out, with a word.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from running import HERE, MEGABYTE, RSS_UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timewaste.readers import Sheet

sys.path.insert(0, str(HERE.parent))

SIZES = (20_000,)
PAIRS = 3
HEAD = ("Rep", "Date", "Start", "End", "Activity", "Notes")


class Reading(NamedTuple):
    """What one process measured: rows it found, seconds, most memory in MB."""

    rows: int
    seconds: float
    memory: float


# ---------------------------------------------------------------------- files


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


# ------------------------------------------------------------------ libraries


def polars_rows(path: Path) -> int:
    """Read a text table with all columns as texts."""
    import polars as pl

    return pl.read_csv(path, infer_schema=False).drop_nulls("Rep").height


def calamine_rows(path: Path) -> int:
    """Read a workbook's first sheet."""
    import python_calamine

    return len(python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()) - 1


def icalendar_rows(path: Path) -> int:
    """Read a calendar and look at the times of every event."""
    import icalendar

    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return sum(1 for event in calendar.walk("VEVENT") if event.decoded("dtstart") and event.decoded("dtend"))


def json_rows(path: Path) -> int:
    """Read an array whole."""
    return len(json.loads(path.read_bytes()))


def ijson_rows(path: Path) -> int:
    """Read an array item by item."""
    import ijson

    with path.open("rb") as stream:
        return sum(1 for _ in ijson.items(stream, "item"))


def expat_rows(path: Path) -> int:
    """Parse the XML with a handler that looks at every element, and no more."""
    from xml.parsers import expat

    found = 0

    def start(tag: str, _said: dict[str, str]) -> None:
        nonlocal found
        found += tag == "event"

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, lambda _tag: None
    with path.open("rb") as stream:
        parser.ParseFile(stream)
    return found


def iterparse_rows(path: Path) -> int:
    """Parse the XML into elements, each forgotten when it ends."""
    from defusedxml.ElementTree import iterparse

    found = 0
    for _, element in iterparse(path, forbid_dtd=True):
        if element.tag.endswith("}event"):
            found += 1
            element.clear()
    return found


LIBRARIES: dict[str, Callable[[Path], int]] = {
    "polars.read_csv": polars_rows, "python-calamine": calamine_rows, "icalendar": icalendar_rows,
    "json": json_rows, "ijson": ijson_rows, "expat": expat_rows, "defusedxml iterparse": iterparse_rows,
}  # fmt: skip
FORMATS: dict[str, tuple[str, str, Callable[[Path, int], None], tuple[str, ...]]] = {
    # what it is: reader, suffix, how to write it, the libraries beside it
    "csv": ("csv", "csv", write_csv, ("polars.read_csv",)),
    "csv, record by record": ("csv", "csv", write_quoted_csv, ("polars.read_csv",)),
    "csv, compressed": ("gzip", "csv.gz", write_gzip, ("polars.read_csv",)),
    "xlsx": ("xlsx", "xlsx", write_xlsx, ("python-calamine",)),
    "ics": ("ics", "ics", write_ics, ("icalendar",)),
    "json": ("json", "json", write_json, ("json", "ijson")),
    "xes": ("xes", "xes", write_xes, ("expat", "defusedxml iterparse")),
}


def our_rows(path: Path) -> int:
    """Read a file as a load does: in blocks where it is plain, else record by record."""
    from timewaste.config import SourceConfig
    from timewaste.readers import open_file

    return sum(
        block_rows(sheet) or sum(frame.height for frame in sheet.batches())
        for sheet in open_file(path, path.name, SourceConfig(rep="file"))
    )


def block_rows(sheet: Sheet) -> int:
    """Read a plain table in blocks; 0 if it is none."""
    from timewaste.readers.scan import Unclean, scan_frames
    from timewaste.readers.texts import doubtful

    if sheet.scan is None:
        return 0
    rows = 0
    try:
        for frame in scan_frames(sheet.scan):
            if any(doubtful(column.unique()).any() for column in frame.drop("line")):
                return 0
            rows += frame.height
    except Unclean:
        return 0
    return rows


# ------------------------------------------------------------------ measuring


def measure(name: str, path: Path) -> None:
    """Read a file once, after a first small one that pays for the imports, and print what it took."""
    import resource

    read = LIBRARIES.get(name, our_rows)
    read(path.with_name(f"small-{path.name}"))
    before = time.perf_counter()
    rows = read(path)
    seconds = time.perf_counter() - before
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(one).ru_maxrss for one in who) * RSS_UNIT / MEGABYTE
    sys.stdout.write(json.dumps([rows, seconds, memory]))


def ask(name: str, path: Path) -> Reading:
    """Let a process of its own read a file. Stops the benchmark if it fails."""
    command = [sys.executable, __file__, "--measure", name, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed on {path.name}:\n{done.stderr[-2000:]}")
    return Reading(*json.loads(done.stdout))


def compare(what: str, count: int, pairs: int, folder: Path) -> Iterator[str]:
    """Yield the lines of the table for a format: we and each library, in turn."""
    _, suffix, write, libraries = FORMATS[what]
    path = folder / f"log.{suffix}"
    write(path, count)
    write(path.with_name(f"small-{path.name}"), 100)
    taken: dict[str, list[Reading]] = {name: [] for name in ("timewaste", *libraries)}
    for _ in range(pairs):
        for name, readings in taken.items():
            readings.append(ask(name, path))
    for name, readings in taken.items():
        if {reading.rows for reading in readings} != {count}:
            raise SystemExit(f"{name} finds {readings[0].rows} rows in {path.name}, not {count}")
    ours = median(reading.seconds for reading in taken["timewaste"])
    for library in libraries:
        theirs = median(reading.seconds for reading in taken[library])
        yield (
            f"| {what} | {count:,} | {path.stat().st_size / MEGABYTE:,.1f} | {count / ours:,.0f} "
            f"| {max(reading.memory for reading in taken['timewaste']):,.0f} | {library} | {count / theirs:,.0f} "
            f"| {max(reading.memory for reading in taken[library]):,.0f} | {ours / theirs:.1f} |"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--format", choices=FORMATS, nargs="+", default=tuple(FORMATS))
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.measure:
        measure(said.measure, said.file)
        return
    from timewaste.readers import READERS

    print("| format | rows | MB | rows a second | peak MB | beside | rows a second | peak MB | times its time |")
    print("|---|--:|--:|--:|--:|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for what in said.format:
            if FORMATS[what][0] not in READERS:
                print(f"{what}: no reader yet", file=sys.stderr)
                continue
            for count in said.rows:
                for line in compare(what, count, said.pairs, Path(folder)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
