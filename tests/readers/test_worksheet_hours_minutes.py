"""A slot grid whose hours stand once, with the minutes in a column of their own."""

from __future__ import annotations

import openpyxl
import pytest

ROWS = [
    ["Name: Anna Abel"], ["Woche ab 16.03.2026"], ["Std", "Min", "Mo", "Di"],
    [8, 0, "call"], [None, 15, "call"], [None, 30], [None, 45, "mail"], [9, 0, "mail", "CRM"], [None, 15, None, "CRM"],
    ["Summe", None, 1, 0.5],
]  # fmt: skip


@pytest.mark.parametrize("kind", ["merged", "once", "each"])
def test_hours_stand_once_or_each_time_and_minutes_beside_them(tmp_path, read_book, kind):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    if kind == "each":
        for row in (5, 6, 7, 9):
            book.active.cell(row, 1, 8 if row < 8 else 9)
    if kind == "merged":
        book.active.merge_cells("A4:A7")
    book.save(tmp_path / "log.xlsx")
    (found,) = read_book(tmp_path / "log.xlsx")
    assert found.frame.select("date_text", "start_text", "end_text", "label").rows() == [
        ("2026-03-16", "08:00", "08:30", "call"), ("2026-03-16", "08:45", "09:15", "mail"),
        ("2026-03-17", "09:00", "09:30", "CRM"),
    ]  # fmt: skip
    assert set(found.column("rep")) == {"Anna Abel"}
    assert found.issues == []
