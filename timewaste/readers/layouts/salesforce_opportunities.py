"""Salesforce opportunities, the history of their stages, and users, as its exports write them (API names).

They feed the tables beside the entries. Times are UTC, whether they say so or not; a close date is a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ReadError
from timewaste.readers.layout import Layout
from timewaste.readers.layouts.crm import (
    INSTRUMENT,
    LEFT_OUT,
    UTC,
    Columns,
    Why,
    day,
    gone,
    instant,
    is_moment,
    is_true,
    long_id,
    maker,
    one_of,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timewaste.config import SourceConfig
    from timewaste.readers.layout import Translate
    from timewaste.readers.layouts.crm import Cells, Said

# -------------------------------------------------------------- opportunities

OPPORTUNITY = LEFT_OUT | {
    "opportunity_id": spelled("Id"),
    "account": (*spelled("Account.Name"), *spelled("AccountId")),
    "rep_id": spelled("OwnerId"),
    "source": spelled("LeadSource"),
    "amount": spelled("Amount"),
    "created_on": spelled("CreatedDate"),
    "closed_on": spelled("CloseDate"),
    "stage": spelled("StageName"),
    "is_closed": spelled("IsClosed"),
    "is_won": spelled("IsWon"),
}


def outcome(stage: str, is_closed: str = "", is_won: str = "") -> str:
    """Return won, lost or open by what the CRM says, or by the usual names of the last stages."""
    name = stage.casefold().replace(" ", "")
    if is_true(is_won) or (not is_won and name == "closedwon"):
        return "won"
    if is_true(is_closed) or (not is_closed and name == "closedlost"):
        return "lost"
    return "open"


def _opportunity(cells: Cells, columns: Columns, zone: str) -> Said:
    """Tell an opportunity. The close date of an open one is only expected, and left out."""
    result = outcome(cells["stage"], cells["is_closed"], cells["is_won"])
    fields = {
        "opportunity_id": long_id(cells["opportunity_id"]),
        "account": long_id(cells["account"]),
        "rep_id": long_id(cells["rep_id"]),
        "source": cells["source"],
        "amount": cells["amount"],
        "created_on": instant(cells["created_on"], zone),
        "closed_on": "" if result == "open" else day(cells["closed_on"]),
        "outcome": result,
    }
    why = gone(cells, columns)
    if why is None and not fields["opportunity_id"]:
        why = Why("crm/no_id", columns.shown(OPPORTUNITY["opportunity_id"]), "")
    return fields, why


HISTORY = {
    "is_deleted": LEFT_OUT["is_deleted"],
    "opportunity_id": spelled("OpportunityId"),
    "stage": spelled("StageName"),
    "entered_at": spelled("CreatedDate"),
}
VERSIONS = HISTORY | {"opportunity_id": spelled("Id"), "entered_at": ("fivetran start",)}
FIELD_HISTORY = HISTORY | {"stage": spelled("NewValue"), "field": spelled("Field")}


def stage_event(cells: Cells, columns: Columns, wanted: Mapping[str, tuple[str, ...]], zone: str) -> Said:
    """Tell that an opportunity entered a stage. Rows that repeat the stage are found once all are there."""
    fields = {
        "opportunity_id": long_id(cells["opportunity_id"]),
        "stage": cells["stage"],
        "entered_at": instant(cells["entered_at"], zone),
    }
    if is_true(cells.get("is_deleted", "")):
        return fields, Why("crm/deleted", columns.shown(wanted["is_deleted"]), cells["is_deleted"])
    for name in ("opportunity_id", "stage", "entered_at"):
        if not fields[name] or (name == "entered_at" and not is_moment(fields[name])):
            return fields, Why("crm/no_stage_event", columns.shown(wanted[name]), fields[name])
    return fields, None


def _history(cells: Cells, columns: Columns, zone: str) -> Said:
    return stage_event(cells, columns, HISTORY, zone)


def _version(cells: Cells, columns: Columns, zone: str) -> Said:
    return stage_event(cells, columns, VERSIONS, zone)


def _field_history(cells: Cells, columns: Columns, zone: str) -> Said:
    fields, why = stage_event(cells, columns, FIELD_HISTORY, zone)
    if cells["field"].casefold() not in {"stagename", "stage"}:
        return fields, Why("crm/other_field", columns.shown(FIELD_HISTORY["field"]), cells["field"], "skipped")
    return fields, why


def _no_values(_headers: Sequence[str], _source: SourceConfig) -> Translate:
    raise ReadError(
        "crm/no_values",
        "this history says that a field changed, but neither from what nor to what",
        mend="Export OpportunityHistory instead, and leave this file out in timewaste.toml:\n"
        '[[source]]\nmatch = "…"\nskip = true',
    )


# --------------------------------------------------------------------- users

USER = LEFT_OUT | {
    "rep_id": spelled("Id"),
    "name": spelled("Name"),
    "first": spelled("FirstName"),
    "last": spelled("LastName"),
    "email": spelled("Email"),
    "username": spelled("Username"),
}


def _user(cells: Cells, columns: Columns, _zone: str) -> Said:
    """Tell who a user is: the id in both lengths and the username are other names of one person."""
    rep_id = long_id(cells["rep_id"])
    aliases = dict.fromkeys(one for one in (rep_id[:15], rep_id, cells["username"]) if one)
    fields = {
        "rep_id": rep_id,
        "name": cells["name"] or f"{cells['first']} {cells['last']}".strip(),
        "email": cells["email"],
        "aliases": ";".join(aliases),
    }
    return fields, gone(cells, columns)


# ------------------------------------------------------------------- layouts

_OPPORTUNITY_NEEDS = (
    one_of("Id"), one_of("Name"), one_of("StageName"), one_of("CloseDate"), one_of("OwnerId", "AccountId"),
)  # fmt: skip
_USER_NEEDS = (
    one_of("Id"), one_of("Username", "Email"), one_of("Name", "LastName"),
    one_of("ProfileId", "IsActive", "UserRoleId", "UserType"),
)  # fmt: skip

OPPORTUNITY_VERSIONS = Layout(
    name="salesforce_opportunity_versions", title="Salesforce Opportunity, every version", target="stage_events",
    needs=(*_OPPORTUNITY_NEEDS, "fivetran start"), translate=maker(VERSIONS, _version),
    instrument=INSTRUMENT, zone_reason=UTC,
)  # fmt: skip
LAYOUTS = (
    Layout(
        name="salesforce_opportunity_history", title="Salesforce OpportunityHistory", target="stage_events",
        needs=(one_of("OpportunityId"), one_of("StageName"), one_of("CreatedDate")),
        translate=maker(HISTORY, _history), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="salesforce_opportunity_field_history", title="Salesforce OpportunityFieldHistory",
        target="stage_events",
        needs=(one_of("OpportunityId"), one_of("Field"), one_of("NewValue"), one_of("CreatedDate")),
        translate=maker(FIELD_HISTORY, _field_history), instrument=INSTRUMENT, zone_reason=UTC,
    ),
    Layout(
        name="salesforce_field_history", title="Salesforce FieldHistory", target="stage_events",
        needs=(one_of("TableEnumOrId"), one_of("FieldEnumOrId")), translate=_no_values, instrument=INSTRUMENT,
    ),
    Layout(
        name="salesforce_opportunity", title="Salesforce Opportunity", target="opportunities",
        needs=_OPPORTUNITY_NEEDS, translate=maker(OPPORTUNITY, _opportunity), instrument=INSTRUMENT,
        zone_reason=UTC, also=(OPPORTUNITY_VERSIONS,),
    ),
    Layout(
        name="salesforce_user", title="Salesforce User", target="people", needs=_USER_NEEDS,
        translate=maker(USER, _user), instrument=INSTRUMENT,
    ),
)  # fmt: skip
