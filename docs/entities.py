"""The tables that questions of one's own begin with, their keys and how they join, as a picture: docs/entities.svg.

The list is checked against the sample study by tests/test_entities.py; the boxes stand where the list says.
"""  # noqa: INP001 - beside the pages it belongs to

from __future__ import annotations

from html import escape
from typing import NamedTuple

from timewaste.charts.theme import AMBER, BLUE, FONT, HAIRLINE, INK, MUTED, OCHRE, PALE, PAPER, PLUM, RED, TEAL


class Entity(NamedTuple):
    """A box: its table, what a row is, the columns of its key, those that join, what else is in it; and its place."""

    table: str
    row: str
    key: tuple[str, ...]
    joins: tuple[str, ...]
    holds: tuple[str, ...]
    column: int  # of the picture: 0, 1, 2


class Join(NamedTuple):
    """How a row finds its row in another table: `one` where no second row of the table has the same key.

    `may_be_null` where the key can be missing, `where` picks the rows that are meant.
    """

    table: str
    to: str
    on: tuple[str, ...]
    to_on: tuple[str, ...]
    one: bool = False
    may_be_null: bool = False
    where: str = ""
    to_where: str = ""
    lane: str = ""  # where its line runs, as `gutter.lane`; "" draws none: the colour of the key tells


ENTITIES = (
    Entity("reps", "one rep", ("rep_id",), (), ("rep_name, team, role, tier", "region, hired_date, fte"), 0),
    Entity("rep_weeks", "rep, week, activity", ("rep_id", "week_start_date", "activity_code"), (),
           ("seconds, entries, category",), 0),
    Entity("rep_days", "rep and day", ("rep_id", "local_date"), (), ("worked_seconds, entries",), 0),
    Entity("coverage_days", "rep and expected day", ("rep_id", "local_date"), (), ("status, coverage_share",
           "expected_seconds"), 0),
    Entity("calendar", "zone and day", ("time_zone", "local_date"), (), ("week_start_date, is_workday",
           "weekday_number"), 0),
    Entity("entries", "a stretch of counted time", (),
           ("rep_id", "activity_code", "opportunity_id", "local_date", "source_id"),
           ("seconds, logged_seconds", "category, label, account", "channel, rework, waiting_on",
            "start_second, end_second"), 1),
    Entity("issues", "one thing wrong", ("issue_id",), ("rep_id", "source_id"), ("rule, treatment, seconds",), 1),
    Entity("source_accounts", "a file or sheet", ("source_id",), (), ("records, entries, duplicates",
           "set_aside, file"), 1),
    Entity("source_grades", "a file, and the study", ("source_id",), (), ("grade, limited_by",), 1),
    Entity("cfg_taxonomy", "one activity", ("activity_code",), (), ("activity, category", "value_class, step"), 2),
    Entity("verdicts", "an activity that was logged", ("activity_code",), (), ("final_verdict, route, confidence",
           "freed_seconds_per_rep_week"), 2),
    Entity("estimates", "scope, team, kind, name", ("scope", "team", "kind", "name"), (),
           ("share, share_low, share_high",), 2),
    Entity("opportunities", "one opportunity", ("opportunity_id",), ("rep_id",), ("outcome, amount, lead_source",), 2),
    Entity("stage_visits", "a stay in a step", ("opportunity_id", "visit_number"), ("step_number",),
           ("lead_working_seconds",), 2),
    Entity("stream_steps", "one step", ("step_number",), (), ("process_seconds, wait_seconds",), 2),
)  # fmt: skip

