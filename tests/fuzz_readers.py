"""Spoils logs of every kind and reads them, until the time is over: no input may crash, hang or break an account.

Run it as `python tests/fuzz_readers.py --minutes 1 --seed 1 --kind csv`; it is no test that is collected. Each input
is read in a child process with a limit of time and memory; every 60th goes through the load of a whole study. What
fails is written to a folder, each kind of fault once.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from fuzz_damage import spoil  # noqa: E402 - after the path is set
from fuzz_inputs import SUFFIX, seeds  # noqa: E402

MEMORY_LIMIT = 500 << 20
ADDRESS_SPACE = 8 << 30
STUDY_EVERY = 60
RENEW_EVERY = 400


# ---------------------------------------------------------------- the parent


def main() -> int:
    """Fuzz the kinds asked for, and print what came of it; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=30, help="after so many an input hangs; more on a busy machine")
    parser.add_argument("--kind", choices=SUFFIX, action="append")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "fuzz_readers")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.child:
        return serve(said.child)
    from timewaste.readers import READERS

    failed = 0
    for kind in said.kind or SUFFIX:
        if kind not in READERS:
            print(f"{kind}: no reader yet, skipped")
            continue
        failed += fuzz(kind, said)
    return 1 if failed else 0


def fuzz(kind: str, said: argparse.Namespace) -> int:
    """Spoil and read logs of one kind until the time is over; return how many kinds of fault were found."""
    originals, faults = seeds(kind), collections.Counter()
    came_of = collections.Counter()
    number, until = 0, time.monotonic() + said.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        child = Child(Path(folder), said.seconds)
        while time.monotonic() < until:
            chance = random.Random(f"{kind} {said.seed} {number}")
            content = spoil(chance.choice(originals), kind, originals, chance)
            name = f"log-{number}.{SUFFIX[kind]}"
            answer = child.ask(name, content, is_study=number % STUDY_EVERY == 0)
            came_of[answer["came_of"]] += 1
            if fault := answer.get("fault"):
                key = fault.strip().splitlines()[-1][:120]
                faults[key] += 1
                if faults[key] == 1:
                    said.out.mkdir(parents=True, exist_ok=True)
                    (said.out / name).write_bytes(content)
                    (said.out / f"{name}.txt").write_text(f"seed {said.seed}\n{fault}\n", encoding="utf-8")
                    print(f"{kind} {number}: {key}\n  {said.out / name}", flush=True)
            number += 1
        child.end()
    common = ", ".join(f"{count} {what}" for what, count in came_of.most_common(12))
    print(f"{kind}: {number} inputs, {sum(faults.values())} failed in {len(faults)} ways; {common}", flush=True)
    return len(faults)


class Child:
    """A process that reads what it is asked to; a new one after it died, hung, or has read many."""

    def __init__(self, folder: Path, seconds: float = 30) -> None:
        self.folder, self.seconds, self.asked = folder, seconds, 0
        self.process: subprocess.Popen[str] | None = None

    def ask(self, name: str, content: bytes, *, is_study: bool) -> dict[str, str]:
        """Return what came of reading the content, and the fault if that is none of what it may be."""
        if self.process is None or self.asked >= RENEW_EVERY:
            self.end()
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--child", str(self.folder)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip
            self.asked = 0
        self.asked += 1
        (self.folder / name).write_bytes(content)
        process = self.process
        timer = threading.Timer(self.seconds * (4 if is_study else 1), process.kill)
        began = time.monotonic()
        timer.start()
        with contextlib.suppress(BrokenPipeError):  # it died since the last answer
            process.stdin.write(json.dumps({"name": name, "is_study": is_study}) + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
        timer.cancel()
        (self.folder / name).unlink(missing_ok=True)
        if line:
            return json.loads(line)
        code = self.end()
        slow = time.monotonic() - began >= self.seconds
        return {"came_of": "fault", "fault": "hang" if slow else f"the process died with code {code}"}

    def end(self) -> int:
        """Let the process end, and return its code."""
        process, self.process = self.process, None
        if not process:
            return 0
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        return process.wait()


# ----------------------------------------------------------------- the child


def serve(folder: Path) -> int:
    """Read the files that standard input names, and answer each with a line."""
    import resource

    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        said = json.loads(line)
        before = peak()
        answer = judge(folder, said["name"], is_study=said["is_study"])
        after = peak()
        if after > MEMORY_LIMIT and after > before + (50 << 20) and not said["is_study"]:
            answer = {"came_of": "fault", "fault": f"memory\nmore than {MEMORY_LIMIT >> 20} MB"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return 0


def peak() -> int:
    """Return the most memory that this process or one of its own had, in bytes."""
    import resource

    return 1024 * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def judge(folder: Path, name: str, *, is_study: bool) -> dict[str, str]:
    """Return what came of a file: `read`, the code of its refusal, or a fault."""
    from timewaste.errors import ReadError, RefusedFiles

    try:
        return {"came_of": load(folder, name) if is_study else read(folder, name)}
    except ReadError as error:
        refusals = [error]
    except RefusedFiles as refused:
        refusals = refused.errors
    except BaseException:  # noqa: BLE001 - a panic of a library is none of Exception's
        return {"came_of": "fault", "fault": traceback.format_exc()}
    for error in refusals:
        if not (error.code and error.what and error.mend and error.where.startswith(name)):
            return {
                "came_of": "fault",
                "fault": f"a refusal says too little\n{error.code}: {error.where!r}, {error.mend!r}",
            }
    return {"came_of": refusals[0].code}


def read(folder: Path, name: str) -> str:
    """Read every table of a file, both ways if there are two, and hold its account against its rows."""
    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers import open_file
    from timewaste.readers.scan import Unclean, scan_frames

    for sheet in open_file(folder / name, name, SourceConfig(rep="file")):
        frames = list(sheet.batches())
        tally = sheet.tally
        rows = sum(frame.height for frame in frames)
        left = tally.blank + tally.skipped + tally.duplicates + tally.set_aside
        assert tally.rows_read == rows + left, f"{tally.rows_read} records, {rows} rows, {left} left out"
        lines = pl.concat([frame.get_column("line") for frame in frames]) if frames else pl.Series([])
        assert lines.n_unique() == rows, "two rows on one line"
        if sheet.scan is not None and sheet.layout == "":
            try:
                fast = sum(frame.height for frame in scan_frames(sheet.scan))
            except Unclean:
                continue
            assert fast >= rows, f"the fast way finds {fast} rows, the slow one {rows}"
    return "read"


@functools.cache
def figures() -> Callable[[Path], dict[str, Any]]:
    """Return what builds the tables of a study; it keeps the models for the next."""
    from studies import Figures

    return Figures()


def load(folder: Path, name: str) -> str:
    """Load a study that holds the file, and check that every record of it has its place in the accounts."""
    from studies import write_study

    content = (folder / name).read_bytes()
    with tempfile.TemporaryDirectory() as place:
        study = write_study(Path(place), {name: content}, '[[source]]\nmatch = "*"\nrep = "file"\n')
        tables = figures()(study)
    accounts = tables["source_accounts"]
    columns = [
        column for column in ("entries", "duplicates", "set_aside", "blank", "skipped") if column in accounts.columns
    ]
    for row in accounts.rows(named=True):
        told = sum(row[column] or 0 for column in columns)
        assert row["records"] == told, f"{row['records']} records, {told} in the account"
    return "loaded"


if __name__ == "__main__":
    sys.exit(main())
