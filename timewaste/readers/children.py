"""Child processes that open files, asked for one after the other; a new one is started where one died.

Knows bytes and how a child ends, not what is in a file. What a child says, `child_main` tells.
"""

from __future__ import annotations

import atexit
import json
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME_LIMIT = 120
FILES = 100
"""After so many a child is let go, and with it the memory that it holds."""
_MUCH = 64 << 20
_LENGTH = 8
_DYING = 5


class Answer(NamedTuple):
    """How a child came to an end with a file: what it says last, or why it says nothing more.

    `is_ended`: neither the file nor we ended it, but somebody with the right to, such as a system without memory.
    """

    said: dict[str, Any]
    why: str = ""
    is_late: bool = False
    is_ended: bool = False


class _Child:
    """A running child, and how many files it may still be asked for."""

    def __init__(self, worker: str) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child: a pipe could fill and block
        self.process = subprocess.Popen(  # noqa: S603 - our own file, no shell
            [sys.executable, "-P", str(Path(__file__).with_name("child_main.py")), worker],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )
        self.left = FILES
        self.had_to_die = False

    def ask(self, said: Mapping[str, Any], rows: IO[bytes]) -> Answer:
        """Let the rows of a file be written to `rows`. Raises `OSError` where they cannot be."""
        assert self.process.stdin and self.process.stdout  # noqa: PT018, S101 - both are pipes
        late = threading.Event()

        def end_it() -> None:
            late.set()
            self.process.kill()

        if hasattr(signal, "siginterrupt"):  # Polars lets a read go on after Ctrl-C, until the child says something
            signal.siginterrupt(signal.SIGINT, True)
        timer = threading.Timer(TIME_LIMIT, end_it)
        timer.start()
        unkept: OSError | None = None  # a full disk is no fault of the file's
        try:
            self.process.stdin.write(json.dumps(said).encode() + b"\n")
            self.process.stdin.flush()
            while size := int(self._read(_LENGTH), 16):
                block = self._read(size)
                try:
                    rows.write(block)
                except OSError as error:
                    unkept = error
                    break
                self.left -= FILES * size // _MUCH
            answer = Answer({} if unkept else json.loads(self.process.stdout.readline()))
        except (OSError, EOFError, ValueError):
            self.left = 0
            why = self._last_words()
            was_killed = sys.platform != "win32" and self.process.returncode == -signal.SIGKILL
            answer = Answer({}, why, late.is_set(), was_killed and not late.is_set() and not self.had_to_die)
        finally:
            timer.cancel()
        if unkept:
            raise unkept
        self.left -= 1
        return answer

    def _last_words(self) -> str:
        try:
            code = self.process.wait(_DYING)
        except subprocess.TimeoutExpired:  # it lives, and says what nobody understands
            self.had_to_die = True
            self.process.kill()
            code = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"the reader stopped with code {code}"

    def _read(self, size: int) -> bytes:
        assert self.process.stdout  # noqa: S101 - a pipe
        data = self.process.stdout.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def end(self) -> None:
        """End the child, whatever it does."""
        self.process.kill()
        self.process.communicate()
        self.errors.close()


_running: dict[str, _Child] = {}


def ask(worker: str, path: Path, rows: IO[bytes], **said: object) -> Answer:
    """Let a child with `worker` (a file name) write the rows of a file to `rows`, and return how that ended."""
    if worker in _running and _running[worker].process.poll() is not None:  # it died between two files, of neither
        _running.pop(worker).end()
    if worker not in _running:
        _running[worker] = _Child(worker)
        atexit.register(dismiss)
    child = _running[worker]
    try:
        answer = child.ask({"path": str(path), **said}, rows)
    except BaseException:  # interrupted: what it was about to say must not be taken for its next answer
        child.left = 0
        raise
    finally:
        if child.left <= 0:
            _running.pop(worker).end()
    return answer


def dismiss() -> None:
    """Let all children go; the next file gets a new one."""
    while _running:
        _running.popitem()[1].end()
    atexit.unregister(dismiss)
