"""An import is whole or not at all, goes on where it stopped, and says in a sentence what is wrong."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import CohortError, Source, read_cohort
from analysis.registry import importing
from analysis.registry.folder import Folder, RegistryError
from analysis.registry.importing import import_registry
from tests.analysis.registry.folders import TablesSource

pytest.importorskip("duckdb")
PATIENTS, A_PART, PARTS = 90, 30, 3
ORDER = ["refused", "left out", "doubtful", "note"]


def tables(patients: int = PATIENTS, died: int = 3) -> dict[str, pd.DataFrame]:
    ids = [f"P{number:03}" for number in range(patients)]
    table = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": ["24"] * patients,
            "died": ["yes" if number % died == 0 else "no" for number in range(patients)],
            "sex": ["female", "male"] * (patients // 2),
        }
    )
    visits = pd.DataFrame(
        {
            "patient_id": [name for name in ids for _ in range(2)],
            "months": ["0", "12"] * patients,
            "sledai": [str(number % 20) for number in range(2 * patients)],
        }
    )
    return {"patients": table.set_axis(range(2, patients + 2)), "visits": visits.set_axis(range(2, 2 * patients + 2))}


class Killed(BaseException):
    """Stands for the end of the process."""


class Stopping(TablesSource):
    """Ends while a part is read."""

    at: int | None = None

    def _part(self, part: pd.Series, place: int) -> dict[str, pd.DataFrame]:
        if place == self.at:
            raise Killed
        return super()._part(part, place)


def imported(source: TablesSource, folder: Path, **choices: Any) -> Folder:
    return import_registry(source, folder, patients_a_part=A_PART, **choices)


def found(cohort: Any) -> list[tuple[Any, ...]]:
    """Return findings without numbers that count rows, sorted."""
    rows = cohort[["kind", "table", "row", "column", "value", "message"]].astype(object)
    return sorted(tuple(map(str, row)) for row in rows.where(rows.notna(), None).to_numpy())


def findings_of(folder: Folder) -> list[tuple[Any, ...]]:
    return sorted(tuple(str(each) for each in row[:6]) for row in folder.manifest.findings)


# Stopped


def test_a_stopped_import_goes_on_where_it_stopped(tmp_path: Path) -> None:
    source = Stopping(tables())
    source.at = 2
    with pytest.raises(Killed):
        imported(source, tmp_path)
    assert source.read == 2
    with pytest.raises(RegistryError, match=rf"^{tmp_path.name}: its import is not finished; start it again\.$"):
        Folder(tmp_path)
    again = TablesSource(tables())
    assert len(imported(again, tmp_path)) == PATIENTS
    assert again.read == 1


def test_a_part_that_was_damaged_since_is_read_again(tmp_path: Path) -> None:
    source = Stopping(tables())
    source.at = 2
    with pytest.raises(Killed):
        imported(source, tmp_path)
    (file,) = tmp_path.glob("data-*/parts/00001/visits.parquet")
    file.write_bytes(file.read_bytes()[:-9])
    again = TablesSource(tables())
    assert len(imported(again, tmp_path)) == PATIENTS
    assert again.read == 2


def test_an_import_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tests.analysis.registry import test_importing as t\n"
        "class Slow(t.TablesSource):\n"
        "    def _part(self, part, place):\n"
        "        if place == 2: print('reading', flush=True); time.sleep(60)\n"
        "        return super()._part(part, place)\n"
        "t.imported(Slow(t.tables()), Path(sys.argv[1]))"
    )
    running = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == b"reading\n"
    with pytest.raises(RegistryError, match="another import into it is running"):
        imported(TablesSource(tables()), tmp_path)
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    again = TablesSource(tables())
    assert len(imported(again, tmp_path)) == PATIENTS
    assert again.read == 1


STEPS = ["write_text", "_tidy", "shutil.rmtree", "Folder"]


@pytest.mark.newest  # which files are there when a program is stopped
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_at_every_step_of_the_end_the_folder_holds_the_old_or_the_new(
    step: str, late: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(TablesSource(tables(60)), tmp_path)
    whole = importing._finish

    def finish(*given: Any) -> Folder:
        owner, _, name = step.rpartition(".")
        place = getattr(importing, owner) if owner else importing
        true = getattr(place, name)

        def killed(*args: Any, **named: Any) -> None:
            if late:
                true(*args, **named)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(place, name, killed)
            return whole(*given)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_finish", finish)
        with pytest.raises(Killed):
            imported(TablesSource(tables()), tmp_path)
    replaced = (step, late) != ("write_text", False)
    assert len(Folder(tmp_path)) == (PATIENTS if replaced else 60)
    again = TablesSource(tables())
    assert len(imported(again, tmp_path)) == PATIENTS
    assert again.read == (PARTS if replaced else 0)  # of a whole one, the same again is a new one
    assert len([*tmp_path.glob("data-*")]) == 1


def test_the_former_registry_stays_until_the_next_is_whole(tmp_path: Path) -> None:
    for same in (False, True):  # also if the next is of the same files
        imported(TablesSource(tables(60)), tmp_path)
        source = Stopping(tables(60 if same else PATIENTS))
        source.at = 1
        with pytest.raises(Killed):
            imported(source, tmp_path)
        assert len(Folder(tmp_path)) == 60
    assert len(imported(TablesSource(tables()), tmp_path)) == PATIENTS
    assert sorted(file.name for file in tmp_path.iterdir())[1:] == ["import.lock", "registry.json"]


@pytest.mark.parametrize("changed", ["source", "mapping", "parts"])
def test_another_source_or_mapping_is_begun_anew(changed: str, tmp_path: Path) -> None:
    source = Stopping(tables())
    source.at = 2
    with pytest.raises(Killed):
        imported(source, tmp_path)
    again = TablesSource(tables(died=4) if changed == "source" else tables())
    mapping = {"sex": None} if changed == "mapping" else None
    a_part = 45 if changed == "parts" else A_PART
    folder = import_registry(again, tmp_path, mapping=mapping, patients_a_part=a_part)
    assert again.read == (2 if changed == "parts" else PARTS)
    assert len(folder) == PATIENTS


def test_a_source_that_changes_while_it_is_read_is_begun_anew(tmp_path: Path) -> None:
    class Changing(TablesSource):
        def fingerprint(self) -> str:
            return f"{super().fingerprint()} {self.read > 1}"

    source = Changing(tables())
    with pytest.raises(RegistryError, match=r"it was changed while it was read. Start the import again\.$"):
        imported(source, tmp_path)
    assert len(imported(source, tmp_path)) == PATIENTS
    assert source.read == 2 * PARTS


# The folder


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("")
    with pytest.raises(RegistryError, match=r"the folder holds something else \(thesis.docx\). Choose an empty one."):
        imported(TablesSource(tables()), tmp_path)
    with pytest.raises(RegistryError, match=r"^thesis.docx: it is a file. Choose a folder.$"):
        imported(TablesSource(tables()), tmp_path / "thesis.docx")
    with pytest.raises(RegistryError, match=rf"^{tmp_path.name}: it is not the folder of a registry\.$"):
        Folder(tmp_path)


def test_only_its_owner_can_read_the_folder(tmp_path: Path) -> None:
    imported(TablesSource(tables()), tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def broken(name: str, folder: Path) -> None:
    manifest = folder / "registry.json"
    (part,) = folder.glob("data-*/parts/00001/patients.parquet")
    if name == "manifest":
        manifest.write_text(manifest.read_text()[:-20])
    elif name == "not text":
        manifest.write_bytes(b"\xff\xfe\x00")
    elif name == "incomplete":
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "parts": [{"patients": 3}]}))
    elif name == "changed by hand":
        held = json.loads(manifest.read_text())
        held["parts"][0]["patients"] += 1
        manifest.write_text(json.dumps(held))
    elif name == "version":
        manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 99'))
    elif name == "other":
        manifest.write_text('{"format": "shopping"}')
    elif name == "part changed":
        part.write_bytes(part.read_bytes() + b" ")
    elif name == "part missing":
        part.unlink()


@pytest.mark.newest  # which files are there, and whether they are those that were written
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("manifest", "its manifest is broken. Import it anew."),
        ("not text", "its manifest is broken. Import it anew."),
        ("incomplete", "its manifest is broken. Import it anew."),
        ("changed by hand", "its manifest is broken. Import it anew."),
        ("version", "it was made by another version of this app. Import it anew."),
        ("other", "it is not the folder of a registry."),
        ("part changed", "the patients of part 2 were changed. Import it anew."),
        ("part missing", "part 2 lacks its patients. Import it anew."),
    ],
)
def test_a_damaged_folder_is_told_in_a_sentence_and_can_be_imported_anew(name: str, words: str, tmp_path: Path) -> None:
    imported(TablesSource(tables()), tmp_path)
    broken(name, tmp_path)
    with pytest.raises(RegistryError) as error:
        Folder(tmp_path)
    assert str(error.value) == f"{tmp_path.name}: {words}"
    assert len(imported(TablesSource(tables()), tmp_path)) == PATIENTS


def test_a_folder_that_has_spilled_can_be_imported_anew(tmp_path: Path) -> None:
    imported(TablesSource(tables()), tmp_path)
    (tmp_path / "spilled").mkdir()
    assert len(imported(TablesSource(tables()), tmp_path)) == PATIENTS


# What is in the tables


def in_parts(given: dict[str, pd.DataFrame], folder: Path, **choices: Any) -> Folder:
    """Return a registry whose parts are the thirds of the patients in their order."""
    return imported(Ordered(given), folder, **choices)


class Ordered(TablesSource):
    """Parts are patients in their order, so that it is known which row is in which."""

    def parts(self, number: int) -> Any:
        ids = self.tables["patients"]["patient_id"].str.strip()
        part = {name: at // A_PART for at, name in enumerate(ids)}
        return [lambda place=place: self._of(part, place) for place in range(number)]

    def _of(self, part: dict[str, int], place: int) -> dict[str, pd.DataFrame]:
        self.read += 1
        at = {name: table["patient_id"].str.strip().map(part).fillna(0) for name, table in self.tables.items()}
        return {name: table[at[name] == place] for name, table in self.tables.items()}


def with_row(given: dict[str, pd.DataFrame], table: str, row: int, **cells: str) -> dict[str, pd.DataFrame]:
    changed = given[table].copy()
    for name, value in cells.items():
        changed.loc[row, name] = value
    return {**given, table: changed}


def test_a_table_that_first_appears_in_a_later_part(tmp_path: Path) -> None:
    events = pd.DataFrame({"patient_id": ["P070"], "months": ["3"], "adverse event": ["fever"]}, index=[2])
    for mapping in (None, {"event": "adverse event"}, {"events.event": "adverse event"}):
        folder = in_parts({**tables(), "events": events}, tmp_path, mapping=mapping)
        assert folder.manifest.events == ("fever",)
        assert folder.manifest.recorded == ("events",)
        assert [len(part.events) for part in folder.parts] == [0, 0, 1]


def dated(first: str) -> dict[str, pd.DataFrame]:
    """Return tables whose visits are dated so that only the first part tells the order of day and month, if it does."""
    given = tables()
    dates = [first, *["03/04/2020"] * (2 * PATIENTS - 1)]
    return {
        "patients": given["patients"].assign(transplant_date="2020-01-31"),
        "visits": given["visits"].drop(columns="months").assign(visit_date=dates),
    }


def months(cohorts: Any) -> set[float]:
    return {month for cohort in cohorts for month in cohort.visits["months"]}


def test_columns_are_decided_once_also_if_one_of_the_table_is_told(tmp_path: Path) -> None:
    given = dated("13/05/2020")
    folder = in_parts(given, tmp_path, mapping={"visits.sledai": "sledai"})
    assert months(folder.parts) == months([read_cohort(given["patients"], given["visits"])])


def test_dates_that_have_to_be_asked(tmp_path: Path) -> None:
    given = dated("03/04/2020")
    with pytest.raises(CohortError, match="visit_date"):
        in_parts(given, tmp_path)
    folder = in_parts(given, tmp_path, mapping={"visit_date": Source("visit_date", format="day first")})
    assert months(folder.parts) == {63 / 30.4375}


def test_parts_without_patients(tmp_path: Path) -> None:
    given = tables()
    strangers = pd.DataFrame({"patient_id": ["X"] * 2, "months": ["0", "1"], "sledai": ["1", "2"]}, index=[900, 901])

    class Empty(Ordered):
        def parts(self, number: int) -> Any:
            nobody = {"patients": given["patients"].iloc[:0], "visits": strangers}
            return [lambda: nobody, *super().parts(number)]

    folder = imported(Empty(given), tmp_path)
    assert [part.patients for part in folder.manifest.parts] == [0, 30, 30, 30]
    assert len(folder.parts) == PARTS
    assert folder.manifest.found["left out"] == len(strangers)
    with pytest.raises(RegistryError, match="there is no patient in it"):
        imported(TablesSource({name: table.iloc[:0] for name, table in tables().items()}), tmp_path / "empty")


def test_columns_of_different_kinds_are_refused_by_name_when_they_are_met(tmp_path: Path) -> None:
    given = tables()
    given["patients"] = given["patients"].assign(ward=["7", "8"] * 15 + ["North", "South"] * 30)
    source = Ordered(given)
    with pytest.raises(
        RegistryError,
        match=r"^Part 2 of 3: patients, column ward: it holds \w+ in some rows and \w+ in others. Write the column",
    ):
        imported(source, tmp_path)
    assert source.read == 2


def test_text_and_missing_columns(tmp_path: Path) -> None:
    given = tables()
    given["patients"] = given["patients"].assign(
        note=[f"Note {number}" for number in range(PATIENTS)],
        weight_kg=[""] * A_PART + [str(50 + number) for number in range(PATIENTS - A_PART)],
        height_cm=[""] * PATIENTS,
    )
    folder = in_parts(given, tmp_path)
    expected = read_cohort(given["patients"], given["visits"]).patients
    found_ = pd.concat([part.patients for part in folder.parts], ignore_index=True)
    assert list(found_) == list(expected)
    for name in ("note", "weight_kg", "height_cm"):
        assert found_[name].astype(object).where(found_[name].notna(), None).tolist() == (
            expected[name].astype(object).where(expected[name].notna(), None).tolist()
        )


def lost_ages() -> dict[str, pd.DataFrame]:
    given = tables()
    ages = [f">{200 + number}" if number % 10 == 0 else "30" for number in range(PATIENTS)]
    given["patients"] = given["patients"].assign(age_years=ages)
    return given


def test_losses_are_asked_over_all_parts(tmp_path: Path) -> None:
    source = Ordered(lost_ages())
    with pytest.raises(RegistryError, match=r'In all parts 9; .*put "without.patients.age_years": "9"'):
        imported(source, tmp_path)
    with pytest.raises(RegistryError, match='"9"'):
        imported(source, tmp_path, mapping={"without.patients.age_years": "3"})
    folder = imported(source, tmp_path, mapping={"without.patients.age_years": "9"})
    assert source.read == PARTS  # what was read is not read again for the answer
    assert any("as you chose" in str(row[5]) for row in folder.manifest.findings)


def test_findings_are_those_of_the_same_tables_in_one_cohort(tmp_path: Path) -> None:
    given = tables()
    given = with_row(given, "patients", 40, sex="unknown sex", follow_up_months="900")
    given = with_row(given, "patients", 75, patient_id=" P073 ")
    given = with_row(given, "patients", 77, follow_up_months="long")
    given = with_row(given, "visits", 120, sledai="400")
    given = with_row(given, "visits", 130, patient_id="Q1")
    given["visits"] = pd.concat([given["visits"], given["visits"].loc[[181]].set_axis([182])])
    folder = in_parts(given, tmp_path / "registry")
    for name, table in given.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    cohort = read_cohort(*(tmp_path / f"{name}.csv" for name in ("patients", "visits")))
    of_rows = [[row for row in held if row[2] != "None"] for held in (findings_of(folder), found(cohort.findings))]
    assert of_rows[0] == [tuple(text.replace(".csv", "") for text in row) for row in of_rows[1]]
    assert len(of_rows[0]) >= 6


def test_what_is_said_of_a_column_in_every_part_is_said_once(tmp_path: Path) -> None:
    given = with_row(tables(), "visits", 130, patient_id="Q1")
    given["patients"] = given["patients"].assign(age_years="40", creatinine_umol_per_l="80")
    given["visits"] = given["visits"].assign(creatinine_umol_per_l="80")
    manifest = in_parts(given, tmp_path).manifest
    words = [row[5] for row in manifest.findings]
    assert sum("eGFR was computed" in each for each in words) == 1
    assert manifest.found["note"] == sum(row[0] == "note" for row in manifest.findings)
    assert [row[0] for row in manifest.findings] == sorted((row[0] for row in manifest.findings), key=ORDER.index)
    assert manifest.findings[0][0] != "note"
