"""Named questions: their headers are understood, and what they answer is what the entries say, taken another way."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING

import polars as pl
import pytest
from studies import write_study

from timewaste.errors import QueryError
from timewaste.models import load_models
from timewaste.questions import Parameter, question, questions, read_question
from timewaste.store import Store
from timewaste.study import Study, open_study
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from pathlib import Path

ROUNDED = 0.0501  # hours are shown with one place
PACKAGED = {asked.name: asked for asked in questions()}
# Of what the sample study has none; the small studies below do.
NOT_IN_THE_SAMPLE = {"hours_after_closing", "meetings_of_two_reps"}
PLAIN = {"Int64", "Float64", "String", "Date", "Boolean", "Datetime"}
# Another value for every parameter, so that the answer on the sample is another one.
OTHER_VALUES = {
    "admin_hours_by_week": {"category": "selling"},
    "cleaning_and_selling": {"points": "1"},
    "cost_of_proposals": {"activities": "F12", "small": "5000", "large": "50000"},
    "customer_time_by_channel": {"role": "field"},
    "fragmentation": {"block_minutes": "30", "sliver_minutes": "31", "gap_minutes": "120"},
    "hours_by_account": {"limit": "3"},
    "labels_that_differ": {"limit": "5"},
    "meetings_without_customer": {"channel": "phone", "other_channel": "phone"},
    "never_qualified": {"step_number": "3"},
    "new_reps": {"hired_since": "2018-01-01"},
    "out_of_hours": {"from_hour": "9", "to_hour": "17.5"},
    "quarter_end": {"quarter_end": "2026-03-13", "days": "5"},
    "quote_turnaround": {"step": "Negotiate"},
    "selling_by_hour": {"role": "field"},
    "service_by_account": {"service": "F31", "orders": "A21", "limit": "3"},
    "silent_opportunities": {"days": "5", "limit": "3"},
    "time_wasters_by_role": {"top": "2"},
    "timeline": {"date": "2026-03-03", "rep": "anna-nowak"},
    "top_performers": {"role": "field"},
    "travel_per_visit": {"channel": "video"},
    "unclassified_labels": {"limit": "3"},
}
# What must come to all counted hours, or to all worked ones.
ALL_WORKED = {
    "customer_time_by_channel": "hours",
    "new_reps": "hours",
    "often_or_long": "hours_per_week",
    "out_of_hours": "hours",
    "quarter_end": "hours",
    "rework": "hours",
    "selling_by_hour": "hours",
    "somebody_else": "hours",
    "time_by_lead_source": "hours",
    "top_performers": "hours",
    "waiting_on": "hours",
    "week_by_category": "hours",
}
ALL_COUNTED = {
    "cleaning": "counted_hours",
    "friday_backfill": "hours",
    "points_without_length": "hours",
    "told_twice": "hours",
}


def answer(study: Study, name: str, **given: str) -> pl.DataFrame:
    """Return what a packaged question answers, with some of its parameters set as on the command line."""
    asked = PACKAGED[name]
    return study.sql(asked.sql, **asked.values(given))


def column(frame: pl.DataFrame, keys: str | list[str], values: str) -> dict:
    """Return one column of an answer by what its rows are told apart by."""
    names = [keys] if isinstance(keys, str) else keys
    rows = frame.select(*names, values).rows()
    return {(row[0] if isinstance(keys, str) else row[:-1]): row[-1] for row in rows}


def hours(frame: pl.DataFrame, *keys: str) -> dict:
    """Return the hours of entries by some columns."""
    totals = frame.group_by(*keys).agg(pl.col("seconds").sum() / 3600)
    return column(totals, keys[0] if len(keys) == 1 else list(keys), "seconds")


@pytest.fixture(scope="module")
def entries(sample: Study) -> pl.DataFrame:
    """Return the entries of the sample with the role of the rep and what the taxonomy says of the activity."""
    about = sample.sql("select activity_code, activity, value_class, is_customer_facing from cfg_taxonomy")
    reps = sample.frame("reps").select("rep_id", "role", "tier", "hired_date")
    return sample.frame("entries").join(reps, on="rep_id", how="left").join(about, on="activity_code", how="left")


@pytest.fixture(scope="module")
def worked(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries without breaks and leave."""
    return entries.filter(pl.col("category") != "non_work")


