"""The settings of a server in ``.streamlit/secrets.toml``; without that file the defaults hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

MEGABYTE = 1024 * 1024
SECTIONS = ("auth", "access", "limits", "registries", "warehouses")


def unreadable() -> str:
    """Return, as a sentence, that the file exists but cannot be read; "" if it can, or does not exist."""
    # Streamlit treats a file that it cannot parse as missing, so that nobody would have to sign in.
    if st.secrets.load_if_toml_exists():
        loose = [name for name in SECTIONS if not isinstance(st.secrets.get(name, {}), Mapping)]
        return f"{loose[0]} in secrets.toml must be a section, as in [{loose[0]}]." if loose else ""
    found = [path for path in st.get_option("secrets.files") if Path(path).exists()]
    return f"{found[0]} is no valid TOML; correct it and start the app again." if found else ""


def section(name: str) -> dict[str, Any]:
    """Return a section of the settings; empty if missing."""
    return dict(st.secrets.get(name, {})) if st.secrets.load_if_toml_exists() else {}


def most_bytes() -> int:
    """Return how many bytes of files and tables one tab may hold."""
    return int(section("limits").get("megabytes", 1000)) * MEGABYTE


def most_files() -> int:
    """Return how many files may be dropped at once."""
    return int(section("limits").get("files", 20))
