"""Named questions: the SELECTs of `queries/explore/`, those that come with timewaste and a study's own.

A question opens with a header of comments: the question in words, `Grain:`, and a line for each `$parameter`:

    -- Set: days = 14 (look for opportunities without time in that many days)

Knows files and their headers, no database: what a question asks is for the engine to answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from timewaste.errors import QueryError
from timewaste.models import queries_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Value = int | float | str
SETTING = re.compile(r"(\w+)(?:\s*=\s*(.*?))?\s*\((.*)\)\.?", re.DOTALL)
# Where a `$name` is no parameter: in comments, texts, quoted names.
NO_CODE = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$""", re.DOTALL)


class Parameter(NamedTuple):
    """A `$name` of a question: its default as the header has it, None if it must be given, and what it means."""

    name: str
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Question:
    """One SELECT with a name, what it asks, what a row of the answer is, and what can be set in it."""

    name: str
    sentence: str
    grain: str
    parameters: tuple[Parameter, ...]
    sql: str
    path: Path
    is_own: bool = False  # of the study's own queries/ folder

    def values(self, given: Mapping[str, str] | None = None) -> dict[str, Value]:
        """Return what to bind to each parameter: what is given, else the defaults.

        A parameter whose default is a number takes numbers alone; any other takes the text as it is. Raises
        `QueryError` for a name that is none, a text for a number, and a parameter that must be given and is not.
        """
        given = given or {}
        names = [parameter.name for parameter in self.parameters]
        for name in given:
            if name not in names:
                near = get_close_matches(name, names, n=1)
                known = f"It has {', '.join(names)}." if names else "It has none."
                mend = f"Did you mean {near[0]}?" if near else known
                raise QueryError(f"the question has no parameter {name!r}", where=f"@{self.name}", mend=mend)
        bound: dict[str, Value] = {}
        for name, default, meaning in self.parameters:
            text = given.get(name, default)
            if text is None:
                mend = f"Add: --set {name}=..." + (f" ({meaning})" if meaning else "")
                raise QueryError(f"the question needs {name}", where=f"@{self.name}", mend=mend)
            is_number = default is not None and not isinstance(_value(default), str)
            value = _value(text) if is_number or default is None else text
            if is_number and isinstance(value, str):
                mend = f"Such as: --set {name}={default}"
                raise QueryError(f"{name} is a number, not {text!r}", where=f"@{self.name}", mend=mend)
            bound[name] = value
        return bound


def questions(folder: Path | None = None) -> list[Question]:
    """Return the questions by name: the packaged ones, and those in `queries/explore/` of a study's folder.

    A study's own question takes the place of a packaged one of the same name. Raises `QueryError` for a bad header.
    """
    found: dict[str, Question] = {}
    for root in (queries_folder(), *([folder / "queries"] if folder else [])):
        for path in sorted((root / "explore").glob("*.sql")):
            found[path.stem] = read_question(path, is_own=root != queries_folder())
    return [found[name] for name in sorted(found)]


def question(name: str, folder: Path | None = None) -> Question:
    """Return the question of that name. Raises `QueryError` with the nearest one for a name that is none."""
    known = {one.name: one for one in questions(folder)}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        mend = f"Did you mean @{near[0]}?" if near else "To see them all: timewaste sql STUDY --list"
        raise QueryError(f"there is no question @{name}", mend=mend)
    return known[name]


def read_question(path: Path, *, is_own: bool = False) -> Question:
    """Return the question that a file holds. Raises `QueryError` where its header cannot be understood."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise QueryError("the file is not UTF-8", where=str(path), mend="Save it as UTF-8.") from None
    lines = text.splitlines()
    size = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    head = [line.removeprefix("--").strip() for line in lines[:size]]
    parts = re.split(r"^(Grain|Set):", "\n".join(head), flags=re.MULTILINE)
    told = [(kind, " ".join(words.split())) for kind, words in zip(parts[1::2], parts[2::2], strict=True)]
    sentence = " ".join(parts[0].split())
    if not sentence:
        raise QueryError(
            "the question is not told in words", where=str(path), mend="Begin the file with: -- What is asked?"
        )
    parameters = tuple(_parameter(words, path) for kind, words in told if kind == "Set")
    asked = dict.fromkeys(re.findall(r"\$([A-Za-z_]\w*)", NO_CODE.sub(" ", text)))
    for name, _, _ in parameters:
        if name not in asked:
            raise QueryError(f"sets {name}, which it does not ask for", where=str(path), mend=f"Use ${name} in it.")
    told_of = {parameter.name for parameter in parameters}
    parameters += tuple(Parameter(name, None, "") for name in asked if name not in told_of)
    grain = next((words for kind, words in told if kind == "Grain"), "")
    return Question(path.stem, sentence, grain, parameters, text, path, is_own)


def _parameter(words: str, path: Path) -> Parameter:
    match = SETTING.fullmatch(words)
    if not match:
        raise QueryError(
            f"this setting cannot be understood: {words}",
            where=str(path),
            mend="Write it as -- Set: name = default (what it means)",
        )
    name, default, meaning = match.groups()
    return Parameter(name, default, meaning)


def _value(text: str) -> Value:
    """Return a whole or decimal number as one, all else as the text it is."""
    if re.fullmatch(r"[-+]?\d+", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?\d*\.\d+", text, re.ASCII) else text
