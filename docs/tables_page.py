"""docs/tables.md: every table of a study with what its columns hold, and rows of the sample study."""  # noqa: INP001

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from entities import joins_list

from timewaste.client_tables.told import client_tables
from timewaste.input_tables import INPUTS
from timewaste.models import load_models
from timewaste.transforms import polars_models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timewaste.models import Model
    from timewaste.store import Column, Store
    from timewaste.study import Study

    Columns = Mapping[str, Sequence[Column]]

ROWS = 3
LETTERS = 30
WORDS = """\
Every study has the same tables, in `timewaste.duckdb`. Ask them with `timewaste sql STUDY "select ..."`, or open the
file with any client of DuckDB 1.5 or newer: it shows the sentences of this page beside tables and columns. Time is in
whole seconds (`seconds`, `..._seconds`), in hours only in the reports; a `..._share` is 0 to 1. Tables are made in
layers: raw and settings, staging, marts, reports. A table reads its own layer or an earlier one. What a table
promises is checked every time it is built. `select * from study_state` tells which program made the file, from what
and when.

For questions of your own, begin with the marts. These join most often; keys of one colour mean the same:

![Tables and their keys: entries in the middle, people, days, activities and sources around them](entities.svg)

{joins}

Beside the columns stand three rows of the [sample study](../sample_logs/README.md), long texts cut. Its people and
customers are invented."""


def tables_page(note: str, study: Study) -> str:
    """Return the page: marts and reports with rows of the study, the rest in short."""
    with study.store() as store:
        models = {model.name: model for model in load_models(store, polars_models())}
        columns: dict[str, list[Column]] = {}
        theirs = {table.name for table in client_tables(store)}  # the sample study's own: other studies have others
        for column in store.columns():
            if column.table not in theirs:
                columns.setdefault(column.table, []).append(column)
        return _page(note, store, models, columns)


def _page(note: str, store: Store, models: Mapping[str, Model], columns: Columns) -> str:
    layers = {
        "Marts": [m for m in models.values() if m.layer == "mart" and not m.name.startswith("int_")],
        "Reports": [m for m in models.values() if m.layer == "report"],
    }
    parts = ["# Tables", note, WORDS.format(joins=joins_list())]
    for heading, members in layers.items():
        parts.append(f"## {heading}")
        parts.append("\n".join(f"- [{m.name}](#{m.name}): {_first(m.sentence)}" for m in _sorted(members)))
        parts += [_entry(store, model, columns[model.name], models) for model in _sorted(members)]
    settings = sorted(name for name in columns if name.startswith("cfg_"))
    books = sorted(name for name in columns if name not in models and not name.startswith(("cfg_", "raw_")))
    raw = sorted(name for name in columns if name.startswith("raw_"))
    staging = [model for model in _sorted(models.values()) if model.layer == "staging"]
    between = [model for model in _sorted(models.values()) if model.name.startswith("int_")]
    parts += ["## Staging", *(_short(m.name, f"{m.sentence} Grain: {m.grain}", columns[m.name]) for m in staging)]
    parts += ["## Between the marts", *(_bare(model, columns[model.name]) for model in between)]
    for heading, names in (("Settings", settings), ("Raw", raw), ("Bookkeeping", books)):
        parts += [f"## {heading}", *(_short(name, _meaning(name), columns[name]) for name in names)]
    return "\n\n".join(parts) + "\n"


def _meaning(table: str) -> str:
    if table not in INPUTS:
        sys.exit(f"docs/tables_page.py: say what {table} is, in timewaste/input_tables.py")
    return INPUTS[table]


def _sorted(models: Iterable[Model]) -> list[Model]:
    return sorted(models, key=lambda model: model.name)


def _first(sentences: str) -> str:
    return sentences.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _entry(store: Store, model: Model, columns: Sequence[Column], models: Mapping[str, Model]) -> str:
    reads = ", ".join(f"[{r}](#{r})" if _has_heading(r, models) else r for r in sorted(model.reads))
    promises = ", ".join(f"`{promise}`" for promise in model.expects)
    lines = [f"### {model.name}", "", model.sentence, "", f"- Layer: {model.layer}", f"- Grain: {model.grain}"]
    if promises:
        lines.append(f"- Promises: {promises}")
    rows = _some_rows(store, model.name)
    heads = " a row |" + " another |" * (len(rows) - 1) if rows else ""
    lines += [f"- Reads: {reads}", "", f"| column | type | holds |{heads}", f"|---|---|---|{'---|' * len(rows)}"]
    for place, column in enumerate(columns):
        cells = "".join(f" {_shown(row[place])} |" for row in rows)
        lines.append(f"| {column.name} | {column.kind.lower()} | {_cell(column.comment)} |{cells}")
    return "\n".join(lines) + ("" if rows else "\n\nThe sample study has no rows of the kind.")


def _some_rows(store: Store, table: str) -> list[tuple[object, ...]]:
    """Return rows from the first, second and last third of a table, in an order that does not change."""
    rows = store.execute(f"select * from {table} order by all")
    places = sorted({len(rows) * part // (2 * ROWS) for part in range(1, 2 * ROWS, 2)}) if rows else []
    return [rows[place] for place in places]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    text = " ".join(str(value).split())
    return _cell(text if len(text) <= LETTERS else f"{text[: LETTERS - 1].rstrip()}…")


def _cell(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "|*_<`[" else sign for sign in text)


def _has_heading(name: str, models: Mapping[str, Model]) -> bool:
    return name in models and models[name].layer in {"mart", "report"} and not name.startswith("int_")


def _short(name: str, sentence: str, columns: Sequence[Column]) -> str:
    lines = [f"**{name}**: {sentence}", "", "| column | type | holds |", "|---|---|---|"]
    lines += [f"| {column.name} | {column.kind.lower()} | {_cell(column.comment)} |" for column in columns]
    return "\n".join(lines)


def _bare(model: Model, columns: Sequence[Column]) -> str:
    listed = ", ".join(f"{column.name} {column.kind.lower()}" for column in columns)
    return f"**{model.name}**: {model.sentence} Grain: {model.grain}\\\n{listed}."
