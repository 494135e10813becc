"""One child opens all workbooks, and what happens to it happens to one of them."""

import errno
import io
import os
import signal
import threading
from pathlib import Path

import polars as pl
import pytest
from studies import write_study
from worksheets import list_rows, week, write

from timewaste.errors import ReadError
from timewaste.readers import children, dismiss
from timewaste.readers.excel_spool import run_worker
from timewaste.study import open_study

TABLE = [row for row in list_rows(week()) if row]


@pytest.fixture(autouse=True)
def no_child():
    dismiss()
    yield
    dismiss()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "log.xlsx", {"Log": TABLE, "More": TABLE[:3]})


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """Return a workbook that its parser cannot read without dying: a cell at the far end of the sheet."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "bomb.xlsx")) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1048575, 16383, 1)
    return tmp_path / "bomb.xlsx"


def running() -> list[int]:
    return [child.process.pid for child in children._running.values()]


def test_one_child_opens_one_workbook_after_the_other(book):
    first = run_worker(book, "log.xlsx")
    (pid,) = running()
    second = run_worker(book, "log.xlsx")
    assert running() == [pid]
    for sheet, rows in ((0, TABLE), (1, TABLE[:3])):
        assert [len(cells) for _, cells in first.rows(sheet)] == [len(row) for row in rows]
        assert list(first.rows(sheet)) == list(second.rows(sheet))


def test_a_workbook_that_ends_the_child_leaves_the_next_one_readable(book, bomb):
    run_worker(book, "log.xlsx")
    (pid,) = running()
    with pytest.raises(ReadError) as caught:
        run_worker(bomb, "bomb.xlsx")
    assert caught.value.code == "xlsx/crash"
    assert running() == []
    assert len(list(run_worker(book, "log.xlsx").rows(0))) == len(TABLE)
    assert running() != [pid]


def test_a_workbook_is_not_blamed_for_a_child_that_died_before_it(book):
    run_worker(book, "log.xlsx")
    (pid,) = running()
    os.kill(pid, signal.SIGKILL)
    children._running["excel_worker.py"].process.wait()
    assert len(list(run_worker(book, "log.xlsx").rows(0))) == len(TABLE)


def test_a_child_that_hangs_is_ended_and_the_workbook_named(book, monkeypatch):
    run_worker(book, "log.xlsx")
    (pid,) = running()
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(children, "TIME_LIMIT", 0.2)
    with pytest.raises(ReadError) as caught:
        run_worker(book, "log.xlsx")
    assert caught.value.code == "xlsx/timeout"
    assert running() == []


@pytest.mark.parametrize("kind", ["xlsx", "html"])
def test_a_child_that_the_system_ends_is_no_fault_of_the_file_and_stops_no_other(book, tmp_path, kind, monkeypatch):
    """As a system does when memory runs out: the child is ended while it reads."""
    page = b"<html><table><tr><td>rep<td>date<td>start<td>end<td>activity<tr><td>a<td>2026-03-02<td>09:00<td>10:00<td>x"
    log = "rep,date,start,end,activity\na,2026-03-02,07:00,08:00,x\n"
    folder = write_study(tmp_path / "s", {"a.csv": log, f"b.{kind}": book.read_bytes() if kind == "xlsx" else page})
    ask = children._Child.ask

    def ended(child, said, rows):
        os.kill(child.process.pid, signal.SIGSTOP)
        threading.Timer(0.1, os.kill, [child.process.pid, signal.SIGKILL]).start()
        return ask(child, said, rows)

    with monkeypatch.context() as patch:
        patch.setattr(children._Child, "ask", ended)
        study = open_study(folder)
    (error,) = study.refused
    assert (error.code, error.where) == ("file/interrupted", f"b.{kind}")
    assert "memory runs out" in error.what
    assert "load again" in error.mend
    assert set(study.sql("select file from raw_sources")["file"]) == {"a.csv"}
    again = open_study(folder)  # no byte has changed
    assert set(again.sql("select file from raw_sources")["file"]) == {"a.csv", f"b.{kind}"}
    assert again.refused == []


def test_a_child_is_let_go_after_many_workbooks(book, monkeypatch):
    monkeypatch.setattr(children, "FILES", 2)
    run_worker(book, "log.xlsx")
    assert len(running()) == 1
    run_worker(book, "log.xlsx")
    assert running() == []


def test_an_interrupt_ends_the_child_that_was_about_to_answer(book, monkeypatch):
    run_worker(book, "log.xlsx")
    (pid,) = running()
    pl.LazyFrame({"a": [1]}).collect()  # takes the signal for itself
    os.kill(pid, signal.SIGSTOP)
    end, lived = children._Child.end, []
    monkeypatch.setattr(children._Child, "end", lambda child: (lived.append(child.process.poll() is None), end(child)))
    monkeypatch.setattr(children, "TIME_LIMIT", 10)
    threading.Timer(0.2, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        run_worker(book, "log.xlsx")
    assert lived == [True], "the time limit ended it, not the interrupt"
    assert running() == []
    assert len(list(run_worker(book, "log.xlsx").rows(0))) == len(TABLE)


def test_what_is_no_workbook_is_said_and_the_child_goes_on(book, tmp_path):
    (tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04 nothing")
    run_worker(book, "log.xlsx")
    before = running()
    with pytest.raises(ReadError) as caught:
        run_worker(tmp_path / "no.xlsx", "no.xlsx")
    assert caught.value.code == "xlsx/unreadable"
    assert running() == before


def test_a_full_disk_is_not_blamed_on_the_workbook(book):
    class Full(io.BytesIO):
        def write(self, _block: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        children.ask("excel_worker.py", book, Full(), is_1904=False)
    assert running() == []
    assert len(list(run_worker(book, "log.xlsx").rows(0))) == len(TABLE)
