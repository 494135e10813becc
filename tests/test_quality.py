"""Log quality: small studies in which every figure is known by hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from studies import Figures, write_study

from timewaste.errors import ConfigError, ReadError
from timewaste.study import Study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from conftest import Done

HEAD = "rep,date,start,end,duration,code,activity,logged at\n"
SELL, ADMIN, TRAVEL, BREAK = "S22", "A31", "T1", "N1"
ROSTER = "rep_id,name,team,role,region,tier,fte,hired_on,holiday_region\n"
HOUR = 3600


def row(rep: str, day: str, start: str, end: str, code: str = SELL, label: str = "", logged: str = "") -> str:  # noqa: PLR0917
    return f"{rep},{day},{start},{end},,{code},{label or code.lower()},{logged}\n"


def workday(rep: str, day: str, codes: str = "SSAA", label: str = "") -> str:
    """Return a day of four entries of two hours from 08:00 on: S selling, A administrative, T travel, N a break."""
    kinds = {"S": SELL, "A": ADMIN, "T": TRAVEL, "N": BREAK}
    return "".join(
        row(rep, day, f"{8 + 2 * at:02}:00", f"{10 + 2 * at:02}:00", kinds[letter], label)
        for at, letter in enumerate(codes)
    )


def days(first: str, number: int) -> list[str]:
    """Return so many working days from a Monday on."""
    start = dt.date.fromisoformat(first)
    found = [start + dt.timedelta(days=at) for at in range(number * 2 + 7)]
    return [day.isoformat() for day in found if day.weekday() < 5][:number]


class Quality(Figures):
    """Builds only what log quality rests on, in memory: half the time of a whole study."""

    TABLES = (
        "log_quality", "source_grades", "reps_to_ask", "rpt_quality_sides", "coverage_days", "study_waves",
        "response_strata", "int_quality_shifts", "quality_flags",
    )  # fmt: skip


class Measured:
    """The tables of a study's log quality, asked as a study is."""

    def __init__(self, frames: dict[str, pl.DataFrame]) -> None:
        self.frame = frames.__getitem__


@pytest.fixture(scope="session")
def models() -> Quality:
    return Quality()


@pytest.fixture
def quality(models, tmp_path) -> Callable[..., Measured]:
    """Return a function: logs, config, other files -> the tables of their log quality."""
    made = 0

    def make(logs: str | dict[str, str | bytes], config: str = "", files: dict[str, str] | None = None) -> Measured:
        nonlocal made
        made += 1
        return Measured(models(write_study(tmp_path / f"study-{made}", logs, config, files)))

    return make


def detector(study: Study | Measured, number: int) -> dict[str, object]:
    return study.frame("log_quality").row(number - 1, named=True)


def log(rows: Iterable[str]) -> str:
    return HEAD + "".join(rows)


# ------------------------------------------------------------------ coverage


@pytest.fixture(scope="module")
def covered(tmp_path_factory) -> Study:
    monday, tuesday, wednesday, thursday, friday = days("2026-01-05", 5)
    logs = log(
        [
            *(workday("full", day) for day in (monday, wednesday, thursday, friday)),
            row("full", "2026-01-10", "09:00", "10:00"),  # a Saturday
            workday("gaps", monday),
            row("gaps", wednesday, "08:00", "11:00"),  # 3 of 8 hours
            row("gaps", thursday, "08:00", "15:00", ADMIN),  # 7 hours in one entry
            *(workday("part", day) for day in (monday, wednesday)),
            workday("away", monday, "SS"),
            row("away", friday, "08:00", "16:00", "N3"),  # leave that the rep logged
            *(workday("late", day) for day in (thursday, friday)),
            *(workday("east", day) for day in (monday, tuesday, wednesday, thursday, friday)),
            workday("stranger", monday),
            row("full", "2025-11-03", "09:00", "10:00"),  # a date mistyped: no day of the study
        ]
    )
    roster = ROSTER + (
        "full,,T,r,,,1,,\ngaps,,T,r,,,1,,\npart,,T,r,,,0.5,,\naway,,T,r,,,1,,\nlate,,T,r,,,1,2026-01-08,\n"
        "east,,T,r,,,1,,BE\nsilent,,T,r,,,1,,\n"
    )
    leave = f"rep_id,first_date,last_date,kind,share\naway,{monday},,doctor,0.5\naway,{wednesday},{thursday},sick,\n"
    config = '[study]\ncountry = "DE"\nregion = "BY"\n'
    folder = write_study(
        tmp_path_factory.mktemp("covered"), logs, config, {"reps.csv": roster, "leave.csv": leave}
    )  # Tuesday 6 January is a holiday in Bavaria, not in Berlin
    return open_study(folder)


