"""Whom to ask today, and what, in words that can be sent: the answers are best while the days are fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.wording import counted

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

SHOWN = 5
"""Days, labels or lines that a question names; the rest is a number."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUESTIONS = {
    "silent": "Nothing of yours has come in yet. Shall we help you to begin, or do you not take part?",
    "missing": "Nothing is logged for {days}. Were you off, or is it still to come?",
    "part": "Only a part of {days} is logged. What else did you do?",
    "thin": "{days} {are} told in a few long entries. What was in them?",
    "long": "More than 16 hours are logged for {days}. Are all the times right?",
    "vague": "What was behind {details}?",
    "refused": "These lines could not be counted: {details}. What is right?",
    "leave": "{days} {look} like leave, by an event of whole days. Nothing to ask: check has the lines for leave.csv.",
    "late": "The entries of {days} were written more than a day later. From what did you take the times?",
}


def reps_to_ask(int_questions: pl.DataFrame, reps: pl.DataFrame) -> pl.DataFrame:
    """Whom to ask what while logging still runs, the longest time at stake first. For the consultant, not for sharing.

    at_stake_seconds is the expected time that is missing, or the counted time in doubt; null where no length can be
    read.

    Grain: one row per rep and kind of question.
    Expect: unique(rep_id, kind), not_null(rep_id, kind, question)
    Column: kind = What is asked about: silent, missing, part, thin, long, vague, refused or late.
    Column: question = The question in words, ready to send.
    Column: first_date = First day that the question is about.
    Column: last_date = Last day that the question is about.
    """
    import polars as pl

    asked = (
        int_questions.sort("rep_id", "kind", "local_date", "seconds", "detail", descending=[False] * 3 + [True, False])
        .group_by("rep_id", "kind", maintain_order=True)
        .agg(
            days=pl.col("local_date").drop_nulls().unique().sort(),
            details=pl.col("detail").drop_nulls(),
            at_stake_seconds=pl.when(pl.col("seconds").count() > 0).then(pl.col("seconds").sum()),
        )
        .join(reps.select("rep_id", "rep_name", "team"), on="rep_id", how="left")
    )
    questions = [
        _question(kind, days, details) for kind, days, details in asked.select("kind", "days", "details").iter_rows()
    ]
    return (
        asked.with_columns(
            question=pl.Series(questions, dtype=pl.String),
            first_date=pl.col("days").list.first(),
            last_date=pl.col("days").list.last(),
            asked_days=pl.col("days").list.len().cast(pl.Int64),
        )
        .select(
            "rep_id", "rep_name", "team", "kind", "question", "first_date", "last_date", "asked_days",
            "at_stake_seconds",
        )
        .sort("at_stake_seconds", "rep_id", "kind", descending=[True, False, False], nulls_last=True)
    )  # fmt: skip


def _question(kind: str, days: list[dt.date], details: list[str]) -> str:
    quote = "“{}”" if kind == "vague" else "{}"
    return QUESTIONS[kind].format(
        days=_listed([f"{WEEKDAYS[day.weekday()]} {day.isoformat()}" for day in days], "day", "days"),
        are="is" if len(days) == 1 else "are",
        look="looks" if len(days) == 1 else "look",
        details=_listed([quote.format(text.rstrip(".")) for text in details], "other", "others"),
    )


def _listed(texts: list[str], one: str, many: str) -> str:
    more = len(texts) - SHOWN
    if more > 0:
        return f"{', '.join(texts[:SHOWN])} and {counted(more, f'more {one}', f'more {many}')}"
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))
