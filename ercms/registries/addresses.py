"""Which addresses may be called at all: those whose host the operator has listed, over TLS.

An administrator enters an address in a page; that it is followed must not rest on the administrator alone. The list of
hosts stands in the settings of the machine. Nothing that is listed is guessed from a name: a private address is as good
as any other, and one that is not listed is never called, whatever it resolves to.
"""

from urllib.parse import urlsplit

from ercms.registries.runtime import RegistryLimits

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_HTTPS = 443


def is_allowed(address: str, limits: RegistryLimits) -> bool:
    """Tell whether a register's address may be called: its host and port are listed, and nothing hides in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not host or not is_plain or any(letter.isspace() or not letter.isprintable() for letter in address):
        return False
    if parts.scheme == "http" and limits.allows_loopback:
        return host in _LOOPBACK
    if parts.scheme != "https":
        return False
    listed = {host, f"{host}:{port}"} if port in (None, _HTTPS) else {f"{host}:{port}"}
    return bool(listed & limits.hosts)
