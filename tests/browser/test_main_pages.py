"""The main pages of every role, in the languages and looks that the journeys do not see."""

from collections.abc import Iterator

from ercms.core.actor import Role
from tests.browser.chromium import in_a_browser
from tests.browser.conftest import RealOffice
from tests.browser.person import Person
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_draft
from workflows.readmission import CaseState

pytestmark = in_a_browser

BEHIND_THE_MENU = {
    Role.ADMINISTRATOR: (
        "/admin/providers/new",
        "/agreements/calendars/AZ/2026",
        "/agreements/changes",
        "/agreements/compare",
        "/agreements/dates",
        "/agreements/partners/new",
        "/agreements/texts",
        "/agreements/texts/new",
        "/agreements/what-if",
        "/agreements/what-if/draft",
    ),
    Role.DATA_PROTECTION_OFFICER: ("/privacy/reading", "/privacy/corrections"),
}


def test_the_pages_of_the_service_are_in_order(office: RealOffice) -> None:
    reference = make_case(office.cast, CaseState.DECISION_PROPOSED)
    worker = office.seat(office.cast.worker, look="dark")
    pages = ["/queue?state=decision_proposed", "/search", "/inquiries", "/referrals", "/notices", "/account"]
    pages += [*parts_of(worker, reference), "/interviews"]
    beside = ("interviews/new", "photographs", "clock-sheet")
    see(worker, *pages, *(f"/cases/{reference}/{page}" for page in beside))
    supervisor = office.seat(office.cast.supervisor, look="dark")
    acts = ("confirm_acceptance", "send_back")
    see(supervisor, f"/cases/{reference}", *(f"/cases/{reference}/do/{act}" for act in acts))


def test_the_pages_of_the_requesting_side_are_in_order(office: RealOffice) -> None:
    draft = make_draft(office.cast)
    reference = make_case(office.cast, CaseState.DOCUMENT_REQUESTED)
    officer = office.seat(office.cast.requester, look="dark")
    steps = ("request", "person", "contact", "family", "family/new", "evidence", "circumstances", "check")
    pages = ["/requests", "/requests/new", *(f"/requests/{draft}/{step}" for step in steps)]
    see(officer, *pages, f"/cases/{reference}", f"/requests/{reference}/receipt", "/travel-documents", "/transfers")
    mission = office.seat(office.cast.mission, look="dark")
    see(mission, "/travel-documents", f"/cases/{reference}/do/issue_document")


def test_the_pages_of_border_and_partner_are_in_order(office: RealOffice) -> None:
    arriving = make_case(office.cast, CaseState.TRANSFER_NOTIFIED)
    make_case(office.cast, CaseState.REFERRED)
    border = office.seat(office.cast.border, look="dark")
    see(border, "/transfers", f"/transfers/{arriving}")
    partner = office.seat(office.cast.partner, look="dark").open("/referrals")
    see(partner, "/referrals", next(href for _, href in partner.page.links if href.startswith("/referrals/")))


def test_the_pages_of_the_other_roles_are_in_order(office: RealOffice) -> None:
    for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_PROTECTION_OFFICER):
        person = office.come_in(make_user(role)).sign_in()
        for page in (*menu_of(person), *BEHIND_THE_MENU.get(role, ())):
            person.open(page)


def see(person: Person, *pages: str) -> None:
    """Open pages one after the other, in Azerbaijani and in Russian; each is looked at as it comes.

    The journeys look at everything in English and by daylight. What axe finds hangs on the page and its colours, not
    on the language: it is asked once.
    """
    for language, with_axe in (("az", True), ("ru", False)):
        person.speak(language).with_axe = with_axe
        for page in pages:
            person.open(page)


def parts_of(person: Person, reference: str) -> Iterator[str]:
    """Return the addresses of a case's tabs."""
    person.open(f"/cases/{reference}")
    yield from (href for href in person.tab.locator(".tabs a").evaluate_all("all => all.map(one => one.pathname)"))


def menu_of(person: Person) -> list[str]:
    """Return the addresses of the main menu."""
    found: list[str] = person.tab.locator(".site-nav a").evaluate_all("all => all.map(one => one.pathname)")
    return found
