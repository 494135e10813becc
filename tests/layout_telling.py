"""Texts of exports -> what their layout tells of them: frame and tally, as the readers would land them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from timewaste.config import SourceConfig
from timewaste.readers.columns import plain
from timewaste.readers.layouts import recognise
from timewaste.readers.sheet import Tally
from timewaste.readers.told import told_batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timewaste.readers.layout import Layout, Told


@dataclass
class Telling:
    """What one table says, read under one layout."""

    layout: Layout
    rows: list[dict[str, str | None]]
    tally: Tally = field(default_factory=Tally)

    def rules(self) -> list[tuple[str, str]]:
        return [(issue.rule, issue.treatment) for issue in self.tally.issues]

    def column(self, name: str) -> list[str | None]:
        return [row[name] for row in self.rows]

    def only(self) -> dict[str, str | None]:
        """The one row, without what is empty."""
        (row,) = self.rows
        return {name: text for name, text in row.items() if text is not None and name != "line"}

    def balances(self) -> bool:
        tally = self.tally
        return tally.rows_read == len(self.rows) + tally.blank + tally.skipped + tally.duplicates + tally.set_aside


def tell(
    headers: Sequence[str],
    records: Iterable[Sequence[str]],
    *,
    source: SourceConfig | None = None,
    layout: Layout | None = None,
) -> Telling:
    """Read records under the layout that their headers are recognised as, or under the one given."""
    found = layout or recognise({plain(header) for header in headers})
    assert found is not None, f"nobody knows {headers}"
    assert found.translate is not None
    translate = found.translate(tuple(headers), source or SourceConfig())
    names = [plain(header) for header in headers]

    def rows() -> Iterator[tuple[int, int, Told]]:
        for line, cells in enumerate(records, start=2):
            record: Mapping[str, str] = dict(zip(names, cells, strict=True))
            for part, told in enumerate(translate(record)):
                yield line, part, told

    tally = Tally()
    frames = list(told_batches(rows(), tally, target=found.target, line_span=found.line_span))
    frame = pl.concat(frames) if frames else pl.DataFrame()
    telling = Telling(found, frame.to_dicts(), tally)
    assert telling.balances()
    return telling


def tell_csv(text: str, *, source: SourceConfig | None = None, layout: Layout | None = None) -> Telling:
    """Read a CSV text."""
    headers, *records = csv.reader(io.StringIO(text.strip() + "\n"))
    return tell(headers, records, source=source, layout=layout)
