"""Every folder of `tests/cases/` is a test: logs in, the rows of `entries` out. `tests/cases/README.md` says how."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from studies import write_study

if TYPE_CHECKING:
    import polars as pl
    from studies import Figures

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/expected.csv"))
EXPECTED = {
    "expected.csv": "entries",
    "expected_days.csv": "day_accounts",
    "expected_issues.csv": "issues",
    "expected_same_time.csv": "same_time",
}
BESIDE_LOGS = {"timewaste.toml", "reps.csv", "aliases.csv", "opportunities.csv", "stage_history.csv"}


def written(value: Any) -> str:
    """Return a cell as expected.csv has it: nothing for null, true and false in small letters."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows_of(frame: pl.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(map(written, row)) for row in frame.select(columns).iter_rows())


def copy_case(case: Path, folder: Path) -> Path:
    logs: dict[str, str | bytes] = {}
    beside: dict[str, str] = {}
    for path in case.iterdir():
        if path.name in BESIDE_LOGS:
            beside[path.name] = path.read_text(encoding="utf-8")
        elif path.name not in EXPECTED:
            logs[path.name] = path.read_bytes()
    return write_study(folder, logs, files=beside)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, figures: Figures) -> None:
    frames = figures(copy_case(case, tmp_path))
    for name, table in EXPECTED.items():
        if not (case / name).exists():
            continue
        with (case / name).open(encoding="utf-8", newline="") as stream:
            columns, *expected = csv.reader(stream)
        assert rows_of(frames[table], columns) == sorted(map(tuple, expected)), f"{name}: {', '.join(columns)}"
    assert frames["day_accounts"]["counted_seconds"].sum() == frames["entries"]["seconds"].sum()


def test_there_are_cases() -> None:
    assert len(CASES) >= 14
    assert all(path.is_dir() == (path / "expected.csv").exists() for path in CASES[0].parent.iterdir() if path.is_dir())
