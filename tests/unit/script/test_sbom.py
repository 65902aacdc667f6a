"""The bill of materials names what is installed, and nothing is left out."""

from importlib.metadata import version

from script.sbom import ROOT, components, document


def test_the_bill_names_every_locked_package_in_the_version_that_is_installed() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    bill = document(lock)

    assert len(bill["components"]) == lock.count("==") > 40
    assert all(part["hashes"] for part in bill["components"])
    by_name = {part["name"]: part["version"] for part in bill["components"]}
    for name in ("flask", "sqlalchemy", "cryptography"):
        assert by_name[name] == version(name)


def test_extras_and_marks_are_no_part_of_a_name() -> None:
    lock = "apispec[marshmallow]==6.10.1 \\\n    --hash=sha256:" + "a" * 64 + '\ncolorama==0.4.6 ; os_name == "nt"\n'
    assert [part["purl"] for part in components(lock)] == ["pkg:pypi/apispec@6.10.1", "pkg:pypi/colorama@0.4.6"]
