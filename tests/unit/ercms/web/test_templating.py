"""Filters and labels that all pages use."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale

from ercms.core.actor import OrganisationKind, Role
from ercms.web import labels
from ercms.web.labels import LabelMissing
from ercms.web.templating import country, country_options, day, instant, language_name


class Unnamed(StrEnum):
    ONE = "one"
    TWO = "two"


def test_a_day_is_written_the_way_it_is_read_here() -> None:
    assert day(date(2026, 3, 20)) == "20.03.2026"
    assert day(None) == "–"


def test_an_instant_is_shown_in_the_zone_of_baku() -> None:
    late = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert instant(late) == "25.11.2026 01:30"
    assert day(late) == "25.11.2026"


@pytest.mark.parametrize(("locale", "name"), [("az", "Almaniya"), ("en_GB", "Germany"), ("ru", "Германия")])
def test_a_country_is_named_in_the_language_of_the_page(app: Flask, locale: str, name: str) -> None:
    with app.test_request_context(), force_locale(locale):
        assert country("DE") == name
        assert ("DE", name) in country_options(["DE", "CH"])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("locale", ["az", "ru"])
def test_each_role_has_a_name_of_its_own_language(app: Flask, role: Role, locale: str) -> None:
    with app.test_request_context():
        with force_locale("en_GB"):
            english = labels.label(role)
        with force_locale(locale):
            assert labels.label(role) != english


def test_a_choice_lists_members_with_their_names(app: Flask) -> None:
    with app.test_request_context(), force_locale("en_GB"):
        assert labels.options(OrganisationKind, only={OrganisationKind.AGENCY}) == [("agency", "Verifying agency")]


def test_an_enum_without_names_is_noticed() -> None:
    with pytest.raises(LabelMissing):
        labels.label(Unnamed.ONE)
    with pytest.raises(LabelMissing, match="TWO"):
        labels.register(Unnamed, {Unnamed.ONE: "One"})


def test_a_language_is_called_by_its_own_name(app: Flask) -> None:
    with app.test_request_context():
        assert language_name("az") == "Azərbaycanca"
