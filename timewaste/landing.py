"""Rows of sheets -> `raw_entries`, `raw_texts` and `raw_source_texts`: text as typed, each text kept once.

Knows rows and texts, not files; runs inside the caller's transaction.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from timewaste.addresses import without_addresses
from timewaste.config import RAW_FIELDS
from timewaste.readers.layout import TARGETS
from timewaste.readers.scan import Unclean, scan_frames
from timewaste.readers.texts import TextBook, doubtful
from timewaste.stage_repeats import skip_repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    import polars as pl

    from timewaste.issue import Issue
    from timewaste.readers import CsvScan, Sheet
    from timewaste.store import Store

ROW_TABLES = ("raw_entries", "raw_texts", "raw_source_texts")
TARGET_TABLES = {target: f"raw_crm_{target}" for target in TARGETS}
"""What the rows of a table are that are no entries, and where they go."""
WHOLE_FIELDS = ("notes", "extra")
"""Fields whose texts hardly ever repeat: they stand in the rows themselves."""
NUMBERED_FIELDS = tuple(name for name in RAW_FIELDS if name not in WHOLE_FIELDS)
# What is read source by source: times and lengths by the order and unit that hold there, and who logged.
SOURCE_FIELDS = ("rep", "date_text", "start_text", "end_date_text", "end_text", "logged_text", "duration_text")
_SOME_ROWS = 500_000
_SOME_BYTES = 64 << 20


def text_column(field: str) -> str:
    """Return the column of `raw_entries` that holds the numbers of a field's texts.

    >>> text_column("date_text"), text_column("rep")
    ('date_text_id', 'rep_text_id')
    """
    return f"{field.removesuffix('_text')}_text_id"


def prepare_rows(store: Store) -> None:
    """Make the tables of rows and texts if they are not there."""
    numbers = ", ".join(f"{text_column(field)} integer" for field in NUMBERED_FIELDS)
    whole = ", ".join(f"{field} varchar" for field in WHOLE_FIELDS)
    store.execute(f"create table if not exists raw_entries (source_id bigint, line bigint, {numbers}, {whole})")
    store.execute("create table if not exists raw_texts (text_id integer, field varchar, text varchar)")
    store.execute("create table if not exists raw_source_texts (source_id bigint, text_id integer)")
    for target, table in TARGET_TABLES.items():
        columns = ", ".join(f"{name} varchar" for name in TARGETS[target])
        store.execute(f"create table if not exists {table} (source_id bigint, line bigint, {columns})")


def forget_rows(store: Store, source_ids: Iterable[int]) -> None:
    """Remove the rows of sources, and every text that no other row holds: what was taken back is gone."""
    gone = ", ".join(map(str, source_ids))
    if not gone:
        return
    for table in ("raw_entries", "raw_source_texts", *TARGET_TABLES.values()):
        store.execute(f"delete from {table} where source_id in ({gone})")
    columns = " union ".join(f"select {text_column(field)} as text_id from raw_entries" for field in NUMBERED_FIELDS)
    columns += f" union select rep_default_text_id from raw_sources where source_id not in ({gone})"
    store.execute(
        "delete from raw_texts where not exists "
        f"(select 1 from ({columns}) as used where used.text_id = raw_texts.text_id)"
    )


def next_text_id(store: Store) -> int:
    """Return the first number that no text has."""
    ((highest,),) = store.execute("select max(text_id) from raw_texts")
    return int(highest or 0) + 1


class Landing:
    """The rows of one load. `finish` writes what was gathered; nothing is complete before."""

    def __init__(self, store: Store, first: int = 1, *, keep_urls: bool = False) -> None:
        """Go on with the texts that the store holds; new ones are numbered from `first`.

        Web addresses are cut to their host unless `keep_urls`.
        """
        self._store = store
        self._next = first
        self._keep_urls = keep_urls
        self._cut_texts = 0
        self._cut_rows: dict[int, int] = {}  # by source: one that is begun anew is counted anew
        self._book = TextBook(self._number, self._known if first > 1 else None)
        self._texts: list[pl.DataFrame] = []
        self._used: dict[int, dict[str, pl.Series]] = {}
        self._rows: list[tuple[int, pl.DataFrame]] = []  # by source: small files are written together
        self._gathered_rows = self._gathered_bytes = 0
        self._written: set[int] = set()
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        """Return the landing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the last rows be written, whatever happened: the database is in use until then."""
        self._writer.shutdown()

    def land(self, source_id: int, sheet: Sheet) -> tuple[list[Issue], dict[str, int]]:
        """Put the rows into `raw_entries`, and return the issues found and what became of the records.

        Raises `ReadError` when the file changes meanwhile or proves unreadable.
        """
        if sheet.target != "entries":
            return self._land_target(source_id, sheet)
        if sheet.scan is not None:
            try:
                rows = self._land_plain(source_id, sheet.scan)
            except Unclean:
                self._forget(source_id)
            else:
                return list(sheet.notes), _counts(records=rows)
        for batch in sheet.batches():
            self._add(source_id, batch)
        return _told(sheet)

    def _land_target(self, source_id: int, sheet: Sheet) -> tuple[list[Issue], dict[str, int]]:
        """Put rows that are no entries into the table of their target, as they are."""
        import polars as pl

        self._wait()
        for batch in sheet.batches():
            frame = batch.select(pl.lit(source_id, pl.Int64).alias("source_id"), pl.all())
            self._store.write(TARGET_TABLES[sheet.target], frame, append=True)
        issues, counts = _told(sheet)
        if sheet.target == "stage_events":
            repeats = skip_repeats(self._store, source_id)
            issues += repeats
            counts["skipped"] += len(repeats)
        return issues, counts

    @property
    def cut_urls(self) -> int:
        """How many texts held a web address that was cut."""
        return self._cut_texts + sum(self._cut_rows.values())

    def has_reps(self, source_id: int) -> bool:
        """Tell whether any row of a source says whose time it is."""
        return len(self._used.get(source_id, {}).get("rep", ())) > 0

    def number_of(self, field: str, text: str | None) -> int | None:
        """Return the number of one text, which need not stand in any row."""
        import polars as pl

        if not text:
            return None
        number: int | None = self._book.numbers(pl.DataFrame({field: [text]}, schema={field: pl.String})).item()
        return number

    def finish(self) -> None:
        """Write the rows and texts that are still in memory."""
        import polars as pl

        self._write_rows()
        self._wait()
        used = {source_id: pl.concat(list(fields.values())) for source_id, fields in self._used.items() if fields}
        if used:
            numbers = pl.DataFrame(
                {"source_id": list(used), "text_id": list(used.values())},
                schema={"source_id": pl.Int64, "text_id": pl.List(pl.Int32)},
            )
            self._store.write("raw_source_texts", numbers.explode("text_id", empty_as_null=False), append=True)

    # ------------------------------------------------------------ one sheet

    def _land_plain(self, source_id: int, scan: CsvScan) -> int:
        import polars as pl

        rows = 0
        for frame in scan_frames(scan):
            label = frame.get_column(f"c{scan.fields['label']}")
            if label.is_in([scan.header_label, scan.header_label.strip()]).any():
                raise Unclean
            extra = {header: frame.get_column(f"c{index}") for header, index in scan.extra.items()}
            if any(doubtful(column).any() for column in extra.values()):
                raise Unclean
            columns = {field: frame.get_column(f"c{index}") for field, index in scan.fields.items()}
            batch = pl.DataFrame({"line": frame.get_column("line"), **columns})
            if extra:
                cells = [pl.when(column != "").then(column).alias(header) for header, column in extra.items()]
                batch = batch.with_columns(
                    frame.select(pl.struct(cells).struct.json_encode()).to_series().alias("extra")
                )
            self._add(source_id, batch, is_plain=True)
            rows += frame.height
        scan.check_unchanged()
        return rows

    def _add(self, source_id: int, batch: pl.DataFrame, *, is_plain: bool = False) -> None:
        """Turn a batch's texts into numbers and gather it. Raises `Unclean` for texts no plain table holds."""
        import polars as pl

        numbers = self._book.numbers(batch.select(name for name in batch.columns if name in NUMBERED_FIELDS))
        if is_plain and self._book.has_doubtful(numbers):
            raise Unclean
        used = self._used.setdefault(source_id, {})
        met = numbers.select(
            pl.col(name).drop_nulls().unique().implode() for name in numbers.columns if name in SOURCE_FIELDS
        )
        for name in met.columns:
            column = met.get_column(name).explode(empty_as_null=False)
            used[name] = used[name].append(column).unique() if name in used else column
        whole = batch.select(
            pl.lit(source_id, pl.Int64).alias("source_id"), *(n for n in batch.columns if n not in NUMBERED_FIELDS)
        )
        for name in () if self._keep_urls else set(WHOLE_FIELDS) & set(whole.columns):
            texts, found = without_addresses(whole.get_column(name))
            whole = whole.with_columns(texts)
            self._cut_rows[source_id] = self._cut_rows.get(source_id, 0) + found
        frame = whole.hstack(numbers.rename(text_column))
        if self._rows and self._rows[0][1].columns != frame.columns:
            self._write_rows()
        self._rows.append((source_id, frame))
        self._gathered_rows += frame.height
        self._gathered_bytes += int(frame.estimated_size())
        if self._gathered_rows >= _SOME_ROWS or self._gathered_bytes >= _SOME_BYTES:
            self._write_rows()

    def _write_rows(self) -> None:
        """Hand rows and texts over to be written while the next are read."""
        import polars as pl

        self._wait()
        parts = {"raw_texts": self._texts, "raw_entries": [part for _, part in self._rows]}
        frames = {table: pl.concat(frames) for table, frames in parts.items() if frames}
        if frames:
            self._writing = self._writer.submit(self._write, frames)
        self._written |= {source_id for source_id, _ in self._rows}
        self._rows, self._texts = [], []
        self._gathered_rows = self._gathered_bytes = 0

    def _write(self, frames: dict[str, pl.DataFrame]) -> None:
        for table, frame in frames.items():
            self._store.write(table, frame, append=True)

    def _wait(self) -> None:
        if self._writing:
            self._writing.result()
            self._writing = None

    def _forget(self, source_id: int) -> None:
        self._rows = [(of, part) for of, part in self._rows if of != source_id]
        self._used.pop(source_id, None)
        self._cut_rows.pop(source_id, None)
        if source_id in self._written:
            self._wait()
            self._store.execute("delete from raw_entries where source_id = ?", [source_id])

    # ---------------------------------------------------------------- texts

    def _number(self, field: str, texts: pl.Series) -> pl.Series:
        import polars as pl

        numbers = pl.int_range(self._next, self._next + len(texts), dtype=pl.Int32, eager=True)
        self._next += len(texts)
        kept, found = (texts, 0) if self._keep_urls else without_addresses(texts)
        self._cut_texts += found
        frame = pl.DataFrame({"text_id": numbers, "text": kept}).with_columns(pl.lit(field).alias("field"))
        self._texts.append(frame)
        self._gathered_bytes += int(frame.estimated_size())
        return numbers

    def _known(self, field: str) -> pl.DataFrame:
        self._wait()
        query = "select text, text_id from raw_texts where field = $field order by text_id"
        return self._store.frame(query, {"field": field})


def _told(sheet: Sheet) -> tuple[list[Issue], dict[str, int]]:
    """Return what was found in a sheet that has been read to its end: issues, and what became of its records."""
    tally = sheet.tally
    counts = _counts(tally.rows_read, tally.blank, tally.skipped, tally.duplicates, tally.set_aside)
    return [*sheet.notes, *tally.notes, *tally.issues], counts


def _counts(records: int, blank: int = 0, skipped: int = 0, duplicates: int = 0, set_aside: int = 0) -> dict[str, int]:
    return {
        "records": records, "blank": blank, "skipped": skipped, "duplicates": duplicates, "set_aside": set_aside,
    }  # fmt: skip


def texts_by_source(store: Store, view: str, column: str, source_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """Return the distinct texts of a staging view for each of the sources, sorted."""
    wanted = ", ".join(map(str, source_ids))
    found: dict[int, list[str]] = {}
    where = f"{column} is not null and source_id in ({wanted or 'null'})"
    query = f"select distinct source_id, {column} from {view} where {where} order by all"
    for source_id, text in store.execute(query):
        found.setdefault(source_id, []).append(text)
    return found
