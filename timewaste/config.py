"""`timewaste.toml` and the packaged defaults -> checked settings.

Knows what may stand in the file and says what may not, with the key and the nearest allowed name. Does not
know the database: `config_frames` turns the values into `cfg_` tables.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from timewaste.config_checks import check_values
from timewaste.errors import ConfigError
from timewaste.settings import (
    CATEGORIES,
    FILE_NAME,
    INSTRUMENTS,
    RAW_FIELDS,
    ActivityConfig,
    Config,
    OverrideConfig,
    RuleConfig,
    SourceConfig,
    StepConfig,
    TableConfig,
)
from timewaste.toml_checks import checked_dates, checked_table, known_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["CATEGORIES", "RAW_FIELDS", "Config", "SourceConfig", "load_config", "load_defaults", "parse_config"]
# Keys a table may carry, and the Python types TOML gives for them.
TABLES: dict[str, dict[str, tuple[type, ...]]] = {
    "study": {
        "title": (str,), "currency": (str,), "time_zone": (str,), "workdays_per_week": (int,), "point_minutes": (dict,),
        "workday_hours": (int, float), "workday_starts": (str,), "earliest_date": (dt.date,), "latest_date": (dt.date,),
        "country": (str,), "region": (str,), "holidays": (list,),
        "instruments": (list,),
    },
    "privacy": {"min_group": (int,), "all_agree": (bool,), "keep_urls": (bool,)},
    "cost": {"rate": (int, float), "roles": (dict,)},
    "bars": {"max_unclassified_share": (int, float), "max_set_aside_share": (int, float)},
    "limits": {},  # any name that defaults/verdicts.toml has
    "quality": {},  # any name of a limit in defaults/quality.toml
}  # fmt: skip
DAYS = {"date", "week_start"}  # keys whose value may stand with or without quotes
BLOCKS: dict[str, tuple[type, dict[str, tuple[type, ...]], tuple[str, ...]]] = {
    "source": (
        SourceConfig,
        {
            "match": (str,), "skip": (bool,), "format": (str,), "sheet": (str,), "encoding": (str,),
            "delimiter": (str,), "header_line": (int,), "date_order": (str,), "decimal_mark": (str,),
            "century": (int,), "year": (int,),
            "duration_unit": (str,), "rep": (str,), "instrument": (str,), "time_zone": (str,), "columns": (dict,),
            "skip_sheets": (list,), "include_hidden": (bool,), "fill_merged": (bool,), "fill_down": (bool,),
            "week_start": (str, dt.date), "slot_minutes": (int,),
            "from_date": (dt.date,), "to_date": (dt.date,), "tz_alias": (dict,),
        },
        ("match",),
    ),
    "step": (StepConfig, {"name": (str,), "journey": (str,), "stages": (list,)}, ("name",)),
    "activity": (
        ActivityConfig,
        {
            "code": (str,), "name": (str,), "group": (str,), "category": (str,), "value_class": (str,),
            "customer_facing": (bool,), "step": (str,),
        },
        ("code", "name", "category", "value_class"),
    ),
    "rule": (
        RuleConfig,
        {"id": (str,), "match": (str,), "activity": (str,), "because": (str,)},
        ("id", "match", "activity"),
    ),
    "override": (
        OverrideConfig,
        {"activity": (str,), "field": (str,), "value": (str,), "reason": (str,), "by": (str,), "date": (str, dt.date)},
        ("activity", "field", "value", "reason", "by", "date"),
    ),
    "table": (
        TableConfig,
        {
            "name": (str,), "file": (str,), "about": (str,), "grain": (str,), "sheet": (str,), "header_line": (int,),
            "encoding": (str,), "delimiter": (str,), "rep": (str,), "columns": (dict,), "date_order": (str,),
            "decimal_mark": (str,), "empty": (list,), "expect": (list,),
        },
        ("name", "file"),
    ),
}  # fmt: skip


def load_defaults(name: str) -> dict[str, Any]:
    """Return a packaged data file, such as `taxonomy.toml`, as TOML gives it."""
    return tomllib.loads(resources.files("timewaste").joinpath("defaults", name).read_text(encoding="utf-8"))


def load_issue_rules() -> list[dict[str, str]]:
    """Return every kind of issue, from each file of `defaults/issue_rules/`: code, title, mend, severity."""
    folder = resources.files("timewaste").joinpath("defaults", "issue_rules")
    texts = (file.read_text(encoding="utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name))
    return [rule for text in texts for rule in tomllib.loads(text)["issue_rule"]]


def load_config(folder: Path) -> Config:
    """Return the settings of the study in `folder`: its `timewaste.toml` over the packaged defaults.

    A folder without the file is a study with default settings. Raises `ConfigError`.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return parse_config({})
    try:
        return parse_config(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"not valid TOML: {error}", where=str(path), mend="Correct that line; text values stand in quotes."
        ) from None
    except UnicodeDecodeError:
        raise ConfigError("not UTF-8 text", where=str(path), mend="Save the file as UTF-8.") from None
    except ConfigError as error:
        error.where = f"{path}: {error.where}"
        raise


