"""Bring the instance up to date, then run the web server and the worker until an interrupt.

Started by `script/server`, once the packages are there.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from config import MARKER, ROOT, Settings, SettingsError

HOST = "127.0.0.1"
SECONDS_TO_STOP = 8
READY = "demonstration.json"

Started = dict[str, "subprocess.Popen[bytes]"]


class Interrupted(Exception):
    """Somebody asked everything to stop."""


_stop_asked = threading.Event()


def main() -> int:
    """Run until an interrupt, or until one of the processes ends; return the exit status."""
    # The handler only leaves a note: an exception out of it could lose a process that was just started.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: _stop_asked.set())
    started: Started = {}
    try:
        port = _port()
        settings = Settings.from_env()
        if not (settings.instance_path / MARKER).exists() or _is_half_made(settings):
            _make_demonstration(settings, started)
        elif not _is_migrated(settings):
            _run_to_end(started, "flask", "--app", "wsgi", "db", "upgrade", quietly=True)
        _serve(port, started)
        return _watch(started)
    except Interrupted:
        _say("Stopping")
        return 0
    except SettingsError as error:
        _complain(str(error))
        return 1
    except subprocess.CalledProcessError as error:
        _complain(f"`{' '.join(error.cmd[2:])}` failed; see above.")
        return 1
    finally:
        _stop(started)


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise SettingsError(
                f"Port {text} of {HOST} cannot be used ({error.strerror}). Stop what runs there, or choose another: "
                "PORT=8001 script/server"
            ) from error
    return int(text)


def _is_half_made(settings: Settings) -> bool:
    return settings.is_demonstration and not (settings.instance_path / READY).exists()


def _is_migrated(settings: Settings) -> bool:
    """Tell whether the tables are those of the newest migration, without a whole application started to ask.

    What is not a SQLite file, or cannot be read, is left to the migration itself.
    """
    newest = max(path.stem for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    scheme, _, path = settings.database_url.partition(":///")
    if scheme != "sqlite":
        return False
    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as database:
            return database.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]
    except sqlite3.Error:
        return False


def _make_demonstration(settings: Settings, started: Started) -> None:
    if _is_half_made(settings):
        _say("The demonstration was left half made: making it again")
        shutil.rmtree(settings.instance_path)
    _say(f"Making a demonstration with invented people in {_short(settings.instance_path)} (up to two minutes)")
    _run_to_end(started, "flask", "--app", "wsgi", "demonstration", "make")


def _run_to_end(started: Started, module: str, *arguments: str, quietly: bool = False) -> None:
    """Run a command and wait for it; what it says is kept back unless it fails, when `quietly`."""
    command = [sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said if quietly else None, stderr=said if quietly else None)
        started[module] = process
        while process.poll() is None:
            _pause(0.05)
        del started[module]
        if process.returncode != 0:
            said.seek(0)
            sys.stderr.buffer.write(said.read())
            raise subprocess.CalledProcessError(process.returncode, command)


def _serve(port: int, started: Started) -> None:
    _say(f"Serving on http://{HOST}:{port} (Ctrl-C stops)")
    web = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", f"{HOST}:{port}"]
    # Loaded once and then forked: loading opens no connection and starts no thread, and it is most of a start.
    once = ["--preload"]
    quiet = ["--log-level", "warning", "--graceful-timeout", "3", "--no-control-socket"]
    started["the web server"] = subprocess.Popen([sys.executable, "-m", "gunicorn", *web, *once, *quiet, "wsgi:app"])
    started["the worker"] = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"])


def _watch(started: Started) -> int:
    """Wait for an interrupt; when one process ends by itself, the other is of no use alone."""
    while True:
        _pause(0.3)
        for name, process in started.items():
            if process.poll() is not None:
                # The processes hear an interrupt of the whole group before this one does.
                _pause(0.5)
                _complain(f"{name} ended with status {process.returncode}; see above.")
                return 1


def _pause(seconds: float) -> None:
    if _stop_asked.wait(seconds):
        raise Interrupted


def _stop(started: Started) -> None:
    for process in started.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in started.values():
        try:
            process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path) + "/"


def _say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def _complain(text: str) -> None:
    print(f"error: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
