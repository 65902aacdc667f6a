"""Every act, flaw and key has a name in each language."""

import re
from enum import Enum

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from config import ROOT
from ercms.audit.actions import AuditAction
from ercms.audit.verify import Flaw
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.web.labels import label


@pytest.mark.parametrize("kind", [AuditAction, Flaw, KeyPurpose, KeyState])
def test_every_member_has_a_label_of_its_own(app: Flask, kind: type[Enum]) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        labels = [label(member) for member in kind]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("domain", ["audit", "vault"])
def test_every_label_is_translated(language: str, domain: str) -> None:
    source = (ROOT / "ercms" / domain / "labels.py").read_text(encoding="utf-8")
    # Whoever adds an act says it in the catalogue of their own part.
    translated = set()
    for path in (ROOT / "ercms" / "translations" / language).glob("*.po"):
        with path.open("rb") as file:
            translated |= {message.id for message in read_po(file, locale=language) if message.string}
    marked = set(re.findall(r'_l\(\s*"([^"]+)"\s*\)', source))
    assert source.count("_l(") >= len(marked) > 0
    assert marked <= translated
