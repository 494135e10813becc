"""Cases 1 to 24 of bad text tables: what must be kept, set aside, skipped or refused."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from dataclasses import replace

import pytest

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file
from timewaste.readers.evidence import decide
from timewaste.readers.scan import Unclean, scan_frames
from timewaste.transforms.durations import parse_duration
from timewaste.transforms.times import parse_clock, parse_date

HEAD = "Rep,Date,Start,End,Activity\n"
ROW = "anna,2026-01-05,09:00,09:30,call\n"


def rows(count, first=1):
    return "".join(f"e{n},2026-01-05,09:00,09:30,call {n}\n" for n in range(first, first + count))


def evidence(sheet, dates=(), durations=(), **said):
    return decide(sheet, date_texts=dates, duration_texts=durations, source=SourceConfig(**said))


def test_case_01_cp1252_without_bom_is_refused_with_the_value(read):
    content = (HEAD + ROW).encode() + b"J\xf6rg,2026-01-05,09:00,09:30,call\n"
    with pytest.raises(ReadError) as caught:
        read(content)
    error = caught.value
    assert error.code == "csv/encoding"
    assert error.where == "log.csv, line 3"
    assert "F6" in error.what
    assert f"offset {content.index(0xF6)}" in error.what
    assert "'Jörg'" in error.what
    assert 'encoding = "cp1252"' in error.mend
    assert read(content, encoding="cp1252").column("rep") == ["anna", "Jörg"]


def test_case_01_a_cp1252_header_is_an_encoding_fault_not_a_missing_header(read):
    with pytest.raises(ReadError) as caught:
        read("Verkäufer;Datum;Von;Bis;Tätigkeit\n".encode("cp1252") + b"a;2026-01-05;9:00;9:30;x\n")
    assert caught.value.code == "csv/encoding"
    assert "Verkäufer" in caught.value.what


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_case_02_byte_order_marks_decide(read, encoding):
    text = HEAD + ROW.replace("anna", "Jörg")
    content = (b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding)
    found = read(content)
    assert found.column("rep") == ["Jörg"]
    assert found.sheet.headers[0] == "Rep"


def test_case_02_utf16_without_mark_is_named(read):
    content = (HEAD + ROW).encode("utf-16-le")
    with pytest.raises(ReadError) as caught:
        read(content)
    assert caught.value.code == "csv/encoding"
    assert "UTF-16" in caught.value.what
    assert read(content, encoding="utf-16").column("label") == ["call"]


def test_case_03_one_bad_record_in_a_utf8_file_is_set_aside(read):
    content = (HEAD + rows(999).replace("e7,", "Zoë,")).encode() + b"J\xf6rg,2026-01-05,09:00,09:30,call\n"
    found = read(content)
    assert found.rules == [(1001, "csv/encoding")]
    assert found.frame.height == 1000
    assert json.loads(found.row(1001)["extra"]) == {"raw": "J\\xf6rg,2026-01-05,09:00,09:30,call"}
    assert found.row(1001)["rep"] is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b'J\xf6rg,2026-01-05,09:00,09:30,"call', "csv/unbalanced-quote"),
        (b'J\xf6rg,2026-01-05,09:00,09:30,"call" x', "csv/text-after-quote"),
        (b'anna,2026-01-05,09:00,09:30,"call\nJ\xf6rg"', "csv/encoding"),
        (b"J\xf6rg,2026-01-05,09:00", "csv/encoding"),
    ],
)
def test_case_03_a_record_may_be_broken_and_of_another_encoding_at_once(read, line, rule):
    found = read((HEAD + ROW.replace("anna", "Ren\u00e9") * 500).encode() + line + b"\n" + ROW.encode())
    assert found.rules == [(502, rule)]
    assert json.loads(found.row(502)["extra"])["raw"].encode() == line.replace(b"\xf6", b"\\xf6")
    assert "\\xf6" in found.issues[0].value or "\\xf6" in found.row(502)["extra"]


def test_case_03_half_a_character_of_utf_16_spoils_its_own_record(read):
    text = (HEAD + ROW * 3).encode("utf-16") + b"\x00\xd8" + ROW.replace("call", '"call').encode("utf-16-le")
    assert [rule for _, rule in read(text).rules] == ["csv/truncated"]


def test_case_04_control_characters(read):
    text = HEAD + ROW + ROW.replace("anna", "Jo\0rg") + ROW.replace("call", "a\u2028b\ufeffc") + "\x1a"
    found = read(text)
    assert found.rules == [(3, "csv/control")]
    assert found.issues[0].value == "Jo\\x00rg,2026-01-05,09:00,09:30,call"
    assert found.column("label") == ["call", None, "a\u2028b\ufeffc"]
    assert "csv/substitute_at_end" in found.noted
    assert found.sheet.tally.rows_read == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "mixed", "lone"])
def test_case_05_line_ends(read, end):
    lines = [HEAD.strip(), *rows(20).splitlines()]
    if end == "mixed":
        text = "".join(line + ("\r\n" if n % 3 else "\n") for n, line in enumerate(lines))
    elif end == "lone":
        text = "\n".join(lines).replace("call 5", "call\r5") + "\n"
    else:
        text = end.join(lines) + end
    found = read(text)
    assert found.frame["line"].to_list() == list(range(2, 22))
    assert found.issues == []
    assert [label for label in found.column("label") if label != "call\n5"] == [
        f"call {n}" for n in range(1, 21) if end != "lone" or n != 5
    ]
    assert ("csv/mixed_line_ends" in found.noted) == (end == "mixed")
    assert ("csv/lone_return" in found.noted) == (end == "lone")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_case_06_either_line_end_is_read_the_fast_way_and_no_file_is_lost(read, end):
    found = read((HEAD + rows(20)).replace("\n", end))
    assert found.frame.height == 20
    assert found.sheet.scan is not None
    assert sum(frame.height for frame in scan_frames(found.sheet.scan)) == 20


@pytest.mark.parametrize("header", ['Rep,Date,Start,"Activity,Minutes', 'Rep,"Date,Start,Activity,Minutes'])
def test_case_07_an_unbalanced_quote_in_the_header_refuses_the_file(read, header):
    body = "".join(f'e{n},2026-01-05,09:00,"call {n}",5\n' for n in range(20))
    for rest in (body, body.replace('"', "")):
        with pytest.raises(ReadError) as caught:
            read(header + "\n" + rest)
        assert caught.value.code == "csv/unbalanced-quote"
        assert caught.value.where == "log.csv, line 1"


def test_case_08_an_unclosed_quote_spoils_only_its_own_record(read):
    lines = [HEAD.strip(), *rows(19).splitlines()]
    lines[4] = 'e4,2026-01-05,09:00,09:30,"Angebot offen'
    found = read("\n".join(lines) + "\n")
    assert found.rules == [(5, "csv/unbalanced-quote")]
    assert found.issues[0].column == "Activity"
    assert found.frame["line"].to_list() == list(range(2, 21))
    assert json.loads(found.row(5)["extra"])["raw"] == lines[4]
    assert found.row(6)["label"] == "call 5"


@pytest.mark.parametrize("tenth", ['e9,2026-01-05,09:00,09:30,zu"', 'e9,2026-01-05,09:00,09:30,"Angebot zu"'])
def test_case_08_until_a_second_quote_no_records_melt_into_one(read, tenth):
    lines = [HEAD.strip(), *rows(19).splitlines()]
    lines[4] = 'e4,2026-01-05,09:00,09:30,"Angebot offen'
    lines[9] = tenth
    found = read("\n".join(lines) + "\n")
    assert found.rules == [(5, "csv/unbalanced-quote")]
    assert found.frame["line"].to_list() == list(range(2, 21))
    assert found.row(10)["label"] in {'zu"', "Angebot zu"}


def test_case_08_a_real_text_of_several_lines_is_one_record(read):
    found = read(HEAD + 'a,2026-01-05,09:00,09:30,"first\nsecond, and\n""third"""\n' + ROW)
    assert found.issues == []
    assert found.frame["line"].to_list() == [2, 5]
    assert found.column("label")[0] == 'first\nsecond, and\n"third"'