@pytest.mark.parametrize(
    ("rep", "statuses", "expected"),
    [
        ("full", "full holiday full full full weekend_work", [8, 0, 8, 8, 8, 0]),
        ("gaps", "full holiday part thin missing", [8, 0, 8, 8, 8]),
        # half of four working days in two days of eight hours: the others are days off
        ("part", "full holiday full day_off day_off", [8, 0, 8, 0, 0]),
        ("away", "thin holiday leave leave leave", [4, 0, 0, 0, 0]),
        ("late", "full full", [8, 8]),  # hired on Thursday
        ("east", "full full full full full", [8, 8, 8, 8, 8]),
        ("silent", "missing holiday missing missing missing", [8, 0, 8, 8, 8]),
        ("stranger", "full holiday missing missing missing", [8, 0, 8, 8, 8]),
    ],
)
def test_each_day_is_held_against_the_working_calendar(covered, rep, statuses, expected):
    found = covered.sql(
        "select status, expected_seconds / 3600 as hours from coverage_days "
        "where rep_id = $rep and status <> 'outside' order by local_date",
        rep=rep,
    )
    assert found["status"].to_list() == statuses.split()
    assert found["hours"].to_list() == expected


def test_a_mistyped_date_does_not_stretch_the_study(covered):
    assert covered.sql("select first_date, last_date from study_waves").rows() == [
        (dt.date(2026, 1, 5), dt.date(2026, 1, 9))
    ]
    assert covered.sql("select local_date from coverage_days where status = 'outside'").rows() == [
        (dt.date(2025, 11, 3),)
    ]


def test_coverage_conserves_what_was_counted(covered):
    counted, logged = covered.sql("select sum(counted_seconds), sum(logged_seconds) from coverage_days").row(0)
    assert (counted, logged) == covered.sql("select sum(counted_seconds), sum(logged_seconds) from day_accounts").row(0)
    assert counted == covered.sql("select sum(seconds) from entries").item()


def test_missing_days_are_those_of_people_who_log(covered):
    found = detector(covered, 1)
    # gaps Friday and stranger three days are missing, gaps Wednesday is part: 8 + 3 * 8 + 5 hours
    assert (found["days"], found["reps"], found["seconds"]) == (5, 2, 37 * HOUR)
    selling, worked = map(
        float, covered.sql("select sum(selling_seconds), sum(worked_seconds) from coverage_days").row(0)
    )
    other = (selling - 3 * HOUR) / (worked - 3 * HOUR)
    assert found["effect_points"] == pytest.approx(100 * (selling / worked - other))


def test_who_has_to_be_asked_what_comes_by_time_at_stake(covered):
    asked = covered.frame("reps_to_ask")
    first = asked.row(0, named=True)
    assert (first["rep_id"], first["kind"], first["at_stake_seconds"]) == ("silent", "silent", 32 * HOUR)
    stakes = asked["at_stake_seconds"].drop_nulls().to_list()
    assert stakes == sorted(stakes, reverse=True)
    (question,) = asked.filter(rep_id="gaps", kind="missing")["question"]
    assert "Fri 2026-01-09" in question
    assert asked.filter(rep_id="away").height == 1  # the half day in two entries; the leave is known
    assert asked.filter(rep_id="full").is_empty()


