"""Whoever sees a person's data goes through one function, which asks for the reason and puts the view on record."""

import ast

from ercms.audit.actions import VIEWS
from tests.architecture import source

# What records a view, and what a caller hands to it.
DOOR = "ercms/cases/viewing_service.py"
_RECORDS = {"record", "audit.record", "audit.record_of_case", "record_of_case", "record_file"}


def test_a_view_is_put_on_record_in_one_place() -> None:
    names = {f"AuditAction.{action.name}" for action in VIEWS}
    found = []
    for module in source.modules("ercms"):
        for node in source.walk(module.tree):
            if not isinstance(node, ast.Call) or source.dotted(node.func) not in _RECORDS:
                continue
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            viewed = {source.dotted(value) for value in given} & names
            if viewed:
                found.append(f"{module.at(node)} records {', '.join(sorted(viewed))} past {DOOR}")
    source.refuse(found)


def test_the_reason_is_asked_for_in_one_place() -> None:
    asking = {
        module.place
        for module in source.modules("ercms")
        for node in source.walk(module.tree)
        if isinstance(node, ast.Call) and source.dotted(node.func).endswith("purpose_of")
    }
    assert asking == {DOOR}