_DAY = ("time_zone = (select time_zone from cfg_settings)",)
JOINS = (
    Join("entries", "reps", ("rep_id",), ("rep_id",), lane="left.1"),
    Join("entries", "calendar", ("local_date",), ("local_date",), to_where=_DAY[0], lane="left.2"),
    Join("entries", "rep_days", ("rep_id", "local_date"), ("rep_id", "local_date")),
    Join("entries", "cfg_taxonomy", ("activity_code",), ("activity_code",), lane="right.1"),
    Join("entries", "opportunities", ("opportunity_id",), ("opportunity_id",), may_be_null=True, lane="right.2"),
    Join("entries", "source_accounts", ("source_id",), ("source_id",), lane="right.3"),
    Join("issues", "reps", ("rep_id",), ("rep_id",), may_be_null=True),
    Join("issues", "source_accounts", ("source_id",), ("source_id",), may_be_null=True, lane="right.4"),
    Join("source_grades", "source_accounts", ("source_id",), ("source_id",), one=True, may_be_null=True, lane="left.3"),
    Join("rep_weeks", "reps", ("rep_id",), ("rep_id",), lane="outer_left.1"),
    Join("rep_weeks", "cfg_taxonomy", ("activity_code",), ("activity_code",)),
    Join("rep_days", "reps", ("rep_id",), ("rep_id",), lane="outer_left.2"),
    Join("rep_days", "calendar", ("local_date",), ("local_date",), to_where=_DAY[0], lane="outer_left.1"),
    Join("coverage_days", "reps", ("rep_id",), ("rep_id",), lane="outer_left.3"),
    Join("coverage_days", "calendar", ("local_date",), ("local_date",), to_where=_DAY[0], lane="outer_left.2"),
    Join("verdicts", "cfg_taxonomy", ("activity_code",), ("activity_code",), one=True, lane="outer_right.1"),
    Join("estimates", "cfg_taxonomy", ("name",), ("activity_code",), where="kind = 'activity'", lane="outer_right.2"),
    Join("opportunities", "reps", ("rep_id",), ("rep_id",), may_be_null=True),
    Join("stage_visits", "opportunities", ("opportunity_id",), ("opportunity_id",), lane="outer_right.1"),
    Join("stage_visits", "stream_steps", ("step_number",), ("step_number",), lane="outer_right.1"),
)

COLOURS = {
    "rep_id": TEAL, "activity_code": BLUE, "name": BLUE, "opportunity_id": PLUM, "source_id": OCHRE,
    "local_date": RED, "step_number": AMBER,
}  # fmt: skip
WIDTH, BOX, TOP, GAP, ROW, HEAD = 920, 236, 14, 20, 19, 45
LEFTS = (50, 344, 638)
SIZE = 13.4
LANES = {
    "outer_left": lambda n: LEFTS[0] - 9 - 11 * n,
    "left": lambda n: LEFTS[1] - 2 - 13 * n,
    "right": lambda n: LEFTS[1] + BOX + 1 + 12 * n,
    "outer_right": lambda n: LEFTS[2] + BOX + 10 + 11 * n,
}  # the place of a lane between the columns of boxes, in pixels from the left


def entities_svg() -> str:
    """Return the picture as SVG: boxes with their keys, lines from each foreign key to the key it names."""
    tops = _tops()
    height = max(tops[entity.table] + _height(entity) for entity in ENTITIES) + TOP
    marked: set[tuple[float, float]] = set()
    lines = [_line(join, tops, marked) for join in JOINS if join.lane]
    boxes = [_box(entity, tops[entity.table]) for entity in ENTITIES]
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    label = "Tables of a study and how they join; the text of tables.md says the same"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" font-size="{SIZE}" role="img">',
        f"<title>{label}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        *lines, *boxes, "</svg>",
    ]) + "\n"  # fmt: skip


def _tops() -> dict[str, int]:
    """Return where each box begins: below the one before in its column, the columns spread to one height."""
    tops: dict[str, int] = {}
    heights = [sum(_height(one) for one in ENTITIES if one.column == column) for column in range(3)]
    counts = [sum(one.column == column for one in ENTITIES) for column in range(3)]
    tallest = max(height + GAP * (count - 1) for height, count in zip(heights, counts, strict=True))
    for column in range(3):
        gap, top = (tallest - heights[column]) / (counts[column] - 1), float(TOP)
        for entity in ENTITIES:
            if entity.column == column:
                tops[entity.table] = round(top)
                top += _height(entity) + gap
    return tops