@pytest.mark.parametrize(
    ("config", "roster", "where"),
    [
        ('[study]\ncountry = "XX"\n', "", "study.country"),
        ('[study]\ncountry = "DE"\nregion = "ZZ"\n', "", "study.region"),
        ('[study]\nregion = "BY"\n', "", "study.region"),
        ("[study]\nholidays = ['soon']\n", "", "study.holidays"),
        ("", ROSTER + "a,,T,r,,,1,,BY\n", "reps.csv"),
        ("[quality]\nmin_coverag = 1\n", "", "quality"),
    ],
)
def test_a_place_nobody_knows_is_refused(tmp_path, config, roster, where):
    folder = write_study(tmp_path, log([workday("a", "2026-03-02")]), config, {"reps.csv": roster} if roster else None)
    with pytest.raises(ConfigError) as caught:
        open_study(folder)
    assert where in caught.value.where
    assert caught.value.mend


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a,2026-13-01,,,", "2026-13-01"),
        ("a,02.03.2026,,,", "02.03.2026"),
        ("a,2026-W10-1,,,", "2026-W10-1"),
        ("a,2026-03-05,2026-03-02,,", "before"),
        ("a,2026-03-02,,,1.5", "1.5"),
        ("a,2026-03-02,,,half", "half"),
    ],
)
def test_leave_that_cannot_be_read_is_refused_with_its_line(tmp_path, line, what):
    leave = f"rep_id,first_date,last_date,kind,share\na,2026-03-02,,,\n{line}\n"
    folder = write_study(tmp_path, log([workday("a", "2026-03-02")]), files={"leave.csv": leave})
    with pytest.raises(ReadError) as caught:
        open_study(folder)
    assert "leave.csv line 3" in caught.value.where
    assert what in str(caught.value)


def test_leave_of_nobody_in_the_roster_is_refused(tmp_path):
    files = {"reps.csv": ROSTER + "a,,T,r,,,1,,\n", "leave.csv": "rep_id,first_date\na,2026-03-02\nA. Nna,2026-03-02\n"}
    folder = write_study(tmp_path, log([workday("a", "2026-03-02")]), files=files)
    with pytest.raises(ReadError) as caught:
        open_study(folder)
    assert "leave.csv line 3" in caught.value.where
    assert "A. Nna" in caught.value.what


def test_days_off_that_the_settings_add_are_holidays(study):
    opened = study(log([workday("a", "2026-03-02"), workday("a", "2026-03-04")]), "[study]\nholidays = [2026-03-03]\n")
    assert opened.sql("select status from coverage_days order by 1").to_series().to_list() == [
        "full",
        "full",
        "holiday",
    ]


def test_weeks_in_which_nobody_logs_are_between_two_waves(quality):
    opened = quality(log([workday("a", "2026-03-02"), workday("a", "2026-06-01"), workday("a", "2026-06-03")]))
    assert opened.frame("study_waves").height == 2
    assert opened.frame("coverage_days").filter(status="missing").height == 1


# ------------------------------------------------------------- each detector


def test_an_overlap_counted_twice_would_change_the_share(quality):
    # 9 to 11 selling, 10 to 12 administrative: 3 hours, 1.5 of them selling; the hour told twice is shared
    opened = quality(log([row("a", "2026-03-02", "09:00", "11:00"), row("a", "2026-03-02", "10:00", "12:00", ADMIN)]))
    found = detector(opened, 5)
    assert (found["affected_rows"], found["seconds"]) == (2, HOUR)
    assert found["selling_share"] == pytest.approx(1.5 / 3)
    assert found["other_selling_share"] == pytest.approx(2 / 4)
    assert found["effect_points"] == pytest.approx(0)


def test_a_row_told_twice_counts_once(quality):
    twice = row("a", "2026-03-02", "09:00", "11:00")
    opened = quality(log([twice, twice, row("a", "2026-03-02", "11:00", "13:00", ADMIN)]))
    found = detector(opened, 11)
    assert (found["affected_rows"], found["days"], found["seconds"]) == (1, 1, 2 * HOUR)
    assert found["effect_points"] == pytest.approx(100 * (2 / 4 - 4 / 6))


