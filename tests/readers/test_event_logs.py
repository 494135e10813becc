"""Event logs in tables: which headers are known, and what their rows tell."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xes_logs import event, log, trace

from timewaste.config import SourceConfig
from timewaste.readers import events, open_file
from timewaste.readers.columns import plain
from timewaste.readers.layouts import recognise
from timewaste.readers.sheet import BATCH_COLUMNS
from timewaste.readers.told import told_sheet

XES_NAMES = "case:concept:name,concept:name,time:timestamp"


def tell(text, **said):
    """Read the rows of a table as its layout tells them: the layout's name, the rows by line, the tally."""
    reader = csv.reader(io.StringIO(text))
    cells = tuple(next(reader))
    names = [plain(cell) for cell in cells]
    layout = recognise(names)
    records = [(reader.line_num, dict(zip(names, row, strict=True))) for row in reader]
    sheet = told_sheet(
        relative="log.csv",
        sheet=None,
        format="csv",
        layout=layout.title,
        rows=lambda tally: layout.translate_table(cells, SourceConfig(**said), iter(records), tally),
        instrument=layout.instrument,
    )
    schema = {name: pl.Int64 if name == "line" else pl.String for name in BATCH_COLUMNS}
    frame = pl.concat([pl.DataFrame(schema=schema), *sheet.batches()])
    assert sheet.tally.rows_read == len(records) == frame.height + sheet.tally.skipped
    return layout.name, {row["line"]: row for row in frame.rows(named=True)}, sheet.tally


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (XES_NAMES, "event_log"),
        (f"{XES_NAMES},start_timestamp,org:resource,org:group,lifecycle:transition,case:amount", "event_log"),
        ("CaseID,ActivityID,CompleteTimestamp", "event_log_completions"),
        ("case_id,start_time,end_time,Activity,Resource,enabled_time", "event_log_intervals"),
        ("Case ID,Activity,Resource,Start Timestamp,Complete Timestamp", "event_log_intervals"),
        ("case_id,activity,timestamp,resource", "event_log_moments"),
        # A daily log may name a case, too.
        ("Rep,Case ID,Activity,Start time,End time", ""),
        ("Rep,Date,Start,End,Activity", ""),
        ("Project,Client,Description,User,Email,Start Date,Start Time,End Date,End Time,Duration (h)", ""),
    ],
)
def test_event_logs_are_known_by_their_headers(header, name):
    found = recognise(map(plain, header.split(",")))
    assert (found.name if found and found.instrument == "system" else "") == name


def test_rows_with_start_and_end_are_intervals():
    _, rows, _ = tell(
        "Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,(case)_Amount\n"
        "7,Check  form,Ida Holm,2026/03/02 09:00:00.000,2026/03/02 09:30:00.000,1200\n"
        "7,Send,Ida Holm,,2026/03/02 10:00:00.000,1200\n"
    )
    first = rows[2]
    assert (first["opportunity"], first["label"], first["rep"]) == ("7", "Check  form", "Ida Holm")
    assert (first["start_text"], first["end_text"]) == ("2026/03/02 09:00:00.000", "2026/03/02 09:30:00.000")
    assert json.loads(first["extra"]) == {"(case)_Amount": "1200"}
    assert (rows[3]["start_text"], rows[3]["end_text"]) == ("2026/03/02 10:00:00.000", None)


def test_rows_with_one_time_are_points():
    _, rows, tally = tell("CaseID,ActivityID,CompleteTimestamp\n2,8,2010-01-13 12:30:37\n3,1,2010-01-14\n")
    assert (rows[2]["start_text"], rows[2]["end_text"], rows[2]["duration_text"]) == ("2010-01-13 12:30:37", None, None)
    assert (rows[3]["date_text"], rows[3]["start_text"]) == ("2010-01-14", None)
    assert tally.issues == []


