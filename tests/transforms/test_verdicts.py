"""Points, scores and verdicts of invented activities, and what the default activities get."""

from __future__ import annotations

import polars as pl
import pytest

from timewaste.config import load_defaults
from timewaste.transforms.verdict_points import MEASURED, READINGS, verdict_points
from timewaste.transforms.verdict_scores import verdict_scores
from timewaste.transforms.verdicts import verdicts

HOUR = 3600
DEFAULTS = load_defaults("verdicts.toml")
SCORES, ROUTES = pl.DataFrame(DEFAULTS["score"]), pl.DataFrame(DEFAULTS["route"])
LIMITS = pl.DataFrame(list(DEFAULTS["limits"].items()), schema={"name": pl.String, "value": pl.Float64}, orient="row")
TAXONOMY = pl.DataFrame(
    [
        (a["code"], a["name"], a["group"], a["category"], a["value_class"], a["customer_facing"])
        for a in load_defaults("taxonomy.toml")["activity"]
    ],
    schema=[
        "activity_code", "activity", "activity_group", "category", "value_class", "is_customer_facing",
    ],
    orient="row",
)  # fmt: skip
FACTS = {
    "reps": 30, "reps_doing": 20, "entries": 200, "occurrences_per_rep_week": 2.0, "duration_cv": 0.5,
    "rep_spread": 1.5, "rework_share": 0.0, "duplication_share": None, "digital_share": 0.0,
    "offloadable_share": 0.0, "top_gap": None, "is_top_gap_significant": None, "rule_share": 0.95,
}  # fmt: skip
TYPES = {name: pl.Float64 for name, value in FACTS.items() if not isinstance(value, int)}
TYPES["is_top_gap_significant"] = pl.Boolean
OVERRIDE_COLUMNS = ["activity_code", "field", "value", "reason", "decided_by", "decided_on"]


def judge(activities, overrides=(), *, hours=2.0, low=1.5, high=2.6):
    """Points, scores and verdicts of {code: facts that differ}; overrides: (code, field, value[, date])."""
    facts = pl.DataFrame(
        [{"activity_code": code, **FACTS, **given} for code, given in activities.items()],
        schema_overrides=TYPES,
    ).join(TAXONOMY, on="activity_code")
    seconds = [hours * HOUR, low and low * HOUR, high and high * HOUR]
    estimates = facts.select(
        *[pl.lit("all").alias(name) for name in ("scope", "team")],
        pl.lit("activity").alias("kind"),
        pl.col("activity_code").alias("name"),
        pl.lit(hours / 44).alias("share"),
        *[
            pl.lit(value, pl.Float64).alias(f"seconds_per_rep_week{end}")
            for end, value in zip(("", "_low", "_high"), seconds, strict=True)
        ],
    )
    decided = pl.DataFrame(
        [(c, f, v, f"reason for {v}", "Ann", date[0] if date else "2026-03-02") for c, f, v, *date in overrides],
        schema=dict.fromkeys(OVERRIDE_COLUMNS, pl.String),
        orient="row",
    )
    points = verdict_points(facts, decided, SCORES, LIMITS)
    scores = verdict_scores(facts, estimates, points, decided, LIMITS)
    made = verdicts(facts, points, scores, TAXONOMY, decided, LIMITS, ROUTES)
    return points, scores, made


def verdict(code, given=None, overrides=(), **hours):
    return judge({code: given or {}}, overrides, **hours)[2].row(0, named=True)


EXAMPLE = {
    "reps_doing": 28, "entries": 300, "duplication_share": 0.64, "top_gap": 0.41,
    "is_top_gap_significant": True,
}  # fmt: skip


