"""A real worker process: it delivers, it ends on an interrupt, and what a killed one left is delivered by the next."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from config import ROOT
from ercms.core import clock, outbox
from ercms.core.outbox_models import OutboxMessage
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

# The handler writes down the key, as a mail server would see it, and hangs in its first attempt.
WORKER = """
import pathlib, sys, time
from config import Settings
from ercms.app import create_app
from ercms.core import outbox
from ercms.worker import run_worker

instance, database_url, seen = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])

def deliver(delivery):
    def send():
        with seen.open("a") as file:
            file.write(delivery.key + "\\n")
        if delivery.attempt == 1 and "hang" in delivery.payload:
            time.sleep(120)
    return send

outbox.register_handler("test_notice", deliver)
run_worker(create_app(Settings.for_tests(instance, database_url=database_url)), threads=2)
"""


def _wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def _start(app: Flask, seen: Path) -> "subprocess.Popen[bytes]":
    settings = app.config["SETTINGS"]
    command = [sys.executable, "-c", WORKER, str(settings.instance_path), settings.database_url, str(seen)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _delivered() -> int:
    db.session.rollback()
    return outbox.count_by_state()["delivered"]


@pytest.mark.long
def test_what_a_killed_worker_left_is_delivered_by_the_next_with_the_same_key(app: Flask, tmp_path: Path) -> None:
    seen = tmp_path / "seen.txt"
    with unit_of_work():
        outbox.enqueue("test_notice", {"hang": True}, key="notice:1")
    first = _start(app, seen)
    try:
        _wait_for(seen.exists)
    finally:
        first.kill()
        first.wait()
    assert _delivered() == 0
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(leased_until=clock.now()))
    second = _start(app, seen)
    try:
        _wait_for(lambda: _delivered() == 1)
    finally:
        second.send_signal(signal.SIGINT)
        assert second.wait(timeout=15) == 0
    assert seen.read_text().split() == ["notice:1", "notice:1"]


@pytest.mark.long
def test_two_workers_share_the_work(app: Flask, tmp_path: Path) -> None:
    rows = 300
    seen = tmp_path / "seen.txt"
    with unit_of_work():
        for number in range(rows):
            outbox.enqueue("test_notice", {}, key=f"notice:{number}")
    workers = [_start(app, seen) for _ in range(2)]
    try:
        _wait_for(lambda: _delivered() == rows, seconds=60)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGINT)
        assert [worker.wait(timeout=15) for worker in workers] == [0, 0]
    assert sorted(seen.read_text().split()) == sorted(f"notice:{number}" for number in range(rows))
