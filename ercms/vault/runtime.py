"""Where services find the keyring and the file store of the application in hand.

The only module of the vault that knows Flask: the database session is bound to the application context already, and
the keys must be those of the same application.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from ercms.vault.keyring import KeyringFile
from ercms.vault.keys import Keyring

_NAME = "vault"


@dataclass(frozen=True, slots=True)
class VaultRuntime:
    """The vault's outside: its keyring file and its folder of sealed files."""

    keyring_file: KeyringFile
    files_path: Path


def bind(app: Flask, runtime: VaultRuntime) -> None:
    """Give an application its vault."""
    app.extensions[_NAME] = runtime


def keyring() -> Keyring:
    """Return the keys of the application in hand.

    Raises:
        KeyringUnavailable: the file is missing, open to others, or not a keyring.
    """
    return _current().keyring_file.keyring


def keyring_path() -> Path:
    """Return where the keyring file stands."""
    return _current().keyring_file.path


def files_path() -> Path:
    """Return the folder of sealed files."""
    return _current().files_path


def _current() -> VaultRuntime:
    runtime: VaultRuntime = current_app.extensions[_NAME]
    return runtime
