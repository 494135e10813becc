"""An interactive shell on the study, fenced like a single query: the shell itself is a program that others keep.

It opens the file for reading only, and runs a script of settings first, the last of which locks them.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from timewaste.errors import StudyError
from timewaste.sql_text import literal

ITS_OWN = 1 << 30
"""What such a program takes for itself, beside what queries may take."""


def found_program() -> list[str]:
    """Return how to start the shell that is there. Raises `StudyError` when there is none."""
    if find_spec("harlequin"):
        return [sys.executable, "-m", "harlequin"]
    for name in ("harlequin", "duckdb"):
        if path := shutil.which(name):
            return [path]
    raise StudyError(
        "there is no program to stand on: neither Harlequin nor DuckDB's own shell is here",
        mend="Install one: pip install 'timewaste[shell]'\nOr ask without: timewaste sql STUDY \"select ...\"",
    )


def script(program: list[str], memory: int, temporary: str, *, unsafe: bool) -> str:
    """Return what fences a session when a program runs it first: settings, as SQL, and a lock on them.

    DuckDB's own shell has commands that reach files and programs past any setting; its safe mode takes them away, sets
    and locks the rest, and must find it unlocked.
    """
    lines = [
        f"set memory_limit = '{memory // 1024}KiB'",
        f"set temp_directory = {literal(temporary)}",
        f"set max_temp_directory_size = '{memory * 4 // 1024}KiB'",
    ]
    if not unsafe:
        lines += [
            "set autoinstall_known_extensions = false",
            "set autoload_known_extensions = false",
            "set allow_community_extensions = false",
        ]
        lines += [] if _is_duckdb(program) else ["set enable_external_access = false", "set lock_configuration = true"]
    return "".join(f"{line};\n" for line in lines)


def _is_duckdb(program: list[str]) -> bool:
    return Path(program[-1]).stem == "duckdb"


def arguments(program: list[str], database: Path, settings: Path, *, unsafe: bool) -> list[str]:
    """Return the command line of a shell on the database: nothing of the user's own start files is run."""
    if _is_duckdb(program):
        # Safe mode comes last, and as a command: `-safe`, and any start file beside it, lock what is still to be set.
        safe = () if unsafe else ("-cmd", ".safe_mode")
        return [*program, "-readonly", "-no-init", "-cmd", f".read '{settings}'", *safe, str(database)]
    fence = ["--read-only", "--profile", "None", "--init-path", str(settings)]
    return [*program, *fence, str(database)]


def run(program: list[str], database: Path, memory: int, *, unsafe: bool) -> int:
    """Run a shell on the database until the user leaves it, and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="timewaste-") as folder:
        settings = Path(folder) / "settings.sql"
        settings.write_text(script(program, memory, str(Path(folder) / "aside"), unsafe=unsafe), encoding="utf-8")
        # Ctrl-C, and a window that is closed, are the shell's: we go when it has gone, and clean up after it.
        ours = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
        before = {number: signal.signal(number, lambda *_: None) for number in ours}
        try:
            command = arguments(program, database.absolute(), settings, unsafe=unsafe)
            with subprocess.Popen(command) as process:  # noqa: S603 - a program found above, no shell between
                _bound(process.pid, memory + ITS_OWN)
                return process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _bound(pid: int, size: int) -> None:
    """Let a process take no more memory than that, where the system lets us say so."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError):  # it has ended already
        resource.prlimit(pid, resource.RLIMIT_DATA, (size, size))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
