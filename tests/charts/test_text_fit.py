"""Texts fit where they are put, and lose nothing silently."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timewaste.charts.text_fit import ELLIPSIS, balance, clean, shorten_to, text_width, wrap


@given(st.text(max_size=200), st.floats(30, 300), st.integers(1, 3))
def test_lines_fit_their_width(text, width, lines):
    found = wrap(text, width, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(text_width(line) <= width for line in found)


@given(st.text(max_size=100))
@example("0\u00a0 0")
def test_what_is_cut_says_so(text):
    found = wrap(text, 120)
    assert " ".join(found) == clean(text) or any(line.endswith(ELLIPSIS) for line in found)


def test_a_second_line_comes_before_an_ellipsis():
    assert wrap("Chasing pricing approvals", 110) == ("Chasing pricing", "approvals")


def test_a_figure_stays_with_its_unit():
    assert wrap("takes 3\u00a0h", 40) == ("takes", "3\u00a0h")


def test_control_characters_never_reach_a_picture():
    assert clean("a\x00b\x0b c\n\u2028d\ud800") == "a b c d"


def test_wide_marks_count_as_wide():
    assert text_width("\u4f60\u597d") > 2 * text_width("a")
    assert text_width("\u0301") == 0


def test_no_word_stands_alone():
    one, two = balance("Reps sell most on Wednesday and least on Thursday", 300)
    assert abs(len(one) - len(two)) < 10


@pytest.mark.parametrize("text", ["", "short"])
def test_short_texts_stay(text):
    assert shorten_to(text, 100) == text
