"""The language of a page: the reader's own, else the session's, else the browser's, else the installation's."""

from typing import Any

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import get_locale

from ercms.extensions import babel
from ercms.web.route_guards import current_signed_in

HOME_ZONE = "Asia/Baku"
LANGUAGE_NAMES = {"az": "Azərbaycanca", "en": "English", "ru": "Русский"}

# Plain English counts its dates month first; everybody who reads it here does not.
_REGIONAL = {"en": "en_GB"}


def init_localisation(app: Flask) -> None:
    """Give the application its languages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/translations"
    babel.init_app(app, locale_selector=_locale, timezone_selector=lambda: HOME_ZONE)


def current_language() -> str:
    """Return the language of the present page, `az`, `en` or `ru`."""
    locale = get_locale()
    default: str = current_app.config["SETTINGS"].default_language
    return str(locale.language) if locale is not None else default


def _locale() -> str:
    language = _language()
    return _REGIONAL.get(language, language)


def _language() -> str:
    settings: Any = current_app.config["SETTINGS"]
    if not has_request_context():
        default: str = settings.default_language
        return default
    signed_in = current_signed_in()
    for candidate in (signed_in.user.locale if signed_in else None, session.get("language")):
        if candidate in settings.languages:
            return str(candidate)
    return request.accept_languages.best_match(settings.languages) or settings.default_language
