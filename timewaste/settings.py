"""What a study is set up with: frozen values and the words they may use. Read and checked by `config`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORIES = (
    "selling", "preparation", "functional", "administrative", "development", "travel", "non_work", "unclassified",
)  # fmt: skip
VALUE_CLASSES = ("value_adding", "business_necessary", "non_value_adding")
DATE_ORDERS = ("dmy", "mdy", "ymd")
DURATION_UNITS = ("minutes", "hours", "days")
TABLE_KINDS = ("text", "whole", "number", "date")
"""What the cells of a client's column may be told to be; `number` may have decimals."""
INSTRUMENTS = ("observer", "timer", "self_log", "calendar", "crm", "system")
"""How time is taken, best first: where two tell the same time, the better one counts."""
PERSONAL_BELOW = 3
"""In a smaller group each knows from its figures and his own what the other did."""
FILE_NAME = "timewaste.toml"
RAW_FIELDS = (
    "rep", "date_text", "start_text", "end_date_text", "end_text", "duration_text", "label", "code", "account",
    "opportunity", "stage", "channel", "notes", "logged_text", "rework", "could_do", "waiting_on", "extra",
)  # fmt: skip
OVERRIDE_VALUES: dict[str, tuple[str, ...]] = {
    "verdict": ("eliminate", "simplify", "automate", "keep", "protect"),
    "consumer": ("yes", "no"),
    "required": ("yes", "no"),
    "rule_based": ("1", "3", "5"),
    "stability": ("1", "3", "5"),
    "value_class": VALUE_CLASSES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """What a `[[source]]` block says of the files it matches (a glob below `logs/`).

    Of worksheets: `skip_sheets` names those to leave out (None: summaries among sheets that are one rep's each);
    `fill_merged` lets a merged rep, date or label count for all its rows, `fill_down` an empty cell
    count as the one above (None: where the sheet shows that it is written so); `week_start` is the first day of the
    first week, `slot_minutes` how long a slot is.
    """

    match: str = "*"
    skip: bool = False
    format: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int = 0
    date_order: str = ""
    century: int = 0
    year: int = 0
    decimal_mark: str = ""
    duration_unit: str = ""
    rep: str = ""
    instrument: str = ""
    time_zone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    skip_sheets: tuple[str, ...] | None = None
    include_hidden: bool = False
    fill_merged: bool = True
    fill_down: bool | None = None
    week_start: str = ""
    slot_minutes: int = 0
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    tz_alias: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConfig:
    """A step of the selling process, what the customer does meanwhile, and the CRM stages that belong to it."""

    name: str
    journey: str = ""
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityConfig:
    """A leaf of the taxonomy."""

    code: str
    name: str
    group: str = ""
    category: str
    value_class: str
    customer_facing: bool = False
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """A pattern over labels; the first one that matches gives the activity."""

    id: str
    match: str
    activity: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideConfig:
    """A human judgement about an activity, with its reason."""

    activity: str
    field: str
    value: str
    reason: str
    by: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableConfig:
    """A table of the client's own: its name in SQL, its file below the study, and how that is read.

    `columns` maps columns, by header or by name, to `TABLE_KINDS`; `rep` names the column that says whose a row is;
    `empty` are texts that mean nothing; `expect` are promises as those of models.
    """

    name: str
    file: str
    about: str = ""
    grain: str = ""
    sheet: str = ""
    header_line: int = 0
    encoding: str = ""
    delimiter: str = ""
    rep: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str = ""
    decimal_mark: str = ""
    empty: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a study is set up with. Times in hours, money per hour, shares 0 to 1."""

    title: str = ""
    currency: str = ""
    time_zone: str = "UTC"
    workdays_per_week: int = 5
    workday_hours: float = 8.0
    workday_starts: str = "09:00"
    instruments: tuple[str, ...] = INSTRUMENTS
    earliest_date: dt.date = dt.date(2000, 1, 1)
    latest_date: dt.date = dt.date(2099, 12, 31)
    country: str = ""
    region: str = ""
    holidays: tuple[dt.date, ...] = ()
    min_group: int = 5
    all_agree: bool = False
    keep_urls: bool = False
    point_minutes: Mapping[str, float] = field(default_factory=dict)
    rate: float | None = None
    role_rates: Mapping[str, float] = field(default_factory=dict)
    max_unclassified_share: float = 0.10
    max_set_aside_share: float = 0.05
    sources: tuple[SourceConfig, ...] = ()
    steps: tuple[StepConfig, ...] = ()
    activities: tuple[ActivityConfig, ...] = ()
    rules: tuple[RuleConfig, ...] = ()
    own_rules: tuple[RuleConfig, ...] = ()
    overrides: tuple[OverrideConfig, ...] = ()
    tables: tuple[TableConfig, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    quality: Mapping[str, float] = field(default_factory=dict)

    def source_for(self, relative: str) -> SourceConfig:
        """Return the first `[[source]]` block whose glob matches the path below `logs/`, or is that path itself.

        An umlaut may be one letter or two, as the system that wrote the name has it.
        """
        from fnmatch import fnmatchcase
        from unicodedata import normalize

        name = normalize("NFC", relative)
        matches = ((normalize("NFC", source.match), source) for source in self.sources)
        return next((s for match, s in matches if name == match or fnmatchcase(name, match)), SourceConfig())
