import os
import subprocess
import sys

from ercms.persons.names.keys import folded_keys
from tests.bench.names import SHIPPED, made_variants, variant_pairs


def share(pairs: list[tuple[str, str, str]], prefix: str) -> float:
    found = [any(key.startswith(prefix) for key in folded_keys(a) & folded_keys(b)) for _, a, b in pairs]
    return sum(found) / len(found)


def test_the_spellings_of_one_person_share_a_pair_key() -> None:
    pairs = [*variant_pairs(SHIPPED), *made_variants(2028, 200)]
    assert share([pair for pair in pairs if "typo" not in pair[0]], "p:") == 1
    assert share([pair for pair in pairs if pair[0].startswith("typo")], "p:") >= 0.99


def test_swapped_fields_and_a_changed_ending_keep_a_common_pair_key() -> None:
    for other in ("Kamil, Muradov", "Muradlı, Kamil", "Murad Kamil", "Muradova, Kamil", "MURADZADA<<KAMIL"):
        assert any(key.startswith("p:") for key in folded_keys("Muradov, Kamil") & folded_keys(other))


def test_a_missing_surname_leaves_the_key_of_the_given_name() -> None:
    assert folded_keys("XXX, Kamil") <= folded_keys("Алиев, Камиль") | {"t:KML"}
    assert folded_keys("XXX, Kamil") & folded_keys("Алиев, Камиль")


def test_no_name_has_no_key() -> None:
    assert folded_keys("") == frozenset()
    assert folded_keys("<<<") == frozenset()


def test_the_keys_of_a_name_are_few() -> None:
    assert all(len(folded_keys(name)) <= 250 for _, name, _ in made_variants(2028, 100))


def test_the_keys_of_a_name_are_the_same_in_every_process() -> None:
    """Another process looks for what this one stored; the order of a set differs between the two."""
    names = ["Jajijujojej, Jujejajij", "Valikhanzada, Khajjam"]
    program = (
        "import sys; from ercms.persons.names.keys import folded_keys\n"
        "for name in sys.argv[1:]: print(*sorted(folded_keys(name)))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, *names],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert "p:" in told.pop()
