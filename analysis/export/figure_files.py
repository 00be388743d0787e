"""The files of one figure: pictures, numbers, and scripts that make it again from the file of a cohort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.export.exhibit import Exhibit
from analysis.export.picture import pdf, png
from analysis.export.python_script import Origin, can_be_made_again, python_script
from analysis.export.r_script import r_script
from analysis.export.sharing import protected_table
from analysis.export.table_files import csv_bytes, zipped
from analysis.figures.common.paper import Paper

FINE = 600  # dots per inch, which journals ask for of line drawings


@dataclass(frozen=True, eq=False)
class File:
    """A file that is made on demand.

    Attributes
    ----------
    label
        The label of its button.
    name
        Its file name.
    kind
        Its media type.
    make
        Returns its content.
    """

    label: str
    name: str
    kind: str
    make: Callable[[], bytes]


def figure_files(shown: Exhibit, origin: Origin, paper: Paper) -> list[File]:
    """Return the files of a figure set on paper: in Python as a script too, and in R if its rows are here."""
    name = shown.file_name

    @cache
    def drawn() -> str:
        return shown.picture(paper)

    files = [
        File("PNG", f"{name}.png", "image/png", lambda: png(drawn())),
        File("PNG, 600 dpi", f"{name}_600dpi.png", "image/png", lambda: png(drawn(), FINE)),
        File("SVG", f"{name}.svg", "image/svg+xml", lambda: drawn().encode()),
        File("PDF", f"{name}.pdf", "application/pdf", lambda: pdf(drawn())),
        File("Caption (text)", f"{name}.txt", "text/plain", lambda: "\n\n".join(shown.caption_on(paper)).encode()),
        File("Numbers (CSV)", f"{name}.csv", "text/csv", lambda: numbers_csv(shown)),
    ]
    whole = shown.asked.whole
    if not can_be_made_again(whole):
        return files
    script = File(
        "Python script", f"{name}.py", "text/x-python", lambda: python_script([shown], origin, paper).encode()
    )
    files.append(script)
    if not isinstance(whole, RowsElsewhere) and not shown.sharing.least and shown.drawing.in_r(paper):
        in_r = File("R script with its data", f"{name}_R.zip", "application/zip", lambda: zipped(r_files(shown, paper)))
        files.append(in_r)
    return files


def numbers_csv(shown: Exhibit) -> bytes:
    """Return the numbers of a figure as CSV, with question, verdict, provenance and the meaning of each column."""
    table = protected_table(shown.drawing.numbers, shown.sharing)
    meanings = [f"{name}: {shown.drawing.kind.meaning(str(name))}" for name in table]
    return csv_bytes(table, [*shown.caption, *meanings])


def r_files(shown: Exhibit, paper: Paper) -> dict[str, bytes]:
    """Return the R script of a figure on paper and its data, by file name; empty if R does not have the estimate."""
    twin = shown.drawing.in_r(paper)
    if twin is None:
        return {}
    data, script = f"{shown.file_name}_data.csv", f"{shown.file_name}.R"
    text = r_script(
        twin,
        data_name=data,
        title=shown.question,
        provenance=shown.caption_on(paper)[1:],
        look=replace(shown.look, paper=paper),
        below=shown.below(paper),
    )
    return {script: text.encode("utf-8"), data: csv_bytes(twin.data)}
