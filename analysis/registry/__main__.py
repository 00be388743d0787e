"""Import a registry, check it, prepare it, publish it: ``python -m analysis.registry --help``."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.wording import count_words
from analysis.intake.saved import load_mapping
from analysis.intake.source import ColumnMapping
from analysis.registry.catalogue import CatalogueError
from analysis.registry.catalogue_reading import read_catalogue
from analysis.registry.connections import open_warehouse
from analysis.registry.count import EngineError
from analysis.registry.file_source import FileSource
from analysis.registry.first_questions import ask_first
from analysis.registry.folder import Folder, RegistryError
from analysis.registry.importing import PATIENTS_A_PART, SPLIT, import_registry, place_for
from analysis.registry.parts_source import PartsSource
from analysis.registry.progress_line import ProgressLine
from analysis.registry.publishing import publish
from analysis.registry.registry_cohort import RegistryCohort
from analysis.registry.telling import telling
from analysis.registry.warehouse_source import WarehouseSource

DONE, REFUSED, MISUSED = 0, 1, 2
MOST_SHOWN = 10  # findings
SECRETS = Path(".streamlit/secrets.toml")
MEGABYTE = 1_000_000
# What the answer to a question looks like in a mapping; the column of the file and a value stand for themselves.
ANSWERS: dict[str, Callable[[Finding], tuple[str, object]]] = {
    "format": lambda asked: ("our name", {"column": asked.column, "format": _first(asked)}),
    "unit": lambda asked: ("our name", {"column": asked.column, "unit": _first(asked)}),
    "codes": lambda asked: (
        "our name",
        {"column": asked.column, "codes": {value: "our word" for value, _ in asked.choices}},
    ),
    "event": lambda asked: ("died", {"column": asked.column, "event": [_first(asked)]}),
    "column": lambda asked: (f"{asked.table}.{asked.column}", "column of the file"),
}


def main(given: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit code: 0 done, 1 refused in a sentence, 2 asked in a wrong way."""
    asked = _parser().parse_args(given)
    try:
        asked.run(asked)
    except CohortError as error:
        for finding in error.findings:
            _say(_asked_words(finding))
    except (RegistryError, EngineError, CatalogueError) as error:
        _say(str(error))
    except OSError as error:
        _say(f"{error.filename or 'The folder'}: {error.strerror or 'it cannot be read or written'}.")
    except KeyboardInterrupt:
        _say("Stopped. The same command goes on from here.")
    else:
        return DONE
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m analysis.registry", description="Registries of patients in a folder.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    importing = commands.add_parser("import", help="read files, or a warehouse, into a folder")
    importing.set_defaults(run=lambda asked: _import(asked, importing))
    for table, kind in KINDS.items():
        importing.add_argument(f"--{table}", type=Path, metavar="FILE", help=f"CSV or Parquet: the {kind.words}")
    importing.add_argument("--warehouse", metavar="NAME", help="a warehouse of the secrets, instead of files")
    importing.add_argument("--catalogue", type=Path, metavar="FILE", help="TOML: what the tables of the warehouse mean")
    importing.add_argument("--mapping", type=Path, metavar="FILE", help="JSON: which column is which, and answers")
    importing.add_argument("--name", default="", help="what the registry is called on the screen")
    importing.add_argument("--patients-a-part", type=_number, metavar="N", default=PATIENTS_A_PART)
    for name, run, words in (
        ("check", _check, "say what a folder holds, and whether it is whole"),
        ("prepare", _prepare, "derive ahead what the pages ask first"),
        ("publish", _publish, "write what was derived into a warehouse, which then counts"),
    ):
        commands.add_parser(name, help=words).set_defaults(run=run)
    commands.choices["publish"].add_argument("--warehouse", metavar="NAME", required=True, help="one that is written")
    for name in ("import", "publish"):
        commands.choices[name].add_argument(
            "--secrets", type=Path, metavar="FILE", default=SECRETS, help=f"TOML, by default {SECRETS}"
        )
    for command in commands.choices.values():
        command.add_argument("folder", type=Path, metavar="FOLDER")
    return parser


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _import(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if bool(asked.patients) == bool(asked.warehouse):
        parser.error("either --patients or --warehouse is needed")
    if bool(asked.warehouse) != bool(asked.catalogue):
        parser.error("--warehouse and --catalogue go together")
    mapping = load_mapping(asked.mapping.read_bytes()) if asked.mapping else {}
    place_for(asked.folder)
    line = ProgressLine(sys.stdout)
    line.show(0.0, "Opening")
    try:
        with _warehouse(asked) if asked.warehouse else nullcontext(_files(asked, mapping)) as source:
            folder = import_registry(
                source, asked.folder, mapping=mapping, patients_a_part=asked.patients_a_part, progress=line.show
            )
    finally:
        line.end()
    _tell(folder)


def _files(asked: argparse.Namespace, mapping: ColumnMapping) -> PartsSource:
    files = {table: getattr(asked, table) for table in KINDS if getattr(asked, table)}
    return FileSource(files, asked.folder / SPLIT, name=asked.name, mapping=mapping)


@contextmanager
def _warehouse(asked: argparse.Namespace) -> Iterator[PartsSource]:
    with closing(open_warehouse(asked.warehouse, _warehouses(asked.secrets))) as warehouse:
        source = WarehouseSource(warehouse, read_catalogue(asked.catalogue.read_text(encoding="utf-8")))
        source.name = asked.name or source.name
        yield source


def _warehouses(secrets: Path) -> dict[str, dict[str, Any]]:
    """Return the settings of each warehouse."""
    try:
        return tomllib.loads(secrets.read_text(encoding="utf-8")).get("warehouses", {})
    except ValueError:
        raise RegistryError(f"{secrets.name}: it is not in the form of TOML.") from None  # its text is secret


def _check(asked: argparse.Namespace) -> None:
    _tell(Folder(asked.folder))


def _prepare(asked: argparse.Namespace) -> None:
    line = ProgressLine(sys.stdout)
    try:
        with telling(line.show):
            refused = ask_first(RegistryCohort(Folder(asked.folder)))
    finally:
        line.end()
    for words in refused:
        _say(f"Not prepared: {words}")
    _say("What the pages ask first is prepared.")


def _publish(asked: argparse.Namespace) -> None:
    line = ProgressLine(sys.stdout)
    try:
        done = publish(Folder(asked.folder), asked.warehouse, _warehouses(asked.secrets), line.show)
    finally:
        line.end()
    _say(f"{count_words(done.written, 'table')} written into the warehouse {asked.warehouse}.")
    if done.kept:
        _say(f"{count_words(done.kept, 'table')} there already.")
    if done.deleted:
        _say(f"{count_words(done.deleted, 'table')} of no use any more deleted.")


def _tell(folder: Folder) -> None:
    """Say what a registry holds, and what was found in its files."""
    manifest = folder.manifest
    tables = [
        f"{manifest.rows.get(table, 0):,} in the {kind.words}" for table, kind in KINDS.items() if table != "patients"
    ]
    files = [file for file in folder.path.rglob("*") if file.is_file()]
    derived = [file for file in files if folder.derived in file.parents]
    size, of_these = (sum(file.stat().st_size for file in each) / MEGABYTE for each in (files, derived))
    _say(f"{manifest.name}: {count_words(len(folder), 'patient')} of {manifest.rows_read:,} rows.")
    _say(f"Rows: {', '.join(tables)}.")
    _say(f"{count_words(len(folder.parts), 'part')}, {size:,.1f} MB, of which {of_these:,.1f} MB can be derived again.")
    found = [f"{number:,} {kind}" for kind, number in sorted(manifest.found.items())]
    _say(f"Found in the files: {', '.join(found) or 'nothing'}.")
    for row in manifest.findings[:MOST_SHOWN]:
        _say(f"  {row[0]}: {row[5]}")
    if (more := sum(manifest.found.values()) - MOST_SHOWN) > 0:
        _say(f"  and {more:,} more.")


def _asked_words(asked: Finding) -> str:
    """Return a finding, and what its answer looks like in a mapping."""
    place = '  In the file of --mapping, under "columns"'
    if asked.question in ANSWERS:
        key, value = ANSWERS[asked.question](asked)
        return f"{asked.message}\n{place}: {json.dumps(key)}: {json.dumps(value)}"
    choices = ", ".join(json.dumps(value) for value, _ in asked.choices)
    if asked.question and choices:
        return f"{asked.message}\n{place}, {json.dumps(asked.question)} is one of: {choices}"
    return asked.message


def _first(asked: Finding) -> str:
    return asked.choices[0][0] if asked.choices else ""


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
