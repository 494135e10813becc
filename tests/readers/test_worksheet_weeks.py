"""The week that a worksheet leaves open: proposed where something names it, and never by an example."""

from __future__ import annotations

import re
import tomllib

import pytest
from worksheets import write

from timewaste.config import SourceConfig, parse_config
from timewaste.errors import ConfigError, ReadError
from timewaste.readers import open_file

SLOTS = [["8:00", "call"], ["8:15", "call", "mail"], ["8:30", None, "mail"]]
WEEKDAYS = ["Zeit", "Mo", "Di"]


def asked(tmp_path, sheets, file="log.xlsx"):
    """Return the [[source]] block that is printed to be pasted."""
    path = write(tmp_path / file, sheets)
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig(rep="Anna Abel"))
    assert caught.value.code == "xlsx/which-day"
    return tomllib.loads(caught.value.mend.partition("\n")[2])


@pytest.mark.parametrize(
    ("header", "sheet"), [(WEEKDAYS, "Woche 13"), (WEEKDAYS, "Grid"), (["Zeit", "16.03.", "17.03."], "Grid")]
)
def test_what_nothing_tells_is_no_example_that_could_be_pasted(tmp_path, header, sheet):
    block = asked(tmp_path, {sheet: [["Wochenraster"], header, *SLOTS]})
    assert block["source"][0]["week_start"] == "\u2026"
    with pytest.raises(ConfigError, match="is not a day"):
        parse_config(block)


def test_a_month_is_no_example_either(tmp_path):
    numbers = ["Activity (h)", *range(1, 10)]
    block = asked(tmp_path, {"Hours": [numbers, ["call", 1.5, 2]]})
    assert block["source"][0]["week_start"] == "\u2026"


@pytest.mark.parametrize(
    ("sheets", "file"),
    [
        ({"Woche 13": [["Raster"], WEEKDAYS, *SLOTS]}, "raster 2026.xlsx"),
        ({"Grid": [["Woche 13"], WEEKDAYS, *SLOTS], "Info": [["Zeitstudie 2026"]]}, "raster.xlsx"),
        ({"Grid": [["Zeitstudie 2026"], WEEKDAYS, *SLOTS]}, "week 13.xlsx"),
        ({"Woche 13": [WEEKDAYS, *SLOTS], "Jahr 2026": [["x"]]}, "raster.xlsx"),
    ],
)
def test_the_week_that_sheet_or_file_name_is_proposed(tmp_path, sheets, file):
    (source,) = parse_config(asked(tmp_path, sheets, file)).sources
    assert source.week_start == "2026-03-23"
    path = tmp_path / file
    (sheet, *_) = open_file(path, path.name, SourceConfig(rep="Anna Abel", week_start=source.week_start))
    assert re.search("2026-03-23", next(i.value for i in sheet.notes if i.rule == "xlsx/days_told"))


@pytest.mark.parametrize("file", ["2025 and 2026.xlsx", "log.xlsx"])
def test_two_years_or_none_propose_nothing(tmp_path, file):
    block = asked(tmp_path, {"Woche 13": [WEEKDAYS, *SLOTS]}, file)
    assert block["source"][0]["week_start"] == "\u2026"
