"""Where everything on the value-stream map stands: arithmetic on positions, no Altair and no frames.

All positions are pixels from the top left of the drawing. Columns are as wide as a label needs to be read;
the drawing grows with the number of steps and with the tallest stack, never the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from timewaste.charts.stream_plan import ACROSS_BETWEEN, COLUMN, SMALLEST_BLOCK, Plan, column_left, cut, make_plan
from timewaste.charts.text_fit import shorten_to, text_width, wrap
from timewaste.charts.theme import BODY, LEADING, LINE, MIXED, VerdictStyle, verdict_letter, verdict_style
from timewaste.wording import hours, tenth

if TYPE_CHECKING:
    from collections.abc import Sequence

PAD: Final = 6.0
BADGE_PLACE: Final = 13.0
WIDE_BADGE_PLACE: Final = 16.0
TEXT_PLACE: Final = 25.0
WIDE_TEXT_PLACE: Final = 31.0
HOOK: Final = 8.0
PITCH: Final = BODY * LEADING


class Activity(NamedTuple):
    """One activity of one column; `hours` are per rep per week, `column` counts from 0."""

    column: int
    name: str
    verdict: str | None
    is_candidate: bool
    hours: float
    entries: float | None = None
    reps: float | None = None
    freed: float | None = None


class Block(NamedTuple):
    """A rectangle whose height is its hours, and where its label stands (inside, or below when too flat)."""

    x: float
    y: float
    x2: float
    y2: float
    lines: tuple[str, ...]
    label_x: float
    label_y: float
    label_height: float
    hours: float
    hours_y: float
    style: VerdictStyle
    letter: str
    is_candidate: bool
    members: tuple[Activity, ...]

    @property
    def has_label_inside(self) -> bool:
        """Whether the label stands in the block."""
        return self.label_y <= self.y2

    @property
    def bottom(self) -> float:
        """The lowest pixel of the block and its label."""
        return max(self.y2, self.label_y + self.label_height / 2)


class Stack(NamedTuple):
    """The blocks of a step, worst verdict on top, and the hours that its labels add up to.

    The work across all steps is one stack too, in as many columns side by side as its plan says.
    """

    column: int
    blocks: tuple[Block, ...]
    total: float


def _order(activity: Activity) -> tuple[float, bool, float, str]:
    style = verdict_style(activity.verdict)
    return (style.order, activity.is_candidate, -activity.hours, activity.name)


def _look(members: Sequence[Activity]) -> tuple[VerdictStyle, str, bool]:
    """Return the common look of a block's activities, or the one for several verdicts."""
    looks = {(verdict_style(each.verdict), each.is_candidate) for each in members}
    if len(looks) > 1:
        return MIXED, "", False
    style, is_candidate = next(iter(looks))
    return style, verdict_letter(members[0].verdict, is_candidate=is_candidate), is_candidate


def verdict_sum(members: Sequence[Activity]) -> str:
    """Return hours by letter, such as `E 0.2, S 0.4`, for activities that share a block."""
    sums: dict[str, float] = {}
    for each in sorted(members, key=_order):
        letter = verdict_letter(each.verdict) or "not judged"
        sums[letter] = sums.get(letter, 0.0) + each.hours
    return ", ".join(f"{letter} {tenth(size)}" for letter, size in sums.items())


def _shared_lines(members: Sequence[Activity], room: float, most: int) -> tuple[str, ...]:
    """Name what shares a block as far as there is room: hours by verdict, then the largest activities."""
    if most < 1:
        return ()
    largest = sorted(members, key=lambda each: (-each.hours, _order(each)))
    shown = min(len(largest), most - 1)
    named = [_short_line(each, room) for each in largest[:shown]]
    return (*wrap(verdict_sum(members), room, lines=1), *named)


def _short_line(activity: Activity, room: float) -> str:
    letter = verdict_letter(activity.verdict, is_candidate=activity.is_candidate)
    figure = f" {tenth(activity.hours)}"
    name = shorten_to(activity.name, room - text_width(f"{letter} {figure}"))
    return f"{letter} {name}{figure}".strip()


