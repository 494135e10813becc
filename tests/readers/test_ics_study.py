"""Calendars as programs export them: what becomes of every event, from the file to the entries."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from studies import Figures, write_study

from timewaste.config import SourceConfig, parse_config
from timewaste.errors import ConfigError
from timewaste.readers import open_file

FIXTURES = Path(__file__).parent / "fixtures"
GOOGLE, EXCHANGE, APPLE = "lena.hoff@northwind.example.ics", "exchange.ics", "apple.ics"


def opened(name, **said):
    (sheet,) = open_file(FIXTURES / name, name, SourceConfig(**said))
    frame = pl.concat(sheet.batches())
    return sheet, frame, Counter(issue.rule for issue in sheet.tally.issues)


@pytest.mark.parametrize(
    ("name", "rep", "layout", "rows", "rules", "notes"),
    [
        (
            GOOGLE, "lena.hoff@northwind.example", "iCalendar of Google Calendar", 54,
            {
                "calendar/all_day": 1, "calendar/free": 1, "calendar/declined": 1, "calendar/cancelled": 1,
                "calendar/tentative": 1,
            },
            {"calendar/window", "calendar/private"},
        ),
        (
            EXCHANGE, "exchange", "iCalendar of Microsoft Exchange", 9,
            {"calendar/all_day": 1, "calendar/free": 1, "calendar/tentative": 1},
            {"calendar/private", "calendar/owner_unknown"},
        ),
        (
            APPLE, "Ana Ruiz", "iCalendar of Apple Calendar", 6, {"calendar/all_day": 1, "calendar/declined": 1},
            {"calendar/window", "calendar/owner_unknown"},
        ),
    ],
    ids=["google", "exchange", "apple"],
)  # fmt: skip
def test_an_export_is_understood_as_its_program_means_it(  # noqa: PLR0917 - a table
    name, rep, layout, rows, rules, notes
):
    sheet, frame, found = opened(name)
    assert (sheet.rep_default, sheet.layout, frame.height, sheet.tally.rows_read) == (rep, layout, rows, rows)
    assert found == rules
    assert {note.rule for note in sheet.notes} == notes


def test_the_exceptions_of_a_series_are_where_the_program_shows_them():
    _, frame, _ = opened(GOOGLE)
    reviews = frame.filter(pl.col("label") == "Pipeline review")["start_text"].to_list()
    assert [text[:16] for text in sorted(reviews)] == [  # the 16th was taken out, the 23rd moved
        "2026-03-02T09:00", "2026-03-09T09:00", "2026-03-24T09:00", "2026-03-30T09:00",
    ]  # fmt: skip
    _, frame, _ = opened(EXCHANGE)
    rounds = frame.filter(pl.col("label") == "Vertriebsrunde")["start_text"].to_list()
    assert sorted(rounds) == [
        "2026-03-02T09:00:00+01:00", "2026-03-17T11:00:00+01:00", "2026-03-23T09:00:00+01:00",
        "2026-03-30T09:00:00+02:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"from_date": dt.date(2026, 3, 2), "to_date": dt.date(2026, 3, 1)}, "to_date lies before from_date"),
        ({"from_date": "2026-03-02"}, "must be a date without quotes"),
        ({"tz_alias": {"Ours": "Europa/Berlin"}}, "unknown time zone 'Europa/Berlin'"),
        ({"tz_alias": {"Ours": 1}}, "unknown time zone '1'"),
    ],
)
def test_settings_of_a_calendar_are_checked(said, what):
    with pytest.raises(ConfigError, match=re.escape(what)):
        parse_config({"source": [{"match": "*.ics", **said}]})


@pytest.mark.parametrize("name", [GOOGLE, EXCHANGE])
def test_no_private_word_leaves_the_reader(name):
    sheet, frame, _ = opened(name)
    everything = str(frame.to_dicts()) + str(sheet.tally) + str(sheet)
    for word in ("Zahnarzt", "Praxis", "Kern", "Arzt", "pwd="):
        assert word not in everything


@pytest.mark.parametrize("name", [GOOGLE, EXCHANGE, APPLE])
def test_every_event_is_an_entry_or_set_aside(tmp_path, name):
    config = f'[study]\ntime_zone = "Europe/Berlin"\n[[source]]\nmatch = "{name}"\nrep = "Ana Ruiz"\n'
    study = write_study(tmp_path, {name: (FIXTURES / name).read_bytes()}, config)
    tables = Figures()(study)
    account = tables["source_accounts"].row(0, named=True)
    _, frame, rules = opened(name, rep="Ana Ruiz")
    out = sum(count for rule, count in rules.items() if rule != "calendar/tentative")
    problems = tables["int_entries"].filter(pl.col("problem").is_not_null())
    assert tables["int_entries"].height == frame.height == account["records"]
    assert problems.height == out
    assert tables["entries"]["entry_id"].n_unique() == frame.height - out
