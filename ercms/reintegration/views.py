"""The pages of a reintegration partner: the referrals granted to it, and the work on one."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.reintegration import partner_service as partner
from ercms.reintegration import service
from ercms.reintegration.labels import register_labels
from ercms.reintegration.schemas import (
    ConsentRevocation,
    ProgressReport,
    ReferralAcceptance,
    ReferralFinish,
    ReferralReturn,
    ServiceChange,
    ServiceEntry,
)
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load, typed_values
from ercms.web.route_guards import current_actor, may, requires

reintegration_pages = Blueprint("reintegration", __name__, url_prefix="/referrals")
reintegration_pages.record_once(register_labels)

# The forms of a referral's page: each has a name of its own, so that a refusal is shown at the right one.
_FORMS: dict[str, type[FormSchema]] = {
    "accept": ReferralAcceptance,
    "decline": ReferralReturn,
    "revoke": ConsentRevocation,
    "service": ServiceEntry,
    "report": ProgressReport,
    "finish": ReferralFinish,
}
Act = Callable[[Actor, Mapping[str, Any]], Any]


@reintegration_pages.get("")
@requires(Permission.REFERRAL_LIST)
def referral_list() -> ResponseReturnValue:
    """Show the referrals that are granted to the partner, or for SMS those that any partner has."""
    with unit_of_work():
        rows = partner.list_referrals(actor=current_actor())
    is_partner = may(Permission.REFERRAL_ANSWER)
    return render_template("reintegration/referral_list.html", rows=rows, is_partner=is_partner)


@reintegration_pages.get("/<referral_id>")
@requires(Permission.REFERRAL_READ)
def referral(referral_id: str) -> ResponseReturnValue:
    """Show a referral with the consented fields."""
    return _page(referral_id)


@reintegration_pages.post("/<referral_id>/accept")
@requires(Permission.REFERRAL_ANSWER)
def accept(referral_id: str) -> ResponseReturnValue:
    """Take a referral on."""
    act = _moving(service.start_reintegration, referral_id, Permission.REFERRAL_ANSWER)
    return _act(referral_id, "accept", act, gettext("You have taken the referral on."))


@reintegration_pages.post("/<referral_id>/decline")
@requires(Permission.REFERRAL_ANSWER)
def decline(referral_id: str) -> ResponseReturnValue:
    """Give a referral back, with a reason."""
    act = _moving(service.return_referral, referral_id, Permission.REFERRAL_ANSWER)
    done = gettext("The referral has been given back. You no longer see the person's data.")
    return _act(referral_id, "decline", act, done, ends=True)


@reintegration_pages.post("/<referral_id>/revoke")
@requires(Permission.REFERRAL_REVOKE)
def revoke(referral_id: str) -> ResponseReturnValue:
    """Record that the person takes the consent back."""
    act = _moving(service.revoke_consent, referral_id, Permission.REFERRAL_REVOKE)
    done = gettext("The consent has been taken back. Nothing more is shared.")
    return _act(referral_id, "revoke", act, done, ends=True)


@reintegration_pages.post("/<referral_id>/services")
@requires(Permission.REFERRAL_REPORT)
def add_service(referral_id: str) -> ResponseReturnValue:
    """Record a service."""

    def act(actor: Actor, values: Mapping[str, Any]) -> Any:
        return partner.add_service(actor=actor, referral_id=referral_id, values=values)

    return _act(referral_id, "service", act, gettext("The service is recorded."))


@reintegration_pages.post("/<referral_id>/services/<service_id>")
@requires(Permission.REFERRAL_REPORT)
def change_service(referral_id: str, service_id: str) -> ResponseReturnValue:
    """Record how far a service has come."""

    def act(actor: Actor, values: Mapping[str, Any]) -> Any:
        return partner.change_service(actor=actor, referral_id=referral_id, service_id=service_id, values=values)

    return _act(referral_id, "change", act, gettext("The service is recorded."), schema=ServiceChange())


@reintegration_pages.post("/<referral_id>/reports")
@requires(Permission.REFERRAL_REPORT)
def add_report(referral_id: str) -> ResponseReturnValue:
    """Keep a progress report."""

    def act(actor: Actor, values: Mapping[str, Any]) -> Any:
        return partner.add_report(actor=actor, referral_id=referral_id, values=values)

    return _act(referral_id, "report", act, gettext("The report is recorded."))


@reintegration_pages.post("/<referral_id>/finish")
@requires(Permission.REFERRAL_CLOSE)
def finish(referral_id: str) -> ResponseReturnValue:
    """End a referral with its outcome."""

    def act(actor: Actor, values: Mapping[str, Any]) -> None:
        partner.finish_referral(actor=actor, referral_id=referral_id, values=values)

    done = gettext("The referral is finished. You no longer see the person's data.")
    if not may(Permission.REFERRAL_ANSWER):
        done = gettext("The referral is finished. The case can be closed.")
    return _act(referral_id, "finish", act, done, ends=True)


def _moving(perform: Callable[..., Any], referral_id: str, permission: Permission) -> Act:
    """Return an act that moves the case behind a referral; the partner never learns more of it than its reference."""

    def act(actor: Actor, values: Mapping[str, Any]) -> Any:
        reference = partner.reference_of(actor=actor, referral_id=referral_id, permission=permission)
        rest = {name: value for name, value in values.items() if name != "version"}
        return perform(actor=actor, reference=reference, expected_version=values["version"], values=rest)

    return act


def _act(
    referral_id: str, name: str, act: Act, done: str, *, ends: bool = False, schema: FormSchema | None = None
) -> ResponseReturnValue:
    checked = schema or _FORMS[name]()
    typed = typed_values(checked)
    form = Form.typed(checked)
    try:
        version = _version_in(typed)
        values = {**load(checked, typed), "version": version}
        with unit_of_work():
            act(current_actor(), values)
    except InvalidInput as error:
        return _page(referral_id, **{name: form.with_errors(error)}), 422
    except RuleRefused as error:
        return _page(referral_id, **{name: form.with_message(words_of(error))}), 422
    except Conflict as error:
        return _page(referral_id, **{name: form.with_message(words_of(error))}), 409
    flash(done, "success")
    if ends:
        return redirect(url_for("reintegration.referral_list"))
    return redirect(url_for("reintegration.referral", referral_id=referral_id))


def _version_in(typed: dict[str, Any]) -> int:
    version = typed.pop("version", "")
    if not isinstance(version, str) or not version.isdecimal() or len(version) > 9:
        raise InvalidInput("version_missing")
    return int(version)


def _page(referral_id: str, **wrong: Form) -> str:
    with unit_of_work():
        page = partner.open_referral(actor=current_actor(), referral_id=referral_id)
    forms = {name: wrong.get(name, Form()) for name in (*_FORMS, "change")}
    fields = {name: schema().fields for name, schema in _FORMS.items()}
    change_fields = ServiceChange().fields
    return render_template(
        "reintegration/referral.html", page=page, forms=forms, fields=fields, change_fields=change_fields
    )
