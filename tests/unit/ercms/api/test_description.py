"""The description of the interface, and what a generator of requests makes of it."""

from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from ercms.casefile.actions import ACTIONS, DECISIONS
from ercms.extensions import db
from tests.factories.cases import Cast
from tests.factories.programs import PREFIX, Program
from tests.unit.ercms.api.test_flow import begin, get_case_version, take

EXAMPLES = 3


def description(program: Program) -> dict[str, Any]:
    """Return the description as a program gets it."""
    return dict(program.get("/openapi.json").json or {})


def test_the_description_is_openapi_3_1_and_names_every_act(requester: Program) -> None:
    found = description(requester)
    assert found["openapi"] == "3.1.0"
    assert {f"{PREFIX}/cases/{{reference}}/actions/{trigger.value}" for trigger in ACTIONS} <= set(found["paths"])
    assert found["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    head = found["components"]["schemas"]["NewCaseBody"]
    assert head["additionalProperties"] is False
    assert set(head["required"]) == {"kind", "procedure", "requesting_state"}


def test_the_description_tells_which_headers_a_write_needs(requester: Program) -> None:
    paths = description(requester)["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method not in {"get", "post", "put"}:
                continue
            names = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}
            wanted = {"get": set(), "put": {"If-Match"}, "post": {"Idempotency-Key", "If-Match"}}[method]
            if path.endswith(("/cases", "/messages", "/agreements/texts")):
                wanted.discard("If-Match")
            if method == "post" and set(operation["responses"]) & {"200", "201"} == set():
                # What no key does has nothing to send.
                assert path.rsplit("/", 1)[-1] in {decision.value for decision in DECISIONS}
                assert operation["responses"]["403"]["content"].keys() == {"application/problem+json"}
                wanted = set()
            if path.endswith(("/agreements/check", "/agreements/what-if")):
                # These write nothing, and so may be sent as often as anybody likes.
                wanted = set()
            assert names == wanted, (method, path)


def test_generated_requests_find_no_error_of_ours(app: Flask, cast: Cast, requester: Program) -> None:
    """Send what the description allows and what it does not, to every operation, on a draft and on a sent case."""
    draft, _ = begin(requester)
    sent, _ = begin(requester)
    take(requester, sent, "submit")
    schema = schemathesis.openapi.from_dict(description(requester))
    schema.app = app
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        tried += _try(app, operation, requester, [draft, sent])
    assert tried > 2 * len(ACTIONS)


def _try(app: Flask, operation: Any, program: Program, references: list[str]) -> int:
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(),
        reference=st.sampled_from(references),
        is_true=st.booleans(),
    )
    def send(case: Any, reference: str, is_true: bool) -> None:
        nonlocal tried
        tried += 1
        headers = {"Authorization": f"Bearer {program.key}"}
        if "reference" in case.path_parameters and is_true:
            case.path_parameters["reference"] = reference
            headers["If-Match"] = f'"{get_case_version(program, reference)}"'
            headers["Idempotency-Key"] = f"{operation.label} {tried}".replace(" ", "-")
        db.session.rollback()
        with app.app_context():
            answer = case.call(headers=headers)
        db.session.rollback()
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    send()
    return tried
