"""The pages say what the program does: generated ones are current, commands in them run, examples are true."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import xlsxwriter

from timewaste.cli import COMMANDS, cli
from timewaste.config import BLOCKS, TABLES, Config, load_defaults, parse_config
from timewaste.models import load_models
from timewaste.readers.header_names import known_names
from timewaste.side_tables import SIDE_TABLES
from timewaste.simulate import simulate
from timewaste.study import open_study
from timewaste.transforms import polars_models
from timewaste.transforms.durations import parse_duration
from timewaste.transforms.times import parse_clock, parse_date

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))


def load_generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generator():
    return load_generator()


@pytest.fixture(scope="module")
def made(generator):
    return generator.pages()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "study"
    simulate(folder, reps=8, weeks=1, seed=7)
    return open_study(folder)


# ------------------------------------------------------------- generated pages


def test_generated_pages_are_current(generator, made):
    assert generator.outdated(made) == [], "run: make docs"


def test_a_stale_or_missing_page_is_found_and_written_anew(generator, made, tmp_path, capsys, monkeypatch):
    answer = generator.sample_answer()  # built once, not four times
    monkeypatch.setattr(generator, "sample_answer", lambda: answer)
    shutil.copy(DOCS.parent / "README.md", tmp_path)
    shutil.copytree(DOCS, tmp_path / "docs", dirs_exist_ok=True)
    docs = tmp_path / "docs"
    generator.main([], docs)
    capsys.readouterr()
    page = docs / "study-folder.md"
    page.write_text(page.read_text(encoding="utf-8").replace("| `min_group` | `5` |", "| `min_group` | `4` |"))
    (docs / "cli.md").unlink()
    assert generator.outdated(made, docs) == ["cli.md", "study-folder.md"]
    assert generator.main(["--check"], docs) == 1
    assert "docs/cli.md is out of date" in capsys.readouterr().err
    assert not (docs / "cli.md").exists()
    assert generator.main([], docs) == 0
    assert generator.main(["--check"], docs) == 0


def test_the_terminal_does_not_change_a_page(generator, monkeypatch):
    page = generator.cli_page()
    monkeypatch.setenv("COLUMNS", "40")
    assert generator.cli_page() == page
    lines = [line for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert 80 < max(map(len, lines)) <= 110  # an example is never wrapped


# -------------------------------------------------------------------- commands


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_docs(name):
    command = cli.get_command(cli.make_context("timewaste", [], resilient_parsing=True), name)
    assert re.search(rf"Example:\n +timewaste {name} ", command.help)
    assert all(option.help for option in command.params if option.param_type_name == "option")
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page.count(f"## timewaste {name}\n") == 1
    assert f"Usage: timewaste {name} " in page


def examples():
    for name in COMMANDS:
        command = cli.get_command(cli.make_context("timewaste", [], resilient_parsing=True), name)
        if name == "shell":  # waits for somebody to type; tests/asking opens it
            continue
        for line in re.findall(r"^ +(timewaste .+)$", command.help, re.MULTILINE):
            yield pytest.param(name, line, id=line[:40])


@pytest.mark.parametrize(("name", "line"), list(examples()))
def test_every_example_of_a_help_text_runs(name, line, place, small):
    if name not in {"init", "simulate"}:
        shutil.copytree(small.folder, place.folder / "acme")
        (place.folder / "Downloads").mkdir()
        with xlsxwriter.Workbook(place.folder / "Downloads" / "week-12.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Rep", "Date", "Start", "End", "Activity"])
            sheet.write_row(1, 0, ["anna", "2026-03-16", "09:00", "10:00", "expenses"])
    place.run(line)


# ---------------------------------------------------------------------- tables


def test_every_model_is_a_commented_table_of_the_database_and_of_the_page(small):
    page = (DOCS / "tables.md").read_text(encoding="utf-8")
    with small.store() as store:
        models = load_models(store, polars_models())
        comments = dict(
            store.execute(
                "select table_name, comment from duckdb_tables() union all "
                "select view_name, comment from duckdb_views() where not internal"
            )
        )
        columns = store.execute("select table_name, column_name from information_schema.columns")
    for model in models:
        assert comments.pop(model.name) == model.comment
        assert model.sentence in page
        assert model.grain in page
    assert all(f"**{table}**: " in page for table in comments), "inputs of the models"
    for table, column in columns:
        (entry,) = re.findall(
            rf"(?:^### {table}$|^\*\*{table}\*\*:)(.*?)(?=^###? |^\*\*|\Z)", page, re.DOTALL | re.MULTILINE
        )
        assert re.search(rf"\b{column}\b", entry), f"{table}.{column}"


# ----------------------------------------------------------------- study folder


def section(heading):
    page = (DOCS / "study-folder.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^### {re.escape(heading)}\n(.*?)(?=^##|^<!--|\Z)", page, re.DOTALL | re.MULTILINE)
    return found


def cells(text):
    return [[cell.strip() for cell in re.split(r"(?<!`)\|(?!`)", line)[1:-1]] for line in text.splitlines()
            if line.startswith("|")]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_of_a_table_stands_in_the_page_with_its_default(table):
    defaults = {"roles" if f.name == "role_rates" else f.name: f.default for f in fields(Config)}
    packaged = {
        "limits": load_defaults("verdicts.toml")["limits"],
        "quality": {limit["name"]: limit["value"] for limit in load_defaults("quality.toml")["limit"]},
    }
    wanted = TABLES[table] or packaged[table]
    rows = {row[0].strip("`"): row[1].strip("`") for row in cells(section(f"[{table}]"))[2:]}
    assert list(rows) == list(wanted)
    for key, value in rows.items():
        default = packaged[table][key] if table in packaged else defaults[key]
        if isinstance(default, bool):
            assert value == str(default).lower()
        elif isinstance(default, int | float):
            assert float(value) == default


@pytest.mark.parametrize("block", BLOCKS)
def test_every_setting_of_a_block_stands_in_the_page(block):
    _, allowed, required = BLOCKS[block]
    rows = {row[0].strip("`"): row[1] for row in cells(section(f"[[{block}]]"))[2:]}
    assert list(rows) == list(allowed)
    assert {key for key, default in rows.items() if default == "required"} == set(required)


def test_the_toml_in_the_page_is_a_valid_study():
    import tomllib

    page = (DOCS / "study-folder.md").read_text(encoding="utf-8")
    table, whole = sorted(re.findall(r"```toml\n(.*?)```", page, re.DOTALL), key=lambda text: "[[table]]" not in text)
    assert parse_config(tomllib.loads(whole)).source_for("north/a.csv").date_order == "dmy"
    sample = tomllib.loads((ROOT / "sample_logs" / "timewaste.toml").read_text(encoding="utf-8"))
    assert tomllib.loads(table)["table"] == sample["table"], "the page shows the sample's block"


@pytest.fixture
def sample_here(place):
    """Return a folder that holds the sample study, as whoever follows a page has it."""
    ignored = shutil.ignore_patterns("*.duckdb*", "formats", "report.html")
    shutil.copytree(ROOT / "sample_logs", place.folder / "sample_logs", ignore=ignored)
    return place


def test_what_the_page_shows_of_a_clients_table_is_printed(sample_here):
    page = (DOCS / "study-folder.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(client/quota.csv = .*?)```", page, re.DOTALL)
    assert shown in sample_here.run("timewaste load sample_logs")
    assert "@quota_on_selling_hours" in sample_here.run("timewaste sql sample_logs --list")


@pytest.mark.parametrize("page", ["python.md", "index.md"])
def test_the_python_of_a_page_runs(page, sample_here):
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    code = "\n".join(blocks).replace('"demo"', '"sample_logs"')
    (sample_here.folder / "page.py").write_text(code, encoding="utf-8")
    sample_here.run(f"{shlex.quote(sys.executable)} -W error page.py")


@pytest.mark.parametrize("table", SIDE_TABLES)
def test_every_column_of_the_side_files_stands_in_the_page(table):
    name, required, optional = SIDE_TABLES[table]
    rows = [row[0].strip("`") for row in cells(section(name))[2:]]
    assert rows == [*required, *optional]


def test_every_header_that_is_recognised_stands_in_the_page():
    page = (DOCS / "study-folder.md").read_text(encoding="utf-8")
    listed = page.partition("<!-- begin headers -->")[2].partition("<!-- end headers -->")[0]
    told = {header for row in cells(listed)[2:] for header in row[2].split(", ")}
    assert {header for f in load_defaults("columns.toml")["field"] for header in f["headers"]} == told
    assert len(known_names()) > 100


def test_the_texts_of_times_in_the_page_are_read_as_it_says():
    written = cells(section("Dates, clock times, durations"))[2:]
    spans = [re.findall(r"`([^`]+)`", row[0]) for row in written]
    iso, named, numeric, weekday, short, clocks, zoned, durations, bare = spans
    assert all(parse_date(text, "")[0] for text in iso + named)
    assert all(parse_date(text, "")[0] is None and parse_date(text, "dmy")[0] for text in numeric + weekday)
    assert all(parse_date(text, "dmy")[0] is None for text in short)
    assert all(parse_clock(text)[0] is not None and parse_clock(text)[1] is None for text in clocks)
    assert all(parse_clock(text)[1] is not None for text in zoned)
    assert all(parse_duration(text, "", "")[0] for text in durations)
    assert all(parse_duration(text, "", "")[0] is None for text in bare)
    assert all(parse_duration(text, "minutes", "," if "," in text else ".")[0] for text in bare)


# --------------------------------------------------------------- blocks of pages


class Place:
    """An empty folder with `timewaste` on the path and a home of its own."""

    def __init__(self, folder, programs):
        self.folder = folder
        programs.mkdir()
        (programs / "timewaste").write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m timewaste "$@"\n', encoding="utf-8"
        )
        (programs / "timewaste").chmod(0o755)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self.env = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder)}

    def run(self, line):
        done = subprocess.run(["sh", "-c", line], cwd=self.folder, env=self.env, capture_output=True, text=True,
                              timeout=300, check=False)  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def place(tmp_path):
    (tmp_path / "here").mkdir()
    return Place(tmp_path / "here", tmp_path / "bin")


def shell_lines(page):
    """Return the `timewaste` lines of a page's sh blocks; other lines set up a machine, not a study."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip().startswith("timewaste "):
                yield line.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_in_its_order(page, place, small):
    sample = ROOT / "sample_logs"
    if (sample / "logs").is_dir():
        shutil.copytree(sample, place.folder / "sample_logs", ignore=shutil.ignore_patterns("*.duckdb*"))
    else:
        shutil.copytree(small.folder, place.folder / "sample_logs")
    for line in shell_lines(page):
        place.run(line)
        made_study = re.match(r"timewaste init (\w+)", line)
        if made_study:  # what the page tells its reader to do next: put the files in
            shutil.copytree(small.folder, place.folder / made_study[1], dirs_exist_ok=True)