def test_case_09_text_after_a_quote(read):
    found = read(HEAD + 'a,2026-01-05,09:00,09:30,"Angebot 24" Monitor\nb,2026-01-05,09:00,09:30,24" Monitor\n')
    assert found.rules == [(2, "csv/text-after-quote")]
    assert found.column("label") == [None, '24" Monitor']


def test_case_10_ragged_records_are_kept_and_never_padded(read):
    found = read(HEAD + ROW + "anna,2026-01-05,09:00,09:30\n" + "anna,2026-01-05,09:00,09:30,call, then mail\n")
    assert found.rules == [(3, "csv/ragged"), (4, "csv/too-many-cells")]
    assert "4 of 5 cells" in found.issues[0].value
    assert found.column("rep") == ["anna", None, None]
    assert json.loads(found.row(4)["extra"])["raw"].endswith("call, then mail")


@pytest.mark.parametrize("header", [HEAD, HEAD.replace("\n", ",\n")])
def test_case_10_a_trailing_delimiter_everywhere_is_accepted_once(read, header):
    found = read(header + rows(3).replace("\n", ",\n"))
    assert found.issues == []
    assert found.column("label") == ["call 1", "call 2", "call 3"]
    assert "csv/trailing_delimiter" in found.noted


@pytest.mark.parametrize("header", ["Rep,Start,Start,,Task,TASK ", "Rep,Date,Start,End,Task,TASK "])
def test_case_11_two_columns_for_one_field_are_refused(read, header):
    with pytest.raises(ReadError) as caught:
        read(header + "\na,2026-01-05,9:00,9:30,x,y\n")
    assert caught.value.code == "csv/duplicate-header"
    assert caught.value.where == "log.csv, line 1"


