"""Measure the pages of one case: each tab, the forms of its acts, for SMS and for the requesting authority."""

from ercms.casefile import page as casefile
from ercms.core.actor import OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from tests.bench import dataset, harness
from tests.bench.dataset import Bench

TABS = (
    "",
    "/persons",
    "/health",
    "/evidence",
    "/verification",
    "/travel",
    "/reintegration",
    "/messages",
    "/dates",
    "/history",
)
STATES = ("accepted", "document_issued", "transferred", "reintegrating", "under_verification")


def main() -> None:
    """Print the table."""
    options = harness.options(__doc__)
    report = harness.Report("One case")
    for size in options.sizes:
        with dataset.of(size, options.database) as bench:
            _measure(report, bench)
    print(report.table())


def _measure(report: harness.Report, bench: Bench) -> None:
    actor = bench.actor(Role.SUPERVISOR)
    client = bench.client(actor)
    references = bench.made_by_services(*STATES)

    def open_page(reference: str) -> None:
        with unit_of_work():
            casefile.open_page(actor=actor, reference=reference)

    report.measure("service: open a case", bench.size, open_page, references)
    for tab in TABS:

        def get(reference: str, tab: str = tab) -> None:
            # A part that a kind of case does not have answers 404.
            assert client.get(f"/cases/{reference}{tab}").status_code in (200, 404)

        report.measure(f"page: {tab.strip('/') or 'overview'}", bench.size, get, references)
    waiting = bench.made_by_services("under_verification")
    report.measure(
        "page: form of an act",
        bench.size,
        lambda reference: client.get(f"/cases/{reference}/do/propose_acceptance"),
        waiting,
    )
    officer = bench.actor(Role.CONSULAR_OFFICER, OrganisationKind.REQUESTING_AUTHORITY, "DE")
    outside = bench.client(officer)
    report.measure(
        "page: overview, authority", bench.size, lambda reference: outside.get(f"/cases/{reference}"), references
    )


if __name__ == "__main__":
    main()
