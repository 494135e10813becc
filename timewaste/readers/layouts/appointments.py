"""Appointments of any calendar: which of them are no time spent, and what is kept of private ones.

What is free, cancelled, declined or lasts whole days is set aside under a rule of its own, kept and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timewaste.readers.layout import PRIVATE_LABEL, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRIVATE = {
    "private", "personal", "confidential", "privat", "persönlich", "vertraulich", "privé", "prive", "personnel",
    "confidentiel",
}  # fmt: skip
_CANCELLED = ("canceled:", "cancelled:", "abgesagt:", "annulé:", "annulé :", "annulée:", "annulée :")
FREE, TENTATIVE, BUSY, AWAY = "free", "tentative", "busy", "out of office"
_SHOWN = {
    # Outlook's file counts from 1; its own objects and Exchange count from 0, which is another list.
    "1": TENTATIVE, "2": BUSY, "3": FREE, "4": AWAY,
    "free": FREE, "frei": FREE, "libre": FREE, "disponible": FREE,
    "tentative": TENTATIVE, "mit vorbehalt": TENTATIVE, "provisoire": TENTATIVE,
    "busy": BUSY, "gebucht": BUSY, "beschäftigt": BUSY, "occupé": BUSY, "oof": AWAY, "out of office": AWAY,
    "abwesend": AWAY, "absent": AWAY, "absent(e)": AWAY, "workingelsewhere": "working elsewhere",
}  # fmt: skip
_TIMES = ("rep", "date_text", "start_text", "end_date_text", "end_text")


class Kind(NamedTuple):
    """What an appointment is beside its times and its text."""

    shown_as: str = ""
    is_private: bool = False
    is_all_day: bool = False
    is_cancelled: bool = False
    is_declined: bool = False
    is_series: bool = False


def is_private_word(text: str) -> bool:
    """Tell whether a sensitivity asks for the text to be kept from others."""
    return text.strip().casefold() in _PRIVATE


def shown_as(text: str) -> str:
    """Return `free`, `tentative`, `busy` or `out of office` for what an export says, or what it says itself.

    >>> shown_as("3"), shown_as("oof")
    ('free', 'out of office')
    """
    return _SHOWN.get(text.strip().casefold(), text.strip())


def appointment(fields: Mapping[str, str], extra: Mapping[str, str], kind: Kind) -> Told:
    """Return what an appointment tells: a private one its times alone."""
    is_cancelled = kind.is_cancelled or fields.get("label", "").casefold().startswith(_CANCELLED)
    rule = next(
        (
            rule
            for holds, rule in (
                (kind.is_series, "calendar/series_master"),
                (is_cancelled, "calendar/cancelled"),
                (kind.is_declined, "calendar/declined"),
                (kind.is_all_day, "calendar/all_day"),
                (kind.shown_as == FREE, "calendar/free"),
            )
            if holds
        ),
        "",
    )
    if kind.is_private:
        fields = {name: fields.get(name, "") for name in _TIMES} | {"label": PRIVATE_LABEL}
        extra = {}
        noted = "calendar/private"
    else:
        extra = dict(extra) | ({"shown as": kind.shown_as} if kind.shown_as else {})
        noted = "calendar/tentative" if kind.shown_as == TENTATIVE else ""
    if rule:
        return Told(fields, extra, rule, "", kind.shown_as)
    return Told(fields, extra, noted, "", "", "noted") if noted else Told(fields, extra)
