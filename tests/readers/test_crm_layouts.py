"""What holds for every layout of a CRM: nothing in a cell may stop it, and none is taken for another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_telling import csv_text, tell_all

from timewaste.config import SourceConfig, load_issue_rules
from timewaste.errors import ReadError
from timewaste.readers.layouts import (
    dialers,
    hubspot,
    hubspot_deals,
    pipedrive,
    recognise,
    salesforce,
    salesforce_opportunities,
    salesforce_reports,
)

MODULES = (salesforce, salesforce_opportunities, salesforce_reports, hubspot, hubspot_deals, pipedrive, dialers)
LAYOUTS = [layout for module in MODULES for layout in module.LAYOUTS]
CODES = {rule["code"] for rule in load_issue_rules()}
MORE = (
    "is deleted", "deleted", "archived", "fivetran active", "isprivate", "isclosed", "status", "whatid", "showas",
    "isalldayevent", "isrecurrence", "iswon", "date entered x", "hs_v2_date_entered_1", "active flag", "object",
    "is bulk update flag", "enddatetime", "durationinminutes", "calldurationinseconds", "opportunity", "account",
    "user",
)  # fmt: skip
NASTY = (
    "", " ", "0", "1", "true", "FALSE", "-1", "1e999", "nan", "99999999999999", "9" * 5000, "2026-13-45 99:99:99",
    "2026-03-02 08:30:00", "2026-03-02T08:30:00.000Z", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "3/4/2026", "²",
    "[", "{", "[]", "<<<", "00:45", "SCHEDULED", "stage_id", "dealChange", "000000000000000AAA", "0064600000J5S5T", "é",
)  # fmt: skip


def headers_of(layout) -> list[str]:
    """Return a header row that the layout asks for, and what else a layout may look at."""
    needed = [need.split("|")[0].replace("*", "demo") for need in layout.needs]
    return list(dict.fromkeys([*needed, *(name for name in MORE if name not in needed)]))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_none_is_taken_for_another(layout) -> None:
    needed = {need.split("|")[0].replace("*", "demo") for need in layout.needs}
    found = recognise(needed)
    assert found is layout or (found is not None and found.target == layout.target)
    assert recognise(needed, layout.name) is layout


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_nothing_in_a_cell_stops_it(layout, data: st.DataObject) -> None:
    headers = headers_of(layout)
    row = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=6)), min_size=len(headers), max_size=len(headers))
    text = csv_text(headers, data.draw(st.lists(row, min_size=1, max_size=4))).replace("\x00", "")
    text = text.encode("utf-8", "ignore").decode()
    order = data.draw(st.sampled_from(["", "dmy", "mdy"]))
    try:
        told = tell_all(text, SourceConfig(format=layout.name, date_order=order))
    except ReadError as error:
        assert error.code in {"crm/no_values", "crm/no_deal", "date/ambiguous", "duration/ambiguous"}  # noqa: PT017
        assert error.where == "export.csv"  # noqa: PT017
        return
    rules = {rule for sheet in told for rule, _ in sheet.rules()}
    assert rules <= CODES | {"calendar/all_day", "calendar/free", "calendar/private"}
