"""Org mode: the CSV of org-clock-csv. Local times to the minute; `effort` is a plan, not a length."""

from __future__ import annotations

from timewaste.readers.layout import Layout

CLOCK = Layout(
    name="org_clock",
    title="Org mode clock table",
    needs=("start", "end", "task|headline|title", "parents|ishabit|effort"),
    lacks=("rep", "user", "activity"),
    fields={
        "start_text": ("start",),
        "end_text": ("end",),
        "label": ("task", "headline", "title"),
    },
    instrument="timer",
)
LAYOUTS = (CLOCK,)
