"""Names on a worksheet: which may be a rep's, and which are of a summary, a template or a list of codes.

Knows texts, not worksheets. Whether a name is really one of the roster's is found out later.
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from timewaste.readers.excel_days import parse_day
from timewaste.readers.excel_weeks import told_month, told_week, week_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PLAIN_NAMES = re.compile(
    r"(?:sheet|tabelle|feuil(?:le)?|blatt|hoja|foglio|log|logs?heet|data|daten|time ?log|timesheet|time ?sheet|times|"
    r"zeiten|zeiterfassung|stunden|hours|week|woche|wk|kw|cw|semaine|activity|activities|aktivit\w*|t\u00e4tigkeit\w*|"
    r"total|summary|summe|\u00fcbersicht|overview|template|vorlage|muster|beispiel|example|mod\u00e8le|liste?|"
    r"sales|vertrieb|field|inside|team|raw|import|export|neu|new|alt|old|copy|kopie|entries|eintr\u00e4ge)",
    re.IGNORECASE,
)
_SUMMARIES = re.compile(
    r"(?:summary|summaries|totals?|sums?|summen?|overview|overall|\u00fcbersicht|\w+\u00fcbersicht|zusammenfassung|"
    r"auswertung\w*|gesamt|insgesamt|synth\u00e8se|r\u00e9capitulatif|r\u00e9sum\u00e9|somme|pivot|dashboard|analysis|"
    r"analyse|charts?|diagramm\w*|report|bericht|template|vorlage|muster|beispiel|example|sample|mod\u00e8le|"
    r"instructions?|anleitung|hinweise?|readme|help|hilfe|legend[ae]?|l\u00e9gende|key|codes?|codecard|lists?|listen?|"
    r"lookups?|stammdaten|dropdowns?|settings|einstellungen|config|parameters?|parameter|notes)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\d+|card|karte|by|of|the|all|per|pro|alle[rs]?|weekly|monthly|w\u00f6chentlich|\([^)]*\)?")
_NAME = re.compile(r"[^\W\d_][^\W\d_.,'\u2019 @-]*(?:[.,'\u2019 @-]+[^\W\d_]+)*\.?|[\w.+-]+@[\w.-]+")
_WORK = re.compile(
    r"(?:\w*(?:raster|plan|bericht|schreibung|zeichnung|kalender|calendar|protokoll|nachweis|zettel|erfassung|zeiten|\u00fcbersicht|grid|planner|tracker|"
    r"tracking|sheet|report|study|studie|logs?|diary|tagebuch|tabelle|table)|time|times|zeit|temps|horaire\w*|hours|"
    r"customers?|kunden?|clients?|visits?|besuche?|calls?|anrufe?|meetings?|project\w*|projekt\w*|daily|weekly|monthly|"
    r"t\u00e4glich|w\u00f6chentlich|department|abteilung|region|office|b\u00fcro|north|south|east|west|nord|s\u00fcd|"
    r"ost|manager|leiter|company|firma|gmbh|ag|inc|ltd|our|my|meine?|mes|all|self|working|arbeits\w*|name|rep|"
    r"mitarbeiter\w*|employee|user)",
    re.IGNORECASE,
)
_PARTICLES = {"von", "van", "de", "der", "den", "del", "della", "di", "da", "du", "la", "le", "zu", "zum", "ten", "ter"}
_PARTS = re.compile(r"\s+[-\u2013\u2014|/]\s+|[,;:|(\n\t]+")


def is_name(text: str) -> bool:
    """Tell whether the name of a sheet may be a rep's: no week, day, month, number or word for a sheet."""
    if not _NAME.fullmatch(text) or any(_PLAIN_NAMES.fullmatch(word) for word in re.split(r"[\s_.-]+", text)):
        return False
    if parse_day(text) or week_number(text) or told_month(f"{text} 2000"):
        return False
    return told_week(text, weekday=1, years=[], order="") is None


def is_summary(text: str) -> bool:
    """Tell whether a sheet is named like a summary, a template or a list of codes, and like nobody.

    >>> is_summary("Team summary 2026"), is_summary("Max Muster")
    (True, False)
    """
    words = [word for word in re.split(r"[\s_.&+-]+", unicodedata.normalize("NFC", text).strip().casefold()) if word]
    return any(map(_SUMMARIES.fullmatch, words)) and all(
        _SUMMARIES.fullmatch(word) or _PLAIN_NAMES.fullmatch(word) or _BESIDE.fullmatch(word) for word in words
    )


def is_skipped(text: str, patterns: Sequence[str] | None) -> bool:
    """Tell whether the settings leave out the sheet of this name."""
    name = text.strip().casefold()
    return any(fnmatchcase(name, pattern.strip().casefold()) for pattern in patterns or ())


def people_in(texts: Iterable[str]) -> list[str]:
    """Return what reads like the full name of a person in titles, each once.

    >>> people_in(["Rosa Roth, KW 12 / 2026", "Wochenraster Anna Abel", "Weekly hours"])
    ['Rosa Roth', 'Anna Abel']
    """
    found = (name for text in texts for part in _PARTS.split(text[:200]) if (name := _person(part)))
    return list(dict.fromkeys(found))


def rep_line(name: str) -> str:
    """Return the setting that says whose a file is, with the person that its name (without suffix) seems to tell.

    >>> rep_line("Kalender_Rosa Roth")
    'rep = "Rosa Roth"   # as the name of the file seems to say'
    """
    people = people_in([re.sub(r"[_\d]+", " ", name)])
    if len(people) == 1 and not set('"\\') & set(people[0]):
        return f'rep = "{people[0]}"   # as the name of the file seems to say'
    return 'rep = "file"   # or the name itself'


def _person(text: str) -> str:
    words = text.split()
    while words and (_WORK.fullmatch(words[0]) or _PLAIN_NAMES.fullmatch(words[0])):
        words.pop(0)
    name = " ".join(words)
    capital = [word for word in words if word.casefold() not in _PARTICLES]
    is_full = 2 <= len(capital) <= 4 and len(name) <= 60 and all(map(_is_capital, capital))
    is_work = any(_WORK.fullmatch(word) or _SUMMARIES.fullmatch(word) for word in words[1:])
    return name if is_full and not is_work and is_name(name) else ""


def _is_capital(word: str) -> bool:
    return word[:1].isupper() and sum(ch.isalpha() for ch in word) >= (1 if word.endswith(".") else 2)


def titles_alone(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the texts that stand alone in their rows, down to the first row of a table."""
    for cells in rows:
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) > 2:
            return
        if len(filled) == 1:
            yield filled[0]