def test_the_worked_example():
    row = verdict("A13", EXAMPLE, [("A13", "consumer", "no")], hours=2.1, low=1.6, high=2.7)
    assert round(row["eliminate_score"], 2) == 0.81
    assert row["eliminate_uncovered_share"] == pytest.approx(0.10)
    assert (row["computed_verdict"], row["is_candidate"]) == ("eliminate", False)
    assert row["final_verdict"] == "eliminate"
    assert (row["route"], row["confidence"]) == ("stop", "high")
    assert row["freed_seconds_per_rep_week"] == pytest.approx(2.1 * 0.9 * 0.8 * HOUR)
    assert round(row["freed_seconds_per_rep_week"] / HOUR, 1) == 1.5
    assert row["freed_seconds_per_rep_week_low"] == pytest.approx(1.6 * 0.7 * 0.5 * HOUR)
    assert row["freed_seconds_per_rep_week_high"] == pytest.approx(2.7 * 1.0 * 0.95 * HOUR)
    assert row["evidence"] == (
        "2.1 h per rep-week (95 % interval 1.6 to 2.7), 93 % of reps; eliminate because it gives the "
        "customer nothing and nobody uses the result (judged); not measured: customers' reaction."
    )


def test_the_default_weights_of_each_score_add_up_to_1():
    assert SCORES.group_by("score").agg(pl.col("weight").sum().round(9))["weight"].to_list() == [1.0] * 3


def test_every_input_is_told_in_words():
    told = {(name, inverted) for name, inverted, *_ in READINGS}
    assert {(r["input"], r["is_inverted"]) for r in DEFAULTS["score"]} <= told
    assert set(SCORES["input"]) <= {*MEASURED, "value_class", "no_consumer", "rule_based", "stability"}


def test_points_follow_the_ramp_and_add_up_to_the_score():
    points, scores, _ = judge({"F11": {"rework_share": 0.15, "duration_cv": 0.85, "rep_spread": 9.0}})
    ramps = {(r["score"], r["input"]): r["points"] for r in points.iter_rows(named=True)}
    assert ramps["simplify", "rework_share"] == pytest.approx(0.5)
    assert ramps["simplify", "duration_cv"] == pytest.approx(0.5)
    assert ramps["simplify", "rep_spread"] == 1.0
    assert ramps["automate", "duration_cv"] == pytest.approx(0.25)  # inverted
    assert ramps["simplify", "handoffs"] is None
    sums = dict(points.group_by("score").agg(pl.col("contribution").sum()).iter_rows())
    assert sums["simplify"] == pytest.approx(scores["simplify_score"][0])
    assert scores["simplify_score"][0] == pytest.approx((0.10 + 0.15 + 0.10) / 0.75)
    assert scores["simplify_uncovered_share"][0] == 0.25


def test_a_gap_to_top_performers_counts_only_if_significant():
    for is_significant, expected in ((True, 1.0), (False, 0.0), (None, None)):
        points = judge({"A13": {"top_gap": 0.9, "is_top_gap_significant": is_significant}})[0]
        assert points.filter(pl.col("input") == "top_gap")["points"].to_list() == [expected]


def test_an_input_measured_later_is_picked_up():
    with_handoffs = judge({"F11": {"handoffs": 4.0}})[1]
    assert with_handoffs["simplify_uncovered_share"][0] == pytest.approx(0.10)


SIMPLE = {"duration_cv": 1.3, "rep_spread": 3.0, "rework_share": 0.3}
FREQUENT = {"occurrences_per_rep_week": 20.0, "digital_share": 1.0, "duration_cv": 0.3, "reps_doing": 29}


@pytest.mark.parametrize(
    ("code", "given", "expected"),
    [
        ("A13", {"duplication_share": 0.7}, "eliminate"),
        ("F11", SIMPLE, "simplify"),
        ("A11", FREQUENT, "automate"),
        ("P12", {}, "keep"),
        ("S21", FREQUENT, "protect"),
        ("S22", SIMPLE, "protect"),
        ("U", FREQUENT, "ignore"),
        ("N1", {}, "ignore"),
    ],
)
def test_one_activity_for_each_verdict(code, given, expected):
    row = verdict(code, given)
    assert (row["computed_verdict"], row["final_verdict"], row["is_candidate"]) == (expected, expected, False)
    assert (row["route"] is not None) == (expected in ("eliminate", "simplify", "automate"))
    assert (row["freed_seconds_per_rep_week"] > 0) == (expected in ("eliminate", "simplify", "automate"))


