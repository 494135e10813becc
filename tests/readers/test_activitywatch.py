"""ActivityWatch: streams that run side by side are united, never added up."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracker_files import BEGIN, HERE, activitywatch, bucket, event, presence, web, window

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file
from timewaste.readers.activitywatch_spans import uppermost


def clock(text):
    """Return the seconds from the beginning that a written moment is."""
    return int((dt.datetime.fromisoformat(text) - BEGIN).total_seconds())


def pieces(found):
    return [
        (clock(start), clock(end), label)
        for start, end, label in found.frame.select("start_text", "end_text", "label").rows()
        if start
    ]


def test_a_window_counts_while_somebody_is_there(read):
    there = presence(event(100, 50, status="not-afk"), event(60, 40, status="afk"), event(0, 60, status="not-afk"))
    found = read(activitywatch(w=window(event(40, 70.5, app="Excel", title="forecast")), a=there), "aw.json")
    assert found.sheet.layout == "ActivityWatch export"
    assert (found.sheet.sheet, found.sheet.rep_default) == ("LAPTOP", "LAPTOP")
    assert found.sheet.instrument == "timer"
    assert pieces(found) == [(40, 60, "forecast"), (100, 110, "forecast")]
    assert json.loads(found.column("extra")[0]) == {"app": "Excel"}
    assert found.sheet.tally.rows_read == 5  # two pieces of one window, three events of presence
    assert found.sheet.tally.skipped == 3


def test_presence_that_overlaps_itself_is_what_was_said_last(read):
    there = presence(event(0, 100, status="not-afk"), event(50, 100, status="afk"), event(90, 20, status="not-afk"))
    found = read(activitywatch(w=window(event(0, 200, app="Excel", title="x")), a=there), "aw.json")
    assert pieces(found) == [(0, 50, "x"), (90, 110, "x")]


def test_browser_time_is_split_by_site_and_nothing_else_is(read):
    sites = web(
        event(10, 20, url="https://crm.example.com/deal/7?token=secret", title="Deal 7", incognito=False),
        event(30, 20, url="https://mail.example.com/", title="Inbox", incognito=False),
        event(35, 5, url="https://x.example", title="Secret", incognito=True),
        host="unknown",
    )
    windows = window(event(0, 40, app="firefox.exe", title="Firefox"), event(40, 20, app="Excel", title="forecast"))
    found = read(activitywatch(w=windows, a=HERE, s=sites), "aw.json")
    assert pieces(found) == [
        (0, 10, "Firefox"), (10, 30, "Deal 7"), (30, 35, "Inbox"), (35, 40, "Private browsing"), (40, 60, "forecast"),
    ]  # fmt: skip
    assert json.loads(found.column("extra")[1])["host"] == "crm.example.com"
    assert "secret" not in repr(found.frame.rows()).lower()


def test_windows_that_overlap_are_counted_once(read):
    windows = window(event(20, 10, app="b", title="b"), event(0, 100, app="a", title="a"), event(0, 0.4, app="z"))
    found = read(activitywatch(w=windows, a=HERE), "aw.json")
    assert sorted(pieces(found)) == [(0, 20, "a"), (20, 30, "b"), (30, 100, "a")]
    assert found.rules == []
    assert ("tracker/zero_length", "1 events") in [(note.rule, note.value) for note in found.sheet.tally.notes]


def test_hidden_and_absent_windows_are_told_apart(read):
    there = presence(event(0, 50, status="not-afk"), event(50, 100, status="afk"))
    windows = window(event(10, 10, app="a", title="a"), event(10, 10, app="b", title="b"), event(60, 5, app="c"))
    found = read(activitywatch(w=windows, a=there), "aw.json")
    assert pieces(found) == [(10, 20, "b")]
    assert {note.rule: note.value for note in found.sheet.tally.notes} == {
        "tracker/shadowed": "1 events", "activitywatch/away": "1 events; nobody was there for 0.0 hours",
    }  # fmt: skip
    assert found.sheet.tally.skipped == 4


def test_neighbours_lose_no_second_to_their_fractions(read):
    cuts = [0, 1.4, 2.9, 3.2, 3.3, 8.75, 10.5]
    windows = window(*(event(a, b - a, app="a", title=str(a)) for a, b in itertools.pairwise(cuts)))
    found = read(activitywatch(w=windows, a=HERE), "aw.json")
    assert sum(end - start for start, end, _ in pieces(found)) == 10


@pytest.mark.parametrize("shape", ["object", "list", "dump"])
def test_buckets_in_each_shape(read, shape):
    one, two = window(event(0, 10, app="a", title="x")), presence(event(0, 5, status="not-afk"))
    names = {"aw-watcher-window_LAPTOP": one | {"id": ""}, "aw-watcher-afk_L": two | {"id": ""}}
    content = {
        "object": {"buckets": {"w": one, "a": two}},
        "list": {"buckets": [one, two]},
        "dump": {
            "buckets": {
                name: {key: value for key, value in bucket.items() if key not in {"events", "type"}}
                for name, bucket in names.items()
            },
            "events": {"aw-watcher-window_LAPTOP": one["events"], "aw-watcher-afk_L": two["events"]},
        },
    }[shape]  # fmt: skip
    found = read(json.dumps(content), "aw.json")
    assert pieces(found) == [(0, 5, "x")]


def test_what_is_told_of_a_bucket_may_stand_behind_its_events(read):
    one = window(event(0, 10, app="a", title="x"))
    turned = {"events": one.pop("events")} | one
    assert pieces(read(activitywatch(w=turned), "aw.json")) == [(0, 10, "x")]


def test_a_sheet_for_each_computer_and_no_event_is_lost(write):
    path = write(
        activitywatch(
            a=window(event(0, 10, app="a", title="x"), host="ONE"),
            b=window(event(0, 20, app="a", title="y"), event(30, 5, app="a"), host="TWO"),
            c=presence(event(0, 5, status="not-afk"), host="TWO"),
            d=web(event(0, 5, title="z", url=""), host="unknown"),
            e=bucket("general.stopwatch", event(0, 5, label="x"), host="ONE"),
            f=bucket("app.editor.activity", host="ONE"),
        ),
        "aw.json",
    )
    sheets = open_file(path, "aw.json", SourceConfig())
    rows = [sum(batch.height for batch in sheet.batches()) for sheet in sheets]
    assert [sheet.sheet for sheet in sheets] == ["ONE", "TWO"]
    assert rows == [1, 1]
    assert [sheet.tally.rows_read for sheet in sheets] == [3, 3]
    notes = [{issue.rule: issue.value for issue in sheet.notes} for sheet in sheets]
    assert "activitywatch/no_presence" in notes[0]
    assert "general.stopwatch: 1 events" in notes[0]["activitywatch/unused"]
    assert notes[1]["activitywatch/parallel"] == "afkstatus: 1 events"


def test_without_windows_the_sites_are_the_entries(read):
    content = activitywatch(
        s=web(event(0, 20, url="https://crm.example.com/x", title="Deal"), host="ONE"),
        a=presence(event(0, 10, status="not-afk"), host="ONE"),
    )
    found = read(content, "aw.json")
    assert pieces(found) == [(0, 10, "Deal")]
    assert json.loads(found.column("extra")[0])["host"] == "crm.example.com"


def test_an_export_without_windows_or_sites_is_refused(write):
    with pytest.raises(ReadError, match="afkstatus") as caught:
        open_file(write(activitywatch(a=HERE), "aw.json"), "aw.json", SourceConfig())
    assert caught.value.code == "activitywatch/no-window"


def test_events_that_cannot_be_read_are_set_aside(read):
    bad = [
        {"timestamp": "yesterday", "duration": 5, "data": {"app": "a"}},
        {"timestamp": BEGIN.isoformat(), "duration": -5, "data": {"app": "a"}},
        {"timestamp": BEGIN.isoformat(), "data": "x"},
        7,
    ]
    found = read(activitywatch(w=window(*bad, event(0, 5, app="a", title="x")), a=HERE), "aw.json")
    rules = [rule for _, rule in found.rules]
    assert rules == ["activitywatch/timestamp", *["activitywatch/duration"] * 2, "activitywatch/timestamp"]
    assert pieces(found) == [(0, 5, "x")]


def test_private_windows_keep_no_title(read):
    titles = ["Oncologist — Mozilla Firefox Private Browsing", "Oncologist - Google Chrome (Incognito)"]
    found = read(
        activitywatch(w=window(*(event(n * 9, 5, app="x", title=t) for n, t in enumerate(titles))), a=HERE), "a.json"
    )
    assert found.column("label") == ["Private browsing"] * 2
    assert "Oncologist" not in repr(found.frame.rows())


# --------------------------------------------------------------------- CSV


def test_report_as_csv(read):
    found = read(
        "timestamp,duration,category,app,title\n"
        "2026-11-19T13:25:37.839000+00:00,20.577,Work > CRM,firefox.exe,Deal 7\n"
        "2026-11-19T13:25:34.693000+00:00,0.0,Work,Code.exe,x\n"
        "2026-11-19T13:25:34.693000+00:00,-3,Work,Code.exe,x\n",
        rep="file",
    )
    assert found.sheet.layout == "ActivityWatch report"
    assert "activitywatch/no_presence" not in found.noted  # a report is cut to when somebody was there
    row = found.row(2)
    assert (row["start_text"], row["end_text"]) == ("2026-11-19T13:25:37Z", "2026-11-19T13:25:58Z")
    assert (row["label"], row["duration_text"], row["notes"]) == ("Deal 7", None, None)
    assert json.loads(row["extra"]) == {"category": "Work > CRM", "app": "firefox.exe"}
    assert found.rules == [(3, "tracker/zero_length"), (4, "activitywatch/duration")]


def test_one_bucket_as_csv(read, write):
    windows = read("timestamp,duration,app,title\n2026-11-19T13:25:37+00:00,20,Excel,forecast\n", rep="file")
    assert windows.column("label") == ["forecast"]
    assert "activitywatch/no_presence" in windows.noted
    sites = read(
        "timestamp,duration,url,title,audible,incognito,tabCount\n"
        "2026-11-19T13:25:37+00:00,20,https://crm.example.com/x?t=1,Deal,false,false,3\n"
        "2026-11-19T13:26:37+00:00,20,https://x.example/y,Oncologist,false,true,3\n",
        rep="file",
    )
    assert sites.column("label") == ["Deal", "Private browsing"]
    assert json.loads(sites.column("extra")[0])["host"] == "crm.example.com"
    assert "x.example" not in sites.column("extra")[1]
    assert "Oncologist" not in repr(sites.frame.rows())
    path = write("timestamp,duration,status\n2026-11-19T13:25:37+00:00,20,afk\n")
    with pytest.raises(ReadError, match="when somebody was there"):
        open_file(path, "log.csv", SourceConfig())


# --------------------------------------------------------------- properties

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=12)


@given(SPANS)
def test_what_is_seen_from_above_is_the_union_and_the_latest(spans):
    given_spans = [(start, start + length, number) for number, (start, length) in enumerate(spans)]
    seen = uppermost(given_spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(seen))
    owner = {second: number for start, end, number in seen for second in range(start, end)}
    for second in range(90):
        over = [(start, -end, number) for start, end, number in given_spans if start <= second < end]
        assert (second in owner) == bool(over)
        if over:
            assert given_spans[owner[second]][0] == max(over)[0]


@settings(max_examples=60, deadline=None)
@given(windows=SPANS, away=SPANS, sites=SPANS)
def test_seconds_counted_are_seconds_there_with_a_window_in_front(tmp_path_factory, windows, away, sites):
    path = tmp_path_factory.mktemp("aw") / "aw.json"
    content = activitywatch(
        w=window(*(event(a, n, app="firefox" if a % 2 else "Excel", title=str(i)) for i, (a, n) in enumerate(windows))),
        a=presence(event(0, 100, status="not-afk"), *(event(a + 0.5, n, status="afk") for a, n in away)),
        s=web(*(event(a, n, url=f"https://h{i % 3}.example/", title=f"s{i % 3}") for i, (a, n) in enumerate(sites))),
    )  # fmt: skip
    path.write_text(content, encoding="utf-8")
    (sheet,) = open_file(path, "aw.json", SourceConfig())
    frames = list(sheet.batches())
    rows = [row for frame in frames for row in frame.select("start_text", "end_text").rows() if row[0]]
    counted = sorted(second for start, end in rows for second in range(clock(start), clock(end)))
    shown = {second for a, n in windows for second in range(a, a + n)}
    gone = {second for a, n in away for second in range(a, a + n)} if away else set()
    assert counted == sorted(shown - gone)
    assert sum(frame.height for frame in frames) + sheet.tally.skipped == sheet.tally.rows_read
    lines = {line for frame in frames for line in frame["line"]}
    assert len(lines) == sum(frame.height for frame in frames)
