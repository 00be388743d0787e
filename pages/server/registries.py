"""The registries that whoever runs the app names in ``.streamlit/secrets.toml``: the browser knows their names only."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analysis.registry.folder import MANIFEST, Folder, RegistryError
from analysis.registry.registry_cohort import RegistryCohort
from pages.server import settings

SECTION = "registries"


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
    folder = Path(str(settings.section(SECTION)[name]))
    try:
        changed = (folder / MANIFEST).stat().st_mtime_ns
    except OSError as error:
        raise RegistryError(f"{name} is not where it should be. Tell whoever runs this app.") from error
    return _opened(name, str(folder), changed)


@st.cache_resource(show_spinner=False, max_entries=8)
def _opened(name: str, folder: str, changed: int) -> RegistryCohort:
    del name, changed  # they tell one opening from another
    return RegistryCohort(Folder(Path(folder)))
