"""What a study says of itself, where a Python session or a notebook shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import StudyError
from timewaste.wording import counted

if TYPE_CHECKING:
    from timewaste.study_reading import StudyReading


def study_lines(study: StudyReading) -> list[str]:
    """Return what the study is, line by line; that it was not loaded yet where it was not."""
    try:
        facts = study.rows("rpt_facts")["rpt_facts"][0]
    except StudyError:
        return ["not loaded yet: study.refresh()"]
    lines = [facts["title"]] if facts.get("title") else []
    lines.append(
        f"{counted(facts['reps'], 'rep', 'reps')}, {facts['first_date']} to {facts['last_date']}, "
        f"{counted(facts['entries'], 'entry', 'entries')}"
    )
    if own := [table.name + (" (left out)" if table.problems else "") for table in study.client_tables]:
        lines.append(f"the client's tables: {', '.join(own)}")
    if refused := study.state().get("refused", "0").strip("0"):
        lines.append(f"{counted(int(refused), 'file is', 'files are')} not in it: study.refused")
    return [*lines, "study.tables(), study.questions(), study.charts() list what can be asked"]
