"""The command line of the law: dates with their arithmetic, and the check of the agreements' files."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import IO, Any

import click
from flask.cli import AppGroup

from ercms.agreements import file_reading, file_rules, overlay, schemas, service, text_service
from ercms.agreements.enums import CaseKind, Procedure
from ercms.cases import whatif_service
from ercms.core import clock
from ercms.core.actor import SYSTEM
from ercms.core.db_types import Json
from workflows import agreement_files
from workflows.deadlines import ClockKind, Event, Extension, Moment, Stop
from workflows.terms import Agreement, Unit

agreements_cli = AppGroup("agreements", help="What the agreements say, and the dates that follow from it.")


class MomentType(click.ParamType[Moment]):
    """An instant with its zone (2026-03-18T16:05+04:00) or a day (2026-03-18)."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Moment:
        """Return the instant or the day."""
        if isinstance(value, (datetime, date)):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a day (2026-03-18) nor an instant (2026-03-18T16:05+04:00)", param, ctx)
        if "T" not in value and " " not in value:
            return moment.date()
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no zone: write it as 2026-03-18T16:05+04:00", param, ctx)
        return moment


class DayType(click.ParamType[date]):
    """A day: 2026-03-18."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day: write it as 2026-03-18", param, ctx)


class StopType(click.ParamType[Stop]):
    """A stop: FROM/TO:ground; without TO it is still open, and the ground may be left out."""

    name = "from/to:ground"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Stop:
        """Return the stop."""
        if isinstance(value, Stop):
            return value
        span, _, ground = str(value).partition(":")
        from_on, slash, to_on = span.partition("/")
        try:
            if not slash:
                raise ValueError("a slash stands between the first and the last day")
            return Stop(date.fromisoformat(from_on), date.fromisoformat(to_on) if to_on else None, ground)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


class ExtensionType(click.ParamType[Extension]):
    """An extension: CLOCK=LENGTH:UNIT@NOTIFIED:ground, such as reply=25:calendar_days@2026-04-10."""

    name = "clock=length:unit@day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Extension:
        """Return the extension."""
        if isinstance(value, Extension):
            return value
        clock_kind, equals, rest = str(value).partition("=")
        measure, _, notice = rest.partition("@")
        length, _, unit = measure.partition(":")
        notified_on, _, ground = notice.partition(":")
        try:
            if not equals:
                raise ValueError("it begins with the clock, such as reply=")
            return Extension(
                int(length),
                Unit(unit or Unit.CALENDAR_DAYS.value),
                ground=ground,
                notified_on=date.fromisoformat(notified_on) if notified_on else None,
                clock=ClockKind(clock_kind).value,
            )
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


_EVENTS = {
    "received": Event.RECEIPT,
    "acknowledged": Event.ACKNOWLEDGEMENT,
    "knowledge": Event.KNOWLEDGE,
    "apprehended": Event.APPREHENSION,
    "interview_requested": Event.INTERVIEW_REQUESTED,
    "interviewed": Event.INTERVIEWED,
    "accepted": Event.ACCEPTANCE,
    "refused": Event.REFUSAL,
    "consent_deemed": Event.CONSENT_DEEMED,
    "document_requested": Event.DOCUMENT_REQUESTED,
    "reissue_requested": Event.DOCUMENT_REISSUE_REQUESTED,
    "issued": Event.DOCUMENT_ISSUED,
    "transfer_planned": Event.TRANSFER_PLANNED,
    "transfer_notified": Event.TRANSFER_NOTIFIED,
    "transferred": Event.TRANSFER,
}


def _event_options(command: Callable[..., None]) -> Callable[..., None]:
    for name in reversed(_EVENTS):
        option = click.option(f"--{name.replace('_', '-')}", name, type=MomentType(), help=f"When: {_EVENTS[name]}.")
        command = option(command)
    return command


@agreements_cli.command("dates")
@click.option("--state", required=True, help="The partner State, by its ISO 3166-1 code.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in CaseKind]))
@click.option("--procedure", default=Procedure.NORMAL.value, type=click.Choice([kind.value for kind in Procedure]))
@click.option("--agreement", "agreement_id", help="A version, such as eu@2014-09-01; by default the one in force.")
@_event_options
@click.option("--stop", "stops", multiple=True, type=StopType(), help="A span in which the clocks stand still.")
@click.option("--extension", "extensions", multiple=True, type=ExtensionType(), help="A lengthening of one limit.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def print_dates(
    state: str,
    kind: str,
    procedure: str,
    agreement_id: str | None,
    stops: tuple[Stop, ...],
    extensions: tuple[Extension, ...],
    as_json: bool,
    **moments: Moment | None,
) -> None:
    """Print every clock of such a case, with its arithmetic."""
    events = {_EVENTS[name]: moment for name, moment in moments.items() if moment is not None}
    if not events:
        raise click.UsageError("name at least one event, such as --received")
    state = state.upper()
    with overlay.as_far_as_there_is_one():
        agreement_id, deadlines = service.hypothetical_clocks(
            agreement_id=agreement_id,
            state=state,
            kind=CaseKind(kind),
            procedure=Procedure(procedure),
            events=events,
            stops=stops,
            extensions=extensions,
        )
    document = {
        "state": state,
        "kind": kind,
        "procedure": procedure,
        "agreement": agreement_id,
        "channel": "treaty" if deadlines else "diplomatic",
        "clocks": [service.describe(deadline) for deadline in deadlines],
    }
    click.echo(json.dumps(document, indent=2, ensure_ascii=False) if as_json else _table(document))


def _table(document: Json) -> str:
    if not document["clocks"]:
        return f"{document['state']}: no agreement in force. No treaty date: the diplomatic channel."
    lines = [f"{document['state']} under {document['agreement']} ({document['kind']}, {document['procedure']})"]
    for entry in document["clocks"]:
        source = entry["term"]["source"]
        article = f"Art. {source['article']}" if source["article"] else source["instrument"]
        label = "internal target" if entry["is_internal"] else f"{article}, {entry['confidence']}"
        lines.append(f"  {entry['kind']:<22} {entry['due_on'] or entry['state']:<12} {label}")
        for step in entry["arithmetic"]:
            facts = " ".join(str(value) for key, value in step.items() if key not in ("code", "is_estimated"))
            lines.append(f"      {step['code']}: {facts}{' (estimated)' if step.get('is_estimated') else ''}")
    return "\n".join(lines)


@agreements_cli.command("check")
def check_files() -> None:
    """Validate every agreement's file and print its terms by confidence; fail on the first bad set."""
    with overlay.as_far_as_there_is_one():
        _check_files()


