"""What a rep typed becomes the activity a sales manager would say it is."""

from __future__ import annotations

import csv
import tomllib
from importlib import resources
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.transforms import labels

CASES = Path(__file__).parent.parent / "cases" / "labels.csv"


def _defaults(name, block):
    path = resources.files("timewaste") / "defaults" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))[block]


RULES = _defaults("rules.toml", "rule")
ACTIVITIES = _defaults("taxonomy.toml", "activity")
CODES = {activity["code"] for activity in ACTIVITIES}
TAXONOMY = pl.DataFrame({"activity_code": [activity["code"] for activity in ACTIVITIES]})


def _cfg_rules(*rules):
    """A rules table from `(rule_id, pattern, activity_code)`, in order."""
    return pl.DataFrame(
        [(number, *rule, "test") for number, rule in enumerate(rules, 1)],
        schema={
            "rule_number": pl.Int64,
            "rule_id": pl.String,
            "pattern": pl.String,
            "activity_code": pl.String,
            "because": pl.String,
        },
        orient="row",
    )


DEFAULTS = _cfg_rules(*((rule["id"], rule["match"], rule["activity"]) for rule in RULES))


def _classify(typed, rules=DEFAULTS):
    """int_labels of labels, or of (label, code) pairs."""
    pairs = [(item, None) if item is None or isinstance(item, str) else item for item in typed]
    stg_labels = pl.DataFrame(pairs, schema={"label": pl.String, "code": pl.String}, orient="row")
    return labels.int_labels(stg_labels, rules, TAXONOMY)


def _codes(label, rules=DEFAULTS):
    return _classify([label], rules).get_column("activity_code").to_list()


