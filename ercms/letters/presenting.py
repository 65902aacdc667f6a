"""Put a letter into words, in the language that was asked for."""

from datetime import date
from typing import Any

from flask_babel import force_locale, gettext

from ercms.agreements.labels import clock_label, confidence_label, law_text
from ercms.evidence.kinds_service import KindOnRecord
from ercms.letters.service import LetterFacts, LetterKind
from ercms.marks.enums import MarkKind
from ercms.marks.service import Decided
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from ercms.web.labels import label
from ercms.web.templating import country, day

LANGUAGES = ("az", "en", "ru")


def document_of(facts: LetterFacts, *, language: str) -> dict[str, Any]:
    """Return the letter as its template reads it: every word and every date, and nothing else."""
    with force_locale(language):
        return {
            "language": language,
            "title": _title(facts),
            "sender": gettext("State Migration Service of the Republic of Azerbaijan"),
            "sender_line": gettext("Readmission"),
            "place_and_date": gettext("Baku, %(day)s", day=day(facts.written_at)),
            "addressee": "\n".join(part for part in (facts.authority, facts.authority_address) if part),
            "references_head": [gettext("Reference"), gettext("Value")],
            "references": _references(facts),
            "opening": _opening(facts),
            "persons_title": gettext("Persons concerned"),
            "persons_head": [gettext("Name"), gettext("Date of birth"), gettext("Nationality")],
            "persons": [_person(person) for person in facts.persons],
            "reasons_title": _reasons_title(facts),
            "reasons": _reasons(facts),
            "relied_title": gettext("What the decision rests on"),
            "relied": _relied(facts),
            "limits_title": gettext("Limits that run now"),
            "limits_head": [gettext("Limit"), gettext("Last day"), gettext("Source")],
            "limits": [_limit(line) for line in facts.limits],
            "closing": _closing(facts),
            "signature": gettext("For the State Migration Service"),
            "footer": gettext("ERCMS, case %(reference)s", reference=facts.reference),
        }


def _title(facts: LetterFacts) -> str:
    if facts.kind is LetterKind.DATA_NOTICE:
        title = gettext("Notice of corrected or restricted personal data")
    elif facts.kind is LetterKind.ACKNOWLEDGEMENT:
        title = gettext("Acknowledgement of receipt")
    elif facts.decision is None:
        title = gettext("Statement on the readmission application")
    elif facts.is_accepted:
        title = gettext("Reply to the readmission application: acceptance")
    else:
        title = gettext("Reply to the readmission application: refusal")
    return str(title)


def _references(facts: LetterFacts) -> list[list[str]]:
    rows = [
        [gettext("Our reference"), facts.reference],
        [gettext("Your reference"), facts.own_reference or gettext("none given")],
        [gettext("Requesting State"), country(facts.requesting_state)],
        [gettext("Received"), day(facts.received_at)],
    ]
    titles = [law_text(title) for title in (facts.agreement_title, facts.protocol_title) if title]
    basis = "\n".join(titles) or gettext("Diplomatic channel")
    return [*rows, [gettext("Basis"), basis]]


def _opening(facts: LetterFacts) -> list[str]:
    if facts.kind is LetterKind.DATA_NOTICE:
        return [
            gettext(
                "Personal data that you sent to the State Migration Service or received from it were corrected, or "
                "their use was restricted, as said below. Please deal with your own record in the same way, and tell "
                "everybody to whom you passed the data on."
            )
        ]
    if facts.kind is LetterKind.ACKNOWLEDGEMENT:
        return [gettext("The State Migration Service acknowledges receipt of your readmission application.")]
    if facts.decision is None:
        return [
            gettext(
                "No reply was given within the limit of the agreement. Under the agreement consent is deemed to have "
                "been given, and this was recorded."
            )
        ]
    if facts.is_accepted:
        return [gettext("The Republic of Azerbaijan accepts the readmission of the persons named below.")]
    return [gettext("The Republic of Azerbaijan cannot accept the readmission of the persons named below.")]


