"""Stages of a CRM and the steps they belong to: those CRMs come with have one, and of others it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from studies import write_study

from timewaste.config import load_config
from timewaste.config_frames import config_frames
from timewaste.study import open_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

# What the vendors' pipelines are before anybody changes them, in their order and without the closed stages.
PIPELINES = {
    "Salesforce": (
        "Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
        "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review",
    ),
    "HubSpot": (
        "Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In",
        "Contract Sent",
    ),
    "HubSpot, names of properties": (
        "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin", "contractsent",
    ),
    "Pipedrive": ("Qualified", "Contact Made", "Demo Scheduled", "Proposal Made", "Negotiations Started"),
    "Pipedrive, older": ("Lead In", "Contact Made", "Needs Defined", "Proposal Made", "Negotiations Started"),
}  # fmt: skip


@pytest.mark.parametrize("stages", PIPELINES.values(), ids=PIPELINES)
def test_a_deal_that_goes_forward_never_comes_back_to_a_step(tmp_path: Path, stages: tuple[str, ...]) -> None:
    frame = config_frames(load_config(tmp_path), data_hash="")["cfg_stages"]
    steps = dict(frame.select("stage", "step_number").iter_rows())
    places = [steps[stage.lower()] for stage in stages]
    assert places == sorted(places)
    assert len(set(places)) > 2


def test_stages_in_no_step_are_told(tmp_path: Path, tw: Callable[..., Done]) -> None:
    history = "opportunity_id,stage,entered_at\n" + "".join(
        f"{deal},{stage},2026-03-{day:02} 09:00\n"
        for deal, stages in {
            "won": ("Prospecting", "Triage", "Closed Won"),
            "lost": ("Triage", "Closed Lost"),
            "open": ("Qualification", "TRIAGE", "Legal"),
        }.items()
        for day, stage in enumerate(stages, start=2)
    )
    deals = "opportunity_id,rep_id,outcome\nwon,anna,Won\nlost,anna,Lost\nopen,anna,\n"
    log = "rep,date,start,end,activity\nanna,2026-03-02,09:00,10:00,visit\n"
    folder = write_study(tmp_path / "s", log, files={"stage_history.csv": history, "opportunities.csv": deals})
    found = open_study(folder).frame("rpt_unplaced_stages")
    assert found.rows() == [("TRIAGE", 3), ("Legal", 1)]  # where a deal has ended is no stage to place
    said = tw("check", folder).out.decode()
    assert "Stages in no step of the process" in said
    assert "Legal" in said
