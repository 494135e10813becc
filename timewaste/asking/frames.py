"""How the two processes talk: a letter, a length, and so many bytes.

`s` the study is older than its logs, `b` the query begins, `c` columns, `r` rows as texts, `d` data as a file has
them, `e` an error that the user can mend, `x` a fault of ours, `z` the end.
"""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STALE, BEGUN, COLUMNS, ROWS, DATA, ERROR, FAULT, END = (bytes([letter]) for letter in b"sbcrdexz")
_HEAD = struct.Struct(">cI")
LONGEST = 1 << 20


def send(stream: IO[bytes], kind: bytes, content: object = None) -> None:
    """Write one frame; what is no bytes goes as JSON. Data longer than a frame go as several."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    size = LONGEST if kind == DATA else max(len(data), 1)
    for start in range(0, max(len(data), 1), size):
        part = data[start : start + size]
        stream.write(_HEAD.pack(kind, len(part)) + part)
    stream.flush()


def received(stream: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    """Yield kind and content of each frame until the other side has ended."""
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        kind, length = _HEAD.unpack(head)
        data = stream.read(length)
        if len(data) < length:
            return
        yield kind, data if kind == DATA else json.loads(data)
