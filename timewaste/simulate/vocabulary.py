"""`vocabulary.toml` -> the table of everything that may stand in a log's label column.

A label is known by its number; `Vocabulary.texts` gives the text. Knows words, not reps or days.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from timewaste.simulate.settings import CATEGORY_OF_GROUP, COULD_DO, OTHER_CATEGORIES, TEAMS, WORK_CATEGORIES

if TYPE_CHECKING:
    from timewaste.simulate.draw import Floats, Ints

CASES, TYPOS = 4, 3
FORMS = CASES + TYPOS
CASE_CUMULATIVE = np.array([0.60, 0.82, 0.96, 1.0])  # as written, lower case, capitalised, upper case
TYPED_FORMS = 2  # of a label that names the customer: as written, lower case


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Leaves in the order of the file, and the label numbers that belong to each.

    `plain_first[leaf] + variant * FORMS + form`, and for labels that name a customer
    `named_first[leaf] + (variant * TYPED_FORMS + form) * companies + company`. `weights` is (leaves, teams);
    `could_do` holds places in `COULD_DO`, of each team and leaf those from `could_do_first[team, leaf]` on.
    """

    codes: tuple[str, ...]
    categories: tuple[str, ...]
    leaf_of: dict[str, int]
    texts: list[str]
    plain_first: Ints
    plain_count: Ints
    named_first: Ints
    named_count: Ints
    vague_first: int
    vague_count: int
    has_customer: Ints
    steps: Ints
    channels: list[str | None]
    channel_first: Ints
    channel_count: Ints
    weights: Floats
    rework: Floats
    offloadable: Floats
    could_do: Ints
    could_do_first: Ints
    could_do_count: Ints
    names: dict[str, list[str]]


def load_vocabulary() -> Vocabulary:
    """Return the packaged vocabulary as tables."""
    data = tomllib.loads(
        resources.files("timewaste").joinpath("simulate", "vocabulary.toml").read_text(encoding="utf-8")
    )
    activities: list[dict[str, Any]] = data["activity"]
    codes = tuple(str(activity["code"]) for activity in activities)
    texts: list[str] = []
    plain, named, channels = [], [], []
    channel_texts: list[str | None] = []
    for activity in activities:
        plain.append(_plain(texts, [label for label in activity["labels"] if "{a}" not in label]))
        named.append(
            _named(texts, [label for label in activity["labels"] if "{a}" in label], data["names"]["companies"])
        )
        channels.append((len(channel_texts), len(activity["channels"])))
        channel_texts.extend(channel or None for channel in activity["channels"])
    others = [[COULD_DO.index(who) for who in activity.get("could_do", [COULD_DO[0]])] for activity in activities]
    first, count = _others(others)
    vague = (len(texts), len(data["vague"]))
    texts.extend(data["vague"])
    return Vocabulary(
        codes=codes,
        categories=tuple(CATEGORY_OF_GROUP[code[0]] for code in codes),
        leaf_of={code: number for number, code in enumerate(codes)},
        texts=texts,
        plain_first=np.array([first for first, _ in plain]),
        plain_count=np.array([count for _, count in plain]),
        named_first=np.array([first for first, _ in named]),
        named_count=np.array([count for _, count in named]),
        vague_first=vague[0], vague_count=vague[1],
        has_customer=np.array([int(activity["customer"]) for activity in activities]),
        steps=_steps(codes),
        channels=channel_texts,
        channel_first=np.array([first for first, _ in channels]),
        channel_count=np.array([count for _, count in channels]),
        weights=np.array([activity["weight"] for activity in activities], dtype=np.float64),
        rework=np.array([activity.get("rework", 0.0) for activity in activities]),
        offloadable=np.array([activity.get("offloadable", 0.0) for activity in activities]),
        could_do=np.array([number for numbers in others for number in numbers]),
        could_do_first=first,
        could_do_count=count,
        names={key: list(values) for key, values in data["names"].items()},
    )  # fmt: skip


def _plain(texts: list[str], labels: list[str]) -> tuple[int, int]:
    """Append every form of the labels without a customer; return the first number and how many variants."""
    first = len(texts)
    for label in labels:
        texts.extend((label, label.lower(), label[:1].upper() + label[1:], label.upper(), *misspell(label)))
    return first, len(labels)


def _named(texts: list[str], labels: list[str], companies: list[str]) -> tuple[int, int]:
    first = len(texts)
    for label in labels:
        texts.extend(label.replace("{a}", company) for company in companies)
        texts.extend(label.replace("{a}", company).lower() for company in companies)
    return first, len(labels)


def misspell(label: str) -> tuple[str, str, str]:
    """Return three one-slip misspellings of the longest word: a letter lost, two swapped, another lost."""
    word = max(label.split(), key=len)
    start, middle = label.index(word), len(word) // 2

    def with_word(other: str) -> str:
        return label[:start] + other + label[start + len(word) :]

    return (
        with_word(word[:middle] + word[middle + 1 :]),
        with_word(word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]),
        with_word(word[:-2] + word[-1]),
    )


def _steps(codes: tuple[str, ...]) -> Ints:
    """Return for each leaf the number of its step of the selling process (from 0), -1 without one."""
    from timewaste.simulate.settings import STEPS

    path = resources.files("timewaste").joinpath("defaults", "taxonomy.toml")
    taxonomy = tomllib.loads(path.read_text(encoding="utf-8"))["activity"]
    step_of = {str(activity["code"]): str(activity["step"]) for activity in taxonomy}
    return np.array([STEPS.index(step_of[code]) if step_of[code] in STEPS else -1 for code in codes])


def _others(others: list[list[int]]) -> tuple[Ints, Ints]:
    """Return (first, count), both (teams, leaves): where those stand that a team's reps could name.

    To the inside team inside sales is no one else: it starts one later where they come first.
    """
    count = np.array([len(numbers) for numbers in others])
    first = np.cumsum(count) - count
    own = np.array([numbers[0] == COULD_DO.index("inside sales") for numbers in others])
    later = np.array([team.slug == "inside" for team in TEAMS])[:, None] & own
    return first + later, count - later


def leaf_starts(words: Vocabulary, team: int, factors: dict[str, float]) -> Floats:
    """Return category number + cumulative weight within the category, for every leaf in the file's order.

    The leaves of a category stand together and the categories in the order of `file_categories`, so that one
    search for `category + uniform` finds the leaf. The weights of the leaves in `factors` are multiplied, those
    of the other leaves of their category by what keeps its sum.
    """
    ends: list[float] = []
    for number, category in enumerate(file_categories()):
        leaves = [leaf for leaf, name in enumerate(words.categories) if name == category]
        weights = words.weights[leaves, team]
        given = np.array([factors.get(words.codes[leaf], 1.0) for leaf in leaves])
        is_given = np.array([words.codes[leaf] in factors for leaf in leaves])
        if is_given.any():
            rest = weights[~is_given].sum()
            given[~is_given] = (weights.sum() - (weights * given)[is_given].sum()) / rest
        running = np.cumsum(weights * given) / weights.sum()
        running[-1] = 1.0
        ends.extend((number + running).tolist())
    return np.array(ends)


def file_categories() -> tuple[str, ...]:
    """Return the categories in the order in which the vocabulary has their leaves."""
    return ("selling", "preparation", "functional", "administrative", "development", "travel", "non_work")


def category_places() -> Ints:
    """Return for each of `WORK_CATEGORIES` and `OTHER_CATEGORIES` its place in `file_categories`."""
    return np.array([file_categories().index(name) for name in (*WORK_CATEGORIES, *OTHER_CATEGORIES)])
