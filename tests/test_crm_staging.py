"""Opportunities, changes of stage and people of CRM exports beside those of the study's own files."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import write_study

from timewaste.models import queries_folder
from timewaste.readers.layout import TARGETS
from timewaste.stage_repeats import skip_repeats
from timewaste.store import Store
from timewaste.study import open_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@pytest.fixture
def store() -> Iterator[Store]:
    with empty_store() as made:
        yield made


def empty_store() -> Store:
    """Return a database with the raw tables, two sources, and a study in Riga: two hours ahead of UTC in winter."""
    made = Store.memory()
    for target, names in TARGETS.items():
        columns = ", ".join(f"{name} varchar" for name in names)
        made.execute(f"create table raw_crm_{target} (source_id bigint, line bigint, {columns})")
        made.execute(f"create table raw_{target} (line bigint, {columns})")
    made.execute("create table stg_sources (source_id bigint, file varchar, sheet varchar, time_zone varchar)")
    add(made, "stg_sources", (7, "b.csv", None, "Europe/Riga"), (9, "a.csv", None, "America/New_York"))
    made.execute("create table cfg_settings (time_zone varchar, earliest_date date, latest_date date)")
    add(made, "cfg_settings", ("Europe/Riga", "2000-01-01", "2099-12-31"))
    for name in ("stg_crm_moments", "stg_opportunities", "stg_stage_history", "stg_stage_events", "stg_people"):
        (path,) = queries_folder().rglob(f"{name}.sql")
        made.execute(f"create view {name} as {path.read_text(encoding='utf-8')}")
    return made


def add(store: Store, table: str, *rows: tuple[object, ...]) -> None:
    for row in rows:
        store.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", list(row))


# -------------------------------------------------------------- opportunities


def test_days_stay_and_moments_move_to_the_zone_of_the_study(store: Store) -> None:
    add(
        store,
        "raw_crm_opportunities",
        (7, 2, "A", "Acme", "005x", "Web", "1.5", "2026-01-05T22:30:00Z", "2026-03-20", "won"),
        (7, 3, "B", None, None, None, None, "2026-01-05T23:30:00+03:00", None, None),
        (9, 2, "C", None, None, None, "x", "2026-01-05T23:30:00", "2026-01-05", "LOST"),
        (9, 3, "D", None, None, None, None, "5 January", None, "open"),
    )
    columns = "opportunity_id, created_date, closed_date, outcome, amount"
    assert store.execute(f"select {columns} from stg_opportunities order by 1") == [
        ("A", dt.date(2026, 1, 6), dt.date(2026, 3, 20), "won", 1.5),
        ("B", dt.date(2026, 1, 5), None, "open", None),
        ("C", dt.date(2026, 1, 6), dt.date(2026, 1, 5), "lost", None),
        ("D", None, None, "open", None),
    ]  # fmt: skip


def test_the_file_beside_the_logs_counts_then_the_last_export_by_name(store: Store) -> None:
    add(store, "raw_opportunities", (2, " A ", "file", None, None, None, "2026-01-05 08:00", "2026-02-01", "won"))
    add(
        store,
        "raw_crm_opportunities",
        *((7, 2, "A", "b.csv", None, None, None, None, None, None), (7, 3, "B", "b.csv", *[None] * 6)),
        *((9, 2, "B", "a.csv", *[None] * 6), (9, 3, "C", "a.csv 3", *[None] * 6), (9, 4, "C", "a.csv 4", *[None] * 6)),
    )
    rows = store.execute("select opportunity_id, account, created_date, closed_date from stg_opportunities order by 1")
    assert rows == [
        ("A", "file", dt.date(2026, 1, 5), dt.date(2026, 2, 1)),
        ("B", "b.csv", None, None),
        ("C", "a.csv 4", None, None),
    ]


# ------------------------------------------------------------ changes of stage


def events(store: Store) -> list[tuple[object, ...]]:
    return store.execute(
        "select opportunity_id, stage, entered_date, entered_local_second, is_plausible from stg_stage_events "
        "order by opportunity_id, entered_date, entered_local_second, line"
    )


def test_moments_of_changes_become_wall_clock_time_of_the_study(store: Store) -> None:
    add(
        store,
        "raw_crm_stage_events",
        (7, 2, "A", "Demo", "2026-01-05T22:30:00Z"),
        (7, 3, "A", "Offer", "2026-07-05T22:30:00Z"),
        (9, 2, "B", "Demo", "2026-01-05T22:30:00"),
        (9, 3, "B", "Offer", "2026-01-05"),
        (9, 4, "B", "Won", "soon"),
    )
    assert events(store) == [
        ("A", "Demo", dt.date(2026, 1, 6), 1800, True),
        ("A", "Offer", dt.date(2026, 7, 6), 5400, True),
        ("B", "Offer", dt.date(2026, 1, 5), 0, True),
        ("B", "Demo", dt.date(2026, 1, 6), 5 * 3600 + 1800, True),
        ("B", "Won", None, None, False),
    ]


def test_exports_fill_in_only_what_the_history_file_does_not_name(store: Store) -> None:
    add(store, "raw_stage_events", (2, "A", "Demo", "2026-01-05 08:00"), (3, "A", "Offer", "2026-01-06T08:00:00Z"))
    add(store, "raw_crm_stage_events", (7, 2, "A", "Won", "2026-01-07T08:00:00Z"), (7, 3, "B", "Demo", "2026-01-05"))
    add(store, "raw_crm_stage_events", (9, 2, "B", "demo", "2026-01-05"))  # the same change told again
    assert [row[:4] for row in events(store)] == [
        ("A", "Demo", dt.date(2026, 1, 5), 8 * 3600),
        ("A", "Offer", dt.date(2026, 1, 6), 10 * 3600),
        ("B", "demo", dt.date(2026, 1, 5), 0),
    ]
    assert store.execute("select count(*) - count(distinct line) from stg_stage_events") == [(0,)]


def test_people_are_as_the_export_names_them(store: Store) -> None:
    add(
        store,
        "raw_crm_people",
        (7, 2, "005x", "Ana Ozola", "ana@corp.example", "005x;ana"),
        (7, 3, "", "x", None, None),
    )
    assert store.execute("select * from stg_people") == [(7, 2, "005x", "Ana Ozola", "ana@corp.example", "005x;ana")]


# --------------------------------------------------------- repeats of a stage


def test_a_row_that_repeats_the_stage_is_skipped_whatever_the_order(store: Store) -> None:
    rows = [
        (7, 2, "A", "Demo", "2026-01-05T08:00:00Z"),
        (7, 3, "A", "demo ", "2026-01-06T08:00:00Z"),  # only the amount changed
        (7, 4, "A", "Offer", "2026-01-07T08:00:00Z"),
        (7, 5, "A", "Demo", "2026-01-08T08:00:00Z"),  # back again: a change
        (7, 6, "B", "Demo", "2026-01-06T08:00:00Z"),
        (9, 7, "B", "Demo", "2026-01-07T08:00:00Z"),  # another source
    ]
    shuffled = rows.copy()
    random.Random(3).shuffle(shuffled)
    for order in (rows, rows[::-1], shuffled):
        store.execute("delete from raw_crm_stage_events")
        add(store, "raw_crm_stage_events", *order)
        assert [tuple(issue) for issue in skip_repeats(store, 7)] == [(3, "", "crm/same_stage", "demo ", "skipped")]
        assert store.execute("select line from raw_crm_stage_events order by 1") == [(2,), (4,), (5,), (6,), (7,)]


def changes_of(rows: Iterable[tuple[int, str, int, int]]) -> list[int]:
    kept, last = [], {}
    for line, deal, stage, _ in sorted(rows, key=lambda row: (row[3], row[0])):
        if last.get(deal) != stage:
            kept.append(line)
        last[deal] = stage
    return sorted(kept)


def test_repeats_are_found_among_times_of_every_spelling(store: Store) -> None:
    spellings = ("2026-01-05", "2026-01-05T01:00:00", "2026-01-05T00:30:00-01:00", "2026-01-05T04:00:00+02:00")
    add(store, "raw_crm_stage_events", *((7, 9 - n, "A", "Demo", text) for n, text in enumerate(spellings)))
    assert [issue.line for issue in skip_repeats(store, 7)] == [6, 7, 8]
    assert store.execute("select entered_at from raw_crm_stage_events") == [("2026-01-05",)]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 3), st.integers(0, 9)), max_size=12))
def test_what_remains_are_the_changes(written: list[tuple[str, int, int]]) -> None:
    rows = [(line, deal, stage, hour) for line, (deal, stage, hour) in enumerate(written, start=2)]
    with empty_store() as store:
        add(
            store,
            "raw_crm_stage_events",
            *((7, line, deal, str(stage), f"2026-01-05T{hour:02}:00:00Z") for line, deal, stage, hour in rows),
        )
        skipped = skip_repeats(store, 7)
        kept = [line for (line,) in store.execute("select line from raw_crm_stage_events order by 1")]
    assert kept == changes_of(rows)
    assert len(kept) + len(skipped) == len(rows)


# ------------------------------------------------------------- a whole study


def test_exports_among_the_logs_feed_the_tables_of_the_study(tmp_path: Path) -> None:
    folder = write_study(tmp_path, "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,demo\n")
    logs = folder / "logs"
    deal = "0064600000J5S5TAAV"
    (logs / "OpportunityHistory.csv").write_text(
        '"Id","OpportunityId","CreatedDate","StageName","Amount","IsDeleted"\n'
        f'"3","{deal}","2026-03-03 08:00:00","Proposal","1","0"\n'
        f'"1","{deal}","2026-03-01 08:00:00","Qualification","1","0"\n'
        f'"2","{deal}","2026-03-02 08:00:00","Qualification","2","0"\n'
        f'"4","{deal}","2026-03-04 08:00:00","Proposal","2","1"\n',
        encoding="utf-8",
    )
    (logs / "Opportunity.csv").write_text(
        "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId,CreatedDate\n"
        f"{deal},0,001x,Pumps,Proposal,15000,2026-06-30,0,0,005x,2026-03-01 08:00:00\n",
        encoding="utf-8",
    )
    study = open_study(folder)
    columns = "file, target, records, entries, duplicates, set_aside, blank, skipped"
    accounts = study.sql(f"select {columns} from source_accounts order by file").rows()
    assert accounts[:2] == [
        ("Opportunity.csv", "opportunities", 1, 1, 0, 0, 0, 0),
        ("OpportunityHistory.csv", "stage_events", 4, 2, 0, 1, 0, 1),
    ]
    assert study.sql("select stage from stg_stage_events order by entered_date").rows() == [
        ("Qualification",), ("Proposal",),
    ]  # fmt: skip
    assert study.sql("select opportunity_id, outcome, amount from opportunities").rows() == [(deal, "open", 15000.0)]
    rules = study.sql("select rule, line from stg_issues where rule like 'crm/%' order by rule").rows()
    assert rules == [("crm/deleted", 5), ("crm/same_stage", 4)]
