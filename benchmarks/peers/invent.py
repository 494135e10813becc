"""The log that every contender reads: invented, the same bytes for the same number of rows.

A rep logs some sixteen entries a day on 60 working days. On one day in fifteen an entry lies inside another one or
begins before the one before has ended. Every label was written for an activity, which is the truth that rules must find
again. Knows words and clock times, and none of the contenders.

Two files hold the same rows. `logs/log.csv` is as a rep would send it: rep, date, start, end and the label, for
timewaste. `peers.csv` has whole timestamps and names the case (a rep's day), the activity and its category too: pm4py
cannot find these out of a label, so they are given to it. aw-core takes its labels from there and sorts them itself.
"""

from __future__ import annotations

import json
from csv import writer
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20260105
FIRST_DAY = date(2026, 1, 5)
DAYS = 60
DAY_STARTS, DAY_ENDS = 8 * 60, 17 * 60  # minutes
LENGTHS = (5, 10, 15, 15, 20, 25, 30, 30, 45, 60, 90)
GAPS = (0, 0, 0, 5, 5, 10)
OVERLAP_DAYS = 1 / 15
ACCOUNT_SHARE = 0.3
VAGUE_SHARE = 0.05
VAGUE = ("misc", "various", "admin", "other stuff")
FIRST_WORDS = (
    "Amber", "Birch", "Cobalt", "Delta", "Elm", "Fjord", "Granite", "Harbour", "Indigo", "Juniper",
    "Kestrel", "Larch", "Maple", "Nordic", "Opal", "Pine", "Quartz", "River", "Summit", "Tundra",
    "Umber", "Vale", "Willow", "Yarrow", "Zephyr",
)  # fmt: skip
SECOND_WORDS = (
    "Foods", "Pumps", "Marine", "Steel", "Glass", "Paper", "Tools", "Motors", "Textiles", "Chemicals", "Optics",
    "Cables", "Timber", "Ceramics", "Plastics", "Robotics", "Logistics", "Energy", "Dairy", "Brewing", "Metals",
    "Furniture", "Packaging", "Printing",
)  # fmt: skip
ACCOUNTS = tuple(f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS)


class Rule(NamedTuple):
    """A rule as all contenders get it: the first that matches wins, capitals do not matter."""

    name: str
    pattern: str
    activity: str
    category: str


# Words that several contenders' engines read alike: no look-around, no back-references.
RULES = (
    Rule("expenses", r"expense|concur|receipt", "A31", "administrative"),
    Rule("crm", r"\bcrm\b|salesforce|log activit", "A11", "administrative"),
    Rule("forecast", r"forecast|pipeline (?:review|update)", "A12", "administrative"),
    Rule("reports", r"weekly report|activity report|time ?sheet", "A13", "administrative"),
    Rule("orders", r"order entry|key(?:ing)? in order|enter order", "A21", "administrative"),
    Rule("approvals", r"approval|sign[- ]?off", "F13", "functional"),
    Rule("quotes", r"\bquot(?:e|es|ing|ation)\b|price list|pricing", "F12", "functional"),
    Rule("proposals", r"proposal|\brfp\b|tender", "F11", "functional"),
    Rule("inbox", r"internal e-?mail|inbox", "A41", "administrative"),
    Rule("meetings", r"team meeting|stand-?up|all hands", "A42", "administrative"),
    Rule("discovery", r"discovery|first meeting|needs analysis", "S21", "selling"),
    Rule("demos", r"\bdemo\b|demonstration|product tour", "S22", "selling"),
    Rule("outbound", r"cold call|outbound|prospecting", "S11", "selling"),
    Rule("travel", r"\bdriv(?:e|ing)\b|flight|train to", "T1", "travel"),
)
UNSORTED = Rule("none", "", "U", "unclassified")

# Labels that a rule shall find. Some would match a later rule as well: the order must decide.
PHRASES = {
    "expenses": (("expense report", "receipts", "Concur march"), ("expenses trip {}",)),
    "crm": (("CRM update", "salesforce hygiene"), ("crm quote notes {}", "log activity {}")),
    "forecast": (("forecast", "pipeline review", "forecast call prep"), ("forecast {}",)),
    "reports": (("weekly report", "timesheet", "activity report for boss"), ()),
    "orders": (("order entry",), ("enter order {}", "keying in order {}")),
    "approvals": (("chasing approvals", "discount sign-off"), ("proposal approval {}",)),
    "quotes": (("quotes", "pricing questions"), ("quote {}", "quotation for {}")),
    "proposals": (("proposal writing",), ("rfp {}", "tender documents {}")),
    "inbox": (("inbox", "internal email", "internal e-mail"), ()),
    "meetings": (("team meeting", "standup", "all hands"), ()),
    "discovery": (("needs analysis",), ("discovery call {}", "first meeting {}")),
    "demos": (("product tour", "demo"), ("demo for {}", "demonstration at {}")),
    "outbound": (("cold calls", "outbound", "prospecting"), ("cold call {}",)),
    "travel": (("driving", "flight"), ("drive to {}", "train to {}")),
}


