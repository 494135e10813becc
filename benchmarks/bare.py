"""The yardstick of `load.py`: what DuckDB alone needs to read a simulated study's CSV logs, typed, into tables on disk.

Its columns, delimiters and date formats are told, as a person would write it who knows these three files: nothing is
sniffed, checked, sorted or explained. One grouping by rep and label per team follows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

FIELD = {
    "rep": "VARCHAR", "day": "DATE", "starts": "TIME", "ends": "TIME", "label": "VARCHAR", "account": "VARCHAR",
    "opportunity": "VARCHAR", "channel": "VARCHAR", "logged": "TIMESTAMP",
}  # fmt: skip
INSIDE = {("duration" if name == "ends" else name): kind for name, kind in FIELD.items()}
TEAMS = (
    ("field", FIELD, ";", "%d.%m.%Y", "date_diff('second', starts, ends)"),
    ("inside", INSIDE, ",", "%Y-%m-%d", "date_diff('second', time '00:00', duration)"),
    ("key-account", FIELD, ";", "%d.%m.%Y", "date_diff('second', starts, ends)"),
)


def load(study: Path, database: Path) -> int:
    """Read the study's logs into `database`, which must be new, and return the number of rows."""
    rows = 0
    with duckdb.connect(str(database)) as connection:
        for team, columns, delimiter, dates, seconds in TEAMS:
            table = team.replace("-", "_")
            connection.execute(
                f"create table {table} as select * from read_csv("
                "$files, auto_detect = false, header = true, quote = '\"', escape = '\"', delim = $delimiter, "
                f"columns = {columns}, dateformat = $dates, timestampformat = '%Y-%m-%d %H:%M')",
                {"files": str(study / "logs" / team / "*.csv"), "delimiter": delimiter, "dates": dates},
            )
            groups = connection.execute(
                f"select rep, label, count(*), sum({seconds}) from {table} group by rep, label"
            ).fetchall()
            rows += sum(count for _, _, count, _ in groups)
    return rows


if __name__ == "__main__":
    print(load(Path(sys.argv[1]), Path(sys.argv[2])))
