"""Write docs/exploring.ipynb: the cells below, run on a copy of the sample study, with what they answer.

`python docs/notebook.py` writes, `python docs/notebook.py --check` only compares and exits with 1 when a fresh run
answers otherwise. Nothing of the machine stands in the notebook: no path, time or version.
"""  # noqa: INP001 - a script beside the page it writes

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

DOCS = Path(__file__).resolve().parent
NOTEBOOK = DOCS / "exploring.ipynb"
KEPT = ("text/plain", "text/html", "image/svg+xml")
"""Kinds of output that are stored. A chart's spec is left away: its picture says the same in half the room."""

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

CELLS = """
# Exploring a study in Python

This notebook is made by `docs/notebook.py` from the sample study, whose salespeople are invented. To follow it, start
in a checkout of timewaste. What each call does stands in [python.md](python.md).

---
from timewaste import open_study

study = open_study("sample_logs")
study
---
`open_study` has brought the study up to date with its logs and settings. What is there to ask?

---
study.tables().filter(table="rep_weeks").rows(named=True)
---
study.frame("rep_weeks").sort("rep_id", "week_start_date", "activity_code").head()
---
## Asking in SQL

A `$name` in a query is bound to the value given, never pasted into the text.

---
study.sql(
    \"\"\"
    select activity, count(distinct rep_id) as reps, round(sum(seconds) / 3600, 1) as hours
    from entries
    inner join cfg_taxonomy using (activity_code)
    where entries.category = $category
    group by activity
    order by hours desc
    limit 5
    \"\"\",
    category="administrative",
)
---
A slip is told with its place and the nearest name.

---
from timewaste.errors import QueryError

try:
    study.sql("select acount from entries")
except QueryError as error:
    print(error)
---
## Named questions

`study.questions()` lists them; their parameters have defaults.

---
study.question("hours_by_account", limit=5)
---
## Relations

A relation is worked out when its rows are asked for: steps are added one by one, and only the last answer is fetched.
It reads a connection that the study keeps open until `study.close()`.

---
import polars as pl

entries = study.relation("entries")
long_visits = entries.filter("seconds >= 2 * 3600 and category = 'selling'")
by_account = long_visits.aggregate("account, count(*) as visits", "account")
pl.DataFrame(by_account.order("visits desc, account").limit(3))
---
study.close()
---
## The client's own tables

The `[[table]]` block in `sample_logs/timewaste.toml` brings `client/quota.csv` in. Names like "Bianchi, Liv" have
become the `rep_id` of the roster; who is nobody of the study has none, and is listed.

---
(quota,) = study.client_tables
print(quota.place, quota.rows, "rows; nobody's:", quota.strangers)
study.frame("quota").head(3)
---
study.question("quota_on_selling_hours")
---
study.sql(
    \"\"\"
    with selling as (
        select rep_id, sum(seconds) / 3600 as hours
        from entries
        where category = 'selling'
        group by rep_id
    )
    select reps.role, corr(quota_eur, hours) as correlation, count(*) as reps
    from quota
    inner join selling using (rep_id)
    inner join reps using (rep_id)
    where quarter = $quarter
    group by reps.role
    order by reps.role
    \"\"\",
    quarter="2026-Q1",
).with_columns(pl.col("correlation").round(2))
---
## Charts and the report

A chart is an Altair chart. A notebook shows it without network and without scripts.

---
study.chart("week")
---
The executive's page names nobody, and nothing of the client's own tables is in it: only the tables that timewaste makes
are read for it.

---
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    page = study.report(Path(folder) / "report.html")
    print(page.name, "Bianchi" in page.read_text(encoding="utf-8"))
"""


def notebook() -> nbformat.NotebookNode:
    """Return the notebook without answers."""
    cells = []
    for number, text in enumerate(part.strip("\n") for part in re.split(r"^---$", CELLS, flags=re.MULTILINE)):
        is_words = text.startswith("#") or not _is_code(text)
        cell = (new_markdown_cell if is_words else new_code_cell)(text)
        cell["id"] = f"cell-{number:02}"
        cells.append(cell)
    return new_notebook(cells=cells, metadata=METADATA)


def _is_code(text: str) -> bool:
    try:
        compile(text, "cell", "exec")
    except SyntaxError:
        return False
    return True


def answered() -> nbformat.NotebookNode:
    """Return the notebook as a run on a fresh copy of the sample study answers it."""
    made = notebook()
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("*.duckdb*", "report.html", "formats")
        shutil.copytree(DOCS.parent / "sample_logs", Path(folder) / "sample_logs", ignore=ignored)
        os.environ["PYTHONPATH"] = str(DOCS.parent)
        client = NotebookClient(made, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}})
        client.execute()
    made.metadata = nbformat.from_dict(METADATA)  # a run adds the version of the machine's Python
    for cell in made.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs = [_kept(output) for output in cell.outputs]
    nbformat.validate(made)
    return made


def _kept(output: Any) -> Any:  # noqa: ANN401 - a node of the notebook
    if "data" in output:
        output["data"] = {kind: output["data"][kind] for kind in KEPT if kind in output["data"]}
    return output


def texts(made: nbformat.NotebookNode) -> list[str]:
    """Return what the cells ask and answer, in order, pictures left out: what a fresh run must give again."""
    found = []
    for cell in made.cells:
        answers = cell.get("outputs", [])
        found += [cell.source, *(one.get("text") or one.get("data", {}).get("text/plain") or "" for one in answers)]
    return found


def main(arguments: list[str]) -> int:
    """Write the notebook, or with `--check` say whether it is out of date."""
    made = answered()
    if "--check" not in arguments:
        NOTEBOOK.write_text(nbformat.writes(made) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote docs/{NOTEBOOK.name}\n")
        return 0
    kept = nbformat.read(NOTEBOOK, as_version=4)
    if texts(kept) == texts(made):
        return 0
    sys.stderr.write(f"docs/{NOTEBOOK.name} is out of date: make docs\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
