"""Rows as files have them, written batch by batch: what needs no Polars.

Every writer takes the columns and batches of rows, and yields bytes. Nothing a cell holds can become a formula, a
link, markup or a terminal's command.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from timewaste.errors import QueryError
from timewaste.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Batches = Iterator[list[tuple[Any, ...]]]

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET_ROWS, CELL_LETTERS, SAFE_DIGITS = 1_048_575, 32_767, 10**15
FIRST_DAY = dt.date(1900, 3, 1)  # before it, spreadsheets count a day that never was


class Table(NamedTuple):
    """What a writer needs to know: the names of the columns, which hold numbers, a private folder."""

    columns: tuple[str, ...]
    is_number: tuple[bool, ...]
    temporary: str = ""


def shown(value: Any) -> str:  # noqa: ANN401 - any cell
    """Write a cell as it is, made safe for a terminal; nothing for None."""
    if value is None:
        return ""
    text = str(value)
    return text if text.isprintable() else plain(text)


def _json_value(value: object) -> object:
    """Return the value as JSON has it: a decimal as a number, a number that is none as null."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _records(table: Table, batches: Batches) -> Iterator[dict[str, object]]:
    for batch in batches:
        for row in batch:
            yield {name: _json_value(value) for name, value in zip(table.columns, row, strict=True)}


def _other(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def json_rows(table: Table, batches: Batches) -> Iterator[bytes]:
    """Yield one JSON array of objects."""
    opening = "["
    for record in _records(table, batches):
        text = json.dumps([record], ensure_ascii=False, indent=1, default=_other, allow_nan=False)
        yield (opening + text[1:-2]).encode()
        opening = ","
    yield b"[]\n" if opening == "[" else b"\n]\n"


def ndjson_rows(table: Table, batches: Batches) -> Iterator[bytes]:
    """Yield one JSON object a line."""
    for record in _records(table, batches):
        yield (json.dumps(record, ensure_ascii=False, default=_other, allow_nan=False) + "\n").encode()


def markdown_rows(table: Table, batches: Batches) -> Iterator[bytes]:
    """Yield a table as Markdown has it."""
    rule = ["---:" if is_number else "---" for is_number in table.is_number]
    yield _markdown_row([_barred(plain(name)) for name in table.columns])
    yield _markdown_row(rule)
    for batch in batches:
        for row in batch:
            yield _markdown_row([_barred(shown(cell)) for cell in row])


def _barred(text: str) -> str:
    return text.replace("|", "\\|")


def _markdown_row(cells: list[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode()


def html_rows(table: Table, batches: Batches) -> Iterator[bytes]:
    """Yield a page with one table: no script, nothing to load."""
    yield (
        b'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        b"<title>Rows</title>\n<style>body{font:14px/1.4 system-ui,sans-serif}table{border-collapse:collapse}"
        b"th,td{border-bottom:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}"
        b".n{text-align:right;font-variant-numeric:tabular-nums}</style>\n<table>\n<thead><tr>"
    )
    marks = [' class="n"' if is_number else "" for is_number in table.is_number]
    yield "".join(
        f"<th{mark}>{html.escape(plain(name))}</th>" for name, mark in zip(table.columns, marks, strict=True)
    ).encode()
    yield b"</tr></thead>\n<tbody>\n"
    for batch in batches:
        for row in batch:
            cells = (f"<td{mark}>{html.escape(shown(cell))}</td>" for cell, mark in zip(row, marks, strict=True))
            yield f"<tr>{''.join(cells)}</tr>\n".encode()
    yield b"</tbody>\n</table>\n</html>\n"


def xlsx_rows(table: Table, batches: Batches) -> Iterator[bytes]:
    """Yield a workbook. Texts stay texts; what a spreadsheet would change (long numbers, old dates) is kept as text.

    Raises `QueryError` for what a sheet cannot hold.
    """
    import xlsxwriter

    Path(table.temporary).mkdir(mode=0o700, exist_ok=True)
    buffer = io.BytesIO()
    options = {"constant_memory": True, "tmpdir": table.temporary, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})  # same rows, same bytes
        sheet, bold = book.add_worksheet("rows"), book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, plain(name), bold)
        sheet.freeze_panes(1, 0)
        number = 0
        for batch in batches:
            for number, row in enumerate(batch, number + 1):  # noqa: B020 - goes on where the last batch ended
                if number > SHEET_ROWS:
                    raise QueryError(
                        "a sheet holds 1,048,575 rows, and there are more", where="query", mend="Write csv or parquet."
                    )
                for column, value in enumerate(row):
                    _write_cell(sheet, (number, column), value, moment)
    yield buffer.getvalue()


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Any, moment: Format) -> None:  # noqa: ANN401 - any cell
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, int | float | Decimal) and -SAFE_DIGITS < value < SAFE_DIGITS:
        sheet.write_number(*place, float(value))
    elif isinstance(value, dt.datetime) and value.tzinfo is None and value.date() >= FIRST_DAY:
        sheet.write_datetime(*place, value, moment)
    elif type(value) is dt.date and value >= FIRST_DAY:
        sheet.write_datetime(*place, value)
    else:
        text = (
            json.dumps(value, default=_other, ensure_ascii=False) if isinstance(value, list | dict) else _other(value)
        )
        if len(text) > CELL_LETTERS:
            raise QueryError(
                f"row {place[0]} holds a text of {len(text):,} letters, and a cell holds 32,767",
                where="query",
                mend="Write csv or parquet, or cut it: left(..., 32767).",
            )
        sheet.write_string(*place, text)


WRITERS: dict[str, Callable[[Table, Any], Iterator[bytes]]] = {
    "json": json_rows,
    "ndjson": ndjson_rows,
    "markdown": markdown_rows,
    "html": html_rows,
    "xlsx": xlsx_rows,
}
