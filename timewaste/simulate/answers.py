"""Rows -> the two answers a good log sheet asks for: was it done again, and who could have done it.

Each is drawn from the activity's probability alone, apart from everything else: the activity's expected shares
are those of the vocabulary, whether by entries or by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timewaste.simulate.draw import whole
from timewaste.simulate.settings import NOBODY_SHARE, NOT_OFFLOADABLE, SLOTS

if TYPE_CHECKING:
    from timewaste.simulate.draw import Bools, Cutter, Ints
    from timewaste.simulate.people import Chunk
    from timewaste.simulate.planting import Rows

STREAM = 1  # of the reps' chance; the rest of the study has stream 0
REDO = ("no", "yes")


@dataclass(slots=True)
class Answers:
    """Places in `REDO` and in `settings.COULD_DO`; -1 is an empty cell, that of all that is no work."""

    redo: Ints
    could_do: Ints

    @property
    def is_rework(self) -> Bools:
        """Tell which rows say that it was done again."""
        again: Bools = self.redo == REDO.index("yes")
        return again

    @property
    def is_offloadable(self) -> Bools:
        """Tell which rows name somebody else, or the system."""
        return self.could_do >= NOT_OFFLOADABLE


def draws(days: int) -> int:
    """Return how many uniforms a rep uses."""
    return days * SLOTS * 2


def answer_rows(cut: Cutter, chunk: Chunk, rows: Rows) -> Answers:
    """Return what the reps of a chunk answered; a copied row has the answers of the row above it."""
    words, days, team = chunk.words, chunk.plan.days, chunk.team.number
    at = (rows.rep, rows.day, rows.slot)
    again, who = (cut.take(days, SLOTS)[at] for _ in range(2))
    is_work = np.array([category != "non_work" for category in words.categories])[rows.leaf]
    redo = (again < words.rework[rows.leaf]).astype(np.int64)
    share = words.offloadable[rows.leaf]
    # One draw answers both whether somebody else could do it and who: its part below the share is uniform again.
    other = whole(who / np.where(share > 0, share, 1.0), words.could_do_count[team, rows.leaf])
    nobody = (who - share) / (1 - share) < NOBODY_SHARE
    could_do = np.where(
        who < share, words.could_do[words.could_do_first[team, rows.leaf] + other], nobody.astype(np.int64)
    )
    return Answers(np.where(is_work, redo, -1), np.where(is_work, could_do, -1))
