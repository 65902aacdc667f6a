"""Migrations are numbered, in one line, named in full, and go both ways."""

import ast
import re

from tests.architecture import source
from tests.architecture.source import Module

VERSIONS = "migrations/versions"
# The column of Alembic's own table: SQLite writes a longer name, PostgreSQL refuses it.
LONGEST_NAME = 32
NAME = re.compile(r"^\d{4}_[a-z]+(_[a-z0-9]+)+$")


def _assigned(module: Module, name: str) -> object:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and source.dotted(node.targets[0]) == name:
            return ast.literal_eval(node.value)
        if isinstance(node, ast.AnnAssign) and source.dotted(node.target) == name and node.value is not None:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{module.place} does not say its {name}")


def test_a_revision_is_called_like_its_file() -> None:
    for module in source.modules(VERSIONS):
        assert NAME.match(module.path.stem), module.place
        assert len(module.path.stem) <= LONGEST_NAME, f"{module.place} has too long a name"
        assert _assigned(module, "revision") == module.path.stem, module.place


def test_there_is_one_line_of_revisions_and_one_head() -> None:
    migrations = source.modules(VERSIONS)
    previous: str | None = None
    for module in migrations:
        assert _assigned(module, "down_revision") == previous, f"{module.place} does not follow {previous}"
        previous = module.path.stem
    numbers = [module.path.stem[:4] for module in migrations]
    assert len(set(numbers)) == len(numbers), "two migrations have one number"


def test_each_migration_goes_both_ways() -> None:
    found = []
    for module in source.modules(VERSIONS):
        bodies = {function.name: function.body for function in source.functions(module.tree)}
        for direction in ("upgrade", "downgrade"):
            steps = [step for step in bodies.get(direction, []) if not isinstance(step, ast.Pass)]
            if not steps:
                found.append(f"{module.place} does nothing in {direction}")
    source.refuse(found)


def test_every_constraint_has_a_name() -> None:
    kinds = {"CheckConstraint", "UniqueConstraint", "ForeignKeyConstraint", "PrimaryKeyConstraint"}
    found = []
    for module in source.modules(VERSIONS):
        for node in source.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            name = source.dotted(node.func).rsplit(".", 1)[-1]
            keywords = {keyword.arg for keyword in node.keywords}
            if name in kinds and "name" not in keywords:
                found.append(f"{module.at(node)} {name} without a name")
            if name == "ForeignKey" and "name" not in keywords:
                found.append(f"{module.at(node)} ForeignKey without a name")
            if name == "Column" and keywords & {"unique", "primary_key"}:
                found.append(f"{module.at(node)} Column with an unnamed constraint")
    source.refuse(found)
