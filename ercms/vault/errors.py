"""What can be wrong with the keys themselves: matters of the installation, never of a record."""


class KeyringUnavailable(Exception):
    """The keyring cannot be used; the message says why and how to mend it, and names no secret."""


class KeyUnavailable(KeyringUnavailable):
    """The keyring lacks the key that a record names."""
