"""Every layout that is known, in the order in which they are tried: the one that asks for more comes first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timewaste.readers.layout import Layout


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout; a new one is a line here."""
    from timewaste.readers.layouts import (
        activitywatch,
        clockify,
        dialers,
        event_logs,
        everhour,
        graph,
        harvest,
        hubspot,
        hubspot_deals,
        kimai,
        org,
        outlook,
        pipedrive,
        rescuetime,
        salesforce,
        salesforce_opportunities,
        salesforce_reports,
        timecamp,
        timr,
        toggl,
    )

    return (
        *salesforce.LAYOUTS,
        *salesforce_opportunities.LAYOUTS,
        *hubspot.LAYOUTS,
        *hubspot_deals.LAYOUTS,
        *pipedrive.LAYOUTS,
        *dialers.LAYOUTS,
        *event_logs.LAYOUTS,
        *timr.LAYOUTS,
        *kimai.LAYOUTS,
        *outlook.LAYOUTS,
        *graph.LAYOUTS,
        *clockify.LAYOUTS,
        *timecamp.LAYOUTS,
        *harvest.LAYOUTS,
        *rescuetime.LAYOUTS,
        *activitywatch.LAYOUTS,
        *everhour.LAYOUTS,
        *org.LAYOUTS,
        *salesforce_reports.LAYOUTS,
        *toggl.LAYOUTS,
    )


@cache
def _by_header() -> Mapping[str, tuple[int, ...]]:
    """Return the places of the layouts that a plain header name may be of; "" has those that any may be of.

    Every line at the head of a file is asked for: most of its cells are in no header, and nothing more is looked at.
    """
    found: dict[str, tuple[int, ...]] = {}
    for place, layout in enumerate(layouts()):
        need = next((need for need in layout.needs if "*" not in need), "")
        for name in need.split("|"):
            found[name] = (*found.get(name, ()), place)
    return found


def recognise(names: Iterable[str], said: str = "") -> Layout | None:
    """Return the layout that plain header names are of; `said` is the one that the settings name."""
    there = set(names)
    places = sorted({place for name in (*there, "") for place in _by_header().get(name, ())})
    return next((one for one in map(layouts().__getitem__, places) if one.fits(there) and said in {"", one.name}), None)