def test_eliminate_goes_before_a_higher_score():
    row = verdict("F32", {**SIMPLE, "offloadable_share": 0.9})
    assert row["simplify_score"] > row["eliminate_score"] >= 0.60
    assert row["computed_verdict"] == "eliminate"
    assert row["confidence"] != "high"


def test_a_score_of_exactly_the_bar_reaches_it():
    # .20 (rework) + .15 (spread) + .10 (half of durations) of .75: .60 on paper
    given = {"rework_share": 0.25, "rep_spread": 3.0, "duration_cv": 0.85}
    row = verdict("F11", given)
    assert row["simplify_score"] == 0.6
    assert (row["computed_verdict"], row["is_candidate"]) == ("simplify", False)


def test_a_candidate_frees_nothing_until_somebody_decides():
    given = {"duration_cv": 0.9, "rep_spread": 2.25, "rework_share": 0.17, "offloadable_share": 0.35}
    row = verdict("F14", given)
    assert (row["computed_verdict"], row["is_candidate"]) == ("simplify", True)
    assert [row[f"freed_seconds_per_rep_week{end}"] for end in ("", "_low", "_high")] == [0, 0, 0]
    assert "; candidate to simplify because " in row["evidence"]
    decided = verdict("F14", given, [("F14", "verdict", "simplify")])
    assert not decided["is_candidate"]
    assert decided["freed_seconds_per_rep_week"] == pytest.approx(2 * 0.35 * 0.8 * HOUR)


def test_too_small_to_judge():
    assert verdict("A13", EXAMPLE, hours=0.24, low=0.2, high=0.3)["computed_verdict"] == "ignore"
    assert verdict("A13", EXAMPLE, hours=0.26, low=0.2, high=0.3)["computed_verdict"] == "eliminate"
    assert "too small to judge" in verdict("A13", EXAMPLE, hours=0.2)["evidence"]
    assert verdict("S21", hours=0.2)["computed_verdict"] == "protect"


def test_what_is_required_is_never_eliminated():
    row = verdict("A13", EXAMPLE, [("A13", "required", "yes")])
    assert row["eliminate_score"] >= 0.60
    assert row["computed_verdict"] == "keep"
    forced = verdict("A13", EXAMPLE, [("A13", "required", "yes"), ("A13", "verdict", "eliminate")])
    assert (forced["final_verdict"], forced["freed_seconds_per_rep_week"]) == ("eliminate", 0)
    assert verdict("A13", EXAMPLE, [("A13", "required", "no")])["computed_verdict"] == "eliminate"


def test_an_override_decides_and_the_computed_verdict_stays():
    row = verdict("A13", EXAMPLE, [("A13", "verdict", "keep")])
    assert (row["computed_verdict"], row["final_verdict"]) == ("eliminate", "keep")
    assert row["override_reason"] == "reason for keep"
    assert (row["route"], row["freed_seconds_per_rep_week"]) == (None, 0)
    assert row["evidence"].endswith("; decided: keep.")


def test_the_latest_override_counts():
    early, late = ("A13", "verdict", "keep", "2026-03-02"), ("A13", "verdict", "simplify", "2026-04-01")
    for overrides in ([early, late], [late, early]):
        assert verdict("A13", EXAMPLE, overrides)["final_verdict"] == "simplify"


def test_the_latest_judgement_counts():
    early, late = ("A13", "consumer", "yes", "2026-03-02"), ("A13", "consumer", "no", "2026-04-01")
    for overrides in ([early, late], [late, early]):
        points = judge({"A13": {}}, overrides)[0]
        assert points.filter(pl.col("input") == "no_consumer")["value"].to_list() == [1.0]


