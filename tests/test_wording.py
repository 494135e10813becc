"""Figures: hours to 0.1, whole per cent, ranges, and nothing that was not measured as 0."""

from __future__ import annotations

import math

import pytest

from timewaste import wording

NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.34, f"2.3{NB}h"),
        (0.0, f"0.0{NB}h"),
        (-0.01, f"0.0{NB}h"),
        (0.01, f"<0.1{NB}h"),
        (1234.5, f"1,234.5{NB}h"),
    ],
)
def test_hours(value, text):
    assert wording.hours(value) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_what_was_not_measured_is_never_zero(value):
    found = {write(value) for write in (wording.hours, wording.days, wording.percent, wording.count)}
    assert found == {"not measured"}
    assert wording.percent_range(value, 0.5) == wording.hours_range(0.5, value) == ""


def test_per_cent_and_ranges():
    assert wording.percent(0.305) == f"31{NB}%"
    assert wording.percent(0.004) == f"<1{NB}%"
    assert wording.percent_range(0.28, 0.34) == f"28\u201334{NB}%"
    assert wording.percent_range(0.301, 0.302) == f"30{NB}%"
    assert wording.hours_range(1.9, 2.7) == f"1.9\u20132.7{NB}h"


def test_counts():
    assert wording.counted(1, "rep", "reps") == "1 rep"
    assert wording.counted(9812, "entry", "entries") == "9,812 entries"
    assert wording.count_word(7) == "Seven"
    assert wording.count_word(21) == "21"


def test_money_has_its_currency_and_thousands():
    assert wording.money(12480.4, "EUR") == f"EUR{NB}12,480"
    assert wording.money(12480.4, "") == "12,480"
    assert wording.money(None, "EUR") == "not measured"


def test_what_a_rep_typed_cannot_steer_a_terminal():
    assert wording.plain("a\x1b[31mb\u202e") == "a\\x1b[31mb\\u202e"
    assert wording.plain("Schl\u00fcssel \u4f60") == "Schl\u00fcssel \u4f60"
