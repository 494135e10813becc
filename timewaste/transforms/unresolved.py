"""Who may be meant by a spelling that the roster does not know: a proposal for a human, never a decision."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

LEAST_SIMILARITY = 0.6
_CHUNK = 200
_USER_ID = re.compile(r"00[5G][0-9A-Za-z]{12,15}")  # of Salesforce: that two look alike says nothing
_SHOWN = 3
_Forms = dict[str, float]


def unresolved_reps(
    int_reps: pl.DataFrame,
    int_stranger_rows: pl.DataFrame,
    stg_reps: pl.DataFrame,
    stg_aliases: pl.DataFrame,
    stg_people: pl.DataFrame,
) -> pl.DataFrame:
    """Spellings of who logged that the roster does not know, each with the rep whose name is nearest.

    Names, e-mails and aliases are compared as words without accents, in any order, and as their usual short forms; a
    user of a CRM by name and e-mail. similarity is 1 for the same words. Where several reps are equally near, all are
    named and none is proposed. alias_line goes into aliases.csv as it stands, or completed by the rep_id.

    Grain: one row per spelling.
    Expect: unique(rep_text), not_null(rep_text, rows, hours, alias_line)
    Column: rep_text = Who logged, as the log spells it.
    Column: rows = Rows of that spelling.
    Column: hours = Logged time of that spelling.
    Column: suggestion_rep_id = Rep whose name is nearest; null where none is, or several are.
    Column: suggestion_name = Name of the nearest rep, or of several equally near.
    Column: similarity = How near the names are; 1 for the same words.
    """
    import polars as pl

    strangers = int_reps.filter(~pl.col("is_in_roster")).join(int_stranger_rows, on="rep_text")
    texts = strangers.sort("seconds", "rep_text", descending=[True, False])
    names = {rep_id: name or rep_id for rep_id, name in stg_reps.select("rep_id", "rep_name").iter_rows()}
    asked = _asked_forms(texts["rep_text"], stg_people)
    nearest = _nearest(asked, _rep_forms(stg_reps, stg_aliases)) if asked else {}
    rows: list[tuple[Any, ...]] = []
    for text, records, seconds in texts.select("rep_text", "records", "seconds").iter_rows():
        similarity, rep_ids = nearest.get(text, (None, ()))
        rep_id = rep_ids[0] if len(rep_ids) == 1 else None
        name = " or ".join(names[one] for one in rep_ids[:_SHOWN]) + " or others" * (len(rep_ids) > _SHOWN)
        line = f"{_csv_cell(text)},{_csv_cell(rep_id or '')}"
        rows.append((text, records, seconds / 3600, rep_id, name or None, similarity, line))
    schema = {
        "rep_text": pl.String, "rows": pl.Int64, "hours": pl.Float64, "suggestion_rep_id": pl.String,
        "suggestion_name": pl.String, "similarity": pl.Float64, "alias_line": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",;\r\n') else text


# ----------------------------------------------------------------- what is compared


def plain_words(text: str) -> list[str]:
    """Return the words of a name without accents, case and signs; of an e-mail, those before the @.

    >>> plain_words("O'Néill, J."), plain_words("j.smith@example.org")
    (['o', 'neill', 'j'], ['j', 'smith'])
    """
    local, at, domain = text.strip().partition("@")
    letters = unicodedata.normalize("NFKD", local if at and " " not in domain else text).casefold()
    kept = "".join(ch if ch.isalnum() else " " for ch in letters if not unicodedata.combining(ch))
    return kept.split()


def _sorted_words(words: Sequence[str]) -> str:
    return " ".join(sorted(words))


def _name_forms(name: str) -> _Forms:
    """Return how a name may be written, each form with how much it says."""
    last_name, comma, first_name = name.partition(",")
    words = plain_words(f"{first_name} {last_name}" if comma else name)
    if len(words) < 2:
        return {_sorted_words(words): 1.0}
    first, last = words[0], words[-1]
    return {
        "".join(word[0] for word in words): 0.7,
        first: 0.7,
        last: 0.8,
        **dict.fromkeys((f"{first[0]}{last}", f"{last}{first[0]}", f"{first}{last[0]}"), 0.9),
        **{_sorted_words(pair): 0.9 for pair in ((first[0], last), (first, last[0]))},
        f"{first}{last}": 0.95,
        f"{last}{first}": 0.95,
        _sorted_words((first, last)): 0.95,
        _sorted_words(words): 1.0,
    }


def _rep_forms(reps: pl.DataFrame, aliases: pl.DataFrame) -> dict[str, _Forms]:
    found: dict[str, _Forms] = {}
    spellings: dict[str, list[str]] = {}
    for rep_id, alias in aliases.select("rep_id", "alias").iter_rows():
        spellings.setdefault(rep_id, []).append(alias)
    for rep_id, name, email in reps.select("rep_id", "rep_name", "email").sort("rep_id").iter_rows():
        forms = _name_forms(name or "")
        others = [email or "", rep_id, *spellings.get(rep_id, ())]
        for form in (_sorted_words(plain_words(text)) for text in others if not _USER_ID.fullmatch(text)):
            forms[form] = max(forms.get(form, 0), 0.95)
        found[rep_id] = {form: weight for form, weight in forms.items() if form}
    return {rep_id: forms for rep_id, forms in found.items() if forms}


def _asked_forms(texts: pl.Series, people: pl.DataFrame) -> dict[str, list[str]]:
    """Return the forms of each spelling: its words, and the name and e-mail of the user whose id it is."""
    users: dict[str, list[str]] = {}
    for user, name, email in people.select("crm_user_id", "name", "email").unique().iter_rows():
        users.setdefault(user[:15], []).extend(text for text in (name, email) if text)
    return {
        text: [
            _sorted_words(plain_words(one)) for one in (text, *users.get(text[:15], ())) if not _USER_ID.fullmatch(one)
        ]
        for text in texts
    }


def _nearest(
    asked: Mapping[str, Sequence[str]], reps: Mapping[str, _Forms]
) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return for each text how near the nearest reps are, to a hundredth, and who they are; nothing where none is."""
    import numpy as np
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    if not reps:
        return found
    rep_ids = list(reps)
    forms = [form for of_rep in reps.values() for form in of_rep]
    weights = np.array([weight for of_rep in reps.values() for weight in of_rep.values()]) / 100
    starts = np.cumsum([0, *(len(of_rep) for of_rep in reps.values())])[:-1]
    pairs = [(text, form) for text, of_text in asked.items() for form in of_text if form]
    for begin in range(0, len(pairs), _CHUNK):
        part = pairs[begin : begin + _CHUNK]
        scores = cdist([form for _, form in part], forms, scorer=ratio, dtype=np.float64) * weights
        by_rep = np.maximum.reduceat(scores, starts, axis=1).round(2)
        for (text, _), row in zip(part, by_rep, strict=True):
            best = float(row.max())
            if best >= LEAST_SIMILARITY and best >= found.get(text, (0.0, ()))[0]:
                near = {rep_ids[int(place)] for place in np.flatnonzero(row == best)}
                if text in found and found[text][0] == best:
                    near |= set(found[text][1])
                found[text] = (best, tuple(sorted(near)))
    return found