def _block(x: float, y: float, height: float, members: Sequence[Activity], name: str) -> Block:
    """Place one block and set its name into the lines that it has room for."""
    size = sum(each.hours for each in members)
    style, letter, is_candidate = _look(members)
    is_inside = height >= SMALLEST_BLOCK
    shift = PAD if not letter else WIDE_TEXT_PLACE if is_candidate else TEXT_PLACE
    shift += 0 if is_inside else HOOK
    room = COLUMN - shift - 2 * PAD - text_width(tenth(size), BODY, bold=True)
    # A label below its block may take a second line: nothing stands under the last block of a column.
    most = max(1, int((height - 1 - LINE) / PITCH) + 1) if is_inside else 2
    lines = wrap(name, room, lines=min(3, most))
    extra = _shared_lines(members, COLUMN - shift - PAD, most - len(lines)) if len(members) > 1 else ()
    tall = LINE + PITCH * (len(lines) + len(extra) - 1)
    middle = y + height / 2 if is_inside else y + height + 3 + tall / 2
    hours_y = middle - PITCH * len(extra) / 2
    return Block(
        *(x, y, x + COLUMN, y + height),
        lines=(*lines, *extra),
        label_x=x + shift,
        label_y=middle,
        label_height=tall,
        hours=size,
        hours_y=hours_y,
        style=style,
        letter=letter,
        is_candidate=is_candidate,
        members=tuple(members),
    )


def _others_name(count: int) -> str:
    return f"{count} others"


def _piles(plan: Plan, members: Sequence[Activity]) -> list[tuple[str, list[Activity]]]:
    """Return the blocks of a column as name and activities; too flat ones share the last block."""
    ordered = sorted(members, key=_order)
    piles = [(each.name, [each]) for each in ordered if each.hours * plan.scale >= SMALLEST_BLOCK]
    small = [each for each in ordered if each.hours * plan.scale < SMALLEST_BLOCK]
    if small:
        piles.append((small[0].name if len(small) == 1 else _others_name(len(small)), small))
    return piles


def _stack(column: int, plan: Plan, top: float, members: Sequence[Activity]) -> Stack:
    """Pile up a column; the work across all steps goes on at the top of the next column."""
    piles = _piles(plan, members)
    heights = [plan.scale * sum(each.hours for each in pile) for _, pile in piles]
    blocks = []
    for part, (start, end) in enumerate(cut(heights, plan.across if column == plan.steps else 1)):
        x, y = column_left(column, plan.steps) + part * (COLUMN + ACROSS_BETWEEN), top
        for (name, pile), height in zip(piles[start:end], heights[start:end], strict=True):
            blocks.append(_block(x, y, height, pile, name))
            y += height
    # The reader adds up the printed figures: so does the printed total.
    return Stack(column, tuple(blocks), sum(round(block.hours, 1) for block in blocks))


def plan_of(activities: Sequence[Activity], steps: int) -> Plan:
    """Return the frame of the map for activities in columns 0..steps, the last one across all steps."""
    columns: list[list[float]] = [[] for _ in range(steps + 1)]
    for each in sorted(activities, key=_order):
        columns[each.column].append(each.hours)
    return make_plan(columns)


def stack_columns(activities: Sequence[Activity], plan: Plan, *, top: float) -> tuple[Stack, ...]:
    """Return the stacks of all columns on the plan's scale, from `top` downwards.

    Args are activities with more than 0 hours in columns 0..steps, where column `steps` stands for work
    across all steps. A column without activities has no stack.
    """
    columns: dict[int, list[Activity]] = {}
    for activity in activities:
        columns.setdefault(activity.column, []).append(activity)
    return tuple(_stack(column, plan, top, columns[column]) for column in sorted(columns))


def stacks_bottom(stacks: Sequence[Stack], top: float) -> float:
    """Return the lowest pixel of all stacks; a little below `top` when there are none."""
    return max([top + 30.0, *(block.bottom for stack in stacks for block in stack.blocks)])


def block_tip(block: Block) -> str:
    """Return the full story of a block, each activity with its verdict, hours and n."""
    return "; ".join(_activity_tip(each) for each in block.members)


def _activity_tip(activity: Activity) -> str:
    style = verdict_style(activity.verdict)
    candidate = " (candidate)" if activity.is_candidate and style.letter else ""
    known = [
        f"{hours(activity.hours)} per rep per week",
        f"{style.word}{candidate}",
        *([f"{activity.entries:,.0f} entries"] if activity.entries is not None else []),
        *([f"{activity.reps:,.0f} reps"] if activity.reps is not None else []),
        *([f"can free {hours(activity.freed)}"] if activity.freed else []),
    ]
    return f"{activity.name}: {', '.join(known)}"
