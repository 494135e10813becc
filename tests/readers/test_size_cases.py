"""Tables that are wide, fat or both: frames are bounded by what they hold, not only by their rows."""

from __future__ import annotations

import json

import pytest

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file, rows, text_head
from timewaste.readers.scan import Unclean, scan_frames

HEAD = "rep,date,start,end,activity"
ROW = "anna,2026-03-02,09:00,09:30,call"
LAST = "tail,of,a,file"  # too short: the whole file goes the slow way


def batches(path):
    (sheet,) = open_file(path, path.name, SourceConfig())
    found = list(sheet.batches())
    assert sum(batch.height for batch in found) == sheet.tally.rows_read
    return found


def test_records_of_long_texts_come_in_smaller_frames(write, monkeypatch):
    monkeypatch.setattr(rows, "BATCH_CHARACTERS", 10_000)
    path = write(f"{HEAD},notes\n" + f"{ROW},{'x' * 3000}\n" * 40 + LAST)
    heights = [batch.height for batch in batches(path)]
    assert max(heights) == 4
    assert sum(heights) == 41


def test_broken_records_of_long_texts_come_in_smaller_frames(write, monkeypatch):
    monkeypatch.setattr(rows, "BATCH_CHARACTERS", 10_000)
    path = write(f"{HEAD},notes\n" + f"anna,{'x' * 3000}\n" * 40)
    assert max(batch.height for batch in batches(path)) == 4


def test_good_and_broken_records_keep_their_order_and_their_texts(read):
    lines = [ROW if n % 3 else f"broken {n}" for n in range(30)]
    found = read("\n".join([HEAD, *lines]) + "\n")
    assert found.column("line") == list(range(2, 32))
    assert found.column("label") == ["call" if n % 3 else None for n in range(30)]
    raws = [json.loads(extra)["raw"] for extra in found.column("extra") if extra]
    assert raws == [line for line in lines if line != ROW]


def test_short_lines_below_a_wide_header_fill_no_frame_with_empty_cells(write, monkeypatch):
    monkeypatch.setattr("polars.read_csv", lambda *_, **__: pytest.fail("a frame of empty cells was made"))
    wide = HEAD + "".join(f",c{n}" for n in range(1500))
    path = write(wide + "\n" + "a,b\n" * 20_000)
    (sheet,) = open_file(path, path.name, SourceConfig())
    with pytest.raises(Unclean):
        list(scan_frames(sheet.scan))
    found = batches(path)
    assert sum(batch.height for batch in found) == 20_000
    assert len(found) == 1  # what is broken has no cells


def test_a_table_of_three_hundred_columns_is_read(read):
    names = [f"c{n}" for n in range(300)]
    found = read(f"{HEAD},{','.join(names)}\n" + f"{ROW},{','.join(names)}\n" * 3)
    assert json.loads(found.column("extra")[2]) == dict(zip(names, names, strict=True))


def test_a_header_wider_than_any_log_is_refused(write):
    path = write(f"{HEAD}{''.join(f',c{n}' for n in range(text_head.MAX_COLUMNS))}\n{ROW}\n")
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert (caught.value.code, caught.value.where) == ("csv/too-many-columns", "log.csv, line 1")
    assert caught.value.mend


def test_a_line_full_of_delimiters_above_or_below_the_header_spoils_only_itself(read):
    found = read("," * 5000 + f"\n{HEAD}\n{ROW}\n" + "x," * 5000 + f"\n{ROW}\n")
    assert found.sheet.header_line == 2
    assert found.rules == [(4, "csv/too-many-cells")]
    assert found.column("label") == ["call", None, "call"]
