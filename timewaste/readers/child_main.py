"""The child process that opens files whose parsers can die, hang or take all memory. May die: nobody else opens them.

Started by file name with the name of a worker, a file beside this one; neither imports anything of the package. Takes
files line by line from standard input, as JSON, and answers each with blocks of JSON lines, every block behind its
length: first the tables, [name, visible] each, then every row that is not empty as [table, row number, cells]. Behind
the last, empty block stands how it ended: where in the lines each table begins, or why nothing can be read.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import IO, Any

BLOCK = 1 << 20


class Blocks:
    """Lines, gathered into blocks."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Write to `stream`."""
        self._stream = stream
        self._lines: list[str] = []
        self._size = 0
        self.place = 0

    def line(self, value: object) -> None:
        """Add a line; all of it is ASCII."""
        line = json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n"
        self._lines.append(line)
        self._size += len(line)
        self.place += len(line)
        if self._size >= BLOCK:
            self._write()

    def end(self, value: object) -> None:
        """Write what is left, an empty block, and how it ended."""
        if self._lines:
            self._write()
        self._stream.write(b"%08x" % 0 + json.dumps(value).encode() + b"\n")
        self._stream.flush()

    def _write(self) -> None:
        self._stream.write(b"%08x" % self._size + "".join(self._lines).encode("ascii"))
        self._lines, self._size = [], 0


def main(worker_name: str) -> None:
    """Answer until nobody asks any more.

    A worker has a MEMORY_LIMIT in bytes and `write_tables(path, said, blocks)`, which writes tables and rows, returns
    where each table begins, and raises `OSError` or `ValueError` for what cannot be read.
    """
    worker = _load(Path(__file__).with_name(worker_name))
    _limit_memory(worker.MEMORY_LIMIT)
    for line in sys.stdin.buffer:
        said: dict[str, Any] = json.loads(line)
        blocks = Blocks(sys.stdout.buffer)
        try:
            starts = worker.write_tables(Path(said["path"]), said, blocks)
        except (OSError, ValueError) as error:
            blocks.end({"refused": str(error)})
        else:
            blocks.end({"starts": starts})


def _load(path: Path) -> Any:  # noqa: ANN401 - a module
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader  # noqa: PT018, S101 - a file of ours
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    main(sys.argv[1])
