"""Loads of folders as they are: files that cannot be opened, change, come twice, lie about their names, or are huge."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import unicodedata
import zipfile
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from fuzz_inputs import SUFFIX, seeds
from studies import write_study

from timewaste import landing
from timewaste.errors import RefusedFiles, StudyError
from timewaste.files import PrivateFolder, clear_abandoned_folders
from timewaste.landing import Landing
from timewaste.store import Store
from timewaste.study import DATABASE, Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Done
    from studies import Figures

HEADER = "rep,date,start,end,activity\n"
LOG = HEADER + "anna,2026-03-02,09:00,10:00,customer meeting\n"
OTHER = LOG.replace("anna", "ben")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and rights of POSIX")


def as_plain_user() -> None:
    """Let a child of root read no more than its files allow."""
    if os.geteuid() == 0:
        for right in (1, 2):  # to pass over the rights of files and of folders
            ctypes.CDLL(None).prctl(24, right, 0, 0, 0)


@pytest.fixture
def plain(clean_env: dict[str, str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs `timewaste` as a user without special rights: exit code, what was said."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        command = [sys.executable, "-m", "timewaste", *map(str, arguments)]
        done = subprocess.run(
            command, env=clean_env, capture_output=True, timeout=120, check=False, preexec_fn=as_plain_user
        )
        return done.returncode, done.stderr.decode()

    return run


def refused(study: Study) -> dict[str, str]:
    return {error.where: error.code for error in study.refused}


@contextmanager
def without_checkpoint(store: Store) -> Iterator[None]:
    store.execute("begin transaction")
    yield
    store.execute("commit")


def files(study: Study) -> list[str]:
    return sorted(study.sql("select distinct file from raw_sources")["file"])


# ------------------------------------------------------- what cannot be opened


@POSIX
def test_what_may_not_be_read_is_refused_by_itself_and_read_once_it_may_be(
    tmp_path: Path, plain: Callable[..., tuple[int, str]]
) -> None:
    folder = write_study(tmp_path, {"a.csv": LOG, "b.csv": OTHER, "sub/c.csv": LOG.replace("anna", "cid")})
    barred = (folder / "logs" / "b.csv", folder / "logs" / "sub")
    for path in barred:
        path.chmod(0)
    try:
        code, said = plain("load", folder)
        assert code == 2
        assert "[file/unreadable] b.csv: cannot be read: Permission denied" in said
        assert "[file/unreadable] sub: a folder that may not be read" in said
        assert files(Study(folder)) == ["a.csv"]
    finally:
        for path in barred:
            path.chmod(0o700)
    assert plain("load", folder)[0] == 0  # neither size nor age has changed
    assert files(Study(folder)) == ["a.csv", "b.csv", "sub/c.csv"]


@POSIX
def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    elsewhere = write_study(tmp_path / "elsewhere", {"b.csv": OTHER}) / "logs"
    folder = write_study(tmp_path / "study", {"a.csv": LOG})
    logs = folder / "logs"
    os.mkfifo(logs / "pipe.csv")
    (logs / "linked.csv").symlink_to(elsewhere / "b.csv")
    (logs / "folder").symlink_to(elsewhere)
    (logs / "up").symlink_to("..")
    (logs / "dead.csv").symlink_to("nowhere.csv")
    (logs / "loop.csv").symlink_to("loop.csv")
    with (Path(os.fsdecode(os.fsencode(logs) + b"/J\xf6rg.csv"))).open("w", encoding="utf-8") as stream:
        stream.write(LOG.replace("anna", "cid"))
    study = open_study(folder)
    assert files(study) == ["a.csv", "linked.csv"]
    assert refused(study) == {
        "J\\xf6rg.csv": "file/name", "dead.csv": "file/link", "folder": "file/link", "loop.csv": "file/link",
        "pipe.csv": "file/special", "up": "file/link",
    }  # fmt: skip
    assert all(error.mend for error in study.refused)


@POSIX
def test_a_study_of_nothing_that_can_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "dead.csv").symlink_to("nowhere.csv")
    with pytest.raises(RefusedFiles) as caught:
        open_study(tmp_path)
    assert [error.code for error in caught.value.errors] == ["file/link"]


@POSIX
def test_a_pipe_is_not_copied_into_the_logs(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "study", LOG)
    os.mkfifo(tmp_path / "pipe.csv")
    done = tw("load", folder, tmp_path / "pipe.csv")
    assert (done.code, "a pipe or a device" in done.err) == (2, True)
    assert [path.name for path in (folder / "logs").iterdir()] == ["log.csv"]


@POSIX
def test_what_cannot_be_written_is_never_to_be_deleted(tmp_path: Path, plain: Callable[..., tuple[int, str]]) -> None:
    folder = write_study(tmp_path / "study", LOG)
    open_study(folder)
    paths = (folder / DATABASE, folder)
    for path in paths:
        path.chmod(0o555)
    try:
        assert plain("check", folder)[0] == 0  # nothing new: reading is enough
        (folder / "logs" / "log.csv").write_text(LOG + LOG.splitlines()[1].replace("10:00", "11:00") + "\n")
        code, said = plain("check", folder)
    finally:
        for path in paths:
            path.chmod(0o755)
    assert code == 2
    assert "may not be written to" in said
    assert "Delete" not in said


def test_an_empty_logs_folder_makes_no_database(tmp_path: Path, tw: Callable[..., Done]) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "beside.csv").write_text(LOG)
    done = tw("load", tmp_path)
    assert (done.code, "no log files found" in done.err) == (2, True)
    assert not (tmp_path / DATABASE).exists()


# ----------------------------------------------------------------------- names


def test_names_of_every_kind_are_read_and_the_printed_block_fits_its_file(tmp_path: Path) -> None:
    names = ["-x.csv", "log[1].csv", "log (2) *.csv", 'the "old" one\\2.csv', "new\nline.csv", "müller.csv"]
    if sys.platform == "win32":
        names = ["-x.csv", "log[1].csv", "müller.csv"]
    doubtful = HEADER + "{},03/04/2026,09:00,10:00,expenses\n"
    folder = write_study(tmp_path, {name: doubtful.format(f"rep {n}") for n, name in enumerate(names)})
    with pytest.raises(RefusedFiles) as caught:
        open_study(folder)
    blocks = [error.mend[error.mend.index("[[source]]") :] for error in caught.value.errors]
    text = "\n".join(blocks)
    matches = [block["match"] for block in tomllib.loads(text)["source"]]
    assert [sum(fnmatchcase(name, match) for match in matches) for name in names] == [1] * len(names)
    (folder / "timewaste.toml").write_text(text, encoding="utf-8")
    study = open_study(folder)
    assert files(study) == sorted(names)
    assert study.sql("select count(*) from entries").item() == len(names)


@pytest.mark.parametrize(("written", "said"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_an_umlaut_of_a_name_may_be_one_letter_or_two(tmp_path: Path, written: str, said: str) -> None:
    log = "date,start,end,activity\n2026-03-02,09:00,10:00,demo\n"
    config = f'[[source]]\nmatch = "{unicodedata.normalize(said, "Jörg*.csv")}"\nrep = "Jörg"\n'
    study = open_study(write_study(tmp_path, {unicodedata.normalize(written, "Jörg 1.csv"): log}, config))
    assert study.sql("select distinct rep_id from entries")["rep_id"].to_list() == ["Jörg"]


@pytest.mark.parametrize("target", ["logs/log.csv", "logs/new.csv", "timewaste.toml", "reps.csv", DATABASE, "link.csv"])
def test_nothing_is_written_over_what_a_study_is_made_of(tmp_path: Path, tw: Callable[..., Done], target: str) -> None:
    folder = write_study(tmp_path, LOG, "[study]\n", {"reps.csv": "rep_id\nanna\n"})
    (folder / DATABASE).write_bytes(b"")
    (folder / "link.csv").symlink_to(folder / "logs" / "log.csv")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = tw("sql", folder, "select 1 as n", "--format", "csv", "-o", folder / target)
    assert (done.code, "the study itself is made of this" in done.err) == (2, True)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# ------------------------------------------------- what changes, comes twice


def one_of_each() -> dict[str, bytes]:
    """Return a log of every kind that is read, but those that say nothing of whose they are: they are asked about."""
    kinds = {f"{kind}.{SUFFIX[kind]}": seeds(kind)[0] for kind in sorted(SUFFIX)}
    return {name: content for name, content in kinds.items() if not name.startswith(("ods", "timewarrior"))}


def test_a_file_of_any_kind_that_changes_while_it_is_read_is_refused_and_read_next_time(tmp_path: Path) -> None:
    logs = one_of_each()
    assert len(logs) > 6
    folder = write_study(tmp_path, {**logs, "steady.csv": LOG})
    ages = {name: (folder / "logs" / name).stat().st_mtime_ns for name in logs}

    def touch(what: str, _done: int, _all: int) -> None:
        if what in logs:
            os.utime(folder / "logs" / what, ns=(1, 1))

    study = Study(folder)
    study.refresh(touch)
    assert files(study) == ["steady.csv"]
    assert refused(study) == dict.fromkeys(logs, "file/changed")
    for name, age in ages.items():  # back as it was: nothing shows that the study is not up to date
        os.utime(folder / "logs" / name, ns=(age, age))
    study.refresh()
    assert set(files(study)) | set(refused(study)) == {*logs, "steady.csv"}
    assert "file/changed" not in refused(study).values()


def test_a_file_that_goes_while_it_is_read_stops_no_other(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"a.csv": LOG, "b.zip": b"", "c.csv": OTHER})
    with zipfile.ZipFile(folder / "logs" / "b.zip", "w") as packed:
        packed.writestr("x.csv", LOG.replace("anna", "cid"))

    def remove(what: str, _done: int, _all: int) -> None:
        if what in {"a.csv", "b.zip"}:
            (folder / "logs" / what).unlink()

    study = Study(folder)
    study.refresh(remove)
    assert refused(study) == {"a.csv": "file/unreadable", "b.zip": "file/unreadable"}
    study.refresh()
    assert (files(study), refused(study)) == (["c.csv"], {})


def test_an_export_renamed_overlapping_or_grown_adds_nothing_twice(tmp_path: Path) -> None:
    rows = [f"anna,2026-03-{day:02},09:00,10:00,customer meeting\n" for day in range(2, 12)]
    folder = write_study(tmp_path, {"a.csv": HEADER + "".join(rows[:6])})
    study = open_study(folder)
    hours = "select sum(seconds) / 3600 from entries"
    assert study.sql(hours).item() == 6
    (folder / "logs" / "a.csv").rename(folder / "logs" / "b.csv")
    study.refresh()
    assert study.sql(hours).item() == 6
    write_study(folder, {"b.csv": HEADER + "".join(rows[:7]), "next.csv": HEADER + "".join(rows[4:])})
    study.refresh()
    assert study.sql(hours).item() == 10
    accounts = study.sql("select sum(records), sum(entries), sum(duplicates) from source_accounts").row(0)
    assert accounts == (13, 10, 3)


def test_two_loads_at_once_tell_who_is_first(
    tmp_path: Path, clean_env: dict[str, str], tw: Callable[..., Done]
) -> None:
    folder = write_study(tmp_path, LOG)
    code = (
        "import sys; from pathlib import Path; from timewaste.store import Store\n"
        f"with Store.open(Path({str(folder / DATABASE)!r})): print('open', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code], env=clean_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    second = tw("load", folder)
    first.communicate("")
    assert second.code == 2
    assert "the study is in use by another program" in second.err
    assert f"PID {first.pid}" in second.err or sys.platform == "win32"
    assert tw("load", folder).code == 0


# ------------------------------------------------------------------- databases


def test_a_database_with_functions_of_its_own_changes_no_figure(tmp_path: Path) -> None:
    folder = write_study(tmp_path, LOG)
    study = open_study(folder)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create macro sum(x) as 7")
    with pytest.raises(StudyError, match="functions of its own: sum"):
        study.sql("select sum(seconds) from entries")
    write_study(folder, {"more.csv": OTHER})
    with pytest.raises(StudyError, match="functions of its own: sum"):
        study.refresh()
    (folder / DATABASE).unlink()
    assert open_study(folder).sql("select sum(seconds) from entries").item() == 7200


@pytest.mark.parametrize(
    "change",
    [
        "drop view entries; create view entries as select * from int_parts",
        "drop table rep_weeks; create view rep_weeks as select 'anna' as rep_id, 80 as worked_hours",
        "alter table raw_entries add column more varchar default 'x'",
    ],
)
def test_what_stands_in_the_place_of_ours_is_refused(tmp_path: Path, tw: Callable[..., Done], change: str) -> None:
    folder = write_study(tmp_path, LOG)
    study = open_study(folder)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute(change)
    name = change.split()[2].strip(";")
    for command in ("summary", "load", "check"):  # with and without a change of the logs
        done = tw(command, folder)
        assert done.code == 2
        assert f"another program put in the place of {name}" in done.err
        assert "Delete the file: it is rebuilt" in done.err
        write_study(folder, {"more.csv": OTHER})
    (folder / DATABASE).unlink()
    study.refresh()
    assert study.sql("select sum(seconds) from entries").item() == 7200


def test_a_view_of_somebody_elses_stays_and_is_told(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path, LOG)
    plain = open_study(folder).frame("rpt_week_by_category")
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create view hours as select rep_id, sum(seconds) / 3600 as hours from entries group by all")
        connection.execute("create schema mine; create table mine.entries as select 1 as a")
        connection.execute("create view mine.raw_sources as select 1 as a")
    os.utime(folder / "logs" / "log.csv", (1, 1))
    done = tw("load", folder)
    assert done.code == 0
    assert "The database also holds hours, mine.entries, mine.raw_sources: not the study's" in done.err
    assert open_study(folder).frame("rpt_week_by_category").equals(plain)
    write_study(folder, {"more.csv": OTHER})
    tw("load", folder)
    assert Study(folder).sql("select sum(hours) from hours").item() == 2.0
    assert Study(folder).sql("select a from mine.entries").item() == 1


def test_a_table_takes_the_name_of_nobody_elses(tmp_path: Path) -> None:
    folder = write_study(tmp_path, LOG)
    open_study(folder)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create view hours as select 1 as mine")
    own = "-- Hours.\n-- Grain: one row.\n\nselect cast(sum(seconds) as double) / 3600 as hours from entries\n"
    write_study(folder, {"log.csv": LOG}, files={"queries/marts/hours.sql": own})
    with pytest.raises(StudyError, match="did not make, and the study makes one of that name: hours") as caught:
        open_study(folder)
    assert "drop view hours" in caught.value.mend
    with duckdb.connect(str(folder / DATABASE)) as connection:
        assert connection.execute("select mine from hours").fetchall() == [(1,)]
        connection.execute("drop view hours")
    assert open_study(folder).frame("hours")["hours"].to_list() == [1.0]


def test_a_database_is_not_made_anew_over_what_is_somebody_elses(tmp_path: Path) -> None:
    folder = write_study(tmp_path, LOG)
    open_study(folder)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create table notes as select 'ask anna' as note")
        connection.execute("update study_state set value = 'older' where name in ('version', 'glance')")
    with pytest.raises(StudyError, match="also holds what is not the study's: notes") as caught:
        open_study(folder)
    assert "Keep what you need" in caught.value.mend
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("drop table notes")
    assert open_study(folder).state()["version"] != "older"


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.99, 1.0])
def test_a_cut_log_of_changes_leaves_the_study_before_or_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: float
) -> None:
    folder = write_study(tmp_path / "study", LOG)
    open_study(folder)
    write_study(folder, {"more.csv": OTHER})
    copy = tmp_path / "copy"
    close = Store.__exit__

    def copied(self: Store, *raised: object) -> None:
        if not copy.exists():
            shutil.copytree(folder, copy)
        close(self, *raised)

    # What lies on the disk between the commit and the checkpoint.
    monkeypatch.setattr(Store, "transaction", without_checkpoint)
    monkeypatch.setattr(Store, "__exit__", copied)
    with Store.open(folder / DATABASE) as store, store.transaction():
        store.execute("update study_state set value = 'half' where name = 'glance'")
        store.execute("insert into raw_texts select -1 - n, 'notes', repeat('x', 100) from range(5000) as made(n)")
    monkeypatch.undo()
    path = copy / f"{DATABASE}.wal"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with Study(copy).store() as store:
        found = store.execute(
            "select (select count(*) from raw_texts where text_id < 0), "
            "(select count(*) from study_state where value = 'half')"
        )
    assert found == ([(5000, 1)] if keep == 1 else [(0, 0)])
    assert open_study(copy).sql("select sum(seconds) from entries").item() == 7200


def test_what_a_killed_build_spilled_is_removed(tmp_path: Path) -> None:
    folder = write_study(tmp_path, LOG)
    spilled = folder / f"{DATABASE}.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage.tmp").write_bytes(b"anna")
    open_study(folder)
    assert not spilled.exists()


# ------------------------------------------------------------ killed, unpacked


@POSIX
def test_what_a_killed_load_unpacked_is_removed_by_the_next(
    tmp_path: Path, clean_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = (
        "import sys, os; from timewaste.files import PrivateFolder\n"
        "made = PrivateFolder(); (made.path / 'log.csv').write_text('anna'); os.utime(made.path, (1, 1))\n"
        "print(made.path, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], env=clean_env | {"TMPDIR": str(tmp_path)}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    left = Path(child.stdout.readline().strip())
    assert left.stat().st_mode & 0o077 == 0
    clear_abandoned_folders()
    assert left.is_dir()  # in use, however old
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert left.is_dir()
    PrivateFolder().remove()
    assert not left.exists()


@pytest.mark.slow
@POSIX
def test_a_kill_while_files_of_every_kind_are_read_leaves_the_study_before_or_after(
    tmp_path: Path, clean_env: dict[str, str]
) -> None:
    folder = write_study(tmp_path / "study", {"steady.csv": LOG})
    open_study(folder)
    before = accounts(folder)
    kept = (folder / DATABASE).read_bytes()
    write_study(folder, one_of_each())
    environment = clean_env | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "timewaste", "load", "-q", str(folder)]
    started = time.monotonic()
    subprocess.run(command, env=environment, check=False, capture_output=True)
    whole, after = time.monotonic() - started, accounts(folder)
    assert after[0] > before[0]
    states = []
    for number in range(8):
        (folder / f"{DATABASE}.wal").unlink(missing_ok=True)
        (folder / DATABASE).write_bytes(kept)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(whole * (0.1 + 0.11 * number))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        states.append(accounts(folder))
        assert states[-1] in (before, after)
    assert before in states
    for path in tmp_path.glob("timewaste-unpacked-*"):
        os.utime(path, (1, 1))
    subprocess.run(command, env=environment, check=False, capture_output=True)
    assert accounts(folder) == after
    assert list(tmp_path.glob("timewaste-unpacked-*")) == []


def accounts(folder: Path) -> tuple[Any, ...]:
    with Study(folder).store() as store:
        return (
            *store.execute("select count(*), sum(source_id), sum(line) from raw_entries")[0],
            *store.execute("select count(*), sum(seconds), sum(start_second) from entries")[0],
            *store.execute("select count(*) from raw_refused")[0],
        )


# ------------------------------------------------------------ dates and clocks


def test_dates_and_clock_times_that_no_log_may_hold_do_not_count(tmp_path: Path, figures: Figures) -> None:
    cases = [
        ("2026-03-02", "09:00", "10:00", None, 3600),
        ("2026-03-02", "22:00", "24:00", None, 7200),
        ("2026-03-03", "24:00", "01:00", None, 3600),
        ("2026-12-31", "23:00:00", "23:59:60", None, 3599),
        ("2026-03-02", "09:00", "25:00", "time/format", None),
        ("2026-03-02", "14:00 PM", "15:00 PM", "time/format", None),
        ("2026-03-02", "9:5", "10:00", "time/format", None),
        ("2026-02-30", "09:00", "10:00", "date/impossible", None),
        ("0001-01-01", "09:00", "10:00", "date/window", None),
        ("9999-12-31", "09:00", "10:00", "date/window", None),
        ("1899-12-30", "09:00", "10:00", "date/window", None),
        ("5/1/26", "09:00", "10:00", "date/format", None),
        ("epoch", "09:00", "10:00", "date/format", None),
        ("infinity", "09:00", "10:00", "date/format", None),
        ("46027.375", "09:00", "10:00", "date/format", None),
    ]
    log = HEADER + "".join(f"rep {n},{date},{start},{end},demo\n" for n, (date, start, end, *_) in enumerate(cases))
    config = '[study]\nlatest_date = 2027-01-31\ntime_zone = "Europe/Berlin"\n'
    made = figures(write_study(tmp_path, log, config))
    found = made["int_entries"].sort("line").select("problem", "seconds").rows()
    for case, (problem, seconds) in zip(cases, found, strict=True):
        assert (problem, seconds if problem is None else None) == case[3:], case
    records, entries, aside = made["source_accounts"].select("records", "entries", "set_aside").row(0)
    assert (records, entries, aside) == (15, 4, 11)


# --------------------------------------------------------------- many and large


def test_a_thousand_small_files_are_all_there(tmp_path: Path, figures: Figures) -> None:
    logs = {
        f"team {n % 7}/{n}.csv": HEADER
        + f"rep {n % 50},2026-03-{n % 28 + 1:02},{n % 20:02}:00,{n % 20:02}:30,call {n}\n"
        for n in range(1000)
    }
    made = figures(write_study(tmp_path, logs))
    assert made["source_accounts"]["file"].n_unique() == 1000
    assert made["source_accounts"]["records"].sum() == 1000


def test_long_texts_are_written_before_there_are_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "_SOME_BYTES", 1 << 20)
    monkeypatch.setattr("timewaste.readers.scan.BLOCK", 1 << 20)
    most = []
    write_rows = Landing._write_rows

    def watched(self: Landing) -> None:
        frames = [*self._texts, *(part for _, part in self._rows)]
        most.append(sum(frame.estimated_size() for frame in frames))
        write_rows(self)

    monkeypatch.setattr(Landing, "_write_rows", watched)
    long = "x" * 50_000
    rows = [f"anna,2026-03-{n % 28 + 1:02},09:00,09:30,call {n}{long},note {n}{long}\n" for n in range(100)]
    folder = write_study(tmp_path, {"a.csv": HEADER.replace("\n", ",notes\n") + "".join(rows)})
    study = open_study(folder)
    assert len(most) > 5
    assert max(most) < 4 << 20  # of 10 MB
    texts = study.sql("select label, extra, notes from stg_records order by line")
    assert texts["label"].to_list() == [f"call {n}{long}" for n in range(100)]
    assert texts["notes"].to_list() == [f"note {n}{long}" for n in range(100)]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no way to say how many cores")
def test_one_core_or_all_and_any_number_of_threads_give_the_same_rows(
    tmp_path: Path, clean_env: dict[str, str]
) -> None:
    rows = [
        f"rep {n % 23},2026-03-{n % 28 + 1:02},{n % 19:02}:{n % 60:02},{n % 50 + 5} min,"
        f"{'demo' if n % 3 else f'task {n % 40}'}\n"
        for n in range(4000)
    ]
    made = []
    for number, threads in enumerate(("1", "4", "16")):
        order = rows if number == 0 else rows[1000 * number :] + rows[: 1000 * number]
        logs = {"a.csv": "rep,date,start,duration,activity\n" + "".join(order)}
        folder = write_study(tmp_path / str(number), logs)

        def pin(number: int = number) -> None:
            if number == 0:
                os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

        subprocess.run(
            [sys.executable, "-m", "timewaste", "load", "-q", str(folder)],
            env=clean_env | {"POLARS_MAX_THREADS": threads}, check=True, capture_output=True, preexec_fn=pin,
        )  # fmt: skip
        study = Study(folder)
        tables = [study.frame(name).write_csv() for name in ("rpt_week_by_category", "rpt_wasters", "verdicts")]
        query = "select rep_id, local_date, start_second, seconds, label, activity_code from entries order by all"
        made.append((*tables, study.sql(query).write_csv()))
    assert all(len(part) > 50 for part in made[0])
    assert made[0] == made[1] == made[2]


def test_neither_home_nor_zone_nor_language_of_the_machine_matters(tmp_path: Path, clean_env: dict[str, str]) -> None:
    folder = write_study(tmp_path, LOG)
    bare = {"PYTHONPATH": clean_env["PYTHONPATH"], "TZ": "Odd/Zone", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "timewaste", "load", str(folder)], env=bare, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert Study(folder).sql("select start_second, seconds from entries").rows() == [
        (1_772_442_000, 3600)
    ]  # 09:00 in UTC


@POSIX
def test_without_a_place_for_temporary_files_the_message_says_so(tmp_path: Path, clean_env: dict[str, str]) -> None:
    """As in a container that is read-only: no folder that Python tries can be written to."""
    folder = write_study(tmp_path / "study", LOG)
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    nowhere.chmod(0o555)
    code = (
        f"import tempfile; tempfile._candidate_tempdir_list = lambda: [{str(nowhere)!r}]; "
        "from timewaste.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "load", str(folder)], env=clean_env | {"TMPDIR": str(nowhere)},
        capture_output=True, check=False, preexec_fn=as_plain_user,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no folder for temporary files can be written to" in done.stderr.decode()
    assert "Set TMPDIR" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@POSIX
def test_a_clock_that_was_set_back_changes_nothing(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "study", {"a.csv": LOG, "b.csv": OTHER})
    tables = ("entries", "rpt_week_by_category", "source_accounts")
    plain = {name: frame.drop("source_id", strict=False) for name, frame in open_study(folder).frames(*tables).items()}
    future = time.time() + 10 * 365 * 86_400
    for path in (folder / "logs").iterdir():
        os.utime(path, (future, future))
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("update study_state set value = '2099-01-01 00:00:00' where name = 'made_at'")
    assert open_study(folder).state()["made_at"] < "2099"
    again = open_study(folder).frames(*tables)
    assert all(again[name].drop("source_id", strict=False).equals(plain[name]) for name in tables)
    assert Study(folder).refresh().models == ()  # a time in the future is as good as another
    (folder / "logs" / "b.csv").write_text(OTHER.replace("10:00", "11:00"))  # newer, and yet "older" than it was
    assert open_study(folder).frame("entries")["seconds"].sum() == 3 * 3600
    assert tw("load", folder).code == 0


@POSIX
def test_a_private_folder_from_the_future_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = Path(tempfile.mkdtemp(prefix="timewaste-unpacked-"))
    clear_abandoned_folders()
    assert left.is_dir()  # just made, and perhaps not locked yet
    future = time.time() + 86_400
    os.utime(left, (future, future))
    clear_abandoned_folders()
    assert not left.exists()


# ---------------------------------------------------------------------- privacy


@POSIX
def test_the_database_is_its_owners_alone_also_an_older_one(tmp_path: Path, tw: Callable[..., Done]) -> None:
    folder = write_study(tmp_path / "study", LOG)
    before = os.umask(0o022)
    try:
        tw("load", folder)
        database = folder / DATABASE
        assert database.stat().st_mode & 0o777 == 0o600
        database.chmod(0o644)
        (folder / "logs" / "more.csv").write_text(OTHER)
        open_study(folder)
        assert database.stat().st_mode & 0o777 == 0o600
        assert os.umask(0o022) == 0o022  # what is written afterwards is as public as before
    finally:
        os.umask(before)


@POSIX
def test_what_the_database_spills_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Store.open(tmp_path / "a.duckdb") as store:
            store.execute("create table t as select 1 as a")
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        assert modes == {"a.duckdb": 0o600, "a.duckdb.wal": 0o600}
    finally:
        os.umask(before)
