"""Measure writing: a request drafted and sent, the acts on it, and the same through the page; each commit included."""

import random
from collections.abc import Callable
from typing import Any

from ercms.core.actor import OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.demonstration import reception
from ercms.demonstration.people import Inventor
from ercms.demonstration.play import Play
from ercms.demonstration.scenes import SCENES
from ercms.demonstration.stories import Slot, all_stories
from ercms.demonstration.world import Body, World
from ercms.verification.enums import InquiryPurpose
from tests.bench import dataset, harness
from tests.bench.dataset import TODAY, Bench
from tests.conftest import csrf_token

CASES = 25
_ACTS = ("submit", "acknowledge", "inquiries", "answers", "request_completion", "complete")
_DECISIONS = ("propose_acceptance", "confirm_acceptance", "papers_asked", "papers", "notify_transfer", "arrival")


def main() -> None:
    """Print the table."""
    options = harness.options(__doc__)
    report = harness.Report("Writing")
    for size in options.sizes:
        with dataset.of(size, options.database) as bench:
            _measure(report, bench)
    print(report.table())


def _measure(report: harness.Report, bench: Bench) -> None:
    plays = _plays(bench, CASES)
    today = TODAY.date()

    def draft(play: Play) -> None:
        with unit_of_work():
            reception.draft(play, today)

    report.measure("draft with person and evidence", bench.size, draft, plays, warm_up=0)
    for name in (*_ACTS, *_DECISIONS):
        report.measure(f"act: {name}", bench.size, _scene(name), plays, warm_up=0)
    sent = _plays(bench, CASES)
    for play in sent:
        draft(play)
        _scene("submit")(play)
    report.measure("page: acknowledge", bench.size, _acknowledge_page(bench), sent, warm_up=0)


def _scene(name: str) -> Callable[[Play], None]:
    def call(play: Play) -> None:
        with unit_of_work(), play.moment(TODAY.date()):
            SCENES[name](play)

    return call


def _acknowledge_page(bench: Bench) -> Callable[[Play], None]:
    client = bench.client(bench.actor(Role.CASE_WORKER))

    def call(play: Play) -> None:
        address = f"/cases/{play.reference}/do/acknowledge"
        form = client.get(address).text
        version = form.split('name="version" value="')[1].split('"')[0]
        answer = client.post(address, data={"version": version, "csrf_token": csrf_token(form)})
        assert answer.status_code == 302

    return call


def _plays(bench: Bench, amount: int) -> list[Play]:
    """Return cases about to be played, all of the largest authority and of the commonest kind."""
    story = next(story for story in all_stories() if story.name == "accepted")
    world = _world(bench)
    plays = []
    for number in range(amount):
        chance = random.Random(number)
        person = Inventor(chance, world.authorities["DE"].facts, TODAY.date()).invent(story.kinds[0])
        slot = Slot(story, number, amount, story.kinds[0], "DE")
        plays.append(Play(world, slot, chance, person, TODAY.date()))
    return plays


def _world(bench: Bench) -> World:
    kinds = OrganisationKind
    facts: dict[str, Any] = {
        "cities": ["Berlin"],
        "language": "german",
        "carriers": [["AZAL", "J2 058"]],
        "crossing_points": ["Bakı"],
    }

    def body(role: Role, kind: OrganisationKind, state: str | None = None) -> Body:
        officer = bench.actor(role, kind, state)
        return Body(officer.organisation_id or "", "", (officer,), facts)

    agency = body(Role.VERIFIER, kinds.AGENCY)
    return World(
        authorities={"DE": body(Role.CONSULAR_OFFICER, kinds.REQUESTING_AUTHORITY, "DE")},
        missions={"DE": body(Role.CONSULAR_OFFICER, kinds.MISSION, "DE")},
        agencies=dict.fromkeys(InquiryPurpose, agency),
        border=body(Role.BORDER_OFFICER, kinds.BORDER_SERVICE),
        partners=(body(Role.REINTEGRATION_PARTNER, kinds.REINTEGRATION_PARTNER),),
        case_workers=(bench.actor(Role.CASE_WORKER),),
        supervisors=(bench.actor(Role.SUPERVISOR),),
        everybody=(),
        sign_ins=(),
    )


if __name__ == "__main__":
    main()
