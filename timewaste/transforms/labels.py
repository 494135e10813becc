"""From what a rep typed to the activity it stands for. Labels know rules, not entries.

Each distinct label is looked at once, however many entries carry it, and the id of the rule that won travels
with it. A known code wins over the label, and a label that *is* a known code counts as one; otherwise the
first rule wins. What nobody knows and what is too vague is `U`, never administration: by the rule that says
so, or by `none`. A label that no rule knows is read once more without slips of the finger ("expnse report"),
as long as other labels of the log write the word right; `matched_by` then is `similar`.

A label of several parts ("emails + quotes / CRM") is split when at least two parts are recognised as
different activities; parts that are not recognised are dropped, and the entry's time goes equally to the
others. It stays whole when the rule that wins for the whole label matched across a separator ("terms and
conditions").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timewaste.transforms.spelling import without_slips

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

UNCLASSIFIED = "U"

# Between two parts of a label; no keyboard types it.
_CUT = "\x1f"
# "crm/expenses" is two parts; "f/u", "w/ client", "n/a", "q&a", "1/2" are one: two letters must stand before.
_TIGHT_SEPARATOR = r"(\pL\pL)[+/&,]"
_SEPARATOR = r"[,;]?\s(?:and|then|plus|und|dann)\s|\s*;\s*|,\s|\s[+/&]"
_APOSTROPHES = r"[\x{2018}\x{2019}\x{201a}\x{b4}`]"
_DASHES = r"[\x{2010}-\x{2015}\x{2212}]"
_INVISIBLE = r"[\x{200b}-\x{200f}\x{ad}\x{feff}\x1f]"
_EDGES = r"^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$"
_FLAG = "(?i)"
_ESCAPE = re.compile(r"\\(?:[pP]\{[^}]*\}|.)")
# Labels with nothing in common: what matches all of them is no rule.
_PROBES = ("a", "7", "quote", "zz top", "übung", "x-y")


def int_labels(stg_labels: pl.DataFrame, cfg_rules: pl.DataFrame, cfg_taxonomy: pl.DataFrame) -> pl.DataFrame:
    """Say what each distinct label and code stands for, and which rule said so.

    Grain: one row per label, code and part.
    Expect: unique(label, code, part_number), not_null(activity_code, rule_id, matched_by),
        check(part_number between 1 and parts), check(matched_by in ('code', 'rule', 'similar', 'none'))
    """
    import polars as pl

    typed = stg_labels.select(pl.col("label", "code").cast(pl.String)).unique()
    coded = _by_code(typed, cfg_taxonomy)
    answers = _by_rule(coded.filter(pl.col("activity_code").is_null()).get_column("label"), cfg_rules)
    by_code = coded.filter(pl.col("activity_code").is_not_null()).with_columns(
        part_number=pl.lit(1, pl.Int64),
        parts=pl.lit(1, pl.Int64),
        rule_id=pl.lit("code"),
        matched_by=pl.lit("code"),
    )
    by_label = (
        coded.filter(pl.col("activity_code").is_null())
        .drop("activity_code")
        .join(answers, on="label", how="left", nulls_equal=True)
        .with_columns(
            pl.col("part_number").fill_null(1),
            pl.col("parts").fill_null(1),
            pl.col("activity_code").fill_null(UNCLASSIFIED),
            pl.col("matched_by").fill_null("none"),
            rule_id=pl.col("rule_id").fill_null("none"),
        )
    )
    return (
        pl.concat([by_code, by_label], how="diagonal")
        .select("label", "code", "part_number", "parts", "activity_code", "rule_id", "matched_by")
        .sort("label", "code", "part_number", nulls_last=True)
    )


def normalise(labels: pl.Series) -> pl.Series:
    """Return the labels as rules meet them.

    NFC and case-folded ("ß" is "ss"), quotes and dashes as on a keyboard, single spaces, no punctuation at
    the ends. A line break inside a cell parts a list, so it becomes "; ".
    """
    import polars as pl

    return (
        labels.str.normalize("NFC")
        # Polars has no case folding: lower case alone would keep "straße" and "STRASSE" apart.
        .map_elements(str.casefold, return_dtype=pl.String)
        .str.normalize("NFC")
        .str.replace_all(_APOSTROPHES, "'")
        .str.replace_all(_DASHES, "-")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(r"\s*[\r\n]+\s*", "; ")
        .str.replace_all(r"\s+", " ")
        .str.replace_all(_EDGES, "")
    )


def match_rules(texts: pl.Series, cfg_rules: pl.DataFrame) -> pl.DataFrame:
    """Return `text, rule_id, pattern, activity_code`: the first rule for each distinct, normalised text.

    A text that no rule matches has no row.
    """
    import polars as pl

    rules = cfg_rules.sort("rule_number").select("rule_id", "pattern", "activity_code").with_row_index("place")
    if rules.is_empty() or texts.is_empty():  # compiling the patterns takes longer than most lists of labels
        return texts.clear().alias("text").to_frame().join(rules.drop("place"), how="cross")
    first = pl.coalesce(
        pl.when(pl.col("text").str.contains(_compiled(pattern))).then(pl.lit(place, pl.UInt32))
        for place, _, pattern, _ in rules.iter_rows()
    )  # all rules in one go: each pattern is compiled once, and both cores have work
    return texts.alias("text").to_frame().with_columns(first.alias("place")).join(rules, on="place").drop("place")


def check_rules(rules: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return `(rule_id, reason)` for each rule, given as `(rule_id, pattern)`, that cannot stand.

    It cannot when it is empty, when the engine refuses it (look-around and back-references included, as they
    do not run in linear time), or when it matches every label.
    """
    faults = [(rule_id, _fault(pattern)) for rule_id, pattern in rules]
    return [(rule_id, reason) for rule_id, reason in faults if reason]


