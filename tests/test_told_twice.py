"""One piece of time that several instruments tell counts once, whatever the logs hold and in whichever order they come.

The truth comes from an oracle that compares every two entries of a rep, without SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from studies import write_study

from timewaste.config import parse_config
from timewaste.errors import ConfigError
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
FIRST = dt.date(2026, 3, 2)
HEAD = "rep,date,start,end,activity,account\n"
FILES = {
    "observer.csv": "observer",
    "timer.csv": "timer",
    "self.csv": "self_log",
    "calendar.csv": "calendar",
    "crm.csv": "crm",
}
CONFIG = "".join(f'[[source]]\nmatch = "{file}"\ninstrument = "{instrument}"\n\n' for file, instrument in FILES.items())
RANKS = {file: rank for rank, file in enumerate(FILES)}
QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Entry(NamedTuple):
    file: str
    rep: str
    start: int  # from the first midnight
    seconds: int
    label: str
    account: str

    @property
    def end(self) -> int:
        return self.start + self.seconds

    @property
    def text(self) -> str:
        day, start = divmod(self.start, DAY)
        ends = self.end % DAY
        date = (FIRST + dt.timedelta(days=day)).isoformat()
        return f"{self.rep},{date},{_clock(start)},{_clock(ends)},{self.label},{self.account}"


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"


# Few different edges, so that entries meet, nest, touch and repeat; some late enough to go over midnight.
starts = st.builds(
    lambda day, minute: day * DAY + minute * 60,
    st.integers(0, 1),
    st.one_of(st.sampled_from(range(9 * 60, 12 * 60, 10)), st.integers(23 * 60, 24 * 60 - 1), st.integers(0, 60)),
)
entries_of_a_study = st.lists(
    st.builds(
        Entry,
        st.sampled_from(list(FILES)),
        st.sampled_from(("anna", "ben")),
        starts,
        st.sampled_from((5, 10, 20, 30, 31, 45, 60, 90)).map(lambda minutes: minutes * 60),
        st.sampled_from(("call", "demo")),
        st.sampled_from(("", "", "Acme", "ACME", "Beta")),
    ),
    min_size=10,
    max_size=50,
)


# ------------------------------------------------------------------ the oracle


def exact_duplicates(entries: list[Entry]) -> set[int]:
    """Return the places of entries that an earlier line of the same file says already."""
    seen: set[Entry] = set()
    found = set()
    for place, entry in enumerate(entries):
        if entry in seen:
            found.add(place)
        seen.add(entry)
    return found


def overlap(one: Entry, other: Entry) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def is_same_time(lesser: Entry, better: Entry) -> bool:
    accounts = lesser.account.lower(), better.account.lower()
    if all(accounts) and accounts[0] != accounts[1]:
        return False
    if overlap(lesser, better) >= lesser.seconds / 2:
        return True
    return all(accounts) and abs(lesser.start - better.start) <= 20 * 60


def told_twice(entries: list[Entry], dropped: set[int]) -> dict[int, int]:
    """Return the places of entries that a better instrument tells, each with the place of the one that counts."""
    links: dict[int, int] = {}
    for rank in range(1, len(FILES)):
        level = {}
        for place, entry in enumerate(entries):
            if place in dropped or RANKS[entry.file] != rank:
                continue
            better = [
                (RANKS[other.file], -overlap(entry, other), number)
                for number, other in enumerate(entries)
                if number not in dropped
                and number not in links
                and RANKS[other.file] < rank
                and other.rep == entry.rep
                and is_same_time(entry, other)
            ]
            if better:
                level[place] = min(better)[2]
        links |= level
    return links


def by_day(entries: list[Entry]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        day, at = divmod(entry.start, DAY)
        first = min(entry.seconds, DAY - at)
        for offset, seconds in ((0, first), (1, entry.seconds - first)):
            if seconds:
                found[entry.rep, (FIRST + dt.timedelta(days=day + offset)).isoformat()] += seconds
    return dict(found)


def on_the_clock(entries: list[Entry]) -> dict[tuple[str, str], int]:
    """Return the time of each rep and day that at least one entry covers."""
    minutes = defaultdict(set)
    for entry in entries:
        minutes[entry.rep].update(range(entry.start // 60, entry.end // 60))
    return by_day([Entry("", rep, minute * 60, 60, "", "") for rep, found in minutes.items() for minute in found])


def write(folder: Path, entries: list[Entry]) -> tuple[Path, dict[int, tuple[str, int]]]:
    """Write the logs, and return where each entry stands."""
    lines: dict[str, list[str]] = {}
    places = {}
    for number, entry in enumerate(entries):
        log = lines.setdefault(entry.file, [])
        log.append(entry.text)
        places[number] = (entry.file, len(log) + 1)
    logs = {file: HEAD + "\n".join(log) + "\n" for file, log in lines.items()}
    for path in (folder / "logs").glob("*.csv"):
        path.unlink()
    return write_study(folder, logs, CONFIG), places


@given(entries=entries_of_a_study)
@QUICK
def test_every_entry_and_second_is_counted_once_or_linked_to_the_one_that_counts(entries, tmp_path, figures):
    folder, places = write(tmp_path, entries)
    copies = exact_duplicates(entries)
    links = told_twice(entries, copies)
    counting = [entry for place, entry in enumerate(entries) if place not in copies and place not in links]
    lost = [entries[place] for place in (*copies, *links)]
    frames = figures(folder)

    same_time = frames["same_time"]
    found = {
        (file, line): (counted_file, counted_line)
        for file, line, counted_file, counted_line in same_time.select(
            "file", "line", "counted_file", "counted_line"
        ).iter_rows()
    }
    assert found == {places[lesser]: places[better] for lesser, better in links.items()}
    assert not set(same_time["counted_entry_id"]) & set(same_time["entry_id"])
    assert not set(frames["entries"]["entry_id"]) & set(same_time["entry_id"])

    accounts = frames["source_accounts"]
    assert accounts["records"].sum() == len(entries)
    duplicates = Counter(entry.file for entry in lost)
    for file, records, counted, doubled, aside in accounts.select(
        "file", "records", "entries", "duplicates", "set_aside"
    ).iter_rows():
        assert doubled == duplicates[file]
        assert records == counted + doubled + aside

    days = frames["day_accounts"].with_columns(day=frames["day_accounts"]["local_date"].cast(str))
    parts = {
        name: {(rep, day): value for rep, day, value in days.select("rep_id", "day", name).iter_rows() if value}
        for name in ("logged_seconds", "counted_seconds", "duplicate_seconds")
    }
    assert parts["logged_seconds"] == by_day(entries)
    assert parts["duplicate_seconds"] == by_day(lost)
    assert parts["counted_seconds"] == on_the_clock(counting)


# ---------------------------------------------------------- logs that come and go

MEETING = {
    "calendar.csv": HEAD + "anna,2026-03-02,09:00,10:00,customer meeting,\nben,2026-03-02,09:00,10:00,demo,\n",
    "crm.csv": HEAD + "anna,2026-03-02,09:30,10:30,demo,Acme\nanna,2026-03-02,23:45,00:15,call,Beta\n",
    "self.csv": HEAD + "anna,2026-03-02,09:00,09:40,customer meeting,\nanna,2026-03-02,23:50,00:20,call,Beta\n",
    "timer.csv": HEAD + "ben,2026-03-02,09:10,09:20,expenses,\nanna,2026-03-03,00:10,00:40,call,beta\n",
}
TABLES = ("entries", "day_accounts", "source_accounts", "issues", "same_time", "rep_days", "rpt_accounts")


def settle(folder: Path, names: set[str]) -> Study:
    for path in (folder / "logs").glob("*.csv"):
        if path.name not in names:
            path.unlink()
    return Study(write_study(folder, {name: MEETING[name] for name in sorted(names)}, CONFIG))


def assert_as_new(study: Study, fresh: Path, names: set[str]) -> None:
    for name, frame in open_study(settle(fresh, names).folder).frames(*TABLES).items():
        assert_frame_equal(study.frame(name), frame, check_row_order=False, check_exact=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"calendar.csv", "crm.csv"}, {"calendar.csv", "crm.csv", "self.csv"}),
        ({"calendar.csv", "crm.csv", "self.csv"}, {"calendar.csv", "crm.csv"}),
        ({"self.csv", "crm.csv"}, {"self.csv", "crm.csv", "timer.csv"}),
        ({"crm.csv"}, {"crm.csv", "calendar.csv"}),
        (set(MEETING), {"crm.csv", "timer.csv"}),
    ],
)
def test_a_better_instrument_that_comes_or_goes_later_gives_the_same_as_from_nothing(before, after, tmp_path):
    settle(tmp_path / "study", before).refresh()
    study = settle(tmp_path / "study", after)
    study.refresh()
    assert_as_new(study, tmp_path / "fresh", after)


def test_only_the_rows_of_the_reps_concerned_are_worked_out_anew(tmp_path):
    settle(tmp_path / "study", {"calendar.csv", "self.csv"}).refresh()
    study = settle(tmp_path / "study", {"calendar.csv", "self.csv", "crm.csv"})
    assert {"int_told_twice", "int_duplicates", "int_exact_duplicates"} <= set(study.refresh().mended)


# ------------------------------------------------------------------- the settings


def test_the_order_of_instruments_is_completed():
    assert parse_config({}).instruments == ("observer", "timer", "self_log", "calendar", "crm", "system")
    told = parse_config({"study": {"instruments": ["calendar", "self_log"]}})
    assert told.instruments == ("calendar", "self_log", "observer", "timer", "crm", "system")


@pytest.mark.parametrize(
    ("instruments", "what"), [(["calender"], "'calender'"), (["timer", "timer"], "twice"), ("timer", "a list")]
)
def test_an_order_nobody_can_follow_is_refused(instruments, what):
    with pytest.raises(ConfigError, match=what) as caught:
        parse_config({"study": {"instruments": instruments}})
    assert "instruments" in caught.value.where


def test_another_order_makes_another_entry_count(tmp_path):
    folder = write_study(
        tmp_path,
        {name: MEETING[name] for name in ("calendar.csv", "crm.csv")},
        '[study]\ninstruments = ["crm"]\n\n' + CONFIG,
    )
    study = open_study(folder)
    assert study.sql("select file, counted_file from same_time").rows() == [("calendar.csv", "crm.csv")]
    (folder / "timewaste.toml").write_text(CONFIG, encoding="utf-8")
    assert open_study(folder).sql("select file, counted_file from same_time").rows() == [("crm.csv", "calendar.csv")]
