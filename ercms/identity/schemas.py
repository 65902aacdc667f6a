"""What comes in about names looked for and about duplicates."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from ercms.core import fields
from ercms.core.text import msg
from ercms.identity.enums import Decision

NOT_A_BIRTH_YEAR = msg("Give a year, or a date as year-month-day.")
_YEAR, _DAY_FIRST = re.compile(r"\d{4}"), re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_EARLIEST = 1890


class Born(fields.Line):
    """A year of birth or a whole date; what comes out is ready for the search: `birth_year` or `birth_date`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        written = _DAY_FIRST.fullmatch(text)
        try:
            if _YEAR.fullmatch(text):
                return {"birth_year": date(int(text), 1, 1).year} if int(text) >= _EARLIEST else self._refuse()
            if written:
                return {"birth_date": date(int(written[3]), int(written[2]), int(written[1]))}
            return {"birth_date": date.fromisoformat(text)}
        except ValueError:
            return self._refuse()

    @staticmethod
    def _refuse() -> Any:
        raise ValidationError(NOT_A_BIRTH_YEAR)


class NameSearchRequest(fields.FormSchema):
    """A name as somebody wrote it, with the year of birth where it is known."""

    name = fields.Line(longest=200, required=True, label=msg("Surname and given name"))
    born = Born(longest=10, label=msg("Year or date of birth"))


class LinkRequest(fields.FormSchema):
    """That two persons are to be joined, as the pair stands."""

    version = fields.Version()


class UnlinkRequest(fields.FormSchema):
    """That two persons are to be taken apart again, and why."""

    version = fields.Version()
    reason = fields.Prose(
        longest=4000,
        required=True,
        label=msg("Why they are two persons after all"),
        hint=msg("What has shown it, and who found out."),
    )


class DecisionRequest(fields.FormSchema):
    """Whether a pair is one person."""

    version = fields.Version()
    decision = fields.Choice(Decision, required=True, label=msg("Decision"))
    reason = fields.Prose(
        longest=4000,
        required=True,
        label=msg("Reason"),
        hint=msg("What shows it: a paper, a register, a photograph, an interview."),
    )
