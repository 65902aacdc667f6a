"""The way in through an identity provider: begun here, answered there, and judged here again.

Between the three steps stand calls over HTTP, which no transaction waits for: each step is a transaction of the
caller's, and the calls stand between them.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete

from ercms.accounts import service as accounts
from ercms.accounts import session_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.session_service import CLOCK_SLACK, Begun, Proof, digest
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock, jobs
from ercms.core.actor import SYSTEM
from ercms.core.db_types import new_id
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.providers import client, queries
from ercms.providers.client import Metadata
from ercms.providers.enums import Flaw, SecondStep
from ercms.providers.models import IdentityProvider, ProviderStep, ProviderSubject
from ercms.providers.runtime import runtime
from ercms.providers.tokens import Expected, Identity, TokenRefused, identify
from ercms.vault import sealed_secrets

STEP_LASTS = timedelta(minutes=10)
WAITING_IS_KEPT = timedelta(days=30)
MOST_WAITING = 200
"""So many subjects of one provider wait for their link at most; a provider that invents more fills no table."""
SECRET_USE = "identity_provider"  # noqa: S105 - the name of a use, not a secret


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider, as the sign-in page offers it."""

    id: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser goes, and the state that it keeps until it comes back."""

    address: str
    state: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Begin:
    """A sign-in that was begun: what of it the token must repeat, and how the provider knows us."""

    provider_id: str
    issuer: str
    client_id: str
    secret: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a sign-in ended: with a session, with somebody whose second factor is asked, or with a flaw.

    `mark` is what somebody without a link tells the administrator.
    """

    begun: Begun | None = None
    user_id: str | None = None
    flaw: Flaw | None = None
    mark: str = ""


def register_jobs() -> None:
    """Name the recurring job of this domain."""
    jobs.register_job("provider_sign_ins_clearing", timedelta(days=1), clear)


def clear() -> None:
    """Delete sign-ins that nobody finished, and subjects that nobody linked."""
    with unit_of_work():
        now = clock.now()
        db.session.execute(delete(ProviderStep).where(ProviderStep.begun_at < now - STEP_LASTS))
        waiting = (ProviderSubject.user_id.is_(None), ProviderSubject.seen_at < now - WAITING_IS_KEPT)
        db.session.execute(delete(ProviderSubject).where(*waiting))


def list_choices() -> tuple[Choice, ...]:
    """Return the providers through which one may sign in now, by the name of their organisation."""
    rows = queries.list_providers(enabled_only=True)
    names = accounts.organisation_names(row.organisation_id for row in rows) if rows else {}
    return tuple(sorted((Choice(row.id, names[row.organisation_id]) for row in rows), key=lambda one: one.organisation))


def metadata_of(*, provider_id: str) -> Metadata:
    """Return what a provider in use says of itself; this calls it.

    Raises:
        NotFound: there is none of this identifier in use.
        TokenRefused: it cannot be read, or it is not what was entered.
    """
    return client.discover(_in_use(provider_id).issuer, runtime().limits)


def depart(*, provider_id: str, metadata: Metadata) -> Departure:
    """Begin a sign-in: keep what the answer must repeat, and return where the browser goes."""
    provider = _in_use(provider_id)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    db.session.add(
        ProviderStep(
            state_hash=digest(state), provider_id=provider.id, nonce=nonce, verifier=verifier, begun_at=clock.now()
        )
    )
    db.session.flush()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": provider.client_id,
        "redirect_uri": return_address(provider.id),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "max_age": int(runtime().fresh.total_seconds()),
    }
    organisation = accounts.get_organisation(provider.organisation_id).name
    return Departure(f"{metadata.authorization_endpoint}?{urlencode(asked)}", state, organisation)


def take(*, provider_id: str, state: str | None, kept: str | None) -> Begin | None:
    """Return what was begun with this state, which serves once; None when this browser began nothing of the kind.

    `kept` is the state that the browser kept: an answer that somebody else obtained belongs to another browser.
    """
    row = queries.find_step(digest(state)) if state and kept and secrets.compare_digest(state, kept) else None
    if row is None:
        return None
    age = clock.now() - row.begun_at
    nonce, verifier, begun_at = row.nonce, row.verifier, row.provider_id
    db.session.execute(delete(ProviderStep).where(ProviderStep.state_hash == row.state_hash))
    db.session.expunge(row)
    if begun_at != provider_id or not -CLOCK_SLACK <= age < STEP_LASTS:
        return None
    provider = _in_use(provider_id)
    secret = sealed_secrets.open_secret(secret_id=provider.secret_id, use=SECRET_USE).decode()
    return Begin(provider.id, provider.issuer, provider.client_id, secret, nonce, verifier)


