"""A plain text table in blocks of bytes: the fast way, for files in which every line is one record.

What the parser found is held against counts of the bytes. Whatever does not agree is `Unclean`, and the file is read
record by record: the fast way is never the one that decides about a broken record.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from timewaste.readers.sheet import PlainTable

BLOCK = 16 << 20
LONGEST_LINE = 64 << 20


class Unclean(Exception):  # noqa: N818 - a signal to read the file another way, never shown
    """The file is not a plain table, or the parser does not agree with its bytes."""


def scan_frames(table: PlainTable) -> Iterator[pl.DataFrame]:
    """Yield frames of all columns, by number and as text, null where empty, with the physical `line` of each row.

    Raises `Unclean` at the first block that is not plain.
    """
    import polars as pl

    line = table.skip_lines + 1
    for block in _blocks(table):
        frame = _parse(block, table)
        yield frame.with_columns(pl.int_range(line, line + frame.height, dtype=pl.Int64).alias("line"))
        line += frame.height


def _blocks(table: PlainTable) -> Iterator[bytes]:
    """Yield the bytes below the header in blocks of whole lines with an even number of quotes."""
    with table.path.open("rb") as stream:
        head = stream.read(len(codecs.BOM_UTF8))
        if head != codecs.BOM_UTF8:
            stream.seek(0)
        for _ in range(table.skip_lines):
            stream.readline(LONGEST_LINE)
        carry = b""
        while chunk := stream.read(BLOCK):
            carry += chunk
            cut = carry.rfind(b"\n") + 1
            if carry.count(b'"', 0, cut) % 2 or not cut:
                if len(carry) > LONGEST_LINE:
                    raise Unclean
                continue
            yield carry[:cut]
            carry = carry[cut:]
        if carry:
            yield carry


@cache
def _text_after_nothing(delimiter: str) -> re.Pattern[bytes]:
    """Return what finds a quoted cell that ends and goes on with text, such as ,""09:00"",.

    Within a quoted cell it may find what is right: that costs time, no record.
    """
    mark = re.escape(delimiter.encode())
    # It begins with the quotes themselves, which are quickly looked for.
    return re.compile(rb'""(?<=[\n' + mark + rb']"")(?:"")*[^"\r\n' + mark + rb"]")


def _parse(block: bytes, table: PlainTable) -> pl.DataFrame:
    import polars as pl

    returns = block.count(b"\r")
    feeds = block.count(b"\n")
    if returns and (returns != feeds or block.count(b"\r\n") != feeds):
        raise Unclean
    lines = feeds + (not block.endswith(b"\n"))
    delimiters = block.count(table.delimiter.encode())
    if delimiters < lines * (table.column_count - 1):  # too few, before a frame of empty cells takes the memory
        raise Unclean
    if b'""' in block and _text_after_nothing(table.delimiter).search(
        b"\n" + block
    ):  # the parser would take the quotes off
        raise Unclean
    names = [f"c{number}" for number in range(table.column_count)]
    try:
        frame = pl.read_csv(
            block, has_header=False, separator=table.delimiter, quote_char='"', schema=dict.fromkeys(names, pl.String)
        )
    except pl.exceptions.PolarsError:
        raise Unclean from None
    if b'"' in block:  # only a quoted cell can hold a delimiter
        inside = pl.sum_horizontal(pl.col(names).str.count_matches(table.delimiter, literal=True).sum())
        delimiters -= frame.select(inside.cast(pl.Int64)).item()
    if (
        frame.height != lines
        or delimiters != frame.height * (table.column_count - 1)
        or frame.select(pl.all_horizontal(pl.col(names).is_null()).any()).item()
    ):
        raise Unclean
    return frame
