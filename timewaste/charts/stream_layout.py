"""Where everything on the value-stream map stands: arithmetic on positions, no Altair and no frames.

All positions are pixels from the top left of the drawing. Columns are as wide as a label needs to be read;
the drawing grows with the number of steps and with the tallest stack, never the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from timewaste.charts.text_fit import shorten_to, text_width, wrap
from timewaste.charts.theme import BODY, LINE_HEIGHT, MIXED, VerdictStyle, verdict_letter, verdict_style
from timewaste.charts.wording import hours, tenth

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMN: Final = 210.0
GAP: Final = 20.0
LEFT: Final = 34.0
ACROSS_GAP: Final = 48.0
RIGHT_PANEL: Final = 244.0
NARROWEST: Final = 880.0
SMALLEST_BLOCK: Final = 20.0
LEAST_TALL: Final = 260.0
MOST_TALL: Final = 760.0
PAD: Final = 7.0
BADGE_PLACE: Final = 14.0
WIDE_BADGE_PLACE: Final = 17.0
TEXT_PLACE: Final = 27.0
WIDE_TEXT_PLACE: Final = 33.0


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
    """The blocks of a column, worst verdict on top, and the hours that its labels add up to."""

    column: int
    blocks: tuple[Block, ...]
    total: float


def column_left(column: int, steps: int) -> float:
    """Return the left edge of a column; column number `steps` is the one across all steps."""
    left = LEFT + column * (COLUMN + GAP)
    return left if column < steps else left + (ACROSS_GAP - GAP if steps else 0)


def drawing_width(steps: int) -> float:
    """Return the width that so many steps and the panel at their right need."""
    return max(NARROWEST, column_left(steps, steps) + RIGHT_PANEL + 4)


def pixels_per_hour(activities: Sequence[Activity]) -> float:
    """Return the one scale of all stacks: nine tenths of the hours shall lie in blocks that hold a label."""
    if not activities:
        return 1.0
    columns: dict[int, float] = {}
    for activity in activities:
        columns[activity.column] = columns.get(activity.column, 0.0) + activity.hours
    tallest = max(columns.values())
    needed, sum_hours = sum(columns.values()) * 0.9, 0.0
    wanted = 0.0
    for size in sorted((activity.hours for activity in activities), reverse=True):
        wanted = (SMALLEST_BLOCK + 3) / size
        sum_hours += size
        if sum_hours >= needed:
            break
    return min(max(wanted, LEAST_TALL / tallest), MOST_TALL / tallest)


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
    room = COLUMN - shift - 2 * PAD - text_width(tenth(size), BODY, bold=True)
    # A label below its block may take a second line: nothing stands under the last block of a column.
    most = max(1, int((height - 2) / LINE_HEIGHT)) if is_inside else 2
    lines = wrap(name, room, lines=min(3, most))
    extra = _shared_lines(members, COLUMN - shift - PAD, most - len(lines)) if len(members) > 1 else ()
    tall = LINE_HEIGHT * (len(lines) + len(extra))
    middle = y + height / 2 if is_inside else y + height + 3 + tall / 2
    hours_y = middle - LINE_HEIGHT * len(extra) / 2
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


def _stack(column: int, steps: int, top: float, scale: float, members: Sequence[Activity]) -> Stack:
    """Pile up a column; what is too flat for a line of text becomes one block at the bottom."""
    x, y = column_left(column, steps), top
    ordered = sorted(members, key=_order)
    readable = [each for each in ordered if each.hours * scale >= SMALLEST_BLOCK]
    small = [each for each in ordered if each.hours * scale < SMALLEST_BLOCK]
    blocks = []
    for each in readable:
        blocks.append(_block(x, y, each.hours * scale, [each], each.name))
        y += each.hours * scale
    if small:
        height = sum(each.hours for each in small) * scale
        name = small[0].name if len(small) == 1 else _others_name(len(small))
        blocks.append(_block(x, y, height, small, name))
    # The reader adds up the printed figures: so does the printed total.
    return Stack(column, tuple(blocks), sum(round(block.hours, 1) for block in blocks))


def stack_columns(activities: Sequence[Activity], *, steps: int, top: float) -> tuple[Stack, ...]:
    """Return the stacks of all columns on one scale, from `top` downwards.

    Args are activities with more than 0 hours in columns 0..steps, where column `steps` stands for work
    across all steps. A column without activities has no stack.
    """
    scale = pixels_per_hour(activities)
    columns: dict[int, list[Activity]] = {}
    for activity in activities:
        columns.setdefault(activity.column, []).append(activity)
    return tuple(_stack(column, steps, top, scale, columns[column]) for column in sorted(columns))


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
