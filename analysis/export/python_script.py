"""A script that makes a figure again from the user's file, and checks its numbers against the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.export.exhibit import Exhibit
from analysis.export.numbers import main_numbers, numbers_text
from analysis.export.python_source import Imports, import_lines, name_of, source_of
from analysis.export.reproduction import OTHER_DATA, Reproduction
from analysis.export.sharing import names_patients, protected
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.paper import Paper
from analysis.figures.common.printable import printable
from analysis.figures.common.short_names import with_short_names
from analysis.intake.source import Source
from analysis.registry.folder import Folder
from analysis.registry.opened_rows import MOST_ROWS
from analysis.registry.registry_cohort import RegistryCohort
from analysis.version import VERSION

_ALWAYS: Imports = {
    "dataclasses": {"replace"},
    "pathlib": {"Path"},
    "analysis.cohort.question": {"Question"},
    "analysis.export.picture": {"About", "printed"},
    "analysis.figures.common.theme": {"Look"},
}


@dataclass(frozen=True)
class Origin:
    """What a cohort was read from.

    Attributes
    ----------
    files
        The file names; empty for the synthetic sample.
    mapping
        The answers with which they were read; see `analysis.read_cohort`.
    rows_of
        Of rows of a registry: the filters by which they were selected there; else None.
    registry
        Whether it is a registry, which is counted where it is.
    """

    files: tuple[str, ...] = ()
    mapping: Mapping[str, str | Source | None] = field(default_factory=dict)
    rows_of: Filters | None = None
    registry: bool = False

    @property
    def data(self) -> str:
        """What has to be there to read the cohort again, in words; "" for the synthetic sample."""
        return "the folder of the registry" if self.in_folder else ", ".join(self.files)

    @property
    def in_folder(self) -> bool:
        """Whether the patients are in the folder of a registry."""
        return self.registry or self.rows_of is not None


def can_be_made_again(whole: Cohort) -> bool:
    """Return whether a script can start from where the patients of a cohort are."""
    return isinstance(whole, RegistryCohort) or not isinstance(whole, RowsElsewhere)


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
        "analysis.export.numbers": {"as_on_screen"},
        "analysis.export.picture": {"png"},
    }
    body = [
        f"if whole.fingerprint != {exhibits[0].asked.whole.fingerprint!r}:",
        f"    raise SystemExit({OTHER_DATA!r})",
    ]
    for exhibit in exhibits:
        body += _figure(exhibit, paper, imports, lambda name, screen: f"as_on_screen({name}, {screen})")
        body += [
            f'Path({exhibit.file_name + ".svg"!r}).write_text(picture, encoding="utf-8")',
            f"Path({exhibit.file_name + '.png'!r}).write_bytes(png(picture))",
        ]
    body.append('print("All numbers are as on screen.")')  # printed by the generated script
    return _script(exhibits, origin, paper, imports, body)


def reproducing_script(
    pictures: Mapping[str, Exhibit], tables: Mapping[str, Sequence[Estimate]], origin: Origin, paper: Paper
) -> str:
    """Return a script that makes the numbers and pictures of an archive again and compares them with those in it.

    Parameters
    ----------
    pictures
        Name of an SVG in the archive to its figure; at least one.
    tables
        Title of a table to its estimates, of the same cohort.
    origin
        What that cohort was read from.
    paper
        How the pictures are set on paper.
    """
    exhibits = list(pictures.values())
    imports: Imports = {"analysis.export.reproduction": {Reproduction.__name__}}
    body = [
        f"archive = Reproduction(Path(__file__).parent, {VERSION!r})",
        f"archive.check_data(whole, {exhibits[0].asked.whole.fingerprint!r})",
    ]

    def check(what: str) -> Callable[[str, str], str]:
        return lambda name, screen: f"archive.check_numbers({what!r}, {name}, {screen})"

    for name, exhibit in pictures.items():
        body += _figure(exhibit, paper, imports, check(exhibit.question))
        if exhibit.sharing.ids and any(names_patients(each.result) for each in exhibit.drawing.estimates):
            body.append(_left_out(f"{name}, whose patient numbers are replaced by chance"))
        else:
            body.append(f"archive.check_picture({name!r}, picture)")
    for title, estimates in tables.items():
        body += _table(title, estimates, exhibits, imports, check(title))
    body.append("print(archive.end())")  # printed by the generated script
    return _script(exhibits, origin, paper, imports, body)


def _script(exhibits: Sequence[Exhibit], origin: Origin, paper: Paper, imports: Imports, body: Sequence[str]) -> str:
    """Return a script: its docstring, its imports, how the data are read, and what it does with them."""
    for module, names in _ALWAYS.items():
        imports.setdefault(module, set()).update(names)
    start = [
        "FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent",
        f"PAPER = {source_of(paper, imports)}",
        "",
        "# The data, read as they were on screen.",
        f"whole = {_reading(origin, imports)}",
    ]
    lines = [_docstring(exhibits, origin), "", "import sys", *import_lines(imports), "", *start, *body, ""]
    return "\n".join(lines)


def _docstring(exhibits: Sequence[Exhibit], origin: Origin) -> str:
    """Return the docstring of the script."""
    data = origin.data or "none: the synthetic sample comes with the program"
    lines = [
        *(exhibit.question for exhibit in exhibits),
        "",
        exhibits[0].provenance,
        "",
        "Run it with the folder of the dashboard on Python's path, and the folder of the data behind its name:",
        "PYTHONPATH=dashboard python this_script.py folder_of_the_data",
        f"Data: {data}",
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
    if origin.rows_of is not None:
        registry = f"{name_of(RegistryCohort, imports)}({name_of(Folder, imports)}(FOLDER), most_rows={MOST_ROWS})"
        return f"{registry}.where({source_of(origin.rows_of, imports)}).rows()"
    if origin.registry:
        return f"{name_of(RegistryCohort, imports)}({name_of(Folder, imports)}(FOLDER))"
    if not origin.files:
        imports.setdefault("analysis", set()).add("load_sample")
        return "load_sample()"
    imports.setdefault("analysis.intake.assemble", set()).add("read_files")
    mapping = f", mapping={source_of(dict(origin.mapping), imports)}" if origin.mapping else ""
    return f"read_files([FOLDER / name for name in {list(origin.files)!r}]{mapping})"


def _figure(exhibit: Exhibit, paper: Paper, imports: Imports, check: Callable[[str, str], str]) -> list[str]:
    """Return the lines that select patients, estimate, check and draw.

    `check` returns a check as source, from the names of a result and of its numbers on screen.
    """
    lines = [
        "",
        *_comment(exhibit.question),
        *_comment(exhibit.verdict_on(paper)),
        f"asked = {source_of(exhibit.question_asked, imports)}.of(whole)",
    ]
    names: dict[int, str] = {}
    for place, estimate in enumerate(exhibit.drawing.estimates, start=1):
        name = f"result_{place}" if place > 1 else "result"
        made = _made(estimate, exhibit.asked, names, imports)
        if exhibit.sharing.least:
            hidden = name_of(exhibit.drawing.kind.disclosure, imports)
            made = f"{name_of(protected, imports)}({made}, {hidden}, {source_of(exhibit.sharing, imports)})"
        names[id(estimate.result)] = name
        lines += [f"{name} = {made}", check(name, _screen(estimate))]
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
        f"picture = printed(draw, {look}, below, {source_of(exhibit.about_on(paper), imports)})",
    ]


def _table(
    title: str,
    estimates: Sequence[Estimate],
    exhibits: Sequence[Exhibit],
    imports: Imports,
    check: Callable[[str, str], str],
) -> list[str]:
    """Return the lines that estimate and check the numbers of a table, of patients that a figure shows too."""
    cohorts = [each.cohort for each in estimates]
    shown = next((each for each in exhibits if all(each.asked.cohort is cohort for cohort in cohorts)), None)
    if shown is None:
        return ["", _left_out(f'the table "{title}", as no figure shows its patients')]
    if shown.sharing.least:
        return ["", _left_out(f'the table "{title}", as small counts are hidden in it')]
    lines = ["", *_comment(title), f"asked = {source_of(shown.question_asked, imports)}.of(whole)"]
    for estimate in estimates:
        lines += [f"result = {_made(estimate, shown.asked, {}, imports)}", check("result", _screen(estimate))]
    return lines


def _left_out(what: str) -> str:
    return f"archive.leave_out({what!r})"


def _made(estimate: Estimate, asked: Asked, names: Mapping[int, str], imports: Imports) -> str:
    """Return the call of an estimate as source."""
    return _call(estimate.function, (estimate.cohort, *estimate.choices), estimate.options, asked, names, imports)


def _screen(estimate: Estimate) -> str:
    """Return the numbers of an estimate on screen as source."""
    return _block(numbers_text(main_numbers(estimate.result)))


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