def _compiled(pattern: str) -> str:
    """Return the pattern as it is run: whatever its case, and with "ß" as the labels have it."""
    pattern = pattern.replace("ß", "ss")
    # The labels are case-folded: a pattern in lower case needs no flag, which takes twice as long to compile.
    return pattern if (plain := _ESCAPE.sub("", pattern)) == plain.lower() else _FLAG + pattern


def _fault(pattern: str) -> str:
    """Return why the pattern cannot stand, or nothing."""
    import polars as pl

    if not pattern.strip():
        return "the pattern is empty"
    try:
        is_blank_hit, *hits = pl.Series(["", *_PROBES]).str.contains(_FLAG + pattern.replace("ß", "ss")).to_list()
    except pl.exceptions.ComputeError as error:
        return _engine_reason(str(error))
    return "the pattern matches every label" if is_blank_hit or all(hits) else ""


def _engine_reason(message: str) -> str:
    """Return the engine's reason on one line, with the place if it shows one."""
    lines = message.splitlines()
    reason = next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[0])
    # Below the pattern, four spaces in, a row of ^ stands under the place; "(?i)" is ours.
    marks = [line.index("^") - len("    " + _FLAG) + 1 for line in lines if line.strip(" ^") == "" and "^" in line]
    return f"{reason} (character {marks[0]})" if marks and marks[0] > 0 else reason


def _by_code(typed: pl.DataFrame, cfg_taxonomy: pl.DataFrame) -> pl.DataFrame:
    """Return `label, code, activity_code`, the last where the code, or else the label, is a known code."""
    import polars as pl

    known = (
        cfg_taxonomy.select("activity_code", key=_code_key("activity_code"))
        .sort("key", "activity_code")
        .unique("key", keep="first", maintain_order=True)
    )
    return (
        typed.with_columns(code_key=_code_key("code"), label_key=_code_key("label"))
        .join(known.rename({"activity_code": "from_code"}), left_on="code_key", right_on="key", how="left")
        .join(known.rename({"activity_code": "from_label"}), left_on="label_key", right_on="key", how="left")
        .select("label", "code", activity_code=pl.coalesce("from_code", "from_label"))
    )


def _code_key(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).str.strip_chars().str.to_uppercase()


