"""Parquet tables: typed cells become the texts that a log would hold, and every row is accounted for."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest
from conftest import read_sheet

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file


@pytest.fixture
def table(tmp_path):
    def _table(columns, **options):
        path = tmp_path / "log.parquet"
        pl.DataFrame(columns, **options).write_parquet(path)
        (sheet,) = open_file(path, "log.parquet", SourceConfig())
        return read_sheet(sheet)

    return _table


def test_typed_cells_are_written_as_a_log_would(table):
    zone = dt.timezone(dt.timedelta(hours=1))
    found = table(
        {
            "Rep": ["a", "b"],
            "Date": [dt.date(2026, 3, 2), dt.date(2026, 3, 3)],
            "Start": [dt.time(9, 5), dt.time(22, 0, 30)],
            "Duration": [dt.timedelta(minutes=95), dt.timedelta(hours=2, seconds=1)],
            "Activity": pl.Series(["call", "crm"], dtype=pl.Categorical),
            "Logged at": [dt.datetime(2026, 3, 2, 17, 30, tzinfo=zone), None],
            "Done": [True, False],
            "Parts": [[1, 2], []],
        }
    )
    assert found.column("date_text") == ["2026-03-02", "2026-03-03"]
    assert found.column("start_text") == ["09:05:00", "22:00:30"]
    assert found.column("duration_text") == ["1:35:00", "2:00:01"]
    assert found.column("label") == ["call", "crm"]
    assert found.column("logged_text") == ["2026-03-02 16:30:00+00:00", None]
    assert json.loads(found.column("extra")[0]) == {"Done": "true", "Parts": '{"Parts":[1,2]}'}
    assert found.column("line") == [2, 3]


def test_days_kept_as_midnight_are_days(table):
    days = [dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 3)]  # noqa: DTZ001 - as tools write them
    found = table({"Rep": ["a", "b"], "Date": days, "Duration": ["1h", "2h"], "Activity": ["x", "y"]})
    assert found.column("date_text") == ["2026-03-02", "2026-03-03"]


def test_blank_rows_and_sums_are_counted_and_not_kept(table):
    found = table(
        {
            "Rep": ["a", None, None, "  "],
            "Date": ["2026-03-02", None, None, None],
            "Duration": ["1h", None, "1h", None],
            "Activity": ["Total", None, "Total", ""],
        }
    )
    assert found.column("label") == ["Total"], "a label that says total on a day is an entry"
    assert (found.sheet.tally.rows_read, found.sheet.tally.blank, found.sheet.tally.skipped) == (4, 2, 1)
    assert found.rules == [(4, "row/total")]


def test_a_table_without_rows_says_so(table):
    found = table(None, schema=dict.fromkeys(("Rep", "Date", "Duration", "Activity"), pl.String))
    assert found.frame.is_empty()
    assert "file/no_records" in found.noted


@pytest.mark.parametrize("cut", [4, 100, -4])
def test_a_damaged_file_is_refused(tmp_path, cut):
    path = tmp_path / "log.parquet"
    columns = {"Rep": "a", "Date": "2026-03-02", "Duration": "1h", "Activity": "x"}
    pl.DataFrame({name: [text] * 99 for name, text in columns.items()}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ReadError) as refused:
        open_file(path, "log.parquet", SourceConfig())
    assert refused.value.code == "parquet/damaged"


def test_a_day_that_no_calendar_has_is_kept_as_its_number(table):
    far = pl.Series([20_514, 99_999_999, None], dtype=pl.Int32).cast(pl.Date)
    moments = pl.Series([20_514 * 86_400_000_000, -(10**18), None], dtype=pl.Int64).cast(pl.Datetime("us"))
    found = table({"Rep": ["a"] * 3, "Date": far, "Duration": ["1h"] * 3, "Activity": ["x"] * 3, "Logged at": moments})
    assert found.column("date_text") == ["2026-03-02", "99999999", None]
    assert found.column("logged_text") == ["2026-03-02 00:00:00", str(-(10**18)), None]


def test_damage_over_which_polars_panics_is_refused_without_its_words(tmp_path, capfd):
    path = tmp_path / "log.parquet"
    columns = {"Rep": ["a"] * 9, "Date": [dt.date(2026, 3, 2)] * 9, "Hours": [1.5] * 9, "Activity": ["call"] * 9}
    pl.DataFrame(columns).write_parquet(path, compression="uncompressed")
    sound, refused, panicked = path.read_bytes(), set(), 0
    for place in range(4, len(sound) - 8, 5):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x40]) + sound[place + 1 :])
        try:
            for sheet in open_file(path, "log.parquet", SourceConfig()):
                read_sheet(sheet)
        except ReadError as error:
            refused.add(error.code)
            panicked += "panic" in error.what.lower()
    assert "parquet/damaged" in refused
    assert panicked, "no damage was of the kind that this is about"
    assert capfd.readouterr().err == ""
