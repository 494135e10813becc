"""The long list in a worksheet: one row per entry below a header, which may be repeated for each week.

What stands once for several rows is filled down; several intervals in one row become one record each. A record keeps
the number of its row. How the columns are understood is `excel_plan`'s; what follows from rows together is here.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from timewaste.issue import Issue, shorten
from timewaste.readers.excel_days import Unclear, parse_day, resolve
from timewaste.readers.excel_plan import DATE, END, Plan, block_fields, header_row, make_plan, tells_rep
from timewaste.readers.excel_sheet import (
    LINE_SPAN,
    asked,
    cell_at,
    is_total_text,
    shown,
    title_text,
    told_rep,
)
from timewaste.readers.excel_slots import clock, clock_range
from timewaste.readers.layout import plain
from timewaste.readers.records import BAD_CHARACTERS, RECORD_LIMIT, Record
from timewaste.readers.rows import make_batches
from timewaste.readers.sheet import WHOLE_LINES, Sheet
from timewaste.readers.told import layout_sheets, under

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from timewaste.readers.columns import Header
    from timewaste.readers.excel_sheet import Worksheet
    from timewaste.readers.sheet import Tally

__all__ = ["has_more_rows", "header_row", "open_list", "tells_rep"]

TIME_FIELDS = ("date_text", "start_text", "end_date_text", "end_text", "duration_text", "logged_text")
LENGTH_FIELDS = ("start_text", "end_date_text", "end_text", "duration_text", "logged_text")
KEY_FIELDS = (*TIME_FIELDS, "label", "rep", "opportunity")
ID_FIELDS = ("rep", "opportunity", "code")
_LOST_DIGITS = re.compile(r"\d{16,}|\d(?:\.\d+)?e\+\d+")


@dataclass(slots=True)
class _Counts:
    """How often a thing happened, and where first: said once for the sheet."""

    seen: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, rule: str, column: str, row: int) -> None:
        """Count one row."""
        self.seen.setdefault((rule, column), [row, 0])[1] += 1

    def notes(self) -> list[Issue]:
        """Return a note for each thing."""
        return [Issue(row, column, rule, f"{n} rows", "noted") for (rule, column), (row, n) in self.seen.items()]


def open_list(worksheet: Worksheet, notes: Sequence[Issue], *, rep: str = "") -> list[Sheet]:
    """Return the list as a sheet, or as those of the known export that it is.

    `rep` is whose it is where neither a column nor a title says. Raises `ReadError` (xlsx/…).
    """
    plan = make_plan(worksheet, rep)
    header, source = plan.header, worksheet.source
    said = (*notes, *header.notes, *plan.notes, *_own_notes(worksheet, header.line))
    if header.layout and header.layout.translate:
        return layout_sheets(
            header, source, partial(_plain_records, worksheet, header),
            relative=worksheet.relative, sheet=worksheet.name, format="xlsx", line_span=LINE_SPAN, notes=said,
        )  # fmt: skip

    def read(tally: Tally) -> Iterator[pl.DataFrame]:
        counts = _Counts()
        yield from make_batches(_records(worksheet, plan, counts, tally), header, tally, sparse=True)
        tally.notes += counts.notes()

    sheet = Sheet(
        relative=worksheet.relative,
        sheet=worksheet.name,
        format="xlsx",
        headers=header.cells[: plan.width],
        columns=header.columns,
        header_line=header.line,
        header_unit=header.unit,
        encoding="",
        delimiter="",
        notes=said,
        read=read,
        rep_default=rep,
        line_span=LINE_SPAN if plan.groups else WHOLE_LINES,
    )
    return [under(sheet, header.layout)]


def _own_notes(worksheet: Worksheet, line: int) -> list[Issue]:
    said = (
        (line > 1, "header/title_lines", f"header in row {line}"),
        (not has_more_rows(worksheet, line), "file/no_records", "0 records"),
    )
    own = [Issue(line, "", rule, value, "noted") for holds, rule, value in said if holds]
    return [*own, *worksheet.notes(line)]


def _plain_records(worksheet: Worksheet, header: Header, tally: Tally) -> Iterator[Record]:
    """Yield the rows below the header of a known export, as they stand there."""
    names = {column: name for name, column in header.fields.items()}
    width, expected = len(header.cells), header.line + 1
    for number, cells in worksheet.rows():
        if number <= header.line:
            continue
        tally.rows_read += number - expected
        tally.blank += number - expected
        expected = number + 1
        yield _judge(Record(number, cells + [""] * (width - len(cells))), names, worksheet)


def has_more_rows(worksheet: Worksheet, line: int) -> bool:
    """Tell whether rows stand below the header, or below the first row that holds something (`line` 0)."""
    below = line or next((row.line for row in worksheet.head()), 0)
    return any(number > below for number, _ in worksheet.rows())


def _records(worksheet: Worksheet, plan: Plan, counts: _Counts, tally: Tally) -> Iterator[Record]:
    """Yield a record per row below the header, or per interval; a gap in the row numbers is blank rows."""
    rows = _filled(worksheet, plan, _judged(worksheet, plan, counts, tally), counts, tally)
    split = (part for record in rows for part in _split(record, plan))
    yield from _to_midnight(split, plan, counts)


# ---------------------------------------------------------------- one row


def _judged(worksheet: Worksheet, plan: Plan, counts: _Counts, tally: Tally) -> Iterator[Record]:
    """Yield the rows in the columns of the first header, each with the first thing wrong with a cell that matters."""
    header, reader = plan.header, _Blocks(worksheet, plan, counts)
    width = len(header.cells)
    headings = {cell for cell in header.cells if cell.strip()}
    expected = header.line + 1
    for number, cells in worksheet.rows():
        if number < header.line:
            reader.titles.append(title_text(cells))
        if number == header.line:
            reader.begin(number, cells, is_first=True)
        if number <= header.line:
            continue
        tally.rows_read += number - expected
        tally.blank += number - expected
        expected = number + 1
        is_header = sum(cell in headings for cell in cells) >= 2 and reader.begin(number, cells)
        is_sum = not is_header and reader.is_sum(cells)
        if is_header or is_sum or reader.is_title(cells):
            rule = "row/repeated_header" if is_header else "row/total" if is_sum else "row/title"
            _skip(tally, number, rule, cells)
            continue
        record = _judge(Record(number, cells), reader.names, worksheet)
        full = reader.placed(reader.filled(number, cells), width)
        yield record._replace(cells=full, column=reader.place(record.column)) if record.cells else record


def _skip(tally: Tally, row: int, rule: str, cells: Sequence[str]) -> None:
    tally.rows_read += 1
    tally.skipped += 1
    tally.issues.append(Issue(row, "", rule, shorten(" | ".join(cell for cell in cells if cell)), "skipped"))


class _Blocks:
    """The block of rows that is being read: where its columns stand, whose it is and which days it has."""

    def __init__(self, worksheet: Worksheet, plan: Plan, counts: _Counts) -> None:
        self._worksheet, self._plan, self._counts = worksheet, plan, counts
        self._moved: dict[int, int] = {}
        self._rep = plan.rep
        self._days: dict[int, str] = {}
        self._held: dict[int, tuple[str, int]] = {}
        self.titles: list[str] = []
        self.names = {column: name for name, column in plan.header.fields.items() if column < plan.width}

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
        return True

    def is_sum(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is a sum: it says so where the first cell or the label stands, and has no time."""
        said = {name: cell_at(cells, at) for at, name in self.names.items()}
        heads = [text for text in (cell_at(cells, 0), said.get("label", "")) if text]
        times = [text for name in ("start_text", DATE) if (text := said.get(name, "")) and text not in heads[:1]]
        return not times and any(map(is_total_text, heads))

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
            self.names = {at: name for name, at in fields.items()}
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


