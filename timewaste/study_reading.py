"""What a study that is up to date tells: frames, answers, relations, charts and the report. Never changes it."""

from __future__ import annotations

import tomllib
import weakref
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from timewaste.errors import ConfigError, StudyError
from timewaste.logs import check_folder
from timewaste.own_objects import refuse_changed
from timewaste.settings import FILE_NAME, PERSONAL_BELOW
from timewaste.study_state import refuse_left_out, refuse_stayed, remembered, wrote_last
from timewaste.table_files import check_table_places
from timewaste.toml_checks import how_to_say
from timewaste.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import altair as alt
    import duckdb
    import polars as pl

    from timewaste.client_tables.told import ClientTable
    from timewaste.config import Config
    from timewaste.errors import ReadError
    from timewaste.store import Store

DATABASE = "timewaste.duckdb"


class StudyReading:
    """One folder as it was brought up to date last. Frames come as Polars, charts as Altair."""

    def __init__(self, folder: Path) -> None:
        """Point at a folder; nothing is read yet."""
        check_folder(folder)
        self.folder = folder
        self.database = folder / DATABASE
        self._kept: Store | None = None  # what is open, for relations or for a `with`
        self._closing: weakref.finalize[..., Any] | None = None

    def __enter__(self) -> Self:
        """Return the study; at the end of the `with` it is closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what relations were read through."""
        self.close()

    def close(self) -> None:
        """Let go of the database: relations end here, frames and charts stay. The study can be asked again after it."""
        if self._closing is not None:
            self._closing()
        self._kept = self._closing = None

    # -------------------------------------------------------------- settings

    @cached_property
    def config(self) -> Config:
        """The settings, checked: `timewaste.toml` over the packaged defaults."""
        from timewaste.config import load_config
        from timewaste.transforms.labels import check_rules

        config = load_config(self.folder)
        for rule_id, reason in check_rules((rule.id, rule.match) for rule in config.own_rules):
            raise ConfigError(reason, where=f"{self.folder / FILE_NAME}: rule {rule_id}", mend="Correct its pattern.")
        try:
            check_table_places(self.folder, config.tables)
        except ConfigError as error:
            error.where = f"{self.folder / FILE_NAME}: {error.where}"
            raise
        return config

    def settings_text(self) -> str:
        """Return the study's `timewaste.toml` as it stands, "" if there is none."""
        path = self.folder / FILE_NAME
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""

    # ----------------------------------------------------------------- state

    def state(self) -> dict[str, str]:
        """Return what the database remembers of its making: version, glance, engine; nothing if there is none."""
        if not self.database.is_file():
            return {}
        with self.store() as store:
            state = remembered(store)
            if wrote_last(store, state):
                refuse_changed(store, self.database)
            return state

    @property
    def stayed(self) -> set[str]:
        """Names of the tables whose rows stayed on a cluster; none for a study that was built here."""
        return set(self.state().get("stayed", "").split())

    @property
    def refused(self) -> list[ReadError]:
        """Why each file that is not in the study could not be read, the client's tables among them."""
        return self.refused_logs + [error for table in self.client_tables for error in table.problems]

    @property
    def refused_logs(self) -> list[ReadError]:
        """Why each log that is not in the study could not be read."""
        from timewaste.refusals import refusals

        with self.store() as store:
            return refusals(store)

    @property
    def client_tables(self) -> list[ClientTable]:
        """What is known of each of the client's tables, those that were left out too."""
        with self.store() as store:
            return _client_tables(store)

    # --------------------------------------------------------------- reading

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the study's database for reading only; what is asked inside of the `with` is read through it, too."""
        from timewaste.store import Store

        if self._kept is not None:
            yield self._kept
            return
        with Store.open(self.database, read_only=True) as store:
            self._kept = store
            try:
                yield store
            finally:
                self._kept = None

    def tables(self, *, every: bool = False) -> pl.DataFrame:
        """Return the tables one row each: `table`, `holds`, `grain`, `is_own` (the client's, from a `[[table]]` block).

        Those for questions of one's own; `every` brings those too that stand between the logs and them.
        """
        from timewaste.asking.lists import list_of_tables

        with self.store() as store:
            return list_of_tables(store, {table.name for table in _client_tables(store)}, every=every)

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table of the study as a frame, in the order the model gives it."""
        return self.frames(name)[name]

    def frames(self, *names: str) -> dict[str, pl.DataFrame]:
        """Return several tables at once. Raises `StudyError` for a name that is none."""
        with self.store() as store:
            self._check_names(store, names)
            return {name: store.frame(f"select * from {name}") for name in names}

    def rows(self, *names: str) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of several small tables, by name. Raises `StudyError` for a name that is none."""
        with self.store() as store:
            self._check_names(store, names)
            return {name: store.rows(f"select * from {name}").dicts() for name in names}

    def _check_names(self, store: Store, names: tuple[str, ...]) -> None:
        from difflib import get_close_matches

        there = store.tables()
        refuse_stayed(store, set(names) - there)
        refuse_left_out(store, set(names) - there)
        for name in names:
            if name in there:
                continue
            near = get_close_matches(name, there, n=1)
            hint = f"Did you mean {near[0]}?" if near else "study.tables() lists the tables."
            raise StudyError(f"there is no table {name!r}", where=str(self.database), mend=hint)

    def sql(self, query: str, **values: object) -> pl.DataFrame:
        """Return the rows of one SELECT; `$name` in it is bound to the value given. Raises `QueryError`."""
        from timewaste.asking.in_python import told_in_python

        with self.store() as store, told_in_python(store, query, values):
            return store.query(query, values or None)

    def relation(self, query: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return a table, by its name, or one SELECT as a DuckDB relation: rows are worked out when they are asked for.

        Polars takes it as `pl.DataFrame(relation)`. It reads a connection that this study keeps open, for reading
        only, until `close`, the end of the `with` or `refresh`: after that the relation is dead. As long as it is
        open no other process can load into the study. Raises `QueryError`, `StudyError`.
        """
        from timewaste.asking.in_python import told_in_python
        from timewaste.sql_text import quote
        from timewaste.store import Store

        if self._kept is None:
            opened = Store.open(self.database, read_only=True)
            self._closing = weakref.finalize(self, opened.__exit__)
            self._kept = opened
        store = self._kept
        if query.isidentifier():
            self._check_names(store, (query,))
            query = f"select * from {quote(query)}"
        with told_in_python(store, query, values):
            return store.relation(query, values or None)

    # ------------------------------------------------------------- questions

    def questions(self) -> pl.DataFrame:
        """Return the named questions one row each: `question`, `asks`, `parameters` with their defaults."""
        from timewaste.asking.lists import list_of_questions

        return list_of_questions(self.folder)

    def question(self, name: str, **values: object) -> pl.DataFrame:
        """Return the answer to a named question; its parameters have defaults. Raises `QueryError`."""
        from timewaste.asking.in_python import in_python_words
        from timewaste.questions import question

        with in_python_words():
            asked = question(name.removeprefix("@"), self.folder)
            bound = asked.values({name: str(value) for name, value in values.items()})
        return self.sql(asked.sql, **bound)

    # ------------------------------------------------------- charts and report

    def charts(self) -> dict[str, str]:
        """Return the charts by name, with what each shows."""
        from timewaste.charts import CHARTS

        return {chart.name: chart.title for chart in CHARTS.values()}

    def chart(self, name: str) -> alt.LayerChart:
        """Return a chart by name, as `charts` lists them. A notebook shows it.

        Raises `StudyError` for a name that is none and for groups too small to show.
        """
        from timewaste.charts import CHARTS, draw

        self.check_group_size()
        reads = CHARTS[name].reads if name in CHARTS else ()  # `draw` refuses a name that is none
        return draw(name, self.frames(*reads) if reads else {})

    def report(self, path: str | Path | None = None) -> Path:
        """Write the executive's page and return its path; `report.html` in the study unless said otherwise.

        Raises `StudyError` for groups too small to show, and for a path that the study itself is made of.
        """
        from pathlib import Path

        from timewaste.logs import check_output
        from timewaste.report import READS, render, write_page

        target = Path(path) if path else self.folder / "report.html"
        check_output(self.folder, target)
        self.check_group_size()
        write_page(target, render(self.frames(*READS), self.config))
        return target

    def check_group_size(self) -> None:
        """Refuse to draw for others what fewer people logged than may be shown. Raises `StudyError`."""
        reps = self.rows("rpt_facts")["rpt_facts"][0]["reps"]
        said = tomllib.loads(self.settings_text())
        if 0 < reps < self.config.min_group:
            is_personal = reps < PERSONAL_BELOW and not self.config.all_agree
            lines = f"{reps}\nall_agree = true" if is_personal else str(reps)
            raise StudyError(
                f"{counted(reps, 'rep', 'reps')} took part; "
                f"what is shared shows groups of at least {self.config.min_group}",
                where=str(self.folder),
                mend=f"If all of them agree, {how_to_say(said, 'privacy', 'min_group', lines)}",
            )

    # ------------------------------------------------------------ showing itself

    def __repr__(self) -> str:
        """Return the folder, who took part and when, and what to ask next."""
        from timewaste.study_words import study_lines

        return f"Study({str(self.folder)!r})" + "".join(f"\n  {line}" for line in study_lines(self))

    def _repr_html_(self) -> str:
        from html import escape

        from timewaste.study_words import study_lines

        head, *rest = [f"Study {self.folder.name}", *study_lines(self)]
        return f"<strong>{escape(head)}</strong>" + "".join(f"<br>{escape(line)}" for line in rest)


def _client_tables(store: Store) -> list[ClientTable]:
    from timewaste.client_tables.told import client_tables

    return client_tables(store)
