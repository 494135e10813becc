"""Names on worksheets: whose a sheet is, and which sheets are nobody's."""

from __future__ import annotations

import datetime as dt

import pytest
from worksheets import write

from timewaste.config import SourceConfig, parse_config
from timewaste.errors import ConfigError, ReadError
from timewaste.readers import open_file
from timewaste.readers.excel_names import is_name, is_summary, people_in

DAY = dt.date(2026, 3, 16)
LIST = [["Date", "Activity", "Hours"], [DAY, "call", 2]]
DAYS = ["Zeit", "Mo 16.03.2026", "Di 17.03.2026"]
SLOTS = [["08:00 - 08:30", "call"], ["08:30 - 09:00", "call", "mail"], ["09:00 - 09:30", None, "mail"]]
SUMMARIES = [
    "Summary", "Total", "Overview", "\u00dcbersicht", "Zusammenfassung", "Auswertung", "Gesamt", "Vorlage", "Muster",
    "Template", "Instructions", "Anleitung", "Legende", "Code card", "Lists", "Team summary 2026", "Template (copy)",
]  # fmt: skip


@pytest.fixture
def read_team(tmp_path, read_book):
    """Return a function: name of a third sheet, settings -> what was read of the workbook."""

    def _read(name, **said):
        return read_book(write(tmp_path / "team.xlsx", {"Anna Abel": LIST, "Ben Bauer": LIST, name: LIST}), **said)

    return _read


def names(found):
    return [one.sheet.sheet for one in found]


# ---------------------------------------------------- sheets that are nobody's


@pytest.mark.parametrize("name", SUMMARIES)
@pytest.mark.parametrize("said", [{"rep": "sheet"}, {}])
def test_a_summary_among_the_sheets_of_reps_is_left_out(read_team, name, said):
    found = read_team(name, **said)
    assert names(found) == ["Anna Abel", "Ben Bauer"]
    assert [i.value for i in found[0].sheet.notes if i.rule == "xlsx/summary_sheet"] == [name]


@pytest.mark.parametrize("name", ["Max Muster", "Erika Gesamt", "Lena List"])
def test_a_rep_is_no_summary(read_team, name):
    assert is_summary(name) is False
    assert names(read_team(name, rep="sheet")) == ["Anna Abel", "Ben Bauer", name]


def test_the_settings_say_which_sheets_are_left_out(read_team):
    assert names(read_team("Summary", rep="sheet", skip_sheets=())) == ["Anna Abel", "Ben Bauer", "Summary"]
    found = read_team("Summary", rep="sheet", skip_sheets=("ben*", "Nobody"))
    assert names(found) == ["Anna Abel", "Summary"]
    assert "xlsx/skipped_sheet" in found[0].noted
    assert names(read_team("Summary", rep="Anna Abel")) == ["Anna Abel", "Ben Bauer", "Summary"]


def test_a_summary_that_stands_alone_is_read(tmp_path, read_book):
    (found,) = read_book(write(tmp_path / "team.xlsx", {"Summary": LIST}), rep="sheet")
    assert found.column("label") == ["call"]


def test_the_key_is_checked():
    (source,) = parse_config({"source": [{"match": "*", "skip_sheets": ["Summary", "Template*"]}]}).sources
    assert source.skip_sheets == ("Summary", "Template*")
    with pytest.raises(ConfigError, match="skip_sheets"):
        parse_config({"source": [{"match": "*", "skip_sheets": "Summary"}]})


# ----------------------------------------------------------- whose a sheet is


@pytest.mark.parametrize("title", ["Anna Abel", "Anna Abel, KW 12 / 2026", "Anna Abel - temps par activit\u00e9"])
@pytest.mark.parametrize(
    "table", [[DAYS, *SLOTS], LIST, [["Activity (h)", DAY, DAY + dt.timedelta(days=1)], ["call", 2, 1]]]
)
def test_a_title_and_the_name_of_the_sheet_that_agree_say_whose_it_is(tmp_path, read_book, title, table):
    (found,) = read_book(write(tmp_path / "log.xlsx", {"Anna Abel": [[title], *table]}))
    assert {*found.column("rep")} <= {"Anna Abel", None}
    assert found.sheet.rep_default == "Anna Abel"
    assert "xlsx/rep_told" in found.noted


@pytest.mark.parametrize(
    ("title", "sheet", "proposed"),
    [
        ("Anna Abel", "Grid", "Anna Abel"), ("Rosa Roth, KW 12 / 2026", "Grid", "Rosa Roth"),
        ("Ludovic Petit - temps par activit\u00e9", "Feuil1", "Ludovic Petit"),
        ("Wochenraster Eva von Kern", "KW 12", "Eva von Kern"), ("Woche 12", "Jan Ott", "Jan Ott"),
        ("Weekly hours", "Grid", "file"), ("Field Sales Team", "Log", "file"),
    ],
)  # fmt: skip
def test_a_name_on_the_sheet_is_proposed(tmp_path, title, sheet, proposed):
    path = write(tmp_path / "log.xlsx", {sheet: [[title], DAYS, *SLOTS]})
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert caught.value.code == "xlsx/no-rep"
    assert f'rep = "{proposed}"' in caught.value.mend


def test_a_sheet_named_like_its_title_is_not_somebody(tmp_path):
    path = write(tmp_path / "log.xlsx", {"Wochenraster": [["Wochenraster"], DAYS, *SLOTS]})
    with pytest.raises(ReadError, match="whose time"):
        open_file(path, path.name, SourceConfig())


def test_names_of_people():
    assert people_in(["Customer Visits", "KW 12", "March 2026", "anna abel", "J. Smith", "Summary Report"]) == [
        "J. Smith"
    ]
    assert not is_name("Woche 3")
