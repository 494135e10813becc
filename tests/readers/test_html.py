"""HTML tables, as CRMs and ERPs export them under the name .xls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import read_sheet

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import children, html_worker, open_file

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Read

HEAD = "<tr><th>Owner</th><th>Date</th><th>Start</th><th>End</th><th>Subject</th></tr>"
ROW = "<tr><td>Gina Hall</td><td>2026-03-16</td><td>09:00</td><td>10:00</td><td>Client call</td></tr>"


def read(folder: Path, page: str | bytes, *, said: SourceConfig | None = None) -> list[Read]:
    path = folder / "activities.xls"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return [read_sheet(sheet) for sheet in open_file(path, path.name, said or SourceConfig())]


def test_a_table_is_read_with_its_entities_breaks_and_row_numbers(tmp_path: Path) -> None:
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><title>Log</title><style>td{color:red}</style>'
        f'</head><body><table border=1><tr><td colspan=5>Activities</td></tr>{HEAD}{ROW}<tr></tr>'
        "<TR><TD>Gina Hall<TD>2026-03-16<TD>10:00<TD>10:30<TD>Expenses &amp;<br>travel &#252;ber</TR></table>"
    )  # fmt: skip
    (found,) = read(tmp_path, page)
    assert found.sheet.format == "html"
    assert found.column("line") == [3, 5]
    assert found.column("label") == ["Client call", "Expenses & travel über"]
    assert found.column("end_text") == ["10:00", "10:30"]
    assert (found.sheet.tally.rows_read, found.sheet.tally.blank) == (3, 1)


def test_a_cell_over_several_rows_leaves_those_below_in_their_columns(tmp_path: Path) -> None:
    spanning = (
        "<tr><td rowspan=2>Gina Hall</td><td rowspan=2>2026-03-16</td><td>9:00</td><td>10:00</td><td>quote</td></tr>"
        "<tr><td>10:00</td><td>11:00</td><td>visit</td></tr>"
    )
    (found,) = read(tmp_path, f"<table>{HEAD}{spanning}{ROW}</table>")
    assert found.column("start_text") == ["9:00", "10:00", "09:00"]
    assert found.column("rep") == ["Gina Hall"] * 3
    assert found.column("date_text") == ["2026-03-16"] * 3


def test_a_block_further_right_may_have_rows_that_end_before_its_last_column(tmp_path: Path) -> None:
    right = [
        row.replace("<tr>", "<tr><td></td><td></td>") for row in (HEAD, ROW, ROW.replace("<td>Client call</td>", ""))
    ]
    (found,) = read(tmp_path, f"<table>{HEAD}{ROW}{''.join(right)}</table>")
    assert found.column("rep") == ["Gina Hall"] * 3
    assert found.column("end_text") == ["10:00"] * 3
    assert found.column("label") == ["Client call", "Client call", None]


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [("", "utf-8"), ("", "utf-8-sig"), ("", "utf-16"), ('<meta charset="utf-8">', "utf-8"),
     ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
     ("<meta charset=iso-8859-1>", "cp1252")],
)  # fmt: skip
def test_a_page_says_how_it_is_written(tmp_path: Path, meta: str, encoding: str) -> None:
    page = f"<html>{meta}<table>{HEAD}{ROW.replace('Client call', 'Größe, 5 €')}</table>"
    (found,) = read(tmp_path, page.encode(encoding))
    assert found.column("label") == ["Größe, 5 €"]


def test_of_several_tables_the_log_is_read_also_within_another(tmp_path: Path) -> None:
    page = f"<table><tr><td>Menu</td><td><table>{HEAD}{ROW}</table></td></tr></table><table><tr><td>1</td></tr></table>"
    (found,) = read(tmp_path, page)
    assert found.column("label") == ["Client call"]
    assert "xlsx/sheet_without_header" in found.noted


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("<!DOCTYPE html><html><body><form>Please log in</form>", "without a table"),
        ("<html><table><tr><td>Rep</td></tr></table>", "no table on it is a log"),
        ("<html><meta charset='klingon'><table>", "unknown encoding"),
        (b"<html><table><tr><td>J\xf6rg</td></tr></table>", "can't decode byte"),
        ("<table>" * 20, "tables in tables"),
        (f"<table><tr>{'<td>x</td>' * 3000}</tr></table>", "more than 2,000 cells"),
        ("<table><tr><td>" + "<!-- " + "x" * 3_000_000, "does not end"),
        ("<table><tr><td colspan=1000>a</td><td colspan=1000>b</td><td colspan=1000>c", "more than 2,000 cells"),
    ],
)
def test_what_is_no_log_or_made_to_hurt_is_refused_with_a_way_out(tmp_path: Path, page: str, what: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, page)
    assert caught.value.code == "file/html"
    assert what in caught.value.what
    assert caught.value.mend


def test_a_page_that_takes_for_ever_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "TIME_LIMIT", 1)
    slow = "<table><tr><td>" + "<a " * 300_000
    with pytest.raises(ReadError) as caught:
        read(tmp_path, slow)
    assert caught.value.code == "file/html"


def test_the_worker_keeps_to_the_text_of_cells() -> None:
    page = html_worker.Tables()
    page.feed("<p>above<table>x<tr><td>a<script>alert(1)</script><td rowspan='99999999'>b</table>below")
    page.finish()
    assert page.tables == [[(1, ["a", "b"])]]