def test_a_changed_value_class_changes_score_and_gate():
    as_needed = verdict("A13", EXAMPLE, [("A13", "value_class", "business_necessary")])
    assert as_needed["eliminate_score"] < verdict("A13", EXAMPLE)["eliminate_score"]
    assert as_needed["eliminate_score"] == pytest.approx((0.09 + 0.10 + 0.15 + 0.15 * 0.525) / 0.90)
    assert as_needed["is_candidate"]
    opened = verdict("S22", SIMPLE, [("S22", "value_class", "business_necessary")])
    assert opened["computed_verdict"] == "simplify"


def test_judgements_move_the_scores_and_are_named():
    unknown = verdict("A11", FREQUENT)
    known = verdict("A11", FREQUENT, [("A11", "rule_based", "5"), ("A11", "stability", "1")])
    points = 0.20 + 0.15 + 0.15 + 0.10 + 0.05
    assert unknown["automate_score"] == pytest.approx((points + 0.05 + 0.025) / 0.80)
    assert known["automate_score"] == pytest.approx((points + 0.10) / 0.80)
    assert unknown["automate_uncovered_share"] == known["automate_uncovered_share"] == pytest.approx(0.20)
    assert "; judged: fixed rules unknown, stability unknown;" in unknown["evidence"]
    assert "; judged: it follows fixed rules, its systems change often;" in known["evidence"]


@pytest.mark.parametrize(
    ("code", "given", "overrides", "route"),
    [
        ("A13", EXAMPLE, [("A13", "consumer", "no")], "stop"),
        ("A13", EXAMPLE, [], "merge"),
        (
            "A13",
            {"duplication_share": 0.3},
            [("A13", "consumer", "yes"), ("A13", "verdict", "eliminate")],
            "stop",
        ),
        ("A42", {}, [("A42", "verdict", "eliminate")], "reduce frequency"),
        ("T1", {}, [("T1", "verdict", "eliminate")], "reduce frequency"),
        ("F11", SIMPLE, [], "standardise"),
        ("F11", {**SIMPLE, "offloadable_share": 0.5}, [], "offload"),
        ("A31", SIMPLE, [], "self-service"),
        ("A11", FREQUENT, [], "integrate systems"),
        ("S24", FREQUENT, [("S24", "verdict", "automate")], "automated sequence"),
        ("F11", {}, [("F11", "verdict", "automate")], "draft by software"),
    ],
)
def test_routes(code, given, overrides, route):
    assert verdict(code, given, overrides)["route"] == route


def test_routes_name_what_exists():
    names = {
        "activity": set(TAXONOMY["activity_code"]), "group": set(TAXONOMY["activity_group"]),
        "category": set(TAXONOMY["category"]), "any": {""},
    }  # fmt: skip
    assert all(row["name"] in names[row["applies_to"]] for row in DEFAULTS["route"])
    assert ROUTES.select("applies_to", "name", "verdict").is_unique().all()
    assert set(ROUTES.filter(pl.col("applies_to") == "any")["verdict"]) == {
        "eliminate",
        "simplify",
        "automate",
    }


def test_offloading_frees_only_what_somebody_else_could_do():
    row = verdict("F31", {**SIMPLE, "offloadable_share": 0.5}, [("F31", "verdict", "simplify")])
    assert (row["route"], row["freed_seconds_per_rep_week"]) == (
        "offload",
        pytest.approx(2 * 0.5 * 0.8 * 0.8 * HOUR),
    )
    unasked = verdict("F31", {**SIMPLE, "offloadable_share": None}, [("F31", "verdict", "simplify")])
    assert (unasked["route"], unasked["freed_seconds_per_rep_week"]) == (
        "offload", pytest.approx(2 * 0.35 * 0.8 * HOUR),
    )  # fmt: skip


