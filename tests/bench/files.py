"""Measure the limited process: how long it takes and how much memory, here and there, for heavy files."""

import resource
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median

from PIL import Image

from ercms.core.errors import InvalidInput
from ercms.inspection import service
from ercms.inspection.kinds import PAGE_LIMIT, PDF
from tests.factories import files

ROUNDS = 5


def main() -> None:
    """Print the table."""
    turned = Image.Exif()
    turned[0x0112] = 6
    heavy: dict[str, tuple[Callable[[], bytes], str]] = {
        "photograph, 1 megapixel": (lambda: _noise((1000, 1000)), "a.jpg"),
        "JPEG, 16 megapixels, turned": (lambda: _noise((4000, 4000), exif=turned), "a.jpg"),
        "JPEG, 63 megapixels": (lambda: files.picture(size=(9000, 7000), quality=30), "a.jpg"),
        "PNG, 24 megapixels": (lambda: files.picture("PNG", size=(6000, 4000)), "a.png"),
        "PDF, 400 pages": (lambda: files.written(files.pdf(PAGE_LIMIT)), "a.pdf"),
        "PDF, 20,000 pages (refused)": (lambda: files.written(files.pdf(20_000)), "a.pdf"),
        "DOCX": (files.docx, "a.docx"),
    }
    print(f"{'file':32} {'size kB':>9} {'median ms':>10} {'slowest ms':>10} {'child MB':>9}")
    for label, (make, name) in heavy.items():
        content = make()
        _print(label, content, lambda content=content, name=name: _clean(content, name))
    page = files.written(files.pdf(3))
    _print("a page drawn, 900 wide", page, lambda: _peak(
        service.draw(stream=BytesIO(page), media_type=PDF, page=2, width=900, turn=0)
    ))  # fmt: skip
    print(
        f"this process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB (makes the files)"
    )


def _print(label: str, content: bytes, act: Callable[[], int]) -> None:
    times, peaks = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        peaks.append(act())
        times.append((time.perf_counter() - begun) * 1000)
    peak = f"{max(peaks) / 1024:9.0f}" if max(peaks) else f"{'-':>9}"
    print(f"{label:32} {len(content) // 1024:9} {median(times):10.0f} {max(times):10.0f} {peak}")


def _clean(content: bytes, name: str) -> int:
    try:
        return _peak(service.clean(stream=BytesIO(content), name=name))
    except InvalidInput:
        return 0


def _peak(made: service.Made) -> int:
    made.content.close()
    return made.peak_kib


def _noise(size: tuple[int, int], **options: object) -> bytes:
    target = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(target, "JPEG", quality=60, **options)
    return target.getvalue()


if __name__ == "__main__":
    main()
