"""The simulator: same bytes, a true answer that a recount of its files confirms, dirt where it says."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from timewaste.config import load_config
from timewaste.errors import StudyError
from timewaste.simulate import simulate, study
from timewaste.simulate.draw import uniforms
from timewaste.simulate.people import person_name, slug
from timewaste.simulate.settings import (
    COULD_DO,
    TEAMS,
    TOP_ACTIVITY_SHIFT,
    WORK_CATEGORIES,
    team_sizes,
    tier_shares,
    top_count,
    top_factors,
)
from timewaste.simulate.vocabulary import leaf_starts, load_vocabulary
from timewaste.simulate.writing import HEADERS, SHEET_HEADERS

ROOT = Path(__file__).parents[1] / "timewaste"
MINUTE = 60


class Row(NamedTuple):
    file: str
    line: int
    rep: str
    day: dt.date
    start: int
    end: int
    label: str
    opportunity: str
    redo: str
    could_do: str


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")[:2]
    return int(hours) * 60 + int(rest)


def read_csv(path: Path, name: str) -> list[Row]:
    is_inside = "inside" in name
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = list(csv.reader(file, delimiter="," if is_inside else ";"))[1:]
    rows = []
    for line, (rep, day, start, end, label, _, opportunity, _, redo, could_do, _) in enumerate(records, start=2):
        date = dt.date.fromisoformat(day) if is_inside else dt.datetime.strptime(day, "%d.%m.%Y").date()  # noqa: DTZ007
        first = minutes(start)
        last = first + minutes(end) if is_inside else minutes(end)
        rows.append(Row(name, line, rep, date, first, last, label, opportunity, redo, could_do))
    return rows


def read_workbook(path: Path, name: str) -> list[Row]:
    import openpyxl

    cells = list(openpyxl.load_workbook(path)["Log"].iter_rows(values_only=True))
    assert [cell for cell in cells[3] if cell] == [
        "Date", "From", "To", "What I did", "Customer", "Opportunity", "Channel", "Redo", "Who could do this",
        "Logged at",
    ]  # fmt: skip
    return [
        Row(
            name, line, path.stem, day.date(), start.hour * 60 + start.minute, end.hour * 60 + end.minute,
            label, opportunity or "", redo or "", could_do or "",
        )
        for line, (day, start, end, label, _, opportunity, _, redo, could_do, _) in enumerate(cells[4:], start=5)
    ]  # fmt: skip


def read_study(folder: Path) -> tuple[dict[str, Any], list[Row]]:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    rows: list[Row] = []
    for name in truth["files"]:
        rows += (read_workbook if name.endswith(".xlsx") else read_csv)(folder / name, name)
    return truth, rows


def roster(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "reps.csv").open(encoding="utf-8", newline="") as file:
        return {record["rep_id"]: record for record in csv.DictReader(file)}


def rep_ids(folder: Path) -> dict[str, str]:
    return {record[key]: rep for rep, record in roster(folder).items() for key in ("rep_id", "name", "email")}


def counted(rows: list[Row], ids: dict[str, str]) -> Counter[str]:
    """Seconds by label, minute by minute: an inner entry interrupts, an overlap is shared, a copy is none."""
    spans: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    for row in rows:
        end = row.end + (1440 if row.end < row.start else 0)
        if end - row.start > 14 * 60:
            continue
        midnight = row.day.toordinal() * 1440
        spans[ids[row.rep]].add((midnight + row.start, midnight + end, row.label))
    seconds: Counter[str] = Counter()
    for of_rep in spans.values():
        at: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for span in of_rep:
            for minute in range(span[0], span[1]):
                at[minute].append(span)
        for together in at.values():
            inner = [s for s in together if not any(o != s and s[0] <= o[0] and o[1] <= s[1] for o in together)]
            for span in inner:
                seconds[span[2]] += MINUTE * 60 // len(inner)  # sixtieths of a second: thirds stay whole
    return Counter({label: amount // 60 for label, amount in seconds.items()})


def code_of_label() -> dict[str, str]:
    """What a clean label means, from the vocabulary file itself."""
    data = tomllib.loads((ROOT / "simulate" / "vocabulary.toml").read_text(encoding="utf-8"))
    meaning: dict[str, str] = {}
    for activity in data["activity"]:
        for label in activity["labels"]:
            named = [label.replace("{a}", company) for company in data["names"]["companies"]]
            for text in named if "{a}" in label else [label]:
                assert meaning.setdefault(text.casefold(), activity["code"]) == activity["code"]
    return meaning


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def dirty(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dirty") / "study"
    simulate(folder)
    return folder


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "study"
    simulate(folder, reps=24, weeks=2, dirt=False)
    return folder


def test_same_arguments_give_the_same_bytes(dirty, tmp_path):
    simulate(tmp_path / "again")
    assert digests(tmp_path / "again") == digests(dirty)


def test_another_seed_gives_another_study(tmp_path):
    simulate(tmp_path / "a", reps=3, weeks=1, seed=1)
    simulate(tmp_path / "b", reps=3, weeks=1, seed=2)
    assert digests(tmp_path / "a")["stage_history.csv"] != digests(tmp_path / "b")["stage_history.csv"]


def test_the_size_of_a_chunk_does_not_matter(tmp_path, monkeypatch):
    said: list[tuple[int, int]] = []
    simulate(tmp_path / "one", reps=30, weeks=2)
    monkeypatch.setattr(study, "CELLS", 3 * 10 * 24)
    simulate(tmp_path / "many", reps=30, weeks=2, progress=lambda done, total: said.append((done, total)))
    assert digests(tmp_path / "one") == digests(tmp_path / "many")
    assert len(said) >= 10
    assert said[-1] == (30, 30)
    assert [done for done, _ in said] == sorted({done for done, _ in said})


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="not empty"):
        simulate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(StudyError, match="not empty"):
        simulate(tmp_path / "notes.txt")


@pytest.mark.parametrize("wrong", [{"reps": 2}, {"weeks": 0}, {"seed": -1}])
def test_impossible_sizes_are_refused(tmp_path, wrong):
    with pytest.raises(StudyError, match="cannot simulate"):
        simulate(tmp_path / "study", **wrong)
    assert not (tmp_path / "study").exists()


def test_files_have_the_rows_the_truth_says(dirty):
    truth, rows = read_study(dirty)
    assert Counter(row.file for row in rows) == truth["files"]
    assert len(rows) == truth["rows"]
    on_disk = {path.relative_to(dirty).as_posix() for path in (dirty / "logs").rglob("*") if path.is_file()}
    assert on_disk == set(truth["files"])
    assert len([name for name in on_disk if name.endswith(".xlsx")]) == 8


def test_clean_totals_equal_a_recount(clean):
    truth, rows = read_study(clean)
    meaning = code_of_label()
    by_label: Counter[str] = Counter()
    by_code: Counter[str] = Counter()
    by_team: dict[str, Counter[str]] = defaultdict(Counter)
    ids, reps = rep_ids(clean), roster(clean)
    for row in rows:
        seconds = (row.end - row.start) * MINUTE
        assert seconds > 0
        code = meaning[row.label.casefold()]
        by_label[row.label] += seconds
        by_code[code] += seconds
        by_team[reps[ids[row.rep]]["team"]][code] += seconds
    assert by_label == {label: sum(codes.values()) for label, codes in truth["labels"].items()}
    assert by_code == Counter(truth["realised"]["all"]["activity_seconds"])
    for team, totals in by_team.items():
        assert totals == Counter(truth["realised"][team]["activity_seconds"])
    assert truth["realised"]["all"]["entries"] == len(rows) == truth["rows"]
    assert truth["realised"]["all"]["vague_seconds"] == 0
    assert all(kind["count"] == 0 for kind in truth["planted"].values())


def test_every_worked_entry_answers_both_questions(dirty):
    truth, rows = read_study(dirty)
    meaning, work = code_of_label(), set(truth["expected"]["activities"])
    said: Counter[str] = Counter()
    for row in rows:
        if meaning.get(row.label.casefold(), "") not in {"N1", "N2", "N3"}:
            assert row.redo in {"yes", "no"}, row
            assert row.could_do in COULD_DO, row
            assert not ("inside" in row.file and row.could_do == "inside sales")
            said[row.could_do] += 1
        else:
            assert (row.redo, row.could_do) == ("", ""), row
    assert set(said) == set(COULD_DO)
    assert set(meaning.values()) - work == {"N1", "N2", "N3"}


def test_answers_equal_a_recount(clean):
    truth, rows = read_study(clean)
    meaning = code_of_label()
    reworked: Counter[str] = Counter()
    offloadable: Counter[str] = Counter()
    for row in rows:
        seconds, code = (row.end - row.start) * MINUTE, meaning[row.label.casefold()]
        reworked[code] += seconds * (row.redo == "yes")
        offloadable[code] += seconds * (row.could_do not in {"", "me", "nobody"})
    assert reworked == Counter(truth["realised"]["all"]["rework_seconds"])
    assert offloadable == Counter(truth["realised"]["all"]["offloadable_seconds"])


def test_the_columns_are_recognised():
    fields = tomllib.loads((ROOT / "defaults" / "columns.toml").read_text(encoding="utf-8"))["field"]
    field_of = {header: field["name"] for field in fields for header in field["headers"]}
    for line in (*HEADERS.values(), ",".join(SHEET_HEADERS)):
        found = [field_of[header.casefold()] for header in re.split("[;,]", line)]
        assert len(set(found)) == len(found)
        assert {"rework", "could_do", "label", "channel", "logged_text"} <= set(found)


def test_answers_come_near_their_expected_shares(tmp_path):
    simulate(tmp_path / "study", reps=300, weeks=4, seed=3, dirt=False, workbooks=False)
    truth = json.loads((tmp_path / "study" / "truth.json").read_text(encoding="utf-8"))
    realised = truth["realised"]["all"]
    for code, expected in truth["expected"]["activities"].items():
        seconds = realised["activity_seconds"][code]
        entries = seconds / (1.5 * 45 * MINUTE)  # of an entry's average length; lengths differ, so fewer count
        for key, measured in (("rework_share", "rework_seconds"), ("offloadable_share", "offloadable_seconds")):
            share = expected[key]
            error = 4.5 * (share * (1 - share) / entries) ** 0.5
            assert realised[measured][code] / seconds == pytest.approx(share, abs=error), (code, key)


def test_the_answers_have_the_likelihoods_they_should():
    words = load_vocabulary()
    rework, offloadable = (dict(zip(words.codes, of, strict=True)) for of in (words.rework, words.offloadable))
    often = {"F11", "F12", "F14", "A21", "A31"}
    assert all(0.15 <= rework[code] <= 0.35 for code in often)
    work = {code for code in words.codes if code[0] != "N"}
    assert all(rework[code] == pytest.approx(0.03) for code in work - often)
    for code in ("A21", "F32", "A34", "F12", "A31", "F34", "A33", "S14"):
        assert 0.4 <= offloadable[code] <= 0.7
    for code in ("S21", "S23", "D2"):
        assert 0.02 <= offloadable[code] <= 0.1
    assert all(0 < offloadable[code] < 1 for code in work)
    assert words.could_do_count.min() >= 1


def test_another_stream_of_chance_is_another_chance():
    numbers = np.array([0, 5])
    first, second = (uniforms(7, numbers, 1000, stream=stream) for stream in (0, 1))
    assert (uniforms(7, numbers, 1000) == first).all()
    assert not (first == second).any()
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.1


def test_a_clean_study_logs_every_day_without_overlap(clean):
    _, rows = read_study(clean)
    days: dict[tuple[str, dt.date], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        days[row.rep, row.day].append((row.start, row.end))
    assert len(days) == 24 * 10
    for spans in days.values():
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_dirty_totals_equal_a_recount_after_the_overlap_rules(dirty):
    truth, rows = read_study(dirty)
    recount = counted(rows, rep_ids(dirty))
    stated = Counter({label: sum(codes.values()) for label, codes in truth["labels"].items()})
    assert {label: amount for label, amount in stated.items() if amount} == recount
    codes: Counter[str] = Counter()
    for parts in truth["labels"].values():
        codes.update(parts)
    assert codes == Counter(truth["realised"]["all"]["activity_seconds"])


def test_planted_things_stand_where_the_truth_says(dirty):
    truth, rows = read_study(dirty)
    at = {(row.file, row.line): row for row in rows}
    ids = rep_ids(dirty)
    planted = truth["planted"]
    for kind, said in planted.items():
        assert said["count"] > 0, kind
        for item in said.get("items", []):
            if kind == "missing_day":
                continue
            row = at[item["file"], item["line"]]
            assert (ids[row.rep], row.day.isoformat(), row.label) == (
                item["rep_id"],
                item["date"],
                item["label"],
            )

    def found(kind: str) -> list[Row]:
        return [at[item["file"], item["line"]] for item in planted[kind]["items"]]

    for row in found("duplicate"):
        assert row[2:] == at[row.file, row.line - 1][2:]
    for row in found("overlap"):
        after = at[row.file, row.line + 1]
        assert row.start < after.start < row.end < after.end
    for row in found("nested"):
        outer = at[row.file, row.line - 1]
        assert outer.start < row.start < row.end < outer.end
        assert row.end - row.start == 5
    assert all(row.end < row.start < row.end + 10 * 60 for row in found("end_before_start"))
    for row in found("across_midnight"):
        assert (row.end - row.start) % 1440 <= 14 * 60
    assert all(row.label.count(" + ") in {1, 2} for row in found("several_activities"))
    for item in planted["missing_day"]["items"]:
        assert not any(ids[row.rep] == item["rep_id"] and row.day.isoformat() == item["date"] for row in rows)
    assert len(set(rows)) == len(rows)


def test_a_backfilled_week_was_typed_on_friday_afternoon(dirty):
    truth = json.loads((dirty / "truth.json").read_text(encoding="utf-8"))
    items = [item for item in truth["planted"]["backfilled"]["items"] if item["file"].endswith(".csv")]
    assert len(items) > 20
    for item in items:
        line = (dirty / item["file"]).read_text(encoding="utf-8-sig").split("\n")[item["line"] - 1]
        logged = re.split("[;,]", line)[-1]
        assert logged[11:15] == "16:5"
        assert dt.date.fromisoformat(logged[:10]).weekday() == 4


def test_shares_come_near_the_truth_in_a_large_study(tmp_path):
    simulate(tmp_path / "study", reps=450, weeks=2, seed=11, dirt=False, workbooks=False)
    truth = json.loads((tmp_path / "study" / "truth.json").read_text(encoding="utf-8"))
    for team in TEAMS:
        expected, realised = (truth[key][team.name]["shares"] for key in ("expected", "realised"))
        assert sum(expected.values()) == pytest.approx(1)
        for category in WORK_CATEGORIES:
            error = 4 * 0.11 / team_sizes(450)[team.number] ** 0.5  # four standard errors
            assert realised[category] == pytest.approx(expected[category], abs=error)
    weights = [truth["expected"][team.name]["hours_weight"] for team in TEAMS]
    mixed = sum(weight * team.shares[0] for weight, team in zip(weights, TEAMS, strict=True))
    assert truth["expected"]["all"]["shares"]["selling"] == pytest.approx(mixed, abs=1e-5)
    assert all(truth["realised"]["all"]["activity_seconds"].values())


def test_top_reps_differ_and_the_team_mean_stays():
    for team in TEAMS:
        for size in (1, 2, 3, 8, 17):
            top = top_count(size)
            high, low = tier_shares(team, size, is_top=True), tier_shares(team, size, is_top=False)
            mean = [(top * a + (size - top) * b) / size for a, b in zip(high, low, strict=True)]
            assert mean == pytest.approx(team.shares)
            assert high[3] - low[3] == pytest.approx(-0.04)


def test_top_reps_report_and_search_less_and_their_categories_stay():
    words = load_vocabulary()
    for team in TEAMS:
        plain = np.diff(leaf_starts(words, team.number, {}), prepend=0.0)
        for size in (3, 8, 40):
            changed = np.diff(leaf_starts(words, team.number, top_factors(team, size)), prepend=0.0)
            high, low = tier_shares(team, size, is_top=True)[3], tier_shares(team, size, is_top=False)[3]
            for leaf, code in enumerate(words.codes):
                of_time = changed[leaf] * high / (plain[leaf] * low)
                if code in TOP_ACTIVITY_SHIFT:
                    assert of_time == pytest.approx(0.6), code
                elif code[0] == "A":
                    assert changed[leaf] > plain[leaf], code
                else:
                    assert changed[leaf] == plain[leaf], code
            assert changed.sum() == pytest.approx(plain.sum())


def test_the_logs_of_top_reps_show_it(tmp_path):
    simulate(tmp_path / "study", reps=150, weeks=4, seed=5, dirt=False, workbooks=False)
    truth, rows = read_study(tmp_path / "study")
    ids, reps, meaning = rep_ids(tmp_path / "study"), roster(tmp_path / "study"), code_of_label()
    seconds: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row in rows:
        code = meaning[row.label.casefold()]
        is_top = reps[ids[row.rep]]["tier"] == "top"
        seconds[is_top][code] += (row.end - row.start) * (code[0] != "N")
    assert truth["parameters"]["top_tier_activity_shift"] == {"A13": -0.4, "A44": -0.4}
    # Of administrative time, whose share differs from rep to rep far more than what it is made of. Top reps have
    # less of it in all (about 0.225 against 0.265 of their time), so that 40 % less of all is 30 % less of it.
    top, others = (
        (of["A13"] + of["A44"]) / sum(amount for code, amount in of.items() if code[0] == "A")
        for of in (seconds[True], seconds[False])
    )
    assert top / others == pytest.approx(0.6 * 0.265 / 0.225, abs=0.2)


def test_proportions_of_dirt(tmp_path):
    simulate(tmp_path / "study", reps=200, weeks=4, workbooks=False)
    truth = json.loads((tmp_path / "study" / "truth.json").read_text(encoding="utf-8"))
    entries = truth["realised"]["all"]["entries"]
    share = {kind: said["count"] / entries for kind, said in truth["planted"].items()}
    assert 10 < entries / (200 * 20 * 0.92) < 14
    assert share["vague"] == pytest.approx(0.065, abs=0.01)
    assert share["several_activities"] == pytest.approx(0.009, abs=0.003)
    assert share["misspelt"] == pytest.approx(0.014, abs=0.003)
    for kind in ("overlap", "nested", "duplicate"):
        assert share[kind] == pytest.approx(0.003, abs=0.001), kind
    assert 0 < share["end_before_start"] < 0.0012
    assert truth["planted"]["missing_day"]["count"] / (200 * 20) == pytest.approx(0.08, abs=0.015)
    assert "items" not in truth["planted"]["vague"]
    logged = truth["expected"]["all"]["logged_shares"]
    assert sum(logged.values()) == pytest.approx(1, abs=1e-5)
    assert logged["unclassified"] == pytest.approx(0.07)


def test_a_long_study_has_one_csv_per_team(tmp_path):
    simulate(tmp_path / "study", reps=4, weeks=13)
    truth, rows = read_study(tmp_path / "study")
    assert sorted(truth["files"]) == [
        "logs/field/2026-W10_to_2026-W22.csv", "logs/inside/2026-W10_to_2026-W22.csv",
        "logs/key-account/2026-W10_to_2026-W22.csv",
    ]  # fmt: skip
    assert len(rows) == truth["rows"]
    assert "[[source]]" not in (tmp_path / "study" / "timewaste.toml").read_text(encoding="utf-8")


def test_the_pipeline_is_consistent(dirty):
    with (dirty / "opportunities.csv").open(encoding="utf-8", newline="") as file:
        opportunities = {record["opportunity_id"]: record for record in csv.DictReader(file)}
    history: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (dirty / "stage_history.csv").open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            history[record["opportunity_id"]].append((record["entered_at"], record["stage"]))
    assert set(history) == set(opportunities)
    for number, visits in history.items():
        record = opportunities[number]
        assert visits == sorted(visits)
        assert visits[-1][0] < "2026-03-28"
        assert visits[0] == (visits[0][0], "Prospect")
        assert visits[0][0][:10] == record["created_on"]
        ended = {"Won": "won", "Lost": "lost"}.get(visits[-1][1], "")
        assert record["outcome"] == ended
        assert record["closed_on"] == (visits[-1][0][:10] if ended else "")
        if ended == "won":
            assert [stage for _, stage in visits[-3:]] == ["Order", "Service", "Won"]
    _, rows = read_study(dirty)
    ids, words = rep_ids(dirty), load_vocabulary()
    step_of = dict(zip(words.codes, words.steps, strict=True))
    meaning = code_of_label()
    steps = ("Prospect", "Qualify", "Discover", "Propose", "Negotiate", "Order", "Service")
    linked = [row for row in rows if row.opportunity]
    assert len(linked) > 800
    for row in linked:
        assert opportunities[row.opportunity]["rep_id"] == ids[row.rep]
        day = row.day.isoformat()
        current = [stage for at, stage in history[row.opportunity] if at[:10] < day][-1]
        if row.label.casefold() in meaning:
            assert current == steps[step_of[meaning[row.label.casefold()]]]


def test_open_opportunities_wins_and_ways_back(tmp_path):
    simulate(tmp_path / "study", reps=100, weeks=26, workbooks=False)
    pipeline = json.loads((tmp_path / "study" / "truth.json").read_text(encoding="utf-8"))["pipeline"]
    wanted = sum(size * team.open_opportunities for size, team in zip(team_sizes(100), TEAMS, strict=True))
    assert pipeline["open"] == pytest.approx(wanted, rel=0.15)
    assert pipeline["won"] / (pipeline["won"] + pipeline["lost"]) == pytest.approx(0.24, abs=0.05)


def test_names_are_unique_however_many():
    names = load_vocabulary().names
    made = [person_name(number, 7, names["first"], names["last"]) for number in range(30_000)]
    assert len(set(made)) == len({slug(name) for name in made}) == 30_000
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", slug(name)) for name in made)
    assert slug("Jürgen O'Connor") == "juergen-oconnor"


def test_team_sizes():
    assert team_sizes(24) == (8, 8, 8)
    assert team_sizes(3) == (1, 1, 1)
    for reps in (4, 25, 60, 1000):
        assert sum(team_sizes(reps)) == reps
    assert team_sizes(1000) == (400, 350, 250)


def test_the_settings_are_accepted_and_the_roster_fits(dirty):
    config = load_config(dirty)
    assert config.source_for("key-account/anyone.xlsx").rep == "file"
    assert {role: config.role_rates[role] for role in {r["role"] for r in roster(dirty).values()}}
    assert len(config.overrides) == 2
    stems = {path.stem for path in (dirty / "logs" / "key-account").iterdir()}
    assert stems == {rep for rep, record in roster(dirty).items() if record["team"] == "key account"}


def test_the_readme_tells_the_truth(dirty):
    text = (dirty / "README.md").read_text(encoding="utf-8")
    truth = json.loads((dirty / "truth.json").read_text(encoding="utf-8"))
    assert f"{truth['rows']:,} rows" in text
    assert f"| {truth['expected']['all']['shares']['selling']:.1%} (" in text
    for kind, said in truth["planted"].items():
        assert f"| {said['count']:,} |" in text, kind
    assert "a 40% smaller share on A13 and a 40% smaller share on A44" in text
    for header in ("Redo", "Rework", "Could be done by", "Who could do it", "Who could do this"):
        assert f"`{header}`" in text


def test_the_vocabulary_covers_the_taxonomy():
    taxonomy = tomllib.loads((ROOT / "defaults" / "taxonomy.toml").read_text(encoding="utf-8"))["activity"]
    words = load_vocabulary()
    assert set(words.codes) == {activity["code"] for activity in taxonomy} - {"U"}
    category = {activity["code"]: activity["category"] for activity in taxonomy}
    assert all(category[code] == name for code, name in zip(words.codes, words.categories, strict=True))
    assert min(words.plain_count) >= 3
