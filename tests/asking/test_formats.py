"""Rows in every format: what is written comes back, and nothing in it can run."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from html.parser import HTMLParser

import openpyxl
import polars as pl
import pytest

from timewaste.cli import run

QUERY = """
select * from (values
    (1, 'plain', 1.5, true, date '2026-03-02', timestamp '2026-03-02 09:05:00'),
    (2, '=1+1', -2.5, false, date '1999-12-31', timestamp '1999-12-31 23:59:59'),
    (3, 'a|b <i>,"', null, null, null, null)
) as t(n, words, share, is_so, day, moment) order by n
"""
FORMULAS = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(A1)", "=cmd|'/C calc'!A0")


@pytest.fixture(scope="module")
def study(sample_folder):
    from timewaste.study import open_study

    return open_study(sample_folder).folder


@pytest.fixture
def written(study, tmp_path):
    """Return a function that writes the rows of a query to a file of that ending and returns its path."""

    def write(query, ending, *more):
        path = tmp_path / f"rows.{ending}"
        assert run(["sql", str(study), query, "-o", str(path), *more]) == 0
        return path

    return write


def test_csv(written):
    rows = list(csv.reader(io.StringIO(written(QUERY, "csv").read_text())))
    assert rows[0] == ["n", "words", "share", "is_so", "day", "moment"]
    assert rows[1] == ["1", "plain", "1.5", "true", "2026-03-02", "2026-03-02T09:05:00.000000"]
    assert rows[3] == ["3", 'a|b <i>,"', "", "", "", ""]


def test_tsv(written):
    rows = list(csv.reader(io.StringIO(written(QUERY, "tsv").read_text()), delimiter="\t"))
    assert [row[:2] for row in rows] == [["n", "words"], ["1", "plain"], ["2", "'=1+1"], ["3", 'a|b <i>,"']]


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_no_text_is_a_formula_and_the_mark_can_be_taken_away_again(written, ending):
    texts = [*FORMULAS, "-", "a=b", "'x", "5", ""]
    query = (
        "select unnest([" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]) as words, -1 as n"
    )
    separator = "," if ending == "csv" else "\t"
    with written(query, ending).open(newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=separator))
    assert [
        row["words"].removeprefix("'") if row["words"][1:2] in set("=+-@\t\r") else row["words"] for row in rows
    ] == texts
    assert not any(row["words"][:1] in set("=+@\t\r") for row in rows)
    assert {row["n"] for row in rows} == {"-1"}, "numbers are no texts"


def test_json(written):
    rows = json.loads(written(QUERY, "json").read_text())
    assert rows[0] == {
        "n": 1, "words": "plain", "share": 1.5, "is_so": True, "day": "2026-03-02", "moment": "2026-03-02 09:05:00",
    }  # fmt: skip
    assert rows[2]["share"] is None


def test_json_without_rows_is_an_empty_list(written):
    assert json.loads(written("select 1 as a where false", "json").read_text()) == []


def test_ndjson_is_one_object_a_line(written):
    path = written(QUERY, "json")
    lines = written(QUERY, "ndjson").read_text().splitlines()
    assert [json.loads(line) for line in lines] == json.loads(path.read_text())


def test_json_holds_what_is_no_number_as_null(written):
    query = "select 'nan'::double as a, 'inf'::double as b, 1e300::double as c, 12345678901234567890::hugeint as d"
    assert json.loads(written(query, "json").read_text()) == [
        {"a": None, "b": None, "c": 1e300, "d": 12345678901234567890}
    ]


class Cells(HTMLParser):
    """Collects the tags and the texts of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, _attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


def test_html_holds_texts_and_no_markup_of_theirs(written):
    query = "select '<script>alert(1)</script>' as \"<b>head</b>\", '<img src=x onerror=alert(1)>' as b"
    page = Cells()
    page.feed(written(query, "html").read_text())
    assert not {"script", "img", "b"} & set(page.tags)
    assert "<script>alert(1)</script>" in page.texts
    assert "<b>head</b>" in page.texts


def test_markdown(written):
    lines = written(QUERY, "md").read_text().splitlines()
    assert lines[1] == "| ---: | --- | ---: | --- | --- | --- |"
    assert lines[4].startswith(r"| 3 | a\|b <i>,")


