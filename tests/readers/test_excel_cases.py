"""Cases 25 to 40 of bad workbooks: what must be kept, set aside, noted or refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import excel_spool, open_file
from timewaste.readers.evidence import decide
from timewaste.transforms.durations import parse_duration

HEADERS = ("Rep", "Date", "Start", "End", "Activity")
DATE, CLOCK, SPAN = "dd.mm.yyyy", "hh:mm", "[h]:mm"


def write_book(path, sheets, *, before=0, left=0, **options):
    """Write sheets name -> rows; a cell is a value or (value, number format)."""
    book = xlsxwriter.Workbook(str(path), options)
    formats = {}
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(table, start=before):
            for column, cell in enumerate(cells, start=left):
                value, shape = cell if isinstance(cell, tuple) else (cell, None)
                if shape and shape not in formats:
                    formats[shape] = book.add_format({"num_format": shape})
                if value is not None:
                    sheet.write(row, column, value, formats.get(shape))
    book.close()
    return path


def entry(rep="anna", day=46027, start=0.375, end=0.4, label="call"):
    return (rep, (day, DATE), (start, CLOCK), (end, CLOCK), label)


def change(path, name, old, new):
    """Replace bytes in a part of the workbook, as no program would."""
    content = path.read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            data = source.read(item.filename)
            if item.filename == name:
                assert re.search(old, data), data[:2000]
                data = re.sub(old, new, data, count=1)
            target.writestr(item.filename, data)
    return path


@pytest.fixture
def book(tmp_path):
    return lambda rows, **options: write_book(tmp_path / "log.xlsx", {"Log": [HEADERS, *rows]}, **options)


SHEET1 = "xl/worksheets/sheet1.xml"


def test_case_25_a_huge_used_range_is_refused_and_kills_nobody(tmp_path):
    path = write_book(tmp_path / "log.xlsx", {"Log": [HEADERS, entry()]})
    change(path, SHEET1, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    with pytest.raises(ReadError) as caught:
        open_file(path, "log.xlsx", SourceConfig())
    assert caught.value.code == "xlsx/used-range"
    assert "XFD" in caught.value.what
    # Even if the look into the zip had missed it, only the child would die.
    with pytest.raises(ReadError) as caught:
        excel_spool.run_worker(path, "log.xlsx")
    assert caught.value.code == "xlsx/crash"


def test_a_part_that_would_lie_before_the_file_is_damage_not_a_missing_file(book):
    path = book([entry()])
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 42 : place + 46] = (0xFFFFFFF0).to_bytes(4, "little")
    end = content.rindex(b"PK\x05\x06")
    content[end + 16 : end + 20] = (int.from_bytes(content[end + 16 : end + 20], "little") + (1 << 20)).to_bytes(
        4, "little"
    )
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        open_file(path, "log.xlsx", SourceConfig())
    assert caught.value.code == "xlsx/damaged"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"<sheet name=", b"<sheet name" + b"24:00" * 100_000),
        ("xl/workbook.xml", b"<sheets>", b"<sheet " * 300_000 + b"<sheets>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationship ", b"<Relationship " * 300_000),
        (SHEET1, b"<sheetData>", b"<row " * 300_000 + b"<sheetData>"),
        (SHEET1, b"<sheetData>", b"<row hidden " * 300_000 + b"<sheetData>"),
        (SHEET1, b"<sheetData>", b"<mergeCell " * 300_000 + b"<sheetData>"),
    ],
)
def test_what_makes_a_pattern_look_again_and_again_does_not_hang_the_load(book, part, old, new):
    """Each took minutes or hours once: time that grew with the square of the length."""
    path = change(book([entry()]), part, old, new)
    with contextlib.suppress(ReadError):  # refused or read: it ends
        open_file(path, "log.xlsx", SourceConfig())


@pytest.mark.parametrize("number", [b"1970-01-01", b"9" * 5000, b""])
def test_a_row_whose_number_is_none_is_damage(book, number):
    rows = [entry(), ("anna", "=#N/A", None, None, "x")]
    path = change(book(rows), SHEET1, b'<row r="3"', b'<row r="' + number + b'"')
    with pytest.raises(ReadError) as caught:
        open_file(path, "log.xlsx", SourceConfig())
    assert caught.value.code == "xlsx/damaged"
    assert len(caught.value.what) < 200


def test_case_26_zip_bombs_are_refused_quickly(tmp_path):
    entries = tmp_path / "entries.xlsx"
    with zipfile.ZipFile(entries, "w") as stream:
        stream.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(20_000):
            stream.writestr(f"xl/media/{number}.xml", "")
    ratio = write_book(tmp_path / "ratio.xlsx", {"Log": [HEADERS, entry()]})
    change(ratio, SHEET1, b"</sheetData>", b"<!-- " + b" " * (40 << 20) + b"--></sheetData>")
    began = time.monotonic()
    for path in (entries, ratio):
        with pytest.raises(ReadError) as caught:
            open_file(path, path.name, SourceConfig())
        assert caught.value.code == "xlsx/too-large"
    assert "sheet1.xml" in caught.value.what
    assert "times its packed size" in caught.value.what
    assert time.monotonic() - began < 60  # a hang, not a measurement


@pytest.mark.parametrize("part", [SHEET1, "xl/sharedStrings.xml"])
def test_case_27_a_doctype_is_refused(book, part):
    path = change(book([entry()]), part, b"\\?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>')
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert caught.value.code == "xml/doctype"
    assert part in caught.value.what


def test_case_28_every_cell_keeps_its_own_type(book, read_book):
    texts = [("anna", "06.01.2026", "09:00", "1:30", "7 min")] * 50
    (found,) = read_book(book([entry()] * 200 + texts))
    assert found.frame.height == 250
    assert found.column("date_text") == ["2026-01-05"] * 200 + ["06.01.2026"] * 50
    assert found.column("start_text") == ["09:00"] * 250
    assert found.column("label")[-1] == "7 min"


def test_case_29_both_epochs_give_the_same_instants(tmp_path, read_book):
    found = []
    for epoch in (False, True):
        path = tmp_path / f"{epoch}.xlsx"
        stamp = dt.datetime(2026, 1, 5, 9, 5, 30)  # noqa: DTZ001
        with xlsxwriter.Workbook(str(path), {"date_1904": epoch}) as written:
            sheet = written.add_worksheet("Log")
            sheet.write_row(0, 0, HEADERS)
            for row in (1, 2):
                sheet.write_row(row, 0, ["anna", None, None, None, "call"])
                sheet.write_datetime(row, 1, stamp.date(), written.add_format({"num_format": DATE}))
                sheet.write_datetime(row, 2, stamp, written.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))
                sheet.write_number(row, 3, 0.5, written.add_format({"num_format": CLOCK}))
        found += read_book(path)
    assert found[0].frame.equals(found[1].frame)
    assert found[0].row(2)["start_text"] == "2026-01-05 09:05:30"
    assert "xlsx/epoch_1904" in found[1].noted - found[0].noted


def test_case_30_odd_serials_are_no_silent_dates(book, read_book):
    stamp = "dd.mm.yyyy hh:mm"
    odd = [0, 60, -1, 2958466, 1e308]
    rows = [entry(day=day) for day in odd]
    rows.append(("anna", (46027.374999999996, stamp), None, (0.4, CLOCK), "call"))
    rows.append(entry(start=-0.25))
    (found,) = read_book(book(rows))
    dates = found.column("date_text")
    assert dates[5] == "2026-01-05 09:00"
    assert found.rules == [(4, "xlsx/negative_time"), (8, "xlsx/negative_time")]
    assert found.issues[1].value == "C8 -0.25"
    assert found.issues[1].column == "Start"
    # The others stay what they are: no day, or one that no study's window holds.
    assert dates[1] == "1900-02-28"
    assert dates[3:5] == ["2958466", "1e+308"]
    assert dates[0] == "00:00"


def test_case_31_durations_over_a_day_and_below_zero(tmp_path, read_book):
    rows = [("Rep", "Date", "Duration", "Activity")]
    rows += [
        ("a", (46027, DATE), cell, "x") for cell in ((1.25, SPAN), (-0.25, SPAN), "30:00", "1,5", 1.5, (1.25, CLOCK))
    ]
    (found,) = read_book(write_book(tmp_path / "log.xlsx", {"Log": rows}))
    durations = found.column("duration_text")
    assert durations == ["30:00:00", "-6:00:00", "30:00", "1,5", "1.5", "30:00:00"]
    assert found.issues == []
    assert parse_duration("-6:00:00", "hours", ",") == (None, "duration/negative")
    reading = decide(found.sheet, date_texts=[], duration_texts=durations, source=SourceConfig())
    assert (reading.duration_unit, reading.decimal_mark) == ("hours", "both")
    assert parse_duration("1,5", "hours", "both") == parse_duration("1.5", "hours", "both") == (5400, None)


def test_case_31_numbers_below_one_are_fractions_of_a_day_unless_the_header_says_hours(tmp_path, read_book):
    for header, unit in (("Duration", "days"), ("Hours", "hours")):
        rows = [("Rep", "Date", header, "Activity"), ("a", (46027, DATE), 0.0625, "x")]
        (found,) = read_book(write_book(tmp_path / f"{header}.xlsx", {"Log": rows}))
        reading = decide(
            found.sheet, date_texts=[], duration_texts=found.column("duration_text"), source=SourceConfig()
        )
        assert reading.duration_unit == unit
    assert parse_duration("0.0625", "days", ".") == (5400, None)


def test_case_32_errors_and_uncalculated_formulas_are_never_empty_cells(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as written:
        sheet = written.add_worksheet("Log")
        sheet.write_row(0, 0, ("Rep", "Date", "Minutes", "Activity", "Sum"))
        for row in range(1, 6):
            sheet.write_row(row, 0, ("anna", "2026-01-05", 30, "call"))
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(3, 2, True)
        sheet.write_formula(4, 4, "=1/0", None, "#DIV/0!")  # not a column that matters
        sheet.write_formula(5, 2, "=10+20", None, 30)
    (found,) = read_book(path)
    assert found.rules == [(2, "xlsx/error_cell"), (3, "xlsx/error_cell"), (4, "xlsx/type")]
    assert [issue.value for issue in found.issues] == ["C2 #N/A", "C3 #DIV/0!", "C4 TRUE"]
    assert {(issue.column, issue.treatment) for issue in found.issues} == {("Minutes", "set_aside")}
    assert found.column("duration_text")[4] == "30"
    assert found.column("label") == ["call"] * 5


def test_case_32_a_formula_without_cached_value(tmp_path, read_book):
    book = openpyxl.Workbook()
    book.active.append(("Rep", "Date", "Minutes", "Activity"))
    book.active.append(("anna", dt.date(2026, 1, 5), "=10+20", "call"))
    book.active.append(("anna", dt.date(2026, 1, 5), 20, "call"))
    book.save(tmp_path / "log.xlsx")
    (found,) = read_book(tmp_path / "log.xlsx")
    assert found.rules == [(2, "xlsx/uncalculated")]
    assert found.issues[0].value == "C2"
    assert found.frame.height == 2


def test_case_33_hidden_sheets_are_not_read_hidden_rows_are(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as written:
        for name in ("Old", "Log", "Draft", "Notes"):
            sheet = written.add_worksheet(name)
            sheet.write_row(0, 0, HEADERS if name != "Notes" else ("remember",))
            for row in range(1, 4) if name != "Notes" else ():
                sheet.write_row(row, 0, (name, "2026-01-05", "09:00", "09:30", "call"))
        written.get_worksheet_by_name("Old").very_hidden()
        written.get_worksheet_by_name("Draft").hide()
        log = written.get_worksheet_by_name("Log")
        log.activate()
        log.set_first_sheet()
        log.autofilter(0, 0, 3, 4)
        log.set_row(2, None, None, {"hidden": True})
    (found,) = read_book(path)
    assert found.sheet.sheet == "Log"
    assert found.column("rep") == ["Log"] * 3
    assert {"xlsx/hidden_sheet", "xlsx/hidden_rows", "xlsx/sheet_without_header"} <= found.noted
    assert [i.value for i in found.sheet.notes if i.rule == "xlsx/hidden_sheet"] == ["Old", "Draft"]
    (named,) = read_book(path, sheet="Draft")
    assert named.column("rep") == ["Draft"] * 3
    with pytest.raises(ReadError) as caught:
        read_book(path, sheet="log")
    assert caught.value.code == "xlsx/no-sheet"
    assert "Old (hidden)" in caught.value.what


def test_case_33_every_visible_sheet_with_a_header_is_read(tmp_path, read_book):
    sheets = {name: [HEADERS, entry(rep=name)] for name in ("anna", "bob")}
    found = read_book(write_book(tmp_path / "log.xlsx", sheets))
    assert [each.sheet.sheet for each in found] == ["anna", "bob"]
    assert [each.column("rep") for each in found] == [["anna"], ["bob"]]
    assert [each.column("rep") for each in found] == [
        [row for batch in each.sheet.batches() for row in batch["rep"]] for each in found
    ]


def test_case_34_a_merged_rep_counts_for_every_row_or_as_the_settings_say_for_the_first(book, read_book):
    path = book([entry()] + [(None, *entry()[1:])] * 3 + [entry("bob")])
    loaded = openpyxl.load_workbook(path)
    loaded["Log"].merge_cells("A2:A5")
    loaded.save(path)
    (found,) = read_book(path)
    assert found.column("rep") == ["anna"] * 4 + ["bob"]
    assert found.issues == []
    assert [(note.line, note.column, note.value) for note in found.sheet.tally.notes] == [(3, "Rep", "3 rows")]
    assert "xlsx/filled_merged" in found.noted
    (found,) = read_book(path, fill_merged=False, fill_down=False)
    assert found.rules == [(3, "xlsx/merged"), (4, "xlsx/merged"), (5, "xlsx/merged")]
    assert found.issues[0].value == "A3"
    assert found.column("rep") == ["anna", None, None, None, "bob"]


def test_case_34_a_merged_length_is_never_counted_twice(book, read_book):
    path = book([entry(), (*entry()[:2], None, None, "mail"), entry("bob")])
    loaded = openpyxl.load_workbook(path)
    for cells in ("C2:C3", "D2:D3"):
        loaded["Log"].merge_cells(cells)
    loaded.save(path)
    (found,) = read_book(path)
    assert found.rules == [(3, "xlsx/merged")]
    assert found.column("start_text") == ["09:00", None, "09:00"]


def test_case_35_rows_have_their_true_numbers(tmp_path, read_book):
    table = [HEADERS, entry(), (), (), entry("bob"), ("", None, "x")]
    path = write_book(tmp_path / "log.xlsx", {"Log": table}, before=4, left=2)
    loaded = openpyxl.load_workbook(path)
    loaded["Log"]["C2"] = "Time log"
    loaded.save(path)
    (found,) = read_book(path)
    assert found.sheet.header_line == 5
    assert found.frame["line"].to_list() == [6, 9, 10]
    assert found.sheet.tally.blank == 2
    assert found.column("rep")[:2] == ["anna", "bob"]
    assert "header/title_lines" in found.noted


def test_case_36_a_wrong_dimension_hides_nothing_and_double_rows_are_refused(book, read_book):
    path = change(book([entry()] * 10), SHEET1, b'<dimension ref="[^"]*"/>', b'<dimension ref="A1:B3"/>')
    (found,) = read_book(path)
    assert found.column("label") == ["call"] * 10
    change(path, SHEET1, b'<row r="3"', b'<row r="2"')
    with pytest.raises(ReadError) as caught:
        read_book(path)
    assert caught.value.code == "xlsx/duplicate-row"
    assert "row 2" in caught.value.what


def test_case_36_rows_and_cells_without_addresses(tmp_path, read_book):
    path = write_book(tmp_path / "log.xlsx", {"Log": [HEADERS, entry(), entry("bob")]})
    with zipfile.ZipFile(path) as source:
        xml = source.read(SHEET1)
    bare = re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", xml)
    change(path, SHEET1, re.escape(xml), lambda _: bare)
    (found,) = read_book(path)
    assert found.column("rep") == ["anna", "bob"]
    assert found.frame["line"].to_list() == [2, 3]


def test_case_37_what_is_no_workbook_is_named(tmp_path, book):
    whole = book([entry()] * 50).read_bytes()
    cases = {
        "xlsx/encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
        "file/html": b"<html><body><table><tr><td>Rep</td></tr></table></body></html>",
        "xlsx/damaged": whole[: len(whole) // 2],
    }
    for code, content in cases.items():
        path = tmp_path / "renamed.xlsx"
        path.write_bytes(content)
        with pytest.raises(ReadError) as caught:
            open_file(path, path.name, SourceConfig())
        assert caught.value.code == code
        assert caught.value.mend
    path.write_text("Rep,Date,Start,End,Activity\nanna,2026-01-05,9:00,9:30,call\n")
    (sheet,) = open_file(path, path.name, SourceConfig())
    assert sheet.format == "csv"


def test_case_37_macros_and_links_are_ignored_with_a_notice(book, read_book):
    path = book([entry()])
    with zipfile.ZipFile(path, "a") as stream:
        stream.writestr("xl/vbaProject.bin", b"\0")
        stream.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    (found,) = read_book(path.rename(path.with_suffix(".xlsm")))
    assert found.column("rep") == ["anna"]
    assert {"xlsx/macros", "xlsx/external_links"} <= found.noted


def test_case_38_digits_that_excel_lost(tmp_path, read_book):
    rows = [(*HEADERS, "Opportunity"), (*entry(), (123, "00000")), (*entry(), 12345678901234567)]
    (found,) = read_book(write_book(tmp_path / "log.xlsx", {"Log": rows}))
    assert found.column("opportunity")[0] == "123"
    assert found.rules == [(3, "xlsx/lost_digits")]
    assert "xlsx/padded_numbers" in found.noted


def test_case_39_a_sheet_as_long_as_excel_allows_is_noted(tmp_path):
    path = write_book(tmp_path / "log.xlsx", {"Log": [HEADERS, entry()]})
    change(path, SHEET1, b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
    (sheet,) = open_file(path, path.name, SourceConfig())
    assert "xlsx/row_limit" in {issue.rule for issue in sheet.notes}


def test_case_40_texts_are_kept_as_typed(book, read_book):
    texts = ["_x000D_a", "  blanks  ", "Mu\u0308ller", "M\u00fcller", "a\u200bb", "\u0430nna", "_x0041_"]
    (found,) = read_book(book([entry(label=text) for text in texts]))
    assert found.column("label") == ["\na", *texts[1:6], "A"]


def test_a_workbook_without_header_is_refused_with_what_was_found(tmp_path):
    path = write_book(tmp_path / "log.xlsx", {"Log": [("anna", "call"), ("bob", "mail")]})
    with pytest.raises(ReadError) as caught:
        open_file(path, "log.xlsx", SourceConfig())
    assert caught.value.code == "xlsx/no-header"
    assert caught.value.where == "log.xlsx, sheet Log, line 1"
    assert "anna | call" in caught.value.what
