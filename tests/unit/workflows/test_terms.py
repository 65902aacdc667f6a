from dataclasses import replace
from datetime import date

import pytest

from workflows.agreement_files import BadAgreementFile, get_agreement, load_agreements, load_internal, parse_agreement
from workflows.terms import (
    AgreementStatus,
    Confidence,
    Source,
    StatusChange,
    Term,
    Unit,
    UnknownTerm,
    find_agreement,
    find_version,
)

EU = get_agreement("eu@2014-09-01")
SWITZERLAND = get_agreement("switzerland@2017-04-01")
TODAY = date(2026, 3, 18)


def test_twenty_five_member_states_are_bound_and_two_are_not() -> None:
    bound = {party.state for party in EU.partners if party.is_bound}
    assert len(bound) == 25
    assert {party.state for party in EU.partners} - bound == {"IE", "DK"}
    assert find_agreement("IE", TODAY, load_agreements()) is None


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        ("DE", date(2014, 8, 31), None),
        ("DE", date(2014, 9, 1), "eu@2014-09-01"),
        ("NO", date(2015, 5, 31), None),
        ("NO", date(2015, 6, 1), "norway@2015-06-01"),
        ("CH", date(2017, 3, 31), None),
        ("CH", date(2017, 4, 1), "switzerland@2017-04-01"),
        ("ME", TODAY, None),
        ("RS", TODAY, None),
        ("MD", TODAY, None),
        ("TR", TODAY, None),
    ],
)
def test_only_an_agreement_in_force_is_found(state: str, on: date, expected: str | None) -> None:
    found = find_agreement(state, on, load_agreements())
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [("ME", AgreementStatus.SIGNED), ("RS", AgreementStatus.RATIFIED), ("MD", AgreementStatus.SIGNED)],
)
def test_a_partner_whose_force_is_unconfirmed_is_known_by_its_status(state: str, status: AgreementStatus) -> None:
    found = find_version(state, TODAY, load_agreements())
    assert found is not None
    assert found.status_on(TODAY) is status
    assert found.in_force_on is None
    assert all(term.confidence is Confidence.UNKNOWN for term in found.terms.values())


def test_every_term_carries_a_source_that_its_file_explains() -> None:
    for agreement in load_agreements():
        for term in agreement.terms.values():
            assert term.source.instrument, (agreement.id, term.name)
            assert not term.source.reference or term.source.reference in agreement.references
            assert (term.value is None) == (term.confidence is Confidence.UNKNOWN)


def test_the_data_list_is_closed_with_four_items() -> None:
    for agreement in (EU, SWITZERLAND):
        codes = [clause.code for clause in agreement.list_of("data_list")]
        assert codes == ["particulars", "documents", "itinerary", "identification"]


def test_a_term_that_the_file_does_not_name_is_an_error() -> None:
    with pytest.raises(UnknownTerm):
        EU.term("reply.never_heard_of")


def test_a_protocol_overrides_exactly_what_it_names() -> None:
    notice = Term("transfer.notice", 4, Unit.WORKING_DAYS, Source("Protocol", "3"), Confidence.VERIFIED)
    changed = EU.with_terms([notice])
    assert changed.term("transfer.notice").value == 4
    assert EU.term("transfer.notice").value is None
    assert {n: t for n, t in changed.terms.items() if n != notice.name} == {
        n: t for n, t in EU.terms.items() if n != notice.name
    }
    with pytest.raises(UnknownTerm):
        EU.with_terms([replace(notice, name="transfer.notise")])


def test_suspension_and_termination_end_the_force_on_their_day() -> None:
    source = Source("Notice")
    history = (
        *SWITZERLAND.status_history,
        StatusChange(AgreementStatus.SUSPENDED, date(2026, 3, 1), source, Confidence.VERIFIED),
        StatusChange(AgreementStatus.IN_FORCE, date(2026, 4, 1), source, Confidence.VERIFIED),
        StatusChange(AgreementStatus.TERMINATED, date(2026, 10, 1), source, Confidence.VERIFIED),
    )
    agreement = replace(SWITZERLAND, status_history=history)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1), date(2026, 10, 1)]
    assert [agreement.is_in_force(day) for day in days] == [True, False, True, False]


def test_the_later_of_two_versions_counts_from_its_date() -> None:
    newer = replace(EU, version="2026-01-01")
    both = (EU, newer)
    before, after = find_agreement("DE", date(2025, 12, 31), both), find_agreement("DE", date(2026, 1, 1), both)
    assert before is EU
    assert after is newer


@pytest.mark.parametrize(
    "change",
    [
        {"terms": {"reply.normal": {"value": 15, "unit": "calendar_days", "confidence": "verified"}}},
        {"terms": {"reply.normal": {"value": 15, "unit": "fortnights", "confidence": "verified", "source": {}}}},
        {"terms": {"x": {"value": -1, "unit": "months", "confidence": "verified", "source": {"instrument": "a"}}}},
        {"terms": {"x": {"value": 1, "confidence": "verified", "source": {"instrument": "a"}}}},
        {"terms": {"x": {"confidence": "verified", "source": {"instrument": "a"}}}},
        {"terms": {"x": {"value": 1.5, "unit": "months", "confidence": "verified", "source": {"instrument": "a"}}}},
        {"status": [{"status": "in_force", "confidence": "verified", "source": {"instrument": "a"}}]},
        {"partners": [{"zone": "Europe/Berlin"}]},
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(change: dict[str, object]) -> None:
    document: dict[str, object] = {
        "key": "x",
        "version": "2026",
        "title": "t",
        "short_title": "t",
        "partners": [],
        "status": [],
        "terms": {},
    }
    parse_agreement(document, load_internal().home)
    with pytest.raises(BadAgreementFile):
        parse_agreement(document | change, load_internal().home)
