"""Write a log, open it, read it all: what a test of a reader needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest

from timewaste.config import SourceConfig
from timewaste.readers import BATCH_COLUMNS, open_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timewaste.issue import Issue
    from timewaste.readers import Sheet


class Read(NamedTuple):
    sheet: Sheet
    frame: pl.DataFrame

    @property
    def issues(self) -> list[Issue]:
        return self.sheet.tally.issues

    @property
    def rules(self) -> list[tuple[int, str]]:
        return [(issue.line, issue.rule) for issue in self.issues]

    @property
    def noted(self) -> set[str]:
        return {issue.rule for issue in (*self.sheet.notes, *self.sheet.tally.notes)}

    def column(self, name: str) -> list[str | None]:
        return self.frame[name].to_list()

    def row(self, line: int) -> dict[str, object]:
        return self.frame.row(by_predicate=pl.col("line") == line, named=True)


def read_sheet(sheet: Sheet) -> Read:
    batches = list(sheet.batches())
    schema = {name: pl.Int64 if name == "line" else pl.String for name in BATCH_COLUMNS}
    frame = pl.concat([pl.DataFrame(schema=schema), *batches])
    tally = sheet.tally
    assert frame.height + tally.blank + tally.skipped == tally.rows_read
    return Read(sheet, frame)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Read]:
    """Return a function: content of one table, file name, settings of its [[source]] -> what was read."""

    def _read(content: str | bytes, name: str = "log.csv", **said: object) -> Read:
        path = write(content, name)
        (sheet,) = open_file(path, name, SourceConfig(**said))
        return read_sheet(sheet)

    return _read


@pytest.fixture
def read_book() -> Callable[..., list[Read]]:
    """Return a function: path of a workbook, settings -> every sheet read."""

    def _read(path: Path, **said: object) -> list[Read]:
        return [read_sheet(sheet) for sheet in open_file(path, path.name, SourceConfig(**said))]

    return _read
