"""Write the software bill of materials from the locked requirements: CycloneDX 1.6, JSON.

Started by `script/sbom`. What is listed is what `script/server` installs, each package with the hashes that the lock
accepts; a vulnerability scanner reads it, and so does whoever must know within a day whether a package is in use.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:(?P<digest>[0-9a-f]{64})")


def components(lock: str) -> list[dict[str, Any]]:
    """Return the packages of a lock file as CycloneDX components, in its order."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        package, digest = _PACKAGE.match(line), _HASH.search(line)
        if package:
            name = re.sub(r"[-_.]+", "-", package["name"]).lower()
            purl = f"pkg:pypi/{name}@{package['version']}"
            found.append(
                {"type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl}
            )
        if digest and found:
            found[-1].setdefault("hashes", []).append({"alg": "SHA-256", "content": digest["digest"]})
    return found


def document(lock: str) -> dict[str, Any]:
    """Return the bill of materials of a lock file."""
    application = {"type": "application", "bom-ref": "ercms", "name": "ercms"}
    parts = components(lock)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": parts,
        "dependencies": [{"ref": "ercms", "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def main() -> int:
    """Write the bill to the file that was named, or to standard output."""
    text = json.dumps(document((ROOT / "requirements.txt").read_text(encoding="utf-8")), indent=1) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