@pytest.fixture(scope="module")
def opportunities(sample: Study) -> pl.DataFrame:
    """Return the opportunities of the sample."""
    return sample.frame("opportunities")


# --------------------------------------------------------------------- headers


def written(folder: Path, text: str, name: str = "asked") -> Path:
    path = folder / "queries" / "explore" / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


HEADED = """\
-- What is asked? It can take
-- two lines.
-- Grain: one row per
-- thing.
-- Set: days = 14 (days looked at,
-- back from the last (one))
-- Set: role = key account (role shown)
-- Set: share = 0.5 (part of it)
-- Set: account (customer)

select $days as a, $role as b, $share as c, $account as d, '$text' as e, $other as f -- $comment
"""


def test_a_header_is_understood(tmp_path):
    asked = read_question(written(tmp_path, HEADED))
    assert asked.name == "asked"
    assert asked.sentence == "What is asked? It can take two lines."
    assert asked.grain == "one row per thing."
    assert asked.parameters == (
        Parameter("days", "14", "days looked at, back from the last (one)"),
        Parameter("role", "key account", "role shown"),
        Parameter("share", "0.5", "part of it"),
        Parameter("account", None, "customer"),
        Parameter("other", None, ""),
    )
    assert asked.sql == HEADED


def test_values_are_the_defaults_or_what_is_given(tmp_path):
    asked = read_question(written(tmp_path, HEADED))
    bound = asked.values({"account": "12", "other": "x", "role": "7", "days": "-3"})
    assert bound == {"days": -3, "role": "7", "share": 0.5, "account": 12, "other": "x"}
    assert isinstance(bound["days"], int)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account": "a", "other": "b", "dys": "3"}, ("no parameter 'dys'", "Did you mean days?")),
        (
            {"account": "a", "other": "b", "zzz": "3"},
            ("no parameter 'zzz'", "It has days, role, share, account, other"),
        ),
        ({"other": "b"}, ("needs account", "--set account=... (customer)")),
        ({"account": "a"}, ("needs other", "--set other=...")),
        ({"account": "a", "other": "b", "days": "two"}, ("days is a number, not 'two'", "--set days=14")),
        ({"account": "a", "other": "b", "days": "1e3"}, ("days is a number", "--set days=14")),
    ],
)
def test_a_wrong_value_is_told(tmp_path, given, words):
    with pytest.raises(QueryError) as caught:
        read_question(written(tmp_path, HEADED)).values(given)
    assert caught.value.where == "@asked"
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select 1", "not told in words"),
        ("-- Grain: one row.\nselect 1", "not told in words"),
        ("-- What?\n-- Set: days = 3\nselect $days", "cannot be understood: days = 3"),
        ("-- What?\n-- Set: days = 3 (days)\nselect 1 -- $days", "sets days, which it does not ask for"),
    ],
)
def test_a_header_that_cannot_be_understood_is_told(tmp_path, text, words):
    path = written(tmp_path, text)
    with pytest.raises(QueryError, match=re.escape(words)) as caught:
        read_question(path)
    assert caught.value.where == str(path)
    assert caught.value.mend


def test_a_dollar_that_is_no_parameter_is_left_alone(tmp_path):
    text = "-- What?\nselect 'costs $much', $$a $b c$$, $q$ $x $q$, \"$col\", /* $d */ $real"
    assert [one.name for one in read_question(written(tmp_path, text)).parameters] == ["real"]


def test_a_file_that_is_no_utf_8_is_told(tmp_path):
    path = written(tmp_path, "")
    path.write_bytes("-- Größe?\nselect 1".encode("cp1252"))
    with pytest.raises(QueryError, match="not UTF-8"):
        read_question(path)


def test_a_studys_own_questions_stand_among_the_packaged_ones(tmp_path):
    written(tmp_path, "-- Mine?\nselect 1 as one", "a_question_of_mine")
    written(tmp_path, "-- Mine too?\nselect 2 as two", "rework")
    found = {one.name: one for one in questions(tmp_path)}
    assert list(found) == sorted([*PACKAGED, "a_question_of_mine"])
    assert found["rework"].sentence == "Mine too?"
    assert {name for name, one in found.items() if one.is_own} == {"a_question_of_mine", "rework"}
    assert question("rework", tmp_path).sentence == "Mine too?"
    assert question("rework").sentence.startswith("What is done twice?")
    assert [one.name for one in questions(tmp_path / "nowhere")] == list(PACKAGED)


