"""Whatever a log holds: every second of it is counted or explained, and how the log is cut or sorted changes nothing.

The truth comes from an oracle that knows no SQL: a row of booleans for each entry, one for each second of the day.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from studies import Figures, write_study

from timewaste.config import RuleConfig, parse_config

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
FIRST = dt.date(2026, 3, 2)
HEADER = "rep,date,start,end date,end,duration,activity"
REPS = ("anna", "ben", "cyd")
LABELS = ("call", "expenses", "training", "call / expenses / training", "hmm", "")
CONFIG = replace(
    parse_config({}),
    rules=tuple(
        RuleConfig(id=word, match=word, activity=code)
        for word, code in (("call", "S21"), ("expenses", "A31"), ("training", "D1"))
    ),
)
QUICK = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Row(NamedTuple):
    """A line of a log, and what it means: clock time, a day total, or nothing that can be read."""

    kind: str  # clock, total, long, bad
    rep: str
    day: int
    start: int
    seconds: int
    label: str
    text: str

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, self.rep, self.day, self.start, self.seconds, self.label.strip().lower())


def clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def date(day: int) -> str:
    return (FIRST + dt.timedelta(days=day)).isoformat()


def on_the_clock(rep: str, day: int, start: int, seconds: int, label: str) -> Row:
    crosses = start + seconds > DAY
    if crosses:  # two entries of one start and label would look alike on their first day
        label = f"{label} {seconds}"
    text = f'{rep},{date(day)},{clock(start)},,{clock((start + seconds) % DAY)},,"{label}"'
    return Row("clock", rep, day, start, seconds, label, text)


def day_total(rep: str, day: int, minutes: int, label: str) -> Row:
    return Row("total", rep, day, 0, minutes * 60, label, f'{rep},{date(day)},,,,{minutes} min,"{label}"')


def too_long(rep: str, day: int, start: int, days: int) -> Row:
    text = f"{rep},{date(day)},{clock(start)},{date(day + days)},{clock(start // 2 + 1)},,call"
    return Row("long", rep, day, start, days * DAY + start // 2 + 1 - start, "call", text)


def reversed_row(rep: str, day: int) -> Row:
    return Row("bad", rep, day, 0, 0, "call", f"{rep},{date(day)},15:00,,14:00,,call")


BAD_ROWS = [
    Row("bad", "", 0, 0, 0, "", text)
    for text in (
        f",{date(0)},09:00,,10:00,,call", "anna,,09:00,,10:00,,call", "anna,2026-02-30,09:00,,10:00,,call",
        f"ben,{date(1)},soon,,10:00,,call", f"ben,{date(1)},09:00,,,,call", f"ben,{date(2)},,,,25 h,call",
        f"cyd,{date(2)},,,,-5 min,call", f"cyd,{date(2)},11:00,,11:00,,call", f"cyd,{date(0)},,,,,call",
    )
]  # fmt: skip
# Of these the length can be read, and whose or which day's it is cannot: text -> rep and day of its account.
READABLE: dict[str, tuple[str | None, str]] = {
    BAD_ROWS[0].text: (None, date(0)), BAD_ROWS[1].text: ("anna", "None"), BAD_ROWS[2].text: ("anna", "None"),
}  # fmt: skip

reps, days, labels = st.sampled_from(REPS), st.integers(0, 2), st.sampled_from(LABELS)
# Few different edges, so that entries meet, nest and repeat; and any second, so that shares leave remainders.
edges = st.one_of(st.sampled_from(range(8 * 3600, 12 * 3600, 900)), st.integers(0, DAY - 1))
lengths = st.one_of(st.sampled_from((300, 900, 1800, 3600, 7200)), st.integers(1, 14 * 3600))
rows_of_a_log = st.lists(
    st.one_of(
        st.builds(on_the_clock, reps, days, edges, lengths, labels),
        st.builds(on_the_clock, reps, days, edges, lengths, labels),
        st.builds(on_the_clock, reps, days, edges, lengths, labels),
        st.builds(day_total, reps, days, st.sampled_from((15, 60, 240, 900)), labels),
        st.builds(too_long, reps, days, edges, st.integers(2, 3)),
        st.builds(reversed_row, reps, days),
        st.sampled_from(BAD_ROWS),
    ),
    min_size=8,
    max_size=60,
)
seeds = st.integers(0, 2**31)


def repeated(rows: list[Row], seed: int) -> list[Row]:
    """Return the rows with some of them said twice or three times, as logs have it."""
    return rows + random.Random(seed).choices(rows, k=len(rows) // 5)


def text_of(rows: list[Row]) -> str:
    return "\n".join([HEADER, *(row.text for row in rows)]) + "\n"


# ------------------------------------------------------------------ the oracle


class Account(NamedTuple):
    logged: int = 0
    counted: int = 0
    overlap: int = 0
    duplicate: int = 0
    set_aside: int = 0


def pieces(row: Row) -> list[tuple[int, int, int]]:
    """Return day, first and last second of each day that a row lies in."""
    found, day, start, left = [], row.day, row.start, row.seconds
    while left:
        here = min(left, DAY - start)
        found.append((day, start, start + here))
        day, start, left = day + 1, 0, left - here
    return found


def oracle(  # noqa: C901, PLR0912 - all the rules of the accounts in one place
    rows: list[Row],
) -> tuple[dict[tuple[str | None, str], Account], dict[tuple[int, str], float]]:
    """Return the account of every rep and day, and for each row and day the exact time that it keeps."""
    on_clock: dict[tuple[str, int], list[tuple[int, int, int]]] = defaultdict(list)
    sums: dict[str, Counter[tuple[str, int]]] = {name: Counter() for name in ("logged", "duplicate", "aside", "total")}
    kept: dict[tuple[int, str], float] = {}
    seen: set[tuple[object, ...]] = set()
    unplaced: dict[tuple[str | None, str], int] = {}
    for number, row in enumerate(rows):
        if row.kind == "bad":
            if row.text in READABLE:  # nobody's, or no day's, but an hour long
                account = READABLE[row.text]
                unplaced[account] = unplaced.get(account, 0) + 3600
            continue
        if row.kind == "total":
            sums["logged"][row.rep, row.day] += row.seconds
            sums["total"][row.rep, row.day] += row.seconds
            continue
        is_again = row.kind == "clock" and row.key in seen
        seen.add(row.key)
        for day, start, end in pieces(row):
            sums["logged"][row.rep, day] += end - start
            if row.kind == "long":
                sums["aside"][row.rep, day] += end - start
            elif is_again:
                sums["duplicate"][row.rep, day] += end - start
            else:
                on_clock[row.rep, day].append((number, start, end))
    accounts = {}
    for rep, day in sums["logged"]:
        spans = on_clock[rep, day]
        union = 0
        if spans:
            alive = np.zeros((len(spans), DAY), dtype=bool)
            for place, (_, start, end) in enumerate(spans):
                alive[place, start:end] = True
            union = int(alive.any(axis=0).sum())
            for (number, _, _), seconds in zip(spans, shares(spans, alive), strict=True):
                kept[number, date(day)] = seconds
        totals = sums["total"][rep, day]
        aside = sums["aside"][rep, day] + (totals if totals + union > DAY else 0)
        counted = union + (0 if totals + union > DAY else totals)
        overlap = sum(end - start for _, start, end in spans) - union
        accounts[rep, date(day)] = Account(
            sums["logged"][rep, day], counted, overlap, sums["duplicate"][rep, day], aside
        )
    for account, seconds in unplaced.items():
        accounts[account] = Account(logged=seconds, set_aside=seconds)
    return accounts, kept


def shares(spans: list[tuple[int, int, int]], alive: np.ndarray) -> list[float]:
    """Return what each span keeps: one inside another interrupts it, others share each second equally."""
    working = alive.copy()
    for outer, (_, start, end) in enumerate(spans):
        for inner, (_, inner_start, inner_end) in enumerate(spans):
            if start <= inner_start and inner_end <= end and inner_end - inner_start < end - start:
                working[outer] &= ~alive[inner]
    return (working / np.maximum(working.sum(axis=0), 1)).sum(axis=1).tolist()


# ------------------------------------------------------------------ what was built


def accounts_of(frames: dict[str, pl.DataFrame]) -> dict[tuple[str, str], Account]:
    columns = [f"{name}_seconds" for name in ("logged", "counted", "overlap", "duplicate", "set_aside")]
    return {
        (rep, str(day)): Account(*numbers)
        for rep, day, *numbers in frames["day_accounts"].select("rep_id", "local_date", *columns).iter_rows()
    }


def seconds_by_activity(frames: dict[str, pl.DataFrame]) -> dict[tuple[str, str, str], int]:
    return {
        (rep, str(day), code): seconds
        for rep, day, code, seconds in frames["entries"]
        .group_by("rep_id", "local_date", "activity_code")
        .agg(pl.col("seconds").sum())
        .iter_rows()
    }


def file_balance(frames: dict[str, pl.DataFrame]) -> list[tuple[int, int]]:
    parts = ("entries", "duplicates", "set_aside", "blank", "skipped")
    return [
        (row["records"], sum(row[part] for part in parts))
        for row in frames["source_accounts"].iter_rows(named=True)
    ]  # fmt: skip


@pytest.fixture
def built(tmp_path: Path, figures: Figures):
    number = 0

    def make(*files: list[Row], config=CONFIG) -> dict[str, pl.DataFrame]:
        nonlocal number
        number += 1
        logs = {f"{place}.csv": text_of(rows) for place, rows in enumerate(files)}
        return figures(write_study(tmp_path / f"study-{number}", logs), config)

    return make


# ------------------------------------------------------------------ properties


@QUICK
@given(rows_of_a_log, seeds)
def test_every_second_is_counted_or_explained(built, rows, seed) -> None:
    rows = repeated(rows, seed)
    frames = built(rows)
    expected, kept = oracle(rows)
    found = accounts_of(frames)
    assert found == expected
    for account in found.values():
        assert account.logged == sum(account[1:])
        assert account.counted <= DAY
    assert sum(account.counted for account in found.values()) == frames["entries"]["seconds"].sum()

    entries = frames["entries"].filter(pl.col("start_second").is_not_null())
    cuts = Counter(dict(entries.group_by("line", "local_date").len().select(
        pl.concat_str("line", "local_date", separator=" "), "len").iter_rows()))  # fmt: skip
    by_entry = {
        (line - 2, str(day)): seconds
        for line, day, seconds in entries.group_by("line", "local_date").agg(pl.col("seconds").sum()).iter_rows()
    }
    for place, exact in kept.items():  # cutting a stretch to whole seconds moves less than one at either end
        stretches = 2 * len(rows) if place not in by_entry else cuts[f"{place[0] + 2} {place[1]}"] + 1
        assert abs(by_entry.get(place, 0) - exact) <= stretches, rows[place[0]].text
    assert by_entry.keys() <= kept.keys()

    for (_, _), spans in entries.sort("rep_id", "start_second").group_by("rep_id", "local_date", maintain_order=True):
        stretches = list(spans.sort("start_second").select("start_second", "end_second").iter_rows())
        assert all(end <= start for (_, end), (start, _) in pairwise(stretches)), "two pieces of a rep overlap"

    assert all(records == explained for records, explained in file_balance(frames))
    assert sum(records for records, _ in file_balance(frames)) == len(rows)
    assert frames["int_entries"].height == len(rows)


@QUICK
@example([on_the_clock("anna", 0, 32_400, 1801, label) for label in ("expenses", "call", "training")], 1)
@given(rows_of_a_log, seeds)
def test_the_order_of_the_rows_changes_nothing(built, rows, seed) -> None:
    rows = repeated(rows, seed)
    shuffled = random.Random(seed).sample(rows, len(rows))
    frames, other = built(rows), built(shuffled)
    assert accounts_of(other) == accounts_of(frames)
    assert seconds_by_activity(other) == seconds_by_activity(frames)
    rules = [sorted(table["issues"]["rule"].to_list()) for table in (frames, other)]
    assert rules[0] == rules[1]


@QUICK
@given(rows_of_a_log, seeds)
def test_a_file_cut_in_two_gives_the_same_figures(built, rows, seed) -> None:
    # Equal day totals are two true half hours within a file, and one said twice in two files: none here.
    rows = list({row.key: row for row in rows}.values())
    rows += [row for row in repeated(rows, seed)[len(rows) :] if row.kind == "clock"]
    middle = len(rows) // 2
    whole, halves = built(rows), built(rows[:middle], rows[middle:])
    assert accounts_of(halves) == accounts_of(whole)
    assert seconds_by_activity(halves) == seconds_by_activity(whole)
    for name in ("records", "entries", "duplicates", "set_aside"):
        assert halves["source_accounts"][name].sum() == whole["source_accounts"][name].sum()


@settings(QUICK, max_examples=3)
@given(rows_of_a_log, seeds)
def test_classification_moves_no_time(built, rows, seed) -> None:
    rows = repeated(rows, seed)
    classified, unclassified = built(rows), built(rows, config=replace(CONFIG, rules=()))
    assert accounts_of(unclassified) == accounts_of(classified)
    assert set(unclassified["entries"]["activity_code"]) <= {"U"}
    assert sum(seconds_by_activity(classified).values()) == unclassified["entries"]["seconds"].sum()


def test_shares_of_the_categories_sum_to_one(sample) -> None:
    sums = (
        sample.frame("rpt_week_by_category")
        .group_by("team")
        .agg(pl.col("share").sum(), pl.col("hours_per_rep_week").sum())
    )
    assert sums.height == 4
    for _, share, _ in sums.iter_rows():
        assert share == pytest.approx(1, abs=1e-9)
    estimates = sample.frame("estimates").filter(pl.col("kind").is_in(["category", "activity"]))
    for _, of_kind in estimates.filter(pl.col("name") != "non_work").group_by("scope", "team", "kind"):
        if of_kind["kind"][0] == "category":
            assert of_kind["share"].sum() == pytest.approx(1, abs=1e-9)
