"""A person at the pages: follows the links that are shown, fills the forms that are offered, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts.service import UserSummary
from tests.conftest import Client
from tests.factories.accounts import PASSWORD, POCKET

_SILENT = frozenset({"script", "style", "template"})
_VOID = frozenset({"input", "img", "br", "hr", "meta", "link"})


@dataclass
class Control:
    """One named control of a form: what it holds, and what it offers where it is a choice."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    is_multiple: bool = False


@dataclass
class Button:
    """A button that sends a form; its own name and value go along."""

    text: str
    name: str | None
    value: str


@dataclass
class HtmlForm:
    """A form as the page offers it."""

    method: str
    action: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def has_button(self, text: str) -> bool:
        return any(button.text == text for button in self.buttons)


class Page(HTMLParser):
    """What a person sees of a page: its text, its links as (text, address), its forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.forms: list[HtmlForm] = []
        self._words: list[str] = []
        self._open: list[tuple[str, int, dict[str, str | None]]] = []
        self._form: HtmlForm | None = None
        self._select: Control | None = None
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self._open.append((tag, len(self._words), given))
        if tag == "form":
            self._form = HtmlForm((given.get("method") or "get").lower(), given.get("action") or "")
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._control(tag, given)
        if tag == "option" and self._select is not None:
            self._select.offered.append(given.get("value") or "")
            if "selected" in given:
                self._select.values.append(given.get("value") or "")

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        assert self._form is not None
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "select":
            self._select = Control(name, "select", is_multiple="multiple" in given)
            known = self._form.controls.setdefault(name, self._select)
            if known is not self._select:
                known.is_multiple = True
                self._select = known
        elif tag == "textarea":
            self._form.controls[name] = Control(name, "textarea")
        elif tag == "input" and kind in ("radio", "checkbox"):
            control = self._form.controls.setdefault(name, Control(name, kind, is_multiple=kind == "checkbox"))
            control.offered.append(given.get("value") or "on")
            if "checked" in given:
                control.values.append(given.get("value") or "on")
        elif tag == "input" and kind != "submit":
            self._form.controls[name] = Control(name, kind, [] if kind == "file" else [given.get("value") or ""])

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, start, given = self._open.pop()
            text = " ".join(" ".join(self._words[start:]).split())
            self._closed(opened, text, given)
            if opened == tag:
                return

    def _closed(self, tag: str, text: str, given: dict[str, str | None]) -> None:
        if tag == "a" and given.get("href"):
            self.links.append((text, given["href"] or ""))
        elif tag == "button" and self._form is not None and given.get("type") != "button":
            self._form.buttons.append(Button(text, given.get("name"), given.get("value") or ""))
        elif tag == "textarea" and self._form is not None and given.get("name"):
            self._form.controls[given["name"] or ""].values = [text]
        elif tag == "select" and self._select is not None:
            if not self._select.values and not self._select.is_multiple and self._select.offered:
                self._select.values = [self._select.offered[0]]
            self._select = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if not any(tag in _SILENT for tag, _, _ in self._open):
            self._words.append(data)


class Browser:
    """One person's browser. Every address that it asks for is kept in `visited`, every header that came in `heard`."""

    def __init__(self, app: Flask, user: UserSummary, visited: list[str] | None = None) -> None:
        client = app.test_client()
        assert isinstance(client, Client)
        self.client = client
        self.user = user
        self.visited: list[str] = visited if visited is not None else []
        self.heard: list[tuple[str, str]] = []
        self.url = "/"
        self.response: TestResponse
        self.page = Page("")

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def place(self) -> str:
        return urlsplit(self.url).path

    def sign_in(self) -> "Browser":
        """Sign in through the page, as every morning."""
        self.open("/sign-in")
        self._both_steps()
        assert not self.place.startswith("/sign-in"), self.text
        return self

    def _both_steps(self) -> None:
        device = POCKET.of(self.user.id)
        self.press("Sign in", email=self.user.email, password=PASSWORD)
        self.press("Confirm", code=device.code())

    def open(self, url: str, *, expect: int = 200) -> "Browser":
        """Ask for an address, follow where it leads, and sign in anew where the session has ended."""
        self._ask("GET", url)
        if self.place == "/sign-in" and not url.startswith("/sign-in"):
            self._both_steps()
            if self.place != urlsplit(url).path:
                self._ask("GET", url)
        assert self.response.status_code == expect, f"{url}: {self.response.status_code} {self.text[:2000]}"
        return self

    def follow(self, text: str, *, nth: int = 0) -> "Browser":
        """Follow a link by its words, or by how they begin."""
        exact = [href for words, href in self.page.links if words == text]
        found = exact or [href for words, href in self.page.links if words.startswith(text)]
        assert found, f"no link {text!r} on {self.url}: {[words for words, _ in self.page.links]}"
        return self.open(urljoin(self.url, found[nth]))

    def offers(self, text: str) -> bool:
        """Tell whether a link or a button of these words stands on the page."""
        return any(words == text for words, _ in self.page.links) or any(f.has_button(text) for f in self.page.forms)

    def form_with(self, button: str, *, nth: int = 0) -> HtmlForm:
        found = [form for form in self.page.forms if form.has_button(button)]
        assert len(found) > nth, f"no form with {button!r} on {self.url}: {self.buttons}"
        return found[nth]

    @property
    def buttons(self) -> list[str]:
        return [button.text for form in self.page.forms for button in form.buttons]

    def press(self, button: str, *, nth: int = 0, expect: int = 200, **filled: Any) -> "Browser":
        """Fill the form of a button and press it; only what the form has can be filled, and only as it offers."""
        form = self.form_with(button, nth=nth)
        pressed = next(b for b in form.buttons if b.text == button)
        data = self._filled(form, filled)
        if pressed.name:
            data[pressed.name] = pressed.value
        target = urljoin(self.url, form.action or self.url)
        if form.method == "get":
            self._ask("GET", target, query_string=data)
        else:
            kind = "multipart/form-data" if any(c.kind == "file" for c in form.controls.values()) else None
            self._ask("POST", target, data=data, content_type=kind)
        assert self.response.status_code == expect, f"{button}: {self.response.status_code} {self.text[:3000]}"
        return self

    def _filled(self, form: HtmlForm, filled: Mapping[str, Any]) -> dict[str, Any]:
        missing = set(filled) - set(form.controls)
        assert not missing, f"the form on {self.url} has no {missing}, but {sorted(form.controls)}"
        data: dict[str, Any] = {}
        for name, control in form.controls.items():
            value = filled.get(name, control.values)
            values = value if isinstance(value, list) else [value]
            if name in filled and control.kind in ("select", "radio", "checkbox"):
                foreign = set(map(str, values)) - {*control.offered, ""}
                assert not foreign, f"{name} does not offer {foreign}, but {control.offered}"
            if values:
                data[name] = values if len(values) > 1 else values[0]
        return data

    def _ask(self, method: str, url: str, **options: Any) -> None:
        split = urlsplit(url)
        place = split.path + (f"?{split.query}" if split.query else "")
        self.visited.append(f"{method} {place}")
        self.response = self.client.open(place, method=method, **options)
        self.visited.extend(f"GET {step}" for step in _query_of(options))
        self.heard.extend(self.response.headers)
        for _ in range(5):
            if self.response.status_code not in (301, 302, 303, 307, 308):
                break
            place = urljoin(place, self.response.location)
            self.visited.append(f"GET {place}")
            self.response = self.client.get(place)
            self.heard.extend(self.response.headers)
        self.url = place
        is_page = self.response.mimetype == "text/html"
        self.page = Page(self.response.get_data(as_text=True) if is_page else "")


def _query_of(options: Mapping[str, Any]) -> Iterator[str]:
    query = options.get("query_string")
    if query:
        yield "&".join(f"{name}={value}" for name, value in query.items())
