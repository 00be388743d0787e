"""The files of one figure: pictures, numbers, and the scripts that make it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.export.exhibit import Estimate, Exhibit
from analysis.export.numbers import figure_numbers, meaning
from analysis.export.picture import pdf, png, svg
from analysis.export.python_script import Origin, python_script
from analysis.export.r_script import r_data, r_script
from analysis.export.sharing import protected_table
from analysis.export.table_files import csv_bytes, zipped
from analysis.facts.endpoints import OVERALL_SURVIVAL
from analysis.figures.survival.incidence import incidence_chart
from analysis.figures.survival.kaplan_meier import survival_chart


@dataclass(frozen=True, eq=False)
class File:
    """A file that is made when it is asked for.

    Attributes
    ----------
    label
        What a button says.
    name
        Of the file.
    kind
        Its media type.
    make
        Returns its content.
    """

    label: str
    name: str
    kind: str
    make: Callable[[], bytes]


def figure_files(shown: Exhibit, origin: Origin, width_mm: float) -> list[File]:
    """Return the files of a figure; those with a curve of times have a script in R as well."""
    name = shown.file_name

    def drawn() -> str:
        return svg(shown.chart, width_mm, [shown.question, shown.provenance])

    files = [
        File("PNG", f"{name}.png", "image/png", lambda: png(drawn())),
        File("SVG", f"{name}.svg", "image/svg+xml", lambda: drawn().encode()),
        File("PDF", f"{name}.pdf", "application/pdf", lambda: pdf(drawn())),
        File("Numbers (CSV)", f"{name}.csv", "text/csv", lambda: numbers_csv(shown)),
        File("Python script", f"{name}.py", "text/x-python", lambda: python_script([shown], origin, width_mm).encode()),
    ]
    if shown.drawing.function in (survival_chart, incidence_chart) and not shown.sharing.least:
        files.append(File("R script with its data", f"{name}_R.zip", "application/zip", lambda: zipped(r_files(shown))))
    return files


def numbers_csv(shown: Exhibit) -> bytes:
    """Return the numbers behind a figure, with what it answers, where it comes from, and what each column holds."""
    table = protected_table(figure_numbers(shown.drawing), shown.sharing)
    return csv_bytes(table, [shown.question, shown.provenance, *(f"{name}: {meaning(name)}" for name in table)])


def r_files(shown: Exhibit) -> dict[str, bytes]:
    """Return the script in R and the times that it reads, by name."""
    estimate: Estimate = shown.drawing.estimates[0]
    (endpoint,) = estimate.choices or (OVERALL_SURVIVAL,)
    data, script = f"{shown.file_name}_times.csv", f"{shown.file_name}.R"
    times = r_data(estimate.cohort, endpoint, by=shown.asked.by)
    text = r_script(
        estimate.result,
        data_name=data,
        title=shown.question,
        provenance=[shown.provenance],
        interval=str(estimate.options.get("interval", "log-log")),
    )
    return {script: text.encode("utf-8"), data: csv_bytes(times)}
