"""The registries that whoever runs the app names in ``.streamlit/secrets.toml``: the browser knows their names only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from analysis.disclosure.masking import LEAST_THRESHOLD
from analysis.registry.connections import open_warehouse
from analysis.registry.folder import MANIFEST, Folder, RegistryError
from analysis.registry.opened_rows import MOST_ROWS
from analysis.registry.published_tables import Listed, listing_of
from analysis.registry.registry_cohort import RegistryCohort
from analysis.registry.warehouse import Warehouse
from pages.server import settings

SECTION, WAREHOUSES = "registries", "warehouses"
# Of a registry that is more than the path of its folder.
FOLDER, LEAST, ROWS, COUNTED_IN = "folder", "hide_below", "rows", "counted_in"


def names() -> list[str]:
    """Return the names of the registries, in the order of the settings."""
    return list(settings.section(SECTION))


def opened(name: str) -> RegistryCohort:
    """Return a registry, opened once for all sessions and anew when it was imported or published anew.

    Raises
    ------
    RegistryError, EngineError
        If it cannot be used; no message holds the path of its folder, or a setting of its warehouse.
    """
    told = settings.section(SECTION)[name]
    held = dict(told) if isinstance(told, Mapping) else {FOLDER: told}
    folder, least, rows = Path(str(held.get(FOLDER, ""))), held.get(LEAST, 0), held.get(ROWS, False)
    _check(name, held, least, rows)
    try:
        changed = (folder / MANIFEST).stat().st_mtime_ns
    except OSError as error:
        raise RegistryError(f"{name} is not where it should be. Tell whoever runs this app.") from error
    warehouse = _warehouse(str(held[COUNTED_IN])) if COUNTED_IN in held else None
    anew = (changed, listing_of(warehouse) if warehouse else ())
    return _opened(name, str(folder), anew, least, warehouse, MOST_ROWS if rows else 0)


def _check(name: str, held: Mapping[str, object], least: object, rows: object) -> None:
    """Raise an error if the settings of a registry are none."""
    if (
        held.keys() - {FOLDER, LEAST, ROWS, COUNTED_IN}
        or not held.get(FOLDER)
        or not isinstance(least, int)
        or 0 < least < LEAST_THRESHOLD
        or least < 0
    ):
        allowed = f"it needs a {FOLDER}, and may have {COUNTED_IN}, {ROWS}, and {LEAST}, 3 or more"
        raise RegistryError(f"{name} is not set up: {allowed}.")
    if not isinstance(rows, bool):
        raise RegistryError(f"{name} is not set up: {ROWS} is true or false.")
    if least and rows:
        why = f"{ROWS} of patients give away the counts that {LEAST} hides"
        raise RegistryError(f"{name} is not set up: {why}. Leave out one of them.")


@st.cache_resource(show_spinner=False)
def _warehouse(name: str) -> Warehouse:
    """Return a warehouse, whose connections are those of all sessions."""
    return open_warehouse(name, settings.section(WAREHOUSES))


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={Warehouse: repr, Listed: repr})
def _opened(
    name: str, folder: str, changed: object, least: int, warehouse: Warehouse | None, most_rows: int
) -> RegistryCohort:
    del changed  # it tells one opening from another
    try:
        return RegistryCohort(Folder(Path(folder)), least, warehouse, most_rows=most_rows)
    except RegistryError as error:
        raise RegistryError(str(error).replace(Path(folder).name, name, 1)) from error
