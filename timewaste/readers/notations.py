"""Texts that are no tables: JSON, and Timewarrior's data files. Told by how they begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A quoted key or nothing in braces; in brackets a value. "[Date];[Start]" is the header of a table.
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\[{"\]\d-]|true|false|null)|\{\s*$|\[\s*$)')
_INTERVAL = re.compile(r"\s*inc \d{8}T\d{6}Z")
# What Timewarrior hands to its extensions: its settings, an empty line, and the export.
_SETTING = re.compile(r"[a-z][\w.-]*:")
_SETTINGS_END = re.compile(rb"\r?\n\r?\n\[")
_SETTINGS_SIZE = 1 << 16


def notation(path: Path, head: bytes) -> str:
    """Return `json`, `timewarrior` or "" by a file's first bytes."""
    is_wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    text = head[: len(head) // 2 * 2].decode("utf-16" if is_wide else "utf-8-sig", errors="replace")
    if _JSON.match(text):
        return "json"
    if _INTERVAL.match(text):
        return "timewarrior"
    if _SETTING.match(text) and not is_wide:
        with path.open("rb") as stream:
            settings = stream.read(_SETTINGS_SIZE)
        if (b"temp.version:" in settings or b"temp.report." in settings) and _SETTINGS_END.search(settings):
            return "json"
    return ""
