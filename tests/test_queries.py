"""Each SQL file: a header, one SELECT, the layer rule; and after staging only SQL that runs on any engine."""

import re
from pathlib import Path

import pytest

from timewaste.models import _header, broken_rows, queries_folder, scanned_reads
from timewaste.store import Store

FILES = [path for path in sorted(queries_folder().rglob("*.sql")) if path.parent.name != "explore"]
PORTABLE = [path for path in FILES if path.parent.name in {"marts", "reports"}]

# Each pattern is something that fails or, worse, silently differs on another engine.
FORBIDDEN = {
    r"::": "casts are written cast(x as type)",
    r"\bqualify\b": "QUALIFY is not portable",
    r"group by all\b": "GROUP BY ALL is not portable",
    r"\bexclude\s*\(|\breplace\s*\(": "EXCLUDE and REPLACE are not portable",
    r"\bpivot\b|\bunpivot\b|\basof\b": "PIVOT and ASOF are not portable",
    r"\bregexp_|\bsimilar to\b|~": "regular expressions differ between engines",
    r"\bstrptime\b|\bstrftime\b|date_diff|date_trunc|dayname|isodow|\bextract\s*\(": "use the calendar",
    r"make_timestamp|to_timestamp|epoch": "time functions differ: use whole seconds and the calendar",
    r"\bat time zone\b|\binterval\b": "time zones and intervals differ: use the calendar",
    r"\bfirst\s*\(|any_value|arg_max|arg_min|max_by|min_by|\bmode\s*\(": "picks a row by chance",
    r"quantile_cont|approx_": "use percentile_cont ... within group",
    r"\|\|": "use concat",
    r"//|(?<![\w)])%|\bdiv\b": "integer division differs",
    r"\blist_|\bunnest\b|\bstruct_|\[": "lists and structs differ",
    r"row_number\(\) over \(\)": "a window without an order is chance",
    r"\\": "backslashes in literals differ",
    r"\blambda\b": "not portable",
    r"\b(var)?char\b(?!\()|\btext\)": "a varchar without a length is no type on Spark: cast(x as string)",
    r"\b\d+\.\d+ as\b": "a decimal number makes a decimal column on some engines: cast(1 as double)",
    r"\bround\s*\((?:[^()]|\([^()]*\))*,\s*\d": "places are rounded by other rules elsewhere: 1.005 to 1.00 or 1.01",
    r'"': "a name in double quotes is a string on Spark",
}
# Explore queries are for eyes: they may round, and show a moment as a clock would.
FORBIDDEN_TO_EXPLORE = {
    pattern: reason
    for pattern, reason in FORBIDDEN.items()
    if reason != FORBIDDEN[r"\bat time zone\b|\binterval\b"] and "rounded" not in reason
}


def code(path: Path) -> str:
    """Return the SQL without comments and string literals."""
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'[^']*'", "''", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_has_a_header_and_is_one_select(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ")
    assert (
        text.rstrip().endswith(("select * from final",)) or "\norder by " in text[text.rindex("select * from final") :]
    )
    with Store.memory() as store:
        assert store.selects_from(text) == scanned_reads(text)
    lines = [line.removeprefix("--").strip() for line in text.partition("\n\nwith")[0].splitlines()]
    head = "\n".join(line for line in lines if not line.startswith("Kept:"))
    sentence, grain, expects, _ = _header(head, path.name)
    assert sentence.endswith(".")
    assert grain.endswith(".")
    for promise in expects:
        assert broken_rows("any_table", promise)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_written_in_the_house_style(path: Path) -> None:
    text = code(path)
    assert "\t" not in text
    assert not re.search(r"\b(SELECT|FROM|WHERE|JOIN)\b", text), "keywords are lowercase"
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 130


@pytest.mark.parametrize("path", PORTABLE, ids=lambda path: path.stem)
@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_runs_on_any_engine(path: Path, pattern: str) -> None:
    found = re.search(pattern, code(path))
    assert not found, f"{path.name}: {found.group()!r}: {FORBIDDEN[pattern]}"


@pytest.mark.parametrize("path", sorted((queries_folder() / "explore").glob("*.sql")), ids=lambda path: path.stem)
def test_an_explore_query_runs_on_any_engine(path: Path) -> None:
    for pattern, reason in FORBIDDEN_TO_EXPLORE.items():
        found = re.search(pattern, code(path))
        assert not found, f"{path.name}: {found.group()!r}: {reason}"


def test_no_column_is_of_a_type_that_engines_widen_differently(sample) -> None:
    kinds = sample.sql(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_name not like 'raw_%' and (data_type = 'HUGEINT' or data_type like 'DECIMAL%')"
    )
    assert kinds.rows() == [], "cast sums to bigint"


def test_the_lint_can_fail() -> None:
    samples = {
        r"::": "a::int", r"\|\|": "a || b", r"group by all\b": "group by all", r"\\": "\\",
        r"row_number\(\) over \(\)": "row_number() over ()", r"quantile_cont|approx_": "approx_quantile(x)",
    }  # fmt: skip
    for pattern, text in samples.items():
        assert re.search(pattern, text)
    taught_by_engines = (
        "cast(null as varchar) as team", "1.0 as fte", "round(a, 1)", "round(sum(a) filter (where b = 1) / c, 2)",
        'select "order"', "cast(a as text)",
    )  # fmt: skip
    for text in taught_by_engines:
        assert any(re.search(pattern, text) for pattern in FORBIDDEN), text
    for text in (
        "cast(null as string) as team",
        "cast(1 as double) as fte",
        "round(a * 100)",
        "x / 1.349 / y",
        "rep_text as a",
    ):
        assert not any(re.search(pattern, text) for pattern in FORBIDDEN), text
