"""What is no log is named for what it is."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from timewaste.errors import ReadError
from timewaste.readers.file_kind import detect_kind

if TYPE_CHECKING:
    from pathlib import Path

MAIL = b"From: a@b\nTo: c@d\nSubject: my hours\n\nMon 2h visit\n"


def package(*members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member in ("[Content_Types].xml", *members):
            archive.writestr(member, "<x/>")
    return packed.getvalue()


def kind(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return detect_kind(path, name)


@pytest.mark.parametrize(
    ("name", "content", "code", "what"),
    [
        ("a.docx", package("word/document.xml"), "file/document", "this is a Word document (.docx), not a log"),
        ("a.pptx", package("ppt/presentation.xml"), "file/document", "a PowerPoint presentation"),
        ("a.eml", MAIL, "file/document", "this is a mail"),
        ("b.eml", b"Received: from x\r\n\tby y\r\nFROM: a@b\r\n\r\n", "file/document", "this is a mail"),
    ],
)
def test_what_is_no_log_is_named(tmp_path: Path, name: str, content: bytes, code: str, what: str) -> None:
    with pytest.raises(ReadError) as caught:
        kind(tmp_path, name, content)
    assert caught.value.code == code
    assert what in caught.value.what


@pytest.mark.parametrize(
    "content",
    [
        b"From: 2026-03-01\nTo: 2026-03-31\n\nRep,Date,Hours,Activity\n", b"Subject: hours\nRep,Date,Hours,Activity\n",
        b"Subject,From,To\n",
    ],
)  # fmt: skip
def test_lines_above_a_table_are_no_mail(tmp_path: Path, content: bytes) -> None:
    assert kind(tmp_path, "log.csv", content) == "csv"


def test_an_archive_of_documents_stays_an_archive(tmp_path: Path) -> None:
    assert kind(tmp_path, "log.zip", package("letters/word.xml")) == "zip"
