"""The `[[source]]` blocks that messages print to paste into timewaste.toml: they parse, and fit the file they name."""

from __future__ import annotations

import glob
import json


def source_block(relative: str, *lines: str) -> str:
    """Return a block for one file. `*`, `?` and `[` of its name stand for themselves, not for other files.

    >>> print(source_block("[Anna] log.csv", 'rep = "file"'))
    [[source]]
    match = "[[]Anna] log.csv"
    rep = "file"
    """
    return "\n".join(("[[source]]", f"match = {quoted(glob.escape(relative))}", *lines))


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
