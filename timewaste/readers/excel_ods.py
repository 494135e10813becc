"""A look into an OpenDocument spreadsheet before anything opens it: sizes, repeated cells, spans, errors.

Streams `content.xml`; memory does not grow with the file, and a repeated row or cell is counted, never written out.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from timewaste.errors import ReadError
from timewaste.readers.excel_zip import MAX_RANGE, ROW_LIMIT, Book, Part, check_sizes, column_letters

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20
MAX_MARKED = 200_000
_HIDDEN = {"collapse", "filter"}
_ERRORS = ("#", "Err:")


def inspect_ods(path: Path, relative: str) -> Book:
    """Return what must be known before a parser may open the spreadsheet. Raises `ReadError` (xlsx/…, xml/doctype)."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive, relative)
            names = set(archive.namelist())
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise ReadError(
                    "xlsx/encrypted",
                    "the spreadsheet is protected by a password",
                    where=relative,
                    mend="Open it, remove the password, and save it.",
                )
            book = Book(has_macros=any(name.startswith("Basic/") for name in names))
            for name in ("styles.xml", "settings.xml", "meta.xml"):
                if name in names:
                    _parse(archive, name, expat.ParserCreate(), relative)
            watch = _Watch(book, relative)
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler, parser.EndElementHandler = watch.start, watch.end
            parser.CharacterDataHandler = watch.text
            _parse(archive, "content.xml", parser, relative)
            return book
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, ValueError, expat.ExpatError,
        zlib.error,
    ) as error:  # fmt: skip
        raise ReadError(
            "xlsx/damaged",
            f"the spreadsheet is damaged: {error}",
            where=relative,
            mend="Open it and save it anew, or ask for the file again.",
        ) from None


def _parse(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType, relative: str) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ReadError(
            "xml/doctype",
            f"{name} holds a DOCTYPE, which no spreadsheet program writes",
            where=relative,
            mend="Do not trust this file; ask its sender for another export.",
        )

    parser.StartDoctypeDeclHandler = refuse
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


class _Watch:
    """Follows tables, rows and cells, and knows the address of each, however often it is repeated."""

    def __init__(self, book: Book, relative: str) -> None:
        self._book, self._relative = book, relative
        self._part = Part()
        self._depth = 0
        self._row = self._column = 0
        self._row_times = self._times = 1
        self._is_hidden = self._has_formula = self._has_value = False
        self._value_kind = ""
        self._text: list[str] = []
        self._row_odd: list[tuple[int, int, tuple[str, str]]] = []
        self._row_filled = False
        self._marked = 0

    def start(self, tag: str, said: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "table" and tag.startswith("table"):
            self._depth += 1
            if self._depth == 1:
                self._part = self._book.parts.setdefault(said.get("table:name", ""), Part())
                self._row = self._column = 0
        elif name == "table-column" and said.get("table:visibility") in _HIDDEN:
            self._part.hidden_columns += min(int(said.get("table:number-columns-repeated", "1")), 16_384)
        elif name == "table-row":
            self._row += 1
            self._row_times = int(said.get("table:number-rows-repeated", "1"))
            self._column, self._row_odd, self._row_filled = 0, [], False
            self._is_hidden = said.get("table:visibility") in _HIDDEN
        elif name in {"table-cell", "covered-table-cell"}:
            self._begin_cell(said)
        elif name == "filter":
            self._part.has_filter = True

    def _begin_cell(self, said: dict[str, str]) -> None:
        self._times = int(said.get("table:number-columns-repeated", "1"))
        self._text = []
        self._has_formula = "table:formula" in said
        self._value_kind = said.get("calcext:value-type") or said.get("office:value-type", "")
        self._has_value = bool(self._value_kind)
        down, right = (
            int(said.get("table:number-rows-spanned", "1")),
            int(said.get("table:number-columns-spanned", "1")),
        )
        if down > 1 or right > 1:
            self._mark()
            self._part.merges.append((self._row, self._column, self._row + down - 1, self._column + right - 1))
        if self._value_kind == "time" and said.get("office:time-value", "").startswith("-"):
            self._row_odd.append((self._column, self._times, ("xlsx/negative_time", said["office:time-value"])))

    def text(self, data: str) -> None:
        if len(self._text) < 100:
            self._text.append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "table" and tag.startswith("table"):
            self._depth -= 1
        elif name in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        text = "".join(self._text).strip()
        is_error = self._value_kind == "error" or (self._has_formula and text.startswith(_ERRORS))
        if is_error:
            self._row_odd.append((self._column, self._times, ("xlsx/error_cell", text)))
        elif self._has_formula and not self._has_value and not text:
            self._row_odd.append((self._column, self._times, ("xlsx/uncalculated", "")))
        if text or self._has_value or self._has_formula:
            self._row_filled = True
            self._part.columns = max(self._part.columns, self._column + self._times)
        self._column += self._times

    def _end_row(self) -> None:
        last = self._row + self._row_times - 1
        if self._row_filled:
            self._part.last_row = max(self._part.last_row, last)
            self._part.hidden_rows += self._row_times if self._is_hidden else 0
            self._check()
            for column, times, odd in self._row_odd:
                for row in range(self._row, last + 1):
                    for at in range(column, column + times):
                        self._mark()
                        self._part.odd[row, at] = odd
        self._row = last

    def _mark(self) -> None:
        self._marked += 1
        if self._marked > MAX_MARKED:
            raise self._refused(f"more than {MAX_MARKED} merged or faulty cells")

    def _check(self) -> None:
        rows, columns = self._part.last_row, max(self._part.columns, 1)
        if rows * columns * 32 > MAX_RANGE or rows > ROW_LIMIT or columns > 16_384:
            raise self._refused(f"{rows} rows up to column {column_letters(columns - 1)} in use")

    def _refused(self, what: str) -> ReadError:
        return ReadError(
            "xlsx/used-range",
            f"content.xml has {what}",
            where=self._relative,
            mend="Go to the last cell (Ctrl+End), delete the empty rows and columns up to it, and save.",
        )
