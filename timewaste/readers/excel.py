"""Workbooks: .xlsx, .xlsm, .xls and .ods. The workbook itself is opened in a child process.

A sheet is a list with one row per entry, a grid of slots, or a matrix of activities and days, either way round.
Every cell becomes a canonical text (dates ISO, times hh:mm, spans H:MM:SS); a row keeps its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import ReadError
from timewaste.issue import Issue, shorten
from timewaste.readers import excel_across, excel_down, excel_grid, excel_list, excel_matrix
from timewaste.readers.columns import has_header
from timewaste.readers.excel_merges import Merges
from timewaste.readers.excel_names import is_name, is_skipped, is_summary, people_in, titles_alone
from timewaste.readers.excel_ods import inspect_ods
from timewaste.readers.excel_sheet import Worksheet, told_rep
from timewaste.readers.excel_spool import run_worker
from timewaste.readers.excel_weeks import week_number
from timewaste.readers.excel_xls import inspect_xls
from timewaste.readers.excel_xlsb import inspect_xlsb, is_xlsb
from timewaste.readers.excel_zip import Book, Part, inspect_workbook
from timewaste.readers.no_table import no_header
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.excel_spool import Spool
    from timewaste.readers.sheet import Sheet


class _Shape(NamedTuple):
    """What a sheet is: a list, a grid or a matrix, and the words of its header."""

    worksheet: Worksheet
    kind: str
    frame: excel_grid.Frame | excel_matrix.Frame | excel_down.DownFrame | excel_across.AcrossFrame | None
    header: tuple[str, ...]


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return every visible sheet with a table that we know, or the one that the config names.

    Raises `ReadError` (xlsx/…) when the workbook cannot be opened or no sheet is understood.
    """
    kind, book = inspect_book(path, relative)
    return sheets_of(run_worker(path, relative, is_1904=book.is_1904), kind, book, relative, source)


