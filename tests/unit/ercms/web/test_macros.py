"""The macros that all pages are made of."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from ercms.core.errors import InvalidInput
from ercms.web.forms import Form

DAY = date(2026, 12, 1)


def render(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context():
        return render_template_string(source, **values)


def display(app: Flask, call: str, **values: object) -> str:
    names = "badge, date, due_badge, empty, facts, moment, page_head, pager, stepper, tabs, timeline"
    return render(app, f'{{% from "macros/display.html" import {names} %}}{call}', **values)


def fields(app: Flask, call: str, **values: object) -> str:
    names = "checkbox, checkboxes, confirm_form, date_field, error_summary, field, file_field, multi_select, radios"
    return render(app, f'{{% from "macros/forms.html" import {names}, select, textarea %}}{call}', **values)


@pytest.mark.parametrize(
    ("days", "state", "text", "tone"),
    [
        (-1, "running", "1 day late", "late"),
        (-3, "running", "3 days late", "late"),
        (0, "running", "Due today", "soon"),
        (5, "running", "5 days left", "soon"),
        (6, "running", "6 days left", "calm"),
        (None, "running", "No date", "quiet"),
        (-3, "stopped", "Stopped", "quiet"),
        (-3, "met", "Met", "done"),
    ],
)
def test_a_due_date_is_said_in_words_and_colour(app: Flask, days: int | None, state: str, text: str, tone: str) -> None:
    html = display(app, "{{ due_badge(due, days, state) }}", due=DAY, days=days, state=state)
    assert text in html
    assert f"badge-{tone}" in html
    assert "01.12.2026" in html


def test_a_step_says_where_one_is(app: Flask) -> None:
    steps = [{"text": "Person", "url": "/1", "status": "done"}, {"text": "Family", "url": None, "status": "here"}]
    html = display(app, "{{ stepper(steps, 'Steps') }}", steps=steps)
    assert html.count('aria-current="step"') == 1
    assert "(done)" in html


def test_a_time_line_gives_each_instant_to_machines_too(app: Flask) -> None:
    entry = {"at": datetime(2026, 11, 24, 8, tzinfo=UTC), "text": "Sent", "who": "BAMF", "tone": "done"}
    html = display(app, "{{ timeline([entry]) }}", entry=entry)
    assert '<time datetime="2026-11-24T08:00:00+00:00">24.11.2026 12:00</time>, BAMF' in html


def test_empty_facts_are_said_to_be_empty(app: Flask) -> None:
    html = display(app, "{{ facts([('Name', ''), ('Count', 0)]) }}")
    assert html.count("not given") == 1


def test_a_list_without_neighbours_has_no_pager(app: Flask) -> None:
    assert display(app, "{{ pager() }}").strip() == ""
    assert 'rel="next"' in display(app, "{{ pager(next_url='/cases?after=x', total=3) }}")


def test_a_field_with_an_error_is_tied_to_it(app: Flask) -> None:
    form = Form(values={"name": '"><script>'}).with_errors(InvalidInput(fields={"name": ["This is needed."]}))
    html = fields(
        app,
        "{{ error_summary(form, {'name': 'Name'}) }}{{ field(form, 'name', 'Name', hint='As written') }}",
        form=form,
    )
    assert 'aria-describedby="h-name e-name" aria-invalid="true"' in html
    assert '<a href="#f-name">Name: This is needed.</a>' in html
    assert "<script>" not in html


def test_each_kind_of_field_keeps_what_was_chosen(app: Flask) -> None:
    form = Form(values={"a": "x", "b": ["y", "z"], "c": "2026-12-01", "d": "true"})
    choices = [("x", "X"), ("y", "Y"), ("z", "Z", "hint")]
    assert fields(app, "{{ radios(form, 'a', 'A', o) }}", form=form, o=choices).count(" checked") == 1
    assert fields(app, "{{ checkboxes(form, 'b', 'B', o) }}", form=form, o=choices).count(" checked") == 2
    assert fields(app, "{{ select(form, 'a', 'A', o) }}", form=form, o=choices[:2]).count(" selected") == 1
    assert fields(app, "{{ multi_select(form, 'b', 'B', o) }}", form=form, o=[("y", "Y")]).count(" selected") == 1
    assert 'value="2026-12-01"' in fields(app, "{{ date_field(form, 'c', 'C') }}", form=form)
    assert " checked" in fields(app, "{{ checkbox(form, 'd', 'D') }}", form=form)
    assert 'type="file"' in fields(app, "{{ file_field(form, 'e', 'E') }}", form=form)


def test_a_password_is_never_put_into_a_page(app: Flask) -> None:
    form = Form(values={"password": "secret words"})
    assert "secret words" not in fields(app, "{{ field(form, 'password', 'P', type='password') }}", form=form)


def test_a_confirmation_works_without_a_script(app: Flask) -> None:
    html = fields(app, "{{ confirm_form('/x', 'End', 'Sure?', 'Yes') }}")
    assert "<details" in html
    assert 'name="csrf_token"' in html