def test_rows_written_later_are_flagged_and_left_out_on_the_other_side(quality):
    day = "2026-03-02"
    rows = [
        row("a", day, "08:00", "10:00", SELL, logged="2026-03-02 10:05"),
        row("a", day, "10:00", "12:00", ADMIN, logged="2026-03-03 12:00"),  # 24 hours after its end: not later
        row("a", day, "12:00", "14:00", SELL, logged="2026-03-03 14:01"),  # a minute more
        row("a", day, "14:00", "16:00", TRAVEL, logged="2026-03-02 16:05"),
    ]
    found = detector(quality(log(rows)), 4)
    assert (found["affected_rows"], found["reps"], found["days"], found["seconds"]) == (1, 1, 1, 2 * HOUR)
    assert "rows written more than a day later: 1" in found["found"]
    assert found["effect_points"] == pytest.approx(100 * (4 / 8 - 2 / 6))


def test_hours_without_a_clock_are_late_a_day_after_their_day(quality):
    rows = [
        "a,2026-03-02,,,4h,S22,call,2026-03-03 23:00\n",
        "a,2026-03-02,,,2h,A31,mail,2026-03-04 00:30\n",
        "a,2026-03-02,,,2h,T1,train,2026-03-04\n",  # no clock: from the day's beginning, 24 hours and no more
    ]
    found = detector(quality(log(rows)), 4)
    assert found["found"] == "rows written more than a day later: 1"
    assert found["seconds"] == 2 * HOUR


@pytest.mark.parametrize(("seconds_apart", "in_burst"), [(60, 10), (67, 0)])
def test_ten_rows_written_within_ten_minutes_are_a_burst(quality, seconds_apart, in_burst):
    start = dt.datetime(2026, 3, 2, 18, 0)  # noqa: DTZ001 - a clock on the wall
    written = [str(start + dt.timedelta(seconds=seconds_apart * at)) for at in range(10)]
    rows = [
        row("a", "2026-03-02", f"{7 + at:02}:00", f"{7 + at:02}:40", logged=logged) for at, logged in enumerate(written)
    ]
    rows.append(row("a", "2026-03-02", "17:00", "17:40", ADMIN, logged="2026-03-02 17:41"))
    found = detector(quality(log(rows)), 4)
    assert found["affected_rows"] == in_burst
    assert found["effect_points"] == pytest.approx(100 * (10 / 11 - 0) if in_burst else 0)


def test_rows_alike_on_three_days_are_flagged_and_breaks_are_not(quality):
    three = days("2026-03-02", 3)
    rows = [row("a", day, "09:00", "10:00", SELL, "Call Acme" if at else " call acme") for at, day in enumerate(three)]
    rows += [row("a", day, "12:00", "13:00", BREAK, "lunch") for day in three]
    rows += [row("a", day, "14:00", "15:00", ADMIN, "expenses") for day in three[:2]]
    rows += [row("b", day, f"{9 + at:02}:00", f"{10 + at:02}:00", SELL, "Call Acme") for at, day in enumerate(three)]
    found = detector(quality(log(rows)), 13)
    assert (found["affected_rows"], found["reps"], found["days"], found["seconds"]) == (3, 1, 3, 3 * HOUR)
    assert found["effect_points"] == pytest.approx(100 * (6 / 8 - 3 / 5))


def test_days_alike_in_all_activities_are_told(quality):
    def day(rep: str, when: str, minutes: tuple[int, ...]) -> str:
        starts = [8 * 60 + sum(minutes[:at]) for at in range(len(minutes))]
        return "".join(
            row(rep, when, f"{s // 60:02}:{s % 60:02}", f"{(s + m) // 60:02}:{(s + m) % 60:02}", code)
            for s, m, code in zip(starts, minutes, (SELL, ADMIN, TRAVEL, "P11"), strict=True)
        )

    other_days = ((30, 200, 90, 60), (200, 31, 61, 90), (60, 90, 240, 30), (90, 60, 30, 200))
    rows = [day("copy", when, (121 + at, 60, 33, 90)) for at, when in enumerate(days("2026-03-02", 4))]
    rows += [day("true", when, lengths) for when, lengths in zip(days("2026-03-02", 4), other_days, strict=True)]
    opened = quality(log(rows))
    assert opened.frame("quality_flags").filter(rule="day/copied")["rep_id"].to_list() == ["copy"] * 4
    assert detector(opened, 13)["days"] == 4


