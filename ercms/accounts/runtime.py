"""What the domain takes from the application in hand: the cost of passwords and the length of sessions."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from flask import Flask, current_app

_NAME = "accounts"


@dataclass(frozen=True, slots=True)
class AccountsRuntime:
    """The hasher, a decoy hash for accounts that do not exist, and how long things last.

    `idle` and `absolute` end a session, `fresh` ends a proof of who somebody is, `one_time` an unused one-time secret.
    """

    hasher: PasswordHasher
    decoy: str
    idle: timedelta
    absolute: timedelta
    fresh: timedelta
    one_time: timedelta


def init_accounts(app: Flask) -> None:
    """Give an application its accounts, as its settings say."""
    settings = app.config["SETTINGS"]
    hasher = PasswordHasher(
        time_cost=settings.argon2_time_cost,
        memory_cost=settings.argon2_memory_kib,
        parallelism=settings.argon2_parallelism,
    )
    app.extensions[_NAME] = AccountsRuntime(
        hasher=hasher,
        decoy=hasher.hash(secrets.token_hex(16)),
        idle=timedelta(minutes=settings.idle_minutes),
        absolute=timedelta(hours=settings.session_hours),
        fresh=timedelta(minutes=settings.proof_minutes),
        one_time=timedelta(hours=settings.one_time_hours),
    )


def runtime() -> AccountsRuntime:
    """Return the accounts of the application in hand."""
    found: AccountsRuntime = current_app.extensions[_NAME]
    return found
