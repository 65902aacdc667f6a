import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ercms.persons.names.matching import Verdict, compare, compare_if_alike
from ercms.persons.names.parse import parse
from ercms.persons.names.reasons import ReasonCode
from tests.bench.collected_names import alike_strangers, collected_pairs, mistyped_pairs
from tests.bench.names import SHIPPED, different_pairs, made_strangers, made_variants, variant_pairs

SAME, REVIEW, DIFFERENT = Verdict.SAME, Verdict.REVIEW, Verdict.DIFFERENT


def codes(one: str, other: str) -> set[ReasonCode]:
    return {reason.code for reason in compare(one, other).reasons}


@pytest.mark.parametrize(
    "other",
    [
        "Aliyev, Kamil", "Алиев, Кямиль", "Әлијев, Камил", "ALIYEV<<KAMIL<<<<<<", "Alijew, Kamil", "Aliev, Kamil",
        "Äliyev, Kamil", "Әliyev, Kamil", "ELIYEV<<KAMIL", "Kamil Aliyev", "Aliyev Kamil", "Kamil, Aliyev",
        "Aliyeff, Kamil", "ƏLİYEV, KAMİL Rəşid oğlu", "Алиев, Камиль Рашидович",
    ],
)  # fmt: skip
def test_the_habits_of_writing_lead_to_one_name(other: str) -> None:
    assert compare("Əliyev, Kamil", other).verdict is SAME
    assert compare(other, "Əliyev, Kamil").verdict is SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cəfərov, Hüseyn", "Dschafarow, Gussein"), ("Cəfərov, Hüseyn", "Djafarov, Gousseïn"),
        ("Cəfərov, Hüseyn", "Dzjafarov, Gusejn"), ("Cəfərov, Hüseyn", "CEFEROV<<HUESEYN"),
        ("Cəfərov, Hüseyn", "Caferov, Hüseyin"), ("Qurbanov, Xəlil", "Kurbanov, Khalil"),
        ("Qurbanov, Xəlil", "Гурбанов, Халил"), ("Гурбанов, Халил Ҹавад оғлу", "Qurbanov, Xəlil Cavad oğlu"),
        ("Yəhyayev, Əyyub", "Яхьяев, Эюб"), ("Xədicə Əmrahova", "Emrahova, Hatice"),
    ],
)  # fmt: skip
def test_known_pairs_of_the_partner_files_are_one_name(one: str, other: str) -> None:
    assert compare(one, other).verdict is SAME


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Əliyev, Kamil Rəşid oğlu", "Aliyev, Kamil Vahid oglu", ReasonCode.FATHER_CONFLICTS),
        ("Əliyev, Kamil Rəşid oğlu", "Алиев, Камиль Вахидович", ReasonCode.FATHER_CONFLICTS),
        ("Əliyev, Kamil Rəşid oğlu", "Əliyev, Rəşid Kamil oğlu", ReasonCode.GIVEN_DIFFERS),
        ("Həmidov, Fərid", "Gamidowa, Farida", ReasonCode.SEX_CONFLICTS),
        ("Rza, Ülvi Rəşid oğlu", "Rza, Ülvi Rəşid qızı", ReasonCode.SEX_CONFLICTS),
        ("Quliyev, Zahid", "Quliyev, Vahid", ReasonCode.OTHER_NAME_GIVEN),
        ("Vəliyev, Anar", "Əliyev, Anar", ReasonCode.OTHER_NAME_SURNAME),
        ("Osmanov, Ənvər", "Османов, Икбал", ReasonCode.GIVEN_DIFFERS),
        ("Zamanova, Aydan", "VAKILOVA<<AYDAN", ReasonCode.SURNAME_DIFFERS),
        ("", "Əliyev, Kamil", ReasonCode.NO_NAME),
    ],
)
def test_relatives_and_strangers_are_told_apart_with_the_reason(one: str, other: str, reason: ReasonCode) -> None:
    assert compare(one, other).verdict is DIFFERENT
    assert compare(other, one).verdict is DIFFERENT
    assert reason in codes(one, other)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Muradov, Elvin", "Muradlı, Elvin", ReasonCode.SURNAME_ENDING_CHANGED),
        ("Muradova, Nigar", "Murad, Nigar", ReasonCode.SURNAME_ENDING_CHANGED),
        ("Əlizadə, Kamil", "Алиев, Камиль", ReasonCode.SURNAME_ENDING_CHANGED),
        ("Niftəliyev, Şahin", "NIFTALI<<SHAHIN", ReasonCode.SURNAME_ENDING_CHANGED),
        ("XXX, Kamil", "Əliyev, Kamil", ReasonCode.SURNAME_MISSING),
        ("Əliyeva-Həsənova, Nigar", "Əliyeva, Nigar", ReasonCode.FURTHER_NAME),
        ("Umufov, Shamil", "Умудов, Шамиль", ReasonCode.TYPING_ERROR_SURNAME),
        ("Umudov, Shmail", "Умудов, Шамиль", ReasonCode.TYPING_ERROR_GIVEN),
        ("Umudov, Elvin Shamil oglu", "Umudov, Elvin Shamiq oglu", ReasonCode.TYPING_ERROR_FATHER),
        ("ABDULLAYEVGULMAMMADOV<<KHUDAVERDIMAHAMM", "Abdullayevgülməmmədov, Xudaverdiməhəmməd", ReasonCode.TRUNCATED),
    ],
)  # fmt: skip
def test_what_only_a_person_can_decide_goes_to_review_with_the_reason(one: str, other: str, reason: ReasonCode) -> None:
    assert compare(one, other).verdict is REVIEW
    assert compare(other, one).verdict is REVIEW
    assert reason in codes(one, other)