def test_two_sources_hours_apart_have_one_wrong_clock(quality):
    starts = (8, 9, 13)
    three = days("2026-03-02", 3)
    minutes = {8: 40, 9: 55, 13: 35}
    own = [row("a", day, f"{h:02}:00", f"{h:02}:{minutes[h]}", SELL, "mtg") for day in three for h in starts]
    own += [row("a", day, "17:00", "17:20", ADMIN, "mail") for day in three]
    other = [
        row("a", day, f"{h + 2:02}:00", f"{h + 2:02}:{minutes[h]}", SELL, "Meeting") for day in three for h in starts
    ]
    opened = quality({"log.csv": log(own), "calendar.csv": log(other)})
    shift = opened.frame("int_quality_shifts").row(0, named=True)
    assert (abs(shift["shift_hours"]), shift["matches"], shift["days"]) == (2, 9, 3)
    found = detector(opened, 8)
    assert found["affected_rows"] == 9  # those of the smaller source
    assert "rows whole hours beside another source: 9" in found["found"]
    assert found["effect_points"] is not None


def test_two_sources_that_agree_have_no_shift(quality):
    three = days("2026-03-02", 3)
    own = [row("a", day, f"{h:02}:00", f"{h:02}:50", SELL, "mtg") for day in three for h in (8, 10, 13)]
    other = [text.replace("mtg", "Meeting") for text in own]
    found = detector(quality({"log.csv": log(own), "calendar.csv": log(other)}), 8)
    assert (found["affected_rows"], found["effect_points"]) == (0, 0)


def test_vague_slips_and_breaks(quality):
    rows = [
        row("a", "2026-03-02", "08:00", "10:00", "", "expense report"),
        row("a", "2026-03-02", "10:00", "13:00", "", "customer meeting"),
        row("a", "2026-03-02", "13:00", "14:00", "", "custmer meeting"),
        row("a", "2026-03-02", "14:00", "16:00", "", "misc"),
        row("a", "2026-03-02", "16:00", "17:00", "", "lunch"),
    ]
    opened = quality(log(rows))
    vague, slip, base = (detector(opened, number) for number in (15, 16, 22))
    assert (vague["affected_rows"], vague["seconds"]) == (1, 2 * HOUR)
    assert vague["effect_points"] == pytest.approx(100 * (4 / 8 - 4 / 6))
    assert (slip["affected_rows"], slip["seconds"]) == (1, HOUR)
    assert slip["effect_points"] == pytest.approx(100 * (4 / 8 - 3 / 8))
    assert (base["affected_rows"], base["seconds"]) == (1, HOUR)
    assert base["effect_points"] == pytest.approx(100 * (4 / 8 - 4 / 9))


def test_who_is_not_in_the_roster_is_told_apart(quality):
    logs = log([workday("a", "2026-03-02", "SSAA"), workday("x", "2026-03-02", "AAAA")])
    found = detector(quality(logs, files={"reps.csv": ROSTER + "a,,T,r,,,1,,\n"}), 18)
    assert (found["affected_rows"], found["reps"], found["seconds"]) == (4, 1, 8 * HOUR)
    assert found["effect_points"] == pytest.approx(100 * (4 / 16 - 4 / 8))
    assert detector(quality(logs), 18)["reason"] == "there is no roster (reps.csv)"


def test_days_of_more_than_24_and_16_hours(quality):
    rows = ["a,2026-03-02,,,20h,A31,mail,\n", "a,2026-03-02,,,6h,S22,call,\n", "b,2026-03-02,,,17h,A31,mail,\n"]
    rows.append("c,2026-03-02,,,8h,S22,call,\n")
    found = detector(quality(log(rows)), 6)
    assert (found["days"], found["reps"]) == (2, 2)
    # 26 hours set aside would be added, 17 flagged left out
    assert found["selling_share"] == pytest.approx(8 / 25)
    assert found["other_selling_share"] == pytest.approx((8 + 6) / (25 + 26 - 17))


def test_weeks_far_below_the_reps_own_mean(quality):
    mondays = [
        f"2026-{month:02}-{day:02}" for month, day in ((3, 2), (3, 9), (3, 16), (3, 23), (3, 30), (4, 6), (4, 13))
    ]
    rows = []
    for at, monday in enumerate(mondays):
        for day in days(monday, 5):
            rows.append(workday("b", day))
            rows.append(workday("c", day))
            rows.append(workday("d", day))
            if at != 3 or day == monday:
                rows.append(workday("a", day, "SSSA" if at == 3 else "SSAA"))
    opened = quality(log(rows))
    found = detector(opened, 20)
    assert (found["reps"], found["days"], found["seconds"]) == (1, 1, 8 * HOUR)
    assert found["found"] == "days in weeks far below the rep's own: 1"


