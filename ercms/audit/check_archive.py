"""Check an exported audit without ERCMS: `python check_archive.py <archive>`.

Only the Python standard library is needed for the chains; with the package `cryptography` the signatures of the
checkpoints are checked too. The public keys in the archive should be compared with those that the authority published.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

START = "0" * 64


def entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the hash and the exact text of each entry."""
    with archive.open("entries.txt") as lines:
        for line in lines:
            own, _, text = line.decode().rstrip("\n").partition(" ")
            yield own, text


def check_chains(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Return each chain's hashes in order, or stop at the first entry that does not fit."""
    chains: dict[str, list[str]] = {}
    for own, text in entries(archive):
        fields = json.loads(text)
        chain = chains.setdefault(fields[0], [])
        previous = chain[-1] if chain else START
        if hashlib.sha256(text.encode()).hexdigest() != own or fields[-1] != previous or fields[1] != len(chain) + 1:
            raise SystemExit(f"NOT SOUND: entry {fields[1]} of chain {fields[0]}")
        chain.append(own)
    return chains


def root_of(leaves: list[bytes]) -> str:
    """Return the Merkle root of RFC 6962."""

    def join(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + part[0]).digest()
        half = 1 << ((len(part) - 1).bit_length() - 1)
        return hashlib.sha256(b"\x01" + join(part[:half]) + join(part[half:])).digest()

    return join(leaves).hex() if leaves else hashlib.sha256(b"").hexdigest()


def check_checkpoints(archive: zipfile.ZipFile, chains: dict[str, list[str]]) -> int:
    """Check each checkpoint's heads, root and link; return how many there are."""
    heads: dict[str, int] = {}
    previous = None
    made: list[dict[str, Any]] = json.loads(archive.read("checkpoints.json"))
    for checkpoint in made:
        said = json.loads(checkpoint["statement"])
        for chain, seq, own in checkpoint["heads"]:
            if len(chains.get(chain, [])) < seq or chains[chain][seq - 1] != own:
                raise SystemExit(
                    f"NOT SOUND: entry {seq} of chain {chain} is not the one of checkpoint {said['number']}"
                )
            heads[chain] = seq
        ordered = sorted(heads, key=lambda name: name.encode())
        leaves = [
            json.dumps([name, heads[name], chains[name][heads[name] - 1]], ensure_ascii=False, separators=(",", ":"))
            for name in ordered
        ]
        if said["root"] != root_of([leaf.encode() for leaf in leaves]) or said["previous"] != previous:
            raise SystemExit(f"NOT SOUND: checkpoint {said['number']}")
        previous = hashlib.sha256(checkpoint["statement"].encode()).hexdigest()
    return len(made)


def main(path: str) -> str:
    """Check an archive and return the sentence to print."""
    with zipfile.ZipFile(path) as archive:
        chains = check_chains(archive)
        made = check_checkpoints(archive, chains)
    total = sum(len(chain) for chain in chains.values())
    return f"SOUND: {total} entries in {len(chains)} chains, {made} checkpoints"


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
