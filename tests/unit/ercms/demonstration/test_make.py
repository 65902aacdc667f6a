"""A whole small demonstration, made by its command and by its maker."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings, create_installation
from ercms.accounts import demonstration_service
from ercms.accounts import service as accounts
from ercms.accounts.passwords import verify_password
from ercms.accounts.queries import find_user_by_email
from ercms.agreements import service as agreements
from ercms.app import create_app
from ercms.audit import verify
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import Role
from ercms.demonstration import maker
from ercms.evidence.models import StoredFile
from ercms.extensions import db
from ercms.interviews.models import Interview
from ercms.persons import service as persons
from ercms.photographs.models import PhotographComparison
from ercms.vault import keyring
from ercms.vault.enums import Compartment
from tests.conftest import migrate
from workflows.interview import OPEN_STATES, InterviewState
from workflows.readmission import CaseKind, CaseState, Procedure

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CASES = 40


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Make a demonstration with the command that `script/server` runs, once for the tests that only look at it."""
    app = create_app(_settings(tmp_path_factory.mktemp("made") / "instance"))
    result = app.test_cli_runner().invoke(args=["demonstration", "make", "--cases", str(CASES), "--seed", "11"])
    assert result.exit_code == 0, result.output
    return app


@pytest.fixture
def made(demonstration: Flask) -> Iterator[Flask]:
    """Enter the demonstration for one test."""
    with demonstration.app_context():
        yield demonstration
        db.session.remove()
        db.engine.dispose()


def _settings(folder: Path) -> Settings:
    return Settings.for_tests(folder, is_command_line=True)


def _cases() -> list[Case]:
    return list(db.session.scalars(select(Case)))


def test_every_state_kind_procedure_and_standing_of_a_partner_occurs(made: Flask) -> None:
    cases = _cases()
    assert len(cases) == CASES
    assert {case.state for case in cases} == set(CaseState)
    assert {case.kind for case in cases} == set(CaseKind)
    assert {case.procedure for case in cases} == set(Procedure)
    standing = {one.state: one.status for one in agreements.partner_states()}
    assert {standing.get(case.requesting_state) for case in cases} >= {*standing.values(), None}


def test_the_sign_in_page_offers_the_first_user_of_each_role_as_the_world_names_them(made: Flask) -> None:
    offered = [one.display_name for one in demonstration_service.list_sign_ins()]
    assert {"Katharina Brandt", "Aynur Həsənzadə", "Rövşən Əsgərov", "Lalə Kərimzadə"} <= set(offered)


def test_the_file_with_the_sign_ins_is_its_owners_alone_and_opens_every_role(made: Flask) -> None:
    path = Path(made.instance_path) / "demonstration.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sign_ins = json.loads(path.read_text(encoding="utf-8"))["sign_ins"]
    assert {one["role"] for one in sign_ins} == {role.value for role in Role if role is not Role.SYSTEM}
    for one in sign_ins:
        user = find_user_by_email(one["email"])
        assert user is not None
        assert verify_password(user.password_hash, one["password"])
        assert not user.must_change_password


def test_the_audit_of_a_demonstration_is_sound(made: Flask) -> None:
    assert verify.verify().finding is None


def test_nothing_in_a_demonstration_lies_in_the_future(made: Flask) -> None:
    assert all(case.changed_at <= clock.now() for case in _cases())


def test_interviews_stand_in_each_state_and_only_appointments_lie_ahead(made: Flask) -> None:
    interviews = list(db.session.scalars(select(Interview)))
    states = InterviewState
    assert {one.state for one in interviews} >= {states.REQUESTED, states.SLOTS_OFFERED, states.AGREED, states.HELD}
    assert any(one.absences == 1 and one.state is states.AGREED for one in interviews)
    for one in interviews:
        is_ahead = one.starts_at is not None and one.starts_at > clock.now()
        assert is_ahead is (one.state is states.AGREED)
        assert one.asked_at <= clock.now()
        assert one.recorded_at is None or one.starts_at is None or one.starts_at < one.recorded_at <= clock.now()
    decided = {case.id for case in _cases() if case.decided_at}
    assert not [one for one in interviews if one.case_id in decided and one.state in OPEN_STATES]
    assert [one for one in interviews if one.case_id in decided and one.state is states.HELD]