def parse_config(said: Mapping[str, Any]) -> Config:
    """Return the checked settings for the parsed content of a `timewaste.toml`. Raises `ConfigError`."""
    for key in said:
        known_name(key, (*TABLES, *BLOCKS), "")
    packaged_limits: dict[str, dict[str, float]] = {
        "limits": load_defaults("verdicts.toml")["limits"],
        "quality": {limit["name"]: limit["value"] for limit in load_defaults("quality.toml")["limit"]},
    }
    values: dict[str, Any] = {}
    for table, keys in TABLES.items():
        allowed = keys or dict.fromkeys(packaged_limits[table], (int, float))
        checked = checked_table(said.get(table, {}), allowed, table)
        if table in packaged_limits:
            values[table] = {**packaged_limits[table], **checked}
        else:
            values.update({"role_rates" if key == "roles" else key: value for key, value in checked.items()})
    defaults = {"step": "steps.toml", "activity": "taxonomy.toml", "rule": "rules.toml"}
    values["instruments"] = _instruments(values.get("instruments", []))
    blocks = {name: _blocks(said.get(name, []), name) for name in BLOCKS}
    packaged = {name: _blocks(load_defaults(file)[name], name) for name, file in defaults.items()}
    values["holidays"] = checked_dates(values.get("holidays", []), "study.holidays")
    config = Config(
        **values,
        sources=_sources(said.get("source", [])),
        steps=tuple(blocks["step"] or packaged["step"]),
        activities=tuple({a.code: a for a in (*packaged["activity"], *blocks["activity"])}.values()),
        rules=(*blocks["rule"], *packaged["rule"]),
        own_rules=tuple(blocks["rule"]),
        overrides=tuple(blocks["override"]),
        tables=tuple(blocks["table"]),
    )
    check_values(config, has_own_steps=bool(blocks["step"]))
    return config


def _instruments(named: list[object]) -> tuple[str, ...]:
    """Return all instruments, best first: as the study names them, then those that it does not, as they come."""
    where = "study.instruments"
    for name in named:
        known_name(str(name), INSTRUMENTS, where)
    if len(set(map(str, named))) < len(named):
        raise ConfigError("an instrument is named twice", where=where, mend="Name each once, the best one first.")
    return tuple(dict.fromkeys((*map(str, named), *INSTRUMENTS)))


def _blocks(blocks: object, name: str) -> list[Any]:
    kind, allowed, required = BLOCKS[name]
    if not isinstance(blocks, list):
        raise ConfigError("stands in single brackets", where=name, mend=f"Write it as [[{name}]], in double brackets.")
    made = []
    for number, block in enumerate(blocks, start=1):
        where = f"[[{name}]] number {number}"
        checked = checked_table(block, allowed, where)
        for key in required:
            if checked.get(key, "") == "":
                raise ConfigError(f"{key} is missing", where=where, mend=f"Add: {key} = …")
        for key in checked.keys() & {"stages", "skip_sheets", "empty", "expect"}:
            checked[key] = tuple(map(str, checked[key]))
        made.append(kind(**{key: str(value) if key in DAYS else value for key, value in checked.items()}))
    return made


def _sources(blocks: object) -> tuple[SourceConfig, ...]:
    """Return the checked blocks; what several say of the same files is put together, so that each may be pasted."""
    checked = _blocks(blocks, "source")
    assert isinstance(blocks, list)  # noqa: S101 - `_blocks` refuses others
    merged: dict[str, dict[str, Any]] = {}
    for source, block in zip(checked, blocks, strict=True):
        there = merged.setdefault(source.match, {})
        for key, value in block.items():
            before = there.setdefault(key, value)
            if isinstance(value, dict) and all(before.get(name, one) == one for name, one in value.items()):
                there[key] = {**before, **value}
            elif before != value:
                raise ConfigError(
                    f"two blocks for the same files say different things: {before!r} and {value!r}",
                    where=f"[[source]] match = {source.match!r}, {key}", mend="Keep the line that holds.",
                )  # fmt: skip
    return tuple(_blocks(list(merged.values()), "source"))
