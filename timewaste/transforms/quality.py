"""The 22 kinds of problems that logs have: what each came to, and what its treatment did to the selling share.

Knows sums, not entries. Effect of a detector's treatment, in points:

    p         = S / B                     the share as reported: selling over worked seconds
    p_without = (S + ΔS) / (B + ΔB)       the share had every row of the detector been treated the other way
    effect    = 100 (p - p_without)

ΔS and ΔB add what is left out (set aside, told twice, lost to an overlap, breaks) and take out what is kept and
flagged. So a row counts once, whatever it is, and an effect of 0 means that the treatment does not matter; what cannot
be measured is null, with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from timewaste.wording import count, counted, percent, tenth

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

CELL = "cell"
NO_LENGTH = "no length can be read in these rows"
GRIDS = ((60, "on_60", "chance_60_minutes"), (30, "on_30", "chance_30_minutes"),
         (15, "on_15", "chance_15_minutes"), (5, "on_5", "chance_5_minutes"))  # fmt: skip
HALF = 0.5
"""From this index on most lengths lie on a grid."""


class Figures(NamedTuple):
    """What one detector came to."""

    found: str
    affected_rows: int | None = None
    reps: int | None = None
    days: int | None = None
    seconds: int | None = None
    selling_share: float | None = None
    other_selling_share: float | None = None
    reason: str = ""


class Known(NamedTuple):
    """What the figures are made of."""

    facts: Mapping[str, Any]
    limits: Mapping[str, float]
    sums: Mapping[int, Mapping[str, Any]]
    by_rule: Mapping[int, list[Mapping[str, Any]]]
    words: Mapping[str, str]
    curve: pl.DataFrame
    signals: pl.DataFrame
    strata: pl.DataFrame

    @property
    def selling_share(self) -> float | None:
        """The selling share as reported."""
        worked = self.facts["worked_seconds"]
        return self.facts["selling_seconds"] / worked if worked else None


def log_quality(  # noqa: PLR0913, PLR0917 - a model's parameters are the tables it reads
    cfg_detectors: pl.DataFrame, cfg_detector_rules: pl.DataFrame, cfg_quality_limits: pl.DataFrame,
    int_quality_facts: pl.DataFrame, int_quality_sums: pl.DataFrame, study_day_curve: pl.DataFrame,
    rep_signals: pl.DataFrame, response_strata: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Say what each of the 22 detectors of log quality found, and what its treatment did to the selling share.

    selling_share is the share as reported, other_selling_share the share had the treatment been the other: rows left
    out counted in, rows kept and flagged left out. effect_points is their difference in points. Null means not
    measured, and reason says why; 0 rows mean that nothing was found. seconds is the time concerned (of missing days:
    the expected time that is not there).

    Grain: one row per detector.
    Expect: unique(detector), not_null(detector, name, treatment, found), check(effect_points is null or
    selling_share is not null)
    Column: name = Name of the problem.
    Column: found = What was found, in words.
    Column: affected_rows = Rows concerned.
    Column: reps = Reps concerned.
    Column: days = Days of reps concerned.
    Column: seconds = Time concerned; of missing days the expected time.
    Column: treatment = What is done about the problem, in words.
    Column: selling_share = Selling over worked time, as reported.
    Column: other_selling_share = Selling over worked time, had the treatment been the other.
    Column: effect_points = What the treatment does to the selling share.
    Column: reason = Why nothing could be measured; null where it could.
    """
    import polars as pl

    rows = int_quality_sums.sort("detector", "rule", nulls_last=True).to_dicts()
    known = Known(
        facts=int_quality_facts.row(0, named=True),
        limits=dict(cfg_quality_limits.select("name", "value").iter_rows()),
        sums={row["detector"]: row for row in rows if row["rule"] is None},
        by_rule={n: [r for r in rows if r["detector"] == n and r["rule"]] for n in cfg_detectors["detector"]},
        words=dict(cfg_detector_rules.filter(pl.col("words") != "").select("rule", "words").iter_rows()),
        curve=study_day_curve.sort("study_day"),
        signals=rep_signals,
        strata=response_strata,
    )
    told = [OWN.get(number, _flagged)(known, number) for number in cfg_detectors["detector"]]
    figures = pl.DataFrame(
        told, orient="row",
        schema={
            "found": pl.String, "affected_rows": pl.Int64, "reps": pl.Int64, "days": pl.Int64, "seconds": pl.Int64,
            "selling_share": pl.Float64, "other_selling_share": pl.Float64, "reason": pl.String,
        },
    )  # fmt: skip
    return (
        pl.concat([cfg_detectors, figures], how="horizontal")
        .with_columns(effect_points=100 * (pl.col("selling_share") - pl.col("other_selling_share")))
        .with_columns(reason=pl.when(pl.col("effect_points").is_null()).then(pl.col("reason")))
        .select(
            "detector", "name", "found", "affected_rows", "reps", "days", "seconds", "treatment", "selling_share",
            "other_selling_share", "effect_points", "reason",
        )
        .sort("detector")
    )  # fmt: skip


