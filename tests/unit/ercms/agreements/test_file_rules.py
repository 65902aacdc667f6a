"""Files of the law that somebody sends: hostile ones, and what has to hang together in a good one."""

import pytest

from ercms.agreements import file_reading, file_rules, toml_lines
from tests.unit.ercms.agreements.test_schemas import EU_TEXT
from workflows.agreement_files import load_agreements

EU = EU_TEXT
HOSTILE = [
    ("not UTF-8", b'key = "\xff\xfe"'),
    ("a bottomless list", b"x = " + b"[" * 1900),
    ("lists on many lines", b"x = " + b"[\n" * 5000),
    ("a long dotted key", b".".join([b"a"] * 900) + b" = 1"),
    ("a huge number", EU.replace("value = 15\n", f"value = {'9' * 1900}\n", 1).encode()),
    ("an endless number", b"value = " + b"9" * 100_000),
    ("more than an agreement can be", b"# " + b"x" * 500_000),
    ("a text that turns around", 'title = "\u202eabc"'.encode()),
    ("no number at all", EU.replace("value = 15\n", "value = nan\n", 1).encode()),
    ("a table where a text belongs", EU.replace('key = "eu"', "key = { a = 1 }").encode()),
    ("a list where a table belongs", b"terms = []\nlists = 3\nstatus = {}\npartners = [1, [2]]"),
    ("a control character", b'title = "\x00"'),
    ("nothing", b" \n"),
]


@pytest.mark.parametrize("data", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_file_is_refused_with_a_line(data: bytes) -> None:
    reading = file_reading.decode(data, "x.toml")
    problems = reading.problems or file_rules.check_file(reading.text, "x.toml")
    assert problems
    assert all(problem.line >= 1 and problem.message for problem in problems)
    assert len(problems) <= file_rules.MOST_SHOWN


TERM = '[terms."transfer.limit"]'
SILENCE, REFUSAL = '[terms."reply.silence"]', '[terms."refusal.in_writing"]'
NOTICE = '[terms."transfer.notice"]'
APART = [
    (
        "silence means something else",
        '[terms."reply.silence"]',
        '"deemed_consent"',
        '"perhaps"',
        "terms.reply.silence.value",
    ),
    ("a limit in kilometres", TERM, '"months"', '"kilometres"', "terms.transfer.limit.unit"),
    ("a limit that nothing starts", TERM, 'starts_on = ["acceptance", "consent_deemed"]\n', "", "terms.transfer.limit"),
    ("a limit that nobody owes", TERM, 'owed_by = "requesting"\n', "", "terms.transfer.limit"),
    (
        "a yes that is a word",
        '[terms."refusal.in_writing"]',
        "value = true",
        'value = "yes"',
        "terms.refusal.in_writing.value",
    ),
    ("a zone of another world", 'state = "AT"', "Europe/Vienna", "Mars/Olympus", "partners.0.zone"),
    ("a zone outside the folder of zones", 'state = "AT"', "Europe/Vienna", "../../etc/passwd", "partners.0.zone"),
    ("a State twice", 'state = "BE"', '"BE"', '"AT"', "partners.1"),
    ("a State that is none", 'state = "BE"', '"BE"', '"QQ"', "partners.1.state"),
    ("the home State as partner", 'state = "BE"', '"BE"', '"AZ"', "partners.1.state"),
    ("steps in disorder", 'status = "signed"', "2014-02-28", "2015-02-28", "status"),
    ("a document twice", 'code = "diplomatic_passport"', '"diplomatic_passport"', '"passport"', "evidence.2"),
    (
        "a list entry with an unexplained reference",
        "data_list = [",
        '"GENERAL"',
        '"NOWHERE"',
        "lists.data_list.0.source.reference",
    ),
]


@pytest.mark.parametrize(("name", "after", "old", "new", "path"), APART, ids=[row[0] for row in APART])
def test_what_does_not_hang_together_is_refused_at_its_line(
    name: str, after: str, old: str, new: str, path: str
) -> None:
    at = EU_TEXT.index(old, EU_TEXT.index(after))
    problems = file_rules.check_file(EU_TEXT[:at] + new + EU_TEXT[at + len(old) :], "eu.toml")
    assert path in [problem.path for problem in problems]
    line = EU_TEXT.count("\n", 0, EU_TEXT.index(after)) + 1
    assert min(abs(problem.line - line) for problem in problems) <= 6, [str(problem) for problem in problems]


def test_a_notice_is_counted_back_in_working_days_only() -> None:
    at = EU_TEXT.index(NOTICE)
    known = EU_TEXT[at:].replace('unit = "working_days"', 'value = 3\nunit = "calendar_days"', 1)
    known = known.replace('"unknown"', '"reported"', 1)
    paths = [problem.path for problem in file_rules.check_file(EU_TEXT[:at] + known, "eu.toml")]
    assert paths == ["terms.transfer.notice.unit"]


def test_every_key_and_entry_gets_its_line_however_it_is_written() -> None:
    text = """a = 1 # [no.table]
"b.c" = '''
[no.table]
'''

[[steps]]
name = "x"
[[steps]]
name = { first = "y", last = "z" }
[steps.deep]
list = [
  1,
  # nothing
  { k = "]" },
]
[t."with.dot".'and this']
d.e = 3
"""
    lines = toml_lines.line_index(text)
    assert lines[("a",)] == 1
    assert lines[("b.c",)] == 2
    assert lines[("steps", "0", "name")] == 7
    assert lines[("steps", "1")] == 8
    assert lines[("steps", "1", "name", "last")] == 9
    assert lines[("steps", "1", "deep", "list", "1", "k")] == 14
    assert lines[("t", "with.dot", "and this", "d", "e")] == 17
    assert toml_lines.line_of(lines, ("steps", "1", "deep", "missing")) == 10


def test_the_lines_agree_with_the_files_on_hand() -> None:
    lines, rows = toml_lines.line_index(EU_TEXT), EU_TEXT.split("\n")
    eu = next(agreement for agreement in load_agreements() if agreement.key == "eu")
    for number, party in enumerate(eu.partners):
        assert f'state = "{party.state}"' in rows[lines[("partners", str(number))] - 1]
    for name, clauses in eu.clauses.items():
        for number, clause in enumerate(clauses):
            assert f'code = "{clause.code}"' in rows[lines[("lists", name, str(number))] - 1]
    assert all(f'[terms."{name}"]' in rows[lines[("terms", name)] - 1] for name in eu.terms)
