"""Sign-in through the real page."""

from collections.abc import Callable

from ercms.accounts.service import UserSummary
from ercms.core.actor import Role
from tests.conftest import Client, csrf_token

MakeUser = Callable[..., UserSummary]


def test_a_user_signs_in_and_out(client: Client, make_user: MakeUser, sign_in: Callable[..., object]) -> None:
    user = make_user(Role.CASE_WORKER)
    sign_in(client, user)
    page = client.get("/account")
    assert page.status_code == 200
    assert user.display_name in page.text
    client.post("/sign-out", data={"csrf_token": csrf_token(page.text)})
    assert client.get("/account").status_code == 302
