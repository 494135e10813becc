"""The settings of a study as `cfg_` tables, so that the numbers and what made them lie in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timewaste.config import CATEGORIES, load_defaults, load_issue_rules

if TYPE_CHECKING:
    import polars as pl

    from timewaste.config import Config

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIGITAL_CHANNELS = ("email", "e-mail", "chat", "crm", "erp", "spreadsheet", "portal", "web", "online", "system")


def config_frames(config: Config, *, data_hash: str) -> dict[str, pl.DataFrame]:
    """Return every `cfg_` table by name. Units are in the column names; text is as in the file.

    Whoever reads a code finds its meaning here: the same frames feed the models and the report's appendix.
    """
    import polars as pl

    text, whole, real, truth = pl.String, pl.Int64, pl.Float64, pl.Boolean
    verdicts = load_defaults("verdicts.toml")
    hours, _, minutes = config.workday_starts.partition(":")
    stages = {
        stage.strip().lower(): number
        for number, step in reversed(list(enumerate(config.steps, start=1)))
        for stage in (*step.stages, step.name)
    }
    tables: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
        "cfg_settings": (
            {
                "time_zone": text, "workdays_per_week": whole, "workday_seconds": whole,
                "workday_start_second": whole, "earliest_date": pl.Date, "latest_date": pl.Date,
            },
            [(
                config.time_zone, config.workdays_per_week, round(config.workday_hours * 3600),
                int(hours) * 3600 + int(minutes or 0) * 60, config.earliest_date, config.latest_date,
            )],
        ),
        "cfg_study": (
            {
                "title": text, "currency": text, "min_group": whole, "rate_per_hour": real,
                "max_unclassified_share": real, "max_set_aside_share": real,
            },
            [(
                config.title, config.currency, config.min_group, config.rate,
                config.max_unclassified_share, config.max_set_aside_share,
            )],
        ),
        "cfg_workplace": ({"country": text, "region": text}, [(config.country, config.region)]),
        "cfg_holidays": ({"local_date": pl.Date}, [(day,) for day in config.holidays]),
        "cfg_fingerprint": ({"data_hash": text}, [(data_hash,)]),
        "cfg_taxonomy": (
            {
                "activity_code": text, "activity": text, "activity_group": text, "category": text,
                "value_class": text, "is_customer_facing": truth, "step": text,
            },
            [
                (a.code, a.name, a.group, a.category, a.value_class, a.customer_facing, a.step)
                for a in config.activities
            ],
        ),
        "cfg_categories": (
            {"category": text, "category_order": whole},
            [(category, number) for number, category in enumerate(CATEGORIES, start=1)],
        ),
        "cfg_rules": (
            {"rule_number": whole, "rule_id": text, "pattern": text, "activity_code": text, "because": text},
            [(number, r.id, r.match, r.activity, r.because) for number, r in enumerate(config.rules, start=1)],
        ),
        "cfg_overrides": (
            {
                "activity_code": text, "field": text, "value": text, "reason": text, "decided_by": text,
                "decided_on": text,
            },
            [(o.activity, o.field, o.value, o.reason, o.by, o.date) for o in config.overrides],
        ),
        "cfg_point_lengths": (
            {"channel": text, "seconds": whole},
            sorted((channel.strip().lower(), round(m * 60)) for channel, m in config.point_minutes.items()),
        ),
        "cfg_rates": ({"role": text, "rate_per_hour": real}, sorted(config.role_rates.items())),
        "cfg_steps": (
            {"step_number": whole, "step": text, "journey": text},
            [(number, step.name, step.journey) for number, step in enumerate(config.steps, start=1)],
        ),
        "cfg_stages": ({"stage": text, "step_number": whole}, sorted(stages.items())),
        "cfg_limits": ({"name": text, "value": real}, sorted(config.limits.items())),
        "cfg_channels": ({"channel": text, "is_digital": truth}, [(channel, True) for channel in DIGITAL_CHANNELS]),
        "cfg_instruments": (
            {"instrument": text, "rank": whole},
            [(instrument, rank) for rank, instrument in enumerate(config.instruments, start=1)],
        ),
        "cfg_hours": ({"hour": whole}, [(hour,) for hour in range(24)]),
        "cfg_weekdays": (
            {"weekday_number": whole, "weekday": text},
            list(enumerate(WEEKDAYS, start=1)),
        ),
    }  # fmt: skip
    frames = {name: pl.DataFrame(rows, schema=schema, orient="row") for name, (schema, rows) in tables.items()}
    frames["cfg_scores"] = pl.DataFrame(verdicts["score"], infer_schema_length=None)
    frames["cfg_routes"] = pl.DataFrame(verdicts["route"], infer_schema_length=None)
    frames["cfg_measures"] = pl.DataFrame(load_defaults("measures.toml")["measure"], infer_schema_length=None)
    frames["cfg_issue_rules"] = pl.DataFrame(load_issue_rules(), infer_schema_length=None).rename({"code": "rule"})
    return frames | _quality_frames(config)


def _quality_frames(config: Config) -> dict[str, pl.DataFrame]:
    """Return the tables of log quality: limits, detectors, which kind of issue belongs to which, and grades."""
    from fnmatch import fnmatchcase

    import polars as pl

    quality = load_defaults("quality.toml")
    detectors: list[dict[str, Any]] = quality["detector"]
    written = [rule["code"] for rule in load_issue_rules()]
    own = [rule for detector in detectors for rule in detector["rules"] if "*" not in rule]
    pairs = [
        (rule, number)
        for rule in dict.fromkeys((*own, *written))
        if (number := next((d["number"] for d in detectors if any(fnmatchcase(rule, p) for p in d["rules"])), None))
    ]
    limits = [(limit["name"], float(config.quality[limit["name"]]), limit["because"]) for limit in quality["limit"]]
    return {
        "cfg_quality_limits": pl.DataFrame(
            limits, schema={"name": pl.String, "value": pl.Float64, "because": pl.String}, orient="row"
        ),
        "cfg_detectors": pl.DataFrame(
            [(d["number"], d["name"], d["treatment"]) for d in detectors],
            schema={"detector": pl.Int64, "name": pl.String, "treatment": pl.String},
            orient="row",
        ),
        "cfg_detector_rules": pl.DataFrame(
            [(rule, n, quality["words"].get(rule, ""), rule in quality["doubtful"]["rules"]) for rule, n in pairs],
            schema={"rule": pl.String, "detector": pl.Int64, "words": pl.String, "is_doubtful": pl.Boolean},
            orient="row",
        ),
        "cfg_grades": pl.DataFrame(quality["grade"], infer_schema_length=None),
    }
