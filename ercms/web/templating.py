"""What templates may call: filters for dates, countries and labels, and the globals of the page frame."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, request, url_for
from flask_babel import get_locale, gettext
from jinja2 import StrictUndefined

from ercms.access.permissions import Permission
from ercms.web import labels
from ercms.web.localisation import HOME_ZONE, LANGUAGE_NAMES, current_language
from ercms.web.navigation import nav_items
from ercms.web.request_data import csrf_token
from ercms.web.route_guards import current_signed_in, may
from ercms.web.security_headers import csp_nonce

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
NOTHING = "–"


def init_templating(app: Flask) -> None:
    """Give the templates their filters, tests and globals; a variable that is missing is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(
        label=labels.label, day=day, instant=instant, country=country, language_name=language_name, tr=translated
    )
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        csrf_token=csrf_token,
        may=may,
        Permission=Permission,
        label_options=labels.options,
        country_options=country_options,
        has_endpoint=lambda endpoint: endpoint in app.view_functions,
    )
    app.context_processor(lambda: _frame(app))
    app.url_defaults(_stamp_static)


def day(value: date | None) -> str:
    """Write a day as dd.MM.yyyy, as all three languages read it here; an instant is taken in the zone of Baku."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(HOME_ZONE)).date()
    return value.strftime("%d.%m.%Y")


def instant(value: datetime | None) -> str:
    """Write an instant with day and time in the zone of Baku."""
    return NOTHING if value is None else value.astimezone(ZoneInfo(HOME_ZONE)).strftime("%d.%m.%Y %H:%M")


def country(code: str | None) -> str:
    """Write the name of a country in the language of the page; an unknown code stands for itself."""
    if not code:
        return NOTHING
    return _territories(current_language()).get(code, code)


def country_options(codes: Any = None) -> list[tuple[str, str]]:
    """Return (code, name) of these countries, or of all, sorted as the language of the page sorts them."""
    names = _territories(current_language())
    wanted = [code for code in names if len(code) == 2 and code.isalpha()] if codes is None else codes
    return sorted(((code, names.get(code, code)) for code in wanted), key=lambda pair: pair[1].casefold())


def language_name(code: str) -> str:
    """Write the name of a language: its own for the three of the pages, else in the language of the page."""
    locale = get_locale() or Locale("en")
    return LANGUAGE_NAMES.get(code) or locale.languages.get(code) or code


def translated(text: str) -> str:
    """Translate a text that was marked with `msg` below the web."""
    return gettext(text) if text else ""


@lru_cache(maxsize=8)
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


def _frame(app: Flask) -> dict[str, Any]:
    """Say what the frame of every page needs."""
    theme = request.cookies.get(THEME_COOKIE, "auto") if request else "auto"
    settings = app.config["SETTINGS"]
    signed_in = current_signed_in() if request else None
    return {
        "language": current_language(),
        "languages": [(code, LANGUAGE_NAMES[code]) for code in settings.languages],
        "theme": theme if theme in THEMES else "auto",
        "is_demonstration": settings.is_demonstration,
        "signed_in": signed_in,
        "nav": nav_items(app, signed_in.actor) if signed_in else [],
        "here": request.full_path.rstrip("?") if request and request.method == "GET" else url_for("web.home"),
    }


def _stamp_static(endpoint: str, values: dict[str, Any]) -> None:
    """Put a file's digest into its address, so that browsers may keep it."""
    if endpoint == "static" and "filename" in values and "v" not in values:
        stamp = _digest(values["filename"])
        if stamp:
            values["v"] = stamp


@lru_cache(maxsize=64)
def _digest(filename: str) -> str | None:
    path = Path(__file__).resolve().parent.parent / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None
