"""Name a partner whose agreement is still being negotiated: a text like any other, of which no term is known yet."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import overlay, text_service
from ercms.agreements.change_enums import LawTextKind
from ercms.agreements.file_rules import HOME_STATE, NO_CALENDAR, NO_SUCH_ZONE, has_calendar, has_zone
from ercms.agreements.partner_titles import title_of
from ercms.agreements.text_service import CountClosed, TextRecord
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from workflows.agreement_files import BLANK_FILE, load_internal

NAMED_ALREADY = msg("An agreement names this State already.")
_PLACE = re.compile(r'"<([a-z ]+)>"')
_KEY = "partner_{state}"


def propose(*, actor: Actor, values: Mapping[str, Any], count_closed: CountClosed) -> TextRecord:
    """Name a partner State, its zone and where it was learned that an agreement is negotiated; a second one confirms.

    From then on the State is a partner: its requests go through the diplomatic channel, and no treaty date runs.

    Raises:
        PermissionRefused: whoever may only propose texts (decision 15): administrators name the partners.
        InvalidInput: the State is named already, or has no such zone.
    """
    policy.check(actor, Permission.AGREEMENT_MANAGE)
    state = values["state"]
    if any(agreement.binds(state) for agreement in overlay.current().agreements):
        raise InvalidInput("partner_already_named", fields={"state": [NAMED_ALREADY]})
    if state == load_internal().home.state:
        raise InvalidInput("bad_partner", fields={"state": [HOME_STATE]})
    if not has_calendar(state, None):
        raise InvalidInput("bad_partner", fields={"state": [NO_CALENDAR]})
    if not has_zone(values["zone"]):
        raise InvalidInput("bad_partner", fields={"zone": [NO_SUCH_ZONE]})
    today = clock.today()
    return text_service.propose(
        actor=actor,
        text=text_for(values, today),
        effective_on=today,
        count_closed=count_closed,
        kind=LawTextKind.PARTNER,
    )


def text_for(values: Mapping[str, Any], today: date) -> str:
    """Return the file of a partner whose agreement is pending: the blank one, with what is known filled in."""
    state = values["state"]
    name = str(Locale("en").territories[state])
    filled = {
        "key": _KEY.format(state=state.lower()),
        "version": today.isoformat(),
        "title": title_of(state),
        "short title": name,
        "note": values.get("note") or "",
        "instrument": values["instrument"],
        "state": state,
        "zone": values["zone"],
        "reference": values["reference"],
    }
    # One pass, so that what was typed can hold no place of its own.
    return _PLACE.sub(lambda place: _quoted(filled[place[1]]), BLANK_FILE.read_text(encoding="utf-8"))


def _quoted(text: str) -> str:
    """Return a basic string of TOML; the fields of a form hold no control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
