"""What a load asks for instead of loading next to nothing, and that each answer can be pasted as it is printed."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from studies import write_study

from timewaste.config import SourceConfig, parse_config
from timewaste.errors import RefusedFiles, StudyError
from timewaste.readers.header_names import columns_block
from timewaste.study import open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    from timewaste.errors import ReadError


DAYS = "Mitarbeiter;Datum;Von;Bis;Tätigkeit\n"


def refusal(folder: Path) -> ReadError:
    """Return why the study's one log is not read."""
    with pytest.raises(RefusedFiles) as caught:
        open_study(folder)
    (error,) = caught.value.errors
    return error


def block_in(mend: str) -> str:
    """Return the block that a message prints, as it stands there."""
    return mend[mend.index("[[source]]") :] + "\n"


def paste(folder: Path, block: str) -> None:
    path = folder / "timewaste.toml"
    path.write_text(f"{path.read_text(encoding='utf-8') if path.exists() else ''}\n{block}", encoding="utf-8")


def kept(folder: Path) -> list[tuple[str, float]]:
    """Return the days and hours that count."""
    rows = open_study(folder).sql(
        "select cast(local_date as varchar) as day, sum(seconds) / 3600.0 as hours from entries group by 1 order by 1"
    )
    return [(day, hours) for day, hours in rows.iter_rows()]


# ------------------------------------------------------- dates without a year


@pytest.mark.parametrize(
    ("name", "log", "answer", "found"),
    [
        ("yy.csv", DAYS + "Anna Abel;16.03.26;08:00;09:00;Besuch\n", "century = 2000", [("2026-03-16", 1)]),
        ("mmm.csv", "Rep,Date,Hours,Activity\nAnna,17-Mar-26,1.5,Visit\n", "century = 2000", [("2026-03-17", 1.5)]),
        ("2026 KW12.csv", DAYS + "Anna Abel;Mi 18.03.;08:00;09:00;Besuch\n", "year = 2026", [("2026-03-18", 1)]),
    ],
)  # fmt: skip
def test_dates_without_a_whole_year_are_asked_about(
    tmp_path: Path, name: str, log: str, answer: str, found: list[tuple[str, float]]
) -> None:
    folder = write_study(tmp_path, {name: log})
    error = refusal(folder)
    assert error.code == "date/format"
    assert f"\n{answer}   # " in error.mend
    paste(folder, block_in(error.mend))
    assert kept(folder) == found


def test_a_year_that_nothing_names_is_left_to_fill_in(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"log.csv": DAYS + "Anna Abel;Mi 18.03.;08:00;09:00;Besuch\n"})
    block = block_in(refusal(folder).mend)
    assert tomllib.loads(block)["source"] == [{"match": "log.csv", "year": "…"}]
    paste(folder, block.replace('"…"', "2026"))
    assert kept(folder) == [("2026-03-18", 1)]


def test_century_and_order_are_asked_together(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"log.csv": DAYS + "Anna Abel;02.03.26;08:00;09:00;Besuch\n"})
    block = block_in(refusal(folder).mend)
    assert tomllib.loads(block)["source"] == [{"match": "log.csv", "century": 2000, "date_order": "dmy"}]
    paste(folder, block)
    assert kept(folder) == [("2026-03-02", 1)]


@pytest.mark.parametrize("start", ["3/19/2026, 2:00 PM", "3/19/2026 2:00 PM", "Mar 19, 2026, 2:00 PM"])
def test_a_comma_between_day_and_time_is_read(tmp_path: Path, start: str) -> None:
    log = f'Rep,Start,End,Activity\nAnna Abel,"{start}","{start.replace("2:", "3:")}",Customer visit\n'
    assert kept(write_study(tmp_path, log)) == [("2026-03-19", 1)]


def test_dates_of_no_known_form_are_asked_about(tmp_path: Path) -> None:
    log = "Rep,Date,Hours,Activity\nAnna,first day,1.5,Visit\nAnna,second day,1.5,Visit\nAnna,2026-03-04,1.5,Visit\n"
    error = refusal(write_study(tmp_path, log))
    assert error.code == "date/format"
    assert "2 of 3 different dates" in error.what
    assert "16.03.2026" in error.mend
    assert tomllib.loads(block_in(error.mend))["source"][0]["columns"] == {"date_text": "…"}


