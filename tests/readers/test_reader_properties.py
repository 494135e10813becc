"""Whatever is written comes back, nothing is lost, and both ways of reading a file agree."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.intake import prepare
from timewaste.landing import NUMBERED_FIELDS, Landing, text_column
from timewaste.readers import BATCH_COLUMNS, open_file, scan
from timewaste.readers.scan import Unclean
from timewaste.store import Store

HEADER = ["Rep", "Date", "Start", "End", "Activity", "Mood"]
FIELDS = ["rep", "date_text", "start_text", "end_text", "label"]
TEXT = st.text(st.sampled_from("ab1 ,;|\t\"'\né\u00a0\u2028😀.Ttotal"), max_size=8)
ROWS = st.lists(
    st.tuples(TEXT, st.just("2026-01-05"), st.just("09:00"), st.just("09:30"), TEXT, TEXT), min_size=1, max_size=12
)


def blank_to_none(cell):
    return cell if cell.strip(" \t\r\n\u00a0") else None


def gather(sheet):
    return pl.concat(
        [pl.DataFrame(schema=dict.fromkeys(BATCH_COLUMNS, pl.String) | {"line": pl.Int64}), *sheet.batches()]
    )


def land(sheet):
    """Read the sheet the fast way, as a load does, and return the frame that `batches` would give; None if unclean."""
    with Store.memory() as store:
        prepare(store)
        landing = Landing(store)
        try:
            landing._land_plain(1, sheet.scan)
        except Unclean:
            return None
        landing.finish()
        texts = ", ".join(
            name
            if name not in NUMBERED_FIELDS
            else f"(select text from raw_texts where text_id = {text_column(name)}) as {name}"
            for name in BATCH_COLUMNS
        )
        return store.frame(f"select {texts} from raw_entries order by line")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(tmp_path, rows, delimiter, quoting, end):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([HEADER, *rows])
    path = tmp_path / "log.csv"
    path.write_bytes(out.getvalue().encode())
    (sheet,) = open_file(path, "log.csv", SourceConfig(delimiter=delimiter.replace("\t", "\\t")))
    frame = gather(sheet)
    tally = sheet.tally
    with path.open(encoding="utf-8", newline="") as stream:
        seen = sum(1 for _ in csv.reader(stream, delimiter=delimiter)) - 1
    assert tally.rows_read == seen == len(rows)
    assert frame.height + tally.blank + tally.skipped == seen
    assert tally.issues == []
    assert frame.select(FIELDS).rows() == [tuple(blank_to_none(cell) for cell in row[:5]) for row in rows]
    moods = [json.loads(extra)["Mood"] for extra in frame["extra"]]
    assert moods == [blank_to_none(row[5]) for row in rows]
    fast = land(sheet) if sheet.scan else None
    if fast is not None:  # else the load reads the file record by record
        assert fast.equals(frame)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(
        st.tuples(
            st.integers(40, 900), st.sampled_from(['"', ",", "\n", "\r", "\0", ";", " ", "", "é", '""', "total"])
        ),
        max_size=3,
    )
)
def test_damage_anywhere_loses_no_record_and_both_ways_agree(tmp_path, cuts):
    lines = [
        f"e{n},2026-01-05,09:00,09:30,{'call' if n % 3 else chr(34) + 'call, again' + chr(34)} {n % 3 or ''}".rstrip()
        for n in range(25)
    ]
    text = "\n".join([",".join(HEADER[:5]), *lines]) + "\n"
    for place, piece in cuts:
        text = text[:place] + piece + text[place + (piece == "") :]
    path = tmp_path / "log.csv"
    path.write_bytes(text.encode())
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    frame = gather(sheet)
    tally = sheet.tally
    assert frame.height + tally.blank + tally.skipped == tally.rows_read
    assert tally.rows_read >= 22  # each piece of damage costs at most the record it stands in and its neighbour
    set_aside = {issue.line for issue in tally.issues if issue.treatment == "set_aside"}
    assert set_aside == set(frame.filter(pl.col("rep").is_null() & pl.col("extra").is_not_null())["line"])
    everything = text.replace("\r\n", "\n").replace("\r", "\n")
    for raw in frame.filter(pl.col("line").is_in(list(set_aside)))["extra"]:
        assert json.loads(raw)["raw"].replace("\r", "\n") in everything
    fast = land(sheet) if sheet.scan else None
    if fast is not None:
        assert fast.equals(frame)


def test_a_clean_file_takes_the_fast_way(write):
    rows = "".join(f'a,2026-01-05,09:00,09:30,"call, {n} ""x""",{"" if n % 2 else "gut"}\r\n' for n in range(500))
    path = write("\ufeff" + ",".join(HEADER) + "\r\n" + rows)
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    fast = land(sheet)
    assert fast.height == 500
    assert fast.equals(gather(sheet))


def test_a_large_file_is_read_in_blocks_that_end_where_a_record_does(write, monkeypatch):
    rows = "".join(f'a,2026-01-05,09:00,09:30,"call, {n}",gut\n' for n in range(3000))
    path = write(",".join(HEADER) + "\n" + rows.rstrip("\n"))
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    monkeypatch.setattr(scan, "BLOCK", 1000)
    fast = land(sheet)
    assert fast["line"].to_list() == list(range(2, 3002))
    assert fast.equals(gather(sheet))


def test_a_file_that_changes_while_it_is_read_is_refused(write):
    path = write(",".join(HEADER) + "\n" + "a,2026-01-05,09:00,09:30,call,gut\n" * 10)
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    path.write_text(path.read_text(encoding="utf-8") + "a,2026-01-05,09:00,09:30,call,gut\n", encoding="utf-8")
    with pytest.raises(ReadError, match="changed while it was read"):
        land(sheet)


@pytest.mark.parametrize(
    "row",
    [
        "", ",,,,,", " ,2026-01-05,9:00,9:30,x,y", "\u00a0,2026-01-05,9:00,9:30,x,y", 'a,2026-01-05,9:00,9:30, "x",y',
        'a,2026-01-05,9:00,9:30,"x" ,y', "Total,,,,,", ",,,,Summe:,", "Rep,Date,Start,End,Activity,Mood",
        'a,2026-01-05,9:00,9:30,"  ",y', "a,2026-01-05,9:00,9:30,x\x0b,y", 'a,2026-01-05,9:00,9:30,"x,y',
    ],
)  # fmt: skip
def test_what_is_no_plain_table_goes_the_slow_way(write, row):
    path = write("\n".join([",".join(HEADER), "a,2026-01-05,9:00,9:30,x,y", row, "a,2026-01-05,9:00,9:30,x,y"]) + "\n")
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    assert land(sheet) is None


def test_batches_are_small_and_can_be_read_again(write):
    path = write("Rep,Date,Start,End,Activity\n" + "a,2026-01-05,9:00,9:30,x\n" * 120_000)
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    for _ in range(2):
        assert [batch.height for batch in sheet.batches()] == [50_000, 50_000, 20_000]
        assert sheet.tally.rows_read == 120_000


def test_a_file_that_changes_meanwhile_is_refused(write):
    path = write("Rep,Date,Start,End,Activity\na,2026-01-05,9:00,9:30,x\n")
    (sheet,) = open_file(path, "log.csv", SourceConfig())
    path.write_text(path.read_text() + "b,2026-01-05,9:00,9:30,x\n")
    with pytest.raises(Exception, match="changed while it was read"):
        list(sheet.batches())
