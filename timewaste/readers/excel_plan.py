"""How the header of a list in a worksheet is understood: what is repeated, what has no name, what a title tells.

Knows the first rows of a sheet. Adds columns of its own, after the last, for what stands outside the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timewaste.issue import Issue, shorten
from timewaste.readers.columns import Header, Row, find_header, has_header
from timewaste.readers.excel_days import parse_day
from timewaste.readers.excel_sheet import cell_at, no_rep, told_rep
from timewaste.readers.excel_slots import clock, clock_range
from timewaste.readers.excel_weeks import told_day
from timewaste.readers.excel_zip import column_letters
from timewaste.readers.header_names import known_names
from timewaste.readers.layout import plain
from timewaste.readers.layouts import recognise
from timewaste.readers.spans import END_HEADER, span_column, with_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.readers.excel_sheet import Worksheet

DATE, END = "date_text", "end_text"
_GROUPED = ("start_text", END, "duration_text", "label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The header, and what the rows need beside it.

    `width` is the number of columns in the sheet itself. `groups` are the columns of each interval of a row.
    `rep_column` (-1 for none) is filled with what the titles tell, `rep` at first; `day` is the date that holds for
    all rows; `weekdays` says that days are named by their weekday alone.
    """

    header: Header
    width: int
    groups: tuple[dict[str, int], ...] = ()
    rep_column: int = -1
    rep: str = ""
    day: str = ""
    weekdays: bool = False
    notes: tuple[Issue, ...] = ()


def header_row(worksheet: Worksheet) -> tuple[str, ...]:
    """Return the plain names in the header of a list, () if the sheet is none."""
    head = worksheet.head()
    source = worksheet.source
    for number, row in enumerate(head):
        cells, _, spans = _marked(row.cells, head[number + 1 :], source.columns)
        if has_header([Row(row.line, row.line, cells)], with_spans(source, spans)):
            return tuple(plain(cell) for cell in row.cells if cell.strip())
    return ()


def tells_rep(worksheet: Worksheet) -> bool:
    """Tell whether a column of the list or a title above it names a rep."""
    names = known_names()
    for row in worksheet.head():
        if told_rep(row.cells) or recognise(map(plain, row.cells)):
            return True
        if sum(plain(cell) in names for cell in row.cells) >= 2:
            said = {plain(header) for field, header in worksheet.source.columns.items() if field == "rep"}
            return any(plain(c) in said or names.get(plain(c), ("", 0))[0] == "rep" for c in row.cells)
    return False


def make_plan(worksheet: Worksheet, rep: str) -> Plan:
    """Return how the list is to be read. Raises `ReadError` (xlsx/…) as `find_header` does, and xlsx/no-rep."""
    head, source = worksheet.head(), worksheet.source
    rows: list[Row] = []
    found: dict[int, tuple[tuple[dict[str, int], ...], str]] = {}
    for number, row in enumerate(head):
        cells, groups, spans = _marked(row.cells, head[number + 1 :], source.columns)
        rows.append(Row(row.line, row.line, cells))
        found[row.line] = (groups, spans)
    line = source.header_line or next(
        (row.line for row in rows if has_header([row], with_spans(source, found[row.line][1]))), 0
    )
    spans = found[line][1] if line in found else ""
    # Whose it is may stand outside the rows: that is looked for afterwards.
    wanted = replace(with_spans(source, spans), rep=source.rep or "sheet", header_line=line)
    header = find_header(rows, wanted, place=worksheet.place, relative=worksheet.relative, kind="xlsx")
    if header.layout and header.layout.translate:
        return Plan(header=header, width=len(header.cells))
    return _completed(worksheet, header, head, found[header.line][0], rep)


def _marked(
    cells: Sequence[str], under: Sequence[Row], said: Mapping[str, str]
) -> tuple[list[str], tuple[dict[str, int], ...], str]:
    """Return a header row without what repeats itself, its intervals, and the header of a column of spans."""
    made = list(cells)
    columns: dict[str, list[int]] = {}
    if not said and recognise(map(plain, cells)):
        return made, (), ""
    for column, cell in enumerate(cells):
        name = known_names().get(plain(cell), ("", 0))[0]
        if name in _GROUPED and name not in said:
            columns.setdefault(name, []).append(column)
    same = {name: at for name, at in columns.items() if len({plain(cells[column]) for column in at}) == 1}
    count = len(same.get("start_text", ()))
    groups: tuple[dict[str, int], ...] = ()
    if count > 1 and len(same.get(END, ())) == count:
        repeated = {name: at for name, at in same.items() if len(at) == count}
        groups = tuple({name: at[number] for name, at in repeated.items()} for number in range(count))
        for at in repeated.values():
            for column in at[1:]:
                made[column] = ""
    if "start_text" not in said and END not in columns and END not in said:
        spans = span_column(cells, under, columns.get("start_text", []))
        if spans >= 0:
            return [*made, END_HEADER], groups, cells[spans]
    return made, groups, ""


