"""What settings may not say although each key is known and of the right kind: ranges, zones, codes, contradictions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.errors import ConfigError
from timewaste.settings import (
    CATEGORIES,
    DATE_ORDERS,
    DURATION_UNITS,
    INSTRUMENTS,
    OVERRIDE_VALUES,
    PERSONAL_BELOW,
    RAW_FIELDS,
    TABLE_KINDS,
    VALUE_CLASSES,
)
from timewaste.toml_checks import check_day, known_name

if TYPE_CHECKING:
    from timewaste.settings import Config


def check_values(config: Config, *, has_own_steps: bool) -> None:
    """Check what the values say together. With steps of the study's own, the packaged ones need not exist.

    Raises `ConfigError`.
    """
    _check_ranges(config)
    _check_zones(config)
    _check_sources(config)
    _check_activities(config, has_own_steps=has_own_steps)
    _check_rules(config)
    _check_overrides(config)
    _check_tables(config)


def _check_ranges(config: Config) -> None:
    hours, _, minutes = config.workday_starts.partition(":")
    is_clock = hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
    rates = [*config.role_rates.values(), 0 if config.rate is None else config.rate]
    for holds, where, what, mend in (
        (1 <= config.workdays_per_week <= 7, "study.workdays_per_week", "is not a number of days", "Write 1 to 7."),
        (0 < config.workday_hours <= 24, "study.workday_hours", "is not a length of a day", "Write up to 24 hours."),
        (is_clock, "study.workday_starts", "is not a time of day", 'Write it as "09:00".'),
        (config.earliest_date <= config.latest_date, "study.latest_date", "lies before earliest_date", "Swap them."),
        (config.earliest_date.year >= 1900, "study.earliest_date", "is no year of a log", "Write 1900 or later."),
        (config.latest_date.year <= 2200, "study.latest_date", "is no year of a log", "Write 2200 or earlier."),
        (config.country or not config.region, "study.region", "stands without its country", 'Add: country = "DE".'),
        (config.min_group >= 1, "privacy.min_group", "is not a number of people", "Write 1 or more; 5 is usual."),
        (
            config.min_group >= PERSONAL_BELOW or config.all_agree,
            "privacy.min_group",
            "lets what is shared show what a single person did",
            f"Write {PERSONAL_BELOW} or more, or, if all who took part agree, add below it: all_agree = true.",
        ),
        (
            0 <= config.max_unclassified_share <= 1,
            "bars.max_unclassified_share",
            "is not a share",
            "Write 10 % as 0.10.",
        ),
        (0 <= config.max_set_aside_share <= 1, "bars.max_set_aside_share", "is not a share", "Write 10 % as 0.10."),
        (
            all(_is_rate(minutes) and 0 < minutes <= 1440 for minutes in config.point_minutes.values()),
            "study.point_minutes",
            "holds a length that is not above 0 and up to 1440",
            "Write the minutes of each kind, as in { call = 10, email = 5 }.",
        ),
        (
            all(_is_rate(rate) for rate in rates),
            "cost",
            "a rate is not a number of 0 or more",
            "Write it as rate = 85.",
        ),
    ):
        if not holds:
            value = getattr(config, where.partition(".")[2], "")
            raise ConfigError(f"{value} {what}".strip(), where=where, mend=mend)


def _is_rate(rate: object) -> bool:
    return isinstance(rate, int | float) and not isinstance(rate, bool) and rate >= 0


def _check_zones(config: Config) -> None:
    from zoneinfo import ZoneInfo

    aliases = (zone for source in config.sources for zone in source.tz_alias.values())
    for zone in {config.time_zone, *(s.time_zone for s in config.sources if s.time_zone), *map(str, aliases)}:
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, KeyError):
            raise ConfigError(
                f"unknown time zone {zone!r}", where="time_zone", mend="Use an IANA name such as Europe/Berlin."
            ) from None


def _check_sources(config: Config) -> None:
    for source in config.sources:
        where = f"[[source]] match = {source.match!r}"
        for value, allowed in (
            (source.date_order, DATE_ORDERS), (source.duration_unit, DURATION_UNITS),
            (source.decimal_mark, (".", ",")), (source.instrument, INSTRUMENTS),
        ):  # fmt: skip
            if value:
                known_name(value, allowed, where)
        check_day(source.week_start, f"{where}, week_start")
        for key, holds, what, mend in (
            ("century", source.century in {0, 1900, 2000, 2100}, "no century", "Write it as century = 2000."),
            ("year", source.year == 0 or 1900 <= source.year <= 2200, "no year of a log", "Write it as year = 2026."),
            ("slot_minutes", 0 <= source.slot_minutes <= 240, "no length of a slot", "Write 1 to 240 minutes."),
        ):
            if not holds:
                raise ConfigError(what, where=f"{where}, {key}", mend=mend)
        if source.from_date and source.to_date and source.from_date > source.to_date:
            raise ConfigError("to_date lies before from_date", where=where, mend="Swap them.")
        for key, header in source.columns.items():
            known_name(key, RAW_FIELDS[:-1], f"{where}, columns")
            if not isinstance(header, str):
                raise ConfigError(
                    f"{header!r} must be text in quotes", where=f"{where}, columns.{key}", mend="Correct it."
                )


def _check_activities(config: Config, *, has_own_steps: bool) -> None:
    steps = {step.name for step in config.steps}
    if len(steps) < len(config.steps):
        raise ConfigError("two steps have one name", where="[[step]]", mend="Give each step its own name.")
    for activity in config.activities:
        known_name(activity.category, CATEGORIES, f"activity {activity.code}, category")
        known_name(activity.value_class, VALUE_CLASSES, f"activity {activity.code}, value_class")
        if activity.step and activity.step not in steps and not has_own_steps:
            known_name(activity.step, steps, f"activity {activity.code}, step")


def _check_rules(config: Config) -> None:
    codes = sorted(activity.code for activity in config.activities)
    seen: set[str] = set()
    for rule in config.rules:
        known_name(rule.activity, codes, f"rule {rule.id}, activity")
        if rule.id in seen:
            raise ConfigError("two rules with this id", where=f"rule {rule.id}", mend="Give each rule its own id.")
        seen.add(rule.id)


def _check_overrides(config: Config) -> None:
    codes = sorted(activity.code for activity in config.activities)
    seen: set[tuple[str, str, str]] = set()
    for override in config.overrides:
        where = f"[[override]] of {override.activity}"
        known_name(override.activity, codes, where)
        known_name(override.field, OVERRIDE_VALUES, where)
        known_name(override.value, OVERRIDE_VALUES[override.field], f"{where}, value")
        if not override.reason.strip():
            raise ConfigError("reason is empty", where=where, mend="Say why: the report prints it.")
        key = (override.activity, override.field, override.date)
        if key in seen:
            raise ConfigError(
                f"two judgements of {override.field} on {override.date}", where=where, mend="Keep the one that holds."
            )
        seen.add(key)


def _check_tables(config: Config) -> None:
    seen: set[str] = set()
    for table in config.tables:
        where = f"[[table]] {table.name}"
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", table.name):
            raise ConfigError(
                f"{table.name!r} is no plain name of a table", where=where,
                mend='Write lowercase letters, digits and underscores, a letter first, such as name = "quota".',
            )  # fmt: skip
        if table.name.partition("_")[0] in {"raw", "cfg", "stg", "int", "rpt", "before", "incoming", "intake"}:
            raise ConfigError(
                f"names that begin with {table.name.partition('_')[0]}_ are the program's own", where=where,
                mend=f"Call it client_{table.name.partition('_')[2] or 'table'}.",
            )  # fmt: skip
        if table.name in seen:
            raise ConfigError("two tables have this name", where=where, mend="Give each table its own name.")
        seen.add(table.name)
        for value, allowed in ((table.date_order, DATE_ORDERS), (table.decimal_mark, (".", ","))):
            if value:
                known_name(value, allowed, where)
        for column, kind in table.columns.items():
            known_name(str(kind), TABLE_KINDS, f"{where}, columns.{column}")
        for promise in table.expect:
            if not re.fullmatch(r"(unique|not_null|check)\(.+\)", promise, re.DOTALL):
                raise ConfigError(
                    f"not a promise we know: {promise}", where=f"{where}, expect",
                    mend="Write unique(a, b), not_null(a) or check(a > 0).",
                )  # fmt: skip
