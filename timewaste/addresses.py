"""Web addresses in texts: what follows the host can hold a token or say whom it is about, and is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_ADDRESS = r"(?i)\b((?:https?|ftp)://)(?:[^\s/@]*@)?([^\s/?#\"\\]+)[^\s\"\\]*"


def without_addresses(texts: pl.Series) -> tuple[pl.Series, int]:
    """Return the texts with each address cut to its host, and how many texts hold one."""
    found = int(texts.str.contains("://", literal=True).sum() or 0)
    return (texts.str.replace_all(_ADDRESS, "$1$2") if found else texts), found
