"""A script that makes a figure again from the user's file, and checks its numbers against the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked
from analysis.export.exhibit import Exhibit
from analysis.export.numbers import main_numbers, numbers_text
from analysis.export.python_source import Imports, import_lines, name_of, source_of
from analysis.export.sharing import protected
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.paper import Paper
from analysis.figures.common.printable import printable
from analysis.figures.common.short_names import with_short_names
from analysis.intake.source import Source


@dataclass(frozen=True)
class Origin:
    """What a cohort was read from.

    Attributes
    ----------
    files
        The file names; empty for the synthetic sample.
    mapping
        The answers with which they were read; see `analysis.read_cohort`.
    """

    files: tuple[str, ...] = ()
    mapping: Mapping[str, str | Source | None] = field(default_factory=dict)


def python_script(exhibits: Sequence[Exhibit], origin: Origin, paper: Paper) -> str:
    """Return one script that makes figures again.

    Parameters
    ----------
    exhibits
        At least one figure; all of the same cohort.
    origin
        What that cohort was read from.
    paper
        How the pictures are set on paper.
    """
    imports: Imports = {
        "dataclasses": {"replace"},
        "pathlib": {"Path"},
        "analysis.cohort.question": {"Question"},
        "analysis.export.numbers": {"as_on_screen"},
        "analysis.export.picture": {"About", "png", "printed"},
        "analysis.figures.common.theme": {"Look"},
    }
    whole = exhibits[0].asked.whole
    body = [
        "FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent",
        f"PAPER = {source_of(paper, imports)}",
        "",
        "# The data, read as they were on screen.",
        f"whole = {_reading(origin, imports)}",
        f"if whole.fingerprint != {whole.fingerprint!r}:",
        '    raise SystemExit("These are other data than on screen: the fingerprint of the cohort is another.")',
    ]
    for exhibit in exhibits:
        body += _figure(exhibit, paper, imports)
    body.append('print("All numbers are as on screen.")')  # printed by the generated script
    return "\n".join([_docstring(exhibits, origin), "", "import sys", *import_lines(imports), "", *body, ""])


def _docstring(exhibits: Sequence[Exhibit], origin: Origin) -> str:
    """Return the docstring of the script."""
    files = ", ".join(origin.files) or "none: the synthetic sample comes with the program"
    lines = [
        *(exhibit.question for exhibit in exhibits),
        "",
        exhibits[0].provenance,
        "",
        "Run it with the folder of the dashboard on Python's path, and the folder of the data behind its name:",
        "PYTHONPATH=dashboard python this_script.py folder_of_the_data",
        f"Data files: {files}",
    ]
    text = "\n".join(" ".join(line.split()) for line in lines)
    return f'"""{_inside(text)}\n"""'


def _inside(text: str) -> str:
    """Return text escaped for triple quotes, with unprintable characters by number."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(letter if letter.isprintable() or letter == "\n" else _by_number(letter) for letter in escaped)


def _by_number(letter: str) -> str:
    return f"\\U{ord(letter):08x}"


def _reading(origin: Origin, imports: Imports) -> str:
    if not origin.files:
        imports.setdefault("analysis", set()).add("load_sample")
        return "load_sample()"
    imports.setdefault("analysis.intake.assemble", set()).add("read_files")
    mapping = f", mapping={source_of(dict(origin.mapping), imports)}" if origin.mapping else ""
    return f"read_files([FOLDER / name for name in {list(origin.files)!r}]{mapping})"


def _figure(exhibit: Exhibit, paper: Paper, imports: Imports) -> list[str]:
    """Return the lines that select patients, estimate, check and draw."""
    lines = [
        "",
        *_comment(exhibit.question),
        *_comment(exhibit.verdict),
        f"asked = {source_of(exhibit.question_asked, imports)}.of(whole)",
    ]
    names: dict[int, str] = {}
    for place, estimate in enumerate(exhibit.drawing.estimates, start=1):
        name = f"result_{place}" if place > 1 else "result"
        parts = (estimate.cohort, *estimate.choices)
        made = _call(estimate.function, parts, estimate.options, exhibit.asked, names, imports)
        if exhibit.sharing.least:
            hidden = name_of(exhibit.drawing.kind.disclosure, imports)
            made = f"{name_of(protected, imports)}({made}, {hidden}, {source_of(exhibit.sharing, imports)})"
        screen = numbers_text(main_numbers(estimate.result))
        names[id(estimate.result)] = name
        lines += [f"{name} = {made}", f"as_on_screen({name}, {_block(screen)})"]
    drawing = exhibit.drawing
    chart = _call(drawing.kind.chart, drawing.parts, drawing.on_paper(paper), exhibit.asked, names, imports, paper)
    look = f"replace({source_of(exhibit.look, imports)}, paper=PAPER)"
    return [
        *lines,
        "",
        "",
        "def draw(look):",
        f"    return {chart}",
        "",
        "",
        f"below = {source_of(exhibit.below(paper), imports)}",
        f"picture = printed(draw, {look}, below, {source_of(exhibit.about, imports)})",
        f'Path({exhibit.file_name + ".svg"!r}).write_text(picture, encoding="utf-8")',
        f"Path({exhibit.file_name + '.png'!r}).write_bytes(png(picture))",
    ]


def _comment(text: str) -> list[str]:
    return [f"# {printable(line)}" for line in text.splitlines()]


def _block(text: str) -> str:
    """Return text as source in triple quotes."""
    return f'"""{_inside(text)}"""'


def _call(
    function: Any,
    parts: Sequence[object],
    options: Mapping[str, object],
    asked: Asked,
    names: Mapping[int, str],
    imports: Imports,
    paper: Paper | None = None,
) -> str:
    """Return a call as source; on paper, of a chart in the look that it is drawn in."""

    def source(part: object) -> str:
        told = _part(part, asked, names, imports)
        short = paper is not None and paper.short and isinstance(part, Estimate)
        return f"{name_of(with_short_names, imports)}({told}, PAPER)" if short else told

    given = [source(part) for part in parts]
    given += [f"{key}={source(value)}" for key, value in options.items()]
    given += ["look=look"] if paper is not None else []
    return f"{name_of(function, imports)}({', '.join(given)})"


def _part(part: object, asked: Asked, names: Mapping[int, str], imports: Imports) -> str:
    """Return a value as source: cohort, comparison and estimates by their variables."""
    if isinstance(part, Estimate):
        return names[id(part.result)]
    if isinstance(part, Cohort):
        return next(f"asked.{name}" for name in ("cohort", "present", "whole") if getattr(asked, name) is part)
    if part is not None and part is asked.by:
        return "asked.by"
    return source_of(part, imports)
