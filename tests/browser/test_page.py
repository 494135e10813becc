"""The page in a real headless Chromium: it opens whole, asks nobody for anything, breaks no rule of its policy."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


def test_ci_has_a_browser() -> None:
    if os.environ.get("CI"):
        assert CHROMIUM, "in CI the page is looked at in a browser, always"


@pytest.fixture(scope="module")
def page(sample, tmp_path_factory) -> Path:
    return sample.report(tmp_path_factory.mktemp("page") / "report.html")


def browse(target: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    profile = target.parent / "profile"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *flags, target.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1280, 1920])
def test_opens_whole_and_breaks_no_rule(page, width) -> None:
    seen = browse(page, f"--window-size={width},1000", "--enable-logging=stderr", "--v=0", "--dump-dom")
    assert seen.stdout.count("<svg") == 4
    assert "What it is worth" in seen.stdout
    console = [line for line in seen.stderr.splitlines() if "CONSOLE" in line]
    assert console == [], "a refused style or script would be told here"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_policy_is_live(page) -> None:
    """The same page with a script of somebody else's: refused, or the test above proves nothing."""
    broken = page.with_name("broken.html")
    broken.write_text(page.read_text(encoding="utf-8").replace("</main>", "<script>document.title='x'</script></main>"))
    seen = browse(broken, "--enable-logging=stderr", "--v=0", "--dump-dom")
    assert any("Content Security Policy" in line for line in seen.stderr.splitlines() if "CONSOLE" in line)
    assert "<title>x</title>" not in seen.stdout


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_nothing_stands_beyond_the_page_s_edge(page) -> None:
    """A picture of the page at 1280: the right margin is empty all the way down."""
    from PIL import Image

    shot = page.with_name("page.png")
    browse(page, "--window-size=1280,6000", f"--screenshot={shot}")
    picture = Image.open(shot).convert("L")
    assert picture.size == (1280, 6000)
    margin = picture.crop((1262, 0, 1280, 6000))
    assert margin.getextrema() == (255, 255)
