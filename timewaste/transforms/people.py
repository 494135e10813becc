"""Who logged: spellings -> reps of the roster. Never merges two people by guess."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import polars as pl

    Spellings = dict[str, str | None]  # what is typed -> whose it is; None where it is several people's

Key = TypeVar("Key", bound="Hashable")
Who = TypeVar("Who", bound="Hashable")

# A user or a queue of Salesforce: 15 characters in which case counts, or these and three that only repeat the case.
_SALESFORCE_ID = re.compile(r"(00[5G][0-9A-Za-z]{12})(?:[0-9A-Za-z]{3})?")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4`"), "'")


def identity_key(text: str) -> str:
    """Return what two spellings of one name have in common.

    Unicode form, apostrophes, case and blanks do not count. Of an id of Salesforce, the first 15 characters
    stand as they are.

    >>> identity_key("  ANNA  Müller ") == identity_key("anna mu\u0308ller")
    True
    >>> identity_key("0055g00000A1bCdEFG") == identity_key("0055g00000A1bCd") != identity_key("0055G00000A1BCD")
    True
    """
    salesforce = _SALESFORCE_ID.fullmatch(text.strip())
    if salesforce:
        return salesforce[1]
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).casefold().split())


def name_key(text: str) -> str:
    """Return the identity key of a name with the first name first.

    >>> name_key("Smith,  John") == name_key("John Smith")
    True
    """
    last, comma, first = text.partition(",")
    return identity_key(text if not comma or "," in first else f"{first} {last}")


def int_reps(
    stg_rep_texts: pl.DataFrame,
    stg_owner_texts: pl.DataFrame,
    stg_reps: pl.DataFrame,
    stg_aliases: pl.DataFrame,
    stg_people: pl.DataFrame,
) -> pl.DataFrame:
    """Spellings of who logged or owns an opportunity, each with the rep it stands for, or else itself.

    A spelling is an id, an alias, an e-mail or a name. What an id of the roster says outranks aliases.csv, that the
    aliases of reps.csv, and so on: e-mail, name, and what a CRM calls a user whose e-mail or name is one rep's. What
    is two people's decides nothing.

    Grain: one row per spelling.
    Expect: unique(rep_text), not_null(rep_text, rep_id, is_in_roster)
    """
    import polars as pl

    known = roster_spellings(stg_reps, stg_aliases, stg_people)
    first_spelling: dict[str, str] = {}
    rows = []
    texts = pl.concat([stg_rep_texts.select("rep_text"), stg_owner_texts.select("rep_text")])
    for (text,) in texts.unique().sort("rep_text").iter_rows():
        rep_id = known.get(name_key(text))
        own = first_spelling.setdefault(identity_key(text), " ".join(text.split()))
        rows.append((text, rep_id or own, rep_id is not None))
    schema = {"rep_text": pl.String, "rep_id": pl.String, "is_in_roster": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("rep_text")


def roster_spellings(stg_reps: pl.DataFrame, stg_aliases: pl.DataFrame, stg_people: pl.DataFrame) -> Spellings:
    """Return what the roster and the CRMs call its reps, by `name_key`; None for what is several people's."""
    roster = _roster_spellings(stg_reps, stg_aliases)
    return _crm_spellings(stg_people, roster) | roster


def _roster_spellings(reps: pl.DataFrame, aliases: pl.DataFrame) -> Spellings:
    import polars as pl

    known: Spellings = {}
    for column, frame in (  # each outranks those before it
        ("rep_name", reps),
        ("email", reps),
        ("alias", aliases.filter(~pl.col("is_own_line"))),
        ("alias", aliases.filter(pl.col("is_own_line"))),
        ("rep_id", reps),
    ):
        pairs = zip(frame[column], frame["rep_id"], strict=True)
        known |= _whose((name_key(text), rep_id) for text, rep_id in pairs if text)
    return known


def _crm_spellings(people: pl.DataFrame, roster: Mapping[str, str | None]) -> Spellings:
    """Return what a CRM calls those of its users who are one rep of the roster: id, e-mail, name and aliases."""
    users = list(people.select("source_id", "crm_user_id", "name", "email", "aliases").iter_rows())
    # Of two users of one name, the name does not say which one is the rep.
    namesakes = _whose(((source, name_key(name)), identity_key(user)) for source, user, name, _, _ in users if name)
    reps: dict[str, set[str | None]] = {}
    texts: dict[str, set[str]] = {}
    for source, user, name, email, aliases in users:  # a user may stand in several exports
        key = identity_key(user)
        is_one = name is not None and namesakes[source, name_key(name)] is not None
        told = [email, name if is_one else None, user if _SALESFORCE_ID.fullmatch(user) else None]
        reps.setdefault(key, set()).update(roster.get(name_key(text)) for text in told if text)
        spellings = (user, email, name, *(aliases or "").split(";"))
        texts.setdefault(key, set()).update(name_key(text) for text in spellings if text and text.strip())
    stands_for = {key: found - {None} for key, found in reps.items()}
    whose = _whose(
        # Who is nobody of the roster is somebody all the same: what two are called decides nothing.
        (text, ("rep", *stands_for[key]) if len(stands_for[key]) == 1 else ("user", key))
        for key, found in texts.items()
        for text in found
    )
    return {text: who[1] for text, who in whose.items() if who and who[0] == "rep"}


def _whose(pairs: Iterable[tuple[Key, Who]]) -> dict[Key, Who | None]:
    """Return whose each key is, None where it is more than one's."""
    seen: dict[Key, set[Who]] = {}
    for key, who in pairs:
        seen.setdefault(key, set()).add(who)
    return {key: next(iter(found)) if len(found) == 1 else None for key, found in seen.items()}
