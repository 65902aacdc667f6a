import json
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from ercms.agreements import commands, overlay
from workflows import agreement_files


def run(*args: str) -> Result:
    app = Flask("agreements")
    app.cli.add_command(commands.agreements_cli)
    return app.test_cli_runner().invoke(args=["agreements", *args])


def dates(*args: str) -> dict[str, Any]:
    result = run("dates", *args, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


GERMAN = ("--state", "DE", "--kind", "own_national", "--procedure", "normal", "--received", "2026-03-18T16:05+04:00")


def test_dates_prints_every_clock_with_its_arithmetic_as_json() -> None:
    document = dates(*GERMAN)
    assert (document["agreement"], document["channel"]) == ("eu@2014-09-01", "treaty")
    reply = document["clocks"][0]
    assert (reply["kind"], reply["due_on"], reply["confidence"]) == ("reply", "2026-04-02", "reported")
    assert [step["code"] for step in reply["arithmetic"]] == ["cautious_start", "start", "counted", "due"]


def test_further_events_stops_and_extensions_are_options() -> None:
    document = dates(
        *("--state", "ch", "--kind", "own_national", "--received", "2026-03-18", "--acknowledged", "2026-03-19"),
        *("--stop", "2026-03-30/2026-04-02:remedy", "--stop", "2026-04-02/2026-04-03"),
        *("--extension", "reply=25:calendar_days@2026-04-18:agencies", "--accepted", "2026-04-20"),
    )
    clocks = {clock["kind"]: clock for clock in document["clocks"]}
    assert clocks["reply"]["due_on"] == "2026-05-13"
    assert clocks["transfer"]["due_on"] == "2026-07-20"
    assert {"stopped", "extended"} <= {step["code"] for step in clocks["reply"]["arithmetic"]}


@pytest.mark.parametrize("state", ["ME", "RS", "MD", "TR"])
def test_a_partner_without_an_agreement_in_force_has_no_date(state: str) -> None:
    document = dates("--state", state, "--kind", "own_national", "--received", "2026-03-18")
    assert (document["clocks"], document["agreement"], document["channel"]) == ([], None, "diplomatic")


def test_the_table_names_article_and_confidence() -> None:
    result = run("dates", *GERMAN)
    assert result.exit_code == 0
    assert "2026-04-02" in result.output
    assert "Art. 11, reported" in result.output
    assert "internal target" in result.output
    nothing = run("dates", "--state", "ME", "--kind", "own_national", "--received", "2026-03-18")
    assert "diplomatic channel" in nothing.output


@pytest.mark.parametrize(
    "args",
    [
        ("--received", "2026-03-18T16:05"),
        ("--received", "18.03.2026"),
        ("--received", "2026-02-30"),
        ("--received", "2026-03-18", "--stop", "2026-03-20"),
        ("--received", "2026-03-18", "--stop", "2026-03-20/2026-03-01"),
        ("--received", "2026-03-18", "--extension", "reply=-5:calendar_days"),
        ("--received", "2026-03-18", "--extension", "reply=5:fortnights"),
        ("--received", "2026-03-18", "--extension", "5:months"),
        ("--received", "2026-03-18", "--kind", "tourist"),
        (),
    ],
)
def test_bad_input_is_refused_with_the_reason(args: tuple[str, ...]) -> None:
    result = run("dates", "--state", "DE", "--kind", "own_national", *args)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_check_prints_the_terms_by_confidence() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "switzerland@2017-04-01" in result.output
    assert "deemed_consent" in result.output


def test_check_fails_on_a_bad_file_and_names_the_line(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good = next(path for path in agreement_files.agreement_paths() if path.name.startswith("switzerland"))
    bad = tmp_path / "bad.toml"
    text = good.read_text(encoding="utf-8").replace('unit = "months"', 'unit = "moons"', 1)
    bad.write_text(text, encoding="utf-8")
    monkeypatch.setattr(agreement_files, "FOLDER", tmp_path)
    result = run("check")
    assert result.exit_code == 1
    line = text.count("\n", 0, text.index('"moons"')) + 1
    assert f"bad.toml:{line}: terms.submission.third_country.unit" in result.output


SWISS_NAME = "switzerland-2017-04-01.toml"
_SOURCE = (
    'source = { instrument = "Switzerland-Azerbaijan readmission agreement", article = "8(4)", reference = "S11" }\n'
)
# What is written in the file of the Swiss agreement instead of what, behind the name of its transfer limit.
BAD_TERMS = [
    ("an unknown unit", 'unit = "months"', 'unit = "moons"', "transfer.limit.unit"),
    ("a negative length", "value = 3\n", "value = -3\n", "transfer.limit.value"),
    ("a term without a source", _SOURCE, "", "transfer.limit.source"),
]


@pytest.mark.parametrize(("name", "old", "new", "path"), BAD_TERMS, ids=[row[0] for row in BAD_TERMS])
def test_check_names_the_line_of_a_bad_term(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, path: str
) -> None:
    text = (agreement_files.FOLDER / SWISS_NAME).read_text(encoding="utf-8")
    header = text.index('[terms."transfer.limit"]')
    at = text.index(old, header)
    (tmp_path / "bad.toml").write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    monkeypatch.setattr(agreement_files, "FOLDER", tmp_path)
    result = run("check")
    assert result.exit_code == 1
    line = text.count("\n", 0, at if new else header) + 1
    assert f"bad.toml:{line}: terms.{path}" in result.output


def test_check_refuses_two_agreements_in_force_with_one_state(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (agreement_files.FOLDER / SWISS_NAME).read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    (tmp_path / "two.toml").write_text(text.replace('key = "switzerland"', 'key = "helvetia"'), encoding="utf-8")
    monkeypatch.setattr(agreement_files, "FOLDER", tmp_path)
    # What was read of the files before is set aside, and comes back afterwards.
    monkeypatch.setattr(overlay, "_kept", {})
    agreement_files.load_agreements.cache_clear()
    try:
        result = run("check")
    finally:
        monkeypatch.undo()
        agreement_files.load_agreements.cache_clear()
    assert result.exit_code == 1
    assert "switzerland@2017-04-01 and helvetia@2017-04-01 are both in force" in result.output