def test_a_name_that_is_none_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(QueryError, match="Did you mean @hours_by_account"):
        question("hour_by_account", tmp_path)
    with pytest.raises(QueryError, match="--list"):
        question("qqqq")


# ------------------------------------------------------------ the packaged ones


def test_there_are_at_least_twenty_five():
    assert len(PACKAGED) >= 25


@pytest.mark.parametrize("name", PACKAGED)
def test_is_written_as_the_house_writes(name):
    asked = PACKAGED[name]
    assert asked.sentence.split("?")[0][0].isupper()
    assert "?" in asked.sentence
    assert asked.sentence.endswith((".", "?"))
    assert asked.grain.startswith("one row per ")
    assert asked.grain.endswith(".")
    assert all(one.default is not None and one.meaning for one in asked.parameters), "a default for every parameter"
    assert "\n\nwith\n\n" in asked.sql
    assert "\n)\n\nselect * from final\norder by" in asked.sql, "an answer has an order"
    assert max(map(len, asked.sql.splitlines())) <= 120


@pytest.fixture(scope="module")
def layers():
    with Store.memory() as store:
        models = {model.name: model.layer for model in load_models(store, polars_models())}
        yield lambda sql: {name: models.get(name, "input") for name in store.selects_from(sql)}


@pytest.mark.parametrize("name", PACKAGED)
def test_reads_the_marts_and_the_settings_alone(name, layers):
    for table, layer in layers(PACKAGED[name].sql).items():
        assert (layer == "mart" and not table.startswith("int_")) or table.startswith("cfg_"), table


@pytest.mark.parametrize("name", PACKAGED)
def test_answers_on_the_sample(name, sample):
    frame = answer(sample, name)
    assert (frame.height == 0) == (name in NOT_IN_THE_SAMPLE)
    assert {str(kind.base_type()) for kind in frame.dtypes} <= PLAIN
    assert answer(sample, name).equals(frame)


@pytest.mark.parametrize("name", PACKAGED)
def test_names_nobody_unless_it_is_the_consultants_own_check(name, sample):
    reps = sample.frame("reps").select("rep_id", "rep_name").rows()
    shown = answer(sample, name)
    cells = " ".join(str(cell) for row in shown.rows() for cell in row)
    if "rep_id" in shown.columns or any(told in cells for rep in reps for told in rep):
        assert "consultant's own check" in PACKAGED[name].sentence


@pytest.mark.parametrize("name", [name for name, asked in PACKAGED.items() if asked.parameters])
def test_every_parameter_changes_the_answer(name, sample):
    if name in NOT_IN_THE_SAMPLE:
        return  # changed in its own small study
    others = OTHER_VALUES[name]
    assert set(others) == {one.name for one in PACKAGED[name].parameters}
    as_it_is = answer(sample, name)
    for parameter, value in others.items():
        assert not answer(sample, name, **{parameter: value}).equals(as_it_is), parameter


# --------------------------------------------------------------- what must add up


@pytest.mark.parametrize("name", ALL_WORKED)
def test_worked_hours_add_up(name, sample, worked):
    frame = answer(sample, name)
    total, slack = frame[ALL_WORKED[name]].sum(), ROUNDED * frame.height
    if name == "often_or_long":
        total, slack = total * sample.frame("study_effort")["rep_weeks"][0], 0.00501 * frame.height * 90
    assert total == pytest.approx(worked["seconds"].sum() / 3600, abs=slack)


@pytest.mark.parametrize("name", ALL_COUNTED)
def test_counted_hours_add_up(name, sample, entries):
    frame = answer(sample, name)
    counted = frame.filter(pl.col("counted_instrument").is_null()) if name == "told_twice" else frame
    assert counted[ALL_COUNTED[name]].sum() == pytest.approx(
        entries["seconds"].sum() / 3600, abs=ROUNDED * frame.height
    )


