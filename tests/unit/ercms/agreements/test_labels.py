import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel, force_locale

from ercms.agreements import labels, law_texts, service
from workflows.agreement_files import load_agreements, load_internal
from workflows.arithmetic import StepCode
from workflows.deadlines import Event
from workflows.terms import CaseKind, Procedure

TRANSLATIONS = Path(labels.__file__).parents[1] / "translations"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose only catalogue is the one under test."""
    folder = tmp_path_factory.mktemp("translations")
    for language in ("az", "ru"):
        text = (TRANSLATIONS / language / "agreements.po").read_bytes()
        target = folder / language / "LC_MESSAGES"
        target.mkdir(parents=True)
        with (target / "messages.mo").open("wb") as stream:
            write_mo(stream, read_po(io.BytesIO(text), locale=language))
    app = Flask("labels")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app)
    with app.app_context():
        yield app


def texts_of_files() -> set[str]:
    found = {clause.text for internal in load_internal().clauses.values() for clause in internal}
    found |= {term.source.instrument for term in load_internal().terms.values()}
    for agreement in load_agreements():
        found |= {clause.text for clauses in agreement.clauses.values() for clause in clauses}
        found |= {rule.label for rule in agreement.evidence}
        found |= {term.source.instrument for term in agreement.terms.values()}
        found.add(agreement.short_title)
    return found


def test_every_text_of_the_files_is_marked_for_translation() -> None:
    assert texts_of_files() - {str(text) for text in law_texts.TEXTS} == set()


def test_every_term_and_every_value_has_words() -> None:
    terms = [term for agreement in load_agreements() for term in agreement.terms.values()]
    names = {term.name for term in terms} | set(load_internal().terms)
    assert names - set(law_texts.TERMS) == set()
    values = {term.value for term in terms if isinstance(term.value, str)}
    values |= {item for term in terms if isinstance(term.value, tuple) for item in term.value}
    assert values - set(law_texts.VALUES) == set()


def test_every_line_of_the_arithmetic_has_a_sentence(app: Flask) -> None:
    for code in StepCode:
        step = {"code": code.value, "on": "2026-03-20", "to_on": "2026-03-24", "count": 2, "unit": "working_days"}
        assert "%" not in labels.step_text(step | {"detail": "Spring Festival"})


@pytest.mark.parametrize("language", ["az", "ru"])
def test_every_message_is_translated(language: str) -> None:
    with (TRANSLATIONS / language / "agreements.po").open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    for message in catalogue:
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(strings), message.id
            assert not list(message.check(catalogue)), message.id
    for text in (*law_texts.TEXTS, *law_texts.TERMS.values(), *law_texts.VALUES.values(), *law_texts.HOLIDAYS.values()):
        assert catalogue.get(str(text)) is not None, str(text)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "20.03.2026: Eid al-Fitr; Spring Festival, not counted"),
        ("az", "20.03.2026: Ramazan bayramı; Novruz bayramı, sayılmır"),
        ("ru", "20.03.2026: Рамазан байрамы; Новруз байрамы, не считается"),
    ],
)
def test_a_skipped_holiday_reads_in_each_language(app: Flask, language: str, expected: str) -> None:
    step = {"code": "holiday", "on": "2026-03-20", "detail": "Eid al-Fitr; Spring Festival"}
    with force_locale(language):
        assert labels.step_text(step) == expected


def test_moved_and_estimated_days_say_so(app: Flask) -> None:
    assert labels.holiday_label("Spring Festival (observed)") == "Spring Festival (day off moved here)"
    assert "Cabinet" in labels.holiday_label("Day off (substituted from 12/28/2024)")
    step = {"code": "holiday", "on": "2027-03-09", "detail": "Eid al-Fitr (estimated)", "is_estimated": True}
    assert labels.step_text(step) == "09.03.2027: Eid al-Fitr, not counted (day not announced yet)"


@pytest.mark.parametrize(("count", "expected"), [(1, "1 день"), (2, "2 дня"), (25, "25 дней")])
def test_lengths_follow_the_plural_of_the_language(app: Flask, count: int, expected: str) -> None:
    number, noun = expected.split()
    with force_locale("ru"):
        text = labels.length_text(count, "calendar_days")
    assert text.startswith(number)
    assert text.endswith(noun)


def test_the_arithmetic_of_a_real_deadline_reads_as_sentences(app: Flask) -> None:
    found = service.clocks(
        agreement_id="eu@2014-09-01",
        state="DE",
        kind=CaseKind.OWN_NATIONAL,
        procedure=Procedure.NORMAL,
        events={Event.RECEIPT: date(2026, 3, 18)},
    )
    lines = [labels.step_text(step) for step in service.describe(found[0])["arithmetic"]]
    assert lines == [
        "What starts the limit is not known: counted from the earlier day, 18.03.2026",
        "18.03.2026 is the day of the event and is not counted",
        "15 calendar days, counted from 19.03.2026 to 02.04.2026",
        "Last day: 02.04.2026",
    ]


def test_values_read_in_words_and_unknown_is_said(app: Flask) -> None:
    eu = service.get_agreement("eu@2014-09-01")
    said = {name: labels.value_text(service.describe_term(eu.term(name))) for name in eu.terms}
    assert said["reply.normal"] == "15 calendar days"
    assert said["reply.silence"] == "Consent is deemed given"
    assert said["reply.extension"] == "Not known"
    assert said["language"] == "Azerbaijani, English"
    assert said["data.closed_list"] == "Yes"
    assert labels.clock_label("reply") == "Reply to the application"
    assert labels.confidence_label("inferred") == "Inferred from a sister agreement"
    assert labels.term_label("transfer.limit") == "Transfer limit"
    assert labels.law_text("Passport") == "Passport"