def _person(person: Any) -> list[str]:
    born = day(date.fromisoformat(person.birth_date)) if person.birth_date else gettext("not given")
    nationality = ", ".join(country(code) for code in person.nationalities) or gettext("not given")
    return [person.name or gettext("Name not given"), born, nationality]


def _reasons(facts: LetterFacts) -> list[str]:
    if facts.kind is LetterKind.DATA_NOTICE:
        return [data_notice_text(notice) for notice in facts.data_notices]
    decision = facts.decision
    if decision is None:
        return []
    ground = law_text(decision.ground_text)
    if decision.article:
        ground = gettext("%(ground)s (Art. %(article)s)", ground=ground, article=decision.article)
    # The reasons of an acceptance are for the second officer; those of a refusal are owed to the requesting State.
    told = [] if facts.is_accepted else [part for part in (decision.reasons or "").split("\n") if part.strip()]
    return [ground, *told]


def _relied(facts: LetterFacts) -> list[str]:
    """Name the kinds of evidence with the place where the agreement lists them, and the days of interviews."""
    lines = []
    for kind in facts.relied:
        name, where = law_text(kind.label), _listed_in(kind) if facts.is_treaty else ""
        purpose = label(kind.purpose)
        lines.append(
            gettext("%(evidence)s: %(purpose)s", evidence=f"{name} ({where})" if where else name, purpose=purpose)
        )
    lines += [gettext("Interview held on %(day)s", day=day(at)) for at in facts.interviewed_at]
    return lines


def _listed_in(kind: KindOnRecord) -> str:
    article = gettext("Art. %(article)s", article=kind.article) if kind.article else ""
    annex = gettext("Annex %(annex)s", annex=kind.annex) if kind.annex else ""
    return ", ".join(part for part in (article, annex) if part)


def _reasons_title(facts: LetterFacts) -> str:
    if facts.kind is LetterKind.DATA_NOTICE:
        return str(gettext("Corrections and restrictions"))
    return str(gettext("Legal ground and reasons"))


def data_notice_text(notice: Decided) -> str:
    """Say one correction or restriction in a sentence."""
    on = day(notice.decided_at)
    if notice.kind is MarkKind.CORRECTION and notice.field:
        return str(
            gettext(
                "%(field)s: corrected on %(day)s to “%(value)s”.",
                field=_field_name(notice.field),
                day=on,
                value=notice.value or gettext("not readable"),
            )
        )
    if notice.kind is MarkKind.CORRECTION:
        return str(gettext("A correction was granted on %(day)s. %(ground)s.", day=on, ground=label(notice.ground)))
    if notice.lifted_at is not None:
        return str(
            gettext(
                "The use was restricted on %(day)s, and the restriction was lifted on %(lifted)s.",
                day=on,
                lifted=day(notice.lifted_at),
            )
        )
    return str(gettext("The use is restricted since %(day)s. %(ground)s.", day=on, ground=label(notice.ground)))


def _field_name(name: str) -> str:
    compartment, _, field = name.partition(".")
    words = persons.SECTION_SCHEMAS[Compartment(compartment)]().fields[field].metadata["label"]
    return str(gettext(words))


def _limit(line: Any) -> list[str]:
    source = line.details["term"]["source"]
    named = law_text(source["instrument"])
    if source["article"]:
        named = gettext("%(instrument)s, Art. %(article)s", instrument=named, article=source["article"])
    if not line.has_legal_effect:
        named = gettext("%(source)s (%(confidence)s)", source=named, confidence=confidence_label(line.confidence))
    return [clock_label(line.kind), day(line.due_on), named]


def _closing(facts: LetterFacts) -> list[str]:
    if facts.kind is LetterKind.DATA_NOTICE:
        return []
    if not facts.is_treaty:
        return [
            gettext(
                "There is no readmission agreement in force with your State. The application is handled through the "
                "diplomatic channel: no treaty limit runs, and silence has no effect."
            )
        ]
    if facts.kind is LetterKind.REPLY and not facts.is_accepted:
        return [gettext("A new application may be made when there is new information.")]
    return []
