"""Every layout that is known, in the order in which they are tried: the one that asks for more comes first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from timewaste.readers.layouts import event_logs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timewaste.readers.layout import Layout


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout; a new one is a line here."""
    return (
        *event_logs.LAYOUTS,
    )  # fmt: skip


def recognise(names: Iterable[str], said: str = "") -> Layout | None:
    """Return the layout that plain header names are of; `said` is the one that the settings name."""
    there = set(names)
    return next((one for one in layouts() if one.fits(there) and said in {"", one.name}), None)
