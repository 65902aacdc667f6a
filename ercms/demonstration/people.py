"""Invented people: names in Azerbaijani forms, or as a requesting State spells them, with families and papers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ercms.cases.enums import MemberRelation
from ercms.demonstration.data import load
from ercms.persons.enums import CivilStatus, Sex, TransitMode, Vulnerability
from ercms.vault.enums import Compartment
from workflows.readmission import CaseKind

_FIN = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_YEAR = 365.25
_CHILDREN_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A family member of an application, as a form would send it."""

    relation: MemberRelation
    identity: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Invented:
    """A person with everything that a request says, compartment by compartment, as forms would send it."""

    compartments: Mapping[Compartment, Mapping[str, Any]]
    members: tuple[Member, ...] = ()
    is_minor_alone: bool = False
    observations: str = ""
    own_name: str = ""


@dataclass(slots=True)
class Inventor:
    """Invents people for one requesting authority: always the same ones from the same `chance`."""

    chance: Random
    authority: Mapping[str, Any]
    on: date

    def invent(self, kind: CaseKind) -> Invented:
        """Return a person whom a request of this kind may concern, with a family where one comes along."""
        if kind is not CaseKind.OWN_NATIONAL:
            return self._foreigner(kind)
        if self.chance.random() < 0.03:
            return self._child_alone()
        woman = self.chance.random() < 0.3
        identity = self._national(woman=woman, years=self.chance.randint(19, 62))
        members = self._family(identity, woman=woman) if self.chance.random() < 0.28 else ()
        if members:
            identity["civil_status"] = CivilStatus.MARRIED.value
        return self._with_the_rest(identity, members)

    def _with_the_rest(self, identity: dict[str, Any], members: tuple[Member, ...]) -> Invented:
        people, texts = load("people"), load("texts")
        own_name = f"{identity['surname']} {identity['given_names']}"
        parents = f"{identity['patronymic'].rsplit(' ', 1)[0]}, {self.chance.choice(people['azerbaijani']['women'])}"
        prefix = self.chance.choice(people["home"]["passport_prefixes"])
        compartments: dict[Compartment, Mapping[str, Any]] = {
            Compartment.IDENTITY: self._as_spelled_there(identity),
            Compartment.CONTACT: self._contact(),
            Compartment.FAMILY: {"parents": parents},
        }
        if self.chance.random() < 0.7:
            compartments[Compartment.DOCUMENTS] = {"document_number": f"{prefix}{self.chance.randrange(10**7):07}"}
        if self.chance.random() < 0.15:
            compartments[Compartment.HEALTH] = {
                "has_consent": "true",
                "care_needed": self.chance.choice(texts["care"]),
                "vulnerabilities": [Vulnerability.ILLNESS.value],
            }
        observations = self.chance.choice(texts["observations"]) if self.chance.random() < 0.3 else ""
        return Invented(compartments, members, observations=observations, own_name=own_name)

    def _national(self, *, woman: bool, years: int, surname: tuple[str, str] | None = None) -> dict[str, Any]:
        people = load("people")
        names = people["azerbaijani"]
        pair = surname or tuple(self.chance.choice(names["surnames"]))
        father = self.chance.choice(names["men"])
        district = self.chance.choice(names["districts"])
        identity = {
            "surname": pair[woman],
            "given_names": self.chance.choice(names["women" if woman else "men"]),
            "patronymic": f"{father} {'qızı' if woman else 'oğlu'}",
            "sex": (Sex.FEMALE if woman else Sex.MALE).value,
            "birth_date": self._born(years).isoformat(),
            "birth_place": district.split(",")[0],
            "birth_country": people["home"]["state"],
            "nationalities": [people["home"]["state"]],
            "languages": self.chance.choice(names["languages"]),
            "civil_status": CivilStatus.SINGLE.value,
        }
        if self.chance.random() < 0.6:
            identity["fin"] = "".join(self.chance.choice(_FIN) for _ in range(7))
        if woman and years > 24 and self.chance.random() < 0.3:
            identity["maiden_name"] = self.chance.choice(names["surnames"])[1]
        return identity

    def _born(self, years: int) -> date:
        return self.on - timedelta(days=int(years * _YEAR) + self.chance.randrange(1, 360))

    def _family(self, identity: Mapping[str, Any], *, woman: bool) -> tuple[Member, ...]:
        pairs = load("people")["azerbaijani"]["surnames"]
        pair = next(tuple(pair) for pair in pairs if identity["surname"] in pair)
        members = []
        years = (self.on - date.fromisoformat(identity["birth_date"])).days // 365
        if self.chance.random() < 0.8:
            spouse = self._national(woman=not woman, years=max(19, years - 2), surname=pair)
            members.append(Member(MemberRelation.SPOUSE, {**spouse, "civil_status": CivilStatus.MARRIED.value}))
        father = identity["given_names"] if not woman else self.chance.choice(load("people")["azerbaijani"]["men"])
        for _ in range(self.chance.randint(1, _CHILDREN_AT_MOST)):
            girl = self.chance.random() < 0.5
            child = self._national(woman=girl, years=self.chance.randint(0, min(16, max(0, years - 19))), surname=pair)
            child.pop("maiden_name", None)
            child["patronymic"] = f"{father} {'qızı' if girl else 'oğlu'}"
            members.append(Member(MemberRelation.CHILD, child))
        return tuple(members)

    def _child_alone(self) -> Invented:
        identity = self._national(woman=self.chance.random() < 0.4, years=self.chance.randint(13, 16))
        identity.pop("maiden_name", None)
        invented = self._with_the_rest(identity, ())
        guardian = f"{self.chance.choice(self.authority['cities'])}, youth welfare office"
        health = {
            "minor_guardian": guardian,
            "minor_determination": f"{guardian}: return to the father serves the child",
            "minor_receiving_adult": f"{identity['surname']} {identity['patronymic'].split()[0]} (father)",
            "vulnerabilities": [Vulnerability.UNACCOMPANIED_CHILD.value],
        }
        compartments = {**invented.compartments, Compartment.HEALTH: health}
        return Invented(compartments, (), is_minor_alone=True, own_name=invented.own_name)

    def _contact(self) -> dict[str, Any]:
        names = load("people")["azerbaijani"]
        contact = {
            "district": self.chance.choice(names["districts"]),
            "last_residence": f"{self.chance.choice(names['streets'])} {self.chance.randint(1, 140)}",
            "present_address": self.chance.choice(self.authority["cities"]),
        }
        if self.chance.random() < 0.5:
            contact["phone"] = f"+994 50 000 {self.chance.randrange(100):02} {self.chance.randrange(100):02}"
        if self.chance.random() < 0.4:
            contact["relatives"] = self.chance.choice(load("texts")["relatives"])
        return contact

    def _foreigner(self, kind: CaseKind) -> Invented:
        people, texts = load("people"), load("texts")
        is_stateless = kind is CaseKind.STATELESS
        group = people["stateless"] if is_stateless else self.chance.choice(people["foreign"])
        woman = self.chance.random() < 0.25
        given, surname = self.chance.choice(group["women" if woman else "men"]).split(" ", 1)
        identity = {
            "surname": surname,
            "given_names": given,
            "sex": (Sex.FEMALE if woman else Sex.MALE).value,
            "birth_date": self._born(self.chance.randint(20, 55)).isoformat(),
            "birth_country": group["birth_country"] if is_stateless else group["nationality"],
            "nationalities": [] if is_stateless else [group["nationality"]],
            "languages": group["languages"],
        }
        compartments: dict[Compartment, Mapping[str, Any]] = {
            Compartment.IDENTITY: identity,
            Compartment.CONTACT: {"present_address": self.chance.choice(self.authority["cities"])},
            Compartment.ITINERARY: self._journey(kind, identity),
        }
        if not is_stateless:
            compartments[Compartment.DOCUMENTS] = {"document_number": f"N{self.chance.randrange(10**7):07}"}
        observations = self.chance.choice(texts["observations"]) if self.chance.random() < 0.2 else ""
        return Invented(compartments, observations=observations, own_name=f"{surname} {given}")

    def _journey(self, kind: CaseKind, identity: Mapping[str, Any]) -> dict[str, Any]:
        texts = load("texts")
        journey: dict[str, Any] = {"route": self.chance.choice(texts["route"])}
        if kind is not CaseKind.TRANSIT:
            return {
                **journey,
                "residence_title": f"AZ {self.chance.randrange(10**6):06}",
                "origin_impossible": texts["origin_impossible"][0],
            }
        return {
            **journey,
            "transit_mode": TransitMode.AIR.value,
            "destination": identity["nationalities"][0],
            "crossing_point": self.authority["crossing_points"][0],
            "admission_assured": "true",
            "no_refusal_ground_known": "true",
        }

    def _as_spelled_there(self, identity: dict[str, Any]) -> dict[str, Any]:
        """Spell the name as the files of the requesting State do, in some of the requests."""
        if self.chance.random() > 0.45:
            return identity
        table = load("people")["spelling"][self.authority["language"]]
        father, _, _ = identity["patronymic"].partition(" ")
        particle = table["daughter" if identity["sex"] == Sex.FEMALE.value else "son"]
        known_as = f"{identity['surname']} {identity['given_names']}"
        return {
            **identity,
            "surname": spell(identity["surname"], table),
            "given_names": spell(identity["given_names"], table),
            "patronymic": f"{spell(father, table)} {particle}",
            **({"former_names": known_as} if self.chance.random() < 0.3 else {}),
        }


def spell(word: str, table: Mapping[str, Any]) -> str:
    """Write an Azerbaijani name as another country's files do.

    >>> spell("Cəfərova", load("people")["spelling"]["german"])
    'Dschafarowa'
    """
    small = word.replace("İ", "i").replace("I", "ı").lower()
    ending = max((e for e in table["endings"] if small.endswith(e)), key=len, default="")
    stem = small.removesuffix(ending)
    letters = table["letters"]
    pattern = "|".join(sorted(map(re.escape, letters), key=len, reverse=True))
    written = re.sub(pattern, lambda found: str(letters[found.group()]), stem)
    return f"{written}{table['endings'].get(ending, '')}".capitalize()
