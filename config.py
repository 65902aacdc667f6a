"""The settings: read once from the environment, typed, and checked before anything starts."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
LANGUAGES = ("az", "en", "ru")
MARKER = "installation.json"
_CLAMD = "ERCMS_CLAMD must be tcp://host:port or unix:/path/of/the/socket."


class SettingsError(Exception):
    """A setting is missing or wrong; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and another.

    `is_demonstration` is read from a marker that `create_installation` writes once, so that an installation which
    holds real people can never be turned into a demonstration.
    """

    instance_path: Path
    database_url: str
    keyring_path: Path
    files_path: Path
    checkpoints_path: Path | None = None
    base_url: str = "http://127.0.0.1:8000"
    smtp_host: str | None = None
    smtp_port: int = 25
    mail_from: str = "ercms@localhost"
    languages: tuple[str, ...] = LANGUAGES
    default_language: str = "az"
    trusted_proxies: int = 0
    is_demonstration: bool = False
    is_command_line: bool = False
    is_test: bool = False
    log_level: str = "INFO"
    max_request_bytes: int = 32 * 1024 * 1024
    max_form_bytes: int = 1024 * 1024
    idle_minutes: int = 30
    session_hours: int = 12
    proof_minutes: int = 10
    one_time_hours: int = 72
    opening_minutes: int = 480
    registry_hosts: frozenset[str] = frozenset()
    registry_loopback: bool = False
    registry_ca_path: Path | None = None
    registry_seconds: float = 15.0
    provider_hosts: frozenset[str] = frozenset()
    provider_loopback: bool = False
    provider_ca_path: Path | None = None
    provider_seconds: float = 5.0
    clamd: str | None = None
    clamd_seconds: float = 30.0
    argon2_time_cost: int = 2
    argon2_memory_kib: int = 19 * 1024
    argon2_parallelism: int = 1

    @property
    def is_https(self) -> bool:
        """Tell whether people reach the application over TLS; secure cookies and HSTS follow."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def clamd_address(self) -> tuple[str, int] | str | None:
        """Return where the malware scanner listens: host and port, or the path of its socket; None without one.

        Raises:
            SettingsError: it is neither.
        """
        if self.clamd is None:
            return None
        parts = urlsplit(self.clamd)
        try:
            if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
                return parts.path
            if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
                return parts.hostname, parts.port
        except ValueError as error:
            raise SettingsError(_CLAMD) from error
        raise SettingsError(_CLAMD)

    @property
    def passkey_origin(self) -> str | None:
        """Return the origin at which passkeys work; None where the address is a number, to which none can be bound.

        On this machine itself the name `localhost` stands for the number.
        """
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        if host in {"127.0.0.1", "::1"}:
            host = "localhost"
        if host.replace(".", "").isdecimal() or ":" in host:
            return None
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from the environment (`ERCMS_*`, listed in `docs/operations.md`).

        Raises:
            SettingsError: a value cannot be used.
        """
        env = os.environ if environ is None else environ
        instance = Path(env.get("ERCMS_INSTANCE") or ROOT / "instance").resolve()
        settings = cls(
            instance_path=instance,
            database_url=env.get("ERCMS_DATABASE_URL") or f"sqlite:///{instance / 'ercms.sqlite'}",
            keyring_path=Path(env.get("ERCMS_KEYRING") or instance / "keyring.json"),
            files_path=Path(env.get("ERCMS_FILES") or instance / "files"),
            checkpoints_path=Path(env["ERCMS_CHECKPOINTS"]) if env.get("ERCMS_CHECKPOINTS") else None,
            base_url=(env.get("ERCMS_BASE_URL") or f"http://127.0.0.1:{env.get('PORT') or '8000'}").rstrip("/"),
            smtp_host=env.get("ERCMS_SMTP_HOST") or None,
            smtp_port=_whole(env, "ERCMS_SMTP_PORT", 25),
            mail_from=env.get("ERCMS_MAIL_FROM") or "ercms@localhost",
            default_language=env.get("ERCMS_LANGUAGE") or "az",
            trusted_proxies=_whole(env, "ERCMS_TRUSTED_PROXIES", 0),
            is_demonstration=is_demonstration(instance),
            is_command_line=env.get("FLASK_RUN_FROM_CLI") == "true",
            log_level=(env.get("ERCMS_LOG_LEVEL") or "INFO").upper(),
            idle_minutes=_whole(env, "ERCMS_IDLE_MINUTES", 30),
            session_hours=_whole(env, "ERCMS_SESSION_HOURS", 12),
            proof_minutes=_whole(env, "ERCMS_PROOF_MINUTES", 10),
            one_time_hours=_whole(env, "ERCMS_ONE_TIME_HOURS", 72),
            opening_minutes=_whole(env, "ERCMS_OPENING_MINUTES", 480),
            registry_hosts=frozenset((env.get("ERCMS_REGISTRY_HOSTS") or "").lower().split()),
            registry_loopback=env.get("ERCMS_REGISTRY_LOOPBACK") == "1",
            registry_ca_path=Path(env["ERCMS_REGISTRY_CA"]) if env.get("ERCMS_REGISTRY_CA") else None,
            provider_hosts=frozenset((env.get("ERCMS_PROVIDER_HOSTS") or "").lower().split()),
            provider_loopback=env.get("ERCMS_PROVIDER_LOOPBACK") == "1",
            provider_ca_path=Path(env["ERCMS_PROVIDER_CA"]) if env.get("ERCMS_PROVIDER_CA") else None,
            clamd=env.get("ERCMS_CLAMD") or None,
        )
        settings.check()
        return settings

    @classmethod
    def for_tests(cls, instance_path: Path, **changes: Any) -> "Settings":
        """Return settings that live below `instance_path`, with a cheap password hash.

        No reason is asked for before a case is opened: the tests of that ask for it by `opening_minutes`.
        """
        settings = cls(
            instance_path=instance_path,
            database_url=f"sqlite:///{instance_path / 'ercms.sqlite'}",
            keyring_path=instance_path / "keyring.json",
            files_path=instance_path / "files",
            base_url="http://localhost",
            default_language="en",
            is_test=True,
            opening_minutes=0,
            argon2_time_cost=1,
            argon2_memory_kib=8,
        )
        return replace(settings, **changes)

    def check(self) -> None:
        """Refuse what cannot work, before the first request rather than at it.

        Raises:
            SettingsError: with what to change.
        """
        dialect = self.database_url.partition(":")[0]
        if dialect not in {"sqlite", "postgresql+psycopg"}:
            raise SettingsError(
                "ERCMS_DATABASE_URL must start with sqlite:/// or postgresql+psycopg:// "
                f"(it starts with {dialect!r}); leave it out for SQLite in the instance folder."
            )
        if urlsplit(self.base_url).scheme not in {"http", "https"} or not urlsplit(self.base_url).hostname:
            raise SettingsError("ERCMS_BASE_URL must be the full address, such as https://ercms.example.org.")
        if self.default_language not in self.languages:
            raise SettingsError(f"ERCMS_LANGUAGE must be one of {', '.join(self.languages)}.")
        if self.registry_loopback and self.is_https:
            raise SettingsError("ERCMS_REGISTRY_LOOPBACK is for trying out on one machine: leave it out here.")
        if self.registry_ca_path is not None and not self.registry_ca_path.is_file():
            raise SettingsError("ERCMS_REGISTRY_CA must be a file of certificates (PEM) that can be read.")
        if self.provider_loopback and self.is_https:
            raise SettingsError("ERCMS_PROVIDER_LOOPBACK is for trying out on one machine: leave it out here.")
        if self.provider_ca_path is not None and not self.provider_ca_path.is_file():
            raise SettingsError("ERCMS_PROVIDER_CA must be a file of certificates (PEM) that can be read.")
        _ = self.clamd_address
        if self.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise SettingsError("ERCMS_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")


_LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
_ENCRYPTED = {"require", "verify-ca", "verify-full"}


def transport_warnings(settings: Settings) -> list[str]:
    """Return what of this installation's traffic is not encrypted or not checked, and what to set (ASVS 12.2, 12.3).

    Where application, database and proxy stand on one machine, or it is a demonstration, there is nothing to say.
    """
    found: list[str] = []
    if settings.is_demonstration or settings.is_test:
        return found
    address, database = urlsplit(settings.base_url), urlsplit(settings.database_url)
    if not settings.is_https and address.hostname not in _LOOPBACK:
        found.append("ERCMS_BASE_URL is not https: people's sessions and data cross the network in the clear.")
    if settings.is_https and settings.trusted_proxies == 0:
        found.append("ERCMS_TRUSTED_PROXIES is 0 although a proxy ends TLS: every address on record is the proxy's.")
    asked = parse_qs(database.query)
    host = (asked.get("host") or [database.hostname or ""])[0]
    if database.scheme.startswith("postgresql") and host not in _LOOPBACK and not host.startswith("/"):
        mode = (asked.get("sslmode") or ["prefer"])[0]
        if mode not in _ENCRYPTED:
            found.append("ERCMS_DATABASE_URL has no sslmode=verify-full: the way to the database may be in the clear.")
        elif mode != "verify-full":
            found.append("ERCMS_DATABASE_URL has no sslmode=verify-full: whoever answers is not checked.")
    scanner = settings.clamd_address
    if isinstance(scanner, tuple) and scanner[0] not in _LOOPBACK:
        found.append("ERCMS_CLAMD is on another machine: every upload crosses the network in the clear.")
    return found


def is_demonstration(instance_path: Path) -> bool:
    """Tell whether this installation was made as a demonstration."""
    marker = instance_path / MARKER
    if not marker.is_file():
        return False
    return json.loads(marker.read_text(encoding="utf-8")).get("is_demonstration") is True


def create_installation(instance_path: Path, *, is_demonstration: bool) -> None:
    """Make the instance folder and write down, once, whether it is a demonstration.

    Raises:
        SettingsError: the folder already belongs to an installation of the other kind, or holds data without a marker.
    """
    instance_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    marker = instance_path / MARKER
    if marker.is_file():
        made_as = json.loads(marker.read_text(encoding="utf-8")).get("is_demonstration") is True
        if made_as is not is_demonstration:
            raise SettingsError(
                f"{instance_path} already holds an installation of the other kind: real data and the demonstration "
                "never share one. Set ERCMS_INSTANCE to another folder."
            )
        return
    if is_demonstration and any(instance_path.glob("*.sqlite")):
        raise SettingsError(f"{instance_path} already holds a database: it cannot become a demonstration.")
    marker.write_text(json.dumps({"is_demonstration": is_demonstration}) + "\n", encoding="utf-8")
    marker.chmod(0o400)


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a whole number that is not negative."""
    text = env.get(name) or str(default)
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
