"""Whether a file is XML of a known kind: the name of its root element, found without parsing."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 64 << 10
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))
_LOG = re.compile(rb"<(?:[\w.-]+:)?log[\s/>]|<!DOCTYPE\s+(?:[\w.-]+:)?log[\s\[>]")


def is_event_log(path: Path) -> bool:
    """Tell whether the root element of a file is `<log>`, in any namespace."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    place = 0
    while (found := next((end for start, end in _SKIPPED if head.startswith(start, place)), None)) is not None:
        place = head.find(found, place)
        if place < 0:
            return False
        place += len(found)
        while head[place : place + 1].isspace():
            place += 1
    return _LOG.match(head, place) is not None
