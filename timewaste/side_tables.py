"""What stands beside the logs: the roster, the opportunities and their changes of stage, all as text.

Each file is optional; one that is there must be well-formed.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timewaste.store import Store

SIDE_TABLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    # table: file, columns that must stand there, columns that may
    "raw_reps": ("reps.csv", ("rep_id",), ("name", "email", "team", "role", "region", "hired_on", "tier", "fte")),
    "raw_opportunities": (
        "opportunities.csv",
        ("opportunity_id",),
        ("account", "rep_id", "source", "amount", "created_on", "closed_on", "outcome"),
    ),
    "raw_stage_events": ("stage_history.csv", ("opportunity_id", "stage", "entered_at"), ()),
}


def take_side_tables(store: Store, folder: Path) -> None:
    """Fill `raw_reps`, `raw_opportunities` and `raw_stage_events` from the study's CSV files, all as text.

    A file that is not there gives an empty table. Raises `ReadError` naming file and line.
    """
    import polars as pl

    for table, (name, required, optional) in SIDE_TABLES.items():
        columns = [*required, *optional]
        schema = {"line": pl.Int64} | dict.fromkeys(columns, pl.String)
        store.write(table, pl.DataFrame(schema=schema))
        path = folder / name
        if not path.is_file():
            continue
        rows: list[tuple[object, ...]] = []
        for row in _side_rows(path, required, columns):
            rows.append(row)
            if len(rows) == 100_000:
                store.write(table, pl.DataFrame(rows, schema=schema, orient="row"), append=True)
                rows = []
        store.write(table, pl.DataFrame(rows, schema=schema, orient="row"), append=True)


def _side_rows(path: Path, required: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            delimiter = ";" if first.count(";") > first.count(",") else ","
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header = [cell.strip().lower() for cell in next(reader, [])]
            for name in required:
                if name not in header:
                    raise ReadError(
                        "csv/no-header", f"column {name!r} is missing; found: {', '.join(header) or 'nothing'}",
                        where=str(path), mend=f"The first line must name: {', '.join(columns)}.",
                    )  # fmt: skip
            places: Mapping[str, int] = {name: header.index(name) for name in columns if name in header}
            ids: set[str] = set()
            for cells in reader:
                if not any(cells):
                    continue
                where = f"{path} line {reader.line_num}"
                if len(cells) != len(header):
                    raise ReadError(
                        "csv/ragged", f"{len(cells)} cells where the header has {len(header)}", where=where,
                        mend="Correct the line; a cell that holds a comma stands in quotes.",
                    )  # fmt: skip
                row = {name: cells[place] for name, place in places.items()}
                key = row[required[0]].strip()
                if len(required) == 1 and (not key or key in ids):
                    raise ReadError(
                        "csv/duplicate-id", f"{required[0]} {key!r} is {'there twice' if key else 'empty'}",
                        where=where, mend="Give every row an id of its own.",
                    )  # fmt: skip
                ids.add(key)
                yield (reader.line_num, *(row.get(name) for name in columns))
    except UnicodeDecodeError:
        raise ReadError("csv/encoding", "not UTF-8 text", where=str(path), mend="Save the file as UTF-8.") from None
    except csv.Error as error:
        message = f"not readable as CSV: {error}"
        raise ReadError("csv/quote", message, where=str(path), mend="Mend the quotes.") from None
