"""The rows of a list in a worksheet, each by itself and in its block: titles, headers that come again, merged cells.

Knows how the header was understood (`excel_plan`), not what rows mean together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timewaste.issue import Issue, shorten
from timewaste.readers.excel_days import Unclear, parse_day, resolve
from timewaste.readers.excel_plan import DATE, Plan, block_fields
from timewaste.readers.excel_sheet import (
    TITLE_ROWS,
    asked,
    cell_at,
    is_total_text,
    shown,
    title_text,
    told_rep,
)
from timewaste.readers.layout import plain
from timewaste.readers.records import BAD_CHARACTERS, RECORD_LIMIT, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Tally

TIME_FIELDS = ("date_text", "start_text", "end_date_text", "end_text", "duration_text", "logged_text")
LENGTH_FIELDS = ("start_text", "end_date_text", "end_text", "duration_text", "logged_text")
KEY_FIELDS = (*TIME_FIELDS, "label", "rep", "opportunity")
ID_FIELDS = ("rep", "opportunity", "code")
_LOST_DIGITS = re.compile(r"\d{16,}|\d(?:\.\d+)?e\+\d+")


@dataclass(slots=True)
class Counts:
    """How often a thing happened, and where first: said once for the sheet."""

    seen: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, rule: str, column: str, row: int) -> None:
        """Count one row."""
        self.seen.setdefault((rule, column), [row, 0])[1] += 1

    def notes(self) -> list[Issue]:
        """Return a note for each thing."""
        return [Issue(row, column, rule, f"{n} rows", "noted") for (rule, column), (row, n) in self.seen.items()]


def judged(worksheet: Worksheet, plan: Plan, counts: Counts, tally: Tally) -> Iterator[Record]:
    """Yield the rows in the columns of the first header, each with the first thing wrong with a cell that matters."""
    header, reader = plan.header, _Blocks(worksheet, plan, counts)
    width = len(header.cells)
    headings = {cell for cell in header.cells if cell.strip()}
    expected = header.line + 1
    for number, cells in worksheet.rows():
        if number < header.line:
            reader.titles.append(title_text(cells))
            del reader.titles[:-TITLE_ROWS]
        if number == header.line:
            reader.begin(number, cells, is_first=True)
        if number <= header.line:
            continue
        tally.rows_read += number - expected
        tally.blank += number - expected
        expected = number + 1
        is_header = sum(cell in headings for cell in cells) >= 2 and reader.begin(number, cells)
        is_sum = not is_header and is_total(cells, reader.names)
        if is_header or is_sum or (not reader.is_plain(cells) and reader.is_title(cells)):
            rule = "row/repeated_header" if is_header else "row/total" if is_sum else "row/title"
            skip(tally, number, rule, cells)
            continue
        record = judge(Record(number, cells), reader.names, worksheet)
        full = reader.placed(reader.filled(number, cells), width)
        yield record._replace(cells=full, column=reader.place(record.column)) if record.cells else record


def is_total(cells: Sequence[str], names: Mapping[int, str]) -> bool:
    """Tell whether a row is a sum: it has no clock time, and says so in its label or where no label would.

    A date may be written or filled in beside a sum, and its word stands wherever there was room for it.
    """
    label, said = "", []
    for column, name in names.items():
        text = cell_at(cells, column)
        if name in {"start_text", "end_text"} and text and not is_total_text(text):
            return False
        if name == "label":
            label = text
        elif name in {"rep", *TIME_FIELDS}:
            said.append(text)
    texts = [label, *said, cell_at(cells, 0)] if label else cells
    return any(is_total_text(text) for text in texts if text)


def skip(tally: Tally, row: int, rule: str, cells: Sequence[str]) -> None:
    """Count a row that is no data, and say why."""
    tally.rows_read += 1
    tally.skipped += 1
    tally.issues.append(Issue(row, "", rule, shorten(" | ".join(cell for cell in cells if cell)), "skipped"))


class _Blocks:
    """The block of rows that is being read: where its columns stand, whose it is and which days it has."""

    def __init__(self, worksheet: Worksheet, plan: Plan, counts: Counts) -> None:
        self._worksheet, self._plan, self._counts = worksheet, plan, counts
        self._moved: dict[int, int] = {}
        self._rep = plan.rep
        self._days: dict[int, str] = {}
        self._held: dict[int, tuple[str, int]] = {}
        self.titles: list[str] = []
        self._name({column: name for name, column in plan.header.fields.items() if column < plan.width})

    def _name(self, names: dict[int, str]) -> None:
        self.names = names
        self._label = next(at for at, name in names.items() if name == "label")
        self._times = [at for at, name in names.items() if name in {"start_text", "duration_text"}]

    def is_title(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is a title, and keep what it says for the rows below."""
        if any(cell_at(cells, at) for at, name in self.names.items() if name in TIME_FIELDS and name != DATE):
            return False
        filled = [cell for cell in cells if cell.strip()]
        rep = told_rep(cells) if len(filled) <= 4 else ""
        if rep and not self._worksheet.source.rep:
            self._rep = rep
        has_label = any(cell_at(cells, at) for at, name in self.names.items() if name == "label")
        is_bare = len(filled) > 2 or has_label or not any(ch.isalpha() for ch in "".join(filled))
        if not rep and (is_bare or is_total_text(filled[0]) or self._names_day_and_rep(cells)):
            return False
        self.titles.append(title_text(cells))
        del self.titles[:-TITLE_ROWS]
        return True

    def is_plain(self, cells: Sequence[str]) -> bool:
        """Tell whether a row has a label and a time: it is then neither a title nor a sum."""
        return (
            self._label < len(cells)
            and cells[self._label] != ""
            and any(at < len(cells) and cells[at] != "" for at in self._times)
        )

    def _names_day_and_rep(self, cells: Sequence[str]) -> bool:
        """Tell whether the row names a day, or a day and a rep: it may hold for the rows below."""
        days = [cell_at(cells, at) for at, name in self.names.items() if name == DATE]
        return any(parse_day(text) is not None for text in days)

    def begin(self, number: int, cells: Sequence[str], *, is_first: bool = False) -> bool:
        """Take a row for the header of a block, if it is one."""
        header = self._plan.header
        if not is_first:
            fields = block_fields(cells, self._plan)
            if fields is None:
                return False
            self._moved = {at: header.fields[name] for name, at in fields.items() if header.fields[name] != at}
            self._name({at: name for name, at in fields.items()})
            named = {plain(cell): at for at, cell in enumerate(cells) if cell.strip()}
            for name, to in header.extra.items():
                if self._moved and plain(name) in named:
                    self._moved[named[plain(name)]] = to
        if self._plan.weekdays:
            self._days = self._week(number)
        self.titles, self._held = [], {}
        return True

    def _week(self, number: int) -> dict[int, str]:
        """Return the date of each weekday in the block's week. Raises `ReadError` where nothing tells the week."""
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        days = {weekday: day for weekday, name in enumerate(names, start=1) if (day := parse_day(name))}
        try:
            dates, _ = resolve(days, self._worksheet.around(self.titles))
        except Unclear as unclear:
            raise asked(self._worksheet, unclear, number) from None
        return {weekday: date.isoformat() for weekday, date in dates.items()}

    def place(self, column: int) -> int:
        """Return where a column of the block stands among those of the first header."""
        return self._moved.get(column, column)

    def filled(self, row: int, cells: Sequence[str]) -> list[str]:
        """Return the cells with what a merged cell says in every row that it covers and that holds more."""
        made = list(cells)
        merges = self._worksheet.merges
        if not merges or not self._worksheet.source.fill_merged:
            return made
        for column, name in self.names.items():
            if name in LENGTH_FIELDS:
                continue
            if merges.begins(row, column):
                self._held[column] = (cell_at(made, column), row)
            origin = merges.origin(row, column)
            text, held_row = self._held.get(column, ("", 0))
            if origin == (held_row, column) and text and not cell_at(made, column):
                made += [""] * (column + 1 - len(made))
                made[column] = text
                self._counts.add("xlsx/filled_merged", self._plan.header.columns[name], row)
        return made

    def placed(self, cells: list[str], width: int) -> list[str]:
        """Return the cells in the columns of the first header, with what the titles tell."""
        full = cells + [""] * (width - len(cells))
        if self._moved:
            full += [""] * (max(self._moved) + 1 - len(full))  # a block may stand further right, its rows be short
            moved = {to: full[at] for at, to in self._moved.items()}
            for at in self._moved:
                full[at] = ""
            for to, text in moved.items():
                full[to] = text
        full = full[:width]
        has_any = any(full)
        if self._plan.rep_column >= 0 and has_any:
            full[self._plan.rep_column] = self._rep
        if self._days and has_any and (day := parse_day(full[self._plan.header.fields[DATE]])):
            full[self._plan.header.fields[DATE]] = self._days[day.weekday] if not day.parts else day.text
        if self._plan.day and has_any:
            full[self._plan.header.fields[DATE]] = self._plan.day
        return full


