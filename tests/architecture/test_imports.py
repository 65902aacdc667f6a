"""Imports run one way."""

import ast
import re

import pytest

from tests.architecture import source
from tests.architecture.source import Module

# A domain imports those of its own line and of the lines above it. What is on one line is independent of its
# neighbours, except where LINE_MATES says otherwise.
ORDER = (
    {"extensions"},
    {"core"},
    {"vault", "access", "audit", "inspection"},
    {"accounts"},
    {"factors"},
    {"persons", "agreements", "programs", "marks", "providers", "reading"},
    {"cases"},
    {"interviews"},
    {"evidence", "verification", "travel_documents", "returns", "reintegration", "messages", "notifications"},
    {"letters", "identity", "registries", "photographs"},
    {"statistics", "privacy", "demonstration", "casefile"},
)
# What HTTP and the command line need, and no domain owns.
EDGE = {"web", "api", "app", "worker", "wsgi"}
EDGE_FILES = {"views", "api", "commands", "presenting", "labels", "blueprint"}
ANY_DOMAIN = {"web", "api", "app", "wsgi", "demonstration"}

ABOUT_CASES = set().union(*ORDER[6:])
FOUNDATION = {"core", "vault", "audit", "inspection", "extensions"}
# Leaves that hold no behaviour, which anybody may import from anywhere above.
LEAVES = {"enums", "labels", "permissions", "actions"}
HTTP = ("flask", "werkzeug", "flask_login", "flask_wtf", "flask_smorest")
STORAGE = ("sqlalchemy", "flask_sqlalchemy", "psycopg", "sqlite3")


