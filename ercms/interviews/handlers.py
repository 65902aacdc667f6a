"""What of interviews follows from elsewhere."""

from ercms.cases import following_service
from ercms.interviews import service


def register() -> None:
    """Let interviews follow the move of their case."""
    following_service.register_follower("interviews", service.follow_case)
