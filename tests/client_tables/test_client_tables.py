"""The client's own tables in a study: joined, checked, left out with a reason, and never in what is shared."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from studies import write_study

from timewaste.errors import ConfigError, QueryError, StudyError
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

LOG = "Rep,Date,Start,End,Activity\n" + "".join(
    f"{rep},2026-03-0{day},09:00,1{day}:00,Customer visit\n" for rep in ("Anna Abel", "ben") for day in (2, 3, 4)
)
REPS = (
    "rep_id,name,email,aliases\nanna,Anna Abel,anna@x.example,A. Abel\nben,Ben Boll,,\n"
    "twin-1,Kim Lee,,\ntwin-2,Kim Lee,,\n"
)
QUOTA = (
    "Wer;Quartal;Ziel (€);Ab\nAbel, Anna;Q1;1.200,50;01.03.2026\nANNA@x.example;Q2;900;13.04.2026\n"
    "Ben Boll;Q1;1.000;01.03.2026\nKim Lee;Q1;5;01.03.2026\nTotal;;3105,5;\n"
)
BLOCK = """
[[table]]
name = "quota"
file = "client/quota.csv"
about = "Quota of each rep and quarter."
grain = "one row per rep and quarter."
rep = "Wer"
columns = { "Ziel (€)" = "number", ab = "date" }
decimal_mark = ","
expect = ["unique(rep_id, quartal, wer)", "not_null(wer)", "check(ziel_eur > 0)"]
"""
MODEL = """-- What each rep was to sell.
-- Grain: one row per rep.
-- Expect: unique(rep_id)

