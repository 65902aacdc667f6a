"""What is looked at on each page: axe, the console, and whether a narrow screen has to scroll sideways."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.browser.chromium import Axe

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}

# Places that tell one page of an endpoint from another; references and numbers of records do not.
_TELLING = ("tab", "section", "trigger", "kind")

_DOORS = ("accounts.sign_in_page", "factors.second_step")

_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth <= width) return [];
  const end = (element) => element.getBoundingClientRect().right;
  const found = [...document.querySelectorAll("body *")]
    .filter((element) => (end(element) > width + 1 || element.scrollWidth > width) && !scrolls(element));
  return [...found, document.documentElement]
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} ends at ${end(element)}`);
}"""


@dataclass
class Inspection:
    """Everything seen so far; each page is looked at once for each role, language and look.

    The doors are the same for every role and in every test: `doors` is shared by the tests of a run.
    """

    app: Flask
    doors: set[tuple[str, ...]] = field(default_factory=set)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def look(self, tab: Any, role: str, *beside: str, with_axe: bool = True) -> None:
        """Look at the page that a browser shows, unless this page was looked at before.

        Without axe, only whether it fits: what axe finds hangs on the page and its colours, not on the language.

        Raises:
            AssertionError: with every fault of the page.
        """
        name = self._name(tab.url)
        seen = self.doors if name[0] in _DOORS else self.seen
        name = (*name, *(() if seen is self.doors else (role,)), *beside)
        if name in seen:
            return
        seen.add(name)
        faults = [*(_axe_faults(tab) if with_axe else ()), *_overflow_faults(tab)]
        assert not faults, "\n".join([f"on {tab.url} {name}:", *faults])

    def _name(self, url: str) -> tuple[str, ...]:
        path = urlsplit(url).path
        places = self.app.url_map.bind("")
        for method in ("GET", "POST"):
            try:
                endpoint, values = places.match(path, method=method)
            except HTTPException:
                continue
            return (endpoint, *(str(values[one]) for one in _TELLING if one in values))
        return (path,)


def _axe_faults(tab: Any) -> list[str]:
    # What passed is not wanted, and listing it takes as long again; style sheets of other addresses there are none.
    found = Axe().run(tab, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [
        f"axe {one['id']}: {one['help']}: {node['html'][:300]} ({'; '.join(node['failureSummary'].split(chr(10)))})"
        for one in found
        for node in one["nodes"][:5]
    ]


def _overflow_faults(tab: Any) -> list[str]:
    tab.set_viewport_size(NARROW)
    faults = tab.evaluate(_OVERFLOW)
    tab.set_viewport_size(WIDE)
    return [f"wider than {NARROW['width']} pixels: {one}" for one in faults[:5]]