def _unmeasured(known: Known, number: int) -> str:
    """Return why a detector cannot find anything in this study; nothing where it can."""
    facts = known.facts
    reasons = {
        4: "" if facts["written_entries"] else "no source says when its rows were written",
        8: "" if facts["days_of_several_sources"] else "nobody logged in two sources on one day",
        9: "" if facts["calendars"] else "no calendar was read",
        10: "" if facts["calendars"] else "no calendar was read",
        13: "" if facts["placed_entries"] else "no source has clock times",
        18: "" if facts["roster"] else "there is no roster (reps.csv)",
        20: "" if facts["weeks"] >= known.limits["min_weeks"]
        else f"fewer than {known.limits['min_weeks']:.0f} weeks were logged",
    }  # fmt: skip
    return "no time was counted" if not facts["worked_seconds"] else reasons.get(number, "")


def _flagged(known: Known, number: int) -> Figures:
    """Return the figures of a detector that is made of flags."""
    sums = known.sums.get(number)
    if sums is None:
        reason = _unmeasured(known, number)
        if reason:
            return Figures("", reason=reason)
        return Figures("nothing", 0, 0, 0, 0, known.selling_share, known.selling_share)
    found = "; ".join(_told(known, rule) for rule in known.by_rule[number])
    counts = (sums["affected_rows"], sums["reps"], sums["days"], sums["seconds"])
    if not sums["measured"]:
        return Figures(found, *counts, reason=NO_LENGTH)
    return Figures(found, *counts, known.selling_share, _other_share(known, sums))


def _told(known: Known, rule: Mapping[str, Any]) -> str:
    words = known.words.get(rule["rule"], rule["rule"])
    number = rule["days"] if words.startswith("day") or words == "first days" else rule["affected_rows"]
    unread = rule["rows_without_length"]
    told = f"{words}: {count(number)}"
    return f"{told} ({count(unread)} without a length)" if 0 < unread < rule["affected_rows"] else told


def _other_share(known: Known, sums: Mapping[str, Any]) -> float | None:
    worked = known.facts["worked_seconds"] + sums["worked_change"]
    return (known.facts["selling_seconds"] + sums["selling_change"]) / worked if worked > 0 else None


def _missing(known: Known, number: int) -> Figures:
    """Add the coverage to what is missing."""
    figures, expected = _flagged(known, number), known.facts["expected_seconds"]
    if not expected or not figures.found:
        return figures
    return figures._replace(found=f"{percent(known.facts['covered_seconds'] / expected)} covered; {figures.found}")


