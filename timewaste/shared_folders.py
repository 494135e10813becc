"""Whether a folder is shared with other machines: on a network drive, or below one that a cloud service copies.

Knows the names of folders and of file systems; asks Linux which file system a folder is on, and no other system.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|afs|ncpfs|davfs|ceph|lustre|glusterfs|fuse\.(sshfs|rclone|davfs2?|glusterfs|smb\w*)"
)
CLOUD = {
    "Dropbox": r"dropbox( \(.+\))?",
    "OneDrive": r"onedrive(( - |-).+)?",
    "Google Drive": r"google ?drive([ -].+)?",
    "iCloud": r"icloud ?drive|com~apple~clouddocs",
}


def shared_by(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return the name of the cloud service or the kind of network drive that shares a folder, "" for none.

    `mounts` lists what is mounted where, as Linux writes it.
    """
    place = folder.resolve()
    for part in place.parts:
        for service, names in CLOUD.items():
            if re.fullmatch(names, part, re.IGNORECASE):
                return service
    kind = _file_system(place, mounts)
    return f"a network drive ({kind})" if NETWORK.fullmatch(kind) else ""


def _file_system(place: Path, mounts: Path) -> str:
    """Return the kind of file system that a path is on: that of the innermost mount, the last one where several are."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    found, depth = "", 0
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split(" ")[4]))
        if place.is_relative_to(mount) and len(mount.parts) >= depth:
            found, depth = after.partition(" ")[0], len(mount.parts)
    return found
