"""The interval of a share: by hand, by an independent calculation, against studies of known truth."""

from __future__ import annotations

import math

import polars as pl
import pytest

from timewaste.transforms.estimates import estimates

HOUR = 3600
TAXONOMY = pl.DataFrame(
    [
        ("S11", "selling", "business_necessary", True),
        ("S12", "selling", "business_necessary", False),
        ("P11", "preparation", "business_necessary", False),
        ("F31", "functional", "non_value_adding", False),
        ("A11", "administrative", "business_necessary", False),
        ("A22", "administrative", "non_value_adding", False),
        ("N1", "non_work", "non_value_adding", False),
        ("U", "unclassified", "business_necessary", False),
    ],
    schema=["activity_code", "category", "value_class", "is_customer_facing"],
    orient="row",
)
CATEGORY = dict(TAXONOMY.select("activity_code", "category").iter_rows())


def study(logged):
    """Frames from {rep: (team, weeks, {activity: hours})}."""
    effort, activities = [], []
    for rep, (team, weeks, hours) in logged.items():
        base = sum(h for code, h in hours.items() if CATEGORY[code] != "non_work")
        effort.append((rep, team, int(base * HOUR), float(weeks)))
        activities += [(rep, team, code, CATEGORY[code], int(h * HOUR)) for code, h in hours.items()]
    return (
        pl.DataFrame(effort, schema=["rep_id", "team", "base_seconds", "rep_weeks"], orient="row"),
        pl.DataFrame(activities, schema=["rep_id", "team", "activity_code", "category", "seconds"], orient="row"),
        TAXONOMY,
    )


FIVE_REPS = {
    "a": ("North", 1, {"S11": 10, "S12": 4, "A11": 20, "F31": 6, "N1": 5}),
    "b": ("North", 1, {"S11": 14, "A11": 22, "A22": 4}),
    "c": ("North", 1, {"S11": 8, "P11": 10, "A11": 24, "U": 2}),
    "d": ("South", 2, {"S11": 30, "P11": 5, "A11": 45}),
    "e": ("South", 2, {"S12": 12, "A11": 60, "A22": 8, "N1": 3}),
}


def figure(frame, name, team="all"):
    rows = frame.filter(pl.col("name") == name, pl.col("team") == team).to_dicts()
    assert len(rows) == 1, name
    return rows[0]


def test_the_interval_of_two_reps_by_hand():
    # 10 of 40 h and 20 of 40 h: p = 3/8, e = -5 and +5 h, se = sqrt(2 * 50) / 80 = 1/8, t(1) = 12.7062
    made = estimates(*study({"a": ("", 1, {"S11": 10, "A11": 30}), "b": ("", 1, {"S11": 20, "A11": 20})}))
    row = figure(made, "selling_standard")
    half = 12.706204736 * 0.125 / (3 / 8 * 5 / 8)
    logit = math.log(3 / 5)
    assert row["share"] == 0.375
    assert row["share_low"] == pytest.approx(1 / (1 + math.exp(half - logit)), rel=1e-9)
    assert row["share_high"] == pytest.approx(1 / (1 + math.exp(-half - logit)), rel=1e-9)
    assert row["seconds_per_rep_week"] == 15 * HOUR
    assert row["seconds_per_rep_week_high"] == pytest.approx(row["share_high"] * 40 * HOUR)
    assert row["is_enough"]


def test_every_measure_by_its_definition():
    made = estimates(*study(FIVE_REPS))
    hours = {
        "selling_strict": 62, "selling_standard": 78, "selling_broad": 93, "administrative_wide": 189,
        "waste": 18, "failure_demand": 18, "non_selling": 206,
    }  # fmt: skip
    assert {name: figure(made, name)["seconds"] / HOUR for name in hours} == hours
    for name, value in hours.items():
        assert figure(made, name)["share"] == pytest.approx(value / 284)
        assert figure(made, name)["seconds_per_rep_week"] == pytest.approx(value * HOUR / 7)
    selling, rest = figure(made, "selling_standard"), figure(made, "non_selling")
    assert rest["share"] == pytest.approx(1 - selling["share"])
    assert rest["share_low"] == pytest.approx(1 - selling["share_high"])


@pytest.mark.parametrize("team", ["all", "North"])
def test_agrees_with_an_independent_calculation(team):
    np, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    made = estimates(*study(FIVE_REPS))
    reps = [hours for group, _, hours in FIVE_REPS.values() if team in ("all", group)]
    base = np.array([sum(h for code, h in hours.items() if code != "N1") for hours in reps])
    for name, codes in {"selling_standard": ("S11", "S12"), "waste": ("F31", "A22"), "P11": ("P11",)}.items():
        part = np.array([sum(hours.get(code, 0) for code in codes) for hours in reps])
        share = part.sum() / base.sum()
        # the variance of a ratio, as the variance of the residuals' mean
        error = np.std(part - share * base, ddof=1) / np.sqrt(len(reps)) / base.mean()
        half = stats.t.ppf(0.975, len(reps) - 1) * error / (share * (1 - share))
        row = figure(made, name, team)
        assert row["share"] == pytest.approx(share)
        assert row["share_low"] == pytest.approx(stats.logistic.cdf(np.log(share / (1 - share)) - half))
        assert row["share_high"] == pytest.approx(stats.logistic.cdf(np.log(share / (1 - share)) + half))


