"""From a request to checked values."""

import pytest
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from ercms.core.errors import InvalidInput
from ercms.core.fields import NEEDED, Countries, FormSchema, Line
from ercms.web.forms import Form
from ercms.web.request_data import flat_errors, form_dict, load, safe_next


class Member(FormSchema):
    surname = Line(required=True, label="Surname")
    nationalities = Countries()


class Family(FormSchema):
    name = Line(required=True, label="Family name")
    states = Countries()
    members = fields.List(fields.Nested(Member))


FORM = MultiDict(
    [
        ("csrf_token", "t"),
        ("name", "Əliyev"),
        ("states", "AZ"),
        ("states", "DE"),
        ("members-1-surname", "Əliyeva"),
        ("members-0-surname", ""),
        ("members-2-surname", "Əliyev"),
        ("members-2-nationalities", "AZ"),
        ("members-2-nationalities", "TR"),
    ]
)


def test_rows_come_in_their_order_and_empty_ones_are_left_out() -> None:
    values = form_dict(FORM, many=frozenset({"states", "members-*-nationalities"}))
    assert values == {
        "name": "Əliyev",
        "states": ["AZ", "DE"],
        "members": [{"surname": "Əliyeva"}, {"surname": "Əliyev", "nationalities": ["AZ", "TR"]}],
    }


def test_a_row_beyond_all_reason_is_ignored() -> None:
    assert form_dict(MultiDict([("members-999-surname", "x")])) == {}


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(InvalidInput) as error:
        load(Family(), {"name": "Əliyev", "is_admin": "true"})
    assert "is_admin" in error.value.fields


def test_errors_in_rows_are_named_like_their_fields() -> None:
    with pytest.raises(InvalidInput) as error:
        load(Family(), {"members": [{"surname": "Əliyev"}, {"nationalities": ["AZ"]}]})
    assert flat_errors(error.value.fields) == {"name": [NEEDED], "members-1-surname": [NEEDED]}


def test_a_form_knows_values_errors_and_names_of_its_rows() -> None:
    form = Form.of(Family(), {"members": [{"surname": "Əliyeva"}]})
    form = form.with_errors(InvalidInput(fields={"members": {0: {"surname": [NEEDED]}}, "states": {1: ["x"]}}))
    assert form.value("members-0-surname") == "Əliyeva"
    assert form.value("members-5-surname", "none") == "none"
    assert form.errors_of("members-0-surname") == [NEEDED]
    assert form.errors_of("states") == ["x"]
    assert form.label_of("members-0-surname") == "Surname"
    assert form.is_wrong


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        ("/cases?state=DE", True),
        ("/", True),
        ("", False),
        (None, False),
        ("//example.org", False),
        ("/\\example.org", False),
        ("https://example.org", False),
        ("/a\nb", False),
    ],
)
def test_only_places_of_this_site_are_followed(target: str | None, followed: bool) -> None:
    assert safe_next(target, "/home") == (target if followed else "/home")