def test_a_week_in_which_all_log_less_is_a_holiday_week(quality):
    rows = [
        workday(rep, day)
        for at, monday in enumerate(("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"))
        for day in days(monday, 5)
        for rep in "ab"
        if at != 2 or day == monday
    ]
    found = detector(quality(log(rows)), 20)
    assert found["found"] == "days in weeks far below all others: 2"
    assert found["days"] == 2


def test_weights_make_up_for_who_did_not_log(quality):
    roster = ROSTER + "a,,T,field,N,,1,,\nb,,T,field,N,,1,,\nc,,T,inside,S,,1,,\nd,,T,inside,S,,1,,\ne,,T,kam,S,,1,,\n"
    logs = log(
        [workday("a", "2026-03-02", "SSSS"), workday("b", "2026-03-02", "SSAA"), workday("c", "2026-03-02", "AAAA")]
    )
    opened = quality(logs, files={"reps.csv": roster})
    cells = {line["stratum"]: line for line in opened.frame("response_strata").filter(dimension="role").to_dicts()}
    assert cells["field"]["weight"] == pytest.approx((2 / 5) / (2 / 3))
    assert cells["inside"]["weight"] == pytest.approx((2 / 5) / (1 / 3))
    assert cells["kam"]["weight"] is None
    found = detector(opened, 21)
    assert found["reps"] == 2
    # 12 of 16 hours of the field at weight 0.6, none of 8 of the inside at 1.2
    assert found["other_selling_share"] == pytest.approx(12 * 0.6 / (16 * 0.6 + 8 * 1.2))
    assert found["effect_points"] == pytest.approx(100 * (12 / 24 - 0.375))
    assert "nobody speaks for kam" in found["found"]


def test_the_heaping_index_is_1_on_a_grid_and_0_by_chance(quality):
    grid = [workday("a", day) for day in days("2026-03-02", 10)]
    opened = quality(log(grid))
    assert opened.frame("source_grades")["heaping_index"].to_list() == pytest.approx([1, 1])
    assert "100" in str(detector(opened, 3)["found"])
    assert "a grid of 60 min" in str(detector(opened, 3)["found"])
    free = [
        row("a", day, f"{hour:02}:00", f"{hour:02}:{7 + (hour * 11 + at * 7) % 50:02}")
        for at, day in enumerate(days("2026-03-02", 10))
        for hour in range(8, 18)
    ]
    assert 0 <= quality(log(free)).frame("source_grades")["heaping_index"].max() < 0.1


def test_what_cannot_be_measured_is_null_and_says_why(quality):
    opened = quality(log([workday("a", "2026-03-02")]))
    quality = opened.frame("log_quality")
    assert quality["detector"].to_list() == list(range(1, 23))
    for number in (3, 4, 8, 9, 10, 14, 18, 19, 20, 21):
        line = detector(opened, number)
        assert line["effect_points"] is None, number
        assert line["reason"], number
        assert line["seconds"] is None, number
    for number in (2, 5, 6, 7, 11, 12, 13, 15, 16, 17, 22):
        line = detector(opened, number)
        assert (line["effect_points"], line["affected_rows"], line["reason"]) == (0, 0, None), number
    assert quality.filter(pl.col("effect_points").is_null() & pl.col("reason").is_null()).is_empty()


def test_rows_without_any_length_are_counted_and_not_measured(quality):
    rows = [workday("a", "2026-03-02"), row("a", "2026-03-02", "18:00", "17:00"), "a,2026-03-02,19:00,,,S22,call,\n"]
    opened = quality(log(rows))
    backwards, pointless = detector(opened, 7), detector(opened, 12)
    for line in (backwards, pointless):
        assert (line["affected_rows"], line["seconds"], line["effect_points"]) == (1, None, None)
        assert "no length" in str(line["reason"])
    assert opened.frame("reps_to_ask").filter(kind="refused")["question"].item().count("log.csv line") == 2


