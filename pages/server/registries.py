"""The registries that whoever runs the app names in ``.streamlit/secrets.toml``: the browser knows their names only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from analysis.disclosure.masking import LEAST_THRESHOLD
from analysis.registry.folder import MANIFEST, Folder, RegistryError
from analysis.registry.registry_cohort import RegistryCohort
from pages.server import settings

SECTION = "registries"
FOLDER, LEAST = "folder", "hide_below"  # of a registry that is more than the path of its folder


def names() -> list[str]:
    """Return the names of the registries, in the order of the settings."""
    return list(settings.section(SECTION))


def opened(name: str) -> RegistryCohort:
    """Return a registry, opened once for all sessions and anew when it was imported anew.

    Raises
    ------
    RegistryError, EngineError
        If it cannot be used; no message holds the path of its folder.
    """
    told = settings.section(SECTION)[name]
    held = dict(told) if isinstance(told, Mapping) else {FOLDER: told}
    folder, least = Path(str(held.get(FOLDER, ""))), held.get(LEAST, 0)
    if held.keys() - {FOLDER, LEAST} or not isinstance(least, int) or 0 < least < LEAST_THRESHOLD or least < 0:
        raise RegistryError(f"{name} is not set up: it needs a {FOLDER}, and may have {LEAST}, 3 or more.")
    try:
        changed = (folder / MANIFEST).stat().st_mtime_ns
    except OSError as error:
        raise RegistryError(f"{name} is not where it should be. Tell whoever runs this app.") from error
    return _opened(name, str(folder), changed, least)


@st.cache_resource(show_spinner=False, max_entries=8)
def _opened(name: str, folder: str, changed: int, least: int) -> RegistryCohort:
    del changed  # it tells one opening from another
    try:
        return RegistryCohort(Folder(Path(folder)), least)
    except RegistryError as error:
        raise RegistryError(str(error).replace(Path(folder).name, name, 1)) from error
