"""Rows -> files: CSV as the field and the inside team keep it, workbooks as key account managers do.

Every text is looked up in a table by number; a chunk is one Polars frame, appended to the open files. Knows
how a log looks, not what it means.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from timewaste.simulate.answers import REDO
from timewaste.simulate.labelling import MULTIPLE
from timewaste.simulate.look_up import CLOCK, LENGTH, look_up, opportunity_id
from timewaste.simulate.planting import REVERSED
from timewaste.simulate.settings import COULD_DO, FIRST_DATE, calendar_day

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from timewaste.simulate.answers import Answers
    from timewaste.simulate.draw import Ints
    from timewaste.simulate.labelling import Typed
    from timewaste.simulate.look_up import Lookups
    from timewaste.simulate.opportunities import Pipeline
    from timewaste.simulate.people import Chunk, Person
    from timewaste.simulate.planting import Rows
    from timewaste.simulate.settings import Plan, Team
    from timewaste.simulate.vocabulary import Vocabulary

HEADERS = {
    "field": "Rep;Date;Start;End;Activity;Customer;Opportunity;Channel;Redo;Could be done by;Logged at",
    "inside": "Sales rep,Date,Start time,Duration,Task,Account,Deal,Channel,Rework,Who could do it,Entered at",
}
SHEET_HEADERS = (
    "Date", "From", "To", "What I did", "Customer", "Opportunity", "Channel", "Redo", "Who could do this",
    "Logged at",
)  # fmt: skip
SHEET_TEXTS = ("label", "account", "opportunity", "channel", "redo", "could_do")
COLUMNS = (
    "rep", "date", "start", "end", "label", "account", "opportunity", "channel", "redo", "could_do", "logged",
)  # fmt: skip
BOM = b"\xef\xbb\xbf"


def log_frame(  # noqa: PLR0913, PLR0917
    lookups: Lookups, chunk: Chunk, rows: Rows, typed: Typed, answers: Answers, pipeline: Pipeline
) -> pl.DataFrame:
    """Return the rows as a log has them: all texts, columns `COLUMNS`, in the shape of the team's file."""
    import polars as pl

    words, people, as_inside = chunk.words, chunk.people, chunk.team.slug == "inside"
    dates = [day.isoformat() if as_inside else f"{day:%d.%m.%Y}" for day in lookups.days]
    who = [person.email if as_inside else person.name for person in people]
    ends = (rows.start + rows.minutes) % 1440
    is_reversed = rows.plant == REVERSED
    per_rep = max(pipeline.per_rep, 1)
    known = np.unique(typed.opportunity[typed.opportunity >= 0])
    numbers = np.where(typed.opportunity >= 0, np.searchsorted(known, typed.opportunity), -1)
    codes = [opportunity_id(people[number // per_rep], number % per_rep) for number in known.tolist()]
    logged = pl.DataFrame(
        {
            "date": look_up(lookups.iso_dates, typed.logged // 1440),
            "clock": look_up(CLOCK, typed.logged % 1440),
        }
    )
    return pl.DataFrame(
        {
            "rep": look_up(who, rows.rep),
            "date": look_up(dates, rows.day),
            "start": look_up(CLOCK, np.where(is_reversed, ends, rows.start % 1440)),
            "end": look_up(LENGTH, rows.minutes)
            if as_inside
            else look_up(CLOCK, np.where(is_reversed, rows.start % 1440, ends)),
            "label": labels(words, typed),
            "account": look_up(lookups.accounts, typed.account),
            "opportunity": look_up(codes, numbers),
            "channel": look_up(words.channels, typed.channel),
            "redo": look_up(REDO, answers.redo),
            "could_do": look_up(COULD_DO, answers.could_do),
            "logged": logged.select(pl.concat_str("date", "clock", separator=" ")).to_series(),
        }
    )


def labels(words: Vocabulary, typed: Typed) -> pl.Series:
    """Return what stands in the label column; rows of several activities are joined with a plus."""
    single = look_up(words.texts, typed.label)
    at = np.flatnonzero(typed.kind == MULTIPLE)
    if not len(at):
        return single
    joined = [
        " + ".join(words.texts[words.plain_first[leaf]] for leaf in parts if leaf >= 0)
        for parts in typed.parts[at].tolist()
    ]
    return single.scatter(at, joined)


class Places(NamedTuple):
    """Where rows stand: `file` numbers into `names`, `line` is the line of a text or the row of a sheet."""

    names: list[str]
    file: Ints
    line: Ints


class LogFiles:
    """The CSV logs of a study: opened at their first row, appended to, counted."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        """Keep the folder; nothing is written yet."""
        self._folder, self._plan = folder, plan
        self._open: dict[str, BinaryIO] = {}
        self.rows: dict[str, int] = {}

    def append(self, team: Team, frame: pl.DataFrame, days: Ints) -> Places:
        """Append a chunk of reps; return where each row came to stand."""
        week = days // 5 if self._plan.by_week else np.zeros_like(days)
        names: list[str] = []
        file, line = np.zeros_like(days), np.zeros_like(days)
        for number in np.unique(week).tolist():
            name = self._name(team, number)
            at = np.flatnonzero(week == number)
            before = self.rows.get(name, 0)
            file[at], line[at] = len(names), before + 2 + np.arange(len(at))
            names.append(name)
            part = frame if len(at) == len(days) else frame[at]
            part.write_csv(self._file(name, team), include_header=False, separator=_separator(team))
            self.rows[name] = before + len(at)
        return Places(names, file, line)

    def _name(self, team: Team, week: int) -> str:
        first = FIRST_DATE + dt.timedelta(days=7 * week)
        last = FIRST_DATE + dt.timedelta(days=7 * (self._plan.weeks - 1))
        spans = f"{first:%G-W%V}" if self._plan.by_week else f"{FIRST_DATE:%G-W%V}_to_{last:%G-W%V}"
        return f"logs/{team.slug}/{spans}.csv"

    def _file(self, name: str, team: Team) -> BinaryIO:
        if name not in self._open:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = path.open("wb", buffering=1 << 16)
            header = HEADERS["inside" if team.slug == "inside" else "field"]
            self._open[name].write((b"" if team.slug == "inside" else BOM) + header.encode() + b"\n")
        return self._open[name]

    def close(self) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()


def _separator(team: Team) -> str:
    return "," if team.slug == "inside" else ";"


def write_workbook(path: Path, person: Person, rows: Rows, logged: Ints, frame: pl.DataFrame) -> None:
    """Write one key account manager's log: two title rows, an empty one, the header, real dates and times."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path)
    created = dt.datetime.combine(FIRST_DATE, dt.time(8))
    book.set_properties({"title": "Time log", "author": person.name, "created": created})
    sheet = book.add_worksheet("Log")
    bold = book.add_format({"bold": True})
    as_date, as_time = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
    as_both = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.write_string(0, 0, "Time log, spring 2026", bold)
    sheet.write_string(1, 0, f"Name: {person.name}")
    sheet.write_row(3, 0, SHEET_HEADERS, bold)
    sheet.set_column(0, 2, 11)
    sheet.set_column(3, len(SHEET_HEADERS) - 1, 24)
    epoch = FIRST_DATE.toordinal() - dt.date(1899, 12, 30).toordinal()
    ends, turned = (rows.start + rows.minutes) % 1440, rows.plant == REVERSED
    columns = (
        epoch + calendar_day(rows.day), np.where(turned, ends, rows.start),
        np.where(turned, rows.start, ends), epoch + logged / 1440,
    )  # fmt: skip
    texts = frame.select(SHEET_TEXTS).rows()
    for line, (day, start, end, entered, row) in enumerate(zip(*(c.tolist() for c in columns), texts, strict=True), 4):
        sheet.write_number(line, 0, day, as_date)
        sheet.write_number(line, 1, start / 1440, as_time)
        sheet.write_number(line, 2, end / 1440, as_time)
        for column, text in enumerate(row, 3):
            if text is not None:
                sheet.write_string(line, column, text)
        sheet.write_number(line, len(SHEET_HEADERS) - 1, entered, as_both)
    book.close()