def _check_files() -> None:
    problems: list[str] = []
    for path in agreement_files.agreement_paths():
        problems += [str(problem) for problem in file_rules.check_file(path.read_text(encoding="utf-8"), path.name)]
    if not problems:
        problems += schemas.check_set(service.list_agreements(), clock.today())
    if problems:
        raise click.ClickException("\n".join(problems))
    counts = {
        agreement.id: Counter(term.confidence.value for term in agreement.terms.values())
        for agreement in service.list_agreements()
    }
    click.echo(f"{'agreement':<26}{'verified':>10}{'reported':>10}{'inferred':>10}{'unknown':>10}")
    for agreement_id, count in counts.items():
        row = "".join(f"{count[name]:>10}" for name in ("verified", "reported", "inferred", "unknown"))
        click.echo(f"{agreement_id:<26}{row}")
    click.echo("")
    for agreement, term in service.terms_by_confidence():
        value = "-" if term.value is None else term.value
        unit = term.unit.value if term.unit and term.is_known else ""
        article = f"Art. {term.source.article}" if term.source.article else term.source.reference
        click.echo(f"{term.confidence.value:<10}{agreement.id:<26}{term.name:<32}{value!s:<44}{unit:<16}{article}")


def _draft(file: IO[bytes]) -> Agreement:
    """Return what a draft says; its faults are printed with their lines, and nothing is computed."""
    reading = file_reading.decode(file.read(file_reading.MOST_BYTES + 1), file.name)
    checked = None if reading.problems else text_service.check(actor=SYSTEM, text=reading.text, name=file.name)
    problems = reading.problems if checked is None else checked.problems
    if checked is None or checked.made is None:
        raise click.ClickException("\n".join(str(problem) for problem in problems))
    return checked.made


@agreements_cli.command("what-if")
@click.option("--agreement", "agreement_id", help="A version, such as switzerland@2017-04-01.")
@click.option("--file", "draft", type=click.File("rb"), help="A draft on nobody's record, instead of a version.")
@click.option("--state", required=True, help="The State whose past requests are computed, by its ISO 3166-1 code.")
@click.option("--from", "first_on", required=True, type=DayType(), help="First day of receipt.")
@click.option("--to", "last_on", type=DayType(), help="Last day of receipt; today by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def print_what_if(
    agreement_id: str | None, draft: IO[bytes] | None, state: str, first_on: date, last_on: date | None, as_json: bool
) -> None:
    """Compute the past requests of a State as if a version had held; nothing is written."""
    if (agreement_id is None) is (draft is None):
        raise click.UsageError("name a version with --agreement, or a draft with --file")
    found = whatif_service.what_if(
        actor=SYSTEM,
        agreement_id=agreement_id or "",
        draft=None if draft is None else _draft(draft),
        state=state.upper(),
        first_on=first_on,
        last_on=last_on or clock.today(),
    )
    document = whatif_service.describe(found)
    if as_json:
        click.echo(json.dumps(document, indent=2, default=str))
        return
    for name, value in document.items():
        if isinstance(value, (int, str, date)):
            click.echo(f"{name:<22}{value}")
    click.echo(f"{'month':<10}{'received':>10}{'due now':>10}{'due then':>10}{'late then':>10}")
    for load in found.months:
        click.echo(f"{load.month:<10}{load.received:>10}{load.due_now:>10}{load.due_then:>10}{load.late_then:>10}")
