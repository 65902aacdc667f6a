"""A person at a real browser: the same words as `tests.functional.browser.Browser`, so that the same journeys run.

Follows the links that are shown, opens what is folded, fills the forms that are offered, and nothing else. Each page
on the way is looked at.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from ercms.accounts.service import UserSummary
from tests.browser.inspection import WIDE, Inspection
from tests.factories.accounts import PASSWORD, POCKET
from tests.functional.browser import Page

_PATIENCE = 15_000


class Person:
    """Somebody with a browser window of their own, with its cookies."""

    def __init__(
        self, chromium: Any, address: str, user: UserSummary, inspection: Inspection, *, scripts: bool = True,
        look: str = "light",
    ) -> None:  # fmt: skip
        self.user = user
        self.inspection = inspection
        self.look = look
        self.with_axe = True
        self.scripts = scripts
        self.expects_refusal = False
        self.complaints: list[str] = []
        self.context = chromium.new_context(
            base_url=address,
            viewport=WIDE,
            color_scheme=look,
            java_script_enabled=scripts,
            locale="en-GB",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(_PATIENCE)
        self.tab = self.context.new_page()
        self.tab.on("console", self._on_console)
        self.tab.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _on_console(self, message: Any) -> None:
        is_refusal = self.expects_refusal and "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not is_refusal:
            self.complaints.append(f"console: {message.text}")

    @property
    def place(self) -> str:
        return urlsplit(self.tab.url).path

    @property
    def page(self) -> Page:
        return Page(self.tab.content())

    @property
    def text(self) -> str:
        return self.page.text

    def sign_in(self) -> "Person":
        """Sign in through the page, as every morning."""
        self.open("/sign-in")
        device = POCKET.of(self.user.id)
        self.press("Sign in", email=self.user.email, password=PASSWORD)
        self.press("Confirm", code=device.code())
        assert not self.place.startswith("/sign-in"), self.text
        return self

    def open(self, url: str, *, expect: int = 200) -> "Person":
        """Ask for an address."""
        answer = self.tab.goto(url)
        assert answer.status == expect, f"{url}: {answer.status} {self.text[:2000]}"
        return self._arrive()

    def follow(self, text: str) -> "Person":
        """Follow a link by its words, or by how they begin."""
        links = self.tab.locator("a[href]")
        exact = links.filter(has_text=re.compile(rf"^\s*{_loosely(text)}\s*$"))
        found = exact if exact.count() else links.filter(has_text=re.compile(rf"^\s*{_loosely(text)}"))
        assert found.count(), f"no link {text!r} on {self.tab.url}: {[words for words, _ in self.page.links]}"
        return self._go(found.first)

    def offers(self, text: str) -> bool:
        """Tell whether a link or a button of these words stands on the page."""
        return any(words == text for words, _ in self.page.links) or any(f.has_button(text) for f in self.page.forms)

    def press(self, button: str, *, nth: int = 0, expect: int = 200, **filled: Any) -> "Person":
        """Fill the form of a button and press it."""
        buttons = self.tab.locator("form button[type=submit]").filter(
            has_text=re.compile(rf"^\s*{_loosely(button)}\s*$")
        )
        assert buttons.count() > nth, f"no form with {button!r} on {self.tab.url}"
        chosen = buttons.nth(nth)
        form = chosen.locator("xpath=ancestor::form[1]")
        for name, value in filled.items():
            controls = form.locator(f"[name='{name}']")
            assert controls.count(), f"the form of {button!r} on {self.tab.url} has no {name!r}"
            self._unfold(controls.first)
            _fill(controls, value)
        return self._go(chosen, expect)

    def fetch(self, link: str) -> bytes:
        """Return the file behind the first link of these words, without leaving the page."""
        href = next(href for words, href in self.page.links if words == link)
        answer = self.context.request.get(href)
        assert answer.status == 200, f"{href}: {answer.status}"
        return answer.body()

    @property
    def seen(self) -> str:
        """Return the words that stand on the screen now, without what is folded."""
        return " ".join(self.tab.locator("main").inner_text().split())

    def tabs(self) -> list[str]:
        """Return the words of the tabs of a case page."""
        return [" ".join(words.split()) for words in self.tab.locator(".tabs a").all_inner_texts()]

    def unfold_first(self, words: str) -> "Person":
        """Open the first fold whose head has these words."""
        self.tab.locator("summary").filter(has_text=words).first.click()
        return self

    def speak(self, language: str) -> "Person":
        """Change the language with the switch in the head of the page."""
        return self._go(self.tab.locator(f".language-switch button[value={language}]"))

    def _go(self, target: Any, expect: int = 200) -> "Person":
        self._unfold(target)
        with self.tab.expect_navigation() as navigation:
            target.click()
        assert navigation.value.status == expect, f"{self.tab.url}: {navigation.value.status} {self.text[:2000]}"
        return self._arrive()

    def _unfold(self, target: Any) -> None:
        """Open what is folded around a thing, from the outside in."""
        folds = target.locator("xpath=ancestor::details[not(@open)]/summary")
        while not target.is_visible() and folds.count():
            folds.first.click()

    def _arrive(self) -> "Person":
        if self.scripts:
            language = self.tab.locator("html").get_attribute("lang")
            beside = (self.user.role.value, language or "", self.look)
            self.inspection.look(self.tab, *beside, with_axe=self.with_axe)
        self.check_console()
        return self

    def check_console(self) -> None:
        """Refuse what the browser complained of: an error of a script, something that the policy forbids."""
        assert not self.complaints, f"on {self.tab.url}: {self.complaints}"


def _loosely(text: str) -> str:
    """Return a pattern for these words, whatever white space the source of the page has between them."""
    return r"\s*".join(re.escape(word) for word in text.split())


def _fill(controls: Any, value: Any) -> None:
    """Put a value, or several, where a form asks for them."""
    first = controls.first
    tag = first.evaluate("element => element.tagName.toLowerCase()")
    kind = first.get_attribute("type") or "text"
    values = value if isinstance(value, list) else [value]
    if tag == "select" and controls.count() > 1:
        for number, one in enumerate(values):
            controls.nth(number).select_option(str(one))
    elif tag == "select":
        first.select_option([str(one) for one in values])
    elif kind in ("radio", "checkbox"):
        for one in values:
            controls.and_(controls.page.locator(f"[value='{one}']")).check()
    elif kind == "file":
        content, name = value
        first.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content.read()})
    else:
        first.fill(str(value))
