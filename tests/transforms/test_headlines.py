"""The headline adds up what is known, and says so where a range is not."""

import polars as pl

from timewaste.transforms.headlines import rpt_headline

FACTS = pl.DataFrame({"reps": [10], "selling_share": [0.3], "selling_share_low": [0.25], "selling_share_high": [0.35]})
MEASURES = pl.DataFrame(
    {
        "scope": ["all", "all"], "kind": ["measure", "measure"], "name": ["selling_standard", "administrative_wide"],
        "share": [0.3, 0.4], "hours_per_rep_week": [12.0, 16.0],
    }
)  # fmt: skip


def headline(lows, reinvested=0.5):
    actions = pl.DataFrame(
        {
            "is_shown": [True, True], "activity_code": ["A13", "A31"], "freed_hours_per_rep_week": [1.0, 2.0],
            "freed_hours_per_rep_week_low": lows, "freed_hours_per_rep_week_high": [2.0, 3.0],
        }
    )  # fmt: skip
    limits = pl.DataFrame({"name": ["reinvested_share"], "value": [reinvested]})
    return rpt_headline(FACTS, MEASURES, actions, limits).row(0, named=True)


def test_ranges_add_up():
    row = headline([0.5, 1.0])
    assert (row["freed_hours_per_rep_week"], row["freed_hours_per_rep_week_low"]) == (3.0, 1.5)
    assert "1.5\u20135.0" in row["headline"]


def test_an_unknown_end_is_not_nothing():
    row = headline([None, 1.0])
    assert row["freed_hours_per_rep_week_low"] is None
    assert "3.0" in row["headline"]
    assert "1.0\u2013" not in row["headline"]


def test_the_selling_capacity_follows_the_settings():
    assert headline([0.5, 1.0])["capacity_reps"] == 0.5 * 3 * 10 / 12
    assert headline([0.5, 1.0], reinvested=1.0)["capacity_reps"] == 3 * 10 / 12
