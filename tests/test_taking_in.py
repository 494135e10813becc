"""What a load makes of files of many kinds: shapes, refusals, addresses, and what it says of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from studies import write_study

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
