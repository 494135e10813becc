"""Salesforce exports: what Data Loader, the weekly export and copies in a warehouse write. Invented people."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_telling import csv_text, tell_all, tell_csv

from timewaste.config import SourceConfig, load_issue_rules
from timewaste.errors import ReadError
from timewaste.readers.layout import PRIVATE_LABEL
from timewaste.readers.layouts import recognise
from timewaste.readers.layouts.crm import long_id

ANA, BEN = "00546000001l1cJAAQ", "0054600000AbCdEAAV"
DEAL, ACCOUNT, CASE = "0064600000J5S5TAAV", "0014600000QwErTAAU", "5004600000ZzZzZAAU"
NOTHING = "000000000000000AAA"

EVENT = (
    '"Id","WhoId","WhatId","Subject","Location","IsAllDayEvent","ActivityDateTime","ActivityDate","DurationInMinutes",'
    '"Description","AccountId","OwnerId","Type","IsPrivate","ShowAs","IsDeleted","IsChild","CreatedDate","Mood__c"\n'
)


def event(**changes: str) -> str:
    """Return a line of the weekly export, with some cells changed."""
    cells = {
        "Id": "00U46000000aaaaEAA", "WhoId": NOTHING, "WhatId": DEAL, "Subject": "Product demo", "Location": "Riga",
        "IsAllDayEvent": "0", "ActivityDateTime": "2026-03-02 08:30:00", "ActivityDate": "2026-03-02 00:00:00",
        "DurationInMinutes": "60", "Description": "line 1\nline 2", "AccountId": ACCOUNT, "OwnerId": ANA, "Type": "",
        "IsPrivate": "0", "ShowAs": "Busy", "IsDeleted": "0", "IsChild": "0", "CreatedDate": "2026-03-01 17:00:00",
        "Mood__c": "sunny",
    }  # fmt: skip
    assert changes.keys() <= cells.keys()
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow((cells | changes).values())
    return out.getvalue()


# ------------------------------------------------------------------ events


def test_an_event_is_an_interval_in_utc_of_its_owner() -> None:
    told = tell_csv(EVENT + event())
    assert told.sheet.layout == "Salesforce Event"
    assert told.sheet.instrument == "crm"
    (kept,) = told.column("extra")
    assert json.loads(kept or "").items() >= {"Location": "Riga", "IsChild": "0", "Mood__c": "sunny"}.items()
    assert told.only() == {
        "rep": ANA, "start_text": "2026-03-02T08:30:00Z", "duration_text": "60 min", "label": "Product demo",
        "account": ACCOUNT, "opportunity": DEAL, "channel": "meeting", "notes": "line 1\nline 2",
        "logged_text": "2026-03-01T17:00:00Z",
    }  # fmt: skip
    assert told.rules() == []


@pytest.mark.parametrize(
    "written",
    ["2026-03-02 08:30:00", "2026-03-02T08:30:00.000Z", "2026-03-02T08:30:00.000+0000", "2026-03-02 8:30:00"],
)
def test_an_instant_is_the_same_in_every_spelling(written: str) -> None:
    assert tell_csv(EVENT + event(ActivityDateTime=written)).only()["start_text"] == "2026-03-02T08:30:00Z"


def test_a_zone_in_the_settings_holds_for_times_without_one() -> None:
    told = tell_csv(EVENT + event(), source=SourceConfig(time_zone="Europe/Riga"))
    assert told.only()["start_text"] == "2026-03-02T08:30:00"
    told = tell_csv(EVENT + event(ActivityDateTime="2026-03-02T08:30:00Z"), source=SourceConfig(time_zone="Asia/Tokyo"))
    assert told.only()["start_text"] == "2026-03-02T08:30:00Z"


def test_an_all_day_event_is_set_aside_on_its_day() -> None:
    told = tell_csv(
        EVENT + event(IsAllDayEvent="true", ActivityDateTime="2026-03-02 00:00:00", DurationInMinutes="1440")
    )
    assert told.rules() == [("calendar/all_day", "set_aside")]
    assert told.only()["date_text"] == "2026-03-02"
    assert "start_text" not in told.only()


def test_copies_leave_out_the_column_of_all_day_events() -> None:
    header = "_fivetran_active,id,owner_id,subject,activity_date,activity_date_time,duration_in_minutes,is_private\n"
    told = tell_csv(
        header
        + f"true,1,{ANA},Fair,2026-03-02,,1440,FALSE\ntrue,2,{ANA},Demo,,2026-03-02 08:30:00.000 UTC,30,FALSE\n"
        + f"false,2,{ANA},Demo,,2026-03-02 08:00:00,30,FALSE\n"
    )
    assert told.rules() == [("calendar/all_day", "set_aside"), ("crm/old_version", "skipped")]
    assert told.column("start_text") == [None, "2026-03-02T08:30:00Z"]


def test_a_private_event_keeps_its_time_and_no_text() -> None:
    told = tell_csv(EVENT + event(IsPrivate="1", Subject="Dr. Berzins", Description="knee"))
    assert told.rules() == [("calendar/private", "noted")]
    assert told.only() == {
        "rep": ANA, "start_text": "2026-03-02T08:30:00Z", "duration_text": "60 min", "label": PRIVATE_LABEL,
        "channel": "meeting", "logged_text": "2026-03-01T17:00:00Z",
    }  # fmt: skip
    for changes in ({"IsAllDayEvent": "1"}, {"IsDeleted": "1"}, {"ShowAs": "Free"}):
        kept = tell_csv(EVENT + event(IsPrivate="1", Subject="Dr. Berzins", Description="knee", **changes))
        assert "Berzins" not in str((kept.rows, kept.tally.issues))
        assert "knee" not in str(kept.rows)
        assert kept.column("extra") == [None]


def test_two_reps_in_one_meeting_have_a_record_each() -> None:
    told = tell_csv(EVENT + event() + event(Id="00U46000000bbbbEAA", OwnerId=BEN, IsChild="1"))
    assert told.column("rep") == [ANA, BEN]
    assert told.rules() == []


def test_events_with_an_end_tell_it() -> None:
    header = "Id,OwnerId,Subject,StartDateTime,EndDateTime,WhatId\n"
    told = tell_csv(header + f"1,{ANA},Demo,2026-03-02T08:30:00.000Z,2026-03-02T09:15:00.000Z,{CASE}\n")
    row = told.only()
    assert (row["start_text"], row["end_text"]) == ("2026-03-02T08:30:00Z", "2026-03-02T09:15:00Z")
    assert "opportunity" not in row


def test_a_record_that_does_not_count_says_why() -> None:
    told = tell_csv(EVENT + event(IsDeleted="1") + event(ShowAs="Free") + event(IsDeleted="true", IsAllDayEvent="1"))
    assert told.rules() == [
        ("crm/deleted", "set_aside"), ("calendar/free", "set_aside"), ("crm/deleted", "set_aside"),
    ]  # fmt: skip
    assert len(told.rows) == 3


def test_the_series_is_not_one_of_its_occurrences() -> None:
    header = "Id,OwnerId,Subject,ActivityDateTime,DurationInMinutes,IsRecurrence,RecurrenceActivityId\n"
    told = tell_csv(
        header + f"1,{ANA},Jour fixe,2026-03-02 08:30:00,30,1,1\n2,{ANA},Jour fixe,2026-03-02 08:30:00,30,0,1\n"
    )
    assert told.rules() == [("crm/series", "skipped")]
    assert len(told.rows) == 1


# ------------------------------------------------------------------- tasks

TASK = (
    "Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,Type,IsDeleted,AccountId,IsClosed,CreatedDate,IsArchived,"
    "CallDurationInSeconds,CallType,TaskSubtype,CompletedDateTime\n"
)


def task(**changes: str) -> str:
    cells = {
        "Id": "00T1", "WhoId": NOTHING, "WhatId": ACCOUNT, "Subject": "Send quote", "ActivityDate": "2026-03-02",
        "Status": "Completed", "OwnerId": ANA[:15], "Type": "", "IsDeleted": "0", "AccountId": NOTHING, "IsClosed": "1",
        "CreatedDate": "2026-03-02T16:00:00.000Z", "IsArchived": "0", "CallDurationInSeconds": "", "CallType": "",
        "TaskSubtype": "Task", "CompletedDateTime": "2026-03-02T16:00:05.000Z",
    }  # fmt: skip
    assert changes.keys() <= cells.keys()
    return ",".join((cells | changes).values()) + "\n"


def test_a_task_is_a_day_without_clock_or_length() -> None:
    told = tell_csv(TASK + task())
    assert told.sheet.layout == "Salesforce Task"
    row = told.only()
    assert row == {
        "rep": ANA, "date_text": "2026-03-02", "label": "Send quote", "account": ACCOUNT, "channel": "task",
        "logged_text": "2026-03-02T16:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["2026-03-02", "2026-03-02 00:00:00", "2026-03-02T00:00:00.000Z"])
def test_the_day_of_a_task_is_never_shifted(written: str) -> None:
    for zone in ("", "America/Los_Angeles", "Pacific/Auckland"):
        told = tell_csv(TASK + task(ActivityDate=written), source=SourceConfig(time_zone=zone))
        assert told.only()["date_text"] == "2026-03-02"


def test_only_a_timed_call_has_a_length() -> None:
    told = tell_csv(
        TASK
        + task(CallDurationInSeconds="305", TaskSubtype="Call", CallType="Outbound")
        + task(CallDurationInSeconds="0", TaskSubtype="Call")
        + task(TaskSubtype="ListEmail")
        + task(TaskSubtype="Task", Type="Meeting")
        + task(TaskSubtype="", CallType="Inbound")
    )
    assert told.column("duration_text") == ["305 s", None, None, None, None]
    assert told.column("channel") == ["call", "call", "email", "meeting", "call"]


def test_an_open_task_is_a_plan() -> None:
    told = tell_csv(TASK + task(IsClosed="0", Status="Not Started") + task(IsClosed="false") + task(IsClosed="true"))
    assert told.rules() == [("crm/not_done", "set_aside")] * 2
    assert len(told.rows) == 3


def test_without_the_column_the_status_says_whether_a_task_is_done() -> None:
    header = "id,owner_id,subject,activity_date,status\n"
    lines = (
        f"{n},{ANA},Call back,2026-03-02,{status}\n" for n, status in enumerate(("Completed", "In Progress", "Parked"))
    )
    told = tell_csv(header + "".join(lines))
    assert told.rules() == [("crm/not_done", "set_aside"), ("crm/status_unknown", "noted")]


def test_tasks_that_salesforce_archived_by_age_were_done_all_the_same() -> None:
    told = tell_csv(TASK + task(IsArchived="1"))
    assert told.rules() == []


# ----------------------------------------------------- opportunities, users

OPPORTUNITY = "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,LeadSource,OwnerId,CreatedDate\n"


def test_opportunities_feed_their_table() -> None:
    told = tell_csv(
        OPPORTUNITY
        + f"{DEAL},0,{ACCOUNT},Pumps,Closed Won,15000.0,2026-03-20 00:00:00,1,1,Web,{ANA},2026-01-05 09:00:00\n"
        + f"0064600000J5S5U,0,{NOTHING},Valves,Proposal,,2026-06-30,false,false,,{ANA},2026-01-06T09:00:00.000Z\n"
        + f"3,1,{ACCOUNT},Gone,Closed Lost,1,2026-03-20,1,0,,{ANA},2026-01-05 09:00:00\n"
    )
    assert told.sheet.target == "opportunities"
    assert told.rules() == [("crm/deleted", "set_aside")]
    assert told.tally.set_aside == 1
    first, second = told.rows
    assert first == {
        "line": 2, "opportunity_id": DEAL, "account": ACCOUNT, "rep_id": ANA, "source": "Web", "amount": "15000.0",
        "created_on": "2026-01-05T09:00:00Z", "closed_on": "2026-03-20", "outcome": "won",
    }  # fmt: skip
    assert second["opportunity_id"] == long_id("0064600000J5S5U")
    assert (second["account"], second["closed_on"], second["outcome"]) == (None, None, "open")


def test_a_lost_opportunity_is_known_by_flag_or_by_the_usual_name() -> None:
    header = "Id,Name,StageName,CloseDate,OwnerId\n"
    told = tell_csv(header + "1,A,Closed Lost,2026-03-01,x\n2,B,Closed Won,2026-03-01,x\n3,C,Demo,2026-03-01,x\n")
    assert told.column("outcome") == ["lost", "won", "open"]


HISTORY = (
    '"Id","OpportunityId","CreatedById","CreatedDate","StageName","Amount","CloseDate","FromOpportunityStageName",'
    '"ValidThroughDate","IsDeleted"\n'
)


def test_the_history_tells_when_a_stage_was_entered() -> None:
    told = tell_csv(
        HISTORY
        + f'"1","{DEAL}","x","2026-01-05 17:16:45","Qualification","1","2026-09-16","","2026-03-24 00:19:44","0"\n'
        + f'"2","{DEAL}","x","2026-01-06T08:00:00.000Z","Proposal","1","2026-09-16","Qualification","","0"\n'
        + f'"3","{DEAL}","x","2026-01-07 08:00:00","Proposal","1","2026-09-16","","","1"\n'
        + f'"4","{DEAL}","x","soon","Proposal","1","2026-09-16","","","0"\n'
        + f'"5","{DEAL}","x","2026-02-30 08:00:00","Proposal","1","2026-09-16","","","0"\n'
    )
    assert told.sheet.target == "stage_events"
    assert [tuple(row.values()) for row in told.rows] == [
        (2, DEAL, "Qualification", "2026-01-05T17:16:45Z"),
        (3, DEAL, "Proposal", "2026-01-06T08:00:00Z"),
    ]
    assert told.rules() == [("crm/deleted", "set_aside"), *[("crm/no_stage_event", "set_aside")] * 2]


def test_the_field_history_tells_stages_among_other_fields() -> None:
    header = "Id,IsDeleted,OpportunityId,CreatedById,CreatedDate,Field,OldValue,NewValue\n"
    told = tell_csv(
        header
        + f"1,false,{DEAL},x,2026-01-05T09:00:00.000Z,StageName,Qualification,Proposal\n"
        + f"2,false,{DEAL},x,2026-01-05T09:00:00.000Z,Amount,1,2\n"
    )
    assert told.column("stage") == ["Proposal"]
    assert told.rules() == [("crm/other_field", "skipped")]


def test_a_field_history_without_values_is_refused() -> None:
    with pytest.raises(ReadError, match="OpportunityHistory") as caught:
        tell_csv('"Id","TableEnumOrId","FieldEnumOrId","CreatedById","CreatedDate"\n"1","2","3","4","5"\n')
    assert caught.value.code == "crm/no_values"
    assert caught.value.where == "export.csv"
    assert '[[source]]\nmatch = "export.csv"\nskip = true' in caught.value.mend


def test_every_version_of_an_opportunity_tells_its_stage() -> None:
    text = (
        "_fivetran_active,_fivetran_start,_fivetran_end,id,name,stage_name,close_date,owner_id,is_won\n"
        f"false,2026-01-05 09:00:00,2026-02-01 09:59:59,{DEAL},Pumps,Qualification,2026-09-16,{ANA},false\n"
        f"true,2026-02-01 10:00:00,9999-12-31 23:59:59,{DEAL},Pumps,Proposal,2026-09-16,{ANA},false\n"
    )
    told, events = tell_all(text)
    assert len(told.rows) == 1
    assert told.rules() == [("crm/old_version", "skipped")]
    assert events.sheet.target == "stage_events"
    assert events.column("stage") == ["Qualification", "Proposal"]
    assert events.column("entered_at") == ["2026-01-05T09:00:00Z", "2026-02-01T10:00:00Z"]


def test_users_have_their_id_in_both_lengths() -> None:
    told = tell_csv(
        '"Id","Username","LastName","FirstName","Name","Email","IsActive","ProfileId"\n'
        f'"{ANA}","ana@corp.example.sandbox","Ozola","Ana","Ana Ozola","ana@corp.example","1","00e1"\n'
        f'"{BEN[:15]}","ben@corp.example","Kalns","Ben","","ben@corp.example","0","00e1"\n'
    )
    assert told.sheet.target == "people"
    assert [tuple(row.values())[1:] for row in told.rows] == [
        (ANA, "Ana Ozola", "ana@corp.example", f"{ANA[:15]};{ANA};ana@corp.example.sandbox"),
        (long_id(BEN[:15]), "Ben Kalns", "ben@corp.example", f"{BEN[:15]};{long_id(BEN[:15])};ben@corp.example"),
    ]


# -------------------------------------------------------------------- rules


def test_a_short_id_is_made_long() -> None:
    for whole in ("0064600000J5S5TAAV", "00546000001l1cJAAQ", "0084600000iqknnAAA"):
        assert long_id(whole[:15]) == whole
        assert long_id(whole) == whole
    assert long_id("Ana Ozola") == "Ana Ozola"


def test_every_rule_is_explained() -> None:
    codes = {rule["code"] for rule in load_issue_rules()}
    assert {"crm/deleted", "crm/not_done", "crm/series", "crm/same_stage", "row/footer"} <= codes


def test_a_log_of_its_own_is_not_taken_for_an_export() -> None:
    assert recognise({"date", "start", "end", "activity", "rep", "status", "subject"}) is None


texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            texts, st.sampled_from(["0", "1", "true", "false", ""]), st.datetimes(), st.integers(0, 600),
            st.sampled_from(["0", "1"]), texts,
        ),
        max_size=8,
    )
)  # fmt: skip
def test_what_was_written_comes_back(written: list[tuple[str, str, object, int, str, str]]) -> None:
    headers = (
        "Id",
        "Subject",
        "IsDeleted",
        "ActivityDateTime",
        "DurationInMinutes",
        "IsRecurrence",
        "OwnerId",
        "Own__c",
    )
    records = [
        (str(2**60 + n), subject, deleted, f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0"), str(minutes), series, ANA, own)
        for n, (subject, deleted, moment, minutes, series, own) in enumerate(written)
    ]
    told = tell_csv(csv_text(headers, records))
    kept = [record for record in records if record[2] in {"1", "true"} or record[5] == "0"]
    assert told.tally.skipped == len(records) - len(kept)
    for row, record in zip(told.rows, kept, strict=True):
        assert (row["label"] or "") == record[1].strip(" \t\r\n\u00a0")
        assert row["start_text"] == record[3].replace(" ", "T") + "Z"
        assert row["duration_text"] == f"{record[4]} min"
        assert json.loads(row["extra"] or "")["Id"] == record[0]
