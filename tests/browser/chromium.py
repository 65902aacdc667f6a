"""Whether this machine has a real browser, and how it is started."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ModuleNotFoundError:
    Axe = sync_playwright = None

PROGRAM = shutil.which("chromium")


def _missing() -> str:
    if PROGRAM is None:
        return "no chromium is on the PATH (on Debian: apt-get install chromium)"
    if sync_playwright is None:
        return "playwright is not installed (pip install -r requirements-browser.txt; script/test does it)"
    return ""


# Put on every module of tests in a browser: a machine without one leaves them out, and says why.
in_a_browser = [pytest.mark.browser, pytest.mark.skipif(bool(_missing()), reason=_missing())]


@contextmanager
def running() -> Iterator[Any]:
    """Start a Chromium without a window and stop it at the end."""
    with sync_playwright() as playwright:
        # Build machines run as root in a container, where Chromium's own sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
