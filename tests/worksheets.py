"""Weeks of invented people, written as the worksheets that salespeople keep: what tests read and a study may show.

A week is a list of `Piece`: rep, day, start and end in minutes after midnight, label.
`python tests/worksheets.py FOLDER` writes one workbook of each shape there.
"""

from __future__ import annotations

import datetime as dt
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

if TYPE_CHECKING:
    import io

MONDAY = dt.date(2026, 3, 2)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Piece(NamedTuple):
    rep: str
    day: dt.date
    start: int
    end: int
    label: str


def week(rep: str = "Eva Kern", monday: dt.date = MONDAY) -> list[Piece]:
    """Return a realistic week of one rep in quarter hours, with a lunch break that is not written down."""
    plans = (
        (
            "8:00 9:00 E-mail|9:00 10:30 Customer visit|10:30 11:15 Driving|11:15 12:00 Quote preparation|"
            "13:00 15:00 Customer visit|15:00 15:45 Driving|15:45 17:00 CRM entry"
        ),
        (
            "8:00 8:30 E-mail|8:30 10:00 Team meeting|10:00 12:00 Prospecting calls|"
            "12:45 14:00 Quote preparation|14:00 16:30 Customer call|16:30 17:15 CRM entry"
        ),
        ("7:30 9:30 Driving|9:30 12:00 Trade fair|13:00 16:00 Trade fair|16:00 18:00 Driving"),
        (
            "8:00 8:45 E-mail|8:45 11:00 Customer visit|11:00 12:00 Waiting for approval|"
            "13:00 14:30 Quote preparation|14:30 16:45 Customer call|16:45 17:00 CRM entry"
        ),
        ("8:00 9:15 E-mail|9:15 10:15 Forecast report|10:15 12:00 Customer call|13:00 15:30 CRM entry"),
    )
    made = []
    for number, plan in enumerate(plans):
        for text in plan.split("|"):
            first, last, label = text.split(" ", 2)
            made.append(Piece(rep, monday + dt.timedelta(days=number), minutes(first), minutes(last), label))
    return made


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def totals(pieces: list[Piece]) -> dict[tuple[str, str, str], int]:
    """Return the minutes by rep, day and label."""
    made: dict[tuple[str, str, str], int] = {}
    for piece in pieces:
        key = (piece.rep, piece.day.isoformat(), piece.label)
        made[key] = made.get(key, 0) + piece.end - piece.start
    return made


# --------------------------------------------------------------------- shapes


def list_rows(pieces: list[Piece], *, once: bool = True) -> list[list[object]]:
    """Return a list with a title, the date on the first row of each day only, and a total row after each day."""
    rows: list[list[object]] = [["Time log"], [f"Name: {pieces[0].rep}"], [], ["Date", "From", "To", "Activity"]]
    for day, of_day in groupby(sorted(pieces, key=lambda p: (p.day, p.start)), key=lambda piece: piece.day):
        for number, piece in enumerate(of_day):
            shown = day if number == 0 or not once else None
            rows.append([shown, dt.time(*divmod(piece.start, 60)), clock(piece.end), piece.label])
        rows.append(["Total"])
    return rows


def grid_rows(pieces: list[Piece], *, slot: int = 15, days: int = 5, weekdays: bool = False) -> list[list[object]]:
    """Return slots down and days across, a block for each week below the other."""
    rows: list[list[object]] = [[f"Name: {pieces[0].rep}"]]
    for monday in sorted({piece.day - dt.timedelta(days=piece.day.weekday()) for piece in pieces}):
        dates = [monday + dt.timedelta(days=number) for number in range(days)]
        rows += [[], [f"Week of {monday.day} {monday:%B} {monday.year}"]]
        rows.append(["Time", *WEEKDAYS[:days]] if weekdays else ["Time", *dates])
        said = {(piece.day, minute): piece.label for piece in pieces for minute in range(piece.start, piece.end, slot)}
        first, last = min(420, *(piece.start for piece in pieces)), max(1140, *(piece.end for piece in pieces))
        for minute in range(first, last, slot):
            rows.append([dt.time(*divmod(minute, 60)), *(said.get((day, minute)) for day in dates)])
    return rows


def matrix_rows(pieces: list[Piece], *, unit: int = 60, days: int = 5) -> list[list[object]]:
    """Return activities down and days across, in each cell the hours (`unit` 60) or minutes (1)."""
    sums = totals(pieces)
    rep = pieces[0].rep
    labels = sorted({piece.label for piece in pieces})
    rows: list[list[object]] = [[f"Mitarbeiter: {rep}"]]
    for monday in sorted({piece.day - dt.timedelta(days=piece.day.weekday()) for piece in pieces}):
        dates = [monday + dt.timedelta(days=number) for number in range(days)]
        rows += [[], [f"Activity ({'hours' if unit == 60 else 'min'})", *dates, "Total"]]
        first = len(rows)
        for label in labels:
            cells = [sums.get((rep, day.isoformat(), label), 0) / unit or None for day in dates]
            rows.append([label, *cells, sum(cell or 0 for cell in cells)])
        rows.append(["Total", *(sum(row[at] or 0 for row in rows[first:]) for at in range(1, days + 2))])
    return rows


def write(path: Path | io.BytesIO, sheets: dict[str, list[list[object]]]) -> Path | io.BytesIO:
    """Write sheets name -> rows of values, the same bytes for the same rows."""
    with xlsxwriter.Workbook(str(path) if isinstance(path, Path) else path, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
        date = book.add_format({"num_format": "ddd dd.mm.yyyy"})
        time = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, cell, date)
                    elif isinstance(cell, dt.time):
                        sheet.write_datetime(row, column, cell, time)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def write_samples(folder: Path) -> list[Path]:
    """Write a workbook of each shape into a folder, and return them."""
    later = MONDAY + dt.timedelta(days=7)
    two_weeks = [*week(), *week(monday=later)]
    return [
        write(folder / "list-eva-kern.xlsx", {"Log": list_rows(two_weeks)}),
        write(folder / "grid-mara-lind.xlsx", {"March": grid_rows([*week("Mara Lind"), *week("Mara Lind", later)])}),
        write(folder / "matrix-jan-ott.xlsx", {"Hours": matrix_rows(week("Jan Ott") + week("Jan Ott", later))}),
        write(
            folder / "reps.xlsx",
            {
                rep: [row for row in grid_rows(week(rep)) if row[:1] != [f"Name: {rep}"]]
                for rep in ("Ida Roth", "Ben Lau")
            },
        ),
    ]


if __name__ == "__main__":
    for written in write_samples(Path(sys.argv[1])):
        print(written)  # noqa: T201
