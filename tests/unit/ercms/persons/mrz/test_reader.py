import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from ercms.persons.mrz.document_codes import DocumentKind, document_kind
from ercms.persons.mrz.layout import LAYOUTS, MrzFormat
from ercms.persons.mrz.reader import Problem, check_digit, read_mrz

TODAY = date(2026, 11, 24)
SAMPLES = json.loads((Path(__file__).parents[4] / "data" / "mrz_samples.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in SAMPLES["cases"]}
TD3 = "\n".join(CASES["s02"]["lines"])


def read(text: str) -> dict[str, Any]:
    return read_mrz(text, today=TODAY).as_json()


@pytest.mark.parametrize("case", SAMPLES["cases"], ids=lambda case: case["id"])
def test_the_samples_are_read_as_they_should_be(case: dict[str, Any]) -> None:
    assert read("\n".join(case["lines"])) == {
        key: case[key] for key in ("format", "valid", "failing", "errors", "fields")
    }


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("520727", 3),
        ("AB2134<<<", 5),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", 8),
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<", 2),
    ],
)
def test_check_digits_agree_with_the_worked_examples_of_doc_9303(text: str, digit: int) -> None:
    assert check_digit(text) == digit


PUBLISHED = [
    ("TD1", "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    ("TD1", "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"),
    ("TD2", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"),
    ("TD2", "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"),
    ("MRV-A", "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"),
    ("MRV-B", "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"),
]


@pytest.mark.parametrize(("name", "text"), PUBLISHED)
def test_the_published_specimens_pass(name: str, text: str) -> None:
    found = read(text)
    assert (found["format"], found["failing"], found["errors"]) == (name, [], [])


def test_a_number_longer_than_nine_characters_runs_into_the_optional_data() -> None:
    assert read(PUBLISHED[1][1])["fields"]["document_number"] == "D23145890734"
    assert read(PUBLISHED[3][1])["fields"]["document_number"] == "D23145890734"
    assert read(PUBLISHED[3][1])["fields"]["optional_data"] == ""


def test_a_visa_has_no_composite_digit_and_keeps_its_optional_data() -> None:
    fields = read(PUBLISHED[4][1])["fields"]
    assert fields["document_code"] == "V"
    assert fields["optional_data"] == "6ZE184226B"


@pytest.mark.parametrize(
    "text",
    [
        TD3.replace("\n", ""),
        TD3.replace("\n", "\r\n").lower(),
        "\n\n  " + TD3.replace("\n", "  \n\n") + "  \n",
        TD3.replace("<<ELVIN", "«ELVIN"),
        TD3.replace("<", "‹"),
        TD3.replace("<", "&lt;"),
        "\x02" + TD3.replace("\n", "\x03\r"),
        " ".join(TD3),
        TD3[:20] + "\n" + TD3[20:50] + "\n" + TD3[50:],
    ],
)
def test_what_pasting_and_scanning_do_to_the_text_is_put_right(text: str) -> None:
    assert read(text) == read(TD3)


@pytest.mark.parametrize("text", [TD3, *dict(PUBLISHED).values()], ids=["TD3", *dict(PUBLISHED)])
def test_every_format_is_read_line_by_line_from_a_wedge_and_as_one_block(text: str) -> None:
    """A keyboard wedge ends each line with Enter, the last one too; the field has several lines, so none submits."""
    lines = text.split("\n")
    assert read("".join(f"{line}\r" for line in lines)) == read(text)
    assert read("\r\n".join(lines).lower() + "\r\n") == read(text)
    assert read("".join(lines)) == read(text)
    assert read(text)["errors"] == []


def test_a_failing_digit_points_at_its_character() -> None:
    reading = read_mrz("\n".join(CASES["s10"]["lines"]), today=TODAY)
    assert reading.problems == (
        Problem("check_digit", "birth_date", 2, 20, 20),
        Problem("check_digit", "composite", 2, 44, 44),
    )


def test_a_letter_that_is_not_allowed_points_at_its_character() -> None:
    reading = read_mrz("\n".join(CASES["s13"]["lines"]), today=TODAY)
    assert reading.problems == (Problem("charset", "", 1, 7, 7),)


def test_a_short_line_points_behind_its_end() -> None:
    reading = read_mrz("\n".join(CASES["s12"]["lines"]), today=TODAY)
    assert reading.problems == (Problem("length", "", 2, 36, 36),)


def with_second_line(text: str) -> str:
    """Put the line below a name, with its composite digit made right."""
    line = text[:43]
    return CASES["s02"]["lines"][0] + "\n" + line + str(check_digit(line[:10] + line[13:20] + line[21:43]))


@pytest.mark.parametrize(
    ("birth", "iso", "errors"),
    [
        ("<<<<<<0", None, []),
        ("91<<<<" + str(check_digit("91<<<<")), None, []),
        ("9113<<" + str(check_digit("9113<<")), None, ["date"]),
        ("910231" + str(check_digit("910231")), None, ["date"]),
        ("9I0823" + str(check_digit("9I0823")), None, ["date"]),
        ("261124" + str(check_digit("261124")), "2026-11-24", []),
        ("261125" + str(check_digit("261125")), "1926-11-25", []),
    ],
)
def test_birth_dates_may_be_unknown_but_not_impossible_or_in_the_future(
    birth: str, iso: str | None, errors: list[str]
) -> None:
    found = read(with_second_line(f"C202020202AZE{birth}M32040493TT3UU3<<<<<<<9"))
    assert (found["fields"]["birth_date_iso"], found["errors"], found["failing"]) == (iso, errors, [])


def test_a_sex_that_belongs_to_the_visual_zone_is_an_error() -> None:
    found = read(TD3.replace("1M32", "1X32"))
    assert found["errors"] == ["sex"]
    assert read(TD3.replace("1M32", "1<32"))["fields"]["sex"] == ""


def test_an_expiry_date_far_ahead_lies_in_the_past() -> None:
    line = "C202020202AZE9108231M" + "940623" + str(check_digit("940623")) + "3TT3UU3<<<<<<<9"
    assert read(with_second_line(line))["fields"]["expiry_date_iso"] == "1994-06-23"


def test_a_name_that_reaches_the_last_position_is_taken_as_cut() -> None:
    lines = CASES["s02"]["lines"]
    name = "PCAZEOSMANOV<<ELVINABCDEFGHIJKLMNOPQRSTUVWXY"
    assert len(name) == 44
    fields = read(name + "\n" + lines[1])["fields"]
    assert fields["name_truncated"] is True
    assert fields["surname"] == "OSMANOV"


def test_a_missing_line_is_told() -> None:
    assert read(PUBLISHED[0][1].rsplit("\n", 1)[0])["errors"] == ["lines"]


@pytest.mark.parametrize("text", ["", "   \n", "hello", "<" * 5000, "A" * 71])
def test_what_is_no_zone_is_refused_without_fields(text: str) -> None:
    found = read(text)
    assert found["fields"] is None
    assert found["errors"]


def test_the_fin_is_taken_from_documents_of_its_state_only() -> None:
    reading = read_mrz(TD3, today=TODAY)
    assert reading.fin(state="AZE") == "3TT3UU3"
    assert reading.fin(state="UTO") is None
    assert read_mrz("\n".join(CASES["s03"]["lines"]), today=TODAY).fin(state="AZE") is None
    assert read_mrz("\n".join(CASES["s04"]["lines"]), today=TODAY).fin(state="AZE") == "2WW2XX2"
    assert read_mrz("", today=TODAY).fin(state="AZE") is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("PP", DocumentKind.ORDINARY_PASSPORT), ("PU", DocumentKind.EMERGENCY_SHEET), ("PC", DocumentKind.PASSPORT),
        ("P", DocumentKind.PASSPORT), ("ID", DocumentKind.IDENTITY_CARD), ("V", DocumentKind.VISA),
        ("AC", DocumentKind.CREW_CERTIFICATE), ("", DocumentKind.OTHER),
    ],
)  # fmt: skip
def test_harmonised_codes_and_older_letters_name_the_kind(code: str, kind: DocumentKind) -> None:
    assert document_kind(code) is kind


