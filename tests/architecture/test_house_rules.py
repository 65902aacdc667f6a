"""Rules that a reader of any file may rely on."""

import ast
import io
import re
import tokenize
from functools import cache

from ercms.audit.actions import AuditAction
from tests.architecture import source
from tests.architecture.source import FunctionNode, Module

LONGEST_FILE = 400
LONGEST_FUNCTION = 45

# Who may end a transaction, and why nobody else may: a service that commits splits its caller's act in two.
MAY_COMMIT = {
    "ercms/core/unit_of_work.py": "the one place",
    "ercms/core/engine.py": "the driver's own BEGIN and COMMIT on SQLite",
}

# Where everything may be caught: the loops that must go on to the next row.
MAY_CATCH_EVERYTHING = {
    "ercms/core/unit_of_work.py": "rolls back and raises again",
    "ercms/core/outbox.py": "one row that fails must not stop those behind it; the failure is recorded",
    "ercms/core/jobs.py": "one job that fails must not stop the others; the failure is recorded",
}


def _calls(module: Module) -> list[ast.Call]:
    return [node for node in source.walk(module.tree) if isinstance(node, ast.Call)]


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")
    source.refuse(
        [
            f"{module.at(call)} calls {source.dotted(call.func)}"
            for module in source.application()
            if module.place != "ercms/core/clock.py"
            for call in _calls(module)
            if asking.search(source.dotted(call.func))
        ]
    )


def test_only_the_unit_of_work_ends_a_transaction() -> None:
    source.refuse(
        [
            f"{module.at(call)} calls {call.func.attr}"
            for module in source.application()
            if module.place not in MAY_COMMIT
            for call in _calls(module)
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
        ]
    )


def test_only_the_settings_read_the_environment() -> None:
    source.refuse(
        [
            f"{module.at(node)} reads the environment"
            for module in source.application()
            if module.place != "config.py"
            for node in source.walk(module.tree)
            if source.dotted(node) in {"os.environ", "os.getenv", "os.environb"}
        ]
    )


def _state_writes(function: FunctionNode) -> list[ast.Attribute]:
    targets: list[ast.expr] = []
    for node in source.walk(function):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets.append(node.target)
        elif isinstance(node, ast.Call) and source.dotted(node.func) == "setattr" and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and name.value == "state":
                targets.append(ast.Attribute(node.args[0], "state", lineno=node.lineno))
    flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [part for part in flat if isinstance(part, ast.Attribute) and part.attr == "state"]


def test_a_state_is_written_in_one_place() -> None:
    found = []
    for module in source.modules("ercms"):
        for function in source.functions(module.tree):
            if function.name.startswith("_apply") and module.domain != "cases":
                continue
            if function.name == "_apply" and module.domain == "cases":
                continue
            found += [f"{module.at(write)} writes a state in {function.name}" for write in _state_writes(function)]
    source.refuse(found)


def test_only_one_function_applies_a_transition_to_a_case() -> None:
    places = [
        module.at(function)
        for module in source.modules("ercms/cases")
        for function in source.functions(module.tree)
        if function.name == "_apply" and _state_writes(function)
    ]
    assert len(places) <= 1, places


def test_a_state_of_a_case_is_not_written_by_a_statement() -> None:
    source.refuse(
        [
            f"{module.at(call)} writes a state past the machine"
            for module in source.modules("ercms/cases")
            for call in _calls(module)
            if isinstance(call.func, ast.Attribute)
            and call.func.attr == "values"
            and any(keyword.arg == "state" for keyword in call.keywords)
        ]
    )


def test_files_stay_small() -> None:
    source.refuse(
        [
            f"{module.place} has {module.lines} lines, at most {LONGEST_FILE}"
            for module in (*source.application(), *source.modules("migrations", "script"))
            if module.lines > LONGEST_FILE and not module.place.startswith("migrations/versions")
        ]
    )


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_stay_small() -> None:
    found = []
    for module in source.application():
        for function in source.functions(module.tree):
            length = _lines(function) - (_lines(function.body[0]) if ast.get_docstring(function) else 0)
            if length > LONGEST_FUNCTION:
                found.append(f"{module.at(function)} {function.name} has {length} lines, at most {LONGEST_FUNCTION}")
    source.refuse(found)


