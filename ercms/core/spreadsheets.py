"""Tables as files: CSV and XLSX whose cells a spreadsheet shows and never computes.

OWASP ASVS 5.0.0, 1.2.10: a cell that begins with one of `= + - @`, tab, carriage return or line feed is read as a
formula by spreadsheet programs. In CSV such a cell gets an apostrophe before it; in XLSX text is written as text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import xlsxwriter

Cell = str | int | date | None

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDEST = 40


class TableFormat(StrEnum):
    """The kinds of file in which a table leaves the system."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES = {
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.CSV: "text/csv; charset=utf-8",
}


def plain_cell(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet reads as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def write_table(file_format: TableFormat, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a file; days stay days, and text stays text."""
    return _xlsx(title, head, rows) if file_format is TableFormat.XLSX else _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([plain_cell(text) for text in head])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    # The byte order mark tells spreadsheet programs that the letters are UTF-8.
    return output.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return plain_cell(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def _xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    output = io.BytesIO()
    # Nothing that could be a formula or a link is made into one, and no draft of the file touches the disk.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(output, options) as book:
        bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 0)
        widths = [len(text) for text in head]
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(last, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell)
                    widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width, 10), _WIDEST) + 2)
        sheet.autofilter(0, 0, last, len(head) - 1)
    return output.getvalue()


def _sheet_name(title: str) -> str:
    """Return a name that a sheet may have: 31 characters, and none of the seven that are refused."""
    return "".join(" " if character in "[]:*?/\\" else character for character in title)[:31].strip("' ") or "1"
