"""One slip of the finger is read as meant; anything more, or anything doubtful, is left alone."""

import pytest

from timewaste.transforms.spelling import without_slips

KNOWN = ["expense report", "customer meeting", "proposal for kite", "quote", "forecast", "sample order", "demo"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("expnse report", "expense report"),  # a letter missing
        ("expensee report", "expense report"),  # one too many
        ("custoner meeting", "customer meeting"),  # a wrong one
        ("porposal", "proposal"),  # two in each other's place
        ("forcast prep at halcyon", "forecast prep at halcyon"),  # the rest is kept
    ],
)
def test_one_slip_is_read_as_meant(typed, meant):
    assert without_slips([typed], KNOWN) == {typed: meant}


@pytest.mark.parametrize(
    "typed",
    [
        "expns report",  # two slips
        "qot",  # too short to tell
        "demi",  # of four letters, a wrong one tells too little
        "forecast",  # known
        "xpense",  # the first letter is rarely the wrong one
        "",
    ],
)
def test_anything_else_is_left_alone(typed):
    assert without_slips([typed], KNOWN) == {}


def test_two_possible_words_decide_nothing():
    assert without_slips(["orderx"], ["orders", "order", "ordery"]) == {}
