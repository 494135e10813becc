"""Outlook's calendar as CSV, in English, German and French, whose columns stand in different orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout
from timewaste.readers.layouts.appointments import Kind, appointment, is_private_word, shown_as
from timewaste.readers.layouts.cells import by_column, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layout import Told
    from timewaste.readers.layouts.cells import Cells

_FIELDS = {
    # In French, date and time of day are headed by the same word.
    "date_text": ("start date", "beginnt am", "date de début", "début"),
    "start_text": ("start time", "beginnt um", "heure de début", "début (3)"),
    "end_date_text": ("end date", "endet am", "date de fin", "fin"),
    "end_text": ("end time", "endet um", "heure de fin", "fin (5)"),
    "label": ("subject", "betreff", "objet"),
    "notes": ("description", "beschreibung"),
}
_KIND = {
    "all_day": ("all day event", "ganztägiges ereignis", "journée entière"),
    "private": ("private", "privat", "privé"),
    "sensitivity": ("sensitivity", "vertraulichkeit", "critère de diffusion"),
    "shown": ("show time as", "zeitspanne zeigen als", "afficher la disponibilité"),
}


def _tell(cells: Cells) -> Iterator[Told]:
    kind = Kind(
        shown_as=shown_as(cells["shown"]),
        is_private=is_true(cells["private"]) or is_private_word(cells["sensitivity"]),
        is_all_day=is_true(cells["all_day"]) or not cells["start_text"],
    )
    yield appointment({name: cells[name] for name in _FIELDS}, {}, kind)


OUTLOOK = Layout(
    name="outlook",
    title="Outlook calendar CSV",
    needs=(
        "subject|betreff|objet",
        "start date|beginnt am|date de début|début",
        "end date|endet am|date de fin|fin",
        "show time as|zeitspanne zeigen als|afficher la disponibilité",
    ),
    fields=_FIELDS,
    translate=by_column(_FIELDS | _KIND, _tell),
    instrument="calendar",
)
GOOGLE = Layout(
    name="google_calendar",
    title="Google Calendar CSV",
    needs=("subject", "start date", "all day event|private", "start time|end date|end time"),
    lacks=("duration",),
    fields=_FIELDS,
    translate=by_column(_FIELDS | _KIND, _tell),
    instrument="calendar",
)
LAYOUTS = (OUTLOOK, GOOGLE)