def test_never_frees_more_than_there_is():
    made = judge(dict.fromkeys(TAXONOMY["activity_code"], EXAMPLE), hours=2.0, low=1.5, high=2.6)[2]
    low, base, high = (made[f"freed_seconds_per_rep_week{end}"] for end in ("_low", "", "_high"))
    assert (low <= base).all()
    assert (base <= high).all()
    assert (base <= 2.0 * HOUR).all()
    assert (high <= 2.6 * HOUR).all()


@pytest.mark.parametrize(
    ("given", "hours", "confidence"),
    [
        ({}, {}, "high"),
        ({"reps_doing": 4}, {}, "medium"),
        ({"entries": 29}, {}, "medium"),
        ({"rule_share": 0.79}, {}, "medium"),
        ({"rule_share": None}, {}, "medium"),
        ({}, {"low": 1.0, "high": 2.7}, "medium"),
        ({"top_gap": None, "duplication_share": None}, {}, "medium"),
        ({"reps_doing": 4, "rule_share": 0.5}, {}, "low"),
    ],
)
def test_confidence_falls_with_each_missed_bar(given, hours, confidence):
    row = verdict("A13", {**EXAMPLE, **given}, [("A13", "consumer", "no")], **hours)
    assert row["computed_verdict"] == "eliminate"
    assert row["confidence"] == confidence


def test_without_an_interval_there_is_a_base_figure_and_no_range():
    row = verdict("A13", EXAMPLE, low=None, high=None)
    assert row["freed_seconds_per_rep_week"] > 0
    assert row["freed_seconds_per_rep_week_low"] is None
    assert row["evidence"].startswith("2.0 h per rep-week (no interval), 93 % of reps; ")
    assert row["confidence"] == "medium"


def test_nothing_measured_still_gives_a_row_and_a_sentence():
    nothing = dict.fromkeys((name for name, value in FACTS.items() if not isinstance(value, int)), None)
    made = judge({"P12": {**nothing, "reps": 0, "reps_doing": 0}, "A42": nothing}, hours=0.0, low=None, high=None)[2]
    assert made["simplify_score"].to_list() == [None, None]
    assert made["simplify_uncovered_share"].to_list() == [1.0, 1.0]
    assert made["evidence"].null_count() == 0


def test_hours_that_no_estimate_gives_do_not_break_the_sentence():
    points, scores, _ = judge({"N3": {}})
    unknown = scores.with_columns(pl.lit(None, pl.Float64).alias("seconds_per_rep_week"))
    facts = pl.DataFrame([{"activity_code": "N3", **FACTS}], schema_overrides=TYPES).join(TAXONOMY, on="activity_code")
    none = pl.DataFrame(schema=dict.fromkeys(OVERRIDE_COLUMNS, pl.String))
    made = verdicts(facts, points, unknown, TAXONOMY, none, LIMITS, ROUTES)
    assert made["evidence"][0].startswith("hours per rep-week not known")


def test_the_order_of_rows_changes_nothing():
    codes = TAXONOMY["activity_code"].to_list()
    overrides = [("A13", "consumer", "no"), ("F11", "rule_based", "5")]
    expected = judge(dict.fromkeys(codes, EXAMPLE), overrides)
    mixed = judge(dict.fromkeys(reversed(codes), EXAMPLE), overrides[::-1])
    assert all(a.equals(b) for a, b in zip(expected, mixed, strict=True))


