"""Small report tables for the chart tests, built in code."""

from __future__ import annotations

import polars as pl

STEP = {
    "step_number": pl.Int64,
    "step": pl.String,
    "journey": pl.String,
    "process_hours": pl.Float64,
    "lead_days": pl.Float64,
    "complete_accurate_share": pl.Float64,
    "people": pl.Float64,
    "visits": pl.Int64,
    "is_worst_process": pl.Boolean,
    "is_worst_lead": pl.Boolean,
    "is_worst_complete_accurate": pl.Boolean,
    "is_worst_people": pl.Boolean,
}
ACTIVITY = {
    "step_number": pl.Int64,
    "activity_code": pl.String,
    "activity": pl.String,
    "category": pl.String,
    "verdict": pl.String,
    "is_candidate": pl.Boolean,
    "hours_per_rep_week": pl.Float64,
    "entries": pl.Int64,
    "reps_doing": pl.Int64,
    "freed_hours_per_rep_week": pl.Float64,
}
TOTALS = {
    "lead_days": pl.Float64,
    "process_hours": pl.Float64,
    "activity_ratio": pl.Float64,
    "rolled_complete_accurate_share": pl.Float64,
    "freed_hours_per_rep_week": pl.Float64,
    "conclusion": pl.String,
    "workday_hours": pl.Float64,
}
WEEK = {
    "team": pl.String,
    "team_order": pl.Int64,
    "category": pl.String,
    "category_order": pl.Int64,
    "hours_per_rep_week": pl.Float64,
    "share": pl.Float64,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
    "reps": pl.Int64,
}
WASTERS = {
    "rank": pl.Int64,
    "activity_code": pl.String,
    "activity": pl.String,
    "category": pl.String,
    "verdict": pl.String,
    "is_candidate": pl.Boolean,
    "hours_per_rep_week": pl.Float64,
    "hours_per_rep_week_low": pl.Float64,
    "hours_per_rep_week_high": pl.Float64,
    "share": pl.Float64,
    "cost_per_week": pl.Float64,
    "cumulative_share": pl.Float64,
    "reps_doing": pl.Int64,
}
HEAT = {
    "weekday_number": pl.Int64,
    "weekday": pl.String,
    "hour": pl.Int64,
    "hours_per_rep_week": pl.Float64,
    "selling_share": pl.Float64,
    "reps": pl.Int64,
    "is_shown": pl.Boolean,
}


def rows(schema: dict, *values: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(values), schema=schema, orient="row")


def facts() -> pl.DataFrame:
    return pl.DataFrame({"reps": [23], "weeks": [4], "entries": [9812], "currency": ["EUR"]})


def stream(names: tuple[str, str] = ("Qualify", "CRM data entry")) -> dict[str, pl.DataFrame]:
    step, activity = names
    return {
        "rpt_stream_steps": rows(
            STEP,
            (1, "Prospect", "Unaware", 3.1, 4.4, 0.62, 1.0, 80, False, False, True, False),
            (2, step, "Recognise need", 7.9, 10.5, None, 5.0, 60, True, True, False, True),
        ),
        "rpt_stream_activities": rows(
            ACTIVITY,
            (1, "F1", "Dead-lead follow-up", "functional", "eliminate", False, 2.3, 40, 20, 2.0),
            (1, "A1", "Tiny one", "administrative", "simplify", False, 0.04, 3, 6, 0.0),
            (1, "A2", "Tiny two", "administrative", "automate", True, 0.03, 3, 6, 0.0),
            (2, "A3", activity, "administrative", "automate", True, 2.4, 90, 23, 1.0),
            (None, "A4", "Internal meetings", "administrative", None, False, 3.8, 70, 23, 0.0),
            (99, "A5", "Step nobody knows", "administrative", "keep", False, 1.2, 9, 8, 0.0),
        ),
        "rpt_stream_totals": rows(TOTALS, (14.9, 11.0, 0.09, None, 3.0, "Prospecting eats 2.3 h", 8.0)),
        "rpt_facts": facts(),
    }


def week() -> dict[str, pl.DataFrame]:
    return {
        "rpt_week_by_category": rows(
            WEEK,
            ("Field", 1, "selling", 0, 14.0, 0.28, 0.25, 0.33, 12),
            ("Field", 1, "administrative", 3, 36.0, 0.72, 0.66, 0.75, 12),
            ("All reps", 0, "selling", 0, 15.5, 0.31, 0.28, 0.34, 23),
            ("All reps", 0, "administrative", 3, 33.5, 0.67, 0.6, 0.7, 23),
            ("All reps", 0, "travel", 5, 1.0, 0.02, 0.01, 0.03, 23),
            ("All reps", 0, "non_work", 7, 3.0, 0.06, 0.05, 0.07, 23),
        ),
        "rpt_facts": facts(),
    }


def wasters() -> dict[str, pl.DataFrame]:
    return {
        "rpt_wasters": rows(
            WASTERS,
            (
                1,
                "A1",
                "Internal meetings",
                "administrative",
                "simplify",
                False,
                6.0,
                5.0,
                7.0,
                0.2,
                900.0,
                0.6,
                23,
            ),
            (
                2,
                "A2",
                "Expense reports",
                "administrative",
                "automate",
                True,
                2.5,
                2.0,
                3.0,
                0.1,
                None,
                0.85,
                20,
            ),
            (3, None, "4 other activities", None, None, False, 1.5, None, None, 0.05, None, 1.0, None),
        ),
        "rpt_facts": facts(),
    }


def heat_map() -> dict[str, pl.DataFrame]:
    return {
        "rpt_heat_map": rows(
            HEAT,
            (1, "Monday", 9, 0.8, 0.5, 20, True),
            (1, "Monday", 10, 0.9, 0.1, 20, True),
            (2, "Tuesday", 9, None, None, 3, False),
            (2, "Tuesday", 11, 0.4, None, 9, True),
        ),
        "rpt_facts": facts(),
    }


ALL = {"value-stream": stream, "week": week, "wasters": wasters, "heat-map": heat_map}


def data_rows(chart) -> list[dict]:
    """All rows of data that a chart carries in its spec."""
    spec = chart.to_dict()
    return [row for dataset in spec["datasets"].values() for row in dataset] + spec.get("data", {}).get("values", [])


def texts(chart) -> list[str]:
    return [row["text"] for row in data_rows(chart) if "text" in row]


HOSTILE = "</script><script>alert(1)</script> a.b x[0] when:Q it's {{7*7}} ${1} \u2028 \u202e\u05d0 \U0001f600 \x0b"


def hostile(frames):
    """The frames with every text replaced by what nobody should type."""
    kept = {"verdict", "category", "activity_code"}
    return {
        table: frame.with_columns(
            pl.lit(HOSTILE).alias(name) for name, kind in frame.schema.items() if kind == pl.String and name not in kept
        )
        for table, frame in frames.items()
    }
