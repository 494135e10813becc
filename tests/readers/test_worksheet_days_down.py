"""Days down, activities across: the log that people keep beside their work."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worksheets import write

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file

DAY = dt.date(2026, 3, 16)
NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture
def read_rows(tmp_path, read_book):
    """Return a function: rows of one sheet, settings -> what was read."""

    def _read(rows, **said):
        (found,) = read_book(write(tmp_path / "log.xlsx", {"Log": rows}), **said)
        return found

    return _read


def ask(tmp_path, rows, **said):
    path = write(tmp_path / "log.xlsx", {"Log": rows})
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig(**said))
    return caught.value


def cells(found):
    return found.frame.select("rep", "date_text", "label", "duration_text").rows()


def test_a_cell_is_a_day_total_and_sums_are_none(read_rows):
    found = read_rows([
        ["Name: Anna Abel"], ["Stunden je T\u00e4tigkeit"],
        ["Datum", "Kundenbesuch", "Angebote", "Reise", "Summe", "Soll", "km"],
        [DAY, 2, 1.5, 0, 3.5, 8, 40], [NEXT, 1, None, "-", 1, 8, 12.5], ["Summe", 3, 1.5, 0, 4.5],
        ["KW 13"], ["Datum", "Kundenbesuch", "Angebote", "Reise", "Summe"], [DAY + dt.timedelta(days=7), None, 2],
    ])  # fmt: skip
    assert cells(found) == [
        ("Anna Abel", "2026-03-16", "Kundenbesuch", "2"), ("Anna Abel", "2026-03-16", "Angebote", "1.5"),
        ("Anna Abel", "2026-03-17", "Kundenbesuch", "1"), ("Anna Abel", "2026-03-23", "Angebote", "2"),
    ]  # fmt: skip
    assert found.frame["line"].is_unique().all()
    assert found.rules == [(6, "row/total"), (8, "row/repeated_header")]
    tally = found.sheet.tally
    assert (tally.rows_read, tally.blank, tally.skipped) == (8, 2, 2)
    assert found.sheet.header_unit == "hours"
    assert {"xlsx/rep_told", "xlsx/left_columns"} <= found.noted
    assert [i.value for i in found.sheet.notes if i.rule == "xlsx/left_columns"] == ["Summe, Soll, km"]


def test_reps_stand_beside_the_days(read_rows):
    found = read_rows([
        ["Rep", "Date", "Calls", "Quotes", "Notes"], ["Anna", DAY, "1:30", "0:45", "at home"], [None, NEXT, "2:00"],
        ["Ben", DAY, None, "3:00"],
    ])  # fmt: skip
    assert cells(found) == [
        ("Anna", "2026-03-16", "Calls", "1:30"), ("Anna", "2026-03-16", "Quotes", "0:45"),
        ("Anna", "2026-03-17", "Calls", "2:00"), ("Ben", "2026-03-16", "Quotes", "3:00"),
    ]  # fmt: skip
    assert found.column("notes") == ["at home", "at home", None, None]
    assert "xlsx/filled_down" in found.noted


def test_weekdays_are_of_the_week_that_a_title_tells(read_rows):
    found = read_rows([["Week of 16 March 2026"], ["Day", "Calls (h)", "Quotes (h)"], ["Mon", 2, 1], ["Tue", 1, 1]],
                      rep="Anna")  # fmt: skip
    assert found.column("date_text") == ["2026-03-16", "2026-03-16", "2026-03-17", "2026-03-17"]
    assert "xlsx/days_told" in found.noted


def test_weekdays_without_a_week_are_asked_for(tmp_path):
    error = ask(tmp_path, [["Day", "Calls (h)", "Quotes (h)"], ["Mon", 2, 1], ["Tue", 1, 1]], rep="Anna")
    assert error.code == "xlsx/which-day"


COUNTS = [["Date", "Calls", "Visits"], [DAY, 12, 3], [NEXT, 20, 1]]


def test_whole_numbers_without_a_unit_may_be_how_often(tmp_path, read_rows):
    error = ask(tmp_path, COUNTS, rep="Anna")
    assert (error.code, "duration_unit" in error.mend) == ("duration/ambiguous", True)
    found = read_rows(COUNTS, rep="Anna", duration_unit="minutes")
    assert found.column("duration_text") == ["12", "3", "20", "1"]


def test_money_by_day_is_no_log(tmp_path):
    rows = [["Date", "Cost", "Margin"], [DAY, 1200.5, 300.25], [NEXT, 900, 120.5]]
    assert ask(tmp_path, rows, rep="Anna").code == "duration/ambiguous"


def test_figures_beside_a_log_do_not_stop_it(tmp_path, read_book):
    rows = [["Rep", "Date", "Activity", "Hours"], ["Anna", DAY, "call", 2]]
    (found,) = read_book(write(tmp_path / "log.xlsx", {"Figures": COUNTS, "Log": rows}))
    assert found.column("label") == ["call"]
    assert "xlsx/sheet_without_header" in found.noted


def test_whose_it_is_is_asked_for(tmp_path):
    assert ask(tmp_path, [["Date", "Calls (h)", "Quotes (h)"], [DAY, 1, 2]]).code == "xlsx/no-rep"


def test_what_is_no_length_is_set_aside_by_the_models_not_dropped(read_rows):
    found = read_rows([["Date", "Calls (h)", "Quotes (h)"], [DAY, 1, "ill"], [None, 2, 1], [NEXT, True, 2]], rep="A")
    assert found.column("duration_text") == ["1", "ill", "2", "1", "TRUE", "2"]
    assert found.column("date_text")[2] is None
    assert [rule for _, rule in found.rules] == ["xlsx/type"]


AMOUNTS = st.one_of(st.none(), st.integers(1, 32).map(lambda quarters: quarters / 4))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=12))
def test_what_is_written_comes_back(read_rows, table):
    labels = ["Customer visit", "E-mail", "Driving"]
    rows = [[DAY + dt.timedelta(days=n), *amounts] for n, amounts in enumerate([(1, 1, 1), *table])]
    found = read_rows([["in hours"], ["Date", *labels], *rows], rep="Anna")
    wanted = [
        (day.isoformat(), label, amount) for day, *amounts in rows
        for label, amount in zip(labels, amounts, strict=True) if amount
    ]  # fmt: skip
    read = [(date, label, float(text)) for _, date, label, text in cells(found)]
    assert read == wanted
    assert found.sheet.tally.rows_read == len(wanted)


def test_work_that_is_named_like_a_column_we_know_is_work(read_rows):
    found = read_rows([["Date", "E-mail", "Weekly meeting", "Targeting"], [DAY, 0.5, 1.5, 2]], rep="Anna")
    assert found.column("label") == ["E-mail", "Weekly meeting", "Targeting"]
