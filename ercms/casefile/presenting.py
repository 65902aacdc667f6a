"""What the templates of the case page may call: words for acts, dates, compartments and their values."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from flask import Flask
from flask_babel import gettext

from ercms.agreements.labels import clock_label, confidence_label, step_text
from ercms.casefile.labels import (
    COMPARTMENT_LABELS,
    LETTER_LABELS,
    TAB_LABELS,
    TOKEN_LABELS,
    action_effect,
    action_label,
    done_label,
    said,
)
from ercms.cases.enums import ClockStatus
from ercms.notifications.labels import STEPS
from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.web import labels
from ercms.web.error_handlers import reason
from ercms.web.templating import country, day


def init_casefile(app: Flask) -> None:
    """Give the templates the words of the case page."""
    app.jinja_env.filters.update(
        action_label=action_label,
        action_effect=action_effect,
        done_label=done_label,
        carrier_said=said,
        clock_label=clock_label,
        clock_status=lambda status: labels.label(ClockStatus(status)),
        confidence_label=confidence_label,
        arithmetic=step_text,
        warning_step=lambda step: str(STEPS[step]),
        tab_label=lambda tab: str(TAB_LABELS[tab]),
        compartment_label=lambda name: str(COMPARTMENT_LABELS[Compartment(name)]),
        token_label=lambda kind: str(TOKEN_LABELS[kind]),
        letter_label=lambda kind: str(LETTER_LABELS[kind]),
        reason_text=reason_text,
        facts_of=facts_of,
    )


def reason_text(code: str) -> str:
    """Say what stands against an act; a code without words stands for itself, so that nothing is hidden."""
    return reason(code) or code


def facts_of(values: Mapping[str, Any], compartment: str) -> list[tuple[str, str]]:
    """Return what an opened compartment says as (label, text), in the order of the form."""
    schema = SECTION_SCHEMAS[Compartment(compartment)]()
    facts = []
    for name, field in schema.fields.items():
        if name not in values or values[name] in (None, "", [], False):
            continue
        label = field.metadata["label"]
        facts.append((gettext(label), _text(values[name], field)))
    return facts


def _text(value: Any, field: Any) -> str:
    widget = field.metadata.get("widget")
    if widget == "day":
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    if widget == "choice":
        return _enum_text(field.enum, value)
    if widget == "choices":
        return ", ".join(_enum_text(field.kind, one) for one in value)
    if widget == "country":
        return str(country(value))
    if widget == "countries":
        return ", ".join(country(one) for one in value)
    if widget == "yes_no":
        return str(gettext("yes") if value else gettext("no"))
    return str(value)


def _enum_text(kind: type[Enum], value: Any) -> str:
    return labels.label(kind(value))
