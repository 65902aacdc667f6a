"""Build the application: extensions, blueprints, error handlers, commands."""

import click
from flask import Blueprint, Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from ercms.access.runtime import init_access
from ercms.accounts import clearing
from ercms.accounts.admin_views import admin_pages
from ercms.accounts.commands import accounts_cli
from ercms.accounts.runtime import init_accounts
from ercms.accounts.views import accounts_pages
from ercms.agreements.commands import agreements_cli
from ercms.agreements.law_views import law_admin_pages
from ercms.agreements.views import agreements_pages
from ercms.api.setup import init_api
from ercms.audit import labels as audit_labels
from ercms.audit.commands import audit_cli, keys_cli
from ercms.audit.jobs import register_upkeep
from ercms.audit.key_views import key_pages
from ercms.casefile.case_views import casefile_pages
from ercms.casefile.clock_sheet_views import clock_sheet_pages
from ercms.casefile.export_views import export_pages
from ercms.casefile.list_views import queue_pages
from ercms.casefile.opening_views import opening_pages
from ercms.casefile.presenting import init_casefile
from ercms.casefile.sealing_views import sealing_pages
from ercms.casefile.sheet_views import decision_sheet_pages
from ercms.cases import recomputing_service, seals
from ercms.cases import stops as case_stops
from ercms.cases.views import cases_pages
from ercms.core.engine import configure_engine
from ercms.demonstration.commands import demonstration_cli
from ercms.evidence import scan_service
from ercms.evidence.document_views import document_pages
from ercms.evidence.receipt_views import receipt_pages
from ercms.evidence.views import evidence_pages
from ercms.extensions import csrf, db, migrate
from ercms.factors import labels as factor_labels
from ercms.factors import step_service
from ercms.factors.account_views import factor_account_pages
from ercms.factors.admin_views import factor_admin_pages
from ercms.factors.passkey_views import passkey_pages
from ercms.factors.views import factor_pages
from ercms.identity import handlers as identity_handlers
from ercms.identity import labels as identity_labels
from ercms.identity.views import identity_pages
from ercms.interviews import handlers as interview_handlers
from ercms.interviews import labels as interview_labels
from ercms.interviews.views import interview_pages
from ercms.letters.views import letter_pages
from ercms.marks import labels as mark_labels
from ercms.messages import labels as message_labels
from ercms.messages.views import messages_pages
from ercms.notifications import handlers as notification_handlers
from ercms.notifications.views import notifications_pages
from ercms.persons.commands import mrz_cli, names_cli
from ercms.photographs.views import photograph_pages
from ercms.privacy import jobs as retention_jobs
from ercms.privacy.audit_views import audit_pages
from ercms.privacy.commands import privacy_cli
from ercms.privacy.marks_views import marks_pages
from ercms.privacy.reading_views import reading_pages
from ercms.privacy.sheet_views import sheet_pages
from ercms.privacy.views import privacy_pages
from ercms.programs import answers_service
from ercms.programs import labels as program_labels
from ercms.programs.commands import api_keys_cli
from ercms.programs.views import programs_pages
from ercms.providers import sign_in_service as provider_sign_ins
from ercms.providers.sign_in_views import provider_sign_in_pages
from ercms.providers.views import provider_pages
from ercms.registries import handlers as registry_handlers
from ercms.registries.views import registry_pages
from ercms.reintegration.views import reintegration_pages
from ercms.returns.views import return_pages
from ercms.statistics.views import statistics_pages
from ercms.travel_documents.views import travel_document_pages
from ercms.vault import labels as vault_labels
from ercms.vault.setup import init_vault, require_keyring
from ercms.verification import labels as verification_labels
from ercms.verification.purpose_views import purpose_pages
from ercms.verification.views import verification_pages
from ercms.web.commands import installation_cli
from ercms.web.error_handlers import init_error_handlers
from ercms.web.fresh_proof import init_fresh_proof
from ercms.web.localisation import init_localisation
from ercms.web.logs import init_logs
from ercms.web.request_data import init_request_limits
from ercms.web.request_identity import init_request_identity
from ercms.web.route_guards import check_routes, init_route_guards, public
from ercms.web.security_headers import init_security_headers
from ercms.web.session_checks import init_session_checks
from ercms.web.static_files import init_static_files
from ercms.web.templating import init_templating
from ercms.web.uploads import MemoryRequest
from ercms.web.views import web_pages
from ercms.worker import outbox_commands, register_jobs, tick_command, worker_command