def _undocumented(module: Module, body: list[ast.stmt], path: str) -> list[str]:
    found = []
    for node in body:
        if not isinstance(node, FunctionNode | ast.ClassDef) or node.name.startswith("_"):
            continue
        is_overload = any(source.dotted(mark).endswith("overload") for mark in node.decorator_list)
        if ast.get_docstring(node) is None and not is_overload and node.name != "Meta":
            found.append(f"{module.at(node)} {path}{node.name} has no docstring")
        if isinstance(node, ast.ClassDef):
            found += _undocumented(module, node.body, f"{path}{node.name}.")
    return found


def test_everything_public_says_what_it_does() -> None:
    found = []
    for module in source.application():
        if module.tree.body and ast.get_docstring(module.tree) is None:
            found.append(f"{module.place} has no docstring")
        found += _undocumented(module, module.tree.body, "")
    source.refuse(found)


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or source.dotted(kind) in {"Exception", "BaseException"} for kind in kinds)


def test_errors_are_not_swallowed() -> None:
    source.refuse(
        [
            f"{module.at(node)} catches everything"
            for module in source.application()
            if module.place not in MAY_CATCH_EVERYTHING
            for node in source.walk(module.tree)
            if isinstance(node, ast.ExceptHandler)
            and _catches_everything(node)
            # What is raised again, as itself or as a named error, is not swallowed.
            and not (node.body and isinstance(node.body[-1], ast.Raise))
        ]
    )


@cache
def _comments(module: Module) -> list[tokenize.TokenInfo]:
    readline = io.StringIO(module.path.read_text(encoding="utf-8")).readline
    return [token for token in tokenize.generate_tokens(readline) if token.type == tokenize.COMMENT]


def _refuse_comments(pattern: str, what: str) -> None:
    found = [
        f"{module.place}:{token.start[0]} {what}"
        for module in (*source.application(), *source.modules("tests", "migrations", "script"))
        for token in _comments(module)
        if re.search(pattern, token.string)
    ]
    source.refuse(found)


def test_nothing_is_left_for_later() -> None:
    _refuse_comments(r"\b(TODO|FIXME|XXX|HACK)\b", "leaves something for later")


def test_what_a_tool_is_told_to_ignore_has_a_name() -> None:
    _refuse_comments(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:\s*[A-Z]+\d)|#\s*ruff:\s*noqa(?!:)", "ignores everything")


def test_no_test_is_switched_off() -> None:
    # A browser that is not there is the one thing a machine may lack; those tests say so themselves.
    switching = re.compile(r"^pytest\.(mark\.)?(skip|skipif|xfail|importorskip)$")
    source.refuse(
        [
            f"{module.at(node)} uses {source.dotted(node)}"
            for module in source.modules("tests")
            if not module.place.startswith("tests/browser/")
            for node in source.walk(module.tree)
            if switching.match(source.dotted(node))
        ]
    )


def test_log_messages_are_constant() -> None:
    loggers = {"_log", "log", "logger", "_logger", "LOG", "logging"}
    methods = {"debug", "info", "warning", "error", "exception", "critical"}

    def is_log(call: ast.Call) -> bool:
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr not in methods:
            return False
        return source.dotted(function.value).rsplit(".", 1)[-1] in loggers

    # What is put together at run time may hold a person's data; named extra fields can be looked through.
    source.refuse(
        [
            f"{module.at(call)} logs a message that is put together"
            for module in source.application()
            for call in _calls(module)
            if is_log(call) and not (call.args and isinstance(call.args[0], ast.Constant))
        ]
    )


def test_a_traceback_is_logged_nowhere_but_at_the_edge() -> None:
    # A traceback's last line is the error's text, and that may quote what somebody typed.
    source.refuse(
        [
            f"{module.at(call)} logs a traceback"
            for module in source.application()
            if not module.place.startswith("ercms/web/")
            for call in _calls(module)
            if (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "exception"
                and "log" in source.dotted(call.func)
            )
            or any(keyword.arg == "exc_info" for keyword in call.keywords)
        ]
    )


def test_each_audit_action_lists_what_it_may_carry() -> None:
    name = re.compile(r"^[a-z_]+\.[a-z_]+$")
    keys = re.compile(r"^[a-z][a-z0-9_]*$")
    telling = {
        "name",
        "names",
        "first_name",
        "family_name",
        "birth_date",
        "born_on",
        "fin",
        "text",
        "email",
        "phone",
        "note",
    }
    for action in AuditAction:
        assert name.match(action.value), action
        assert all(keys.match(key) for key in action.payload_keys), action
        assert not (action.payload_keys & telling), f"{action.value} may carry personal data"
