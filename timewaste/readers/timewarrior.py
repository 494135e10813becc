"""Timewarrior's own data files: a line for each interval, `inc START - END # tags # "annotation"`, in UTC."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from timewaste.readers.json_stream import open_text
from timewaste.readers.layout import Told
from timewaste.readers.layouts.timewarrior import tell
from timewaste.readers.told import told_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Sheet, Tally

_LINE_LIMIT = 1_000_000
_INTERVAL = re.compile(r"inc (\d{8}T\d{6}Z)(?: - (\d{8}T\d{6}Z))?(?: # ?(.*))?", re.ASCII)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def open_sheets(path: Path, relative: str, source: SourceConfig) -> list[Sheet]:
    """Return the file's one table."""
    del source
    return [
        told_sheet(
            relative=relative,
            sheet=None,
            format="timewarrior",
            layout="Timewarrior data file",
            rows=partial(_rows, path),
            columns={"start_text": "start", "end_text": "end", "label": "tags", "notes": "annotation"},
            header_line=0,
            encoding="utf-8",
            instrument="timer",
        )
    ]


def _rows(path: Path, tally: Tally) -> Iterator[tuple[int, int, Told]]:
    with open_text(path, "utf-8-sig") as stream:
        number = 0
        while line := stream.readline(_LINE_LIMIT + 1):
            number += 1
            text = line.strip()
            if len(line) > _LINE_LIMIT:
                while (rest := stream.readline(_LINE_LIMIT)) and not rest.endswith("\n"):
                    pass
                yield number, 0, Told({}, {"raw": _kept(line)}, "csv/record-too-long", "", line)
            elif not text:
                tally.rows_read += 1
                tally.blank += 1
            else:
                yield number, 0, _told(text)


def _told(text: str) -> Told:
    match = _INTERVAL.fullmatch(text)
    if not match or any("\ud800" <= ch <= "\udfff" or ch == "\0" for ch in text):
        return Told({}, {"raw": _kept(text)}, "timewarrior/line", "", _kept(text))
    tags, _, annotation = _split(match[3] or "")
    return tell(match[1], match[2] or "", ", ".join(_words(tags)), " ".join(_words(annotation)))


def _kept(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _split(text: str) -> tuple[str, str, str]:
    """Return tags and annotation: a number sign stands between, where it is not within quotes."""
    for match in _WORD.finditer(text):
        if match[2] == "#":
            return text[: match.start()], "#", text[match.end() :]
    return text, "", ""


def _words(text: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2] for match in _WORD.finditer(text)]