def test_half_of_the_dates_may_be_unreadable(tmp_path: Path) -> None:
    log = "Rep,Date,Hours,Activity\nAnna,first day,1.5,Visit\nAnna,2026-03-04,1.5,Visit\n"
    study = open_study(write_study(tmp_path, log))
    assert study.sql("select date_evidence from stg_sources").item().startswith("every date that can be read")
    assert study.sql("select value from issues where rule = 'date/format'").item() == "first day"


def test_an_order_under_which_few_dates_are_days_is_asked_about(tmp_path: Path) -> None:
    log = "Rep,Date,Hours,Activity\nAnna,13.03.2026,1.5,Visit\nAnna,14.03.2026,1.5,Visit\n"
    folder = write_study(tmp_path, log, '[[source]]\nmatch = "*"\ndate_order = "mdy"\n')
    error = refusal(folder)
    assert error.code == "date/format"
    assert "`date_order`" in error.mend


def test_clock_times_that_cannot_be_read_are_asked_about(tmp_path: Path) -> None:
    log = "Rep,Date,Start,End,Activity\nAnna,2026-03-04,early,noon,Visit\nAnna,2026-03-05,9:00,later,Visit\n"
    error = refusal(write_study(tmp_path, log))
    assert error.code == "time/format"
    assert "3 of 4" in error.what


def test_the_issue_names_the_text_that_failed(tmp_path: Path) -> None:
    log = (
        "Rep,Start,End,Activity\nAnna,2026-03-04 9:00,2026-03-04 10:00,Visit\nAnna,2026-03-05 9:00,noon,Visit\n"
        "Anna,4th 11:00,2026-03-04 12:00,Visit\n"
    )
    study = open_study(write_study(tmp_path, log))
    found = study.sql("select line, rule, value from issues where treatment = 'set_aside'")
    assert sorted(found.rows()) == [(3, "time/format", "noon"), (4, "date/format", "4th 11:00")]


# --------------------------------------------------------- blocks that are pasted


def test_answers_about_one_file_are_pasted_one_after_the_other(tmp_path: Path) -> None:
    log = "Verkäufer;Datum;Stunden;Tätigkeit\nAnna Abel;01.04.2026;1;Präsentation\n".encode("cp1252")
    folder = write_study(tmp_path, {"cp1252.csv": log})
    asked = []
    while len(asked) < 4:
        try:
            open_study(folder)
        except RefusedFiles as caught:
            asked.append(caught.errors[0].code)
            paste(folder, block_in(caught.errors[0].mend))
        else:
            break
    assert asked == ["csv/encoding", "date/ambiguous"]
    assert kept(folder) == [("2026-04-01", 1)]


def test_a_printed_pattern_fits_its_file(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"[Anna] log?.csv": "Rep,Date,Hours,Activity\nAnna Abel,03/04/2026,2,Visit\n"})
    block = block_in(refusal(folder).mend)
    assert not parse_config(tomllib.loads(block)).source_for("A log1.csv").date_order
    paste(folder, block)
    assert kept(folder) == [("2026-04-03", 2)]


def test_blocks_of_one_pattern_are_put_together() -> None:
    text = "[[source]]\nmatch = '{}'\n{}\n"
    said = text.format("a.csv", "columns = { label = 'Was' }") + text.format("*", "rep = 'sheet'")
    said += text.format("a.csv", "columns = { rep = 'Wer' }\ndate_order = 'dmy'")
    config = parse_config(tomllib.loads(said))
    assert config.source_for("a.csv").columns == {"label": "Was", "rep": "Wer"}
    assert (config.source_for("a.csv").date_order, config.source_for("a.csv").rep) == ("dmy", "")
    assert config.source_for("b.csv").rep == "sheet"