def test_lengths_that_the_config_gives_are_left_out_on_the_other_side(quality):
    logs = (
        "rep,date,start,end,code,activity,channel\n"
        "a,2026-03-02,08:00,12:00,A31,mail,\na,2026-03-02,13:00,,S22,call,phone\na,2026-03-02,14:00,,S22,call,\n"
    )
    found = detector(quality(logs, "[study]\npoint_minutes = { phone = 60 }\n"), 12)
    assert found["found"] == "rows whose length the config gives: 1; rows without a length: 1"
    assert (found["affected_rows"], found["seconds"]) == (2, HOUR)
    assert found["effect_points"] == pytest.approx(100 * (1 / 5 - 0))


# ------------------------------------------------------------- both sides


def test_both_sides_add_up_and_doubtful_entries_go_once(quality):
    day, other = "2026-03-02", "2026-03-03"
    rows = [
        row("a", day, "08:00", "10:00", SELL, logged="2026-03-09 10:05"),  # late
        row("a", day, "10:00", "16:00", ADMIN, logged="2026-03-02 16:05"),
        row("a", other, "08:00", "10:00", SELL, logged="2026-03-09 10:05"),  # late, on a day that is doubtful itself
        row("a", other, "10:00", "11:00", BREAK, logged="2026-03-03 16:05"),
    ]
    sides = {line["category"]: line for line in quality(log(rows)).frame("rpt_quality_sides").to_dicts()}
    assert (sides["selling"]["hours"], sides["selling"]["sound_hours"]) == (4, 0)
    assert (sides["administrative"]["hours"], sides["administrative"]["sound_hours"]) == (6, 6)
    assert (sides["non_work"]["hours"], sides["non_work"]["sound_hours"], sides["non_work"]["share"]) == (1, 0, None)
    assert (sides["selling"]["share"], sides["administrative"]["sound_share"]) == pytest.approx((0.4, 1))


def test_figures_of_the_sample_hold_together(sample):
    sides = sample.frame("rpt_quality_sides")
    counted = float(sample.sql("select sum(counted_seconds) from day_accounts").item()) / HOUR
    assert sides["hours"].sum() == pytest.approx(counted)
    assert sides["share"].sum() == pytest.approx(1)
    assert sides["sound_share"].sum() == pytest.approx(1)
    shown = sample.sql("select selling_share from rpt_facts").item()
    quality = sample.frame("log_quality")
    assert quality["selling_share"].drop_nulls().to_list() == pytest.approx(
        [shown] * quality["selling_share"].count()
    )  # the figure of the report is what each effect is measured on
    assert sides.filter(category="selling")["share"].item() == pytest.approx(shown)
    planted = sample.sql("select count(*) from coverage_days where status = 'missing'").item()
    assert planted == 31  # the days that the simulation left out


def test_a_grade_is_that_of_the_worst_criterion(quality):
    vague = [row("a", day, f"{h:02}:00", f"{h:02}:50", "", "misc" if h == 8 else "customer meeting")
             for day in days("2026-03-02", 5) for h in range(8, 17)]  # fmt: skip
    grades = quality(log(vague)).frame("source_grades")
    assert grades["grade"].to_list() == ["C", "C"]  # one hour in nine is vague
    assert grades["limited_by"].to_list() == ["Vague labels"] * 2
    assert grades["vague_share"].to_list() == pytest.approx([1 / 9] * 2)
    assert grades["backfill_share"].to_list() == [None, None]
    assert grades["source_id"].null_count() == 1


def test_a_file_that_comes_later_gives_the_tables_of_a_study_made_from_nothing(tmp_path):
    three = days("2026-03-02", 3)
    first = log([row("a", day, "09:00", "10:00", SELL, "call", "2026-03-09 10:00") for day in three[:2]])
    second = log([row("a", three[2], "09:00", "10:00", SELL, "Call", "2026-03-09 10:00"), workday("b", three[0])])
    grown = write_study(tmp_path / "grown", {"one.csv": first})
    open_study(grown)
    (grown / "logs" / "two.csv").write_text(second, encoding="utf-8")
    refreshed = Study(grown)
    assert "int_quality_days" in refreshed.refresh().mended
    fresh = open_study(write_study(tmp_path / "fresh", {"one.csv": first, "two.csv": second}))
    for name in ("quality_flags", "log_quality", "coverage_days", "source_grades", "reps_to_ask", "rpt_quality_sides"):
        assert_frame_equal(refreshed.frame(name), fresh.frame(name), check_row_order=False, check_exact=True)
    assert detector(fresh, 13)["affected_rows"] == 3


