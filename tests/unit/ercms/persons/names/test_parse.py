import pytest

from ercms.persons.names.parse import Sex, parse
from ercms.persons.names.spelling import fold_spelling


@pytest.mark.parametrize(
    ("text", "surname", "given", "father", "sex"),
    [
        ("Əliyev, Kamil Rəşid oğlu", ("əliyev",), ("kamil",), "rəşid", Sex.MALE),
        ("Aliyeva, Nigar Rashid gizi", ("aliyeva",), ("nigar",), "rashid", Sex.FEMALE),
        ("Aliyeva, Nigar Rashid kyzy", ("aliyeva",), ("nigar",), "rashid", Sex.FEMALE),
        ("ALIYEV<<KAMIL<RASHID<OGHLU<<<<", ("aliyev",), ("kamil",), "rashid", Sex.MALE),
        ("Алиев Камиль Рашид оглы", ("камиль",), ("алиев",), "рашид", Sex.MALE),
        ("Алиев, Камиль Шамильевич", ("алиев",), ("камиль",), "шамил", Sex.MALE),
        ("Aliyeva, Nigar Ikbalovna", ("aliyeva",), ("nigar",), "ikbal", Sex.FEMALE),
        ("Alijew, Kamil Raschidowitsch", ("alijew",), ("kamil",), "raschid", Sex.MALE),
        ("Əliyev, Kamil Rəşidoğlu", ("əliyev",), ("kamil",), "rəşid", Sex.MALE),
        ("Ömər oğlu, Uğur", ("öməroğlu",), ("uğur",), None, None),
        ("Öməroğlu, Gövhər Nazim qızı", ("öməroğlu",), ("gövhər",), "nazim", Sex.FEMALE),
        ("XXX, Kamil", (), ("kamil",), None, None),
        ("Kamil", (), ("kamil",), None, None),
        ("Əliyeva-Həsənova, Gül-Nar", ("əliyeva", "həsənova"), ("gül", "nar"), None, None),
        ("", (), (), None, None),
    ],
)
def test_a_name_is_taken_apart(
    text: str, surname: tuple[str, ...], given: tuple[str, ...], father: str | None, sex: Sex | None
) -> None:
    name = parse(text)
    assert (name.surname, name.given, name.father, name.sex) == (surname, given, father, sex)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("İSMAYILOV", "ismayilov"),
        ("Ağazadә", "ağazadə"),
        ("S\u0327abanov", "şabanov"),
        ("ƏLİYEV", "əliyev"),
        ("Ha'cı’yev", "haciyev".replace("i", "ı", 1)),
        ("Vəliyev\u200b 2", "vəliyev"),
        ("Алиeв", "алиев"),
    ],
)
def test_case_composition_and_look_alike_letters_are_folded(text: str, folded: str) -> None:
    assert fold_spelling(text) == folded


def test_a_name_that_fills_its_field_in_the_zone_is_taken_as_cut() -> None:
    assert parse("ABDULLAYEVGULMAMMADOV<<KHUDAVERDIMAHAMM").is_truncated
    assert not parse("ALIYEV<<KAMIL").is_truncated
