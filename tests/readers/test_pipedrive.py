"""Pipedrive: activities, deals, users and changes of deals, as its API and copies of it give them. Invented people."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_telling import csv_text, tell_csv

from timewaste.config import SourceConfig
from timewaste.errors import ReadError

ACTIVITY = (
    "id,user_id,done,type,subject,due_date,due_time,duration,add_time,marked_as_done_time,deal_id,org_name,note,"
    "active_flag,owner_name\n"
)


def test_day_and_time_are_one_instant_in_utc() -> None:
    told = tell_csv(
        ACTIVITY + "7,1,true,call,Intro,2026-03-02,23:30,00:45,2026-03-01 10:00:00,2026-03-03 09:00:00,51,Acme,"
        '"<p>Hi<br>there</p>",true,Ana Ozola\n'
    )
    assert told.sheet.layout == "Pipedrive activities"
    assert told.sheet.instrument == "crm"
    assert told.only() == {
        "rep": "Ana Ozola", "start_text": "2026-03-02T23:30:00Z", "duration_text": "00:45", "label": "Intro",
        "channel": "call", "opportunity": "51", "account": "Acme", "notes": "Hi there",
        "logged_text": "2026-03-01T10:00:00Z",
    }  # fmt: skip
    (extra,) = told.column("extra")
    assert json.loads(extra or "")["marked_as_done_time"] == "2026-03-03 09:00:00"


def test_without_a_time_only_the_day_is_known_and_older_copies_count_minutes() -> None:
    told = tell_csv(
        ACTIVITY
        + "7,1,1,task,Offer,2026-03-02,,,2026-03-01 10:00:00,,,,,1,\n"
        + "8,1,1,meeting,Demo,2026-03-02,9:05:00,30,,,,,,1,\n"
        + "9,1,1,meeting,Demo,2026-03-02,09:05,00:00,,,,,,1,\n"
    )
    assert told.column("date_text") == ["2026-03-02", None, None]
    assert told.column("start_text") == [None, "2026-03-02T09:05:00Z", "2026-03-02T09:05:00Z"]
    assert told.column("duration_text") == [None, "30 min", None]
    assert told.column("rep") == ["1", "1", "1"]


def test_plans_and_deleted_activities_do_not_count() -> None:
    told = tell_csv(
        ACTIVITY + "7,1,0,task,Offer,2026-03-02,,,,,,,,1,\n8,1,false,task,Offer,2026-03-02,,,,,,,,1,\n"
        "9,1,1,task,Offer,2026-03-02,,,,,,,,0,\n"
    )
    assert told.rules() == [*[("crm/not_done", "set_aside")] * 2, ("crm/deleted", "set_aside")]
    assert len(told.rows) == 3


def test_a_zone_in_the_settings_holds() -> None:
    told = tell_csv(ACTIVITY + "7,1,1,call,A,2026-03-02,23:30,00:45,,,,,,1,\n", SourceConfig(time_zone="Europe/Riga"))
    assert told.only()["start_text"] == "2026-03-02T23:30:00"


def test_the_interface_has_labels_of_its_own() -> None:
    told = tell_csv(
        "Activity - Done,Activity - Type,Activity - Subject,Activity - Due date,Activity - Duration,"
        "Activity - Assigned to user,Deal - Title\n"
        "Done,Call,Intro,2026-03-02 09:30,00:45,Ana Ozola,Pumps\n"
        "To do,Call,Next,2026-03-09 09:30,00:45,Ana Ozola,Pumps\n"
    )
    assert told.rules() == [("crm/not_done", "set_aside")]
    assert told.rows[0]["date_text"] == "2026-03-02T09:30:00"
    assert told.column("opportunity") == ["Pumps", "Pumps"]


# ------------------------------------------------------------- deals, changes

FLOW = "object,timestamp,data.id,data.item_id,data.field_key,data.old_value,data.new_value,data.log_time,data.is_bulk_update_flag\n"  # noqa: E501


def test_the_flow_tells_stages_among_all_that_happened() -> None:
    told = tell_csv(
        FLOW
        + "dealChange,2026-01-05 09:00:00,1,51,stage_id,1,2,2026-01-05 09:00:00,\n"
        + "activity,2026-01-06 09:00:00,2,,,,,,\n"
        + "dealChange,2026-01-06 09:00:00,3,51,value,1,2,2026-01-06 09:00:00,\n"
        + "dealChange,2026-01-07 09:00:00,4,51,stage_id,2,3,2026-01-07 09:00:00,true\n"
        + "dealChange,2026-01-08 09:00:00,5,,stage_id,2,3,2026-01-08 09:00:00,\n"
    )
    assert told.sheet.target == "stage_events"
    assert [tuple(row.values())[1:] for row in told.rows] == [
        ("51", "2", "2026-01-05T09:00:00Z"), ("51", "3", "2026-01-07T09:00:00Z"),
    ]  # fmt: skip
    assert told.rules() == [
        ("crm/other_event", "skipped"), ("crm/other_field", "skipped"), ("crm/bulk_change", "noted"),
        ("crm/no_stage_event", "set_aside"),
    ]  # fmt: skip


def test_changes_must_say_of_which_deal_they_are() -> None:
    changes = "field_key,old_value,new_value,actor_user_id,time,change_source\nstage_id,1,2,9,2026-01-05 09:00:00,app\n"
    with pytest.raises(ReadError, match="deal_id"):
        tell_csv(changes)
    header, line, *_ = changes.splitlines()
    assert len(tell_csv(f"deal_id,{header}\n51,{line}\n").rows) == 1


def test_deals_say_how_they_ended() -> None:
    told = tell_csv(
        "id,title,user_id,org_name,owner_name,stage_id,status,add_time,close_time,value,currency\n"
        "51,Pumps,1,Acme,Ana Ozola,3,won,2026-01-05 09:00:00,2026-02-01 10:00:00,9000,EUR\n"
        "52,Valves,1,Acme,Ana Ozola,3,open,2026-01-05 09:00:00,,1,EUR\n"
        "53,Pipes,1,Acme,Ana Ozola,3,deleted,2026-01-05 09:00:00,,1,EUR\n"
    )
    assert [tuple(row.values())[1:] for row in told.rows] == [
        ("51", "Acme", "Ana Ozola", None, "9000", "2026-01-05T09:00:00Z", "2026-02-01T10:00:00Z", "won"),
        ("52", "Acme", "Ana Ozola", None, "1", "2026-01-05T09:00:00Z", None, "open"),
    ]
    assert told.rules() == [("crm/deleted", "set_aside")]


def test_users_are_people() -> None:
    told = tell_csv("id,name,email,active_flag,role_id\n1,Ana Ozola,ana@corp.example,true,1\n")
    assert told.only() == {"rep_id": "1", "name": "Ana Ozola", "email": "ana@corp.example", "aliases": "1"}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.datetimes(), st.booleans(), st.integers(0, 23 * 60), st.booleans(), st.integers(2**53, 2**63 - 1),
            st.text(alphabet="ab ;\"',\n", max_size=9),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_what_was_written_comes_back(written: list[tuple]) -> None:
    headers = ("id", "user_id", "done", "type", "subject", "due_date", "due_time", "duration", "deal_id")
    records = [
        (str(n), "1", "1" if done else "0", "call", f"x{subject}", f"{moment:%Y-%m-%d}".rjust(10, "0"),
         f"{moment:%H:%M}" if timed else "", f"{minutes // 60:02}:{minutes % 60:02}", str(deal))
        for n, (moment, timed, minutes, done, deal, subject) in enumerate(written)
    ]  # fmt: skip
    told = tell_csv(csv_text(headers, records))
    assert len(told.rows) == len(records)
    for row, record in zip(told.rows, records, strict=True):
        start = f"{record[5]}T{record[6]}:00Z" if record[6] else None
        assert (row["start_text"], row["date_text"]) == (start, None if start else record[5])
        assert (row["duration_text"] or "00:00", row["opportunity"]) == (record[7], record[8])
        assert row["label"] == record[4].strip()
    assert told.tally.issues == [issue for issue in told.tally.issues if issue.rule == "crm/not_done"]