def ask(*, begin: Begin, code: str | None, named_issuer: str | None) -> Identity:
    """Redeem a code and judge the token; this calls the provider.

    Raises:
        TokenRefused: the answer is another issuer's, the code is not taken, or the token does not hold.
    """
    if named_issuer is not None and named_issuer != begin.issuer:
        raise TokenRefused(Flaw.WRONG_ISSUER)
    if not code:
        raise TokenRefused(Flaw.DECLINED)
    limits = runtime().limits
    metadata = client.discover(begin.issuer, limits)
    if metadata.names_itself and named_issuer is None:
        raise TokenRefused(Flaw.WRONG_ISSUER)
    token = client.redeem(
        metadata,
        code=code,
        verifier=begin.verifier,
        redirect_uri=return_address(begin.provider_id),
        client_id=begin.client_id,
        secret=begin.secret,
        limits=limits,
    )
    expected = Expected(begin.issuer, begin.client_id, begin.nonce, clock.now(), runtime().fresh)
    return identify(token, client.keys(metadata, limits), expected)


def arrive(*, provider_id: str, identity: Identity, address: str | None, request_id: str | None) -> Arrival:
    """Let somebody in whom a provider vouched for, if an administrator linked the subject to an account.

    No account comes from a token: a subject without a link waits, and whose it is, a person says. The caller commits a
    refusal too, since it is on record.
    """
    provider = _in_use(provider_id)
    where = {"address": address, "request_id": request_id}
    row = queries.find_subject(provider.id, identity.subject)
    if row is None or row.user_id is None:
        _let_wait(provider, identity.subject, row)
        refuse(provider_id=provider.id, flaw=Flaw.UNLINKED, **where)
        return Arrival(flaw=Flaw.UNLINKED, mark=mark_of(provider.id, identity.subject))
    user = accounts.get_user(row.user_id)
    organisation = accounts.get_organisation(user.organisation_id)
    if not (user.is_active and organisation.is_active) or organisation.id != provider.organisation_id:
        refuse(provider_id=provider.id, flaw=Flaw.ACCOUNT_CLOSED, user_id=user.id, **where)
        return Arrival(flaw=Flaw.ACCOUNT_CLOSED)
    row.seen_at = clock.now()
    agreed = set(provider.second_values.split())
    if provider.second_step is SecondStep.PROVIDERS and agreed & identity.means:
        proof = Proof(SignInMethod.IDENTITY_PROVIDER, SecondFactor.IDENTITY_PROVIDER)
        return Arrival(begun=session_service.begin(user_id=user.id, proof=proof, **where))
    return Arrival(user_id=user.id)


def refuse(
    *, provider_id: str, flaw: Flaw, address: str | None, request_id: str | None, user_id: str | None = None
) -> None:
    """Put on record that a sign-in through a provider was refused, in the chain of the provider's organisation.

    One that is not there is not named: what stands in an address is anybody's text.
    """
    provider = queries.find_provider(provider_id)
    known = {} if provider is None else {"provider_id": provider.id}
    audit.record(
        actor=replace(SYSTEM, channel="web", address=address, request_id=request_id),
        action=AuditAction.PROVIDER_REFUSED,
        chain=audit.organisation_chain(None if provider is None else provider.organisation_id),
        record_type="identity_provider" if user_id is None else "user",
        record_id=user_id or known.get("provider_id", "unknown"),
        payload={**known, "reason_code": flaw},
        result="refused",
    )


def return_address(provider_id: str) -> str:
    """Return where a provider sends people back to: an address of its own, so that no two are mixed up."""
    return f"{runtime().base_url}/sign-in/provider/{provider_id}/return"


def mark_of(provider_id: str, subject: str) -> str:
    """Return the short mark of a subject, which a person reads out and an administrator compares: 40 bits."""
    made = hashlib.sha256(f"{provider_id}\n{subject}".encode()).digest()
    text = base64.b32encode(made[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def _let_wait(provider: IdentityProvider, subject: str, row: Any) -> None:
    if row is not None:
        row.seen_at = clock.now()
    elif queries.count_waiting(provider.id) < MOST_WAITING:
        db.session.add(ProviderSubject(id=new_id(), provider_id=provider.id, subject=subject, seen_at=clock.now()))
    db.session.flush()


def _in_use(provider_id: str) -> IdentityProvider:
    provider = queries.get_provider(provider_id)
    if not provider.is_enabled or not accounts.get_organisation(provider.organisation_id).is_active:
        raise NotFound
    return provider
