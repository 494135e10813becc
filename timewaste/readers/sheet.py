"""What reading a file gives: one `Sheet` per text file or worksheet. Values only; nothing here reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from timewaste.config import RAW_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from timewaste.issue import Issue

BATCH_ROWS = 50_000
BATCH_CHARACTERS = 32_000_000
"""A frame of long texts ends here, before it has all its rows."""
BATCH_COLUMNS = ("line", *RAW_FIELDS)
MEMBER_PART = " \u203a "
"""What stands between the name of a file in an archive and that of its worksheet."""
WHOLE_LINES = 1 << 32
"""The `line_span` of a table in which every line is one row."""
LINE_SPAN = 1 << 27
"""The `line_span` of a table of whose lines a layout may make several rows: up to 32 of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTable:
    """Where a text table lies that may be plain: every line below the header one record of `column_count` cells."""

    path: Path
    delimiter: str
    skip_lines: int
    column_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvScan(PlainTable):
    """A log that may be a plain table.

    `fields` maps a RAW field to the index of its column, `extra` the header of an unknown column to it.
    `header_label` is the header of the labels: where it stands among them, the header is repeated.
    `check_unchanged` raises `ReadError` when the file has changed since it was opened.
    """

    fields: Mapping[str, int]
    extra: Mapping[str, int]
    header_label: str
    check_unchanged: Callable[[], None]


@dataclass(slots=True)
class Tally:
    """What came of the records below the header.

    `rows_read` = rows in batches + `blank` + `skipped` + `duplicates` + `set_aside`; the last two only where rows
    are not entries: an entry that is set aside is a row, with an issue. `issues` are about records; `notes` about
    the table, where only reading it all shows them.
    """

    rows_read: int = 0
    blank: int = 0
    skipped: int = 0
    duplicates: int = 0
    set_aside: int = 0
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)

    def clear(self) -> None:
        """Begin a new count."""
        self.rows_read = self.blank = self.skipped = self.duplicates = self.set_aside = 0
        self.issues = []
        self.notes = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of entries found in a file: how it was understood, and the way to its rows.

    `headers` are all header cells as found, `columns` maps a RAW field to its header. `header_unit` is the
    unit that the header of the durations names (`minutes`, `hours`, `days`) or "". `notes` are issues with
    treatment `noted` about the table as a whole. `scan` is None where only `batches` can read the file.
    `layout` is what the export was recognised as, for people, "" for a log in columns of its own; `instrument`,
    `time_zone` and `rep_default` are what the file tells where the settings do not. `target` names what its rows
    are if not entries: a key of `layout.TARGETS`, whose columns then stand in the batches instead of RAW fields.
    `titles` are the lines above the header.
    `member` is the file in an archive that the table stands in, "" outside of archives.
    A line that gives several rows numbers them: `line` of a row is the physical line + part * `line_span`.
    """

    relative: str
    sheet: str | None
    format: str
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    header_line: int
    header_unit: str
    encoding: str
    delimiter: str
    notes: tuple[Issue, ...]
    read: Callable[[Tally], Iterator[pl.DataFrame]]
    scan: CsvScan | None = None
    layout: str = ""
    instrument: str = ""
    time_zone: str = ""
    zone_reason: str = ""
    rep_default: str = ""
    target: str = "entries"
    line_span: int = WHOLE_LINES
    member: str = ""
    titles: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)

    @property
    def place(self) -> str:
        """Return file and sheet as messages name them."""
        return f"{self.relative}, sheet {self.sheet}" if self.sheet else self.relative

    @property
    def file_stem(self) -> str:
        """Return the name, without its suffix, of the file that the table stands in, be it in an archive."""
        return PurePosixPath(self.member or self.relative).stem

    @property
    def worksheet(self) -> str:
        """Return the name of the worksheet, "" where the file has none."""
        name = self.sheet or ""
        return name.removeprefix(self.member).removeprefix(MEMBER_PART) if self.member else name

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield frames of at most 50,000 rows: `line` (Int64) and the RAW fields (String, null where empty).

        A record that cannot be framed stands in them too, with its line and all fields null but `extra`, a
        JSON object whose `raw` is the full text. Once exhausted, `tally` holds the counts and the issues. May
        be called again, from the start. Raises `ReadError` when the file changes meanwhile.
        """
        self.tally.clear()
        yield from self.read(self.tally)
