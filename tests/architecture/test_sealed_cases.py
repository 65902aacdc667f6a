"""No list, search or count goes past the seal: each query on records of cases takes the condition, or says why not."""

import ast
from collections.abc import Iterator

from tests.architecture import source
from tests.architecture.source import FunctionNode, Module

# What a query may take from its caller, or ask itself, to leave sealed cases out.
_CONDITIONS = {"visible", "hidden", "condition", "in_sight", "visible_to", "hidden_case_ids", "is_sealed"}
# What narrows a query to records that the policy was, or will be, asked about one by one.
_OF_ONE = {"case_id", "case_ids", "person_ids", "ids", "referral_ids", "message_ids", "keys"}

SYSTEM = "the system's own work, which goes on for sealed cases too; nothing of it is shown"
CHECKED = "one record, of which the policy is asked with its case in hand"
OF_AN_OPENED_FILE = "files that belong to one that was opened, in the same case"
BUILT = "runs a statement that `ercms.cases.worklist` began with `visible_to`"
OVERSIGHT = "references and outcomes for the data protection officer, who looks after sealed cases too (decision 8)"
HOURS = "when a mission is busy, of which a reader learns that a time is not free and nothing else"
# Who goes past the seal, and why that is right.
EXCEPTIONS: dict[str, str] = {
    "ercms.cases.queries.find_case": CHECKED,
    "ercms.cases.queries.list_cases_with_stops": SYSTEM,
    "ercms.cases.queries.count_of": BUILT,
    "ercms.cases.sight._named": "the condition itself",
    "ercms.cases.clock_queries.list_owed": SYSTEM,
    "ercms.cases.clock_queries.list_past": SYSTEM,
    "ercms.cases.clock_queries.lock_open_cases": SYSTEM,
    "ercms.cases.figures_queries.count_requests": "leaves sealed cases out in `_received`",
    "ercms.cases.figures_queries.count_minors_alone": "a number in steps, which shows no single case",
    "ercms.cases.retention_queries.list_ended": OVERSIGHT,
    "ercms.cases.opening_service.list_openings": OVERSIGHT,
    "ercms.cases.opening_service.purpose_of": CHECKED,
    "ercms.privacy.queries.list_holds": OVERSIGHT,
    "ercms.privacy.queries._in_force": OVERSIGHT,
    "ercms.privacy.queries.spared_case_ids": OVERSIGHT,
    "ercms.privacy.queries.erased_case_ids": OVERSIGHT,
    "ercms.privacy.queries.list_unreported": OVERSIGHT,
    "ercms.verification.queries.list_due_inquiries": SYSTEM,
    "ercms.identity.queries.find_pair_of": SYSTEM,
    "ercms.identity.queries.list_links_of_pair": CHECKED,
    "ercms.evidence.queries.list_translations": OF_AN_OPENED_FILE,
    "ercms.evidence.queries.list_versions": OF_AN_OPENED_FILE,
    "ercms.evidence.queries.find_hold": CHECKED,
    "ercms.evidence.queries.list_files_by_id": CHECKED,
    "ercms.marks.queries.list_by_state": OVERSIGHT,
    "ercms.evidence.queries.list_waiting_ids": SYSTEM,
    "ercms.interviews.queries.list_agreed": HOURS,
    "ercms.interviews.queries.hold_appointments": SYSTEM,
}


def _models_of_cases() -> set[str]:
    """Return the tables whose rows name a case, and the case's own."""
    found = {"Case"}
    for module in source.modules("ercms"):
        for node in source.walk(module.tree):
            if isinstance(node, ast.ClassDef) and "models" in module.kind:
                names = {
                    part.target.id
                    for part in node.body
                    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                }
                if "case_id" in names:
                    found.add(node.name)
    return found


def _queries() -> Iterator[tuple[Module, FunctionNode, set[str]]]:
    """Yield each function that selects from records of cases, with every name that it uses."""
    models = _models_of_cases()
    for module in source.modules("ercms"):
        for function in source.functions(module.tree):
            calls = {source.dotted(node.func) for node in source.walk(function) if isinstance(node, ast.Call)}
            names = {node.id for node in source.walk(function) if isinstance(node, ast.Name)}
            names |= {node.attr for node in source.walk(function) if isinstance(node, ast.Attribute)}
            if "select" in calls and names & models:
                yield module, function, names


def test_every_query_on_records_of_cases_leaves_sealed_ones_out_or_says_why_not() -> None:
    found = []
    for module, function, names in _queries():
        taken = (*function.args.args, *function.args.kwonlyargs)
        parameters = {one.arg for one in taken}
        # A subquery of cases is made by `ercms.cases.lookup_service`, whose functions are looked at here too.
        has_subquery = any(one.annotation and source.dotted(one.annotation) == "Subquery" for one in taken)
        if (
            has_subquery
            or names & _CONDITIONS
            or parameters & _OF_ONE
            or f"{module.name}.{function.name}" in EXCEPTIONS
        ):
            continue
        found.append(f"{module.at(function)} {function.name} selects records of cases past `ercms.cases.sight`")
    source.refuse(found)


def test_no_exception_stands_for_a_query_that_is_gone_or_has_the_condition() -> None:
    needed = {f"{module.name}.{function.name}" for module, function, names in _queries() if not names & _CONDITIONS}
    source.refuse(sorted(set(EXCEPTIONS) - needed))


def test_the_check_sees_the_queries_that_it_is_for() -> None:
    seen = {f"{module.name}.{function.name}" for module, function, _ in _queries()}
    assert {
        "ercms.cases.lookup_service.visible_case_ids",
        "ercms.verification.queries.list_open_inquiries",
        "ercms.returns.queries.list_in_sight",
        "ercms.reintegration.queries.list_granted",
        "ercms.identity.queries.list_pairs",
        "ercms.notifications.queries.list_notices",
        "ercms.travel_documents.queries.list_requested",
    } <= seen
