"""The administrator's pages: users, organisations, and the sessions of others."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service, session_service
from ercms.accounts.enums import KINDS_WITH_STATES, ROLES_BY_KIND
from ercms.accounts.schemas import (
    ChangeOrganisationRequest,
    ChangeUserRequest,
    CreateOrganisationRequest,
    CreateUserRequest,
)
from ercms.core.actor import OrganisationKind, Role
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

admin_pages = Blueprint("admin", __name__, url_prefix="/admin")

PERSONS = tuple(role for role in Role if role is not Role.SYSTEM)


@admin_pages.get("/users")
@requires(Permission.USER_MANAGE)
def user_list() -> ResponseReturnValue:
    """Show all users."""
    return render_template("accounts/user_list.html", users=service.list_officers(active_only=False))


@admin_pages.get("/users/new")
@requires(Permission.USER_MANAGE)
def new_user() -> ResponseReturnValue:
    """Show the form for a new user."""
    return _user_form(Form(values={"locale": "az"}))


@admin_pages.post("/users/new")
@requires(Permission.USER_MANAGE)
@needs_fresh_proof
def create_user() -> ResponseReturnValue:
    """Add a user, and show the one-time password once."""
    try:
        values = load(CreateUserRequest())
        with unit_of_work():
            user, password = service.create_user(actor=current_actor(), **values)
    except InvalidInput as error:
        return _user_form(Form.typed(CreateUserRequest()).with_errors(error)), 400
    return render_template("accounts/password_once.html", user=user, password=password)


@admin_pages.get("/users/<user_id>")
@requires(Permission.USER_MANAGE)
def user_page(user_id: str) -> ResponseReturnValue:
    """Show a user with what can be changed."""
    user = service.get_user(user_id)
    values = {"display_name": user.display_name, "role": user.role.value, "locale": user.locale}
    return _user_form(Form(values={**values, "is_active": user.is_active, "version": user.version}), user_id)


@admin_pages.post("/users/<user_id>")
@requires(Permission.USER_MANAGE)
def change_user(user_id: str) -> ResponseReturnValue:
    """Change a user."""
    try:
        values = load(ChangeUserRequest())
        with unit_of_work():
            service.change_user(actor=current_actor(), user_id=user_id, **values)
    except InvalidInput as error:
        return _user_form(Form.typed(ChangeUserRequest()).with_errors(error), user_id), 400
    flash(gettext("The user has been changed."), "success")
    return redirect(url_for("admin.user_page", user_id=user_id))


@admin_pages.post("/users/<user_id>/password")
@requires(Permission.USER_MANAGE)
@needs_fresh_proof
def reset_password(user_id: str) -> ResponseReturnValue:
    """Give a user a new one-time password, and show it once."""
    with unit_of_work():
        password = service.reset_password(actor=current_actor(), user_id=user_id)
    return render_template("accounts/password_once.html", user=service.get_user(user_id), password=password)


@admin_pages.post("/users/<user_id>/sessions/end")
@requires(Permission.USER_MANAGE)
def end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign a user out everywhere."""
    with unit_of_work():
        count = session_service.end_all_sessions(actor=current_actor(), user_id=user_id)
    flash(gettext("Sessions ended: %(count)s.", count=count), "success")
    return redirect(url_for("admin.user_page", user_id=user_id))


@admin_pages.post("/users/<user_id>/sessions/<session_id>/end")
@requires(Permission.USER_MANAGE)
def end_one_session(user_id: str, session_id: str) -> ResponseReturnValue:
    """End one session of a user."""
    with unit_of_work():
        session_service.end_session_of(actor=current_actor(), user_id=user_id, session_id=session_id)
    flash(gettext("The session has been ended."), "success")
    return redirect(url_for("admin.user_page", user_id=user_id))


@admin_pages.get("/organisations")
@requires(Permission.ORGANISATION_MANAGE)
def organisation_list() -> ResponseReturnValue:
    """Show all organisations."""
    found = service.list_organisations(active_only=False)
    return render_template("accounts/organisation_list.html", organisations=found)


@admin_pages.get("/organisations/new")
@requires(Permission.ORGANISATION_MANAGE)
def new_organisation() -> ResponseReturnValue:
    """Show the form for a new organisation."""
    return _organisation_form(Form())


@admin_pages.post("/organisations/new")
@requires(Permission.ORGANISATION_MANAGE)
def create_organisation() -> ResponseReturnValue:
    """Add an organisation."""
    try:
        values = load(CreateOrganisationRequest())
        with unit_of_work():
            made = service.create_organisation(actor=current_actor(), **values)
    except InvalidInput as error:
        return _organisation_form(Form.typed(CreateOrganisationRequest()).with_errors(error)), 400
    flash(gettext("The organisation has been added."), "success")
    return redirect(url_for("admin.organisation_page", organisation_id=made.id))


@admin_pages.get("/organisations/<organisation_id>")
@requires(Permission.ORGANISATION_MANAGE)
def organisation_page(organisation_id: str) -> ResponseReturnValue:
    """Show an organisation with what can be changed."""
    found = service.get_organisation(organisation_id)
    values = {
        "name": found.name,
        "short_name": found.short_name,
        "states": list(found.states),
        "contact_email": found.contact_email,
        "contact_phone": found.contact_phone,
        "address": found.address,
        "is_active": found.is_active,
        "version": found.version,
    }
    return _organisation_form(Form(values=values), organisation_id)


@admin_pages.post("/organisations/<organisation_id>")
@requires(Permission.ORGANISATION_MANAGE)
def change_organisation(organisation_id: str) -> ResponseReturnValue:
    """Change an organisation."""
    try:
        values = load(ChangeOrganisationRequest())
        with unit_of_work():
            service.change_organisation(actor=current_actor(), organisation_id=organisation_id, **values)
    except InvalidInput as error:
        form = Form.typed(ChangeOrganisationRequest()).with_errors(error)
        return _organisation_form(form, organisation_id), 400
    flash(gettext("The organisation has been changed."), "success")
    return redirect(url_for("admin.organisation_page", organisation_id=organisation_id))


def _user_form(form: Form, user_id: str | None = None) -> str:
    user = None if user_id is None else service.get_user(user_id)
    organisations = service.list_organisations()
    home = None if user is None else service.get_organisation(user.organisation_id)
    return render_template(
        "accounts/user_form.html",
        form=form,
        user=user,
        sessions=[] if user is None else session_service.list_sessions_of(actor=current_actor(), user_id=user.id),
        organisations=[(one.id, one.name) for one in organisations],
        roles=PERSONS if home is None else ROLES_BY_KIND[home.kind],
        role_kind=Role,
    )


def _organisation_form(form: Form, organisation_id: str | None = None) -> str:
    found = None if organisation_id is None else service.get_organisation(organisation_id)
    return render_template(
        "accounts/organisation_form.html",
        form=form,
        organisation=found,
        kind=OrganisationKind,
        has_states=found is None or found.kind in KINDS_WITH_STATES,
    )
