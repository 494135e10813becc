"""HubSpot deals: an opportunity each, and the day each stage was entered, which stands in a column of its own.

A stage that was entered again has only one of its dates left: the export keeps no more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.readers.layout import Layout, Told, plain, unique_names
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    LEFT_OUT,
    Columns,
    Why,
    cell,
    day,
    gone,
    instant,
    is_moment,
    is_true,
    maker,
    zone_of,
)
from timewaste.readers.layouts.hubspot import ACCOUNT_ZONE, any_property, properties
from timewaste.readers.layouts.salesforce_opportunities import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.layouts.crm import Cells, Said

_QUOTES = "\"'\u2018\u2019\u201c\u201d"
_LABEL = re.compile(f"Date entered [{_QUOTES}]?(.*?)[{_QUOTES}]?", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:propert(?:y|ies)[._ ])?hs_(?:v2_)?date_entered_(.+)", re.IGNORECASE)
_PIPELINE = re.compile(r"(.*\S)\s*\([^()]*\)")

DEAL = LEFT_OUT | {
    "opportunity_id": ("record id", *properties("hs_object_id"), "deal id", "id"),
    "account": ("associated company", "primary associated company", "associated company names"),
    "rep_id": ("deal owner", *properties("hubspot_owner_id"), "owner id"),
    "source": (
        "original source type",
        "original traffic source",
        "original source",
        *properties("hs_analytics_source"),
    ),
    "amount": ("amount", *properties("amount")),
    "created_on": ("create date", *properties("createdate", "hs_createdate")),
    "closed_on": ("close date", *properties("closedate")),
    "stage": ("deal stage", *properties("dealstage"), "deal pipeline stage id"),
    "is_closed": ("is deal closed", *properties("hs_is_closed")),
    "is_won": ("is closed won", *properties("hs_is_closed_won")),
}
_LABELLED = "deal name"
"""A header of the interface's export, whose times are in the account's zone."""


def _deal(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell an opportunity. The close date of an open deal is only expected, and left out."""
    result = outcome(cells["stage"], cells["is_closed"], cells["is_won"])
    fields = {
        "opportunity_id": cells["opportunity_id"],
        "account": cells["account"],
        "rep_id": cells["rep_id"],
        "source": cells["source"],
        "amount": cells["amount"],
        "created_on": instant(cells["created_on"], "" if columns.shown((_LABELLED,)) else zone),
        "closed_on": "" if result == "open" else day(cells["closed_on"]),
        "outcome": result,
    }
    why = gone(cells, columns)
    if why is None and not cells["opportunity_id"]:
        why = Why("crm/no_id", columns.shown(DEAL["opportunity_id"]), "")
    return fields, why


# -------------------------------------------------------------- dates of stages


def stage_columns(headers: tuple[str, ...]) -> dict[str, tuple[str, bool]]:
    """Return of each column with the date of a stage: plain header name -> stage, and whether it is UTC.

    A header names the stage and, in brackets behind it, its pipeline; the brackets go only where every such header
    has them. Where a stage has a column in the old and the new generation, the new one comes first.
    """
    names = unique_names([plain(header) for header in headers])
    labels = {
        name: match[1]
        for name, header in zip(names, headers, strict=True)
        if (match := _LABEL.fullmatch(" ".join(header.split()))) and match[1].strip()
    }
    pipelines = {name: _PIPELINE.fullmatch(stage) for name, stage in labels.items()}
    if all(pipelines.values()):
        labels = {name: match[1] for name, match in pipelines.items() if match}
    found = {
        name: match[1]
        for name, header in sorted(zip(names, headers, strict=True), key=lambda pair: "_v2_" not in pair[1].casefold())
        if (match := _PROPERTY.fullmatch(header.strip()))
    }
    return {name: (stage, False) for name, stage in labels.items()} | {
        name: (stage, True) for name, stage in found.items()
    }


def _stages(headers: tuple[str, ...], source: SourceConfig) -> Translate:
    """Return what tells of each deal when it entered which stage, by time."""
    columns = Columns(headers)
    read = columns.reader(DEAL)
    dates = stage_columns(headers)
    shown = dict(zip(unique_names([plain(header) for header in headers]), headers, strict=True))
    zone = zone_of(source)

    def translate(record: Mapping[str, str]) -> Iterator[Told]:
        cells = read(record)
        if is_true(cells["is_deleted"]):
            yield Told({}, {}, *Why("crm/deleted", columns.shown(DEAL["is_deleted"]), cells["is_deleted"]))
            return
        told: set[str] = set()
        for name, (stage, is_utc) in dates.items():
            text = cell(record, name)
            if not text or stage in told:
                continue
            told.add(stage)
            entered = instant(text, zone if is_utc else "")
            fields = {"opportunity_id": cells["opportunity_id"], "stage": stage, "entered_at": entered}
            is_sound = cells["opportunity_id"] and is_moment(entered)
            yield Told(fields, {}, *(() if is_sound else Why("crm/no_stage_event", shown[name], text)))
        if not told:
            yield Told({}, {}, *Why("crm/no_stage_dates", "", cells["opportunity_id"], "skipped"))

    return translate


_NEEDS = (
    f"record id|{any_property('hs_object_id')}|deal id|id", f"deal name|{any_property('dealname')}",
    f"deal stage|{any_property('dealstage')}|deal pipeline stage id",
)  # fmt: skip
STAGES = Layout(
    name="hubspot_deal_stages", title="HubSpot deals, the dates of their stages", target="stage_events",
    needs=(*_NEEDS, "|".join(f"{name} *" for name in (
        "date entered", *properties("hs_date_entered"), *properties("hs_v2_date_entered")
    ))),
    translate=_stages, instrument=INSTRUMENT, zone_reason=ACCOUNT_ZONE,
)  # fmt: skip
LAYOUTS = (
    Layout(
        name="hubspot_deal", title="HubSpot deals", target="opportunities", needs=_NEEDS, translate=maker(DEAL, _deal),
        instrument=INSTRUMENT, zone_reason=ACCOUNT_ZONE, also=(STAGES,),
    ),
)  # fmt: skip
