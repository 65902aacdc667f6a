"""Files that spreadsheet programs open: what looks like a formula stays text."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from ercms.core.spreadsheets import TableFormat, plain_cell, write_table

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x.example","a")')


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_looks_like_a_formula_stays_text_in_csv(text: str) -> None:
    content = write_table(TableFormat.CSV, "Cases", ["a", text], [[text, date(2026, 3, 1)]]).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert rows == [["a", f"'{text}"], [f"'{text}", "2026-03-01"]]


def test_usual_cells_are_left_alone_in_csv() -> None:
    assert [plain_cell(text) for text in ("RA-2026-1", "", "Şəki", "1-2")] == ["RA-2026-1", "", "Şəki", "1-2"]


def test_nothing_is_computed_in_xlsx_and_days_are_days() -> None:
    rows = [[text, date(2026, 3, 1), 7, None] for text in HOSTILE]
    content = write_table(TableFormat.XLSX, "Cases: [all]", ["=1", "day", "number", "none"], rows)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.title == "Cases   all"
    # XLSX writes a carriage return as an escape of its own.
    found = [str(cell.value).replace("_x000D_", "\r") for cell in sheet["A"]]
    assert found == ["=1", *HOSTILE]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert not any(cell.hyperlink for cell in sheet["A"])
    assert sheet["B2"].value.date() == date(2026, 3, 1)
    assert (sheet["C2"].value, sheet["D2"].value) == (7, None)
