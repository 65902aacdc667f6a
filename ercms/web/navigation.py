"""The main menu: one line an entry, shown to whoever holds the permission once the page exists."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.core.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the menu."""

    endpoint: str
    text: Any
    permission: Permission


ENTRIES = (
    Entry("casework.queue", _l("Work queue"), Permission.CASE_ASSIGN),
    Entry("cases.case_list", _l("Cases"), Permission.CASE_LIST),
    Entry("casework.search", _l("Search"), Permission.CASE_SEARCH),
    Entry("identity.duplicate_list", _l("Duplicates"), Permission.DUPLICATE_READ),
    Entry("verification.inquiry_list", _l("Inquiries"), Permission.INQUIRY_LIST),
    Entry("interviews.interview_list", _l("Interviews"), Permission.INTERVIEW_LIST),
    Entry("travel_documents.document_list", _l("Travel documents"), Permission.DOCUMENT_LIST),
    Entry("returns.transfer_list", _l("Transfers"), Permission.TRANSFER_LIST),
    Entry("reintegration.referral_list", _l("Referrals"), Permission.REFERRAL_LIST),
    Entry("statistics.overview", _l("Statistics"), Permission.STATISTICS_READ),
    Entry("agreements.agreement_list", _l("Agreements"), Permission.AGREEMENT_READ),
    Entry("privacy_sheets.sheet_page", _l("Access sheets"), Permission.PERSON_ACCESS_SHEET),
    Entry("privacy.overview", _l("Data protection"), Permission.PRIVACY_MANAGE),
    Entry("audit.overview", _l("Audit"), Permission.AUDIT_READ),
    Entry("openings.opening_list", _l("Reasons for looking"), Permission.AUDIT_READ),
    Entry("inquiry_purposes.rules", _l("Rules on inquiries"), Permission.INQUIRY_PURPOSE_READ),
    Entry("registries.connections", _l("Registers of agencies"), Permission.REGISTRY_MANAGE),
    Entry("admin.user_list", _l("Users"), Permission.USER_MANAGE),
    Entry("admin.organisation_list", _l("Organisations"), Permission.ORGANISATION_MANAGE),
    Entry("providers.provider_list", _l("Sign-in providers"), Permission.PROVIDER_MANAGE),
    Entry("keys.key_list", _l("Keys"), Permission.KEY_MANAGE),
    Entry("programs.key_list", _l("Keys of the interface"), Permission.API_KEY_MANAGE),
    Entry("notifications.notice_list", _l("Notices"), Permission.NOTIFICATION_READ),
)

# Where somebody's day begins; the first of these pages that exists.
HOME_BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.CONSULAR_OFFICER: ("cases.case_list",),
    Role.CASE_WORKER: ("casework.queue", "cases.case_list"),
    Role.SUPERVISOR: ("casework.queue", "cases.case_list"),
    Role.VERIFIER: ("verification.inquiry_list",),
    Role.BORDER_OFFICER: ("returns.transfer_list",),
    Role.REINTEGRATION_PARTNER: ("reintegration.referral_list",),
    Role.ANALYST: ("statistics.overview",),
    Role.DATA_PROTECTION_OFFICER: ("privacy.overview", "audit.overview"),
    Role.ADMINISTRATOR: ("admin.user_list",),
}


def nav_items(app: Flask, actor: Actor) -> list[dict[str, Any]]:
    """Return the menu of whoever is signed in."""
    return [
        {"url": (url := url_for(entry.endpoint)), "text": entry.text, "is_here": _is_here(entry.endpoint, url)}
        for entry in ENTRIES
        if entry.endpoint in app.view_functions and policy.allows(actor, entry.permission)
    ]


def home_endpoint(app: Flask, role: Role) -> str | None:
    """Return the page at which this role's day begins, if it exists."""
    return next((name for name in HOME_BY_ROLE.get(role, ()) if name in app.view_functions), None)


def _is_here(endpoint: str, url: str) -> bool:
    """Tell whether the present page is this one, or stands below it in the same part of the site."""
    return request.endpoint == endpoint or request.path.startswith(url.rstrip("/") + "/")
