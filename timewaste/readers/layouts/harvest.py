"""Harvest: the detailed time report. It knows days and hours, no times of day; names come in two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import by_column, first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layouts.cells import Cells

_FIELDS = {
    "rep": ("email", "employee email", "last name", "nachname", "nom"),
    "date_text": ("date", "datum"),
    "duration_text": ("hours", "stunden", "heures"),
    "label": ("task", "aufgabe", "tâche"),
    "account": ("client", "kunde"),
    "opportunity": ("external reference url",),
    "notes": ("notes", "notizen", "anmerkungen"),
}
_COLUMNS = _FIELDS | {
    "rep": ("email", "employee email"),
    "given": ("first name", "vorname", "prénom"),
    "family": ("last name", "nachname", "nom"),
}


def _tell(cells: Cells) -> Iterator[Told]:
    name = " ".join(part for part in (cells["given"], cells["family"]) if part)
    fields = {field: cells[field] for field in _FIELDS}
    fields["rep"] = first(cells["rep"], name)
    fields["label"] = first(cells["label"], cells["notes"])
    yield Told(fields, {"Name": name} if cells["rep"] and name else {})


DETAILED = Layout(
    name="harvest",
    title="Harvest detailed time report",
    needs=(
        "date|datum",
        "client|kunde",
        "project|projekt",
        "task|aufgabe",
        "hours|stunden",
        "first name|vorname",
        "last name|nachname",
    ),
    fields=_FIELDS,
    translate=by_column(_COLUMNS, _tell),
    instrument="timer",
    duration_unit="hours",
)
LAYOUTS = (DETAILED,)
