"""Worksheets with days down the side and clock times across."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from conftest import read_sheet
from worksheets import MONDAY, write

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Read

TIMES = [dt.time(8 + n // 2, 30 * (n % 2)) for n in range(8)]
DAYS = [
    ["Mails", "Mails", "Angebot", '"', "Angebot", None, "Telefon", None],
    ["Reise", "Reise", "Kunde", "Kunde", "Kunde", "Kunde", None, "Kunde"],
]


def rows(first: object = MONDAY, second: object = MONDAY + dt.timedelta(days=1)) -> list[list[object]]:
    return [["Timesheet of Hugo Imhof"], [], ["Tag", *TIMES], [first, *DAYS[0]], [second, *DAYS[1]], ["Summe", 3, 4]]


def read(folder: Path, sheets: dict[str, list[list[object]]], **said: object) -> list[Read]:
    path = folder / "slots.xlsx"
    write(path, sheets)
    return [read_sheet(sheet) for sheet in open_file(path, path.name, SourceConfig(**said))]


def spans(found: Read) -> list[tuple[object, ...]]:
    return found.frame.select("date_text", "start_text", "end_text", "label").rows()


def test_a_run_of_equal_slots_is_an_entry_of_its_day(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"Log": [["Name:", "Hugo Imhof"], *rows()[1:]]})
    monday, tuesday = MONDAY.isoformat(), (MONDAY + dt.timedelta(days=1)).isoformat()
    assert spans(found) == [
        (monday, "08:00", "09:00", "Mails"), (monday, "09:00", "10:30", "Angebot"),
        (monday, "11:00", "11:30", "Telefon"), (tuesday, "08:00", "09:00", "Reise"),
        (tuesday, "09:00", "11:00", "Kunde"), (tuesday, "11:30", "12:00", "Kunde"),
    ]  # fmt: skip
    assert {line % found.sheet.line_span for line in found.column("line")} == {4, 5}
    assert set(found.column("rep")) == {"Hugo Imhof"}
    assert found.sheet.tally.skipped == 1
    assert {"xlsx/slots", "xlsx/days_told", "xlsx/rep_told"} <= found.noted


def test_weekdays_alone_take_the_week_that_a_title_tells(tmp_path: Path) -> None:
    year, week, _ = MONDAY.isocalendar()
    (found,) = read(tmp_path, {"Log": [[f"KW {week} / {year}"], *rows("Mo", "Di")[2:]]}, rep="hugo")
    assert found.column("date_text")[0] == MONDAY.isoformat()


def test_a_column_may_name_the_rep_and_times_may_be_spans(tmp_path: Path) -> None:
    head = ["Rep", "Day", *(f"{hour}:00-{hour + 1}:00" for hour in range(8, 12))]
    day = MONDAY.isoformat()
    (found,) = read(tmp_path, {"Log": [head, ["anna", day, "a", "a", "b", None], ["ben", day, None, "c", None, "c"]]})
    assert found.frame.select("rep", "start_text", "end_text", "label").rows() == [
        ("anna", "08:00", "10:00", "a"), ("anna", "10:00", "11:00", "b"),
        ("ben", "09:00", "10:00", "c"), ("ben", "11:00", "12:00", "c"),
    ]  # fmt: skip


def test_whose_it_is_is_asked_with_what_the_sheet_seems_to_say(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, {"Log": rows()})
    assert caught.value.code == "xlsx/no-rep"
    assert 'rep = "' in caught.value.mend


def test_a_row_without_a_day_is_set_aside(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"Log": [*rows(), ["someday", "x"]]}, rep="hugo")
    assert [(line % found.sheet.line_span, rule) for line, rule in found.rules if rule == "date/impossible"] == [
        (7, "date/impossible")
    ]
