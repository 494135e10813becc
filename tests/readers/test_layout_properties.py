"""Whatever a tracker or calendar writes comes back, and no row is lost."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracker_files import GOOGLE, HARVEST, KIMAI, OUTLOOK_ENGLISH, TIMR, TOGGL, clockify_row

from timewaste.config import SourceConfig
from timewaste.readers import open_file

TEXT = st.text(st.sampled_from("ab1 ,;\"'\n\té\u00a0😀.\\("), max_size=8)
DAY = st.dates().map(str)
CLOCK = st.times().map(lambda time: time.strftime("%H:%M:%S"))
OTHER = ["Ana", "2026-03-02", "12:00:00", "0:30:00", "true"]
RESCUETIME = "Date,Time Spent (seconds),Number of People,Activity,Category,Productivity"
AW_REPORT = "timestamp,duration,category,app,title"
# Header -> the header of the label, what feeds the RAW columns, and the cells that must be right.
TABLES = {
    "toggl": (TOGGL.split(","), {"label": "Description", "account": "Client", "date_text": "Start date"}, {}),
    "clockify": (list(clockify_row()), {"account": "Client", "date_text": "Start Date"}, {"Type": "Regular"}),
    "harvest": (HARVEST.split(","), {"label": "Task", "notes": "Notes", "duration_text": "Hours"}, {}),
    "kimai": (KIMAI.split(","), {"label": "Activity", "account": "Customer"}, {"Type": "timesheet"}),
    "timr": (TIMR.split(","), {"rep": "User"}, {"Break": "0", "Start": "1.2.2026 9:00", "End": "1.2.2026 10:00"}),
    "outlook": (
        next(csv.reader([OUTLOOK_ENGLISH])),
        {"label": "Subject", "notes": "Description", "start_text": "Start Time"},
        {"All day event": "False", "Private": "False", "Sensitivity": "Normal", "Show time as": "2"},
    ),
    "google": (
        GOOGLE.split(","), {"label": "Subject", "notes": "Description"}, {"Private": "False", "All Day Event": "False"},
    ),
    "rescuetime": (RESCUETIME.split(","), {"label": "Activity"}, {"Date": "2026-09-01T10:55:00"}),
    "report": (AW_REPORT.split(","), {"label": "title"}, {"timestamp": "2026-01-01T00:00:00Z", "duration": "60"}),
}  # fmt: skip


def blank_to_none(text):
    return text.strip(" \t\r\n\u00a0") or None


def read_rows(path, **said):
    (sheet,) = open_file(path, path.name, SourceConfig(rep="file", **said))
    rows = [row for batch in sheet.batches() for row in batch.iter_rows(named=True)]
    assert len(rows) + sheet.tally.blank + sheet.tally.skipped == sheet.tally.rows_read
    return sheet, rows


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_is_read(tmp_path, name, data):
    header, fields, fixed = TABLES[name]
    texts = set(fields.values()) - set(fixed)
    count = data.draw(st.integers(1, 5))
    rows = [
        [fixed.get(head) or (data.draw(TEXT) if head in texts else OTHER[(len(head) + n) % 5]) for head in header]
        for n in range(count)
    ]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([header, *rows])
    path = tmp_path / "log.csv"
    path.write_bytes(out.getvalue().encode())
    sheet, read = read_rows(path, delimiter=",")
    assert sheet.layout
    assert sheet.tally.rows_read == count
    for cells, row in zip(rows, read, strict=True):
        said = dict(zip(header, cells, strict=True))
        for field, head in fields.items():
            wanted = blank_to_none(said[head])
            if name == "kimai" and wanted:
                wanted = blank_to_none(wanted.removeprefix("' "))
            if field == "label" and wanted is None:
                continue  # another column may say it
            if field == "account" and wanted and wanted.startswith("("):
                continue
            assert row[field] == wanted
        kept = {*fields.values(), *fixed}
        extra = json.loads(row["extra"] or "{}")
        for head, text in said.items():  # what no field takes is kept
            if head in extra and head not in kept:
                assert extra[head] == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(DAY, CLOCK, CLOCK, TEXT, st.sampled_from(["Regular", "Break"])), min_size=1, max_size=6),
)
def test_clockify_rows_keep_their_times_and_kind(tmp_path, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, clockify_row(), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for day, start, end, text, kind in rows:
        times = {"Start Date": day, "Start Time": start, "End Date": day, "End Time": end}
        writer.writerow(clockify_row(Description=text, Type=kind, **times))
    path = tmp_path / "log.csv"
    path.write_bytes(out.getvalue().encode())
    _, read = read_rows(path)
    assert [(row["date_text"], row["start_text"], row["end_text"]) for row in read] == [row[:3] for row in rows]
    for (*_, text, kind), row in zip(rows, read, strict=True):
        typed = blank_to_none(text.replace("''", '"'))
        if kind == "Break":
            assert row["label"] == (f"Break: {typed}" if typed else "Break")
        else:
            assert row["label"] == (typed or "Calls")