def test_photographs_of_both_sides_are_compared_and_a_document_has_a_version_and_a_translation(made: Flask) -> None:
    files = {file.id: file for file in db.session.scalars(select(StoredFile))}
    comparisons = list(db.session.scalars(select(PhotographComparison)))
    assert comparisons
    for one in comparisons:
        assert not files[one.sent_id].is_internal
        assert files[one.other_id].is_internal
        assert one.found_at <= clock.now()
    translated = [files[file.translation_of_id] for file in files.values() if file.translation_of_id]
    replacing = {file.replaced_by_id for file in files.values() if file.replaced_by_id}
    assert translated
    assert {file.id for file in translated} <= replacing


def test_a_finished_demonstration_is_not_made_again(made: Flask) -> None:
    result = made.test_cli_runner().invoke(args=["demonstration", "make", "--cases", "1"])
    assert result.exit_code != 0
    assert "holds a demonstration already" in result.output


def test_a_real_installation_cannot_be_turned_into_a_demonstration(tmp_path: Path) -> None:
    create_installation(tmp_path, is_demonstration=False)
    result = create_app(_settings(tmp_path)).test_cli_runner().invoke(args=["demonstration", "make"])
    assert result.exit_code != 0
    assert "never share one" in result.output
    assert not (tmp_path / "keyring.json").exists()


def test_a_folder_with_keys_is_left_alone(tmp_path: Path) -> None:
    keyring.create(tmp_path / "keyring.json")
    before = (tmp_path / "keyring.json").read_bytes()
    result = create_app(_settings(tmp_path)).test_cli_runner().invoke(args=["demonstration", "make"])
    assert result.exit_code != 0
    assert (tmp_path / "keyring.json").read_bytes() == before


def test_a_database_with_tables_is_left_alone_wherever_it_lies(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    keyring.create(elsewhere / "keyring.json")
    migrate(Settings.for_tests(elsewhere))
    settings = Settings.for_tests(
        tmp_path / "new", is_command_line=True, database_url=f"sqlite:///{elsewhere / 'ercms.sqlite'}"
    )
    result = create_app(settings).test_cli_runner().invoke(args=["demonstration", "make"])
    assert result.exit_code != 0
    assert "holds tables already" in result.output
    assert not (tmp_path / "new" / "installation.json").exists()


def _fingerprint(app_factory: Callable[[], Flask]) -> list[tuple[object, ...]]:
    """Return everything about a demonstration that must not change from one making to the next."""
    app = app_factory()
    with app.app_context(), clock.fixed(NOW):
        assert maker.make(amount=8, seed=3).left_out == 0
        lines = []
        for case in _cases():
            people = tuple(
                json.dumps(persons.read_compartment(person_id=member.person_id, compartment=Compartment.IDENTITY))
                for member in case.members
            )
            dates = (case.created_at, case.submitted_at, case.decided_at, case.changed_at, case.next_due_on)
            officer = accounts.user_names([case.created_by_id])[case.created_by_id]
            lines.append((case.state, case.kind, case.requesting_state, officer, people, dates))
        db.session.remove()
        db.engine.dispose()
    return sorted(lines, key=repr)


def test_the_same_seed_on_the_same_day_makes_the_same_people_and_dates(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    keyring.create(empty / "keyring.json")
    migrate(Settings.for_tests(empty))

    def instance(name: str) -> Callable[[], Flask]:
        def build() -> Flask:
            folder = shutil.copytree(empty, tmp_path / name)
            return create_app(Settings.for_tests(folder))

        return build

    assert _fingerprint(instance("one")) == _fingerprint(instance("other"))


def test_a_demonstration_can_be_made_on_the_database_in_hand(app: Flask, fixed_clock: datetime) -> None:
    made = maker.make(amount=4, seed=1)
    assert (made.cases, made.left_out) == (4, 0)
