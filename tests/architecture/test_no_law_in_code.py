"""The law stands in `workflows/agreements/*.toml`: no country, length of a limit or list of documents in the code."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import source
from tests.architecture.source import modules
from workflows.agreement_files import load_agreements

# The clock's home zone and the parser of Azerbaijani names speak of one country by their purpose, not by a rule of law;
# machine-readable documents carry ICAO codes of three letters, which this test does not look for.
_STATES = frozenset({party.state for agreement in load_agreements() for party in (agreement.home, *agreement.partners)})
_EVIDENCE = frozenset({rule.code for agreement in load_agreements() for rule in agreement.evidence})
_LAW = ("workflows", "ercms/agreements", "ercms/cases", "ercms/verification", "ercms/returns", "ercms/travel_documents")
_LEGAL_LENGTHS = frozenset(
    term.value
    for agreement in load_agreements()
    for term in agreement.terms.values()
    if term.length is not None and isinstance(term.value, int) and term.value > 2
)
_LENGTH_KEYWORDS = frozenset({"days", "weeks", "months", "length"})


def country_codes(tree: ast.AST) -> Iterator[ast.Constant]:
    """Find strings that are the code of a party."""
    for node in source.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _STATES:
            yield node


def lengths(tree: ast.AST) -> Iterator[ast.AST]:
    """Find calls and assignments that give a number of days or months that is the length of a legal limit."""
    for node in source.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in _LENGTH_KEYWORDS and _is_legal_length(keyword.value):
                    yield node
            if getattr(node.func, "id", getattr(node.func, "attr", "")) == "timedelta":
                yield from (node for argument in node.args[:1] if _is_legal_length(argument))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [getattr(target, "id", "").upper() for target in targets]
            if any(name.endswith(("_DAYS", "_MONTHS")) for name in names) and _is_legal_length(node.value):
                yield node


def _is_legal_length(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value in _LEGAL_LENGTHS


def evidence_lists(tree: ast.AST) -> Iterator[ast.AST]:
    """Find lists, sets and tuples that name several kinds of documents of the annexes."""
    for node in source.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            words = {e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)}
            if len(words & _EVIDENCE) > 1:
                yield node


def test_no_code_of_a_party_is_a_value_in_the_source() -> None:
    found = [
        f"{module.at(node)} {node.value}"
        for module in modules("ercms", "workflows")
        if not module.place.startswith(("ercms/persons/", "ercms/demonstration"))
        for node in country_codes(module.tree)
    ]
    assert not found


def test_no_length_of_a_legal_limit_is_a_number_in_the_source() -> None:
    found = [module.at(node) for module in modules(*_LAW) for node in lengths(module.tree)]
    assert not found


def test_no_list_of_documents_is_in_the_source() -> None:
    found = [module.at(node) for module in modules(*_LAW) for node in evidence_lists(module.tree)]
    assert not found


@pytest.mark.parametrize(
    ("source", "finder"),
    [
        ('if state == "CH":\n    pass', country_codes),
        ('PARTNERS = ("DE", "NO")', country_codes),
        ("due = start + timedelta(days=15)", lengths),
        ("due = start + timedelta(25)", lengths),
        ("REPLY_DAYS = 15", lengths),
        ("count_forward(start, length=6)", lengths),
        ('PROOF = ("passport", "identity_card")', evidence_lists),
    ],
)
def test_the_finders_find_what_they_look_for(source: str, finder: object) -> None:
    assert callable(finder)
    assert list(finder(ast.parse(source)))


@pytest.mark.parametrize(
    ("source", "finder"),
    [
        ('language = "az"', country_codes),
        ("one = timedelta(days=1)", lengths),
        ('kinds = ("passport", "luggage")', evidence_lists),
    ],
)
def test_the_finders_leave_the_rest_alone(source: str, finder: object) -> None:
    assert callable(finder)
    assert not list(finder(ast.parse(source)))
