from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ercms.core.outbound import OutboundLimits, is_allowed
from ercms.registries.breaker import (
    FAILURES_THAT_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Breaker,
    after_failure,
    before_call,
    pause_after,
    state_of,
)
from ercms.registries.enums import BreakerState

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def _failed(times: int) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = after_failure(breaker, NOW, 0)
    return breaker


def test_some_failures_in_a_row_open_the_breaker_and_nothing_is_called() -> None:
    almost = _failed(FAILURES_THAT_OPEN - 1)
    assert (state_of(almost, NOW), before_call(almost, NOW)) == (BreakerState.CLOSED, almost)
    opened = _failed(FAILURES_THAT_OPEN)
    assert (state_of(opened, NOW), before_call(opened, NOW)) == (BreakerState.OPEN, None)


def test_after_the_pause_one_call_goes_out_and_no_second_one_until_it_is_back() -> None:
    opened, later = _failed(FAILURES_THAT_OPEN), NOW + FIRST_PAUSE
    assert state_of(opened, later) is BreakerState.HALF_OPEN
    probing = before_call(opened, later)
    assert probing is not None
    assert before_call(probing, later + timedelta(seconds=1)) is None
    # A process that died with the probe in its hands does not hold the register closed for good.
    assert before_call(probing, later + timedelta(minutes=3)) is not None


def test_each_further_failure_doubles_the_pause_up_to_the_longest() -> None:
    pauses = [pause_after(failures, 0) for failures in range(1, 20)]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert pause_after(1, 1) == FIRST_PAUSE * 1.25


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://register.example.org/v1", True),
        ("https://register.example.org:443/v1", True),
        ("https://register.example.org:8443/v1", False),
        ("https://other.example.org:8443", True),
        ("https://other.example.org", False),
        ("https://REGISTER.example.org", True),
        ("http://register.example.org", False),
        ("http://127.0.0.1:9000", False),
        ("https://127.0.0.1", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://register.example.org@evil.example", False),
        ("https://user:word@register.example.org", False),
        ("https://register.example.org.evil.example", False),
        ("https://register.example.org?next=1", False),
        ("https://register.example.org/#x", False),
        ("https://register.example.org:99999", False),
        ("https://[::1]/", False),
        ("https://register.example.org/\n", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_listed_hosts_are_called_and_only_over_tls(address: str, *, allowed: bool) -> None:
    hosts = frozenset({"register.example.org", "other.example.org:8443"})
    assert is_allowed(address, OutboundLimits(hosts, allows_loopback=False, ca_path=None)) is allowed


def test_plain_http_is_for_this_machine_and_where_the_settings_say_so() -> None:
    limits = OutboundLimits(frozenset(), allows_loopback=True, ca_path=Path("none"))
    assert is_allowed("http://127.0.0.1:9000/v1", limits)
    assert not is_allowed("http://192.0.2.1:9000/v1", limits)