def test_case_11_the_better_name_wins_and_the_other_is_kept(read):
    found = read("User,Email,Date,Start,Duration (h),Description,\na,a@x.y,2026-01-05,9:00,0:30,call,\n")
    assert found.sheet.columns["rep"] == "Email"
    assert json.loads(found.column("extra")[0]) == {"User": "a"}
    assert found.sheet.header_unit == "hours"


def test_case_11_names_are_compared_after_nfc_trim_and_case(read):
    found = read("  MITARBEITER ;Datum;VON;Bis;Ta\u0308tigkeit\nanna;2026-01-05;9:00;9:30;Angebot\n")
    assert set(found.sheet.columns) == {"rep", "date_text", "start_text", "end_text", "label"}


def test_case_12_no_header_row_is_refused_with_a_block_to_paste(read):
    with pytest.raises(ReadError) as caught:
        read("anna,call\nbob,mail\n")
    error = caught.value
    assert error.code == "csv/no-header"
    assert "anna | call" in error.what
    assert '[[source]]\nmatch = "log.csv"\ncolumns = {' in error.mend


def test_case_12_what_is_missing_is_named(read):
    with pytest.raises(ReadError) as caught:
        read("Rep,Date,Activity\na,2026-01-05,call\n")
    assert caught.value.code == "csv/missing-column"
    assert "an end or a duration" in caught.value.what
    with pytest.raises(ReadError) as caught:
        read("Date,Start,End,Activity\n2026-01-05,9:00,9:30,call\n")
    assert caught.value.code == "csv/no-rep"
    assert 'rep = "file"' in caught.value.mend
    assert read("Date,Start,End,Activity\n2026-01-05,9:00,9:30,call\n", rep="file").column("rep") == [None]


def test_case_13_columns_are_found_by_name_never_by_place(read):
    month2 = read("Activity,Mood,End,Start,Date,Rep\ncall,good,09:30,09:00,2026-02-05,anna\n")
    assert month2.row(2) | {"extra": None} == read(HEAD + ROW.replace("-01-", "-02-")).row(2)
    assert json.loads(month2.column("extra")[0]) == {"Mood": "good"}
    assert "header/unknown_column" in month2.noted
    with pytest.raises(ReadError) as caught:
        read("Rep,Date,Begin at,Activty,End\n")
    assert caught.value.code == "csv/no-header"
    with pytest.raises(ReadError) as caught:
        read(HEAD + ROW, columns={"label": "Activty"})
    assert caught.value.code == "csv/unknown-column"
    assert "Activity" in caught.value.mend
    assert "Rep | Date" in caught.value.what


def test_case_14_titles_repeated_headers_blanks_and_totals(read):
    text = (
        "Time log of the field team\n\nprinted 2026-02-01;;;;\n\nRep;Date;Start;End;Activity;Minutes\n"
        "anna;2026-01-05;9:00;9:30;call;30\n;;;;;\n\nRep;Date;Start;End;Activity;Minutes\n"
        "bob;2026-01-05;9:00;9:30;Total;30\nTotal;;;;;99\n;;;;Grand total:;99\n"
    )
    found = read(text)
    assert found.sheet.header_line == 5
    assert found.frame["line"].to_list() == [6, 10]
    assert (found.sheet.tally.blank, found.sheet.tally.skipped) == (2, 3)
    assert found.rules == [(9, "row/repeated_header"), (11, "row/total"), (12, "row/total")]
    assert {issue.treatment for issue in found.issues} == {"skipped"}
    assert "header/title_lines" in found.noted


