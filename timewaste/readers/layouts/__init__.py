"""Every layout that is known, in the order in which they are tried: the one that asks for more comes first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def recognise(names: Iterable[str], said: str = "") -> Layout | None:
    """Return the layout that plain header names are of; `said` is the one that the settings name."""
    there = set(names)
    return next((one for one in layouts() if one.fits(there) and said in {"", one.name}), None)
