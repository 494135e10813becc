"""The yardstick of `load.py`: what DuckDB alone needs to read a simulated study's logs, typed, into tables on disk.

Its columns, delimiters and date formats are told, as a person would write it who knows these three files: nothing is
sniffed, checked, sorted or explained. One grouping by rep and label per team follows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

KINDS = {
    "Date": "DATE", "Start": "TIME", "Start time": "TIME", "End": "TIME", "Duration": "TIME",
    "Logged at": "TIMESTAMP", "Entered at": "TIMESTAMP",
}  # fmt: skip
FIELD = (";", "%d.%m.%Y", 'select Rep, Activity, count(*), sum(date_diff(\'second\', "Start", "End"))')
INSIDE = (",", "%Y-%m-%d", "select \"Sales rep\", Task, count(*), sum(date_diff('second', time '00:00', Duration))")
TEAMS = {"field": FIELD, "inside": INSIDE, "key-account": FIELD}


def load(study: Path, database: Path) -> int:
    """Read the study's logs into `database`, which must be new, and return the number of rows."""
    rows = 0
    with duckdb.connect(str(database)) as connection:
        for team, (delimiter, dates, grouping) in TEAMS.items():
            files = sorted((study / "logs" / team).glob("*.csv"))
            with files[0].open(encoding="utf-8-sig") as stream:
                headers = stream.readline().rstrip("\n").split(delimiter)
            columns = {header: KINDS.get(header, "VARCHAR") for header in headers}
            table = team.replace("-", "_")
            connection.execute(
                f"create table {table} as select * from read_csv("
                "$files, auto_detect = false, header = true, quote = '\"', escape = '\"', delim = $delimiter, "
                f"columns = {columns}, dateformat = $dates, timestampformat = '%Y-%m-%d %H:%M')",
                {"files": [str(file) for file in files], "delimiter": delimiter, "dates": dates},
            )
            groups = connection.execute(f"{grouping} from {table} group by all").fetchall()
            rows += sum(count for _, _, count, _ in groups)
    return rows


def load_parquet(study: Path, database: Path) -> int:
    """Read the study's Parquet logs into `database`, which must be new, and return the number of rows."""
    rows = 0
    with duckdb.connect(str(database)) as connection:
        for team, (_, _, grouping) in TEAMS.items():
            table = team.replace("-", "_")
            files = sorted(str(file) for file in (study / "logs" / team).glob("*.parquet"))
            connection.execute(f"create table {table} as select * from read_parquet($files)", {"files": files})
            groups = connection.execute(f"{grouping} from {table} group by all").fetchall()
            rows += sum(count for _, _, count, _ in groups)
    return rows


def to_parquet(study: Path, target: Path) -> None:
    """Write the CSV logs of a study as Parquet, typed, each file beside its like below `target`."""
    with duckdb.connect() as connection:
        for team, (delimiter, dates, _) in TEAMS.items():
            for file in sorted((study / "logs" / team).glob("*.csv")):
                with file.open(encoding="utf-8-sig") as stream:
                    headers = stream.readline().rstrip("\n").split(delimiter)
                columns = {header: KINDS.get(header, "VARCHAR") for header in headers}
                path = target / "logs" / team / f"{file.stem}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                connection.execute(
                    f"copy (select * from read_csv($file, auto_detect = false, header = true, quote = '\"', "
                    f"escape = '\"', delim = $delimiter, columns = {columns}, dateformat = $dates, "
                    f"timestampformat = '%Y-%m-%d %H:%M')) to '{path}' (format parquet, compression zstd)",
                    {"file": str(file), "delimiter": delimiter, "dates": dates},
                )


if __name__ == "__main__":
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    if "--write" in sys.argv:
        to_parquet(folder, target)
    else:
        print(load_parquet(folder, target) if "--parquet" in sys.argv else load(folder, target))
