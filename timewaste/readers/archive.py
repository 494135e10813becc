"""Archives: a .zip of logs, as calendars are handed out, or one .gz: each file in it is read as if it lay in `logs/`.

Members are unpacked, one by one and within limits, into a private folder that lives as long as their sheets. Names
in an archive are told, never used as paths.
"""

from __future__ import annotations

import errno
import gzip
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.files import PrivateFolder
from timewaste.issue import Issue, shorten
from timewaste.readers.file_kind import detect_kind
from timewaste.readers.sheet import MEMBER_PART, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Sheet

MAX_MEMBERS = 1_000
MAX_WORKBOOKS = 200
"""Workbooks keep a process busy and a file open each, until they are read."""
MAX_MEMBER = 2 << 30
MAX_TOTAL = 4 << 30
FREE_SIZE = 100 << 20
MAX_RATIO = 200
"""A member above `FREE_SIZE` may unpack to so many times its packed size."""

_CHUNK = 1 << 20
_JUNK = {"thumbs.db", "desktop.ini"}
_ARCHIVES = {"zip", "gzip"}
_WORKBOOKS = {"html", "xlsx"}
_FATAL = {"archive/too-large", "archive/too-many"}
_BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_ANEW = "Ask for the file again, or unpack it and put the logs themselves into logs/."


class _Folder(PrivateFolder):
    """A private folder for unpacked members, removed when no sheet needs it any more."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.count = self.workbooks = 0

    def place(self) -> Path:
        """Return a new path in the folder."""
        self.count += 1
        return self.path / f"member-{self.count}"


_NAMELESS = {"calendar", "kalender", "calendrier", "basic", "export", "agenda"}


@dataclass(frozen=True, slots=True)
class _Archive:
    path: Path
    relative: str
    source: SourceConfig
    folder: _Folder


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the tables of every member that is understood; what is not is a note.

    A table's `sheet` is the member's name, with that of a worksheet behind it. Raises `ReadError` (archive/…)
    when the archive cannot be unpacked within limits, or the member's own when none is understood.
    """
    archive = _Archive(path, relative, source, _Folder())
    is_single = detect_kind(path, relative) == "gzip"
    try:
        return _gzip_sheets(archive) if is_single else _zip_sheets(archive)
    except _BROKEN as error:
        archive.folder.remove()
        raise _error("damaged", f"the archive is damaged: {shorten(str(error), 120)}", relative) from None
    except BaseException:  # an interrupt must not leave the folder either
        archive.folder.remove()
        raise


def _error(code: str, what: str, where: str, mend: str = _ANEW) -> ReadError:
    return ReadError(f"archive/{code}", what, where=where, mend=mend)


# ------------------------------------------------------------------- gzip


def _gzip_sheets(archive: _Archive) -> list[Sheet]:
    """Return the tables of the one file; it goes by the archive's name."""
    inner = archive.folder.place()
    with archive.path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as stream:
        _unpack(stream, inner, archive, "the file", packed=packed.tell)
    _check_kind(inner, archive.relative, archive.folder)
    name = archive.relative[:-3] if archive.relative.casefold().endswith(".gz") else archive.relative
    return [
        replace(_kept(sheet, archive, sheet.sheet, ""), member=name)
        for sheet in _open(inner, archive.relative, archive.source)
    ]


# -------------------------------------------------------------------- zip


def _zip_sheets(archive: _Archive) -> list[Sheet]:
    with zipfile.ZipFile(archive.path) as packed:
        members = _members(packed, archive)
        sheets: list[Sheet] = []
        notes: list[Issue] = []
        refused: list[ReadError] = []
        taken: set[str] = set()
        for member in members:
            name = _free(_name(member), taken)
            try:
                sheets += _member_sheets(packed, member, name, archive)
            except ReadError as error:
                if error.code in _FATAL or error.code.endswith("/timeout"):  # nothing more of it is tried
                    raise
                refused.append(_placed(error, "", error.where))  # the raised one would keep the folder alive
                said = f"{shorten(name, 80)}: {error.code}"
                notes.append(Issue(0, "", "archive/not_understood", said, "noted"))
    if not sheets:
        raise _nothing(archive, refused)
    return [replace(sheets[0], notes=(*notes, *sheets[0].notes)), *sheets[1:]]


def _members(packed: zipfile.ZipFile, archive: _Archive) -> list[zipfile.ZipInfo]:
    """Return the files that may be logs, in the archive's order, the one that the settings name alone."""
    files = [member for member in packed.infolist() if not member.is_dir()]
    if len(files) > MAX_MEMBERS:
        raise _error(
            "too-many",
            f"{len(files)} files in the archive; at most {MAX_MEMBERS} are read",
            archive.relative,
            "Unpack it and put the logs among them into logs/.",
        )
    members = [member for member in files if not _is_junk(_name(member)) and member.file_size]
    named = archive.source.sheet.partition(MEMBER_PART)[0]
    return [member for member in members if _name(member) == named] or members


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/").lstrip("/")


def _is_junk(name: str) -> bool:
    """Tell whether a member is what computers put beside files: dot files, previews, resource forks."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1].casefold() in _JUNK


def _free(name: str, taken: set[str]) -> str:
    """Return the name, numbered if another member has it, and remember it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    taken.add(free)
    return free


