"""Without a mouse, and without scripts: everything works all the same."""

from typing import Any

from ercms.accounts import service as accounts
from tests.browser.chromium import in_a_browser
from tests.browser.conftest import RealOffice
from tests.browser.person import Person
from tests.factories.accounts import PASSWORD, POCKET
from tests.factories.cases import make_case
from tests.functional import journey
from workflows.readmission import CaseState

pytestmark = in_a_browser

_FOCUS = """() => {
  const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
  const isSeen = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  return {
    words: (at.labels && at.labels.length ? at.labels[0] : at).textContent.trim().replace(/\\s+/g, " "),
    tag: at.tagName, isSeen, isOnScreen: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_to(person: Person, words: str, tag: str) -> None:
    """Go on with the Tab key until the focus is there; it must be visible at every stop.

    Raises:
        AssertionError: at a stop that shows no focus, or when the place is never reached.
    """
    stops: list[Any] = []
    for _ in range(80):
        person.tab.keyboard.press("Tab")
        stop = person.tab.evaluate(_FOCUS)
        stops.append(stop)
        assert stop["tag"] == "BODY" or (stop["isSeen"] and stop["isOnScreen"]), f"no visible focus at {stop}"
        if stop["words"] == words and stop["tag"] == tag:
            return
    raise AssertionError(f"{words!r} is not reached: {stops}")


def enter(person: Person) -> None:
    with person.tab.expect_navigation():
        person.tab.keyboard.press("Enter")


def test_signing_in_and_acting_take_no_mouse(office: RealOffice) -> None:
    reference = make_case(office.cast, CaseState.SUBMITTED)
    worker = office.come_in(accounts.get_user(office.cast.worker.user_id)).open("/sign-in")
    device = POCKET.of(worker.user.id)
    worker.tab.keyboard.press("Tab")
    assert worker.tab.evaluate(_FOCUS)["words"] == "Skip to the content"
    tab_to(worker, "E-mail address", "INPUT")
    worker.tab.keyboard.type(worker.user.email)
    tab_to(worker, "Password", "INPUT")
    worker.tab.keyboard.type(PASSWORD)
    tab_to(worker, "Sign in", "BUTTON")
    enter(worker)
    tab_to(worker, "Code", "INPUT")
    worker.tab.keyboard.type(device.code())
    enter(worker)
    assert worker.place == "/queue"
    tab_to(worker, reference, "A")
    enter(worker)
    tab_to(worker, "Acknowledge receipt", "A")
    enter(worker)
    tab_to(worker, "Acknowledge receipt", "BUTTON")
    enter(worker)
    assert office.case(reference).state is CaseState.UNDER_VERIFICATION
    worker.check_console()


def test_a_mistake_takes_the_focus_to_what_is_wrong(office: RealOffice) -> None:
    reference = make_case(office.cast, CaseState.UNDER_VERIFICATION)
    worker = office.worker.open(f"/cases/{reference}/do/propose_refusal")
    worker.expects_refusal = True
    worker.press("Propose refusal", reasons="No trace in any register", expect=422)
    assert worker.tab.evaluate("() => document.activeElement.id") == "error-summary"
    worker.tab.keyboard.press("Tab")
    worker.tab.keyboard.press("Enter")
    assert worker.tab.evaluate("() => document.activeElement.id") == "f-ground"


def test_a_menu_opens_by_key_and_closes_by_escape(office: RealOffice) -> None:
    worker = office.worker
    tab_to(worker, "Colours", "SUMMARY")
    worker.tab.keyboard.press("Enter")
    dark = worker.tab.get_by_role("button", name="Dark")
    assert dark.is_visible()
    worker.tab.keyboard.press("Escape")
    assert not dark.is_visible()
    worker.tab.keyboard.press("Enter")
    with worker.tab.expect_navigation():
        dark.click()
    assert worker.tab.locator("html").get_attribute("data-bs-theme") == "dark"


def test_a_request_is_entered_and_sent_without_scripts(office: RealOffice) -> None:
    office.officer = office.seat(office.cast.requester, scripts=False)
    reference = journey.begin(office)
    journey.enter(office)
    journey.send(office)
    assert "Your request has been received" in office.officer.text
    assert office.case(reference).state is CaseState.SUBMITTED