@pytest.mark.parametrize(("ending", "read"), [("parquet", pl.read_parquet), ("arrow", pl.read_ipc)])
def test_typed_formats_keep_types(written, ending, read):
    frame = read(written(QUERY, ending))
    assert frame["n"].to_list() == [1, 2, 3]
    assert frame["words"].to_list() == ["plain", "=1+1", 'a|b <i>,"']
    assert frame["day"].to_list() == [date(2026, 3, 2), date(1999, 12, 31), None]
    assert frame["moment"].to_list()[0] == datetime(2026, 3, 2, 9, 5)  # noqa: DTZ001 - as the table has it
    assert frame["is_so"].to_list() == [True, False, None]


@pytest.mark.parametrize(
    ("ending", "read"), [("parquet", pl.read_parquet), ("arrow", pl.read_ipc), ("csv", pl.read_csv)]
)
def test_many_batches_come_back_as_one(written, ending, read):
    kind = "['a', 'b'][1 + range % 2]::enum('a', 'b') as kind"
    query = f"select range as n, 'row ' || range as words, {kind} from range(300000)"
    frame = read(written(query, ending))
    assert frame["n"].to_list() == list(range(300_000))
    assert frame["words"][299_999] == "row 299999"
    assert frame["kind"].cast(pl.String).value_counts().sort("kind").rows() == [("a", 150_000), ("b", 150_000)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow", "xlsx", "html", "md", "tsv", "ndjson"])
def test_an_answer_without_rows_has_its_columns_where_the_format_has_such(written, ending):
    path = written("select 1 as one, 'x' as two where false", ending)
    if ending in {"parquet", "arrow"}:
        assert (pl.read_parquet if ending == "parquet" else pl.read_ipc)(path).columns == ["one", "two"]
    elif ending == "xlsx":
        assert [cell.value for cell in next(openpyxl.load_workbook(path).active.iter_rows())] == ["one", "two"]
    elif ending == "ndjson":
        assert path.read_bytes() == b""
    else:
        assert "one" in path.read_text()


def test_a_workbook_has_values_and_never_a_formula_or_a_link(written):
    texts = [*FORMULAS, "{=1+1}", "http://evil.example", "mailto:a@b.c", "internal:Sheet1!A1"]
    query = "select unnest([" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]) as words"
    sheet = openpyxl.load_workbook(written(query, "xlsx")).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_workbook_keeps_types_and_what_it_would_change_as_text(written):
    query = """select 1.5 as a, 12345678901234567::bigint as b, date '2026-03-02' as c, date '1850-01-01' as d,
        timestamp '2026-03-02 09:05:00' as e, true as f, 'inf'::double as g, [1, 2] as h, interval 30 hour as i,
        0.25::decimal(9, 2) as j, null as k"""
    row = [cell.value for cell in list(openpyxl.load_workbook(written(query, "xlsx")).active.iter_rows())[1]]
    assert row == [1.5, "12345678901234567", datetime(2026, 3, 2), "1850-01-01", datetime(2026, 3, 2, 9, 5), True,  # noqa: DTZ001
                   "inf", "[1, 2]", "30:00:00", 0.25, None]  # fmt: skip


def test_the_same_rows_are_the_same_workbook(written):
    assert written(QUERY, "xlsx").read_bytes() == written(QUERY, "xlsx").read_bytes()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select repeat('a', 40000) as a", "40,000 letters"),
        ("select range as n from range(1048576)", "1,048,575 rows"),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused_and_never_cut(study, tmp_path, capsys, query, said):
    assert run(["sql", str(study), query, "-o", str(tmp_path / "a.xlsx")]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_plain_rows_of_many_batches_have_one_head(study, capsys):
    assert run(["sql", str(study), "select range as n from range(25000)"]) == 0
    lines = capsys.readouterr().out.split()
    assert lines[0] == "n"
    assert lines[1:] == [str(number) for number in range(25_000)]


@pytest.mark.parametrize("ending", ["parquet", "xlsx", "arrow"])
def test_what_cannot_be_printed_needs_a_file(study, capsys, ending):
    assert run(["sql", str(study), "select 1 as a", "--format", ending]) == 2
    assert f"-o rows.{ending}" in capsys.readouterr().err
