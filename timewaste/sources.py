"""What is known of a source, a file or a sheet of it, once its rows have landed. Knows sheets, not the database."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.excel_names import rep_line
from timewaste.readers.source_block import source_block

if TYPE_CHECKING:
    from timewaste.config import SourceConfig
    from timewaste.logs import LogFile
    from timewaste.readers import Sheet

SOURCE_COLUMNS = {
    "source_id": "bigint", "file": "varchar", "sheet": "varchar", "file_sha256": "varchar", "told": "varchar",
    "file_format": "varchar", "instrument": "varchar", "time_zone": "varchar", "rep_default": "varchar",
    "encoding": "varchar", "delimiter": "varchar", "header_line": "bigint", "columns_understood": "varchar",
    "date_order": "varchar", "date_evidence": "varchar", "decimal_mark": "varchar", "duration_unit": "varchar",
    "duration_evidence": "varchar", "records": "bigint", "blank": "bigint", "skipped": "bigint",
    "file_bytes": "bigint", "file_changed_at": "bigint", "rep_default_text_id": "integer",
    "layout": "varchar", "target": "varchar", "zone_from": "varchar", "zone_reason": "varchar", "line_span": "bigint",
    "duplicates": "bigint", "set_aside": "bigint", "date_century": "bigint", "date_year": "bigint",
}  # fmt: skip


def source_row(file: LogFile, sheet: Sheet, source: SourceConfig, counts: dict[str, int]) -> dict[str, object]:
    """Return what is known of a sheet once its rows have landed."""
    zone_from = "settings" if source.time_zone else "layout" if sheet.time_zone else ""
    return {
        "file": file.relative, "sheet": sheet.sheet, "file_sha256": file.sha256,
        "file_format": sheet.format, "layout": sheet.layout, "target": sheet.target,
        "instrument": source.instrument or sheet.instrument or "self_log",
        "time_zone": source.time_zone or sheet.time_zone, "zone_from": zone_from, "zone_reason": sheet.zone_reason,
        "encoding": sheet.encoding, "delimiter": sheet.delimiter, "header_line": sheet.header_line,
        "columns_understood": json.dumps(sheet.columns, ensure_ascii=False, sort_keys=True), **counts,
        "line_span": sheet.line_span, "file_bytes": file.size, "file_changed_at": file.changed_at,
        "date_century": source.century, "date_year": source.year,
    }  # fmt: skip


def no_rep(sheet: Sheet) -> ReadError:
    """Return the error for a sheet in which nothing says whose time it is."""
    return ReadError(
        "rep/missing",
        "nothing says whose time it is",
        where=sheet.place,
        mend="If the file is one rep's, add to timewaste.toml:\n"
        + source_block(sheet.relative, rep_line(sheet.file_stem)),
    )


def source_number(ids: set[int], sha256: str, sheet: Sheet) -> int:
    """Return a number that depends on the content alone: 30 bits, so that it and a line fit in one integer."""
    name = (sheet.sheet or "") + ("" if sheet.target == "entries" else f"\0{sheet.target}")
    number = int(hashlib.sha256(f"{sha256}\0{name}".encode()).hexdigest()[:8], 16) & 0x3FFFFFFF
    while number in ids:
        number += 1
    ids.add(number)
    return number


def rep_default_of(sheet: Sheet, source: SourceConfig) -> str | None:
    """Return whose the rows are that name nobody, if it is known."""
    if source.rep == "file":
        return sheet.file_stem
    if source.rep == "sheet":
        return sheet.worksheet or sheet.file_stem
    return source.rep or sheet.rep_default or None
