"""Settings are checked before anything starts."""

from pathlib import Path

import pytest

from config import Settings, SettingsError


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
