"""Make `ercms/accounts/breached_passwords.bin` out of a list with one password a line, the most common first.

.venv/bin/python -m script.breached_passwords 10_million_password_list_top_1M.txt
"""

import sys
from pathlib import Path

from ercms.accounts.breached_passwords import FILE, packed
from ercms.accounts.passwords import SHORTEST


def main() -> None:
    """Keep what is long enough to be chosen here, in any spelling with capitals."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace").splitlines()
    kept = {line.casefold() for line in lines if len(line) >= SHORTEST}
    FILE.write_bytes(packed(kept))
    sys.stdout.write(f"{len(kept)} of {len(lines)} passwords are long enough.\n")


if __name__ == "__main__":
    main()
