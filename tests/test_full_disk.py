"""A disk that is really full: the study opens with all earlier loads, no half file stands, the message says so.

A limit on the size of files ends writes as a full disk does; where file systems may be mounted, one that is full does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from studies import write_study

from timewaste.study import DATABASE, Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

resource = pytest.importorskip("resource", reason="limits and mounts of POSIX")
MEGABYTE = 1 << 20
HEADER = "rep,date,start,minutes,activity\n"
LOG = HEADER + "anna,2026-03-02,09:00,60,customer meeting\n"
MORE = HEADER + "".join(
    f"ben,2026-03-{1 + n % 28:02},09:00,{1 + n % 50},task {n * 7919} and more\n" for n in range(9000)
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study of one log that is loaded, with a second one that is not."""
    folder = write_study(tmp_path_factory.mktemp("full") / "study", LOG)
    open_study(folder)
    return write_study(folder, {"more.csv": MORE})


@pytest.fixture
def limited(clean_env: dict[str, str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs `timewaste` where no file may be larger than `room` bytes."""

    def run(*arguments: str | Path, room: int = -1, temporary: Path | None = None) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "timewaste", *map(str, arguments)],
            env=clean_env | ({"TMPDIR": str(temporary)} if temporary else {}),
            capture_output=True, timeout=300, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )  # fmt: skip
        return done.returncode, done.stderr.decode()

    return run


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of so many megabytes; skip the test where nobody may."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a file system here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def check_whole(folder: Path) -> set[str]:
    """Check that the database opens and holds each of its files whole; return them."""
    with Study(folder).store() as store:
        files = dict(store.execute("select file, count(*) from stg_records group by file"))
        assert store.execute("select count(*) from entries where rep_id = 'anna'") == [(1,)]
    assert files in ({"log.csv": 1}, {"log.csv": 1, "more.csv": MORE.count("\n") - 1})
    return set(files)


def test_a_load_that_runs_out_of_room_leaves_all_earlier_loads(
    tmp_path: Path, loaded: Path, limited: Callable[..., tuple[int, str]]
) -> None:
    there = (loaded / DATABASE).stat().st_size // MEGABYTE
    seen = []
    for room in (1, there // 2, *range(there, there + 5)):  # from none for new rows on, each megabyte
        folder = shutil.copytree(loaded, tmp_path / str(room))
        code, said = limited("load", folder, "-q", room=room * MEGABYTE)
        seen.append((code, "more.csv" in check_whole(folder)))
        if code:
            assert code == 2, said
            assert "the disk is full" in said
            assert "Free some space" in said
            assert {path.name for path in folder.iterdir()} <= {"logs", DATABASE, f"{DATABASE}.wal"}
        assert limited("load", folder, "-q")[0] == 0  # with room again
        assert check_whole(folder) == {"log.csv", "more.csv"}
        shutil.rmtree(folder)
    assert seen[0] == (2, False)


def test_a_disk_that_is_full_leaves_all_earlier_loads(
    tmp_path: Path, loaded: Path, limited: Callable[..., tuple[int, str]]
) -> None:
    there = (loaded / DATABASE).stat().st_size // MEGABYTE
    for room in range(there + 2, there + 8, 2):
        with small_disk(tmp_path / f"disk {room}", room) as disk:
            folder = shutil.copytree(loaded, disk / "study")
            code, said = limited("load", folder, "-q")
            assert code == 0 or (code == 2 and "the disk is full" in said)
            assert ("more.csv" in check_whole(folder)) is (code == 0)


def test_no_half_output_stands_under_its_name(
    tmp_path: Path, loaded: Path, limited: Callable[..., tuple[int, str]]
) -> None:
    folder = shutil.copytree(loaded, tmp_path / "study")
    open_study(folder)
    out = tmp_path / "out.csv"
    query = "select * from entries cross join range(20)"
    for room in (1, 2, 3, 4, 5, 6):
        code, said = limited("sql", folder, query, "-o", out, room=room * MEGABYTE)
        assert code == 2, said
        assert "Free some space" in said or "disk is full" in said
        assert {path.name for path in tmp_path.iterdir()} == {"study"}


def test_a_staged_export_without_room_names_its_own_folder(
    tmp_path: Path, loaded: Path, limited: Callable[..., tuple[int, str]]
) -> None:
    folder = shutil.copytree(loaded, tmp_path / "study")
    assert limited("load", folder, "-q")[0] == 0
    with small_disk(tmp_path / "disk", 1) as disk:
        (disk / "other").write_bytes(bytes(MEGABYTE - 65536))
        code, said = limited("export", folder, "--staged", disk / "out")
        assert {path.name for path in disk.iterdir()} == {"other"}
    assert code == 2
    assert str(disk / ".out") in said
    assert "Free some space" in said


def test_a_temporary_folder_without_room_is_told(
    tmp_path: Path, loaded: Path, limited: Callable[..., tuple[int, str]]
) -> None:
    import zipfile

    folder = shutil.copytree(loaded, tmp_path / "study")
    with zipfile.ZipFile(folder / "logs" / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.csv", MORE * 8)
    (folder / "logs" / "more.csv").unlink()
    with small_disk(tmp_path / "disk", 1) as disk:
        code, said = limited("load", folder, "-q", temporary=disk)
        assert check_whole(folder) == {"log.csv"}
    assert code == 2
    assert "disk is full" in said or "No space left" in said