def test_there_are_commands_to_run():
    lines = {page.name: list(shell_lines(page)) for page in PAGES}
    assert any("report sample_logs" in line for line in lines["README.md"])
    assert len(lines["index.md"]) >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    anchors = {heading.strip() for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors
        elif not re.match(r"https?:", target) and page.parent == DOCS:
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", sorted(DOCS.glob("adding-*.md")), ids=lambda page: page.name)
def test_recipes_are_short_and_name_files_that_are_there(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    new = {
        "timewaste/readers/json_lines.py", "tests/readers/test_json_lines.py", "queries/marts/rep_evenings.sql",
        "queries/reports/rpt_evenings.sql", "timewaste/charts/evenings.py", "tests/charts/test_evenings.py",
    }  # fmt: skip
    for name in re.findall(r"`((?:timewaste|tests|queries)/[\w/.]+)`", text):
        assert name in new or (ROOT / name).exists(), name


def test_the_figures_that_pages_quote_are_those_of_the_benchmark():
    sizes = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "beyond-one-machine.md").read_text(encoding="utf-8")
    assert ", ".join(f"{size['load_mb']:,.0f}" for size in sizes) + " MB" in page
    seconds = [size["load_wall"] for size in sizes]
    assert f"{seconds[0]:.1f}, {seconds[1]:.1f}, {seconds[2]:.0f} s" in page
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert 9 < seconds[1] < 11, "a million entries in ten seconds"
    assert 60 < seconds[2] < 80, "ten million in little more than a minute"
    assert f"in {sizes[2]['load_mb'] / 1000:.1f} GB of memory" in readme


def test_the_readme_counts_the_named_questions_and_the_formats_folder():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    questions = len(list((ROOT / "queries" / "explore").glob("*.sql")))
    assert re.findall(r"(\d+) named questions", readme) == [str(questions)]
    files = len(list((ROOT / "sample_logs" / "formats" / "logs").iterdir()))
    assert re.findall(r"in (\d+) files of many tools", readme) == [str(files)]
