"""The law stands in `workflows/agreements/*.toml`: no country, length of a limit or list of documents in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from config import ROOT
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
    """Find lists, sets, tuples and tables that name several kinds of documents, and comparisons that name one."""
    for node in source.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            named = _words(node.elts)
        elif isinstance(node, ast.Dict):
            named = _words(node.keys)
        elif isinstance(node, ast.Compare) and _words([node.left, *node.comparators]) & _EVIDENCE:
            yield node
            continue
        else:
            continue
        if len(named & _EVIDENCE) > 1:
            yield node


def _words(nodes: list[ast.expr | None] | list[ast.expr]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


_OPERATORS = frozenset(["+", "-", "<", ">", "<=", ">=", "==", "!=", "*"])
_ABOUT_TIME = re.compile(r"due|day|date|limit|month|_on\b|deadline", re.IGNORECASE)
_SCRIPT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?P<string>"[^"\n]*"|'[^'\n]*'|`[^`]*`)"""
    r"""|(?P<operator>[-+<>=!*]=?)\s*(?P<number>\d+)\b""",
    re.DOTALL,
)


def law_in_template(text: str) -> Iterator[str]:
    """Find what only the agreements' files may say in the expressions of a template; its words are no expressions."""
    lexer = Environment(extensions=["jinja2.ext.do"], autoescape=True)
    before, is_about_time = "", False
    for line, kind, written in lexer.lex(text):
        if kind in ("variable_begin", "block_begin"):
            is_about_time = False
        is_about_time |= kind == "name" and bool(_ABOUT_TIME.search(written))
        word = written[1:-1] if kind == "string" else ""
        if word in _STATES or (word in _EVIDENCE and before in ("==", "!=", "in")):
            yield f"{line} {before} {written}"
        if kind == "integer" and is_about_time and before in _OPERATORS and int(written) in _LEGAL_LENGTHS:
            yield f"{line} {before} {written}"
        before = written if kind != "whitespace" else before


def law_in_script(text: str) -> Iterator[str]:
    """Find what only the agreements' files may say in a script or in the template of a letter."""
    for found in _SCRIPT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        whole = text.splitlines()[line - 1]
        if (string := found["string"]) and string[1:-1] in _STATES | _EVIDENCE:
            yield f"{line} {string}"
        if found["number"] and int(found["number"]) in _LEGAL_LENGTHS and _ABOUT_TIME.search(whole):
            yield f"{line} {found['operator']} {found['number']}"


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


def _read(folder: str, pattern: str) -> Iterator[tuple[Path, str]]:
    paths = sorted((ROOT / folder).rglob(pattern))
    assert paths
    return ((path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths)


def test_no_template_or_script_names_a_party_a_length_or_a_document() -> None:
    found = [f"{path}:{where}" for path, text in _read("templates", "*.html") for where in law_in_template(text)]
    scripts = (*_read("ercms/static", "*.js"), *_read("templates", "*.typ"))
    found += [f"{path}:{where}" for path, text in scripts for where in law_in_script(text)]
    assert not found, found


@pytest.mark.parametrize(
    ("text", "finder"),
    [
        ('{% if head.requesting_state == "CH" %}x{% endif %}', law_in_template),
        ("{{ limit if item.code == 'passport' }}", law_in_template),
        ("{{ started_on + 15 }}", law_in_template),
        ("{% if left_days <= 25 %}x{% endif %}", law_in_template),
        ("if (state === 'NO') { warn(); }", law_in_script),
        ('const kinds = ["passport"];', law_in_script),
        ("due.setDate(due.getDate() + 15);", law_in_script),
    ],
)
def test_the_finders_find_it_in_templates_and_scripts(text: str, finder: object) -> None:
    assert callable(finder)
    assert list(finder(text))


@pytest.mark.parametrize(
    ("text", "finder"),
    [
        ("<p>CH, passport: 15 days</p>{# == 'CH' #}", law_in_template),
        ('{{ textarea(form, "note", rows=3) }}', law_in_template),
        ("// due + 15 in 'CH'\nconst step = 1;", law_in_script),
    ],
)
def test_they_leave_words_and_comments_alone(text: str, finder: object) -> None:
    assert callable(finder)
    assert not list(finder(text))


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
        ('WORTH = {"passport": 1, "identity_card": 2}', evidence_lists),
        ('if item.code == "passport":\n    pass', evidence_lists),
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
