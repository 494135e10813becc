"""Binary workbooks. `fixtures/log.xlsb` was written by pyxlsbwriter 0.1.0; what is odd is put into its records here."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from conftest import read_sheet

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import open_file
from timewaste.readers.excel_xlsb import inspect_xlsb

FIXTURE = Path(__file__).parent / "fixtures" / "log.xlsb"
SHEET = "xl/worksheets/sheet1.bin"
END = bytes([0x92, 0x01, 0x00])


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return head + bytes([len(content)]) + content


def row(number: int) -> bytes:
    return record(0, struct.pack("<I", number - 1) + bytes(21))


def cell(kind: int, column: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, 0) + value)


def changed(folder: Path, more: bytes = b"", *, after: bytes = b"", drop: int = 0) -> Path:
    """Return a copy of the fixture with more records at the end of the first sheet's data, or after it."""
    path = folder / "log.xlsb"
    with zipfile.ZipFile(FIXTURE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == SHEET:
                before, _, rest = content.partition(END)
                content = before + more + END + after + rest
                content = content[: len(content) - drop]
            new.writestr(name, content)
    return path


def test_a_binary_workbook_is_read_like_any_other() -> None:
    (sheet,) = open_file(FIXTURE, FIXTURE.name, SourceConfig())
    found = read_sheet(sheet)
    assert sheet.format == "xlsb"
    assert found.column("rep") == ["Anna", "Ben"]
    assert found.column("date_text") == ["2026-03-16", "2026-03-17"]
    assert found.column("duration_text") == ["1.5", "2"]
    assert "xlsx/hidden_sheet" in found.noted


def test_cells_without_a_value_and_merged_ones_are_known(tmp_path: Path) -> None:
    more = row(9) + cell(3, 0, bytes([42])) + cell(11, 1, bytes([7]) + bytes(8)) + cell(5, 2, struct.pack("<d", -0.25))
    more += cell(2, 3, struct.pack("<i", -5 << 2 | 2)) + cell(2, 4, struct.pack("<i", 5 << 2 | 2))
    merge = record(176, struct.pack("<4I", 1, 3, 0, 0))
    part = inspect_xlsb(changed(tmp_path, more, after=merge), "log.xlsb").parts["Log"]
    assert part.odd == {
        (9, 0): ("xlsx/error_cell", "#N/A"), (9, 1): ("xlsx/error_cell", "#DIV/0!"),
        (9, 2): ("xlsx/negative_time", "-0.25"), (9, 3): ("xlsx/negative_time", "-5"),
    }  # fmt: skip
    assert part.merges == [(2, 0, 4, 0)]
    assert (part.last_row, part.columns) == (9, 5)


@pytest.mark.parametrize(
    ("more", "drop", "code"),
    [
        (row(1_048_576) + cell(1, 16_383, b""), 0, "xlsx/used-range"),
        (row(1), 0, "xlsx/duplicate-row"),
        (b"", 9, "xlsx/damaged"),
        (b"\x07\xff\xff\xff\x7f", 0, "xlsx/damaged"),
        (b"\x07\x00", 0, "xlsx/damaged"),
    ],
)
def test_what_would_hurt_the_parser_never_reaches_it(tmp_path: Path, more: bytes, drop: int, code: str) -> None:
    path = changed(tmp_path, more, drop=drop)
    with pytest.raises(ReadError) as caught:
        open_file(path, path.name, SourceConfig())
    assert caught.value.code == code
    assert caught.value.mend


def test_days_counted_from_1904_are_known(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsb"
    with zipfile.ZipFile(FIXTURE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.bin":
                at = content.index(bytes([0x99, 0x01, 12])) + 3
                content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
            new.writestr(name, content)
    assert inspect_xlsb(path, path.name).is_1904
