"""What may stand in timewaste.toml, and how we say what may not: the fields of the error, not its layout."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

import polars as pl
import pytest

from timewaste.config import CATEGORIES, RAW_FIELDS, load_config, parse_config
from timewaste.config_frames import config_frames
from timewaste.errors import ConfigError
from timewaste.study import Study

if TYPE_CHECKING:
    from pathlib import Path

RULE = '[[rule]]\nid = "{}"\nmatch = "{}"\nactivity = "{}"\n'
OVERRIDE = {"activity": "A31", "field": "verdict", "value": "keep", "reason": "law", "by": "cfo", "date": "2026-03-01"}


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads(text))
    return caught.value


def block(name: str, values: dict[str, object]) -> str:
    return f"[[{name}]]\n" + "".join(f"{key} = {value!r}\n" for key, value in values.items())


@pytest.mark.parametrize(
    ("text", "what", "where", "mend"),
    [
        ("[stduy]\n", "'stduy'", "stduy", "'study'"),
        ("[study]\ntimezone = 'UTC'\n", "'timezone'", "study", "'time_zone'"),
        ("[study]\nzzz = 1\n", "'zzz'", "study", "Allowed: title, currency"),
        ("[study]\nworkday_hours = '8'\n", "'8'", "study.workday_hours", ""),
        ("[study]\nworkdays_per_week = true\n", "True", "study.workdays_per_week", ""),
        ("[study]\nworkdays_per_week = 8\n", "8 is not", "study.workdays", "1 to 7"),
        ("[study]\nworkday_hours = nan\n", "nan is not", "study.workday_hours", "24"),
        ("[study]\nworkday_starts = '9 am'\n", "not a time of day", "study.workday_starts", '"09:00"'),
        ("[study]\ntime_zone = 'Europe/Berln'\n", "'Europe/Berln'", "time_zone", "IANA"),
        ("[privacy]\nmin_group = 0\n", "0 is not", "privacy.min_group", "1 or more"),
        ("[privacy]\nmin_group = 2\n", "2 lets", "privacy.min_group", "if all who took part agree"),
        ("[privacy]\nmin_group = 1\nall_agree = false\n", "1 lets", "privacy.min_group", "all_agree = true"),
        ("[privacy]\nmin_group = 0\nall_agree = true\n", "0 is not", "privacy.min_group", "1 or more"),
        (
            "[study]\nearliest_date = 2026-03-01\nlatest_date = 2026-02-01\n",
            "2026-02-01 lies before earliest_date", "study.latest_date", "Swap",
        ),
        (
            "[[source]]\nmatch = '*'\nfrom_date = 2026-03-01\nto_date = 2026-02-01\n",
            "to_date lies before from_date", "match = '*'", "Swap",
        ),
        ("[[source]]\nmatch = '*'\ntz_alias = { 'Our zone' = 'Mars' }\n", "'Mars'", "time_zone", "IANA"),
        ("study = 3\n", "must be a table", "study", "[study]"),
        ("[source]\nmatch = '*'\n", "", "source", "[[source]]"),
        ("[[source]]\nsheet = 'x'\n", "match is missing", "[[source]] number 1", "match"),
        ("[[source]]\nmatch = '*'\ndate_order = 'dmyy'\n", "'dmyy'", "match = '*'", "'dmy'"),
        ("[[source]]\nmatch = '*'\nduration_unit = 'hour'\n", "'hour'", "match = '*'", "'hours'"),
        ("[[source]]\nmatch = '*'\ninstrument = 'clock'\n", "'clock'", "match = '*'", "self_log"),
        ("[[source]]\nmatch = '*'\ncolumns = { lable = 'What' }\n", "'lable'", "columns", "'label'"),
        ("[[source]]\nmatch = '*'\ntime_zone = 'Mars'\n", "'Mars'", "time_zone", "IANA"),
        ("[[step]]\njourney = 'x'\n", "name is missing", "[[step]] number 1", "name"),
        ("[[step]]\nname = 'A'\nstages = 'B'\n", "'B'", "[[step]] number 1.stages", ""),
        ("[limits]\nno_such_limit_at_all = 1\n", "'no_such_limit_at_all'", "limits", "Allowed"),
        (RULE.format("a", "x", "A9999"), "'A9999'", "rule a, activity", ""),
        (RULE.format("a", "x", "A31") + RULE.format("a", "y", "A31"), "two rules", "rule a", "own id"),
        (block("override", OVERRIDE | {"field": "verdikt"}), "'verdikt'", "A31", "'verdict'"),
        (block("override", OVERRIDE | {"value": "keeep"}), "'keeep'", "value", "'keep'"),
        (block("override", OVERRIDE | {"activity": "A3l"}), "'A3l'", "A3l", "Did you mean 'A"),
        (block("override", {"activity": "A31", "field": "verdict"}), "value is missing", "number 1", "value"),
        (block("override", OVERRIDE | {"reason": ""}), "reason is missing", "number 1", "reason"),
        (
            block("activity", {"code": "X1", "name": "n", "category": "sellin", "value_class": "value_adding"}),
            "'sellin'", "activity X1, category", "'selling'",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_said_with_its_place_and_a_way_out(text, what, where, mend) -> None:
    error = refused(text)
    assert what in error.what
    assert where in error.where
    assert mend in error.mend


def test_a_bar_is_a_share() -> None:
    assert refused("[bars]\nmax_unclassified_share = 10\n").where.startswith("bars")


@pytest.mark.parametrize(
    "text",
    [
        "[cost.roles]\nfield = 'a lot'\n",
        "[cost]\nrate = -5\n",
        "[study]\nearliest_date = 2026-01-01T00:00:00\n",
        "[study]\nearliest_date = 2027-01-01\nlatest_date = 2026-01-01\n",
        "[[source]]\nmatch = '*'\ncolumns = { label = 3 }\n",
        "[[step]]\nname = 'A'\n[[step]]\nname = 'A'\n",
        block("override", OVERRIDE) + block("override", OVERRIDE | {"value": "eliminate"}),
        block("override", OVERRIDE | {"reason": "  "}),
        "[[source]]\nmatch = 'a.csv'\nrep = 'file'\n[[source]]\nmatch = 'a.csv'\nrep = 'Anna'\n",
        "[[source]]\nmatch = 'a.csv'\ncentury = 26\n",
        "[[source]]\nmatch = 'a.csv'\nyear = 26\n",
    ],
)
def test_values_that_make_no_sense_are_refused(text: str) -> None:
    refused(text)


def test_a_pattern_the_engine_cannot_run_names_file_and_rule(tmp_path: Path) -> None:
    for pattern in ("(", "(?=look)", "", " ", ".*"):
        (tmp_path / "timewaste.toml").write_text(RULE.format("mine", pattern or " ", "A31"), encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            _ = Study(tmp_path).config
        assert "timewaste.toml" in caught.value.where
        assert "mine" in caught.value.where


def test_the_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "timewaste.toml"
    for content, what in (
        (b"[study\n", "not valid TOML"),
        (b"[study]\ntitle = '\xff'\n", "not UTF-8"),
        (b"[x]\n", "'x'"),
    ):
        path.write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            load_config(tmp_path)
        assert str(path) in caught.value.where
        assert what in caught.value.what


def test_no_file_is_a_study_with_the_defaults(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert config == parse_config({})
    assert (config.time_zone, config.min_group, config.workdays_per_week) == ("UTC", 5, 5)
    assert {activity.category for activity in config.activities} == set(CATEGORIES)
    assert len(config.activities) == 51


def test_a_byte_order_mark_and_other_keys_of_the_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "timewaste.toml").write_bytes("\ufeff[study]\ntitle = 'Ümläut'\nearliest_date = 2026-01-01\n".encode())
    config = load_config(tmp_path)
    assert config.title == "Ümläut"
    assert config.earliest_date == dt.date(2026, 1, 1)


def test_rules_of_the_study_come_first_and_activities_replace_by_code() -> None:
    text = RULE.format("mine", "expenses", "A32") + block(
        "activity", {"code": "A31", "name": "Spesen", "category": "administrative", "value_class": "non_value_adding"}
    )
    config = parse_config(tomllib.loads(text))
    assert config.rules[0].id == "mine"
    assert len(config.rules) > 100
    assert [a.name for a in config.activities if a.code == "A31"] == ["Spesen"]
    assert len(config.activities) == 51


def test_the_first_source_block_that_matches_holds() -> None:
    text = "".join(block("source", {"match": match, "rep": rep}) for match, rep in (("north/*", "file"), ("*", "x")))
    config = parse_config(tomllib.loads(text))
    assert config.source_for("north/a/b.csv").rep == "file"
    assert config.source_for("south/a.csv").rep == "x"
    assert parse_config({}).source_for("a.csv").rep == ""


def test_every_setting_stands_in_a_table_of_the_database() -> None:
    text = "[study]\ntitle = 'T'\ncurrency = 'EUR'\nworkday_hours = 7.5\nworkday_starts = '08:30'\n[cost]\nrate = 80\n"
    text += "[cost.roles]\nfield = 90\n" + block("override", OVERRIDE)
    frames = config_frames(parse_config(tomllib.loads(text)), data_hash="abc")
    assert frames["cfg_settings"].row(0, named=True)["workday_seconds"] == 27_000
    assert frames["cfg_settings"].row(0, named=True)["workday_start_second"] == 30_600
    assert frames["cfg_study"].row(0, named=True)["rate_per_hour"] == 80
    assert frames["cfg_rates"].rows() == [("field", 90.0)]
    assert frames["cfg_overrides"].rows() == [("A31", "verdict", "keep", "law", "cfo", "2026-03-01")]
    assert frames["cfg_fingerprint"].rows() == [("abc",)]
    assert frames["cfg_taxonomy"]["activity_code"].is_unique().all()
    assert frames["cfg_rules"]["rule_id"].is_unique().all()
    assert (
        frames["cfg_rules"]
        .select(pl.col("activity_code").is_in(frames["cfg_taxonomy"]["activity_code"].to_list()))
        .to_series()
        .all()
    )
    assert all(name.startswith("cfg_") for name in frames)
    assert len(set(RAW_FIELDS)) == len(RAW_FIELDS) == 18
