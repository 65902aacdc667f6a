"""When reading is unusual: pure arithmetic on how many files were opened.

The figures are suggestions and no law: no published one was found. The data protection officer answers for them, and
changes them at `/privacy/reading`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ercms.core.actor import Role


@dataclass(frozen=True, slots=True)
class Limits:
    """From `alarm_at` files within `hours` on somebody is told; beyond `stop_at` without a proof it stops."""

    hours: int
    alarm_at: int
    stop_at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How many different files a reader opened within the time, and of them since the last proof or release.

    `is_known` and `is_known_since` tell whether the file that is to be opened now is among them.
    """

    files: int
    files_since: int
    is_known: bool
    is_known_since: bool


class Verdict(StrEnum):
    """What follows from opening one more file."""

    USUAL = "usual"
    ALARM = "alarm"
    STOP = "stop"


_A_DAY = 24
DEFAULTS: Mapping[Role, Limits] = {
    Role.CONSULAR_OFFICER: Limits(_A_DAY, 80, 250),
    Role.CASE_WORKER: Limits(_A_DAY, 80, 250),
    Role.SUPERVISOR: Limits(_A_DAY, 120, 350),
    Role.VERIFIER: Limits(_A_DAY, 150, 500),
    # A charter brings many people in one night.
    Role.BORDER_OFFICER: Limits(_A_DAY, 200, 600),
    Role.REINTEGRATION_PARTNER: Limits(_A_DAY, 60, 200),
    # Whose work is not with files opens none, or few.
    Role.ANALYST: Limits(_A_DAY, 5, 20),
    Role.DATA_PROTECTION_OFFICER: Limits(_A_DAY, 80, 250),
    Role.ADMINISTRATOR: Limits(_A_DAY, 5, 20),
}


def judge(limits: Limits, seen: Seen) -> Verdict:
    """Say what opening one more file means; a file that was opened before counts once.

    At the alarm nobody is hindered. The stop counts from the last proof: who proves anew goes on for as many again.
    """
    if seen.files_since + (not seen.is_known_since) > limits.stop_at:
        return Verdict.STOP
    if seen.files + (not seen.is_known) >= limits.alarm_at:
        return Verdict.ALARM
    return Verdict.USUAL
