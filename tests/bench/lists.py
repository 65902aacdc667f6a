"""Measure the lists: the work queue and its filters, an authority's requests, the lists of the other roles."""

from collections.abc import Callable

from ercms.cases import worklist
from ercms.core.actor import OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from tests.bench import dataset, harness
from tests.bench.dataset import Bench
from workflows.readmission import CaseState

CALLS = 30
DEEP = 20
FILTERS = {
    "first page": {},
    "of one state": {"state": [CaseState.UNDER_VERIFICATION]},
    "my cases": {"assigned": worklist.MINE},
    "of nobody": {"assigned": worklist.UNASSIGNED},
    "overdue": {"due": "overdue"},
    "due this week": {"due": "week"},
    "of one requesting State": {"requesting_state": ["AT"]},
    "closed": {"state": [CaseState.CLOSED]},
}


def main() -> None:
    """Print the table."""
    options = harness.options(__doc__)
    report = harness.Report("Lists")
    for size in options.sizes:
        with dataset.of(size, options.database) as bench:
            _queue(report, bench)
            _own(report, bench)
            _pages(report, bench)
    print(report.table())


def _queue(report: harness.Report, bench: Bench) -> None:
    actor = bench.actor(Role.CASE_WORKER)
    for name, wanted in FILTERS.items():

        def call(_: object, wanted: dict[str, object] = wanted) -> None:
            with unit_of_work():
                worklist.list_queue(actor=actor, wanted=wanted)

        report.measure(f"queue: {name}", bench.size, call, range(CALLS))
    cursor = None
    for _ in range(DEEP):
        with unit_of_work():
            cursor = worklist.list_queue(actor=actor, wanted={"cursor": cursor}).next_cursor or cursor

    def deep(_: object) -> None:
        with unit_of_work():
            worklist.list_queue(actor=actor, wanted={"cursor": cursor})

    report.measure(f"queue: page {DEEP}", bench.size, deep, range(CALLS))


def _own(report: harness.Report, bench: Bench) -> None:
    sides = {
        "requests of the largest authority": (OrganisationKind.REQUESTING_AUTHORITY, "DE"),
        "requests of a small authority": (OrganisationKind.REQUESTING_AUTHORITY, "CH"),
        "requests that a mission sees": (OrganisationKind.MISSION, "DE"),
    }
    for name, (kind, state) in sides.items():
        actor = bench.actor(Role.CONSULAR_OFFICER, kind, state)

        def call(_: object, actor: object = actor) -> None:
            with unit_of_work():
                worklist.list_own(actor=actor, wanted={})  # type: ignore[arg-type]

        report.measure(name, bench.size, call, range(CALLS))


def _pages(report: harness.Report, bench: Bench) -> None:
    service, authority = OrganisationKind.MIGRATION_SERVICE, OrganisationKind.REQUESTING_AUTHORITY
    pages = (
        ("page: queue", Role.CASE_WORKER, service, None, "/queue"),
        ("page: start", Role.CASE_WORKER, service, None, "/start"),
        ("page: notices", Role.CASE_WORKER, service, None, "/notices"),
        ("page: own requests", Role.CONSULAR_OFFICER, authority, "DE", "/requests"),
        ("page: travel documents", Role.CONSULAR_OFFICER, OrganisationKind.MISSION, "DE", "/travel-documents"),
        ("page: transfers, border", Role.BORDER_OFFICER, None, None, "/transfers"),
        ("page: transfers, authority", Role.CONSULAR_OFFICER, authority, "DE", "/transfers"),
        ("page: inquiries", Role.VERIFIER, None, None, "/inquiries"),
        ("page: referrals", Role.REINTEGRATION_PARTNER, None, None, "/referrals"),
    )
    for name, role, kind, state, address in pages:
        report.measure(name, bench.size, _get(bench, role, kind, state, address), range(CALLS))


def _get(
    bench: Bench, role: Role, kind: OrganisationKind | None, state: str | None, address: str
) -> Callable[[object], None]:
    client = bench.client(bench.actor(role, kind, state))

    def call(_: object) -> None:
        assert client.get(address).status_code == 200, address

    return call


if __name__ == "__main__":
    main()
