"""A fresh proof by passkey: one's own, for this page, once; anything else is refused in words and on record."""

from collections.abc import Callable
from typing import Any

import pytest

from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.factors import passkey_service
from tests.conftest import TODAY, Client
from tests.passkey_device import PasskeyDevice
from tests.unit.ercms.factors.test_fresh_proof import LATER, post

ORIGIN = "http://localhost"
ACT = "/admin/keys/session/rotate"
USER_PRESENT_ONLY = 0x01


@pytest.fixture
def administrator(client: Client, make_user: Callable[..., UserSummary], sign_in: Callable[..., object]) -> UserSummary:
    user = make_user(Role.ADMINISTRATOR)
    with clock.fixed(TODAY):
        sign_in(client, user)
    return user


def options(client: Client, address: str = "/account/proof/passkey/options") -> dict[str, Any]:
    found: dict[str, Any] = post(client, address).json
    return found


def acts(user: UserSummary) -> list[tuple[AuditAction, Any]]:
    lines = audit.history(chain=audit.organisation_chain(user.organisation_id))
    kept = {AuditAction.FACTOR_REFUSED: "reason_code", AuditAction.REAUTHENTICATED: "method"}
    return [(line.action, line.payload[kept[line.action]]) for line in lines if line.action in kept]


def test_a_passkey_of_ones_own_is_a_fresh_proof(client: Client, administrator: UserSummary) -> None:
    device = PasskeyDevice().belongs_to(administrator.id)
    with clock.fixed(LATER):
        asked = post(client, ACT)
        assert asked.status_code == 403
        assert "Confirm with a passkey" in asked.text
        answer = device.answer(options(client), ORIGIN)
        assert post(client, ACT, **{"proof-passkey": answer}).status_code == 302
        # The proof holds for a while: the next act asks for none.
        assert post(client, ACT).status_code == 302
    assert acts(administrator) == [(AuditAction.REAUTHENTICATED, "passkey")]


def test_what_is_no_fresh_proof_is_refused_in_words_and_on_record(
    client: Client, administrator: UserSummary, make_user: Callable[..., UserSummary]
) -> None:
    device = PasskeyDevice().belongs_to(administrator.id)
    others = PasskeyDevice().belongs_to(make_user(Role.ADMINISTRATOR).id)
    with clock.fixed(LATER):

        def refused(answer: str) -> str:
            page = post(client, ACT, **{"proof-passkey": answer})
            assert page.status_code == 403
            return page.text

        elsewhere = device.answer(options(client), "https://ercms.example.net")
        assert passkey_service.FOREIGN_ORIGIN in refused(elsewhere)
        right = device.answer(options(client), ORIGIN)
        options(client)
        assert passkey_service.NOT_VERIFIED in refused(right), "an answer to a former challenge"
        assert passkey_service.TOO_LATE in refused(right), "a challenge serves once"
        assert passkey_service.NOT_VERIFIED in refused(others.answer(options(client), ORIGIN))
        untouched = device.answer(options(client), ORIGIN, flags=USER_PRESENT_ONLY)
        assert passkey_service.NOT_VERIFIED in refused(untouched), "the user was not verified"
        for_signing_in = device.answer(options(client, "/sign-in/passkey/options"), ORIGIN)
        assert passkey_service.TOO_LATE in refused(for_signing_in), "a challenge of another purpose"
    assert [reason for _, reason in acts(administrator)] == [
        "foreign_origin",
        "not_verified",
        "step_over",
        "not_own_passkey",
        "not_verified",
        "step_over",
    ]
