"""From how many files on reading is unusual: arithmetic alone."""

import pytest

from ercms.core.actor import Role
from ercms.reading.limits import DEFAULTS, Limits, Seen, Verdict, judge

HELD = Limits(hours=24, alarm_at=3, stop_at=5)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Seen(0, 0, False, False), Verdict.USUAL),
        (Seen(1, 1, False, False), Verdict.USUAL),
        # The third file is the one of which somebody is told; one that was open before is no third.
        (Seen(2, 2, False, False), Verdict.ALARM),
        (Seen(2, 2, True, True), Verdict.USUAL),
        (Seen(3, 3, True, True), Verdict.ALARM),
        # Five may be opened, the sixth not; the five stay open.
        (Seen(4, 4, False, False), Verdict.ALARM),
        (Seen(5, 5, False, False), Verdict.STOP),
        (Seen(5, 5, True, True), Verdict.ALARM),
        # After a proof as many again, whatever came before; the alarm goes on counting all.
        (Seen(5, 0, False, False), Verdict.ALARM),
        (Seen(9, 5, False, False), Verdict.STOP),
        (Seen(9, 5, True, False), Verdict.STOP),
        (Seen(9, 4, True, False), Verdict.ALARM),
    ],
)
def test_told_from_the_first_number_on_and_stopped_after_the_second(seen: Seen, verdict: Verdict) -> None:
    assert judge(HELD, seen) is verdict


def test_every_role_of_a_person_has_limits_that_make_sense() -> None:
    assert set(DEFAULTS) == set(Role) - {Role.SYSTEM}
    assert all(1 <= one.alarm_at < one.stop_at and 1 <= one.hours <= 168 for one in DEFAULTS.values())
