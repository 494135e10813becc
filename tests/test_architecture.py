"""Who may import whom. The rows of the table below, read bottom up, are the whole design."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "timewaste"
ROWS = (  # a module imports only from rows below its own, or from its own package
    {"errors", "wording"},
    {
        "addresses",
        "arrow_batches",
        "files",
        "settings",
        "shared_folders",
        "sql_text",
        "stopwatch",
        "store_errors",
        "toml_checks",
    },
    {"config_checks", "table_files"},
    {"config", "config_frames", "input_tables", "issue"},
    {"charts", "transforms", "store", "cluster"},
    {"report", "models", "readers", "simulate", "stage_repeats", "study_state", "own_objects", "staged"},
    {"glossary", "own_tables", "questions", "study_words", "upkeep"},
    {"asking"},
    {"logs", "sources"},
    {"build", "glance", "landing", "refusals", "side_tables", "client_tables"},
    {"cluster_build", "intake"},
    {"study_reading"},
    {"study"},
    {"engines"},
    {"cli"},
)
DOORS = {  # an outside library has one door
    "duckdb": {"store.py", "asking"},
    "altair": {"charts"},
    "pyspark": {"cluster.py"},
    "vl_convert": {"charts"},
    "click": {"cli"},
    "rich": {"cli"},
    "jinja2": {"report"},
    "icalendar": {"readers"},
    "python_calamine": {"readers"},
    "defusedxml": {"readers"},
    "xlsxwriter": {"asking", "simulate"},
    "holidays": {"transforms"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """Return the row's word for a file: its package, or its own name at the top level."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path, *, also_for_types: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    if not also_for_types:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                skipped |= {id(inner) for inner in ast.walk(node)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_every_module_has_its_row() -> None:
    known = set().union(*ROWS) | {"__init__", "__main__"}
    assert {place(path) for path in modules()} <= known


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    here = place(path)
    row = next((number for number, names in enumerate(ROWS) if here in names), len(ROWS))
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "timewaste" or len(parts) < 2 or parts[1] in {"__version__", here}:
            continue
        target = next((number for number, names in enumerate(ROWS) if parts[1] in names), None)
        if target is None:  # a name taken from `timewaste` itself
            continue
        assert target <= row, f"{here} (row {row}) must not import {name} (row {target})"
        if target == row:
            assert here in {"config_frames", "report", "readers", "simulate"} or row == 0, (
                f"{here} imports its neighbour {name}"
            )


@pytest.mark.parametrize("library", DOORS)
def test_an_outside_library_has_one_door(library: str) -> None:
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in modules()
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert users <= DOORS[library]


def test_no_module_imports_in_a_circle() -> None:
    names = {".".join(("timewaste", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in modules()}
    graph = {name: imports(path) & names.keys() - {name} for name, path in names.items()}
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_models_do_not_import_models() -> None:
    holders = {"calendar", "durations", "estimates", "headlines", "labels", "people", "stream", "times", "verdicts"}
    for path in (PACKAGE / "transforms").glob("*.py"):
        if path.stem == "__init__":
            continue
        used = {name.split(".")[2] for name in imports(path) if name.startswith("timewaste.transforms.")}
        assert not used & holders, f"{path.name} imports the model {used & holders}"


def test_only_the_command_line_prints() -> None:
    for path in modules():
        if place(path) == "cli":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"print", "click.echo"}, path


def test_help_does_not_pay_for_heavy_libraries() -> None:
    code = (
        "import sys\n"
        "from timewaste.cli import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'duckdb', 'polars', 'altair', 'scipy', 'numpy', 'vl_convert', 'rich', 'pyspark'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
