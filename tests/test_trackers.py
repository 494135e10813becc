"""Files of trackers and calendars as a study: hours, places on the clock, and accounts that hold."""

from __future__ import annotations

import json

import polars as pl
import pytest
import tracker_files as t
from studies import Figures, write_study

FILES = {
    "toggl.csv": t.TOGGL + "\r\n"
    "Ana Ruiz,a@x.example,Northwind,Renewal,,Customer meeting,No,2026-01-12,23:30:00,2026-01-13,00:15:00,00:44:59,,\r\n"
    "Ana Ruiz,ana@x.example,,Renewal,,,No,2026-01-13,09:00:00,2026-01-13,10:00:00,01:00:00,,\r\n",
    "clockify.csv": t.clockify(
        t.clockify_row(**{"Start Time": "11:00 AM", "End Time": "11:30:30 AM"}),
        t.clockify_row(Type="Break", Description="", **{"Start Time": "12:00:00", "End Time": "12:30:00"}),
    ),
    "clockify_days.csv": '"Date","User","Description","Time (h)","Time (decimal)"\n'
    '"13/10/2026","Ana Ruiz","Offers","01:30:00","1.5"\n',
    "harvest.csv": t.HARVEST + "\n"
    '2026-03-04,Northwind,P,,Offers,,"0,5",Yes,No,No,Ana,Ruiz,,Yes,,,,,,\n'
    '2026-03-04,Northwind,P,,Visit,,"2,25",Yes,No,No,Ana,Ruiz,,Yes,,,,,,\n',
    "kimai.csv": t.kimai(t.KIMAI_DE),
    "timr.csv": t.timr() + t.timr(start="19.10.2026 09:00", end="19.10.2026 17:30", rest="45").split("\n")[1],
    "timecamp.json": json.dumps([t.timecamp(), t.timecamp(start_time="23:30:00", end_time="00:30:00")]),
    "timewarrior.json": t.TIMEWARRIOR,
    "everhour.csv": "Member,Date,Project,Task,Task ID,Hours\nAna Ruiz,2026-03-02,P,Call,t1,1.5\n,,,Offer,t2,2.25\n",
    "rescuetime.csv": "Date,Time Spent (seconds),Number of People,Activity,Category,Productivity\r\n"
    "2026-09-01T10:55:00,400,1,crm.example.com,Business,2\r\n2026-09-01T10:55:00,200,1,Outlook,Business,1\r\n",
    "activitywatch.json": t.activitywatch(w=t.window(t.event(0, 60, app="Excel", title="forecast")), a=t.HERE),
    "org.csv": "task,parents,category,start,end,effort,ishabit,tags\nOffer,,,2026-03-25 14:46,2026-03-25 18:25,,,\n",
    "outlook.csv": t.outlook(t.OUTLOOK_GERMAN)
    + t.outlook(t.OUTLOOK_GERMAN, shown="3").partition("\r\n")[2],
    "google.csv": t.GOOGLE + "\nVisit,03/25/2026,10:00 AM,03/25/2026,11:30 AM,False,,Leeds,False\n",
    "graph.json": t.graph(
        t.graph_event(start=t.zoned("07-01T23:30", "W. Europe Standard Time"),
                        end=t.zoned("07-02T00:30", "W. Europe Standard Time"))
    ),
}  # fmt: skip
HOURS = {  # file -> seconds of its entries, and how many of the entries have a place on the clock
    "toggl.csv": (45 * 60 + 3600, 2), "clockify.csv": (1830 + 1800, 2), "clockify_days.csv": (5400, 0),
    "harvest.csv": (1800 + 8100, 0), "kimai.csv": (8100, 1), "timr.csv": (22 * 60 + 27_900, 1),
    "timecamp.json": (7200, 2), "timewarrior.json": (6, 2), "everhour.csv": (5400 + 8100, 0),
    "rescuetime.csv": (300, 0), "activitywatch.json": (60, 1), "org.csv": (13_140, 1), "outlook.csv": (3600, 1),
    "google.csv": (5400, 1), "graph.json": (3600, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    config = '[study]\ntime_zone = "Europe/Berlin"\n' + "".join(
        f'[[source]]\nmatch = "{name}"\nrep = "file"\n'
        for name in ("timewarrior.json", "rescuetime.csv", "org.csv", "outlook.csv", "google.csv")
    )
    return Figures()(write_study(tmp_path_factory.mktemp("study"), FILES, config))


@pytest.mark.parametrize("name", FILES)
def test_the_hours_of_each_file(made, name):
    (account,) = made["source_accounts"].filter(pl.col("file") == name).rows(named=True)
    assert account["records"] == sum(account[key] for key in ("entries", "duplicates", "set_aside", "blank", "skipped"))
    rows = made["int_entries"].filter((pl.col("source_id") == account["source_id"]) & pl.col("problem").is_null())
    assert (rows["seconds"].sum(), rows["start_second"].is_not_null().sum()) == HOURS[name]
    assert rows.height == account["entries"]


def test_an_entry_past_midnight_belongs_to_both_days(made):
    days = made["int_day_pieces"].filter(pl.col("seconds").is_in([1800, 900]))["local_date"].cast(pl.String).to_list()
    assert {"2026-01-12", "2026-01-13", "2026-07-01", "2026-07-02"} <= set(days)


def test_days_of_times_in_utc_are_local_days(tmp_path):
    file = '[{"id":1,"start":"20260630T223000Z","end":"20260630T233000Z","tags":["call"]}]'
    folder = write_study(
        tmp_path, {"t.json": file}, '[study]\ntime_zone = "Europe/Berlin"\n[[source]]\nmatch = "*"\nrep = "a"'
    )
    (day,) = Figures()(folder)["int_day_pieces"]["local_date"].cast(pl.String)
    assert day == "2026-07-01"


def test_the_sum_of_what_is_told_of_each_format(made):
    accounts = made["source_accounts"].sort("file")
    assert accounts.filter(pl.col("set_aside") > 0)["file"].to_list() == ["outlook.csv", "timewarrior.json"]
    assert accounts.filter(pl.col("skipped") > 0)["file"].to_list() == ["activitywatch.json"]
    assert accounts["duplicates"].sum() == 0