@given(st.text(max_size=200) | st.text(alphabet="ABCZ0129<«\n aığ", min_size=60, max_size=140))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = read_mrz(text, today=TODAY)
    assert json.dumps(found.as_json())
    assert found.valid == (not found.failing and not found.errors)


@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_no_text_of_the_right_size_breaks_the_reader(name: MrzFormat, data: st.DataObject) -> None:
    layout = LAYOUTS[name]
    line = st.text(alphabet="ABMFVZ0123456789<", min_size=layout.width, max_size=layout.width)
    text = "\n".join(data.draw(line) for _ in range(layout.lines))
    assert read_mrz(text, today=TODAY).fields is not None


@given(st.integers(0, 87), st.characters(codec="ascii", categories=["Lu", "Nd"]))
def test_every_checked_character_is_guarded(place: int, character: str) -> None:
    flat = TD3.replace("\n", "")
    changed = flat[:place] + character + flat[place + 1 :]
    found = read_mrz(changed, today=TODAY)
    is_checked = place >= 44 and not 54 <= place < 57 and place != 64
    differs = (check_digit(character) - check_digit(flat[place])) % 10 != 0
    if is_checked and differs and found.format is MrzFormat.TD3:
        assert found.failing or found.errors


def mutated(chance: random.Random) -> str:
    """Return a zone of the samples with a few things done to it that keyboards, scanners and enemies do."""
    signs = list(chance.choice(ZONES))
    for _ in range(chance.randrange(8)):
        place = chance.randrange(len(signs) + 1)
        what = chance.randrange(5)
        if what == 0:
            signs[place:place] = chance.choice(ODD)
        elif what == 1:
            del signs[place : place + chance.randrange(40)]
        elif what == 2:
            signs[place : place + 1] = chr(chance.randrange(1, 0xD800))
        elif what == 3:
            signs[place:place] = signs[: chance.randrange(90)]
        else:
            signs[place : place + 1] = chance.choice("0123456789<ABMFXVZ")
    return "".join(signs)


ZONES = [*("\n".join(case["lines"]) for case in SAMPLES["cases"]), *(text for _, text in PUBLISHED)]
ODD = ["\n", "\r", "\x00", "<<", "«", "&lt;", " ", "\u2028", "ß", "ŉ", "İ", "\u0301", "²", "٣", "９", "🂡", "\ud800"]


@pytest.mark.parametrize("rounds", [3, pytest.param(1_000, marks=pytest.mark.long)])
def test_nothing_that_becomes_of_a_zone_breaks_the_reader(rounds: int) -> None:
    """A thousand inputs a round, a million in the long run; each place that is named lies within what was read."""
    ran = 0

    @seed(9303)
    @settings(max_examples=rounds, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def one_round(start: int) -> None:
        nonlocal ran
        chance = random.Random(start)
        for _ in range(1_000):
            reading = read_mrz(mutated(chance), today=TODAY)
            assert reading.valid == (not reading.failing and not reading.errors)
            assert all(1 <= one.first_column <= one.last_column and one.line >= 1 for one in reading.problems)
            assert json.dumps(reading.as_json())
            ran += 1

    one_round()
    assert ran >= 1_000 * rounds