def _judge(record: Record, names: Mapping[int, str], worksheet: Worksheet) -> Record:
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


# ---------------------------------------------------------- rows together


class _Fill:
    """What stands above in the columns of rep and date, and whether an empty cell below means the same."""

    def __init__(self, worksheet: Worksheet, plan: Plan) -> None:
        self._worksheet, self._plan = worksheet, plan
        fields = plan.header.fields
        self.columns = [fields[name] for name in ("rep", DATE) if name in fields and fields[name] < plan.width]
        self._held: dict[int, str] = {}
        self._says: dict[int, bool] = {}
        self._clock = -1

    def may(self, column: int) -> bool:
        """Tell whether empty cells of a column mean what stands above: by the settings, else by the sheet."""
        if column not in self._says:
            wanted = self._worksheet.source.fill_down
            self._says[column] = _stands_once(self._worksheet, self._plan, column) if wanted is None else wanted
        return self._says[column]

    def keep(self, cells: Sequence[str]) -> None:
        """Hold what a row says; the clock starts anew with it."""
        for column in self.columns:
            if cells[column].strip():
                self._clock = -1
                self._held[column] = cells[column]

    def missing(self, cells: Sequence[str], moment: int | None) -> dict[int, str]:
        """Return what is to be filled in; nothing where the row begins before the one above it."""
        is_later = moment is None or moment >= self._clock
        self._clock = self._clock if moment is None else moment
        empty = [column for column in self.columns if not cells[column].strip() and column in self._held]
        return {column: self._held[column] for column in empty if is_later and self.may(column)}


