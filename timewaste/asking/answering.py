"""The process that answers: opens the study, runs one query within its limits, writes the rows to its output.

It reads the request from its input, and ends when that is closed: nobody is left behind when we are killed.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from timewaste.asking import frames
from timewaste.asking.fence import Fence, Limits
from timewaste.asking.writers import WRITERS, Table, shown
from timewaste.errors import QueryError, TimewasteError
from timewaste.study_state import remembered, told_if_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.asking.fence import Answer

COUNTED_ON = 1.0
"""Seconds that the rows beyond a limit are counted for."""
TEXTS = ("table", "plain")


class Cut:
    """Hands on the first rows, and then counts how many more there are."""

    def __init__(self, rows: int | None) -> None:
        """Hand on so many rows, or all."""
        self._left, self.rows, self.more, self.is_all_counted = rows, 0, 0, True

    def of(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield the batches up to the limit."""
        for batch in batches:
            if self._left is not None and len(batch) > self._left:
                yield batch[: self._left]
                self.rows += self._left
                self.more = len(batch) - self._left
                self._count(batches)
                return
            self.rows += len(batch)
            self._left = None if self._left is None else self._left - len(batch)
            yield batch

    def _count(self, batches: Iterator[Any]) -> None:
        end = time.monotonic() + COUNTED_ON
        for batch in batches:
            self.more += len(batch)
            if time.monotonic() > end:
                self.is_all_counted = False
                return


def main() -> None:
    """Answer the one request that stands in our input, and leave at once."""
    os.umask(0o077)
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):  # what the engine prints, such as a bar or its last words, is not the answer
        os.dup2(nowhere, number)
    line = sys.stdin.buffer.readline()
    if line:
        _answer(json.loads(line), output)
    os._exit(0)


def _answer(request: dict[str, Any], output: IO[bytes]) -> None:
    threading.Thread(target=_end_with_parent, args=(request["temporary"],), daemon=True).start()
    try:
        _bound_process(request)
        _serve(request, output)
    except TimewasteError as error:
        parts = {"kind": type(error).__name__, "what": error.what, "where": error.where, "mend": error.mend}
        frames.send(output, frames.ERROR, parts)
    except MemoryError:
        frames.send(output, frames.ERROR, {"kind": "MemoryError"})
    except BaseException:  # noqa: BLE001 - Polars panics are no Exception; the other side tells it as our bug
        import traceback

        frames.send(output, frames.FAULT, traceback.format_exc())


def _end_with_parent(temporary: str) -> None:
    sys.stdin.buffer.read()
    import shutil

    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(1)


def _bound_process(request: dict[str, Any]) -> None:
    """Let this process take so much memory more than it has now, and write no more than may be put aside."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the study's rows
    if not request["unsafe"]:
        size = request["memory"] * 4
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]  # who has less already cannot be given more
        size = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if request["form"] not in (*TEXTS, *WRITERS):
        import polars as pl  # noqa: F401 - what it takes is not the query's
    status = Path("/proc/self/status")
    if status.is_file():
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmData:"))
        size = int(held.split()[1]) * 1024 + request["memory"]
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _serve(request: dict[str, Any], output: IO[bytes]) -> None:
    limits = Limits(request["memory"], request["temporary"], unsafe=request["unsafe"])
    with Fence.around(Path(request["database"]), limits) as fence:
        state = remembered(fence)
        if request["glance"] is not None and state.get("glance") != request["glance"]:
            frames.send(output, frames.STALE)
            return
        frames.send(output, frames.BEGUN, {"refused": int(state.get("refused", "0"))})
        started, query = time.monotonic(), request["query"]
        cut = Cut(request["rows"])
        with told_if_absent(fence, query):
            if request["explain"] or (request["form"] in TEXTS and fence.is_explain(query)):
                frames.send(output, frames.DATA, fence.plan(query, request["values"]).encode())
            else:
                as_frames = request["form"] not in (*TEXTS, *WRITERS)
                _write(fence.ask(query, request["values"], as_frames=as_frames), request, cut, output)
        end = {"rows": cut.rows, "more": cut.more, "all_counted": cut.is_all_counted}
        frames.send(output, frames.END, end | {"seconds": time.monotonic() - started})


def _write(answer: Answer, request: dict[str, Any], cut: Cut, output: IO[bytes]) -> None:
    form = request["form"]
    if not answer.columns:
        if not request["unsafe"]:
            raise QueryError("this statement returns no rows", where="query", mend="Give a SELECT statement.")
        return
    if form in TEXTS:
        frames.send(output, frames.COLUMNS, {"names": answer.columns, "is_number": answer.is_number})
        for batch in cut.of(answer.batches()):
            frames.send(output, frames.ROWS, [[shown(cell) for cell in row] for row in batch])
        return
    if form in WRITERS:
        table = Table(answer.columns, answer.is_number, request["temporary"])
        pieces = WRITERS[form](table, cut.of(answer.batches()))
    else:
        from timewaste.asking.frame_writers import FRAME_WRITERS

        pieces = FRAME_WRITERS[form](cut.of(answer.frames()), request["temporary"])
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= frames.LONGEST:
            frames.send(output, frames.DATA, bytes(held))
            held.clear()
    if held:
        frames.send(output, frames.DATA, bytes(held))
