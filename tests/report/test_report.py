"""The page says what the tables say, in the order agreed, to nobody's harm."""

import csv
import html.parser
import io
import re

import polars as pl
import pytest

from timewaste.errors import StudyError
from timewaste.report import READS, render
from timewaste.wording import hours, percent

ATTACKS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "${1}",
    "<svg onload=alert(1)>",
    "a\u2028b",
)


class Outline(html.parser.HTMLParser):
    """Collect what a browser would see: tags, attributes, text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    return parser


@pytest.fixture(scope="module")
def page(sample) -> str:
    return render(sample.frames(*READS), sample.config)


def test_sections_stand_in_the_agreed_order(page):
    order = [page.index(f'id="{name}"') for name in ("know", "week", "wasters", "why", "do", "worth", "appendix")]
    assert order == sorted(order)
    headline = page.index("<h1>")
    assert headline < order[0]


def test_the_headline_carries_the_figures_of_the_tables(page, sample):
    frames = sample.frames("rpt_facts", "rpt_measures", "rpt_headline")
    words = frames["rpt_headline"]["headline"][0]
    share = frames["rpt_facts"]["selling_share"][0]
    wide = frames["rpt_measures"].filter(scope="all", name="administrative_wide")["hours_per_rep_week"][0]
    assert percent(share) in words
    assert hours(wide) in words
    assert words in "".join(outline(page).text)


def test_every_decided_activity_stands_with_its_evidence(page, sample):
    decided = sample.frame("rpt_actions").filter(pl.col("freed_hours_per_rep_week") > 0, pl.col("is_shown"))
    assert decided.height > 0
    text = " ".join("".join(outline(page).text).split())
    for row in decided.iter_rows(named=True):
        assert row["evidence"] in text
        assert row["activity"] in text


def test_nobody_is_named_and_nothing_typed_is_carried(page, sample):
    roster = list(csv.DictReader(io.StringIO((sample.folder / "reps.csv").read_text(encoding="utf-8"))))
    for rep in roster:
        for name in (rep["name"], rep["email"], rep["rep_id"]):
            assert name not in page
    accounts = sample.sql("select distinct account from entries where account is not null")["account"]
    assert len(accounts) > 20
    assert not [account for account in accounts if account in page]
    customers = {account.split()[0].casefold() for account in accounts}
    labels = [
        label
        for label in sample.sql("select distinct label from entries where label is not null")["label"]
        if customers & set(label.casefold().split())
    ]
    assert len(labels) > 100
    assert not [label for label in labels if label in page]
    assert str(sample.folder) not in page


def test_the_policy_allows_its_own_style_and_nothing_else(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy.group(1).split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/=]+'", rules["style-src"])
    assert "script-src" not in rules
    seen = outline(page)
    assert "script" not in seen.tags
    assert not [name for name, _ in seen.attributes if name == "style" or name.startswith("on")]
    assert not [value for name, value in seen.attributes if name in {"src", "href"} and not value.startswith("#")]


def test_no_two_elements_share_an_id(page):
    ids = [value for name, value in outline(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for target in re.findall(r"url\(#([\w-]+)\)", page):
        assert target in ids


def test_hostile_text_is_only_text(study):
    rows = ["Rep;Date;Start;End;Activity;Customer"]
    names = [f"rep {number} {ATTACKS[number % len(ATTACKS)]}" for number in range(8)]
    for name in names:
        for hour, attack in enumerate(ATTACKS):
            cells = [name, "2026-03-16", f"{hour + 8:02}:00", f"{hour + 8:02}:45", f"expenses {attack}", attack]
            rows.append(";".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    title = ATTACKS[0] + ATTACKS[2]
    roster = io.StringIO()
    writer = csv.writer(roster)
    writer.writerow(["rep_id", "name", "team"])
    writer.writerows([f"r{n}", name, ATTACKS[6]] for n, name in enumerate(names))
    config = f"[study]\ntitle = '''{title}'''\n"
    made = study("\n".join(rows), config, {"reps.csv": roster.getvalue()})
    seen = outline(render(made.frames(*READS), made.config))
    assert not {"script", "img", "iframe", "object"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert title in "".join(seen.text)


def test_the_same_study_gives_the_same_bytes(page, sample):
    assert render(sample.frames(*READS), sample.config) == page


def test_the_page_stays_small_and_complete_without_scripts(page):
    assert len(page.encode()) < 1_000_000
    assert page.count("<svg") == 4


def test_a_study_of_few_people_is_not_shared(study):
    lines = "Rep,Date,Start,End,Activity\n" + "".join(f"R{n},2026-03-16,09:00,10:00,expenses\n" for n in range(4))
    made = study(lines)
    with pytest.raises(StudyError) as refused:
        made.report()
    assert "4 reps" in str(refused.value)
    assert "min_group = 4" in refused.value.mend
    assert not (made.folder / "report.html").exists()
    with pytest.raises(StudyError):
        made.chart("week")
    allowed = study(lines, "[privacy]\nmin_group = 4\n")
    assert allowed.report().is_file()


def test_small_teams_cannot_be_told_apart(study):
    lines, roster = ["Rep,Date,Start,End,Activity"], ["rep_id,team"]
    for team, size in (("North", 7), ("South", 6), ("East", 2)):
        for number in range(size):
            rep = f"{team}-{number}"
            roster.append(f"{rep},{team}")
            lines.append(f"{rep},2026-03-16,09:00,10:{number:02},expenses")
    made = study("\n".join(lines), files={"reps.csv": "\n".join(roster)})
    teams = set(made.frame("rpt_week_by_category")["team"])
    # East alone is two people; North or South with it, or their figures would give East's away.
    assert teams == {"All reps", "North", "Other teams"}
    reps = made.frame("rpt_week_by_category").filter(team="Other teams")["reps"].unique().to_list()
    assert reps == [8]
    page = render(made.frames(*READS), made.config)
    assert "East" not in page
    assert "South" not in page


def test_activities_of_few_people_stand_together(study):
    lines = ["Rep,Date,Start,End,Activity"]
    for number in range(6):
        lines.append(f"R{number},2026-03-16,09:00,10:00,expenses")
        lines.append(f"R{number},2026-03-16,10:00,10:30,customer meeting")
    lines.append("R0,2026-03-16,11:00,13:00,collections")
    made = study("\n".join(lines))
    page = render(made.frames(*READS), made.config)
    assert "Billing and collections" not in page
    wasters = made.frame("rpt_wasters")
    assert wasters["activity"].to_list() == ["Expenses", "1 other activity"]
    total = wasters["hours_per_rep_week"].sum()
    assert total == pytest.approx((6 + 2) / (6 / 5))
