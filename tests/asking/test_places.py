"""Every usual slip of the pen gets a message that points at it and says how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timewaste.asking.fence import Fence, Limits
from timewaste.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timewaste.study import Study


OF_REP_DAYS = (
    "rep_id", "weekday_number", "is_workday", "local_date", "week_start_date", "entries", "counted_seconds",
    "worked_seconds",
)  # fmt: skip


@pytest.fixture
def fence(sample: Study, tmp_path: Path) -> Iterator[Fence]:
    with Fence.around(sample.database, Limits(2 << 30, str(tmp_path))) as fence:
        yield fence


def refusal(fence: Fence, query: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        list(fence.ask(query, {}).batches())
    return caught.value


@pytest.mark.parametrize(
    ("query", "where", "what", "mend"),
    [
        ("selct 1", "column 1", 'syntax error at or near "selct"', 'Did you mean "select"?'),
        ("select rep_id form entries where seconds > 1", "column 20", 'syntax error at or near "entries"',
         "What stands before it? A comma, a bracket or a word of SQL may be missing or misspelt."),
        ("select count(* from entries", "column 16", 'syntax error at or near "from"',
         "What stands before it? A comma, a bracket or a word of SQL may be missing or misspelt."),
        ("select label + seconds from entries", "column 14", "no function '+(VARCHAR, BIGINT)' for such types",
         "Change the type of one: cast(... as ...). Texts are joined with ||."),
        ("select round(label) from entries", "column 8", "no function 'round(VARCHAR)' for such types",
         "Change the type of one: cast(... as ...). Texts are joined with ||."),
        ("select rep_id, sum(seconds) from entries", "column 8", 'column "rep_id" must appear in the GROUP BY clause',
         "Add it to GROUP BY, or take one value of it, such as min(...)."),
        ("select rep_id from entries, reps", "column 8", "several tables have a column 'rep_id'",
         "Say which: entries.rep_id or reps.rep_id."),
        ("select rep_id from entries where sum(seconds) > 3", "column 34", "WHERE clause cannot contain aggregates!",
         "What is counted over a group is tested in HAVING, after GROUP BY."),
        ('select seconds from entries where rep_id = "anna"', "column 44", "there is no column 'anna'",
         "Text stands between single quotes: 'anna'."),
        ("select qqq from rep_days", "column 8", "there is no column 'qqq'",
         "rep_days has " + ", ".join(OF_REP_DAYS) + "."),
        ("select x.rep_id from entries as e", "column 8", "the query reads no table 'x'", "It reads entries."),
        ("select 1 from entries where local_date > 'march'", "column 42", "invalid date field format",
         "A day is written as '2026-03-31'. try_cast(... as date) gives null for what is none."),
    ],
)  # fmt: skip
def test_a_slip_is_pointed_at_and_mended(fence: Fence, query: str, where: str, what: str, mend: str) -> None:
    error = refusal(fence, query)
    assert error.where.endswith(where)
    first, _, excerpt = error.what.partition("\n")
    assert first.startswith(what)
    assert error.mend == mend
    assert "\\t" not in error.what
    assert len(excerpt.splitlines()) == 2