def test_whose_rows_were_all_set_aside_is_not_told_that_nothing_came(tmp_path):
    log = "rep,date,start,end,activity\n" + "".join(
        f"{rep},2026-03-0{day},{start},17:30,quote\n"
        for rep, start in (("anna", "09:00"), ("ben", "17:30"))
        for day in (2, 3)
    )
    folder = write_study(tmp_path, log, files={"reps.csv": "rep_id,team\nanna,T\nben,T\ncleo,T\n"})
    kinds = open_study(folder).sql("select rep_id, kind from reps_to_ask where rep_id <> 'anna'").rows()
    assert ("cleo", "silent") in kinds
    assert {kind for rep_id, kind in kinds if rep_id == "ben"} == {"missing"}


# ------------------------------------------------------------------------ leave

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar//EN\r\nX-WR-CALNAME:dora@x.example\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T090000Z\r\nDTEND:20260302T170000Z\r\nSUMMARY:Demo\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20260303\r\nDTEND;VALUE=DATE:20260305\r\nSUMMARY:Out of office\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:3\r\nDTSTART;VALUE=DATE:20260305\r\nDTEND;VALUE=DATE:20260306\r\n"
    "SUMMARY:Trade fair\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:4\r\nDTSTART:20260306T090000Z\r\n"
    "DTEND:20260306T170000Z\r\nSUMMARY:Demo\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
OUTLOOK = (
    "Betreff,Beginnt am,Beginnt um,Endet am,Endet um,Ganztägiges Ereignis,Zeitspanne zeigen als\n"
    "Termin,2026-03-02,09:00,2026-03-02,17:00,Aus,2\nUrlaub,2026-03-03,00:00:00,2026-03-05,00:00:00,Ein,3\n"
    "Messe,2026-03-06,00:00:00,2026-03-07,00:00:00,Ein,4\n"
)


def test_leave_in_calendars_is_proposed_and_not_asked_about(tmp_path: Path, tw: Callable[..., Done]) -> None:
    lists = "rep,date,hours,activity\nvera,2026-03-02,8,demo\nvera,2026-03-04,,Urlaub\n"
    logs: dict[str, str | bytes] = {"dora.ics": CALENDAR, "Jörg Weiß.csv": OUTLOOK, "list.csv": lists}
    folder = write_study(tmp_path / "s", logs, '[[source]]\nmatch = "J*"\nrep = "file"\n')
    said = tw("check", folder).out.decode()
    block = said[said.index("rep_id,first_date") :].split("\n\n")[0]
    assert block.splitlines() == [
        "rep_id,first_date,last_date,kind", "Jörg Weiß,2026-03-03,2026-03-04,leave",
        "Jörg Weiß,2026-03-06,2026-03-06,leave", "dora@x.example,2026-03-03,2026-03-04,leave",
        "vera,2026-03-04,2026-03-04,leave",
    ]  # fmt: skip
    asked = {
        (row["rep_id"], row["kind"]): row["question"] for row in open_study(folder).frame("reps_to_ask").to_dicts()
    }
    assert asked["dora@x.example", "missing"].startswith("Nothing is logged for Thu 2026-03-05.")
    assert asked["dora@x.example", "leave"].startswith("Tue 2026-03-03 and Wed 2026-03-04 look like leave")
    assert ("vera", "refused") not in asked
    (folder / "leave.csv").write_text(block + "\n", encoding="utf-8")
    assert "Looks like leave" not in tw("check", folder).out.decode()
    assert "leave" not in open_study(folder).frame("reps_to_ask")["kind"].to_list()
    covered = open_study(folder).frame("coverage_days")
    assert covered.filter(rep_id="vera", status="leave").height == 1
