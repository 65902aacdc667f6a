"""What every template keeps to, so that the content policy and the form tokens hold on each page."""

import re
from pathlib import Path

import pytest

from tests.architecture import source

TEMPLATES = source.ROOT / "templates"
PAGES = [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".svg", ".xml", ".txt"}]
HTML = [path for path in PAGES if path.suffix == ".html" and "email" not in path.parts]

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
POST_FORM = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post\b.*?</form>", re.DOTALL | re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
STYLE = re.compile(r"<style\b|<[a-z][^>]*\sstyle\s*=", re.IGNORECASE)
ELSEWHERE = re.compile(r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
# The macros that put the token into a form themselves.
TOKEN = re.compile(r"csrf_token|csrf_field|\bcsrf\(\)")


def _text(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def _refuse(paths: list[Path], pattern: re.Pattern[str], what: str) -> None:
    source.refuse(
        [
            f"{path.relative_to(source.ROOT)}:{_text(path)[: match.start()].count(chr(10)) + 1} {what}"
            for path in paths
            for match in pattern.finditer(_text(path))
        ]
    )


def test_every_form_that_changes_something_carries_the_token() -> None:
    source.refuse(
        [
            f"{path.relative_to(source.ROOT)} has a form without the token: {match.group(0)[:80]}"
            for path in HTML
            for match in POST_FORM.finditer(_text(path))
            if not TOKEN.search(match.group(0))
        ]
    )


def test_no_template_holds_a_script() -> None:
    source.refuse(
        [
            f"{path.relative_to(source.ROOT)} has a script of its own"
            for path in HTML
            for match in SCRIPT.finditer(_text(path))
            if "src=" not in match["attributes"] and "application/json" not in match["attributes"]
        ]
    )


def test_no_template_holds_a_style() -> None:
    _refuse(HTML, STYLE, "has a style of its own")


def test_no_template_holds_an_event_handler() -> None:
    _refuse(HTML, HANDLER, "has an event handler")


def test_no_page_loads_anything_from_elsewhere() -> None:
    _refuse(HTML, ELSEWHERE, "points to another site")


@pytest.mark.parametrize("way_round", [r"\|\s*safe\b", r"autoescape\s+false", r"\bMarkup\(", r"\|\s*forceescape\b"])
def test_no_template_goes_round_the_escaping(way_round: str) -> None:
    _refuse(PAGES, re.compile(way_round), "goes round the escaping")


def test_templates_do_not_reach_into_the_application() -> None:
    _refuse(PAGES, re.compile(r"\bcurrent_user\b|\bconfig\[|\bconfig\."), "reads more than it was given")
