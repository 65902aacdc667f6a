"""The closed vocabularies of data protection."""

from enum import StrEnum


class SheetLanguage(StrEnum):
    """The languages in which a person is told what is held."""

    AZ = "az"
    EN = "en"
    RU = "ru"
