"""Start and end in one cell of a text table, as people write them."""

from __future__ import annotations

import pytest

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file


def times(found):
    return found.frame.select("line", "date_text", "start_text", "end_text", "label").rows()


@pytest.mark.parametrize("header", ["Zeit", "Uhrzeit", "Von - Bis", "Start"])
def test_a_span_is_a_start_and_an_end(read, header):
    found = read(
        f"Mitarbeiter;Datum;{header};T\u00e4tigkeit\n"
        "Anna Abel;16.03.2026;08:00-09:30;Kundenbesuch\n"
        "Anna Abel;16.03.2026;9:30 \u2013 10:00 Uhr;Reise\n"
        "\n"
        "Anna Abel;16.03.2026;mittags;Mail\n"
        "Anna Abel;16.03.2026;;Angebot\n"
    )
    assert times(found) == [
        (2, "16.03.2026", "08:00", "09:30", "Kundenbesuch"), (3, "16.03.2026", "9:30", "10:00 Uhr", "Reise"),
        (5, "16.03.2026", "mittags", None, "Mail"), (6, "16.03.2026", None, None, "Angebot"),
    ]  # fmt: skip
    assert found.sheet.scan is None
    assert found.sheet.columns["start_text"] == header


def test_a_delimiter_more_and_columns_beside_are_no_hindrance(read):
    found = read("Log\nRep,Date,Time,Activity,Km,\nA,2026-03-16,8:00-9:30,call,12,\nA,2026-03-16,9:30-10,mail,,\n")
    assert [row[2:] for row in times(found)] == [("8:00", "9:30", "call"), ("9:30", "10:00", "mail")]
    assert found.column("extra")[0] == '{"Km":"12"}'


def test_broken_records_are_kept(read):
    found = read("Rep,Date,Time,Activity\nAnna,2026-03-16,8:00-9:30,call\nAnna,2026-03-16,9:30-10:00,mail,too,many\n")
    assert found.column("line") == [2, 3]
    assert [rule for _, rule in found.rules] == ["csv/too-many-cells"]


def test_a_table_with_ends_of_its_own_or_without_spans_is_read_as_ever(read, write):
    found = read("Rep,Date,Time,Start,End,Activity\nAnna,2026-03-16,8:00-9:30,8:00,9:00,call\n")
    assert [row[2:] for row in times(found)] == [("8:00", "9:00", "call")]
    path = write("Rep,Date,Time,Activity\nAnna,2026-03-16,early,call\n")
    with pytest.raises(ReadError, match="an end or a duration"):
        open_file(path, path.name, SourceConfig())
