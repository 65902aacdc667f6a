"""A fresh proof during a session: who is signed in shows both factors again before an act that asks for it."""

from dataclasses import dataclass
from datetime import datetime

from ercms.accounts import session_service, sign_in_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.session_service import Proof
from ercms.accounts.sign_in_service import Outcome
from ercms.core.actor import Actor
from ercms.core.text import msg
from ercms.factors import passkey_service, service
from ercms.factors.enums import Verdict
from ercms.factors.passkey_service import Site

WRONG_PASSWORD = msg("This is not your present password.")


@dataclass(frozen=True, slots=True)
class ProofEnd:
    """How a fresh proof ended; what is wrong with which field, or with none of them, or how long to wait."""

    is_proven: bool = False
    field: str = ""
    message: str = ""
    locked_until: datetime | None = None


def prove(*, actor: Actor, token: str, password: str, code: str) -> ProofEnd:
    """Check the password and a code of whoever is signed in, and note the fresh proof in the session.

    The caller commits a failure too, since it is counted. A code is judged only after the right password, so that it
    is not used up by a slip in the other field.
    """
    attempt = sign_in_service.prove(actor=actor, password=password)
    if attempt.outcome is Outcome.LOCKED:
        return ProofEnd(locked_until=attempt.locked_until)
    if attempt.outcome is not Outcome.SUCCEEDED:
        return ProofEnd(field="proof-password", message=WRONG_PASSWORD)
    checked = service.check_code(actor=actor, code=code)
    if checked.verdict is Verdict.LOCKED:
        return ProofEnd(locked_until=checked.locked_until)
    if checked.verdict is not Verdict.ACCEPTED:
        return ProofEnd(field="proof-code", message=service.told(checked.verdict))
    sign_in_service.forget_failures(actor=actor)
    session_service.prove_again(actor=actor, token=token, proof=Proof(SignInMethod.PASSWORD, checked.factor))
    return ProofEnd(is_proven=True)


def prove_by_passkey(*, actor: Actor, token: str, site: Site, step_token: str | None, response: str) -> ProofEnd:
    """Take a passkey of whoever is signed in for a proof: with the user verified it is both factors in one."""
    refusal = passkey_service.check_proof(actor=actor, site=site, token=step_token, response=response)
    if refusal is not None:
        return ProofEnd(message=refusal.message)
    sign_in_service.forget_failures(actor=actor)
    session_service.prove_again(actor=actor, token=token, proof=Proof(SignInMethod.PASSKEY, SecondFactor.PASSKEY))
    return ProofEnd(is_proven=True)


def prove_by_click(*, actor: Actor, token: str) -> ProofEnd:
    """Take one click for a proof; that this is a demonstration on loopback is the caller's to check."""
    proof = Proof(SignInMethod.DEMONSTRATION, SecondFactor.DEMONSTRATION)
    session_service.prove_again(actor=actor, token=token, proof=proof)
    return ProofEnd(is_proven=True)
