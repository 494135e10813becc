"""What the child process does with an HTML page (`child_main`): the tables as sheets, and their rows.

Many systems call such a page .xls. The parser of the standard library can be made to run for ever.
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from timewaste.readers.child_main import Blocks

MEMORY_LIMIT = 1 << 30
MAX_TABLES = 50
MAX_COLUMNS = 2_000
MAX_DEPTH = 8
_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CHUNK = 1 << 18


class UnreadableError(ValueError):
    """The page cannot be read; says why."""


class Tables(HTMLParser):
    """Gathers the rows of every table; one that stands in a cell of another is a table of its own."""

    def __init__(self) -> None:
        """Begin outside of any table."""
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[int, list[str]]]] = []
        self._open: list[list[list[str]]] = []
        self._rows: list[list[str]] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._down: dict[int, int] = {}
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag in {"script", "style", "title"}:
            self._silent += 1
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self._rows is not None:
            self._end_cell()
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows is not None:
            self._begin_cell(dict(attrs))
        elif tag in {"br", "p", "div", "li"} and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a table or a cell."""
        if tag in {"script", "style", "title"}:
            self._silent = max(self._silent - 1, 0)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self._rows is not None:
            self._end_cell()
            self._keep()
            self._rows = self._open.pop() if self._open else None

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def finish(self) -> None:
        """Keep what an unclosed table holds."""
        self._end_cell()
        while self._rows is not None:
            self._keep()
            self._rows = self._open.pop() if self._open else None

    def _begin_table(self) -> None:
        if self._rows is not None:
            self._end_cell()
            self._open.append(self._rows)
        if len(self._open) > MAX_DEPTH or len(self.tables) >= MAX_TABLES:
            raise UnreadableError(f"more than {MAX_TABLES} tables, or tables in tables in tables")
        self._rows, self._down = [], {}

    def _begin_cell(self, said: dict[str, str | None]) -> None:
        self._end_cell()
        if not self._rows:
            self._rows = [[]]
        row = self._rows[-1]
        while self._down.get(len(row), 0) >= len(self._rows):  # a cell above reaches down to here
            row.append("")
        self._span = _span(said.get("colspan"))
        for column in range(len(row), len(row) + self._span):
            self._down[column] = len(self._rows) + _span(said.get("rowspan")) - 1
        self._cell = []

    def _end_cell(self) -> None:
        if self._cell is None or not self._rows:
            self._cell = None
            return
        row = self._rows[-1]
        row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None
        if len(row) > MAX_COLUMNS:
            raise UnreadableError(f"a row of more than {MAX_COLUMNS:,} cells")

    def _keep(self) -> None:
        rows = [(number, row) for number, row in enumerate(self._rows or [], start=1) if any(row)]
        if rows:
            self.tables.append(rows)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 1_000) if text and text.strip().isascii() and text.strip().isdecimal() else 1


def write_tables(path: Path, _said: Mapping[str, Any], blocks: Blocks) -> dict[int, int]:
    """Write the tables and their rows, and return where each table's begin. Raises `OSError` or `ValueError`."""
    try:
        page = _read(path)
    except LookupError as error:  # an encoding that nobody knows
        raise UnreadableError(str(error)) from None
    blocks.line([(f"table {number}", True) for number, _ in enumerate(page.tables, start=1)])
    starts = {}
    for index, rows in enumerate(page.tables):
        starts[index] = blocks.place
        for number, cells in rows:
            blocks.line((index, number, cells))
    return starts


def _read(path: Path) -> Tables:
    with path.open("rb") as stream:
        decoder = codecs.getincrementaldecoder(_encoding(stream.read(8192)))()
        stream.seek(0)
        page = Tables()
        while chunk := stream.read(_CHUNK):
            page.feed(decoder.decode(chunk))
            if len(page.rawdata) > 4 * _CHUNK:
                raise UnreadableError("a tag or a comment that does not end")
        page.feed(decoder.decode(b"", final=True))
    page.close()
    page.finish()
    return page


def _encoding(head: bytes) -> str:
    """Return how the page is written: as its first bytes or it itself says; browsers read Latin-1 as Windows does."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    match = _CHARSET.search(head)
    name = codecs.lookup(match[1].decode("ascii")).name if match and not head.startswith(b"\xef\xbb\xbf") else "utf-8"
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-8": "utf-8-sig"}.get(name, name)
