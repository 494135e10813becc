"""Layouts: the columns of exports that are known, and how their rows become entries.

Knows header names and cells, not files: a layout is the same in a text table, a worksheet and JSON.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.sheet import Tally

PRIVATE_LABEL = "Private appointment"
"""What stands for the text of an item that its owner marked as private; nothing else of it is kept."""
TARGETS: dict[str, tuple[str, ...]] = {
    "opportunities": ("opportunity_id", "account", "rep_id", "source", "amount", "created_on", "closed_on", "outcome"),
    "stage_events": ("opportunity_id", "stage", "entered_at"),
    "people": ("rep_id", "name", "email", "aliases"),
}
"""What a table may hold beside entries, and its columns; times are ISO 8601, with an offset where it is known."""


class Told(NamedTuple):
    """What one record says: RAW fields, or the columns of the layout's target, and their text.

    `extra` holds what has no field; it is kept and can be queried. Where `rule` is not "", the record does not
    count: why, in which column (as in the file) and what stands there. `treatment` is then `set_aside`, or
    `skipped` for what is no data; `noted` where the record counts all the same.
    """

    fields: Mapping[str, str]
    extra: Mapping[str, str] = {}
    rule: str = ""
    column: str = ""
    value: str = ""
    treatment: str = "set_aside"


@lru_cache(maxsize=1 << 12)  # the first rows of every file are asked for, and say much the same
def plain(header: str) -> str:
    """Return a header as it is compared: NFC, no case, every run of blanks and punctuation one blank.

    >>> plain("  Start-Time ")
    'start time'
    """
    return " ".join(re.split(r"[\W_]+", unicodedata.normalize("NFC", header).casefold())).strip()


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names of which none comes twice: a later one has the number of its column behind it.

    >>> unique_names(["in", "out", "in"])
    ['in', 'out', 'in (3)']
    """
    return [name if name not in names[:index] else f"{name} ({index + 1})" for index, name in enumerate(names)]


if TYPE_CHECKING:
    Translate = Callable[[Mapping[str, str]], Iterable[Told]]
    MakeTranslate = Callable[[tuple[str, ...], SourceConfig], Translate]
    Survey = Callable[[Iterable[Mapping[str, str]], SourceConfig, Tally], Translate]
    Records = Iterable[tuple[int, Mapping[str, str]]]
    TranslateTable = Callable[[tuple[str, ...], SourceConfig, Records, Tally], Iterator[tuple[int, int, Told]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What makes the `translate` of rows from the columns in `wanted`: plain header names, best first, by their use."""

    wanted: Mapping[str, tuple[str, ...]]
    make: MakeTranslate

    def __call__(self, headers: tuple[str, ...], source: SourceConfig) -> Translate:
        """Return what translates the rows of a table with these header cells."""
        return self.make(headers, source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An export whose columns are known.

    `needs` are the plain header names that must all be there (`a|b`: one of them; `a*`: one that begins so),
    `fields` a RAW field's plain header names, best first. Where rows need more than their columns renamed,
    `translate` is called once with the header cells and the source's settings and returns what makes `Told`s of a
    record, given by plain header name (`name (3)` for the third column where a name comes again). What `fields`
    does not name goes to `extra` by itself, unless the row is private. `also` are layouts under which the same
    table is read once more if they fit it, for a table that feeds two targets. Where one row cannot be told without
    others, `translate_table` takes the place of `translate`: of header cells, settings and all records with their
    lines it yields line, part and `Told`, and counts in the tally what it does not yield. `time_zone` is the zone
    of times that name none, "" for the study's; `zone_reason` says why.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    translate: MakeTranslate | None = None
    translate_table: TranslateTable | None = None
    instrument: str = "self_log"
    zone_reason: str = ""
    duration_unit: str = ""
    target: str = "entries"
    also: tuple[Layout, ...] = ()
    lacks: tuple[str, ...] = ()
    refused: tuple[str, str] = ("", "")
    survey: Survey | None = None
    may_end: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Tell whether rows need more than their columns renamed."""
        return self.translate is not None or self.translate_table is not None

    def columns(self, names: Sequence[str]) -> dict[str, int]:
        """Return where each column stands that is read, by its RAW field or else by its use for `translate`."""
        asked = self.translate.wanted if isinstance(self.translate, Reading) else {}
        found: dict[str, int] = {}
        for use, headers in (*self.fields.items(), *asked.items()):
            header = next((one for one in headers if one in names), None)
            if use not in found and header is not None and names.index(header) not in found.values():
                found[use] = names.index(header)
        return found

    def fits(self, names: Iterable[str]) -> bool:
        """Tell whether plain header names are this layout's."""
        there = set(names)
        return there.isdisjoint(self.lacks) and all(
            any(_is_there(name, there) for name in need.split("|")) for need in self.needs
        )


def _is_there(need: str, names: set[str]) -> bool:
    return need in names or (need.endswith("*") and any(name.startswith(need[:-1]) for name in names))
