"""The agreement with a pending partner is named in the language of the reader."""

import tomllib
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from ercms.agreements import labels, partner_service


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("az", "Gürcüstan ilə Azərbaycan Respublikası arasında readmissiya haqqında saziş (danışıqlar aparılır)"),
        ("en", "Readmission agreement between Georgia and the Republic of Azerbaijan, under negotiation"),
        ("ru", "Соглашение о реадмиссии: Грузия и Азербайджанская Республика (ведутся переговоры)"),
    ],
)
def test_the_title_of_a_pending_partner_is_said_in_the_language_of_the_page(
    app: Flask, language: str, title: str
) -> None:
    values = {
        "state": "GE",
        "zone": "Asia/Tbilisi",
        "instrument": "Note of 1 March",
        "reference": "https://example.org",
    }
    filed = tomllib.loads(partner_service.text_for(values, date(2026, 11, 28)))["title"]
    with app.test_request_context(), force_locale(language):
        assert labels.law_text(filed) == title
        written = filed.replace("Georgia", "the Government of Georgia")
        assert labels.law_text(written) == written
