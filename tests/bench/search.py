"""Measure the exact search: by reference, document number, FIN, birth date, and for what is not there."""

from collections.abc import Callable

from ercms.cases import worklist
from ercms.core.actor import Role
from ercms.core.unit_of_work import unit_of_work
from tests.bench import dataset, harness
from tests.bench.dataset import Bench
from tests.bench.sealing import document_of, fin_of
from tests.conftest import csrf_token

CALLS = 40


def main() -> None:
    """Print the table."""
    options = harness.options(__doc__)
    report = harness.Report("Search")
    for size in options.sizes:
        with dataset.of(size, options.database) as bench:
            _measure(report, bench)
    print(report.table())


def _measure(report: harness.Report, bench: Bench) -> None:
    actor = bench.actor(Role.CASE_WORKER)

    def search(text: str) -> None:
        with unit_of_work():
            worklist.search(actor=actor, text=text)

    copies = bench.size - dataset.TEMPLATES
    numbers = [copies * part // CALLS for part in range(CALLS)]
    wanted = {
        "by reference": [row.reference for row in bench.copies(CALLS)],
        "by document number": [document_of(number) for number in numbers],
        "by FIN": [fin_of(number) for number in numbers],
        "by birth date (many)": [f"{1960 + number}-05-17" for number in range(CALLS)],
        "for what is not there": [f"X{number:07}" for number in range(CALLS)],
    }
    for name, texts in wanted.items():
        report.measure(f"search {name}", bench.size, search, texts)
    report.measure("page: search by document number", bench.size, _page(bench), wanted["by document number"])


def _page(bench: Bench) -> Callable[[str], None]:
    client = bench.client(bench.actor(Role.CASE_WORKER))
    token = csrf_token(client.get("/search").text)

    def call(text: str) -> None:
        assert client.post("/search", data={"q": text, "csrf_token": token}).status_code == 200

    return call


if __name__ == "__main__":
    main()
