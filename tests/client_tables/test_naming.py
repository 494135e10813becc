"""Headers become names that SQL takes without quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timewaste.client_tables.naming import RESERVED, column_name, column_names
from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Rep ID", "rep_id"), ("Größe", "groesse"), ("Müller & Söhne", "mueller_and_soehne"),
        ("Mu\u0308ller", "mueller"), ("Café", "cafe"), ("Anteil %", "anteil_percent"), ("Quota (€)", "quota_eur"),
        ("2026", "_2026"), ("Q1/2026", "q1_2026"), ("Order", "order_"), ("year", "year"), ("№", "no"), ("--", ""),
        ("名前", ""), ("x" * 99, "x" * 60),
    ],
)  # fmt: skip
def test_a_header_makes_a_plain_name(header: str, name: str) -> None:
    assert column_name(header) == name


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(max_size=30))
def test_any_name_is_a_column_without_quotes(connection: duckdb.DuckDBPyConnection, header: str) -> None:
    if name := column_name(header):
        connection.execute(f"create or replace temp table t ({name} integer)")
        query = f"select {name}, t.{name} from t where {name} > 0 order by {name}"
        assert connection.execute(query).fetchall() == []


def test_the_words_of_sql_are_all_known(connection: duckdb.DuckDBPyConnection) -> None:
    words = connection.execute("select distinct keyword_name from duckdb_keywords()").fetchall()
    for (word,) in words:
        name = column_name(word)
        assert (name != word) == (word in RESERVED)
        connection.execute(f"create or replace temp table t as select 1 as {name}")
        assert connection.execute(f"select {name} from t order by {name}").fetchall() == [(1,)]


def test_two_headers_of_one_name_are_refused() -> None:
    with pytest.raises(ReadError, match="'Rep ID' and 'rep-id' make one name, rep_id") as caught:
        column_names({0: "Rep ID", 2: "rep-id"}, where="client/t.csv")
    assert caught.value.code == "table/same_name"
    with pytest.raises(ReadError, match="makes no name"):
        column_names({0: "***"}, where="client/t.csv")
