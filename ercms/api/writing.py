"""How a program changes something: on the version that it saw, and once, however often it sends the request."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from flask import request, url_for
from werkzeug.http import parse_etags

from ercms.api.authentication import caller
from ercms.api.parsing import canonical
from ercms.api.problems import RequestRefused
from ercms.cases import service as cases
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import answers_service as answers
from ercms.programs import service as programs
from ercms.programs.answers_service import Answer, Begun

View = TypeVar("View", bound=Callable[..., Any])
Answered = tuple[Answer, int, dict[str, str]]

# A version that no record has: an entity tag that is not one of ours matches nothing.
NO_VERSION = -1
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The version on which the request rests, as the ETag of a read gave it.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "A text of the program's own, new for each request; the same one again gets the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}


def with_headers(*headers: dict[str, Any]) -> Callable[[View], View]:
    """Document headers that an operation asks for."""

    def declare(view: View) -> View:
        documented = deepcopy(getattr(view, "_apidoc", {}))
        documented.setdefault("arguments", {}).setdefault("parameters", []).extend(deepcopy(list(headers)))
        view._apidoc = documented  # type: ignore[attr-defined]
        return view

    return declare


def sent_version() -> int:
    """Return the version in the If-Match header.

    Raises:
        RequestRefused: `if_match_needed`, or `if_match_malformed`.
    """
    text = request.headers.get("If-Match", "").strip()
    tags = parse_etags(text)
    # "Any version" is no version: an act rests on what its author saw.
    if not text or tags.star_tag:
        raise RequestRefused("if_match_needed")
    strong = tags.as_set()
    if len(strong) + len(tags.as_set(include_weak=True) - strong) != 1:
        raise RequestRefused("if_match_malformed")
    tag = next(iter(strong), "")
    return int(tag) if tag.isascii() and tag.isdecimal() and len(tag) <= 9 else NO_VERSION


def answer_for(*, case_id: str, status: int, record_id: str | None = None) -> Answer:
    """Return what a program is told of a case after an act on it."""
    answers.settle()
    case = cases.get_case_of_record(case_id=case_id)
    return Answer(status, case.reference, case.version, case.state.value, record_id)


def once(act: Callable[[], Answer], content: Any) -> Answered:
    """Carry an act out unless this very request was carried out before, and answer in both cases with the same.

    Raises:
        RequestRefused: `idempotency_key_needed`, or `idempotency_key_malformed`.
    """
    key = _sent_key()
    with unit_of_work():
        begun = answers.begin(caller=caller(), key=key, content=_request_content(content))
        answer = act() if isinstance(begun, Begun) else begun
        if isinstance(begun, Begun):
            answers.keep(begun=begun, answer=answer)
            _record()
    return _answered(answer, is_replay=not isinstance(begun, Begun))


def at_once(act: Callable[[], Answer]) -> Answered:
    """Carry out an act that may be repeated without harm, since it rests on one version."""
    with unit_of_work():
        answer = act()
        _record()
    return _answered(answer, is_replay=False)


def entity_tag(version: int) -> dict[str, str]:
    """Return the header that names a version."""
    return {"ETag": f'"{version}"'}


def _record() -> None:
    programs.record_call(caller=caller(), operation=(request.endpoint or "").rpartition(".")[2], method=request.method)


def _answered(answer: Answer, *, is_replay: bool) -> Answered:
    headers = entity_tag(answer.version) if answer.version is not None else {}
    if answer.status == 201 and answer.reference is not None:
        headers["Location"] = url_for("api_cases.read_case", reference=answer.reference)
    if is_replay:
        headers["Idempotency-Replayed"] = "true"
    return answer, answer.status, headers


def _sent_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise RequestRefused("idempotency_key_needed")
    if not _KEY.fullmatch(key):
        raise RequestRefused("idempotency_key_malformed")
    return key


def _request_content(content: Any) -> bytes:
    return canonical([request.method, request.path, sorted(request.args.items(multi=True)), content])
