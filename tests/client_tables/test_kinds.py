"""What texts of a client's column mean: told, or beyond doubt; what may be two things is asked."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from timewaste.client_tables.kinds import Typed, typed
from timewaste.client_tables.reading import PLACE, Grid
from timewaste.errors import ReadError
from timewaste.settings import TableConfig


def column(*texts: str | None, kind: str = "", date_order: str = "", decimal_mark: str = "") -> Typed:
    frame = pl.DataFrame({PLACE: range(2, 2 + len(texts)), "0": pl.Series(texts, dtype=pl.String)})
    grid = Grid("csv", "client/t.csv", "line", {0: "Head"}, frame)
    table = TableConfig(name="t", file="client/t.csv", date_order=date_order, decimal_mark=decimal_mark)
    return typed(grid, 0, "head", kind, table)


@pytest.mark.parametrize(
    ("texts", "kind", "values"),
    [
        (("1", "20", None, "-3"), "whole", [1, 20, None, -3]),
        (("1.5", "2", "-0.25"), "number", [1.5, 2.0, -0.25]),
        (("0.125",), "number", [0.125]),
        (("2026-03-04", None), "date", [dt.date(2026, 3, 4), None]),
        (("007", "12"), "text", ["007", "12"]),
        (("12345678901234567890",), "text", ["12345678901234567890"]),
        (("1,5", "2"), "text", ["1,5", "2"]),
        (("1.500", "2.250"), "text", ["1.500", "2.250"]),
        (("1e5",), "text", ["1e5"]),
        (("+1",), "text", ["+1"]),
        (("nan", "inf"), "text", ["nan", "inf"]),
        (("03/04/2026",), "text", ["03/04/2026"]),
        (("2026-02-30",), "text", ["2026-02-30"]),
        (("20260304",), "whole", [20260304]),
        ((None, None), "text", [None, None]),
    ],
)  # fmt: skip
def test_a_column_that_nobody_told_is_what_it_is_beyond_doubt(
    texts: tuple[str | None, ...], kind: str, values: list[object]
) -> None:
    found = column(*texts)
    assert (found.kind, found.values.to_list()) == (kind, values)


def test_the_decimal_mark_decides_in_a_column_that_nobody_told() -> None:
    assert column("1,5", "2", decimal_mark=",").values.to_list() == [1.5, 2.0]
    assert column("1.500", "2.250", decimal_mark=".").values.to_list() == [1.5, 2.25]
    assert column("1,5", "2", decimal_mark=".").kind == "text"


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (("1", "2", "3", "4", "n/a"), "looks like numbers, but line 6 has 'n/a'"),
        (("1.500",), "1.500 may have decimals or thousands"),
        (("1,5", "2"), "looks like numbers, such as"),
        (("03/04/2026",), "looks like dates"),
        (("03.04.2026", "04.05.2026"), "looks like dates"),
        (("EUR 5", "EUR 7"), "looks like numbers"),
        (("007", "008"), ""),
        (("Anna", "Ben"), ""),
    ],
)  # fmt: skip
def test_a_text_column_says_what_keeps_it_from_being_more(texts: tuple[str, ...], note: str) -> None:
    found = column(*texts)
    assert found.kind == "text"
    assert found.note.startswith(note)
    assert bool(found.note) == bool(note)


@pytest.mark.parametrize(
    ("texts", "mark", "values"),
    [
        (("1.234,50", "2"), "", [1234.5, 2.0]),
        (("1,234.50", "-2"), "", [1234.5, -2.0]),
        (("1.500", "12"), ",", [1500.0, 12.0]),
        (("1.500", "12"), ".", [1.5, 12.0]),
        (("1.234.567",), "", [1234567.0]),
        (("€ 1.200,00", "300,00 €"), "", [1200.0, 300.0]),
        (("EUR 5", "7 EUR"), "", [5.0, 7.0]),
        (("1\u00a0200,5",), "", [1200.5]),
        (("007",), "", [7.0]),
        (("0,5",), "", [0.5]),
    ],
)  # fmt: skip
def test_numbers_that_are_told(texts: tuple[str, ...], mark: str, values: list[float]) -> None:
    found = column(*texts, kind="number", decimal_mark=mark)
    assert found.values.to_list() == values
    assert found.values.dtype == pl.Float64


@pytest.mark.parametrize(
    ("texts", "mark", "line", "words"),
    [
        (("1", "n/a"), "", 3, "'n/a' is no number"),
        (("1", "1.500"), "", 3, "1.500 may have decimals or thousands"),
        (("1.5", "2,5"), "", 3, "1.5 has a decimal point and 2,5 a decimal comma"),
        (("1,50", "2.50"), ",", 3, "'2.50' is no number with a decimal comma"),
        (("5 €", "5 $"), "", 3, "two currencies"),
        (("80 %",), "", 2, "'80 %' is no number"),
        (("--5",), "", 2, "is no number"),
        (("1,23,456",), ".", 2, "is no number"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_number_is_told_with_its_place(
    texts: tuple[str, ...], mark: str, line: int, words: str
) -> None:
    with pytest.raises(ReadError) as caught:
        column(*texts, kind="number", decimal_mark=mark)
    assert caught.value.code == "table/number"
    assert caught.value.where == f"client/t.csv, line {line}, column Head"
    assert words in caught.value.what
    assert "[[table]] t" in caught.value.mend


def test_whole_numbers_have_no_fraction() -> None:
    assert column("1", "2.0", kind="whole").values.to_list() == [1, 2]
    with pytest.raises(ReadError, match="is no whole number"):
        column("1", "2.5", kind="whole")


@pytest.mark.parametrize(
    ("texts", "order", "day"),
    [
        (("13/04/2026", "03/04/2026"), "", dt.date(2026, 4, 3)),
        (("04/13/2026", "03/04/2026"), "", dt.date(2026, 3, 4)),
        (("4 Mar 2026", "03/04/2026"), "mdy", dt.date(2026, 3, 4)),
        (("01.02.2026", "3. März 2026"), "dmy", dt.date(2026, 3, 3)),
        (("2026-12-01", "2026-03-04"), "", dt.date(2026, 3, 4)),
        (("13.04.2026", "04/13/2026", "03/08/2026"), "", dt.date(2026, 3, 8)),
    ],
)  # fmt: skip
def test_dates_that_are_told(texts: tuple[str, ...], order: str, day: dt.date) -> None:
    assert column(*texts, kind="date", date_order=order).values.to_list()[-1] == day


@pytest.mark.parametrize(
    ("texts", "order", "words"),
    [
        (("03/04/2026",), "", "03/04/2026 is 3 April or 4 March"),
        (("05.06.2026", "13/04/2026"), "", "05.06.2026 is 5 June or 6 May"),
        (("13/04/2026", "04/13/2026"), "", "13/04/2026 has the day first and 04/13/2026 the month first"),
        (("2026-03-04", "soon"), "", "'soon' is no date"),
        (("13.04.2026", "03/08/2026"), "", "03/08/2026 is 3 August or 8 March, and no date written so says which"),
        (("13/04/2026",), "mdy", "'13/04/2026' is no date with the month first"),
        (("16.03.26",), "dmy", "is no date"),
    ],
)  # fmt: skip
def test_a_date_that_may_be_two_is_asked(texts: tuple[str, ...], order: str, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        column(*texts, kind="date", date_order=order)
    assert caught.value.code == "table/date"
    assert words in caught.value.what
