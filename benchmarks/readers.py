"""Rows per second of each reader beside the library it stands on.

For each format a log of so many entries is written. Then, each time in a process of its own and in turn, we read it as
a load does (understood, every cell a text of the RAW columns, every record accounted for), and the bare library reads
all its values. Imports are not counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import reader_files as files
from running import HERE, MEGABYTE, RSS_UNIT, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timewaste.readers import Sheet

sys.path.insert(0, str(HERE.parent))

SIZES = (20_000, 200_000)
PAIRS = 3
RESULTS = HERE / "results-readers.md"
INTRODUCTION = (
    "*timewaste* reads a file as a load does: understood, every cell a text, every record accounted for, in blocks.",
    "*Beside* is the bare library, which reads all values, most of them into memory at once. Imports are not counted.",
    "Where the rows are ten times as many, the peak tells what grows with the file.",
)
TABLE = (
    "| format | rows | MB | rows a second | peak MB | beside | rows a second | peak MB | times its time |",
    "|---|--:|--:|--:|--:|---|--:|--:|--:|",
)


class Reading(NamedTuple):
    """What one process measured: rows it found, seconds, most memory in MB."""

    rows: int
    seconds: float
    memory: float


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


def parquet_rows(path: Path) -> int:
    """Read a Parquet file whole."""
    import polars as pl

    return pl.read_parquet(path).height


def html_rows(path: Path) -> int:
    """Parse the page with a handler that looks at every element, and no more."""
    from html.parser import HTMLParser

    found = 0

    class Counter(HTMLParser):
        def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
            nonlocal found
            found += tag == "tr"

    Counter().feed(path.read_text(encoding="utf-8"))
    return found - 1


def line_rows(path: Path) -> int:
    """Read lines and cut each into words."""
    with path.open(encoding="utf-8") as stream:
        return sum(1 for line in stream if line.split())


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
    "json": json_rows, "expat": expat_rows, "defusedxml iterparse": iterparse_rows,
    "polars.read_parquet": parquet_rows, "html.parser": html_rows, "str.split of lines": line_rows,
}  # fmt: skip
FORMATS: dict[str, tuple[str, Callable[[Path, int], None], tuple[str, ...]]] = {
    # what it is: suffix, how to write it, the libraries beside it
    "csv": ("csv", files.write_csv, ("polars.read_csv",)),
    "csv, record by record": ("csv", files.write_quoted_csv, ("polars.read_csv",)),
    "csv, compressed": ("csv.gz", files.write_gzip, ("polars.read_csv",)),
    "xlsx": ("xlsx", files.write_xlsx, ("python-calamine",)),
    "ics": ("ics", files.write_ics, ("icalendar",)),
    "json": ("json", files.write_json, ("json",)),
    "xes": ("xes", files.write_xes, ("expat", "defusedxml iterparse")),
    "parquet": ("parquet", files.write_parquet, ("polars.read_parquet",)),
    "html": ("xls", files.write_html, ("html.parser",)),
    "timewarrior": ("data", files.write_timewarrior, ("str.split of lines",)),
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
    suffix, write, libraries = FORMATS[what]
    path = folder / f"log.{suffix}"
    # In a process of its own: the peak of a child counts from what its parent holds.
    make = multiprocessing.get_context("spawn").Process
    for place, rows in ((path, count), (path.with_name(f"small-{path.name}"), 100)):
        writer = make(target=write, args=(place, rows))
        writer.start()
        writer.join()
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
    """Write the table, and print each line when it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--format", choices=FORMATS, nargs="+", default=tuple(FORMATS))
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to write")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.measure:
        measure(said.measure, said.file)
        return
    lines = ["# Rows per second of each reader, beside the library it stands on", "", *machine(os.getloadavg()[0]), ""]
    lines += [*INTRODUCTION, f"Medians of {said.pairs} processes each, run in turn; the most of the peaks.", "", *TABLE]
    with tempfile.TemporaryDirectory() as folder:
        for what in said.format:
            for count in said.rows:
                for line in compare(what, count, said.pairs, Path(folder)):
                    print(line, flush=True)
                    lines.append(line)
    said.results.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