def _read_cases():
    with CASES.open(encoding="utf-8", newline="") as file:
        return [(row["label"], row["activity_code"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def cases():
    return _read_cases()


@pytest.fixture(scope="module")
def answers(cases):
    return _classify([label for label, _ in cases])


def test_every_case_is_sorted_as_a_sales_manager_would(cases, answers):
    got = dict(answers.group_by("label", maintain_order=True).agg(pl.col("activity_code").str.join("+")).iter_rows())
    wrong = [(label, expected, got[label]) for label, expected in cases if got[label] != expected]
    assert not wrong


def test_the_cases_cover_every_activity_and_repeat_no_label(cases):
    assert len(cases) >= 350
    assert len({label for label, _ in cases}) == len(cases)
    single = [code for _, code in cases if "+" not in code]
    assert {code: single.count(code) for code in CODES if single.count(code) < 5} == {}


def test_the_name_of_an_activity_means_that_activity():
    found = _classify([activity["name"] for activity in ACTIVITIES])
    got = found.select("label", "activity_code").sort("label").rows()
    assert got == sorted((activity["name"], activity["code"]) for activity in ACTIVITIES)


def test_no_rule_is_dead(answers):
    reached = set(answers.get_column("rule_id"))
    assert [rule["id"] for rule in RULES if rule["id"] not in reached] == []


def test_the_rules_are_well_formed():
    ids = [rule["id"] for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert {"code", "none"}.isdisjoint(ids)
    assert {rule["activity"] for rule in RULES} == CODES
    assert all(rule["because"].strip() and set(rule) == {"id", "match", "activity", "because"} for rule in RULES)
    assert labels.check_rules((rule["id"], rule["match"]) for rule in RULES) == []


def test_what_is_vague_never_becomes_administration(cases):
    vague = [label for label, code in cases if code == "U"]
    found = _classify([typed for label in vague for typed in (label.upper(), f"  {label} ", f'"{label}"', f"{label}.")])
    assert found.filter(pl.col("activity_code") != "U").rows() == []


def test_the_order_of_rows_is_irrelevant(cases, answers):
    assert _classify([label for label, _ in reversed(cases)]).equals(answers)
    assert _classify([label for label, _ in cases] * 2).equals(answers)


def test_each_distinct_text_is_looked_at_once(monkeypatch):
    looked_at = []
    match_rules = labels.match_rules

    def counting(texts, cfg_rules):
        looked_at.extend(texts)
        return match_rules(texts, cfg_rules)

    monkeypatch.setattr(labels, "match_rules", counting)
    found = _classify(["CRM", "crm ", "  Crm", ("CRM", "nonsense"), "quote", "CRM + quote", "quote/CRM", None, "-"])
    assert sorted(looked_at) == ["crm", "crm + quote", "quote", "quote/crm"]
    assert found.height == 9 + 2


def test_a_known_code_wins_over_the_label():
    found = _classify([("expenses", "S21"), ("expenses", " s21 "), ("expenses", "S99"), ("expenses", None)])
    assert found.select("code", "activity_code", "rule_id", "matched_by").rows() == [
        (" s21 ", "S21", "code", "code"),
        ("S21", "S21", "code", "code"),
        ("S99", "A31", "expenses", "rule"),
        (None, "A31", "expenses", "rule"),
    ]


def test_a_label_that_is_a_code_counts_as_one():
    assert _classify(["a31"]).rows() == [("a31", None, 1, 1, "A31", "code", "code")]


@pytest.mark.parametrize("label", [None, "", "   ", "-", '""', "...", "Zwiebelfisch"])
def test_what_nobody_knows_is_unclassified_by_no_rule(label):
    assert _classify([label]).rows() == [(label, None, 1, 1, "U", "none", "none")]


def test_what_is_vague_carries_the_rule_that_says_so():
    assert _classify(["misc"]).rows() == [("misc", None, 1, 1, "U", "vague-word", "rule")]


def test_an_empty_log_gives_an_empty_table_of_the_same_columns():
    found = _classify([])
    assert found.schema == _classify(["CRM + quote"]).schema
    assert found.schema["part_number"] == found.schema["parts"] == pl.Int64
    assert found.height == 0


def test_the_first_rule_wins():
    first, second = ("first", "order", "A21"), ("second", "order status", "F32")
    assert _codes("order status", _cfg_rules(first, second)) == ["A21"]
    assert _codes("order status", _cfg_rules(second, first)) == ["F32"]
    shuffled = _cfg_rules(second, first).sort("rule_id")
    assert _codes("order status", shuffled) == ["F32"]


@pytest.mark.parametrize(
    ("pattern", "typed"),
    [
        ("straße", "STRASSE"),
        ("strasse", "Straße"),
        ("Übung", "u\u0308bung"),
        (r"\bübung\b", "eine ÜBUNG"),
        ("where's it", "Where\u2019s   it?"),
        ("^sick-day$", "\u201esick\u2013day\u201c"),
        ("^a b$", "\ufeffA\u00a0\tB\n"),
    ],
)
def test_labels_meet_the_rules_in_one_spelling(pattern, typed):
    assert _codes(typed, _cfg_rules(("it", pattern, "N1"))) == ["N1"]


def test_the_edge_of_a_word_knows_every_alphabet():
    # An engine with ASCII words sees an edge between "b" and "ü".
    assert _codes("Bücher", _cfg_rules(("it", r"\bücher", "N1"))) == ["U"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    once = labels.normalise(pl.Series([text], dtype=pl.String))
    assert labels.normalise(once).equals(once)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aA zZ9+/&,;\n.ß") | st.characters(exclude_categories=["Cs"]), max_size=20), max_size=6
    )
)
def test_every_label_gets_at_least_one_part_whatever_was_typed(typed):
    rules = _cfg_rules(("few", "[a-m]", "A11"), ("some", "[n-z]", "F12"), ("vague", "[0-9]", "U"))
    found = _classify(typed, rules)
    assert set(found.get_column("label")) == set(typed)
    parts = found.group_by("label").agg(pl.len().alias("rows"), pl.col("parts").unique(), pl.col("part_number"))
    for label, rows, parts_said, numbers in parts.iter_rows():
        assert parts_said == [rows], label
        assert numbers == list(range(1, rows + 1)), label


def test_the_parts_of_a_label_come_in_the_order_typed_and_with_their_rules():
    assert _classify(["emails + quotes + CRM"]).rows() == [
        ("emails + quotes + CRM", None, 1, 2, "F12", "quote", "rule"),
        ("emails + quotes + CRM", None, 2, 2, "A11", "crm", "rule"),
    ]


@pytest.mark.parametrize("separator", [" + ", "+", "/", " / ", ", ", "; ", " & ", " and ", " und ", ", then ", "\n"])
def test_every_separator_parts_a_label(separator):
    assert _codes(f"quotes{separator}CRM") == ["F12", "A11"]


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("f/u Acme", ["S24"]),
        ("lunch w/ client", ["S33"]),
        ("1:1", ["A42"]),
        ("n/a", ["U"]),
        ("T&E", ["A31"]),
        ("terms & conditions", ["F14"]),
        ("price/discount approval", ["F13"]),
        ("demo for Black and Decker", ["S22"]),
        ("quote for Hansen, Olsen & Co", ["F12"]),
        ("order status + expediting", ["F32"]),
        ("CRM + emails", ["A11"]),
    ],
)
def test_a_label_stays_whole_unless_two_parts_are_different_activities(label, codes):
    assert _codes(label) == codes


def test_a_rule_that_needs_both_sides_of_a_separator_keeps_the_label_whole():
    parts = [("quote", "quote", "F12"), ("crm", "crm", "A11")]
    assert _codes("quote & crm", _cfg_rules(*parts)) == ["F12", "A11"]
    assert _codes("quote & crm", _cfg_rules(("both", "quote & crm", "A21"), *parts)) == ["A21"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (".*", "every label"),
        ("(demo)?", "every label"),
        (".", "every label"),
        (r"\S+", "every label"),
        ("[", "unclosed character class (character 1)"),
        ("order(", "unclosed group (character 6)"),
        ("(?=order)", "look-around"),
        ("(?<!re)order", "look-around"),
        (r"(a)\1", "backreferences"),
        ("(x{1000}){1000}", "size limit"),
    ],
)
def test_a_pattern_that_cannot_stand_is_named_with_its_reason(pattern, reason):
    ((rule_id, said),) = labels.check_rules([("good", r"\bdemo\b"), ("bad", pattern)])
    assert rule_id == "bad"
    assert reason in said
    assert "\n" not in said


def test_a_pattern_that_would_never_end_elsewhere_is_fine_here():
    assert labels.check_rules([("nested", "(a+)+$")]) == []
    assert _codes("a" * 5000 + "!b", _cfg_rules(("nested", "(a+)+$", "N1"))) == ["U"]
