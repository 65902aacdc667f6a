"""The administrator's pages of identity providers, and of the links of their subjects to accounts."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.providers import labels, service
from ercms.providers.enums import SecondStep
from ercms.providers.schemas import ChangeProviderRequest, CreateProviderRequest, LinkRequest
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

__all__ = ["labels", "provider_pages"]

provider_pages = Blueprint("providers", __name__, url_prefix="/admin/providers")


@provider_pages.get("")
@requires(Permission.PROVIDER_MANAGE)
def provider_list() -> ResponseReturnValue:
    """Show which organisations sign in through a provider of their own."""
    return render_template("providers/provider_list.html", lines=service.list_providers(actor=current_actor()))


@provider_pages.get("/new")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def new_provider() -> ResponseReturnValue:
    """Show the form for a new provider."""
    return _new(Form.of(CreateProviderRequest(), {"second_step": SecondStep.OURS.value}))


@provider_pages.post("/new")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def create_provider() -> ResponseReturnValue:
    """Enter a provider."""
    try:
        values = load(CreateProviderRequest())
        with unit_of_work():
            provider_id = service.create(actor=current_actor(), values=values)
    except InvalidInput as error:
        return make_response(_new(_typed(CreateProviderRequest()).with_errors(error)), 422)
    flash(gettext("The provider is entered."), "success")
    return redirect(url_for("providers.provider_page", provider_id=provider_id))


@provider_pages.get("/<provider_id>")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def provider_page(provider_id: str) -> ResponseReturnValue:
    """Show a provider, who waits for a link, and who has one."""
    return _page(provider_id)


@provider_pages.post("/<provider_id>")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def change_provider(provider_id: str) -> ResponseReturnValue:
    """Change a provider."""
    try:
        values = load(ChangeProviderRequest())
        with unit_of_work():
            service.change(actor=current_actor(), provider_id=provider_id, values=values)
    except InvalidInput as error:
        return make_response(_page(provider_id, _typed(ChangeProviderRequest()).with_errors(error)), 422)
    flash(gettext("The provider is changed."), "success")
    return redirect(url_for("providers.provider_page", provider_id=provider_id))


@provider_pages.post("/<provider_id>/subjects/<subject_id>/link")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def link(provider_id: str, subject_id: str) -> ResponseReturnValue:
    """Link a subject to an account."""
    try:
        user_id = load(LinkRequest())["user_id"]
        with unit_of_work():
            service.link(actor=current_actor(), provider_id=provider_id, subject_id=subject_id, user_id=user_id)
    except InvalidInput as error:
        messages = [text for texts in error.fields.values() for text in texts]
        return make_response(_page(provider_id, link_errors={subject_id: messages}), 422)
    flash(gettext("The account is linked."), "success")
    return redirect(url_for("providers.provider_page", provider_id=provider_id))


@provider_pages.post("/<provider_id>/subjects/<subject_id>/unlink")
@requires(Permission.PROVIDER_MANAGE)
@needs_fresh_proof
def unlink(provider_id: str, subject_id: str) -> ResponseReturnValue:
    """End a link."""
    with unit_of_work():
        service.unlink(actor=current_actor(), provider_id=provider_id, subject_id=subject_id)
    flash(gettext("The link is ended, and the user is signed out everywhere."), "success")
    return redirect(url_for("providers.provider_page", provider_id=provider_id))


def _typed(schema: Any) -> Form:
    """Return what was typed without the secret, which is typed again."""
    form = Form.typed(schema)
    kept = {name: value for name, value in form.values.items() if name != "client_secret"}
    return Form.of(schema, kept)


def _new(form: Form) -> str:
    taken = {line.organisation_id for line in service.list_providers(actor=current_actor())}
    free = [(one.id, one.name) for one in accounts.list_organisations() if one.id not in taken]
    return render_template(
        "providers/provider_form.html", form=form, provider=None, organisations=free, second_step=SecondStep
    )


def _page(provider_id: str, form: Form | None = None, link_errors: dict[str, list[str]] | None = None) -> str:
    actor = current_actor()
    provider = service.get_provider(actor=actor, provider_id=provider_id)
    subjects = service.list_subjects(actor=actor, provider_id=provider_id)
    linked = {one.user.id for one in subjects if one.user is not None}
    users = [one for one in service.list_users(actor=actor, provider_id=provider_id) if one.id not in linked]
    values = {
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "second_step": provider.second_step.value,
        "second_values": provider.second_values,
        "is_enabled": provider.is_enabled,
        "version": provider.version,
    }
    return render_template(
        "providers/provider_form.html",
        form=form or Form.of(ChangeProviderRequest(), values),
        provider=provider,
        subjects=subjects,
        users=[(one.id, f"{one.display_name}, {one.email}") for one in users if one.id != actor.user_id],
        link_errors=link_errors or {},
        second_step=SecondStep,
    )
