"""What a file really is, by its first bytes and never by its name."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.notations import notation
from timewaste.readers.xml_root import is_event_log

if TYPE_CHECKING:
    from pathlib import Path

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "Save it as .xlsx or as CSV (UTF-8) and put that file in its place."
# Where the bytes stand, the bytes, code, what it is, how to mend.
_OTHERS = (
    (0, b"%PDF", "file/pdf", "a PDF", "Ask for the table itself, as .xlsx or CSV."),
    (0, b"{\\rtf", "file/rtf", "an RTF document", _SAVE_AS),
    (0, b"SQLite format 3\0", "file/database", "an SQLite database", "Export the table as CSV."),
    (
        8, b"DUCK", "file/database", "a DuckDB database",
        "Move it out of logs/. A study's own database lies beside its timewaste.toml.",
    ),
    (0, b"\x89PNG", "file/image", "an image", "Ask for the table itself, as .xlsx or CSV."),
    (0, b"\xff\xd8\xff", "file/image", "an image", "Ask for the table itself, as .xlsx or CSV."),
    (0, b"7z\xbc\xaf", "file/archive", "a 7z archive", "Unpack it first."),
    (0, b"Rar!", "file/archive", "a RAR archive", "Unpack it first."),
    (257, b"ustar", "file/archive", "a tar archive", "Unpack it first."),
)  # fmt: skip

# Members that tell what an Office file is.
_OFFICE = {
    "word/document.xml": "a Word document (.docx)",
    "ppt/presentation.xml": "a PowerPoint presentation (.pptx)",
    "visio/document.xml": "a Visio drawing (.vsdx)",
}
_MAIL_LINE = re.compile(rb"([A-Za-z][A-Za-z-]*):\s|[ \t]+\S")
_MAIL_NAMES = {b"subject", b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to"}


def detect_kind(path: Path, relative: str) -> str:
    """Return a key of `READERS`. Raises `ReadError` that names what the file is when it is none of them."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head in {b"", *_BOMS} or not head.strip(b"\0 \t\r\n\x1a"):
        raise ReadError("file/empty", "the file is empty", where=relative, mend="Delete it, or ask for it again.")
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path, relative)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x05\x06"):
        raise ReadError("file/empty", "an empty zip archive", where=relative, mend="Ask for the file again.")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xlsx"  # .xls: what is in it is looked at before it is opened
    for place, magic, code, what, mend in _OTHERS:
        if head[place:].startswith(magic):
            raise ReadError(code, f"this is {what}, not a log", where=relative, mend=mend)
    return _text_kind(path, head, relative)


def _text_kind(path: Path, head: bytes, relative: str) -> str:
    """Return which text it is, told by how it begins. Raises `ReadError` for markup that is no log."""
    if is_event_log(path):
        return "xes"
    start = _as_utf8(head).lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return "html"
    if start.startswith(b"<?xml"):
        raise ReadError(
            "file/xml",
            "this is an XML file, not a log",
            where=relative,
            mend=f"Open it in Excel. {_SAVE_AS}",
        )
    if _is_mail(head):
        mend = "Save the log that is attached to it, or ask for the table itself, and put that in its place."
        raise ReadError("file/document", "this is a mail, not a log", where=relative, mend=mend)
    return "ics" if _is_calendar(head) else notation(path, head) or "csv"


def _as_utf8(head: bytes) -> bytes:
    """Return the beginning of a text without its mark, in UTF-8 if the mark says UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return head.removeprefix(_BOMS[0])


def _is_calendar(head: bytes) -> bool:
    words = _as_utf8(head).split(maxsplit=1)
    return bool(words) and words[0].upper() in {b"BEGIN:VCALENDAR", b"BEGIN:VEVENT"}


def _is_mail(head: bytes) -> bool:
    """Tell whether a text begins with the head of a mail: who sent it, and a line that only mails have."""
    names = set()
    for line in head.removeprefix(_BOMS[0]).lstrip().splitlines():
        if not (found := _MAIL_LINE.match(line)):
            break
        names.add((found[1] or b"").lower())
    return b"from" in names and bool(names & _MAIL_NAMES)


def _zip_kind(path: Path, relative: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            document = _beginning(archive, "mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error):
        raise ReadError(
            "xlsx/damaged", "the workbook is damaged or cut off", where=relative,
            mend="Ask for the file again, or open it in Excel and save it anew.",
        ) from None  # fmt: skip
    if "xl/workbook.xml" in names or any(name.endswith("/workbook.xml") or name == "workbook.xml" for name in names):
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsx"
    if b"opendocument.spreadsheet" in document and "content.xml" in names:
        return "xlsx"
    if b"opendocument" in document:
        raise ReadError("file/document", "this is an OpenDocument text or drawing", where=relative, mend=_SAVE_AS)
    for member, what in _OFFICE.items():
        if member in names and "[Content_Types].xml" in names:
            mend = "Ask for the table itself, as .xlsx or CSV; a table in it can be copied into a worksheet."
            raise ReadError("file/document", f"this is {what}, not a log", where=relative, mend=mend)
    return "zip"


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member's first bytes; all of it may be more than memory holds."""
    with archive.open(name) as stream:
        return stream.read(200)
