import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from ercms.core import clock

SAMPLES = Path(__file__).parents[3] / "data" / "mrz_samples.json"


def run(app: Flask, *arguments: str, text: str | bytes | None = None) -> Result:
    return app.test_cli_runner().invoke(args=arguments, input=text)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_names_are_compared_row_by_row_and_all_columns_are_kept(app: Flask, tmp_path: Path, mark: str) -> None:
    file = tmp_path / "pairs.csv"
    text = 'id,name_a,form,name_b\n1,"Əliyev, Kamil",de,"Alijew, Kamil"\n2,"Əliyev, Kamil",az,"Quliyev, Anar"\n'
    file.write_text(mark + text, encoding="utf-8")
    result = run(app, "names", "compare", str(file))
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.output)))
    assert list(rows[0]) == ["id", "name_a", "form", "name_b", "verdict", "score", "reasons"]
    assert [row["verdict"] for row in rows] == ["same", "different"]
    assert float(rows[0]["score"]) > 0.85
    assert "surname agrees" in rows[0]["reasons"]
    assert rows[0]["name_a"] == "Əliyev, Kamil"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name_a,other\nx,y\n", "no column name_b"),
        (b"", "no column name_a and no column name_b"),
        (b"name_a,name_b\n\xff\xfe,x\n", "not in UTF-8"),
        (b"name_a,name_b\na,b,c\n", "line 2 has another number of fields"),
        (b"name_a,name_b\na\n", "line 2 has another number of fields"),
        (b'name_a,name_b\n"a"x,b\n', "line 2: "),
        (b"name_a,name_b\na,b\n\nc,\xff\n", "line 4 is not in UTF-8"),
        (b"name_a,name_b\na,b\nKa\0mil,b\n", "line 3 holds a NUL character"),
        ("name_a,name_b\nа,b\n".encode("utf-16-le"), "line 1 holds a NUL character"),
        (b'name_a,name_b\na,b\n\n"c,d\ne,f\n', "line 4: a quotation mark is opened and never closed"),
        (b"name_a,name_b\na,b\n" + b"x" * 10_000_000 + b",b\n", "line 3: a field is longer than 131072 characters"),
        (b"name_a,name_b\na,b\na," + b"x" * 501 + b"\n", "line 3: name_b is longer than 500 characters"),
        (b'"' + b"x" * 10_000_000, "line 1: a field is longer than 131072 characters"),
        (b"name_a,name_b,name_a\na,b,c\n", "line 1 has two columns 'name_a'"),
        (b"name_a;name_b\na,b\n", "line 2 has another number of fields"),
        (b"name_a|name_b\na|b\n", "no column name_a and no column name_b"),
    ],
)
def test_a_bad_file_is_refused_with_a_clear_message(app: Flask, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    result = run(app, "names", "compare", str(file))
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_is_read_and_written_as_its_spreadsheet_program_parts_columns(
    app: Flask, tmp_path: Path, separator: str
) -> None:
    file = tmp_path / "pairs.csv"
    lines = [["id", "name_a", "name_b"], ["1", "Əliyev, Kamil", "Alijew, Kamil"], ["", '"a;b\t"', "x"]]
    file.write_bytes("\r\n".join(separator.join(line) for line in lines).encode("utf-8-sig"))
    result = run(app, "names", "compare", str(file))
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.output, newline=""), delimiter=separator))
    assert [(row["id"], row["name_a"], row["verdict"]) for row in rows] == [
        ("1", "Əliyev, Kamil", "same"),
        ("", "a;b\t", "different"),
    ]


def test_what_a_spreadsheet_would_compute_is_printed_as_text(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    formula = "=cmd|' /C calc'!A0"
    file.write_text(f"name_a,@note,name_b\n{formula},+1,Kamil\n-1,@SUM(A1),Kamil\n", encoding="utf-8")
    result = run(app, "names", "compare", str(file))
    assert result.exit_code == 0
    head, first, second = csv.reader(io.StringIO(result.output))
    assert head == ["name_a", "'@note", "name_b", "verdict", "score", "reasons"]
    assert first[:4] == [f"'{formula}", "'+1", "Kamil", "different"]
    assert second[:2] == ["'-1", "'@SUM(A1)"]


def test_a_missing_file_is_refused(app: Flask, tmp_path: Path) -> None:
    for command in (("names", "compare"), ("mrz", "read")):
        result = run(app, *command, str(tmp_path / "none.csv"))
        assert result.exit_code == 2
        assert "No such file" in result.stderr


def test_a_zone_is_read_from_a_file_and_from_the_standard_input(app: Flask, tmp_path: Path) -> None:
    with clock.fixed(datetime(2026, 11, 24, 8, tzinfo=UTC)):
        for case in json.loads(SAMPLES.read_text(encoding="utf-8"))["cases"]:
            file = tmp_path / "zone.txt"
            file.write_text("\n".join(case["lines"]), encoding="utf-8")
            expected = {key: case[key] for key in ("format", "valid", "failing", "errors", "fields")}
            assert json.loads(run(app, "mrz", "read", str(file)).stdout) == expected
            assert json.loads(run(app, "mrz", "read", text="\n".join(case["lines"])).stdout) == expected


def test_a_file_that_is_no_text_is_read_as_no_zone(app: Flask) -> None:
    result = run(app, "mrz", "read", text=bytes(range(256)) * 20)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["valid"] is False