def judge(record: Record, names: Mapping[int, str], worksheet: Worksheet) -> Record:
    """Return the record with the first thing wrong with a cell that matters; its cells are kept."""
    row, cells, part = record.line, record.cells, worksheet.part
    may_fill = worksheet.source.fill_merged
    for column, name in names.items():
        text = cells[column] if column < len(cells) else ""
        origin = worksheet.merges.origin(row, column) if worksheet.merges else None
        if origin and origin[0] != row and not text.strip() and (name in LENGTH_FIELDS or not may_fill):
            return _with(record, "xlsx/merged", column, "")
        rule, value = _cell_rule(text, name, part.odd.get((row, column), ("", "")))
        if rule:
            return _with(record, rule, column, value)
    if sum(map(len, cells)) > RECORD_LIMIT:
        return Record(row, (), "csv/record-too-long", -1, "".join(cells), "\t".join(cells))
    if bad := next((cell for cell in cells if BAD_CHARACTERS.search(cell)), None):
        return Record(row, (), "csv/control", -1, bad, "\t".join(cells))
    return record


def _cell_rule(text: str, name: str, odd: tuple[str, str]) -> tuple[str, str]:
    """Return what is wrong with a cell of the RAW field `name`, and its text; "" if nothing."""
    rule, value = odd
    is_time = name in TIME_FIELDS
    if rule == "xlsx/negative_time":  # a negative duration is text by now, and a plain number has no colon
        if is_time and ":" in text and not text.startswith("-"):
            return rule, value
    elif rule and name in KEY_FIELDS:
        return rule, value
    if is_time and text in {"TRUE", "FALSE"}:
        return "xlsx/type", text
    if name in ID_FIELDS and _LOST_DIGITS.fullmatch(text):
        return "xlsx/lost_digits", text
    return "", ""


def _with(record: Record, rule: str, column: int, value: str) -> Record:
    return record._replace(rule=rule, column=column, value=shown(value, record.line, column))