# What a field sales team's log typically says of an activity: occurrences per rep-week, spread of durations,
# spread between reps, rework, digital share, who else could do it, share of reps.
TYPICAL = {
    "S21": (4, 0.5, 1.4, 0.02, 0.40, 0.05, 0.9), "S22": (2.5, 0.4, 1.3, 0.03, 0.50, 0.10, 0.8),
    "P12": (1.5, 0.8, 1.6, 0.05, 0.60, 0.05, 0.7), "P13": (0.5, 0.7, 1.6, 0.02, 0.70, 0.10, 0.5),
    "F11": (2.5, 1.1, 2.4, 0.20, 0.95, 0.45, 0.8), "F31": (3, 1.2, 2.0, 0.30, 0.60, 0.60, 0.7),
    "A11": (16, 0.6, 1.9, 0.06, 1.00, 0.15, 0.97), "A14": (1, 1.0, 2.0, 0.10, 1.00, 0.20, 0.6),
    "A21": (6, 0.6, 1.5, 0.10, 1.00, 0.60, 0.7), "A22": (3, 0.9, 1.9, 0.50, 0.95, 0.60, 0.6),
    "A42": (4, 0.5, 1.3, 0.00, 0.40, 0.05, 0.95), "D1": (0.6, 0.8, 1.5, 0.00, 0.50, 0.00, 0.6),
    "T1": (6, 0.7, 1.6, 0.00, 0.00, 0.00, 0.7),
}  # fmt: skip
SENSIBLE = {
    "S21": "protect", "S22": "protect", "P12": "keep", "P13": "keep", "F11": "simplify",
    "F31": "eliminate?", "A11": "automate", "A14": "eliminate?", "A21": "automate", "A22": "eliminate?",
    "A42": "automate?", "D1": "keep", "T1": "keep",
}  # fmt: skip


def test_typical_activities_get_sensible_verdicts():
    names = (
        "occurrences_per_rep_week", "duration_cv", "rep_spread", "rework_share", "digital_share",
        "offloadable_share",
    )  # fmt: skip
    facts = {
        code: {**dict(zip(names, map(float, values[:-1]), strict=True)), "reps_doing": round(30 * values[-1])}
        for code, values in TYPICAL.items()
    }
    made = judge(facts)[2]
    found = {
        row["activity_code"]: row["computed_verdict"] + "?" * row["is_candidate"] for row in made.iter_rows(named=True)
    }
    assert found == SENSIBLE


def test_every_default_activity_gets_a_verdict_and_a_sentence():
    made = judge({code: {} for code in TAXONOMY["activity_code"]})[2]
    assert made.height == TAXONOMY.height
    assert made["evidence"].null_count() == 0
    facing = TAXONOMY.filter(pl.col("is_customer_facing") & (pl.col("value_class") == "value_adding"))
    protected = made.filter(pl.col("computed_verdict") == "protect")["activity_code"].to_list()
    assert protected == facing["activity_code"].sort().to_list()
    not_judged = TAXONOMY.filter(pl.col("category").is_in(["non_work", "unclassified"]))["activity_code"]
    assert set(made.filter(pl.col("computed_verdict") == "ignore")["activity_code"]) == set(not_judged)


def test_an_assumption_decides_nothing():
    unknown = verdict("A14", {"rework_share": None})
    assert unknown["eliminate_score"] >= 0.6
    assert (unknown["computed_verdict"], unknown["is_candidate"]) == ("eliminate", True)
    assert unknown["freed_seconds_per_rep_week"] == 0
    assert "candidate to eliminate" in unknown["evidence"]
    assert not verdict("A14", {"rework_share": None}, [("A14", "consumer", "no")])["is_candidate"]


def test_work_with_the_customer_is_never_automated():
    facing = verdict("S11", {**FREQUENT, "duration_cv": 0.4})
    assert facing["automate_score"] >= 0.6
    assert facing["computed_verdict"] != "automate"
    assert verdict("S12", {**FREQUENT, "duration_cv": 0.4})["computed_verdict"] == "automate"


def test_what_is_known_goes_before_what_is_assumed():
    screen_work = {**FREQUENT, "duration_cv": 0.6, "rep_spread": 4.0, "rework_share": None, "offloadable_share": None}
    row = verdict("A11", screen_work)
    assert row["simplify_score"] >= 0.5, "the spread between reps alone speaks for simplifying"
    assert (row["computed_verdict"], row["is_candidate"]) == ("automate", False)