def _filled(
    worksheet: Worksheet, plan: Plan, records: Iterable[Record], counts: _Counts, tally: Tally
) -> Iterator[Record]:
    """Fill down a rep and a date that stand on the first of their rows only, where the sheet shows that they do."""
    fields = plan.header.fields
    fill = _Fill(worksheet, plan)
    times = [fields[name] for name in ("start_text", "duration_text") if name in fields]
    times += [at for group in plan.groups for name, at in group.items() if name == "start_text"]
    start, label = fields.get("start_text", -1), fields["label"]
    for record in records:
        cells = record.cells
        if not cells:
            yield record
            continue
        fill.keep(cells)
        has_time = any(cells[at].strip() for at in times)
        if cells[label].strip() and has_time:
            made = list(cells)
            for column, text in fill.missing(cells, clock(cells[start]) if start >= 0 else None).items():
                made[column] = text
                counts.add("xlsx/filled_down", plan.header.cells[column], record.line)
            yield record._replace(cells=made)
        elif not record.rule and _is_heading(cells, fill, plan):
            _skip(tally, record.line, "row/title", cells)
        else:
            yield record


def _is_heading(cells: Sequence[str], fill: _Fill, plan: Plan) -> bool:
    """Tell whether a row names only the day, or day and rep, of the rows below it."""
    filled = {at for at, cell in enumerate(cells[: plan.width]) if cell.strip()}
    date = plan.header.fields.get(DATE, -1)
    return date in filled and filled <= set(fill.columns) and fill.may(date)


def _stands_once(worksheet: Worksheet, plan: Plan, column: int) -> bool:
    """Tell whether a column never repeats what stands above it: an empty cell then means the same as above.

    A date is repeated where the row above has it too and no other rep; a rep, where no other date.
    """
    fields = plan.header.fields
    other = fields.get("rep" if column == fields.get(DATE) else DATE, -1)
    last: tuple[str, str] = ("", "")
    for number, cells in worksheet.rows():
        if number <= plan.header.line:
            continue
        own, beside = cell_at(cells, column), cell_at(cells, other) if other >= 0 else ""
        if own and own == last[0] and beside in {"", last[1]} and not is_total_text(own):
            return False
        last = (own, beside)
    return True


def _split(record: Record, plan: Plan) -> Iterator[Record]:
    """Yield a record for each interval of a row, and start and end of a span that stands in one cell."""
    if not record.cells:
        yield record
        return
    parts = [record]
    if plan.groups and not record.rule:
        first = plan.groups[0]
        parts = []
        for number, group in enumerate(plan.groups):
            cells = list(record.cells)
            if number and not any(cells[at].strip() for at in group.values()):
                continue
            for name, at in group.items():
                cells[first[name]] = record.cells[at]
            parts.append(record._replace(line=record.line + number * LINE_SPAN, cells=cells))
        if len(parts) > 1 and not any(parts[0].cells[at].strip() for at in first.values()):
            parts = parts[1:]
    start, end = plan.header.fields.get("start_text", -1), plan.header.fields.get(END, -1)
    for part in parts:
        if start >= 0 and end >= 0 and not part.cells[end].strip() and (ends := clock_range(part.cells[start])):
            cells = list(part.cells)
            cells[start], cells[end] = ends
            yield part._replace(cells=cells)
        else:
            yield part


def _to_midnight(records: Iterable[Record], plan: Plan, counts: _Counts) -> Iterator[Record]:
    """Let an entry that ends at 23:59:59 reach midnight where the next one begins there, on the next day."""
    fields = plan.header.fields
    if END not in fields or "start_text" not in fields or DATE not in fields:
        yield from records
        return
    end, start, date = fields[END], fields["start_text"], fields[DATE]
    before: Record | None = None
    for record in records:
        if before:
            if (
                before.cells and record.cells and before.cells[end].strip() == "23:59:59"
                and clock(record.cells[start]) == 0 and _is_next(before.cells[date], record.cells[date])
            ):  # fmt: skip
                cells = list(before.cells)
                cells[end] = "24:00"
                before = before._replace(cells=cells)
                counts.add("xlsx/midnight_gap", plan.header.cells[end], before.line)
            yield before
        before = record
    if before:
        yield before


def _is_next(one: str, other: str) -> bool:
    try:
        return dt.date.fromisoformat(other.strip()) - dt.date.fromisoformat(one.strip()) == dt.timedelta(days=1)
    except ValueError:
        return False
