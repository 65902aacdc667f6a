"""Bind the vault to an application."""

from flask import Flask

from ercms.vault.keyring import KeyringFile
from ercms.vault.runtime import VaultRuntime, bind


def init_vault(app: Flask) -> None:
    """Give the application its keyring and its file store, as its settings name them.

    A missing keyring is not refused here, since `flask keys create` must run without one: `require_keyring` does.
    """
    settings = app.config["SETTINGS"]
    bind(app, VaultRuntime(KeyringFile(settings.keyring_path), settings.files_path))


def require_keyring(app: Flask) -> list[bytes]:
    """Refuse to go on without a sound keyring; return the session secrets, the present one first.

    Raises:
        KeyringUnavailable: with the way to mend it.
    """
    runtime: VaultRuntime = app.extensions["vault"]
    return runtime.keyring_file.keyring.session_secrets()