def simulated(reps, draw_share, studies=2000, seed=20):
    """Intervals of many small studies, each a team, with known truth."""
    np = pytest.importorskip("numpy")
    rng = np.random.default_rng(seed)
    base = rng.uniform(60, 100, studies * reps)
    selling = base * draw_share(rng, studies * reps)
    names = [f"{n // reps:04}" for n in range(studies * reps)]
    effort = pl.DataFrame({
        "rep_id": [f"{n:06}" for n in range(studies * reps)],
        "team": names,
        "base_seconds": pl.Series(np.round(base * HOUR).astype("int64")),
        "rep_weeks": 2.0,
    })  # fmt: skip
    activities = effort.select(
        "rep_id",
        "team",
        activity_code=pl.lit("S11"),
        category=pl.lit("selling"),
        seconds=pl.Series(np.round(selling * HOUR).astype("int64")),
    )
    made = estimates(effort, activities, TAXONOMY.filter(pl.col("activity_code") == "S11"))
    return made.filter(pl.col("scope") == "team", pl.col("kind") == "activity")


@pytest.mark.parametrize("reps", [5, 8, 12, 24])
def test_covers_the_truth_95_times_in_100(reps):
    # a selling share of 30 % whose standard deviation between reps is 10 points
    made = simulated(reps, lambda rng, size: rng.beta(6, 14, size))
    covered = (made["share_low"] <= 0.3) & (made["share_high"] >= 0.3)
    assert 0.93 <= covered.mean() <= 0.97


def test_the_width_for_a_between_rep_deviation_of_10_points():
    # the table of sample sizes: 27 reps for +-4 points, 99 for +-2
    for reps, points in ((27, 0.04), (99, 0.02)):
        made = simulated(reps, lambda rng, size: rng.beta(6, 14, size), studies=200)
        width = (made["share_high"] - made["share_low"]).mean() / 2
        assert width == pytest.approx(points, rel=0.12)


def test_stays_inside_0_and_1_for_a_rare_activity():
    made = simulated(8, lambda rng, size: rng.beta(0.3, 9.7, size), studies=500)
    enough = made.filter("is_enough")
    assert enough.height > 450
    assert enough.filter(pl.col("share_low").is_between(0, 1) & pl.col("share_high").is_between(0, 1)).height == (
        enough.height
    )
    assert enough.filter(
        pl.col("share").is_between(pl.col("share_low"), pl.col("share_high"))
    ).height == enough.height  # fmt: skip


def test_categories_add_up_to_the_base():
    made = estimates(*study(FIVE_REPS)).filter(pl.col("kind") == "category")
    for (_, _), rows in made.group_by("scope", "team"):
        assert rows["share"].sum() == pytest.approx(1)
        assert rows.height == TAXONOMY["category"].n_unique()


def test_the_order_of_rows_changes_nothing():
    effort, activities, taxonomy = study(FIVE_REPS)
    made = estimates(effort, activities, taxonomy)
    for seed in range(5):
        mixed = [f.sample(fraction=1, shuffle=True, seed=seed) for f in (effort, activities, taxonomy)]
        assert estimates(*mixed).equals(made)


def test_non_work_has_hours_but_no_share():
    made = estimates(*study(FIVE_REPS))
    for name in ("non_work", "N1"):
        row = figure(made, name)
        assert row["seconds_per_rep_week"] == pytest.approx(8 * HOUR / 7)
        assert (row["share"], row["share_low"], row["is_enough"]) == (None, None, False)


def test_what_a_team_did_not_log_is_a_true_zero_without_interval():
    row = figure(estimates(*study(FIVE_REPS)), "functional", "South")
    assert (row["share"], row["seconds"], row["reps"]) == (0.0, 0, 2)
    assert (row["share_low"], row["share_high"], row["is_enough"]) == (None, None, False)


def test_one_rep_or_a_share_of_1_gives_no_interval():
    made = estimates(*study({"a": ("x", 1, {"S11": 10}), "b": ("y", 1, {"S11": 5}), "c": ("y", 1, {"S11": 7})}))
    assert figure(made, "selling", "x")["reps"] == 1
    for team in ("x", "y", "all"):
        row = figure(made, "selling", team)
        assert (row["share"], row["share_low"], row["is_enough"]) == (1.0, None, False)


def test_equal_shares_give_a_point_not_an_error():
    reps = {name: ("", 1, {"S11": 3 * n, "A11": 7 * n}) for name, n in (("a", 1), ("b", 2), ("c", 3))}
    row = figure(estimates(*study(reps)), "selling_standard")
    assert row["is_enough"]
    assert row["share_low"] <= 0.3 <= row["share_high"]
    assert row["share_high"] - row["share_low"] < 1e-9


def test_a_rep_without_worked_time_counts_nowhere():
    made = estimates(*study({**FIVE_REPS, "f": ("West", 1, {"N1": 40})}))
    assert figure(made, "selling_standard")["reps"] == 5
    assert made.filter(pl.col("team") == "West").is_empty()
    assert figure(made, "N1")["seconds"] == 8 * HOUR


def test_a_rep_without_a_team_counts_among_all_only():
    made = estimates(*study({**FIVE_REPS, "f": (None, 1, {"S11": 40}), "g": ("", 1, {"S11": 40})}))
    assert figure(made, "selling_standard")["reps"] == 7
    assert set(made["team"]) == {"all", "North", "South"}


def test_nothing_logged_gives_an_empty_table_of_the_same_columns():
    full = estimates(*study(FIVE_REPS))
    effort, activities, taxonomy = study(FIVE_REPS)
    empty = estimates(effort.clear(), activities.clear(), taxonomy)
    assert empty.is_empty()
    assert empty.schema == full.schema