def _heaping(known: Known, _number: int) -> Figures:
    """Say on which grid the lengths lie, and what that alone makes uncertain.

    An entry rounded to a grid of g seconds is off by a uniform error of variance g² / 12, so that the share is off by
    one standard deviation of g / √12 · √(n_s (1 - p)² + (n - n_s) p²) / B, with n_s of n entries in selling.
    """
    facts, share = known.facts, known.selling_share
    if facts["lengths"] < known.limits["min_lengths"] or share is None:
        return Figures("", reason=f"fewer than {known.limits['min_lengths']:.0f} lengths")
    indexes = {
        minutes: max(0.0, (facts[column] / facts["lengths"] - known.limits[chance]) / (1 - known.limits[chance]))
        for minutes, column, chance in GRIDS
    }
    shares = ", ".join(f"{percent(facts[column] / facts['lengths'])} on {minutes} min" for minutes, column, _ in GRIDS)
    grid = next((minutes for minutes, index in indexes.items() if index >= HALF), None)
    found = f"{shares}; heaping index {indexes[15]:.2f}"
    if grid:
        selling, rest = facts["selling_entries"], facts["entries"] - facts["selling_entries"]
        spread = (selling * (1 - share) ** 2 + rest * share**2) ** 0.5
        points = 100 * grid * 60 / 12**0.5 * spread / facts["worked_seconds"]
        found += f"; a grid of {grid} min alone makes the share uncertain by ±{points:.2f} points"
    return Figures(found, facts["on_15"], facts["reps"], reason="which lengths were rounded, and how, cannot be told")


def _box_ticking(known: Known, _number: int) -> Figures:
    """Say how many reps show several signs at once, and how many would by chance."""
    import polars as pl

    ranked = known.signals.filter(pl.col("score").is_not_null() & pl.col("expected_by_chance").is_not_null())
    if ranked.is_empty():
        return Figures("", reason=f"no role has {known.limits['role_reps']:.0f} reps to compare")
    flagged = int(ranked["is_worth_a_conversation"].sum())
    chance = float(ranked.group_by("role").agg(pl.col("expected_by_chance").first()).sort("role").to_series(1).sum())
    found = f"{counted(flagged, 'rep', 'reps')} with three signs or more ({tenth(chance)} expected by chance)"
    return Figures(found, reps=flagged, reason="nothing is left out: signs are no proof")


def _fatigue(known: Known, number: int) -> Figures:
    """Compare the first with the last logged days that at least half of the reps have."""
    import polars as pl

    curve = known.curve.filter(pl.col("reps") * 2 >= pl.col("reps").max())
    if curve.height < 3:
        return Figures("", reason="fewer than three days were logged")
    first, last = curve.row(0, named=True), curve.row(-1, named=True)
    hours = [tenth(day["worked_seconds_per_rep"] / 3600) for day in (first, last)]
    found = (
        f"entries a day {tenth(first['entries_per_rep'])} on day 1, {tenth(last['entries_per_rep'])} on day "
        f"{last['study_day']}; hours {hours[0]} and {hours[1]}; "
        f"vague {percent(first['vague_share'])} and {percent(last['vague_share'])}"
    )
    return _flagged(known, number)._replace(found=found)


def _non_response(known: Known, _number: int) -> Figures:
    """Weigh the groups as the roster has them."""
    import polars as pl

    if not known.facts["roster"]:
        return Figures("", reason="there is no roster (reps.csv)")
    cells = known.strata.filter(pl.col("dimension") == CELL)
    silent = int(cells.select((pl.col("roster_reps") - pl.col("logging_reps")).clip(0).sum()).item())
    counted_cells = cells.filter(pl.col("weight").is_not_null())
    worked = float((counted_cells["weight"] * counted_cells["worked_seconds"]).sum())
    if not worked:
        return Figures("", reason="nobody of the roster logged")
    share = float((counted_cells["weight"] * counted_cells["selling_seconds"]).sum()) / worked
    lost = cells.filter(pl.col("weight").is_null())["stratum"].to_list()
    found = f"{counted(silent, 'rep', 'reps')} of {known.facts['roster']} did not log; weighted share {percent(share)}"
    if lost:
        found += f"; nobody speaks for {', '.join(lost)}"
    return Figures(found, None, silent, None, None, known.selling_share, share)


OWN = {1: _missing, 3: _heaping, 14: _box_ticking, 19: _fatigue, 21: _non_response}
"""Detectors that say more than their flags do, or are not made of flags."""
