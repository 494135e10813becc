"""Texts of exports -> what is read of them: frame and tally of each sheet, as the readers land them."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from timewaste.config import SourceConfig
from timewaste.readers import open_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timewaste.readers import Sheet


class Telling:
    """What one table says, read under one layout."""

    def __init__(self, sheet: Sheet) -> None:
        frames = list(sheet.batches())
        self.sheet = sheet
        self.tally = sheet.tally
        self.rows: list[dict[str, str | None]] = pl.concat(frames).to_dicts() if frames else []
        tally = self.tally
        out = len(self.rows) + tally.blank + tally.skipped + tally.duplicates + tally.set_aside
        assert tally.rows_read == out, "every record is accounted for"

    def rules(self) -> list[tuple[str, str]]:
        return [(issue.rule, issue.treatment) for issue in self.tally.issues]

    def column(self, name: str) -> list[str | None]:
        return [row[name] for row in self.rows]

    def only(self) -> dict[str, str | None]:
        """The one row, without what is empty and what goes unread."""
        (row,) = self.rows
        return {name: text for name, text in row.items() if text is not None and name not in {"line", "extra"}}


def tell_all(text: str, source: SourceConfig | None = None, encoding: str = "utf-8") -> list[Telling]:
    """Read a CSV text: every sheet that it gives."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text(text, encoding=encoding, newline="")
        return [Telling(sheet) for sheet in open_file(path, path.name, source or SourceConfig())]


def tell_csv(text: str, source: SourceConfig | None = None) -> Telling:
    """Read a CSV text that gives one sheet."""
    (told,) = tell_all(text, source)
    return told


def csv_text(headers: Sequence[str], records: Iterable[Sequence[str]]) -> str:
    """Return a CSV text as exports write it: every cell quoted."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows((headers, *records))
    return out.getvalue()