def test_case_15_decimal_marks_come_from_evidence(read):
    found = read("Rep;Date;Hours;Activity\na;2026-01-05;1,5;x\n")
    assert found.sheet.delimiter == ";"
    assert evidence(found.sheet, durations=["1,5", "2"]).decimal_mark == ","
    assert evidence(found.sheet, durations=["1.234,5"]).decimal_mark == ","
    assert evidence(found.sheet, durations=["1'234.5"]).decimal_mark == "."
    assert evidence(found.sheet, durations=["1.234"]).decimal_mark == ""
    assert parse_duration("1.234", "hours", "") == (None, "number/format")
    assert parse_duration("1\u00a0234,5", "minutes", ",") == (74_070, None)
    with pytest.raises(ReadError) as caught:
        evidence(found.sheet, durations=["1,5", "2.5"])
    assert caught.value.code == "number/format"
    assert "'1,5'" in caught.value.what
    assert "'2.5'" in caught.value.what


def test_case_16_ambiguous_dates_are_asked_for(read):
    sheet = read(HEAD + ROW).sheet
    with pytest.raises(ReadError) as caught:
        evidence(sheet, dates=["03/04/2026", "05/04/2026"])
    error = caught.value
    assert error.code == "date/ambiguous"
    assert "03/04/2026 is 3 April or 4 March" in error.what
    assert 'date_order = "dmy"' in error.mend
    assert evidence(sheet, dates=["03/04/2026"], date_order="mdy").date_order == "mdy"


def test_case_16_the_order_that_leaves_the_days_together_is_proposed_and_not_assumed(read):
    sheet = read(HEAD + ROW).sheet
    with pytest.raises(ReadError) as caught:
        evidence(sheet, dates=["03/04/2026", "03/05/2026", "03/06/2026"])
    line = caught.value.mend.splitlines()[-1]
    assert line == (
        'date_order = "mdy"   # 03/04/2026 is 4 March, in 3 days with all others; or "dmy": 03/04/2026 is 3 April'
    )


@pytest.mark.parametrize("name", ["fischer week10.csv", "KW 10.csv", "Woche_10/log.csv"])
def test_a_week_in_the_name_decides_where_the_dates_tell_its_year(read, name):
    sheet = replace(read(HEAD + ROW).sheet, relative=name)
    assert evidence(sheet, dates=["03/04/2026", "03/05/2026"]).date_order == "mdy"
    with pytest.raises(ReadError):  # two years: which of them has the week?
        evidence(sheet, dates=["03/04/2026", "03/05/2025"])
    with pytest.raises(ReadError):
        evidence(replace(sheet, relative="biweek10.csv"), dates=["03/04/2026", "03/05/2026"])


def test_case_17_one_date_in_the_whole_file_proves_the_order(read):
    sheet = read(HEAD + ROW).sheet
    dates = [f"{month:02}/{day:02}/2026" for month in range(1, 13) for day in range(1, 13)]
    found = evidence(sheet, dates=[*dates, "03/25/2026"])
    assert (found.date_order, found.date_evidence) == ("mdy", "03/25/2026")
    with pytest.raises(ReadError) as caught:
        evidence(sheet, dates=[*dates, "03/25/2026", "25/03/2026"])
    assert caught.value.code == "date/contradiction"
    assert "03/25/2026" in caught.value.what
    assert "25/03/2026" in caught.value.what


def test_case_18_clock_times_only_in_known_forms():
    assert parse_clock("02:00 PM") == (14 * 3600, None, None)
    assert parse_clock("12:00 AM") == (0, None, None)
    for text in ("14:00 PM", "9:5", "02:00:00 garbage", "930"):
        assert parse_clock(text) == (None, None, "time/format")


def test_case_19_offsets_are_never_dropped():
    assert parse_clock("09:05:00Z") == (32_700, 0, None)
    assert parse_clock("09:05+05:30") == (32_700, 19_800, None)
    assert parse_clock("09:05") == (32_700, None, None)
    assert parse_clock("09:05 CET")[2] == "time/format"
    assert parse_clock("09:05 Europe/Berlin")[2] == "time/format"