def sheets_of(spool: Spool, kind: str, book: Book, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the tables that rows of worksheets are. Raises `ReadError` (xlsx/…)."""
    first_week = min((n for name, _ in spool.sheets if (n := week_number(name))), default=0)
    sheets = [
        Worksheet(
            spool=spool,
            index=index,
            part=part,
            merges=Merges(part),
            relative=relative,
            source=source,
            first_week=first_week,
            format=kind,
        )
        for index, (name, _) in enumerate(spool.sheets)
        for part in [book.parts.get(name, Part())]
    ]
    shapes, notes = _choose(sheets, source)
    if not shapes:
        raise _no_sheet(spool, sheets, relative, source)
    reps = _reps(shapes)
    notes += _book_notes(book)
    # What concerns the whole workbook is said once, with its first sheet.
    return [sheet for number, shape in enumerate(shapes) for sheet in _open(shape, reps, notes if number == 0 else [])]


def inspect_book(path: Path, relative: str) -> tuple[str, Book]:
    """Return the kind of a workbook, xlsx, xls or ods, and what a reader of its cells should know.

    Raises `ReadError` (xlsx/…) for one that must not be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(64)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls", inspect_xls(path, relative)
    if b"mimetype" in head:
        return "ods", inspect_ods(path, relative)
    if is_xlsb(path):
        return "xlsb", inspect_xlsb(path, relative)
    return "xlsx", inspect_workbook(path, relative)


def _open(shape: _Shape, reps: dict[int, str], notes: Sequence[Issue]) -> list[Sheet]:
    worksheet = shape.worksheet
    rep, rule = reps.get(worksheet.index, ""), "xlsx/rep_from_sheet"
    if not rep and not worksheet.source.rep and not _tells_rep(shape):
        rep, rule = _agreed_rep(worksheet), "xlsx/rep_told"
    said = [*notes, Issue(1, "", rule, shorten(rep), "noted")] if rep else notes
    if isinstance(shape.frame, excel_grid.Frame):
        return [excel_grid.open_grid(worksheet, shape.frame, said, rep=rep)]
    if isinstance(shape.frame, excel_matrix.Frame):
        return [excel_matrix.open_matrix(worksheet, shape.frame, said, rep=rep)]
    if isinstance(shape.frame, excel_across.AcrossFrame):
        return [excel_across.open_across(worksheet, shape.frame, said, rep=rep)]
    if isinstance(shape.frame, excel_down.DownFrame):
        return [excel_down.open_down(worksheet, shape.frame, said, rep=rep)]
    return excel_list.open_list(worksheet, said, rep=rep)


# ------------------------------------------------------------ which sheets


def _choose(sheets: Sequence[Worksheet], source: SourceConfig) -> tuple[list[_Shape], list[Issue]]:
    if source.sheet:
        named = [worksheet for worksheet in sheets if worksheet.name == source.sheet]
        return [_shape(worksheet) or _Shape(worksheet, "list", None, ()) for worksheet in named], []
    chosen: list[_Shape] = []
    notes: list[Issue] = []
    for worksheet in sheets:
        if is_skipped(worksheet.name, source.skip_sheets):
            notes.append(Issue(0, "", "xlsx/skipped_sheet", shorten(worksheet.name), "noted"))
            continue
        is_visible = worksheet.spool.sheets[worksheet.index][1]
        if not is_visible and not source.include_hidden:
            notes.append(Issue(0, "", "xlsx/hidden_sheet", shorten(worksheet.name), "noted"))
        elif shape := _shape(worksheet):
            chosen.append(shape)
        elif next(worksheet.rows(), None):
            notes.append(Issue(0, "", "xlsx/sheet_without_header", shorten(worksheet.name), "noted"))
    if any(map(_is_sure, chosen)):  # a table of figures beside a log need not be one
        figures = [shape.worksheet.name for shape in chosen if not _is_sure(shape)]
        notes += [Issue(0, "", "xlsx/sheet_without_header", shorten(name), "noted") for name in figures]
        chosen = list(filter(_is_sure, chosen))
    summaries = {shape.worksheet.index: shape.worksheet.name for shape in _summaries(chosen, source)}
    notes += [Issue(0, "", "xlsx/summary_sheet", shorten(name), "noted") for name in summaries.values()]
    return [shape for shape in chosen if shape.worksheet.index not in summaries], notes


def _summaries(shapes: Sequence[_Shape], source: SourceConfig) -> list[_Shape]:
    """Return the sheets that are nobody's where each of the others is one rep's: a summary, a template, codes."""
    if source.skip_sheets is not None or source.rep not in {"", "sheet"}:
        return []
    found = [shape for shape in shapes if is_summary(shape.worksheet.name)]
    others = [shape for shape in shapes if not is_summary(shape.worksheet.name)]
    is_said = source.rep == "sheet" or bool(_reps(others))
    return found if found and others and is_said else []


def _is_sure(shape: _Shape) -> bool:
    """Tell whether what stands in the sheet is surely time."""
    return not isinstance(shape.frame, excel_down.DownFrame) or shape.frame.is_told


def _shape(worksheet: Worksheet) -> _Shape | None:  # noqa: PLR0911 - one for each shape
    """Return what a sheet is by what stands in its first rows; None if none of what we know."""
    head = worksheet.head()
    if header := excel_list.header_row(worksheet):
        return _Shape(worksheet, "list", None, header)
    if worksheet.source.header_line or worksheet.source.columns:
        return _Shape(worksheet, "list", None, ()) if has_header(head, worksheet.source) else None
    rows = [(row.line, row.cells) for row in head]
    if grid := excel_grid.find_frame(rows):
        return _Shape(worksheet, "grid", grid, ("",) * len(grid.days))
    if matrix := excel_matrix.find_frame(rows):
        return _Shape(worksheet, "matrix", matrix, tuple(matrix.side))
    if across := excel_across.find_frame(rows, worksheet.source.slot_minutes):
        return _Shape(worksheet, "slots across", across, ("",) * len(across.slots))
    if down := excel_down.find_frame(rows, worksheet.source.duration_unit):
        return _Shape(worksheet, "days down", down, tuple(down.side))
    return None


def _no_sheet(spool: Spool, sheets: Sequence[Worksheet], relative: str, source: SourceConfig) -> ReadError:
    names = ", ".join(shorten(name) + ("" if visible else " (hidden)") for name, visible in spool.sheets)
    if source.sheet:
        return ReadError(
            "xlsx/no-sheet",
            f"no sheet {source.sheet!r}; the workbook has: {names}",
            where=relative,
            mend="Correct `sheet` in the [[source]] block.",
        )
    visible = [each for each in sheets if spool.sheets[each.index][1]]
    filled = next((each for each in visible if next(each.rows(), None)), None)
    if filled is None:
        return ReadError(
            "file/empty",
            f"no visible sheet holds anything; the workbook has: {names}",
            where=relative,
            mend="To read hidden sheets:\n" + source_block(relative, "include_hidden = true"),
        )
    return no_header(filled.head(), source, place=filled.place, relative=relative, kind="xlsx")


def _book_notes(book: Book) -> list[Issue]:
    said = (
        (book.has_macros, "xlsx/macros", ""),
        (book.has_links, "xlsx/external_links", ""),
        (book.is_1904, "xlsx/epoch_1904", "1904"),
        (book.has_padding, "xlsx/padded_numbers", "format 00…"),
    )
    return [Issue(0, "", rule, value, "noted") for holds, rule, value in said if holds]


# ---------------------------------------------------------- a sheet per rep


def _reps(shapes: Sequence[_Shape]) -> dict[int, str]:
    """Return the rep of each sheet where the sheets are alike, at least two, and their names are people's."""
    if len(shapes) < 2 or shapes[0].worksheet.source.rep or any(_tells_rep(shape) for shape in shapes):
        return {}
    filled = [
        shape for shape in shapes if excel_list.has_more_rows(shape.worksheet, shape.frame.line if shape.frame else 0)
    ]
    alike = len({(shape.kind, shape.header) for shape in filled}) == 1
    names = [shape.worksheet.name.strip() for shape in filled]
    if len(filled) < 2 or not alike or not all(map(is_name, names)):
        return {}
    return {shape.worksheet.index: shape.worksheet.name.strip() for shape in shapes}


def _agreed_rep(worksheet: Worksheet) -> str:
    """Return the name of a person that a title and the name of the sheet tell alike; "" if they do not."""
    names = people_in(titles_alone(row.cells for row in worksheet.head()))
    wanted = worksheet.name.strip().casefold()
    is_full = len(wanted.split()) > 1  # of one word, a title may say anything
    return next(
        (
            worksheet.name.strip() if is_full else name
            for name in names
            if name.casefold() == wanted or (is_full and name.casefold().endswith(f" {wanted}"))
        ),
        "",
    )


def _tells_rep(shape: _Shape) -> bool:
    """Tell whether a column or a title of the sheet names a rep."""
    if shape.kind == "list":
        return excel_list.tells_rep(shape.worksheet)
    if not isinstance(shape.frame, excel_grid.Frame | None) and "rep" in shape.frame.side:
        return True
    last = shape.frame.line if shape.frame else 0
    return any(told_rep(row.cells) for row in shape.worksheet.head() if row.line < last)