def test_shares_add_up_to_one(sample):
    for name, groups in {"week_by_category": "role", "new_reps": "rep_group", "quarter_end": "period"}.items():
        totals = answer(sample, name).group_by(groups).agg(pl.col("share").sum(), pl.len())
        assert all(abs(share - 1) <= 0.000501 * rows for _, share, rows in totals.rows()), name
    for name in ("time_by_lead_source", "somebody_else", "out_of_hours"):
        frame = answer(sample, name)
        assert frame["share_of_work"].sum() == pytest.approx(1, abs=0.000501 * frame.height)


def test_logged_hours_are_counted_or_taken_out(sample):
    for row in answer(sample, "cleaning").rows(named=True):
        taken = row["shared_hours"] + row["hours_told_twice"] + row["hours_set_aside"]
        assert row["counted_hours"] + taken == pytest.approx(row["logged_hours"], abs=0.03)


# ---------------------------------------------- the same figures, taken another way


def test_week_by_category(sample, worked):
    frame = answer(sample, "week_by_category")
    assert column(frame, ["role", "category"], "hours") == pytest.approx(hours(worked, "role", "category"), abs=ROUNDED)
    assert set(frame["reps"]) == {8}


def by_hour(frame: pl.DataFrame) -> Counter:
    totals: Counter = Counter()
    for start, seconds in frame.select("local_start_second", "seconds").rows():
        for hour in range(start // 3600, (start + seconds - 1) // 3600 + 1):
            totals[hour] += min(start + seconds, (hour + 1) * 3600) - max(start, hour * 3600)
    return totals


@pytest.mark.parametrize("role", ["all", "inside"])
def test_selling_by_hour(sample, worked, role):
    frame = answer(sample, "selling_by_hour", role=role)
    chosen = worked.filter((pl.col("role") == role) | (role == "all"))
    every, selling = by_hour(chosen), by_hour(chosen.filter(pl.col("category") == "selling"))
    assert column(frame, "hour", "hours") == pytest.approx({h: s / 3600 for h, s in every.items()}, abs=ROUNDED)
    shares = {h: selling[h] / s for h, s in every.items()}
    assert column(frame, "hour", "selling_share") == pytest.approx(shares, abs=0.000501)


def test_time_wasters_by_role(sample, worked):
    wasted = hours(worked.filter(pl.col("value_class") == "non_value_adding"), "role", "activity_code")
    for role in ("field", "inside", "key_account"):
        longest = sorted(((-v, code) for (r, code), v in wasted.items() if r == role))[:5]
        shown = answer(sample, "time_wasters_by_role").filter(pl.col("role") == role)
        assert shown["activity_code"].to_list() == [code for _, code in longest]
        assert shown["hours"].to_list() == pytest.approx([-v for v, _ in longest], abs=ROUNDED)


def test_admin_hours_by_week(sample, entries):
    weekly: dict = defaultdict(lambda: defaultdict(float))
    for rep, role, date, category, seconds in entries.select(
        "rep_id", "role", "local_date", "category", "seconds"
    ).rows():
        week = date - dt.timedelta(days=date.weekday())
        weekly[role, week][rep] += seconds / 3600 if category == "administrative" else 0
    frame = answer(sample, "admin_hours_by_week")
    keys = ["role", "week_start_date"]
    for name, told in {"median_hours": median, "lowest_hours": min, "highest_hours": max, "hours": sum}.items():
        wanted = {key: told(list(reps.values())) for key, reps in weekly.items()}
        assert column(frame, keys, name) == pytest.approx(wanted, abs=ROUNDED), name


def test_travel_per_visit(sample, entries):
    met = entries.filter((pl.col("channel") == "face-to-face") & pl.col("is_customer_facing"))
    visits = column(met.group_by("role").agg(pl.col("entry_id").n_unique()), "role", "entry_id")
    travel = hours(entries.filter(pl.col("category") == "travel"), "role")
    frame = answer(sample, "travel_per_visit")
    assert column(frame, "role", "visits") == visits
    wanted = {role: travel.get(role, 0) * 60 / count for role, count in visits.items()}
    assert column(frame, "role", "travel_minutes_per_visit") == pytest.approx(wanted, abs=ROUNDED)


def test_meetings_without_customer(sample, worked):
    met = worked.filter(pl.col("channel").is_in(["face-to-face", "video"]))
    frame = answer(sample, "meetings_without_customer")
    assert column(frame, "activity_code", "hours") == pytest.approx(hours(met, "activity_code"), abs=ROUNDED)
    alone = met.filter(~pl.col("is_customer_facing") & (pl.col("category") != "unclassified"))
    shown = frame.filter(~pl.col("is_customer_there"))
    assert set(shown["activity_code"]) == set(alone["activity_code"])
    assert shown["hours"].sum() == pytest.approx(alone["seconds"].sum() / 3600, abs=ROUNDED * shown.height)


def test_rework(sample, worked):
    again = hours(worked.filter(pl.col("rework") == "yes"), "activity_code")
    frame = answer(sample, "rework")
    every = {code: again.get(code, 0) for code in worked["activity_code"].unique()}
    assert column(frame, "activity_code", "rework_hours") == pytest.approx(every, abs=ROUNDED)
    for row in frame.rows(named=True):
        parts = row["first_time_hours"] + row["rework_hours"] + row["hours_not_told"]
        assert parts == pytest.approx(row["hours"], abs=4 * ROUNDED)


def test_somebody_else(sample, worked):
    frame = answer(sample, "somebody_else")
    assert column(frame, ["could_do", "category"], "hours") == pytest.approx(
        hours(worked, "could_do", "category"), abs=ROUNDED
    )


def blocks_of(worked: pl.DataFrame) -> dict:
    """Return the lengths of blocks and the number of switches of each rep and day, by walking through the day."""
    days: dict = defaultdict(lambda: ([], 0))
    pieces = worked.sort("rep_id", "local_date", "start_second", "end_second", "entry_id", "part_number")
    before: tuple = (None, None, None, None)
    for rep, role, date, code, start, end in pieces.select(
        "rep_id", "role", "local_date", "activity_code", "start_second", "end_second"
    ).rows():
        lengths, switches = days[role, rep, date]
        same_day = before[:2] == (rep, date)
        if same_day and code == before[2] and start - before[3] <= 300:
            lengths[-1] += end - start
        else:
            lengths.append(end - start)
            switches += same_day and code != before[2]
        days[role, rep, date] = (lengths, switches)
        before = (rep, date, code, end)
    return days


def test_fragmentation(sample, worked):
    roles: dict = defaultdict(list)
    for (role, _, _), day in blocks_of(worked).items():
        roles[role].append(day)
    frame = answer(sample, "fragmentation")
    assert set(frame["role"]) == set(roles)
    for row in frame.rows(named=True):
        days = roles[row["role"]]
        blocks = [length for lengths, _ in days for length in lengths]
        assert row["days"] == len(days)
        assert row["switches_per_day"] == pytest.approx(sum(count for _, count in days) / len(days), abs=ROUNDED)
        assert row["mean_block_minutes"] == pytest.approx(sum(blocks) / len(blocks) / 60, abs=ROUNDED)
        for name, chosen in {
            "share_in_long_blocks": [length for length in blocks if length >= 3600],
            "share_in_slivers": [length for length in blocks if length < 900],
        }.items():
            assert row[name] == pytest.approx(sum(chosen) / sum(blocks), abs=0.000501)


def test_time_by_lead_source(sample, worked, opportunities):
    told = worked.join(
        opportunities.select("opportunity_id", "lead_source", "outcome"), on="opportunity_id", how="left"
    )
    frame = answer(sample, "time_by_lead_source")
    wanted = {source or "(no opportunity named)": total for source, total in hours(told, "lead_source").items()}
    assert column(frame, "lead_source", "hours") == pytest.approx(wanted, abs=ROUNDED)
    lost = hours(told.filter(pl.col("outcome") == "lost"), "lead_source")
    shown = column(frame.filter(pl.col("opportunities") > 0), "lead_source", "hours_on_lost")
    assert shown == pytest.approx(lost, abs=ROUNDED)


def test_hours_per_won_deal(sample, entries, opportunities):
    named = entries.join(opportunities.select("opportunity_id", "lead_source", "outcome"), on="opportunity_id")
    frame = answer(sample, "hours_per_won_deal")
    keys = ["lead_source", "outcome"]
    assert column(frame, keys, "hours") == pytest.approx(hours(named, *keys), abs=ROUNDED)
    counts = column(named.group_by(keys).agg(pl.col("opportunity_id").n_unique()), keys, "opportunity_id")
    assert column(frame, keys, "opportunities") == counts


def test_cost_of_proposals(sample, entries, opportunities):
    rates = {"field": 78, "inside": 54, "key_account": 96}
    amounts = dict(opportunities.select("opportunity_id", "amount").rows())
    spent: Counter = Counter()
    cost: Counter = Counter()
    deals = defaultdict(set)
    for code, opportunity, role, seconds in entries.select("activity_code", "opportunity_id", "role", "seconds").rows():
        if not code.startswith("F1"):
            continue
        amount = amounts.get(opportunity)
        size = "large" if amount and amount >= 100_000 else "medium" if amount and amount >= 20_000 else "small"
        size = size if opportunity else "no opportunity named"
        spent[size] += seconds
        cost[size] += seconds * rates[role]
        deals[size] |= {opportunity} - {None}
    frame = answer(sample, "cost_of_proposals")
    assert frame["deal_size"].to_list() == ["small", "medium", "large", "no opportunity named"]
    assert column(frame, "deal_size", "hours") == pytest.approx({s: v / 3600 for s, v in spent.items()}, abs=ROUNDED)
    assert column(frame, "deal_size", "cost") == pytest.approx({s: v / 3600 for s, v in cost.items()}, abs=0.501)
    assert column(frame, "deal_size", "opportunities") == {size: len(names) for size, names in deals.items()}


def test_quarter_end(sample, worked):
    end = dt.date(2026, 3, 13)

    def period(date: dt.date) -> str:
        days = (date - end).days
        return "before" if -4 < days <= 0 else "after" if 0 < days <= 4 else "other days"

    told = worked.with_columns(pl.Series("period", [period(date) for date in worked["local_date"]]))
    frame = answer(sample, "quarter_end", quarter_end="2026-03-13", days="4")
    assert list(dict.fromkeys(frame["period"])) == ["before", "after", "other days"]
    keys = ["period", "category"]
    assert column(frame, keys, "hours") == pytest.approx(hours(told, *keys), abs=ROUNDED)
    rep_days = {name: frame.select("rep_id", "local_date").n_unique() for (name,), frame in told.group_by("period")}
    assert dict(frame.select("period", "rep_days").rows()) == rep_days


def test_friday_backfill_finds_what_was_planted(sample):
    frame = answer(sample, "friday_backfill")
    planted = json.loads((sample.folder / "truth.json").read_text(encoding="utf-8"))["planted"]["backfilled"]
    assert frame["entries_told_late"].sum() == planted["count"] > 0
    late = frame["late_hours"].sum() + frame["burst_hours"].sum()
    flagged = sample.sql("select sum(seconds) / 3600 as hours from quality_flags where detector = 4")["hours"][0]
    assert late == pytest.approx(flagged, abs=10 * ROUNDED)


def test_out_of_hours(sample, worked):
    told = worked.with_columns(
        pl.when(pl.col("local_date").dt.weekday() > 5).then(pl.lit("day off"))
        .when(pl.col("local_start_second") < 8 * 3600).then(pl.lit("early"))
        .when(pl.col("local_start_second") >= 18 * 3600).then(pl.lit("late"))
        .otherwise(pl.lit("working hours")).alias("time_of_day")
    )  # fmt: skip
    keys = ["time_of_day", "category"]
    frame = answer(sample, "out_of_hours")
    assert column(frame, keys, "hours") == pytest.approx(hours(told, *keys), abs=ROUNDED)


def test_new_reps(sample, worked):
    told = worked.with_columns(
        pl.when(pl.col("hired_date") >= dt.date(2022, 1, 1))
        .then(pl.lit("new"))
        .otherwise(pl.lit("others"))
        .alias("group")
    )
    frame = answer(sample, "new_reps")
    assert column(frame, ["rep_group", "category"], "hours") == pytest.approx(
        hours(told, "group", "category"), abs=ROUNDED
    )
    counts = {name: rows["rep_id"].n_unique() for (name,), rows in told.group_by("group")}
    assert dict(frame.select("rep_group", "reps").rows()) == counts


def test_top_performers(sample, worked):
    keys = ["role", "category", "tier"]
    assert column(answer(sample, "top_performers"), keys, "hours") == pytest.approx(hours(worked, *keys), abs=ROUNDED)


def test_hours_by_step(sample, entries, opportunities):
    visits = defaultdict(list)
    for name, step, start, end in (
        sample.frame("stage_visits").select("opportunity_id", "step", "entered_second", "left_second").rows()
    ):
        visits[name].append((step, start, end))
    outcomes = dict(opportunities.select("opportunity_id", "outcome").rows())
    totals: Counter = Counter()
    named = entries.filter(pl.col("opportunity_id").is_not_null())
    for name, at, seconds in named.select("opportunity_id", "start_second", "seconds").rows():
        for step, start, end in visits[name]:
            if start <= at < end:
                totals[outcomes[name], step] += seconds / 3600
    frame = answer(sample, "hours_by_step")
    shown = column(frame.filter(pl.col("hours") > 0), ["outcome", "step"], "hours")
    assert shown == pytest.approx(dict(totals), abs=ROUNDED)


def test_silent_opportunities(sample, entries, opportunities):
    last = entries["local_date"].max()
    touched = dict(entries.group_by("opportunity_id").agg(pl.col("local_date").max()).rows())
    wanted = {}
    for name, outcome, created in opportunities.select("opportunity_id", "outcome", "created_date").rows():
        since = touched.get(name)
        if outcome == "open" and (last - created).days >= 10 and (since is None or (last - since).days >= 10):
            wanted[name] = None if since is None else (last - since).days
    frame = answer(sample, "silent_opportunities", limit="1000")
    assert column(frame, "opportunity_id", "days_silent") == wanted
    assert frame["amount"].is_sorted(descending=True)


def test_first_touch(sample, entries, opportunities):
    first, last = entries["local_date"].min(), entries["local_date"].max()
    touched = dict(entries.group_by("opportunity_id").agg(pl.col("local_date").min()).rows())
    waits = defaultdict(list)
    for name, source, created in opportunities.select("opportunity_id", "lead_source", "created_date").rows():
        if first <= created <= last:
            waits[source].append((touched[name] - created).days if name in touched else None)
    frame = answer(sample, "first_touch")
    assert column(frame, "lead_source", "opportunities") == {source: len(days) for source, days in waits.items()}
    told = {source: [day for day in days if day is not None] for source, days in waits.items()}
    assert column(frame, "lead_source", "median_days") == {source: median(days) for source, days in told.items()}
    assert column(frame, "lead_source", "not_worked_on") == {source: days.count(None) for source, days in waits.items()}


def test_never_qualified(sample, opportunities):
    reached = dict(sample.frame("stage_visits").group_by("opportunity_id").agg(pl.col("step_number").max()).rows())
    lost: Counter = Counter()
    for name, source, outcome, seconds in opportunities.select(
        "opportunity_id", "lead_source", "outcome", "logged_seconds"
    ).rows():
        lost[source] += (seconds or 0) / 3600 if outcome == "lost" and reached.get(name, 0) <= 2 else 0
    frame = answer(sample, "never_qualified")
    assert column(frame, "lead_source", "hours_on_never_qualified") == pytest.approx(dict(lost), abs=ROUNDED)


def test_service_by_account(sample, worked):
    named = worked.filter(pl.col("account").is_not_null())
    service = hours(named.filter(pl.col("activity_code").str.starts_with("F3")), "account")
    frame = answer(sample, "service_by_account", limit="100000")
    assert column(frame, "account", "hours") == pytest.approx(hours(named, "account"), abs=ROUNDED)
    assert column(frame, "account", "service_hours") == pytest.approx(
        {account: service.get(account, 0) for account in frame["account"]}, abs=ROUNDED
    )


def test_often_or_long(sample, worked):
    weeks = sample.frame("study_effort")["rep_weeks"][0]
    frame = answer(sample, "often_or_long")
    wanted = {code: total / weeks for code, total in hours(worked, "activity_code").items()}
    assert column(frame, "activity_code", "hours_per_week") == pytest.approx(wanted, abs=0.00501)
    assert frame["share_up_to_here"][-1] == 1
    for row in frame.rows(named=True):
        assert row["times_per_week"] * row["mean_minutes"] / 60 == pytest.approx(row["hours_per_week"], abs=0.1)


# ------------------------------------------------------- what the sample has none of

HEAD = "Rep,Date,Start,End,Activity,Customer,Opportunity,Waiting on,Code\n"
LOG = HEAD + (
    "anna,2026-03-02,09:00,10:00,demo,Acme,O1,,\n"
    "ben,2026-03-02,09:30,10:30,discovery meeting,Acme,,,\n"
    "ben,2026-03-02,11:00,12:30,chasing approval,Acme,O1,Legal,\n"
    "anna,2026-03-02,11:00,11:30,chasing approval,,,Finance,\n"
    "anna,2026-03-04,09:00,09:03,demo,Bolt,O2,,\n"
    "ben,2026-03-04,09:00,09:03,demo,Bolt,,,\n"
    "anna,2026-03-05,09:00,10:00,Review,Acme,O1,legal,S31\n"
    "anna,2026-03-06,09:00,11:00,review,Acme,O2,,A42\n"
)
FILES = {
    "opportunities.csv": "opportunity_id,account,rep_id,source,amount,created_on,closed_on,outcome\n"
    "O1,Acme,anna,inbound,5000,2026-01-05,2026-03-03,won\n"
    "O2,Bolt,anna,inbound,5000,2026-01-05,2026-03-06,lost\n"
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Study:
    return open_study(write_study(tmp_path_factory.mktemp("asked") / "study", LOG, files=FILES))


def test_who_waits_on_whom(small):
    frame = answer(small, "waiting_on")
    assert column(frame, "waiting_on", "hours") == {"legal": 2.5, "finance": 0.5, "(nobody named)": 4.1}
    assert column(frame, "waiting_on", "days") == {"legal": 2, "finance": 1, "(nobody named)": 5}


def test_two_reps_in_one_meeting(small):
    frame = answer(small, "meetings_of_two_reps")
    assert frame.select("account", "meetings", "hours_together").rows() == [("Acme", 1, 0.5)]
    assert answer(small, "meetings_of_two_reps", minutes="1")["account"].to_list() == ["Acme", "Bolt"]
    assert answer(small, "meetings_of_two_reps", minutes="1", limit="1")["account"].to_list() == ["Acme"]
    assert answer(small, "meetings_of_two_reps", minutes="30").height == 0


def test_work_after_closing(small):
    frame = answer(small, "hours_after_closing")  # O2 was closed on the very day of its last entry
    assert frame.select("outcome", "activity_code", "opportunities", "hours").rows() == [("won", "S31", 1, 1.0)]


def test_labels_that_mean_something_else_later(small):
    frame = answer(small, "labels_that_differ")
    assert frame.select("label", "activity_code", "is_named_with_others", "hours", "hours_of_label").rows() == [
        ("review", "A42", False, 2.0, 3.0),
        ("review", "S31", False, 1.0, 3.0),
    ]


def test_points_in_time_are_told_by_file(study):
    logs = {
        "a.csv": "Rep,Date,Start,Duration,Activity,Channel\nanna,2026-03-02,09:00,30,demo,\n"
        "anna,2026-03-02,10:00,,call,phone\n"
        "anna,2026-03-02,11:00,,demo,\n",
        "b.csv": "Rep,Date,Start,End,Activity\nanna,2026-03-03,09:00,10:00,demo\n",
    }
    config = '[study]\npoint_minutes = { phone = 12 }\n[[source]]\nmatch = "a.csv"\nduration_unit = "minutes"\n'
    frame = answer(study(logs, config), "points_without_length")
    names = (
        "file",
        "records",
        "counted_entries",
        "imputed_entries",
        "set_aside_without_length",
        "hours",
        "imputed_hours",
    )
    assert frame.select(names).rows() == [("a.csv", 3, 2, 1, 1, 0.7, 0.2), ("b.csv", 1, 1, 0, 0, 1.0, 0.0)]


def test_time_without_a_role_or_clock_times_is_told(study):
    logs = "Rep,Date,Duration,Activity\nanna,2026-03-02,2:00,demo\n"
    small = study(logs)
    assert answer(small, "out_of_hours").select("time_of_day", "hours").rows() == [("no clock times", 2.0)]
    assert answer(small, "fragmentation").height == 0
    assert answer(small, "week_by_category").select("role", "hours").rows() == [("no role", 2.0)]
    assert answer(small, "waiting_on")["hours"].sum() == 2.0


def test_every_question_runs_on_a_study_of_one_entry(study):
    small = study("Rep,Date,Start,End,Activity\nanna,2026-03-02,09:00,10:00,demo\n")
    for name in PACKAGED:
        answer(small, name)