def test_starts_and_completions_pair_although_cases_stand_between_them():
    _, rows, tally = tell(
        f"{XES_NAMES},org:resource,lifecycle:transition\n"
        "Q-1,Check,2026-03-02T09:00:00Z,Ida Holm,start\n"
        "Q-2,Check,2026-03-02T09:05:00Z,Ida Holm,start\n"
        "Q-1,Check,2026-03-02T09:10:00Z,Ida Holm,complete\n"
        "Q-3,Check,2026-03-02T09:15:00Z,Ida Holm,start\n"
        "Q-2,Check,2026-03-02T09:20:00Z,Ida Holm,complete\n"
        "Q-2,Approve,2026-03-02T09:20:00Z,System,complete\n"
    )
    assert (rows[4]["start_text"], rows[4]["end_text"]) == ("2026-03-02T09:00:00Z", "2026-03-02T09:10:00Z")
    assert (rows[6]["start_text"], rows[6]["end_text"]) == ("2026-03-02T09:05:00Z", "2026-03-02T09:20:00Z")
    assert [(issue.line, issue.rule) for issue in tally.issues] == [(7, "event/system"), (5, "event/unpaired")]
    assert [(note.rule, note.value) for note in tally.notes] == [("event/paired", "2 starts")]


def test_cases_without_a_name_count_and_say_so():
    _, rows, tally = tell(f"{XES_NAMES},org:resource\n,Check,2026-03-02T09:00:00Z,Ida Holm\n")
    assert rows[2]["label"] == "Check"
    assert [(issue.rule, issue.column, issue.treatment) for issue in tally.issues] == [
        ("event/no_case", "case:concept:name", "noted"),
    ]  # fmt: skip


def test_settings_name_other_columns():
    text = "case_id,Activity,Resource,start_time,end_time,Who\n1,Check,R7,2026-03-02 09:00,2026-03-02 09:30,Ida\n"
    _, rows, _ = tell(text, columns={"rep": "Who"})
    assert rows[2]["rep"] == "Ida"
    assert json.loads(rows[2]["extra"]) == {"Resource": "R7"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["Q-1", "Q-2"]), st.sampled_from(["Check", "Approve"]), st.sampled_from(["Ida", "Per"]),
        st.sampled_from(["start", "complete", "schedule", "suspend", "resume"]),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


@given(steps=STEPS)
def test_a_table_tells_what_the_same_log_in_xml_tells(tmp_path_factory, steps):
    """One case at a time, as XES has them: both ways of writing it give the same rows."""
    steps = sorted(steps, key=lambda step: step[0])
    moments = [f"2026-03-02T09:{number:02}:00Z" for number in range(len(steps))]
    lines = [
        f"{case},{label},{moment},{rep},{how}" for (case, label, rep, how), moment in zip(steps, moments, strict=True)
    ]
    _, table, tally = tell(f"{XES_NAMES},org:resource,lifecycle:transition\n" + "\n".join(lines) + "\n")
    cases = {case: [] for case, *_ in steps}
    for (case, label, rep, how), moment in zip(steps, moments, strict=True):
        cases[case].append(event(label, moment, rep, how))
    path = tmp_path_factory.mktemp("xes") / "log.xes"
    path.write_text(log(*(trace(*inner, name=case) for case, inner in cases.items())), encoding="utf-8")
    (sheet,) = open_file(path, "log.xes", SourceConfig())
    rows = {row["line"] + 1: row for batch in sheet.batches() for row in batch.rows(named=True)}
    assert {line: row | {"line": 0} for line, row in table.items()} == {
        line: row | {"line": 0} for line, row in rows.items()
    }
    assert sorted(issue.line for issue in tally.issues) == sorted(issue.line + 1 for issue in sheet.tally.issues)
    assert tally.skipped == sheet.tally.skipped


def test_starts_that_wait_have_a_bound_of_text_too(monkeypatch):
    monkeypatch.setattr(events, "MAX_OPEN_CHARACTERS", 1_000)
    lines = [f"Q-{n},Check,2026-03-02T09:00:00Z,start,{'x' * 300}" for n in range(9)]
    _, _, tally = tell(f"{XES_NAMES},lifecycle:transition,remark\n" + "\n".join(lines) + "\n")
    assert [issue.line for issue in tally.issues] == list(range(2, 11))