def test_a_woman_under_the_surname_of_her_husband_is_found() -> None:
    assert compare("Vəkilova, Bənövşə", "Vakilov, Banovsha").verdict is SAME
    assert ReasonCode.SURNAME_SEX_ENDING in codes("Vəkilova, Bənövşə", "Vakilov, Banovsha")


def test_a_father_named_without_his_mark_counts_when_he_agrees() -> None:
    assert compare("Əliyev Kamil Rəşid", "Алиев Камиль Рашид оглы").verdict is SAME
    assert compare("Əliyev, Kamil Vahid", "Əliyev, Kamil Rəşid oğlu").verdict is REVIEW


def test_reasons_name_the_letters_and_the_habit() -> None:
    words = [reason.words for reason in compare("Şabanov, Həcər", "Schabanow, Chadschar").reasons]
    assert {"German sch for ş", "German w for v", "German dsch for c", "German ch for h"} <= set(words)
    assert "ə written as a" in [r.words for r in compare("Əliyev, Əli", "Aliyev, Ali").reasons]


def test_the_spelling_is_kept_as_given() -> None:
    assert parse("  Әliyev,Kamil ").original == "  Әliyev,Kamil "


def test_a_score_keeps_to_its_verdict() -> None:
    for _, one, other in [*variant_pairs(SHIPPED, crossed=False), *different_pairs(SHIPPED)]:
        found = compare(one, other)
        assert {SAME: 0.85 <= found.score <= 1, REVIEW: 0.6 <= found.score < 0.85, DIFFERENT: 0 <= found.score < 0.6}[
            found.verdict
        ]


def shares(verdicts: Counter[Verdict]) -> tuple[float, float]:
    """Return the shares of same and of review in percent."""
    return 100 * verdicts[SAME] / verdicts.total(), 100 * verdicts[REVIEW] / verdicts.total()


@pytest.mark.parametrize("crossed", [False, True])
def test_the_listed_spellings_are_matched(crossed: bool) -> None:
    pairs = list(variant_pairs(SHIPPED, crossed=crossed))
    right = Counter(compare(one, other).verdict for form, one, other in pairs if "typo" not in form)
    typed = Counter(compare(one, other).verdict for form, one, other in pairs if form.startswith("typo"))
    assert sum(shares(right)) >= 99
    assert sum(shares(typed)) >= 95


def test_the_listed_strangers_are_told_apart() -> None:
    same, review = shares(Counter(compare(one, other).verdict for _, one, other in different_pairs(SHIPPED)))
    assert same <= 1
    assert review <= 5


def test_names_that_were_not_used_for_tuning_are_matched() -> None:
    pairs = list(made_variants(2027, 300))
    right = Counter(compare(one, other).verdict for form, one, other in pairs if "typo" not in form)
    typed = Counter(compare(one, other).verdict for form, one, other in pairs if form.startswith("typo"))
    assert sum(shares(right)) >= 99
    assert sum(shares(typed)) >= 95


def test_strangers_that_were_not_used_for_tuning_are_told_apart() -> None:
    pairs = list(made_strangers(2027, 1500))
    hard = Counter(compare(one, other).verdict for kind, one, other in pairs if kind != "changed ending")
    soft = Counter(compare(one, other).verdict for kind, one, other in pairs if kind == "changed ending")
    assert shares(hard)[0] <= 1
    assert shares(hard)[1] <= 5
    assert shares(soft)[0] == 0
    assert shares(soft)[1] >= 95


