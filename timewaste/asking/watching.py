"""Our side of a question: starts the process that answers, gives it the query, and ends it when its limits are reached.

Imports nothing heavy: the engine is the other process's to load, while this one looks whether the study is fresh.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from timewaste import errors
from timewaste.asking import frames
from timewaste.errors import QueryError, TimewasteError
from timewaste.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1 << 20
TIMEOUT = 300.0
MEMORY = 2048 * MEGABYTE
SLACK = 256 * MEGABYTE
"""What a process takes for itself, beside what a query may take."""
TICK = 0.05
START = "import sys; sys.path[:] = sys.argv[1:]; from timewaste.asking.answering import main; main()"
KEPT_ENVIRONMENT = ("TZ", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Asking:
    """A query with its values, the form its rows are wanted in, and how far it may go."""

    query: str
    values: dict[str, Any] = field(default_factory=dict)
    form: str = "plain"
    rows: int | None = None
    explain: bool = False
    timeout: float | None = TIMEOUT
    memory: int = MEMORY
    unsafe: bool = False


class StaleStudyError(TimewasteError):
    """The study's database is older than its logs, or there is none: to be brought up to date first."""


class Answerer:
    """The process that answers. A context manager: whatever happens, it is gone afterwards, with what it put aside."""

    def __init__(self, *, unsafe: bool = False) -> None:
        """Start the process; it loads the engine while we do other things."""
        environment = {name: value for name, value in os.environ.items() if unsafe or name in KEPT_ENVIRONMENT}
        # A group of its own: Ctrl-C on the terminal is ours alone to act on.
        apart: dict[str, Any] = {"creationflags": 0x200} if sys.platform == "win32" else {"process_group": 0}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell between
            [sys.executable, "-I", "-S", "-c", START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            **apart,
        )
        self._temporary = Path(tempfile.gettempdir()) / f"timewaste-asked-{os.urandom(8).hex()}"

    def __enter__(self) -> Self:
        """Return the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process and remove what it put aside."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:  # it has gone before it read all
                    continue
        self._process.wait()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def ask(self, database: Path, asking: Asking, glance: str | None) -> Iterator[tuple[bytes, Any]]:
        """Yield the frames of the answer. Raises `StaleStudyError`, `QueryError`."""
        assert self._process.stdin  # noqa: S101 - a pipe
        assert self._process.stdout  # noqa: S101 - a pipe
        request = asdict(asking) | {
            "database": str(database.absolute()),
            "glance": glance,
            "temporary": str(self._temporary),
        }
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise RuntimeError("the process that answers could not be started") from error
        with _Watch(self._process, asking) as watch:
            has_ended = False
            for kind, content in watch.over(frames.received(self._process.stdout)):
                if kind == frames.STALE:
                    raise StaleStudyError("the study is older than its logs")
                if kind == frames.ERROR:
                    raise _error(content, asking)
                if kind == frames.FAULT:
                    raise RuntimeError(content)
                has_ended = kind == frames.END
                yield kind, content
            if not has_ended:
                raise watch.why_it_died()


class _Watch(threading.Thread):
    """Looks at the process twenty times a second, and ends it when it has run too long or grown too large.

    Only the time in which we wait for it counts: a reader that pages through the rows may take all day.
    """

    def __init__(self, process: subprocess.Popen[bytes], asking: Asking) -> None:
        super().__init__(daemon=True)
        self._process, self._asking = process, asking
        self._is_over, self._is_waiting, self._has_begun = threading.Event(), True, False
        self._reason: QueryError | None = None
        self._memory = Path(f"/proc/{process.pid}/statm")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join()

    def over(self, answer: Iterator[tuple[bytes, Any]]) -> Iterator[tuple[bytes, Any]]:
        """Yield the frames; the clock stands still while they are made use of."""
        for kind, content in answer:
            self._has_begun = True
            self._is_waiting = False
            yield kind, content
            self._is_waiting = True

    def run(self) -> None:
        spent, last = 0.0, time.monotonic()
        while not self._is_over.wait(TICK):
            now = time.monotonic()
            if self._has_begun and self._is_waiting:
                spent += now - last
            last = now
            timeout = self._asking.timeout
            if timeout is not None and spent > timeout:
                self._end(
                    QueryError(
                        f"the query took longer than {count(timeout)} s and was ended",
                        where="query",
                        mend=f"Ask for less, or give it more time: --timeout {count(timeout * 4).replace(',', '')}",
                    )
                )
            elif self._taken() > self._asking.memory + SLACK:
                self._end(_too_large(self._asking))

    def why_it_died(self) -> Exception:
        """Return the error for an answer that broke off."""
        code = self._process.wait()
        if self._reason:
            return self._reason
        if code < 0 and self._has_begun:  # a function that got no memory may take the whole process with it
            return _too_large(self._asking)
        return RuntimeError(f"the process that answers ended with {code}")

    def _end(self, reason: QueryError) -> None:
        if not self._reason:
            self._reason = reason
            self._process.kill()

    def _taken(self) -> int:
        """Return the bytes the process holds, 0 where the system does not tell."""
        try:
            return int(self._memory.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            return 0


def _too_large(asking: Asking) -> QueryError:
    limit = f"{asking.memory // MEGABYTE:,} MB"
    more = f"{max(1, asking.memory * 4 // (1024 * MEGABYTE))}GB"
    return QueryError(
        f"the query needs more memory than it may take ({limit})",
        where="query",
        mend=f"Ask for less, or give it more: --memory {more}",
    )


def _error(parts: dict[str, str], asking: Asking) -> TimewasteError:
    if parts["kind"] == "MemoryError" or "more memory than it may take" in parts["what"]:
        return _too_large(asking)
    kind = getattr(errors, parts["kind"], QueryError)
    error = kind(parts["what"], where=parts["where"], mend=parts["mend"])
    assert isinstance(error, TimewasteError)  # noqa: S101 - errors.py holds no others
    return error