def _by_rule(labels: pl.Series, cfg_rules: pl.DataFrame) -> pl.DataFrame:
    """Return `label, part_number, parts, rule_id, activity_code, matched_by` for the labels a rule recognises."""
    import polars as pl

    distinct = labels.drop_nulls().unique().sort()
    typed = pl.DataFrame({"label": distinct, "text": normalise(distinct)}).filter(pl.col("text") != "")
    answers = _answers(typed.get_column("text").unique().sort(), cfg_rules)
    known = answers.get_column("text").unique()
    unknown = typed.join(answers, on="text", how="anti").get_column("text").unique().sort()
    meant = without_slips(unknown, known)
    mended = pl.DataFrame(
        {"typed": list(meant), "text": list(meant.values())}, schema=dict.fromkeys(("typed", "text"), pl.String)
    )
    similar = (
        mended.join(_answers(mended.get_column("text").unique().sort(), cfg_rules), on="text")
        .filter(pl.col("activity_code") != UNCLASSIFIED)
        .drop("text")
        .rename({"typed": "text"})
        .with_columns(matched_by=pl.lit("similar"))
    )
    answers = answers.with_columns(matched_by=pl.lit("rule"))
    return typed.join(pl.concat([answers, similar], how="diagonal"), on="text").drop("text")


def _answers(wholes: pl.Series, cfg_rules: pl.DataFrame) -> pl.DataFrame:
    """Return `text, part_number, parts, rule_id, activity_code` for the normalised texts that a rule recognises."""
    import polars as pl

    pieces = _pieces(wholes)
    texts = pl.concat([wholes.alias("text"), pieces.get_column("piece")]).unique()
    matches = match_rules(texts.filter(texts != "").sort(), cfg_rules)
    split = _split(pieces, matches)
    whole = (
        matches.join(wholes.alias("text").to_frame(), on="text", how="semi")
        .join(split, on="text", how="anti")
        .select("text", "rule_id", "activity_code")
        .with_columns(part_number=pl.lit(1, pl.Int64), parts=pl.lit(1, pl.Int64))
    )
    return pl.concat([whole, split], how="diagonal")


def _cut(column: str) -> pl.Expr:
    """Return the text with every separator replaced by the cut."""
    import polars as pl

    return (
        pl.col(column)
        .str.replace_all(_TIGHT_SEPARATOR, f"${{1}}{_CUT}")
        .str.replace_all(_SEPARATOR, _CUT)
        .str.replace_all(rf"{_CUT}\s*(?:and|then|plus|und|dann)\s", _CUT)
    )


def _pieces(texts: pl.Series) -> pl.DataFrame:
    """Return `text, place, piece` for the texts that have a separator, in the order typed."""
    import polars as pl

    return (
        texts.alias("text")
        .to_frame()
        .with_columns(piece=_cut("text").str.split(_CUT))
        .filter(pl.col("piece").list.len() > 1)
        .with_columns(place=pl.int_ranges(pl.col("piece").list.len()))
        .explode("piece", "place")
        .with_columns(pl.col("piece").str.replace_all(_EDGES, ""))
    )


def _split(pieces: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Return `text, part_number, parts, rule_id, activity_code` for the texts that are worth splitting."""
    import polars as pl

    # A rule that needed both sides of a separator knows the label better than its pieces do.
    ruled = pieces.select("text").unique().join(matches, on="text")
    found = [
        rows.with_columns(matched=pl.col("text").str.extract(_compiled(str(pattern)), 0))
        for (pattern,), rows in ruled.partition_by("pattern", as_dict=True).items()
    ]
    kept_whole = pl.concat([ruled.clear().with_columns(matched=pl.lit("")), *found]).filter(
        _cut("matched").str.contains(_CUT, literal=True)
    )
    return (
        pieces.join(kept_whole, on="text", how="anti")
        .join(matches.drop("pattern"), left_on="piece", right_on="text")
        .filter(pl.col("activity_code") != UNCLASSIFIED)
        .filter(pl.col("activity_code").n_unique().over("text") > 1)
        .sort("text", "place")
        .with_columns(
            part_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("text"),
            parts=pl.len().over("text").cast(pl.Int64),
        )
        .select("text", "part_number", "parts", "rule_id", "activity_code")
    )
