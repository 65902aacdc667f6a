"""What a malware scanner says is read as clamd says it, and whatever else it does is no finding."""

import socket
from io import BytesIO
from pathlib import Path

import pytest

from config import Settings, SettingsError, transport_warnings
from ercms.inspection.clamd import Clamd, NoFinding, ScannerDown
from tests import clamd

SECONDS = 5.0


def _asked(address: str, content: bytes, seconds: float = SECONDS) -> str | None:
    where = Settings(
        instance_path=Path(), database_url="sqlite://", keyring_path=Path(), files_path=Path(), clamd=address
    ).clamd_address
    assert where is not None
    return Clamd(where, seconds).signature_in(BytesIO(content))


def test_a_finding_comes_back_over_both_kinds_of_socket(tmp_path: Path) -> None:
    large = bytes(range(256)) * 4000
    for at in ("127.0.0.1:0", tmp_path / "clamd.ctl"):
        with clamd.scanner(at) as scanner:
            assert _asked(scanner.address, large) is None
            assert scanner.seen == [large]
            assert _asked(scanner.address, large + clamd.EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"stream: Evil\xc3\xb6 <b>name FOUND", NoFinding),
        (b"stream: OK maybe", NoFinding),
        (b"", NoFinding),
        (b"x" * 20_000, ScannerDown),
    ],
)
def test_what_is_no_finding_is_taken_for_none(answer: bytes, expected: type[Exception]) -> None:
    with clamd.scanner() as scanner:
        scanner.answer = answer
        with pytest.raises(expected):
            _asked(scanner.address, b"content")


def test_a_signature_is_a_code_and_nothing_else() -> None:
    with clamd.scanner() as scanner:
        scanner.answer = b"stream: Win.Test;<b>-1 FOUND"
        assert _asked(scanner.address, b"content") == "Win.Test__b_-1"


def test_a_scanner_that_is_slow_gone_or_wants_no_more_is_down() -> None:
    with clamd.scanner() as scanner:
        scanner.pause = 1
        with pytest.raises(ScannerDown):
            _asked(scanner.address, b"content", seconds=0.2)
        scanner.pause, scanner.longest = 0, 1000
        with pytest.raises(ScannerDown):
            _asked(scanner.address, bytes(3_000_000))
    with pytest.raises(ScannerDown):
        _asked(scanner.address, b"content")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ScannerDown):
            _asked(f"tcp://127.0.0.1:{silent.getsockname()[1]}", b"content", seconds=0.2)


@pytest.mark.parametrize("address", ["127.0.0.1:3310", "tcp://host", "tcp://host:port", "unix:relative", "http://a:1"])
def test_an_address_that_cannot_be_asked_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="ERCMS_CLAMD"):
        Settings.from_env({"ERCMS_CLAMD": address})


def test_a_scanner_on_another_machine_is_warned_of(tmp_path: Path) -> None:
    # Not the installation that stands in this folder: of a demonstration nothing is said.
    here = {"ERCMS_INSTANCE": str(tmp_path)}
    elsewhere = Settings.from_env({**here, "ERCMS_CLAMD": "tcp://scanner.example.org:3310"})
    assert [said for said in transport_warnings(elsewhere) if "ERCMS_CLAMD" in said]
    assert not transport_warnings(Settings.from_env({**here, "ERCMS_CLAMD": "unix:/run/clamav/clamd.ctl"}))
