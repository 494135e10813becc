"""The pipeline -> `opportunities.csv` and `stage_history.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.look_up import CLOCK, date_texts, look_up, opportunity_id
from timewaste.simulate.opportunities import LOST, SOURCES, STAGES, WON

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from timewaste.simulate.look_up import Lookups
    from timewaste.simulate.opportunities import Pipeline
    from timewaste.simulate.people import Person


class PipelineFiles:
    """`opportunities.csv` and `stage_history.csv`, appended to chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        """Open both and write their headers."""
        self._opportunities = (folder / "opportunities.csv").open("wb")
        self._history = (folder / "stage_history.csv").open("wb")
        self._opportunities.write(b"opportunity_id,account,rep_id,source,amount,created_on,closed_on,outcome\n")
        self._history.write(b"opportunity_id,stage,entered_at\n")
        self.opportunities, self.visits = 0, 0
        self.outcomes = {"won": 0, "lost": 0, "open": 0}

    def append(self, lookups: Lookups, people: list[Person], pipeline: Pipeline) -> None:
        """Append the opportunities of a chunk, those that had started by the end of the window."""
        import polars as pl

        ids = [opportunity_id(person, place) for person in people for place in range(pipeline.per_rep)]
        known = np.flatnonzero(pipeline.is_known)
        created = np.zeros(len(ids), dtype=np.int64)
        created[pipeline.stage_opportunity[::-1]] = pipeline.stage_minute[::-1] // 1440
        closed, outcome = np.full(len(ids), -1, dtype=np.int64), np.full(len(ids), -1, dtype=np.int64)
        for stage, number in ((WON, 0), (LOST, 1)):
            at = pipeline.stage == stage
            closed[pipeline.stage_opportunity[at]] = pipeline.stage_minute[at] // 1440
            outcome[pipeline.stage_opportunity[at]] = number
        id_table = pl.Series(ids)
        pl.DataFrame(
            {
                "opportunity_id": id_table.gather(pl.Series(known)),
                "account": look_up(lookups.accounts, pipeline.account[known]),
                "rep_id": look_up([person.rep_id for person in people], pipeline.rep[known]),
                "source": look_up(SOURCES, pipeline.source[known]),
                "amount": pipeline.amount[known],
                "created_on": date_texts(created[known], outcome[known] > -2),
                "closed_on": date_texts(closed[known], outcome[known] >= 0),
                "outcome": look_up(("won", "lost"), outcome[known]),
            }
        ).write_csv(self._opportunities, include_header=False)
        self._append_history(id_table, pipeline)
        self.opportunities += len(known)
        self.visits += len(pipeline.stage)
        for name, number in (("won", 0), ("lost", 1), ("open", -1)):
            self.outcomes[name] += int((outcome[known] == number).sum())

    def _append_history(self, id_table: pl.Series, pipeline: Pipeline) -> None:
        import polars as pl

        day = pipeline.stage_minute // 1440
        pl.DataFrame(
            {
                "opportunity_id": id_table.gather(pl.Series(pipeline.stage_opportunity)),
                "stage": look_up(STAGES, pipeline.stage),
                "date": date_texts(day, day > -(10**6)),
                "clock": look_up(CLOCK, pipeline.stage_minute % 1440),
            }
        ).select("opportunity_id", "stage", pl.concat_str("date", "clock", separator=" ")).write_csv(
            self._history, include_header=False
        )

    def close(self) -> None:
        """Close both files."""
        self._opportunities.close()
        self._history.close()

    def counts(self) -> dict[str, int]:
        """Return how many opportunities and stage rows were written, and how the opportunities stand."""
        return {"opportunities": self.opportunities, "visits": self.visits, **self.outcomes}
