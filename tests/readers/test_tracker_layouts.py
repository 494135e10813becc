"""Exports of time trackers as tables: each header that occurs, and each quirk."""

from __future__ import annotations

import json

import pytest
from tracker_files import HARVEST, KIMAI, KIMAI_DE, KIMAI_FR, TOGGL, clockify, clockify_row, kimai, timr

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file

CLOCKIFY = (
    '"Project","Client","Description","Task","User","Group","Email","Tags","Type","Billable","Invoiced","Invoice ID",'
    '"Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (EUR)",'
    '"Billable Amount (EUR)","Date of creation"'
)


def extra(found, line):
    return json.loads(found.row(line)["extra"] or "{}")


# ------------------------------------------------------------------- Toggl


@pytest.mark.parametrize("last", ["", ",Amount ()", ",Amount (USD)", ",Amount (EUR)"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_toggl_with_every_last_column_and_with_a_byte_order_mark(read, last, start):
    header = TOGGL.removesuffix(",Amount ()") + last
    money = "," if last else ""
    found = read(
        f"{start}{header}\r\n"
        f"Ana Ruiz,ana@example.org,Northwind,Renewal,,Customer meeting,No,2026-01-12,12:00:15,2026-01-12,13:16:14,"
        f"01:15:59,MentorMeeting{money}\r\n"
    )
    assert found.sheet.layout == "Toggl Track detailed report"
    assert found.sheet.instrument == "timer"
    assert found.sheet.time_zone == ""
    row = found.row(2)
    assert row["rep"] == "ana@example.org"
    assert (row["date_text"], row["start_text"]) == ("2026-01-12", "12:00:15")
    assert (row["end_date_text"], row["end_text"], row["duration_text"]) == ("2026-01-12", "13:16:14", "01:15:59")
    assert (row["label"], row["account"]) == ("Customer meeting", "Northwind")
    assert extra(found, 2) == {"User": "Ana Ruiz", "Project": "Renewal", "Billable": "No", "Tags": "MentorMeeting"}


def test_toggl_of_old_with_a_column_named_by_two_quotes(read):
    header = TOGGL.replace(",Task,", ',"""""",')
    found = read(
        header + "\nAna,ana@example.org,,,Prospecting,,No,2026-01-12,12:00:15,2026-01-12,13:16:14,01:15:59,,\n"
    )
    assert found.column("label") == ["Prospecting"]
    assert found.rules == [(2, "tracker/label_elsewhere")]


def test_toggl_with_nine_columns_says_not_whose_time_it_is(read):
    found = read(
        "Project,Client,Description,Start date,Start time,End date,End time,Duration,Tags\n"
        "Renewal,Northwind,Call,2026-01-12,12:00:00,2026-01-12,12:30:00,00:30:00,\n",
        rep="Ana Ruiz",
    )
    assert found.sheet.layout == "Toggl Track detailed report"
    assert found.column("label") == ["Call"]
    assert found.column("rep") == [None]


def test_toggl_that_went_through_a_spreadsheet(read):
    found = read(
        TOGGL + "\n"
        "Ana,ana@example.org,,,,Call,No,2026-01-12,10:30:34 AM,2026-01-12,12:30:34 PM,02:00:00 AM,,\n"
        "Ana,ana@example.org,,,,Call,No,2026-01-12,10:30:34 PM,2026-01-12,11:00:34 PM,12:30:00 AM,,\n"
    )
    assert found.column("duration_text") == ["2:00:00", "0:30:00"]
    assert found.column("end_text") == ["12:30:34 PM", "11:00:34 PM"]


def test_toggl_cells_with_quotes_line_breaks_and_backslashes(read):
    found = read(
        TOGGL + "\n"
        'Ana,ana@example.org,,,,"Said ""no""\nagain \\",Yes,2026-01-12,10:00:00,2026-01-12,11:00:00,01:00:00,"a, b",\n'
        "Ana,ana@example.org,,,,Client Meeting ,Yes,2026-01-12,11:00:00,2026-01-13,13:15:00,26:15:00,,\n"
    )
    assert found.column("label") == ['Said "no"\nagain \\', "Client Meeting"]
    assert found.column("line") == [2, 4]
    assert found.column("duration_text")[1] == "26:15:00"


def test_toggl_without_description_takes_task_tags_or_project_and_says_so(read):
    rows = [("", "", ""), ("Calls", "x, y", "P"), ("", "x, y", "P"), ("", "", "P")]
    found = read(
        TOGGL
        + "\n"
        + "".join(
            f'Ana,,,{project},{task},,No,2026-01-12,10:00:00,2026-01-12,11:00:00,01:00:00,"{tags}",\n'
            for task, tags, project in rows
        )
    )
    assert found.column("label") == [None, "Calls", "x, y", "P"]
    assert found.column("rep") == ["Ana"] * 4
    assert found.rules == [(line, "tracker/label_elsewhere") for line in (3, 4, 5)]
    assert {issue.treatment for issue in found.issues} == {"noted"}


def test_a_running_timer_is_set_aside(read):
    found = read(TOGGL + "\nAna,,,,,Call,No,2026-01-12,10:00:00,,,,,\n")
    assert found.rules == [(2, "tracker/running")]
    assert found.issues[0].treatment == "set_aside"


@pytest.mark.parametrize(
    "header",
    [
        "Project,Client,Title,Duration,Amount",
        "User,Client,Project,Description,Duration",
        "Client,Project,Duration,Tags",
    ],
)
def test_a_toggl_summary_is_refused_and_the_detailed_report_asked_for(write, header):
    path = write(header + "\n" + ",".join(["x"] * (header.count(",") - 1)) + ",01:00:00,\n")
    with pytest.raises(ReadError, match="no dates") as caught:
        open_file(path, "log.csv", SourceConfig())
    assert "Detailed" in caught.value.mend
    assert caught.value.where == "log.csv, line 1"


# ---------------------------------------------------------------- Clockify


VARIANTS = [
    (),
    ("Group",),
    ("Type", "Invoiced", "Invoice ID"),
    ("Group", "Type", "Invoiced", "Invoice ID", "Date of creation"),
    ("Billable Rate (EUR)", "Billable Amount (EUR)"),
    ("Client",),
    ("User", "Group", "Type", "Invoiced", "Invoice ID", "Date of creation", "Duration (decimal)",
     "Billable Rate (EUR)", "Billable Amount (EUR)"),
]  # fmt: skip


@pytest.mark.parametrize("without", VARIANTS)
@pytest.mark.parametrize("rename", [{}, {"Task": "Activity"}])
def test_clockify_in_each_of_its_headers(read, without, rename):
    found = read(clockify(clockify_row(), without=without, rename=rename))
    assert found.sheet.layout == "Clockify detailed report"
    row = found.row(2)
    assert (row["rep"], row["label"]) == ("ana@example.org", "Call")
    assert row["account"] == (None if "Client" in without else "Northwind")
    assert (row["date_text"], row["start_text"], row["end_text"]) == ("10/15/2026", "11:00:00 AM", "11:30:00 AM")
    assert row["duration_text"] == "00:30:00"


def test_clockify_breaks_are_breaks_whatever_was_typed(read):
    found = read(clockify(clockify_row(Type="Break", Description=""), clockify_row(Type="BREAK", Description="walk")))
    assert found.column("label") == ["Break", "Break: walk"]
    assert found.rules == []


def test_clockify_times_of_both_clocks_in_one_row(read):
    found = read(clockify(clockify_row(**{"Start Time": "10:23 AM", "End Time": "11:23:01 AM"})))
    assert (found.column("start_text"), found.column("end_text")) == (["10:23 AM"], ["11:23:01 AM"])


def test_clockify_quotes_are_apostrophes_and_a_backslash_escapes_nothing(read):
    found = read(clockify(clockify_row(Description="the ''big'' one \\\\\\"), clockify_row()))
    assert found.column("label") == ['the "big" one \\\\\\', "Call"]
    assert found.column("account") == ["Northwind", "Northwind"]


def test_clockify_with_the_client_at_the_end_and_left_out_where_empty(read):
    header = clockify(without=("Client",)).strip() + ',"Client"\n'
    whole = clockify(clockify_row(), without=("Client",)).splitlines()[1]
    found = read(header + whole + "\n" + whole + ',"Northwind"\n')
    assert found.column("account") == [None, "Northwind"]
    assert found.rules == []
    short = read(header + whole.rpartition(",")[0] + "\n")
    assert short.rules == [(2, "csv/ragged")]


def test_clockify_custom_fields_are_kept_and_a_deal_is_the_opportunity(read):
    row = clockify_row(**{"Deal ID": "D-7", "Region": "South"})
    found = read(clockify(row, more=("Deal ID", "Region")))
    assert found.column("opportunity") == ["D-7"]
    assert extra(found, 2)["Region"] == "South"


def test_clockify_summary_by_day_is_a_total_of_its_day(read):
    found = read(
        '"Date","User","Project","Client","Description","Time (h)","Time (decimal)"\n'
        '"13/10/2026","Ana Ruiz","Renewal","(Without client)","","01:30:00","1.5000000000000000"\n',
    )
    assert found.sheet.layout == "Clockify summary report by day"
    row = found.row(2)
    assert (row["date_text"], row["start_text"], row["duration_text"]) == ("13/10/2026", None, "01:30:00")
    assert (row["rep"], row["label"], row["account"]) == ("Ana Ruiz", "Renewal", None)


def test_clockify_summary_without_days_is_refused(write):
    path = write('"User","Project","Time (h)","Time (decimal)"\n"Ana","x","01:30:00","1.5"\n')
    with pytest.raises(ReadError, match="without dates") as caught:
        open_file(path, "log.csv", SourceConfig())
    assert "Detailed" in caught.value.mend


# ----------------------------------------------------------------- Harvest


@pytest.mark.parametrize(
    "header",
    [
        HARVEST,
        HARVEST.replace("Roles", "Department"),
        HARVEST.replace("Hours,", "Hours,Hours Rounded,").replace("Approved?,", ""),
        HARVEST.replace("Last Name,", "Last Name,Employee Id,"),
    ],
)
def test_harvest_joins_names_and_tells_days_without_times(read, header):
    cells = {
        "Date": "2026-03-04", "Client": "Northwind", "Task": "Proposals", "Notes": "offer", "Hours": '"0,01"',
        "First Name": "Peter", "Last Name": "Tester", "External Reference URL": "https://crm.example.com/deal/7",
    }  # fmt: skip
    found = read(header + "\n" + ",".join(cells.get(name, "") for name in header.split(",")) + "\n")
    assert found.sheet.layout == "Harvest detailed time report"
    assert found.sheet.header_unit == "hours"
    row = found.row(2)
    assert (row["rep"], row["date_text"], row["duration_text"]) == ("Peter Tester", "2026-03-04", "0,01")
    assert (row["start_text"], row["end_text"]) == (None, None)
    assert (row["label"], row["notes"], row["account"]) == ("Proposals", "offer", "Northwind")
    assert row["opportunity"] == "https://crm.example.com/deal/7"


def test_harvest_with_semicolons(read):
    row = ["26.01.2026", "A", "B", "", "Calls", "", "2.001,0", *[""] * 3, "Ana", "Ruiz", *[""] * 8]
    found = read(HARVEST.replace(",", ";") + "\n" + ";".join(row) + "\n")
    assert (found.column("rep"), found.column("duration_text")) == (["Ana Ruiz"], ["2.001,0"])


# ------------------------------------------------------------------- Kimai


@pytest.mark.parametrize("header", [KIMAI, KIMAI_DE, KIMAI_FR])
def test_kimai_in_three_languages_and_over_midnight(read, header):
    found = read(kimai(header))
    assert found.sheet.layout == "Kimai export"
    row = found.row(2)
    assert row["rep"] == "anna@x.example"
    assert (row["date_text"], row["start_text"]) == ("2026-01-15", "22:30")
    assert (row["end_date_text"], row["end_text"]) == ("2026-01-16", "00:45")
    assert (row["label"], row["notes"], row["account"]) == ("Meeting", "Kick-off", "Acme")
    assert extra(found, 2)["Name" if header is KIMAI else "User"] in {"Anna A", "anna"}


def test_kimai_names_come_from_the_best_column(read):
    assert read(kimai(KIMAI, mail="")).column("rep") == ["Anna A"]
    assert read(kimai(KIMAI, mail="", name="")).column("rep") == ["anna"]


def test_kimai_over_more_than_a_day_ends_where_its_length_says(read):
    found = read(kimai(KIMAI, to="23:40", duration="25:10"))
    assert found.column("end_date_text") == ["2026-01-16"]


def test_kimai_strips_what_keeps_spreadsheets_from_running_a_text(read):
    found = read(kimai(KIMAI, description="' =offer + call"))
    assert found.column("notes") == ["=offer + call"]


def test_kimai_running_entry_and_expense_are_set_aside(read):
    running = read(kimai(KIMAI, to="", duration=""))
    assert running.rules == [(2, "tracker/running")]
    expense = read(kimai(KIMAI, type="expense"))
    assert expense.rules == [(2, "tracker/expense")]


# -------------------------------------------------------------------- timr


def test_timr_is_english_above_and_german_below(read):
    found = read(timr(start="03.10.2026 09:44", end="03.10.2026 10:06"))
    assert found.sheet.layout == "timr export"
    row = found.row(2)
    assert (row["rep"], row["label"]) == ("Philipp K.", "#Ticket123")
    assert (row["start_text"], row["end_text"]) == ("2026-10-03 09:44:00", "2026-10-03 10:06:00")
    assert row["duration_text"] is None  # rounded to hundredths of an hour: start and end know better
    assert extra(found, 2)["Duration"] == "0,37"


def test_timr_with_a_break_inside_tells_the_day_and_the_length_of_work(read):
    found = read(timr(start="18.10.2026 09:00", end="18.10.2026 17:30", rest="45", notes=""))
    row = found.row(2)
    assert (row["date_text"], row["duration_text"]) == ("2026-10-18", "7:45:00")
    assert (row["start_text"], row["label"]) == (None, "Anwesenheitszeit")
    assert found.rules == [(2, "tracker/break_inside")]
    assert extra(found, 2)["Start"] == "2026-10-18 09:00:00"


def test_timr_marks_without_length_and_running_entries(read):
    assert read(timr(end="18.10.2026 09:44", notes="enter")).rules == [(2, "tracker/zero_length")]
    assert read(timr(end="")).rules == [(2, "tracker/running")]
    assert read(timr(rest="lots")).rules == [(2, "tracker/break_format")]


# ---------------------------------------------------------------- Everhour


def test_everhour_grouped_report_is_filled_down_and_its_sums_are_no_entries(read):
    found = read(
        "Member,Date,Project,Task,Task ID,Hours\n"
        "Ana Ruiz,2026-03-02,Renewal,Call,t1,1.5\n"
        ",,,Offer,t2,2.25\n"
        ",2026-03-03,Renewal,Call,t1,1.0\n"
        "Ana Ruiz,,,,,4.75\n"
        "Ben Okafor,2026-03-02,Renewal,Visit,t3,3\n"
        "Total,,,,,7.75\n"
    )
    assert found.sheet.layout == "Everhour report"
    assert found.column("rep")[:3] == ["Ana Ruiz"] * 3
    assert found.column("date_text")[:3] == ["2026-03-02", "2026-03-02", "2026-03-03"]
    assert found.column("label")[:3] == ["Call", "Offer", "Call"]
    assert found.rules == [(5, "tracker/subtotal"), (7, "row/total")]
    assert found.row(6)["rep"] == "Ben Okafor"
    assert found.sheet.tally.skipped == 1
    again = [batch.rows() for batch in found.sheet.batches()]
    assert again == [found.frame.rows()]


def test_everhour_time_records_are_seconds_of_a_day(read):
    found = read(
        json.dumps(
            [
                {"id": 4622379, "date": "2026-01-20", "user": 1304, "time": 3600, "isLocked": False, "comment": "",
                 "task": {"id": "ev:1", "name": "Offer"}},
            ]
        ),
        "log.json",
    )  # fmt: skip
    assert found.sheet.layout == "Everhour time records"
    row = found.row(1)
    assert (row["rep"], row["date_text"], row["duration_text"], row["label"]) == (
        "1304",
        "2026-01-20",
        "3600 s",
        "Offer",
    )


# --------------------------------------------------------------------- Org


def test_org_clock_table(read):
    found = read(
        "task,parents,category,start,end,effort,ishabit,tags\n"
        "Task on project A,Simple Test/Project A,,2026-03-25 14:46,2026-03-25 18:25,,,\n"
        "Example Task,,Category,2026-01-01 08:00,2026-01-01 09:00,1:00,,ex1:ex2\n",
        rep="file",
    )
    assert found.sheet.layout == "Org mode clock table"
    assert found.sheet.instrument == "timer"
    assert found.column("label") == ["Task on project A", "Example Task"]
    assert found.column("start_text") == ["2026-03-25 14:46", "2026-01-01 08:00"]
    assert found.column("duration_text") == [None, None]  # effort is a plan
    assert extra(found, 3)["effort"] == "1:00"


def test_org_clock_table_with_columns_of_ones_own(read):
    found = read("task,CUSTOM_1,CUSTOM_2,start,end\nCall,a,b,2026-03-25 14:46,2026-03-25 18:25\n", rep="file")
    assert found.column("label") == ["Call"]
    assert extra(found, 2) == {"CUSTOM_1": "a", "CUSTOM_2": "b"}


# ---------------------------------------------------- what only looks alike


@pytest.mark.parametrize(
    "header",
    [
        "Rep,Date,Start,End,Activity",
        "Name,Date,From,To,Duration,Customer,Activity",
        "Mitarbeiter,Datum,Von,Bis,Dauer,Kunde,Tätigkeit",
        "User,Start date,Start time,End time,Duration,Activity",
        "Rep,Date,Duration,Activity,Notes",
        "User,Client,Task,Duration,Activity date",
        "User,Project,Description,Duration,Fecha",
    ],
)
def test_a_log_in_columns_of_its_own_is_no_tracker(read, header):
    found = read(header + "\n" + ",".join(["x"] * (header.count(",") + 1)) + "\n")
    assert found.sheet.layout == ""
