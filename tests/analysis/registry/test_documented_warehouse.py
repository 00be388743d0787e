"""What docs/warehouses.md shows is done word by word, from the roles to the registry that the warehouse counts."""

import re
import tomllib
from pathlib import Path

import pytest

from analysis.registry.__main__ import DONE, main
from analysis.registry.connections import open_warehouse
from analysis.registry.folder import Folder
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.registry.postgres_server import Server

pytest.importorskip("ibis")
pytest.importorskip("psycopg")
pytest.importorskip("duckdb")
TEXT = (Path(__file__).parents[3] / "docs" / "warehouses.md").read_text(encoding="utf-8")
SHOWN = {kind: re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL) for kind in ("sql", "toml")}
COMMANDS = re.findall(r"^python -m analysis.registry (.*)$", TEXT, re.MULTILINE)
MADE = """
CREATE SCHEMA cdm;
CREATE TABLE cdm.subject AS SELECT no AS subject_no, CASE WHEN no % 4 = 0 THEN 'OTHER' ELSE 'MSC1' END AS study,
    DATE '2010-01-01' + no AS transplanted, 100 + no AS days_followed, no % 2 + 1 AS cells
    FROM generate_series(1, 40) AS no;
CREATE TABLE cdm.contact AS SELECT no AS subject_no, DATE '2012-01-01' + month AS contact_day,
    CASE WHEN month = 1 THEN 'A' WHEN no % 5 = 0 THEN 'D' ELSE 'U' END AS vital_status
    FROM generate_series(1, 40) AS no, generate_series(1, 2) AS month WHERE no % 5 = 0 OR month = 1;
CREATE TABLE cdm.result AS SELECT no AS subject_no, DATE '2010-01-01' + no + 30 * month AS day, 'SLEDAI' AS test,
    12.0 - month AS value, NULL AS unit FROM generate_series(1, 40) AS no, generate_series(0, 2) AS month
    UNION ALL SELECT no, DATE '2010-01-01' + no, 'C3', 85.0, 'mg/dl' FROM generate_series(1, 40) AS no
"""
PATIENTS = 30  # every fourth of the 40 is of another study
DEATHS = 6  # of every fifth patient


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Path:
    """Return a folder with the files of the page; names of roles and schemas are this test's own."""

    def own(text: str) -> str:
        for name in ("registry_reader", "registry_writer", "registry_pages", "registry_counts", "cdm"):
            text = re.sub(rf"\b{name}\b", f"shown_{name}", text)
        text = text.replace("db.example.org", str(server.folder)).replace(
            'database = "hospital"', 'database = "postgres"'
        )
        return text.replace("/srv/registry", str(tmp_path / "registry"))

    tables, roles = own(MADE), own(";".join(SHOWN["sql"]))
    server.execute(*(each for each in f"{tables};{roles}".split(";") if each.strip()))
    reader, catalogue, writer, secrets = map(own, SHOWN["toml"])
    for name, text in {"operator": reader + writer, "hospital": catalogue, "secrets": secrets}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_is_right_from_the_role_to_the_registry(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    assert [line.split()[0] for line in COMMANDS] == ["import", "prepare", "publish"]
    for line in COMMANDS:
        words = line.replace("/srv/registry", str(place / "registry")).split()
        assert main(words) == DONE, capsys.readouterr().out
    told = tomllib.loads((place / "secrets.toml").read_text())
    registry = told["registries"]["Lupus registry"]
    warehouse = open_warehouse(registry["counted_in"], told["warehouses"])
    cohort = RegistryCohort(Folder(Path(registry["folder"])), warehouse=warehouse)
    assert cohort.name == "Lupus registry of the hospital"
    assert cohort.inventory.measures == ("sledai", "c3_g_per_l")
    assert len(cohort) == PATIENTS
    died = cohort.group_sizes("died")
    assert dict(zip(died.names, died.patients, strict=True)) == {"False": PATIENTS - DEATHS, "True": DEATHS}
    warehouse.close()
