"""Check one stretch of the audit in a process of its own, which connects to the database for itself."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from ercms.audit import stretches
from ercms.audit.stretches import Cut, Finding, Flaw, Outcome, Source, Stretch

_ROOT = Path(__file__).resolve().parents[2]
# Nothing of the environment decides which code runs; the folder of the application is named here.
_CODE = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from ercms.audit.stretch_process import main; main()"


def start(*, dialect: str, connect: dict[str, Any], stretch: Stretch) -> subprocess.Popen[str]:
    """Begin to check a stretch; how to connect goes in on standard input, since it may hold a password."""
    process = subprocess.Popen(  # noqa: S603 - this interpreter and code of this module
        [sys.executable, "-I", "-c", _CODE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    if process.stdin is not None:
        json.dump({"dialect": dialect, "connect": connect, "stretch": asdict(stretch)}, process.stdin)
        process.stdin.close()
    return process


def outcome_of(process: subprocess.Popen[str]) -> Outcome | None:
    """Wait for a process and return what it found; None when it could not finish."""
    said = process.stdout.read() if process.stdout is not None else ""
    if process.wait() != 0:
        return None
    outcome = json.loads(said)
    found = outcome["finding"]
    finding = Finding(Flaw(found["flaw"]), found["chain"], found["seq"]) if found else None
    return Outcome(outcome["entries"], outcome["chains"], finding)


def stop(process: subprocess.Popen[str]) -> None:
    """End a process whose outcome nobody needs any more."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def main() -> None:
    """Check the stretch that standard input names, and write the outcome."""
    task = json.load(sys.stdin)
    cuts = {name: Cut(**cut) if cut else None for name, cut in task["stretch"].items()}
    is_postgresql = task["dialect"] == "postgresql"
    with closing(_connect(task["connect"], is_postgresql=is_postgresql)) as driver:
        outcome = stretches.check(Source(driver, is_postgresql=is_postgresql), Stretch(**cuts))
    json.dump(asdict(outcome), sys.stdout)


def _connect(options: dict[str, Any], *, is_postgresql: bool) -> Any:
    """Connect, and begin a transaction that sees one moment and writes nothing."""
    if is_postgresql:
        connection = psycopg.connect(**options)
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return connection
    file = sqlite3.connect(options["database"], isolation_level=None)
    file.execute("PRAGMA query_only=ON")
    file.execute("BEGIN")
    return file
