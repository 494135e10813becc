"""Files of the client's own: text tables, workbooks and Parquet; a row that cannot be placed refuses the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

from timewaste.client_tables.reading import PLACE, Grid, read_grid
from timewaste.errors import ReadError
from timewaste.settings import TableConfig

if TYPE_CHECKING:
    from pathlib import Path


def grid(folder: Path, content: bytes | str, **said: object) -> Grid:
    path = folder / "client.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_grid(path, TableConfig(name="t", file="client.csv", **said))


def refusal(folder: Path, content: bytes | str, **said: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        grid(folder, content, **said)
    return caught.value


def rows(found: Grid) -> list[tuple[object, ...]]:
    return found.frame.drop(PLACE).rows()


@pytest.mark.parametrize(
    ("content", "said", "what"),
    [
        ("a;b\n1;ä\n", {}, "csv · semicolon · utf-8 · header in line 1"),
        ("\ufeffa\tb\r\n1\tä\r\n", {}, "csv · tab · utf-8 · header in line 1"),
        ("a;b\n1;ä\n".encode("cp1252"), {"encoding": "cp1252"}, "csv · semicolon · cp1252 · header in line 1"),
        ("a,b\n1,ä\n".encode("utf-16"), {}, "csv · comma · utf-16 · header in line 1"),
        ("Quota 2026\n\na|b\n1|ä\n", {}, "csv · pipe · utf-8 · header in line 3"),
        ("x,y\na,b\n1,ä\n", {"header_line": 2}, "csv · comma · utf-8 · header in line 2"),
        ("a~b\n1~ä\n", {"delimiter": "~"}, "csv · '~' · utf-8 · header in line 1"),
    ],
)  # fmt: skip
def test_a_text_table_is_read(tmp_path: Path, content: bytes | str, said: dict[str, object], what: str) -> None:
    found = grid(tmp_path, content, **said)
    assert found.what == what
    assert list(found.headers.values()) == ["a", "b"]
    assert rows(found) == [("1", "ä")]


def test_blanks_quotes_and_lines_within_a_cell(tmp_path: Path) -> None:
    found = grid(tmp_path, 'a,b,\n 1 ,"x, ""y""\nz",\n\n , ,\n2,,\n')
    assert rows(found) == [("1", 'x, "y"\nz'), ("2", None)]
    assert found.frame[PLACE].to_list() == [2, 6]
    assert found.blank == 2


def test_a_table_of_one_column(tmp_path: Path) -> None:
    found = grid(tmp_path, "Region\nNorth\nSouth\n")
    assert (list(found.headers.values()), rows(found)) == (["Region"], [("North",), ("South",)])


@pytest.mark.parametrize(
    ("content", "said", "code", "where"),
    [
        ("a,b\n1,2\n1,2,3\n", {}, "table/ragged", "client.csv, line 3"),
        ("a,b\n1,2\n\n1\n", {}, "table/ragged", "client.csv, line 4"),
        ("a,,c\n1,,2\n1,5,2\n", {}, "table/header", "client.csv, line 3"),
        ("a,b\n", {}, "table/empty", "client.csv"),
        ("", {}, "file/empty", "client.csv"),
        ("a,b\n1,2\n", {"header_line": 9}, "table/header", "client.csv"),
        ("a,b\n1,2\n", {"delimiter": "ab"}, "table/delimiter", "client.csv"),
        ('a,b\n1,"2\n3,4\n', {}, "csv/unbalanced-quote", "client.csv, line 2"),
        ('a,b\n1,"2"x\n', {}, "csv/text-after-quote", "client.csv, line 2"),
        (b"%PDF-1.7 ...", {}, "file/pdf", "client.csv"),
        ('{"a": 1}', {}, "table/kind", "client.csv"),
        ("BEGIN:VCALENDAR\n", {}, "table/kind", "client.csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_refuses_the_table(
    tmp_path: Path, content: bytes | str, said: dict[str, object], code: str, where: str
) -> None:
    error = refusal(tmp_path, content, **said)
    assert (error.code, error.where) == (code, where)
    assert error.mend
    assert "[[source]]" not in error.mend
    assert "logs/" not in error.mend


def test_an_encoding_is_asked_with_the_line_to_paste(tmp_path: Path) -> None:
    error = refusal(tmp_path, "Name;Ziel\nMüller;5\n".encode("cp1252"))
    assert error.code == "csv/encoding"
    assert "'Müller'" in error.what
    assert error.mend.endswith('below [[table]] t in timewaste.toml:\n\nencoding = "cp1252"')


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no such file") as caught:
        read_grid(tmp_path / "no.csv", TableConfig(name="t", file="no.csv"))
    assert caught.value.code == "table/no_file"


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(folder / "client.xlsx")
    return folder / "client.xlsx"


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, Notes=[["secret"]], Q1=[["Title"], [], ["Rep", "Quota"], ["Ann", 5.5], [], ["Bob"]])
    table = TableConfig(name="t", file="client.xlsx", sheet="Q1")
    found = read_grid(path, table)
    assert (found.what, found.where) == ("xlsx · sheet Q1 · header in row 3", "client.xlsx, sheet Q1")
    assert found.frame.rows() == [(4, "Ann", "5.5"), (6, "Bob", None)]
    with pytest.raises(ReadError, match="the workbook has 2 sheets: Notes, Q1") as caught:
        read_grid(path, TableConfig(name="t", file="client.xlsx"))
    assert caught.value.mend.endswith('sheet = "Notes"')
    with pytest.raises(ReadError, match="no sheet 'q1' with cells; it has: Notes, Q1"):
        read_grid(path, TableConfig(name="t", file="client.xlsx", sheet="q1"))


def test_a_parquet_table_keeps_its_kinds(tmp_path: Path) -> None:
    frame = pl.DataFrame({"Id": ["007", " "], "N": [1, 2], "Tags": [["a"], ["b"]]}).with_columns(
        pl.date(2026, 3, 4).alias("Day"), pl.lit(None, pl.Null).alias("Nothing")
    )
    frame.write_parquet(tmp_path / "client.parquet")
    found = read_grid(tmp_path / "client.parquet", TableConfig(name="t", file="client.parquet"))
    assert found.is_typed
    assert found.frame.drop(PLACE).dtypes == [pl.String, pl.Int64, pl.String, pl.Date, pl.String]
    assert found.frame["0"].to_list() == ["007", None]
    (tmp_path / "client.parquet").write_bytes(b"PAR1" + b"x" * 50)
    with pytest.raises(ReadError) as caught:
        read_grid(tmp_path / "client.parquet", TableConfig(name="t", file="client.parquet"))
    assert caught.value.code == "parquet/damaged"
