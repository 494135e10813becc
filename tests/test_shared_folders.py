"""A study that lies where other machines see it is told so once a load, and loaded all the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from studies import write_study

from timewaste.shared_folders import MOUNTS, _file_system, shared_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

LOG = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,expenses\n"


def octal(place: Path) -> str:
    return str(place).replace(" ", chr(92) + "040")


def mounted(tmp_path: Path, *kinds_and_places: tuple[str, Path]) -> Path:
    """Write a list of mounts as Linux does: blanks in names are octal."""
    lines = [
        f"{number} 1 0:{number} / {octal(place)} rw,relatime shared:1 - {kind} host:/share rw"
        for number, (kind, place) in enumerate(kinds_and_places)
    ]
    path = tmp_path / "mountinfo"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox/acme", "Dropbox"), ("Dropbox (Acme Ltd)/acme", "Dropbox"), ("OneDrive - Acme/acme", "OneDrive"),
        ("CloudStorage/OneDrive-Acme/acme", "OneDrive"), ("GoogleDrive-a@b.com/acme", "Google Drive"),
        ("Google Drive/acme", "Google Drive"), ("com~apple~CloudDocs/acme", "iCloud"), ("iCloudDrive/acme", "iCloud"),
        ("dropbox-export/acme", ""), ("studies/acme", ""),
    ],
)  # fmt: skip
def test_cloud_folders_are_told_by_their_names(tmp_path: Path, folder: str, service: str) -> None:
    assert shared_by(tmp_path / folder, mounted(tmp_path, ("ext4", tmp_path))) == service


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_network_drives_are_told_by_their_file_system(tmp_path: Path, kind: str) -> None:
    share = tmp_path / "team share"
    mounts = mounted(tmp_path, ("ext4", tmp_path), (kind, share), ("tmpfs", share / "inner"))
    assert shared_by(share / "acme", mounts) == f"a network drive ({kind})"
    assert shared_by(share / "inner" / "acme", mounts) == ""
    assert shared_by(tmp_path / "team share 2", mounts) == ""
    assert shared_by(share, tmp_path / "no such list") == ""


def test_a_mount_over_another_counts(tmp_path: Path) -> None:
    assert shared_by(tmp_path, mounted(tmp_path, ("ext4", tmp_path), ("nfs4", tmp_path))) == "a network drive (nfs4)"
    assert shared_by(tmp_path, mounted(tmp_path, ("nfs4", tmp_path), ("ext4", tmp_path))) == ""


@pytest.mark.skipif(not MOUNTS.exists(), reason="only Linux lists its mounts there")
def test_the_list_of_this_machine_is_understood(tmp_path: Path) -> None:
    assert _file_system(MOUNTS.resolve(), MOUNTS) == "proc"
    assert _file_system(tmp_path.resolve(), MOUNTS)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_load_says_where_the_study_should_not_lie(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "Dropbox" / "acme", LOG)
    done = tw("load", str(folder))
    assert done.code == 0
    assert done.err.count("a folder that Dropbox shares") == 1
    assert "Move the study's folder" in done.err
    (tmp_path / "link").symlink_to(folder)
    assert "a folder that Dropbox shares" in tw("load", str(tmp_path / "link")).err
    assert tw("load", str(folder), "--quiet").err == ""
    assert "Dropbox" not in tw("load", str(write_study(tmp_path / "plain", LOG))).err
