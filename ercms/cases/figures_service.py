"""What the statistics ask of the cases: counts, and never a case.

The caller has checked who asks; nothing here names a person, a reference or an organisation.
"""

from ercms.cases.figures_queries import (
    Bounds,
    MoveCount,
    RequestCount,
    count_minors_alone,
    count_moves,
    count_requests,
    find_first_received_at,
)

__all__ = [
    "Bounds",
    "MoveCount",
    "RequestCount",
    "count_minors_alone",
    "count_moves",
    "count_requests",
    "find_first_received_at",
]