def _height(entity: Entity) -> int:
    return HEAD + ROW * (len(entity.key) + len(entity.joins) + len(entity.holds)) + 8


def _text(x: float, y: float, words: str, **style: str) -> str:
    told = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<text x="{x:g}" y="{y:g}"{told}>{escape(words)}</text>'


def _box(entity: Entity, top: int) -> str:
    left, height = LEFTS[entity.column], _height(entity)
    parts = [
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{height}" rx="4" fill="{PAPER}" stroke="{HAIRLINE}"/>',
        f'<path d="M{left} {top + 40}v-36q0-4 4-4h{BOX - 8}q4 0 4 4v36z" fill="{PALE}"/>',
        _text(left + 10, top + 17, entity.table, font_weight="bold", fill=INK, font_size="15"),
        _text(left + 10, top + 33, f"a row: {entity.row}", fill=MUTED, font_size="12.5"),
    ]
    y = top + HEAD + 13
    for name in (*entity.key, *entity.joins):
        colour = COLOURS.get(name, HAIRLINE)
        weight = {"font_weight": "bold"} if name in entity.key else {}
        parts += [f'<circle cx="{left + 15}" cy="{y - 4.5:g}" r="4.5" fill="{colour}"/>',
                  _text(left + 27, y, name, fill=INK, **weight)]  # fmt: skip
        y += ROW
    for words in entity.holds:
        parts.append(_text(left + 27, y, words, fill=MUTED))
        y += ROW
    return "\n".join(parts)


def _place(table: str, column: str, tops: dict[str, int]) -> tuple[int, float]:
    """Return the left edge of the box and the middle of the column's line in it."""
    entity = next(one for one in ENTITIES if one.table == table)
    return LEFTS[entity.column], tops[table] + HEAD + 8.5 + ROW * (*entity.key, *entity.joins).index(column)


def _line(join: Join, tops: dict[str, int], marked: set[tuple[float, float]]) -> str:
    gutter, number = join.lane.split(".")
    lane = LANES[gutter](int(number))
    (from_left, from_y), (to_left, to_y) = _place(join.table, join.on[0], tops), _place(join.to, join.to_on[0], tops)
    start, end = (left if left > lane else left + BOX for left in (from_left, to_left))
    colour = COLOURS[join.to_on[0]]
    first, last = (6 if lane > edge else -6 for edge in (start, end))
    anchors = ["start" if shift > 0 else "end" for shift in (first, last)]
    one = "" if (end, to_y) in marked else "1"  # once, where several lines come to one key
    marked.add((end, to_y))
    many = "1" if join.one else "n"
    ends = ((start + first, from_y, many, anchors[0]), (end + last, to_y, one, anchors[1]))
    return "\n".join([
        f'<path d="M{start} {from_y:g}H{lane}V{to_y:g}H{end}" fill="none" stroke="{colour}" stroke-width="1.6"/>',
        f'<circle cx="{end}" cy="{to_y:g}" r="3" fill="{colour}"/>',
        *(_text(x, y - 4, words, fill=MUTED, font_size="11.5", text_anchor=anchor) for x, y, words, anchor in ends),
    ])  # fmt: skip


def joins_list() -> str:
    """Return the joins in words, for who reads no pictures: one line of a table each."""
    lines = ["| from | to | on |", "|---|---|---|"]
    for join in JOINS:
        pairs = [a if a == b else f"{a} = {b}" for a, b in zip(join.on, join.to_on, strict=True)]
        told = ", ".join(pairs) + "".join(f"; {join.table}.{join.where}" if join.where else "")
        told += "; calendar.time_zone = that of cfg_settings" if join.to_where else ""
        lines.append(f"| {join.table} | {join.to} | {told}{'; may be null' if join.may_be_null else ''} |")
    return "\n".join(lines)
