"""Rules of recurrence: the same times as another expander gives, and no rule that runs for ever."""

# ruff: noqa: DTZ001 - clocks on the wall have no zone

from __future__ import annotations

import datetime as dt
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from timewaste.readers.ics_rules import STEPS_PER_RULE, Work, parse_rule, rule_times
from timewaste.readers.ics_values import Line, Spoiled

START = dt.datetime(2024, 1, 31, 9, 30)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def times(text, start=START, last=None, most=400):
    return list(islice(rule_times(parse_rule(Line("RRULE", {}, text)), start, last, Work()), most))


def some(values, most=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


@st.composite
def rules(draw):  # noqa: C901 - a part at a time
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = {"FREQ": frequency, "INTERVAL": draw(st.integers(1, 4))}
    if draw(st.booleans()):
        parts["BYMONTH"] = draw(some(range(1, 13)))
    day_parts = ["BYDAY", "BYMONTHDAY", "none"] if frequency != "WEEKLY" else ["BYDAY", "none"]
    if frequency == "YEARLY":
        day_parts += ["BYYEARDAY", "BYWEEKNO"]
    chosen = draw(st.sampled_from(day_parts))
    if chosen == "BYMONTHDAY":
        parts[chosen] = draw(some([1, 15, 28, 29, 30, 31, -1, -2, -31]))
    elif chosen == "BYYEARDAY":
        parts[chosen] = draw(some([1, 59, 60, 100, 366, -1, -366, -306]))
    elif chosen == "BYWEEKNO":
        parts[chosen] = draw(some([1, 2, 20, 51]))  # of the last weeks of some years it miscounts
        parts["BYDAY"] = draw(some(DAYS))
    elif chosen == "BYDAY":
        placed = frequency in {"YEARLY", "MONTHLY"} and draw(st.booleans())
        places = ["1", "2", "-1", "5", "-5"] if placed else [""]
        parts["BYDAY"] = [place + day for place in draw(some(places, 2)) for day in draw(some(DAYS))]
    if draw(st.booleans()):
        parts["BYHOUR"] = draw(some([0, 9, 14, 23]))
    if draw(st.booleans()):
        parts["BYMINUTE"] = draw(some([0, 15, 59]))
    # The other expander cuts the first week at the start before it counts places in it.
    if chosen != "none" and frequency in {"YEARLY", "MONTHLY"} and draw(st.booleans()):
        parts["BYSETPOS"] = draw(some([1, 2, -1, -2]))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(["MO", "SU", "WE"]))
    text = ";".join(
        f"{key}={','.join(map(str, value)) if isinstance(value, list) else value}" for key, value in parts.items()
    )
    start = draw(st.datetimes(dt.datetime(2019, 1, 1), dt.datetime(2025, 12, 31)))
    return text, start.replace(microsecond=0, second=0)


@settings(max_examples=250, deadline=None)
@given(rules())
def test_a_rule_gives_what_another_expander_gives(given_rule):
    text, start = given_rule
    last = start + dt.timedelta(days=25 if "HOURLY" in text else 2300)
    try:
        expected = list(islice(rrulestr(text, dtstart=start).between(start, last, inc=True), 300))
    except ValueError as error:
        if "empty set" not in str(error):  # it refuses a rule that never fits
            raise
        expected = []
    assert times(text, start, last, most=300)[: len(expected)] == expected
    if len(expected) < 300:
        assert len(times(text, start, last, most=300)) == len(expected)


def test_a_rule_may_fall_out_of_the_short_months():
    assert [time.strftime("%m-%d") for time in times("FREQ=MONTHLY", most=4)] == ["01-31", "03-31", "05-31", "07-31"]
    assert [time.year for time in times("FREQ=YEARLY", dt.datetime(2024, 2, 29), most=3)] == [2024, 2028, 2032]


@settings(max_examples=60, deadline=None)
@given(some([1, 2, 52, 53, -1, -2, -52, -53]), st.integers(2000, 2040))
def test_weeks_are_those_of_iso_8601(weeks, year):
    def fits(day):
        number, size = day.isocalendar().week, dt.date(day.isocalendar().year, 12, 28).isocalendar().week
        return number in weeks or number - size - 1 in weeks

    text = f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, weeks))};BYDAY={','.join(DAYS)}"
    start, last = dt.datetime(year, 1, 1, 9), dt.datetime(year + 2, 12, 31, 23)
    every = (start + dt.timedelta(days=number) for number in range((last - start).days + 1))
    assert times(text, start, last) == [day for day in every if fits(day)]


def test_places_in_a_week_are_counted_in_the_whole_week():
    start = dt.datetime(2019, 1, 1, 9)  # a Tuesday
    found = times("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", start, most=2)
    assert found == [dt.datetime(2019, 1, 7, 9), dt.datetime(2019, 1, 14, 9)]


def test_a_day_that_never_comes_ends():
    start = dt.datetime(2026, 2, 1, 9)
    assert times("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", start, dt.datetime(2100, 1, 1)) == []
    assert times("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", start, dt.datetime(2200, 1, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=DAILY;INTERVAL=0", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1;BYHOUR=" + ",".join(map(str, range(24)))
        + ";BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSECOND=" + ",".join(map(str, range(60))),
    ],
)  # fmt: skip
def test_a_rule_without_sense_is_refused_by_counting_work(text):
    with pytest.raises(Spoiled) as caught:
        times(text, dt.datetime(1970, 1, 1), None, most=10**9)
    assert caught.value.rule == "ics/recurrence-bomb"


def test_all_rules_of_a_file_share_their_work():
    work = Work(of_file=STEPS_PER_RULE // 20)
    rule = parse_rule(Line("RRULE", {}, "FREQ=DAILY"))
    assert len(list(islice(rule_times(rule, START, None, work), 1000))) == 1000
    with pytest.raises(Spoiled, match="ics/recurrence-bomb"):
        list(islice(rule_times(rule, START, None, work), 10_000))


@pytest.mark.parametrize(
    "text",
    [
        "", "FREQ=FORTNIGHTLY", "COUNT=3", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=1,2",
        "FREQ=DAILY;INTERVAL=", "FREQ=WEEKLY;BYDAY=MI", "FREQ=WEEKLY;BYDAY=0MO", "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;UNTIL=morgen", "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;BYEASTER=1", "FREQ=DAILY;UNTIL=20260230T000000Z",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_told(text):
    with pytest.raises(Spoiled) as caught:
        parse_rule(Line("RRULE", {}, text))
    assert caught.value.rule == "ics/bad-event"
