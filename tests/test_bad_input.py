"""Every code that a file or a record can be told with is explained: in docs/bad-input.md or among the issue rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from timewaste.config import load_issue_rules

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"[a-z]+/[a-z0-9_-]+")
TABLE_KINDS = ("csv", "json", "parquet", "xlsx")
NO_CODES = {"n/a", "text/plain"}  # what a system writes where nobody is named; a kind of text
QUALITY = "quality.toml"  # the detectors of log quality explain their own


def literals(tree: ast.AST) -> set[str]:
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if CODE.fullmatch(text)}


def put_together(tree: ast.AST) -> set[str]:
    """Return codes of which the code of a module writes one part here and one part there."""
    found = set()
    heads = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.JoinedStr) and (
                    match := re.fullmatch(r"f'([a-z]+)/\{code\}'", ast.unparse(inner))
                ):
                    heads[node.name] = match[1]
        if isinstance(node, ast.JoinedStr) and (match := re.fullmatch(r"f'\{kind\}/([a-z-]+)'", ast.unparse(node))):
            found |= {f"{kind}/{match[1]}" for kind in TABLE_KINDS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            head = heads.get(ast.unparse(node.func).rpartition(".")[2])
            if head:
                found.add(f"{head}/{node.args[0].value}")
    return found


def given() -> set[str]:
    """Return every code that the program can give: in Python, and in the models."""
    codes = set()
    for path in (ROOT / "timewaste").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        codes |= literals(tree) | put_together(tree)
    for path in (ROOT / "queries").rglob("*.sql"):
        codes |= set(re.findall(r"'([a-z]+/[a-z0-9_]+)'", path.read_text(encoding="utf-8")))
    return codes - NO_CODES


def page() -> str:
    return (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")


def refusals() -> set[str]:
    """Return the codes that the page explains by hand."""
    by_hand = page().partition("## Why a file is refused")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z]+/[a-z0-9_-]+)`", by_hand))


def detectors() -> set[str]:
    text = (ROOT / "timewaste" / "defaults" / QUALITY).read_text(encoding="utf-8")
    return set(re.findall(r'"([a-z]+/[a-z0-9_*]+)"', text))


def is_detected(code: str) -> bool:
    return any(re.fullmatch(pattern.replace("*", ".*"), code) for pattern in detectors())


def test_the_codes_are_found_in_the_program() -> None:
    assert {"csv/ragged", "archive/nested", "xes/late-case", "parquet/no-rep", "entry/no_date"} <= given()


def test_every_code_that_is_given_is_explained() -> None:
    rules = {rule["code"] for rule in load_issue_rules()}
    assert sorted(code for code in given() - rules - refusals() if not is_detected(code)) == []


def test_every_code_that_is_explained_is_given() -> None:
    rules = {rule["code"] for rule in load_issue_rules()}
    made = {f"activitywatch/{span}" for span in ("duration", "timestamp")}  # named by the key that is wrong
    assert sorted((rules | refusals()) - given() - made) == []


def test_no_code_is_explained_twice() -> None:
    codes = [rule["code"] for rule in load_issue_rules()]
    assert len(codes) == len(set(codes))
    assert not refusals() & set(codes)


def test_every_rule_stands_in_the_page() -> None:
    assert all(f"| `{rule['code']}` |" in page() for rule in load_issue_rules())
