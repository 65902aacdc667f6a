"""The door: what gunicorn and the `flask` command load."""

from config import Settings
from ercms.app import create_app

app = create_app(Settings.from_env())
