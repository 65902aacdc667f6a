"""Passkeys (WebAuthn level 2): registered by name, used as the second factor or alone, with the user verified.

A passkey answers for one origin only, so that a false page gets nothing that would be taken here. The device's count of
uses must grow: an answer of a copy, or an old one, is refused.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ercms.accounts import service as accounts
from ercms.accounts import session_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.session_service import Begun, Proof, digest
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from ercms.factors import queries, service, step_service
from ercms.factors.enums import StepPurpose
from ercms.factors.models import Passkey, SignInStep

NOT_VERIFIED = msg("The passkey was not accepted. Try again, or sign in with password and code.")
FOREIGN_ORIGIN = msg("This passkey answered for another address than that of this system. Look at the address bar.")
TOO_LATE = msg("This took too long. Please try again.")
ALREADY_THERE = msg("This device is registered already.")

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """The one origin that passkeys are bound to."""

    origin: str

    @property
    def rp_id(self) -> str:
        """Return the host name, by which devices keep passkeys apart."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a passkey was not taken: a code for the audit, and the words for the person."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PasskeyEnd:
    """How a sign-in with a passkey ended."""

    begun: Begun | None = None
    message: str = ""


def begin_registration(*, actor: Actor, site: Site) -> tuple[str, str]:
    """Return the token for the browser, and the options for the device as JSON."""
    user = accounts.get_user(actor.user_id)
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=service.ISSUER,
        user_id=user.id.encode(),
        user_name=user.email,
        user_display_name=user.display_name,
        exclude_credentials=_descriptors(user.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )
    token = step_service.keep(purpose=StepPurpose.PASSKEY_REGISTRATION, user_id=user.id, challenge=options.challenge)
    return token, webauthn.options_to_json(options)


def register(*, actor: Actor, site: Site, token: str | None, name: str, response: str) -> Refusal | None:
    """Keep a passkey that a device made; return why not, which the caller commits too, since it is on record."""
    step = _take(token, StepPurpose.PASSKEY_REGISTRATION)
    if step is None or step.user_id != actor.user_id or step.challenge is None:
        return Refusal("step_over", TOO_LATE)
    refusal = _foreign(response, site)
    if refusal is not None:
        return _refuse(actor, refusal)
    try:
        made = webauthn.verify_registration_response(
            credential=response,
            expected_challenge=step.challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError):
        return _refuse(actor, Refusal("not_verified", NOT_VERIFIED))
    if queries.find_passkey(made.credential_id) is not None:
        return _refuse(actor, Refusal("already_registered", ALREADY_THERE))
    row = Passkey(
        id=new_id(),
        user_id=actor.user_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        is_synced=made.credential_backed_up,
        created_at=clock.now(),
    )
    db.session.add(row)
    service.record(actor, AuditAction.FACTOR_CHANGED, method="passkey", how="registered", passkey_id=row.id)
    return None


def remove(*, actor: Actor, passkey_id: str) -> None:
    """Remove one of one's own passkeys.

    Raises:
        NotFound: it is none of the actor's.
        RuleRefused: `last_factor`, nothing else would be left.
    """
    found = next((row for row in queries.list_passkeys(actor.user_id) if row.id == passkey_id), None)
    if found is None:
        raise NotFound
    state = service.state_of(actor.user_id)
    if state.totp_since is None and len(state.passkeys) == 1:
        raise RuleRefused("last_factor")
    db.session.delete(found)
    service.record(actor, AuditAction.FACTOR_CHANGED, method="passkey", how="removed", passkey_id=passkey_id)


def begin_sign_in(*, site: Site, step_token: str | None) -> tuple[str, str]:
    """Return the token for the browser and the options as JSON: for a second step, or for a sign-in with it alone."""
    step = step_service.find(step_token)
    user_id = step.user.id if step is not None else None
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        user_verification=_VERIFIED,
        allow_credentials=_descriptors(user_id) if user_id is not None else None,
    )
    token = step_service.keep(purpose=StepPurpose.PASSKEY_SIGN_IN, user_id=user_id, challenge=options.challenge)
    return token, webauthn.options_to_json(options)


