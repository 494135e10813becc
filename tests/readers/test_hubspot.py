"""HubSpot exports: API properties, copies in a warehouse, labels of the interface. Invented people and deals."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_telling import csv_text, tell_all, tell_csv

from timewaste.config import SourceConfig
from timewaste.errors import ReadError

# --------------------------------------------------------------------- calls


@pytest.mark.parametrize("prefix", ["", "properties.", "property_"])
def test_a_call_has_its_length_in_milliseconds(prefix: str) -> None:
    names = "hs_timestamp hubspot_owner_id hs_call_title hs_call_body hs_call_direction hs_call_duration hs_call_status"
    headers = ["id", *(prefix + name for name in names.split()), "archived"]
    record = [
        "9007199254740993", "2026-03-02T08:30:00.000Z", "71234567", "Intro", "<p>Hello</p>", "OUTBOUND", "305000",
        "COMPLETED", "false",
    ]  # fmt: skip
    told = tell_csv(csv_text(headers, [record]))
    assert told.sheet.layout == "HubSpot calls"
    assert told.only() == {
        "rep": "71234567", "start_text": "2026-03-02T08:30:00Z", "duration_text": "305 s", "label": "Intro",
        "channel": "call", "notes": "<p>Hello</p>",
    }  # fmt: skip
    (extra,) = told.column("extra")
    assert json.loads(extra or "")["id"] == "9007199254740993"


def test_calls_that_nobody_timed_or_placed_or_kept() -> None:
    told = tell_csv(
        "hs_timestamp,hubspot_owner_id,hs_call_title,hs_call_duration,hs_call_status,archived\n"
        "1772440200000,7,A,0,COMPLETED,\n2026-03-02 8:30:00,7,B,,NO_ANSWER,\n"
        "2026-03-02T08:30:00Z,7,C,1000,CANCELED,\n2026-03-02T08:30:00Z,7,D,1000,COMPLETED,true\n"
    )
    assert told.column("duration_text") == [None, None, "1 s", "1 s"]
    assert told.column("start_text") == ["2026-03-02T08:30:00Z"] * 4
    assert told.rules() == [("crm/cancelled", "set_aside"), ("crm/deleted", "set_aside")]


def test_a_copy_that_was_joined_to_its_engagements_is_read() -> None:
    told = tell_csv(
        "engagement_id,_fivetran_synced,disposition,duration_milliseconds,status,body,timestamp,owner_id\n"
        "6811510040,2026-03-09 11:10:52.675,17b47fee,64000,COMPLETED,,2026-03-02 08:30:00,7\n"
    )
    assert told.only() == {
        "rep": "7", "start_text": "2026-03-02T08:30:00Z", "duration_text": "64 s", "label": "Call", "channel": "call",
    }  # fmt: skip


UI_CALL = "Record ID,Call Title,Activity date,Activity assigned to,Call duration,Call outcome\n"


def test_the_interface_exports_times_of_the_account() -> None:
    told = tell_csv(UI_CALL + "1,Intro,2026-03-02 09:30,Ana Ozola,00:05:05,Connected\n")
    assert told.only() == {
        "rep": "Ana Ozola", "start_text": "2026-03-02T09:30:00", "duration_text": "00:05:05", "label": "Intro",
        "channel": "call",
    }  # fmt: skip


def test_what_a_bare_length_of_the_interface_counts_is_asked() -> None:
    line = "1,Intro,2026-03-02 09:30,Ana Ozola,5,Connected\n"
    with pytest.raises(ReadError, match="hs_call_duration") as caught:
        tell_csv(UI_CALL + line)
    assert caught.value.code == "duration/ambiguous"
    told = tell_csv(UI_CALL + line, SourceConfig(duration_unit="minutes"))
    assert told.column("duration_text") == ["5 min"]


def test_a_length_that_would_be_a_day_of_seconds_shows_that_all_are_milliseconds() -> None:
    lines = [f"{n},Intro,2026-03-02 0{n}:30,Ana Ozola,{ms},Connected\n" for n, ms in ((1, 65_000), (2, 86_400), (3, 0))]
    told = tell_csv(UI_CALL + "".join(lines))
    assert told.column("duration_text") == ["65 s", "86 s", None]
    assert [(note.rule, note.value) for note in told.tally.notes] == [("crm/call_length", "86400 are milliseconds")]
    said = tell_csv(UI_CALL + "".join(lines), SourceConfig(duration_unit="minutes"))
    assert said.column("duration_text")[1] == "86400 min"
    with pytest.raises(ReadError, match="65000"):
        tell_csv(UI_CALL + lines[0])


# ---------------------------------------------------------- meetings and tasks


def test_a_meeting_has_start_and_end() -> None:
    told = tell_csv(
        "hs_object_id,hubspot_owner_id,hs_meeting_title,hs_meeting_start_time,hs_meeting_end_time,hs_meeting_outcome\n"
        "1,7,Demo,2026-03-02T08:30:00Z,2026-03-02T09:15:00Z,COMPLETED\n"
        "2,7,Demo,2026-03-03T08:30:00Z,2026-03-03T09:15:00Z,SCHEDULED\n"
        "3,7,Demo,2026-03-04T08:30:00Z,2026-03-04T09:15:00Z,NO_SHOW\n"
        "4,7,Demo,2026-03-05T08:30:00Z,2026-03-05T09:15:00Z,CANCELED\n"
    )
    assert told.column("end_text")[0] == "2026-03-02T09:15:00Z"
    assert set(told.column("channel")) == {"meeting"}
    assert told.rules() == [("crm/scheduled", "noted"), *[("crm/cancelled", "set_aside")] * 2]


def test_copies_of_meetings_in_both_generations() -> None:
    old = tell_csv(
        "engagement_id,start_time,end_time,meeting_outcome,title,owner_id\n"
        "1,2026-03-02 08:30:00,2026-03-02 09:15:00,,Demo,7\n"
    )
    new = tell_csv(
        "engagement_id,property_hs_meeting_start_time,property_hs_meeting_end_time,property_hs_meeting_title,"
        "property_hubspot_owner_id\n1,2026-03-02 08:30:00+00:00,2026-03-02 09:15:00+00:00,Demo,7\n"
    )
    assert old.only() == new.only()
    assert new.only()["start_text"] == "2026-03-02T08:30:00Z"


def test_only_a_task_that_was_ticked_off_counts() -> None:
    told = tell_csv(
        "hs_object_id,hs_timestamp,hubspot_owner_id,hs_task_subject,hs_task_status,hs_task_type,hs_task_completion_date\n"
        "1,2026-03-02T08:00:00Z,7,Send offer,COMPLETED,TODO,2026-03-03T15:00:00Z\n"
        "2,2026-03-02T08:00:00Z,7,Write,COMPLETED,EMAIL,\n3,2026-03-02T08:00:00Z,7,Ring,NOT_STARTED,CALL,\n"
    )
    assert told.column("start_text") == ["2026-03-03T15:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"]
    assert told.column("channel") == ["task", "email", "call"]
    assert told.column("duration_text") == [None] * 3
    assert told.rules() == [("crm/not_done", "set_aside")]


def test_owners_are_people() -> None:
    told = tell_csv("id,email,firstName,lastName,userId,archived\n7,ana@corp.example,Ana,Ozola,99,false\n")
    assert told.sheet.target == "people"
    assert told.only() == {
        "rep_id": "7", "name": "Ana Ozola", "email": "ana@corp.example", "aliases": "7;ana@corp.example",
    }  # fmt: skip


# --------------------------------------------------------------------- deals


def deals(open_quote: str, close_quote: str, delimiter: str = ",") -> str:
    stages = [
        f"Date entered {open_quote}{stage} (Sales Pipeline){close_quote}" for stage in ("Demo", "Contract (signed)")
    ]
    text = csv_text(
        ["Record ID", "Deal Name", "Deal Stage", "Pipeline", "Deal owner", "Create Date", "Close Date", "Amount",
         *stages],
        [
            ["51", "Pumps", "Closed Won", "Sales Pipeline", "Ana Ozola", "2026-01-05 10:00", "2026-03-20 12:00",
             "9000.5", "2026-01-07 6:49", "2026-02-01 11:00"],
            ["52", "Valves", "Demo", "Sales Pipeline", "Ana Ozola", "2026-01-06 10:00", "2026-06-30 12:00", "",
             "2026-01-08 09:00", ""],
            ["53", "Pipes", "New", "Sales Pipeline", "", "2026-01-06 10:00", "", "", "", ""],
        ],
    )  # fmt: skip
    return text.replace('","', f'"{delimiter}"') if delimiter != "," else text


@pytest.mark.parametrize("quotes", ['""', "''", "\u201c\u201d", "\u2018\u2019"])
def test_dates_of_stages_stand_in_columns(quotes: str) -> None:
    opportunities, stages = tell_all(deals(*quotes))
    assert opportunities.sheet.target == "opportunities"
    assert [tuple(row.values())[1:] for row in opportunities.rows] == [
        ("51", None, "Ana Ozola", None, "9000.5", "2026-01-05T10:00:00", "2026-03-20", "won"),
        ("52", None, "Ana Ozola", None, None, "2026-01-06T10:00:00", None, "open"),
        ("53", None, None, None, None, "2026-01-06T10:00:00", None, "open"),
    ]
    assert stages.sheet.target == "stage_events"
    assert [tuple(row.values())[1:] for row in stages.rows] == [
        ("51", "Demo", "2026-01-07T06:49:00"),
        ("51", "Contract (signed)", "2026-02-01T11:00:00"),
        ("52", "Demo", "2026-01-08T09:00:00"),
    ]
    assert stages.rules() == [("crm/no_stage_dates", "skipped")]
    assert len({row["line"] for row in stages.rows}) == 3, "each has a line of its own"


def test_some_deals_come_as_utf_16_with_tabs() -> None:
    tabs = deals("\u201c", "\u201d", delimiter="\t")
    opportunities, stages = tell_all(tabs, encoding="utf-16")
    assert opportunities.column("opportunity_id") == ["51", "52", "53"]
    assert len(stages.rows) == 3


def test_internal_names_are_utc_and_the_new_generation_counts() -> None:
    _, stages = tell_all(
        "hs_object_id,dealname,dealstage,hubspot_owner_id,createdate,hs_is_closed_won,hs_is_closed,"
        "hs_date_entered_closedwon,hs_v2_date_entered_closedwon,hs_v2_date_entered_88123_x\n"
        "51,Pumps,closedwon,7,2026-01-05T10:00:00Z,true,true,2026-02-02T00:00:00Z,2026-02-01T11:00:00.5Z,1772440200000\n"
    )
    assert {(row["stage"], row["entered_at"]) for row in stages.rows} == {
        ("closedwon", "2026-02-01T11:00:00Z"), ("88123_x", "2026-03-02T08:30:00Z"),
    }  # fmt: skip


def test_brackets_stay_where_not_every_header_names_a_pipeline() -> None:
    _, stages = tell_all(
        'Record ID,Deal Name,Deal Stage,"Date entered ""Contract (signed)""","Date entered ""Demo"""\n'
        "51,Pumps,Demo,2026-01-07 06:49,2026-01-08 06:49\n"
    )
    assert stages.column("stage") == ["Contract (signed)", "Demo"]


