"""What looks at every page: it must see what it is there to see."""

import pytest

from tests.browser.chromium import in_a_browser
from tests.browser.conftest import RealOffice

pytestmark = in_a_browser

PLANTED = {
    "image-alt": "const it = document.createElement('img'); it.src = '/static/mark.svg'; main.append(it);",
    "label": "main.append(document.createElement('textarea'));",
    "wider than 320": "const it = document.createElement('p'); it.textContent = 'ə'.repeat(400); main.append(it);",
}


def test_a_planted_fault_is_found(office: RealOffice) -> None:
    worker = office.worker
    for fault, script in PLANTED.items():
        worker.open("/account")
        worker.tab.evaluate(f"() => {{ const main = document.querySelector('main'); {script} }}")
        with pytest.raises(AssertionError, match=fault):
            worker.inspection.look(worker.tab, fault)


def test_what_the_policy_forbids_is_heard_of(office: RealOffice) -> None:
    worker = office.worker
    worker.tab.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    worker.tab.wait_for_timeout(100)
    with pytest.raises(AssertionError, match="Content Security Policy"):
        worker.check_console()
    worker.complaints.clear()
