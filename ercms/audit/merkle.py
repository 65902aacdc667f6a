"""Merkle trees as in RFC 6962, section 2.1, grown leaf by leaf in logarithmic memory."""

import hashlib


class MerkleTree:
    """A tree of which only the roots of its full subtrees are kept.

    >>> MerkleTree().root()[:8]
    'e3b0c442'
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        node = hashlib.sha256(b"\x00" + leaf).digest()
        full = self.size
        while full & 1:
            node = hashlib.sha256(b"\x01" + self._peaks.pop() + node).digest()
            full >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        """Return the root hash of what was added so far, in hexadecimal."""
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = hashlib.sha256(b"\x01" + peak + node).digest()
        return node.hex()
