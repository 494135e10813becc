"""What to say of a table in which no row is a header that we know: what was found, what is needed, a block to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.issue import shorten
from timewaste.readers.header_names import columns_block, known_names
from timewaste.readers.layout import plain
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.columns import Row

HEADER_ROWS = 50
NEEDED = "a label, a rep (or `rep =` in the study's settings), a date or a start, and an end or a duration"


def no_header(rows: Sequence[Row], source: SourceConfig, *, place: str, relative: str, kind: str) -> ReadError:
    """Return the error for a table without a header row: what was found, what is needed, a block to paste."""
    if kind == "csv" and not source.header_line and _is_running_text(rows):
        return ReadError(
            "csv/no-table",
            f"running text, not a table; it begins with {shorten(' '.join(rows[0].cells), 60)!r}",
            where=f"{place}, line {rows[0].line}",
            mend="Type what it tells into a list that begins with a header, such as\nRep,Date,Start,End,Activity\n"
            "or, if it is no log, leave it out in timewaste.toml:\n" + source_block(relative, "skip = true"),
        )
    # The line that names most of what we know is the likely header, if only one cell of it.
    nearest = max(
        rows, key=lambda row: (_known(row.cells), sum(bool(cell.strip()) for cell in row.cells)), default=None
    )
    cells = nearest.cells if nearest else ()
    line = nearest.line if nearest else 1
    what = f"no header row in the first {HEADER_ROWS} lines; line {line} comes nearest: {listed(cells)}"
    return ReadError(
        f"{kind}/no-header",
        f"line {source.header_line} is not there" if source.header_line else what,
        where=f"{place}, line {line}",
        mend="Correct `header_line` in the [[source]] block."
        if source.header_line
        else f"Needed: {NEEDED}. Give the list a header row, or, if it is no log, add skip = true to its block. "
        "In timewaste.toml:\n" + columns_block(cells, relative, source),
    )


def _is_running_text(rows: Sequence[Row]) -> bool:
    """Tell whether hardly a line has cells that a delimiter parts, and none names a column."""
    filled = [row.cells for row in rows if any(cell.strip() for cell in row.cells)]
    return bool(filled) and 4 * sum(len(cells) > 1 for cells in filled) <= len(filled) and not any(map(_known, filled))


def _known(cells: Sequence[str]) -> int:
    return sum(plain(cell) in known_names() for cell in cells)


def listed(cells: Sequence[str]) -> str:
    """Return the first cells of a row as a message names them."""
    return " | ".join(shorten(cell) for cell in cells[:12]) + (" | …" if len(cells) > 12 else "")
