"""Slips of the finger: words that differ from a word of the same log by one letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]{4,}")
_CHUNK = 2_000
_LONG = 5


def without_slips(texts: Iterable[str], known_texts: Iterable[str]) -> dict[str, str]:
    """Return the texts that have slips, each with what it should say.

    A word is a slip where exactly one word of `known_texts`, of five letters or more, differs from it by one letter
    that is missing, wrong, too many or in its neighbour's place, and begins with the same letter; of four letters,
    only by two in each other's place. Words that somebody else in the log writes so are none.
    """
    known = sorted({word for text in known_texts for word in _WORD.findall(text)})
    texts = list(texts)
    strange = sorted({word for text in texts for word in _WORD.findall(text)} - set(known))
    meant = _nearest(strange, known)
    mended = {text: _WORD.sub(lambda word: meant.get(word[0], word[0]), text) for text in texts}
    return {text: better for text, better in mended.items() if better != text}


def _nearest(words: list[str], known: list[str]) -> dict[str, str]:
    """Return for each word the one known word at a distance of one edit, where there is exactly one."""
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    found: dict[str, str] = {}
    by_letter: dict[str, list[str]] = {}
    for word in known:
        by_letter.setdefault(word[0], []).append(word)
    for letter, choices in by_letter.items():
        asked = [word for word in words if word[0] == letter]
        for start in range(0, len(asked), _CHUNK):
            part = asked[start : start + _CHUNK]
            close = cdist(part, choices, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1
            for row in np.flatnonzero(close.any(axis=1)):
                near = [choices[int(place)] for place in np.flatnonzero(close[row])]
                near = [word for word in near if len(word) >= _LONG or sorted(word) == sorted(part[row])]
                if len(near) == 1:
                    found[part[row]] = near[0]
    return found
