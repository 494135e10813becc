"""What the fuzzer itself promises: its logs are read before they are spoiled, and a fault is not passed over."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from fuzz_damage import spoil
from fuzz_inputs import SUFFIX, seeds
from fuzz_readers import Child, judge

from timewaste.errors import ReadError
from timewaste.readers import READERS, text

KINDS = sorted(SUFFIX.keys() & READERS.keys())


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_is_read_before_it_is_spoiled(tmp_path, kind):
    came_of = []
    for number, content in enumerate(seeds(kind)):
        name = f"log-{number}.{SUFFIX[kind]}"
        (tmp_path / name).write_bytes(content)
        came_of.append(judge(tmp_path, name, is_study=False)["came_of"])
    assert "read" in came_of
    assert "fault" not in came_of


@pytest.mark.parametrize("kind", sorted(SUFFIX))
def test_the_same_seed_spoils_alike(kind):
    spoilt = [
        [spoil(originals[0], kind, originals, random.Random(f"{kind} {number}")) for number in range(20)]
        for originals in (seeds(kind), seeds(kind))
    ]
    assert spoilt[0] == spoilt[1]
    assert len(set(spoilt[0])) > 10


def record_less(sheet):
    def read(tally):
        yield from sheet.read(tally)
        tally.rows_read += 1

    return replace(sheet, read=read)


def crash(*_):
    raise ValueError("no reader may")


def mumble(path, relative, source):
    raise ReadError("csv/odd", f"{path}, {source}", where=relative)


@pytest.mark.parametrize(
    ("opens", "fault"),
    [
        (crash, "ValueError: no reader may"),
        (mumble, "a refusal says too little"),
        (lambda *said: [record_less(sheet) for sheet in open_text(*said)], "records"),
    ],
)
def test_what_no_reader_may_do_is_a_fault(tmp_path, monkeypatch, opens, fault):
    monkeypatch.setattr(text, "open_sheets", opens)
    (tmp_path / "log.csv").write_bytes(seeds("csv")[0])
    answer = judge(tmp_path, "log.csv", is_study=False)
    assert answer["came_of"] == "fault"
    assert fault in answer["fault"]


open_text = text.open_sheets


def test_a_child_that_dies_is_a_fault_and_the_next_one_goes_on(tmp_path):
    child = Child(tmp_path)
    try:
        assert child.ask("a.csv", seeds("csv")[0], is_study=False) == {"came_of": "read"}
        child.process.kill()
        child.process.wait()
        assert "died" in child.ask("b.csv", seeds("csv")[0], is_study=False)["fault"]
        assert child.ask("c.csv", b"<html>", is_study=False) == {"came_of": "file/html"}
    finally:
        child.end()
