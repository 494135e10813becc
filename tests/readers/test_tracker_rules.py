"""Whatever is said of a record of a tracker, a calendar table or JSON is explained."""

from __future__ import annotations

import re
from pathlib import Path

from timewaste.config import load_issue_rules
from timewaste.readers import layouts

READERS = Path(layouts.__file__).parent.parent
FAMILIES = "tracker|bucket|activitywatch|timewarrior|json"


def test_every_rule_is_explained_and_none_for_nothing():
    sources = [*READERS.glob("json_*.py"), *READERS.glob("activitywatch*.py"), *READERS.glob("layouts/*.py"),
               READERS / "timewarrior.py"]  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(rf'"((?:{FAMILIES})/[a-z_]+)"', text)) | {"activitywatch/timestamp", "activitywatch/duration"}
    explained = {rule["code"] for rule in load_issue_rules() if re.match(rf"(?:{FAMILIES})/", rule["code"])}
    assert used == explained
