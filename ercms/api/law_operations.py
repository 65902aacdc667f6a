"""Operations on texts of the law: comparing, checking and proposing them, and trying one on the past caseload.

A proposal is what a program can make of a text. To confirm one stays with a person: an administrator, for whom no key
ever acts.
"""

from typing import Any

from flask import request, url_for

from ercms.access.permissions import Permission
from ercms.agreements import comparing, descriptions, differing, text_service
from ercms.agreements import service as agreements
from ercms.agreements.text_service import Checked, TextRecord
from ercms.api import law_schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import agreement_operations
from ercms.api.parsing import read_json
from ercms.api.writing import IDEMPOTENCY_KEY, Answered, once, with_headers
from ercms.cases import whatif_service
from ercms.cases.clock_service import count_closed_since
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.programs.answers_service import Answer

ONE_OF_BOTH = msg("Name a version, or send a draft, and not both.")


@agreement_operations.route("/agreements/compare", methods=["GET"])
@operation(Permission.AGREEMENT_READ)
@agreement_operations.arguments(documents_of.CompareQuery, location="query")
@agreement_operations.response(200, documents_of.ComparisonDocument)
def compare_agreements(query: dict[str, Any]) -> dict[str, Any]:
    """Put two versions side by side: terms, lists and evidence in pairs."""
    first, second = (agreements.get_agreement(query[side]) for side in ("first", "second"))
    one, other = agreements.describe_agreement(first), agreements.describe_agreement(second)
    return {
        "first": first.id,
        "second": second.id,
        "terms": comparing.compare_terms(one, other),
        "lists": comparing.compare_lists(one, other),
        "evidence": comparing.compare_evidence(one, other),
    }


@agreement_operations.route("/agreements/check", methods=["POST"])
@operation(Permission.AGREEMENT_EXPLORE)
@agreement_operations.arguments(documents_of.TextBody)
@agreement_operations.response(200, documents_of.CheckedDocument)
def check_text(values: dict[str, Any]) -> dict[str, Any]:
    """Check a text as one to be imported: its faults by line, or what it would change. Nothing is written."""
    return _checked(text_service.check(actor=api_actor(), text=values["text"]))


@agreement_operations.route("/agreements/what-if", methods=["POST"])
@operation(Permission.AGREEMENT_EXPLORE)
@agreement_operations.arguments(documents_of.WhatIfBody)
@agreement_operations.response(200, documents_of.WhatIfDocument)
def what_if(values: dict[str, Any]) -> dict[str, Any]:
    """Compute the past requests of a State under a version on record, or under a draft. Nothing is written."""
    if ("agreement" in values) is ("text" in values):
        raise InvalidInput(fields={"agreement": [ONE_OF_BOTH]})
    found = whatif_service.what_if(
        actor=api_actor(),
        agreement_id=values.get("agreement", ""),
        draft=text_service.draft_of(actor=api_actor(), text=values["text"]) if "text" in values else None,
        state=values["state"],
        first_on=values["first_on"],
        last_on=values["last_on"],
    )
    return whatif_service.describe(found)


@agreement_operations.route("/agreements/texts", methods=["GET"])
@operation(Permission.AGREEMENT_EXPLORE)
@agreement_operations.response(200, documents_of.TextListDocument)
def list_texts() -> dict[str, Any]:
    """List the texts on record with where each stands, those that wait for a second person among them."""
    return {"texts": text_service.list_texts(actor=api_actor())}


@agreement_operations.route("/agreements/texts/<text_id>", methods=["GET"])
@operation(Permission.AGREEMENT_EXPLORE)
@agreement_operations.response(200, documents_of.TextDocument)
def read_text(text_id: str) -> dict[str, Any]:
    """Read a text on record as it was sent, with what it changes."""
    record, text = text_service.get_text(actor=api_actor(), record_id=text_id)
    checked = text_service.check(actor=api_actor(), text=text)
    return {**{name: getattr(record, name) for name in _ON_RECORD}, "text": text, "checked": _checked(checked)}


@agreement_operations.route("/agreements/texts", methods=["POST"])
@operation(Permission.AGREEMENT_PROPOSE)
@with_headers(IDEMPOTENCY_KEY)
@agreement_operations.arguments(documents_of.NewTextBody)
@agreement_operations.response(201, documents_of.ProposedDocument)
def propose_text(values: dict[str, Any]) -> Answered:
    """Propose a text. It counts from its day on, once an administrator has confirmed it on the pages."""

    def act() -> Answer:
        record = text_service.propose(
            actor=api_actor(),
            text=values["text"],
            effective_on=values["effective_on"],
            count_closed=count_closed_since,
        )
        return Answer(201, None, None, record.state.value, record.id)

    answer, status, headers = once(act, read_json(request))
    return answer, status, {**headers, "Location": url_for("api_agreements.read_text", text_id=answer.record_id)}


_ON_RECORD = (*(name for name in TextRecord.__slots__ if not name.endswith("_by_id")), "is_withdrawn")


def _checked(checked: Checked) -> dict[str, Any]:
    changes = () if checked.made is None else differing.differences(checked.before, checked.made)
    return {
        "is_good": checked.is_good,
        "faults": [problem.described() for problem in checked.problems],
        "kind": checked.kind.value,
        "subject": checked.subject,
        "compared_with": None if checked.before is None else checked.before.id,
        "changes": [descriptions.describe_change(change) for change in changes],
    }