class Entry(NamedTuple):
    """A row of the log; minutes count from the day's midnight, UTC."""

    rep: str
    day: date
    start: int
    end: int
    label: str
    rule: Rule


class Rep(NamedTuple):
    """Who logs: a name, the customers looked after, and a way of typing."""

    name: str
    accounts: tuple[str, ...]
    typing: str


def invent(rows: int) -> Iterator[Entry]:
    """Yield exactly so many entries, rep by rep and day by day."""
    chance = Random(SEED)  # noqa: S311 - the same log every time, not a secret
    days = [day for day in (FIRST_DAY + timedelta(number) for number in range(DAYS * 7 // 5)) if day.weekday() < 5]
    return islice(_entries(chance, days), rows)


def _entries(chance: Random, days: list[date]) -> Iterator[Entry]:
    for number in count(1):
        typing = chance.choice(("as written", "lower", "title"))
        rep = Rep(f"Rep {number:05}", tuple(chance.sample(ACCOUNTS, 12)), typing)
        for day in days:
            yield from _day(chance, rep, day)


def _day(chance: Random, rep: Rep, day: date) -> Iterator[Entry]:
    spans = []
    clock = DAY_STARTS + chance.choice((0, 5, 10, 15, 30))
    while clock < DAY_ENDS:
        end = clock + chance.choice(LENGTHS)
        spans.append((clock, end))
        clock = end + chance.choice(GAPS)
    if chance.random() < OVERLAP_DAYS:
        _overlap(chance, spans)
    for start, end in spans:
        label, rule = _label(chance, rep)
        yield Entry(rep.name, day, start, end, label, rule)


def _overlap(chance: Random, spans: list[tuple[int, int]]) -> None:
    """Let one entry lie inside another, or reach into the next; each keeps some time of its own."""
    place = chance.choice([place for place, (start, end) in enumerate(spans) if place and end - start >= 15])
    start, end = spans[place]
    if chance.random() < 0.5:
        spans.insert(place + 1, (start + 5, end - 5))
    else:
        spans[place - 1] = (spans[place - 1][0], start + 10)


def _label(chance: Random, rep: Rep) -> tuple[str, Rule]:
    if chance.random() < VAGUE_SHARE:
        return chance.choice(VAGUE), UNSORTED
    rule = chance.choice(RULES)
    plain, about = PHRASES[rule.name]
    if about and chance.random() < ACCOUNT_SHARE:
        label = chance.choice(about).format(chance.choice(rep.accounts))
    else:
        label = chance.choice(plain)
    return {"lower": label.lower(), "title": label.title()}.get(rep.typing, label), rule


def write_study(folder: Path, rows: int) -> None:
    """Write the study, the peers' file and `facts.json` into `folder`: files as the module says."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    labels = set()
    with (
        (folder / "logs" / "log.csv").open("w", encoding="utf-8", newline="") as log,
        (folder / "peers.csv").open("w", encoding="utf-8", newline="") as peers,
    ):
        ours, theirs = writer(log, lineterminator="\n"), writer(peers, lineterminator="\n")
        ours.writerow(("Rep", "Date", "Start", "End", "Activity"))
        theirs.writerow(("rep", "rep_day", "start", "end", "label", "activity", "category"))
        for entry in invent(rows):
            labels.add(entry.label)
            ours.writerow((entry.rep, entry.day, _clock(entry.start), _clock(entry.end), entry.label))
            stamps = (f"{entry.day}T{_clock(minute)}:00" for minute in (entry.start, entry.end))
            rule = entry.rule
            theirs.writerow((entry.rep, f"{entry.rep} {entry.day}", *stamps, entry.label, rule.activity, rule.category))
    (folder / "timewaste.toml").write_text(_settings(), encoding="utf-8")
    facts = {"rows": rows, "labels": len(labels)}  # written last: a folder that has it is complete
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _settings() -> str:
    blocks = [f'[[rule]]\nid = "bench-{r.name}"\nmatch = \'{r.pattern}\'\nactivity = "{r.activity}"\n' for r in RULES]
    return "# A study that benchmarks/peers.py has invented.\n\n" + "\n".join(blocks)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def second_of(day: date, minute: int) -> int:
    """Return the seconds from 1970-01-01 UTC to a minute of a day."""
    return int(datetime.combine(day, time(), UTC).timestamp()) + minute * 60
