"""The same logs as .xls and .ods, and workbooks that are made to hurt."""

from __future__ import annotations

import datetime as dt
import re
import struct
import zipfile

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from worksheets import MONDAY, grid_rows, list_rows, matrix_rows, week, write

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import excel_grid, excel_matrix, open_file

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
LIST = [["Rep", "Date", "Start", "End", "Activity"], ["eva", "2026-03-02", "9:00", "9:30", "call"]]


def write_xls(path, sheets, *, epoch_1904=False):
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    date, time = xlwt.easyxf(num_format_str="dd.mm.yyyy"), xlwt.easyxf(num_format_str="hh:mm")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.date):
                    sheet.write(row, column, (cell - dt.date(1899, 12, 30)).days - 1462 * epoch_1904, date)
                elif isinstance(cell, dt.time):
                    sheet.write(row, column, (cell.hour * 60 + cell.minute) / 1440, time)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.save(str(path))
    return path


def ods_cell(value):
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, dt.time):
        return TableCell(valuetype="time", timevalue=f"PT{value.hour:02}H{value.minute:02}M00S")
    if isinstance(value, (int, float)):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string") if value is not None else TableCell()
    if value is not None:
        cell.addElement(P(text=value))
    return cell


def write_ods(path, sheets):
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for cells in rows:
            row = TableRow()
            for cell in cells:
                row.addElement(cell if isinstance(cell, (str,)) is False and hasattr(cell, "qname") else ods_cell(cell))
            table.addElement(row)
        filler = TableRow(numberrowsrepeated=1_048_000)  # as every program writes below the last row
        filler.addElement(TableCell(numbercolumnsrepeated=1024))
        table.addElement(filler)
        book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def raw_ods(path, rows, *, before="", content=None, manifest="<manifest/>"):
    """Write what no program would."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content or (
            f'<?xml version="1.0"?>{before}<office:document-content {NAMES}><office:body><office:spreadsheet>'
            f'<table:table table:name="Log">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>"
        ))  # fmt: skip
    return path


def row(*texts, repeat=1, cells=1, more=""):
    inside = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{cells}" {more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
        for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{inside}</table:table-row>'


def refused(path):
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert caught.value.mend
    return caught.value


# ------------------------------------------------------------ the same logs

SHAPES = {
    "Log": list_rows(week()),
    "Grid": grid_rows(week()),
    "Hours": matrix_rows(week()),
}


def test_each_shape_reads_the_same_from_every_kind_of_workbook(tmp_path, read_book):
    wanted = read_book(write(tmp_path / "log.xlsx", SHAPES))
    for found in (
        read_book(write_xls(tmp_path / "log.xls", SHAPES)),
        read_book(write_xls(tmp_path / "old.xls", SHAPES, epoch_1904=True)),
        read_book(write_ods(tmp_path / "log.ods", SHAPES)),
        read_book(write_ods(tmp_path / "named.xlsx", SHAPES)),
    ):
        assert [one.sheet.sheet for one in found] == list(SHAPES)
        for one, other in zip(found, wanted, strict=True):
            assert one.frame.equals(other.frame)
            assert one.sheet.layout == other.sheet.layout
    assert "xlsx/epoch_1904" in read_book(tmp_path / "old.xls")[0].noted


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["eva", "J\u00f6rg \u4e2d", "a<b&c"]), st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
            st.times().map(lambda time: time.replace(second=0, microsecond=0)),
            st.sampled_from(["call", "PT1H note", "mail \u20ac", "x" * 300]),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_what_is_written_comes_back(tmp_path, read_book, rows):
    table = [["Rep", "Date", "Start", "Minutes", "Activity"], *[[*row[:3], 30, row[3]] for row in rows]]
    for writer, name in ((write_xls, "log.xls"), (write_ods, "log.ods")):
        (found,) = read_book(writer(tmp_path / name, {"Log": table}))
        assert found.frame.select("rep", "date_text", "start_text", "duration_text", "label").rows() == [
            (rep, day.isoformat(), time.isoformat("minutes"), "30", label) for rep, day, time, label in rows
        ]
        assert found.issues == []


def test_the_format_of_the_workbook_is_told(tmp_path, read_book):
    sheets = {"Log": LIST, "Grid": grid_rows(week(), slot=30), "Hours": matrix_rows(week())}
    for name, write_book in {"xlsx": write, "xls": write_xls, "ods": write_ods}.items():
        found = read_book(write_book(tmp_path / f"log.{name}", sheets))
        assert [one.sheet.format for one in found] == [name] * 3


def test_merged_cells_hidden_rows_and_errors_of_an_xls(tmp_path, read_book):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Log")
    for column, text in enumerate(LIST[0]):
        sheet.write(0, column, text)
    sheet.write_merge(1, 3, 0, 0, "eva")
    for number in range(1, 4):
        for column, text in enumerate(LIST[1][1:], start=1):
            if (number, column) not in {(2, 3), (3, 2)}:
                sheet.write(number, column, text)
    sheet.row(3).hidden = True
    sheet.col(6).hidden = True
    sheet.row(2).set_cell_error(3, 0x2A)
    sheet.row(3).set_cell_number(2, -0.25, xlwt.easyxf(num_format_str="hh:mm"))
    hidden = book.add_sheet("Old")
    hidden.visibility = 1
    hidden.write(0, 0, "x")
    book.save(str(tmp_path / "log.xls"))
    (found,) = read_book(tmp_path / "log.xls")
    assert found.column("rep") == ["eva"] * 3
    assert [(i.rule, i.value) for i in found.issues] == [
        ("xlsx/error_cell", "D3 #N/A"), ("xlsx/negative_time", "C4 -0.25"),
    ]  # fmt: skip
    assert {"xlsx/filled_merged", "xlsx/hidden_rows", "xlsx/hidden_columns", "xlsx/hidden_sheet"} <= found.noted


def test_merged_cells_hidden_rows_and_errors_of_an_ods(tmp_path, read_book):
    rep = TableCell(valuetype="string", numberrowsspanned=3)
    rep.addElement(P(text="eva"))
    wrong = TableCell(valuetype="string", formula="of:=1/0")
    wrong.addElement(P(text="#DIV/0!"))
    long = TableCell(valuetype="time", timevalue="PT30H00M00S")
    rows = [
        ["Rep", "Date", "Start", "Duration", "Activity"], [rep, MONDAY, dt.time(9), wrong, "call"],
        [CoveredTableCell(), MONDAY, dt.time(9), dt.time(0, 30), "call"],
        [CoveredTableCell(), MONDAY, dt.time(9), long, "call"],
    ]  # fmt: skip
    (found,) = read_book(write_ods(tmp_path / "log.ods", {"Log": rows}))
    assert found.column("rep") == ["eva"] * 3
    assert [(i.rule, i.value) for i in found.issues] == [("xlsx/error_cell", "D2 #DIV/0!")]
    assert found.column("duration_text")[1:] == ["00:30", "30:00:00"]
    assert "xlsx/filled_merged" in found.noted


def test_other_documents_are_named(tmp_path):
    text = OpenDocumentText()
    text.text.addElement(P(text="Rep"))
    text.save(str(tmp_path / "log.odt"))
    assert refused(tmp_path / "log.odt").code == "file/document"
    whole = write_xls(tmp_path / "log.xls", {"Log": LIST}).read_bytes()
    (tmp_path / "log.doc").write_bytes(whole.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")))
    assert refused(tmp_path / "log.doc").code == "file/document"
    stream = struct.pack("<HH", 0x2F, 6) + bytes(6)
    place = whole.index(struct.pack("<HH", 0x42, 2))  # the code page stands near the beginning: a password goes there
    (tmp_path / "closed.xls").write_bytes(whole[:place] + stream + whole[place + len(stream) :])
    assert refused(tmp_path / "closed.xls").code == "xlsx/encrypted"
    raw_ods(tmp_path / "closed.ods", row("x"), manifest="<manifest><encryption-data/></manifest>")
    assert refused(tmp_path / "closed.ods").code == "xlsx/encrypted"


# ---------------------------------------------------------- made to hurt


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (row("x", repeat=1_048_577), "xlsx/used-range"),
        (row("x", repeat=60_000, cells=16_384), "xlsx/used-range"),
        (row("x", repeat=999_999_999, cells=999_999_999), "xlsx/used-range"),
        (row("#DIV/0!", repeat=1_000_000, more='table:formula="of:=1/0"'), "xlsx/used-range"),
        (row("x", more='table:number-rows-spanned="9"') * 200_001, "xlsx/used-range"),
        (row("x", repeat="many"), "xlsx/damaged"),
        ("<table:table-row>" * 50_000, "xlsx/damaged"),
    ],
)
def test_an_ods_that_repeats_itself_is_refused(tmp_path, rows, code):
    assert refused(raw_ods(tmp_path / "log.ods", rows)).code == code


def test_doctypes_and_bombs_in_an_ods(tmp_path):
    assert refused(raw_ods(tmp_path / "a.ods", row("x"), before='<!DOCTYPE a [<!ENTITY b "c">]>')).code == "xml/doctype"
    bomb = raw_ods(tmp_path / "b.ods", "", content="<a>" + " " * (40 << 20) + "</a>")
    assert refused(bomb).code == "xlsx/too-large"


def test_a_million_blank_rows_are_counted_not_made(tmp_path, read_book):
    rows = row(*LIST[0]) + row("", repeat=1_000_000, cells=5).replace(' office:value-type="string"', "") + row(*LIST[1])
    (found,) = read_book(raw_ods(tmp_path / "log.ods", rows))
    assert (found.frame.height, found.sheet.tally.blank) == (1, 1_000_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 5631), st.binary(min_size=1, max_size=8)), min_size=1, max_size=5))
def test_damage_to_an_xls_is_an_error_or_a_table(tmp_path, places):
    whole = bytearray(write_xls(tmp_path / "log.xls", {"Log": LIST * 3, "Grid": grid_rows(week())[:12]}).read_bytes())
    for place, piece in places:
        whole[place : place + len(piece)] = piece
    whole[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path = tmp_path / "damaged.xls"
    path.write_bytes(bytes(whole))
    try:
        sheets = open_file(path, path.name, SourceConfig())
    except ReadError:
        return
    for sheet in sheets:
        height = sum(batch.height for batch in sheet.batches())
        assert height + sheet.tally.blank + sheet.tally.skipped == sheet.tally.rows_read


def test_a_grid_without_end_a_number_beyond_numbers_and_merges_without_end(tmp_path, read_book):
    header = ["Time", "2026-03-02", "2026-03-03"]
    endless = [["Name: Eva"], header, *[["9:00", "call"], ["9:15", "mail"]] * 1_100]
    assert refused(write(tmp_path / "a.xlsx", {"Grid": endless})).code == "xlsx/too-many-slots"
    rows = [["Name: Eva"], ["Activity (hours)", *header[1:]], ["call", 1e308, 1.5], ["mail", 5e-324, -1e308]]
    (found,) = read_book(write(tmp_path / "b.xlsx", {"Matrix": rows}))
    assert found.column("duration_text") == ["1e+308", "1.5", "5e-324", "-1e+308"]
    path = write(tmp_path / "c.xlsx", {"Log": LIST})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    merges = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 30_000)).encode()
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>", parts[sheet])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    (found,) = read_book(path)
    assert found.frame.height == 1


@pytest.mark.parametrize(
    "text", ["week of 31 February 2026", "KW 99 2026", "2026-W54", "Name: " + "x" * 30_000, "0" * 30_000]
)
def test_odd_titles_do_no_harm(tmp_path, text):
    rows = [[text], ["Time", "Mon", "Tue"], ["9:00", "a"], ["9:15", "a"], ["9:30", "a"]]
    assert refused(write(tmp_path / "log.xlsx", {"Grid": rows})).code == "xlsx/which-day"


def test_a_matrix_that_no_people_fill_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(excel_matrix, "MAX_CELLS", 50)
    monkeypatch.setattr(excel_grid, "MAX_CELLS", 50)
    header = [f"2026-03-{day:02}" for day in range(2, 22)]
    cells = [[f"call {number}", *[1.5] * 20] for number in range(3)]
    path = write(tmp_path / "a.xlsx", {"Matrix": [["Name: Eva"], ["Activity", *header], *cells]})
    assert refused(path).code == "xlsx/too-large"
    slots = [[f"{hour}:00", *["call"] * 20] for hour in range(8, 18)]
    assert (
        refused(write(tmp_path / "b.xlsx", {"Grid": [["Name: Eva"], ["Time", *header], *slots]})).code
        == "xlsx/too-large"
    )
