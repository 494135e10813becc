"""Kimai: the export in English, German and French. An entry has one date; its end is a time of day alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told
from timewaste.readers.layouts.cells import by_column, end_day, first, seconds_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.readers.layouts.cells import Cells

_FIELDS = {
    "rep": ("e mail", "email", "courriel", "user", "benutzer", "nom d utilisateur", "utilisateur"),
    "date_text": ("date", "datum"),
    "start_text": ("from", "von", "de", "begin", "beginn", "début"),
    "end_text": ("to", "bis", "à", "end", "ende", "fin"),
    "duration_text": ("duration", "dauer", "durée"),
    "label": ("activity", "tätigkeit", "activité"),
    "account": ("customer", "kunde", "client"),
    "notes": ("description", "beschreibung"),
}
_COLUMNS = _FIELDS | {
    "email": ("e mail", "email", "courriel"),
    "alias": ("name", "nom"),
    "user": ("user", "benutzer", "nom d utilisateur", "utilisateur"),
    "type": ("type", "typ"),
}
_EXPENSES = {"expense", "expenses", "ausgabe", "ausgaben", "auslage", "auslagen", "dépense", "dépenses", "frais"}


def _plain_text(text: str) -> str:
    """Return a text without the quote and blank that Kimai puts before what a spreadsheet might run."""
    return text.removeprefix("' ")


def _tell(cells: Cells) -> Iterator[Told]:
    fields = {name: _plain_text(cells[name]) for name in _FIELDS}
    fields["rep"] = first(cells["email"], cells["alias"], cells["user"])
    fields["label"] = first(fields["label"], fields["notes"])
    others = {"Name": cells["alias"], "User": cells["user"]}
    extra = {name: text for name, text in others.items() if text != fields["rep"]}
    seconds = seconds_in(cells["duration_text"])
    if cells["type"].casefold() in _EXPENSES:
        yield Told(fields, extra, "tracker/expense", "Type", cells["type"])
        return
    if (
        cells["start_text"]
        and not cells["end_text"]
        and not seconds
        and cells["duration_text"] in {"", "0", "0.0", "0.00", "0:00", "0:00:00", "00:00"}
    ):
        yield Told(fields, extra, "tracker/running", "To", cells["start_text"])
        return
    fields["end_date_text"] = end_day(cells["date_text"], cells["start_text"], cells["end_text"], seconds)
    yield Told(fields, extra)


EXPORT = Layout(
    name="kimai",
    title="Kimai export",
    needs=(
        "date|datum",
        "from|von|de|begin|beginn|début",
        "to|bis|à|end|ende|fin",
        "duration|dauer|durée",
        "customer|kunde|client",
        "project|projekt|projet",
        "activity|tätigkeit|activité",
        "user|benutzer|nom d utilisateur|utilisateur|name|nom",
        "billable|abrechenbar|facturable|staff number|personalnummer|fixed price|festpreis|hourly price",
    ),
    fields=_FIELDS,
    translate=by_column(_COLUMNS, _tell),
    instrument="timer",
    duration_unit="hours",
)
LAYOUTS = (EXPORT,)
