"""What the measurements share: timing, medians and p95, and the growth from one size to the next.

Nothing here asserts a time: `script/bench` prints, a person compares. A measurement is a module of this package with
a `main`:

    def main() -> None:
        options = harness.options(__doc__)
        report = harness.Report("Lists")
        for size in options.sizes:
            with dataset.of(size, options.database):
                report.measure("work queue, first page", size, lambda _: client.get("/cases/"))
        print(report.table())
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

SIZES = (10_000, 100_000)


@dataclass(frozen=True)
class Timing:
    """The durations of one measured call, in milliseconds."""

    name: str
    size: int
    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the middle duration."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Return the duration that 95 of 100 calls do not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[round(0.95 * (len(ordered) - 1))]


@dataclass
class Report:
    """Collects timings and prints them as one table."""

    title: str
    timings: list[Timing] = field(default_factory=list)

    def measure(
        self,
        name: str,
        size: int,
        call: Callable[[Any], object],
        inputs: Iterable[Any] = range(50),
        *,
        warm_up: int = 3,
    ) -> Timing:
        """Time `call` once with each input, after a few calls that are not counted.

        Give inputs that differ where the real calls differ, so that no cache flatters the result.
        """
        given = list(inputs)
        for value in given[:warm_up]:
            call(value)
        durations = []
        for value in given:
            began = time.perf_counter()
            call(value)
            durations.append((time.perf_counter() - began) * 1000)
        timing = Timing(name, size, tuple(durations))
        self.timings.append(timing)
        print(f"    {name}, {size:,}: {timing.median:.2f} ms", file=sys.stderr, flush=True)
        return timing

    def table(self) -> str:
        """Return a row per name and size: median, p95, and how the median grew since the size before."""
        names = list(dict.fromkeys(timing.name for timing in self.timings))
        width = max([len(name) for name in names] + [len(self.title)])
        lines = [f"{self.title:<{width}}  {'size':>9}  {'calls':>6}  {'median ms':>10}  {'p95 ms':>10}  {'growth':>18}"]
        for name in names:
            before: Timing | None = None
            for timing in sorted((each for each in self.timings if each.name == name), key=lambda each: each.size):
                lines.append(
                    f"{name:<{width}}  {timing.size:>9,}  {len(timing.milliseconds):>6}  {timing.median:>10.2f}"
                    f"  {timing.p95:>10.2f}  {_growth(before, timing):>18}"
                )
                before = timing
        return "\n".join(lines)


def _growth(before: Timing | None, timing: Timing) -> str:
    if before is None or before.size == timing.size or before.median == 0:
        return ""
    return f"x{timing.median / before.median:.2f} for x{timing.size / before.size:g}"


def parser(description: str | None, sizes: tuple[int, ...] = SIZES) -> argparse.ArgumentParser:
    """Return a parser of the option that every measurement takes: `sizes`."""
    reader = argparse.ArgumentParser(description=description)
    reader.add_argument("--sizes", type=int, nargs="+", default=list(sizes), help="how many records there are")
    return reader


def options(description: str | None, sizes: tuple[int, ...] = SIZES) -> argparse.Namespace:
    """Read the options of a measurement that runs on either database: `sizes` and `database`."""
    reader = parser(description, sizes)
    reader.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return reader.parse_args()
