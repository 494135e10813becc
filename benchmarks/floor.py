"""The least that a load of these logs must do, by hand and without a check, to tell how near bare DuckDB one can come.

Four statements: the text kept as typed, with file and line; entries typed, their labels matched by a look-up; of each
rep's overlapping entries the later cut; seconds by rep, day and category. What the project does besides (formats told,
people known, rows refused with a reason, quality, estimates, verdicts, promises checked) is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from bare import TEAMS

RAW = """
    create table "raw_{team}" as
    select *, row_number() over (partition by filename) + 1 as line
    from read_csv($files, auto_detect = false, header = true, quote = '"', escape = '"', delim = $delimiter,
        columns = {columns}, filename = true)
"""
LABELS = """
    create table labels as
    select label, row_number() over (order by label) as label_id, hash(label) % 8 as category
    from (select distinct Activity as label from raw_field union select distinct Task from raw_inside
        union select distinct Activity from "raw_key-account")
"""
ENTRY = """
    select filename, line, rep, strptime(date, '{dates}')::date as day, label_id, category,
        date_diff('second', time '00:00', start::time) as start_second, {seconds} as seconds
    from (select filename, line, "{rep}" as rep, "Date" as date, "{start}" as start, "{end}" as ends, "{label}" as label
        from "raw_{team}") as typed
    inner join labels using (label)
"""
LENGTH = {True: "date_diff('second', time '00:00', ends::time)", False: "date_diff('second', start::time, ends::time)"}
PIECES = """
    create table pieces as
    select rep, day, label_id, category,
        greatest(0, seconds - greatest(0, coalesce(covered_to, 0) - start_second)) as counted_seconds
    from (select *, max(start_second + seconds) over (partition by rep, day order by start_second, filename, line
        rows between unbounded preceding and 1 preceding) as covered_to from entries) as covered
"""
DAYS = "create table days as select rep, day, category, sum(counted_seconds) as seconds from pieces group by all"


def load(study: Path, database: Path) -> int:
    """Load the study's logs into `database`, which must be new, and return the number of rows."""
    with duckdb.connect(str(database)) as connection:
        entries = []
        for team, (delimiter, dates, _) in TEAMS.items():
            files = sorted(str(file) for file in (study / "logs" / team).glob("*.csv"))
            with Path(files[0]).open(encoding="utf-8-sig") as stream:
                headers = stream.readline().rstrip("\n").split(delimiter)
            columns = dict.fromkeys(headers, "VARCHAR")
            connection.execute(RAW.format(team=team, columns=columns), {"files": files, "delimiter": delimiter})
            rep, _, start, ends, label = headers[:5]
            entries.append(
                ENTRY.format(
                    team=team, dates=dates, rep=rep, start=start, end=ends, label=label,
                    seconds=LENGTH[ends == "Duration"],
                )
            )  # fmt: skip
        connection.execute(LABELS)
        connection.execute(f"create table entries as {' union all '.join(entries)}")
        connection.execute(PIECES)
        connection.execute(DAYS)
        ((rows,),) = connection.execute("select count(*) from pieces").fetchall()
        return int(rows)


if __name__ == "__main__":
    print(load(Path(sys.argv[1]), Path(sys.argv[2])))
