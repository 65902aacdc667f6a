import re
from pathlib import Path

from workflows import inquiry, interview, readmission, referral, transfer, travel_document

PAGE = (Path(__file__).parents[3] / "docs" / "lifecycle.md").read_text(encoding="utf-8")
STATE_ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.+) \| (.*) \|$", re.MULTILINE)
MOVE = re.compile(r"`(\w+)` → `(\w+)`")


def test_the_page_draws_the_machines_as_the_code_has_them() -> None:
    drawn = re.findall(r"```mermaid\n(.*?)\n```", PAGE, re.DOTALL)
    assert drawn == [
        readmission.diagram(),
        travel_document.MACHINE.diagram(),
        transfer.MACHINE.diagram(),
        inquiry.MACHINE.diagram(),
        interview.MACHINE.diagram(),
        referral.MACHINE.diagram(),
    ]


def test_the_page_lists_every_state_with_its_stage_and_what_leads_on() -> None:
    listed = {state: (stage, dict(MOVE.findall(moves))) for state, stage, _meaning, moves in STATE_ROW.findall(PAGE)}
    moves: dict[str, dict[str, str]] = {state.value: {} for state in readmission.CaseState}
    for source, trigger, destination in readmission.MACHINE.rows():
        moves[source][trigger.value] = destination.value
    assert listed == {
        state.value: (readmission.stage_of(state).value, moves[state.value]) for state in readmission.CaseState
    }
