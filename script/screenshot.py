"""Take the picture of the case page that the README shows.

Started by `script/screenshot`, once the packages are there.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from config import ROOT

PICTURE = ROOT / "docs" / "images" / "case-page.png"
SIZE = {"width": 1280, "height": 1000}
CASES = "60"
SECONDS_TO_START = 60


def main() -> int:
    """Make a demonstration, open a case in it, and keep the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _serving(Path(folder) / "instance") as address,
        sync_playwright() as play,
    ):
        # Build machines run as root in a container, where Chromium's own sandbox cannot start.
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport=SIZE, color_scheme="light", locale="en-GB")
        _open_case(page)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"==> {PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size // 1024} kB", file=sys.stderr)
    return 0


def _open_case(page: Page) -> None:
    """Sign in as a case worker and open a case whose reply is owed and not yet late."""
    page.goto("/sign-in")
    page.locator(".language-switch button[value=en]").click()
    page.get_by_role("button", name="Case worker").first.click()
    page.locator(".language-switch button[value=en]").click()
    page.goto("/queue?state=under_verification&kind=own_national&assigned=me")
    page.locator("tr", has=page.locator(".badge-calm")).first.locator("a.reference").click()
    page.locator(".clock summary", has_text="Reply to the application").click()


@contextmanager
def _serving(instance: Path) -> Iterator[str]:
    port = _free_port()
    environment = {**os.environ, "ERCMS_INSTANCE": str(instance), "PORT": str(port)}
    make = [sys.executable, "-m", "flask", "--app", "wsgi", "demonstration", "make", "--cases", CASES]
    subprocess.run(make, check=True, env=environment, cwd=ROOT)
    serve = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    process = subprocess.Popen([*serve, "--threads", "4", "--no-control-socket", "wsgi:app"], env=environment, cwd=ROOT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {SECONDS_TO_START} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