def test_deals_without_dates_of_stages_are_opportunities_only() -> None:
    (opportunities,) = tell_all("Record ID,Deal Name,Deal Stage,Amount\n51,Pumps,Closed Lost,5\n")
    assert opportunities.column("outcome") == ["lost"]


def test_a_deleted_deal_tells_no_stage() -> None:
    opportunities, stages = tell_all(
        "deal_id,property_dealname,deal_pipeline_stage_id,_fivetran_deleted,property_hs_date_entered_1\n"
        "51,Pumps,1,true,2026-01-07 06:49:00\n52,Valves,1,false,soon\n"
    )
    assert opportunities.rules() == [("crm/deleted", "set_aside")]
    assert stages.rules() == [("crm/deleted", "set_aside"), ("crm/no_stage_event", "set_aside")]
    assert stages.rows == []


stage_names = (
    st.text(alphabet="abcXYZ -&", min_size=1, max_size=8)
    .map(lambda name: " ".join(name.split()))
    .filter(lambda name: any(map(str.isalpha, name)))
)


@settings(deadline=None)
@given(
    st.lists(stage_names, min_size=1, max_size=5, unique=True),
    st.lists(st.lists(st.one_of(st.none(), st.datetimes()), min_size=5, max_size=5), max_size=6),
)
def test_every_date_of_a_stage_comes_back(stages: list[str], dates: list[list[object]]) -> None:
    headers = ["Record ID", "Deal Name", "Deal Stage", *(f'Date entered "{name} (P)"' for name in stages)]
    dated = [[f"{one:%Y-%m-%d %H:%M}".rjust(16, "0") if one else "" for one in row[: len(stages)]] for row in dates]
    written = [[str(2**60 + n), "x", "y", *row] for n, row in enumerate(dated)]
    told = tell_all(csv_text(headers, written))[-1]
    expected = [
        (record[0], stage, text.replace(" ", "T") + ":00")
        for record in written
        for stage, text in zip(stages, record[3:], strict=True)
        if text
    ]
    assert [(row["opportunity_id"], row["stage"], row["entered_at"]) for row in told.rows] == expected
    assert told.tally.skipped == sum(not any(record[3:]) for record in written)