def sign_in(
    *, site: Site, token: str | None, step_token: str | None, response: str, address: str | None, request_id: str | None
) -> PasskeyEnd:
    """Judge a passkey and begin the session; the caller commits a refusal too, since it is on record."""
    step = _take(token, StepPurpose.PASSKEY_SIGN_IN)
    if step is None or step.challenge is None:
        return PasskeyEnd(message=TOO_LATE)
    passkey = queries.find_passkey(_credential_id(response))
    if passkey is None or (step.user_id is not None and step.user_id != passkey.user_id):
        return PasskeyEnd(message=NOT_VERIFIED)
    user = accounts.get_user(passkey.user_id)
    actor = accounts.get_actor(user.id, address=address, request_id=request_id)
    refusal = _foreign(response, site) or _wrong(passkey, step.challenge, response, site)
    if refusal is None and not (user.is_active and accounts.get_organisation(user.organisation_id).is_active):
        refusal = Refusal("disabled", NOT_VERIFIED)
    if refusal is not None:
        return PasskeyEnd(message=_refuse(actor, refusal).message)
    second = step_service.find(step_token) if step.user_id is not None else None
    if second is not None:
        proof = Proof(second.method, SecondFactor.PASSKEY)
        return PasskeyEnd(begun=step_service.finish(actor=actor, token=step_token, proof=proof))
    proof = Proof(SignInMethod.PASSKEY, SecondFactor.PASSKEY)
    where = {"address": address, "request_id": request_id}
    return PasskeyEnd(begun=session_service.begin(user_id=user.id, proof=proof, **where))


def begin_proof(*, actor: Actor, site: Site) -> tuple[str, str]:
    """Return the token for the browser and the options as JSON, for a fresh proof of whoever is signed in."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, user_verification=_VERIFIED, allow_credentials=_descriptors(actor.user_id)
    )
    token = step_service.keep(purpose=StepPurpose.PASSKEY_PROOF, user_id=actor.user_id, challenge=options.challenge)
    return token, webauthn.options_to_json(options)


def check_proof(*, actor: Actor, site: Site, token: str | None, response: str) -> Refusal | None:
    """Judge a passkey as a fresh proof; return why not, which the caller commits too, since it is on record.

    The challenge must have been given to this very person for a proof, and the passkey must be one of theirs.
    """
    step = _take(token, StepPurpose.PASSKEY_PROOF)
    if step is None or step.user_id != actor.user_id or step.challenge is None:
        return _refuse(actor, Refusal("step_over", TOO_LATE))
    passkey = queries.find_passkey(_credential_id(response))
    if passkey is None or passkey.user_id != actor.user_id:
        return _refuse(actor, Refusal("not_own_passkey", NOT_VERIFIED))
    refusal = _foreign(response, site) or _wrong(passkey, step.challenge, response, site)
    return None if refusal is None else _refuse(actor, refusal)


def _wrong(passkey: Passkey, challenge: bytes, response: str, site: Site) -> Refusal | None:
    try:
        answer = webauthn.verify_authentication_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError):
        return Refusal("not_verified", NOT_VERIFIED)
    passkey.sign_count, passkey.last_used_at = answer.new_sign_count, clock.now()
    return None


def _foreign(response: str, site: Site) -> Refusal | None:
    """Tell apart what answered for another origin: that is a sign of a false page, and worth plain words."""
    try:
        client = json.loads(base64url_to_bytes(json.loads(response)["response"]["clientDataJSON"]))
        origin = client["origin"]
    except (ValueError, KeyError, TypeError):
        return Refusal("not_verified", NOT_VERIFIED)
    return None if origin == site.origin else Refusal("foreign_origin", FOREIGN_ORIGIN)


def _credential_id(response: str) -> bytes:
    try:
        return base64url_to_bytes(json.loads(response)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("passkey_malformed") from error


def _take(token: str | None, purpose: StepPurpose) -> SignInStep | None:
    """Return what was begun, and see to it that its challenge serves this once."""
    step = step_service.take(token, purpose)
    if step is not None and token is not None:
        db.session.execute(delete(SignInStep).where(SignInStep.token_hash == digest(token)))
        db.session.expunge(step)
    return step


def _refuse(actor: Actor, refusal: Refusal) -> Refusal:
    service.record(actor, AuditAction.FACTOR_REFUSED, method="passkey", reason_code=refusal.code)
    return refusal


def _descriptors(user_id: str) -> list[Any]:
    return [PublicKeyCredentialDescriptor(id=row.credential_id) for row in queries.list_passkeys(user_id)]
