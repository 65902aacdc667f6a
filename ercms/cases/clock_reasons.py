"""Why a due date gave way to the next one of its kind: read off the arithmetic of both, as it was kept. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from workflows.arithmetic import StepCode

Written = Mapping[str, Any]


class ChangeReason(StrEnum):
    """What made a date be computed anew with another result."""

    TERM = "term"
    START = "start"
    STOP = "stop"
    EXTENSION = "extension"
    CALENDAR = "calendar"
    ENDED = "ended"
    CASE_WENT_ON = "case_went_on"
    NOT_COUNTED_ANY_MORE = "not_counted_any_more"


_STOPS = frozenset({StepCode.STOPPED.value, StepCode.STOP_OPEN.value})
_EXTENSIONS = frozenset({StepCode.EXTENDED.value, StepCode.EXTENSION_LATE.value})


def reasons_of(former: Written, later: Written | None) -> tuple[ChangeReason, ...]:
    """Return why one record gave way to the next; `later` is None where nothing of the kind was counted any more.

    Both are documents of `ercms.agreements.service.describe`. Where no part of the arithmetic differs, only the case
    has gone on: somebody does not owe the act any more, or owes it again.
    """
    if later is None:
        return (ChangeReason.NOT_COUNTED_ANY_MORE,)
    found = {
        ChangeReason.TERM: _terms(former) != _terms(later),
        ChangeReason.START: (former["event"], former["start_on"]) != (later["event"], later["start_on"]),
        ChangeReason.STOP: _steps(former, _STOPS) != _steps(later, _STOPS),
        ChangeReason.EXTENSION: _steps(former, _EXTENSIONS) != _steps(later, _EXTENSIONS),
        ChangeReason.CALENDAR: former["calendar_version"] != later["calendar_version"],
        ChangeReason.ENDED: former["ended_on"] is None and later["ended_on"] is not None,
    }
    return tuple(reason for reason, is_so in found.items() if is_so) or (ChangeReason.CASE_WENT_ON,)


def _terms(written: Written) -> tuple[Any, ...]:
    return tuple(written.get(name) for name in ("term", "start_term", "stands_in_for", "has_legal_effect"))


def _steps(written: Written, codes: frozenset[str]) -> list[Any]:
    return [step for step in written["arithmetic"] if step["code"] in codes]