def test_the_fixed_russian_forms_are_matched() -> None:
    with (SHIPPED / "russian_forms.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["name_a"], row["name_b"]) for row in csv.DictReader(file)]
    missed = [pair for pair in pairs if compare(*pair).verdict is DIFFERENT]
    assert missed == []


def test_the_collected_spellings_of_real_names_are_matched() -> None:
    found = Counter(compare(one, other).verdict for _, one, other in collected_pairs(11))
    assert sum(shares(found)) >= 99.5
    assert shares(found)[0] >= 97


def test_a_typing_error_is_bridged_in_every_habit_of_writing() -> None:
    found = Counter(compare(one, other).verdict for _, one, other in mistyped_pairs(11))
    assert sum(shares(found)) >= 95


def test_people_whose_names_differ_by_a_letter_are_told_apart() -> None:
    pairs = [pair for seed in range(11, 17) for pair in alike_strangers(seed)]
    found = Counter(compare(one, other).verdict for _, one, other in pairs)
    assert shares(found)[0] <= 1
    assert shares(found)[1] <= 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elçin", "Elşən"), ("Rəşad", "Rəşid"), ("Aydın", "Aytən"), ("Nigar", "Nurgün"), ("Hüseyn", "Həsən"),
        ("Əli", "Vəli"), ("Vahid", "Zahid"), ("Kamil", "Camil"), ("Şaiq", "Faiq"),
    ],
)  # fmt: skip
def test_two_given_names_are_two(one: str, other: str) -> None:
    assert compare(f"Rzayev, {one}", f"Rzayev, {other}").verdict is DIFFERENT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Məmmədov", "Mahmudov"), ("Quliyev", "Əliyev"), ("Kərimov", "Kazımov"), ("İsmayılov", "İsayev"),
        ("İsmayılov", "İbrahimov"), ("Həsənov", "Hüseynov"), ("Nəbiyev", "Nağıyev"),
    ],
)  # fmt: skip
def test_two_surnames_are_two(one: str, other: str) -> None:
    assert compare(f"{one}, Tural", f"{other}, Tural").verdict is DIFFERENT


def test_a_slip_within_the_letters_of_one_sound_is_a_slip() -> None:
    for typed in ("Dscahfarow, Gussejn", "Dzajfarov, Gusejn", "Jfaarov, Huseyn"):
        assert compare("Cəfərov, Hüseyn", typed).verdict is REVIEW, typed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Rəcəbov, Elnur", "Radsvhabow, Elnur"),
        ("Həşimov, Hüseyn", "Gascimow, Gussein"),
        ("Hacıyev, Coşqun", "Gadscihjew, Dschoschgun"),
    ],
)
def test_a_slip_is_seen_though_it_hides_the_habit_of_writing(name: str, typed: str) -> None:
    assert compare(name, typed).verdict is REVIEW


def test_a_spelling_near_a_known_name_is_not_taken_for_it() -> None:
    assert compare("Sadıqov, Kərəm", "Sadychow, Ketam").verdict is REVIEW
    assert compare("Sadıqov, Kərəm", "Sadychow, Kamran").verdict is DIFFERENT


def test_two_known_names_that_only_a_habit_brings_together_are_for_a_person_to_decide() -> None:
    assert compare("Ağazadə, Zahid", "Aghazada, Zehid").verdict is REVIEW
    assert compare("Rzayev, Amal", "RZAYEV<<JAMAL").verdict is not SAME
    assert compare("Ağazadə, Məlik", "AGHAZADA<<MALIK").verdict is SAME


def test_two_names_in_full_azerbaijani_letters_that_differ_are_for_a_person_to_decide() -> None:
    assert compare("Nəbiyev, Emin", "Nəbiyev, Əmin").verdict is REVIEW
    assert compare("Nəbiyev, Emin", "NABIYEV<<EMIN").verdict is SAME


LETTERS = st.text(alphabet="aəeıioöuübcçdfgğhxjkqlmnprsştvyzABКЯшьёәҹ<, -'", max_size=40)


@given(LETTERS | st.text(max_size=60), LETTERS)
def test_no_text_breaks_the_comparison_and_the_order_of_the_names_does_not_matter(one: str, other: str) -> None:
    found, turned = compare(one, other), compare(other, one)
    assert (found.verdict, found.score) == (turned.verdict, turned.score)


def test_turning_a_pair_turns_the_letters_of_its_reasons() -> None:
    assert "ə written as a" in [reason.words for reason in compare("Əliyev, Əli", "Aliyev, Ali").reasons]
    assert "a written as ə" in [reason.words for reason in compare("Aliyev, Ali", "Əliyev, Əli").reasons]


@given(LETTERS.filter(lambda text: bool(parse(text).surname and parse(text).given)))
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert compare(name, name).verdict is SAME


def test_the_lists_are_shipped_with_the_tests() -> None:
    assert sorted(file.name for file in Path(SHIPPED).iterdir()) >= [
        "collected_names.csv",
        "name_nonmatches.csv",
        "name_variants.csv",
    ]


def test_the_shorter_comparison_of_a_search_agrees_with_the_whole_one() -> None:
    pairs = [*different_pairs(SHIPPED), *made_strangers(2029, 40), *made_variants(2029, 10)]
    for _, one, other in pairs:
        whole = compare(one, other)
        assert compare_if_alike(one, other) == (None if whole.verdict is DIFFERENT else whole)
    verdicts = {compare(one, other).verdict for _, one, other in pairs}
    assert verdicts >= {SAME, DIFFERENT}
