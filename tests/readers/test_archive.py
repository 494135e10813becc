"""Archives: what lies in a .zip or .gz is read as if it lay in logs/; bombs, passwords and nests are refused."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studies import write_study
from xes_logs import event, log, trace

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import archive, open_file
from timewaste.readers.scan import scan_frames
from timewaste.readers.sheet import MEMBER_PART

HEAD = "Rep,Date,Start,End,Activity\n"
ROW = "anna,2026-01-05,09:00,09:30,call\n"


def pack(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return out.getvalue()


def workbook(*names, head=HEAD):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            for row, line in enumerate((head, ROW)):
                sheet.write_row(row, 0, line.strip().split(","))
    return out.getvalue()


def gather(sheet):
    return [row for batch in sheet.batches() for row in batch.rows(named=True)]


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Let temporary folders lie where they can be counted; return a function that names those there are."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return lambda: [folder for folder in place.iterdir() if folder.is_dir()]


@pytest.fixture
def unpack(write):
    return lambda content, name="logs.zip", **said: open_file(write(content, name), name, SourceConfig(**said))


def refuse(unpack, content, name="logs.zip", **said):
    with pytest.raises(ReadError) as caught:
        unpack(content, name, **said)
    assert caught.value.where.startswith(name)
    assert caught.value.mend
    return caught.value


def test_every_log_in_a_zip_is_a_table_of_its_own(unpack):
    sheets = unpack(
        pack(
            [
                ("team/anna.csv", HEAD + ROW),
                ("team/", ""),
                ("book.xlsx", workbook("Ida", "Per")),
                ("quotes.xes", log(trace(event()))),
            ]
        )
    )
    assert [sheet.sheet for sheet in sheets] == [
        "team/anna.csv", f"book.xlsx{MEMBER_PART}Ida", f"book.xlsx{MEMBER_PART}Per", "quotes.xes",
    ]  # fmt: skip
    assert {sheet.relative for sheet in sheets} == {"logs.zip"}
    assert [sheet.format for sheet in sheets] == ["csv", "xlsx", "xlsx", "xes"]
    assert [len(gather(sheet)) for sheet in sheets] == [1, 1, 1, 1]
    assert [sheet.tally.rows_read for sheet in sheets] == [1, 1, 1, 1]


def test_a_plain_table_in_an_archive_is_still_read_the_fast_way(unpack):
    for content, name in (
        (pack([("a.csv", HEAD + ROW * 50)]), "a.zip"),
        (gzip.compress((HEAD + ROW).encode()), "a.gz"),
    ):
        (sheet,) = unpack(content, name)
        assert sum(frame.height for frame in scan_frames(sheet.scan)) == len(gather(sheet))


def test_what_computers_put_beside_files_is_passed_over(unpack):
    junk = ["__MACOSX/._a.csv", ".DS_Store", "team/.hidden.csv", "Thumbs.db", "desktop.ini"]
    (sheet,) = unpack(pack([*((name, b"\0\1\2") for name in junk), ("a.csv", HEAD + ROW), ("empty.csv", "")]))
    assert sheet.sheet == "a.csv"
    assert sheet.notes == ()


def test_what_is_not_understood_is_a_note_and_stops_nothing(unpack):
    members = [("readme.html", "<html><p>Calendar"), ("a.csv", HEAD + ROW), ("deep.zip", pack([("b.csv", HEAD + ROW)]))]
    (sheet,) = unpack(pack(members))
    assert [(note.rule, note.value, note.treatment) for note in sheet.notes] == [
        ("archive/not_understood", "readme.html: file/html", "noted"),
        ("archive/not_understood", "deep.zip: archive/nested", "noted"),
    ]


def test_an_archive_without_a_log_is_refused_with_the_reason_for_each_file(unpack):
    error = refuse(unpack, pack([("a.html", "<html>"), ("b.pdf", "%PDF-1.7")]))
    assert error.code == "archive/no-log"
    assert "a.html" in error.what
    assert "b.pdf" in error.what
    assert refuse(unpack, pack([("a.html", "<html>")])).code == "file/html"
    assert refuse(unpack, pack([(".DS_Store", "x")])).code == "file/empty"


def test_a_member_that_cannot_be_read_is_named(unpack):
    body = (HEAD + ROW * 3).encode() + b"J\xf6rg,2026-01-05,09:00,09:30,call\n"
    (sheet,) = unpack(pack([("team/anna.csv", body)]))
    with pytest.raises(ReadError) as caught:
        list(sheet.batches())
    assert caught.value.code == "csv/encoding"
    assert caught.value.where == "logs.zip, team/anna.csv, line 5"
    assert 'match = "logs.zip"' in caught.value.mend


def test_archives_in_archives_are_refused(unpack):
    inner = pack([("a.csv", HEAD + ROW)])
    assert refuse(unpack, pack([("inner.zip", inner)])).code == "archive/nested"
    assert refuse(unpack, gzip.compress(inner), "logs.gz").code == "archive/nested"
    assert refuse(unpack, gzip.compress(gzip.compress(HEAD.encode())), "logs.gz").code == "archive/nested"
    assert refuse(unpack, b"a.csv".ljust(257, b"\0") + b"ustar\0" + bytes(300), "logs.tar").code == "file/archive"


def test_an_archive_with_a_password_says_so(unpack):
    content = bytearray(pack([("a.csv", HEAD + ROW)], zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag in both headers
        content[content.index(mark) + offset] |= 1
    error = refuse(unpack, bytes(content))
    assert error.code == "archive/encrypted"
    assert "password" in error.what


def test_bombs_are_refused_before_they_fill_the_disk(unpack, monkeypatch, folders):
    monkeypatch.setattr(archive, "FREE_SIZE", 1 << 20)
    zeros = bytes(4 << 20)
    assert refuse(unpack, pack([("a.csv", HEAD + ROW), ("b.csv", zeros)])).code == "archive/too-large"
    assert refuse(unpack, gzip.compress(zeros), "a.csv.gz").code == "archive/too-large"
    assert folders() == []


@pytest.mark.parametrize("name", ["log.csv.gz", "logs.zip"])
def test_a_bomb_is_refused_long_before_it_has_unpacked(unpack, monkeypatch, name):
    monkeypatch.setattr(archive, "FREE_SIZE", 1 << 20)
    monkeypatch.setattr(archive, "_CHUNK", 1 << 16)
    written = []
    check = archive._check_size

    def watched(size, packed, of, shown):
        written.append(of.folder.size)
        check(size, packed, of, shown)

    monkeypatch.setattr(archive, "_check_size", watched)
    zeros = bytes(200 << 20)
    content = gzip.compress(zeros, 1) if name.endswith(".gz") else pack([("a.csv", zeros)])
    assert refuse(unpack, content, name).code == "archive/too-large"
    assert max(written) < 40 << 20


def test_a_member_or_all_of_them_may_not_be_larger_than_the_limit(unpack, monkeypatch, folders):
    rows = (HEAD + ROW * 40_000).encode()
    monkeypatch.setattr(archive, "MAX_MEMBER", 1 << 20)
    assert refuse(unpack, pack([("a.csv", rows)])).code == "archive/too-large"
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MAX_TOTAL", 2 << 20)
    assert refuse(unpack, pack([("a.csv", rows), ("b.csv", rows)])).code == "archive/too-large"
    assert folders() == []


def test_a_size_that_the_archive_lies_about_is_found_while_unpacking(unpack, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBER", 1 << 20)
    content = pack([("a.csv", bytes(4 << 20))])
    lying = content.replace((4 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refuse(unpack, lying).code in {"archive/too-large", "archive/damaged", "csv/no-header"}


def test_more_members_than_anyone_hands_out_are_refused(unpack):
    content = pack([(f"{n}.csv", "x") for n in range(archive.MAX_MEMBERS + 1)])
    assert refuse(unpack, content).code == "archive/too-many"


def test_workbooks_that_cannot_all_be_open_at_once_are_refused(unpack, monkeypatch, folders):
    monkeypatch.setattr(archive, "MAX_WORKBOOKS", 2)
    content = pack([("a.csv", HEAD + ROW), *((f"{n}.xlsx", workbook("Log")) for n in range(3))])
    assert refuse(unpack, content).code == "archive/too-many"
    assert folders() == []


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a/../../../evil.csv"])
def test_names_are_told_but_never_used_as_paths(unpack, name, folders, tmp_path):
    before = set(tmp_path.rglob("*evil*"))
    (sheet,) = unpack(pack([(name, HEAD + ROW)]))
    assert "evil.csv" in sheet.sheet
    (folder,) = folders()
    assert [path.name for path in folder.iterdir()] == ["member-1"]
    assert set(tmp_path.rglob("*evil*")) == before


def test_two_members_of_one_name_are_told_apart(unpack):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = pack([("a.csv", HEAD + ROW), ("a.csv", HEAD + ROW * 2)])
    sheets = unpack(content)
    assert [sheet.sheet for sheet in sheets] == ["a.csv", "a.csv (2)"]
    assert [len(gather(sheet)) for sheet in sheets] == [1, 2]


def test_the_folder_lives_as_long_as_its_sheets_and_is_private(unpack, folders):
    sheets = unpack(pack([("a.csv", HEAD + ROW), ("b.csv", HEAD + ROW), ("c.html", "<html>")]))
    (folder,) = folders()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0
    last = sheets.pop()
    sheets.clear()
    assert len(gather(last)) == 1
    del last
    assert folders() == []


def test_a_refused_archive_leaves_nothing_behind(unpack, folders):
    for content, name in (
        (pack([("a.html", "<html>")]), "logs.zip"),
        (pack([("a.csv", HEAD + ROW)])[:-30], "logs.zip"),
        (gzip.compress(os.urandom(1000))[:-400], "logs.gz"),
        (gzip.compress(b"<html>"), "logs.gz"),
    ):
        refuse(unpack, content, name)
        assert folders() == []


def test_damage_in_one_member_spares_the_others(unpack):
    content = bytearray(pack([("a.csv", HEAD + ROW * 200), ("b.csv", HEAD + ROW)]))
    content[60] ^= 0xFF
    (sheet,) = unpack(bytes(content))
    assert sheet.sheet == "b.csv"
    assert sheet.notes[0].value == "a.csv: archive/damaged"


@pytest.mark.parametrize("cut", [20, 4, 1])
def test_a_gzip_file_that_is_cut_off_is_refused(unpack, cut):
    assert refuse(unpack, gzip.compress((HEAD + ROW * 50).encode())[:-cut], "a.csv.gz").code == "archive/damaged"


def test_settings_name_a_member_or_a_sheet_of_it(unpack):
    content = pack([("a.csv", HEAD + ROW), ("book.xlsx", workbook("Ida", "Per"))])
    assert [sheet.sheet for sheet in unpack(content, sheet="a.csv")] == ["a.csv"]
    assert [sheet.sheet for sheet in unpack(content, sheet=f"book.xlsx{MEMBER_PART}Per")] == [
        f"book.xlsx{MEMBER_PART}Per"
    ]
    assert len(unpack(content, sheet="book.xlsx")) == 2


def test_a_study_takes_an_archive_in_and_its_accounts_are_whole(tmp_path, figures):
    end = event(moment="2026-03-02T09:30:00+01:00", transition="complete")
    members = [
        ("anna.csv", HEAD + ROW + "Total,,,,\n"),
        ("quotes.xes", log(trace(event(transition="start"), end))),
        ("notes.txt", "nothing"),
    ]
    folder = write_study(tmp_path, {"all.zip": pack(members), "ben.csv.gz": gzip.compress((HEAD + ROW).encode())})
    tables = figures(folder)
    accounts = tables["source_accounts"].sort("file", "sheet")
    assert accounts.select("file", "sheet", "records", "skipped").rows() == [
        ("all.zip", "anna.csv", 2, 1), ("all.zip", "quotes.xes", 2, 1), ("ben.csv.gz", None, 1, 0),
    ]  # fmt: skip
    assert tables["entries"]["seconds"].sum() == 3 * 1800 - 1800  # ben's row is a copy of anna's
    assert "archive/not_understood" in tables["issues"]["rule"].to_list()


@pytest.mark.parametrize(
    ("rep", "reps"), [("file", {"ben", "book", "ida.holm"}), ("sheet", {"ben", "Ida", "Per", "ida.holm"})]
)
def test_a_file_in_an_archive_may_be_one_reps(tmp_path, figures, rep, reps):
    table = (HEAD + ROW).replace("Rep,", "").replace("anna,", "")
    members = [("team/ben.csv", table), ("book.xlsx", workbook("Ida", "Per", head=HEAD.replace("Rep", "Team")))]
    logs = {"all.zip": pack(members), "ida.holm.csv.gz": gzip.compress(table.replace("call", "visit").encode())}
    folder = write_study(tmp_path, logs, f'[[source]]\nmatch = "*"\nrep = "{rep}"\n')
    assert set(figures(folder)["entries"]["rep_id"]) == reps


NAMES = st.from_regex(r"[a-cé]{1,3}(/[a-c][é .]{0,2})?\.(csv|txt)", fullmatch=True)
LABELS = st.lists(st.text(st.sampled_from('ab,;"é😀'), min_size=1, max_size=8), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.dictionaries(NAMES, LABELS, min_size=1, max_size=4))
def test_what_is_packed_comes_back(unpack, tables):
    members = {}
    for name, labels in tables.items():
        quoted = [label.replace('"', '""') for label in labels]
        members[name] = HEAD + "".join(f'anna,2026-01-05,09:00,09:30,"{label}"\n' for label in quoted)
    sheets = unpack(pack(members.items()))
    found = {sheet.sheet: [row["label"] for row in gather(sheet)] for sheet in sheets}
    assert found == tables
    for sheet in sheets:
        tally = sheet.tally
        assert tally.rows_read == len(tables[sheet.sheet]) + tally.blank + tally.skipped
