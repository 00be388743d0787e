"""A report as one archive of files, and its figures as slides."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from analysis.export.archive_texts import CHECKSUMS, README, REPRODUCE, checksums, read_me
from analysis.export.exhibit import Exhibit, slug
from analysis.export.figure_files import File, figure_files, r_files
from analysis.export.picture import png
from analysis.export.python_script import Origin, can_be_made_again, reproducing_script
from analysis.export.report import Report, report_html
from analysis.export.slides import Slide, picture_room, slides
from analysis.export.table_files import csv_bytes, zipped
from analysis.figures.common.footnotes import footnote
from analysis.figures.common.paper import MILLIMETRES_PER_INCH, POINTS_PER_INCH, SIZES, Paper

ON_SLIDES = replace(SIZES["Slide"], lowest_plot=0.24, told="nothing")  # the sentence is a text of its own
SLIDES_KIND = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FOLDERS = {
    "png": "pictures",
    "txt": "pictures",
    "svg": "pictures",
    "pdf": "pictures",
    "csv": "numbers",
    "py": "scripts",
}


def report_archive(report: Report, origin: Origin) -> bytes:
    """Return a ZIP of the report, the pictures, numbers and scripts of its figures, and its tables.

    README.txt says what each file is, SHA256SUMS lets them be checked, and reproduce.py makes the numbers and pictures
    again and compares them, where a script can start from the patients.

    Parameters
    ----------
    report
        The report; its paper is that of the pictures.
    origin
        The files and answers that the cohort was read from.
    """
    paper = report.paper
    files = {"report.html": report_html(report)}
    told = {"report.html": f"The report: {report.title}"}
    for table in report.tables:
        name = _free(f"tables/{slug(table.title)}.csv", files)
        files[name] = csv_bytes(table.rows, list(filter(None, [table.title, *table.methods, footnote(table.rows)])))
        told[name] = f"Table: {table.title}"
    pictures: dict[str, Exhibit] = {}
    for shown in report.exhibits:
        for file in figure_files(shown, origin, paper):
            if file.name.endswith("_600dpi.png"):
                continue  # the scalable ones are finer
            made = r_files(shown, paper) if file.name.endswith("_R.zip") else {file.name: file.make()}
            for own, content in made.items():
                name = _free(f"{_folder(own, file)}/{own}", files)
                files[name], told[name] = content, f"{file.label}: {shown.question}"
                if name.endswith(".svg"):
                    pictures[name] = shown
    tables = {table.title: table.estimates for table in report.tables}
    if can_be_made_again(report.asked.whole):
        files[REPRODUCE] = reproducing_script(pictures, tables, origin, paper).encode()
        told[REPRODUCE] = "Makes every number and picture again and compares them"
    files = {README: read_me(report, origin, told).encode(), **files}
    return zipped({**files, CHECKSUMS: checksums(files).encode()})


def _folder(name: str, file: File) -> str:
    return "scripts" if file.name.endswith("_R.zip") else FOLDERS[name.rpartition(".")[2]]


def can_make_slides() -> bool:
    """Return whether the optional package python-pptx is installed."""
    return find_spec("pptx") is not None


def report_slides(report: Report) -> bytes:
    """Return a PowerPoint file with one slide per figure.

    Raises
    ------
    ImportError
        If python-pptx is not installed.
    """
    whole = report.asked.whole
    origin = f"{whole.name}, fingerprint {whole.fingerprint[:12]}, {report.made_on:%Y-%m-%d}"
    subtitle = " ".join(filter(None, [f"{origin}.", "Synthetic patients." if report.synthetic else "", report.note]))
    return slides(report.title, subtitle, [_slide(shown, report.paper) for shown in report.exhibits])


def _slide(shown: Exhibit, choices: Paper) -> Slide:
    width, height = picture_room(shown.question)
    page = replace(ON_SLIDES, width_mm=width / POINTS_PER_INCH * MILLIMETRES_PER_INCH, wide_to_high=width / height)
    paper = choices.sized_as(page)
    drawn = shown.picture(paper)
    return Slide(
        title=shown.question,
        svg=drawn,
        png=png(drawn),
        reading=shown.words_on(paper).replace(" %", "\u00a0%"),
        who=f"{shown.patients}. {'; '.join(shown.selection) or 'No filter'}. {shown.asked.whole.name}.",
        alt_text=shown.described_on(paper),
        notes=" ".join(filter(None, [shown.names_on(paper), shown.provenance])),
    )


def _free(name: str, taken: dict[str, bytes]) -> str:
    """Return a file name that is not taken: figures can differ in options that are not in their names."""
    stem, _, ending = name.rpartition(".")
    number = 1
    while (free := name if number == 1 else f"{stem}_{number}.{ending}") in taken:
        number += 1
    return free
