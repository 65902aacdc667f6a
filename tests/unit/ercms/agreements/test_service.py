from datetime import UTC, date, datetime

import pytest

from ercms.agreements import service
from ercms.core import clock
from ercms.core.errors import InvalidInput, NotFound
from workflows.deadlines import ClockKind, Event
from workflows.terms import AgreementStatus, CaseKind, EvidencePurpose, Procedure, ProofClass, Silence, Unit

TODAY = date(2026, 3, 18)
OWN, NORMAL = CaseKind.OWN_NATIONAL, Procedure.NORMAL


def rules(
    agreement_id: str | None, state: str, kind: CaseKind = OWN, procedure: Procedure = NORMAL
) -> service.CaseRules:
    return service.case_rules(agreement_id=agreement_id, state=state, kind=kind, procedure=procedure)


def test_partner_states_tell_what_there_is_with_each() -> None:
    found = {partner.state: partner for partner in service.partner_states(TODAY)}
    assert len(found) == 25 + 5
    assert found["DE"].has_treaty_clocks
    assert found["ME"].status is AgreementStatus.SIGNED
    assert not found["ME"].has_treaty_clocks
    assert found["ME"].agreement is not None
    assert "IE" not in found


def test_the_agreement_of_today_is_found_by_the_clock() -> None:
    with clock.fixed(datetime(2014, 8, 31, 21, 0, tzinfo=UTC)):  # 1 September in Baku
        found = service.agreement_for("DE")
    assert found is not None
    assert found.id == "eu@2014-09-01"
    assert service.agreement_for("ME", TODAY) is None
    assert service.agreement_id_for(state="RS", on=TODAY) is None


def test_an_unknown_version_is_not_found() -> None:
    with pytest.raises(NotFound) as error:
        service.get_agreement("eu@1914-09-01")
    assert error.value.code == "agreement_not_found"


def test_each_state_counts_in_its_own_zone() -> None:
    assert service.zone_of("PT") == "Europe/Lisbon"
    assert service.zone_of("CY") == "Asia/Nicosia"
    assert service.zone_of("??") == "Asia/Baku"


def test_clocks_come_with_their_calendars() -> None:
    found = service.clocks(
        agreement_id="switzerland@2017-04-01",
        state="CH",
        kind=OWN,
        procedure=NORMAL,
        events={Event.ACKNOWLEDGEMENT: date(2026, 3, 18)},
    )
    document = service.describe(found[0])
    assert (document["kind"], document["due_on"], document["has_legal_effect"]) == ("reply", "2026-04-12", True)
    assert document["term"]["source"]["article"] == "8(2)"
    assert document["arithmetic"][-1] == {"code": "due", "on": "2026-04-12"}


def test_every_calendar_of_every_party_can_be_built() -> None:
    for partner in service.partner_states(TODAY):
        if partner.agreement is not None and partner.has_treaty_clocks:
            found = service.clocks(
                agreement_id=partner.agreement.id,
                state=partner.state,
                kind=OWN,
                procedure=NORMAL,
                events={Event.TRANSFER_PLANNED: date(2026, 4, 8)},
            )
            assert found[0].calendar.startswith(partner.state)


def test_without_an_agreement_no_rule_and_no_clock_holds() -> None:
    nothing = rules(None, "ME")
    assert nothing.silence is Silence.NONE
    assert not nothing.is_in_force
    assert not nothing.is_application_waived
    assert not service.clocks(agreement_id=None, state="ME", kind=OWN, procedure=NORMAL, events={Event.RECEIPT: TODAY})


def test_silence_means_what_the_agreement_says_at_its_confidence() -> None:
    eu, swiss, norway = (
        rules("eu@2014-09-01", "DE"),
        rules("switzerland@2017-04-01", "CH"),
        rules("norway@2015-06-01", "NO"),
    )
    assert (eu.silence, eu.silence_term_is_verified) == (Silence.DEEMED_CONSENT, False)
    assert (swiss.silence, swiss.silence_term_is_verified) == (Silence.NONE, True)
    assert (norway.silence, norway.silence_term_is_verified) == (Silence.UNKNOWN, False)
    assert not eu.reply_term_is_verified
    assert swiss.reply_term_is_verified
    assert rules("eu@2014-09-01", "DE", CaseKind.TRANSIT).silence is Silence.UNKNOWN


def test_the_other_document_and_the_waiver_follow_the_agreement() -> None:
    assert rules("eu@2014-09-01", "DE").has_document_fallback
    assert not rules("switzerland@2017-04-01", "CH").has_document_fallback
    assert rules("eu@2014-09-01", "DE").is_application_waived
    assert rules("switzerland@2017-04-01", "CH", CaseKind.STATELESS).is_application_waived
    assert not rules("norway@2015-06-01", "NO").is_application_waived
    assert not rules("eu@2014-09-01", "DE", CaseKind.TRANSIT).is_application_waived


def test_a_state_that_the_version_does_not_bind_has_no_rules() -> None:
    assert rules("eu@2014-09-01", "IE") == rules(None, "IE")


def test_an_extension_that_makes_no_sense_is_refused() -> None:
    assert service.extension(kind="reply", length=5, unit="calendar_days", notified_on=TODAY).clock == "reply"
    for kind, length, unit in (("reply", 0, "months"), ("reply", 5, "fortnights"), ("nap", 5, "months")):
        with pytest.raises(InvalidInput):
            service.extension(kind=kind, length=length, unit=unit, notified_on=None)


@pytest.mark.parametrize(
    ("agreement_id", "kind", "length", "unit", "expected"),
    [
        ("switzerland@2017-04-01", ClockKind.REPLY, 25, Unit.CALENDAR_DAYS, None),
        ("switzerland@2017-04-01", ClockKind.REPLY, 26, Unit.CALENDAR_DAYS, "extension_too_long"),
        ("switzerland@2017-04-01", ClockKind.REPLY, 1, Unit.MONTHS, "extension_too_long"),
        ("switzerland@2017-04-01", ClockKind.TRANSFER, 90, Unit.CALENDAR_DAYS, None),
        ("switzerland@2017-04-01", ClockKind.DOCUMENT_ISSUE, 5, Unit.WORKING_DAYS, "extension_not_foreseen"),
        ("eu@2014-09-01", ClockKind.REPLY, 5, Unit.CALENDAR_DAYS, "extension_unverified"),
    ],
)
def test_an_extension_is_held_against_the_agreement(
    agreement_id: str, kind: ClockKind, length: int, unit: Unit, expected: str | None
) -> None:
    found = service.extension_refusal(agreement_id=agreement_id, kind=kind, length=length, unit=unit)
    assert found == expected


def test_a_document_is_classified_under_the_agreement_of_its_case() -> None:
    found = service.classify(agreement_id="eu@2014-09-01", code="passport", purpose=EvidencePurpose.NATIONALITY)
    assert found.proof_class is ProofClass.PROOF
    lost = service.classify(agreement_id=None, code="passport", purpose=EvidencePurpose.NATIONALITY)
    assert lost.proof_class is ProofClass.NEITHER


def test_terms_are_listed_the_least_sure_last() -> None:
    ranks = [term.confidence.rank for _, term in service.terms_by_confidence()]
    assert ranks == sorted(ranks)
