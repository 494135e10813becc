"""Files: every format, the same bytes again, whole or not at all, and a page that runs nothing of a log."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from chart_frames import heat_map, stream, week

from timewaste.charts import draw
from timewaste.charts.export import SUFFIXES, page, save, svg
from timewaste.errors import StudyError

EVIL = "</script><script>document.title='x'</script><!--<script><img src=x onerror=alert(1)>&\u2028\u2029"


class Page(HTMLParser):
    """Collects the elements of a page and the text of its scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.policy = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        if tag == "script":
            self.scripts.append([found.get("type"), ""])
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_data(self, data):
        if self.tags[-1:] == ["script"]:
            self.scripts[-1][1] += data


def evil_chart():
    return draw("value-stream", stream((EVIL, EVIL)))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_format_is_written_and_the_same_again(tmp_path, suffix):
    first = save(draw("week", week()), tmp_path / f"one{suffix}")
    second = save(draw("week", week()), tmp_path / f"two{suffix.upper()}")
    assert first.read_bytes() == second.read_bytes()
    starts = {".html": b"<!DOCTYPE", ".json": b"{", ".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<svg"}
    assert first.read_bytes().startswith(starts[suffix])
    assert sorted(tmp_path.iterdir()) == sorted([first, second])


def test_an_unknown_suffix_names_the_allowed_ones(tmp_path):
    with pytest.raises(StudyError) as caught:
        save(draw("week", week()), tmp_path / "week.gif")
    assert ".gif" in caught.value.what
    assert all(suffix in caught.value.mend for suffix in SUFFIXES)


def test_a_folder_that_is_not_there_is_the_users_to_mend(tmp_path):
    target = tmp_path / "nowhere" / "week.json"
    with pytest.raises(StudyError) as caught:
        save(draw("week", week()), target)
    assert caught.value.where == str(target)
    assert "No such file" in caught.value.what
    assert isinstance(caught.value.__cause__, OSError)


def test_the_longest_name_that_a_folder_holds_can_be_written(tmp_path):
    assert save(draw("week", week()), tmp_path / f"{'w' * 250}.json").stat().st_size


def test_a_failed_write_leaves_yesterdays_file(tmp_path, monkeypatch):
    target = tmp_path / "week.json"
    target.write_text("yesterday")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(StudyError):
        save(draw("week", week()), target)
    assert target.read_text() == "yesterday"
    assert list(tmp_path.iterdir()) == [target]


def test_hostile_text_adds_no_element_to_the_page():
    plain, evil = Page(page(draw("value-stream", stream()))), Page(page(evil_chart()))
    assert evil.tags.count("script") == plain.tags.count("script") == 3
    assert "img" not in evil.tags
    kind, text = evil.scripts[0]
    assert kind == "application/json"
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["usermeta"]


def test_the_policy_allows_two_scripts_and_nothing_else():
    policy = Page(page(draw("heat-map", heat_map()))).policy
    assert policy.startswith("default-src 'none'")
    assert policy.count("'sha256-") == 3
    assert "unsafe" not in policy


def test_the_static_picture_has_fixed_fonts_tips_and_no_script():
    drawn = svg(evil_chart())
    assert "<script" not in drawn
    assert "Liberation Sans" in drawn
    assert "<title>Dead-lead follow-up: 2.3" in drawn


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_the_page_draws_in_a_real_browser_under_its_policy(tmp_path):
    target = save(evil_chart(), tmp_path / "map.html")
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    found = subprocess.run(
        [
            "chromium",
            *flags.split(),
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=8000",
            "--dump-dom",
            target.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert 'data-drawn="1"' in found.stdout
    assert "<title>x</title>" not in found.stdout