select rep_id as rep_id, sum(ziel_eur) as target from quota where rep_id is not null group by rep_id
"""
FILES = {"reps.csv": REPS, "client/quota.csv": QUOTA, "queries/marts/targets.sql": MODEL}


def folder_of(tmp_path: Path, block: str = BLOCK, **files: str) -> Path:
    return write_study(tmp_path / "acme", LOG, block, FILES | files)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return open_study(folder_of(tmp_path_factory.mktemp("client")))


def test_rows_come_in_as_they_stand_with_names_kinds_and_reps(acme: Study) -> None:
    frame = acme.frame("quota")
    assert dict(frame.schema) == {
        "rep_id": pl.String, "wer": pl.String, "quartal": pl.String, "ziel_eur": pl.Float64, "ab": pl.Date,
    }  # fmt: skip
    assert frame.select("rep_id", "wer", "ziel_eur").rows() == [
        ("anna", "Abel, Anna", 1200.5), ("anna", "ANNA@x.example", 900.0), ("ben", "Ben Boll", 1000.0),
        (None, "Kim Lee", 5.0), (None, "Total", 3105.5),
    ]  # fmt: skip


def test_who_is_nobody_or_may_be_two_is_listed_and_never_guessed(acme: Study) -> None:
    (table,) = acme.client_tables
    assert (table.found, table.strangers) == (3, (("Kim Lee", 1), ("Total", 1)))
    assert (table.rows, table.problems) == (5, ())


def test_a_query_and_a_model_of_the_study_join_it(acme: Study) -> None:
    joined = acme.sql(
        "select targets.rep_id, target, sum(seconds) / 3600 as hours from targets join entries using (rep_id) "
        "group by all order by 1"
    )
    assert joined.rows() == [("anna", 2100.5, 12.0), ("ben", 1000.0, 12.0)]
    ((holds, grain, is_own),) = acme.tables().filter(table="quota").select("holds", "grain", "is_own").rows()
    assert (holds, grain, is_own) == ("Quota of each rep and quarter.", "one row per rep and quarter.", True)


def test_it_is_read_again_only_when_file_block_or_people_changed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    study = open_study(folder)
    assert Study(folder).refresh().tables == ()  # a glance is enough
    config = folder / "timewaste.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[privacy]\nmin_group = 3\n", encoding="utf-8")
    again = Study(folder).refresh()
    assert (again.fresh_tables, "targets" in again.models) == (frozenset(), False)
    os.utime(folder / "client/quota.csv", (1, 1))
    assert Study(folder).refresh().fresh_tables == frozenset()  # the same bytes
    (folder / "client/quota.csv").write_text(QUOTA.replace("900", "950"), encoding="utf-8")
    changed = Study(folder).refresh()
    assert (changed.fresh_tables, "targets" in changed.models) == ({"quota"}, True)
    assert study.frame("quota")["ziel_eur"].to_list()[1] == 950
    (folder / "reps.csv").write_text(REPS + "total,Total,,\n", encoding="utf-8")
    assert Study(folder).refresh().fresh_tables == {"quota"}
    assert study.frame("quota")["rep_id"].to_list()[-1] == "total"
    config.write_text("", encoding="utf-8")
    (folder / "queries/marts/targets.sql").unlink()
    Study(folder).refresh()
    assert study.client_tables == []
    with pytest.raises(StudyError, match="there is no table 'quota'"):
        study.frame("quota")


def test_a_table_that_breaks_a_promise_is_left_out_with_what_rests_on_it(
    tmp_path: Path, tw: Callable[..., Done]
) -> None:
    folder = folder_of(tmp_path)
    open_study(folder)
    (folder / "client/quota.csv").write_text(QUOTA + "Ben Boll;Q1;-4;02.03.2026\n", encoding="utf-8")
    study = open_study(folder)
    (table,) = study.client_tables
    assert [error.what for error in table.problems] == [
        "unique(rep_id, quartal, wer): 1 combination comes more than once (ben, Q1, Ben Boll in line 4 and 7)",
        "check(ziel_eur > 0): 1 row breaks it (line 7)",
    ]
    assert table.lost == ("targets",)
    assert study.frame("entries").height == 6
    with pytest.raises(StudyError, match="quota was left out of the study"):
        study.frame("quota")
    with pytest.raises(StudyError, match="targets rests on quota, which was left out"):
        study.sql("select * from targets")
    done = tw("load", folder)
    assert done.code == 2
    assert b"client/quota.csv = table quota, left out" in done.out
    assert "Left out, table quota: [table/check] client/quota.csv: unique(" in done.err
    assert "Left out with it, as they rest on quota: targets" in done.err
    asked = tw("sql", folder, "select * from quota")
    assert asked.code == 2
    assert "quota was left out of the study" in asked.err
    (folder / "client/quota.csv").write_text(QUOTA, encoding="utf-8")
    assert open_study(folder).frame("targets").height == 2


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (('"date"', '"whole"'), "table/number", "line 2, column Ab"),
        (("decimal_mark", "date_order = 'mdy'\ndecimal_mark"), "table/date", "'13.04.2026' is no date with the month"),
        (('rep = "Wer"', 'rep = "Werr"'), "table/column", "Did you mean 'Wer'?"),
        (("ab = ", "abb = "), "table/column", "no column 'abb'"),
        (("not_null(wer)", "not_null(wehr)"), "table/expect", "Did you mean 'wer'?"),
        (("ziel_eur > 0", "ziel > 0"), "table/expect", "cannot be checked"),
        (("ziel_eur > 0", "(select count(*) from read_text('/etc/hostname')) > 0"), "table/expect", "disabled"),
        (("ziel_eur > 0", "(select count(*) from entries) > 0"), "table/expect", "entries"),
        (("client/quota.csv", "client/quote.csv"), "table/no_file", "no such file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_dry_run_and_keeps_the_study(
    tmp_path: Path, change: tuple[str, str], code: str, words: str
) -> None:
    refresh, _ = Study(folder_of(tmp_path, BLOCK.replace(*change))).rehearse()
    (table,) = refresh.tables
    (error,) = table.problems
    assert error.code == code
    assert words in str(error)
    assert refresh.refused == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('name = "quota"', 'name = "entries"'), "entries is a table of the study already"),
        (('name = "quota"', 'name = "targets"'), "targets is a table of the study already"),
        (('name = "quota"', 'name = "order"'), "order is a word of SQL"),
        (('name = "quota"', 'name = "Quota 26"'), "is no plain name"),
        (('name = "quota"', 'name = "rpt_quota"'), "Call it client_quota"),
        (("client/quota.csv", "../quota.csv"), "lies outside of the study"),
        (("client/quota.csv", "/etc/hostname"), "lies outside of the study"),
        (("client/quota.csv", "logs/log.csv"), "lies in logs/"),
        (("about", "abuot"), "Did you mean 'about'?"),
        (('"number"', '"nummer"'), "Did you mean 'number'?"),
        (('decimal_mark = ","', 'decimal_mark = ";"'), "unknown name ';'"),
        (("not_null(wer)", "positive(ziel)"), "not a promise we know"),
        (("[[table]]", "[table]"), "Write it as [[table]]"),
    ],
)  # fmt: skip
def test_a_block_that_cannot_hold_is_refused(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    model = MODEL.replace("sum(ziel_eur)", "1").replace("quota", "reps").replace("group by rep_id", "")
    folder = folder_of(tmp_path, BLOCK.replace(*change), **{"queries/marts/targets.sql": model})
    with pytest.raises(ConfigError) as caught:
        open_study(folder)
    assert words in str(caught.value)


def test_a_link_out_of_the_study_is_no_file_of_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "elsewhere.csv").write_text(QUOTA, encoding="utf-8")
    (folder / "client/quota.csv").unlink()
    (folder / "client/quota.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(ConfigError, match="lies outside of the study"):
        open_study(folder)


def test_a_plain_folder_of_logs_asks_for_a_logs_folder(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "quota.csv").write_text(QUOTA, encoding="utf-8")
    (tmp_path / "timewaste.toml").write_text(BLOCK.replace("client/", ""), encoding="utf-8")
    with pytest.raises(ConfigError, match="has no logs/ folder"):
        open_study(tmp_path)


def test_a_workbook_with_empty_marks_and_a_column_of_rep_ids(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("2026")
    for row in (["rep_id", "Quota", "Code"], ["Anna Abel", 5, "007"], ["ben", "n/a", "12"], [None, "-", None]):
        sheet.append(row)
    (tmp_path / "acme/client").mkdir(parents=True)
    book.save(tmp_path / "acme/client/quota.xlsx")
    block = (
        '[[table]]\nname = "quota"\nfile = "client/quota.xlsx"\nsheet = "2026"\nrep = "rep_id"\nempty = ["n/a", "-"]\n'
    )
    study = open_study(write_study(tmp_path / "acme", LOG, block, {"reps.csv": REPS}))
    assert study.frame("quota").rows() == [("anna", "Anna Abel", 5, "007"), ("ben", "ben", None, "12"), (None,) * 4]
    assert study.frame("quota").columns == ["rep_id", "rep_text", "quota", "code"]


def test_without_a_roster_those_who_logged_are_the_reps(tmp_path: Path) -> None:
    study = open_study(write_study(tmp_path, LOG, BLOCK, {"client/quota.csv": QUOTA + "  anna ABEL;Q3;7;02.05.2026\n"}))
    assert study.frame("quota")["rep_id"].to_list() == [None, None, None, None, None, "Anna Abel"]


def test_a_file_of_the_study_is_not_written_over(acme: Study) -> None:
    with pytest.raises(StudyError, match="the study itself is made of this"):
        acme.report(acme.folder / "client/quota.csv")


def test_the_page_for_executives_knows_nothing_of_it(sample_copy: Path) -> None:
    before = Study(sample_copy).report(sample_copy / "before.html").read_bytes()
    (sample_copy / "client").mkdir()
    (sample_copy / "client/pay.csv").write_text("Who,Secret salary\nMaeve Demir,987654321\n", encoding="utf-8")
    with (sample_copy / "timewaste.toml").open("a", encoding="utf-8") as config:
        config.write('\n[[table]]\nname = "pay"\nfile = "client/pay.csv"\nabout = "Confidential pay."\n')
    study = open_study(sample_copy)
    after = study.report(sample_copy / "after.html").read_bytes()
    old, new = (one.sql("select data_hash from cfg_fingerprint").item() for one in (study, study))
    assert old == new
    for word in (b"987654321", b"Confidential", b"ecret salary", b"client/pay"):
        assert word not in after
    assert len(before) == len(after)


def test_a_query_of_a_table_in_a_question_of_the_study(acme: Study) -> None:
    with pytest.raises(QueryError, match="there is no column 'ziel'"):
        acme.sql("select ziel from quota")
