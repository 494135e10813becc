"""What is known of each of the client's tables: for the print-out of a load, and kept in the study as `raw_tables`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from timewaste.store import Store

BOOK = "raw_tables"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its header in the file, its kind, and what there is to say of it."""

    name: str
    header: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTable:
    """What became of one `[[table]]` block. With `problems` the table is left out of the study.

    `strangers` are the spellings that are nobody's, each with its rows; `found` is how many spellings are somebody's.
    """

    name: str
    file: str
    what: str = ""
    place: str = ""
    rows: int = 0
    blank: int = 0
    columns: tuple[Column, ...] = ()
    checks: tuple[str, ...] = ()
    rep: str = ""
    found: int = 0
    strangers: tuple[tuple[str, int], ...] = ()
    problems: tuple[ReadError, ...] = ()
    lost: tuple[str, ...] = ()  # models of the study's own that read it and are left out with it

    def as_text(self) -> str:
        """Return it as JSON."""
        said = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        said["columns"] = [asdict(column) for column in self.columns]
        said["problems"] = [[e.code, e.what, e.where, e.mend] for e in self.problems]
        return json.dumps(said, ensure_ascii=False, sort_keys=True)

    def meanings(self) -> dict[str, str]:
        """Return what each column is, for its comment in the database."""
        return {
            column.name: f"{column.header} in {self.file}, as {column.kind}."
            if column.header
            else f"Whose the row is, by {self.rep!r}."
            for column in self.columns
        }

    @classmethod
    def from_text(cls, text: str) -> ClientTable:
        """Return what `as_text` wrote."""
        said: dict[str, Any] = json.loads(text)
        said["columns"] = tuple(Column(**column) for column in said["columns"])
        said["strangers"] = tuple((spelling, rows) for spelling, rows in said["strangers"])
        said["problems"] = tuple(
            ReadError(code, what, where=where, mend=mend) for code, what, where, mend in said["problems"]
        )
        return cls(**said | {name: tuple(said[name]) for name in ("checks", "lost")})


def prepare_book(store: Store) -> None:
    """Make the table if it is not there."""
    store.execute(
        f"create table if not exists {BOOK} (name varchar, file varchar, place varchar, row_count bigint, "
        "is_left_out boolean, problem varchar, lost varchar, file_sha256 varchar, told varchar, fingerprint varchar, "
        "understood varchar)"
    )


def client_tables(store: Store) -> list[ClientTable]:
    """Return what is known of the client's tables, by name; none of a study that was made without."""
    rows = store.rows_if_there(f"select understood from {BOOK} order by name")
    return [ClientTable.from_text(text) for (text,) in rows]


def meanings(store: Store) -> dict[str, dict[str, str]]:
    """Return what the columns of the client's tables are, by table and column."""
    return {table.name: table.meanings() for table in client_tables(store)}
