"""Importing a registry in parts: in bounded memory, going on where it was stopped, and whole or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

from analysis.cohort.findings import Finding
from analysis.cohort.table_kinds import KINDS, OPTIONAL
from analysis.intake.assemble import Progress, silent
from analysis.intake.saved import save_mapping
from analysis.intake.source import WITHOUT, ColumnMapping
from analysis.registry.duckdb_engine import SPILLED
from analysis.registry.folder import MANIFEST, VERSION, Folder, Manifest, Part, RegistryError, write_text
from analysis.registry.importing_parts import MOST_FINDINGS, STATE, Imported, Mapped, State, import_next, kinds_in_all
from analysis.registry.part_cohort import version_of_code
from analysis.registry.parts_source import PartsSource

PATIENTS_A_PART = 100_000
KINDS_IN_ORDER = ("refused", "left out", "doubtful", "note")
DATA = "data-"
SPLIT = "split"  # the folder in which files may be split into parts
LOCK = "import.lock"
ONLY_OWNER = 0o700  # it holds rows of patients


def import_registry(
    source: PartsSource,
    folder: Path,
    *,
    mapping: ColumnMapping | None = None,
    patients_a_part: int = PATIENTS_A_PART,
    progress: Progress = silent,
) -> Folder:
    """Import the tables of a source, and return the folder that holds them.

    Each part is read as a file is, with the same checks. What a column is, is decided by the first part, and holds for
    all. An import that was stopped goes on; until it is whole, the folder keeps what it held before.

    Parameters
    ----------
    source
        The tables.
    folder
        Where the registry is kept. It is made if it does not exist.
    mapping
        As of `read_cohort`.
    patients_a_part
        How many patients are read at a time, about.
    progress
        Called with the fraction done, and with the current step in words.

    Raises
    ------
    CohortError
        If the tables cannot be used, or a question has to be answered first.
    RegistryError
        If a part does not fit to the others, there is no patient, the source was changed while it was read, or the
        folder holds something else.
    """
    place_for(folder)
    with _alone(folder):
        number = max(1, ceil(source.patients / patients_a_part))
        # What is lost is confirmed in the end, and does not change what is read.
        told: Mapped = {name: each for name, each in (mapping or {}).items() if not name.startswith(WITHOUT)}
        fingerprint = source.fingerprint()
        read_by = (fingerprint, number, VERSION, version_of_code(), save_mapping(told))
        data = _place_of(folder, sha256(repr(read_by).encode()).hexdigest()[:16])
        state = State.read(data)
        if state is None:
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir()
            state = State(told)
        progress(0.0, "Finding the parts")
        for place, read in enumerate(source.parts(number)):
            if place >= len(state.parts):
                progress(place / number, f"Reading part {place + 1} of {number}")
                import_next(read(), state, data, f"Part {place + 1} of {number}", source.name)
        progress(1.0, "Putting the parts together")
        if source.fingerprint() != fingerprint:
            raise RegistryError(f"{source.name}: it was changed while it was read. Start the import again.")
        if not any(part.patients for part in state.parts):
            raise RegistryError(f"{source.name}: there is no patient in it.")
        confirmed = _check_losses(state.parts, mapping or {})
        return _finish(folder, data, (source.name, fingerprint), state, confirmed)


def place_for(folder: Path) -> None:
    """Make a folder for a registry that only its owner can read.

    Raises
    ------
    RegistryError
        If it holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise RegistryError(f"{folder.name}: it is a file. Choose a folder.")
    held = {file.name for file in folder.iterdir()} if folder.exists() else set()
    others = [name for name in held if not name.startswith((MANIFEST, LOCK, SPLIT, SPILLED, DATA))]
    if others:
        raise RegistryError(
            f"{folder.name}: the folder holds something else ({sorted(others)[0]}). Choose an empty one."
        )
    folder.mkdir(mode=ONLY_OWNER, parents=True, exist_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raise an error if another import into the folder is running; however one ends, it is then no longer running."""
    with closing(sqlite3.connect(folder / LOCK, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RegistryError(
                f"{folder.name}: another import into it is running. Wait until it has ended."
            ) from error
        yield


def _place_of(folder: Path, key: str) -> Path:
    """Return where the data of an import go, which is not where those in use are, and delete those of others."""
    used = _in_use(folder)
    name = next(name for name in (f"{DATA}{key}", f"{DATA}{key}-again") if name != used)
    for other in folder.glob(f"{DATA}*"):
        if other.name not in (used, name):
            shutil.rmtree(other)
    return folder / name


def _in_use(folder: Path) -> str:
    """Return the name of the data in use; "" if there are none."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["data"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return ""


def _check_losses(parts: list[Imported], mapping: ColumnMapping) -> list[Finding]:
    """Return what is lost selectively; raise an error if its number in all parts is not confirmed."""
    asked = {key: words for part in reversed(parts) for key, words in part.asked.items()}
    lost = _summed(part.lost for part in parts)
    if open_ := [key for key in asked if str(mapping.get(key, "")) != str(lost[key])]:
        told = " ".join(
            f"{_place_of_loss(key).capitalize()}, in a part of it: {asked[key]} In all parts {lost[key]:,}; to import "
            f'without them, put "{key}": "{lost[key]}" into the mapping.'
            for key in open_
        )
        raise RegistryError(told)
    return [
        Finding(
            "doubtful",
            _place_of_loss(key),
            None,
            "",
            "",
            f"In a part of it: {words} In all parts {lost[key]:,}. It is read without them, as you chose.",
        )
        for key, words in asked.items()
    ]


def _place_of_loss(key: str) -> str:
    return key.removeprefix(WITHOUT).partition(".")[0]


def _finish(folder: Path, data: Path, source: tuple[str, str], state: State, confirmed: list[Finding]) -> Folder:
    parts = state.parts
    told = [[each.kind, each.table, each.row, each.column, each.value, each.message, ""] for each in confirmed]
    findings, again = _once([told, *(part.findings for part in parts)])
    found = _summed([*(part.found for part in parts), Counter(each.kind for each in confirmed)])
    manifest = Manifest(
        name=source[0],
        data=data.name,
        parts=tuple(Part(part.patients, part.hashes) for part in parts),
        kinds={table: kinds_in_all([part for part in parts if part.patients], table) for table in KINDS},
        recorded=tuple(name for name in OPTIONAL if any(name in part.recorded for part in parts)),
        rows_read=sum(part.rows_read for part in parts),
        findings=findings[:MOST_FINDINGS],
        found={kind: number - again[kind] for kind, number in found.items()},
        rows=_summed(part.rows for part in parts),
        drugs=_summed(part.drugs for part in parts),
        events=tuple(sorted({name for part in parts for name in part.events})),
        mapping=save_mapping(state.mapping),
        source=source[1],
    )
    # Before this line the folder holds the former registry, after it the new one: the manifest is replaced as a whole.
    write_text(folder / MANIFEST, manifest.to_json())
    _tidy(folder, data)
    return Folder(folder)


def _once(parts: Iterable[list[list[Any]]]) -> tuple[tuple[tuple[Any, ...], ...], Counter[str]]:
    """Return the findings of all parts, rows left out first, and how many of each kind were repeated.

    What is said of a column as a whole is the same in many parts, and would hide what is said of rows.
    """
    kept: dict[tuple[Any, ...], None] = {}
    again: Counter[str] = Counter()
    for kind, table, row, *rest in (finding for part in parts for finding in part):
        finding = (kind, table, row, *rest)
        again[kind] += finding in kept and row is None
        kept[finding] = None
    return tuple(sorted(kept, key=lambda finding: KINDS_IN_ORDER.index(finding[0]))), again


def _tidy(folder: Path, data: Path) -> None:
    """Delete what is no longer used."""
    (data / STATE).unlink()
    for other in [*folder.glob(f"{DATA}*"), folder / SPLIT]:
        if other != data:
            shutil.rmtree(other, ignore_errors=True)


def _summed(numbers: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in numbers:
        total.update(each)
    return dict(total)
