"""Rows as files have them, those that Polars writes: csv, tsv, parquet, arrow. Batch by batch, never all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMULA = r"^[=+\-@\t\r]."
"""What a spreadsheet would run: such a text gets an apostrophe before it."""
PIECE = 1 << 20


def defused(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame as CSV can hold it: lists as JSON, and an apostrophe before what would run as a formula."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    frame = frame.with_columns(
        pl.Series(name, [json.dumps(cell, default=str) for cell in frame[name].to_list()], pl.String) for name in nested
    )
    return frame.with_columns(
        pl.when(pl.col(name).cast(pl.String).str.contains(FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name, kind in frame.schema.items()
        if kind in {pl.String, pl.Categorical, pl.Enum}
    )


def csv_bytes(frame: pl.DataFrame, separator: str = ",", *, header: bool = True) -> bytes:
    """Return the rows as CSV, or as another separator has them."""
    return defused(frame).write_csv(separator=separator, include_header=header).encode()


def _csv(frames: Iterator[pl.DataFrame], _temporary: str) -> Iterator[bytes]:
    for number, frame in enumerate(frames):
        yield csv_bytes(frame, header=not number)


def _tsv(frames: Iterator[pl.DataFrame], _temporary: str) -> Iterator[bytes]:
    for number, frame in enumerate(frames):
        yield csv_bytes(frame, "\t", header=not number)


def _lazily(frames: Iterator[pl.DataFrame]) -> pl.LazyFrame:
    """Return a frame that is read as it is written: its batches are never all there at once."""
    from polars.io.plugins import register_io_source

    first = _without_categories(next(frames))

    def batches(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size  # all rows and columns are written
        yield first
        yield from map(_without_categories, frames)

    return register_io_source(batches, schema=first.schema)


def _without_categories(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with categories as texts: each batch would bring its own."""
    return frame.cast({name: pl.String for name, kind in frame.schema.items() if kind == pl.Categorical})


def _parquet(frames: Iterator[pl.DataFrame], temporary: str) -> Iterator[bytes]:
    path = _file(temporary)
    _lazily(frames).sink_parquet(path)
    yield from _pieces(path)


def _arrow(frames: Iterator[pl.DataFrame], temporary: str) -> Iterator[bytes]:
    path = _file(temporary)
    _lazily(frames).sink_ipc(path)
    yield from _pieces(path)


def _file(temporary: str) -> Path:
    folder = Path(temporary)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "rows"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


FRAME_WRITERS: dict[str, Callable[[Iterator[pl.DataFrame], str], Iterator[bytes]]] = {
    "csv": _csv,
    "tsv": _tsv,
    "parquet": _parquet,
    "arrow": _arrow,
}