@pytest.mark.parametrize(
    "settings", ["", '[study]\ntitle = "x"\n', "[study]\n# time_zone: not said\n[cost]\nrate = 85\n"]
)
def test_the_line_about_the_zone_can_be_pasted(tmp_path: Path, settings: str, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path, "Rep,Date,Start,End,Activity\nAnna,2026-03-16,09:00,10:00,Visit\n", settings)
    said = tw("load", folder).err.replace("\r", "")
    advice = said[said.index("No time zone is set") :].split("\n\n")[1] + "\n"
    pasted = settings.replace("[study]\n", f"[study]\n{advice}") if settings else advice
    assert parse_config(tomllib.loads(pasted)).time_zone == "Europe/Berlin"
    write_study(tmp_path, {}, pasted)
    assert "No time zone is set" not in tw("load", folder, "--explain").err


# ------------------------------------------------------------ columns to name


@pytest.mark.parametrize(
    ("header", "said", "proposed"),
    [
        ("Rep,Week,Weekday,Hours,Activity", {}, {"date_text": "…"}),
        ("Vendedor|Fecha|Hora inicio|Hora fin|Actividad", {}, {"rep": "…", "duration_text": "…"}),
        ("Issue Key,Hours,Work date,Username,Full name,Period", {}, {"label": "…"}),
        ("Verkaufer;Datum;Von;Bis;Tatigkeit", {}, {"rep": "Verkaufer", "label": "Tatigkeit"}),
        ("Datum;Von;Tatigkeit", {"rep": "Anna"}, {"end_text": "…", "label": "Tatigkeit"}),
        ("Rep;Data;Activty", {}, {"duration_text": "…", "label": "Activty"}),
        ("a;b", {"columns": {"label": "a"}}, {"rep": "…", "date_text": "…", "duration_text": "…"}),
    ],
)  # fmt: skip
def test_only_what_a_table_lacks_is_proposed(header: str, said: dict[str, object], proposed: dict[str, str]) -> None:
    cells = next(header.split(mark) for mark in ";|," if mark in header)
    block = columns_block(cells, "log.csv", SourceConfig(**said))
    assert tomllib.loads(block)["source"] == [{"match": "log.csv", "columns": proposed}]


def test_a_proposed_header_may_hold_quotes() -> None:
    block = columns_block(["Rep", "Date", "Hours", 'Activ"ity\\'], "log.csv", SourceConfig())
    assert tomllib.loads(block)["source"][0]["columns"] == {"label": 'Activ"ity\\'}


# ----------------------------------------------------------- rows that are lost


def test_a_load_tells_which_files_give_next_to_nothing(tmp_path: Path, tw: Callable[..., Done]) -> None:
    head = "Rep,Date,Start,End,Activity\n"
    good, bad = "Anna,2026-03-16,09:00,10:00,Visit\n", "Anna,2026-03-16,09:00,,Visit\n"
    logs = {"good.csv": head + good + bad, "half.csv": head + good.replace("16", "17") + bad * 2, "none.csv": head}
    folder = write_study(tmp_path, {name: log.replace("Visit", name) for name, log in logs.items()})
    for arguments in (["--dry-run"], [], ["-q"]):
        done = tw("load", folder, *arguments)
        assert done.code == 0
        assert [line.partition(":")[0] for line in done.err.splitlines() if line.startswith("Look at")] == [
            "Look at half.csv", "Look at none.csv",
        ]  # fmt: skip
    assert f"3 rows of data, 1 entry, 0 duplicates, 2 set aside. Why: timewaste check {folder}" in done.err


@pytest.mark.parametrize(
    "settings", ["", "[privacy]\n", "[privacy]\nmin_group = 5\n", "[privacy]\nall_agree = true\nmin_group = 4\n"]
)
def test_the_line_about_small_groups_can_be_pasted(tmp_path: Path, settings: str) -> None:
    study = open_study(
        write_study(tmp_path, "Rep,Date,Start,End,Activity\nAnna,2026-03-16,09:00,10:00,Visit\n", settings)
    )
    with pytest.raises(StudyError) as caught:
        study.check_group_size()
    advice = caught.value.mend.partition("\n\n")[2]
    pasted = re.sub(r"min_group = .\n", "", settings) + advice
    (study.folder / "timewaste.toml").write_text(pasted, encoding="utf-8")
    config = parse_config(tomllib.loads(pasted))
    assert (config.min_group, config.all_agree) == (1, True)
    assert open_study(study.folder).report().is_file()
