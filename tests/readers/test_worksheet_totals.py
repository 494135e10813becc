"""Rows of sums in worksheets: hours that stand there already are never counted again."""

from __future__ import annotations

import datetime as dt

import pytest
from worksheets import write

DAY = dt.date(2026, 3, 2)
WORDS = [
    "Summe", "Tagessumme", "Wochensumme:", "Zwischensumme Verkauf", "Gesamt", "Gesamtstunden KW 12", "Subtotal",
    "Sub-total sales", "Total g\u00e9n\u00e9ral", "Grand Total", "Total hours", "Soll", "Ist", "Saldo", "\u00dcbertrag",
    "Summe Tag", "Gesamtsumme 12", "Total week 10", "TOTAL:",
]  # fmt: skip
WORK = ["Total quality review", "Summary of the call", "Istanbul visit", "Sollte nicht zaehlen", "Gesamtplanung"]


@pytest.fixture
def read_rows(tmp_path, read_book):
    """Return a function: rows of one sheet -> what was read."""

    def _read(rows, **said):
        (found,) = read_book(write(tmp_path / "log.xlsx", {"Log": rows}), **said)
        return found

    return _read


@pytest.mark.parametrize("word", WORDS)
def test_a_sum_in_a_list_is_no_entry(read_rows, word):
    found = read_rows([
        ["Name:", "Eva Kern"], [], ["Date", "Activity", "Hours"],
        [DAY, "call", 2], [None, "mail", 1], [None, word, 3], [DAY, word, 3],
        [DAY + dt.timedelta(days=1), "call", 2.5],
    ])  # fmt: skip
    assert found.frame.select("date_text", "label", "duration_text").rows() == [
        ("2026-03-02", "call", "2"), ("2026-03-02", "mail", "1"), ("2026-03-03", "call", "2.5"),
    ]  # fmt: skip
    assert found.rules == [(6, "row/total"), (7, "row/total")]


@pytest.mark.parametrize("label", WORK)
def test_work_that_sounds_like_a_sum_is_an_entry(read_rows, label):
    found = read_rows([["Rep", "Date", "Activity", "Hours"], ["Eva", DAY, label, 2], ["Eva", DAY, "call", 2]])
    assert found.column("label") == [label, "call"]


def test_what_has_a_clock_time_is_an_entry_whatever_its_label(read_rows):
    found = read_rows([
        ["Rep", "Date", "Start", "End", "Activity"],
        ["Eva", DAY, dt.time(9), dt.time(10), "Soll"], ["Eva", DAY, None, dt.time(11), "Summe"],
    ])  # fmt: skip
    assert found.column("label") == ["Soll", "Summe"]
    assert found.issues == []


def test_the_word_may_stand_in_the_column_of_the_end_the_rep_or_beside(read_rows):
    found = read_rows([
        ["Rep", "Date", "Start", "End", "Hours", "Activity", "Notes"],
        ["Eva", DAY, dt.time(8), dt.time(10, 30), 2.5, "call", "Total quality"],
        [None, None, None, "Summe Tag", 2.5], ["Summe", None, None, None, 2.5, "call"],
        [None, DAY, "Zwischensumme", None, 2.5], ["Eva", DAY, None, None, 2.5, None, "Gesamt"],
        ["Eva", DAY, None, None, 1, "mail", "Gesamt"],
    ])  # fmt: skip
    assert found.column("label") == ["call", "mail"]
    assert found.rules == [(line, "row/total") for line in (3, 4, 5, 6)]


def test_a_sum_with_its_date_does_not_say_that_dates_are_repeated(read_rows):
    found = read_rows([
        ["Rep", "Date", "Activity", "Hours"],
        ["Eva", DAY, "call", 2], [None, None, "mail", 1], [None, DAY, "Tagessumme", 3],
        ["Eva", DAY + dt.timedelta(days=1), "call", 2], [None, DAY + dt.timedelta(days=1), "Tagessumme", 2],
    ])  # fmt: skip
    assert found.frame.select("rep", "date_text", "label").rows() == [
        ("Eva", "2026-03-02", "call"), ("Eva", "2026-03-02", "mail"), ("Eva", "2026-03-03", "call"),
    ]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_sum_in_a_matrix_is_no_entry(read_rows, word):
    found = read_rows([
        ["Name: Eva Kern"], ["Activity (h)", DAY, DAY + dt.timedelta(days=1)],
        ["call", 2, 1], [word, 2, 1], ["mail", 1.5, None], ["Total quality review", 1, None],
    ])  # fmt: skip
    assert sorted(found.column("label")) == ["Total quality review", "call", "call", "mail"]
    assert found.rules == [(4, "row/total")]
