"""The executive's page: report tables in, one HTML file out. Knows frames and words, not files or databases.

The page needs no script and no network. Its policy allows nothing but its own style sheet, and every text that
came from a log is escaped by the template engine: nothing a rep typed can run in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timewaste import __version__
from timewaste.wording import count, counted, grade_sentence, hours, hours_range, money, percent, percent_range, tenth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from timewaste.config import Config

READS = (
    "rpt_headline", "rpt_facts", "rpt_grade", "rpt_measures", "rpt_week_by_category", "rpt_wasters", "rpt_heat_map",
    "rpt_stream_steps", "rpt_stream_activities", "rpt_stream_totals", "rpt_actions", "rpt_accounts",
    "rpt_issue_counts", "cfg_measures", "cfg_overrides", "cfg_scores", "cfg_limits",
)  # fmt: skip
PAGE_CHARTS = ("week", "wasters", "value-stream", "heat-map")
SHOWN_MEASURES = (
    "selling_strict", "selling_standard", "selling_broad", "administrative_wide", "functional", "administrative",
    "preparation", "travel", "development", "unclassified", "waste", "failure_demand",
)  # fmt: skip


def render(frames: Mapping[str, pl.DataFrame], config: Config) -> str:
    """Return the page as HTML for the tables named in `READS`; the same tables give the same bytes."""
    import base64
    import hashlib

    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("timewaste", "report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        hours=hours, percent=percent, count=count, tenth=tenth, money=money, sentence=_sentence,
    )  # fmt: skip
    environment.globals.update(hours_range=hours_range, percent_range=percent_range, counted=counted)
    assert environment.loader is not None  # noqa: S101 - given two lines above
    style = environment.loader.get_source(environment, "page.css")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page: str = environment.get_template("page.html").render(
        **_facts(frames, config), charts=_charts(frames), style=style, style_digest=digest, version=__version__
    )
    return page


def write_page(path: Path, page: str) -> None:
    """Write the page in one step. Raises `StudyError` when the place cannot be written."""
    from timewaste.files import write_atomically

    write_atomically(path, page.encode())


def _facts(frames: Mapping[str, pl.DataFrame], config: Config) -> dict[str, Any]:
    import polars as pl

    measures = {row["name"]: row for row in frames["rpt_measures"].filter(scope="all").iter_rows(named=True)}
    definitions = {row["name"]: row for row in frames["cfg_measures"].iter_rows(named=True)}
    shown = frames["rpt_actions"].filter("is_shown")
    judged = shown.filter(pl.col("verdict").is_in(["eliminate", "simplify", "automate"]))
    return {
        "headline": frames["rpt_headline"].row(0, named=True),
        "facts": frames["rpt_facts"].row(0, named=True),
        "grade": grade_sentence(**frames["rpt_grade"].row(0, named=True)),
        "accounts": frames["rpt_accounts"].row(0, named=True),
        "measures": [{**measures[name], **definitions[name]} for name in SHOWN_MEASURES if name in measures],
        "wasters": frames["rpt_wasters"].to_dicts(),
        "decided": judged.filter(pl.col("freed_hours_per_rep_week") > 0).to_dicts(),
        "candidates": judged.filter("is_candidate").to_dicts(),
        "kept": shown.filter(pl.col("verdict").is_in(["keep", "protect"])).to_dicts(),
        "small": shown.filter(pl.col("verdict") == "ignore", pl.col("category") != "non_work")["activity"].to_list(),
        "folded": frames["rpt_actions"].height - shown.height,
        "issues": frames["rpt_issue_counts"].to_dicts(),
        "definitions": frames["cfg_measures"].to_dicts(),
        "overrides": frames["cfg_overrides"].to_dicts(),
        "scores": frames["cfg_scores"].to_dicts(),
        "limits": frames["cfg_limits"].to_dicts(),
        "config": config,
        "names": dict(frames["rpt_actions"].select("activity_code", "activity").iter_rows()),
    }


def _charts(frames: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Return each chart as SVG that can stand beside the others in one page."""
    import re

    from markupsafe import Markup

    from timewaste.charts import draw
    from timewaste.charts.export import svg

    drawn = {}
    for name in PAGE_CHARTS:
        picture = svg(draw(name, frames))
        # Every picture numbers its clip paths from 0: in one page they need names of their own.
        ids = re.sub(r'\bid="(?=[\w-]+")', f'id="{name}-', picture)
        # Safe: the SVG writer escapes every text; a test feeds it hostile ones.
        drawn[name.replace("-", "_")] = Markup(re.sub(r"url\(#(?=[\w-]+\))", f"url(#{name}-", ids))  # noqa: S704
    return drawn


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
