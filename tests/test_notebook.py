"""The example notebook answers what it shows, and nothing of the machine that ran it stands in it."""

from __future__ import annotations

import importlib.util
import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from engines import missing

DOCS = Path(__file__).parent.parent / "docs"
NOTEBOOK = DOCS / "exploring.ipynb"


@pytest.fixture(scope="module")
def maker():
    if not all(map(find_spec, ("nbclient", "nbformat", "ipykernel"))):
        missing("pip install 'timewaste[docs]' brings what runs a notebook")
    spec = importlib.util.spec_from_file_location("notebook", DOCS / "notebook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what a kernel says of its sockets and loops is not ours
def test_a_fresh_run_answers_what_is_stored(maker):
    import nbformat

    kept = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(kept)
    assert maker.texts(kept) == maker.texts(maker.answered()), "run: make docs"


def test_nothing_of_the_machine_is_stored():
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 300_000
    said = json.loads(text)
    assert said["metadata"].keys() == {"kernelspec", "language_info"}
    assert "version" not in said["metadata"]["language_info"]
    assert not re.search(r"/(?:tmp|home|root|work|Users|var)/|site-packages|ipykernel_\d|0x[0-9a-f]{6}", text)
    for cell in said["cells"]:
        assert cell["metadata"] == {}
        for output in cell.get("outputs", []):
            assert output["output_type"] in {"execute_result", "stream"}
            assert output.get("name", "stdout") == "stdout"
            assert "<script" not in json.dumps(output)


@pytest.mark.usefixtures("maker")
@pytest.mark.filterwarnings("ignore")
def test_a_chart_in_a_kernel_is_a_picture_and_a_spec(sample_copy):
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    code = f"from timewaste import open_study\nopen_study({str(sample_copy)!r}).chart('value-stream')"
    book = new_notebook(cells=[new_code_cell(code)])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    (output,) = book.cells[0].outputs
    assert list(output["data"]) == ["application/vnd.vegalite.v6+json", "image/svg+xml", "text/plain"]
    assert output["data"]["application/vnd.vegalite.v6+json"]["datasets"]
