"""Everybody signed in reads the law: article by article, side by side, and as dates with their arithmetic."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts.service import UserSummary
from ercms.agreements import comparing, law_notes, presenting, service
from ercms.agreements.comparing import Likeness
from ercms.core.actor import Role
from workflows.agreement_files import load_agreements, load_internal

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., TestResponse]
SWISS = {"state": "CH", "kind": "own_national", "procedure": "normal"}


@pytest.fixture
def reader(client: FlaskClient, make_user: MakeUser, sign_in: SignIn) -> FlaskClient:
    sign_in(client, make_user(Role.ANALYST))
    return client


def test_every_note_title_list_and_group_of_the_files_has_words() -> None:
    known = {str(text) for text in (*law_notes.NOTES, *law_notes.TITLES)}
    found = {term.note for term in load_internal().terms.values()}
    for agreement in load_agreements():
        found |= {agreement.title, agreement.note}
        found |= {part.note for part in (*agreement.terms.values(), *agreement.status_history)}
        found |= {clause.note for clauses in agreement.clauses.values() for clause in clauses}
        assert set(agreement.clauses) - set(law_notes.LISTS) <= {"articles"}
        groups = {clause.group for clauses in agreement.clauses.values() for clause in clauses}
        assert groups - set(law_notes.GROUPS) <= {""}
    assert found - known == {""}


def test_the_list_says_what_is_in_force_and_that_the_pending_partners_are_unnamed(reader: FlaskClient) -> None:
    page = reader.get("/agreements").text
    for name in ("European Union", "Switzerland", "Norway", "Montenegro", "Serbia", "Moldova"):
        assert name in page
    assert "none is named here" in page
    assert page.count("the limits of the agreement apply") == 3


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("agreement_id", [agreement.id for agreement in load_agreements()])
def test_each_agreement_is_shown_whole(
    client: FlaskClient, make_user: MakeUser, sign_in: SignIn, agreement_id: str, language: str
) -> None:
    sign_in(client, make_user(Role.BORDER_OFFICER, locale=language))
    page = client.get(f"/agreements/{agreement_id}")
    assert page.status_code == 200
    for name in service.get_agreement(agreement_id).terms:
        assert f'id="{name.replace(".", "-")}"' in page.text


def test_no_term_and_no_entry_is_lost_between_the_articles(reader: FlaskClient) -> None:
    with reader.application.test_request_context():
        for agreement in load_agreements():
            sections = presenting.sections(agreement)
            assert sum(len(section.terms) for section in sections) == len(agreement.terms)
            shown = sum(one.count for section in sections for one in section.lists)
            assert shown == sum(len(clauses) for name, clauses in agreement.clauses.items() if name != "articles")
            evidence = sum(len(one.entries) for section in sections for one in section.evidence)
            assert evidence == len(agreement.evidence)


def test_a_term_stands_under_its_article_with_its_confidence(reader: FlaskClient) -> None:
    with reader.application.test_request_context():
        sections = presenting.sections(service.get_agreement("switzerland@2017-04-01"))
    eighth = next(section for section in sections if section.title == "Article 8")
    reply = next(term for term in eighth.terms if term.name == "reply.normal")
    assert (reply.value, reply.origin.article, reply.origin.confidence) == (
        "25 calendar days",
        "Article 8(2)",
        "verified",
    )


def test_an_agreement_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/agreements/eu@1999-01-01").status_code == 404
    assert reader.get("/agreements/compare?a=nothing&b=eu@2014-09-01").status_code == 404


def test_side_by_side_a_difference_is_marked_and_the_unknown_is_not_called_one() -> None:
    eu, swiss, norway = (
        service.describe_agreement(service.get_agreement(one))
        for one in ("eu@2014-09-01", "switzerland@2017-04-01", "norway@2015-06-01")
    )
    found = {pair.name: pair.likeness for pair in comparing.compare_terms(eu, swiss)}
    assert found["reply.normal"] is Likeness.DIFFERENT
    assert found["document.issue"] is Likeness.SAME
    assert found["reply.extension"] is Likeness.ONE_UNKNOWN
    assert {pair.likeness for pair in comparing.compare_lists(swiss, norway)["data_rules"]} == {Likeness.ONE_UNKNOWN}


def test_the_page_of_differences_opens(reader: FlaskClient) -> None:
    page = reader.get("/agreements/compare?a=eu@2014-09-01&b=switzerland@2017-04-01")
    assert page.status_code == 200
    assert "25 calendar days" in page.text
    assert "15 calendar days" in page.text


def test_dates_are_computed_with_their_arithmetic(reader: FlaskClient) -> None:
    page = reader.get("/agreements/dates", query_string={**SWISS, "acknowledgement_on": "2026-03-19"}).text
    assert "13.04.2026" in page
    assert "25 calendar days, counted from 20.03.2026 to 13.04.2026" in page


def test_a_receipt_one_minute_before_midnight_counts_from_its_own_day(reader: FlaskClient) -> None:
    asked = {"state": "DE", "kind": "own_national", "procedure": "normal", "receipt_on": "2026-03-18"}
    before = reader.get("/agreements/dates", query_string={**asked, "receipt_at": "23:59"}).text
    assert "counted from 19.03.2026" in before


def test_stops_and_extensions_move_a_date(reader: FlaskClient) -> None:
    asked = {
        **SWISS,
        "acknowledgement_on": "2026-03-19",
        "stops-0-from_on": "2026-04-01",
        "stops-0-to_on": "2026-04-03",
        "extensions-0-clock": "reply",
        "extensions-0-length": "25",
        "extensions-0-unit": "calendar_days",
        "extensions-0-notified_on": "2026-04-10",
    }
    page = reader.get("/agreements/dates", query_string=asked).text
    assert "the clock stands still" in page
    assert "Extended by 25 calendar days" in page


def test_without_an_agreement_in_force_there_is_no_date(reader: FlaskClient) -> None:
    asked = {"state": "RS", "kind": "own_national", "procedure": "normal", "receipt_on": "2026-03-18"}
    page = reader.get("/agreements/dates", query_string=asked).text
    assert "no treaty limit runs" in page
    assert "dates-list" not in page


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"receipt_on": "18.03.2026"}, "This is not a date"),
        ({"receipt_on": ""}, "Name at least one event"),
        ({"receipt_at": "16:05", "receipt_on": ""}, "Name the day of this time too"),
        ({"receipt_at": "25:99"}, "This is not a time"),
        ({"state": "ZZ"}, "This is not a country code"),
        ({"stops-0-from_on": "2026-04-03", "stops-0-to_on": "2026-04-01"}, "The last day lies before the first"),
        ({"extensions-0-clock": "reply"}, "This is needed"),
    ],
)
def test_wrong_input_is_said_at_the_field(reader: FlaskClient, wrong: dict[str, str], message: str) -> None:
    answer = reader.get("/agreements/dates", query_string={**SWISS, "receipt_on": "2026-03-18", **wrong})
    assert answer.status_code == 422
    assert message in answer.text
