"""Small files that unpack, expand or are filled up to gigabytes, unless a limit counts what is made of them."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = '<?xml version="1.0" encoding="{}"?>'
NAMES = [f"n{number}" for number in range(993)]
# Each use of the entity is a hundred times as long as its name: below what the XML parser itself takes for an attack.
ENTITY = f'<!DOCTYPE a [<!ENTITY e "{"h" * 290}">]>'
USES = f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{"&e;" * 3_000_000}</t></is></c></row></sheetData>'
CHUNK = 1_000_000
BEHIND_A_COMMENT = "<!--{}-->"


def workbook_of(sheet: bytes) -> bytes:
    """Return a workbook with this as its only sheet."""
    whole, changed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == SHEET else old.read(name))
    return changed.getvalue()


def entities(encoding: str, at: int = 0) -> bytes:
    """Return a workbook of 20 kB whose one cell is 900 million letters, with its document type from this place on."""
    head = XML.format(encoding)
    room = at - len(head) - len(BEHIND_A_COMMENT.format(""))
    comment = BEHIND_A_COMMENT.format("x" * room) if at else ""
    text = f'{head}{comment}{ENTITY}<worksheet xmlns="{MAIN}">{USES}</worksheet>'
    return workbook_of(text.encode(encoding))


def short_rows_in_excel(rows: int) -> bytes:
    """Return a sheet with a header of 993 names, and rows of one value."""
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in NAMES)
    body = "<row><c><v>1</v></c></row>" * rows
    text = f'{XML.format("utf-8")}<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row>{body}</sheetData></worksheet>'
    return workbook_of(text.encode())


def many_attributes(attributes: int = 1_500_000) -> bytes:
    """Return a workbook of one element that has more attributes than any parser takes quickly."""
    told = " ".join(f'a{number}="1"' for number in range(attributes))
    return workbook_of(f'{XML.format("utf-8")}<worksheet xmlns="{MAIN}"><sheetData {told}/></worksheet>'.encode())


def short_rows_in_csv(rows: int) -> bytes:
    """Return a header of 993 names, and rows of one value."""
    return (",".join(NAMES) + "\n" + "1\n" * rows).encode()


def lying_parquet(rows: int = 400_000, letters: int = 2_000) -> bytes:
    """Return a file of 1 MB that holds 800 MB of texts, and says that they are 1 kB."""
    column = pa.array([f"{number}".ljust(letters, "x") for number in range(rows)])
    held = io.BytesIO()
    pyarrow.parquet.write_table(
        pa.table({"patient_id": column}),
        held,
        use_dictionary=False,
        compression="zstd",
        data_page_size=2**27,
        write_statistics=False,
        store_schema=False,
    )
    whole = held.getvalue()
    told = pyarrow.parquet.ParquetFile(io.BytesIO(whole)).metadata
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    end = whole[footer:]
    for group in range(told.num_row_groups):
        size = _number(told.row_group(group).total_byte_size)
        end = end.replace(size, _number(1_000, len(size)))
    return whole[:footer] + end


def _number(value: int, places: int = 0) -> bytes:
    """Return a number as Parquet's footer writes it, in at least so many bytes."""
    value *= 2
    digits = []
    while value >= 128:
        digits.append(value & 127 | 128)
        value >>= 7
    digits.append(value)
    while len(digits) < places:
        digits[-1] |= 128
        digits.append(0)
    return bytes(digits)


FILES = {
    "entities in UTF-16": (lambda: entities("utf-16"), "the workbook is broken"),
    "entities behind the first chunk": (lambda: entities("utf-8", CHUNK - 5), "the workbook is broken"),
    "entities over the edge of a chunk": (lambda: entities("utf-16", CHUNK // 2 - 5), "the workbook is broken"),
    "attributes without end": (many_attributes, "an element or a cell of the workbook takes more than 400,000 bytes"),
    "Parquet that lies": (lying_parquet, "more memory than any table of its size"),
    "short rows in CSV": (lambda: short_rows_in_csv(2_150_000), "more than 200,000,000 cells"),
    "fewer short rows in CSV": (
        lambda: short_rows_in_csv(200_000),
        "of its 200,000 rows end long before the last of 993",
    ),
    "short rows in Excel": (lambda: short_rows_in_excel(200_000), "rows end long before the last of 993 columns"),
}