def _is_from(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _rank(domain: str) -> int | None:
    return next((rank for rank, line in enumerate(ORDER) if domain in line), None)


def _is_edge(module: Module) -> bool:
    parts = module.name.split(".")
    return module.domain in EDGE or any(
        part in EDGE_FILES or part.endswith(("_views", "_labels")) for part in parts[2:]
    )


def _kind(name: str) -> str:
    """Return which file of a domain an imported name stands in: `models` for `ercms.cases.models.Case`."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else ""


def _complaints(check: object) -> list[str]:
    assert callable(check)
    found = []
    for module in source.application():
        for node, name in source.imports(module.tree):
            complaint = check(module, name)
            if complaint:
                found.append(f"{module.at(node)} imports {name}: {complaint}")
    return found


def test_the_workflows_know_nothing_of_the_application() -> None:
    allowed = re.compile(r"^(workflows|transitions|\.)")

    def check(module: Module, name: str) -> str | None:
        if module.domain != "workflows" or allowed.match(name):
            return None
        if _is_from(name, "ercms", "config", *HTTP, *STORAGE, "marshmallow", "cryptography", "babel", "flask_babel"):
            return "workflows are pure"
        if _is_from(name, "os", "random", "secrets", "time", "socket", "subprocess", "logging", "threading"):
            return "workflows have no clock, no chance and no side effect"
        return None

    source.refuse(_complaints(check))


def test_only_the_workflows_know_the_library_of_state_machines() -> None:
    def check(module: Module, name: str) -> str | None:
        return "ask workflows" if _is_from(name, "transitions") and module.domain != "workflows" else None

    source.refuse(_complaints(check))


def test_domains_stand_in_one_order() -> None:
    def check(module: Module, name: str) -> str | None:
        if not _is_from(name, "ercms") or _is_edge(module):
            return None
        own, other = _rank(module.domain), _rank(name.split(".")[1])
        if own is None:
            return f"`{module.domain}` has no place in the order: add it to ORDER"
        if other is None:
            return "only the edge imports this"
        if module.domain == name.split(".")[1] or _kind(name) in LEAVES:
            return None
        if module.domain == "core" and _is_from(name, "ercms.extensions"):
            return None
        return "this domain stands above it" if other > own else None

    source.refuse(_complaints(check))


def test_core_vault_and_audit_know_nothing_of_cases() -> None:
    def check(module: Module, name: str) -> str | None:
        if module.domain not in FOUNDATION or not _is_from(name, "ercms"):
            return None
        return "the foundation handles no case" if name.split(".")[1] in ABOUT_CASES else None

    source.refuse(_complaints(check))


# The service of a domain may stand in several files; each of these is a door like `service`.
DOORS = {
    # Setting a document is one thing for all who write one.
    "letters": {"typesetting"},
    # Why a date gave way is read off two records, without a database.
    "cases": {"acts", "clock_reasons", "clocks", "discretion", "drafting", "steps", "worklist"},
    # A term of the law is put into words in one way, wherever a page shows it.
    "agreements": {"presenting"},
    # The sections are the words of the joint form, the grounds what a form offers: whoever shows one reads them.
    # Names and zones are read by pure modules, and said in words beside them.
    "persons": {"sections", "names", "name_tokens", "mrz", "identity_labels", "presenting"},
    # One-time secrets are made as one-time passwords are, and last as long.
    "accounts": {"passwords", "runtime"},
    "verification": {"grounds", "inquiry_reading"},
}


def _named_outside_annotations(module: Module) -> set[str]:
    """Return the names that a module uses for more than saying what type something has."""
    annotations: set[int] = set()
    for node in source.walk(module.tree):
        marks: list[ast.expr | None] = []
        if isinstance(node, source.FunctionNode):
            marks.append(node.returns)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            marks.append(node.annotation)
        annotations |= {id(part) for mark in marks if mark is not None for part in source.walk(mark)}
    return {node.id for node in source.walk(module.tree) if isinstance(node, ast.Name) and id(node) not in annotations}


def test_a_domain_touches_another_through_its_service() -> None:
    open_files = {"service", "schemas", *LEAVES}
    # What every domain stands on has no service of its own, or more doors than one.
    open_domains = {"core", "extensions", "vault", "access", "audit", "inspection", "web"}

    def check(module: Module, name: str) -> str | None:
        if not _is_from(name, "ercms") or module.domain in ANY_DOMAIN:
            return None
        other = name.split(".")[1]
        if other == module.domain or other in open_domains:
            return None
        kind = _kind(name)
        if kind in open_files or kind.endswith("service") or kind in DOORS.get(other, set()):
            return None
        if kind == "models" and not _is_edge(module):
            # A record that the other service gave may be passed on and read; it is not asked for past that service.
            model = name.rsplit(".", 1)[-1]
            return "use its service" if model in _named_outside_annotations(module) else None
        return "use its service"

    source.refuse(_complaints(check))


def test_the_vault_is_entered_through_its_doors() -> None:
    inside = {"envelope", "keyring", "models", "blind_index", "queries", "stream"}
    keepers = {"vault", "app", "demonstration"}
    # The keys that sign checkpoints and receipts stand in the same keyring file.
    may_read_the_keyring = {"ercms.audit.key_service"}

    def check(module: Module, name: str) -> str | None:
        if not _is_from(name, "ercms.vault") or module.domain in keepers or _is_edge(module):
            return None
        if _kind(name) == "keyring" and module.name in may_read_the_keyring:
            return None
        return "keys and ciphertexts stay in the vault" if _kind(name) in inside else None

    source.refuse(_complaints(check))


def test_views_reach_the_database_through_services_only() -> None:
    def check(module: Module, name: str) -> str | None:
        is_view = _is_edge(module) and module.kind != "commands" and module.domain not in {"worker", "app"}
        if not is_view:
            return None
        if _is_from(name, *STORAGE):
            # The error handlers turn what the database refuses into a page, and need the names of its errors.
            is_error = module.name == "ercms.web.error_handlers" and _is_from(name, "sqlalchemy.exc")
            return None if is_error else "views know no database"
        if _is_from(name, "ercms.extensions.db"):
            return "views know no session"
        if _is_from(name, "transitions", "cryptography"):
            return "not here"
        kind = _kind(name) if _is_from(name, "ercms") else ""
        return "use the service" if kind in {"models", "queries"} else None

    source.refuse(_complaints(check))


def test_nothing_below_the_views_knows_http() -> None:
    # The application object and its settings are no HTTP; services, queries and models do without even these.
    application_object = {"flask.Flask", "flask.current_app", "flask_login.LoginManager", "flask_wtf.csrf.CSRFProtect"}
    strict = {"service", "queries", "models", "facts", "schemas"}

    def check(module: Module, name: str) -> str | None:
        if not module.name.startswith("ercms") or _is_edge(module):
            return None
        if _is_from(name, *HTTP) and (name not in application_object or module.kind in strict):
            return "no HTTP below the views"
        if _is_from(name, "ercms.web", "ercms.api", "ercms.app"):
            return "the edge is above"
        return None

    source.refuse(_complaints(check))


def test_inside_a_domain_imports_run_from_views_to_models() -> None:
    height = {"models": 0, "queries": 1, "facts": 2, "service": 3, "schemas": 3, "views": 4, "api": 4, "commands": 4}

    def check(module: Module, name: str) -> str | None:
        if not _is_from(name, f"ercms.{module.domain}") or module.domain not in set().union(*ORDER):
            return None
        own, other = height.get(module.kind), height.get(_kind(name))
        if own is None or other is None or module.kind == _kind(name):
            return None
        if module.kind == "schemas" and _kind(name) in {"models", "queries"}:
            return "a schema knows no table"
        if module.kind == "service" and _kind(name) == "schemas":
            return "a service knows no form"
        return "the arrow points the wrong way" if other > own else None

    source.refuse(_complaints(check))


def test_migrations_stand_alone() -> None:
    found = [
        f"{module.at(node)} imports {name}"
        for module in source.modules("migrations/versions")
        for node, name in source.imports(module.tree)
        if _is_from(name, "ercms", "workflows", "config")
    ]
    source.refuse(found)


def test_the_application_imports_no_test_and_no_script() -> None:
    def check(_module: Module, name: str) -> str | None:
        return "tests and scripts are outside" if _is_from(name, "tests", "script", "pytest") else None

    source.refuse(_complaints(check))


def test_there_is_no_import_inside_a_function() -> None:
    found = [
        module.at(node)
        for module in (*source.application(), *source.modules("migrations"), *source.modules("script"))
        for function in source.functions(module.tree)
        for node in source.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    source.refuse(found)


@pytest.mark.parametrize("package", ["httpx", "urllib3", "pickle", "marshal", "shelve", "yaml"])
def test_what_the_house_does_without_is_not_imported(package: str) -> None:
    def check(_module: Module, name: str) -> str | None:
        return "not used here" if _is_from(name, package) else None

    source.refuse(_complaints(check))
