"""Calls of Outreach and Salesloft, as their APIs and copies of them give them. Invented people."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_telling import csv_text, tell_csv

from timewaste.readers.layouts.dialers import first_id

OUTREACH = (
    "id,direction,from,to,note,outcome,state,userCallType,dialedAt,answeredAt,completedAt,createdAt,opportunity,user\n"
)


def test_an_outreach_call_lasts_from_dialling_to_its_end() -> None:
    told = tell_csv(
        OUTREACH
        + "9007199254740993,outbound,+371,+372,Hi,Answered,completed,x,2026-03-02T08:30:00.000Z,2026-03-02T08:30:20Z,"
        + "2026-03-02T08:35:00.000Z,2026-03-02T08:29:59.000Z,[51],[7]\n"
        + "2,inbound,+371,+372,,,completed,x,2026-03-02T09:30:00Z,,2026-03-02T09:30:40Z,2026-03-02T09:29:59Z,[],[7]\n"
    )
    assert told.sheet.instrument == "crm"
    first, second = ({name: text for name, text in row.items() if text and name != "extra"} for row in told.rows)
    assert first == {
        "line": 2, "rep": "7", "start_text": "2026-03-02T08:30:00Z", "end_text": "2026-03-02T08:35:00Z",
        "label": "Outbound call", "opportunity": "51", "channel": "call", "notes": "Hi",
        "logged_text": "2026-03-02T08:29:59Z",
    }  # fmt: skip
    assert second["label"] == "Inbound call, no answer"
    assert "opportunity" not in second


def test_json_api_attributes_lie_one_level_down() -> None:
    told = tell_csv(
        "id,attributes.direction,attributes.dialedAt,attributes.answeredAt,attributes.completedAt,"
        "relationships.user.data.id\n1,outbound,2026-03-02T08:30:00Z,2026-03-02T08:30:20Z,,7\n"
    )
    assert told.only() == {
        "rep": "7", "start_text": "2026-03-02T08:30:00Z", "label": "Outbound call", "channel": "call",
    }  # fmt: skip


SALESLOFT = "id,created_at,updated_at,to,from,duration,direction,status,call_type,call_uuid,recording,call,user\n"


def test_a_salesloft_record_is_written_when_the_call_ends() -> None:
    told = tell_csv(
        SALESLOFT
        + '1,2026-03-02T08:35:00.000000+02:00,x,1,2,300,outbound,completed,x,u,{},{},"{""id"": 7, ""_href"": ""h""}"\n'
        + "2,2026-03-02T08:35:00Z,x,+371,+372,0,outbound,no-answer,x,u,{},{},{}\n"
        + "3,yesterday,x,+371,+372,60,outbound,no-answer,x,u,{},{},{}\n"
    )
    assert told.column("start_text")[:2] == ["2026-03-02T08:30:00+02:00", "2026-03-02T08:35:00Z"]
    assert told.column("duration_text") == ["300 s", None, "60 s"]
    assert told.column("rep") == ["7", None, None]
    assert told.rules() == [("date/format", "set_aside")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[12, 13]", "12"),
        ("[]", ""),
        ("12, 13", "12"),
        ("7", "7"),
        ('{"id": 7}', "7"),
        ("ana@corp.example", "ana@corp.example"),
    ],
)
def test_relations_are_lists_of_ids(text: str, found: str) -> None:
    assert first_id(text) == found


@settings(deadline=None)
@given(st.lists(st.tuples(st.datetimes(), st.integers(0, 100_000), st.integers(2**53, 2**63 - 1)), max_size=8))
def test_start_and_length_give_back_the_moment_of_writing(written: list[tuple]) -> None:
    import datetime as dt

    headers = ("id", "created_at", "duration", "direction", "call_uuid", "user_id")
    moments = [moment.replace(microsecond=0) for moment, _, _ in written]
    records = [
        (str(n), f"{moment.isoformat()}Z", str(length), "outbound", "u", str(user))
        for n, (moment, (_, length, user)) in enumerate(zip(moments, written, strict=True))
    ]
    told = tell_csv(csv_text(headers, records))
    for row, moment, record in zip(told.rows, moments, records, strict=True):
        length = int((row["duration_text"] or "0 s").removesuffix(" s"))
        start = dt.datetime.fromisoformat(row["start_text"] or "").replace(tzinfo=None)
        assert row["rep"] == record[5]
        if start != moment:  # else it would lie before the year 1
            assert start + dt.timedelta(seconds=length) == moment
        assert length == int(record[2])
