"""What the child process may use: memory, time, and no file beyond the ones that it was given.

Standard library alone: these limits have to hold before the first parser is loaded.
"""

import os
import resource

MEMORY_BYTES = 190 * 1024 * 1024
"""How much the process may allocate (RLIMIT_DATA: heap and private mappings), the shared code of libraries apart."""

ADDRESS_BYTES = 640 * 1024 * 1024
"""How much address space it may have, the code of libraries included."""

CPU_SECONDS = 20
OUTPUT_BYTES = 64 * 1024 * 1024

_status: list[int] = []


def restrain() -> None:
    """Set the limits that hold from the start: memory, processor time, size of what is written, no core file."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_DATA, MEMORY_BYTES)
    _set(resource.RLIMIT_AS, ADDRESS_BYTES)
    _set(resource.RLIMIT_CPU, CPU_SECONDS)
    _set(resource.RLIMIT_FSIZE, OUTPUT_BYTES)
    if os.path.exists("/proc/self/status"):
        _status.append(os.open("/proc/self/status", os.O_RDONLY))


def close_doors() -> None:
    """Open nothing from now on: no file, no socket, no further process. To be called when all code is loaded."""
    _set(resource.RLIMIT_NOFILE, 3)
    _set(resource.RLIMIT_NPROC, 0)


def peak_kib() -> int:
    """Return the largest resident set of this process so far, in KiB; 0 where the system does not tell.

    `getrusage` is no use here: after an exec it still holds the peak of the process that started this one.
    """
    for descriptor in _status:
        for line in os.pread(descriptor, 8192, 0).splitlines():
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    return 0


def _set(limit: int, value: int) -> None:
    """Set a limit for good, or to what is allowed where that is less already."""
    _, hard = resource.getrlimit(limit)
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (wanted, wanted))