def _member_sheets(packed: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, archive: _Archive) -> list[Sheet]:
    where = f"{archive.relative}, {shorten(name, 120)}"
    if member.flag_bits & 1:
        raise _error(
            "encrypted", "the archive is protected by a password", where,
            "Unpack it with the password, and put the logs themselves into logs/.",
        )  # fmt: skip
    inner = archive.folder.place()
    try:
        shown = shorten(posixpath.basename(name))
        _check_size(member.file_size, member.compress_size, archive, shown)  # if it tells the truth: at once
        with packed.open(member) as stream:
            _unpack(stream, inner, archive, shown, packed=lambda: member.compress_size)
    except (*_BROKEN, OSError) as error:
        inner.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno not in {errno.EINVAL, None}:
            raise
        raise _error("damaged", f"cannot be unpacked: {shorten(str(error), 120)}", where) from None
    try:
        _check_kind(inner, where, archive.folder)
        sheet_name = archive.source.sheet
        if sheet_name == name or sheet_name.startswith(f"{name}{MEMBER_PART}"):
            sheet_name = sheet_name.removeprefix(name).removeprefix(MEMBER_PART)
        sheets = _open(inner, archive.relative, replace(archive.source, sheet=sheet_name))
    except ReadError as error:
        inner.unlink(missing_ok=True)  # not held on the disk for the others
        raise _placed(error, archive.relative, where) from None
    return [
        _kept(sheet, archive, f"{name}{MEMBER_PART}{sheet.sheet}" if sheet.sheet else name, name) for sheet in sheets
    ]


def _nothing(archive: _Archive, refused: list[ReadError]) -> ReadError:
    """Return the error for an archive without a log: that of its only member, or all of them in one."""
    if len(refused) == 1:
        return refused[0]
    if not refused:
        return ReadError("file/empty", "no file in the archive", where=archive.relative, mend="Ask for it again.")
    said = "\n".join(f"  {error.where}: {error.what}" for error in refused[:10])
    more = f"\n  and {len(refused) - 10} more" if len(refused) > 10 else ""
    codes = {error.code for error in refused}
    code = codes.pop() if len(codes) == 1 else "archive/no-log"
    return ReadError(
        code,
        f"no file in the archive is understood:\n{said}{more}",
        where=archive.relative,
        mend=refused[0].mend,
    )


# ------------------------------------------------------------------- both


def _unpack(
    stream: IO[bytes] | gzip.GzipFile, target: Path, archive: _Archive, name: str, *, packed: Callable[[], int]
) -> None:
    """Write what a member unpacks to; `packed` tells of how many bytes. Raises `ReadError` archive/too-large."""
    size = 0
    with target.open("wb") as out:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            archive.folder.size += len(piece)
            _check_size(size, packed(), archive, name)
            out.write(piece)


def _check_size(size: int, packed: int, archive: _Archive, name: str) -> None:
    """Raise `ReadError` archive/too-large as soon as it is too much."""
    is_bomb = size > FREE_SIZE and size > MAX_RATIO * max(packed, 1)
    if is_bomb or size > MAX_MEMBER or archive.folder.size > MAX_TOTAL:
        raise _error(
            "too-large",
            f"{name} unpacks to more than {size >> 20} MB, {size // max(packed, 1)} times its packed size"
            if is_bomb or size > MAX_MEMBER
            else f"the archive unpacks to more than {MAX_TOTAL >> 30} GB",
            archive.relative,
            "If this is right, unpack it and put the logs themselves into logs/.",
        )


def _check_kind(inner: Path, where: str, folder: _Folder) -> None:
    """Raise `ReadError` for an archive within an archive, and for more workbooks than can be open at once."""
    kind = detect_kind(inner, where)
    if kind in _ARCHIVES:
        raise _error("nested", "an archive within an archive", where, "Unpack it, and put what it holds into logs/.")
    folder.workbooks += kind in _WORKBOOKS
    if folder.workbooks > MAX_WORKBOOKS:
        raise _error("too-many", f"more than {MAX_WORKBOOKS} workbooks in one archive", where)


def _open(inner: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    from timewaste.readers import open_file  # which knows every kind, this one too

    return open_file(inner, relative, source)


def _placed(error: ReadError, relative: str, where: str) -> ReadError:
    """Return a member's error with the member's name in its place."""
    place = error.where if error.where.startswith(where) else where + error.where.removeprefix(relative)
    return ReadError(error.code, error.what, where=place, mend=error.mend)


def _kept(sheet: Sheet, archive: _Archive, name: str | None, member: str) -> Sheet:
    """Return a member's table under the archive's name; as long as it lives, so does the folder."""
    folder, relative = archive.folder, archive.relative
    where = f"{relative}, {shorten(member, 120)}" if member else relative

    def read(tally: Tally, _folder: _Folder = folder) -> Iterator[pl.DataFrame]:
        try:
            yield from sheet.read(tally)
        except ReadError as error:
            raise _placed(error, relative, where) from None

    stem = PurePosixPath(relative).stem
    owner = _owner(member) if member and sheet.rep_default == stem else sheet.rep_default
    return replace(sheet, relative=relative, sheet=name, member=member, read=read, tally=Tally(), rep_default=owner)


def _owner(member: str) -> str:
    """Return whose file a member seems to be: its name, or its folder's where every calendar is called that."""
    path = PurePosixPath(member)
    return path.parent.name if path.stem.casefold() in _NAMELESS and path.parent.name else path.stem
