"""What a file proves about its dates and durations, and what must be asked for."""

from __future__ import annotations

import pytest

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers.evidence import Reading, decide
from timewaste.readers.sheet import Sheet


def sheet(relative="logs.csv", name=None, header="Duration", unit="", kind="csv"):
    return Sheet(
        relative=relative, sheet=name, format=kind, headers=(header,), columns={"duration_text": header},
        header_line=1, header_unit=unit, encoding="utf-8", delimiter=",", notes=(),
        read=lambda _tally: iter(()),
    )  # fmt: skip


def read(dates=(), durations=(), source=None, **said):
    return decide(sheet(**said), date_texts=dates, duration_texts=durations, source=source or SourceConfig())


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["13.01.2026", "01.02.2026"], "dmy"), (["1/13/2026", "1/2/2026"], "mdy"), (["2026-01-02"], "ymd"),
        (["5 Mar 2026", "March 6, 2026"], "ymd"), ([], "ymd"), (["05.05.2026"], "dmy"),
        (["2026-01-02", "13/01/2026"], "dmy"), (["Mon 02/03/2026", "03/03/2026"], "dmy"),
        (["Tue 02/03/2026"], "mdy"), (["32.03.2026"], "dmy"), (["32/01/2026", "13/01/2026", "nonsense"], "dmy"),
    ],
)  # fmt: skip
def test_order_of_day_and_month(dates, order):
    found = read(dates)
    assert found.date_order == order
    assert found.date_evidence


@pytest.mark.parametrize(
    ("relative", "name", "order"),
    [
        ("field/2026-W10.csv", None, "dmy"), ("2026-03.csv", None, "dmy"), ("log_202603.csv", None, "dmy"),
        ("2026-03/anna.csv", None, "dmy"), ("March 2026.csv", None, "dmy"), ("log.xlsx", "2026 März", "dmy"),
    ],
)  # fmt: skip
def test_the_name_of_file_or_sheet_may_tell_the_period(relative, name, order):
    found = read(["02.03.2026", "06.03.2026"], relative=relative, name=name)
    assert found.date_order == order
    assert "name" in found.date_evidence


@pytest.mark.parametrize("relative", ["2026.csv", "2026-04.csv", "anna-2026-03-02.csv", "export 20260302.csv"])
def test_a_name_that_proves_nothing_is_no_evidence(relative):
    with pytest.raises(ReadError) as caught:
        read(["02.03.2026", "06.03.2026", "03.02.2026"], relative=relative)
    assert caught.value.code == "date/ambiguous"
    assert f'match = "{relative}"' in caught.value.mend


def test_consecutive_working_days_are_no_proof():
    with pytest.raises(ReadError) as caught:
        read([f"0{day}/03/2026" for day in range(2, 7)])
    assert caught.value.code == "date/ambiguous"
    assert caught.value.where == "logs.csv"
    assert "02/03/2026 is 2 March or 3 February" in caught.value.what


def test_contradicting_dates_are_named():
    with pytest.raises(ReadError) as caught:
        read(["13/01/2026", "01/13/2026"])
    assert caught.value.code == "date/contradiction"
    assert "13/01/2026" in caught.value.what
    assert "01/13/2026" in caught.value.what


@pytest.mark.parametrize(
    ("durations", "unit", "mark"),
    [
        (["30", "45"], "minutes", ""), (["1.5", "2"], "hours", "."), (["1,5"], "hours", ","),
        (["1.5", "90"], "mixed", "."), (["0.5", "2"], "hours", "."), (["0,25", "60"], "mixed", ","),
        (["1:30", "90 min", "1.5 h"], "", "."), ([], "", ""), (["0", "0.0"], "", "."), (["-30", "60"], "minutes", ""),
        (["1.234", "45"], "minutes", ""), (["1:30", "45"], "minutes", ""),
    ],
)  # fmt: skip
def test_unit_and_decimal_mark(durations, unit, mark):
    found = read(durations=durations)
    assert (found.duration_unit, found.decimal_mark) == (unit, mark)


@pytest.mark.parametrize("durations", [["1", "2", "8"], ["15"], ["0.25", "0.5"]])
def test_numbers_that_may_be_minutes_or_hours_are_asked_for(durations):
    with pytest.raises(ReadError) as caught:
        read(durations=durations)
    assert caught.value.code == "duration/ambiguous"
    assert 'duration_unit = "hours"' in caught.value.mend


def test_config_then_header_then_evidence():
    assert read(durations=["30"], unit="hours", header="Hours").duration_unit == "hours"
    said = SourceConfig(duration_unit="minutes", decimal_mark=",", date_order="mdy")
    assert read(["01.02.2026"], ["1"], said, unit="hours") == Reading(
        "mdy", "timewaste.toml", ",", "minutes", "timewaste.toml"
    )
    assert read(durations=["1:30"], unit="hours").duration_unit == ""


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_worksheet_numbers(kind):
    assert read(durations=["0.0625", "0.5"], kind=kind).duration_unit == "days"
    assert read(durations=["0.0625", "0.5"], kind=kind, unit="hours").duration_unit == "hours"
    assert read(durations=["1.5", "1,5"], kind=kind).decimal_mark == "both"
