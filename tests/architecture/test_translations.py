"""Every text that somebody sees stands in all three languages."""

from script.translate import complaints
from tests.architecture import source


def test_every_text_is_translated_once_and_with_its_placeholders() -> None:
    source.refuse(complaints())
