"""The worker: Huey calls `tick` every few seconds, and `tick` does what is due.

What is to be done stands in the outbox and in the job locks, never in Huey's queue: a queue that is lost or doubled
changes nothing. Sites that prefer cron call `flask tick` instead.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer, Scheduler
from huey.registry import Message
from huey.serializer import Serializer

from ercms.core import clock, jobs, outbox
from ercms.core.unit_of_work import unit_of_work

SECONDS_BETWEEN_TICKS = 2
DELIVERED_ROWS_ARE_KEPT = timedelta(days=30)

outbox_commands = AppGroup("outbox", help="Look at work that could not be delivered, and try it again.")


def tick() -> None:
    """Run the recurring jobs that are due, then deliver the outbox rows that are due."""
    jobs.run_due_jobs()
    outbox.deliver_due()


class MessageSerializer(Serializer):  # type: ignore[misc]
    """Store a task as its name in JSON: Huey's own pickles would let whoever writes the queue run code here."""

    def _serialize(self, data: Message) -> bytes:
        """Keep what a task without arguments consists of."""
        until = data.expires_resolved
        return json.dumps({"id": data.id, "name": data.name, "until": until and until.isoformat()}).encode()

    def _deserialize(self, data: bytes) -> Message:
        """Make the message again."""
        stored = json.loads(bytes(data))
        until = stored["until"] and datetime.fromisoformat(stored["until"])
        return Message(
            stored["id"], stored["name"], retries=0, retry_delay=0, args=(), kwargs={}, expires_resolved=until
        )


class TickScheduler(Scheduler):  # type: ignore[misc]
    """Huey's scheduler, which looks at recurring tasks every few seconds instead of every minute."""

    periodic_task_seconds = SECONDS_BETWEEN_TICKS


class TickConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer with that scheduler."""

    scheduler_class = TickScheduler


def build_huey(app: Flask) -> Huey:
    """Return the queue of this installation: beside the SQLite file, or inside the PostgreSQL database."""
    settings = app.config["SETTINGS"]
    common: dict[str, Any] = {"results": False, "serializer": MessageSerializer()}
    if settings.database_url.startswith("postgresql"):
        dsn = settings.database_url.replace("postgresql+psycopg:", "postgresql:", 1)
        huey = PostgresHuey("ercms", dsn=dsn, blocking=False, **common)
    else:
        huey = SqliteHuey("ercms", filename=str(settings.instance_path / "queue.sqlite"), **common)

    def run_tick() -> None:
        with app.app_context():
            tick()

    # Ticks that nobody had time for are dropped: the next one does the same work.
    huey.periodic_task(lambda _moment: True, name="tick", expires=SECONDS_BETWEEN_TICKS * 2)(run_tick)
    return huey


def run_worker(app: Flask, threads: int) -> None:
    """Deliver and run jobs until an interrupt or a termination signal; end what is being done first."""
    consumer = TickConsumer(
        build_huey(app), workers=threads, initial_delay=0.2, max_delay=1.0, shutdown_timeout=10, graceful_signal="INT"
    )
    consumer.run()


def register_jobs() -> None:
    """Name the recurring jobs that belong to the worker itself."""
    jobs.register_job("worker_heartbeat", timedelta(seconds=20), _show_sign_of_life)
    jobs.register_job("outbox_clearing", timedelta(days=1), clear_delivered)


def _show_sign_of_life() -> None:
    """Do nothing: that this job ran is what the `doctor` command and the readiness page look at."""


def clear_delivered() -> None:
    """Delete rows delivered long ago; until then their keys refuse a doubled request."""
    with unit_of_work():
        outbox.delete_delivered(before=clock.now() - DELIVERED_ROWS_ARE_KEPT)


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="How many rows are delivered at the same time.")
@with_appcontext
def worker_command(threads: int) -> None:
    """Deliver outbox rows and run recurring jobs until stopped; start as many as needed."""
    run_worker(current_app._get_current_object(), threads)  # type: ignore[attr-defined]


@click.command("tick")
@with_appcontext
def tick_command() -> None:
    """Do once what is due, for sites that run cron instead of a worker."""
    tick()
    counts = outbox.count_by_state()
    click.echo(f"pending {counts['pending']}, dead {counts['dead']}")


@outbox_commands.command("list")
@with_appcontext
def list_command() -> None:
    """Show the counts and the rows that were given up."""
    click.echo("  ".join(f"{state} {number}" for state, number in outbox.count_by_state().items()))
    for letter in outbox.list_dead():
        since = letter.created_at.astimezone(UTC).isoformat(timespec="seconds")
        click.echo(f"{letter.id}  {since}  {letter.topic}  {letter.attempts} attempts  {letter.last_error}")


@outbox_commands.command("retry")
@click.argument("row_id")
@with_appcontext
def retry_command(row_id: str) -> None:
    """Try a row that was given up again, with the same key."""
    with unit_of_work():
        outbox.revive(row_id)
    click.echo("The row is due again.")
