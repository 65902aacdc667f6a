"""What the facts that go with an act on record are called on a page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from ercms.web.error_handlers import register_reasons

FACTS: Mapping[str, Any] = {
    "opening_id": _l("reason"),
    "kind": _l("kind"),
    "procedure": _l("procedure"),
    "section": _l("section"),
    "class": _l("class"),
    "document_kind": _l("document"),
    "agreement": _l("agreement"),
    "from": _l("from"),
    "to": _l("to"),
    "trigger": _l("step"),
    "due_on": _l("due on"),
    "fields": _l("fields"),
    "outcome": _l("outcome"),
    "ground": _l("ground"),
    "issued_on": _l("issued on"),
    "valid_until": _l("valid until"),
    "mode": _l("means"),
    "transfer_on": _l("transfer on"),
    "arrived_on": _l("arrived on"),
    "agency": _l("agency"),
    "mission": _l("mission"),
    "partner": _l("partner"),
    "organisation_id": _l("organisation"),
    "user_id": _l("officer"),
    "until": _l("until"),
    "area": _l("area"),
    "on": _l("on"),
    "status": _l("status"),
    "from_on": _l("since"),
    "until_on": _l("until"),
    "clock": _l("limit"),
    "length": _l("length"),
    "states": _l("States"),
    "role": _l("role"),
    "method": _l("way"),
    "period": _l("period"),
    "report": _l("report"),
    "references": _l("cases"),
    "total": _l("number shown"),
    "page": _l("page"),
    "filters": _l("narrowed by"),
    "kinds": _l("searched by"),
    "attempts": _l("attempts"),
    "count": _l("number"),
    "size": _l("bytes"),
    "media_type": _l("kind of file"),
    "permission": _l("right"),
    "endpoint": _l("page"),
    "http_status": _l("answer"),
    "entries": _l("entries"),
    "sound": _l("sound"),
    "relation": _l("relation"),
    "flag": _l("mark"),
    "value": _l("value"),
    "break_glass": _l("outside own cases"),
    "topic": _l("subject"),
    "channel": _l("channel"),
    "letter": _l("letter"),
    "language": _l("language"),
    "told": _l("told"),
    "step": _l("stage of warning"),
    "stopped": _l("the limit stood still"),
    "given": _l("warnings given"),
    "missed": _l("warnings not given"),
    "reason_code": _l("reason"),
    "rows": _l("rows"),
    "format": _l("format"),
    "purpose": _l("purpose"),
    "remaining": _l("remaining"),
    "decision": _l("decision"),
    "by_person": _l("asked for by the person"),
}

CHANNELS: Mapping[str, Any] = {
    "web": _l("pages"),
    "api": _l("program"),
    "system": _l("the system itself"),
    "demonstration": _l("Demonstration"),
}

# What identifies a record or a file for the system only; it stands in the export of the audit.
UNSAID = frozenset(
    {"digest", "tokens", "has_text", "version", "key_id", "mark_id", "chains", "root", "agreement_version"}
)


def register_labels(_state: object) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    register_reasons({"bad_cursor": _l("This page of the list cannot be found. Start again from the first page.")})
