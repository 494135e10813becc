"""Answers of named questions, worked out once more from the raw files with nothing but Polars.

The cleaning of the sample is small, and planted: an hour told twice here, a few minutes shared there. What it takes out
of a figure is what `cleaning` tells; so much the raw figure may be larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from timewaste.questions import question

if TYPE_CHECKING:
    from pathlib import Path

    from timewaste.study import Study

FIELDS = (
    "rep",
    "date",
    "start",
    "length",
    "label",
    "account",
    "opportunity",
    "channel",
    "rework",
    "could_do",
    "logged",
)
ROUNDED = 0.06


@pytest.fixture(scope="module")
def raw(sample_folder: Path) -> pl.DataFrame:
    """Return every row of the logs: text fields as typed, without blanks, and hours."""
    frames = []
    for path in sorted((sample_folder / "logs").rglob("*.*")):
        if path.suffix == ".csv":
            separator = ";" if path.parent.name == "field" else ","
            frame = pl.read_csv(path, separator=separator, infer_schema=False)
            frame = frame.rename(dict(zip(frame.columns, FIELDS, strict=True)))
            day = pl.col("date").str.to_date("%d.%m.%Y" if separator == ";" else "%Y-%m-%d", strict=False)
        else:
            rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            cells = [[str(cell) or None for cell in row] for row in rows]
            place = next(n for n, row in enumerate(cells) if row[0] == "Date")
            frame = pl.DataFrame(cells[place + 1 :], schema=dict.fromkeys(FIELDS[1:], pl.String), orient="row")
            frame = frame.filter(pl.col("label").is_not_null()).with_columns(rep=pl.lit(path.stem))
            day = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        frames.append(frame.with_columns(day=day, kind=pl.lit(path.parent.name)).select(*FIELDS, "day", "kind"))
    rows = pl.concat(frames).with_columns(pl.col(FIELDS).str.strip_chars().replace("", None))
    start, length = _seconds("start"), _seconds("length")
    is_length = pl.col("kind") == "inside"
    seconds = pl.when(is_length).then(length).otherwise((length - start) % 86_400)
    return rows.with_columns(hours=pl.when(seconds < 20 * 3600).then(seconds) / 3600)  # one row ends before it starts


def _seconds(column: str) -> pl.Expr:
    hours = pl.col(column).str.extract(r"(\d+):\d\d(?::\d\d)?$", 1).cast(pl.Int64)
    minutes = pl.col(column).str.extract(r"\d+:(\d\d)(?::\d\d)?$", 1).cast(pl.Int64)
    return hours * 3600 + minutes * 60


def answer(study: Study, name: str) -> pl.DataFrame:
    asked = question(name)
    return study.sql(asked.sql, **asked.values())


@pytest.fixture(scope="module")
def taken_out(sample: Study) -> float:
    """Return the hours that the cleaning has taken out of the logs."""
    told = answer(sample, "cleaning")
    return float((told["logged_hours"] - told["counted_hours"]).sum())


def test_what_was_logged_is_what_stands_in_the_files(raw: pl.DataFrame, sample: Study) -> None:
    assert raw.height == sample.frame("rpt_facts")["records"][0]
    assert answer(sample, "cleaning")["logged_hours"].sum() == pytest.approx(raw["hours"].sum(), abs=ROUNDED)


def test_time_by_lead_source(raw: pl.DataFrame, sample: Study, sample_folder: Path, taken_out: float) -> None:
    deals = pl.read_csv(sample_folder / "opportunities.csv", infer_schema=False)
    expected = (
        raw.filter(pl.col("opportunity").is_not_null())
        .join(deals, left_on="opportunity", right_on="opportunity_id")
        .group_by("source")
        .agg(pl.col("hours").sum())
    )
    told = answer(sample, "time_by_lead_source").join(expected, left_on="lead_source", right_on="source")
    assert told.height == expected.height == 5
    assert (told["hours_right"] - told["hours"]).is_between(-ROUNDED, taken_out).all()
    assert (told["hours_right"] - told["hours"]).sum() <= taken_out


def test_hours_per_won_deal(raw: pl.DataFrame, sample: Study, sample_folder: Path, taken_out: float) -> None:
    deals = pl.read_csv(sample_folder / "opportunities.csv", infer_schema=False)
    expected = (
        raw.join(deals, left_on="opportunity", right_on="opportunity_id")
        .with_columns(outcome=pl.col("outcome").fill_null("open"))
        .group_by("source", "outcome")
        .agg(pl.col("hours").sum(), deals=pl.col("opportunity").n_unique())
    )
    told = answer(sample, "hours_per_won_deal").join(
        expected, left_on=["lead_source", "outcome"], right_on=["source", "outcome"]
    )
    assert told.height == expected.height
    assert told["opportunities"].to_list() == told["deals"].to_list()
    assert (told["hours_right"] - told["hours"]).is_between(-ROUNDED, taken_out).all()
    each = told["hours"] / told["opportunities"]
    assert (each - told["hours_each"]).abs().max() <= 0.11


def test_rework(raw: pl.DataFrame, sample: Study, taken_out: float) -> None:
    expected = raw.filter(pl.col("rework").str.to_lowercase() == "yes")["hours"].sum()
    told = answer(sample, "rework")["rework_hours"]
    assert told.sum() == pytest.approx(expected, abs=taken_out + ROUNDED * told.len())


def test_customer_time_by_channel(raw: pl.DataFrame, sample: Study, taken_out: float) -> None:
    expected = (
        raw.filter(pl.col("channel").is_not_null())  # breaks and leave have none
        .group_by(pl.col("channel").str.to_lowercase())
        .agg(pl.col("hours").sum())
    )
    told = answer(sample, "customer_time_by_channel").join(expected, on="channel")
    assert told.height >= 8
    assert (told["hours_right"] - told["hours"]).is_between(-ROUNDED, taken_out).all()


def test_hours_by_account(raw: pl.DataFrame, sample: Study, taken_out: float) -> None:
    expected = raw.group_by("account").agg(pl.col("hours").sum(), reps_named=pl.col("rep").n_unique())
    told = answer(sample, "hours_by_account").join(expected, on="account")
    assert told.height == 30
    assert (told["hours_right"] - told["hours"]).is_between(-ROUNDED, taken_out).all()
