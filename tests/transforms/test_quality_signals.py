"""Signs of box-ticking: several at once, within a role, against what chance alone would give."""

from __future__ import annotations

import polars as pl
import pytest

from timewaste.config import load_defaults
from timewaste.transforms.quality_signals import SIGNALS, rep_signals

LIMITS = pl.DataFrame(load_defaults("quality.toml")["limit"]).select("name", pl.col("value").cast(pl.Float64))
HABITS = ("late_share", "burst_share", "half_hour_share", "repeated_share", "copied_share", "off_day_share", "evenness")


def habits(rows: dict[str, tuple[float | None, ...]], role: str = "field") -> pl.DataFrame:
    return pl.DataFrame(
        [(rep, role, *values) for rep, values in rows.items()],
        schema={"rep_id": pl.String, "role": pl.String} | dict.fromkeys(HABITS, pl.Float64),
        orient="row",
    )


def spread(number: int) -> dict[str, tuple[float | None, ...]]:
    """Return reps whose signs are spread without any connection between them."""
    steps = (1, 3, 7, 11, 13, 17, 19)
    return {f"r{at:02}": tuple((at * step % number) / 100 for step in steps) for at in range(number)}


def test_one_who_shows_every_sign_stands_out_and_the_others_do_not():
    signals = rep_signals(habits(spread(20) | {"z": (0.5, 0.4, 0.9, 0.8, 0.7, 0.6, 0.9)}), LIMITS)
    flagged = signals.filter("is_worth_a_conversation")
    assert flagged["rep_id"].to_list()[-1:] == ["z"]
    assert flagged.filter(rep_id="z")["signals"].item() == len(SIGNALS)
    assert flagged.filter(rep_id="z")["score"].item() == pytest.approx(1)
    assert flagged["signs"].to_list()[-1] == ", ".join(SIGNALS.values())


def test_one_sign_alone_is_a_habit():
    plain = dict.fromkeys((f"r{at}" for at in range(9)), (0.0, 0.0, 0.3, 0.0, 0.0, 0.0, 0.5))
    signals = rep_signals(habits(plain | {"z": (0.9, 0.0, 0.3, 0.0, 0.0, 0.0, 0.5)}), LIMITS)
    assert signals.filter(rep_id="z")["signals"].item() == 1
    assert not signals["is_worth_a_conversation"].any()
    assert signals["expected_by_chance"].to_list() == [0.0] * 10


def test_chance_flags_somebody_where_many_signs_are_spread_freely():
    signals = rep_signals(habits(spread(97)), LIMITS)
    assert 0 < signals["expected_by_chance"][0] < 10
    again = rep_signals(habits(spread(97)).sample(fraction=1, shuffle=True, seed=3), LIMITS)
    assert again.equals(signals)  # whatever the order of the rows


def test_few_people_of_a_role_are_not_ranked():
    few = habits({f"k{at}": (0.9,) * 7 for at in range(4)}, role="key account")
    signals = rep_signals(pl.concat([few, habits(spread(20))]), LIMITS)
    small = signals.filter(role="key account")
    assert small["score"].null_count() == small.height == 4
    assert not small["is_worth_a_conversation"].any()
    assert small["expected_by_chance"].null_count() == 4


def test_a_sign_that_nobody_has_measured_takes_no_part():
    rows = {rep: (None, None, *values[2:]) for rep, values in spread(20).items()}
    signals = rep_signals(habits(rows), LIMITS)
    assert signals["score"].null_count() == 0
    assert not any("written later" in signs for signs in signals["signs"])