def test_case_20_impossible_dates_and_times():
    assert parse_date("2026-02-30", "ymd") == (None, "date/impossible")
    assert parse_date("0001-01-01", "ymd") == (dt.date(1, 1, 1), None)  # refused by the window
    for text in ("5/1/26", "epoch", "infinity", "46027.375"):
        assert parse_date(text, "dmy") == (None, "date/format")
    assert parse_clock("25:00")[2] == "time/format"
    assert parse_clock("24:00") == (86_400, None, None)
    assert parse_clock("23:59:60") == (86_399, None, None)


def test_case_21_codes_are_text_byte_for_byte(read):
    codes = ["00123", "1E5", "1_000", "0x1F"]
    text = "Rep,Date,Minutes,Activity,Opportunity\n" + "".join(f"{c},2026-01-05,1.5,x,{c}\n" for c in codes)
    found = read(text)
    assert found.column("rep") == found.column("opportunity") == codes
    assert parse_duration("2.5", "minutes", ".") == (150, None)
    assert parse_duration(",5", "minutes", ",") == (30, None)
    for text in codes[1:]:
        assert parse_duration(text, "minutes", ".")[0] is None


def test_case_22_names_like_nothing_are_names(read):
    names = ["Null", "NA", "None", "True", "nan"]
    found = read(HEAD + "".join(ROW.replace("anna", name) for name in names))
    assert found.column("rep") == names
    assert parse_duration("NaN", "minutes", ".") == (None, "duration/format")
    assert parse_duration("inf", "minutes", ".") == (None, "duration/format")


def test_case_23_sizes(read):
    long, huge = "x" * 200_000, "y" * 3_000_000
    found = read(HEAD + ROW.replace("call", long) + ROW.replace("call", huge) + ROW)
    assert found.rules == [(3, "csv/record-too-long")]
    assert found.column("label") == [long, None, "call"]
    assert len(json.loads(found.row(3)["extra"])["raw"]) > 3_000_000
    assert len(found.issues[0].value) <= 40


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n"])
def test_case_23_empty_files(read, content):
    with pytest.raises(ReadError) as caught:
        read(content)
    assert caught.value.code == "file/empty"


@pytest.mark.parametrize("end", ["", "\n"])
def test_case_23_header_only(read, end):
    found = read(HEAD.strip() + end)
    assert found.sheet.tally.rows_read == 0
    assert "file/no_records" in found.noted


@pytest.mark.parametrize("rest", ["bob,2026-01-05,09:0", 'bob,2026-01-05,09:00,09:30,"ca'])
def test_case_23_a_cut_last_record_says_so(read, rest):
    found = read(HEAD + ROW + rest)
    assert found.rules == [(3, "csv/truncated")]


def test_case_24_other_files_are_named(write, tmp_path):
    bomb = tmp_path / "log.csv.gz"
    with gzip.open(bomb, "wb") as stream:
        for _ in range(150):
            stream.write(bytes(1 << 20))
    cases = {
        "archive/too-large": bomb,
        "file/pdf": write(b"%PDF-1.7 ...", "a.csv"),
        "file/html": write("<html><table><tr><td>Rep", "b.csv"),  # a table, and no log
        "xlsx/damaged": write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "c.csv"),
    }
    for code, path in cases.items():
        with pytest.raises(ReadError) as caught:
            open_file(path, path.name, SourceConfig())
        assert caught.value.code == code
        assert caught.value.mend


@pytest.mark.parametrize("cell", ['""09:00""', '""09:00', '""""09:00', '""09:00"""', '"" 09:00'])
def test_case_09_text_after_an_empty_quoted_cell_is_no_plain_table(read, cell):
    found = read(HEAD + ROW + ROW.replace("09:00", cell))
    with pytest.raises(Unclean):
        list(scan_frames(found.sheet.scan))
    assert [line for line, _ in found.rules] == [3]


def test_a_cell_too_long_for_a_header_is_not_compared_with_names(write):
    path = write("DTSTART:20260230T090000Z" * 20_000 + ",b\nsales rpe,2\n", "log.csv")
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert caught.value.code == "csv/no-header"
    assert len(str(caught.value)) < 1_000
