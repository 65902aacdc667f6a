"""The door: what gunicorn and the `flask` command load."""

from ercms.app import create_app

from config import Settings

app = create_app(Settings.from_env())
