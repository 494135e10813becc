"""The shapes of logs that people keep in spreadsheets: what is written comes back, what is unclear is asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worksheets import MONDAY, Piece, grid_rows, list_rows, matrix_rows, totals, write, write_samples

from timewaste.config import SourceConfig, parse_config
from timewaste.errors import ConfigError, ReadError
from timewaste.readers import open_file
from timewaste.readers.evidence import decide
from timewaste.transforms.durations import parse_duration
from timewaste.transforms.times import parse_clock

LATER = MONDAY + dt.timedelta(days=7)


def minutes_read(found):
    """Return the minutes by rep, day and label that sheets tell, as the models would read them."""
    made = Counter()
    for one in found:
        durations = [text for text in one.column("duration_text") if text]
        reading = decide(one.sheet, date_texts=[], duration_texts=durations, source=SourceConfig())
        for row in one.frame.iter_rows(named=True):
            key = (row["rep"], row["date_text"], row["label"])
            if row["duration_text"]:
                seconds, problem = parse_duration(row["duration_text"], reading.duration_unit, reading.decimal_mark)
                assert problem is None
            else:
                seconds = parse_clock(row["end_text"])[0] - parse_clock(row["start_text"])[0]
            made[key] += round(seconds / 60)
    return dict(made)


def ask(path, **said):
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig(**said))
    return caught.value


def without_name(rows):
    return [row for row in rows if not str(row[:1]).startswith(("['Name", "['Mitarbeiter"))]


# ------------------------------------------------------------ what comes back

LABELS = st.sampled_from(["Customer visit", "E-mail", "Driving", "CRM entry", "Angebot f\u00fcr M\u00fcller", "1:1"])


@st.composite
def weeks(draw):
    """Return pieces in half hours, of one rep in one or two weeks, that do not touch with one label."""
    rep = draw(st.sampled_from(["Eva Kern", "Jan Ott", "\u00c9lodie Roux"]))
    pieces = []
    for number in draw(st.sets(st.integers(0, 11), min_size=1, max_size=6)):
        day = MONDAY + dt.timedelta(days=number % 6 + 7 * (number // 6))
        minute, label = draw(st.integers(12, 20)) * 30, ""
        for _ in range(draw(st.integers(1, 4))):
            length = draw(st.integers(1, 6)) * 30
            label = draw(LABELS.filter(lambda text, last=label: text != last))
            pieces.append(Piece(rep, day, minute, minute + length, label))
            minute += length + draw(st.integers(0, 2)) * 30
    return pieces


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=weeks())
def test_a_week_comes_back_from_each_shape(tmp_path, read_book, pieces):
    grids = grid_rows(pieces, slot=30, days=6)
    shapes = {
        "list": {"Log": list_rows(pieces)},
        "full list": {"Log": list_rows(pieces, once=False)},
        "grid": {"Grid": grids},
        "weekday grid": {"Grid": grid_rows(pieces, slot=30, days=6, weekdays=True)},
        "hours": {"Hours": matrix_rows(pieces, days=6)},
        "minutes": {"Minutes": matrix_rows(pieces, unit=1, days=6)},
        "reps": {pieces[0].rep: without_name(grids), "Ida Roth": without_name(grids)},
    }
    for name, sheets in shapes.items():
        found = read_book(write(tmp_path / f"{name}.xlsx", sheets))
        wanted = totals(pieces)
        if name == "reps":
            wanted |= {("Ida Roth", *key[1:]): value for key, value in wanted.items()}
        assert minutes_read(found) == wanted, name
        for one in found:
            assert all(issue.treatment == "skipped" for issue in one.issues)
            assert one.frame["line"].is_unique().all()


def test_the_samples_are_understood_without_settings(tmp_path, read_book):
    layouts = {}
    for path in write_samples(tmp_path):
        for one in read_book(path):
            layouts.setdefault(path.name, []).append(one.sheet.layout)
            assert not [issue for issue in one.issues if issue.treatment == "set_aside"]
    assert layouts == {
        "list-eva-kern.xlsx": [""],
        "grid-mara-lind.xlsx": ["slot grid"],
        "matrix-jan-ott.xlsx": ["activity matrix"],
        "reps.xlsx": ["slot grid", "slot grid"],
    }


# ------------------------------------------------------------------- the grid


def grid(tmp_path, header, rows, *, title="Name: Eva Kern", name="Grid", file="log.xlsx"):
    return write(tmp_path / file, {name: [[title], header, *rows]})


SLOTS = [["9:00", "call"], ["9:15", "call"], ["9:30", "mail"], ["9:45"]]


@pytest.mark.parametrize(
    ("header", "title", "name", "file"),
    [
        (["Time", "Mon 02.03.", "Tue 03.03."], "Name: Eva Kern", "2026", "log.xlsx"),
        (["Zeit", "Mo", "Di"], "Name: Eva Kern", "KW 10 2026", "log.xlsx"),
        (["Zeit", "Mo", "Di"], "Mitarbeiterin: Eva Kern", "KW10", "log_2026.xlsx"),
        (["Time", "Mon", "Tue"], "Name: Eva Kern, week of 2 March 2026", "Grid", "log.xlsx"),
        (["Time", "Monday", "Tuesday"], "Name: Eva Kern", "2026-03-02", "log.xlsx"),
        (["Time", "02/03/2026", "03/03/2026"], "Name: Eva Kern", "Grid", "log.xlsx"),
        (["Time", "2 Mar 2026", "3 Mar 2026"], "Name: Eva Kern", "Grid", "log.xlsx"),
        (["Heure", "lundi 2 mars 2026", "mardi 3 mars 2026"], "Nom: Eva Kern", "Feuil1", "log.xlsx"),
        (["Time", "Mon", "Tue"], "Name: Eva Kern", "2026-03-02 to 2026-03-06", "log.xlsx"),
    ],
)
def test_days_across_are_told_by_themselves_or_what_stands_around_them(  # noqa: PLR0917
    tmp_path, read_book, header, title, name, file
):
    if "," in title:
        title, week_text = title.split(", ")
        path = write(tmp_path / file, {name: [[title], [week_text], header, *SLOTS]})
    else:
        path = grid(tmp_path, header, SLOTS, title=title, name=name, file=file)
    (found,) = read_book(path)
    assert minutes_read([found]) == {("Eva Kern", "2026-03-02", "call"): 30, ("Eva Kern", "2026-03-02", "mail"): 15}
    assert {"xlsx/days_told", "xlsx/rep_told", "xlsx/slots"} <= found.noted


@pytest.mark.parametrize(
    ("header", "name", "setting"),
    [
        (["Time", "Mon", "Tue"], "Grid", 'week_start = "\u2026"'),
        (["Time", "Mon", "Tue"], "Week 1", 'week_start = "\u2026"'),
        (["Time", "02.03.", "03.03."], "Grid", 'week_start = "\u2026"'),
        (["Time", "03/04/2026", "04/05/2026"], "Grid", 'date_order = "dmy"'),
        (["Time", "Mon 03.03.2026", "Tue 04.03.2026"], "Grid", "Correct the header"),
    ],
)
def test_days_that_nothing_tells_are_asked_for(tmp_path, header, name, setting):
    error = ask(grid(tmp_path, header, SLOTS, name=name))
    assert error.code == "xlsx/which-day"
    assert error.where == f"log.xlsx, sheet {name}, line 2"
    assert setting in error.mend


def test_what_is_asked_for_can_be_said(tmp_path, read_book):
    sheets = {name: [["Name: Eva Kern"], ["Time", "Mon", "Tue"], *SLOTS] for name in ("Week 1", "Week 2")}
    found = read_book(write(tmp_path / "log.xlsx", sheets), week_start="2026-03-02")
    assert [set(one.column("date_text")) for one in found] == [{"2026-03-02"}, {"2026-03-09"}]


def test_a_date_that_is_not_the_weeks_tells_no_week(tmp_path):
    assert ask(grid(tmp_path, ["Time", "Mon", "Tue"], SLOTS, name="Printed 2026-03-12")).code == "xlsx/which-day"


def test_a_second_block_without_a_week_of_its_own_is_not_the_same_week(tmp_path):
    block = [["Time", "Mon", "Tue"], *SLOTS]
    error = ask(write(tmp_path / "log.xlsx", {"KW 10 2026": [["Name: Eva Kern"], *block, [], *block]}))
    assert (error.code, error.where) == ("xlsx/which-day", "log.xlsx, sheet KW 10 2026, line 8")


def test_a_grid_of_nobody_is_asked_for_with_a_block_to_paste(tmp_path):
    error = ask(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], SLOTS, title="Time log"))
    assert error.code == "xlsx/no-rep"
    assert 'rep = "file"' in error.mend
    assert ask(grid(tmp_path, ["Time", "2026-03-02"], SLOTS, title="Name: ________")).code == "xlsx/no-rep"


@pytest.mark.parametrize("times", [
    ("9:00", "9:15", "9:30", "9:45"), ("9.00", "9.15", "9.30", "9.45"), ("9h00", "9h15", "9h30", "9h45"),
    ("9:00-9:15", "9:15-9:30", "9:30-9:45", "9:45-10:00"), (0.375, 0.375 + 1 / 96, 0.375 + 2 / 96, 0.375 + 3 / 96),
    ("9:00 AM", "9:15 AM", "9:30 AM", "9:45 AM"),
    ("09:00 \u2013 09:15", "09:15 \u2013 09:30", "09:30 \u2013 09:45", "09:45 \u2013 10:00"),
])  # fmt: skip
def test_clock_times_as_people_write_them(tmp_path, read_book, times):
    rows = [[time, *row[1:]] for time, row in zip(times, SLOTS, strict=True)]
    (found,) = read_book(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], rows))
    assert list(zip(found.column("start_text"), found.column("end_text"), strict=True)) == [
        ("09:00", "09:30"), ("09:30", "09:45"),
    ]  # fmt: skip


def test_ends_in_a_column_of_their_own(tmp_path, read_book):
    rows = [["9:00", "9:30", "call"], ["9:30", "9:45", "call"], ["11:00", "12:00", "mail"]]
    (found,) = read_book(grid(tmp_path, ["From", "To", "2026-03-02"], rows))
    assert found.frame.select("start_text", "end_text", "label").rows() == [
        ("09:00", "09:45", "call"), ("11:00", "12:00", "mail"),
    ]  # fmt: skip


def test_the_hour_stands_on_the_first_of_four_rows(tmp_path, read_book):
    rows = [
        ["9:00", "call"], ["", "call"], ["", "mail"], ["", "mail"],
        ["10:00", "mail"], ["", None, "visit"], [], [],
        ["11:00"], ["", "call"], [], ["", None, "visit"],
    ]  # fmt: skip
    (found,) = read_book(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], rows))
    rows = found.frame.select("date_text", "start_text", "end_text", "label").rows()
    assert sorted(rows) == [
        ("2026-03-02", "09:00", "09:30", "call"), ("2026-03-02", "09:30", "10:15", "mail"),
        ("2026-03-02", "11:15", "11:30", "call"), ("2026-03-03", "10:15", "10:30", "visit"),
        ("2026-03-03", "11:45", "12:00", "visit"),
    ]  # fmt: skip


def test_how_long_a_slot_is_must_be_told(tmp_path, read_book):
    header = ["Time", "2026-03-02", "2026-03-03"]
    spaced = [["9:00", "call"], [], ["10:00", "mail"], [], ["11:00", "call"]]
    error = ask(grid(tmp_path, header, spaced))
    assert "slot_minutes = 30" in error.mend
    for minutes in (30, 60):
        (found,) = read_book(grid(tmp_path, header, spaced), slot_minutes=minutes)
        assert set(minutes_read([found]).values()) == {2 * minutes, minutes}
    lunch = [["11:00", "call"], ["11:30", "call"], ["13:00", "mail"], ["13:30", "mail"]]
    assert "row 4 is 90" in ask(grid(tmp_path, header, lunch)).what
    (found,) = read_book(grid(tmp_path, header, lunch), slot_minutes=30)
    assert found.column("end_text") == ["12:00", "14:00"]
    empty = [["11:00", "call"], ["11:30"], ["13:00", "mail"], ["13:30", "mail"]]
    (found,) = read_book(grid(tmp_path, header, empty))
    assert found.column("end_text") == ["11:30", "14:00"]


def test_a_night_and_an_afternoon_without_pm(tmp_path, read_book):
    night = [[time, "drive"] for time in ("23:00", "23:30", "0:00", "0:30")]
    (found,) = read_book(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], night))
    row = found.frame.row(0, named=True)
    assert (row["start_text"], row["end_date_text"], row["end_text"]) == ("23:00", "2026-03-03", "01:00")
    noon = [[time, "call"] for time in ("11:30", "12:00", "12:30", "1:00", "1:30")]
    (found,) = read_book(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], noon))
    assert found.frame.select("start_text", "end_text").rows() == [("11:30", "14:00")]
    again = [[time, "call"] for time in ("8:00", "8:30", "9:00", "8:00", "8:30")]
    assert ask(grid(tmp_path, ["Time", "2026-03-02", "2026-03-03"], again)).code == "xlsx/which-day"


def test_merged_slots_are_one_entry_and_ditto_marks_go_on(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Grid")
        sheet.write_row(0, 0, ["Name:", "Eva Kern"])
        sheet.write_row(1, 0, ["Time", "2026-03-02", "2026-03-03"])
        for number in range(8):
            sheet.write(2 + number, 0, f"{9 + number // 4}:{number % 4 * 15:02}")
        sheet.merge_range(2, 1, 4, 1, "visit")
        sheet.merge_range(6, 1, 7, 2, "trade fair")
        sheet.write(8, 1, '"')
        sheet.write(9, 2, "mail")
    (found,) = read_book(path)
    rows = found.frame.select("date_text", "start_text", "end_text", "label").sort("date_text", "start_text").rows()
    assert rows == [
        ("2026-03-02", "09:00", "09:45", "visit"), ("2026-03-02", "10:00", "10:45", "trade fair"),
        ("2026-03-03", "10:00", "10:30", "trade fair"), ("2026-03-03", "10:45", "11:00", "mail"),
    ]  # fmt: skip
    (found,) = read_book(path, fill_merged=False)
    assert found.frame.filter(found.frame["label"] == "visit")["end_text"].to_list() == ["09:15"]


def test_columns_below_each_day_and_cells_beside_the_days(tmp_path, read_book):
    rows = [
        ["", "2026-03-02", "", "2026-03-03", ""],
        ["Time", "Activity", "Customer", "Activity", "Customer", "Legend"],
        ["9:00", "visit", "Acme", "mail"], ["9:30", "visit", "Acme"], ["10:00", "visit", "Zeta", "", "", "V = visit"],
        ["Total", 3],
    ]  # fmt: skip
    (found,) = read_book(write(tmp_path / "eva.xlsx", {"Log": rows}), rep="file")
    assert found.frame.select("account", "start_text", "end_text").rows() == [
        ("Acme", "09:00", "10:00"), ("Zeta", "10:00", "10:30"), (None, "09:00", "09:30"),
    ]  # fmt: skip
    assert [n.value for n in found.sheet.notes if n.rule == "xlsx/outside_table"] == ["1 cells, the first F5"]


def test_cells_with_errors_are_set_aside_by_address(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, header in (("Grid", "Time"), ("Hours", "Activity (hours)")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Name: Eva Kern"])
            sheet.write_row(1, 0, [header, "2026-03-02", "2026-03-03"])
            for row, first in enumerate(("9:00", "9:15", "9:30") if name == "Grid" else ("call", "mail", "visit"), 2):
                sheet.write_row(row, 0, [first, "call" if name == "Grid" else 1.5])
            sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
            sheet.write_formula(4, 2, "=A1", None, "")
            sheet.write_formula(2, 2, "=1+1", None, 2)
    for found in read_book(path):
        assert [(i.rule, i.value, i.column) for i in found.issues] == [
            ("xlsx/error_cell", "C4 #DIV/0!", "2026-03-03"), ("xlsx/uncalculated", "C5", "2026-03-03"),
        ]  # fmt: skip
        assert found.frame.height == found.sheet.tally.rows_read == (4 if found.sheet.sheet == "Grid" else 6)


# ----------------------------------------------------------------- the matrix


def matrix(tmp_path, rows, header=("Activity", "2026-03-02", "2026-03-03"), title="Name: Eva Kern"):
    return write(tmp_path / "log.xlsx", {"Matrix": [[title], list(header), *rows]})


@pytest.mark.parametrize(
    ("rows", "said", "minutes"),
    [
        ([["call", 1.5, 2], ["mail", 0.25]], {}, [90, 120, 15]),
        ([["call", 90, 120], ["mail", 15]], {}, [90, 120, 15]),
        ([["call", "1:30", "2:00"], ["mail", "0:15"]], {}, [90, 120, 15]),
        ([["call", "1h30", "2 h"], ["mail", "15 min"]], {}, [90, 120, 15]),
        ([["call", "1,5", 2], ["mail", "0,25"]], {}, [90, 120, 15]),
        ([["call", 2, 3], ["mail", 1]], {"duration_unit": "hours"}, [120, 180, 60]),
        ([["call", 2, 3], ["mail", 1]], {"duration_unit": "minutes"}, [2, 3, 1]),
    ],
)
def test_amounts_of_a_matrix(tmp_path, read_book, rows, said, minutes):
    (found,) = read_book(matrix(tmp_path, rows), **said)
    texts = found.column("duration_text")
    reading = decide(found.sheet, date_texts=[], duration_texts=texts, source=SourceConfig(**said))
    seconds = [parse_duration(text, reading.duration_unit, reading.decimal_mark)[0] for text in texts]
    assert [second / 60 for second in seconds] == minutes
    assert found.column("start_text") == [None] * 3


def test_the_unit_of_a_matrix_is_asked_for_where_nothing_says_it(tmp_path, read_book):
    assert "duration_unit" in ask(matrix(tmp_path, [["call", 0.5, 0.25]])).mend
    (found,) = read_book(matrix(tmp_path, [["call", 2, 3]]))
    with pytest.raises(ReadError, match="may be minutes or hours"):
        decide(found.sheet, date_texts=[], duration_texts=["2", "3"], source=SourceConfig())
    for title in ("Name: Eva Kern (in hours)", "Mitarbeiter: Eva Kern; alle Angaben in Stunden"):
        (found,) = read_book(matrix(tmp_path, [["call", 0.5, 0.25]], title=title), rep="Eva Kern")
        assert found.sheet.header_unit == "hours"


def test_sums_zeros_dashes_and_rows_without_an_activity(tmp_path, read_book):
    rows = [
        ["call", 1.5, 0], ["mail", "-", "0:00"], ["", 2.5], ["Total", 4, 0], ["Summe Mo:", 4], ["visit", None, 30],
        ["nothing done"],
    ]  # fmt: skip
    (found,) = read_book(matrix(tmp_path, rows))
    tally = found.sheet.tally
    assert (tally.rows_read, tally.blank, tally.skipped, found.frame.height) == (8, 3, 2, 3)
    assert [(i.rule, i.value) for i in found.issues] == [
        ("xlsx/no_label", "B5 2.5"), ("row/total", "Total | 4 | 0"), ("row/total", "Summe Mo: | 4"),
    ]  # fmt: skip


def test_a_column_of_reps_and_a_merged_customer(tmp_path, read_book):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("March")
        sheet.write_row(0, 0, ["Rep", "Customer", "Activity", "Mon", "Tue", "Total"])
        sheet.write_row(1, 3, ["02.03.2026", "03.03.2026"])
        sheet.merge_range(2, 1, 3, 1, "Acme")
        for row, cells in enumerate((("Eva", None, "call", 1.5), (None, None, "mail", 1), ("Jan", "Zeta", "call", 2))):
            for column, cell in enumerate(cells):
                if cell is not None and (row, column) != (0, 1):
                    sheet.write(2 + row, column, cell)
        sheet.merge_range(5, 3, 5, 4, 7.5)
        sheet.write(5, 2, "fair")
    (found,) = read_book(path)
    assert found.frame.select("rep", "account", "label", "date_text", "duration_text").rows() == [
        ("Eva", "Acme", "call", "2026-03-02", "1.5"), ("Eva", "Acme", "mail", "2026-03-02", "1"),
        ("Jan", "Zeta", "call", "2026-03-02", "2"), ("Jan", None, "fair", "2026-03-02", "7.5"),
    ]  # fmt: skip
    assert [(i.rule, i.value) for i in found.issues] == [("xlsx/merged", "D6 7.5")]
    assert "xlsx/filled_down" in found.noted


def test_days_of_a_month_by_number(tmp_path, read_book):
    path = write(
        tmp_path / "log.xlsx",
        {"Februar 2026": [["Name: Eva Kern"], ["T\u00e4tigkeit", *range(1, 32)], ["call", None, 1.5, *[None] * 27, 2]]},
    )
    (found,) = read_book(path)
    assert found.column("date_text") == ["2026-02-02", None]
    assert [(i.rule, i.value) for i in found.issues] == [("date/impossible", "AE3 30")]


# ----------------------------------------------------------- a sheet per rep


def test_sheets_named_like_people_are_their_reps(tmp_path, read_book):
    rows = [["Date", "Start", "End", "Activity"], ["2026-03-02", "9:00", "9:30", "call"]]
    found = read_book(write(tmp_path / "log.xlsx", {"Eva Kern": rows, "J. Ott": rows, "Summary": [["3 h"]]}))
    assert [(one.sheet.rep_default, one.column("rep")) for one in found] == [
        ("Eva Kern", ["Eva Kern"]), ("J. Ott", ["J. Ott"]),
    ]  # fmt: skip
    assert all("xlsx/rep_from_sheet" in one.noted for one in found)


@pytest.mark.parametrize("names", [
    ("Eva Kern",), ("Week 1", "Week 2"), ("Sheet1", "Sheet2"), ("M\u00e4rz", "April"), ("Mon", "Tue"),
    ("KW10", "KW11"),
    ("Eva Kern", "Template"), ("Eva Kern", "2026-03-02"), ("Team A", "Team B"),
])  # fmt: skip
def test_other_sheets_are_nobodys(tmp_path, names):
    rows = [["Date", "Start", "End", "Activity"], ["2026-03-02", "9:00", "9:30", "call"]]
    error = ask(write(tmp_path / "log.xlsx", dict.fromkeys(names, rows)))
    assert error.code == "xlsx/no-rep"
    assert ('rep = "sheet"' in error.mend) == (len(names) > 1)


def test_sheets_that_differ_are_nobodys(tmp_path):
    sheets = {
        "Eva Kern": [["Date", "Start", "End", "Activity"], ["2026-03-02", "9:00", "9:30", "call"]],
        "Ben Lau": [["Date", "Activity", "Minutes"], ["2026-03-02", "call", 30]],
    }
    assert ask(write(tmp_path / "log.xlsx", sheets)).code == "xlsx/no-rep"


def test_hidden_sheets_are_read_where_the_settings_say_so(tmp_path, read_book):
    path = write_samples(tmp_path)[0]
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["Log"])
    copy.title, copy.sheet_state = "Old", "hidden"
    book["Log"].column_dimensions["F"].hidden = True
    book.save(path)
    (found,) = read_book(path)
    assert {"xlsx/hidden_sheet", "xlsx/hidden_columns"} <= found.noted
    assert [one.sheet.sheet for one in read_book(path, include_hidden=True)] == ["Log", "Old"]


def test_settings_of_worksheets_are_checked():
    said = {"match": "*", "week_start": dt.date(2026, 3, 2), "slot_minutes": 15, "fill_down": False}
    source = parse_config({"source": [said]}).source_for("log.xlsx")
    assert (source.week_start, source.slot_minutes, source.fill_down) == ("2026-03-02", 15, False)
    for wrong in ({"week_start": "2 March"}, {"slot_minutes": 500}, {"include_hidden": "yes"}):
        with pytest.raises(ConfigError):
            parse_config({"source": [{"match": "*"} | wrong]})
