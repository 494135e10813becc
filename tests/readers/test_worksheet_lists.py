"""Lists as people keep them in worksheets: blocks, titles, rows that go on, several intervals in a row, odd times."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worksheets import write

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file
from timewaste.transforms.times import parse_clock

DAY = dt.date(2026, 3, 2)
HEADER = ["Rep", "Date", "Start", "End", "Activity"]


@pytest.fixture
def read_list(tmp_path, read_book):
    """Return a function: rows of one sheet, settings -> what was read."""

    def _read(rows, name="Log", **said):
        (found,) = read_book(write(tmp_path / "log.xlsx", {name: rows}), **said)
        return found

    return _read


def times(found):
    return found.frame.select("date_text", "start_text", "end_text", "label").rows()


# ------------------------------------------------------- blocks, titles, sums


def test_weeks_below_each_other_with_headers_titles_and_sums(read_list):
    found = read_list([
        ["Time log"], ["Name: Eva Kern"], ["Week 10"],
        ["Date", "Start", "End", "Activity"],
        ["2026-03-02", "9:00", "9:30", "call"], ["2026-03-03", "9:00", "9:30", "mail"],
        ["Total", None, None, None, 1], [],
        ["Week 11"],
        ["Date", "Start", "End", "Activity"],
        ["2026-03-09", "9:00", "9:30", "visit"], ["Summe KW 11:", None, None, None, 0.5], [],
        ["Mitarbeiterin: Ida Roth"], ["Activity", "Date", "Start", "End"],
        ["call", "2026-03-10", "10:00", "10:30"],
    ])  # fmt: skip
    assert found.sheet.header_line == 4
    assert found.frame.select("line", "rep", "date_text", "start_text", "label").rows() == [
        (5, "Eva Kern", "2026-03-02", "9:00", "call"), (6, "Eva Kern", "2026-03-03", "9:00", "mail"),
        (11, "Eva Kern", "2026-03-09", "9:00", "visit"), (16, "Ida Roth", "2026-03-10", "10:00", "call"),
    ]  # fmt: skip
    assert [(i.line, i.rule, i.treatment) for i in found.issues] == [
        (7, "row/total", "skipped"), (9, "row/title", "skipped"), (10, "row/repeated_header", "skipped"),
        (12, "row/total", "skipped"), (14, "row/title", "skipped"), (15, "row/repeated_header", "skipped"),
    ]  # fmt: skip
    tally = found.sheet.tally
    assert (tally.rows_read, tally.blank, tally.skipped) == (12, 2, 6)
    assert "xlsx/rep_told" in found.noted


def test_an_entry_is_never_a_title_or_a_sum(read_list):
    found = read_list([
        HEADER, ["eva", "2026-03-02", "9:00", "9:30", "Total quality review"],
        ["eva", "2026-03-02", "9:30", "10:00", "Week 10"],
        ["eva", "2026-03-02", None, None, "call"],
    ])  # fmt: skip
    assert found.column("label") == ["Total quality review", "Week 10", "call"]
    assert found.issues == []


def test_days_stand_in_a_first_column_without_a_name(read_list):
    rows = [
        ["", "Start", "End", "Activity"], ["2026-03-02", "9:00", "9:30", "call"],
        ["2026-03-03", "9:00", "9:30", "mail"]
    ]  # fmt: skip
    assert read_list(rows, rep="file").column("date_text") == ["2026-03-02", "2026-03-03"]
    rows = [
        ["", "From", "To", "What"], ["Mon", "9:00", "9:30", "call"], ["", "9:30", "10:00", "mail"],
        ["Tue", "9:00", "9:30", "call"], ["Sum", "", "", ""], ["Week of 9 March 2026"],
        ["", "From", "To", "What"], ["Mon", "9:00", "9:30", "visit"],
    ]  # fmt: skip
    found = read_list(rows, name="KW 10 2026", rep="file")
    assert found.column("date_text") == ["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-09"]
    with pytest.raises(ReadError) as caught:
        read_list(rows, rep="file")
    assert (caught.value.code, "week_start" in caught.value.mend) == ("xlsx/which-day", True)


def test_weekdays_beside_dates_are_kept_as_they_are(read_list):
    found = read_list([["", *HEADER], ["Mon", "eva", "2026-03-02", "9:00", "9:30", "call"]])
    assert found.column("date_text") == ["2026-03-02"]
    assert found.column("extra") == ['{"column A": "Mon"}']


def test_a_sheet_for_a_day(read_list):
    rows = [["Start", "End", "Activity"], ["9:00", "9:30", "call"]]
    found = read_list(rows, name="2026-03-02", rep="file")
    assert found.column("date_text") == ["2026-03-02"]
    found = read_list([["Date: 02.03.2026"], *rows], date_order="dmy", rep="file")
    assert found.column("date_text") == ["2026-03-02"]
    assert "xlsx/days_told" in found.noted
    assert read_list([["Printed 2026-03-02"], *rows], rep="file").column("date_text") == [None]


# --------------------------------------------------------- rows that go on


def test_a_date_and_a_rep_on_the_first_of_their_rows_count_for_all(read_list):
    rows = [
        HEADER,
        ["eva", "2026-03-02", "9:00", "9:30", "call"], ["", "", "9:30", "10:00", "mail"],
        ["", "", "8:00", "8:30", "late"],
        ["", "2026-03-03", "9:00", "9:30", "call"], ["ida", "2026-03-02", "8:00", "8:30", "call"],
        ["", "", "9:00", "9:30", "mail"], ["", "", "", "", "no time"],
    ]  # fmt: skip
    found = read_list(rows)
    assert found.frame.select("rep", "date_text").rows() == [
        ("eva", "2026-03-02"), ("eva", "2026-03-02"), (None, None), ("eva", "2026-03-03"), ("ida", "2026-03-02"),
        ("ida", "2026-03-02"), (None, None),
    ]  # fmt: skip
    notes = [(note.column, note.rule, note.value) for note in found.sheet.tally.notes]
    assert notes == [("Rep", "xlsx/filled_down", "3 rows"), ("Date", "xlsx/filled_down", "2 rows")]
    assert read_list(rows, fill_down=False).column("rep").count(None) == 5


def test_a_missing_date_is_not_filled_where_others_are_repeated(read_list):
    rows = [HEADER, *[["eva", "2026-03-02", f"{hour}:00", f"{hour}:30", "call"] for hour in (9, 10)]]
    rows += [["", "", "11:00", "11:30", "call"], ["ida", "2026-03-02", "9:00", "9:30", "call"]]
    found = read_list(rows)
    assert found.column("date_text")[2] is None
    assert found.column("rep")[2] is None
    assert "xlsx/filled_down" not in found.noted
    assert read_list(rows, fill_down=True).column("date_text")[2] == "2026-03-02"


def test_a_day_stands_in_a_row_of_its_own(read_list):
    found = read_list([
        HEADER, ["eva", "2026-03-02"], ["", "", "9:00", "9:30", "call"], ["", "2026-03-03"],
        ["", "", "8:00", "8:30", "mail"]
    ])  # fmt: skip
    assert found.frame.select("rep", "date_text", "label").rows() == [
        ("eva", "2026-03-02", "call"), ("eva", "2026-03-03", "mail"),
    ]  # fmt: skip
    assert [(i.line, i.rule) for i in found.issues] == [(2, "row/title"), (4, "row/title")]


def test_merged_cells_over_day_label_and_account(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Log")
        sheet.write_row(0, 0, [*HEADER, "Customer"])
        for row in range(1, 4):
            sheet.write_row(row, 2, [f"{8 + row}:00", f"{8 + row}:30"])
        sheet.merge_range(1, 0, 3, 0, "eva")
        sheet.merge_range(1, 1, 3, 1, "2026-03-02")
        sheet.merge_range(1, 4, 2, 4, "visit")
        sheet.write(3, 4, "mail")
        sheet.merge_range(2, 5, 3, 5, "Acme")
    (found,) = read_book(path)
    assert found.frame.select("rep", "date_text", "label", "account").rows() == [
        ("eva", "2026-03-02", "visit", None), ("eva", "2026-03-02", "visit", "Acme"),
        ("eva", "2026-03-02", "mail", "Acme"),
    ]  # fmt: skip
    assert found.issues == []
    (found,) = read_book(path, fill_merged=False)
    assert [(i.line, i.rule, i.value) for i in found.issues] == [(3, "xlsx/merged", "A3"), (4, "xlsx/merged", "A4")]


# ------------------------------------------------------------- odd times


def test_several_intervals_in_a_row_are_several_records(read_list):
    found = read_list([
        ["Rep", "Date", "In", "Out", " In ", "Out", "Activity", "Hours"],
        ["eva", "2026-03-02", "9:00", "12:00", "13:00", "17:00", "visits", 7],
        ["eva", "2026-03-03", "9:00", "12:00", None, None, "visits", 3],
        ["eva", "2026-03-04", None, None, "13:00", "14:00", "calls", 1],
        ["eva", "2026-03-05", None, None, None, None, "leave"],
    ])  # fmt: skip
    assert times(found) == [
        ("2026-03-02", "9:00", "12:00", "visits"), ("2026-03-02", "13:00", "17:00", "visits"),
        ("2026-03-03", "9:00", "12:00", "visits"), ("2026-03-04", "13:00", "14:00", "calls"),
        ("2026-03-05", None, None, "leave"),
    ]  # fmt: skip
    assert found.column("duration_text") == [None] * 5  # the hours are the row's, not one interval's
    assert [line % (1 << 20) for line in found.frame["line"]] == [2, 2, 3, 4, 5]
    assert found.frame["line"].is_unique().all()
    assert found.sheet.line_span == 1 << 20


def test_two_headers_that_are_no_intervals_stay_a_question(tmp_path):
    path = write(tmp_path / "log.xlsx", {"Log": [["Rep", "Date", "Start", "Start", "End", "Activity"]]})
    with pytest.raises(ReadError, match="two columns are headed 'Start'"):
        open_file(path, "log.xlsx", SourceConfig())


@pytest.mark.parametrize("header", ["Time", "Start", "Uhrzeit", "von - bis"])
def test_a_span_in_one_cell(read_list, header):
    found = read_list([
        ["Rep", "Date", header, "Activity"], ["eva", "2026-03-02", "9:30-10:15", "call"],
        ["eva", "2026-03-02", "10.15 \u2013 11h", "mail"], ["eva", "2026-03-02", "from 11:00 to 12:00", "visit"],
        ["eva", "2026-03-02", "11", "unclear"],
    ])  # fmt: skip
    assert [row[1:3] for row in times(found)] == [("9:30", "10:15"), ("10.15", "11h"), ("11:00", "12:00"), ("11", None)]
    assert found.sheet.columns["start_text"] == header


def test_clock_texts_of_every_kind_mean_the_same(read_list):
    texts = ["9.30", "9h30", "9:30", "09:30:00", "9:30 AM", "9.30 Uhr", 9.5 / 24, dt.time(9, 30)]
    found = read_list([HEADER, *[["eva", DAY, text, dt.time(10, 0), "call"] for text in texts]])
    assert {parse_clock(text)[0] for text in found.column("start_text")} == {9 * 3600 + 1800}
    assert found.issues == []


def test_a_second_before_midnight_is_midnight_where_the_next_row_begins_there(read_list):
    stamp = "23:59:59"
    found = read_list([
        HEADER, ["eva", "2026-03-02", "22:00", stamp, "drive"], ["eva", "2026-03-03", "0:00:00", "1:00", "drive"],
        ["eva", "2026-03-03", "22:00", stamp, "drive"], ["eva", "2026-03-05", "0:00", "1:00", "drive"],
        ["eva", "2026-03-05", "22:00", "1:30", "drive"],
    ])  # fmt: skip
    assert found.column("end_text") == ["24:00", "1:00", stamp, "1:00", "1:30"]
    assert [(n.line, n.rule, n.value) for n in found.sheet.tally.notes] == [(2, "xlsx/midnight_gap", "1 rows")]


# ------------------------------------------------------- what comes back

CELL = st.sampled_from(
    ["", "a", "Total", "x y", "Name: z", "Week 3", "9:00", "9:00-10:00", "2026-03-02", "Start", "-", "1,5"]
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=5, max_size=6), max_size=8), title=st.booleans())
def test_no_row_is_lost_whatever_it_holds(tmp_path, read_book, rows, title):
    table = [*([["Name: Eva"]] if title else []), HEADER, *rows]
    (found,) = read_book(write(tmp_path / "log.xlsx", {"Log": [[cell or None for cell in row] for row in table]}))
    filled = [number for number, row in enumerate(rows) if any(row)]
    tally = found.sheet.tally
    assert tally.rows_read == (filled[-1] + 1 if filled else 0)
    assert found.frame.height + tally.blank + tally.skipped == tally.rows_read


def test_openpyxl_and_its_formulas(tmp_path, read_book):
    book = openpyxl.Workbook()
    for row in (["Rep", "Date", "Start", "End", "Activity"], ["eva", DAY, dt.time(9), "=C2+1/48", "call"]):
        book.active.append(row)
    book.save(tmp_path / "log.xlsx")
    (found,) = read_book(tmp_path / "log.xlsx")
    assert [(i.rule, i.value) for i in found.issues] == [("xlsx/uncalculated", "D2")]
