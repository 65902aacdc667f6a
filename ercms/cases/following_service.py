"""What follows a move of a case at once, in its own transaction.

A domain that builds on cases cannot be named by them. It names a function here, and its records never say for a moment
that they wait for what has been decided.
"""

from typing import Protocol

from ercms.cases.models import Case
from ercms.core.actor import Actor


class Follower(Protocol):
    """A function that brings the records of a domain after a case that has just changed its state."""

    def __call__(self, *, actor: Actor, case: Case) -> None:
        """Follow; the move has been allowed and made, and is committed together with this."""


_followers: dict[str, Follower] = {}


def register_follower(name: str, follower: Follower) -> None:
    """Name a follower; naming the same one again changes nothing.

    Raises:
        ValueError: the name stands for another one already.
    """
    if _followers.setdefault(name, follower) is not follower:
        raise ValueError(f"there is another follower named {name}")


def follow(*, actor: Actor, case: Case) -> None:
    """Let every domain follow a case that has just changed its state."""
    for follower in _followers.values():
        follower(actor=actor, case=case)
