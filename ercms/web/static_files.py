"""Static files, served before Flask sees the request: our own, and Bootstrap's style sheet from its package."""

import importlib.util
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from ercms.web.security_headers import static_headers

PREFIX = "static/"
_A_YEAR = 365 * 24 * 3600


class BootstrapMissing(Exception):
    """The package that holds Bootstrap's files is not installed."""


def init_static_files(app: Flask) -> None:
    """Serve the static folder and Bootstrap; pages name each file with its digest, so browsers may keep it."""
    server = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix=PREFIX,
        max_age=_A_YEAR,
        allow_all_origins=False,
        add_headers_function=static_headers,
    )
    style = bootstrap_style()
    server.add_file_to_dictionary(f"/{PREFIX}bootstrap/{style.name}", str(style))
    app.wsgi_app = server  # type: ignore[method-assign]


def bootstrap_style() -> Path:
    """Return Bootstrap's style sheet, without importing the package around it.

    Raises:
        BootstrapMissing: with what to do.
    """
    spec = importlib.util.find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise BootstrapMissing("Bootstrap-Flask is not installed: run `pip install -r requirements.txt`.")
    return Path(spec.origin).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