def _completed(
    worksheet: Worksheet, header: Header, head: Sequence[Row], groups: tuple[dict[str, int], ...], rep: str
) -> Plan:
    """Add what has no header: columns without a name, the rep and the day that a title tells."""
    original = next(row.cells for row in head if row.line == header.line)
    width = max(worksheet.part.columns, len(original))
    header = _widened(header, width, len(original), {at for group in groups for at in group.values()})
    if groups and "duration_text" in header.fields and "duration_text" not in groups[0]:
        header = _without_length(header)
    notes: list[Issue] = []
    header, weekdays = _dated(header, [row for row in head if row.line > header.line])
    day = ""
    if DATE not in header.fields and not _has_moments(header, head):
        around = worksheet.around([" ".join(row.cells) for row in head if row.line < header.line])
        found = next((one for text in around.texts if (one := told_day(text, around.date_order))), None)
        if found:
            header, day = _with_column(header, DATE, f"(day: {found.said})"), found.day.isoformat()
            notes.append(Issue(header.line, "", "xlsx/days_told", f"{day}, which {found.said!r} tells", "noted"))
    rep_column = -1
    if "rep" not in header.fields and not worksheet.source.rep:
        title = next((name for row in head if row.line < header.line and (name := told_rep(row.cells))), "")
        rep = title or rep
        if not rep:
            raise no_rep(worksheet, line=header.line, others=len(worksheet.spool.sheets) > 1)
        header = _with_column(header, "rep", f"(rep: {rep})")
        rep_column = header.fields["rep"]
        if title:
            notes.append(Issue(header.line, "", "xlsx/rep_told", shorten(title), "noted"))
    return Plan(
        header=header,
        width=width,
        groups=groups,
        rep_column=rep_column,
        rep=rep,
        day=day,
        weekdays=weekdays,
        notes=tuple(notes),
    )


def _widened(header: Header, width: int, own: int, taken: set[int]) -> Header:
    """Let the header reach over all used columns; a column without a header is kept under its letter.

    Columns of our own come after the last: what stood at `own` and beyond is moved there.
    """
    added = header.cells[own:]
    cells = (*header.cells[:own], *[""] * (width - own), *added)
    fields = {name: at if at < own else at + width - own for name, at in header.fields.items()}
    taken = {*taken, *fields.values()}
    extra = {name: index for name, index in header.extra.items() if index < own and cells[index].strip()}
    bare = [index for index in range(width) if not cells[index].strip() and index not in taken]
    notes = tuple(note for note in header.notes if note.column in extra)
    extra |= {f"column {column_letters(index)}": index for index in bare}
    return replace(header, cells=cells, fields=fields, extra=extra, notes=notes)


def _without_length(header: Header) -> Header:
    """Leave out a length that stands once for all intervals of a row: it is none's own."""
    column = header.fields["duration_text"]
    fields = {name: at for name, at in header.fields.items() if at != column}
    return replace(header, fields=fields, extra={**header.extra, header.cells[column]: column}, unit="")


def _with_column(header: Header, name: str, text: str) -> Header:
    return replace(header, cells=(*header.cells, text), fields={**header.fields, name: len(header.cells)})


def _dated(header: Header, under: Sequence[Row]) -> tuple[Header, bool]:
    """Find the days in the first column without a name, and tell whether they are weekdays alone."""
    column = header.fields.get(DATE, -1)
    if column < 0 and not _has_moments(header, under):
        bare = (index for name, index in header.extra.items() if name == f"column {column_letters(index)}")
        column = next((index for index in bare if _are_days(index, under)), -1)
        if column >= 0:
            extra = {name: index for name, index in header.extra.items() if index != column}
            header = replace(header, fields={**header.fields, DATE: column}, extra=extra)
    days = [day for row in under if column >= 0 and (day := parse_day(cell_at(row.cells, column)))]
    return header, bool(days) and all(day.parts is None for day in days)


def _are_days(column: int, under: Sequence[Row]) -> bool:
    texts = [text for row in under if (text := cell_at(row.cells, column))]
    return bool(texts) and sum(parse_day(text) is not None for text in texts) * 2 > len(texts)


def _has_moments(header: Header, rows: Sequence[Row]) -> bool:
    """Tell whether the starts have a date of their own, beside the clock."""
    start = header.fields.get("start_text", -1)
    texts = [text for row in rows if row.line > header.line and start >= 0 and (text := cell_at(row.cells, start))]
    return sum(clock(text) is None and clock_range(text) is None for text in texts) * 2 > len(texts)


def block_fields(cells: Sequence[str], plan: Plan) -> dict[str, int] | None:
    """Return the columns of a header that stands again, by field; None if the row is no header of this list."""
    names = {plain(plan.header.cells[at]): name for name, at in plan.header.fields.items() if at < plan.width}
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        name = names.get(plain(cell)) if cell.strip() else None
        if name:
            found.setdefault(name, column)
    wanted = {name for text, name in names.items() if text}
    if "label" not in found or len(found) < 2 or len(found) * 2 < len(wanted):
        return None
    for name, at in plan.header.fields.items():
        if at < plan.width and name not in found and not plain(plan.header.cells[at]):
            found[name] = at  # a column without a name stands where it stood
    return found
