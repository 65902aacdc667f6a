"""The scenes of reintegration: offered, consented to, taken on, reported on, ended."""

from collections.abc import Callable
from datetime import timedelta

from ercms.core.actor import Actor
from ercms.demonstration.data import load
from ercms.demonstration.play import Play, read
from ercms.reintegration import partner_service, queries
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, ServiceState, SharedField
from ercms.reintegration.schemas import ProgressReport, ReferralFinish, ServiceEntry
from workflows.readmission import CaseTrigger
from workflows.referral import is_finished

T = CaseTrigger
_CONSENT_WEEKS = 60


def _offer(play: Play) -> None:
    areas = play.chance.sample(list(AssistanceArea), play.chance.randint(1, 3))
    play.act(play.case_worker, T.OFFER_REFERRAL, areas=[area.value for area in areas], note=play.text("needs"))


def _decline(play: Play) -> None:
    play.act(play.case_worker, T.DECLINE_REFERRAL, note=play.text("declined"))


def _refer(play: Play) -> None:
    others = [partner for partner in play.world.partners if partner is not play.partner]
    play.partner = play.chance.choice(others)
    always = {SharedField.FULL_NAME, SharedField.PHONE, SharedField.LANGUAGES}
    shared = [one for one in SharedField if one in always or play.chance.random() < 0.6]
    play.act(
        play.case_worker,
        T.REFER,
        partner_id=play.partner.id,
        consent_purpose=ConsentPurpose.REINTEGRATION_SUPPORT.value,
        consented_fields=[one.value for one in shared],
        consented_on=play.on.isoformat(),
        consent_until=(play.on + timedelta(weeks=_CONSENT_WEEKS)).isoformat(),
        consent_note=play.text("consent"),
    )


def _return(play: Play) -> None:
    play.act(_helper(play), T.RETURN_REFERRAL, reason=play.text("returned"))


def _start(play: Play) -> None:
    play.act(_helper(play), T.START_REINTEGRATION, note=play.text("first_steps"))


def _revoke(play: Play) -> None:
    play.act(play.case_worker, T.REVOKE_CONSENT, note=play.text("revoked"))


def _services(play: Play) -> None:
    offered = load("texts")["services"]
    for area in play.chance.sample(list(AssistanceArea), play.chance.randint(1, 3)):
        state = play.chance.choice((ServiceState.PLANNED, ServiceState.ONGOING, ServiceState.DELIVERED))
        values = {"area": area.value, "state": state.value, "description": play.chance.choice(offered[area.value])}
        if state is ServiceState.DELIVERED:
            values["provided_on"] = play.on.isoformat()
        partner_service.add_service(
            actor=_helper(play), referral_id=_referral_id(play), values=read(ServiceEntry(), values)
        )


def _report(play: Play) -> None:
    values = read(ProgressReport(), {"text": play.text("report")})
    partner_service.add_report(actor=_helper(play), referral_id=_referral_id(play), values=values)


def _finish(play: Play) -> None:
    outcome = play.chance.choice((ReferralOutcome.SUSTAINED, ReferralOutcome.PARTLY_ACHIEVED))
    values = read(ReferralFinish(), {"outcome": outcome.value, "text": play.text("final_report")})
    partner_service.finish_referral(actor=_helper(play), referral_id=_referral_id(play), values=values)


def _helper(play: Play) -> Actor:
    partner = play.partner or play.world.partners[0]
    return partner.officers[play.slot.position % len(partner.officers)]


def _referral_id(play: Play) -> str:
    return next(one.id for one in queries.list_of_case(play.case_id) if not is_finished(one.state))


SCENES: dict[str, Callable[[Play], None]] = {
    "offer_referral": _offer,
    "decline_referral": _decline,
    "refer": _refer,
    "return_referral": _return,
    "start_reintegration": _start,
    "revoke_consent": _revoke,
    "services": _services,
    "report": _report,
    "finish": _finish,
}
