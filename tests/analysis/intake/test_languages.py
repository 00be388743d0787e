"""A workbook as a hospital exports it, in another language than ours."""

import datetime
import io

from openpyxl import Workbook

from analysis import read_cohort


def test_a_german_workbook_goes_in_without_an_answer() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Patienten"
    sheet.append(["Kohorte Lupus, Export"])
    sheet.append([])
    sheet.append(
        ["Pat.-Nr.", "Geschlecht", "Alter", "Zellquelle", "Transplantationsdatum", "Letzter Kontakt", "Verstorben"]
    )
    for number, (source, died) in enumerate(
        (("Nabelschnur", "nein"), ("Knochenmark", "ja"), ("Nabelschnur", "nein")), 1
    ):
        start = datetime.date(2015, number, 10)
        sheet.append([f"{number:04d}", "w", 30, source, start, datetime.date(2018, number, 10), died])
    sheet.append(["Summe", "", 90])
    visits = book.create_sheet("Visiten")
    visits.append(["Pat.-Nr.", "Datum", "SLEDAI", "Remission"])
    visits.append(["0001", datetime.date(2016, 1, 10), 2, "komplett"])
    visits.append(["0002", datetime.date(2016, 2, 10), 8, "keine"])
    buffer = io.BytesIO()
    book.save(buffer)

    cohort = read_cohort(buffer.getvalue())
    assert len(cohort) == 3
    assert cohort.patients["died"].tolist() == [False, True, False]
    assert cohort.patients["msc_source"].tolist() == ["UC", "BM", "UC"]
    assert cohort.patients["follow_up_months"].round(1).tolist() == [36.0, 36.0, 36.0]
    assert cohort.visits["remission"].tolist() == ["complete", "none"]
    assert cohort.visits["months"].round(1).tolist() == [12.0, 12.0]
    assert any("Summe" in message for message in cohort.findings["message"])
