"""Of every format, sound or spoilt: rows in = rows out + blank + skipped + duplicates + set aside, or one refusal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz_damage import spoil
from fuzz_inputs import SUFFIX, seeds
from fuzz_readers import judge, load

HERE = Path(__file__).parent
LOGS = [
    *sorted((HERE.parent / "sample_logs/formats/logs").iterdir()),
    *sorted((HERE / "readers/fixtures").iterdir()),
]
KINDS = {
    ".ics": "ics", ".json": "json", ".xlsx": "xlsx", ".ods": "xlsx", ".xls": "xlsx", ".xlsb": "xlsx", ".zip": "zip",
    ".gz": "gzip",
}  # fmt: skip
SPOILT = 3
TOLD = {"read", "csv/encoding", "csv/no-header"}  # what the settings of that study say is not said here


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.name)
def test_the_rows_of_a_real_log_add_up_also_when_it_is_spoilt(tmp_path: Path, path: Path) -> None:
    content = path.read_bytes()
    (tmp_path / path.name).write_bytes(content)
    assert judge(tmp_path, path.name, is_study=False)["came_of"] in TOLD
    kind = KINDS.get(path.suffix, "csv")
    for number in range(SPOILT):
        (tmp_path / path.name).write_bytes(spoil(content, kind, [content], random.Random(f"{path.name} {number}")))
        came_of = judge(tmp_path, path.name, is_study=False)
        assert "fault" not in came_of, f"{number}: {came_of['fault']}"


@pytest.mark.parametrize("kind", SUFFIX)
def test_the_accounts_of_a_study_hold_what_its_file_holds(tmp_path: Path, kind: str) -> None:
    originals = seeds(kind)
    for number, content in enumerate((*originals, spoil(originals[0], kind, originals, random.Random(kind)))):
        name = f"log-{number}.{SUFFIX[kind]}"
        (tmp_path / name).write_bytes(content)
        came_of = judge(tmp_path, name, is_study=True)
        assert "fault" not in came_of, f"{number}: {came_of['fault']}"
    (tmp_path / name).write_bytes(originals[0])
    assert load(tmp_path, name) == "loaded"
