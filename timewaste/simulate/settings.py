"""What the invented sales force is like: the known truth a study is drawn from.

Shares are of worked time (all but non_work), hours per week, durations in minutes, lead times in days.
Knows numbers, not files.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timewaste.simulate.draw import Ints

FORMAT_VERSION = 2
FIRST_DATE = dt.date(2026, 3, 2)
TITLE = "Northwind sales force, spring 2026"
CURRENCY = "EUR"
TIME_ZONE = "Europe/Berlin"
ROLE_RATES = {"field": 78, "inside": 54, "key_account": 96}
RATE = 72

WORK_CATEGORIES = ("selling", "preparation", "functional", "administrative", "travel", "development")
OTHER_CATEGORIES = ("non_work",)
CATEGORY_OF_GROUP = {
    "S": "selling", "P": "preparation", "F": "functional", "A": "administrative", "T": "travel",
    "D": "development", "N": "non_work",
}  # fmt: skip
STEPS = ("Prospect", "Qualify", "Discover", "Propose", "Negotiate", "Order", "Service")
TIERS = ("core", "top", "bottom")  # a rep's place in the team, modulo three
SLOTS = 24  # more entries than a day ever holds

# What a top rep does differently from the rest of the team, in shares of worked time.
TOP_SHIFT = {"administrative": -0.04, "preparation": 0.03, "selling": 0.02, "functional": -0.01}
# And in the share of worked time of single activities, relative to the reps of the other tiers; the rest of a
# top rep's administrative time grows by what these lose, so that the category's share stays.
TOP_ACTIVITY_SHIFT = {"A13": -0.40, "A44": -0.40}
SELLING_SD = 0.10  # between reps
DAY_HOURS_SD = 0.10  # of a day's hours, relative
MEDIAN_MINUTES, SIGMA_MINUTES, ROUNDED_SHARE, MAX_MINUTES = 35.0, 0.8, 0.8, 240
MISSING_SHARE, LEAVE_SHARE = 0.08, 0.01  # of rep-days
LUNCH_SHARE, PERSONAL_SHARE, EVENING_SHARE = 0.85, 0.04, 0.03
VAGUE_SHARE, MULTIPLE_SHARE, TYPO_SHARE = 0.07, 0.01, 0.015  # of worked entries
COULD_DO = ("me", "nobody", "inside sales", "service", "marketing", "system")
NOT_OFFLOADABLE = 2  # the first ones of `COULD_DO`
NOBODY_SHARE = 0.10  # of the worked entries nobody else could have done
# Of entries; a quarter of the overlaps finds no room, so that 0.3 % come out.
OVERLAP_SHARE, NESTED_SHARE, DUPLICATE_SHARE, REVERSED_SHARE = 0.004, 0.003, 0.003, 0.0005
ENTRIES_PER_DAY = 12.0
MIDNIGHT_EVERY, BACKFILL_EVERY, REVERSED_EVERY = 6, 24, 24  # one rep in so many

MEDIAN_LEAD_DAYS = (12.0, 8.0, 14.0, 22.0, 16.0, 4.0, 30.0)
SIGMA_LEAD = 0.7
LOST_SHARE = (0.17, 0.15, 0.13, 0.11, 0.20, 0.0, 0.0)  # of the leavings of each step; see below
BACK_SHARE = 0.18  # of the leavings of the second to the fifth step that are not losses: 12 % of all moves
# Of what is closed by the end, wins come out near 22 %: 16 % in a month's window (wins take longer than
# losses and the history is half a year), 27 % in a long one.
HISTORY_DAYS = 182
MEAN_OPEN_DAYS = 90.0  # of an opportunity, by the numbers above


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One team. `shares` is in the order of `WORK_CATEGORIES` and sums to 1."""

    name: str
    number: int
    part: float
    week_hours: float
    week_hours_sd: float
    shares: tuple[float, ...]
    open_opportunities: float
    slug: str


TEAMS = (
    Team(
        name="field", number=0, part=0.40, week_hours=48, week_hours_sd=5,
        shares=(0.28, 0.09, 0.19, 0.25, 0.16, 0.03), open_opportunities=15, slug="field",
    ),
    Team(
        name="inside", number=1, part=0.35, week_hours=43, week_hours_sd=4,
        shares=(0.38, 0.10, 0.18, 0.29, 0.01, 0.04), open_opportunities=10, slug="inside",
    ),
    Team(
        name="key account", number=2, part=0.25, week_hours=50, week_hours_sd=5,
        shares=(0.24, 0.12, 0.25, 0.25, 0.11, 0.03), open_opportunities=15, slug="key-account",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The arguments of one simulation, checked and completed."""

    reps: int
    weeks: int
    seed: int
    dirt: bool
    workbooks: bool

    @property
    def days(self) -> int:
        """Workdays in the window."""
        return self.weeks * 5

    @property
    def by_week(self) -> bool:
        """Tell whether CSV logs come one file a week; long studies get one per team."""
        return self.weeks <= 12


def team_sizes(reps: int) -> tuple[int, ...]:
    """Return the reps of each team: about 40/35/25, at least 1 each, and 8 each from 24 reps on."""
    least = 8 if reps >= 24 else 1
    spare = reps - least * len(TEAMS)
    wanted = [max(0.0, reps * team.part - least) for team in TEAMS]
    total = sum(wanted) or 1.0
    extra = [int(spare * want / total) for want in wanted]
    extra[0] += spare - sum(extra)
    return tuple(least + more for more in extra)


def top_count(reps: int) -> int:
    """Return how many of a team's reps are in the top tier: places 1, 4, 7, … from 0."""
    return (reps + 1) // 3


def tier_shares(team: Team, reps: int, *, is_top: bool) -> tuple[float, ...]:
    """Return the expected shares of a tier, with the mean over the team's reps `team.shares` exactly."""
    top = top_count(reps) / reps
    lift = 1 - top if is_top else -top
    return tuple(
        share + lift * TOP_SHIFT.get(category, 0.0)
        for share, category in zip(team.shares, WORK_CATEGORIES, strict=True)
    )


def top_factors(team: Team, reps: int) -> dict[str, float]:
    """Return what the top tier's weight of an activity within its category is multiplied by.

    The category's own shift is taken out: the share of worked time then differs by `TOP_ACTIVITY_SHIFT`.
    """
    top, others = tier_shares(team, reps, is_top=True), tier_shares(team, reps, is_top=False)
    factors = {}
    for code, shift in TOP_ACTIVITY_SHIFT.items():
        category = WORK_CATEGORIES.index(CATEGORY_OF_GROUP[code[0]])
        factors[code] = (1 + shift) * others[category] / top[category]
    return factors


def workdays(weeks: int) -> list[dt.date]:
    """Return the dates Monday to Friday of the window."""
    return [FIRST_DATE + dt.timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]


def calendar_day(workday: Ints) -> Ints:
    """Return days since the window's first Monday for the workdays with these numbers."""
    return workday // 5 * 7 + workday % 5
