"""Settings are checked before anything starts."""

from pathlib import Path

import pytest

from config import Settings, SettingsError, transport_warnings


def test_without_any_variable_everything_lives_in_the_instance_folder() -> None:
    settings = Settings.from_env({})
    assert settings.database_url == f"sqlite:///{settings.instance_path / 'ercms.sqlite'}"
    assert settings.keyring_path.parent == settings.instance_path
    assert not settings.is_https


def test_an_https_address_asks_for_secure_cookies() -> None:
    assert Settings.from_env({"ERCMS_BASE_URL": "https://ercms.example.org/"}).is_https


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ERCMS_DATABASE_URL", "mysql://somewhere/ercms"),
        ("ERCMS_BASE_URL", "ercms.example.org"),
        ("ERCMS_LANGUAGE", "fr"),
        ("ERCMS_SMTP_PORT", "twenty-five"),
        ("ERCMS_TRUSTED_PROXIES", "-1"),
        ("ERCMS_LOG_LEVEL", "chatty"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_settings_do_not_change_under_way(tmp_path: Path) -> None:
    settings = Settings.for_tests(tmp_path)
    with pytest.raises(AttributeError):
        settings.is_demonstration = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"base_url": "http://ercms.example.org"}, ["ERCMS_BASE_URL"]),
        ({"base_url": "https://ercms.example.org", "trusted_proxies": 1}, []),
        ({"base_url": "https://ercms.example.org"}, ["ERCMS_TRUSTED_PROXIES"]),
        ({"database_url": "postgresql+psycopg://u@db.example.org/ercms"}, ["ERCMS_DATABASE_URL"]),
        ({"database_url": "postgresql+psycopg://u@db.example.org/ercms?sslmode=require"}, ["ERCMS_DATABASE_URL"]),
        ({"database_url": "postgresql+psycopg://u@db.example.org/ercms?sslmode=verify-full"}, []),
        ({"database_url": "postgresql+psycopg:///ercms?host=/run/postgresql"}, []),
        ({"database_url": "postgresql+psycopg://u@127.0.0.1/ercms"}, []),
    ],
)
def test_traffic_that_is_not_encrypted_is_warned_of(
    tmp_path: Path, changes: dict[str, object], named: list[str]
) -> None:
    settings = Settings.for_tests(tmp_path, **{"is_test": False, **changes})
    assert [warning.split()[0] for warning in transport_warnings(settings)] == named
