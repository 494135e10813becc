"""The lines below a report's records: totals, copyright, who saved it. They are no records.

Knows records, not what their columns mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timewaste.readers.records import Record

FOOTER = "row/footer"
LONGEST = 20
"""A footer of more lines than this is none."""
_SHORT = {"csv/ragged", "csv/truncated"}
_KNOWN = re.compile(
    r"""["']?\s*(?:
    grand\ totals?\s*\([\d.,\s]+records?\)
    | (?:gesamtsummen?|totales\ generales|totaux\ g[ée]n[ée]raux)\s*\([\d.,\s]+[^()\d]{1,20}\)
    | confidential\ information\s*-\s*do\ not\ distribute
    | copyright\s*(?:\(c\)|©).{0,60}salesforce\.com
    | generated\ by:
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def mark_footer(records: Iterable[Record]) -> Iterator[Record]:
    """Yield the records; those of a known report's footer at the very end have the rule `row/footer`.

    A footer begins with a blank line or a text that is known, goes on to the end of the file, and holds one text a
    line of which at least one is known. Up to 20 records are held back.
    """
    held: list[Record] = []
    for record in records:
        if _text(record) is None or (not held and not _begins(record)):
            yield from held
            held.clear()
            yield record
        else:
            held.append(record)
            if len(held) > LONGEST:
                yield held.pop(0)
    first = next((place for place, record in enumerate(held) if _begins(record)), 0)
    is_footer = any(_KNOWN.match(_text(record) or "") for record in held[first:])
    for place, record in enumerate(held):
        text = _text(record)
        if is_footer and place >= first and text:
            yield record._replace(cells=(), rule=FOOTER, column=-1, value=text, raw=text)
        else:
            yield record


def _begins(record: Record) -> bool:
    text = _text(record)
    return text is not None and (not text or _KNOWN.match(text) is not None)


def _text(record: Record) -> str | None:
    """Return the one text of a record, "" of a blank one; None where it holds more."""
    if not record.rule:
        text = ""
        for cell in record.cells:
            if cell and not cell.isspace():
                if text:
                    return None
                text = cell.strip()
        return text
    if record.rule not in _SHORT:
        return None
    text = record.raw.strip(" ,;|\t")
    if text[:1] == '"' and text[-1:] == '"' and '"' not in text[1:-1]:
        return text[1:-1].strip()
    return text if _KNOWN.match(text) or not re.search(r"[,;|\t]", text) else None
