"""What comes in when a term is verified, a status recorded, a day decided."""

from ercms.agreements.change_enums import DayKind
from ercms.agreements.enums import AgreementStatus
from ercms.agreements.file_reading import MOST_BYTES
from ercms.core.fields import Choice, Country, Day, FormSchema, Line, Prose
from ercms.core.text import msg


class SourceRead(FormSchema):
    """Where something was read."""

    instrument = Line(required=True, longest=200, label=msg("Instrument"))
    article = Line(required=True, longest=80, label=msg("Article"))
    reference = Line(required=True, longest=400, label=msg("Where it was read"))


class ProposeTermRequest(SourceRead):
    """A reading of a term: its value, its unit where it is a number, and the source."""

    value = Line(required=True, longest=200, label=msg("Value"))
    unit = Line(load_default=None, longest=40, label=msg("Unit"))


class ProposeStatusRequest(SourceRead):
    """A step in the life of an agreement, with the day from which it has legal effect."""

    status = Choice(AgreementStatus, required=True, label=msg("Status"))
    effective_on = Day(required=True, label=msg("Legal effect from"))


class ImportTextRequest(FormSchema):
    """A text of the law, and the day from which it is to count; without a day it is only checked."""

    text = Prose(load_default="", longest=MOST_BYTES, label=msg("Text of the file"))
    effective_on = Day(load_default=None, label=msg("Counts from"))
    act = Line(load_default="check", longest=20, label=msg("Act"))


class NamePartnerRequest(FormSchema):
    """A State with which an agreement is being negotiated, and where that was learned."""

    state = Country(required=True, label=msg("State"))
    zone = Line(required=True, longest=60, label=msg("Zone of its capital"))
    instrument = Line(required=True, longest=200, label=msg("Who says so"))
    reference = Line(required=True, longest=400, label=msg("Where it was read"))
    note = Line(load_default="", longest=400, label=msg("Note"))


class _PastRequests(FormSchema):
    """Over whose past requests a text is tried, and over those of which days."""

    state = Country(required=True, label=msg("Requesting State"))
    first_on = Day(required=True, label=msg("Requests received from"))
    last_on = Day(required=True, label=msg("to"))


class WhatIfQuery(_PastRequests):
    """Which version, for which State, over the requests of which days."""

    agreement = Line(required=True, longest=60, label=msg("Version"))


class WhatIfDraftRequest(_PastRequests):
    """A draft that is on nobody's record, and over which requests of which State it is tried."""

    text = Prose(load_default="", longest=MOST_BYTES, label=msg("Text of the draft"))


class DecideDayRequest(FormSchema):
    """What a decision makes of a day."""

    day = Day(required=True, label=msg("Day"))
    kind = Choice(DayKind, required=True, label=msg("What the day is"))
    name = Line(load_default="", longest=120, label=msg("Name of the holiday"))
    source = Line(required=True, longest=400, label=msg("Decision"))