BLUEPRINTS: tuple[Blueprint, ...] = (
    web_pages,
    accounts_pages,
    factor_pages,
    factor_account_pages,
    passkey_pages,
    admin_pages,
    factor_admin_pages,
    programs_pages,
    casefile_pages,
    sealing_pages,
    opening_pages,
    queue_pages,
    decision_sheet_pages,
    clock_sheet_pages,
    export_pages,
    identity_pages,
    letter_pages,
    cases_pages,
    evidence_pages,
    document_pages,
    receipt_pages,
    photograph_pages,
    verification_pages,
    purpose_pages,
    interview_pages,
    registry_pages,
    provider_sign_in_pages,
    provider_pages,
    travel_document_pages,
    return_pages,
    reintegration_pages,
    messages_pages,
    notifications_pages,
    agreements_pages,
    law_admin_pages,
    statistics_pages,
    audit_pages,
    key_pages,
    privacy_pages,
    marks_pages,
    reading_pages,
    sheet_pages,
)
COMMANDS: tuple[click.Command, ...] = (
    installation_cli,
    accounts_cli,
    api_keys_cli,
    keys_cli,
    audit_cli,
    agreements_cli,
    names_cli,
    mrz_cli,
    demonstration_cli,
    privacy_cli,
    outbox_commands,
    worker_command,
    tick_command,
)
# These say what codes and enum members are called; nothing else would load them.
LABELS = (
    mark_labels,
    audit_labels,
    vault_labels,
    verification_labels,
    interview_labels,
    message_labels,
    program_labels,
    identity_labels,
    factor_labels,
)


def create_app(settings: Settings) -> Flask:
    """Return a ready application.

    Raises:
        KeyringUnavailable: the keys are missing or open to others; commands run without them, to make them.
        RouteUnguarded: a route declares no permission.
    """
    app = Flask(
        "ercms",
        instance_path=str(settings.instance_path),
        template_folder=str(ROOT / "templates"),
        static_folder="static",
    )
    app.request_class = MemoryRequest
    app.config.update(_flask_settings(settings))
    init_logs(app)
    init_vault(app)
    if not settings.is_command_line:
        first, *older = require_keyring(app)
        app.config.update(SECRET_KEY=first, SECRET_KEY_FALLBACKS=older)
    _init_database(app)
    init_accounts(app)
    init_access(app)
    init_request_identity(app)
    init_request_limits(app)
    init_session_checks(app)
    csrf.init_app(app)
    init_route_guards(app)
    init_fresh_proof(app)
    init_localisation(app)
    init_security_headers(app)
    init_error_handlers(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_api(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    _register_work()
    public(app.view_functions["static"])
    init_templating(app)
    init_casefile(app)
    check_routes(app)
    init_static_files(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _register_work() -> None:
    """Tell the worker what recurs, and who handles which topic of the outbox."""
    register_jobs()
    clearing.register_jobs()
    step_service.register_jobs()
    provider_sign_ins.register_jobs()
    register_upkeep()
    case_stops.register_upkeep()
    seals.register_upkeep()
    answers_service.register_upkeep()
    scan_service.register_upkeep()
    retention_jobs.register_upkeep()
    notification_handlers.register()
    recomputing_service.register()
    identity_handlers.register()
    interview_handlers.register()
    registry_handlers.register()


def _init_database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        engine: Engine = db.engine
        configure_engine(engine)


def _flask_settings(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.is_https else ""
    return {
        "SETTINGS": settings,
        "TESTING": settings.is_test,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SESSION_COOKIE_NAME": f"{prefix}ercms",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": settings.session_hours * 3600,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_form_bytes,
        "MAX_FORM_PARTS": 2000,
        "JSON_SORT_KEYS": False,
    }
