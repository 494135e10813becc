"""What a load makes of files of many kinds: shapes, refusals, addresses, and what it says of each."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from studies import write_study
from worksheets import write

from timewaste.errors import RefusedFiles
from timewaste.study import DATABASE, Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

HEADER = "rep,date,start,end,activity\n"
LOG = HEADER + "anna,2026-03-02,09:00,10:00,customer meeting\n"
CALLS = (
    "rep,date,start,duration,channel,activity\n"
    "anna,2026-03-02,09:00,,Call,cold call\n"
    "anna,2026-03-02,,,call,cold call\n"
    "anna,2026-03-02,11:00,,letter,thank-you note\n"
    "anna,2026-03-02,12:00,0:20,call,cold call\n"
)


def entries(folder: Path) -> list[tuple[str | None, int | None, bool, int | None]]:
    rows = open_study(folder).sql(
        "select problem, seconds, is_imputed, start_second from int_entries order by source_id, line"
    )
    return [(problem, seconds, is_imputed, start) for problem, seconds, is_imputed, start in rows.iter_rows()]


# ------------------------------------------------------------ points in time


def test_a_point_in_time_has_no_length_unless_the_settings_give_one(tmp_path: Path) -> None:
    folder = write_study(tmp_path, CALLS)
    assert [(problem, seconds) for problem, seconds, _, _ in entries(folder)] == [
        ("entry/no_time", None), ("entry/no_time", None), ("entry/no_time", None), (None, 1200),
    ]  # fmt: skip


def test_a_length_that_the_settings_give_is_marked_and_told(tmp_path: Path) -> None:
    folder = write_study(tmp_path, CALLS, "[study]\npoint_minutes = { Call = 7.5 }\n")
    made = entries(folder)
    assert [row[:3] for row in made] == [
        (None, 450, True), (None, 450, True), ("entry/no_time", None, False), (None, 1200, False),
    ]  # fmt: skip
    assert [start is None for *_, start in made] == [False, True, True, False]  # a day stays a day
    issues = open_study(folder).sql("select line, seconds from issues where rule = 'entry/imputed' order by line")
    assert issues.rows() == [(2, 450), (3, 450)]
    counted = open_study(folder).sql("select line, is_imputed from entries order by line").rows()
    assert counted == [(2, True), (3, True), (5, False)]
    assert open_study(folder).frame("rpt_accounts")["imputed_hours"].to_list() == [900 / 3600]


def test_any_other_point_takes_the_length_of_the_star(tmp_path: Path) -> None:
    folder = write_study(tmp_path, CALLS, '[study]\npoint_minutes = { call = 10, "*" = 2 }\n')
    assert [seconds for _, seconds, _, _ in entries(folder)] == [600, 600, 120, 1200]


# ------------------------------------------------------------- web addresses

ADDRESSES = HEADER + (
    'anna,2026-03-02,09:00,10:00,"see https://anna:secret@crm.example.org:8443/deal/17?token=abc#x, then call"\n'
    'anna,2026-03-02,10:00,11:00,"HTTP://Portal.example.org"\n'
    'anna,2026-03-02,11:00,12:00,"no address: a//b"\n'
)


def labels(folder: Path) -> list[str]:
    return open_study(folder).sql("select label from stg_records order by line")["label"].to_list()


def test_addresses_are_cut_to_their_host(tmp_path: Path) -> None:
    folder = write_study(tmp_path, ADDRESSES)
    assert labels(folder) == [
        "see https://crm.example.org:8443 then call",
        "HTTP://Portal.example.org",
        "no address: a//b",
    ]
    assert b"token=abc" not in (folder / DATABASE).read_bytes()


def test_addresses_are_kept_when_the_settings_say_so(tmp_path: Path) -> None:
    folder = write_study(tmp_path, ADDRESSES, "[privacy]\nkeep_urls = true\n")
    assert "token=abc" in labels(folder)[0]


def test_addresses_in_columns_that_nobody_knows_are_cut_too(tmp_path: Path) -> None:
    log = "rep,date,start,end,activity,Link\nanna,2026-03-02,09:00,10:00,demo,https://x.example.org/a?b=c\n"
    (extra,) = open_study(write_study(tmp_path, log)).sql("select extra from stg_records")["extra"]
    assert json.loads(extra) == {"Link": "https://x.example.org"}


# ------------------------------------------------------------------- telling


def test_a_load_tells_how_each_file_was_understood(tmp_path: Path, tw: Callable[..., Done]) -> None:
    log = "Wer;Datum;Von;Bis;Tätigkeit;Farbe\nAnna;13.03.2026;09:00;10:00;Angebot;rot\nAnna;13.03.2026;9;;x;\n"
    folder = write_study(tmp_path / "s", {"week.csv": log, "bad.csv": b"%PDF-1.7 ..."})
    done = tw("load", str(folder))
    said = done.out.decode()
    assert done.code == 2
    assert "log in columns of its own · csv · semicolon" in said
    assert "rep = Wer, date = Datum, start = Von, end = Bis, label = Tätigkeit" in said
    assert "1 more column is kept" in said
    assert "day first (as 13.03.2026 proves)" in said
    assert "UTC (the study's)" in said
    assert "2 = 1 entries + 0 duplicates + 1 set aside + 0 blank + 0 skipped" in said
    assert "[file/pdf] bad.csv" in done.err
    assert "time_zone =" in done.err
    again = tw("load", str(folder))
    assert again.code == 2
    assert "[file/pdf] bad.csv" in again.err
    assert "rep = Wer" not in again.out.decode()  # nothing new
    assert "rep = Wer" in tw("load", str(folder), "--explain").out.decode()
    other = tw("check", str(folder))
    assert other.code == 0
    assert "1 file is not in the study" in other.err


def test_every_column_that_is_read_is_shown(tmp_path: Path, tw: Callable[..., Done]) -> None:
    logs: dict[str, str | bytes] = {
        "harvest.csv": "Date,Client,Project,Task,Notes,Hours,First Name,Last Name\n2026-03-02,A,P,Visit,,1,Ana,Ozola\n",
        "report.csv": "Subject,Date,Assigned,Priority,Duration in Minutes,Status\nCall,2026-03-02,Ana,High,30,Done\n",
        "deals.csv": "Opportunity ID,Opportunity Name,Stage,Close Date,Closed\n0064600000J5S5T,Big,Won,2026-03-02,1\n",
    }
    said = tw("load", str(write_study(tmp_path / "s", logs)), "--dry-run").out.decode()
    assert (
        "rep = Last Name, date = Date, duration = Hours, label = Task, account = Client, notes = Notes; also First "
        in said
    )
    assert "rep = Assigned, date = Date, duration = Duration in Minutes, label = Subject; also Status" in said
    assert "opportunity = Opportunity ID, closed = Close Date; also Closed, Stage" in said


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "s", {"week.csv": LOG})
    first = tw("load", str(folder), "--dry-run")
    assert first.code == 0
    assert "1 = 1 entries" in first.out.decode()
    assert "Nothing was kept" in first.err
    assert not (folder / DATABASE).exists()
    elsewhere = tmp_path / "more.csv"
    elsewhere.write_text(LOG.replace("anna", "ben"), encoding="utf-8")
    open_study(folder)
    before = (folder / DATABASE).read_bytes()
    assert "more.csv" in tw("load", str(folder), str(elsewhere), "--dry-run").out.decode()
    assert not (folder / "logs" / "more.csv").exists()
    assert Study(folder).frame("reps")["rep_id"].to_list() == ["anna"]
    assert len(before) > 0


def test_a_dry_run_prints_the_block_that_mends_a_doubtful_file(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "s", {"a.csv": LOG, "b.csv": HEADER + "ben,03/04/2026,09:00,10:00,expenses\n"})
    done = tw("load", str(folder), "--dry-run")
    assert done.code == 2
    block = done.err[done.err.index("[[source]]") :]
    (folder / "timewaste.toml").write_text(block, encoding="utf-8")
    assert tw("load", str(folder)).code == 0
    assert (
        open_study(folder).sql("select distinct local_date from entries where rep_id = 'ben'").item()
        == pl.date(2026, 4, 3).pipe(pl.select).item()
    )


def test_nobody_is_taken_for_the_owner_of_a_log_without_names(tmp_path: Path) -> None:
    log = "date,start,end,activity\n2026-03-02,09:00,10:00,demo\n"
    with pytest.raises(RefusedFiles) as caught:
        open_study(write_study(tmp_path, log))
    assert 'rep = "file"' in caught.value.errors[0].mend


# ---------------------------------------------- what a first user ran into


def seconds(folder: Path) -> list[tuple[str, int]]:
    return (
        open_study(folder).sql("select rep_id, sum(seconds) as s from entries group by rep_id order by rep_id").rows()
    )


def rules(folder: Path, like: str) -> list[str]:
    return open_study(folder).sql("select rule from issues where rule like $like", like=like)["rule"].to_list()


@pytest.mark.parametrize(
    "word",
    ["Summe", "Tagessumme", "Gesamtstunden KW 12", "Subtotal", "Total général", "Grand Total", "Total hours", "Soll",
     "Ist", "Wochensumme:", "Zwischensumme Mo", "Insgesamt", "Saldo", "Übertrag"],
)  # fmt: skip
def test_a_sum_is_no_work_even_under_a_date(tmp_path: Path, word: str) -> None:
    rows = (("1:30", "quote"), ("0:30", "expenses"), ("2:00", word))
    log = "rep,date,duration,activity\n" + "".join(f"anna,2026-03-02,{length},{label}\n" for length, label in rows)
    folder = write_study(tmp_path, log)
    assert seconds(folder) == [("anna", 7200)]
    assert open_study(folder).sql("select line from issues where rule = 'row/total'")["line"].to_list() == [4]


def test_work_on_a_sum_is_work_when_it_has_a_place_on_the_clock(tmp_path: Path) -> None:
    log = HEADER + "anna,2026-03-02,09:00,10:00,Total\nanna,2026-03-02,10:00,11:00,Totals of the tender\n"
    assert seconds(write_study(tmp_path, log)) == [("anna", 7200)]


def test_breaks_in_a_column_of_their_own_are_no_work(tmp_path: Path) -> None:
    log = "Rep;Datum;Von;Bis;Pause;Stunden;Tätigkeit\nanna;13.03.2026;08:00;12:45;0:45;4;Angebot\n"
    folder = write_study(tmp_path, log)
    assert seconds(folder) == [("anna", 4 * 3600)]
    assert (
        open_study(folder).sql("select rule from issues where rule like 'header/break%'").item()
        == "header/break_column"
    )


def test_breaks_without_a_column_of_lengths_are_told(tmp_path: Path) -> None:
    log = "Rep;Datum;Von;Bis;Pause;Tätigkeit\nanna;13.03.2026;08:00;12:45;0:45;Angebot\n"
    folder = write_study(tmp_path, log)
    assert (
        open_study(folder).sql("select rule from issues where rule like 'header/break%'").item()
        == "header/break_ignored"
    )


def calendar(summary: str) -> str:
    event = f"UID:{summary}\r\nDTSTART:20260323T090000Z\r\nDTEND:20260323T100000Z\r\nSUMMARY:{summary}\r\n"
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//EN\r\nX-WR-CALNAME:Kalender\r\n"
        f"BEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@pytest.mark.parametrize("name", ["{}.ics", "{}/calendar.ics"])
def test_calendars_of_one_archive_are_the_people_they_are_named_after(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cals.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for who in ("Anna Abel", "Ben Bauer"):
            archive.writestr(name.format(who), calendar("Jour fixe"))
    folder = write_study(tmp_path / "study", {"cals.zip": path.read_bytes()})
    assert seconds(folder) == [("Anna Abel", 3600), ("Ben Bauer", 3600)]


def test_an_activity_of_the_pipedrive_interface_keeps_its_time(tmp_path: Path) -> None:
    pipedrive = (
        "Subject,Type,Due date,Due time,Duration,Done,Assigned to user,Organization name\n"
        "Call Huber,Call,2026-03-17,09:15,01:00,Done,anna,Huber\n"
    )
    log = "rep,date,start,end,activity,customer\nanna,2026-03-17,09:15,10:15,Customer call,Huber\n"
    folder = write_study(tmp_path, {"pd.csv": pipedrive, "log.csv": log})
    assert seconds(folder) == [("anna", 3600)]
    assert open_study(folder).frame("same_time").height == 1


def test_an_opportunity_is_a_reps_and_not_a_number_of_the_crm(tmp_path: Path) -> None:
    user, owner = "0055g00000A1b2CAAR", "0065g00000D1e2FAAX"
    files = {
        "User.csv": f'"Id","Username","Name","Email","IsActive"\n"{user}","a@x","Anna Abel","anna@x.example","1"\n',
        "Opportunity.csv": '"Id","AccountId","Name","StageName","Amount","CloseDate","OwnerId","IsClosed","IsWon",'
        f'"IsDeleted","CreatedDate"\n"{owner}","","A","Won","5","2026-03-01","{user}","1","1","0","2026-01-01 10:00"\n',
        "log.csv": LOG.replace("anna", "R1"),
    }
    folder = write_study(tmp_path, files, files={"reps.csv": "rep_id,name,email\nR1,Anna Abel,anna@x.example\n"})
    assert open_study(folder).frame("opportunities")["rep_id"].to_list() == ["R1"]


def test_a_typographic_apostrophe_is_an_apostrophe(tmp_path: Path) -> None:
    log = HEADER + '"O\u2019Connor, Anne",2026-03-02,09:00,10:00,demo\n'
    folder = write_study(tmp_path, log, files={"reps.csv": "rep_id,name\nR1,Anne O'Connor\n"})
    assert seconds(folder) == [("R1", 3600)]


def test_lines_of_a_utf_16_file_end_as_ever(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"log.csv": LOG.replace("\n", "\r\n").encode("utf-16")})
    assert open_study(folder).sql("select count(*) from issues where rule = 'csv/lone_return'").item() == 0


# ------------------------------------------------- what a last read found


def test_addresses_go_when_the_settings_no_longer_keep_them(tmp_path: Path) -> None:
    folder = write_study(tmp_path, ADDRESSES, "[privacy]\nkeep_urls = true\n")
    assert "token=abc" in labels(folder)[0]
    (folder / "timewaste.toml").write_text("", encoding="utf-8")
    assert "token=abc" not in labels(folder)[0]
    assert open_study(folder).sql("select count(*) from raw_texts where text like '%token=abc%'").item() == 0


def test_an_address_is_cut_where_an_issue_shows_it(tmp_path: Path) -> None:
    log = "rep,date,start,end,activity\nanna,https://x.example.org/?t=abc,09:00,10:00,demo\n" + "".join(
        f"anna,2026-03-0{day},09:00,10:00,demo\n" for day in range(2, 6)
    )
    log += 'anna,2026-03-06,09:00,"10:00" https://y.example.org/?t=def,demo\n'
    folder = write_study(tmp_path, log)
    shown = open_study(folder).sql("select value from issues where value like '%example.org%'")["value"].to_list()
    assert shown
    assert all("?t=" not in value for value in shown)


def test_an_address_is_counted_once_although_its_file_is_begun_twice(tmp_path: Path) -> None:
    rows = "".join(f"anna,2026-03-02,09:00,10:00,demo,https://x.example.org/{n}\n" for n in range(3))
    log = f"rep,date,start,end,activity,link\n{rows}Total,,,,,\n"  # a sum: not for the fast way
    assert Study(write_study(tmp_path, log)).refresh().intake.cut_urls == 3


def test_a_profile_and_a_dry_run_tell_what_was_refused_too(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "s", {"week.csv": LOG, "bad.csv": b"%PDF-1.7 ..."})
    done = tw("load", str(folder), "--profile")
    assert (done.code, "[file/pdf] bad.csv" in done.err) == (2, True)
    done = tw("load", str(folder), "--dry-run", "--format", "json")
    assert done.code == 2
    (source,) = json.loads(done.out)
    assert (source["file"], source["records"], source["entries"]) == ("week.csv", 1, 1)
    assert "one engine" in tw("load", str(folder), "--dry-run", "--engine", "duckdb").err


def test_a_user_of_the_crm_who_comes_later_makes_old_rows_a_reps(tmp_path: Path) -> None:
    user = "0055g00000A1b2CAAR"
    event = (
        '"Id","WhoId","WhatId","Subject","Location","IsAllDayEvent","ActivityDateTime","ActivityDate","DurationInMinutes",'
        '"AccountId","OwnerId","IsDeleted","CreatedDate"\n'
        f'"00U600000000001EAA","","","Meeting","","0","2026-03-02 08:00:00",'
        f'"2026-03-02 00:00:00","60","","{user}","0","2026-03-02 16:00:00"\n'
    )
    users = f'"Id","Username","Name","Email","IsActive"\n"{user}","a@x","Anna Abel","anna@x.example","1"\n'
    roster = {"reps.csv": "rep_id,name,email\nR1,Anna Abel,anna@x.example\n"}
    logs = {"log.csv": LOG.replace("anna", "R1").replace("09:00,10:00", "13:00,14:00"), "Event.csv": event}
    folder = write_study(tmp_path / "s", logs, files=roster)
    assert seconds(folder) == [(user, 3600), ("R1", 3600)]
    write_study(folder, {"User.csv": users})
    assert seconds(folder) == [("R1", 7200)]
    (folder / "logs" / "User.csv").unlink()
    assert seconds(folder) == [(user, 3600), ("R1", 3600)]


# ------------------------------------------------------- folders as they come


def test_what_systems_leave_in_a_folder_is_no_log(tmp_path: Path, tw: Callable[..., Done]) -> None:
    litter = dict.fromkeys(
        ["Thumbs.db", "sub/desktop.ini", ".DS_Store", "~$log.xlsx"], b"\xd0\xcf\x11\xe0" + bytes(600)
    )
    folder = write_study(tmp_path / "s", {"log.csv": LOG, **litter})
    done = tw("load", str(folder))
    assert (done.code, "Not read" in done.err) == (0, False)


def test_a_load_of_several_files_begins_with_those_that_wait_for_somebody(
    tmp_path: Path, tw: Callable[..., Done]
) -> None:
    logs = {
        "a.csv": LOG, "b.csv": HEADER + "ben,03/04/2026,09:00,10:00,expenses\n", "c.pdf": b"%PDF-1.7 ...",
        "d.csv": HEADER + "dora,2026-03-02,later,,quote\ndora,2026-03-02,9:00,10:00,quote\ndora,2026-03-02,,,x\n",
    }  # fmt: skip
    study = write_study(tmp_path / "s", logs)
    done = tw("load", str(study), "--dry-run")
    table = done.out.decode().split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in table] == ["File", "b.csv", "c.pdf", "d.csv", "a.csv"]
    assert [line.rsplit("  ", 1)[1] for line in table[1:4]] == ["a question", "another file", "a look"]
    assert table[4].split()[-2:] == ["1", "1"]
    assert done.err.rstrip().endswith(
        f"1 file waits for an answer in timewaste.toml and 1 file cannot be read as a log; then: timewaste load {study}"
    )


def test_one_file_alone_needs_no_table_above_it(tmp_path: Path, tw: Callable[..., Done]) -> None:
    done = tw("load", str(write_study(tmp_path / "s", LOG)))
    assert done.out.decode().startswith("log.csv\n  is ")


@pytest.mark.parametrize(
    "text",
    ["2026-03-16\nOffice\n    8:00 - 9:30 Quotes\n    1h Phone\n", "Montag 16.3.\n8-9 Mails\n9-10.30 Angebot Acme\n"],
)
def test_running_text_is_told_from_a_table_without_a_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedFiles) as caught:
        open_study(write_study(tmp_path, {"notes.txt": text}))
    (error,) = caught.value.errors
    assert (error.code, error.where) == ("csv/no-table", "notes.txt, line 1")
    assert error.mend.endswith('[[source]]\nmatch = "notes.txt"\nskip = true')


@pytest.mark.parametrize(
    ("log", "year"),
    [
        ("Zeiten KW 12 / 2026\n\nRep;Datum;Von;Bis;Tätigkeit\nanna;Di 17.03.;08:00;09:00;Angebot\n", "2026"),
        ("Rep;Datum;Von;Bis;Tätigkeit\nanna;17.03.;08:00;09:00;Angebot\n", ""),
    ],
)
def test_a_year_that_no_date_names_is_asked_for_with_what_a_title_says(tmp_path: Path, log: str, year: str) -> None:
    folder = write_study(tmp_path, log)
    with pytest.raises(RefusedFiles) as caught:
        open_study(folder)
    (error,) = caught.value.errors
    block = error.mend.partition("\n")[2]
    asked = year or '"…"'
    assert f"year = {asked}" in block
    (folder / "timewaste.toml").write_text(block.replace('"…"', "2026", 1), encoding="utf-8")
    assert open_study(folder).sql("select local_date from entries")["local_date"].to_list() == [date(2026, 3, 17)]


def test_a_date_that_begins_with_its_weekday_proves_too(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path, "Rep;Datum;Von;Bis;Tätigkeit\nanna;Di 17.03.2026;08:00;09:00;Angebot\n")
    assert "day first (as Di 17.03.2026 proves)" in tw("load", str(folder)).out.decode()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Kalender Jörg Weiß.csv", 'rep = "Jörg Weiß"   # as the name of the file seems to say'),
        ("stunden_ida.csv", 'rep = "file"   # or the name itself'),
        ("Export Week 12.csv", 'rep = "file"   # or the name itself'),
    ],
)
def test_whose_a_file_is_is_asked_with_the_person_in_its_name(tmp_path: Path, name: str, line: str) -> None:
    with pytest.raises(RefusedFiles) as caught:
        open_study(write_study(tmp_path, {name: "date,start,end,activity\n2026-03-02,09:00,10:00,demo\n"}))
    assert line in caught.value.errors[0].mend


def test_a_title_and_the_name_of_its_sheet_tell_a_rep_together(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    rows = [
        ["Zeitaufschreibung Hugo Imhof"],
        ["Datum", "Von", "Bis", "Tätigkeit"],
        ["2.3.2026", "8:00", "9:00", "Angebot"],
    ]
    write(path, {"Hugo Imhof": rows})
    folder = write_study(
        tmp_path / "study", {"log.xlsx": path.read_bytes()}, '[[source]]\nmatch = "*"\ndate_order = "dmy"\n'
    )
    assert seconds(folder) == [("Hugo Imhof", 3600)]


def test_deals_of_a_crm_are_no_entries_of_the_log(tmp_path: Path, tw: Callable[..., Done]) -> None:
    deals = "Record ID,Deal Name,Deal Stage,Pipeline,Deal owner,Amount,Create Date,Close Date\n"
    deals += "".join(f"900{n},Deal {n},Closed Won,Sales,Anna,100,2026-03-01,2026-03-09\n" for n in range(3))
    write_study(tmp_path / "study", {"a.csv": LOG, "deals.csv": deals})
    (facts,) = open_study(tmp_path / "study").frame("rpt_facts").to_dicts()
    assert facts["entries"] == facts["records"] == LOG.count("\n") - 1
    assert facts["instruments"] == "self_log"
    assert facts["sources"] == 1
    assert "1 entry (self_log)" in tw("summary", tmp_path / "study").out.decode()


def test_a_mistyped_year_is_told(tmp_path: Path) -> None:
    head = "rep,date,start,end,activity\n"
    week = "".join(f"Anna,2026-03-{day:02},9:00,10:00,demo\n" for day in range(2, 7))
    study = write_study(tmp_path / "study", {"a.csv": head + week + "Anna,2062-03-30,9:00,10:00,demo\n"})
    found = open_study(study).frame("issues").filter(rule="date/far")
    assert found.select("file", "line", "value", "treatment", "seconds").rows() == [
        ("a.csv", 7, "2062-03-30", "noted", 3600)
    ]
    later = "".join(f"Anna,2027-03-{day:02},9:00,10:00,demo\n" for day in range(1, 5))
    write_study(study, {"a.csv": head + week + later})
    assert open_study(study).frame("issues").is_empty(), "another wave of logging is no slip"


def test_the_logs_of_a_study_are_not_taken_for_a_study(tmp_path: Path, tw: Callable[..., Done]) -> None:
    study = write_study(tmp_path / "a study", {"a.csv": LOG}, "[study]\n")
    done = tw("summary", study / "logs")
    assert done.code == 2
    assert f"these are the logs of a study, not the study\nSay: {study}" in done.err
    assert [path.name for path in (study / "logs").iterdir()] == ["a.csv"]
    assert tw("load", "--quiet", study).code == 0
    (study / "logs" / "old.duckdb").write_bytes((study / "timewaste.duckdb").read_bytes())
    assert "this is a DuckDB database, not a log" in tw("load", study).err
    assert f"timewaste check '{study}'" in tw("summary", study).out.decode(), "to be pasted"


def test_a_dry_run_names_copies_too(tmp_path: Path, tw: Callable[..., Done]) -> None:
    study = write_study(tmp_path / "study", {"a.csv": LOG, "b.csv": LOG})
    assert "b.csv: the same bytes as a.csv; counted once" in tw("load", "--dry-run", study).err


def test_files_with_rows_set_aside_are_told_where_not_all_can_be(tmp_path: Path, tw: Callable[..., Done]) -> None:
    logs = {f"a{n:02}.csv": LOG.replace("meeting", f"meeting {n}") for n in range(14)}
    study = write_study(tmp_path / "study", logs | {"z.csv": LOG + "Anna,2026-02-31,9:00,10:00,demo\n"})
    shown = tw("load", study).out.decode()
    assert "z.csv\n  is " in shown
    checked = tw("check", study).out.decode()
    assert "date/impossible: Correct the date" in checked
