"""Reads the syntax trees that the architecture tests look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Module:
    """One source file: where it is, how it is imported, and its tree."""

    path: Path
    name: str
    tree: ast.Module
    lines: int

    @property
    def place(self) -> str:
        """Return the path below the root, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def domain(self) -> str:
        """Return the part below `ercms` (`cases` for `ercms.cases.service`), or the first part of the name."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "ercms" and len(parts) > 1 else parts[0]

    @property
    def kind(self) -> str:
        """Return the last part of the name: `service`, `models`, ..."""
        return self.name.rsplit(".", 1)[-1]

    def at(self, node: ast.AST) -> str:
        """Return where a node stands, as `path:line`."""
        return f"{self.place}:{getattr(node, 'lineno', 1)}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the modules below the folders, which may also be single files."""
    starts = [ROOT / folder for folder in folders]
    return tuple(
        _module(path) for start in starts for path in (sorted(start.rglob("*.py")) if start.is_dir() else [start])
    )


@cache
def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    return Module(path, name, ast.parse(text, str(path)), text.count("\n"))


@cache
def walk(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return a node and all below it; walked once a run, since a score of rules go over the same files."""
    return tuple(ast.walk(tree))


def application() -> tuple[Module, ...]:
    """Return everything that runs in production."""
    return modules("ercms", "workflows", "config.py", "wsgi.py")


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import as (statement, full dotted name): `from a.b import c` gives `a.b.c`."""
    for node in walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module or '.'}.{alias.name}") for alias in node.names)


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    """Yield each function and method, inner ones as well."""
    for node in walk(tree):
        if isinstance(node, FunctionNode):
            yield node


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for an attribute chain, with `?` for what is no plain name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def refuse(found: list[str]) -> None:
    """Fail with one line per finding."""
    assert not found, "\n" + "\n".join(found)
