"""What an error of a query says to who asks in Python: the place in the query, and what to do in words of Python."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from timewaste.asking.places import LOOK, query_error
from timewaste.errors import QueryError
from timewaste.study_state import told_if_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timewaste.store import Store

LOOK_IN_PYTHON = "study.tables() lists the tables, study.frame(NAME).columns those of one."


@contextmanager
def told_in_python(store: Store, query: str, values: dict[str, object]) -> Iterator[None]:
    """Say of a query that fails where and why, in the words of Python."""
    with in_python_words(), told_if_absent(store, query):
        names = store.parameters(query)
        if names is not None and (missing := sorted(names - set(values))):
            asked = ", ".join(f"${name}" for name in missing)
            mend = f"Add: {', '.join(f'{name}=...' for name in missing)}"
            raise QueryError(f"no value is given for {asked}", where="query", mend=mend)
        if names is not None and (unused := sorted(set(values) - names)):
            known = ", ".join(f"${name}" for name in sorted(names)) or "nothing"
            raise QueryError(f"the query has no ${unused[0]}", where="query", mend=f"What it asks for: {known}.")
        try:
            yield
        except QueryError as error:
            if not error.words:
                raise
            raise query_error(error.words, query, store) from None


@contextmanager
def in_python_words() -> Iterator[None]:
    """Turn what an error says of the command line into what one does in Python."""
    try:
        yield
    except QueryError as error:
        mend = (
            error.mend.replace(LOOK, LOOK_IN_PYTHON)
            .replace("; --unsafe lifts that", "")
            .replace("timewaste sql STUDY --list", "study.questions()")
        )
        mend = re.sub(r"--set (\w+)=", r"\1=", mend)
        error.mend = re.sub(r"Did you mean @(\w+)\?", r"Did you mean \1?", mend)
        raise
